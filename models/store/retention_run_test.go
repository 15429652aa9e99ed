package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func TestRetentionIsOneTenantsToWriteAndEveryOperatorsToRead(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ctx, other := one.Context(t.Context()), two.Context(t.Context())
	key := models.WithCommandKey(ctx, models.CommandKey{ID: models.NewID(), Hash: []byte("same"), Sent: true})
	id := models.SubjectID(models.CommandKeyFrom(key).ID)
	admitted, err := s.AdmitRetentionRun(key, id, false)
	require.NoError(t, err)
	first, err := s.RunRetentionCommand(key, id, admitted.ID)
	require.NoError(t, err)
	again, err := s.RunRetentionCommand(key, id, admitted.ID)
	require.NoError(t, err)
	require.Equal(t, first.Version, again.Version, "a repeat answers the first outcome")

	loaded, err := s.LoadRetentionRun(other, id)
	require.NoError(t, err)
	require.Nil(t, loaded, "the tenant wall")
	_, err = s.StepRetentionRun(other, id, models.RetentionBegin, func(*models.RetentionRun) {})
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	list, err := s.RetentionRuns(other, store.Page{Limit: 10, Sort: "-created_at"})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)
	seen, err := s.RetentionRun(other, id)
	require.NoError(t, err)
	require.Equal(t, one.Tenant, seen.TenantID)
	late, err := s.LateProcesses(ctx, time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, late, 1)
	require.Equal(t, models.ProcessRetention, late[0].Process)

	_, err = s.StepRetentionRun(ctx, id, models.RetentionBegin, func(*models.RetentionRun) {})
	require.NoError(t, err)
	_, err = s.StepRetentionRun(ctx, id, models.RetentionComplete, func(*models.RetentionRun) {})
	require.Error(t, err, "nothing is done without a plan")
	_, err = s.StepRetentionRun(ctx, id, models.RetentionPlanned, func(r *models.RetentionRun) { r.Plan = json.RawMessage(`{"backups": []}`) })
	require.NoError(t, err)
	_, err = s.StepRetentionRun(ctx, id, models.RetentionComplete, func(*models.RetentionRun) {})
	require.NoError(t, err)

	clocked := models.NewID()
	for range 2 {
		require.NoError(t, s.ScheduleBackupRun(ctx, clocked, models.BackupDump))
		require.NoError(t, s.ScheduleRestoreDrill(ctx, clocked))
		require.NoError(t, s.ScheduleRetentionRun(ctx, clocked))
	}
	require.Error(t, s.ScheduleBackupRun(ctx, models.NewID(), "tape"))
	open, err := s.OpenProcesses(ctx, models.Delivery{}, 10)
	require.NoError(t, err)
	require.Len(t, open, 3, "a tick makes one row of each")
	_, err = s.StepBackupRun(ctx, clocked, models.BackupFail, func(b *models.BackupRun) { b.Failure = "not asked for any more" })
	require.NoError(t, err)

	backup := createBackup(ctx, t, s)
	completeBackup(ctx, t, s, backup, time.Now().Add(-time.Hour))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(s.ExpireBackupRun(other, backup)), "the tenant wall")
	for range 2 {
		require.NoError(t, s.ExpireBackupRun(ctx, backup))
	}
	_, err = s.NewestDump(ctx)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err), "what is no more is not restored")
	stored, err := s.StoredBackups(other)
	require.NoError(t, err)
	require.Len(t, stored, 2)
	require.Nil(t, stored[0].ExpiredAt)
	require.NotNil(t, stored[1].ExpiredAt)
}
