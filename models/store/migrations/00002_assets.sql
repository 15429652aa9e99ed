-- +goose Up
CREATE TABLE locations (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    code        text NOT NULL CHECK (code <> ''),
    name        text NOT NULL CHECK (name <> ''),
    kind        text NOT NULL CHECK (kind IN ('site', 'plant', 'building', 'floor', 'room', 'area', 'unit', 'system', 'line',
                                              'position', 'storeroom', 'bin')),
    parent_id   uuid,
    site_id     uuid NOT NULL,              -- the root of its tree; a root is its own site
    time_zone   text NOT NULL,              -- IANA; inherited from the site where it is not given
    archived_at timestamptz,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT locations_code_key UNIQUE (tenant_id, code),
    CONSTRAINT locations_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES locations,
    CONSTRAINT locations_site_id_fkey FOREIGN KEY (tenant_id, site_id) REFERENCES locations DEFERRABLE INITIALLY DEFERRED,
    CHECK (parent_id <> id),
    CHECK ((parent_id IS NULL) = (site_id = id)),
    CHECK (parent_id IS NOT NULL OR kind = 'site')
);
CREATE INDEX locations_parent ON locations (tenant_id, parent_id, code);
SELECT raise_wall('locations');

-- Closure of the location tree: one row for each ancestor of a location, itself included. It answers «with descendants» and
-- a person's location scope with one indexed look.
CREATE TABLE location_paths (
    tenant_id     uuid NOT NULL,
    ancestor_id   uuid NOT NULL,
    descendant_id uuid NOT NULL,
    depth         integer NOT NULL CHECK (depth >= 0),
    PRIMARY KEY (tenant_id, ancestor_id, descendant_id),
    FOREIGN KEY (tenant_id, ancestor_id) REFERENCES locations,
    FOREIGN KEY (tenant_id, descendant_id) REFERENCES locations
);
CREATE INDEX location_paths_descendant ON location_paths (tenant_id, descendant_id, depth);
SELECT raise_wall('location_paths');

CREATE TABLE cost_centers (
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
    CONSTRAINT cost_centers_code_key UNIQUE (tenant_id, code),
    CONSTRAINT cost_centers_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES cost_centers,
    CHECK (parent_id <> id)
);
SELECT raise_wall('cost_centers');

CREATE TABLE asset_categories (
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
    CONSTRAINT asset_categories_code_key UNIQUE (tenant_id, code),
    CONSTRAINT asset_categories_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES asset_categories,
    CHECK (parent_id <> id)
);
SELECT raise_wall('asset_categories');

CREATE TABLE asset_templates (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    code         text NOT NULL CHECK (code <> ''),
    name         text NOT NULL CHECK (name <> ''),
    category_id  uuid NOT NULL,
    manufacturer text NOT NULL DEFAULT '',
    model        text NOT NULL DEFAULT '',
    criticality  text NOT NULL DEFAULT '',
    fields       jsonb,                     -- JSON Schema (an object) of the custom fields of assets made from it
    archived_at  timestamptz,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT asset_templates_code_key UNIQUE (tenant_id, code),
    CONSTRAINT asset_templates_category_id_fkey FOREIGN KEY (tenant_id, category_id) REFERENCES asset_categories
);
SELECT raise_wall('asset_templates');

CREATE TABLE assets (
    tenant_id          uuid NOT NULL,
    id                 uuid NOT NULL,
    code               text NOT NULL CHECK (code <> ''),
    name               text NOT NULL CHECK (name <> ''),
    description        text NOT NULL DEFAULT '',
    category_id        uuid NOT NULL,
    location_id        uuid NOT NULL,
    site_id            uuid NOT NULL,
    parent_id          uuid,
    template_id        uuid,
    department_id      uuid,
    cost_center_id     uuid,
    serial_number      text,
    barcode            text,
    manufacturer       text NOT NULL DEFAULT '',
    model              text NOT NULL DEFAULT '',
    criticality        text NOT NULL DEFAULT '' CHECK (criticality IN ('', 'A', 'B', 'C')),
    lifecycle_state    text NOT NULL CHECK (lifecycle_state IN ('planned', 'ordered', 'received', 'commissioning', 'in_service',
                                                                'decommissioned', 'in_store', 'disposed', 'lost')),
    operating_state    text NOT NULL CHECK (operating_state IN ('up', 'down', 'degraded', 'standby', 'idle', 'disabled')),
    custody            text NOT NULL CHECK (custody IN ('available', 'reserved', 'checked_out', 'accepted', 'declined', 'overdue')),
    purchase_price     numeric(18, 4) CHECK (purchase_price >= 0),
    purchase_currency  text CHECK (purchase_currency ~ '^[A-Z]{3}$'),
    purchased_on       date,
    installed_on       date,
    warranty_until     date,
    replacement_price  numeric(18, 4) CHECK (replacement_price >= 0),
    fields             jsonb NOT NULL DEFAULT '{}',
    archived_at        timestamptz,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT assets_code_key UNIQUE (tenant_id, code),
    CONSTRAINT assets_category_id_fkey FOREIGN KEY (tenant_id, category_id) REFERENCES asset_categories,
    CONSTRAINT assets_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations,
    CONSTRAINT assets_parent_id_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES assets,
    CONSTRAINT assets_template_id_fkey FOREIGN KEY (tenant_id, template_id) REFERENCES asset_templates,
    CONSTRAINT assets_department_id_fkey FOREIGN KEY (tenant_id, department_id) REFERENCES departments,
    CONSTRAINT assets_cost_center_id_fkey FOREIGN KEY (tenant_id, cost_center_id) REFERENCES cost_centers,
    CHECK (parent_id <> id)
);
CREATE UNIQUE INDEX assets_serial_number_key ON assets (tenant_id, serial_number) WHERE serial_number IS NOT NULL;
CREATE UNIQUE INDEX assets_barcode_key ON assets (tenant_id, barcode) WHERE barcode IS NOT NULL;
CREATE INDEX assets_name ON assets (tenant_id, name, id);
CREATE INDEX assets_location ON assets (tenant_id, location_id);
CREATE INDEX assets_parent ON assets (tenant_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX assets_category ON assets (tenant_id, category_id);
CREATE INDEX assets_search ON assets USING gin ((code || ' ' || name || ' ' || coalesce(serial_number, '')) gin_trgm_ops);
SELECT raise_wall('assets');
CREATE POLICY search_door ON assets FOR SELECT TO mainstay_search USING (true);
CREATE POLICY system_door ON assets FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON assets TO mainstay_search, mainstay_system;

-- Up to p_cap ids of the scope's tenant whose code, name or serial number holds the text; the caller sorts and pages them.
-- +goose StatementBegin
CREATE FUNCTION search_assets(p_text text, p_cap integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT id FROM assets
    WHERE tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
      AND (code || ' ' || name || ' ' || coalesce(serial_number, '')) ILIKE
          '%' || replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_') || '%'
    LIMIT p_cap
$$;
-- +goose StatementEnd
ALTER FUNCTION search_assets(text, integer) OWNER TO mainstay_search;
REVOKE ALL ON FUNCTION search_assets(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_assets(text, integer) TO mainstay_app;

-- Where an asset stood: append-only history of moves.
CREATE TABLE asset_moves (
    tenant_id        uuid NOT NULL,
    id               uuid NOT NULL,
    asset_id         uuid NOT NULL,
    from_location_id uuid NOT NULL,
    to_location_id   uuid NOT NULL,
    from_parent_id   uuid,
    to_parent_id     uuid,
    moved_at         timestamptz NOT NULL,
    reason           text NOT NULL,
    actor_id         uuid NOT NULL,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, asset_id) REFERENCES assets,
    FOREIGN KEY (tenant_id, from_location_id) REFERENCES locations,
    CONSTRAINT asset_moves_to_location_id_fkey FOREIGN KEY (tenant_id, to_location_id) REFERENCES locations
);
CREATE INDEX asset_moves_asset ON asset_moves (tenant_id, asset_id, moved_at);
SELECT raise_wall('asset_moves');

CREATE TABLE meters (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    asset_id    uuid NOT NULL,
    name        text NOT NULL CHECK (name <> ''),
    unit        text NOT NULL CHECK (unit <> ''),
    kind        text NOT NULL CHECK (kind IN ('continuous', 'gauge')),
    rollover_at numeric(18, 4) CHECK (rollover_at > 0), -- where a continuous meter starts again at zero
    last_value  numeric(18, 4),             -- as read
    last_total  numeric(18, 4),             -- running total over rollovers (continuous meters)
    last_read_at timestamptz,
    archived_at timestamptz,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT meters_name_key UNIQUE (tenant_id, asset_id, name),
    CONSTRAINT meters_asset_id_fkey FOREIGN KEY (tenant_id, asset_id) REFERENCES assets
);
SELECT raise_wall('meters');

CREATE TABLE meter_readings (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    meter_id   uuid NOT NULL,
    value      numeric(18, 4) NOT NULL,
    total      numeric(18, 4),
    read_at    timestamptz NOT NULL,
    actor_id   uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT meter_readings_read_at_key UNIQUE (tenant_id, meter_id, read_at),
    CONSTRAINT meter_readings_meter_id_fkey FOREIGN KEY (tenant_id, meter_id) REFERENCES meters
);
SELECT raise_wall('meter_readings');

CREATE TABLE downtimes (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    asset_id      uuid NOT NULL,
    work_order_id uuid,
    started_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    kind          text NOT NULL CHECK (kind IN ('planned', 'unplanned')),
    reason        text NOT NULL DEFAULT '',
    actor_id      uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT downtimes_asset_id_fkey FOREIGN KEY (tenant_id, asset_id) REFERENCES assets,
    CHECK (ended_at >= started_at)
);
CREATE INDEX downtimes_asset ON downtimes (tenant_id, asset_id, started_at);
SELECT raise_wall('downtimes');

CREATE TABLE attachments (
    tenant_id    uuid NOT NULL REFERENCES tenants,
    id           uuid NOT NULL,
    subject_type text NOT NULL,
    subject_id   uuid NOT NULL,
    filename     text NOT NULL CHECK (filename <> ''),
    content_type text NOT NULL DEFAULT 'application/octet-stream',
    size_bytes   bigint NOT NULL CHECK (size_bytes >= 0),
    sha256       bytea NOT NULL CHECK (length(sha256) = 32),
    object_key   text NOT NULL,
    version_id   text NOT NULL DEFAULT '',  -- of the stored object
    uploaded_at  timestamptz,               -- null until the content is stored and its size and hash agree
    deleted_at   timestamptz,
    actor_id     uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX attachments_subject ON attachments (tenant_id, subject_type, subject_id, created_at);
SELECT raise_wall('attachments');
