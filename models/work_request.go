package models

import (
	"time"

	"github.com/google/uuid"
)

// WorkRequestStatus is what became of a work request.
type WorkRequestStatus string

// States of a work request. Only a new one can be decided, once.
const (
	WorkRequestNew       WorkRequestStatus = "new"
	WorkRequestAccepted  WorkRequestStatus = "accepted"
	WorkRequestRejected  WorkRequestStatus = "rejected"
	WorkRequestDuplicate WorkRequestStatus = "duplicate"
)

// AllowedCommands lists what the state allows.
func (s WorkRequestStatus) AllowedCommands() []string {
	if s == WorkRequestNew {
		return []string{"accept", "reject", "duplicate"}
	}
	return []string{}
}

// Check refuses every decision but the first: a conflict with the allowed commands.
func (s WorkRequestStatus) Check() error {
	if s == WorkRequestNew {
		return nil
	}
	err := Conflict("The work request was decided already: it is %s.", s)
	err.AllowedCommands = s.AllowedCommands()
	return err
}

// WorkRequest is what somebody reports as broken or missing, before a planner decides whether it becomes a work order.
type WorkRequest struct {
	TenantID     uuid.UUID `gorm:"primaryKey"`
	ID           uuid.UUID `gorm:"primaryKey"`
	Number       string    // WR-000123
	Title        string
	Description  string
	AssetID      *uuid.UUID
	LocationID   uuid.UUID
	SiteID       uuid.UUID
	Status       WorkRequestStatus
	RejectReason string
	DuplicateOf  *uuid.UUID
	WorkOrderID  *uuid.UUID // accepted as
	RequestedBy  uuid.UUID
	DecidedBy    *uuid.UUID
	DecidedAt    *time.Time
	Version      int
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// NewWorkRequest is what a work request is made from. The asset decides the location where both are given.
type NewWorkRequest struct {
	Title       string
	Description string
	AssetID     *uuid.UUID
	LocationID  uuid.UUID
}

// Validate checks what can be checked without the database.
func (n NewWorkRequest) Validate() error {
	var f Faults
	f.Add(n.Title == "", "/title", "required", "A title is needed.")
	f.Add(len([]rune(n.Title)) > maxName, "/title", "maxLength", "A title has at most %d characters.", maxName)
	f.Add(n.AssetID == nil && n.LocationID == uuid.Nil, "/asset_id", "required", "An asset or a location is needed.")
	return f.Err()
}

// Accept notes that the request became a work order.
func (r *WorkRequest) Accept(order, by uuid.UUID, now time.Time) error {
	return r.decide(WorkRequestAccepted, by, now, func() { r.WorkOrderID = &order })
}

// Reject notes why nothing will be done.
func (r *WorkRequest) Reject(reason string, by uuid.UUID, now time.Time) error {
	if reason == "" {
		return InvalidField("/reason", "required", "A reason is needed.")
	}
	return r.decide(WorkRequestRejected, by, now, func() { r.RejectReason = reason })
}

// MarkDuplicate notes that of, which is no duplicate itself, says the same.
func (r *WorkRequest) MarkDuplicate(of WorkRequest, by uuid.UUID, now time.Time) error {
	if of.ID == r.ID || of.Status == WorkRequestDuplicate {
		return InvalidField("/of", "invalid", "Name the request that this one repeats; itself or another duplicate is none.")
	}
	return r.decide(WorkRequestDuplicate, by, now, func() { r.DuplicateOf = &of.ID })
}

func (r *WorkRequest) decide(to WorkRequestStatus, by uuid.UUID, now time.Time, note func()) error {
	if err := r.Status.Check(); err != nil {
		return err
	}
	note()
	r.Status, r.DecidedBy, r.DecidedAt, r.UpdatedAt = to, &by, &now, now
	r.Version++
	return nil
}
