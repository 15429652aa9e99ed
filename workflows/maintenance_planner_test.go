package workflows_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

// siteRows stand in for the schedules of a site and its planner's row.
type siteRows struct {
	process
	unsteady
	due       []time.Time // moments of generation still ahead
	row       models.MaintenancePlanner
	generated map[time.Time]time.Time // moment to when it was generated
	checks    int
	generates int
	began     time.Time
	gone      time.Time // from then on the site has no planner, which ends the run
	refuses   int
	set       func(sets int) // called with each set
}

func newSite(t *testing.T, due ...time.Duration) *siteRows {
	t.Helper()
	start := time.Date(2030, 1, 1, 8, 0, 0, 0, time.UTC)
	s := &siteRows{process: newProcess(start), generated: map[time.Time]time.Time{}}
	s.began, s.gone = start, start.Add(10*24*time.Hour)
	for _, d := range due {
		s.due = append(s.due, start.Add(d))
	}
	s.env.RegisterActivity(maintenance)
	s.expect()
	return s
}

// expect has the rows answer the activities of the site's planner.
func (s *siteRows) expect() {
	s.env.OnActivity(maintenance.GenerateDue, mock.Anything, s.in.ProcessInput).Return(s.generate)
	s.env.OnActivity(maintenance.PlannerWaits, mock.Anything, s.in.ProcessInput).Return(s.waits)
	s.env.OnActivity(maintenance.CheckPlan, mock.Anything, s.in.ProcessInput).Return(s.check)
}

func (s *siteRows) fault() error {
	if s.refuses > 0 {
		s.refuses--
		return temporal.NewNonRetryableApplicationError("no such column", string(models.CodeInvalid), nil)
	}
	return s.unsteady.fault()
}

func (s *siteRows) generate(context.Context, activities.ProcessInput) (activities.GenerateResult, error) {
	if err := s.fault(); err != nil {
		return activities.GenerateResult{}, err
	}
	s.generates++
	if s.set != nil {
		s.set(s.generates)
	}
	now := s.env.Now()
	for i, at := range s.due {
		if !at.After(now) { // one in each set
			s.generated[at] = now
			s.due = slices.Delete(s.due, i, i+1)
			return activities.GenerateResult{Claimed: 1, Generated: 1}, nil
		}
	}
	return activities.GenerateResult{}, nil
}

func (s *siteRows) waits(context.Context, activities.ProcessInput) (activities.PlannerState, error) {
	if err := s.fault(); err != nil {
		return activities.PlannerState{}, err
	}
	if !s.env.Now().Before(s.gone) {
		return activities.PlannerState{}, nil
	}
	var earliest *time.Time
	if len(s.due) > 0 {
		first := slices.MinFunc(s.due, time.Time.Compare)
		earliest = &first
	}
	s.row.Wait(earliest, s.env.Now())
	action, at := s.row.NextAction()
	return activities.PlannerState{Exists: true, Action: string(action), NextAt: at}, nil
}

func (s *siteRows) check(context.Context, activities.ProcessInput) (int, error) {
	if err := s.fault(); err != nil {
		return 0, err
	}
	s.checks++
	now := s.env.Now()
	s.row.CheckedAt = &now
	return 0, nil
}

func (s *siteRows) run(t *testing.T) {
	t.Helper()
	s.execute(t, workflows.MaintenancePlanner)
	require.Empty(t, s.due)
}

func (s *siteRows) within(t *testing.T, tolerance time.Duration) {
	t.Helper()
	for at, when := range s.generated {
		require.False(t, when.Before(at))
		require.LessOrEqual(t, when.Sub(at), tolerance)
	}
}

func TestPlannerGeneratesEachAtItsMoment(t *testing.T) {
	t.Parallel()
	s := newSite(t, -time.Hour, 0, time.Minute, 26*time.Hour, 26*time.Hour+1, 9*24*time.Hour)
	s.run(t)
	require.Len(t, s.generated, 6)
	for at, when := range s.generated {
		require.Less(t, when.Sub(at), time.Hour+time.Second)
		if at.After(s.began) {
			require.Less(t, when.Sub(at), time.Second)
		}
	}
	require.InDelta(t, 10*24*4, s.checks, 10, "ledger and forecast are compared each quarter of an hour")
}

func TestPlannerGoesOnAfterEachActivityFailed(t *testing.T) {
	t.Parallel()
	s := newSite(t, time.Minute, time.Hour)
	s.fails = 7
	s.run(t)
	require.Zero(t, s.fails)
	require.Len(t, s.generated, 2)
}

func TestPlannerOutlivesARefusal(t *testing.T) {
	t.Parallel()
	s := newSite(t, 10*time.Minute)
	s.env.RegisterDelayedCallback(func() { s.refuses = 1 }, 9*time.Minute)
	s.run(t)
	require.Zero(t, s.refuses, "it was refused")
	s.within(t, 2*time.Minute)
}

func TestPlannerIsWokenForAnEarlierDate(t *testing.T) {
	t.Parallel()
	s := newSite(t, 14*time.Minute)
	early := s.env.Now().Add(5 * time.Minute)
	s.env.RegisterDelayedCallback(func() {
		s.due = append(s.due, early)
		for range 3 { // doubled messages
			s.env.SignalWorkflow("refresh", nil)
		}
	}, time.Minute)
	s.run(t)
	require.Equal(t, early, s.generated[early])
}

func TestPlannerHealsALostWake(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	early := s.env.Now().Add(5 * time.Minute)
	s.env.RegisterDelayedCallback(func() { s.due = append(s.due, early) }, time.Minute)
	s.run(t)
	s.within(t, 15*time.Minute)
	require.Len(t, s.generated, 1)
}

func TestPlannerIgnoresCancel(t *testing.T) {
	t.Parallel()
	s := newSite(t, time.Hour)
	s.env.RegisterDelayedCallback(s.env.CancelWorkflow, time.Minute)
	s.run(t)
	s.within(t, time.Second)
}

func TestPlannerWithoutSchedulesEnds(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.gone = s.env.Now()
	s.run(t)
	require.Equal(t, 1, s.generates)
}

// TestPlannerContinuesAsNew goes on with an empty history where the server suggests it, in the middle of a backlog and with a wake
// that nobody has read: the next run finds both in the rows.
func TestPlannerContinuesAsNew(t *testing.T) {
	t.Parallel()
	first := newSite(t, -3*time.Hour, -2*time.Hour, -time.Hour, time.Hour)
	first.set = func(sets int) {
		if sets == 2 {
			first.env.SignalWorkflow("refresh", nil)
			first.env.SetContinueAsNewSuggested(true)
		}
	}
	first.env.ExecuteWorkflow(workflows.MaintenancePlanner, first.in)
	var again *workflowContinue
	require.ErrorAs(t, first.env.GetWorkflowError(), &again)
	require.Equal(t, "MaintenancePlanner", again.WorkflowType.Name)
	require.Len(t, first.generated, 2, "a long backlog does not outgrow one history")

	next := newSite(t)
	next.due = first.due
	var in workflows.Input
	require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &in))
	require.Equal(t, first.in, in)
	next.in = in
	next.expect()
	next.run(t)
	require.Len(t, next.generated, 2)
}

func TestPlannerContinuesAsNewAfterItsSleep(t *testing.T) {
	t.Parallel()
	s := newSite(t, time.Hour)
	s.env.RegisterDelayedCallback(func() { s.env.SetContinueAsNewSuggested(true) }, 30*time.Minute)
	s.env.ExecuteWorkflow(workflows.MaintenancePlanner, s.in)
	var again *workflowContinue
	require.ErrorAs(t, s.env.GetWorkflowError(), &again)
	require.Less(t, s.env.Now().Sub(s.began), time.Hour)
}
