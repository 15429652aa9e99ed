package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// AdmitRestoreDrill writes the command row of a create; a repeat under its key reads the row that is there. A request that contradicts itself is CodeInvalid.
func (s *Store) AdmitRestoreDrill(ctx context.Context, id uuid.UUID, r models.DrillRequest) (models.Command, error) {
	if err := r.Check(time.Now()); err != nil {
		return models.Command{}, err
	}
	return admitOperation[models.RestoreDrill](ctx, s, id, r)
}

// RunRestoreDrillCommand carries out an admitted create in one transaction. A repeat returns the first outcome.
func (s *Store) RunRestoreDrillCommand(ctx context.Context, id, commandID uuid.UUID) (CommandOutcome, error) {
	return createOperation(ctx, s, id, commandID, func(tx *Tx, r models.DrillRequest) models.RestoreDrill {
		return models.NewRestoreDrill(tx.Actor.TenantID, id, r, tx.Actor.UserID, tx.Now)
	}, func(d models.RestoreDrill) map[string]any {
		told := map[string]any{"status": d.Status}
		if d.Fault != models.DrillNoFault {
			told["fault"] = d.Fault
		}
		return told
	})
}

// ScheduleRestoreDrill makes a queued drill that a clock asked for; the same id again makes none. A fault that there is not is CodeInvalid.
func (s *Store) ScheduleRestoreDrill(ctx context.Context, id uuid.UUID, fault models.DrillFault) error {
	r := models.DrillRequest{Fault: fault}
	if err := r.Check(time.Now()); err != nil {
		return err
	}
	return scheduleOperation(ctx, s, id, func(tx *Tx) models.RestoreDrill {
		return models.NewRestoreDrill(tx.Actor.TenantID, id, r, tx.Actor.UserID, tx.Now)
	})
}

// LoadRestoreDrill reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadRestoreDrill(ctx context.Context, id uuid.UUID) (*models.RestoreDrill, error) {
	return loadOperation[models.RestoreDrill](ctx, s, id)
}

// StepRestoreDrill takes a step of the state table on the locked row; note adds what the step leaves. CodeConflict: the row is elsewhere
// by now.
func (s *Store) StepRestoreDrill(
	ctx context.Context, id uuid.UUID, name models.RestoreDrillCommandName, note func(*models.RestoreDrill),
) (models.RestoreDrill, error) {
	return stepOperation(ctx, s, id, name, note)
}

// RestoreDrillLives keeps the sweeper from poking a drill that works.
func (s *Store) RestoreDrillLives(ctx context.Context, id uuid.UUID) error {
	return operationLives[models.RestoreDrill](ctx, s, id)
}

// RestoreDrills lists the drills of the installation, whoever asked for them, by created_at. It is the platform operator's: the caller checks that.
func (s *Store) RestoreDrills(ctx context.Context, p Page) (Rows[models.RestoreDrill], error) {
	return listOperations[models.RestoreDrill](ctx, s, p)
}

// RestoreDrill reads one drill of the installation. It is the platform operator's: the caller checks that.
func (s *Store) RestoreDrill(ctx context.Context, id uuid.UUID) (models.RestoreDrill, error) {
	return findOperation[models.RestoreDrill](ctx, s, `t.id = $1`, id)
}
