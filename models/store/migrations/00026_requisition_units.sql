-- +goose Up
-- Of an item's line: how many of the item's unit one of the line's is, as it was when it was asked for. Lines from before do not say.
ALTER TABLE requisition_lines ADD COLUMN unit_factor numeric(20, 6) CHECK (unit_factor > 0);
