-- +goose Up
-- Checks of the stored files against the rows, and restores of files, belong to the installation, as backups do.
CREATE TABLE file_runs (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    kind               text NOT NULL CHECK (kind IN ('check', 'restore')),
    status             text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
    dry_run            boolean NOT NULL,
    as_of              timestamptz,
    attachment_id      uuid, -- of any tenant
    plan               jsonb NOT NULL DEFAULT '{}',
    planned_at         timestamptz,
    evidence           jsonb NOT NULL DEFAULT '{}',
    failure            text NOT NULL DEFAULT '',
    actor_id           uuid NOT NULL,
    started_at         timestamptz,
    finished_at        timestamptz,
    next_action_at     timestamptz,
    process_started_at timestamptz,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((kind = 'restore') = (as_of IS NOT NULL)),
    CHECK (kind = 'restore' OR attachment_id IS NULL),
    CHECK ((status IN ('completed', 'failed')) = (finished_at IS NOT NULL)),
    CHECK ((finished_at IS NULL) = (next_action_at IS NOT NULL)),
    CHECK ((planned_at IS NULL) = (plan = '{}')),
    CHECK ((planned_at IS NULL) = (evidence = '{}')),
    CHECK (status <> 'completed' OR planned_at IS NOT NULL),
    CHECK ((status = 'failed') = (failure <> ''))
);
CREATE INDEX file_runs_late ON file_runs (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('file_runs');
CREATE POLICY system_door ON file_runs FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON file_runs TO mainstay_system;

-- +goose StatementBegin
CREATE FUNCTION all_file_runs() RETURNS SETOF file_runs
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT * FROM file_runs $$;
-- +goose StatementEnd
ALTER FUNCTION all_file_runs() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION all_file_runs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION all_file_runs() TO mainstay_app;

CREATE OR REPLACE VIEW processes AS
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
    UNION ALL SELECT 'RestoreDrill', tenant_id, id, next_action_at FROM restore_drills
    UNION ALL SELECT 'AssetTransfer', tenant_id, id, next_action_at FROM asset_requests WHERE kind = 'asset_transfer'
    UNION ALL SELECT 'AssetDisposal', tenant_id, id, next_action_at FROM asset_requests WHERE kind = 'asset_disposal'
    UNION ALL SELECT 'Retention', tenant_id, id, next_action_at FROM retention_runs
    UNION ALL SELECT 'FileRun', tenant_id, id, next_action_at FROM file_runs;

ALTER FUNCTION installation_figures() RENAME TO installation_figures_before_files;
-- +goose StatementBegin
CREATE FUNCTION installation_figures() RETURNS TABLE (name text, status text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM installation_figures_before_files()
    UNION ALL
    SELECT f.name, '', f.value
        FROM (SELECT * FROM file_runs WHERE kind = 'check' AND status = 'completed' ORDER BY finished_at DESC LIMIT 1) r
        CROSS JOIN LATERAL (VALUES
            ('file_check_age_seconds', greatest(0, extract(epoch FROM now() - r.finished_at))::double precision),
            ('file_faults', (r.evidence ->> 'faults')::double precision),
            ('file_orphans', (r.evidence ->> 'orphans')::double precision - (r.evidence ->> 'removed')::double precision)
        ) f (name, value)
$$;
-- +goose StatementEnd
ALTER FUNCTION installation_figures() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION installation_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION installation_figures() TO mainstay_app;
