package models

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// AuditEvent says who changed what, when and why. It is written in the transaction of the change and never changed: the
// table refuses UPDATE and DELETE.
type AuditEvent struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"` // UUIDv7: ordered by time
	At          time.Time
	ActorID     uuid.UUID // Nil for the system
	ActorKind   ActorKind
	Action      string // "asset.move", "work_order.complete"
	SubjectType string
	SubjectID   uuid.UUID
	Before      json.RawMessage // the fields that changed, as they were; null for a create
	After       json.RawMessage // the fields that changed, as they are
	Reason      string
	RequestID   string
	CommandID   *uuid.UUID
}
