package store_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func createBackup(ctx context.Context, t *testing.T, s *store.Store) uuid.UUID {
	t.Helper()
	ctx = models.WithCommandKey(ctx, models.CommandKey{ID: models.NewID(), Hash: []byte("same"), Sent: true})
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := s.AdmitBackupRun(ctx, id, models.BackupDump)
	require.NoError(t, err)
	first, err := s.RunBackupCommand(ctx, id, admitted.ID)
	require.NoError(t, err)
	again, err := s.RunBackupCommand(ctx, id, admitted.ID)
	require.NoError(t, err)
	require.Equal(t, first.Version, again.Version, "a repeat answers the first outcome")
	return id
}

func completeBackup(ctx context.Context, t *testing.T, s *store.Store, id uuid.UUID, snapshot time.Time) {
	t.Helper()
	_, err := s.StepBackupRun(ctx, id, models.BackupBegin, func(*models.BackupRun) {})
	require.NoError(t, err)
	_, err = s.StepBackupRun(ctx, id, models.BackupComplete, func(b *models.BackupRun) {
		b.SizeBytes, b.SnapshotAt, b.Evidence = 10, &snapshot, json.RawMessage(`{"sha256": "00"}`)
	})
	require.NoError(t, err)
}

func figuresOf(t *testing.T, s *store.Store) map[string]float64 {
	t.Helper()
	figures, err := s.Figures(t.Context())
	require.NoError(t, err)
	found := map[string]float64{}
	for _, f := range figures {
		found[f.Name] = f.Value
	}
	return found
}

func TestBackupsAreOneTenantsToWriteAndEveryOperatorsToRead(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ctx, other := one.Context(t.Context()), two.Context(t.Context())
	id := createBackup(ctx, t, s)

	loaded, err := s.LoadBackupRun(other, id)
	require.NoError(t, err)
	require.Nil(t, loaded, "the tenant wall")
	_, err = s.StepBackupRun(other, id, models.BackupBegin, func(*models.BackupRun) {})
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	list, err := s.BackupRuns(other, store.Page{Limit: 10, Sort: "-created_at"})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
	seen, err := s.BackupRun(other, id)
	require.NoError(t, err)
	require.Equal(t, one.Tenant, seen.TenantID)

	late, err := s.LateProcesses(ctx, time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, late, 1)
	require.Equal(t, models.ProcessBackup, late[0].Process)
	open, err := s.OpenProcesses(ctx, models.Delivery{}, 10)
	require.NoError(t, err)
	require.Len(t, open, 1)

	_, err = s.NewestDump(ctx)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err), "what is not completed is no backup")
	snapshot := time.Now().UTC().Add(-time.Hour).Truncate(time.Microsecond)
	completeBackup(ctx, t, s, id, snapshot)
	older := createBackup(other, t, s)
	completeBackup(other, t, s, older, snapshot.Add(-time.Hour))
	newest, err := s.NewestDump(other)
	require.NoError(t, err)
	require.Equal(t, id, newest.ID, "the latest rows, not the last to be made")
	_, err = s.StepBackupRun(ctx, id, models.BackupFail, func(*models.BackupRun) {})
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
	late, err = s.LateProcesses(ctx, time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	require.Empty(t, late)
}

func TestOnlyADrillThatPassedProvesABackup(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p, other := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ctx := p.Context(t.Context())
	backup := createBackup(ctx, t, s)
	completeBackup(ctx, t, s, backup, time.Now().Add(-time.Hour))
	drill := func(verdict models.DrillVerdict) uuid.UUID {
		id := models.NewID()
		key := models.WithCommandKey(ctx, models.CommandKey{ID: models.NewID(), Hash: []byte("same"), Sent: true})
		admitted, err := s.AdmitRestoreDrill(key, id, models.DrillRequest{})
		require.NoError(t, err)
		_, err = s.RunRestoreDrillCommand(key, id, admitted.ID)
		require.NoError(t, err)
		_, err = s.StepRestoreDrill(ctx, id, models.RestoreDrillBegin, func(*models.RestoreDrill) {})
		require.NoError(t, err)
		_, err = s.StepRestoreDrill(ctx, id, models.RestoreDrillComplete, func(d *models.RestoreDrill) {
			rpo, rto := 3600.0, 2.5
			d.Verdict, d.BackupRunID, d.RPOSeconds, d.RTOSeconds = verdict, &backup, &rpo, &rto
		})
		require.NoError(t, err)
		return id
	}
	drill(models.DrillFail)
	id := drill(models.DrillInconclusive)
	require.NotContains(t, figuresOf(t, s), "backup_verified_age_seconds", "doubt proves nothing")
	require.NotContains(t, figuresOf(t, s), "drill_green_age_seconds")
	require.Contains(t, figuresOf(t, s), "processes_late", "the figures of before are still there")
	loaded, err := s.LoadRestoreDrill(other.Context(t.Context()), id)
	require.NoError(t, err)
	require.Nil(t, loaded, "the tenant wall")
	drills, err := s.RestoreDrills(other.Context(t.Context()), store.Page{Limit: 10, Sort: "-created_at"})
	require.NoError(t, err)
	require.Len(t, drills.Items, 2, "every platform operator sees them")
	require.Equal(t, id, drills.Items[0].ID)
	drill(models.DrillPass)
	require.InDelta(t, 3600, figuresOf(t, s)["backup_verified_age_seconds"], 600)
	require.Contains(t, figuresOf(t, s), "drill_green_age_seconds")
}

func TestClusterIsLockedByOneAtATime(t *testing.T) {
	t.Parallel()
	s, _ := storetest.New(t)
	unlock, locked, err := s.LockCluster(t.Context())
	require.NoError(t, err)
	require.True(t, locked)
	_, second, err := s.LockCluster(t.Context())
	require.NoError(t, err)
	require.False(t, second)
	unlock()
	require.Eventually(t, func() bool {
		again, locked, err := s.LockCluster(t.Context())
		require.NoError(t, err)
		if locked {
			again()
		}
		return locked
	}, time.Minute, 10*time.Millisecond)
}
