package workflows_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

var maintenance *activities.Maintenance

// row stands in for the work order's row: the activities change it as the store would, through models.
type row struct {
	unsteady
	lock    sync.Mutex
	now     func() time.Time
	order   *models.WorkOrder
	actions []string
	silent  bool // it does not tell priority and due date
}

func (r *row) state() activities.ProcessState {
	if r.order == nil {
		return activities.ProcessState{}
	}
	action, at := r.order.NextAction()
	return activities.ProcessState{
		Exists: true, Over: r.order.Status.Over(), Status: string(r.order.Status), Version: r.order.Version,
		Action: string(action), NextAt: at,
	}
}

// found is the state as a look at the row tells it: with what operators find the process by.
func (r *row) found() activities.ProcessState {
	state := r.state()
	if r.order != nil && !r.silent {
		state.Priority = string(r.order.Priority)
		if r.order.DueAt != nil {
			state.DueAt = *r.order.DueAt
		}
	}
	return state
}

func (r *row) load(context.Context, activities.ProcessInput) (activities.ProcessState, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	return r.found(), r.fault()
}

func (r *row) command(_ context.Context, c activities.CommandInput) (activities.CommandResult, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if err := r.fault(); err != nil {
		return activities.CommandResult{}, err
	}
	if r.order == nil {
		w, err := models.CreateWorkOrder(c.TenantID, c.ID, newOrder(), nil, r.now())
		if err != nil {
			return activities.CommandResult{}, err
		}
		r.order = &w
	} else if err := r.order.Apply(models.WorkOrderCommandName(c.Name), models.WorkOrderCommand{Resolution: "done"}, r.now()); err != nil {
		return activities.CommandResult{}, temporal.NewNonRetryableApplicationError(err.Error(), string(models.CodeConflict), err)
	}
	return activities.CommandResult{ID: c.ID, Status: string(r.order.Status), Version: r.order.Version, State: r.state()}, nil
}

func (r *row) act(_ context.Context, in activities.ActionInput) (activities.ProcessState, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if err := r.fault(); err != nil {
		return activities.ProcessState{}, err
	}
	if next, at := r.order.NextAction(); string(next) == in.Action && !at.After(r.now()) {
		r.actions = append(r.actions, in.Action)
		r.order.Done(next, r.now())
	}
	return r.state(), nil
}

var due = models.NewDate(2030, time.March, 31) // the night in which Berlin's clocks go forward

func newOrder() models.NewWorkOrder {
	return models.NewWorkOrder{
		Title: "x", Type: models.WorkCorrective, Priority: models.PriorityHigh, DueOn: &due, TimeZone: "Europe/Berlin",
		LocationID: models.NewID(),
	}
}

// scene is a work order's process.
type scene struct {
	process
	row *row
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{process: newProcess(time.Date(2030, 1, 1, 8, 0, 0, 0, time.UTC)), row: &row{}}
	s.row.now = s.env.Now
	s.env.RegisterActivity(maintenance)
	s.env.OnActivity(maintenance.LoadWorkOrder, mock.Anything, mock.Anything).Return(s.row.load)
	s.env.OnActivity(maintenance.RunWorkOrderCommand, mock.Anything, mock.Anything).Return(s.row.command)
	s.env.OnActivity(maintenance.RunWorkOrderAction, mock.Anything, mock.Anything).Return(s.row.act)
	return s
}

// exists puts the row there before the run starts.
func (s *scene) exists(t *testing.T) {
	t.Helper()
	w, err := models.CreateWorkOrder(s.in.TenantID, s.in.ID, newOrder(), nil, s.env.Now())
	require.NoError(t, err)
	s.row.order = &w
}

func (s *scene) after(d time.Duration, name models.WorkOrderCommandName, results *[]error) {
	s.send(d, string(name), results)
}

func (s *scene) run(t *testing.T) {
	t.Helper()
	s.execute(t, workflows.WorkOrder)
}

const day = 24 * time.Hour

func TestWorkOrderCarriesCommandsFromCreateToClose(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.in.AwaitCommand = true
	var results []error
	s.after(0, models.WorkOrderCreate, &results)
	s.after(time.Hour, models.WorkOrderStart, &results)
	s.after(2*time.Hour, models.WorkOrderComplete, &results)
	s.after(3*time.Hour, models.WorkOrderClose, &results)
	s.run(t)
	require.Equal(t, []error{nil, nil, nil, nil}, results)
	require.Equal(t, models.WorkOrderClosed, s.row.order.Status)
	require.Empty(t, s.row.actions)
}

func TestWorkOrderRemindsReportsAndEscalates(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	var results []error
	s.after(120*day, models.WorkOrderCancel, &results)
	s.run(t)
	require.Equal(t, []string{"remind", "overdue", "escalate"}, s.row.actions[:3])
	end := time.Date(2030, 3, 31, 22, 0, 0, 0, time.UTC) // midnight in Berlin, in summer time by then
	require.Equal(t, end, s.row.order.DueAt.UTC())
	require.Equal(t, end.Add(-day), s.row.order.RemindedAt.UTC())
	require.Equal(t, end, s.row.order.OverdueAt.UTC())
	require.Equal(t, end.Add(day), s.row.order.EscalatedAt.UTC())
}

func TestWorkOrderOutlivesActivitiesThatFail(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	s.row.fails = 5 // more than the local tries, so that it goes on as an ordinary activity
	var results []error
	s.after(time.Hour, models.WorkOrderCancel, &results)
	s.run(t)
	require.Equal(t, []error{nil}, results)
}

func TestWorkOrderActsOnItsRowNotOnMessages(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	// Every message is lost but one poke, which comes twice; the row was closed by somebody else.
	s.env.RegisterDelayedCallback(func() { s.row.order.Status = models.WorkOrderCancelled; s.row.order.Version++ }, time.Hour)
	s.refresh(2 * time.Hour)
	s.run(t)
	require.Empty(t, s.row.actions)
}

func TestWorkOrderIgnoresCancel(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	var results []error
	s.env.RegisterDelayedCallback(s.env.CancelWorkflow, time.Hour)
	s.after(120*day, models.WorkOrderCancel, &results)
	s.run(t)
	require.Equal(t, []error{nil}, results)
	require.Equal(t, []string{"remind", "overdue", "escalate"}, s.row.actions[:3])
}

func TestWorkOrderRefusedCommandLeavesTheProcessRunning(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	var results []error
	s.after(time.Hour, models.WorkOrderClose, &results)
	s.after(2*time.Hour, models.WorkOrderCancel, &results)
	s.run(t)
	require.Len(t, results, 2)
	require.ErrorContains(t, results[0], "cannot be asked to close")
	require.NoError(t, results[1])
}

func TestWorkOrderWithoutRowEndsAfterAMinute(t *testing.T) {
	t.Parallel()
	for _, awaits := range []bool{true, false} {
		s := newScene(t)
		s.in.AwaitCommand = awaits
		began := s.env.Now()
		s.run(t)
		require.Equal(t, time.Minute, s.env.Now().Sub(began))
	}
}

func TestWorkOrderRefusesCommandsOfAnother(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	var results []error
	s.env.RegisterDelayedCallback(func() {
		s.env.UpdateWorkflow("start", uuid.NewString(), &testsuite.TestUpdateCallback{
			OnAccept: func() {}, OnReject: func(err error) { results = append(results, err) }, OnComplete: func(any, error) {},
		}, activities.CommandInput{ProcessInput: activities.ProcessInput{TenantID: s.in.TenantID, ID: uuid.New()}, Name: "start"})
	}, time.Hour)
	s.after(2*time.Hour, models.WorkOrderCancel, &results)
	s.run(t)
	require.Len(t, results, 2)
	require.ErrorContains(t, results[0], "another process")
}

func TestWorkOrderContinuesAsNew(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	s.env.SetContinueAsNewSuggested(true)
	s.env.ExecuteWorkflow(workflows.WorkOrder, s.in)
	var again *workflowContinue
	require.ErrorAs(t, s.env.GetWorkflowError(), &again)
	require.Equal(t, "core", again.TaskQueueName)
}

// shown follows a process's search attributes: the start's, then what the run makes of them.
func (p *process) shown(t *testing.T, start ...temporal.SearchAttributeUpdate) *[]temporal.SearchAttributes {
	t.Helper()
	require.NoError(t, p.env.SetTypedSearchAttributesOnStart(temporal.NewSearchAttributes(start...)))
	var upserts []temporal.SearchAttributes
	p.env.OnUpsertTypedSearchAttributes(mock.Anything).Run(func(args mock.Arguments) {
		upserts = append(upserts, args.Get(0).(temporal.SearchAttributes))
	}).Return(nil)
	return &upserts
}

var (
	priorityShown = temporal.NewSearchAttributeKeyKeyword("Priority")
	dueShown      = temporal.NewSearchAttributeKeyTime("DueAt")
)

func TestWorkOrderIsFoundByItsNewDueDateAndPriority(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	upserts := s.shown(t, priorityShown.ValueSet("high"), dueShown.ValueSet(*s.row.order.DueAt))
	patch := func(after time.Duration, on *models.Date, to models.Priority) {
		s.env.RegisterDelayedCallback(func() {
			_, err := s.row.order.Change(func(w *models.WorkOrder) error { w.Priority = to; return nil }, &on, "Europe/Berlin", s.env.Now())
			require.NoError(t, err)
			s.env.SignalWorkflow("refresh", nil)
		}, after)
	}
	later := models.NewDate(2030, time.June, 1)
	patch(time.Hour, &later, models.PriorityHigh)
	patch(2*time.Hour, &later, models.PriorityHigh) // nothing new: nothing is written to the history
	patch(3*time.Hour, nil, models.PriorityLow)
	patch(4*time.Hour, &due, models.PriorityLow)
	var results []error
	s.after(5*time.Hour, models.WorkOrderCancel, &results)
	s.run(t)
	require.Equal(t, []temporal.SearchAttributes{
		temporal.NewSearchAttributes(dueShown.ValueSet(time.Date(2030, 6, 1, 22, 0, 0, 0, time.UTC))),
		temporal.NewSearchAttributes(priorityShown.ValueSet("low"), dueShown.ValueUnset()),
		temporal.NewSearchAttributes(dueShown.ValueSet(time.Date(2030, 3, 31, 22, 0, 0, 0, time.UTC))),
	}, *upserts)
}

func TestWorkOrderStartedByTheSweeperIsFoundAgain(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	upserts := s.shown(t) // a poke starts a run without attributes
	var results []error
	s.after(time.Hour, models.WorkOrderCancel, &results)
	s.run(t)
	require.Equal(t, []temporal.SearchAttributes{
		temporal.NewSearchAttributes(priorityShown.ValueSet("high"), dueShown.ValueSet(s.row.order.DueAt.UTC())),
	}, *upserts)
}

func TestStatesWithoutPriorityChangeNothingShown(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.exists(t)
	// Such states stand in the histories of builds that did not show priorities: following them must add no write.
	s.row.silent = true
	upserts := s.shown(t, priorityShown.ValueSet("low"))
	var results []error
	s.after(time.Hour, models.WorkOrderCancel, &results)
	s.run(t)
	require.Empty(t, *upserts)
}
