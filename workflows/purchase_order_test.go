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

var purchasing *activities.Purchasing

// orderRow stands in for the order's row: the activities change it as the store would, through models.
type orderRow struct {
	unsteady
	lock     sync.Mutex
	now      func() time.Time
	order    *models.PurchaseOrder
	lines    []models.PurchaseOrderLine
	approval models.ApprovalStatus // of its case; "" where no policy matches
	actions  []string
	mails    int
	refusal  string // what the supplier's mail server says
}

func (r *orderRow) state() activities.ProcessState {
	if r.order == nil {
		return activities.ProcessState{}
	}
	action, at := r.order.NextAction()
	state := activities.ProcessState{
		Exists: true, Over: action == models.PurchaseOrderEnd, Status: string(r.order.Status), Version: r.order.Version, Action: string(action), NextAt: at,
	}
	if step := r.order.ApprovalStep(r.approval); step != "" {
		state.Action, state.NextAt = string(step), r.order.UpdatedAt
	}
	return state
}

func (r *orderRow) load(context.Context, activities.ProcessInput) (activities.ProcessState, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	return r.state(), r.fault()
}

func (r *orderRow) create(tenant, id uuid.UUID) {
	price, item := decimal.New(2, 0), models.NewID()
	promised := models.DateOf(r.now(), time.UTC).AddDays(10)
	o, lines := models.CreatePurchaseOrder(tenant, id, models.NewPurchaseOrder{
		SupplierID: models.NewID(), Currency: "EUR", Lines: []models.NewPurchaseOrderLine{{
			ItemID: &item, Quantity: decimal.New(10, 0), UnitPrice: &price, PromisedOn: &promised,
		}},
	}, models.PurchaseTerms{BaseCurrency: "EUR", Rate: decimal.New(1, 0)}, nil, r.now())
	r.order, r.lines = &o, lines
}

func (r *orderRow) command(_ context.Context, c activities.CommandInput) (activities.CommandResult, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if err := r.fault(); err != nil {
		return activities.CommandResult{}, err
	}
	name := models.PurchaseOrderCommandName(c.Name)
	if name == models.PurchaseOrderCreate {
		r.create(c.TenantID, c.ID)
	} else {
		place := models.NewID()
		body := models.PurchaseOrderCommand{Reason: "because", Receipt: &models.NewGoodsReceipt{Lines: []models.NewReceiptLine{
			{LineID: r.lines[0].ID, Quantity: decimal.New(5, 0), LocationID: &place},
		}}}
		if err := r.order.Apply(name, body, r.lines, r.now()); err != nil {
			return activities.CommandResult{}, temporal.NewNonRetryableApplicationError(err.Error(), string(models.CodeConflict), err)
		}
		if name == models.PurchaseOrderSubmit && r.approval == "" {
			r.order.Approve(r.now())
		}
	}
	state := r.state()
	state.Due = !state.NextAt.IsZero() && !state.NextAt.After(r.now())
	return activities.CommandResult{ID: c.ID, Status: string(r.order.Status), Version: r.order.Version, State: state}, nil
}

func (r *orderRow) act(in activities.ActionInput) (activities.ProcessState, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if err := r.fault(); err != nil {
		return activities.ProcessState{}, err
	}
	if is := r.state(); is.Action == in.Action && !is.NextAt.After(r.now()) {
		r.actions = append(r.actions, in.Action)
		refusal := ""
		if models.PurchaseOrderAction(in.Action).Outside() {
			r.mails, refusal = r.mails+1, r.refusal
			r.order.MailedTo = "orders@example.com"
		}
		r.order.Done(models.PurchaseOrderAction(in.Action), refusal, r.now())
	}
	return r.state(), nil
}

// buying is an order's process.
type buying struct {
	process
	row *orderRow
}

func newBuying(t *testing.T) *buying {
	t.Helper()
	b := &buying{process: newProcess(time.Date(2030, 1, 1, 8, 0, 0, 0, time.UTC)), row: &orderRow{}}
	b.row.now = b.env.Now
	b.env.RegisterActivity(purchasing)
	b.env.OnActivity(purchasing.LoadPurchaseOrder, mock.Anything, mock.Anything).Return(b.row.load).Maybe()
	b.env.OnActivity(purchasing.RunPurchaseOrderCommand, mock.Anything, mock.Anything).Return(b.row.command).Maybe()
	act := func(_ context.Context, in activities.ActionInput) (activities.ProcessState, error) {
		return b.row.act(in)
	}
	b.env.OnActivity(purchasing.RunPurchaseOrderAction, mock.Anything, mock.Anything).Return(act).Maybe()
	b.env.OnActivity(purchasing.MailPurchaseOrder, mock.Anything, mock.Anything).Return(act).Maybe()
	return b
}

func (b *buying) ask(d time.Duration, name models.PurchaseOrderCommandName, results *[]error) {
	b.send(d, string(name), results)
}

func (b *buying) carry(t *testing.T) {
	t.Helper()
	b.execute(t, workflows.PurchaseOrder)
}

func TestPurchaseOrderCarriesCommandsFromCreateToClose(t *testing.T) {
	t.Parallel()
	b := newBuying(t)
	b.in.AwaitCommand = true
	var results []error
	for i, name := range []models.PurchaseOrderCommandName{
		models.PurchaseOrderCreate, models.PurchaseOrderSubmit, models.PurchaseOrderSend, models.PurchaseOrderReceive, models.PurchaseOrderReceive,
		models.PurchaseOrderClose,
	} {
		b.ask(time.Duration(i)*time.Hour, name, &results)
	}
	b.carry(t)
	require.Equal(t, make([]error, 6), results)
	require.Equal(t, models.PurchaseOrderClosed, b.row.order.Status)
	require.Equal(t, []string{"issue"}, b.row.actions)
}

func TestPurchaseOrderIsSentWithoutATimer(t *testing.T) {
	t.Parallel()
	b := newBuying(t)
	b.in.AwaitCommand = true
	b.row.now = func() time.Time { return b.env.Now().Add(time.Millisecond) } // a transaction begins after its workflow task
	var timers []time.Duration
	b.env.SetOnTimerScheduledListener(func(_ string, duration time.Duration) { timers = append(timers, duration) })
	var results []error
	for i, name := range []models.PurchaseOrderCommandName{
		models.PurchaseOrderCreate, models.PurchaseOrderSubmit, models.PurchaseOrderSend, models.PurchaseOrderClose,
	} {
		b.ask(time.Duration(i)*time.Hour, name, &results)
	}
	b.carry(t)
	require.Equal(t, make([]error, 4), results)
	require.Equal(t, []string{"issue"}, b.row.actions)
	for _, duration := range timers {
		require.Greater(t, duration, time.Hour, "only what does not come is waited for")
	}
}

func TestPurchaseOrderFollowsItsApproval(t *testing.T) {
	t.Parallel()
	for status, want := range map[models.ApprovalStatus]models.PurchaseOrderStatus{
		models.ApprovalApproved: models.PurchaseOrderApproved, models.ApprovalRejected: models.PurchaseOrderRejected,
		models.ApprovalExpired: models.PurchaseOrderDraft,
	} {
		b := newBuying(t)
		b.row.create(b.in.TenantID, b.in.ID)
		b.row.approval = models.ApprovalOpen
		var results []error
		b.ask(time.Hour, models.PurchaseOrderSubmit, &results)
		b.env.RegisterDelayedCallback(func() { // the case ends, and its message comes twice
			b.row.approval = status
			b.env.SignalWorkflow("refresh", nil)
			b.env.SignalWorkflow("refresh", nil)
		}, 2*time.Hour)
		var after models.PurchaseOrderStatus
		b.env.RegisterDelayedCallback(func() { after = b.row.order.Status }, 3*time.Hour)
		b.ask(4*time.Hour, models.PurchaseOrderCancel, &results)
		b.carry(t)
		require.Equal(t, []error{nil, nil}, results)
		require.Equal(t, want, after)
		require.Len(t, b.row.actions, 1, "once, however often it is told")
	}
}

func TestPurchaseOrderActsOnItsRowNotOnMessages(t *testing.T) {
	t.Parallel()
	b := newBuying(t)
	b.row.create(b.in.TenantID, b.in.ID)
	// Every command was carried out by another run; one poke of the sweeper is all that comes.
	b.env.RegisterDelayedCallback(func() {
		require.NoError(t, b.row.order.Apply(models.PurchaseOrderSubmit, models.PurchaseOrderCommand{}, b.row.lines, b.env.Now()))
		b.row.order.Approve(b.env.Now())
		require.NoError(t, b.row.order.Apply(models.PurchaseOrderSend, models.PurchaseOrderCommand{}, b.row.lines, b.env.Now()))
	}, time.Hour)
	b.env.RegisterDelayedCallback(func() { b.env.SignalWorkflow("refresh", nil) }, 2*time.Hour)
	var results []error
	b.ask(3*time.Hour, models.PurchaseOrderClose, &results)
	b.carry(t)
	require.Equal(t, []string{"issue"}, b.row.actions)
}

func TestPurchaseOrderIsMailedOnceThoughTheServerIsAway(t *testing.T) {
	t.Parallel()
	b := newBuying(t)
	b.row.create(b.in.TenantID, b.in.ID)
	var results []error
	b.ask(time.Hour, models.PurchaseOrderSubmit, &results)
	b.ask(2*time.Hour, models.PurchaseOrderSend, &results)
	b.env.RegisterDelayedCallback(func() { b.row.fails = 6 }, 2*time.Hour-time.Second)
	b.ask(40*time.Hour, models.PurchaseOrderCancel, &results)
	b.carry(t)
	require.Equal(t, []error{nil, nil, nil}, results)
	require.Equal(t, []string{"issue", "revoke"}, b.row.actions)
	require.Equal(t, 2, b.row.mails)
	require.Equal(t, models.PurchaseOrderCancelled, b.row.order.Status)
}

func TestPurchaseOrderIsApprovedAgainWhenTheMailIsRefused(t *testing.T) {
	t.Parallel()
	b := newBuying(t)
	b.row.create(b.in.TenantID, b.in.ID)
	b.row.refusal = "550 no such box"
	var results []error
	b.ask(time.Hour, models.PurchaseOrderSubmit, &results)
	b.ask(2*time.Hour, models.PurchaseOrderSend, &results)
	b.ask(3*time.Hour, models.PurchaseOrderReceive, &results)
	b.env.RegisterDelayedCallback(func() { b.row.refusal = "" }, 4*time.Hour)
	b.ask(5*time.Hour, models.PurchaseOrderSend, &results)
	b.ask(6*time.Hour, models.PurchaseOrderClose, &results)
	b.carry(t)
	require.ErrorContains(t, results[2], "cannot be asked to receive")
	require.Equal(t, []string{"issue", "issue"}, b.row.actions)
	require.Equal(t, models.PurchaseOrderClosed, b.row.order.Status)
}

func TestPurchaseOrderReportsWhatIsLate(t *testing.T) {
	t.Parallel()
	b := newBuying(t)
	b.row.create(b.in.TenantID, b.in.ID)
	var results []error
	b.ask(time.Hour, models.PurchaseOrderSubmit, &results)
	b.ask(2*time.Hour, models.PurchaseOrderSend, &results)
	b.ask(30*day, models.PurchaseOrderClose, &results)
	b.carry(t)
	require.Equal(t, []string{"issue", "late"}, b.row.actions)
	require.Equal(t, time.Date(2030, 1, 12, 0, 0, 0, 0, time.UTC), b.row.order.LateAt.UTC())
}

func TestReplenishmentProposesAndSleeps(t *testing.T) {
	t.Parallel()
	env := newEnvironment()
	env.RegisterActivity(purchasing)
	row := models.StockReplenishment{Version: 1, UpdatedAt: env.Now()}
	short, runs := false, 0
	state := func() activities.ProcessState {
		action, at := row.NextAction(short)
		s := activities.ProcessState{Exists: true, Version: row.Version, Action: string(action), NextAt: at}
		if action == models.ReplenishLook {
			s.NextAt = time.Time{} // the sweeper pokes once a day
		}
		return s
	}
	env.OnActivity(purchasing.LoadReplenishment, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.ProcessInput) (activities.ProcessState, error) { return state(), nil })
	env.OnActivity(purchasing.Replenish, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.ActionInput) (activities.ProcessState, error) {
			runs, short = runs+1, false
			row.Version, row.UpdatedAt = row.Version+1, env.Now()
			return state(), nil
		})
	env.RegisterDelayedCallback(func() { env.SignalWorkflow("refresh", nil) }, time.Hour) // nothing is short
	env.RegisterDelayedCallback(func() {                                                  // two messages about one shortage
		short = true
		env.SignalWorkflow("refresh", nil)
		env.SignalWorkflow("refresh", nil)
	}, 2*time.Hour)
	env.RegisterDelayedCallback(func() { env.SetContinueAsNewSuggested(true); env.SignalWorkflow("refresh", nil) }, 3*time.Hour)
	env.ExecuteWorkflow(workflows.StockReplenishment, workflows.Input{ProcessInput: activities.ProcessInput{TenantID: uuid.New(), ID: uuid.New()}})
	require.True(t, env.IsWorkflowCompleted())
	var again *workflowContinue
	require.ErrorAs(t, env.GetWorkflowError(), &again, "it never ends")
	require.Equal(t, 1, runs)
}
