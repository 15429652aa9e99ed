package store

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// AdmitRestoreDrill writes the command row of a create.
func (s *Store) AdmitRestoreDrill(ctx context.Context, id uuid.UUID) (models.Command, error) {
	return s.admit(ctx, insertCommand, models.Command{
		Name: "restore_drill.create", SubjectType: "restore_drill", SubjectID: id, Body: json.RawMessage(`{}`),
	}, func(*pgx.Batch) {})
}

// RunRestoreDrillCommand carries out an admitted create in one transaction. A repeat returns the first outcome.
func (s *Store) RunRestoreDrillCommand(ctx context.Context, id, commandID uuid.UUID) (CommandOutcome, error) {
	var out CommandOutcome
	err := s.InTx(ctx, func(tx *Tx) error {
		command, err := tx.takeCommand(commandID, func(*pgx.Batch) {})
		if err != nil {
			return err
		}
		if command.DoneAt != nil {
			return json.Unmarshal(command.Outcome, &out)
		}
		d := models.NewRestoreDrill(tx.Actor.TenantID, id, tx.Actor.UserID, tx.Now)
		if err := queueCreate(tx, &d); err != nil {
			return err
		}
		if err := tx.Audit(Change{Action: "restore_drill.create", SubjectType: "restore_drill", SubjectID: id, After: map[string]any{"status": d.Status}}); err != nil {
			return err
		}
		out = CommandOutcome{
			ID: id, Status: string(d.Status), Version: d.Version, At: tx.Now, CommandID: command.ID, RequestHash: command.RequestHash,
			Action: ActionCarryOut, NextAt: tx.Now,
		}
		return tx.finishCommand(out)
	})
	return out, err
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
		was := d.Status
		if err := d.Apply(name, tx.Now); err != nil {
			return err
		}
		note(&d)
		if _, err := tx.exec(`UPDATE restore_drills SET status = $3, verdict = $4, backup_run_id = $5, rpo_seconds = $6, rto_seconds = $7,
			checks = $8, evidence = $9, started_at = $10, finished_at = $11, next_action_at = $12, version = $13, updated_at = $14
			WHERE tenant_id = $1 AND id = $2`,
			d.TenantID, d.ID, string(d.Status), string(d.Verdict), d.BackupRunID, d.RPOSeconds, d.RTOSeconds, string(d.Checks),
			string(d.Evidence), d.StartedAt, d.FinishedAt, d.NextActionAt, d.Version, d.UpdatedAt); err != nil {
			return err
		}
		return tx.Audit(Change{
			Action: "restore_drill." + string(name), SubjectType: "restore_drill", SubjectID: id, Before: map[string]any{"status": was},
			After: map[string]any{"status": d.Status, "verdict": d.Verdict, "evidence": d.Evidence},
		})
	})
	return d, err
}

// RestoreDrillLives keeps the sweeper from poking a drill that works.
func (s *Store) RestoreDrillLives(ctx context.Context, id uuid.UUID) error {
	return s.lives(ctx, "restore_drills", id)
}

// RestoreDrill reads one drill of the installation. It is the platform operator's: the caller checks that.
func (s *Store) RestoreDrill(ctx context.Context, id uuid.UUID) (models.RestoreDrill, error) {
	return oneOf[models.RestoreDrill](ctx, s, "restore_drill", `SELECT `+columns[models.RestoreDrill]("d")+`
		FROM all_restore_drills() d WHERE d.id = $1`, id)
}
