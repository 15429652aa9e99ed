package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"
)

const (
	generateSet  = 500 // schedules in one transaction
	plannedShown = 20  // due dates that a planner shows to operators
)

// PlannerState is what a planner knows when it goes to sleep.
type PlannerState struct {
	Exists   bool      `json:"exists"`
	Action   string    `json:"action,omitempty"` // what it wakes for
	NextAt   time.Time `json:"next_at,omitzero"`
	Upcoming []string  `json:"upcoming,omitempty"` // next due dates, by the schedules' numbers
}

// GenerateResult is what one set did.
type GenerateResult struct {
	Claimed   int `json:"claimed"`   // due schedules looked at; 0: nothing is due
	Generated int `json:"generated"` // work orders made
}

// GenerateDue generates one set of the site's due schedules (ID is the site): exactly once, however often it runs.
func (m *Maintenance) GenerateDue(ctx context.Context, in ProcessInput) (GenerateResult, error) {
	activity.RecordHeartbeat(ctx)
	result, err := m.Store.GenerateDue(in.context(ctx), in.ID, time.Now().UTC(), generateSet)
	if result.Refused > 0 {
		activity.GetLogger(ctx).Error("schedules cannot be planned: their rule or zone cannot be read", "site", in.ID, "count", result.Refused)
	}
	return GenerateResult{Claimed: result.Claimed, Generated: result.Generated}, failed(err)
}

// PlannerWaits notes that the site's planner goes to sleep and says until when.
func (m *Maintenance) PlannerWaits(ctx context.Context, in ProcessInput) (PlannerState, error) {
	ctx = in.context(ctx)
	p, err := m.Store.PlannerWaits(ctx, in.ID)
	if err != nil || p == nil {
		return PlannerState{}, failed(err)
	}
	dates, err := m.Store.PlannedDates(ctx, in.ID, plannedShown)
	if err != nil {
		return PlannerState{}, failed(err)
	}
	action, at := p.NextAction()
	state := PlannerState{Exists: true, Action: string(action), NextAt: at}
	for _, date := range dates {
		state.Upcoming = append(state.Upcoming, fmt.Sprintf("%s %s", date.NextDueOn, date.Number))
	}
	return state, nil
}

// CheckPlan compares the site's ledger with its forecast and returns how many schedules it repaired.
func (m *Maintenance) CheckPlan(ctx context.Context, in ProcessInput) (int, error) {
	repaired, err := m.Store.CheckPlan(in.context(ctx), in.ID, time.Now().UTC(), func() { activity.RecordHeartbeat(ctx) })
	if repaired > 0 {
		activity.GetLogger(ctx).Warn("the plan was repaired", "site", in.ID, "schedules", repaired)
	}
	return repaired, failed(err)
}
