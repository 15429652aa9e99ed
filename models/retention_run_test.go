package models_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func kept(verdicts []models.RetentionVerdict) map[uuid.UUID][]string {
	found := map[uuid.UUID][]string{}
	for _, v := range verdicts {
		found[v.BackupID] = v.Keep
	}
	return found
}

func TestRetentionKeepsDaysWeeksAndMonths(t *testing.T) {
	now := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	var backups []models.RetentionBackup
	for hours := 0; hours < 365*24; hours += 12 {
		backups = append(backups, models.RetentionBackup{ID: models.NewID(), Kind: models.BackupDump, SnapshotAt: now.Add(-time.Duration(hours) * time.Hour)})
	}
	var days, stay []string
	for _, v := range models.PlanRetention(models.RetentionPolicy{AllHours: 36, Daily: 4, Weekly: 2, Monthly: 3}, backups, now) {
		if len(v.Keep) > 0 {
			days = append(days, v.SnapshotAt.Format("01-02T15"))
			stay = append(stay, fmt.Sprint(v.Keep))
		}
	}
	require.Equal(t, []string{"06-30T12", "06-30T00", "06-29T12", "06-28T12", "06-27T12", "05-31T12", "04-30T12"}, days)
	require.Equal(t, "[newest young day 2026-06-30 week 2026-W27 month 2026-06]", stay[0])
	require.Equal(t, "[young]", stay[1])
	require.Equal(t, "[day 2026-06-28 week 2026-W26]", stay[3])
	require.Equal(t, "[month 2026-04]", stay[6])
}

// TestRetentionNeverLetsGoWhatIsNeeded draws policies and lists, a clock before and behind them included.
func TestRetentionNeverLetsGoWhatIsNeeded(t *testing.T) {
	for seed := range uint64(2000) {
		draw := rand.New(rand.NewPCG(seed, 1))
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(draw.IntN(20_000)) * time.Hour)
		policy := models.RetentionPolicy{AllHours: draw.IntN(100), Daily: draw.IntN(5), Weekly: draw.IntN(5), Monthly: draw.IntN(5)}
		kinds := []models.BackupKind{models.BackupDump, models.BackupFull, models.BackupIncremental}
		backups := make([]models.RetentionBackup, draw.IntN(40))
		for i := range backups {
			b := models.RetentionBackup{
				ID: models.NewID(), Kind: kinds[draw.IntN(len(kinds))], Verified: draw.IntN(4) == 0,
				SnapshotAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(draw.IntN(10_000)) * time.Hour),
			}
			if draw.IntN(8) == 0 {
				until := now.Add(time.Duration(draw.IntN(200)-100) * time.Hour)
				b.LockedUntil = &until
			}
			if i > 0 && draw.IntN(2) == 0 {
				b.Needs = []uuid.UUID{backups[draw.IntN(i)].ID}
			}
			backups[i] = b
		}
		verdicts := models.PlanRetention(policy, backups, now)
		require.Len(t, verdicts, len(backups))
		stays := kept(verdicts)
		newest, verified := map[models.BackupKind]time.Time{}, map[models.BackupKind]time.Time{}
		for _, b := range backups {
			kind := b.Kind
			if kind.Physical() {
				kind = models.BackupFull
			}
			if b.SnapshotAt.After(newest[kind]) {
				newest[kind] = b.SnapshotAt
			}
			if b.Verified && b.SnapshotAt.After(verified[kind]) {
				verified[kind] = b.SnapshotAt
			}
		}
		held := map[string]bool{}
		for _, b := range backups {
			if len(stays[b.ID]) > 0 {
				kind := b.Kind
				if kind.Physical() {
					kind = models.BackupFull
				}
				held[fmt.Sprint(kind, b.SnapshotAt)] = true
				for _, need := range b.Needs {
					require.NotEmpty(t, stays[need], "seed %d: a kept backup needs it", seed)
				}
			}
			if now.Sub(b.SnapshotAt) < time.Duration(policy.AllHours)*time.Hour {
				require.NotEmpty(t, stays[b.ID], "seed %d: it is young", seed)
			}
			if b.LockedUntil != nil && now.Before(*b.LockedUntil) {
				require.NotEmpty(t, stays[b.ID], "seed %d: it is locked", seed)
			}
		}
		for kind, at := range newest {
			require.True(t, held[fmt.Sprint(kind, at)], "seed %d: the newest %s", seed, kind)
		}
		for kind, at := range verified {
			require.True(t, held[fmt.Sprint(kind, at)], "seed %d: the newest verified %s", seed, kind)
		}

		if from := models.ReplayFrom(verdicts); from != nil {
			require.NotEmpty(t, from.Keep, "seed %d: WAL stays since a backup that stays", seed)
			require.False(t, from.SnapshotAt.After(newest[models.BackupFull]), "seed %d", seed)
			if at := verified[models.BackupFull]; !at.IsZero() {
				require.False(t, from.SnapshotAt.After(at), "seed %d: every moment since the newest verified stays within reach", seed)
			}
		} else {
			require.Zero(t, newest[models.BackupFull], "seed %d: a physical backup without its WAL", seed)
		}

		shuffled := slices.Clone(backups)
		draw.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		require.Equal(t, verdicts, models.PlanRetention(policy, shuffled, now), "seed %d: the order of the list says nothing", seed)
		// What was kept is kept by a second run: retention done twice deletes nothing more.
		var left []models.RetentionBackup
		for _, b := range backups {
			if len(stays[b.ID]) > 0 {
				left = append(left, b)
			}
		}
		for _, v := range models.PlanRetention(policy, left, now) {
			require.NotEmpty(t, v.Keep, "seed %d", seed)
		}
	}
}

func TestWALStaysSinceTheOldestBackupOfTheDaysThatCount(t *testing.T) {
	now := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	var backups []models.RetentionBackup
	var full uuid.UUID
	for days := 100; days >= 0; days-- {
		b := models.RetentionBackup{ID: models.NewID(), Kind: models.BackupIncremental, SnapshotAt: now.AddDate(0, 0, -days), Needs: []uuid.UUID{full}}
		if days%7 == 0 {
			b.Kind, b.Needs, full = models.BackupFull, nil, b.ID
		}
		backups = append(backups, b)
	}
	verdicts := models.PlanRetention(models.RetentionPolicy{AllHours: 36, Daily: 4, Weekly: 2, Monthly: 3}, backups, now)
	from := models.ReplayFrom(verdicts)
	require.Equal(t, "06-27", from.SnapshotAt.Format("01-02"), "the older ones of weeks and months restore to their own moment")
	require.Equal(t, models.BackupIncremental, from.Kind, "the full one that it needs keeps the WAL that makes it consistent")
	require.Nil(t, models.ReplayFrom(nil))
}

func TestRetentionRunPlansOnceAndGoesOnlyAlongItsTable(t *testing.T) {
	r := models.NewRetentionRun(uuid.New(), uuid.New(), false, uuid.New(), time.Now())
	plansOnce(t, &r, models.RetentionBegin, models.RetentionPlanned, models.RetentionComplete, models.RetentionFail)
}
