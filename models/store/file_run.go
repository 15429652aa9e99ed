package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// AdmitFileRun writes the command row of a create; a repeat under its key reads the row that is there. A request that contradicts itself is CodeInvalid.
func (s *Store) AdmitFileRun(ctx context.Context, id uuid.UUID, n models.NewFileRun) (models.Command, error) {
	if err := n.Validate(time.Now()); err != nil {
		return models.Command{}, err
	}
	return admitOperation[models.FileRun](ctx, s, id, n)
}

// RunFileRunCommand carries out an admitted create in one transaction. A repeat returns the first outcome.
func (s *Store) RunFileRunCommand(ctx context.Context, id, commandID uuid.UUID) (CommandOutcome, error) {
	return createOperation(ctx, s, id, commandID, func(tx *Tx, n models.NewFileRun) models.FileRun {
		return n.Run(tx.Actor.TenantID, id, tx.Actor.UserID, tx.Now)
	}, func(r models.FileRun) map[string]any {
		return map[string]any{"kind": r.Kind, "dry_run": r.DryRun, "as_of": r.AsOf, "attachment_id": r.AttachmentID}
	})
}

// ScheduleFileCheck makes a queued check that a clock asked for; the same id again makes none.
func (s *Store) ScheduleFileCheck(ctx context.Context, id uuid.UUID) error {
	return scheduleOperation(ctx, s, id, func(tx *Tx) models.FileRun {
		return models.NewFileRun{Kind: models.FileCheck}.Run(tx.Actor.TenantID, id, tx.Actor.UserID, tx.Now)
	})
}

// LoadFileRun reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadFileRun(ctx context.Context, id uuid.UUID) (*models.FileRun, error) {
	return loadOperation[models.FileRun](ctx, s, id)
}

// StepFileRun takes a step of the state table on the locked row; note adds what the step leaves. CodeConflict: the row is elsewhere by now.
func (s *Store) StepFileRun(ctx context.Context, id uuid.UUID, name models.FileRunCommandName, note func(*models.FileRun)) (models.FileRun, error) {
	return stepOperation(ctx, s, id, name, note)
}

// FileRunLives keeps the sweeper from poking a run that works.
func (s *Store) FileRunLives(ctx context.Context, id uuid.UUID) error {
	return operationLives[models.FileRun](ctx, s, id)
}

// FileRuns lists the runs over the files of the installation, by created_at. It is the platform operator's: the caller checks that.
func (s *Store) FileRuns(ctx context.Context, p Page) (Rows[models.FileRun], error) {
	return listOperations[models.FileRun](ctx, s, p)
}

// FileRun reads one run over the files of the installation. It is the platform operator's: the caller checks that.
func (s *Store) FileRun(ctx context.Context, id uuid.UUID) (models.FileRun, error) {
	return findOperation[models.FileRun](ctx, s, `t.id = $1`, id)
}

// KnownFiles lists every object of which a row of the tenant knows: attachments in whatever state, and what imports and exports have stored.
func (s *Store) KnownFiles(ctx context.Context) ([]models.KnownFile, error) {
	actor, _ := models.ActorFrom(ctx)
	return read[models.KnownFile](ctx, s, `SELECT id, object_key AS key, size_bytes, encode(sha256, 'hex') AS sha256, uploaded_at, deleted_at
			FROM attachments WHERE tenant_id = $1
		UNION ALL SELECT id, object_key, 0, '', NULL, NULL FROM imports WHERE tenant_id = $1 AND object_key <> ''
		UNION ALL SELECT id, errors_key, 0, '', NULL, NULL FROM imports WHERE tenant_id = $1 AND errors_key <> ''
		UNION ALL SELECT id, tenant_id || '/exports/' || id, 0, '', NULL, NULL FROM exports WHERE tenant_id = $1
		ORDER BY key`, actor.TenantID)
}

// AttachmentRestored notes that a file's content is back as this version, and that the file is in use again. Twice is harmless.
func (s *Store) AttachmentRestored(ctx context.Context, id uuid.UUID, versionID string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		a, err := lockRecord[models.Attachment](tx, id)
		if err != nil || a.DeletedAt == nil && a.VersionID == versionID {
			return err
		}
		before := a
		a.DeletedAt, a.VersionID = nil, versionID
		tx.queue(`UPDATE attachments SET deleted_at = NULL, version_id = $3 WHERE tenant_id = $1 AND id = $2`, a.TenantID, a.ID, a.VersionID)
		return tx.Audit(Change{Action: "attachment.restore", SubjectType: a.SubjectType, SubjectID: a.SubjectID, Before: &before, After: &a})
	})
}
