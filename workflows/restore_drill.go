package workflows

import (
	"go.temporal.io/sdk/workflow"

	"mainstay/models"
)

// RestoreDrill is the process of one drill: it restores the newest dump into a server of its own and writes down what it found. Its truth
// is the row: a run that is broken off begins the drill anew.
func RestoreDrill(ctx workflow.Context, in Input) error {
	return steps{
		load: operations.LoadRestoreDrill, command: operations.RunRestoreDrillCommand, outside: operations.CarryOutRestoreDrill,
		isOutside: always, options: ops, commands: []string{string(models.RestoreDrillCreate)}, waits: operationWaits,
	}.run(ctx, in)
}
