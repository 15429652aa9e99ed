package models

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// StockTransfer is stock of one item that travels from one storeroom to another. It leaves with one movement into the place of what is in
// transit there, and leaves that place with others: received, returned to where it came from, or lost. Quantities are in the item's unit.
type StockTransfer struct {
	TenantID     uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	Number       string    // TR-000123
	ItemID       uuid.UUID
	LocationID   uuid.UUID
	ToLocationID uuid.UUID
	TransitID    uuid.UUID // where it is until it arrives
	Quantity     decimal.Decimal
	Received     decimal.Decimal
	Returned     decimal.Decimal
	Lost         decimal.Decimal
	Lot          string
	Serial       string
	Reason       string
	ActorID      uuid.UUID // who sent it
	SentAt       time.Time
	ClosedAt     *time.Time // nothing is on the way any more
}

// NewStockTransfer is what a person sends.
type NewStockTransfer struct {
	ItemID       uuid.UUID
	LocationID   uuid.UUID
	ToLocationID uuid.UUID
	Quantity     decimal.Decimal
	Unit         string // of Quantity; empty: the item's own
	Lot          string
	Serial       string
	Reason       string
}

// TransferStep is what becomes of something that is in transit.
type TransferStep string

// Steps of a transfer. Each is a movement out of transit.
const (
	TransferReceive TransferStep = "receive" // it came
	TransferReturn  TransferStep = "return"  // it goes back to where it left
	TransferScrap   TransferStep = "scrap"   // it broke on the way
	TransferAdjust  TransferStep = "adjust"  // it is missing: less was sent or came than was written
)

// NewTransferStep is what a person says of something in transit.
type NewTransferStep struct {
	Step       TransferStep
	Quantity   *decimal.Decimal // in the item's unit; nil: all that is on the way
	LocationID *uuid.UUID       // of a receipt: a bin of the storeroom; nil: the place that it was sent to
	Reason     string
}

// Open is what is on the way.
func (t StockTransfer) Open() decimal.Decimal {
	return t.Quantity.Sub(t.Received).Sub(t.Returned).Sub(t.Lost)
}

// Status is in_transit while something is on the way, else closed.
func (t StockTransfer) Status() string {
	if t.ClosedAt == nil {
		return "in_transit"
	}
	return "closed"
}

// Take notes a step at now and returns the movement that it is. More than is on the way is a conflict; what did not arrive is explained.
func (t *StockTransfer) Take(n NewTransferStep, now time.Time) (NewMovement, error) {
	quantity := t.Open()
	if n.Quantity != nil {
		quantity = *n.Quantity
	}
	if t.ClosedAt != nil {
		return NewMovement{}, Conflict("Nothing of %s is on the way any more.", t.Number)
	}
	var f Faults
	f.Add(!quantity.IsPositive(), "/quantity", "minimum", "A quantity is above 0.")
	f.Add(n.Step != TransferReceive && n.Reason == "", "/reason", "required", "A reason is needed.")
	f.Add(n.Step != TransferReceive && n.LocationID != nil, "/location_id", "unexpected", "Only what is received is put somewhere.")
	if err := f.Err(); err != nil {
		return NewMovement{}, err
	}
	if quantity.GreaterThan(t.Open()) {
		return NewMovement{}, InvalidConflict("/quantity", "in_transit", "Only %s are on the way.", t.Open())
	}
	m := NewMovement{
		Kind: MovementTransfer, ItemID: t.ItemID, LocationID: t.TransitID, Quantity: quantity, Lot: t.Lot, Serial: t.Serial, Reason: n.Reason,
		TransferID: &t.ID,
	}
	switch n.Step {
	case TransferReceive:
		t.Received, m.ToLocationID = t.Received.Add(quantity), &t.ToLocationID
		if n.LocationID != nil {
			m.ToLocationID = n.LocationID
		}
	case TransferReturn:
		t.Returned, m.ToLocationID = t.Returned.Add(quantity), &t.LocationID
	case TransferScrap:
		t.Lost, m.Kind = t.Lost.Add(quantity), MovementScrap
	case TransferAdjust:
		t.Lost, m.Kind, m.Quantity = t.Lost.Add(quantity), MovementAdjustment, quantity.Neg()
	default:
		return NewMovement{}, InvalidField("/step", "enum", "Not a step of a transfer.")
	}
	if t.Open().IsZero() {
		t.ClosedAt = &now
	}
	return m, nil
}
