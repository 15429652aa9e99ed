-- +goose Up
-- A drill may spoil on purpose what it reads. It says whether that was found, proves no backup and never passes.
ALTER TABLE restore_drills
    ADD COLUMN fault text NOT NULL DEFAULT '' CHECK (fault IN ('', 'missing_segment', 'flipped_byte', 'wrong_key', 'truncated_dump')),
    ADD COLUMN fault_found boolean,
    ADD CONSTRAINT restore_drills_fault_proves_nothing CHECK (fault = '' OR verdict <> 'pass'),
    ADD CONSTRAINT restore_drills_fault_found CHECK (fault_found IS NULL OR (fault <> '' AND status = 'completed' AND verdict = 'fail')),
    ADD CONSTRAINT restore_drills_fault_source CHECK (
        NOT (fault = 'missing_segment' AND source = 'dump') AND NOT (fault = 'truncated_dump' AND source = 'physical'));

-- A fault is due on an installation that has a stored backup on which it can be tried, counted from the first of them until it was found once.
ALTER FUNCTION installation_figures() RENAME TO installation_figures_before_faults;
-- +goose StatementBegin
CREATE FUNCTION installation_figures() RETURNS TABLE (name text, status text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM installation_figures_before_faults()
    UNION ALL
    SELECT 'drill_fault_age_seconds', k.fault, greatest(0, extract(epoch FROM now() - coalesce(f.found_at, b.first_at)))
        FROM (VALUES ('missing_segment', 'files'), ('flipped_byte', 'any'), ('wrong_key', 'any'), ('truncated_dump', 'dump')) k (fault, needs)
        CROSS JOIN LATERAL (SELECT min(r.finished_at) AS first_at, bool_or(r.expired_at IS NULL) AS stored FROM backup_runs r
            WHERE r.status = 'completed' AND r.kind <> 'archive' AND (k.needs = 'any' OR (r.kind = 'dump') = (k.needs = 'dump'))) b
        CROSS JOIN LATERAL (SELECT max(d.finished_at) AS found_at FROM restore_drills d
            WHERE d.fault = k.fault AND d.fault_found AND d.finished_at <= now() + interval '1 minute') f
        WHERE b.stored
    UNION ALL
    SELECT 'drill_fault_missed', d.fault, CASE WHEN d.fault_found THEN 0 ELSE 1 END
        FROM (SELECT DISTINCT ON (r.fault) r.fault, r.fault_found FROM restore_drills r
            WHERE r.fault <> '' AND r.fault_found IS NOT NULL ORDER BY r.fault, r.finished_at DESC) d
$$;
-- +goose StatementEnd
ALTER FUNCTION installation_figures() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION installation_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION installation_figures() TO mainstay_app;
