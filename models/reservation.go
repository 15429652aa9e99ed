package models

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// ReservationKind says whether a reservation holds stock back.
type ReservationKind string

// Kinds of reservations.
const (
	ReservationHard ReservationKind = "hard" // holds stock back from everybody else
	ReservationSoft ReservationKind = "soft" // only says that it will be needed
)

// ReservationStatus is where a reservation stands.
type ReservationStatus string

// States of a reservation.
const (
	ReservationReserved    ReservationStatus = "reserved"    // all of it lies ready
	ReservationBackordered ReservationStatus = "backordered" // some of it has still to come
	ReservationIssued      ReservationStatus = "issued"      // all of it was taken
	ReservationReleased    ReservationStatus = "released"    // given up
	ReservationExpired     ReservationStatus = "expired"     // its day passed
)

// Reservation is what a work order needs of an item at a place.
type Reservation struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	WorkOrderID uuid.UUID
	ItemID      uuid.UUID
	LocationID  uuid.UUID
	Kind        ReservationKind
	Status      ReservationStatus
	Quantity    decimal.Decimal // wanted
	Held        decimal.Decimal // lies ready for it now
	Issued      decimal.Decimal // was taken
	ExpiresOn   *Date           // local date at the site; nil: never
	ActorID     uuid.UUID
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// NewReservation is what a person asks for.
type NewReservation struct {
	ItemID     uuid.UUID
	LocationID uuid.UUID
	Quantity   decimal.Decimal
	Unit       string // of Quantity; empty: the item's own
	Kind       ReservationKind
	ExpiresOn  *Date
}

// Validate checks what can be checked without the database; today is the date at the site.
func (n NewReservation) Validate(today Date) error {
	f := quantityFaults("/quantity", n.Quantity)
	f.Add(!n.Quantity.IsPositive(), "/quantity", "minimum", "A quantity is above 0.")
	f.Add(!slices.Contains([]ReservationKind{ReservationHard, ReservationSoft}, n.Kind), "/kind", "enum", "Not a kind of reservation.")
	f.Add(n.ExpiresOn != nil && n.ExpiresOn.Before(today), "/expires_on", "minimum", "It would have expired already.")
	return f.Err()
}

// Open reports whether the reservation still wants something.
func (r Reservation) Open() bool {
	return r.Status == ReservationReserved || r.Status == ReservationBackordered
}

// Missing is how much has still to come to the place.
func (r Reservation) Missing() decimal.Decimal {
	if !r.Open() {
		return decimal.Zero
	}
	return r.Quantity.Sub(r.Issued).Sub(r.Held)
}

// Hold sets aside as much as is missing and available at now, and returns how much; it gives a new reservation its first state. A
// soft reservation holds nothing.
func (r *Reservation) Hold(available decimal.Decimal, now time.Time) decimal.Decimal {
	held := decimal.Zero
	if r.Kind == ReservationHard && (r.Status == "" || r.Open()) {
		held = decimal.Max(decimal.Zero, decimal.Min(r.Quantity.Sub(r.Issued).Sub(r.Held), available))
	}
	if held.IsPositive() || r.Status == "" {
		r.Held = r.Held.Add(held)
		r.settle(now)
	}
	return held
}

// Take notes at now that a quantity was issued for the work order. It returns how much of it had been held.
func (r *Reservation) Take(quantity decimal.Decimal, now time.Time) decimal.Decimal {
	used := decimal.Min(quantity, r.Quantity.Sub(r.Issued))
	freed := decimal.Min(used, r.Held)
	r.Issued, r.Held = r.Issued.Add(used), r.Held.Sub(freed)
	r.settle(now)
	return freed
}

// End gives the reservation up at now and returns what it had held.
func (r *Reservation) End(status ReservationStatus, now time.Time) decimal.Decimal {
	freed := r.Held
	r.Held, r.Status, r.UpdatedAt = decimal.Zero, status, now
	return freed
}

func (r *Reservation) settle(now time.Time) {
	r.UpdatedAt = now
	switch {
	case r.Issued.GreaterThanOrEqual(r.Quantity):
		r.Status = ReservationIssued
	case r.Kind == ReservationHard && r.Held.Add(r.Issued).LessThan(r.Quantity):
		r.Status = ReservationBackordered
	default:
		r.Status = ReservationReserved
	}
}
