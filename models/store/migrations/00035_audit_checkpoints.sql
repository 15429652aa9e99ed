-- +goose Up
-- Checkpoints seal the audit log behind its writers, who know nothing of them: an event is in one once its row could be seen committed. What
-- commits behind its time goes into a late one. Ids and leaves stand here, so that the very event is named that is not what it was.
CREATE TABLE audit_checkpoints (
    tenant_id    uuid NOT NULL,
    sequence     bigint NOT NULL CHECK (sequence > 0),
    late         boolean NOT NULL,
    events       integer NOT NULL CHECK (events >= 0),
    first_id     uuid,
    last_id      uuid CHECK (last_id >= first_id),
    event_ids    uuid[] NOT NULL,
    leaves       bytea NOT NULL,
    root         bytea NOT NULL CHECK (octet_length(root) = 32),
    previous     bytea NOT NULL CHECK (octet_length(previous) = 32),
    recovery_id  text NOT NULL DEFAULT '',
    recovered_at timestamptz,
    made_at      timestamptz NOT NULL,
    key_id       text NOT NULL CHECK (key_id <> ''),
    signature    bytea NOT NULL CHECK (octet_length(signature) = 64),
    PRIMARY KEY (tenant_id, sequence),
    CHECK (cardinality(event_ids) = events AND octet_length(leaves) = 32 * events),
    CHECK ((events = 0) = (first_id IS NULL) AND (events = 0) = (last_id IS NULL)),
    CHECK ((recovery_id = '') = (recovered_at IS NULL) AND (recovery_id = '') = (events > 0))
);
CREATE INDEX audit_checkpoints_range ON audit_checkpoints (tenant_id, last_id) WHERE NOT late;
CREATE INDEX audit_checkpoints_late ON audit_checkpoints (tenant_id, last_id) WHERE late;
CREATE UNIQUE INDEX audit_checkpoints_recovery ON audit_checkpoints (tenant_id, recovery_id) WHERE recovery_id <> '';

-- Where the head of a checkpoint lies outside of the database.
CREATE TABLE audit_anchors (
    tenant_id    uuid NOT NULL,
    sequence     bigint NOT NULL,
    bucket       text NOT NULL,
    object       text NOT NULL,
    version_id   text NOT NULL,
    locked_until timestamptz,
    anchored_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, sequence),
    CONSTRAINT audit_anchors_sequence_fkey FOREIGN KEY (tenant_id, sequence) REFERENCES audit_checkpoints
);

SELECT raise_wall('audit_checkpoints'), raise_wall('audit_anchors');
REVOKE UPDATE, DELETE ON audit_checkpoints, audit_anchors FROM mainstay_app;
CREATE TRIGGER audit_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_anchors_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchors
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE POLICY system_door ON audit_events FOR SELECT TO mainstay_system USING (true);
CREATE POLICY system_door ON audit_checkpoints FOR SELECT TO mainstay_system USING (true);
CREATE POLICY system_door ON audit_anchors FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON audit_events, audit_checkpoints, audit_anchors TO mainstay_system;

-- +goose StatementBegin
-- Of each tenant the oldest event behind its checkpoints, and whether any event is as new as an id.
CREATE FUNCTION audit_unsealed(p_since uuid) RETURNS TABLE (tenant_id uuid, oldest timestamptz, active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT t.id, open.at, EXISTS (SELECT FROM audit_events e WHERE e.tenant_id = t.id AND e.id >= p_since)
    FROM tenants t
    LEFT JOIN LATERAL (SELECT c.last_id FROM audit_checkpoints c WHERE c.tenant_id = t.id AND NOT c.late AND c.last_id IS NOT NULL
        ORDER BY c.last_id DESC LIMIT 1) head ON true
    LEFT JOIN LATERAL (SELECT e.at FROM audit_events e
        WHERE e.tenant_id = t.id AND e.id > coalesce(head.last_id, '00000000-0000-0000-0000-000000000000')
            AND NOT EXISTS (SELECT FROM audit_checkpoints c WHERE c.tenant_id = t.id AND c.late AND c.last_id >= e.id AND c.first_id <= e.id
                AND e.id = ANY (c.event_ids))
        ORDER BY e.id LIMIT 1) open ON true
$$;
-- Of each tenant that has such a checkpoint: the oldest that no anchor vouches for, and when the newest anchor was made.
CREATE FUNCTION audit_unanchored() RETURNS TABLE (tenant_id uuid, anchored_at timestamptz, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT t.id, a.anchored_at, c.made_at
    FROM tenants t
    LEFT JOIN LATERAL (SELECT n.sequence, n.anchored_at FROM audit_anchors n WHERE n.tenant_id = t.id ORDER BY n.sequence DESC LIMIT 1) a ON true
    JOIN LATERAL (SELECT n.made_at FROM audit_checkpoints n WHERE n.tenant_id = t.id AND n.sequence > coalesce(a.sequence, 0)
        ORDER BY n.sequence LIMIT 1) c ON true
$$;
-- +goose StatementEnd

ALTER FUNCTION installation_figures() RENAME TO installation_figures_before_audit;
-- +goose StatementBegin
CREATE FUNCTION installation_figures() RETURNS TABLE (name text, status text, value double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT * FROM installation_figures_before_audit()
    UNION ALL
    SELECT 'audit_unsealed_seconds', '', greatest(0, coalesce(extract(epoch FROM now() - min(u.oldest)), 0))
        FROM audit_unsealed('ffffffff-ffff-ffff-ffff-ffffffffffff') u
    UNION ALL
    SELECT 'audit_unanchored_seconds', '', greatest(0, coalesce(extract(epoch FROM now() - min(u.oldest)), 0)) FROM audit_unanchored() u
$$;
-- +goose StatementEnd
ALTER FUNCTION audit_unsealed(uuid) OWNER TO mainstay_system;
ALTER FUNCTION audit_unanchored() OWNER TO mainstay_system;
ALTER FUNCTION installation_figures() OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION audit_unsealed(uuid), audit_unanchored(), installation_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_unsealed(uuid), audit_unanchored(), installation_figures() TO mainstay_app;
