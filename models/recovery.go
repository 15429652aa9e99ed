package models

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Recovery is the evidence of one recovery of the database cluster. It belongs to the installation and to no tenant.
type Recovery struct {
	ID         string // of the recovery's journal
	BeganAt    time.Time
	FinishedAt time.Time
	Evidence   json.RawMessage // a [RecoveryEvidence]
}

// RecoveryEvidence is what was recovered and how long it took.
type RecoveryEvidence struct {
	Backup         string         `json:"backup"`       // pgBackRest's label
	RecoveredTo    time.Time      `json:"recovered_to"` // the last transaction that came back, or the time that was asked for
	RPOSeconds     *float64       `json:"rpo_seconds"`  // from then to the recovery's begin: more than was lost; null where an earlier time was asked for
	RTOSeconds     float64        `json:"rto_seconds"`  // from the recovery's begin until every open process ran
	FetchSeconds   float64        `json:"fetch_seconds"`
	ReplaySeconds  float64        `json:"replay_seconds"`
	CheckSeconds   float64        `json:"check_seconds"`
	Checks         []DrillCheck   `json:"checks"`
	Epoch          int            `json:"epoch"`
	Held           []HeldDelivery `json:"held"`
	ProcessesPoked int            `json:"processes_poked"`
}

// HeldDelivery is a mail or an order that a recovery held back: it waited at the target and may have been sent since. A person looks at it.
type HeldDelivery struct {
	Kind     string    `json:"kind"` // mail or order
	TenantID uuid.UUID `json:"tenant_id"`
	ID       uuid.UUID `json:"id"`
	To       string    `json:"to"`
	Subject  string    `json:"subject"`
}
