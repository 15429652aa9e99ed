-- +goose Up
CREATE TABLE suppliers (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    code        text NOT NULL CHECK (code <> ''),
    name        text NOT NULL CHECK (name <> ''),
    email       text NOT NULL DEFAULT '',
    phone       text NOT NULL DEFAULT '',
    lead_days   integer CHECK (lead_days >= 0),
    archived_at timestamptz,
    version     integer NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT suppliers_code_key UNIQUE (tenant_id, code)
);
SELECT raise_wall('suppliers');

CREATE TABLE items (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    code          text NOT NULL CHECK (code <> ''),
    name          text NOT NULL CHECK (name <> ''),
    description   text NOT NULL DEFAULT '',
    unit          text NOT NULL CHECK (unit <> ''),
    barcode       text,
    costing       text NOT NULL CHECK (costing IN ('moving_average', 'fifo')),
    tracking      text NOT NULL CHECK (tracking IN ('none', 'lot', 'serial')),
    reorder_point numeric(20, 6) CHECK (reorder_point >= 0),
    safety_stock  numeric(20, 6) CHECK (safety_stock >= 0),
    max_stock     numeric(20, 6) CHECK (max_stock >= 0),
    supplier_id   uuid,
    lead_days     integer CHECK (lead_days >= 0),
    unit_cost     numeric(18, 4) CHECK (unit_cost >= 0),
    archived_at   timestamptz,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT items_code_key UNIQUE (tenant_id, code),
    CONSTRAINT items_barcode_key UNIQUE (tenant_id, barcode),
    CONSTRAINT items_supplier_id_fkey FOREIGN KEY (tenant_id, supplier_id) REFERENCES suppliers
);
SELECT raise_wall('items');

-- The ledger: a movement and its lines are written once.
CREATE TABLE stock_movements (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('receipt', 'issue', 'return', 'transfer', 'adjustment', 'scrap', 'reversal')),
    item_id        uuid NOT NULL,
    location_id    uuid NOT NULL,
    to_location_id uuid,
    quantity       numeric(20, 6) NOT NULL CHECK (quantity <> 0),
    value          numeric(18, 4) NOT NULL,
    currency       text NOT NULL,
    work_order_id  uuid,
    cost_center_id uuid,
    lot            text NOT NULL DEFAULT '',
    serial         text NOT NULL DEFAULT '',
    reason         text NOT NULL DEFAULT '',
    reversal_of    uuid,
    actor_id       uuid NOT NULL,
    posted_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT stock_movements_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items,
    CONSTRAINT stock_movements_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations,
    CONSTRAINT stock_movements_to_location_id_fkey FOREIGN KEY (tenant_id, to_location_id) REFERENCES locations,
    CONSTRAINT stock_movements_work_order_id_fkey FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders,
    CONSTRAINT stock_movements_cost_center_id_fkey FOREIGN KEY (tenant_id, cost_center_id) REFERENCES cost_centers,
    CONSTRAINT stock_movements_reversal_of_fkey FOREIGN KEY (tenant_id, reversal_of) REFERENCES stock_movements,
    CONSTRAINT stock_movements_reversal_of_key UNIQUE (tenant_id, reversal_of)
);
CREATE INDEX stock_movements_item ON stock_movements (tenant_id, item_id, posted_at, id);
CREATE INDEX stock_movements_work_order ON stock_movements (tenant_id, work_order_id) WHERE work_order_id IS NOT NULL;
CREATE INDEX stock_movements_posted_at ON stock_movements (tenant_id, posted_at, id);
SELECT raise_wall('stock_movements');
REVOKE UPDATE, DELETE ON stock_movements FROM mainstay_app;
CREATE TRIGGER stock_movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movements
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE TABLE stock_entries (
    tenant_id   uuid NOT NULL,
    movement_id uuid NOT NULL,
    line        integer NOT NULL,
    item_id     uuid NOT NULL,
    location_id uuid NOT NULL,
    lot         text NOT NULL DEFAULT '',
    serial      text NOT NULL DEFAULT '',
    quantity    numeric(20, 6) NOT NULL CHECK (quantity <> 0),
    value       numeric(18, 4) NOT NULL,
    PRIMARY KEY (tenant_id, movement_id, line),
    CONSTRAINT stock_entries_movement_id_fkey FOREIGN KEY (tenant_id, movement_id) REFERENCES stock_movements
);
CREATE INDEX stock_entries_item ON stock_entries (tenant_id, item_id, location_id);
SELECT raise_wall('stock_entries');
REVOKE UPDATE, DELETE ON stock_entries FROM mainstay_app;
CREATE TRIGGER stock_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_entries
    FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- What the ledger adds up to, kept in the same transaction. The checks are the last judge: stock is never negative.
CREATE TABLE stock_values (
    tenant_id uuid NOT NULL,
    item_id   uuid NOT NULL,
    quantity  numeric(20, 6) NOT NULL CHECK (quantity >= 0),
    value     numeric(18, 4) NOT NULL CHECK (value >= 0 AND (quantity > 0 OR value = 0)),
    PRIMARY KEY (tenant_id, item_id),
    CONSTRAINT stock_values_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items
) WITH (fillfactor = 70);
SELECT raise_wall('stock_values');

CREATE TABLE stock_balances (
    tenant_id   uuid NOT NULL,
    item_id     uuid NOT NULL,
    location_id uuid NOT NULL,
    on_hand     numeric(20, 6) NOT NULL CHECK (on_hand >= 0),
    reserved    numeric(20, 6) NOT NULL DEFAULT 0 CHECK (reserved >= 0 AND reserved <= on_hand),
    PRIMARY KEY (tenant_id, item_id, location_id),
    CONSTRAINT stock_balances_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items,
    CONSTRAINT stock_balances_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations
) WITH (fillfactor = 70);
CREATE INDEX stock_balances_location ON stock_balances (tenant_id, location_id);
SELECT raise_wall('stock_balances');

-- Lots and serial numbers of the items that are kept by them. A serial number is one unit, wherever it is.
CREATE TABLE stock_lots (
    tenant_id   uuid NOT NULL,
    item_id     uuid NOT NULL,
    location_id uuid NOT NULL,
    lot         text NOT NULL DEFAULT '',
    serial      text NOT NULL DEFAULT '',
    on_hand     numeric(20, 6) NOT NULL,
    CONSTRAINT stock_lots_serial_check CHECK (on_hand >= 0 AND (serial = '' OR on_hand <= 1)),
    PRIMARY KEY (tenant_id, item_id, location_id, lot, serial)
);
CREATE UNIQUE INDEX stock_lots_serial_key ON stock_lots (tenant_id, item_id, serial) WHERE serial <> '' AND on_hand > 0;
SELECT raise_wall('stock_lots');

CREATE TABLE cost_layers (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    item_id     uuid NOT NULL,
    quantity    numeric(20, 6) NOT NULL CHECK (quantity >= 0),
    value       numeric(18, 4) NOT NULL CHECK (value >= 0 AND (quantity > 0 OR value = 0)),
    received_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT cost_layers_id_fkey FOREIGN KEY (tenant_id, id) REFERENCES stock_movements
);
CREATE INDEX cost_layers_item ON cost_layers (tenant_id, item_id, received_at, id) WHERE quantity > 0;
SELECT raise_wall('cost_layers');

CREATE TABLE reservations (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    work_order_id uuid NOT NULL,
    item_id       uuid NOT NULL,
    location_id   uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('hard', 'soft')),
    status        text NOT NULL CHECK (status IN ('reserved', 'backordered', 'issued', 'released', 'expired')),
    quantity      numeric(20, 6) NOT NULL CHECK (quantity > 0),
    held          numeric(20, 6) NOT NULL CHECK (held >= 0),
    issued        numeric(20, 6) NOT NULL CHECK (issued >= 0),
    expires_on    date,
    actor_id      uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT reservations_work_order_id_fkey FOREIGN KEY (tenant_id, work_order_id) REFERENCES work_orders,
    CONSTRAINT reservations_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items,
    CONSTRAINT reservations_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations
);
CREATE INDEX reservations_work_order ON reservations (tenant_id, work_order_id, created_at);
CREATE INDEX reservations_open ON reservations (tenant_id, item_id, location_id, created_at) WHERE status IN ('reserved', 'backordered');
SELECT raise_wall('reservations');

-- What the sweeper ends: reservations whose day has passed at their site.
-- +goose StatementBegin
CREATE FUNCTION expired_reservations(p_cap integer) RETURNS SETOF reservations
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
    SELECT r.* FROM reservations r JOIN locations l ON l.tenant_id = r.tenant_id AND l.id = r.location_id
    WHERE r.status IN ('reserved', 'backordered') AND r.expires_on < (now() AT TIME ZONE l.time_zone)::date
    ORDER BY r.expires_on LIMIT p_cap
$$;
-- +goose StatementEnd
CREATE POLICY system_door ON reservations FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON reservations TO mainstay_system;
CREATE POLICY system_door ON locations FOR SELECT TO mainstay_system USING (true);
GRANT SELECT ON locations TO mainstay_system;
ALTER FUNCTION expired_reservations(integer) OWNER TO mainstay_system;
REVOKE ALL ON FUNCTION expired_reservations(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expired_reservations(integer) TO mainstay_app;
CREATE INDEX reservations_expiring ON reservations (expires_on) WHERE expires_on IS NOT NULL AND status IN ('reserved', 'backordered');
