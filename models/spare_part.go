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
}

// NewSparePart is one line of a list of spare parts.
type NewSparePart struct {
	ItemID   uuid.UUID
	Quantity decimal.Decimal
	Note     string
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
