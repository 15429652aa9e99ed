-- +goose Up
-- Where deliveries lie until they are put away, and the movement that does it.
ALTER TABLE locations DROP CONSTRAINT locations_kind_check;
ALTER TABLE locations ADD CONSTRAINT locations_kind_check
    CHECK (kind IN ('site', 'plant', 'building', 'floor', 'room', 'area', 'unit', 'system', 'line', 'position', 'storeroom', 'bin', 'receiving', 'transit'));
CREATE INDEX locations_receiving ON locations (tenant_id) WHERE kind = 'receiving';

ALTER TABLE stock_movements DROP CONSTRAINT stock_movements_kind_check;
ALTER TABLE stock_movements ADD CONSTRAINT stock_movements_kind_check
    CHECK (kind IN ('receipt', 'issue', 'return', 'transfer', 'put_away', 'adjustment', 'scrap', 'reversal', 'return_to_vendor'));
ALTER TABLE stock_movements ADD CONSTRAINT stock_movements_put_away_check CHECK (kind <> 'put_away' OR (to_location_id IS NOT NULL AND value = 0));
