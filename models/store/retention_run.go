package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

type retentionRunCommand struct {
	DryRun bool `json:"dry_run"`
}

// AdmitRetentionRun writes the command row of a create; a repeat under its key reads the row that is there.
func (s *Store) AdmitRetentionRun(ctx context.Context, id uuid.UUID, dryRun bool) (models.Command, error) {
	return admitOperation[models.RetentionRun](ctx, s, id, retentionRunCommand{dryRun})
}

// RunRetentionCommand carries out an admitted create in one transaction. A repeat returns the first outcome.
func (s *Store) RunRetentionCommand(ctx context.Context, id, commandID uuid.UUID) (CommandOutcome, error) {
	return createOperation(ctx, s, id, commandID, func(tx *Tx, body retentionRunCommand) models.RetentionRun {
		return models.NewRetentionRun(tx.Actor.TenantID, id, body.DryRun, tx.Actor.UserID, tx.Now)
	}, func(r models.RetentionRun) map[string]any { return map[string]any{"dry_run": r.DryRun} })
}

// ScheduleRetentionRun makes a queued run that a clock asked for; the same id again makes none.
func (s *Store) ScheduleRetentionRun(ctx context.Context, id uuid.UUID) error {
	return scheduleOperation(ctx, s, id, func(tx *Tx) models.RetentionRun {
		return models.NewRetentionRun(tx.Actor.TenantID, id, false, tx.Actor.UserID, tx.Now)
	})
}

// LoadRetentionRun reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadRetentionRun(ctx context.Context, id uuid.UUID) (*models.RetentionRun, error) {
	return loadOperation[models.RetentionRun](ctx, s, id)
}

// StepRetentionRun takes a step of the state table on the locked row; note adds what the step leaves. CodeConflict: the row is elsewhere
// by now.
func (s *Store) StepRetentionRun(
	ctx context.Context, id uuid.UUID, name models.RetentionCommandName, note func(*models.RetentionRun),
) (models.RetentionRun, error) {
	return stepOperation(ctx, s, id, name, note)
}

// RetentionRunLives keeps the sweeper from poking a run that works.
func (s *Store) RetentionRunLives(ctx context.Context, id uuid.UUID) error {
	return operationLives[models.RetentionRun](ctx, s, id)
}

// RetentionRuns lists the runs of retention of the installation, by created_at. It is the platform operator's: the caller checks that.
func (s *Store) RetentionRuns(ctx context.Context, p Page) (Rows[models.RetentionRun], error) {
	return listOperations[models.RetentionRun](ctx, s, p)
}

// RetentionRun reads one run of retention of the installation. It is the platform operator's: the caller checks that.
func (s *Store) RetentionRun(ctx context.Context, id uuid.UUID) (models.RetentionRun, error) {
	return findOperation[models.RetentionRun](ctx, s, `t.id = $1`, id)
}

// StoredBackup is a backup that is over, as retention looks at it.
type StoredBackup struct {
	TenantID   uuid.UUID
	ID         uuid.UUID
	Kind       models.BackupKind
	Status     models.BackupStatus
	SnapshotAt *time.Time // nil where it failed
	FinishedAt time.Time
	ExpiredAt  *time.Time
	Verified   bool // a drill has passed on it
	// LockedUntil is the day before which the storage does not delete an archive; nil for others.
	LockedUntil *time.Time
	SizeBytes   int64
	Label       string   // pgBackRest's name for a physical one
	Needs       []string // labels of the backups that a physical one needs
}

// StoredBackups lists what may lie in storage, of the whole installation: every backup that is over. A caller that deletes holds the
// cluster's mutex.
func (s *Store) StoredBackups(ctx context.Context) ([]StoredBackup, error) {
	return system[StoredBackup](ctx, s, `SELECT b.tenant_id, b.id, b.kind, b.status, b.snapshot_at, b.finished_at, b.expired_at,
		(b.evidence -> 'archive' ->> 'locked_until')::timestamptz AS locked_until, b.size_bytes,
		coalesce(b.evidence -> 'physical' ->> 'label', '') AS label,
		ARRAY(SELECT jsonb_array_elements_text(b.evidence -> 'physical' -> 'references')) AS needs,
		EXISTS (SELECT FROM all_restore_drills() d WHERE d.backup_run_id = b.id AND d.verdict = 'pass') AS verified
		FROM all_backup_runs() b WHERE b.finished_at IS NOT NULL ORDER BY b.created_at, b.id`)
}

// ExpireBackupRun notes that a completed backup is no more, before its objects go: nothing restores it from now on. Twice is harmless.
func (s *Store) ExpireBackupRun(ctx context.Context, id uuid.UUID) error {
	return s.InTx(ctx, func(tx *Tx) error {
		b, err := lockRecord[models.BackupRun](tx, id)
		if err != nil || b.ExpiredAt != nil {
			return err
		}
		before := b
		b.ExpiredAt, b.UpdatedAt = &tx.Now, tx.Now
		b.Version++
		c := Change{Action: "backup_run.expire", SubjectType: "backup_run", SubjectID: id}
		return updateChanged(tx, c, before.Version, &before, &b, models.Conflict("Another worker took it on meanwhile."))
	})
}
