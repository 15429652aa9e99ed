-- +goose Up
-- Units beside the one in which an item is kept: how many of its own unit one of them is, exactly. decimals is how finely it is kept.
ALTER TABLE items
    ADD COLUMN purchase_unit   text CHECK (purchase_unit <> ''),
    ADD COLUMN purchase_factor numeric(20, 6) CHECK (purchase_factor > 0),
    ADD COLUMN issue_unit      text CHECK (issue_unit <> ''),
    ADD COLUMN issue_factor    numeric(20, 6) CHECK (issue_factor > 0),
    ADD COLUMN decimals        smallint NOT NULL DEFAULT 6 CHECK (decimals BETWEEN 0 AND 6),
    ADD CHECK ((purchase_unit IS NULL) = (purchase_factor IS NULL)),
    ADD CHECK ((issue_unit IS NULL) = (issue_factor IS NULL)),
    ADD CHECK (tracking <> 'serial' OR (purchase_unit IS NULL AND issue_unit IS NULL));

-- What a person entered in another unit than the item's.
ALTER TABLE stock_movements
    ADD COLUMN entered_quantity numeric(20, 6),
    ADD COLUMN entered_unit     text,
    ADD CHECK ((entered_quantity IS NULL) = (entered_unit IS NULL));

-- The unit of price, least quantity and pack; none is the item's own.
ALTER TABLE catalog_entries ADD COLUMN price_unit text CHECK (price_unit <> '');

-- Of an item's line: how many of the item's unit one of the line's is, as it was when it was written.
ALTER TABLE purchase_order_lines ADD COLUMN unit_factor numeric(20, 6) NOT NULL DEFAULT 1 CHECK (unit_factor > 0);
