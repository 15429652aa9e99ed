package models

import (
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// CatalogEntry is what a supplier asks for an item, and how it delivers it.
type CatalogEntry struct {
	Record
	SupplierID   uuid.UUID
	ItemID       uuid.UUID
	SupplierCode string          // the supplier's own number of the item
	Price        decimal.Decimal // of one of the unit, tax excluded
	PriceUnit    *string         // of price, least quantity and pack; nil: the item's own
	Currency     string          // ISO 4217
	LeadDays     *int            // from order to delivery; nil: the item's, else the supplier's
	MinQuantity  *decimal.Decimal
	PackQuantity *decimal.Decimal // it is sold in multiples of this
}

// Validate checks what can be checked without the database.
func (c *CatalogEntry) Validate() error {
	var f Faults
	f.Add(c.SupplierID == uuid.Nil, "/supplier_id", "required", "A supplier is needed.")
	f.Add(c.ItemID == uuid.Nil, "/item_id", "required", "An item is needed.")
	f.Add(len([]rune(c.SupplierCode)) > maxCode, "/supplier_code", "maxLength", "A code has at most %d characters.", maxCode)
	f.Add(c.PriceUnit != nil && *c.PriceUnit == "", "/unit", "minLength", "A unit is not empty.")
	f.Add(c.Price.IsNegative() || c.Price.GreaterThan(maxAmount), "/price", "range", "A price is 0 to %s.", maxAmount)
	f.Add(!c.Price.Equal(c.Price.Round(priceDigits)), "/price", "precision", "A price has at most %d digits after the point.", priceDigits)
	f = append(f, currencyFaults("/price/currency", c.Currency)...)
	f = append(f, leadFaults(c.LeadDays)...)
	for _, q := range []struct {
		pointer string
		value   *decimal.Decimal
	}{{"/min_quantity", c.MinQuantity}, {"/pack_quantity", c.PackQuantity}} {
		if q.value != nil {
			f = append(f, quantityFaults(q.pointer, *q.value)...)
			f.Add(!q.value.IsPositive(), q.pointer, "minimum", "A quantity is above 0.")
		}
	}
	return f.Err()
}
