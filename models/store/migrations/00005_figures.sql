-- +goose Up
-- The door of /metrics: numbers over all tenants and nothing that names one.
-- +goose StatementBegin
CREATE FUNCTION installation_figures() RETURNS TABLE (name text, status text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT 'assets', '', count(*) FROM assets WHERE archived_at IS NULL
    UNION ALL
    SELECT 'users_active', '', count(DISTINCT (s.tenant_id, s.user_id)) FROM sessions s WHERE s.revoked_at IS NULL AND s.expires_at > now()
    UNION ALL
    SELECT 'work_orders', w.status, count(*) FROM work_orders w GROUP BY w.status
    UNION ALL
    SELECT 'work_orders_overdue', '', count(*) FROM work_orders w
        WHERE w.due_at < now() AND w.status NOT IN ('completed', 'closed', 'cancelled')
    UNION ALL
    SELECT 'maintenance_schedules', m.status, count(*) FROM maintenance_schedules m GROUP BY m.status
    UNION ALL
    SELECT 'generation_lag_seconds', '', greatest(0, coalesce(extract(epoch FROM now() - min(m.generate_at)), 0))
        FROM maintenance_schedules m WHERE m.status = 'active'
    UNION ALL
    SELECT 'outbox_oldest_seconds', '', greatest(0, coalesce(extract(epoch FROM now() - min(o.created_at)), 0)) FROM outbox o
    UNION ALL
    SELECT 'processes_late', '', count(*) FROM late_processes(now() - interval '2 minutes', 10000)
$$;
-- +goose StatementEnd
ALTER FUNCTION installation_figures() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION installation_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION installation_figures() TO mainstay_app;
