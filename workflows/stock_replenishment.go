package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

// StockReplenishment is the process that writes draft orders for what runs short in a tenant: woken when an item falls to its
// reorder point, and once a day. It never ends.
func StockReplenishment(ctx workflow.Context, in Input) error {
	return steps{load: purchasing.LoadReplenishment, act: purchasing.Replenish, waits: replenishmentWaits}.run(ctx, in)
}

func replenishmentWaits(s activities.ProcessState) string {
	if models.ReplenishmentAction(s.Action) == models.ReplenishPropose {
		return fmt.Sprintf("Writes draft orders at %s.", s.NextAt.Format("2006-01-02 15:04 MST"))
	}
	return "Nothing runs short. Waits for an item at its reorder point."
}
