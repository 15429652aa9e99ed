package workflows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

func newBackupEnvironment(t *testing.T, status *models.BackupStatus, breaks int) (*testsuite.TestWorkflowEnvironment, workflows.Input, *int) {
	t.Helper()
	env := newEnvironment()
	var operations *activities.Operations
	env.RegisterActivity(operations)
	began := env.Now()
	state := func() activities.ProcessState {
		over := *status == models.BackupCompleted
		s := activities.ProcessState{Exists: *status != "", Over: over, Status: string(*status), Version: 1}
		if over {
			s.Version = 2
		} else {
			s.Action, s.NextAt = "carry_out", began
		}
		return s
	}
	env.OnActivity(operations.LoadBackup, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.ProcessInput) (activities.ProcessState, error) { return state(), nil }).Maybe()
	runs := 0
	env.OnActivity(operations.CarryOutBackup, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.ActionInput) (activities.ProcessState, error) {
			if runs++; runs <= breaks {
				return activities.ProcessState{}, errors.New("the worker died")
			}
			*status = models.BackupCompleted
			return state(), nil
		}).Maybe()
	return env, workflows.Input{ProcessInput: activities.ProcessInput{TenantID: models.NewID(), ID: models.NewID()}}, &runs
}

func TestBackupIsCarriedOutOnceWhateverIsSaidTwice(t *testing.T) {
	t.Parallel()
	status := models.BackupQueued
	env, in, runs := newBackupEnvironment(t, &status, 0)
	for range 2 {
		env.RegisterDelayedCallback(func() { env.SignalWorkflow("refresh", nil) }, 0)
	}
	env.RegisterDelayedCallback(env.CancelWorkflow, 0)
	env.ExecuteWorkflow(workflows.Backup, in)
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, models.BackupCompleted, status)
	require.Equal(t, 1, *runs)
}

func TestBackupThatBreaksOffIsBegunAnew(t *testing.T) {
	t.Parallel()
	status := models.BackupQueued
	env, in, runs := newBackupEnvironment(t, &status, 2)
	env.ExecuteWorkflow(workflows.Backup, in)
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, 3, *runs)
}

func TestRetentionThatBreaksOffGoesOn(t *testing.T) {
	t.Parallel()
	env := newEnvironment()
	var operations *activities.Operations
	env.RegisterActivity(operations)
	queued := activities.ProcessState{Exists: true, Status: string(models.RetentionQueued), Version: 1, Action: "carry_out", NextAt: env.Now()}
	env.OnActivity(operations.LoadRetention, mock.Anything, mock.Anything).Return(queued, nil)
	env.OnActivity(operations.CarryOutRetention, mock.Anything, mock.Anything).Return(activities.ProcessState{}, errors.New("the worker died")).Twice()
	env.OnActivity(operations.CarryOutRetention, mock.Anything, mock.Anything).Return(
		activities.ProcessState{Exists: true, Over: true, Status: string(models.RetentionCompleted), Version: 2}, nil).Once()
	env.ExecuteWorkflow(workflows.Retention, workflows.Input{ProcessInput: activities.ProcessInput{TenantID: models.NewID(), ID: models.NewID()}})
	require.NoError(t, env.GetWorkflowError())
	env.AssertExpectations(t)
}

func TestBackupWithoutARowEndsAfterAMinute(t *testing.T) {
	t.Parallel()
	var status models.BackupStatus
	env, in, runs := newBackupEnvironment(t, &status, 0)
	began := env.Now()
	env.ExecuteWorkflow(workflows.Backup, in)
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, time.Minute, env.Now().Sub(began))
	require.Zero(t, *runs)
}
