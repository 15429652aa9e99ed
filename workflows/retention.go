package workflows

import (
	"go.temporal.io/sdk/workflow"

	"mainstay/models"
)

// Retention is the process of one run that deletes the backups which the policy lets go. Its truth is the row, which holds the plan before
// anything is deleted: a run that is broken off goes on with that plan.
func Retention(ctx workflow.Context, in Input) error {
	return steps{
		load: operations.LoadRetention, command: operations.RunRetentionCommand, outside: operations.CarryOutRetention,
		isOutside: always, options: ops, commands: []string{string(models.RetentionCreate)}, waits: operationWaits,
	}.run(ctx, in)
}
