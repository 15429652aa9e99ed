package models

import (
	"time"

	"github.com/google/uuid"
)

// DeliveryKind says what is asked of a process.
type DeliveryKind string

// Kinds of deliveries.
const (
	DeliverStart   DeliveryKind = "start"   // start it where it does not run yet; a second start is refused and harmless
	DeliverRefresh DeliveryKind = "refresh" // look at your row, and start where you do not run
	// DeliverDecision tells an approval that a person has decided; Attributes name the decision. Its row knows it already.
	DeliverDecision DeliveryKind = "decision"
)

// Queue is a Temporal task queue. Queues are cut by resource, not by domain.
type Queue string

// Task queues.
const (
	QueueCore         Queue = "core"         // people's commands and short database calls
	QueueBulkStart    Queue = "bulk-start"   // first steps of generated work orders: never ahead of people
	QueueBulk         Queue = "bulk"         // imports, exports
	QueueIntegrations Queue = "integrations" // mail and other outside systems
	QueueOps          Queue = "ops"          // backups, drills, releases
)

// Queues lists all task queues.
func Queues() []Queue {
	return []Queue{QueueCore, QueueBulkStart, QueueBulk, QueueIntegrations, QueueOps}
}

// QueueOf is the task queue on which a process stands that a person's command starts.
func QueueOf(process string) Queue {
	switch process {
	case ProcessBackup, ProcessRestoreDrill, ProcessRetention, ProcessFileRun:
		return QueueOps
	}
	return QueueCore
}

// Workflow types of the processes.
const (
	ProcessWorkOrder           = "WorkOrder"
	ProcessMaintenanceSchedule = "MaintenanceSchedule"
	ProcessMaintenancePlanner  = "MaintenancePlanner"
	ProcessNotification        = "Notification"
	ProcessImport              = "Import"
	ProcessExport              = "Export"
	ProcessApproval            = "Approval"
	ProcessPurchaseOrder       = "PurchaseOrder"
	ProcessStockReplenishment  = "StockReplenishment"
	ProcessAssetTransfer       = "AssetTransfer"
	ProcessAssetDisposal       = "AssetDisposal"
	ProcessBackup              = "Backup"
	ProcessRestoreDrill        = "RestoreDrill"
	ProcessRetention           = "Retention"
	ProcessFileRun             = "FileRun"
)

// Delivery is a message to a process: an outbox row. It carries nothing that must survive; the process reads its own row.
type Delivery struct {
	OutboxID   int64 // 0 where it does not come from the outbox
	TenantID   uuid.UUID
	Kind       DeliveryKind
	Process    string    // workflow type
	SubjectID  uuid.UUID // of the process's row
	Queue      Queue     // "outbox" lane and, for a start, the task queue of its first run
	Attributes ProcessAttributes
	DueAt      time.Time // starts go out in this order
	Attempts   int
}

// ProcessAttributes are the search attributes of a process: ids and dates, never names.
type ProcessAttributes struct {
	Site                  string     `json:"site,omitempty"`
	AssetID               string     `json:"asset_id,omitempty"`
	MaintenanceScheduleID string     `json:"maintenance_schedule_id,omitempty"`
	Priority              string     `json:"priority,omitempty"`
	DueAt                 *time.Time `json:"due_at,omitempty"`
	DecisionID            string     `json:"decision_id,omitempty"` // with DeliverDecision: what the signal says, no search attribute
}
