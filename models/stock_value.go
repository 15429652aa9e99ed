package models

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// StockValue is what an item's whole stock is worth, over all places of the tenant. Value is rounded to the currency's minor
// unit, so that the values of all movements sum to it exactly; an item without stock is worth nothing.
type StockValue struct {
	Quantity decimal.Decimal
	Value    decimal.Decimal
	Currency string
}

// CostLayer is what is left of one receipt of an item that is valued first in, first out.
type CostLayer struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	ID         uuid.UUID `gorm:"primaryKey"` // of the movement that brought it
	ItemID     uuid.UUID
	Quantity   decimal.Decimal
	Value      decimal.Decimal
	ReceivedAt time.Time
}

// Average is the moving average cost of one unit, unrounded; false where nothing lies there.
func (v StockValue) Average() (decimal.Decimal, bool) {
	if !v.Quantity.IsPositive() {
		return decimal.Zero, false
	}
	return v.Value.Div(v.Quantity), true
}

// Add receives a quantity at a cost a unit and returns what it is worth.
func (v *StockValue) Add(quantity, unitCost decimal.Decimal) decimal.Decimal {
	worth := RoundMoney(quantity.Mul(unitCost), v.Currency)
	v.Quantity, v.Value = v.Quantity.Add(quantity), v.Value.Add(worth)
	return worth
}

// Take issues a quantity at the moving average, A = value / quantity, and returns what it was worth; the last unit takes the
// remainder of the cents with it. The quantity must be there.
func (v *StockValue) Take(quantity decimal.Decimal) decimal.Decimal {
	worth := v.Value
	if quantity.LessThan(v.Quantity) {
		worth = RoundMoney(v.Value.Mul(quantity).Div(v.Quantity), v.Currency)
	}
	v.Quantity, v.Value = v.Quantity.Sub(quantity), v.Value.Sub(worth)
	return worth
}

// TakeLayers issues a quantity from layers in their order, first in, first out, and returns what it was worth and the layers that
// it changed, an emptied one with quantity 0. The quantity must be there.
func (v *StockValue) TakeLayers(layers []CostLayer, quantity decimal.Decimal) (decimal.Decimal, []CostLayer) {
	worth, changed := decimal.Zero, []CostLayer{}
	left := quantity
	for _, layer := range layers {
		if !left.IsPositive() {
			break
		}
		own := StockValue{Quantity: layer.Quantity, Value: layer.Value, Currency: v.Currency}
		take := decimal.Min(left, layer.Quantity)
		worth = worth.Add(own.Take(take))
		layer.Quantity, layer.Value = own.Quantity, own.Value
		changed = append(changed, layer)
		left = left.Sub(take)
	}
	v.Quantity, v.Value = v.Quantity.Sub(quantity), v.Value.Sub(worth)
	return worth, changed
}
