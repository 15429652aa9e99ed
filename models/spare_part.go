package models

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// SparePart says that an item belongs into an asset, or into every asset of a template, so many units of it.
type SparePart struct {
	TenantID        uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	AssetID         *uuid.UUID
	AssetTemplateID *uuid.UUID // either, never both
	ItemID          uuid.UUID
	Quantity        decimal.Decimal // in the item's unit
	Note            string          // where it sits
	CreatedAt       time.Time       `gorm:"autoCreateTime:false"`

	EnteredQuantity *decimal.Decimal // as it was entered, in another unit than the item's
	EnteredUnit     *string
}

// NewSparePart is one line of a list of spare parts.
type NewSparePart struct {
	ItemID   uuid.UUID
	Quantity decimal.Decimal
	Unit     string // of Quantity; empty: the item's own
	Note     string
}

// Of is the line as it is kept of an item counted in these units; was is the item's line before, nil where there was none. A line that
// names no unit and comes to the same is the line before: it stays as it was entered. pointer is the line's in the list.
func (n NewSparePart) Of(units ItemUnits, was *SparePart, pointer string) (SparePart, Faults) {
	p := SparePart{ItemID: n.ItemID, Quantity: n.Quantity, Note: n.Note}
	if n.Unit == "" && was != nil && was.Quantity.Equal(n.Quantity) {
		p.EnteredQuantity, p.EnteredUnit = was.EnteredQuantity, was.EnteredUnit
	}
	if n.Unit == "" || n.Unit == units.Unit {
		return p, nil
	}
	factor, known := units.Factor(n.Unit)
	if !known {
		return p, units.NotIn(pointer+"/unit", n.Unit)
	}
	var f Faults
	p.Quantity, f = units.ToStock(pointer+"/quantity", n.Quantity, factor)
	p.EnteredQuantity, p.EnteredUnit = &n.Quantity, &n.Unit
	return p, f
}

// MaxSpareParts bounds a list.
const MaxSpareParts = 500

// ValidateSpareParts checks a list: an item stands in it once, with a quantity.
func ValidateSpareParts(list []NewSparePart) error {
	var f Faults
	f.Add(len(list) > MaxSpareParts, "/items", "maxItems", "A list has at most %d spare parts.", MaxSpareParts)
	seen := make(map[uuid.UUID]bool, len(list))
	for i, p := range list {
		at := fmt.Sprintf("/items/%d", i)
		f.Add(p.ItemID == uuid.Nil, at+"/item_id", "required", "An item is needed.")
		f.Add(seen[p.ItemID], at+"/item_id", "duplicate", "This item stands in the list already.")
		seen[p.ItemID] = true
		f.Add(!p.Quantity.IsPositive(), at+"/quantity", "minimum", "A quantity is above 0.")
		f = append(f, quantityFaults(at+"/quantity", p.Quantity)...)
	}
	return f.Err()
}
