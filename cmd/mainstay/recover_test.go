package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/recovery"
	"mainstay/internal/stack"
	"mainstay/internal/stack/stacktest"
	"mainstay/models"
)

// disaster is a whole stack of its own, which loses its database.
type disaster struct {
	t     *testing.T
	dir   string
	env   []string
	up    *exec.Cmd
	acked []int64 // heartbeats whose commit was answered
	at    time.Time
}

func newDisaster(t *testing.T) *disaster {
	t.Helper()
	stacktest.NeedPgBackRest(t)
	dir := stacktest.Dir(t)
	names := []string{
		"MAINSTAY_HTTP_ADDR", "MAINSTAY_OPS_ADDR", "MAINSTAY_TEMPORAL_ADDR", "MAINSTAY_TEMPORAL_UI_ADDR", "MAINSTAY_S3_ADDR", "MAINSTAY_SMTP_ADDR",
		"MAINSTAY_MAIL_UI_ADDR", "MAINSTAY_POSTGRES_PORT",
	}
	addresses, err := freePorts(len(names))
	require.NoError(t, err)
	env := append(os.Environ(), asProgram+"=1", "MAINSTAY_DATA_DIR="+dir, "MAINSTAY_DEMO=false")
	for i, name := range names {
		if name == "MAINSTAY_POSTGRES_PORT" {
			_, addresses[i], _ = strings.Cut(addresses[i], ":")
		}
		env = append(env, name+"="+addresses[i])
	}
	return &disaster{t: t, dir: dir, env: env}
}

func (d *disaster) command(args ...string) *exec.Cmd {
	program, err := os.Executable()
	require.NoError(d.t, err)
	cmd := exec.CommandContext(context.WithoutCancel(d.t.Context()), program, args...)
	cmd.Env = d.env
	return cmd
}

// start starts the stack and returns its settings when its worker runs.
func (d *disaster) start() map[string]string {
	d.t.Helper()
	d.up = launch(d.t, "stack", d.command("stack", "up"))
	up := d.up
	d.t.Cleanup(func() { // in order, so that nothing writes below the folder when it is removed
		_ = up.Process.Signal(syscall.SIGTERM)
		_, _ = up.Process.Wait()
	})
	require.Eventually(d.t, func() bool {
		_, err := os.Stat(filepath.Join(d.dir, "run", "worker.pid"))
		return err == nil
	}, 5*time.Minute, 50*time.Millisecond, "the stack does not start")
	settings, err := stack.Running(d.dir)
	require.NoError(d.t, err)
	return settings
}

func (d *disaster) connect(address string) *pgx.Conn {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), address)
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(d.t.Context())) })
	return conn
}

// beat writes heartbeats under which the stack works.
func (d *disaster) beat(conn *pgx.Conn, n int) {
	d.t.Helper()
	for range n {
		var id int64
		require.NoError(d.t, conn.QueryRow(d.t.Context(), `INSERT INTO heartbeats DEFAULT VALUES RETURNING id, at`).Scan(&id, &d.at))
		d.acked = append(d.acked, id)
	}
}

// strike kills PostgreSQL, Temporal and the supervisor at once and removes the database's folder.
func (d *disaster) strike() {
	d.t.Helper()
	cluster := filepath.Join(d.dir, "postgres")
	text, err := os.ReadFile(filepath.Join(cluster, "postmaster.pid"))
	require.NoError(d.t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	temporal, err := os.ReadFile(filepath.Join(d.dir, "run", "temporal.pid"))
	require.NoError(d.t, err)
	for _, pid := range []string{first, strings.TrimSpace(string(temporal))} {
		n, err := strconv.Atoi(pid)
		require.NoError(d.t, err)
		require.NoError(d.t, syscall.Kill(n, syscall.SIGKILL))
	}
	require.NoError(d.t, d.up.Process.Kill())
	_, _ = d.up.Process.Wait()
	require.Eventually(d.t, func() bool { return os.RemoveAll(cluster) == nil }, time.Minute, 10*time.Millisecond)
}

// newest is the newest line of the journal that is whole, without its time.
func (d *disaster) newest() recovery.Entry {
	text, err := os.ReadFile(stack.JournalOf(d.dir))
	if err != nil {
		return recovery.Entry{}
	}
	lines := bytes.Split(text[:bytes.LastIndexByte(text, '\n')+1], []byte("\n"))
	if len(lines) < 2 {
		return recovery.Entry{}
	}
	var e recovery.Entry
	require.NoError(d.t, json.Unmarshal(lines[len(lines)-2], &e))
	return recovery.Entry{Step: e.Step, Done: e.Done}
}

// recoverKilled runs the recovery again and again and kills it once at every step that it begins or has done, until it is through.
func (d *disaster) recoverKilled() (kills int) {
	d.t.Helper()
	type point struct {
		step recovery.Step
		done bool
	}
	killed := map[point]bool{{}: true}
	for {
		cmd := d.command("recover")
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		require.NoError(d.t, cmd.Start())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		for running := true; running; {
			select {
			case err := <-ended:
				require.NoError(d.t, err, said.String())
				require.Contains(d.t, said.String(), "Recovered to ")
				return kills
			case <-time.After(time.Millisecond):
			}
			if e := d.newest(); !killed[point{e.Step, e.Done}] {
				killed[point{e.Step, e.Done}] = true
				_ = cmd.Process.Kill() // it may just have come to its end
				if err := <-ended; err == nil {
					require.Contains(d.t, said.String(), "Recovered to ")
					return kills
				}
				kills++
				running = false
			}
		}
	}
}

func TestRecoverBringsEverythingArchivedBackThoughItIsKilledAtEveryStep(t *testing.T) {
	d := newDisaster(t)
	settings := d.start()
	owner := settings["MAINSTAY_MIGRATE_DATABASE_URL"]
	conn := d.connect(owner)
	_, err := conn.Exec(t.Context(), `CREATE TABLE heartbeats (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())`)
	require.NoError(t, err)
	program, err := pgbackrest.Find()
	require.NoError(t, err)
	client := &pgbackrest.Client{
		Program: program, Config: settings["MAINSTAY_PGBACKREST_CONFIG"], Stanza: "mainstay", DatabaseURL: settings["MAINSTAY_BACKUP_DATABASE_URL"],
	}
	_, err = client.Backup(t.Context(), pgbackrest.Full, "before", 2)
	require.NoError(t, err)
	mail := uuid.New()
	_, err = conn.Exec(t.Context(), `INSERT INTO notifications (tenant_id, id, user_id, kind, subject_type, subject_id, title, created_at, next_action_at)
		SELECT tenant_id, $1, id, 'work_order.due', 'work_order', $1, 'Waits for a mail server', now(), now() + interval '1 hour' FROM users LIMIT 1`, mail)
	require.NoError(t, err)
	d.beat(conn, 50)
	archived, archivedAt := d.acked[len(d.acked)-1], d.at
	var segment string
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT pg_walfile_name(pg_switch_wal())`).Scan(&segment))
	require.Eventually(t, func() bool {
		found, err := filepath.Glob(filepath.Join(d.dir, "repository", "*", "archive", "*", "*", "*", segment+"-*"))
		return err == nil && len(found) == 1
	}, time.Minute, 20*time.Millisecond)
	d.beat(conn, 5)

	struck := time.Now()
	d.strike()
	refused, err := d.command("stack", "up").CombinedOutput()
	require.Error(t, err, "a stack must not begin with an empty database where one was lost")
	require.Contains(t, string(refused), "mainstay recover")
	kills := d.recoverKilled()
	require.GreaterOrEqual(t, kills, 6)

	settings = d.start()
	require.Eventually(t, func() bool {
		journal, err := recovery.Read(stack.JournalOf(d.dir))
		return err == nil && journal.Open() == ""
	}, time.Minute, 50*time.Millisecond, "the open processes do not start again")
	conn = d.connect(owner)
	var last, count int64
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT max(id), count(*) FROM heartbeats`).Scan(&last, &count))
	require.GreaterOrEqual(t, last, archived, "an acknowledged row of the archive is lost")
	require.Equal(t, last, count, "a row in between is lost")
	var evidence models.RecoveryEvidence
	var text json.RawMessage
	var epoch int
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT evidence, epoch FROM recoveries, installation`).Scan(&text, &epoch))
	require.NoError(t, json.Unmarshal(text, &evidence))
	require.Equal(t, 1, epoch)
	require.Equal(t, "mainstay-1", settings["MAINSTAY_TEMPORAL_NAMESPACE"])
	require.False(t, evidence.RecoveredTo.Before(archivedAt.Truncate(time.Microsecond)))
	require.NotNil(t, evidence.RPOSeconds)
	require.Less(t, struck.Sub(archivedAt), time.Minute)
	require.Len(t, evidence.Held, 1)
	require.Equal(t, mail, evidence.Held[0].ID)
	require.Equal(t, "Waits for a mail server", evidence.Held[0].Subject)
	t.Logf("RPO %.1f s, RTO %.1f s with %d kills", struck.Sub(archivedAt).Seconds(), evidence.RTOSeconds, kills)
	out, err := d.command("doctor").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "1 mails and orders were held back")
}
