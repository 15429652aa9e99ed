package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/stack"
	"mainstay/internal/stack/stacktest"
	"mainstay/models/store/storetest"
)

// archivingWorld is a world on a cluster of its own whose WAL is archived.
func archivingWorld(t testing.TB) (*world, *stacktest.ArchivingCluster) {
	t.Helper()
	cluster := stacktest.NewArchivingCluster(t)
	return archivingWorldOn(t, cluster), cluster
}

func archivingWorldOn(t testing.TB, cluster *stacktest.ArchivingCluster) *world {
	t.Helper()
	t.Setenv("MAINSTAY_TEST_DATABASE_URL", cluster.Postgres.URL("postgres"))
	w := newWorld(t).operated()
	w.env = append(w.env, "TMPDIR="+cluster.Scratch(t), "MAINSTAY_PGBACKREST_CONFIG="+cluster.Client.Config, "MAINSTAY_PGBACKREST_STANZA="+cluster.Client.Stanza,
		"MAINSTAY_BACKUP_FULL_CRON=0 0 29 2 *", "MAINSTAY_BACKUP_INCREMENTAL_CRON=0 0 29 2 *", "MAINSTAY_BACKUP_ARCHIVE_CRON=0 0 29 2 *",
		"MAINSTAY_BACKUP_DRILL_CRON=0 0 29 2 *", "MAINSTAY_BACKUP_KEEP_HOURS=1", "MAINSTAY_BACKUP_KEEP_DAILY=1", "MAINSTAY_BACKUP_KEEP_WEEKLY=1", "MAINSTAY_BACKUP_KEEP_MONTHLY=1",
		"MAINSTAY_BACKUP_DATABASE_URL="+withName(t, cluster.Postgres.URL("postgres"), w.db.URL))
	return w.up()
}

func (w *world) backedUp(kind string) backupState {
	w.t.Helper()
	var b backupState
	require.NoError(w.t, json.Unmarshal([]byte(w.run("backup", "--kind", kind, "--output", "json")), &b))
	require.Equal(w.t, "completed", b.Status)
	require.NotNil(w.t, b.Evidence.Physical)
	require.Equal(w.t, b.SizeBytes, b.Evidence.SizeBytes)
	return b
}

// TestPhysicalBackupsAreProvenByDrillsAndDamageTurnsThemRed also kills the worker in the middle of a run of every kind, which ends as if nothing
// had been.
func TestPhysicalBackupsAreProvenByDrillsAndDamageTurnsThemRed(t *testing.T) {
	gate := newGate(t)
	w, cluster := archivingWorld(t)
	crashes := newCrashes(w, cluster, gate)
	full := w.backedUp("full")
	w.tick("wal-check")
	w.eventually(func() bool { return w.count(`SELECT count(*) FROM wal_heartbeats WHERE fault = ''`) > 0 })
	said := w.run("drill")
	for _, check := range []string{
		"repository", "archive", "fetch", "replay", "heartbeat", "checksums", "amcheck", "row_counts", "foreign_keys", "files", "migrations", "stock_ledger", "audit_log", "queries", "api",
	} {
		require.Regexp(t, `(?m)^pass +`+check+` `, said)
	}
	require.Contains(t, said, "verdict: pass")
	proof := "/v1/restore-drills/" + w.newest("restore_drills")
	between := time.Now().UTC()
	incremental := w.backedUp("incremental")
	require.Equal(t, []string{full.Evidence.Physical.Label}, incremental.Evidence.Physical.References)
	require.Less(t, incremental.SizeBytes, full.SizeBytes)
	crashes.strikeDumpsAndFiles()
	like := "/v1/backups/" + incremental.ID.String()
	crashes.strike(struck{name: "differential", like: like, ask: w.asked("/v1/backups", map[string]any{"kind": "differential"})})
	crashes.strike(struck{name: "incremental", like: like, ask: w.ticked("backup-incremental", "/v1/backups")})
	require.Contains(t, w.run("doctor"), fmt.Sprintf("works; %d physical backups", w.count(`SELECT count(*) FROM backup_runs WHERE evidence ? 'physical'`)))
	require.Contains(t, w.run("doctor", "--ledger"), "without a gap")

	drill := w.drilledAs(map[string]any{"target_time": between})
	require.Equal(t, "pass", drill["verdict"], "%v", drill["checks"])
	replay, _ := drill["evidence"].(map[string]any)["replay"].(map[string]any)
	require.Equal(t, full.Evidence.Physical.Label, replay["label"], "no later backup reaches back to that time")
	drill = w.drilledAs(map[string]any{"target_time": between.Add(-time.Hour)})
	require.Equal(t, "inconclusive", drill["verdict"])
	require.Equal(t, "target", red(t, drill)["name"])

	again := w.stored(crashes.strike(struck{name: "full", like: "/v1/backups/" + full.ID.String(), ask: w.ticked("backup-full", "/v1/backups")}))
	drill = w.must(http.StatusOK, http.MethodGet, crashes.strike(struck{name: "drill", like: proof, ask: w.ticked("restore-drill", "/v1/restore-drills")}), nil)
	require.Equal(t, "physical", drill["source"])
	crashes.strikeRetention(again.ID, incremental.ID)
	require.Contains(t, w.run("doctor"), "works; 1 physical backups")
	info, err := cluster.Client.Info(t.Context())
	require.NoError(t, err)
	segments, err := cluster.Client.Segments(t.Context(), info)
	require.NoError(t, err)
	oldest := slices.MinFunc(segments, func(a, b pgbackrest.Segment) int { return strings.Compare(a.Name, b.Name) })
	require.Equal(t, again.Evidence.Physical.StartSegment, oldest.Name, "WAL goes that the others alone needed, and no other")

	var email string
	require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), `SELECT email FROM users WHERE id = $1`, w.plant.Admin).Scan(&email))
	require.NoError(t, filepath.WalkDir(cluster.Repository(), func(file string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(file)
		for _, plain := range append(w.secrets(), email, "the key of", "mainstay_app") {
			require.False(t, bytes.Contains(text, []byte(plain)), "%q stands in %s", plain, file)
		}
		return err
	}))

	damaged := func(name, detail string) map[string]any {
		t.Helper()
		drill := w.drilled()
		require.Equal(t, "fail", drill["verdict"], "%v", drill["checks"])
		require.Equal(t, name, red(t, drill)["name"])
		require.Regexp(t, detail, red(t, drill)["detail"])
		require.Nil(t, drill["rto_seconds"])
		return drill
	}
	// A byte of a WAL segment that the replay needs to its end is another: it does not get to its target. That one is gone is in the show.
	mended := flip(t, cluster.Segment(t, again.Evidence.Physical.StartSegment))
	damaged("replay", "^WAL segment "+again.Evidence.Physical.StartSegment+": damaged in the repository|wrong size|before configured recovery target")
	mended()
	// A byte of a copied file is another.
	// By its label: "latest" leads to one of them again, and a byte that is flipped twice is as it was.
	copied, err := filepath.Glob(filepath.Join(cluster.Repository(), "*", "backup", "main", "[0-9]*", "pg_data", "base", "1", "1259.zst"))
	require.NoError(t, err)
	require.NotEmpty(t, copied)
	for _, file := range copied {
		defer flip(t, file)()
	}
	_, err = w.db.Owner.ExecContext(t.Context(), `UPDATE wal_heartbeats SET at = at - interval '1 day'`)
	require.NoError(t, err)
	cluster.Switch(t)
	drill = damaged("fetch", "1259|zst|decrypt")
	require.Less(t, drill["rpo_seconds"], time.Hour.Seconds(), "lost is what was written behind the archive's last transaction, not behind its last heartbeat")
	// The key is another.
	config, err := os.ReadFile(cluster.Client.Config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(cluster.Client.Config, bytes.Replace(config, []byte("the key of"), []byte("no key of"), 1), 0o600))
	damaged("repository", "(?i)crypt|key")
	require.NoError(t, os.WriteFile(cluster.Client.Config, config, 0o600))
	for _, file := range copied {
		flip(t, file)
	}
	for _, fault := range []string{"missing_segment", "flipped_byte"} {
		require.Contains(t, w.run("drill", "--fault", fault), "fault "+fault+": found")
	}
	w.restoredByItsOperator(cluster, again.ID)
}

// restoredByItsOperator does what docs/backup.md says of a PostgreSQL that the stack does not own. What came back lacks an event of backup.
func (w *world) restoredByItsOperator(cluster *stacktest.ArchivingCluster, backup uuid.UUID) {
	w.t.Helper()
	require.Contains(w.t, w.fails(exitDependency, "recover"), "mainstay recover --settle", "no cluster of the stack's own")
	require.Contains(w.t, w.fails(exitFound, "recover", "--settle"), "stop these first")
	w.kill("api")
	w.kill("worker")
	w.eventually(func() bool {
		return strings.Contains(w.fails(exitUsage, "recover", "--settle"), "nothing was restored")
	})
	cluster.Switch(w.t)
	require.NoError(w.t, cluster.Postgres.Stop())
	restore := exec.CommandContext(w.t.Context(), "pgbackrest", "--config="+cluster.Client.Config, "--stanza="+cluster.Client.Stanza, "--delta", "restore")
	owner, err := pgbackrest.OwnerOf(cluster.Client.Config)
	require.NoError(w.t, err)
	restore.SysProcAttr, restore.Dir = &syscall.SysProcAttr{Credential: owner}, "/"
	said, err := restore.CombinedOutput()
	require.NoError(w.t, err, string(said))
	cluster.Postgres, err = stack.StartPostgres(w.t.Context(), cluster.Options)
	require.NoError(w.t, err)
	w.eventually(func() bool { return w.count(`SELECT count(*) WHERE pg_is_in_recovery()`) == 0 })
	require.EqualValues(w.t, 1, storetest.Forget(w.t, w.db, `action = 'backup_run.schedule' AND subject_id = $1`, backup))
	refused := w.fails(exitFound, "recover", "--settle")
	require.Contains(w.t, refused, "audit_log: fail: Tenant "+w.plant.Tenant.String()+": the backup_run "+backup.String()+" vouches for ")
	require.Zero(w.t, w.count(`SELECT count(*) FROM recoveries`), "nothing is settled")
	settled := w.run("recover", "--settle", "--accept")
	require.Regexp(w.t, `create the namespace \S+-1, set`, settled)
	for _, check := range []string{"amcheck", "migrations", "row_counts", "foreign_keys", "stock_ledger"} {
		require.Contains(w.t, settled, check+": pass: ")
	}
	require.Equal(w.t, settled, w.run("recover", "--settle", "--accept"), "killed and run again it says the same")
	require.Equal(w.t, 1, w.count(`SELECT epoch FROM installation`))
	require.Equal(w.t, 1, w.count(`SELECT count(*) FROM recoveries`))
}

// withName is the first URL with the database of the second.
func withName(t testing.TB, address, other string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	named, err := url.Parse(other)
	require.NoError(t, err)
	u.Path = named.Path
	return u.String()
}

// flip changes a byte in the middle of a file until it is called back.
func flip(t *testing.T, file string) (mend func()) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	flipped := bytes.Clone(text)
	flipped[len(flipped)/2] ^= 1
	require.NoError(t, os.WriteFile(file, flipped, 0o600))
	return func() { require.NoError(t, os.WriteFile(file, text, 0o600)) }
}
