-- +goose Up
-- What was finished lately, for the figures of the dashboard.
CREATE INDEX work_orders_completed ON work_orders (tenant_id, completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX work_orders_cancelled ON work_orders (tenant_id, cancelled_at) WHERE cancelled_at IS NOT NULL;
CREATE INDEX assets_down ON assets (tenant_id, code) WHERE operating_state = 'down' AND archived_at IS NULL;
