-- +goose Up
-- Stops that reach into the last weeks, for the time between failures: of years of them few do.
CREATE INDEX downtimes_ended ON downtimes (tenant_id, coalesce(ended_at, 'infinity'::timestamptz));
