package workflows

import "go.temporal.io/sdk/workflow"

// WALCheck is what the clock of each minute starts: it writes a heartbeat and looks whether the earlier ones lie in the repository. It has no
// row of its own; what it found stands beside the heartbeat. A look that fails is not repeated: the next minute looks again.
func WALCheck(ctx workflow.Context) error {
	return workflow.ExecuteActivity(opsLook(ctx), operations.CheckWAL).Get(ctx, nil)
}
