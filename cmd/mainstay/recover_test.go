package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
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
	kills int
}

func newDisaster(t *testing.T) *disaster {
	t.Helper()
	stacktest.NeedPgBackRest(t)
	program, err := os.Executable()
	require.NoError(t, err)
	apart, err := stack.NewApart(program, stacktest.Dir(t), asProgram+"=1")
	require.NoError(t, err)
	log, err := os.CreateTemp(t.TempDir(), "stack") // a file: a pipe would take the test's time to empty
	require.NoError(t, err)
	d := &disaster{drillShow: newDrillShow(apart, 2, log), t: t, mail: uuid.New()}
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

// recoverKilled runs the recovery again and again and kills it once at every step that it begins or has done, until it is through.
func (d *disaster) recoverKilled() {
	d.t.Helper()
	type point struct {
		step recovery.Step
		done bool
	}
	killed := map[point]bool{{}: true}
	for {
		cmd := d.stack.Command(d.t.Context(), "recover")
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

// TestDrillShowThoughTheRecoveryIsKilledAtEveryStep plays `mainstay demo drill`: each line of its table has to be right, however often the
// recovery is killed and run again.
func TestDrillShowThoughTheRecoveryIsKilledAtEveryStep(t *testing.T) {
	d := newDisaster(t)
	ctx := t.Context()
	require.NoError(t, d.up(ctx))
	require.NoError(t, d.furnish(ctx))
	d.pressed.start(ctx, d.clients, d.order)
	require.NoError(t, d.drillAct(ctx))
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
		d.recoverKilled()
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
	require.Len(t, evidence.Held, 1)
	require.Equal(t, d.mail, evidence.Held[0].ID)
	require.Equal(t, "Waits for a mail server", evidence.Held[0].Subject)
	out, err := d.stack.Command(ctx, "doctor").CombinedOutput()
	require.NoError(t, err, string(out))
	require.Contains(t, string(out), "1 mails and orders were held back")
}
