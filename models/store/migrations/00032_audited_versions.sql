-- +goose Up
-- Until now a mere look of a process made a version of its row, of which no event tells: of rows from before only the first is looked for.
ALTER TABLE installation ADD COLUMN versions_audited_since timestamptz NOT NULL DEFAULT now();
