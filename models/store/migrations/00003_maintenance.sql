-- +goose Up
CREATE TABLE job_plans (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    code          text NOT NULL CHECK (code <> ''),
    name          text NOT NULL CHECK (name <> ''),
    description   text NOT NULL DEFAULT '',
    planned_hours numeric(10, 2) CHECK (planned_hours >= 0),
    steps         jsonb NOT NULL DEFAULT '[]',  -- [{"text": "..."}] in the order of work
    archived_at   timestamptz,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT job_plans_code_key UNIQUE (tenant_id, code)
);
SELECT raise_wall('job_plans');

-- Code sets of failures, loaded by the user (the tables of ISO 14224 are copyright and not shipped).
CREATE TABLE failure_codes (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('mode', 'mechanism', 'cause', 'remedy')),
    code        text NOT NULL CHECK (code <> ''),
    name        text NOT NULL CHECK (name <> ''),
    archived_at timestamptz,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT failure_codes_code_key UNIQUE (tenant_id, kind, code)
);
SELECT raise_wall('failure_codes');

CREATE TABLE maintenance_schedules (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    number            text NOT NULL,
    title             text NOT NULL CHECK (title <> ''),
    asset_id          uuid,
    location_id       uuid NOT NULL,
    site_id           uuid NOT NULL,
    rrule             text NOT NULL DEFAULT '',  -- empty: no calendar rule
    starts_on         date,
    meter_id          uuid,
    meter_every       numeric(18, 4) CHECK (meter_every > 0),
    meter_last_value  numeric(18, 4),
    shift_factor      integer NOT NULL DEFAULT 0 CHECK (shift_factor BETWEEN 0 AND 100),
    tolerance_pct     integer NOT NULL DEFAULT 0 CHECK (tolerance_pct BETWEEN 0 AND 100),
    lead_days         integer NOT NULL DEFAULT 0 CHECK (lead_days BETWEEN 0 AND 366),
    catch_up          text NOT NULL CHECK (catch_up IN ('one', 'all', 'skip')),
    last_completed_on date,
    priority          text NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'critical')),
    job_plan_id       uuid,
    estimated_cost    numeric(18, 4) CHECK (estimated_cost >= 0),
    planned_hours     numeric(10, 2) CHECK (planned_hours >= 0),
    status            text NOT NULL CHECK (status IN ('active', 'paused', 'ended')),
    paused_until      date,
    pause_reason      text NOT NULL DEFAULT '',
    end_reason        text NOT NULL DEFAULT '',
    revision          integer NOT NULL DEFAULT 1,
    -- Where the plan stands; set only by the calculators of models.
    next_due_on       date,                     -- effective (shifted) date of the next calendar occurrence
    next_due_key      text NOT NULL DEFAULT '', -- its nominal date, or m<threshold>
    shift_days        integer NOT NULL DEFAULT 0,
    meter_next        numeric(18, 4),           -- the next threshold
    awaiting          boolean NOT NULL DEFAULT false, -- floating: an open order must be completed before the next date is known
    generate_at       timestamptz,              -- first existing moment of (next due date - lead days) at the site; null: nothing to wait for
    next_action_at    timestamptz,
    process_started_at timestamptz,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT maintenance_schedules_number_key UNIQUE (tenant_id, number),
    CONSTRAINT maintenance_schedules_asset_id_fkey FOREIGN KEY (tenant_id, asset_id) REFERENCES assets,
    CONSTRAINT maintenance_schedules_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations,
    CONSTRAINT maintenance_schedules_meter_id_fkey FOREIGN KEY (tenant_id, meter_id) REFERENCES meters,
    CONSTRAINT maintenance_schedules_job_plan_id_fkey FOREIGN KEY (tenant_id, job_plan_id) REFERENCES job_plans,
    CHECK (rrule <> '' OR meter_id IS NOT NULL),
    CHECK ((rrule = '') = (starts_on IS NULL)),
    CHECK ((meter_id IS NULL) = (meter_every IS NULL))
);
CREATE INDEX maintenance_schedules_claim ON maintenance_schedules (tenant_id, site_id, generate_at)
    WHERE status = 'active' AND generate_at IS NOT NULL;
CREATE INDEX maintenance_schedules_due ON maintenance_schedules (tenant_id, next_due_on, id);
CREATE INDEX maintenance_schedules_title ON maintenance_schedules (tenant_id, title, id);
CREATE INDEX maintenance_schedules_asset ON maintenance_schedules (tenant_id, asset_id);
CREATE INDEX maintenance_schedules_meter ON maintenance_schedules (tenant_id, meter_id) WHERE meter_id IS NOT NULL;
CREATE INDEX maintenance_schedules_late ON maintenance_schedules (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('maintenance_schedules');
CREATE POLICY system_door ON maintenance_schedules FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON maintenance_schedules TO mainstay_system;

-- What a schedule's rule was before each edit: the ledger keeps what was.
CREATE TABLE schedule_revisions (
    tenant_id   uuid NOT NULL,
    schedule_id uuid NOT NULL,
    revision    integer NOT NULL,
    rule        jsonb NOT NULL,
    actor_id    uuid NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, schedule_id, revision),
    FOREIGN KEY (tenant_id, schedule_id) REFERENCES maintenance_schedules
);
SELECT raise_wall('schedule_revisions');

CREATE TABLE work_orders (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    number             text NOT NULL,
    title              text NOT NULL CHECK (title <> ''),
    description        text NOT NULL DEFAULT '',
    type               text NOT NULL CHECK (type IN ('corrective', 'preventive', 'inspection', 'improvement')),
    priority           text NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'critical')),
    status             text NOT NULL CHECK (status IN ('waiting_approval', 'approved', 'waiting_material', 'scheduled', 'in_progress',
                                                       'on_hold', 'completed', 'closed', 'cancelled')),
    asset_id           uuid,
    location_id        uuid NOT NULL,
    site_id            uuid NOT NULL,
    schedule_id        uuid,
    due_key            text,                    -- with schedule_id: the occurrence it was generated for
    work_request_id    uuid,
    parent_id          uuid,
    due_on             date,
    due_at             timestamptz,             -- end of due_on at the site
    start_on           date,
    planned_hours      numeric(10, 2) CHECK (planned_hours >= 0),
    estimated_cost     numeric(18, 4) CHECK (estimated_cost >= 0),
    resolution         text NOT NULL DEFAULT '',
    failure_mode       text NOT NULL DEFAULT '',
    failure_mechanism  text NOT NULL DEFAULT '',
    failure_cause      text NOT NULL DEFAULT '',
    failure_remedy     text NOT NULL DEFAULT '',
    hold_reason        text NOT NULL DEFAULT '',
    cancel_reason      text NOT NULL DEFAULT '',
    requested_by       uuid,                    -- user
    import_key         text,                    -- natural key of an imported row
    approved_at        timestamptz,
    started_at         timestamptz,
    completed_at       timestamptz,
    closed_at          timestamptz,
    cancelled_at       timestamptz,
    reminded_at        timestamptz,             -- when each automatic step was done
    overdue_at         timestamptz,
    escalated_at       timestamptz,
    next_action_at     timestamptz,             -- when the process has something to do or to look at; null when it is over
    process_started_at timestamptz,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT work_orders_number_key UNIQUE (tenant_id, number),
    CONSTRAINT work_orders_asset_id_fkey FOREIGN KEY (tenant_id, asset_id) REFERENCES assets,
    CONSTRAINT work_orders_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations,
    CONSTRAINT work_orders_schedule_id_fkey FOREIGN KEY (tenant_id, schedule_id) REFERENCES maintenance_schedules,
    CONSTRAINT work_orders_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES work_orders,
    CHECK (parent_id <> id)
);
CREATE UNIQUE INDEX work_orders_occurrence_key ON work_orders (tenant_id, schedule_id, due_key) WHERE schedule_id IS NOT NULL;
CREATE UNIQUE INDEX work_orders_import_key ON work_orders (tenant_id, import_key) WHERE import_key IS NOT NULL;
CREATE INDEX work_orders_asset ON work_orders (tenant_id, asset_id, created_at);
CREATE INDEX work_orders_status ON work_orders (tenant_id, status, due_on, id);
CREATE INDEX work_orders_created ON work_orders (tenant_id, created_at, id);
CREATE INDEX work_orders_due ON work_orders (tenant_id, coalesce(due_on, 'infinity'::date), id);
CREATE INDEX work_orders_search ON work_orders USING gin ((number || ' ' || title) gin_trgm_ops);
CREATE INDEX work_orders_parent ON work_orders (tenant_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX work_orders_late ON work_orders (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('work_orders');
CREATE POLICY system_door ON work_orders FOR SELECT TO mainstay_system USING (true);
CREATE POLICY search_door ON work_orders FOR SELECT TO mainstay_search USING (true);
GRANT SELECT ON work_orders TO mainstay_system, mainstay_search;

-- Up to p_cap ids of the scope's tenant whose number or title holds the text; the caller sorts and pages them.
-- +goose StatementBegin
CREATE FUNCTION search_work_orders(p_text text, p_cap integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT id FROM work_orders
    WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
      AND (number || ' ' || title) ILIKE '%' || replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    LIMIT p_cap
$$;
-- +goose StatementEnd
ALTER FUNCTION search_work_orders(text, integer) OWNER TO mainstay_search;
REVOKE ALL ON FUNCTION search_work_orders(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_work_orders(text, integer) TO mainstay_app;

ALTER TABLE downtimes ADD CONSTRAINT downtimes_work_order_id_fkey FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders;

CREATE TABLE work_order_assignees (
    tenant_id     uuid NOT NULL,
    work_order_id uuid NOT NULL,
    user_id       uuid NOT NULL,
    PRIMARY KEY (tenant_id, work_order_id, user_id),
    FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders,
    CONSTRAINT work_order_assignees_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users
);
CREATE INDEX work_order_assignees_user ON work_order_assignees (tenant_id, user_id, work_order_id);
SELECT raise_wall('work_order_assignees');

-- The ledger of due dates: UNIQUE (schedule, due_key) is the point where generation happens exactly once.
CREATE TABLE occurrences (
    tenant_id     uuid NOT NULL,
    schedule_id   uuid NOT NULL,
    due_key       text NOT NULL,
    due_on        date NOT NULL,
    status        text NOT NULL CHECK (status IN ('forecast', 'due', 'generated', 'suppressed', 'skipped', 'missed', 'completed',
                                                  'cancelled')),
    revision      integer NOT NULL,
    work_order_id uuid,
    suppressed_by text,                         -- due_key of the occurrence that covers this one
    reason        text NOT NULL DEFAULT '',
    actor_id      uuid,
    caught_up_at  timestamptz,
    completed_on  date,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, schedule_id, due_key),
    FOREIGN KEY (tenant_id, schedule_id) REFERENCES maintenance_schedules,
    FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders
);
CREATE INDEX occurrences_moved ON occurrences (tenant_id, schedule_id) WHERE status = 'forecast';
SELECT raise_wall('occurrences');

-- One planner a site: what it waits for, so that it is woken only when an earlier date appears.
CREATE TABLE maintenance_planners (
    tenant_id          uuid NOT NULL,
    site_id            uuid NOT NULL,
    waits_until        timestamptz,             -- null: it sleeps until it is woken
    woken_at           timestamptz,             -- a wake under way that it has not yet read
    generated_at       timestamptz,
    checked_at         timestamptz,             -- last comparison of ledger and forecast
    next_action_at     timestamptz,
    process_started_at timestamptz,
    PRIMARY KEY (tenant_id, site_id),
    FOREIGN KEY (tenant_id, site_id) REFERENCES locations
);
CREATE INDEX maintenance_planners_late ON maintenance_planners (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('maintenance_planners');
CREATE POLICY system_door ON maintenance_planners FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON maintenance_planners TO mainstay_system;

CREATE TABLE labor_entries (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    work_order_id uuid NOT NULL,
    asset_id      uuid,
    user_id       uuid NOT NULL,
    worked_on     date NOT NULL,
    hours         numeric(10, 4) NOT NULL CHECK (hours > 0),
    rate          numeric(18, 4) NOT NULL CHECK (rate >= 0),
    amount        numeric(18, 4) NOT NULL,
    currency      text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('regular', 'overtime', 'travel')),
    actor_id      uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT labor_entries_work_order_id_fkey FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders,
    CONSTRAINT labor_entries_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users
);
CREATE INDEX labor_entries_work_order ON labor_entries (tenant_id, work_order_id);
CREATE INDEX labor_entries_day ON labor_entries (tenant_id, worked_on);
CREATE INDEX labor_entries_asset ON labor_entries (tenant_id, asset_id, worked_on);
SELECT raise_wall('labor_entries');

CREATE TABLE work_order_costs (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    work_order_id uuid NOT NULL,
    asset_id      uuid,
    kind          text NOT NULL CHECK (kind IN ('parts', 'services', 'other')),
    amount        numeric(18, 4) NOT NULL,      -- negative: a credit
    currency      text NOT NULL,
    description   text NOT NULL DEFAULT '',
    incurred_on   date NOT NULL,
    actor_id      uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT work_order_costs_work_order_id_fkey FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders
);
CREATE INDEX work_order_costs_work_order ON work_order_costs (tenant_id, work_order_id);
CREATE INDEX work_order_costs_day ON work_order_costs (tenant_id, incurred_on);
CREATE INDEX work_order_costs_asset ON work_order_costs (tenant_id, asset_id, incurred_on);
SELECT raise_wall('work_order_costs');

CREATE TABLE comments (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    subject_type text NOT NULL CHECK (subject_type IN ('work_order', 'work_request')),
    subject_id   uuid NOT NULL,
    author_id    uuid NOT NULL,
    text         text NOT NULL CHECK (text <> ''),
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX comments_subject ON comments (tenant_id, subject_type, subject_id, created_at);
SELECT raise_wall('comments');

CREATE TABLE work_requests (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    number        text NOT NULL,
    title         text NOT NULL CHECK (title <> ''),
    description   text NOT NULL DEFAULT '',
    asset_id      uuid,
    location_id   uuid NOT NULL,
    site_id       uuid NOT NULL,
    status        text NOT NULL CHECK (status IN ('new', 'accepted', 'rejected', 'duplicate')),
    reject_reason text NOT NULL DEFAULT '',
    duplicate_of  uuid,
    work_order_id uuid,
    requested_by  uuid NOT NULL,
    decided_by    uuid,
    decided_at    timestamptz,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT work_requests_number_key UNIQUE (tenant_id, number),
    CONSTRAINT work_requests_asset_id_fkey FOREIGN KEY (tenant_id, asset_id) REFERENCES assets,
    CONSTRAINT work_requests_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations,
    CONSTRAINT work_requests_duplicate_of_fkey FOREIGN KEY (tenant_id, duplicate_of) REFERENCES work_requests,
    CONSTRAINT work_requests_work_order_id_fkey FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders
        DEFERRABLE INITIALLY DEFERRED, -- set in the transaction that creates the order
    CHECK (duplicate_of <> id)
);
CREATE INDEX work_requests_status ON work_requests (tenant_id, status, created_at);
SELECT raise_wall('work_requests');

-- One row for each person and cause: the mail's Message-ID is derived from its id, so a repeat never makes a second mail.
CREATE TABLE notifications (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,           -- UUIDv5 of cause and recipient
    user_id            uuid NOT NULL,
    kind               text NOT NULL,           -- 'work_order.due', 'work_order.overdue', 'work_order.assigned', ...
    subject_type       text NOT NULL,
    subject_id         uuid NOT NULL,
    title              text NOT NULL,
    body               text NOT NULL DEFAULT '',
    created_at         timestamptz NOT NULL,
    read_at            timestamptz,
    mailed_at          timestamptz,
    mail_error         text NOT NULL DEFAULT '',
    next_action_at     timestamptz,             -- mail still to be sent
    process_started_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT notifications_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users
);
CREATE INDEX notifications_user ON notifications (tenant_id, user_id, created_at);
CREATE INDEX notifications_late ON notifications (next_action_at) WHERE next_action_at IS NOT NULL;
SELECT raise_wall('notifications');
CREATE POLICY system_door ON notifications FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON notifications TO mainstay_system;
