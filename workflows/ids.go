package workflows

import (
	"github.com/google/uuid"

	"mainstay/models"
)

// refreshSignal says «read your row again». It carries nothing: twice is harmless, lost is healed by the sweeper.
const refreshSignal = "refresh"

// decisionSignal says that a person has decided on an approval, and which decision it is. The rows say it too.
const decisionSignal = "decision"

// WorkflowID names the one open run of a process's row. Ids hold no personal data: Temporal does not encrypt them.
func WorkflowID(process string, tenant, subject uuid.UUID) string {
	switch process {
	case models.ProcessWorkOrder:
		return "work-order/" + subject.String()
	case models.ProcessMaintenanceSchedule:
		return "maintenance-schedule/" + subject.String()
	case models.ProcessMaintenancePlanner:
		return "maintenance-planner/" + tenant.String() + "/" + subject.String()
	case models.ProcessNotification:
		return "notification/" + subject.String()
	case models.ProcessImport:
		return "import/" + subject.String()
	case models.ProcessExport:
		return "export/" + subject.String()
	case models.ProcessApproval:
		return "approval/" + subject.String()
	case models.ProcessPurchaseOrder:
		return "purchase-order/" + subject.String()
	case models.ProcessStockReplenishment:
		return "stock-replenishment/" + tenant.String()
	case models.ProcessAssetTransfer:
		return "asset-transfer/" + subject.String()
	case models.ProcessAssetDisposal:
		return "asset-disposal/" + subject.String()
	case models.ProcessBackup:
		return "backup/" + subject.String()
	case models.ProcessRestoreDrill:
		return "restore-drill/" + subject.String()
	case models.ProcessRetention:
		return "retention/" + subject.String()
	case models.ProcessFileRun:
		return "file-run/" + subject.String()
	}
	panic("workflows: no process is named " + process)
}
