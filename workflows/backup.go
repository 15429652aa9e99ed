package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

// operations refers to the activities of the domain; workers register the struct itself.
var operations *activities.Operations

// Backup is the process of one backup, from the request to what was stored. Its truth is the row: a run that is broken off begins the same
// backup anew.
func Backup(ctx workflow.Context, in Input) error {
	return steps{
		load: operations.LoadBackup, command: operations.RunBackupCommand, outside: operations.CarryOutBackup,
		isOutside: always, options: ops, commands: []string{string(models.BackupCreate)}, waits: operationWaits,
	}.run(ctx, in)
}

func always(string) bool { return true }

func operationWaits(s activities.ProcessState) string { return fmt.Sprintf("Status %s.", s.Status) }
