package store

import (
	"context"

	"github.com/google/uuid"

	"mainstay/models"
)

type backupRunCommand struct {
	Kind models.BackupKind `json:"kind"`
}

// AdmitBackupRun writes the command row of a create; a repeat under its key reads the row that is there. A kind that cannot be made is CodeInvalid.
func (s *Store) AdmitBackupRun(ctx context.Context, id uuid.UUID, kind models.BackupKind) (models.Command, error) {
	if err := kind.Check(); err != nil {
		return models.Command{}, err
	}
	return admitOperation[models.BackupRun](ctx, s, id, backupRunCommand{kind})
}

// RunBackupCommand carries out an admitted create in one transaction. A repeat returns the first outcome.
func (s *Store) RunBackupCommand(ctx context.Context, id, commandID uuid.UUID) (CommandOutcome, error) {
	return createOperation(ctx, s, id, commandID, func(tx *Tx, body backupRunCommand) models.BackupRun {
		return models.NewBackupRun(tx.Actor.TenantID, id, body.Kind, tx.Actor.UserID, tx.Now)
	}, func(b models.BackupRun) map[string]any { return map[string]any{"kind": b.Kind} })
}

// ScheduleBackupRun makes a queued backup that a clock asked for; the same id again makes none. A kind that cannot be made is CodeInvalid.
func (s *Store) ScheduleBackupRun(ctx context.Context, id uuid.UUID, kind models.BackupKind) error {
	if err := kind.Check(); err != nil {
		return err
	}
	return scheduleOperation(ctx, s, id, func(tx *Tx) models.BackupRun {
		return models.NewBackupRun(tx.Actor.TenantID, id, kind, tx.Actor.UserID, tx.Now)
	})
}

// LoadBackupRun reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadBackupRun(ctx context.Context, id uuid.UUID) (*models.BackupRun, error) {
	return loadOperation[models.BackupRun](ctx, s, id)
}

// StepBackupRun takes a step of the state table on the locked row; note adds what the step leaves. CodeConflict: the row is elsewhere by
// now.
func (s *Store) StepBackupRun(
	ctx context.Context, id uuid.UUID, name models.BackupCommandName, note func(*models.BackupRun),
) (models.BackupRun, error) {
	return stepOperation(ctx, s, id, name, note)
}

// BackupRunLives keeps the sweeper from poking a backup that works.
func (s *Store) BackupRunLives(ctx context.Context, id uuid.UUID) error {
	return operationLives[models.BackupRun](ctx, s, id)
}

// BackupRuns lists the backups of the installation, whoever asked for them, by created_at. It is the platform operator's: the caller checks that.
func (s *Store) BackupRuns(ctx context.Context, p Page) (Rows[models.BackupRun], error) {
	return listOperations[models.BackupRun](ctx, s, p)
}

// BackupRun reads one backup of the installation. It is the platform operator's: the caller checks that.
func (s *Store) BackupRun(ctx context.Context, id uuid.UUID) (models.BackupRun, error) {
	return findOperation[models.BackupRun](ctx, s, `t.id = $1`, id)
}

const storedDump = `t.kind = 'dump' AND t.status = 'completed' AND t.expired_at IS NULL`

// NewestDump reads the completed dump that holds the latest rows and is still stored; CodeNotFound where there is none.
func (s *Store) NewestDump(ctx context.Context) (models.BackupRun, error) {
	return findOperation[models.BackupRun](ctx, s, storedDump+` ORDER BY t.snapshot_at DESC LIMIT 1`)
}

// ProvenDump reads the dump that holds the latest rows of those that a drill has passed on and that are still stored; CodeNotFound where there
// is none.
func (s *Store) ProvenDump(ctx context.Context) (models.BackupRun, error) {
	return findOperation[models.BackupRun](ctx, s, storedDump+`
		AND EXISTS (SELECT FROM all_restore_drills() d WHERE d.backup_run_id = t.id AND d.verdict = 'pass') ORDER BY t.snapshot_at DESC LIMIT 1`)
}

// StoredArchives lists the completed archives of the installation that are still stored, the oldest first.
func (s *Store) StoredArchives(ctx context.Context) ([]models.BackupRun, error) {
	return system[models.BackupRun](ctx, s, everyOperation[models.BackupRun]()+`
		AND t.kind = 'archive' AND t.status = 'completed' AND t.expired_at IS NULL ORDER BY t.created_at, t.id`)
}

// clusterLock is the key of the mutex that backups and drills of one database cluster share.
const clusterLock = 7_309_453_221_004

// LockCluster takes the mutex of the database cluster, under which at most one backup or drill works. false: another holds it. The
// lock ends with unlock, with ctx, or with the database's connection: a worker that dies leaves none behind.
func (s *Store) LockCluster(ctx context.Context) (unlock func(), locked bool, err error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, false, translate(err)
	}
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(clusterLock)).Scan(&locked); err != nil || !locked {
		conn.Release()
		return nil, false, translate(err)
	}
	own := conn.Hijack() // closing it frees the lock, whatever state it is in
	return func() { _ = own.Close(context.WithoutCancel(ctx)) }, true, nil
}
