package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

// scheduleScene is a process in the test environment, with a row that stands in for the schedule's row: the activities change it as the store would, through models.
type scheduleScene struct {
	process
	unsteady
	row   *models.MaintenanceSchedule
	woken []time.Time
	lost  bool // the timer's step finds that nothing is due once
}

func newScheduleScene(t *testing.T) *scheduleScene {
	t.Helper()
	s := &scheduleScene{process: newProcess(time.Date(2030, 3, 30, 8, 0, 0, 0, time.UTC))}
	s.env.RegisterActivity(maintenance)
	s.env.OnActivity(maintenance.LoadMaintenanceSchedule, mock.Anything, mock.Anything).Return(s.load)
	s.env.OnActivity(maintenance.RunScheduleCommand, mock.Anything, mock.Anything).Return(s.command)
	s.env.OnActivity(maintenance.RunScheduleAction, mock.Anything, mock.Anything).Return(s.act)
	return s
}

func (s *scheduleScene) state() activities.ProcessState {
	if s.row == nil {
		return activities.ProcessState{}
	}
	action, at := s.row.NextAction()
	return activities.ProcessState{
		Exists: true, Over: s.row.Status == models.ScheduleEnded, Status: string(s.row.Status), Version: s.row.Version,
		Action: string(action), NextAt: at, Priority: string(s.row.Priority),
	}
}

func (s *scheduleScene) load(context.Context, activities.ProcessInput) (activities.ProcessState, error) {
	return s.state(), s.fault()
}

// resumeOn is the Sunday on which Berlin's clocks go forward.
var resumeOn = models.NewDate(2030, time.March, 31)

func (s *scheduleScene) command(_ context.Context, c activities.CommandInput) (activities.CommandResult, error) {
	if err := s.fault(); err != nil {
		return activities.CommandResult{}, err
	}
	if c.Name == string(models.ScheduleCreate) {
		m, err := models.CreateMaintenanceSchedule(c.TenantID, c.ID, models.ScheduleDefinition{
			Title: "x", LocationID: models.NewID(), CatchUp: models.CatchUpOne, Priority: models.PriorityLow,
			Calendar: &models.CalendarRule{RRule: "FREQ=DAILY", StartsOn: resumeOn},
		}, s.env.Now())
		if err != nil {
			return activities.CommandResult{}, err
		}
		s.row = &m
	} else if err := s.apply(models.ScheduleCommandName(c.Name)); err != nil {
		return activities.CommandResult{}, temporal.NewNonRetryableApplicationError(err.Error(), string(models.CodeConflict), err)
	}
	return activities.CommandResult{ID: c.ID, Status: string(s.row.Status), Version: s.row.Version, State: s.state()}, nil
}

func (s *scheduleScene) apply(name models.ScheduleCommandName) error {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return err
	}
	return s.row.Apply(name, models.ScheduleCommand{Reason: "stands still", Until: &resumeOn}, s.env.Now(), zone)
}

func (s *scheduleScene) act(_ context.Context, in activities.ActionInput) (activities.ProcessState, error) {
	if err := s.fault(); err != nil {
		return activities.ProcessState{}, err
	}
	if s.lost {
		s.lost = false
		return s.state(), nil
	}
	if next, at := s.row.NextAction(); string(next) == in.Action && !at.After(s.env.Now()) {
		s.woken = append(s.woken, s.env.Now())
		if err := s.apply(models.ScheduleResume); err != nil {
			return activities.ProcessState{}, err
		}
	}
	return s.state(), nil
}

func (s *scheduleScene) after(d time.Duration, name models.ScheduleCommandName, results *[]error) {
	s.send(d, string(name), results)
}

func (s *scheduleScene) run(t *testing.T) {
	t.Helper()
	s.execute(t, workflows.MaintenanceSchedule)
	require.Equal(t, models.ScheduleEnded, s.row.Status)
}

func TestScheduleEndsAPauseOnItsDay(t *testing.T) {
	t.Parallel()
	for _, fails := range []int{0, 2, 9} {
		s := newScheduleScene(t)
		s.fails = fails
		s.lost = fails == 2
		var results []error
		s.in.AwaitCommand = true
		s.after(0, models.ScheduleCreate, &results)
		s.after(time.Hour, models.SchedulePause, &results)
		s.after(2*time.Hour, models.SchedulePause, &results) // refused: paused already
		s.refresh(3 * time.Hour)
		s.after(48*time.Hour, models.ScheduleEnd, &results)
		s.run(t)
		require.Len(t, s.woken, 1)
		midnight := time.Date(2030, 3, 30, 23, 0, 0, 0, time.UTC)
		require.False(t, s.woken[0].Before(midnight))
		require.Less(t, s.woken[0].Sub(midnight), 10*time.Minute)
		require.Len(t, results, 4)
		refused := 0
		for _, err := range results {
			if err != nil {
				refused++
			}
		}
		require.Equal(t, 1, refused)
	}
}

func TestScheduleFollowsItsRowByRefreshAlone(t *testing.T) {
	t.Parallel()
	s := newScheduleScene(t)
	m, err := models.CreateMaintenanceSchedule(s.in.TenantID, s.in.ID, models.ScheduleDefinition{
		Title: "x", LocationID: models.NewID(), CatchUp: models.CatchUpOne, Priority: models.PriorityLow,
		Calendar: &models.CalendarRule{RRule: "FREQ=DAILY", StartsOn: resumeOn},
	}, s.env.Now())
	require.NoError(t, err)
	s.row = &m
	s.env.RegisterDelayedCallback(func() {
		require.NoError(t, s.apply(models.ScheduleEnd)) // past the process, as an import or a restore does
		s.env.SignalWorkflow("refresh", nil)
	}, time.Hour)
	s.run(t)
}

func TestScheduleIsFoundByItsNewPriority(t *testing.T) {
	t.Parallel()
	s := newScheduleScene(t)
	var results []error
	s.in.AwaitCommand = true
	require.NoError(t, s.env.SetTypedSearchAttributesOnStart(temporal.NewSearchAttributes(priorityShown.ValueSet("low"))))
	var upserts []temporal.SearchAttributes
	s.env.OnUpsertTypedSearchAttributes(mock.Anything).Run(func(args mock.Arguments) {
		upserts = append(upserts, args.Get(0).(temporal.SearchAttributes))
	}).Return(nil)
	s.after(0, models.ScheduleCreate, &results)
	s.env.RegisterDelayedCallback(func() { s.row.Priority = models.PriorityCritical }, time.Hour)
	s.after(time.Hour+time.Minute, models.SchedulePause, &results) // any command's answer tells the priority
	s.env.RegisterDelayedCallback(func() { s.env.SignalWorkflow("refresh", nil) }, 2*time.Hour)
	s.after(3*time.Hour, models.ScheduleEnd, &results)
	s.run(t)
	require.Equal(t, []error{nil, nil, nil}, results)
	require.Equal(t, []temporal.SearchAttributes{temporal.NewSearchAttributes(priorityShown.ValueSet("critical"))}, upserts)
}
