package models

import (
	"time"

	"github.com/google/uuid"
)

// Operation is what a backup, a restore drill, a run of retention and one over the files have in common: a process of the installation that carries itself out
// once. Its tenant is that of the platform operator who asked for it, and every platform operator sees it.
type Operation struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	ActorID          uuid.UUID
	StartedAt        *time.Time
	FinishedAt       *time.Time
	NextActionAt     *time.Time
	ProcessStartedAt *time.Time
	Version          int
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// Head gives the fields that every operation has.
func (o *Operation) Head() *Operation { return o }

func newOperation(tenant, id, actor uuid.UUID, now time.Time) Operation {
	return Operation{TenantID: tenant, ID: id, ActorID: actor, NextActionAt: &now, Version: 1, CreatedAt: now, UpdatedAt: now}
}

// stepped notes a step: begun says that it is the one that begins, over that nothing will happen any more.
func (o *Operation) stepped(begun, over bool, now time.Time) {
	o.Version++
	o.UpdatedAt = now
	o.NextActionAt = &now
	if begun && o.StartedAt == nil {
		o.StartedAt = &now
	}
	if over {
		o.FinishedAt, o.NextActionAt = &now, nil
	}
}
