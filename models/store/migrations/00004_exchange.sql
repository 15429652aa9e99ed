-- +goose Up
CREATE TABLE imports (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    kind               text NOT NULL,
    status             text NOT NULL CHECK (status IN ('validating', 'validated', 'running', 'completed', 'failed', 'cancelled')),
    mapping            jsonb NOT NULL DEFAULT '{}',
    dry_run            boolean NOT NULL,
    object_key         text NOT NULL,
    errors_key         text NOT NULL DEFAULT '',      -- of the file of row errors
    file_name          text NOT NULL DEFAULT '',
    file_sha256        bytea NOT NULL,
    rows_total         integer NOT NULL DEFAULT 0,
    rows_ok            integer NOT NULL DEFAULT 0,   -- created, changed or already as wanted
    rows_failed        integer NOT NULL DEFAULT 0,
    rows_changed       integer NOT NULL DEFAULT 0,   -- of rows_ok: those that wrote something
    rows_done          integer NOT NULL DEFAULT 0,   -- committed so far: where a resumed run goes on
    failure            text NOT NULL DEFAULT '',
    actor_id           uuid NOT NULL,
    actor_kind         text NOT NULL CHECK (actor_kind IN ('user', 'api_token', 'system')),
    location_ids       uuid[] NOT NULL DEFAULT '{}', -- the actor's scope when the import was created
    finished_at        timestamptz,
    next_action_at     timestamptz,
    process_started_at timestamptz,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX imports_created ON imports (tenant_id, created_at, id);
CREATE INDEX imports_late ON imports (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('imports');
CREATE POLICY system_door ON imports FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON imports TO mainstay_system;

-- Row errors of an import's last run, until they are written to its file of errors.
CREATE TABLE import_faults (
    tenant_id   uuid NOT NULL,
    import_id   uuid NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    line        integer NOT NULL,
    column_name text NOT NULL,
    code        text NOT NULL,
    detail      text NOT NULL,
    PRIMARY KEY (tenant_id, import_id, id),
    FOREIGN KEY (tenant_id, import_id) REFERENCES imports
);
SELECT raise_wall('import_faults');

CREATE TABLE exports (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    kind               text NOT NULL,
    format             text NOT NULL CHECK (format IN ('csv', 'xlsx')),
    filter             jsonb NOT NULL DEFAULT '{}',
    status             text NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'cancelled')),
    object_key         text NOT NULL DEFAULT '',
    rows_total         integer NOT NULL DEFAULT 0,
    failure            text NOT NULL DEFAULT '',
    actor_id           uuid NOT NULL,
    actor_kind         text NOT NULL CHECK (actor_kind IN ('user', 'api_token', 'system')),
    location_ids       uuid[] NOT NULL DEFAULT '{}', -- the actor's scope when the export was created
    finished_at        timestamptz,
    next_action_at     timestamptz,
    process_started_at timestamptz,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX exports_created ON exports (tenant_id, created_at, id);
CREATE INDEX exports_late ON exports (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('exports');
CREATE POLICY system_door ON exports FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON exports TO mainstay_system;

-- The doors of relay and sweeper: they look across tenants and see ids and times only.
-- +goose StatementBegin
CREATE FUNCTION late_processes(p_before timestamptz, p_cap integer)
RETURNS TABLE (process text, tenant_id uuid, subject_id uuid, next_action_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM (
        (SELECT 'WorkOrder', w.tenant_id, w.id, w.next_action_at FROM work_orders w
            WHERE w.next_action_at < p_before
              -- The relay still has its start in hand: a batch of generated orders is no fault.
              AND NOT EXISTS (SELECT FROM outbox o WHERE o.tenant_id = w.tenant_id AND o.subject_id = w.id)
            ORDER BY w.next_action_at LIMIT p_cap)
        UNION ALL
        (SELECT 'MaintenanceSchedule', m.tenant_id, m.id, m.next_action_at FROM maintenance_schedules m
            WHERE m.next_action_at < p_before ORDER BY m.next_action_at LIMIT p_cap)
        UNION ALL
        (SELECT 'MaintenancePlanner', p.tenant_id, p.site_id, p.next_action_at FROM maintenance_planners p
            WHERE p.next_action_at < p_before ORDER BY p.next_action_at LIMIT p_cap)
        UNION ALL
        (SELECT 'Notification', n.tenant_id, n.id, n.next_action_at FROM notifications n
            WHERE n.next_action_at < p_before ORDER BY n.next_action_at LIMIT p_cap)
        UNION ALL
        (SELECT 'Import', i.tenant_id, i.id, i.next_action_at FROM imports i
            WHERE i.next_action_at < p_before ORDER BY i.next_action_at LIMIT p_cap)
        UNION ALL
        (SELECT 'Export', e.tenant_id, e.id, e.next_action_at FROM exports e
            WHERE e.next_action_at < p_before ORDER BY e.next_action_at LIMIT p_cap)
    ) late ORDER BY 4 LIMIT p_cap
$$;
-- +goose StatementEnd
ALTER FUNCTION late_processes(timestamptz, integer) OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION late_processes(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION late_processes(timestamptz, integer) TO mainstay_app;

-- Every process that is not over, in a fixed order that a reconciliation can walk: it starts again what Temporal has forgotten.
-- +goose StatementBegin
CREATE FUNCTION open_processes(p_after_process text, p_after_id uuid, p_cap integer)
RETURNS TABLE (process text, tenant_id uuid, subject_id uuid, next_action_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM (
        SELECT 'WorkOrder' AS process, w.tenant_id, w.id AS subject_id, w.next_action_at FROM work_orders w
            WHERE w.next_action_at IS NOT NULL
        UNION ALL
        SELECT 'MaintenanceSchedule', m.tenant_id, m.id, m.next_action_at FROM maintenance_schedules m
            WHERE m.next_action_at IS NOT NULL
        UNION ALL
        SELECT 'MaintenancePlanner', p.tenant_id, p.site_id, p.next_action_at FROM maintenance_planners p
            WHERE p.next_action_at IS NOT NULL
        UNION ALL
        SELECT 'Notification', n.tenant_id, n.id, n.next_action_at FROM notifications n WHERE n.next_action_at IS NOT NULL
        UNION ALL
        SELECT 'Import', i.tenant_id, i.id, i.next_action_at FROM imports i WHERE i.next_action_at IS NOT NULL
        UNION ALL
        SELECT 'Export', e.tenant_id, e.id, e.next_action_at FROM exports e WHERE e.next_action_at IS NOT NULL
    ) open WHERE (process, subject_id) > (p_after_process, p_after_id) ORDER BY process, subject_id LIMIT p_cap
$$;
-- +goose StatementEnd
ALTER FUNCTION open_processes(text, uuid, integer) OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION open_processes(text, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_processes(text, uuid, integer) TO mainstay_app;
