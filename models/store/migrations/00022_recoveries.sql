-- +goose Up
-- The evidence of recoveries: of the installation and of no tenant.
CREATE TABLE recoveries (
    id          text PRIMARY KEY CHECK (id <> ''),
    began_at    timestamptz NOT NULL,
    finished_at timestamptz NOT NULL CHECK (finished_at >= began_at),
    evidence    jsonb NOT NULL
);
CREATE TRIGGER recoveries_append_only BEFORE UPDATE OR DELETE ON recoveries FOR EACH ROW EXECUTE FUNCTION append_only();
GRANT SELECT, INSERT ON recoveries TO mainstay_app;
