package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"mainstay/internal/recovery"
	"mainstay/internal/stack"
	"mainstay/internal/stack/stacktest"
	"mainstay/models"
)

// disaster is the show on a stack of the test's own, which loses its database.
type disaster struct {
	*drillShow
	t     *testing.T
	mail  uuid.UUID // waits when the database is lost
	safe  string    // where the runbook puts the secrets aside
	bin   string    // where its commands find the program
	kills int
}

func newDisaster(t *testing.T) *disaster {
	t.Helper()
	stacktest.NeedPgBackRest(t)
	program, err := os.Executable()
	require.NoError(t, err)
	dir := stacktest.Dir(t)
	apart, err := stack.NewApart(program, filepath.Join(dir, "the plant's data"), asProgram+"=1", "TMPDIR="+dir, "MAINSTAY_REPOSITORY="+filepath.Join(dir, "repository"))
	require.NoError(t, err)
	log, err := os.CreateTemp(t.TempDir(), "stack") // a file: a pipe would take the test's time to empty
	require.NoError(t, err)
	d := &disaster{drillShow: newDrillShow(apart, 2, log), t: t, mail: uuid.New(), safe: filepath.Join(dir, "safe"), bin: t.TempDir()}
	require.NoError(t, os.Symlink(program, filepath.Join(d.bin, "mainstay")))
	t.Cleanup(func() { // in order, so that nothing writes below the folder when it is removed
		d.close()
		_ = apart.Stop()
		if t.Failed() {
			_, _ = log.Seek(0, io.SeekStart)
			text, _ := io.ReadAll(log)
			t.Logf("stack: %s", faultsOf(string(text)))
		}
	})
	return d
}

func (d *disaster) connect() *pgx.Conn {
	d.t.Helper()
	conn, err := pgx.Connect(d.t.Context(), d.config.MigrateDatabaseURL.Reveal())
	require.NoError(d.t, err)
	d.t.Cleanup(func() { _ = conn.Close(d.t.Context()) })
	return conn
}

var fencedCommands = regexp.MustCompile("(?ms)^ *```sh\n(.*?)^ *```$")

// runbook returns the commands of docs/runbook.md, a fenced block each.
func (d *disaster) runbook() []string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "runbook.md"))
	require.NoError(d.t, err)
	var blocks []string
	for _, found := range fencedCommands.FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, found[1])
	}
	return blocks
}

// shell runs commands of the runbook as a person would type them.
func (d *disaster) shell(commands string) *exec.Cmd {
	cmd := exec.CommandContext(d.t.Context(), "sh", "-eu", "-c", commands)
	cmd.Env = slices.Concat(d.stack.Command(d.t.Context()).Env, []string{
		"PATH=" + d.bin + ":" + os.Getenv("PATH"), "SAFE=" + d.safe, "MAINSTAY_URL=" + d.api.URL, "MAINSTAY_TOKEN=" + d.api.Token,
	})
	return cmd
}

func (d *disaster) follow(commands string) string {
	d.t.Helper()
	out, err := d.shell(commands).CombinedOutput()
	require.NoError(d.t, err, string(out))
	return string(out)
}

// newest is the newest line of the journal that is whole, without its time.
func (d *disaster) newest() recovery.Entry {
	text, err := os.ReadFile(stack.JournalOf(d.stack.Dir()))
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

// killed runs the command of the recovery again and again and kills it once at every step that it begins or has done, until it is through.
func (d *disaster) killed(command string) {
	d.t.Helper()
	type point struct {
		step recovery.Step
		done bool
	}
	killed := map[point]bool{{}: true}
	for {
		cmd := d.shell("exec " + command)
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
				return
			case <-time.After(time.Millisecond):
			}
			if e := d.newest(); !killed[point{e.Step, e.Done}] {
				killed[point{e.Step, e.Done}] = true
				_ = cmd.Process.Kill() // it may just have come to its end
				if err := <-ended; err == nil {
					require.Contains(d.t, said.String(), "Recovered to ")
					return
				}
				d.kills++
				running = false
			}
		}
	}
}

// TestRunbookAfterTheDisasterThoughItsRecoveryIsKilledAtEveryStep plays `mainstay demo drill`, except that the machine is empty afterwards: the
// commands of docs/runbook.md bring the system back, however often the recovery is killed and run again. Each line of the show's table has
// to be right.
func TestRunbookAfterTheDisasterThoughItsRecoveryIsKilledAtEveryStep(t *testing.T) {
	d := newDisaster(t)
	ctx := t.Context()
	commands := d.runbook()
	require.Len(t, commands, 4)
	before, lookAtBackups, recoverDatabase, afterwards := commands[0], commands[1], strings.TrimSpace(commands[2]), commands[3]
	require.Equal(t, "mainstay recover", recoverDatabase)
	require.NoError(t, d.up(ctx))
	require.NoError(t, d.furnish(ctx))
	d.pressed.start(ctx, d.clients, d.order)
	require.NoError(t, d.drillAct(ctx))
	d.follow(before)
	conn := d.connect()
	_, err := conn.Exec(ctx, `INSERT INTO notifications (tenant_id, id, user_id, kind, subject_type, subject_id, title, created_at, next_action_at)
		SELECT tenant_id, $1, id, 'work_order.due', 'work_order', $1, 'Waits for a mail server', now(), now() + interval '1 hour' FROM users LIMIT 1`, d.mail)
	require.NoError(t, err)
	var segment string
	require.NoError(t, conn.QueryRow(ctx, `SELECT pg_walfile_name(pg_switch_wal())`).Scan(&segment))
	require.Eventually(t, func() bool { _, err := d.stack.Segment(segment); return err == nil }, time.Minute, 20*time.Millisecond)
	require.NoError(t, d.disasterAct(ctx, func() error {
		refused, err := d.stack.Command(ctx, "stack", "up").CombinedOutput()
		require.Error(t, err, "a stack must not begin with an empty database where one was lost")
		require.Contains(t, string(refused), "mainstay recover")
		require.NoError(t, os.RemoveAll(d.stack.Dir()))
		require.Regexp(t, `(?m)^\d{8}-\d{6}F +full`, d.follow(lookAtBackups))
		d.killed(recoverDatabase)
		return nil
	}))
	require.GreaterOrEqual(t, d.kills, 6)
	require.Len(t, d.table, 16)
	for _, cell := range d.table {
		require.True(t, cell.OK, "%s: %s, wanted %s", cell.Name, cell.Is, cell.Want)
		t.Log(cell.Name, cell.Is)
	}

	var evidence models.RecoveryEvidence
	var text json.RawMessage
	var epoch int
	require.NoError(t, d.connect().QueryRow(ctx, `SELECT evidence, epoch FROM recoveries, installation`).Scan(&text, &epoch))
	require.NoError(t, json.Unmarshal(text, &evidence))
	require.Equal(t, 1, epoch)
	require.Equal(t, "mainstay-1", d.config.TemporalNamespace)
	require.NotNil(t, evidence.RPOSeconds)
	checked := []string{}
	for _, check := range evidence.Checks {
		require.Equal(t, models.DrillPass, check.Verdict, "%s: %s", check.Name, check.Detail)
		checked = append(checked, check.Name)
	}
	require.Equal(t, []string{"target", "amcheck", "migrations", "row_counts", "foreign_keys", "stock_ledger", "audit_log"}, checked)
	require.Len(t, evidence.Held, 1)
	require.Equal(t, d.mail, evidence.Held[0].ID)
	require.Equal(t, "Waits for a mail server", evidence.Held[0].Subject)
	histories, err := filepath.Glob(filepath.Join(filepath.Dir(d.safe), "repository", "*", "archive", "*", "*", "00000002.history"))
	require.NoError(t, err)
	require.Len(t, histories, 1, "a backup of before the disaster reaches past it with this alone")
	said := d.follow(afterwards)
	require.Contains(t, said, "1 mails and orders were held back")
	require.Contains(t, said, "verdict: pass", "a backup of the recovered cluster is good for the next disaster")
}
