package models

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// OccurrenceStatus is what became of one due date of a schedule.
type OccurrenceStatus string

// States of an occurrence.
//
//	stateDiagram-v2
//	    [*] --> forecast: moved ahead of its time
//	    [*] --> generated: its moment came
//	    forecast --> generated: its moment came
//	    [*] --> missed: it passed, and the catch-up policy covered or dropped it
//	    [*] --> suppressed: another occurrence covers it
//	    [*] --> skipped: a person
//	    generated --> completed: the order is completed
//	    completed --> generated: the order is reopened
//	    generated --> skipped: a person, while the order is not begun
//	    generated --> cancelled: the order is cancelled
//	    missed --> generated: a person
//	    skipped --> generated: a person
const (
	OccurrenceForecast   OccurrenceStatus = "forecast"
	OccurrenceDue        OccurrenceStatus = "due"
	OccurrenceGenerated  OccurrenceStatus = "generated"
	OccurrenceSuppressed OccurrenceStatus = "suppressed"
	OccurrenceSkipped    OccurrenceStatus = "skipped"
	OccurrenceMissed     OccurrenceStatus = "missed"
	OccurrenceCompleted  OccurrenceStatus = "completed"
	OccurrenceCancelled  OccurrenceStatus = "cancelled"
)

// Settled reports whether generation passes the occurrence over.
func (s OccurrenceStatus) Settled() bool { return s != OccurrenceForecast && s != OccurrenceDue }

// Occurrence is one due date in the ledger of a schedule. Its key is unique there, whatever the schedule's revision: that is
// the point at which an order is generated exactly once.
type Occurrence struct {
	TenantID     uuid.UUID `gorm:"primaryKey"`
	ScheduleID   uuid.UUID `gorm:"primaryKey"`
	DueKey       string    `gorm:"primaryKey"` // the nominal date, or m<threshold>
	DueOn        Date      // shifted or moved
	Status       OccurrenceStatus
	Revision     int // of the schedule that it was settled under
	WorkOrderID  *uuid.UUID
	SuppressedBy *string // due_key of the occurrence that covers this one
	Reason       string
	ActorID      *uuid.UUID // who skipped or moved it
	CaughtUpAt   *time.Time // when it was found to have passed
	CompletedOn  *Date
	MeterBefore  *decimal.Decimal // next threshold of the schedule's meter before the work was done
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// Has reports whether a calendar key is a date of the rule.
func (r *DueRule) Has(key string) bool {
	nominal, err := ParseDate(key)
	if err != nil || r.Calendar.IsZero() {
		return false
	}
	found, ok := r.Calendar.Next(nominal.AddDays(-1))
	return ok && found == nominal
}

// Find returns the due date of an occurrence that lies ahead: a date of the calendar rule, or the meter's next threshold, which
// is due today.
func (r *DueRule) Find(state DueState, key string, today Date) (DueDate, bool) {
	if !r.MeterEvery.IsZero() && key == MeterKey(state.MeterNext) {
		return DueDate{DueOn: today, DueKey: key}, true
	}
	nominal, err := ParseDate(key)
	if err != nil || state.Next.IsZero() || nominal.Before(state.Next) || !r.Has(key) {
		return DueDate{}, false
	}
	return DueDate{DueOn: nominal.AddDays(state.ShiftDays), DueKey: key}, true
}
