package workflows_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

var approvalActivities *activities.Approvals

// caseRows stand in for an approval's rows: the activities change them as the store would, through models.
type caseRows struct {
	unsteady
	lock     sync.Mutex
	approval models.Approval
	actions  []string
}

var approver = models.NewID()

func (r *caseRows) state() activities.ProcessState {
	action, at := r.approval.NextAction()
	return activities.ProcessState{
		Exists: true, Over: r.approval.Status != models.ApprovalOpen, Status: string(r.approval.Status), Version: r.approval.Version,
		Action: string(action), NextAt: at,
	}
}

// approvalScene is an approval's process.
func approvalScene(t *testing.T) (*testsuite.TestWorkflowEnvironment, *caseRows) {
	t.Helper()
	env, rows := newEnvironment(), &caseRows{}
	env.SetStartTime(time.Date(2030, 1, 1, 8, 0, 0, 0, time.UTC)) // a Tuesday
	requester := models.NewID()
	a, err := models.OpenApproval(models.NewID(), models.NewID(), models.ApprovalSubject{Type: models.ApprovalOfWorkOrder, RequesterID: &requester},
		models.ApprovalRoute{
			Levels: []models.ApprovalRouteLevel{{Mode: models.ApprovalByAny, Need: 1, SeatIDs: []uuid.UUID{approver}}}, Terms: models.DefaultApprovalTerms(),
		}, "UTC", env.Now())
	require.NoError(t, err)
	place := func(uuid.UUID) string { return "UTC" }
	_, err = a.Ask(place, func(seat uuid.UUID, _ func(uuid.UUID) bool) uuid.UUID { return seat }, env.Now())
	require.NoError(t, err)
	rows.approval = a
	env.RegisterActivity(approvalActivities)
	env.OnActivity(approvalActivities.LoadApproval, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.ProcessInput) (activities.ProcessState, error) {
			rows.lock.Lock()
			defer rows.lock.Unlock()
			return rows.state(), rows.fault()
		})
	env.OnActivity(approvalActivities.RunApprovalAction, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.ActionInput) (activities.ProcessState, error) {
			rows.lock.Lock()
			defer rows.lock.Unlock()
			if err := rows.fault(); err != nil {
				return activities.ProcessState{}, err
			}
			next, at := rows.approval.NextAction()
			if string(next) != in.Action || at.After(env.Now()) {
				return rows.state(), nil
			}
			rows.actions = append(rows.actions, in.Action)
			switch next {
			case models.ApprovalRemind:
				rows.approval.Remind(env.Now())
			case models.ApprovalEscalate:
				_, err := rows.approval.Escalate([]uuid.UUID{models.NewID()}, place, env.Now())
				return rows.state(), err
			case models.ApprovalExpire:
				rows.approval.End(models.ApprovalExpired, "", nil, env.Now())
			case models.ApprovalEnd:
			}
			return rows.state(), nil
		}).Maybe()
	return env, rows
}

func runApproval(t *testing.T, env *testsuite.TestWorkflowEnvironment, rows *caseRows) {
	t.Helper()
	env.ExecuteWorkflow(workflows.Approval, workflows.Input{
		ProcessInput: activities.ProcessInput{TenantID: rows.approval.TenantID, ID: rows.approval.ID},
	})
	require.True(t, env.IsWorkflowCompleted())
	require.NoError(t, env.GetWorkflowError())
}

// decides writes a decision as the store does, and then sends the messages.
func (r *caseRows) decides(t *testing.T, env *testsuite.TestWorkflowEnvironment, after time.Duration, messages ...string) {
	t.Helper()
	env.RegisterDelayedCallback(func() {
		r.lock.Lock()
		step, _, err := r.approval.Decide(approver, models.DecideApprove, "", "app", r.approval.ContentHash, env.Now())
		r.lock.Unlock()
		require.NoError(t, err)
		for _, name := range messages {
			env.SignalWorkflow(name, workflows.Decision{DecisionID: step.ID.String()})
		}
	}, after)
}

func TestApprovalEndsWithTheDecision(t *testing.T) {
	t.Parallel()
	for _, messages := range [][]string{{"decision"}, {"decision", "decision"}, {"refresh"}, {"refresh", "decision", "refresh"}} {
		env, rows := approvalScene(t)
		began := env.Now()
		rows.decides(t, env, time.Hour, messages...)
		runApproval(t, env, rows)
		require.Equal(t, began.Add(time.Hour), env.Now(), messages)
		require.Empty(t, rows.actions)
	}
}

func TestApprovalFindsADecisionWhoseSignalWasLost(t *testing.T) {
	t.Parallel()
	env, rows := approvalScene(t)
	rows.decides(t, env, time.Hour)
	runApproval(t, env, rows)
	require.Empty(t, rows.actions, "the timer reads the rows before it acts")
}

func TestApprovalRemindsEscalatesAndExpires(t *testing.T) {
	t.Parallel()
	env, rows := approvalScene(t)
	rows.fails = 5 // more than the local tries
	runApproval(t, env, rows)
	require.Equal(t, "remind", rows.actions[0])
	require.Equal(t, "escalate", rows.actions[1])
	require.Equal(t, "expire", rows.actions[len(rows.actions)-1])
	require.Equal(t, time.Date(2030, 1, 15, 17, 0, 0, 0, time.UTC), env.Now().UTC(), "ten working days")
}

func TestApprovalIgnoresCancel(t *testing.T) {
	t.Parallel()
	env, rows := approvalScene(t)
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)
	rows.decides(t, env, time.Hour, "decision")
	runApproval(t, env, rows)
	require.Equal(t, models.ApprovalApproved, rows.approval.Status)
}

func TestApprovalContinuesAsNew(t *testing.T) {
	t.Parallel()
	env, rows := approvalScene(t)
	env.SetContinueAsNewSuggested(true)
	env.ExecuteWorkflow(workflows.Approval, workflows.Input{
		ProcessInput: activities.ProcessInput{TenantID: rows.approval.TenantID, ID: rows.approval.ID},
	})
	var again *workflowContinue
	require.ErrorAs(t, env.GetWorkflowError(), &again)
}
