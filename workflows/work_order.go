package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

// maintenance refers to the activities of the domain; workers register the struct itself.
var maintenance *activities.Maintenance

// WorkOrder is the process of one work order, from its creation to close or cancellation: it carries out commands and sends
// reminders, overdue notices and escalations. Its truth is the row.
func WorkOrder(ctx workflow.Context, in Input) error {
	commands := []string{string(models.WorkOrderCreate)}
	for _, name := range models.WorkOrderCommandNames() {
		commands = append(commands, string(name))
	}
	return steps{
		load: maintenance.LoadWorkOrder, command: maintenance.RunWorkOrderCommand, act: maintenance.RunWorkOrderAction,
		commands: commands, waits: workOrderWaits,
	}.run(ctx, in)
}

func workOrderWaits(s activities.ProcessState) string {
	at := s.NextAt.Format("2006-01-02 15:04 MST")
	switch models.WorkOrderAction(s.Action) {
	case models.WorkOrderRemind:
		return fmt.Sprintf("Status %s. Reminds the assignees at %s.", s.Status, at)
	case models.WorkOrderOverdue:
		return fmt.Sprintf("Status %s. Reports the order as overdue at %s.", s.Status, at)
	case models.WorkOrderEscalate:
		return fmt.Sprintf("Status %s. Escalates to the planners at %s.", s.Status, at)
	case models.WorkOrderWaitMaterial, models.WorkOrderMaterialReady:
		return fmt.Sprintf("Status %s. Looks after its material.", s.Status)
	case models.WorkOrderGranted, models.WorkOrderRefused:
		return fmt.Sprintf("Status %s. Follows its approval.", s.Status)
	case models.WorkOrderLook, models.WorkOrderEnd:
	}
	return fmt.Sprintf("Status %s. Waits for a person's command.", s.Status)
}
