package models

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// LaborKind says how hours were spent. It does not change their rate: a rate that differs is given with the entry.
type LaborKind string

// Kinds of labor.
const (
	LaborRegular  LaborKind = "regular"
	LaborOvertime LaborKind = "overtime"
	LaborTravel   LaborKind = "travel"
)

// LaborEntry is one person's time on one work order in one day. Rate and currency are those of the moment of recording, so that
// a later raise does not change what the work has cost.
type LaborEntry struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	WorkOrderID uuid.UUID
	AssetID     *uuid.UUID // of the work order
	UserID      uuid.UUID
	WorkedOn    Date
	Hours       decimal.Decimal
	Rate        decimal.Decimal // an hour
	Amount      decimal.Decimal // LaborCost of hours and rate
	Currency    string
	Kind        LaborKind
	ActorID     uuid.UUID
	CreatedAt   time.Time
}

// NewLabor is what a labor entry is recorded from.
type NewLabor struct {
	UserID   uuid.UUID
	WorkedOn Date
	Hours    decimal.Decimal
	Rate     *decimal.Decimal // an hour; nil: that of the user, or nothing where the user has none
	Kind     LaborKind
}

// scale is how many digits after the point quantities and amounts keep.
const scale = 4

// What people may send at most, far above what is real and within what the columns hold.
var (
	hoursOfDay      = decimal.NewFromInt(24)
	maxPlannedHours = decimal.NewFromInt(100_000)
	maxAmount       = decimal.NewFromInt(1_000_000_000_000)
)

// Validate checks what can be checked without the database. today is the date at the site.
func (n NewLabor) Validate(today Date) error {
	var f Faults
	f.Add(n.WorkedOn.IsZero(), "/worked_on", "required", "A day is needed.")
	f.Add(n.WorkedOn.After(today), "/worked_on", "maximum", "Work cannot be recorded for a day to come.")
	f.Add(!n.Hours.IsPositive(), "/hours", "minimum", "Hours must be more than none.")
	f.Add(n.Hours.GreaterThan(hoursOfDay), "/hours", "maximum", "A day has 24 hours.")
	f.Add(!n.Hours.Equal(n.Hours.Round(scale)), "/hours", "precision", "Hours have at most four digits after the point.")
	f.Add(n.Rate != nil && n.Rate.IsNegative(), "/rate", "minimum", "A rate cannot be negative.")
	f.Add(n.Rate != nil && n.Rate.GreaterThan(maxAmount), "/rate", "maximum", "A rate is at most %s.", maxAmount)
	f.Add(n.Rate != nil && !n.Rate.Equal(n.Rate.Round(scale)), "/rate", "precision", "A rate has at most four digits after the point.")
	f.Add(!slices.Contains([]LaborKind{LaborRegular, LaborOvertime, LaborTravel}, n.Kind), "/kind", "enum", "Not a kind of labor.")
	return f.Err()
}

// TakesLabor refuses labor in a state in which nobody can have worked: a conflict with the allowed commands.
func (s WorkOrderStatus) TakesLabor() error {
	if s == WorkOrderInProgress || s == WorkOrderOnHold || s == WorkOrderCompleted {
		return nil
	}
	return s.refuses("labor")
}

// TakesCosts refuses costs once the order is over.
func (s WorkOrderStatus) TakesCosts() error {
	if !s.Over() {
		return nil
	}
	return s.refuses("costs")
}

func (s WorkOrderStatus) refuses(what string) error {
	err := Conflict("A work order that is %s takes no %s.", words(string(s)), what)
	err.AllowedCommands = s.AllowedCommands()
	return err
}
