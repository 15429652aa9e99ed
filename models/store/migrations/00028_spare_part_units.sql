-- +goose Up
-- What a person entered in another unit than the item's.
ALTER TABLE spare_parts
    ADD COLUMN entered_quantity numeric(20, 6) CHECK (entered_quantity > 0),
    ADD COLUMN entered_unit     text,
    ADD CHECK ((entered_quantity IS NULL) = (entered_unit IS NULL));
