-- +goose Up
-- Which state of its list of spare parts a client has seen.
ALTER TABLE assets ADD COLUMN spare_parts_version integer NOT NULL DEFAULT 0;
ALTER TABLE asset_templates ADD COLUMN spare_parts_version integer NOT NULL DEFAULT 0;

-- What is still to come for a work order is asked when it is closed.
CREATE INDEX purchase_order_lines_work_order ON purchase_order_lines (tenant_id, work_order_id) WHERE work_order_id IS NOT NULL;
CREATE INDEX requisition_lines_work_order ON requisition_lines (tenant_id, work_order_id) WHERE work_order_id IS NOT NULL;
