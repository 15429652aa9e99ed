package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestRetentionIsOneTenantsToWriteAndEveryOperatorsToRead(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ctx, other := one.Context(t.Context()), two.Context(t.Context())
	runs := retentionRuns(s)
	id := runs.isOneTenantsToWrite(t, s, one, two, models.RetentionBegin)
	runs.take(ctx, t, id, models.RetentionBegin)
	runs.refuses(ctx, t, id, models.RetentionComplete, models.CodeInvalid, "nothing is done without a plan")
	_, err := s.StepRetentionRun(ctx, id, models.RetentionPlanned, func(r *models.RetentionRun) { r.Plan = json.RawMessage(`{"backups": []}`) })
	require.NoError(t, err)
	runs.take(ctx, t, id, models.RetentionComplete)

	failed := backups(s).ask(ctx, t)
	_, err = s.StepBackupRun(ctx, failed, models.BackupFail, func(b *models.BackupRun) { b.Failure = "not asked for any more" })
	require.NoError(t, err)
	backup := backups(s).ask(ctx, t)
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
