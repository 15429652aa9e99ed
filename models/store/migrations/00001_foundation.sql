-- +goose Up
-- The roles are cluster-wide and hold no login: a deployment grants mainstay_app to the login of its API and workers.
-- +goose StatementBegin
DO $$
BEGIN
    -- Two databases of one cluster may migrate at once; the lock keeps them from creating the same role twice.
    PERFORM pg_advisory_xact_lock(7305810);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_app') THEN
        CREATE ROLE mainstay_app NOLOGIN;
    END IF;
    -- Owner of the few functions that look across tenants: sign-in, relay, sweeper, metrics.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_system') THEN
        CREATE ROLE mainstay_system NOLOGIN;
    END IF;
    -- Owner of the search functions: row-level security would switch GIN indexes off (they are not leakproof).
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'mainstay_search') THEN
        CREATE ROLE mainstay_search NOLOGIN;
    END IF;
END
$$;
-- +goose StatementEnd

CREATE EXTENSION IF NOT EXISTS pg_trgm;
GRANT USAGE ON SCHEMA public TO mainstay_app, mainstay_system, mainstay_search;

-- The tenant of the running transaction; null outside a scope, and then no row is seen and none can be written.
-- +goose StatementBegin
CREATE FUNCTION current_tenant() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
-- +goose StatementEnd

-- raise_wall puts a table behind the tenant wall: forced row-level security on tenant_id and the application's grants.
-- +goose StatementBegin
CREATE FUNCTION raise_wall(t regclass) RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t);
    EXECUTE format($f$CREATE POLICY tenant_wall ON %s TO mainstay_app
        USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
        WITH CHECK (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)$f$, t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO mainstay_app', t);
END
$$;
-- +goose StatementEnd

-- append_only refuses every change of a row that is written once: a correction is a new row.
-- +goose StatementBegin
CREATE FUNCTION append_only() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;
-- +goose StatementEnd

-- One row: what belongs to the installation and to no tenant. The epoch names the Temporal namespace after a restore.
CREATE TABLE installation (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    id         uuid NOT NULL DEFAULT gen_random_uuid(),
    epoch      integer NOT NULL DEFAULT 0 CHECK (epoch >= 0),
    created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO installation DEFAULT VALUES;
GRANT SELECT ON installation TO mainstay_app;

CREATE TABLE tenants (
    id         uuid PRIMARY KEY,
    code       text NOT NULL CHECK (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name       text NOT NULL CHECK (name <> ''),
    currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    time_zone  text NOT NULL CHECK (time_zone <> ''),
    version    integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT tenants_code_key UNIQUE (code)
);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_wall ON tenants TO mainstay_app
    USING (id = nullif(current_setting('app.tenant_id', true), '')::uuid)
    WITH CHECK (id = nullif(current_setting('app.tenant_id', true), '')::uuid);
CREATE POLICY system_door ON tenants FOR SELECT TO mainstay_system USING (true);
GRANT SELECT, INSERT, UPDATE ON tenants TO mainstay_app;
GRANT SELECT ON tenants TO mainstay_system;

CREATE TABLE counters (
    tenant_id uuid NOT NULL REFERENCES tenants,
    name      text NOT NULL,
    value     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, name)
);
SELECT raise_wall('counters');

-- Rows that every command writes do not refer to tenants: the check would lock the one tenant row for all of them at once, and
-- the wall lets nobody write for another tenant.
CREATE TABLE commands (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    name         text NOT NULL,
    actor_id     uuid NOT NULL,
    subject_type text NOT NULL,
    subject_id   uuid NOT NULL,
    request_hash bytea NOT NULL,
    body         jsonb,
    request_id   text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    done_at      timestamptz,
    outcome      jsonb,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX commands_created_at ON commands (created_at);
SELECT raise_wall('commands');

CREATE TABLE audit_events (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    at           timestamptz NOT NULL,
    actor_id     uuid NOT NULL,
    actor_kind   text NOT NULL CHECK (actor_kind IN ('user', 'api_token', 'system')),
    action       text NOT NULL,
    subject_type text NOT NULL,
    subject_id   uuid NOT NULL,
    before       jsonb,
    after        jsonb,
    reason       text NOT NULL DEFAULT '',
    request_id   text NOT NULL DEFAULT '',
    command_id   uuid,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_events_subject ON audit_events (tenant_id, subject_type, subject_id, id);
SELECT raise_wall('audit_events');
REVOKE UPDATE, DELETE ON audit_events FROM mainstay_app;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- A row here is a fact that some process has still to look at; it is deleted once Temporal has taken the message.
CREATE TABLE outbox (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id     uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('start', 'refresh')),
    process       text NOT NULL,            -- workflow type
    subject_id    uuid NOT NULL,
    queue         text NOT NULL,            -- 'core' or 'bulk-start'
    attributes    jsonb NOT NULL DEFAULT '{}', -- search attributes of a start: ids and dates only
    due_at        timestamptz NOT NULL,     -- starts go out in this order
    created_at    timestamptz NOT NULL DEFAULT now(),
    attempts      integer NOT NULL DEFAULT 0,
    retry_at      timestamptz NOT NULL DEFAULT '-infinity'
);
CREATE INDEX outbox_order ON outbox (queue, due_at, id);
CREATE INDEX outbox_subject ON outbox (tenant_id, subject_id);
SELECT raise_wall('outbox');
CREATE POLICY system_door ON outbox TO mainstay_system USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE, DELETE ON outbox TO mainstay_system;

-- The relay's doors: it serves all tenants.
-- +goose StatementBegin
CREATE FUNCTION claim_outbox(p_queue text, p_limit integer, p_hold double precision)
RETURNS TABLE (outbox_id bigint, tenant_id uuid, kind text, process text, subject_id uuid, queue text, attributes jsonb,
               due_at timestamptz, attempts integer)
LANGUAGE sql SECURITY DEFINER SET search_path = public
AS $$
    UPDATE outbox o SET attempts = o.attempts + 1, retry_at = now() + make_interval(secs => p_hold)
    FROM (SELECT id FROM outbox WHERE outbox.queue = p_queue AND retry_at <= now()
          ORDER BY outbox.due_at, id LIMIT p_limit FOR UPDATE SKIP LOCKED) next
    WHERE o.id = next.id
    RETURNING o.id, o.tenant_id, o.kind, o.process, o.subject_id, o.queue, o.attributes, o.due_at, o.attempts
$$;
CREATE FUNCTION delete_outbox(p_ids bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public
AS $$ WITH gone AS (DELETE FROM outbox WHERE id = ANY (p_ids) RETURNING 1) SELECT count(*) FROM gone $$;
CREATE FUNCTION outbox_state(p_queue text) RETURNS TABLE (waiting bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT count(*), min(created_at) FROM outbox WHERE queue = p_queue $$;
-- A commit that adds a delivery wakes the relays at once; their poll each second is only the net below it.
CREATE FUNCTION outbox_notify() RETURNS trigger
LANGUAGE plpgsql
AS $$ BEGIN PERFORM pg_notify('mainstay_outbox', ''); RETURN NULL; END $$;
-- +goose StatementEnd
ALTER FUNCTION claim_outbox(text, integer, double precision) OWNER TO mainstay_system;
ALTER FUNCTION delete_outbox(bigint[]) OWNER TO mainstay_system;
ALTER FUNCTION outbox_state(text) OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION claim_outbox(text, integer, double precision), delete_outbox(bigint[]), outbox_state(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_outbox(text, integer, double precision), delete_outbox(bigint[]), outbox_state(text)
    TO mainstay_app;
CREATE TRIGGER outbox_notify AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_notify();

CREATE TABLE departments (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    code        text NOT NULL CHECK (code <> ''),
    name        text NOT NULL CHECK (name <> ''),
    parent_id   uuid,
    archived_at timestamptz,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT departments_code_key UNIQUE (tenant_id, code),
    CONSTRAINT departments_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES departments,
    CHECK (parent_id <> id)
);
SELECT raise_wall('departments');

CREATE TABLE users (
    tenant_id           uuid NOT NULL REFERENCES tenants,
    id                  uuid NOT NULL,
    email               text NOT NULL CHECK (email = lower(email) AND email <> ''),
    name                text NOT NULL CHECK (name <> ''),
    password_hash       text NOT NULL,
    roles               text[] NOT NULL CHECK (cardinality(roles) > 0),
    department_id       uuid,
    location_ids        uuid[] NOT NULL DEFAULT '{}',
    labor_rate          numeric(18, 4) CHECK (labor_rate >= 0),
    locale              text NOT NULL DEFAULT 'en',
    time_zone           text NOT NULL DEFAULT '',
    disabled_at         timestamptz,
    password_changed_at timestamptz NOT NULL,
    last_login_at       timestamptz,
    version             integer NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT users_email_key UNIQUE (tenant_id, email),
    CONSTRAINT users_department_id_fkey FOREIGN KEY (tenant_id, department_id) REFERENCES departments
);
CREATE INDEX users_email ON users (email);
SELECT raise_wall('users');
CREATE POLICY system_door ON users FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON users TO mainstay_system;

-- A sign-in. Its refresh tokens rotate: using one that was used before ends the session.
CREATE TABLE sessions (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    user_agent text NOT NULL DEFAULT '',
    address    text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    used_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_for text NOT NULL DEFAULT '',
    changed_at timestamptz, -- access tokens issued before state what is no longer so
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users
);
CREATE INDEX sessions_user ON sessions (tenant_id, user_id);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX sessions_changed ON sessions (changed_at) WHERE changed_at IS NOT NULL;
SELECT raise_wall('sessions');
CREATE POLICY system_door ON sessions FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON sessions TO mainstay_system;

CREATE TABLE refresh_tokens (
    tenant_id  uuid NOT NULL,
    hash       bytea NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (tenant_id, hash),
    CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES sessions
);
CREATE UNIQUE INDEX refresh_tokens_hash ON refresh_tokens (hash);
SELECT raise_wall('refresh_tokens');
CREATE POLICY system_door ON refresh_tokens FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON refresh_tokens TO mainstay_system;

CREATE TABLE api_tokens (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    user_id     uuid NOT NULL,
    name        text NOT NULL CHECK (name <> ''),
    hash        bytea NOT NULL,
    permissions text[] NOT NULL DEFAULT '{}',
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz,
    used_at     timestamptz,
    revoked_at  timestamptz,
    changed_at  timestamptz, -- what it grants changed then
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT api_tokens_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users
);
CREATE UNIQUE INDEX api_tokens_hash ON api_tokens (hash);
CREATE INDEX api_tokens_user ON api_tokens (tenant_id, user_id);
CREATE INDEX api_tokens_revoked ON api_tokens (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX api_tokens_changed ON api_tokens (changed_at) WHERE changed_at IS NOT NULL;
SELECT raise_wall('api_tokens');
CREATE POLICY system_door ON api_tokens FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON api_tokens TO mainstay_system;

-- The doors of sign-in: the tenant is not known yet, so they run as mainstay_system and return just what sign-in needs.
-- +goose StatementBegin
CREATE FUNCTION login_candidates(p_email text, p_tenant text)
RETURNS TABLE (tenant_id uuid, user_id uuid, password_hash text, disabled boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT u.tenant_id, u.id, u.password_hash, u.disabled_at IS NOT NULL
    FROM users u JOIN tenants t ON t.id = u.tenant_id
    WHERE u.email = lower(p_email) AND (p_tenant = '' OR t.code = p_tenant)
    ORDER BY u.created_at LIMIT 5
$$;
CREATE FUNCTION refresh_token_owner(p_hash bytea) RETURNS TABLE (tenant_id uuid, session_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT r.tenant_id, r.session_id FROM refresh_tokens r WHERE r.hash = p_hash $$;
CREATE FUNCTION api_token_owner(p_hash bytea) RETURNS TABLE (tenant_id uuid, token_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT a.tenant_id, a.id FROM api_tokens a WHERE a.hash = p_hash $$;
-- Sessions and API tokens that ended, or whose user's rights changed, since a moment: every API process drops its cached
-- verdicts on them.
CREATE FUNCTION session_changes(p_since timestamptz) RETURNS TABLE (session_id uuid, ended boolean, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT id, true, revoked_at FROM sessions WHERE revoked_at >= p_since
    UNION ALL SELECT id, true, revoked_at FROM api_tokens WHERE revoked_at >= p_since
    UNION ALL SELECT id, false, changed_at FROM sessions WHERE changed_at >= p_since AND revoked_at IS NULL
    UNION ALL SELECT id, false, changed_at FROM api_tokens WHERE changed_at >= p_since AND revoked_at IS NULL
$$;
CREATE FUNCTION tenant_by_code(p_code text) RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT t.id FROM tenants t WHERE t.code = p_code $$;
CREATE FUNCTION tenant_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT id FROM tenants ORDER BY created_at, id $$;
-- +goose StatementEnd
ALTER FUNCTION login_candidates(text, text) OWNER TO mainstay_system;
ALTER FUNCTION refresh_token_owner(bytea) OWNER TO mainstay_system;
ALTER FUNCTION api_token_owner(bytea) OWNER TO mainstay_system;
ALTER FUNCTION session_changes(timestamptz) OWNER TO mainstay_system;
ALTER FUNCTION tenant_by_code(text) OWNER TO mainstay_system;
ALTER FUNCTION tenant_ids() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION login_candidates(text, text), refresh_token_owner(bytea), api_token_owner(bytea),
    session_changes(timestamptz), tenant_by_code(text), tenant_ids() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION login_candidates(text, text), refresh_token_owner(bytea), api_token_owner(bytea),
    session_changes(timestamptz), tenant_by_code(text), tenant_ids() TO mainstay_app;
