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

func completeBackup(ctx context.Context, t *testing.T, s *store.Store, id uuid.UUID, snapshot time.Time) {
	t.Helper()
	backups(s).take(ctx, t, id, models.BackupBegin)
	_, err := s.StepBackupRun(ctx, id, models.BackupComplete, func(b *models.BackupRun) {
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
		if f.Status != "" {
			found[f.Name+" "+f.Status] = f.Value
		}
	}
	return found
}

func TestBackupsAreOneTenantsToWriteAndEveryOperatorsToRead(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ctx, other := one.Context(t.Context()), two.Context(t.Context())
	id := backups(s).isOneTenantsToWrite(t, s, one, two, models.BackupBegin)

	_, err := s.NewestDump(ctx)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err), "what is not completed is no backup")
	snapshot := time.Now().UTC().Add(-time.Hour).Truncate(time.Microsecond)
	completeBackup(ctx, t, s, id, snapshot)
	older := backups(s).ask(other, t)
	completeBackup(other, t, s, older, snapshot.Add(-time.Hour))
	newest, err := s.NewestDump(other)
	require.NoError(t, err)
	require.Equal(t, id, newest.ID, "the latest rows, not the last to be made")
	backups(s).refuses(ctx, t, id, models.BackupFail, models.CodeConflict, "it is over")
	late, err := s.LateProcesses(ctx, time.Now().Add(time.Minute), 10)
	require.NoError(t, err)
	require.Empty(t, late)
}

func TestOnlyADrillThatPassedProvesABackup(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p, other := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ctx := p.Context(t.Context())
	backup := backups(s).ask(ctx, t)
	completeBackup(ctx, t, s, backup, time.Now().Add(-time.Hour))
	drill := func(verdict models.DrillVerdict) uuid.UUID {
		id := drills(s).ask(ctx, t)
		drills(s).take(ctx, t, id, models.RestoreDrillBegin)
		_, err := s.StepRestoreDrill(ctx, id, models.RestoreDrillComplete, func(d *models.RestoreDrill) {
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
	list, err := s.RestoreDrills(other.Context(t.Context()), store.Page{Limit: 10, Sort: "-created_at"})
	require.NoError(t, err)
	require.Len(t, list.Items, 2, "every platform operator sees them")
	require.Equal(t, id, list.Items[0].ID)
	drill(models.DrillPass)
	require.InDelta(t, 3600, figuresOf(t, s)["backup_verified_age_seconds"], 600)
	require.Contains(t, figuresOf(t, s), "drill_green_age_seconds")
}

// TestADrillWithAFaultProvesNothingButTheFault: whatever it ends with, nothing takes it for a green drill.
func TestADrillWithAFaultProvesNothingButTheFault(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p, other := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ctx := p.Context(t.Context())
	require.NotContains(t, figuresOf(t, s), "drill_fault_age_seconds", "there is nothing to spoil")
	backup := backups(s).ask(ctx, t)
	completeBackup(ctx, t, s, backup, time.Now().Add(-time.Hour))
	exec := func(query string) {
		t.Helper()
		_, err := db.Owner.ExecContext(t.Context(), query)
		require.NoError(t, err)
	}
	exec(`UPDATE backup_runs SET finished_at = finished_at - interval '41 days'`)
	days := func(fault string) int {
		return int(figuresOf(t, s)["drill_fault_age_seconds "+fault] / (24 * time.Hour.Seconds()))
	}
	require.Equal(t, 41, days("truncated_dump"), "it was never tried")
	require.Equal(t, 41, days("wrong_key"))
	require.NotContains(t, figuresOf(t, s), "drill_fault_age_seconds missing_segment", "no WAL is archived")
	require.NotContains(t, figuresOf(t, s), "drill_fault_missed")

	rpo, rto := 3600.0, 2.5
	end := func(id uuid.UUID, verdict models.DrillVerdict, found *bool) error {
		_, err := s.StepRestoreDrill(ctx, id, models.RestoreDrillComplete, func(d *models.RestoreDrill) {
			d.Source, d.Verdict, d.FaultFound, d.BackupRunID, d.RPOSeconds, d.RTOSeconds = models.DrillOfDump, verdict, found, &backup, &rpo, &rto
		})
		return err
	}
	drill := func() uuid.UUID {
		id := models.NewID()
		require.NoError(t, s.ScheduleRestoreDrill(ctx, id, models.DrillTruncatedDump))
		return id
	}
	yes, no := true, false
	missed := drill()
	require.Error(t, end(missed, models.DrillPass, &no), "it never passes")
	require.Error(t, end(missed, models.DrillInconclusive, &yes), "what is not known is not found")
	require.NoError(t, end(missed, models.DrillFail, &no))
	require.InDelta(t, 1, figuresOf(t, s)["drill_fault_missed truncated_dump"], 0)
	require.NoError(t, end(drill(), models.DrillInconclusive, nil))
	require.InDelta(t, 1, figuresOf(t, s)["drill_fault_missed truncated_dump"], 0, "one that did not come to it takes nothing back")
	require.Equal(t, 41, days("truncated_dump"))
	id := drill()
	require.NoError(t, end(id, models.DrillFail, &yes))
	require.Zero(t, figuresOf(t, s)["drill_fault_missed truncated_dump"])
	require.Zero(t, days("truncated_dump"))
	require.Equal(t, 41, days("flipped_byte"))
	require.NotContains(t, figuresOf(t, s), "drill_green_age_seconds")
	require.NotContains(t, figuresOf(t, s), "backup_verified_age_seconds")
	_, err := s.ProvenDump(ctx)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	seen, err := s.RestoreDrill(other.Context(t.Context()), id)
	require.NoError(t, err)
	require.Equal(t, models.DrillTruncatedDump, seen.Fault)
	require.True(t, *seen.FaultFound)
	exec(`UPDATE restore_drills SET finished_at = finished_at + interval '1 hour'`)
	require.Equal(t, 41, days("truncated_dump"), "what lies ahead of the clock is not fresh")
	exec(`UPDATE backup_runs SET expired_at = now()`)
	require.NotContains(t, figuresOf(t, s), "drill_fault_age_seconds", "there is nothing left to spoil")
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

// TestWhatLiesAheadOfTheClockIsNotFresh: a clock that goes back makes nothing look young, neither a proof nor what the archive has.
func TestWhatLiesAheadOfTheClockIsNotFresh(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	ctx := storetest.NewPlant(t, db, "one").Context(t.Context())
	id := backups(s).ask(ctx, t)
	completeBackup(ctx, t, s, id, time.Now().UTC())
	drill, seconds := drills(s).ask(ctx, t), 1.0
	drills(s).take(ctx, t, drill, models.RestoreDrillBegin)
	_, err := s.StepRestoreDrill(ctx, drill, models.RestoreDrillComplete, func(d *models.RestoreDrill) {
		d.Verdict, d.BackupRunID, d.RPOSeconds, d.RTOSeconds = models.DrillPass, &id, &seconds, &seconds
	})
	require.NoError(t, err)
	exec := func(query string, args ...any) {
		t.Helper()
		_, err := db.Owner.ExecContext(t.Context(), query, args...)
		require.NoError(t, err)
	}
	for range 2 {
		_, err := s.BeatWAL(ctx)
		require.NoError(t, err)
	}
	exec(`UPDATE wal_heartbeats SET at = now() - interval '90 seconds', archived_at = now()`)
	beat, err := s.BeatWAL(ctx)
	require.NoError(t, err)
	all := []string{"backup_verified_age_seconds", "drill_green_age_seconds", "wal_rpo_seconds"}
	figures := figuresOf(t, s)
	for _, name := range all {
		require.Contains(t, figures, name)
	}
	require.InDelta(t, 90, figures["wal_rpo_seconds"], 60)
	require.NoError(t, s.NoteWALCommit(ctx, beat.ID, beat.At))
	require.Less(t, figuresOf(t, s)["wal_rpo_seconds"], figures["wal_rpo_seconds"], "the archive's last transaction counts where it is later")

	exec(`UPDATE wal_heartbeats SET at = at + interval '1 hour'`)
	exec(`UPDATE backup_runs SET snapshot_at = snapshot_at + interval '1 hour'`)
	exec(`UPDATE restore_drills SET finished_at = finished_at + interval '1 hour'`)
	for _, name := range all {
		require.NotContains(t, figuresOf(t, s), name)
	}
	latest, err := s.LatestWALHeartbeat(ctx, beat.ID)
	require.NoError(t, err)
	now, err := s.BeatWAL(ctx)
	require.NoError(t, err)
	require.NotEmpty(t, now.ClockFault(latest))

	exec(`UPDATE wal_heartbeats SET at = at - interval '1000 days'`)
	_, err = s.BeatWAL(ctx)
	require.NoError(t, err)
	var kept int
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM wal_heartbeats`).Scan(&kept))
	require.Equal(t, 5, kept, "a clock that jumps forth takes none of them away")
}

func TestStoredArchivesAreThoseOfEveryTenant(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	schedule := func(p storetest.Plant, kind models.BackupKind) uuid.UUID {
		id := models.NewID()
		require.NoError(t, s.ScheduleBackupRun(p.Context(t.Context()), id, kind))
		return id
	}
	archive := func(p storetest.Plant) uuid.UUID {
		id := schedule(p, models.BackupArchive)
		completeBackup(p.Context(t.Context()), t, s, id, time.Now())
		return id
	}
	first, second, gone := archive(one), archive(two), archive(one)
	require.NoError(t, s.ExpireBackupRun(one.Context(t.Context()), gone))
	schedule(two, models.BackupArchive)
	completeBackup(one.Context(t.Context()), t, s, schedule(one, models.BackupDump), time.Now())
	stored, err := s.StoredArchives(two.Context(t.Context()))
	require.NoError(t, err)
	require.Len(t, stored, 2)
	require.Equal(t, []uuid.UUID{first, second}, []uuid.UUID{stored[0].ID, stored[1].ID})
	require.JSONEq(t, `{"sha256": "00"}`, string(stored[0].Evidence))
}
