package models_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestBackupRunGoesOnlyAlongItsTable(t *testing.T) {
	now := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	b := models.NewBackupRun(uuid.New(), uuid.New(), models.BackupDump, uuid.New(), now)
	require.Equal(t, models.CodeConflict, models.ErrorCode(b.Apply(models.BackupComplete, now)), "what did not begin is not complete")
	require.NoError(t, b.Apply(models.BackupBegin, now))
	require.NoError(t, b.Apply(models.BackupBegin, now.Add(time.Minute)), "a worker died and another began anew")
	require.Equal(t, now, *b.StartedAt)
	require.NotNil(t, b.NextActionAt)
	require.NoError(t, b.Apply(models.BackupComplete, now.Add(time.Hour)))
	require.Nil(t, b.NextActionAt)
	require.True(t, b.Over())
	for _, name := range []models.BackupCommandName{models.BackupBegin, models.BackupComplete, models.BackupFail} {
		require.Equal(t, models.CodeConflict, models.ErrorCode(b.Apply(name, now)), name)
	}
}

func TestBackupsOfAKindThatIsNoneAreRefused(t *testing.T) {
	for _, kind := range []models.BackupKind{
		models.BackupDump, models.BackupFull, models.BackupDifferential, models.BackupIncremental, models.BackupArchive,
	} {
		require.NoError(t, kind.Check())
	}
	require.Equal(t, models.CodeInvalid, models.ErrorCode(models.BackupKind("tape").Check()))
}

func TestDrillVerdictNeverTakesDoubtForAPass(t *testing.T) {
	check := func(v models.DrillVerdict) models.DrillCheck { return models.DrillCheck{Name: "x", Verdict: v} }
	pass, fail, doubt := check(models.DrillPass), check(models.DrillFail), check(models.DrillInconclusive)
	require.Equal(t, models.DrillInconclusive, models.DrillVerdictOf(nil))
	require.Equal(t, models.DrillPass, models.DrillVerdictOf([]models.DrillCheck{pass, pass}))
	require.Equal(t, models.DrillInconclusive, models.DrillVerdictOf([]models.DrillCheck{pass, doubt, pass}))
	require.Equal(t, models.DrillFail, models.DrillVerdictOf([]models.DrillCheck{doubt, fail, pass}))
	require.Equal(t, models.DrillInconclusive, models.DrillVerdictOf([]models.DrillCheck{check("maybe")}))
}
