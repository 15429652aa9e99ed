package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// AdmitRestoreDrill writes the command row of a create.
func (s *Store) AdmitRestoreDrill(ctx context.Context, id uuid.UUID, r models.DrillRequest) (models.Command, error) {
	if err := r.Check(time.Now()); err != nil {
		return models.Command{}, err
	}
	body, err := json.Marshal(r)
	if err != nil {
		return models.Command{}, err
	}
	return s.admit(ctx, insertCommand, models.Command{
		Name: "restore_drill.create", SubjectType: "restore_drill", SubjectID: id, Body: body,
	}, func(*pgx.Batch) {})
}

// RunRestoreDrillCommand carries out an admitted create in one transaction. A repeat returns the first outcome.
func (s *Store) RunRestoreDrillCommand(ctx context.Context, id, commandID uuid.UUID) (CommandOutcome, error) {
	return carryOut(ctx, s, commandID, readNothing, func(tx *Tx, r models.DrillRequest) (CommandOutcome, error) {
		d := models.NewRestoreDrill(tx.Actor.TenantID, id, r, tx.Actor.UserID, tx.Now)
		if err := queueCreate(tx, &d); err != nil {
			return CommandOutcome{}, err
		}
		if err := tx.Audit(Change{Action: "restore_drill.create", SubjectType: "restore_drill", SubjectID: id, After: map[string]any{"status": d.Status}}); err != nil {
			return CommandOutcome{}, err
		}
		return CommandOutcome{
			ID: id, Status: string(d.Status), Version: d.Version, At: tx.Now,
			Action: ActionCarryOut, NextAt: tx.Now,
		}, nil
	})
}

// ScheduleRestoreDrill makes a queued drill that a clock asked for; the same id again makes none.
func (s *Store) ScheduleRestoreDrill(ctx context.Context, id uuid.UUID) error {
	return schedule(ctx, s, id, func(tx *Tx) models.RestoreDrill {
		return models.NewRestoreDrill(tx.Actor.TenantID, id, models.DrillRequest{}, tx.Actor.UserID, tx.Now)
	})
}

// LoadRestoreDrill reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadRestoreDrill(ctx context.Context, id uuid.UUID) (*models.RestoreDrill, error) {
	return loadProcess[models.RestoreDrill](ctx, s, "restore_drills", id)
}

// StepRestoreDrill takes a step of the state table on the locked row; note adds what the step leaves. CodeConflict: the row is elsewhere
// by now.
func (s *Store) StepRestoreDrill(
	ctx context.Context, id uuid.UUID, name models.RestoreDrillCommandName, note func(*models.RestoreDrill),
) (models.RestoreDrill, error) {
	var d models.RestoreDrill
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if d, err = txReadOne[models.RestoreDrill](tx, "restore_drill", `SELECT `+columns[models.RestoreDrill]("d")+` FROM restore_drills d
			WHERE d.tenant_id = $1 AND d.id = $2 FOR NO KEY UPDATE`, tx.Actor.TenantID, id); err != nil {
			return err
		}
		before := d
		if err := d.Apply(name, tx.Now); err != nil {
			return err
		}
		note(&d)
		c := Change{Action: "restore_drill." + string(name), SubjectType: "restore_drill", SubjectID: id}
		return updateChanged(tx, c, before.Version, &before, &d, models.Conflict("Another worker took it on meanwhile."))
	})
	return d, err
}

// RestoreDrillLives keeps the sweeper from poking a drill that works.
func (s *Store) RestoreDrillLives(ctx context.Context, id uuid.UUID) error {
	return s.lives(ctx, "restore_drills", id)
}

var restoreDrillOrders = map[string]order[models.RestoreDrill]{
	"created_at": {"d.created_at", "timestamptz", func(d models.RestoreDrill) string { return d.CreatedAt.Format(time.RFC3339Nano) }},
}

// RestoreDrills lists the drills of the installation, whoever asked for them. It is the platform operator's: the caller checks that.
func (s *Store) RestoreDrills(ctx context.Context, p Page) (Rows[models.RestoreDrill], error) {
	l := &listing[models.RestoreDrill]{
		from: `SELECT ` + columns[models.RestoreDrill]("d") + ` FROM all_restore_drills() d WHERE true`, id: "d.id",
		idOf: func(d models.RestoreDrill) string { return d.ID.String() }, orders: restoreDrillOrders,
	}
	return l.run(ctx, s, p)
}

// RestoreDrill reads one drill of the installation. It is the platform operator's: the caller checks that.
func (s *Store) RestoreDrill(ctx context.Context, id uuid.UUID) (models.RestoreDrill, error) {
	return oneOf[models.RestoreDrill](ctx, s, "restore_drill", `SELECT `+columns[models.RestoreDrill]("d")+`
		FROM all_restore_drills() d WHERE d.id = $1`, id)
}
