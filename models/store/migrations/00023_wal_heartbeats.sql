-- +goose Up
-- One row a minute, of the installation and of no tenant: what a replayed database must have, and what it must not have yet. Each row
-- begins at its lsn; the row before it was committed by then.
CREATE TABLE wal_heartbeats (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    lsn         pg_lsn NOT NULL DEFAULT pg_current_wal_insert_lsn(),
    segment     text NOT NULL DEFAULT pg_walfile_name(pg_current_wal_insert_lsn() + 1),
    archived_at timestamptz, -- when its segment, and all before it since a backup, were seen in the repository
    fault       text NOT NULL DEFAULT '' -- of the archive, as the check saw it that wrote the row
);
CREATE INDEX wal_heartbeats_archived ON wal_heartbeats (id DESC) WHERE archived_at IS NOT NULL;
GRANT SELECT, INSERT, DELETE, UPDATE (archived_at, fault) ON wal_heartbeats TO mainstay_app;
GRANT SELECT ON wal_heartbeats TO mainstay_system;

-- What a drill replays to: the last heartbeat that this moment has. Empty: a dump, or the newest there is.
ALTER TABLE restore_drills
    ADD COLUMN source text NOT NULL DEFAULT '' CHECK (source IN ('', 'dump', 'physical')),
    ADD COLUMN target_time timestamptz;

ALTER FUNCTION installation_figures() RENAME TO installation_figures_before_wal;
-- +goose StatementBegin
CREATE FUNCTION installation_figures() RETURNS TABLE (name text, status text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM installation_figures_before_wal()
    UNION ALL
    SELECT 'wal_rpo_seconds', '', greatest(0, extract(epoch FROM now() - h.at))
        FROM wal_heartbeats n JOIN LATERAL (SELECT w.at FROM wal_heartbeats w WHERE w.id < n.id ORDER BY w.id DESC LIMIT 1) h ON true
        WHERE n.id = (SELECT max(id) FROM wal_heartbeats WHERE archived_at IS NOT NULL)
    UNION ALL
    SELECT 'wal_lag_bytes', '', greatest(0, pg_current_wal_insert_lsn() - h.lsn)
        FROM wal_heartbeats h WHERE h.id = (SELECT max(id) FROM wal_heartbeats WHERE archived_at IS NOT NULL)
    UNION ALL
    SELECT 'wal_faults', '', CASE WHEN h.fault = '' THEN 0 ELSE 1 END
        FROM wal_heartbeats h WHERE h.id = (SELECT max(id) FROM wal_heartbeats)
$$;
-- +goose StatementEnd
ALTER FUNCTION installation_figures() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION installation_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION installation_figures() TO mainstay_app;
