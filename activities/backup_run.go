package activities

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/postgres"
	"mainstay/models"
)

// LoadBackup reads where the backup stands and notes that its process runs.
func (o *Operations) LoadBackup(ctx context.Context, in ProcessInput) (ProcessState, error) {
	b, err := o.Store.LoadBackupRun(in.context(ctx), in.ID)
	return stateOf(b, err, backupState)
}

// RunBackupCommand carries out an admitted command in one transaction. A repeat answers the first outcome.
func (o *Operations) RunBackupCommand(ctx context.Context, in CommandInput) (CommandResult, error) {
	return answered(o.Store.RunBackupCommand(in.context(ctx), in.ID, in.CommandID))
}

func backupState(b models.BackupRun) ProcessState {
	return operationState(b.Head(), b.Over(), string(b.Status))
}

// CarryOutBackup makes the backup under the cluster's mutex. A run that is broken off begins anew under the same keys; what can never
// succeed, or did not in several tries, fails the row.
func (o *Operations) CarryOutBackup(ctx context.Context, in ActionInput) (ProcessState, error) {
	return carryOut(ctx, o, in, operationStep[models.BackupRun]{
		load: o.Store.LoadBackupRun, lives: o.Store.BackupRunLives, state: backupState,
		do: o.backup,
		fail: func(ctx context.Context, failure string) (models.BackupRun, error) {
			return o.Store.StepBackupRun(ctx, in.ID, models.BackupFail, func(b *models.BackupRun) { b.Failure = failure })
		},
	})
}

func (o *Operations) backup(ctx context.Context, b models.BackupRun) (models.BackupRun, error) {
	none := func(*models.BackupRun) {}
	b, err := o.Store.StepBackupRun(ctx, b.ID, models.BackupBegin, none)
	if err != nil {
		return b, err
	}
	if err := b.Kind.Check(); err != nil {
		return b, err
	}
	if b.Kind.Physical() {
		return o.physicalBackup(ctx, b)
	}
	key, err := o.key()
	if err != nil {
		return b, err
	}
	if b.Kind == models.BackupArchive {
		return o.archive(ctx, b, key)
	}
	if o.DatabaseURL == "" {
		return b, models.Conflict("The worker has no login that reads every row: set MAINSTAY_BACKUP_DATABASE_URL.")
	}
	tools, err := postgres.FindTools(ctx)
	if err != nil {
		return b, err
	}
	m, evidence, err := tools.Backup(ctx, postgres.DumpOptions{Database: o.DatabaseURL.Reveal(), Key: key}, o.Blob, b.ID, o.beside())
	if err != nil {
		return b, err
	}
	return o.completeBackup(ctx, b, m, evidence)
}

func (o *Operations) completeBackup(
	ctx context.Context, b models.BackupRun, m models.BackupManifest, evidence models.BackupEvidence,
) (models.BackupRun, error) {
	text, err := json.Marshal(evidence)
	if err != nil {
		return b, err
	}
	return o.Store.StepBackupRun(ctx, b.ID, models.BackupComplete, func(b *models.BackupRun) {
		b.SizeBytes, b.SnapshotAt, b.Evidence = m.SizeBytes, &m.SnapshotAt, text
	})
}

// pgBackRestKinds are the kinds in pgBackRest's words.
var pgBackRestKinds = map[models.BackupKind]pgbackrest.Kind{
	models.BackupFull: pgbackrest.Full, models.BackupDifferential: pgbackrest.Differential, models.BackupIncremental: pgbackrest.Incremental,
}

// backupProcesses is how many files are copied side by side.
const backupProcesses = 2

// physicalBackup copies the cluster's files. One that is in the repository under the row's id is taken as it is: its maker died before it
// could say so. A page whose checksum was wrong when it was copied fails the backup.
func (o *Operations) physicalBackup(ctx context.Context, b models.BackupRun) (models.BackupRun, error) {
	client, err := o.physical()
	if err != nil {
		return b, err
	}
	began := time.Now()
	made, err := client.Backup(ctx, pgBackRestKinds[b.Kind], b.ID.String(), backupProcesses)
	if err != nil {
		return b, o.withArchiver(ctx, err)
	}
	if made.Damaged {
		return b, models.Conflict("The backup %s was made, but pages of the database have wrong checksums: look at pgBackRest's log and at the disk.", made.Label)
	}
	info, err := client.Info(ctx)
	if err != nil {
		return b, err
	}
	text, err := json.Marshal(models.BackupEvidence{
		SizeBytes: made.StoredDelta, Seconds: time.Since(began).Seconds(),
		Physical: &models.PhysicalEvidence{
			Label: made.Label, SystemID: info.SystemID, StartLSN: made.StartLSN, StopLSN: made.StopLSN,
			StartSegment: made.StartSegment, StopSegment: made.StopSegment, DatabaseBytes: made.DatabaseBytes, CopiedBytes: made.CopiedBytes,
			StoredBytes: made.StoredBytes, References: append([]string{}, made.References...),
		},
	})
	if err != nil {
		return b, err
	}
	return o.Store.StepBackupRun(ctx, b.ID, models.BackupComplete, func(b *models.BackupRun) {
		b.SizeBytes, b.SnapshotAt, b.Evidence = made.StoredDelta, &made.StoppedAt, text
	})
}

// withArchiver adds what the archiver says, the usual reason why a backup waits for its last WAL in vain.
func (o *Operations) withArchiver(ctx context.Context, err error) error {
	state, stateErr := o.Store.ArchiverState(ctx)
	if stateErr != nil || state.Fault() == "" {
		return err
	}
	return fmt.Errorf("%w (%s)", err, state.Fault())
}
