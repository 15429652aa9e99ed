-- +goose Up
CREATE TABLE approval_policies (
    tenant_id         uuid NOT NULL REFERENCES tenants,
    id                uuid NOT NULL,
    subject           text NOT NULL CHECK (subject IN ('purchase_order', 'work_order', 'asset_disposal', 'asset_transfer')),
    name              text NOT NULL DEFAULT '',
    rules             jsonb NOT NULL,           -- models.ApprovalRule, in their order
    tolerance_amount  numeric(18, 4) NOT NULL DEFAULT 0 CHECK (tolerance_amount >= 0),
    tolerance_percent numeric(7, 4) NOT NULL DEFAULT 0 CHECK (tolerance_percent BETWEEN 0 AND 100),
    remind_days       integer NOT NULL CHECK (remind_days > 0),
    escalate_days     integer NOT NULL CHECK (escalate_days > 0),
    expire_days       integer NOT NULL CHECK (expire_days >= escalate_days),
    archived_at       timestamptz,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX approval_policies_subject ON approval_policies (tenant_id, subject, created_at, id) WHERE archived_at IS NULL;
SELECT raise_wall('approval_policies');

-- A case belongs to a row of its subject's table, which differs: no foreign key. The subject refers to its case.
CREATE TABLE approval_cases (
    tenant_id          uuid NOT NULL REFERENCES tenants,
    id                 uuid NOT NULL,
    subject_type       text NOT NULL CHECK (subject_type IN ('purchase_order', 'work_order', 'asset_disposal', 'asset_transfer')),
    subject_id         uuid NOT NULL,
    status             text NOT NULL CHECK (status IN ('open', 'approved', 'rejected', 'withdrawn', 'expired', 'void')),
    requester_id       uuid,                    -- null: the system asks
    editor_ids         uuid[] NOT NULL DEFAULT '{}',
    amount             numeric(18, 4) NOT NULL, -- in the tenant's currency
    location_id        uuid,
    content            jsonb NOT NULL,          -- what is shown
    content_hash       bytea NOT NULL CHECK (length(content_hash) = 32),
    route              jsonb NOT NULL,          -- frozen: models.ApprovalRoute
    level              integer NOT NULL CHECK (level >= 0),
    previous_id        uuid,                    -- the void case that this one takes the place of
    difference         jsonb NOT NULL DEFAULT '[]',
    next_content       jsonb,                   -- of a void case: what the subject became
    reason             text NOT NULL DEFAULT '',
    ended_at           timestamptz,
    ended_by           uuid,
    expires_at         timestamptz NOT NULL,
    next_action_at     timestamptz,
    process_started_at timestamptz,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT approval_cases_requester_id_fkey FOREIGN KEY (tenant_id, requester_id) REFERENCES users,
    CONSTRAINT approval_cases_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations,
    CONSTRAINT approval_cases_previous_id_fkey FOREIGN KEY (tenant_id, previous_id) REFERENCES approval_cases,
    CHECK ((status = 'open') = (ended_at IS NULL)),
    CHECK ((status = 'open') = (next_action_at IS NOT NULL))
);
CREATE UNIQUE INDEX approval_cases_open_key ON approval_cases (tenant_id, subject_type, subject_id) WHERE status = 'open';
CREATE INDEX approval_cases_subject ON approval_cases (tenant_id, subject_id, created_at);
CREATE INDEX approval_cases_created ON approval_cases (tenant_id, created_at, id);
CREATE INDEX approval_cases_requester ON approval_cases (tenant_id, requester_id, created_at);
CREATE INDEX approval_cases_late ON approval_cases (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('approval_cases');
CREATE POLICY system_door ON approval_cases FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON approval_cases TO mainstay_system;

-- The question to one person; its id is the decision's.
CREATE TABLE approval_steps (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    case_id      uuid NOT NULL,
    level        integer NOT NULL CHECK (level >= 0),
    seat_id      uuid NOT NULL,                 -- the person of the route whose approval it gives
    user_id      uuid NOT NULL,                 -- who is asked
    via          text NOT NULL CHECK (via IN ('policy', 'delegation', 'escalation')),
    status       text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'delegated', 'superseded')),
    comment      text NOT NULL DEFAULT '',
    channel      text NOT NULL DEFAULT '' CHECK (channel IN ('', 'app', 'mail')),
    asked_at     timestamptz NOT NULL,
    remind_at    timestamptz NOT NULL,
    escalate_at  timestamptz NOT NULL,
    reminded_at  timestamptz,
    escalated_at timestamptz,
    decided_at   timestamptz,
    content_hash bytea,                         -- of what was shown when it was decided
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT approval_steps_case_id_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES approval_cases,
    CONSTRAINT approval_steps_seat_id_fkey FOREIGN KEY (tenant_id, seat_id) REFERENCES users,
    CONSTRAINT approval_steps_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users,
    CHECK (status NOT IN ('approved', 'rejected') OR (decided_at IS NOT NULL AND content_hash IS NOT NULL AND channel <> ''))
);
-- One person has one voice at a level.
CREATE UNIQUE INDEX approval_steps_voice_key ON approval_steps (tenant_id, case_id, level, user_id)
    WHERE status IN ('pending', 'approved', 'rejected');
CREATE INDEX approval_steps_case ON approval_steps (tenant_id, case_id);
CREATE INDEX approval_steps_user ON approval_steps (tenant_id, user_id, case_id);
SELECT raise_wall('approval_steps');

-- A mail's link. Only the hash of its token is stored; it is bound to case, step, person, actions and content.
CREATE TABLE approval_tokens (
    tenant_id    uuid NOT NULL,
    hash         bytea NOT NULL CHECK (length(hash) = 32),
    case_id      uuid NOT NULL,
    step_id      uuid NOT NULL,
    user_id      uuid NOT NULL,
    actions      text[] NOT NULL CHECK (actions <@ ARRAY ['approve', 'reject'] AND cardinality(actions) > 0),
    content_hash bytea NOT NULL,
    nonce_key    bytea NOT NULL CHECK (length(nonce_key) = 32), -- makes the form's one-use numbers; never leaves the server
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    used_nonce   bytea,                         -- the number of the form that decided
    PRIMARY KEY (tenant_id, hash),
    CONSTRAINT approval_tokens_case_id_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES approval_cases,
    CONSTRAINT approval_tokens_step_id_fkey FOREIGN KEY (tenant_id, step_id) REFERENCES approval_steps,
    CONSTRAINT approval_tokens_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users
);
CREATE UNIQUE INDEX approval_tokens_hash ON approval_tokens (hash);
CREATE INDEX approval_tokens_step ON approval_tokens (tenant_id, step_id);
SELECT raise_wall('approval_tokens');
CREATE POLICY system_door ON approval_tokens FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON approval_tokens TO mainstay_system;

-- The door of a mail's link: who brings a token has said no tenant.
-- +goose StatementBegin
CREATE FUNCTION approval_token_owner(p_hash bytea) RETURNS TABLE (tenant_id uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT a.tenant_id, a.user_id FROM approval_tokens a WHERE a.hash = p_hash $$;
-- +goose StatementEnd
ALTER FUNCTION approval_token_owner(bytea) OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION approval_token_owner(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION approval_token_owner(bytea) TO mainstay_app;

-- Out of office: who is asked in a person's place, for a while.
CREATE TABLE delegations (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    user_id    uuid NOT NULL,
    to_id      uuid NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    reason     text NOT NULL DEFAULT '',
    revoked_at timestamptz,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT delegations_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users,
    CONSTRAINT delegations_to_id_fkey FOREIGN KEY (tenant_id, to_id) REFERENCES users,
    CHECK (user_id <> to_id),
    CHECK (ends_at > starts_at)
);
CREATE INDEX delegations_user ON delegations (tenant_id, user_id, ends_at);
CREATE INDEX delegations_created ON delegations (tenant_id, created_at, id);
SELECT raise_wall('delegations');

ALTER TABLE work_orders ADD COLUMN approval_case_id uuid;
ALTER TABLE work_orders ADD CONSTRAINT work_orders_approval_case_id_fkey
    FOREIGN KEY (tenant_id, approval_case_id) REFERENCES approval_cases;

ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('start', 'refresh', 'decision'));

-- The doors of relay and sweeper, with the approvals.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION late_processes(p_before timestamptz, p_cap integer)
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
        UNION ALL
        (SELECT 'Approval', a.tenant_id, a.id, a.next_action_at FROM approval_cases a
            WHERE a.next_action_at < p_before ORDER BY a.next_action_at LIMIT p_cap)
    ) late ORDER BY 4 LIMIT p_cap
$$;
CREATE OR REPLACE FUNCTION open_processes(p_after_process text, p_after_id uuid, p_cap integer)
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
        UNION ALL
        SELECT 'Approval', a.tenant_id, a.id, a.next_action_at FROM approval_cases a WHERE a.next_action_at IS NOT NULL
    ) open WHERE (process, subject_id) > (p_after_process, p_after_id) ORDER BY process, subject_id LIMIT p_cap
$$;
-- +goose StatementEnd
