package workflows

import (
	"go.temporal.io/sdk/workflow"

	"mainstay/models"
)

// FileRun is the process of one check of the stored files, or of one restore of files. Its truth is the row, which holds the plan before
// anything is changed: a run that is broken off goes on with that plan.
func FileRun(ctx workflow.Context, in Input) error {
	return steps{
		load: operations.LoadFileRun, command: operations.RunFileRunCommand, outside: operations.CarryOutFileRun,
		isOutside: always, options: ops, commands: []string{string(models.FileRunCreate)}, waits: operationWaits,
	}.run(ctx, in)
}
