package workflows

import (
	"errors"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

// ScheduledRun is what a clock of the installation starts: it makes the row of one backup, drill, run of retention or check of the files and waits for its process, so that
// a tick that falls into a run that still works is skipped. The row's process needs nobody who waits: where this run is lost, the sweeper
// starts it.
func ScheduledRun(ctx workflow.Context, in activities.ScheduledInput) error {
	in.Cause = workflow.GetInfo(ctx).WorkflowExecution.ID // the clock's name and time
	var row activities.ProcessInput
	if err := call(ctx, operations.MakeScheduledRun, in, &row); err != nil {
		return err
	}
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            WorkflowID(in.Process, row.TenantID, row.ID),
		TaskQueue:             string(models.QueueOf(in.Process)),
		ParentClosePolicy:     enums.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		TypedSearchAttributes: searchAttributes(row.TenantID, models.ProcessAttributes{}),
	})
	err := workflow.ExecuteChildWorkflow(child, in.Process, Input{ProcessInput: row}).Get(ctx, nil)
	if _, runs := errors.AsType[*temporal.ChildWorkflowExecutionAlreadyStartedError](err); runs {
		return nil // the sweeper was faster
	}
	return err
}
