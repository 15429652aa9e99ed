package workflows_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/mocks"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workflows"
)

// TestCommandIsSentAgainUnderItsIDWhenTheTaskFailed: the server takes no update while it sets up anew a workflow task that failed under
// one; the same update, sent again, does what was asked.
func TestCommandIsSentAgainUnderItsIDWhenTheTaskFailed(t *testing.T) {
	t.Parallel()
	temporal, handle := &mocks.Client{}, &mocks.WorkflowUpdateHandle{}
	command := workflows.Command{Process: models.ProcessPurchaseOrder, Name: "close", SubjectID: uuid.New(), CommandID: uuid.New(), Running: true}
	sameUpdate := mock.MatchedBy(func(o client.UpdateWorkflowOptions) bool { return o.UpdateID == command.CommandID.String() })
	temporal.On("UpdateWorkflow", mock.Anything, sameUpdate).Return(nil, serviceerror.NewWorkflowNotReady("the task failed")).Twice()
	temporal.On("UpdateWorkflow", mock.Anything, sameUpdate).Return(handle, nil).Once()
	handle.On("Get", mock.Anything, mock.Anything).Run(func(args mock.Arguments) {
		*args.Get(1).(*activities.CommandResult) = activities.CommandResult{Status: "closed"}
	}).Return(nil)

	ctx := models.WithActor(t.Context(), models.Actor{TenantID: uuid.New(), UserID: uuid.New(), Kind: models.ActorUser})
	out, err := workflows.NewClient(temporal).Do(ctx, command)
	require.NoError(t, err)
	require.Equal(t, "closed", out.Status)
	temporal.AssertExpectations(t)
}
