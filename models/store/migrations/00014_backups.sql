-- +goose Up
-- Backups and restore drills belong to the installation. A row's tenant is that of the platform operator who asked, whose wall its
-- writes and audit events stand behind; all_backup_runs and all_restore_drills show every row to every platform operator.
CREATE TABLE backup_runs (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    kind               text NOT NULL CHECK (kind IN ('full', 'differential', 'incremental', 'dump', 'archive')),
    status             text NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
    size_bytes         bigint NOT NULL DEFAULT 0 CHECK (size_bytes >= 0),
    snapshot_at        timestamptz,
    evidence           jsonb NOT NULL DEFAULT '{}',
    failure            text NOT NULL DEFAULT '',
    actor_id           uuid NOT NULL,
    started_at         timestamptz,
    finished_at        timestamptz,
    next_action_at     timestamptz,
    process_started_at timestamptz,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT backup_runs_id_key UNIQUE (id),
    CHECK ((status IN ('completed', 'failed')) = (finished_at IS NOT NULL)),
    CHECK ((finished_at IS NULL) = (next_action_at IS NOT NULL)),
    CHECK (status <> 'completed' OR (snapshot_at IS NOT NULL AND size_bytes > 0 AND evidence <> '{}')),
    CHECK ((status = 'failed') = (failure <> ''))
);
CREATE INDEX backup_runs_late ON backup_runs (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('backup_runs');
CREATE POLICY system_door ON backup_runs FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON backup_runs TO mainstay_system;

-- backup_run_id has no tenant beside it: the backup may be another platform operator's.
CREATE TABLE restore_drills (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    status             text NOT NULL CHECK (status IN ('queued', 'running', 'completed')),
    verdict            text NOT NULL DEFAULT '' CHECK (verdict IN ('', 'pass', 'fail', 'inconclusive')),
    backup_run_id      uuid REFERENCES backup_runs (id),
    rpo_seconds        double precision,
    rto_seconds        double precision CHECK (rto_seconds >= 0),
    checks             jsonb NOT NULL DEFAULT '[]',
    evidence           jsonb NOT NULL DEFAULT '{}',
    actor_id           uuid NOT NULL,
    started_at         timestamptz,
    finished_at        timestamptz,
    next_action_at     timestamptz,
    process_started_at timestamptz,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CHECK ((status = 'completed') = (finished_at IS NOT NULL)),
    CHECK ((status = 'completed') = (verdict <> '')),
    CHECK ((finished_at IS NULL) = (next_action_at IS NOT NULL)),
    CHECK (verdict <> 'pass' OR (backup_run_id IS NOT NULL AND rpo_seconds IS NOT NULL AND rto_seconds IS NOT NULL))
);
CREATE INDEX restore_drills_late ON restore_drills (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('restore_drills');
CREATE POLICY system_door ON restore_drills FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON restore_drills TO mainstay_system;

-- +goose StatementBegin
CREATE FUNCTION all_backup_runs() RETURNS SETOF backup_runs
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT * FROM backup_runs $$;
CREATE FUNCTION all_restore_drills() RETURNS SETOF restore_drills
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT * FROM restore_drills $$;
-- +goose StatementEnd
ALTER FUNCTION all_backup_runs() OWNER TO mainstay_system;
ALTER FUNCTION all_restore_drills() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION all_backup_runs(), all_restore_drills() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION all_backup_runs(), all_restore_drills() TO mainstay_app;

-- The sweeper, the reconciliation and the figures see what earlier migrations list, and these.
ALTER FUNCTION late_processes(timestamptz, integer) RENAME TO late_processes_before_backups;
ALTER FUNCTION open_processes(text, uuid, integer) RENAME TO open_processes_before_backups;
ALTER FUNCTION installation_figures() RENAME TO installation_figures_before_backups;

-- +goose StatementBegin
CREATE FUNCTION late_processes(p_before timestamptz, p_cap integer)
RETURNS TABLE (process text, tenant_id uuid, subject_id uuid, next_action_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM (
        (SELECT * FROM late_processes_before_backups(p_before, p_cap))
        UNION ALL
        (SELECT 'Backup', b.tenant_id, b.id, b.next_action_at FROM backup_runs b
            WHERE b.next_action_at < p_before ORDER BY b.next_action_at LIMIT p_cap)
        UNION ALL
        (SELECT 'RestoreDrill', d.tenant_id, d.id, d.next_action_at FROM restore_drills d
            WHERE d.next_action_at < p_before ORDER BY d.next_action_at LIMIT p_cap)
    ) late ORDER BY 4 LIMIT p_cap
$$;
CREATE FUNCTION open_processes(p_after_process text, p_after_id uuid, p_cap integer)
RETURNS TABLE (process text, tenant_id uuid, subject_id uuid, next_action_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM (
        (SELECT * FROM open_processes_before_backups(p_after_process, p_after_id, p_cap))
        UNION ALL
        (SELECT 'Backup' AS process, b.tenant_id, b.id AS subject_id, b.next_action_at FROM backup_runs b
            WHERE b.next_action_at IS NOT NULL AND ('Backup', b.id) > (p_after_process, p_after_id) ORDER BY b.id LIMIT p_cap)
        UNION ALL
        (SELECT 'RestoreDrill', d.tenant_id, d.id, d.next_action_at FROM restore_drills d
            WHERE d.next_action_at IS NOT NULL AND ('RestoreDrill', d.id) > (p_after_process, p_after_id) ORDER BY d.id LIMIT p_cap)
    ) open ORDER BY process, subject_id LIMIT p_cap
$$;
-- The old body asked late_processes by name and now finds the new one, so that its count of late processes stays whole.
CREATE FUNCTION installation_figures() RETURNS TABLE (name text, status text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM installation_figures_before_backups()
    UNION ALL
    SELECT 'backup_verified_age_seconds', '', greatest(0, extract(epoch FROM now() - max(b.snapshot_at)))
        FROM backup_runs b JOIN restore_drills d ON d.backup_run_id = b.id WHERE d.verdict = 'pass' HAVING count(*) > 0
    UNION ALL
    SELECT 'drill_green_age_seconds', '', greatest(0, extract(epoch FROM now() - max(d.finished_at)))
        FROM restore_drills d WHERE d.verdict = 'pass' HAVING count(*) > 0
$$;
-- +goose StatementEnd
ALTER FUNCTION late_processes(timestamptz, integer) OWNER TO mainstay_system;
ALTER FUNCTION open_processes(text, uuid, integer) OWNER TO mainstay_system;
ALTER FUNCTION installation_figures() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION late_processes(timestamptz, integer), open_processes(text, uuid, integer), installation_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION late_processes(timestamptz, integer), open_processes(text, uuid, integer), installation_figures() TO mainstay_app;
