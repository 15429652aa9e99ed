package models

import (
	"time"

	"github.com/google/uuid"
)

const (
	plannerRetry = 5 * time.Second  // after a due date that another transaction holds
	plannerCheck = 15 * time.Minute // between two comparisons of ledger and forecast
)

// MaintenancePlanner is the clock of one site: it sleeps until the earliest moment at which a schedule of the site has to be
// looked at. The row says what it waits for, so that it is woken only when an earlier moment appears.
type MaintenancePlanner struct {
	TenantID         uuid.UUID  `gorm:"primaryKey"`
	SiteID           uuid.UUID  `gorm:"primaryKey"`
	WaitsUntil       *time.Time // nil: it sleeps until it is woken
	WokenAt          *time.Time // a wake under way that it has not read
	GeneratedAt      *time.Time
	CheckedAt        *time.Time
	NextActionAt     *time.Time
	ProcessStartedAt *time.Time
}

// PlannerAction is what a planner does by itself.
type PlannerAction string

// Automatic steps of a planner.
const (
	PlannerGenerate PlannerAction = "generate"
	PlannerCheck    PlannerAction = "check" // compare ledger and forecast, repair gaps
)

// Wait notes at now that the planner goes to sleep until earliest (nil: nothing is planned). A moment that has passed is held by
// another transaction and is tried again shortly, never forgotten.
func (p *MaintenancePlanner) Wait(earliest *time.Time, now time.Time) {
	p.WokenAt, p.WaitsUntil = nil, earliest
	if earliest != nil && !earliest.After(now) {
		soon := now.Add(plannerRetry)
		p.WaitsUntil = &soon
	}
	_, at := p.NextAction()
	p.NextActionAt = &at
}

// NextAction is what the planner does next and when, decided from the row alone.
func (p *MaintenancePlanner) NextAction() (PlannerAction, time.Time) {
	check := time.Time{}
	if p.CheckedAt != nil {
		check = p.CheckedAt.Add(plannerCheck)
	}
	if p.WaitsUntil != nil && p.WaitsUntil.Before(check) {
		return PlannerGenerate, *p.WaitsUntil
	}
	return PlannerCheck, check
}
