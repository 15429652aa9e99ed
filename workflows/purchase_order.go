package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

// purchasing refers to the activities of the domain; workers register the struct itself.
var purchasing *activities.Purchasing

// PurchaseOrder is the process of one purchase order, from its draft to close or cancellation: it carries out commands, follows its
// approval, sends the order to the supplier and takes that back, and reports what does not come. Its truth is the row.
func PurchaseOrder(ctx workflow.Context, in Input) error {
	commands := []string{string(models.PurchaseOrderCreate)}
	for _, name := range models.PurchaseOrderCommandNames() {
		commands = append(commands, string(name))
	}
	return steps{
		load: purchasing.LoadPurchaseOrder, command: purchasing.RunPurchaseOrderCommand, act: purchasing.RunPurchaseOrderAction,
		outside: purchasing.MailPurchaseOrder, isOutside: func(action string) bool { return models.PurchaseOrderAction(action).Outside() },
		commands: commands, waits: purchaseOrderWaits,
	}.run(ctx, in)
}

func purchaseOrderWaits(s activities.ProcessState) string {
	switch models.PurchaseOrderAction(s.Action) {
	case models.PurchaseOrderLate:
		return fmt.Sprintf("Status %s. Reports at %s what has not come.", s.Status, s.NextAt.Format("2006-01-02 15:04 MST"))
	case models.PurchaseOrderIssue:
		return fmt.Sprintf("Status %s. Sends the order to the supplier.", s.Status)
	case models.PurchaseOrderRevoke:
		return fmt.Sprintf("Status %s. Tells the supplier that it is cancelled.", s.Status)
	case models.PurchaseOrderAgree, models.PurchaseOrderReject, models.PurchaseOrderReopen:
		return fmt.Sprintf("Status %s. Follows its approval.", s.Status)
	case models.PurchaseOrderLook, models.PurchaseOrderEnd:
	}
	return fmt.Sprintf("Status %s. Waits for a person.", s.Status)
}
