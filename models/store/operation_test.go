package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// operation is a noun T of the installation with the steps N, by what the store does with it.
type operation[T any, N ~string] struct {
	process string
	admit   func(ctx context.Context, id uuid.UUID) (models.Command, error)
	create  func(ctx context.Context, id, command uuid.UUID) (store.CommandOutcome, error)
	load    func(context.Context, uuid.UUID) (*T, error)
	step    func(context.Context, uuid.UUID, N, func(*T)) (T, error)
	list    func(context.Context, store.Page) (store.Rows[T], error)
	read    func(context.Context, uuid.UUID) (T, error)
	head    func(*T) *models.Operation
}

// ask creates an operation, and repeats the request.
func (o operation[T, N]) ask(ctx context.Context, t *testing.T) uuid.UUID {
	t.Helper()
	ctx = models.WithCommandKey(ctx, models.CommandKey{ID: models.NewID(), Hash: []byte("same"), Sent: true})
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := o.admit(ctx, id)
	require.NoError(t, err)
	first, err := o.create(ctx, id, admitted.ID)
	require.NoError(t, err)
	again, err := o.create(ctx, id, admitted.ID)
	require.NoError(t, err)
	require.Equal(t, first.Version, again.Version, "a repeat answers the first outcome")
	return id
}

// take takes steps that leave nothing.
func (o operation[T, N]) take(ctx context.Context, t *testing.T, id uuid.UUID, steps ...N) {
	t.Helper()
	for _, name := range steps {
		_, err := o.step(ctx, id, name, func(*T) {})
		require.NoError(t, err, name)
	}
}

// refuses takes a step that the state table forbids (CodeConflict) or a CHECK of the database (CodeInvalid).
func (o operation[T, N]) refuses(ctx context.Context, t *testing.T, id uuid.UUID, name N, code models.Code, why string) {
	t.Helper()
	_, err := o.step(ctx, id, name, func(*T) {})
	require.Equal(t, code, models.ErrorCode(err), why)
}

// isOneTenantsToWrite asks for an operation as one tenant, alone in its database, and looks at it as another.
func (o operation[T, N]) isOneTenantsToWrite(t *testing.T, s *store.Store, one, two storetest.Plant, begin N) uuid.UUID {
	t.Helper()
	ctx, other := one.Context(t.Context()), two.Context(t.Context())
	id := o.ask(ctx, t)
	loaded, err := o.load(other, id)
	require.NoError(t, err)
	require.Nil(t, loaded, "the tenant wall")
	_, err = o.step(other, id, begin, func(*T) {})
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	list, err := o.list(other, store.Page{Limit: 10, Sort: "-created_at"})
	require.NoError(t, err)
	require.Len(t, list.Items, 1, "every platform operator sees them")
	seen, err := o.read(other, id)
	require.NoError(t, err)
	require.Equal(t, one.Tenant, o.head(&seen).TenantID)

	late, err := s.LateProcesses(ctx, time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, late, 1)
	require.Equal(t, o.process, late[0].Process)
	open, err := s.OpenProcesses(ctx, models.Delivery{}, 10)
	require.NoError(t, err)
	require.Len(t, open, 1)
	return id
}

func backups(s *store.Store) operation[models.BackupRun, models.BackupCommandName] {
	return operation[models.BackupRun, models.BackupCommandName]{
		process: models.ProcessBackup, create: s.RunBackupCommand, load: s.LoadBackupRun, step: s.StepBackupRun, list: s.BackupRuns,
		read: s.BackupRun, head: (*models.BackupRun).Head,
		admit: func(ctx context.Context, id uuid.UUID) (models.Command, error) {
			return s.AdmitBackupRun(ctx, id, models.BackupDump)
		},
	}
}

func drills(s *store.Store) operation[models.RestoreDrill, models.RestoreDrillCommandName] {
	return operation[models.RestoreDrill, models.RestoreDrillCommandName]{
		process: models.ProcessRestoreDrill, create: s.RunRestoreDrillCommand, load: s.LoadRestoreDrill, step: s.StepRestoreDrill,
		list: s.RestoreDrills, read: s.RestoreDrill, head: (*models.RestoreDrill).Head,
		admit: func(ctx context.Context, id uuid.UUID) (models.Command, error) {
			return s.AdmitRestoreDrill(ctx, id, models.DrillRequest{})
		},
	}
}

func retentionRuns(s *store.Store) operation[models.RetentionRun, models.RetentionCommandName] {
	return operation[models.RetentionRun, models.RetentionCommandName]{
		process: models.ProcessRetention, create: s.RunRetentionCommand, load: s.LoadRetentionRun, step: s.StepRetentionRun,
		list: s.RetentionRuns, read: s.RetentionRun, head: (*models.RetentionRun).Head,
		admit: func(ctx context.Context, id uuid.UUID) (models.Command, error) {
			return s.AdmitRetentionRun(ctx, id, false)
		},
	}
}

func fileRuns(s *store.Store, asked models.NewFileRun) operation[models.FileRun, models.FileRunCommandName] {
	return operation[models.FileRun, models.FileRunCommandName]{
		process: models.ProcessFileRun, create: s.RunFileRunCommand, load: s.LoadFileRun, step: s.StepFileRun, list: s.FileRuns,
		read: s.FileRun, head: (*models.FileRun).Head,
		admit: func(ctx context.Context, id uuid.UUID) (models.Command, error) { return s.AdmitFileRun(ctx, id, asked) },
	}
}

func TestAClockMakesOneRowATick(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	ctx := storetest.NewPlant(t, db, "one").Context(t.Context())
	tick := models.NewID()
	for range 2 {
		require.NoError(t, s.ScheduleBackupRun(ctx, tick, models.BackupDump))
		require.NoError(t, s.ScheduleRestoreDrill(ctx, tick, models.DrillWrongKey))
		require.NoError(t, s.ScheduleRetentionRun(ctx, tick))
		require.NoError(t, s.ScheduleFileCheck(ctx, tick))
	}
	require.Equal(t, models.CodeInvalid, models.ErrorCode(s.ScheduleBackupRun(ctx, models.NewID(), "tape")))
	require.Equal(t, models.CodeInvalid, models.ErrorCode(s.ScheduleRestoreDrill(ctx, models.NewID(), "flood")))
	open, err := s.OpenProcesses(ctx, models.Delivery{}, 10)
	require.NoError(t, err)
	var processes []string
	for _, o := range open {
		processes = append(processes, o.Process)
	}
	require.ElementsMatch(t, []string{models.ProcessBackup, models.ProcessRestoreDrill, models.ProcessRetention, models.ProcessFileRun}, processes)
}
