-- +goose NO TRANSACTION
-- +goose Up
-- What came into stock names the movement that brought it. The rows are looked through without holding anybody up: every version writes
-- the movement first. Begun again after it broke off, it starts anew.
ALTER TABLE goods_receipt_lines DROP CONSTRAINT IF EXISTS goods_receipt_lines_movement_id_fkey;
ALTER TABLE goods_receipt_lines ADD CONSTRAINT goods_receipt_lines_movement_id_fkey
    FOREIGN KEY (tenant_id, movement_id) REFERENCES stock_movements NOT VALID;
ALTER TABLE goods_receipt_lines VALIDATE CONSTRAINT goods_receipt_lines_movement_id_fkey;
