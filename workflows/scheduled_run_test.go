package workflows_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

func TestAClockMakesOneRowATickAndWaitsForItsProcess(t *testing.T) {
	t.Parallel()
	for name, child := range map[string]error{
		"it ends": nil, "the sweeper was faster": &temporal.ChildWorkflowExecutionAlreadyStartedError{}, "it breaks": errors.New("terminated"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newEnvironment()
			var operations *activities.Operations
			env.RegisterActivity(operations)
			env.RegisterWorkflow(workflows.Retention)
			row := activities.ProcessInput{TenantID: models.NewID(), ID: models.NewID()}
			var causes []string
			env.OnActivity(operations.MakeScheduledRun, mock.Anything, mock.Anything).Return(
				func(_ context.Context, in activities.ScheduledInput) (activities.ProcessInput, error) {
					causes = append(causes, in.Cause)
					if len(causes) == 1 {
						return activities.ProcessInput{}, errors.New("the database was away")
					}
					return row, nil
				})
			env.OnWorkflow(models.ProcessRetention, mock.Anything, workflows.Input{ProcessInput: row}).Return(child).Once()
			env.ExecuteWorkflow(workflows.ScheduledRun, activities.ScheduledInput{Process: models.ProcessRetention})
			if name == "it breaks" {
				require.Error(t, env.GetWorkflowError())
			} else {
				require.NoError(t, env.GetWorkflowError())
			}
			require.Len(t, causes, 2)
			require.NotEmpty(t, causes[0])
			require.Equal(t, causes[0], causes[1], "the same tick, the same row")
			env.AssertExpectations(t)
		})
	}
}
