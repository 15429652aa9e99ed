package models

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// StockReplenishment is the process that writes draft orders for what runs short, one for each tenant.
type StockReplenishment struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	RanAt            *time.Time
	NextActionAt     *time.Time
	ProcessStartedAt *time.Time
	Version          int
	UpdatedAt        time.Time
}

// ReplenishmentEvery is how often shortages are looked for where nothing tells of one.
const ReplenishmentEvery = 24 * time.Hour

// ReplenishmentAction is what the process does by itself.
type ReplenishmentAction string

// Automatic steps of the replenishment.
const (
	ReplenishPropose ReplenishmentAction = "propose" // write or extend draft orders
	ReplenishLook    ReplenishmentAction = "look"    // nothing runs short
)

// NextAction is what the process does next and when; short says that an item runs short and nothing is ordered for it.
func (r StockReplenishment) NextAction(short bool) (ReplenishmentAction, time.Time) {
	if short {
		return ReplenishPropose, r.UpdatedAt
	}
	return ReplenishLook, r.UpdatedAt.Add(ReplenishmentEvery)
}

// StockPosition is what an item's reorder point is compared with, over all places of the tenant.
type StockPosition struct {
	OnHand      decimal.Decimal
	Reserved    decimal.Decimal // held for work orders
	Backordered decimal.Decimal // that work orders still miss
	OnOrder     decimal.Decimal // on every purchase order that is neither closed nor cancelled, drafts too
}

// Quantity is the position: on hand, less what is promised, plus what is on order.
func (p StockPosition) Quantity() decimal.Decimal {
	return p.OnHand.Sub(p.Reserved).Sub(p.Backordered).Add(p.OnOrder)
}

// ReorderQuantity is how much to order of an item whose position is at or below its reorder point; zero where it is above, or has
// no reorder point. It orders up to the most to be kept; without that up to the reorder point and once more the safety stock or,
// without that, the reorder point. It is in whole units of that factor where the item is bought in another unit than it is kept in. The
// supplier's least quantity and pack, of the same unit, round it up.
func ReorderQuantity(i Item, p StockPosition, factor decimal.Decimal, minimum, pack *decimal.Decimal) decimal.Decimal {
	if i.ReorderPoint == nil || p.Quantity().GreaterThan(*i.ReorderPoint) {
		return decimal.Zero
	}
	upTo := i.ReorderPoint.Mul(decimal.New(2, 0))
	if i.SafetyStock != nil && i.SafetyStock.IsPositive() {
		upTo = i.ReorderPoint.Add(*i.SafetyStock)
	}
	if i.MaxStock != nil {
		upTo = *i.MaxStock
	}
	if !upTo.GreaterThan(*i.ReorderPoint) { // else the next run would find the same shortage
		upTo = i.ReorderPoint.Add(decimal.New(1, 0))
	}
	quantity := upTo.Sub(p.Quantity())
	if !factor.Equal(decimal.New(1, 0)) {
		quantity = quantity.Div(factor).Ceil()
	}
	if minimum != nil {
		quantity = decimal.Max(quantity, *minimum)
	}
	if pack != nil && pack.IsPositive() {
		quantity = quantity.Div(*pack).Ceil().Mul(*pack)
	}
	return quantity
}
