package workflows_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

var assets *activities.Assets

// requestRow stands in for the request's row: the activities change it as the store would, through models.
type requestRow struct {
	unsteady
	lock      sync.Mutex
	now       func() time.Time
	request   *models.AssetRequest
	approval  models.ApprovalStatus // of its case; "" where no policy matches
	hindrance string                // what stands in the way
	actions   []string
}

func (r *requestRow) state() activities.ProcessState {
	if r.request == nil {
		return activities.ProcessState{}
	}
	action, at := r.request.NextAction()
	state := activities.ProcessState{
		Exists: true, Over: action == models.AssetRequestEnd, Status: string(r.request.Status), Version: r.request.Version, Action: string(action), NextAt: at,
	}
	if step := r.request.ApprovalStep(r.approval); step != "" {
		state.Action, state.NextAt = string(step), r.request.UpdatedAt
	}
	if action == models.AssetRequestLook && state.Action == string(action) {
		state.NextAt = time.Time{}
	}
	return state
}

func (r *requestRow) create(tenant, id uuid.UUID) {
	place, on := models.NewID(), models.NewDate(2030, time.January, 10)
	request := models.CreateAssetRequest(id, models.NewAssetRequest{
		Kind: models.ApprovalOfTransfer, ToLocationID: &place, Reason: "They need it.", OnDay: &on,
	}, models.Asset{Record: models.Record{TenantID: tenant}}, decimal.New(900, 0), "EUR", time.UTC, nil, r.now())
	if r.approval != "" {
		request.AwaitApproval(models.NewID())
	}
	r.request = &request
}

func (r *requestRow) load(context.Context, activities.ProcessInput) (activities.ProcessState, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	return r.state(), r.fault()
}

func (r *requestRow) command(_ context.Context, c activities.CommandInput) (activities.CommandResult, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if err := r.fault(); err != nil {
		return activities.CommandResult{}, err
	}
	if name := models.AssetRequestCommandName(c.Name); name == models.AssetRequestCreate {
		r.create(c.TenantID, c.ID)
	} else if err := r.request.Apply(name, models.AssetRequestCommand{Reason: "because"}, r.now()); err != nil {
		return activities.CommandResult{}, temporal.NewNonRetryableApplicationError(err.Error(), string(models.CodeConflict), err)
	}
	return activities.CommandResult{ID: c.ID, Status: string(r.request.Status), Version: r.request.Version, State: r.state()}, nil
}

func (r *requestRow) act(_ context.Context, in activities.ActionInput) (activities.ProcessState, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if err := r.fault(); err != nil {
		return activities.ProcessState{}, err
	}
	if is := r.state(); is.Action == in.Action && !is.NextAt.After(r.now()) {
		r.actions = append(r.actions, in.Action)
		why := ""
		if in.Action == string(models.AssetRequestCarryOut) {
			why = r.hindrance
		}
		r.request.Done(models.AssetRequestAction(in.Action), why, r.now())
	}
	return r.state(), nil
}

// handing is a transfer's process.
type handing struct {
	process
	row *requestRow
}

func newHanding(t *testing.T, approval models.ApprovalStatus) *handing {
	t.Helper()
	h := &handing{process: newProcess(time.Date(2030, 1, 1, 8, 0, 0, 0, time.UTC)), row: &requestRow{approval: approval}}
	h.in.AwaitCommand = true
	h.row.now = h.env.Now
	h.env.RegisterActivity(assets)
	h.env.OnActivity(assets.LoadAssetRequest, mock.Anything, mock.Anything).Return(h.row.load).Maybe()
	h.env.OnActivity(assets.RunAssetRequestCommand, mock.Anything, mock.Anything).Return(h.row.command).Maybe()
	h.env.OnActivity(assets.RunAssetRequestAction, mock.Anything, mock.Anything).Return(h.row.act).Maybe()
	return h
}

func (h *handing) ask(d time.Duration, name models.AssetRequestCommandName, results *[]error) {
	h.send(d, string(name), results)
}

func (h *handing) carry(t *testing.T) {
	t.Helper()
	h.execute(t, workflows.AssetTransfer)
}

func TestTransferIsCarriedOutOnItsDay(t *testing.T) {
	t.Parallel()
	h := newHanding(t, models.ApprovalOpen)
	var results []error
	h.ask(0, models.AssetRequestCreate, &results)
	h.env.RegisterDelayedCallback(func() { h.row.fails = 5 }, day-time.Minute)
	h.env.RegisterDelayedCallback(func() { // the case ends, and its message comes twice
		h.row.approval = models.ApprovalApproved
		h.env.SignalWorkflow("refresh", nil)
		h.env.SignalWorkflow("refresh", nil)
	}, day)
	h.carry(t)
	require.Equal(t, []error{nil}, results)
	require.Equal(t, []string{"agree", "carry_out"}, h.row.actions)
	require.Equal(t, time.Date(2030, 1, 10, 0, 0, 0, 0, time.UTC), h.row.request.CompletedAt.UTC())
}

func TestTransferThatIsBlockedWaitsForAPerson(t *testing.T) {
	t.Parallel()
	h := newHanding(t, "")
	h.row.hindrance = "It is lent."
	var results []error
	h.ask(0, models.AssetRequestCreate, &results)
	h.ask(day, models.AssetRequestRetry, &results)
	h.env.RegisterDelayedCallback(func() { h.row.hindrance = "" }, 20*day)
	h.ask(21*day, models.AssetRequestRetry, &results)
	h.carry(t)
	require.ErrorContains(t, results[1], "cannot be asked to retry")
	require.NoError(t, results[2])
	require.Equal(t, []string{"carry_out", "carry_out"}, h.row.actions)
	require.Equal(t, models.AssetRequestCompleted, h.row.request.Status)
}

func TestTransferEndsWithItsCaseOrByCancelling(t *testing.T) {
	t.Parallel()
	for status, want := range map[models.ApprovalStatus]models.AssetRequestStatus{
		models.ApprovalRejected: models.AssetRequestRejected, models.ApprovalExpired: models.AssetRequestCancelled,
	} {
		h := newHanding(t, models.ApprovalOpen)
		var results []error
		h.ask(0, models.AssetRequestCreate, &results)
		// The message is lost; a poke of the sweeper is all that comes.
		h.env.RegisterDelayedCallback(func() { h.row.approval = status }, day)
		h.env.RegisterDelayedCallback(func() { h.env.SignalWorkflow("refresh", nil) }, 3*day)
		h.carry(t)
		require.Equal(t, want, h.row.request.Status)
		require.Len(t, h.row.actions, 1)
	}
	h := newHanding(t, "")
	var results []error
	h.ask(0, models.AssetRequestCreate, &results)
	h.env.RegisterDelayedCallback(h.env.CancelWorkflow, time.Hour) // an operator's: a process ends by its row
	h.ask(day, models.AssetRequestCancel, &results)
	h.carry(t)
	require.Equal(t, []error{nil, nil}, results)
	require.Empty(t, h.row.actions)
	require.Equal(t, models.AssetRequestCancelled, h.row.request.Status)
}
