//go:build bench

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/stack/stacktest"
	"mainstay/models"
)

var (
	// benchBackupMB is how much the cluster holds that is backed up and restored.
	benchBackupMB = envInt("MAINSTAY_BENCH_BACKUP_MB", 1000)
	// benchDrills is how many drills are made, each at another moment between two archived segments.
	benchDrills = min(benchRounds, 3)
)

// TestBenchBackup: a full backup asked for with `mainstay backup` until it is stored, against pg_basebackup of the same running cluster, both
// compressed with zstd onto the same disk and brought to it; ours is encrypted besides. Then drills under load, whose RPO and RTO are
// printed as they find them.
func TestBenchBackup(t *testing.T) {
	cluster := stacktest.NewDurableArchivingCluster(t)
	w := archivingWorldOn(t, cluster)
	fill(t, w)
	ours := func() time.Duration {
		began := time.Now()
		w.backedUp("full")
		return time.Since(began)
	}
	bare := func() time.Duration {
		dir := filepath.Join(cluster.Dir, "basebackup")
		began := time.Now()
		cmd := exec.CommandContext(t.Context(), filepath.Join(cluster.Options.BinDir, "pg_basebackup"), "--dbname="+cluster.Postgres.URL("postgres"),
			"--pgdata="+dir, "--format=tar", "--compress=client-zstd", "--wal-method=none", "--checkpoint=fast")
		out, err := cmd.CombinedOutput()
		took := time.Since(began)
		require.NoError(t, err, string(out))
		require.NoError(t, os.RemoveAll(dir))
		return took
	}
	ours()
	bare()
	var ratios, oursAll, bareAll []float64
	for range benchRounds {
		o, b := ours().Seconds(), bare().Seconds()
		ratios, oursAll, bareAll = append(ratios, b/o), append(oursAll, o), append(bareAll, b)
	}
	figure("backup_ratio_vs_pg_basebackup", median(ratios), "ratio")
	figure("backup_ratio_vs_pg_basebackup_min", ratios[0], "ratio")
	figure("backup_ratio_vs_pg_basebackup_max", ratios[len(ratios)-1], "ratio")
	figure("backup_ours_s", median(oursAll), "s")
	figure("backup_bare_s", median(bareAll), "s")
	benchDrill(t, w)
}

// benchDrill makes drills while work orders are created, and prints what they measured.
func benchDrill(t *testing.T, w *world) {
	t.Helper()
	done := make(chan error, 1)
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		for pause(ctx, writerPause) == nil {
			if a := w.try(http.MethodPost, "/v1/work-orders", uuid.NewString(), map[string]any{
				"title": "Order", "asset_id": w.plant.Asset, "type": "corrective", "priority": "low",
			}); a.status != http.StatusCreated {
				done <- fmt.Errorf("create: %d %v %w", a.status, a.body, a.err)
				return
			}
		}
		done <- nil
	}()
	// The clock's own looks prove heartbeats behind the newest backup: the drill has to make none.
	w.eventually(func() bool {
		return w.count(`SELECT count(*) FROM wal_heartbeats WHERE archived_at > (SELECT max(finished_at) FROM backup_runs)`) > 1
	})
	var rpo, rto, restore, validate []float64
	for range benchDrills {
		var d drillState
		require.NoError(t, json.Unmarshal([]byte(w.run("drill", "--output", "json")), &d))
		require.Equal(t, string(models.DrillPass), d.Verdict, "%v", d.Checks)
		rpo, rto = append(rpo, *d.RPOSeconds), append(rto, *d.RTOSeconds)
		gigabytes := float64(d.Evidence.Replay.BackupBytes) / 1e9
		restore = append(restore, (d.Evidence.FetchSeconds+d.Evidence.RestoreSeconds)/gigabytes)
		validate = append(validate, d.Evidence.ValidateSeconds/gigabytes)
		require.NoError(t, pause(t.Context(), 25*time.Second))
	}
	stop()
	require.NoError(t, <-done)
	figure("restore_seconds_per_gb", median(restore), "s/GB")
	figure("validate_seconds_per_gb", median(validate), "s/GB")
	figure("drill_rpo_seconds", median(rpo), "s")
	figure("drill_rpo_seconds_max", slices.Max(rpo), "s")
	figure("drill_rto_seconds", median(rto), "s")
}

// fill gives the cluster rows that compress as a plant's do, to about a quarter.
func fill(t *testing.T, w *world) {
	t.Helper()
	_, err := w.db.Owner.ExecContext(t.Context(), `CREATE TABLE bench_filling AS
		SELECT n AS id, gen_random_uuid() AS subject_id, now() - n * interval '1 second' AS at, 'work_order.complete' AS action,
			jsonb_build_object('number', 'WO-' || n, 'title', 'Look at the cone crusher of line ' || n % 40, 'status', 'closed', 'hours', n % 97,
			'note', repeat('Liners worn, changed both; run in without load. ', 3)) AS after
		FROM generate_series(1, $1::int * 2100) n`, benchBackupMB)
	require.NoError(t, err)
	w.analyze()
}
