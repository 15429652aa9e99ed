-- +goose Up
-- Of the orders for one requisition one is open at most: one that was cancelled, or closed before anything came, leaves it to another.
DROP INDEX purchase_orders_requisition_id_key;
CREATE UNIQUE INDEX purchase_orders_requisition_id_key ON purchase_orders (tenant_id, requisition_id)
    WHERE requisition_id IS NOT NULL AND status NOT IN ('cancelled', 'closed');
