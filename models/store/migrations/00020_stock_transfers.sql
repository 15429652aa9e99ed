-- +goose Up
-- Where stock is that left one storeroom and has not come to the other: a place of its own below the one it goes to.
ALTER TABLE locations DROP CONSTRAINT locations_kind_check;
ALTER TABLE locations ADD CONSTRAINT locations_kind_check
    CHECK (kind IN ('site', 'plant', 'building', 'floor', 'room', 'area', 'unit', 'system', 'line', 'position', 'storeroom', 'bin', 'transit'));

CREATE TABLE stock_transfers (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    number         text NOT NULL,
    item_id        uuid NOT NULL,
    location_id    uuid NOT NULL,
    to_location_id uuid NOT NULL CHECK (to_location_id <> location_id),
    transit_id     uuid NOT NULL,
    quantity       numeric(20, 6) NOT NULL CHECK (quantity > 0),
    received       numeric(20, 6) NOT NULL DEFAULT 0 CHECK (received >= 0),
    returned       numeric(20, 6) NOT NULL DEFAULT 0 CHECK (returned >= 0),
    lost           numeric(20, 6) NOT NULL DEFAULT 0 CHECK (lost >= 0),
    lot            text NOT NULL DEFAULT '',
    serial         text NOT NULL DEFAULT '',
    reason         text NOT NULL DEFAULT '',
    actor_id       uuid NOT NULL,
    sent_at        timestamptz NOT NULL,
    closed_at      timestamptz,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT stock_transfers_number_key UNIQUE (tenant_id, number),
    CONSTRAINT stock_transfers_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items,
    CONSTRAINT stock_transfers_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES locations,
    CONSTRAINT stock_transfers_to_location_id_fkey FOREIGN KEY (tenant_id, to_location_id) REFERENCES locations,
    CONSTRAINT stock_transfers_transit_id_fkey FOREIGN KEY (tenant_id, transit_id) REFERENCES locations,
    CHECK (received + returned + lost <= quantity),
    CHECK ((closed_at IS NOT NULL) = (received + returned + lost = quantity))
);
CREATE INDEX stock_transfers_sent_at ON stock_transfers (tenant_id, sent_at, id);
CREATE INDEX stock_transfers_open ON stock_transfers (tenant_id, item_id) WHERE closed_at IS NULL;
SELECT raise_wall('stock_transfers');

ALTER TABLE stock_movements ADD COLUMN transfer_id uuid,
    ADD CONSTRAINT stock_movements_transfer_id_fkey FOREIGN KEY (tenant_id, transfer_id) REFERENCES stock_transfers DEFERRABLE INITIALLY DEFERRED;
