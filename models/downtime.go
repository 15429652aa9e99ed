package models

import (
	"time"

	"github.com/google/uuid"
)

// DowntimeKind says whether an asset's stop was wanted.
type DowntimeKind string

// Kinds of downtime.
const (
	DowntimePlanned   DowntimeKind = "planned"
	DowntimeUnplanned DowntimeKind = "unplanned"
)

// Downtime is a time in which an asset could not do its work. It belongs to that asset alone, never to its parents.
type Downtime struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	AssetID     uuid.UUID
	WorkOrderID *uuid.UUID
	StartedAt   time.Time
	EndedAt     *time.Time // nil: still down
	Kind        DowntimeKind
	Reason      string
	ActorID     uuid.UUID
	CreatedAt   time.Time
}

// NewDowntime is what a downtime is recorded from.
type NewDowntime struct {
	StartedAt time.Time    `json:"started_at"`
	EndedAt   *time.Time   `json:"ended_at,omitempty"`
	Kind      DowntimeKind `json:"kind"`
	Reason    string       `json:"reason,omitempty"`
}

// Validate checks the times and the kind.
func (n NewDowntime) Validate() error { return n.faults("").Err() }

func (n NewDowntime) faults(at string) Faults {
	var f Faults
	f.Add(n.StartedAt.IsZero(), at+"/started_at", "required", "A beginning is needed.")
	f.Add(n.EndedAt != nil && n.EndedAt.Before(n.StartedAt), at+"/ended_at", "minimum", "The end lies before the beginning.")
	f.Add(n.Kind != DowntimePlanned && n.Kind != DowntimeUnplanned, at+"/kind", "enum", "A downtime is planned or unplanned.")
	return f
}

// End ends an open downtime at that moment; nil is now. Neither before its beginning nor ahead of now.
func (d *Downtime) End(at *time.Time, now time.Time) error {
	end := now
	if at != nil {
		end = at.UTC()
	}
	switch {
	case d.EndedAt != nil:
		return Conflict("This downtime ended already.")
	case end.Before(d.StartedAt):
		return InvalidField("/ended_at", "minimum", "The end lies before the beginning.")
	case end.After(now):
		return InvalidField("/ended_at", "maximum", "An end that lies ahead has not come yet.")
	}
	d.EndedAt = &end
	return nil
}
