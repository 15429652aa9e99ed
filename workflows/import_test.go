package workflows_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

// importRow plays the row of an import: phases that follow each other when they are run.
type importRow struct {
	lock   sync.Mutex // activities run beside each other
	status models.ImportStatus
	fails  int // how often a run breaks off before one succeeds
	runs   []string
}

func (r *importRow) set(status models.ImportStatus) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.status = status
}

func newImportEnvironment(t *testing.T, row *importRow) (*testsuite.TestWorkflowEnvironment, workflows.Input) {
	t.Helper()
	env := newEnvironment()
	var exchange *activities.Exchange
	env.RegisterActivity(exchange)
	env.OnActivity(exchange.LoadImport, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.ProcessInput) (activities.ProcessState, error) {
			row.lock.Lock()
			defer row.lock.Unlock()
			state := activities.ProcessState{Exists: row.status != "", Status: string(row.status), Over: !row.status.Working()}
			if !state.Over {
				state.Action = state.Status
			}
			return state, nil
		}).Maybe()
	env.OnActivity(exchange.RunImport, mock.Anything, mock.Anything).Return(
		func(_ context.Context, in activities.ActionInput) error {
			row.lock.Lock()
			defer row.lock.Unlock()
			row.runs = append(row.runs, in.Action)
			if row.fails > 0 {
				row.fails--
				return errors.New("the storage is away")
			}
			if row.status == models.ImportValidating {
				row.status = models.ImportRunning
			} else {
				row.status = models.ImportCompleted
			}
			return nil
		}).Maybe()
	env.OnActivity(exchange.CancelImport, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.ProcessInput) error {
			row.set(models.ImportCancelled)
			return nil
		}).Maybe()
	return env, workflows.Input{ProcessInput: activities.ProcessInput{TenantID: models.NewID(), ID: models.NewID()}}
}

func TestImportRunsItsPhasesAndEnds(t *testing.T) {
	t.Parallel()
	row := &importRow{status: models.ImportValidating}
	env, in := newImportEnvironment(t, row)
	for range 2 { // a message twice is harmless
		env.RegisterDelayedCallback(func() { env.SignalWorkflow("refresh", nil) }, 0)
	}
	env.ExecuteWorkflow(workflows.Import, in)
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []string{"validating", "running"}, row.runs)
}

func TestImportWithoutARowEndsAfterAMinute(t *testing.T) {
	t.Parallel()
	row := &importRow{}
	env, in := newImportEnvironment(t, row)
	began := env.Now()
	env.ExecuteWorkflow(workflows.Import, in)
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, time.Minute, env.Now().Sub(began))
	require.Empty(t, row.runs)
}

func TestImportFindsItsRowByAPoke(t *testing.T) {
	t.Parallel()
	row := &importRow{}
	env, in := newImportEnvironment(t, row)
	env.RegisterDelayedCallback(func() {
		row.set(models.ImportRunning)
		env.SignalWorkflow("refresh", nil)
	}, 30*time.Second)
	env.ExecuteWorkflow(workflows.Import, in)
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []string{"running"}, row.runs)
}

func TestImportIsCancelledByItsSignalAndNotByTemporals(t *testing.T) {
	t.Parallel()
	row := &importRow{}
	env, in := newImportEnvironment(t, row)
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Second)
	env.RegisterDelayedCallback(func() {
		row.set(models.ImportRunning)
		env.SignalWorkflow("cancel", nil)
		env.SignalWorkflow("refresh", nil)
	}, 30*time.Second)
	env.ExecuteWorkflow(workflows.Import, in)
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, models.ImportCancelled, row.status)
}

func TestAPhaseThatBreaksOffIsRunAgain(t *testing.T) {
	t.Parallel()
	row := &importRow{status: models.ImportRunning, fails: 2}
	env, in := newImportEnvironment(t, row)
	env.ExecuteWorkflow(workflows.Import, in)
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, []string{"running", "running", "running"}, row.runs)
	require.Equal(t, models.ImportCompleted, row.status)
}
