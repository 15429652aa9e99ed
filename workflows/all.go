package workflows

import (
	"reflect"

	"go.temporal.io/sdk/workflow"
)

// All lists the processes, for the workers that run them and for the test that replays their histories.
func All() []any {
	return []any{
		Approval, AssetDisposal, AssetTransfer, Backup, Export, FileRun, Import, MaintenancePlanner, MaintenanceSchedule, Notification, PurchaseOrder, RestoreDrill, Retention, ScheduledRun,
		StockReplenishment, WALCheck, WorkOrder,
	}
}

// pinned are the processes that end before the worker they began on is taken away; a newer build never carries them on. All
// others a person can keep open for months: they move to the current build, which follows their histories (GetVersion where it differs).
var pinned = []any{Backup, Export, FileRun, Import, Notification, RestoreDrill, Retention, ScheduledRun, WALCheck}

// VersioningBehavior says how a process behaves when workers are deployed by build id.
func VersioningBehavior(process any) workflow.VersioningBehavior {
	for _, p := range pinned {
		if reflect.ValueOf(p).Pointer() == reflect.ValueOf(process).Pointer() {
			return workflow.VersioningBehaviorPinned
		}
	}
	return workflow.VersioningBehaviorAutoUpgrade
}
