-- +goose Up
-- The rows of every process, in one list: what the sweeper, the reconciliation and the figures walk. A migration that adds a process
-- replaces this view with one that lists it too, and nothing else.
CREATE VIEW processes AS
    SELECT 'WorkOrder' AS process, tenant_id, id AS subject_id, next_action_at FROM work_orders
    UNION ALL SELECT 'MaintenanceSchedule', tenant_id, id, next_action_at FROM maintenance_schedules
    UNION ALL SELECT 'MaintenancePlanner', tenant_id, site_id, next_action_at FROM maintenance_planners
    UNION ALL SELECT 'Notification', tenant_id, id, next_action_at FROM notifications
    UNION ALL SELECT 'Import', tenant_id, id, next_action_at FROM imports
    UNION ALL SELECT 'Export', tenant_id, id, next_action_at FROM exports
    UNION ALL SELECT 'Approval', tenant_id, id, next_action_at FROM approval_cases
    UNION ALL SELECT 'PurchaseOrder', tenant_id, id, next_action_at FROM purchase_orders
    UNION ALL SELECT 'StockReplenishment', tenant_id, tenant_id, next_action_at FROM stock_replenishments
    UNION ALL SELECT 'Backup', tenant_id, id, next_action_at FROM backup_runs
    UNION ALL SELECT 'RestoreDrill', tenant_id, id, next_action_at FROM restore_drills;
ALTER VIEW processes OWNER TO mainstay_system;
REVOKE ALL ON processes FROM PUBLIC;

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION late_processes(p_before timestamptz, p_cap integer)
RETURNS TABLE (process text, tenant_id uuid, subject_id uuid, next_action_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT p.process, p.tenant_id, p.subject_id, p.next_action_at FROM processes p
    WHERE p.next_action_at < p_before
      -- The relay still has its start in hand: a batch of generated orders is no fault.
      AND NOT (p.process = 'WorkOrder' AND EXISTS (SELECT FROM outbox o WHERE o.tenant_id = p.tenant_id AND o.subject_id = p.subject_id))
    ORDER BY p.next_action_at LIMIT p_cap
$$;
CREATE OR REPLACE FUNCTION open_processes(p_after_process text, p_after_id uuid, p_cap integer)
RETURNS TABLE (process text, tenant_id uuid, subject_id uuid, next_action_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT p.process, p.tenant_id, p.subject_id, p.next_action_at FROM processes p
    WHERE p.next_action_at IS NOT NULL AND (p.process, p.subject_id) > (p_after_process, p_after_id)
    ORDER BY p.process, p.subject_id LIMIT p_cap
$$;
CREATE OR REPLACE FUNCTION installation_figures() RETURNS TABLE (name text, status text, value double precision)
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
        FROM backup_runs b JOIN restore_drills d ON d.backup_run_id = b.id WHERE d.verdict = 'pass' HAVING count(*) > 0
    UNION ALL
    SELECT 'drill_green_age_seconds', '', greatest(0, extract(epoch FROM now() - max(d.finished_at)))
        FROM restore_drills d WHERE d.verdict = 'pass' HAVING count(*) > 0
$$;
-- +goose StatementEnd

-- What the lists were chained from.
DROP FUNCTION late_processes_before_backups(timestamptz, integer), late_processes_before_purchasing(timestamptz, integer),
    open_processes_before_backups(text, uuid, integer), open_processes_before_purchasing(text, uuid, integer),
    installation_figures_before_backups();
