package activities

import (
	"context"

	"github.com/google/uuid"

	"mainstay/models"
)

// ScheduledInput says what a clock asks for.
type ScheduledInput struct {
	Process string            `json:"process"`         // models.ProcessBackup, ProcessRestoreDrill, ProcessRetention or ProcessFileRun
	Kind    models.BackupKind `json:"kind,omitempty"`  // of a backup
	Fault   models.DrillFault `json:"fault,omitempty"` // of a drill
	Cause   string            `json:"cause,omitempty"` // names the tick: the same tick makes one row
}

// MakeScheduledRun makes the row that a clock asks for, once for its tick, and returns whose it is: the installation's oldest tenant's, in
// which its first platform operator is.
func (o *Operations) MakeScheduledRun(ctx context.Context, in ScheduledInput) (ProcessInput, error) {
	tenants, err := o.Store.TenantIDs(ctx)
	if err != nil {
		return ProcessInput{}, failed(err)
	}
	if len(tenants) == 0 {
		return ProcessInput{}, failed(models.Conflict("There is no tenant yet, so there is nothing to back up."))
	}
	row := ProcessInput{TenantID: tenants[0], ID: models.DeriveID(tenants[0], in.Cause)}
	ctx = models.WithActor(ctx, models.SystemActor(row.TenantID))
	schedule := map[string]func(context.Context, uuid.UUID) error{
		models.ProcessBackup: func(ctx context.Context, id uuid.UUID) error {
			return o.Store.ScheduleBackupRun(ctx, id, in.Kind)
		},
		models.ProcessRestoreDrill: func(ctx context.Context, id uuid.UUID) error {
			return o.Store.ScheduleRestoreDrill(ctx, id, in.Fault)
		},
		models.ProcessRetention: o.Store.ScheduleRetentionRun,
		models.ProcessFileRun:   o.Store.ScheduleFileCheck,
	}[in.Process]
	if schedule == nil {
		return ProcessInput{}, failed(models.Conflict("No clock starts %s.", in.Process))
	}
	return row, failed(schedule(ctx, row.ID))
}
