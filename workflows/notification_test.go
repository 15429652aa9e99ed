package workflows_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"

	"mainstay/activities"
	"mainstay/workflows"
)

var delivery *activities.Delivery

func notificationScene(t *testing.T, state activities.ProcessState, mail func(context.Context, activities.ProcessInput) error) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	env := newEnvironment()
	env.RegisterActivity(delivery)
	env.OnActivity(delivery.LoadNotification, mock.Anything, mock.Anything).Return(state, nil)
	env.OnActivity(delivery.MailNotification, mock.Anything, mock.Anything).Return(mail).Maybe()
	env.ExecuteWorkflow(workflows.Notification, workflows.Input{ProcessInput: activities.ProcessInput{TenantID: uuid.New(), ID: uuid.New()}})
	require.True(t, env.IsWorkflowCompleted())
	return env
}

func TestNotificationTriesUntilTheServerIsBack(t *testing.T) {
	t.Parallel()
	tries := 0
	env := notificationScene(t, activities.ProcessState{Exists: true}, func(context.Context, activities.ProcessInput) error {
		tries++
		if tries < 4 {
			return errors.New("the server is away")
		}
		return nil
	})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, 4, tries)
}

func TestNotificationSendsNothingTwiceOrForNobody(t *testing.T) {
	t.Parallel()
	for _, state := range []activities.ProcessState{{}, {Exists: true, Over: true}} {
		mails := 0
		env := notificationScene(t, state, func(context.Context, activities.ProcessInput) error { mails++; return nil })
		require.NoError(t, env.GetWorkflowError())
		require.Zero(t, mails)
	}
}
