package models

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// MovementKind is what a movement of stock does.
type MovementKind string

// Kinds of stock movements.
const (
	MovementReceipt    MovementKind = "receipt"    // into a storeroom
	MovementIssue      MovementKind = "issue"      // out of a storeroom, for a work order or a cost center
	MovementReturn     MovementKind = "return"     // back into a storeroom, at the cost of its issue
	MovementTransfer   MovementKind = "transfer"   // from one place to another
	MovementPutAway    MovementKind = "put_away"   // from where deliveries lie to where it is kept
	MovementAdjustment MovementKind = "adjustment" // what was counted differs: the quantity is signed
	MovementScrap      MovementKind = "scrap"      // thrown away
	MovementReversal   MovementKind = "reversal"   // takes another movement back

	MovementVendorReturn MovementKind = "return_to_vendor" // out of a storeroom, back to the supplier, at what it is worth now
)

// MovementKinds lists what a person may post; a reversal has a command of its own, and a purchase order returns to its vendor.
func MovementKinds() []MovementKind {
	return []MovementKind{MovementReceipt, MovementIssue, MovementReturn, MovementTransfer, MovementPutAway, MovementAdjustment, MovementScrap}
}

// StockMovement is one posting in the append-only ledger. A correction is another movement. Its lines are stock entries.
type StockMovement struct {
	TenantID     uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	Kind         MovementKind
	ItemID       uuid.UUID
	LocationID   uuid.UUID
	ToLocationID *uuid.UUID      // of a transfer or a put-away
	Quantity     decimal.Decimal // above 0; signed for an adjustment, and for a reversal what it adds at the location
	Value        decimal.Decimal // what the movement adds to the item's value, in the tenant's currency; negative for an issue
	Currency     string
	WorkOrderID  *uuid.UUID
	CostCenterID *uuid.UUID
	Lot          string
	Serial       string
	Reason       string
	ReversalOf   *uuid.UUID
	TransferID   *uuid.UUID // of stock that travels
	ActorID      uuid.UUID
	PostedAt     time.Time

	EnteredQuantity *decimal.Decimal // as it was entered, in another unit than the item's
	EnteredUnit     *string
}

// StockEntry is one line of a movement: what it adds at one place. The sum of a place's entries is its balance.
type StockEntry struct {
	TenantID   uuid.UUID `gorm:"primaryKey"`
	MovementID uuid.UUID `gorm:"primaryKey"`
	Line       int       `gorm:"primaryKey"`
	ItemID     uuid.UUID
	LocationID uuid.UUID
	Lot        string
	Serial     string
	Quantity   decimal.Decimal // signed
	Value      decimal.Decimal // signed; 0 on both lines of a transfer, which changes no value
}

// NewMovement is what a person posts.
type NewMovement struct {
	Kind         MovementKind
	ItemID       uuid.UUID
	LocationID   uuid.UUID
	ToLocationID *uuid.UUID
	Quantity     decimal.Decimal
	Unit         string           // of Quantity and UnitCost; empty: the item's own
	Factor       *decimal.Decimal // of Unit, where another record than the item says it
	UnitCost     *decimal.Decimal // of a receipt, or of an adjustment upwards
	WorkOrderID  *uuid.UUID
	CostCenterID *uuid.UUID
	Lot          string
	Serial       string
	Reason       string
	TransferID   *uuid.UUID // of stock that travels: it alone may be in transit
}

// InStock is the movement in the item's own unit, worth to the cent what was entered. A unit in which the item is not counted, and a
// quantity that it is not kept so finely for, are refused.
func (n NewMovement) InStock(units ItemUnits, currency string) (NewMovement, error) {
	factor, known := units.Factor(n.Unit)
	if n.Factor != nil {
		factor, known = *n.Factor, true
	}
	if !known {
		return n, units.NotIn("/unit", n.Unit).Err()
	}
	quantity, f := units.ToStock("/quantity", n.Quantity, factor)
	if err := f.Err(); err != nil {
		return n, err
	}
	if n.UnitCost != nil && !quantity.IsZero() && !factor.Equal(decimal.New(1, 0)) {
		f = append(f, n.costFaults()...)
		cost := RoundMoney(n.Quantity.Mul(*n.UnitCost), currency).Div(quantity)
		n.UnitCost = &cost
	}
	n.Quantity = quantity
	return n, f.Err()
}

// Validate checks what can be checked without the database; tracking is the item's.
func (n NewMovement) Validate(tracking Tracking) error {
	var f Faults
	f.Add(!slices.Contains(MovementKinds(), n.Kind) && n.Kind != MovementVendorReturn, "/kind", "enum", "Not a kind of movement.")
	f = append(f, quantityFaults("/quantity", n.Quantity)...)
	if n.Kind == MovementAdjustment {
		f.Add(n.Quantity.IsZero(), "/quantity", "minimum", "An adjustment adds or takes something.")
	} else {
		f.Add(!n.Quantity.IsPositive(), "/quantity", "minimum", "A quantity is above 0.")
	}
	f = append(f, n.placeFaults()...)
	f = append(f, n.costFaults()...)
	f = append(f, n.trackingFaults(tracking)...)
	f.Add(n.Reason == "" && slices.Contains([]MovementKind{MovementAdjustment, MovementScrap}, n.Kind), "/reason", "required", "A reason is needed.")
	return f.Err()
}

func (n NewMovement) placeFaults() Faults {
	var f Faults
	moved := n.Kind == MovementTransfer || n.Kind == MovementPutAway
	f.Add(moved && n.ToLocationID == nil, "/to_location_id", "required", "Say where it goes.")
	f.Add(!moved && n.ToLocationID != nil, "/to_location_id", "unexpected", "Only a transfer or a put-away goes to another place.")
	f.Add(moved && n.ToLocationID != nil && *n.ToLocationID == n.LocationID, "/to_location_id", "same", "It lies there already.")
	return f
}

func (n NewMovement) costFaults() Faults {
	var f Faults
	costs := n.Kind == MovementReceipt || (n.Kind == MovementAdjustment && n.Quantity.IsPositive())
	f.Add(n.UnitCost != nil && !costs, "/unit_cost", "unexpected", "Only what comes in has a cost of its own.")
	f.Add(n.UnitCost != nil && (n.UnitCost.IsNegative() || n.UnitCost.GreaterThan(maxAmount)), "/unit_cost", "range", "A cost is 0 to %s.", maxAmount)
	charged := n.Kind == MovementIssue || n.Kind == MovementReturn
	f.Add(n.WorkOrderID != nil && !charged, "/work_order_id", "unexpected", "Only issues and returns belong to a work order.")
	f.Add(n.CostCenterID != nil && !charged, "/cost_center_id", "unexpected", "Only issues and returns belong to a cost center.")
	f.Add(charged && (n.WorkOrderID == nil) == (n.CostCenterID == nil), "/work_order_id", "required", "Name a work order or a cost center.")
	return f
}

func (n NewMovement) trackingFaults(tracking Tracking) Faults {
	var f Faults
	f.Add(tracking == TrackingLot && n.Lot == "", "/lot", "required", "This item is kept by lot.")
	f.Add(tracking == TrackingSerial && n.Serial == "", "/serial", "required", "Each unit of this item has a serial number.")
	f.Add(tracking == TrackingSerial && !n.Quantity.Abs().Equal(decimal.New(1, 0)), "/quantity", "serial", "A serial number is one unit.")
	f.Add(tracking != TrackingLot && n.Lot != "", "/lot", "unexpected", "This item is not kept by lot.")
	f.Add(tracking != TrackingSerial && n.Serial != "", "/serial", "unexpected", "This item has no serial numbers.")
	return f
}
