-- +goose Up
-- A requisition is ordered once; when that order is cancelled it is open again, and may be ordered by another.
DROP INDEX purchase_orders_requisition_id_key;
CREATE UNIQUE INDEX purchase_orders_requisition_id_key ON purchase_orders (tenant_id, requisition_id)
    WHERE requisition_id IS NOT NULL AND status <> 'cancelled';

-- Whether a movement of stock is a delivery.
CREATE INDEX goods_receipt_lines_movement ON goods_receipt_lines (tenant_id, movement_id) WHERE movement_id IS NOT NULL;
