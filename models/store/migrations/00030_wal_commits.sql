-- +goose Up
-- A heartbeat says when the last transaction ended that lies in the repository, as the check saw it that wrote the row: what is lost is
-- counted from there. What lies in the future, because a clock went back, has no age: no figure says that it is fresh.
ALTER TABLE wal_heartbeats ADD COLUMN commit_at timestamptz;
GRANT UPDATE (commit_at) ON wal_heartbeats TO mainstay_app;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION installation_figures_before_wal() RETURNS TABLE (name text, status text, value double precision)
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
    UNION ALL
    SELECT 'backup_verified_age_seconds', '', greatest(0, extract(epoch FROM now() - max(b.snapshot_at)))
        FROM backup_runs b JOIN restore_drills d ON d.backup_run_id = b.id WHERE d.verdict = 'pass' AND b.snapshot_at <= now() + interval '1 minute' HAVING count(*) > 0
    UNION ALL
    SELECT 'drill_green_age_seconds', '', greatest(0, extract(epoch FROM now() - max(d.finished_at)))
        FROM restore_drills d WHERE d.verdict = 'pass' AND d.finished_at <= now() + interval '1 minute' HAVING count(*) > 0
$$;
CREATE OR REPLACE FUNCTION installation_figures_before_files() RETURNS TABLE (name text, status text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM installation_figures_before_wal()
    UNION ALL
    SELECT 'wal_rpo_seconds', '', greatest(0, extract(epoch FROM now() - r.at))
        FROM (SELECT greatest(h.at, (SELECT c.commit_at FROM wal_heartbeats c WHERE c.commit_at IS NOT NULL ORDER BY c.id DESC LIMIT 1)) AS at
            FROM wal_heartbeats n JOIN LATERAL (SELECT w.at FROM wal_heartbeats w WHERE w.id < n.id ORDER BY w.id DESC LIMIT 1) h ON true
            WHERE n.id = (SELECT max(id) FROM wal_heartbeats WHERE archived_at IS NOT NULL)) r
        WHERE r.at <= now() + interval '1 minute'
    UNION ALL
    SELECT 'wal_lag_bytes', '', greatest(0, pg_current_wal_insert_lsn() - h.lsn)
        FROM wal_heartbeats h WHERE h.id = (SELECT max(id) FROM wal_heartbeats WHERE archived_at IS NOT NULL)
    UNION ALL
    SELECT 'wal_faults', '', CASE WHEN h.fault = '' THEN 0 ELSE 1 END
        FROM wal_heartbeats h WHERE h.id = (SELECT max(id) FROM wal_heartbeats)
$$;
-- +goose StatementEnd
