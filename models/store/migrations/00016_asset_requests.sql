-- +goose Up
-- Transfers and disposals of assets: processes, each with its approval. While one is open its asset is reserved.
CREATE TABLE asset_requests (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    kind               text NOT NULL CHECK (kind IN ('asset_transfer', 'asset_disposal')),
    number             text NOT NULL,
    asset_id           uuid NOT NULL,
    status             text NOT NULL CHECK (status IN ('pending_approval', 'approved', 'blocked', 'completed', 'rejected', 'cancelled')),
    reason             text NOT NULL CHECK (reason <> ''),
    from_location_id   uuid NOT NULL,
    to_location_id     uuid,
    to_parent_id       uuid,
    department_id      uuid,
    cost_center_id     uuid,
    method             text NOT NULL DEFAULT '' CHECK (method IN ('', 'sold', 'scrapped', 'donated', 'returned')),
    proceeds           numeric(18, 4) CHECK (proceeds >= 0),
    amount             numeric(18, 4) NOT NULL CHECK (amount >= 0), -- in the tenant's currency
    currency           text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    on_day             date,
    due_at             timestamptz NOT NULL,
    approval_case_id   uuid,
    block_reason       text NOT NULL DEFAULT '',
    cancel_reason      text NOT NULL DEFAULT '',
    reject_reason      text NOT NULL DEFAULT '',
    requested_by       uuid,
    approved_at        timestamptz,
    completed_at       timestamptz,
    cancelled_at       timestamptz,
    next_action_at     timestamptz,
    process_started_at timestamptz,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT asset_requests_number_key UNIQUE (tenant_id, number),
    CONSTRAINT asset_requests_asset_id_fkey FOREIGN KEY (tenant_id, asset_id) REFERENCES assets,
    CONSTRAINT asset_requests_from_location_id_fkey FOREIGN KEY (tenant_id, from_location_id) REFERENCES locations,
    CONSTRAINT asset_requests_to_location_id_fkey FOREIGN KEY (tenant_id, to_location_id) REFERENCES locations,
    CONSTRAINT asset_requests_to_parent_id_fkey FOREIGN KEY (tenant_id, to_parent_id) REFERENCES assets,
    CONSTRAINT asset_requests_department_id_fkey FOREIGN KEY (tenant_id, department_id) REFERENCES departments,
    CONSTRAINT asset_requests_cost_center_id_fkey FOREIGN KEY (tenant_id, cost_center_id) REFERENCES cost_centers,
    CONSTRAINT asset_requests_approval_case_id_fkey FOREIGN KEY (tenant_id, approval_case_id) REFERENCES approval_cases,
    CONSTRAINT asset_requests_requested_by_fkey FOREIGN KEY (tenant_id, requested_by) REFERENCES users,
    CHECK ((kind = 'asset_transfer') = (to_location_id IS NOT NULL)),
    CHECK ((kind = 'asset_disposal') = (method <> '' AND proceeds IS NOT NULL)),
    CHECK ((status = 'completed') = (completed_at IS NOT NULL)),
    CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK (status NOT IN ('approved', 'blocked', 'completed') OR approved_at IS NOT NULL),
    CHECK ((next_action_at IS NULL) = (status IN ('completed', 'rejected', 'cancelled')))
);
-- One open request for an asset.
CREATE UNIQUE INDEX asset_requests_open_key ON asset_requests (tenant_id, asset_id) WHERE status IN ('pending_approval', 'approved', 'blocked');
CREATE INDEX asset_requests_asset ON asset_requests (tenant_id, asset_id, created_at, id);
CREATE INDEX asset_requests_created_at ON asset_requests (tenant_id, kind, created_at, id);
CREATE INDEX asset_requests_late ON asset_requests (next_action_at) WHERE next_action_at IS NOT NULL;
CREATE INDEX asset_requests_case ON asset_requests (tenant_id, approval_case_id) WHERE approval_case_id IS NOT NULL;
SELECT raise_wall('asset_requests');
CREATE POLICY system_door ON asset_requests FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON asset_requests TO mainstay_system;

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
    UNION ALL SELECT 'AssetDisposal', tenant_id, id, next_action_at FROM asset_requests WHERE kind = 'asset_disposal';
