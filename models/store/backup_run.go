package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

type backupRunCommand struct {
	Kind models.BackupKind `json:"kind"`
}

// AdmitBackupRun writes the command row of a create.
func (s *Store) AdmitBackupRun(ctx context.Context, id uuid.UUID, kind models.BackupKind) (models.Command, error) {
	if err := kind.Check(); err != nil {
		return models.Command{}, err
	}
	body, err := json.Marshal(backupRunCommand{kind})
	if err != nil {
		return models.Command{}, err
	}
	return s.admit(ctx, insertCommand, models.Command{
		Name: "backup_run.create", SubjectType: "backup_run", SubjectID: id, Body: body,
	}, func(*pgx.Batch) {})
}

// RunBackupCommand carries out an admitted create in one transaction. A repeat returns the first outcome.
func (s *Store) RunBackupCommand(ctx context.Context, id, commandID uuid.UUID) (CommandOutcome, error) {
	return carryOut(ctx, s, commandID, readNothing, func(tx *Tx, body backupRunCommand) (CommandOutcome, error) {
		b := models.NewBackupRun(tx.Actor.TenantID, id, body.Kind, tx.Actor.UserID, tx.Now)
		if err := queueCreate(tx, &b); err != nil {
			return CommandOutcome{}, err
		}
		if err := tx.Audit(Change{Action: "backup_run.create", SubjectType: "backup_run", SubjectID: id, After: map[string]any{"kind": b.Kind}}); err != nil {
			return CommandOutcome{}, err
		}
		return CommandOutcome{
			ID: id, Status: string(b.Status), Version: b.Version, At: tx.Now,
			Action: ActionCarryOut, NextAt: tx.Now,
		}, nil
	})
}

// ScheduleBackupRun makes a queued backup that a clock asked for; the same id again makes none. A kind that cannot be made is CodeInvalid.
func (s *Store) ScheduleBackupRun(ctx context.Context, id uuid.UUID, kind models.BackupKind) error {
	if err := kind.Check(); err != nil {
		return err
	}
	return schedule(ctx, s, id, func(tx *Tx) models.BackupRun {
		return models.NewBackupRun(tx.Actor.TenantID, id, kind, tx.Actor.UserID, tx.Now)
	})
}

// schedule makes a row that a clock asked for, once for its id.
func schedule[T any](ctx context.Context, s *Store, id uuid.UUID, build func(*Tx) T) error {
	noun := nounOf[T]()
	return s.InTx(ctx, func(tx *Tx) error {
		// Two tries of one tick wait for each other: the second finds the row.
		if _, err := tx.exec(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, id.String()); err != nil {
			return err
		}
		made, err := txValues[bool](tx, `SELECT EXISTS (SELECT FROM `+tableOf[T]()+` WHERE tenant_id = $1 AND id = $2)`, tx.Actor.TenantID, id)
		if err != nil || made[0] {
			return err
		}
		row := build(tx)
		if err := create(tx, &row); err != nil {
			return err
		}
		return tx.Audit(Change{Action: noun + ".schedule", SubjectType: noun, SubjectID: id, After: map[string]any{"status": "queued"}})
	})
}

// ActionCarryOut is the one automatic step of a backup and of a drill: to do it.
const ActionCarryOut = "carry_out"

// LoadBackupRun reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadBackupRun(ctx context.Context, id uuid.UUID) (*models.BackupRun, error) {
	return loadProcess[models.BackupRun](ctx, s, "backup_runs", id)
}

// loadProcess reads a row of a table of processes and notes that its process runs.
func loadProcess[T any](ctx context.Context, s *Store, table string, id uuid.UUID) (*T, error) {
	var found []T
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[T](tx, `UPDATE `+table+` t SET process_started_at = coalesce(process_started_at, $3)
			WHERE t.tenant_id = $1 AND t.id = $2 RETURNING `+columns[T]("t"), tx.Actor.TenantID, id, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// StepBackupRun takes a step of the state table on the locked row; note adds what the step leaves. CodeConflict: the row is elsewhere by
// now.
func (s *Store) StepBackupRun(
	ctx context.Context, id uuid.UUID, name models.BackupCommandName, note func(*models.BackupRun),
) (models.BackupRun, error) {
	var b models.BackupRun
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if b, err = txReadOne[models.BackupRun](tx, "backup_run", `SELECT `+columns[models.BackupRun]("b")+` FROM backup_runs b
			WHERE b.tenant_id = $1 AND b.id = $2 FOR NO KEY UPDATE`, tx.Actor.TenantID, id); err != nil {
			return err
		}
		before := b
		if err := b.Apply(name, tx.Now); err != nil {
			return err
		}
		note(&b)
		c := Change{Action: "backup_run." + string(name), SubjectType: "backup_run", SubjectID: id}
		return updateChanged(tx, c, before.Version, &before, &b, models.Conflict("Another worker took it on meanwhile."))
	})
	return b, err
}

// BackupRunLives keeps the sweeper from poking a backup that works.
func (s *Store) BackupRunLives(ctx context.Context, id uuid.UUID) error {
	return s.lives(ctx, "backup_runs", id)
}

func (s *Store) lives(ctx context.Context, table string, id uuid.UUID) error {
	return s.InTx(ctx, func(tx *Tx) error {
		_, err := tx.exec(`UPDATE `+table+` SET next_action_at = $3 WHERE tenant_id = $1 AND id = $2 AND finished_at IS NULL`,
			tx.Actor.TenantID, id, tx.Now)
		return err
	})
}

var backupRunOrders = map[string]order[models.BackupRun]{
	"created_at": {"b.created_at", "timestamptz", func(b models.BackupRun) string { return b.CreatedAt.Format(time.RFC3339Nano) }},
}

const allBackupRuns = ` FROM all_backup_runs() b WHERE true`

// BackupRuns lists the backups of the installation, whoever asked for them. It is the platform operator's: the caller checks that.
func (s *Store) BackupRuns(ctx context.Context, p Page) (Rows[models.BackupRun], error) {
	l := &listing[models.BackupRun]{
		from: `SELECT ` + columns[models.BackupRun]("b") + allBackupRuns, id: "b.id",
		idOf: func(b models.BackupRun) string { return b.ID.String() }, orders: backupRunOrders,
	}
	return l.run(ctx, s, p)
}

// BackupRun reads one backup of the installation. It is the platform operator's: the caller checks that.
func (s *Store) BackupRun(ctx context.Context, id uuid.UUID) (models.BackupRun, error) {
	return oneOf[models.BackupRun](ctx, s, "backup_run", `SELECT `+columns[models.BackupRun]("b")+allBackupRuns+` AND b.id = $1`, id)
}

// NewestDump reads the completed dump that holds the latest rows and is still stored; CodeNotFound where there is none.
func (s *Store) NewestDump(ctx context.Context) (models.BackupRun, error) {
	return oneOf[models.BackupRun](ctx, s, "backup_run", `SELECT `+columns[models.BackupRun]("b")+allBackupRuns+`
		AND b.kind = 'dump' AND b.status = 'completed' AND b.expired_at IS NULL ORDER BY b.snapshot_at DESC LIMIT 1`)
}

// ProvenDump reads the dump that holds the latest rows of those that a drill has passed on and that are still stored; CodeNotFound where there
// is none.
func (s *Store) ProvenDump(ctx context.Context) (models.BackupRun, error) {
	return oneOf[models.BackupRun](ctx, s, "backup_run", `SELECT `+columns[models.BackupRun]("b")+allBackupRuns+`
		AND b.kind = 'dump' AND b.status = 'completed' AND b.expired_at IS NULL
		AND EXISTS (SELECT FROM all_restore_drills() d WHERE d.backup_run_id = b.id AND d.verdict = 'pass') ORDER BY b.snapshot_at DESC LIMIT 1`)
}

// oneOf reads one row of the installation.
func oneOf[T any](ctx context.Context, s *Store, what, query string, args ...any) (T, error) {
	found, err := system[T](ctx, s, query, args...)
	if err == nil && len(found) == 0 {
		err = models.NotFound(what)
	}
	if err != nil {
		var none T
		return none, err
	}
	return found[0], nil
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
