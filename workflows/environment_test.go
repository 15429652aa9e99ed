package workflows_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

// newEnvironment is the SDK's test environment, which skips time. A machine with much to do is no deadlock, nor a test that hangs.
func newEnvironment() *testsuite.TestWorkflowEnvironment {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(time.Minute)
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute})
	return env
}

// process is one run in a test environment.
type process struct {
	env *testsuite.TestWorkflowEnvironment
	in  workflows.Input
}

func newProcess(began time.Time) process {
	env := newEnvironment()
	env.SetStartTime(began)
	return process{env: env, in: workflows.Input{ProcessInput: activities.ProcessInput{TenantID: models.NewID(), ID: models.NewID()}}}
}

// send brings a command at a time; its outcome goes to results.
func (p *process) send(after time.Duration, name string, results *[]error) {
	p.env.RegisterDelayedCallback(func() {
		note := func(err error) { *results = append(*results, err) }
		p.env.UpdateWorkflow(name, uuid.NewString(), &testsuite.TestUpdateCallback{
			OnAccept: func() {}, OnReject: note, OnComplete: func(_ any, err error) { note(err) },
		}, activities.CommandInput{ProcessInput: p.in.ProcessInput, CommandID: uuid.New(), Name: name})
	}, after)
}

// refresh brings the signal that says «read your rows» at a time, twice.
func (p *process) refresh(after time.Duration) {
	p.env.RegisterDelayedCallback(func() {
		p.env.SignalWorkflow("refresh", nil)
		p.env.SignalWorkflow("refresh", nil)
	}, after)
}

func (p *process) execute(t *testing.T, workflow any) {
	t.Helper()
	p.env.ExecuteWorkflow(workflow, p.in)
	require.True(t, p.env.IsWorkflowCompleted())
	require.NoError(t, p.env.GetWorkflowError())
}

// unsteady lets activities fail for a passing reason.
type unsteady struct {
	fails int // how often, before one succeeds
}

func (u *unsteady) fault() error {
	if u.fails == 0 {
		return nil
	}
	u.fails--
	return errors.New("something is away")
}
