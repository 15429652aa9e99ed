-- +goose Up
-- What a release was about, with its figures: a gap that has grown since blocks the line again. A line that was released before this has
-- only its released_keys, which cover any gap.
ALTER TABLE supplier_invoice_lines ADD COLUMN released_blocks jsonb NOT NULL DEFAULT '[]';
