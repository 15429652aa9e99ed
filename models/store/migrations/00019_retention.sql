-- +goose Up
-- A backup whose objects retention has deleted; its row stays as evidence.
ALTER TABLE backup_runs ADD COLUMN expired_at timestamptz;
ALTER TABLE backup_runs ADD CONSTRAINT backup_runs_expired CHECK (expired_at IS NULL OR status = 'completed');

-- Runs of retention belong to the installation, as backups and drills do.
CREATE TABLE retention_runs (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    status             text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
    dry_run            boolean NOT NULL,
    plan               jsonb NOT NULL DEFAULT '{}',
    planned_at         timestamptz,
    removed            integer NOT NULL DEFAULT 0 CHECK (removed >= 0),
    freed_bytes        bigint NOT NULL DEFAULT 0 CHECK (freed_bytes >= 0),
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
    CHECK ((status IN ('completed', 'failed')) = (finished_at IS NOT NULL)),
    CHECK ((finished_at IS NULL) = (next_action_at IS NOT NULL)),
    CHECK ((planned_at IS NULL) = (plan = '{}')),
    CHECK (status <> 'completed' OR planned_at IS NOT NULL),
    CHECK ((status = 'failed') = (failure <> '')),
    CHECK (NOT dry_run OR removed = 0)
);
CREATE INDEX retention_runs_late ON retention_runs (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('retention_runs');
CREATE POLICY system_door ON retention_runs FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON retention_runs TO mainstay_system;

-- +goose StatementBegin
CREATE FUNCTION all_retention_runs() RETURNS SETOF retention_runs
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT * FROM retention_runs $$;
-- +goose StatementEnd
ALTER FUNCTION all_retention_runs() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION all_retention_runs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION all_retention_runs() TO mainstay_app;

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
    UNION ALL SELECT 'Retention', tenant_id, id, next_action_at FROM retention_runs;
