-- +goose Up
-- Which items belong into an asset, or into every asset of a template.
CREATE TABLE spare_parts (
    tenant_id         uuid NOT NULL,
    id                uuid NOT NULL,
    asset_id          uuid,
    asset_template_id uuid,
    item_id           uuid NOT NULL,
    quantity          numeric(20, 6) NOT NULL CHECK (quantity > 0),
    note              text NOT NULL DEFAULT '',
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT spare_parts_asset_id_fkey FOREIGN KEY (tenant_id, asset_id) REFERENCES assets,
    CONSTRAINT spare_parts_asset_template_id_fkey FOREIGN KEY (tenant_id, asset_template_id) REFERENCES asset_templates,
    CONSTRAINT spare_parts_item_id_fkey FOREIGN KEY (tenant_id, item_id) REFERENCES items,
    CHECK ((asset_id IS NULL) <> (asset_template_id IS NULL))
);
CREATE UNIQUE INDEX spare_parts_asset_key ON spare_parts (tenant_id, asset_id, item_id) WHERE asset_id IS NOT NULL;
CREATE UNIQUE INDEX spare_parts_asset_template_key ON spare_parts (tenant_id, asset_template_id, item_id) WHERE asset_template_id IS NOT NULL;
CREATE INDEX spare_parts_item ON spare_parts (tenant_id, item_id);
SELECT raise_wall('spare_parts');
