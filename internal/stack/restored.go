package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"mainstay/internal/pgbackrest"
)

// RestoredOptions say which restored cluster to start, beside the one that it is a copy of.
type RestoredOptions struct {
	// BinDir holds postgres of the major version of the data, see [FindPostgres].
	BinDir string
	// DataDir is the restored cluster. What stands in it, and nothing of the server it came from, decides how far it is replayed.
	DataDir string
	// Login is any login of the cluster and Database any database that it may connect to.
	Login, Database string
	// Output receives the server's log.
	Output io.Writer
}

// Restored is a server on a restored cluster. It listens on a socket in a folder of its own alone, archives nothing, and asks for no
// password, since nobody else gets to the socket.
type Restored struct {
	process   *process
	dir       string // of socket and configuration
	superuser string
}

// ErrNotReplayed says that the server ended before it had replayed to its target. What it said follows.
var ErrNotReplayed = errors.New("the server ended before it had replayed to the target")

// StartRestored starts the server and returns when it has replayed to its target and accepts writes, however long that takes. The server's
// exit code says nothing: it is asked whether it is still in recovery.
func StartRestored(ctx context.Context, o RestoredOptions) (*Restored, error) {
	as, err := pgbackrest.OwnerOf(o.DataDir)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mainstay-")
	if err != nil {
		return nil, err
	}
	r := &Restored{dir: dir}
	if err := r.start(ctx, o, as); err != nil {
		return nil, errors.Join(err, r.Stop())
	}
	return r, nil
}

func (r *Restored) start(ctx context.Context, o RestoredOptions, as *syscall.Credential) (err error) {
	if as != nil {
		if err := os.Chown(r.dir, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	if err := r.configure(ctx, o, as); err != nil {
		return err
	}
	tail := &tailWriter{}
	r.process, err = command{
		name: "postgres", path: filepath.Join(o.BinDir, "postgres"), dir: o.DataDir, credential: as, stopSignal: syscall.SIGINT,
		args:   []string{"-D", o.DataDir, "-c", "config_file=" + filepath.Join(r.dir, "postgresql.conf"), "-c", "archive_mode=off"},
		output: io.MultiWriter(o.Output, tail),
	}.start()
	if err != nil {
		return err
	}
	for {
		err := r.look(ctx, o)
		if err == nil {
			return nil
		}
		select {
		case <-r.process.done:
			return fmt.Errorf("%w: %s", ErrNotReplayed, fatalOf(tail.String()))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

var errStillReplaying = errors.New("in recovery")

// look succeeds once the server is out of recovery, and learns who its superuser is.
func (r *Restored) look(ctx context.Context, o RestoredOptions) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, r.url(o.Login, o.Database))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var replaying bool
	if err := conn.QueryRow(ctx, `SELECT pg_is_in_recovery(), rolname FROM pg_roles WHERE oid = 10`).Scan(&replaying, &r.superuser); err != nil {
		return err
	}
	if replaying {
		return errStillReplaying
	}
	return nil
}

// URL reaches a database as the superuser.
func (r *Restored) URL(database string) string { return r.url(r.superuser, database) }

func (r *Restored) url(login, database string) string {
	query := url.Values{"host": {r.dir}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()
	// A + is no space in PostgreSQL's addresses; one of the folder is %2B by now.
	u := url.URL{Scheme: "postgres", User: url.User(login), Path: "/" + database, RawQuery: strings.ReplaceAll(query, "+", "%20")}
	return u.String()
}

// Stop ends the server; the data stays.
func (r *Restored) Stop() error {
	var err error
	if r.process != nil {
		err = r.process.stop()
	}
	return errors.Join(err, os.RemoveAll(r.dir))
}

// setting quotes a value for postgresql.conf.
func setting(value string) string {
	return "'" + pgbackrest.EscapeSetting(value) + "'"
}

// configure writes a configuration that owes nothing to the server of the original: not its addresses, not its extensions, not who may
// come in. The limits that replaying needs are those of the original.
func (r *Restored) configure(ctx context.Context, o RestoredOptions, as *syscall.Credential) error {
	limits, err := limitsOf(ctx, o, as)
	if err != nil {
		return err
	}
	hba := filepath.Join(r.dir, "pg_hba.conf")
	lines := append([]string{
		"listen_addresses = ''", "port = 5432", "unix_socket_directories = " + setting(`"`+r.dir+`"`), "unix_socket_permissions = 0700",
		"hba_file = " + setting(hba), "ident_file = " + setting(filepath.Join(r.dir, "pg_ident.conf")),
		"hot_standby = off", "shared_buffers = 128MB", "jit = off", "timezone = 'UTC'", "log_timezone = 'UTC'",
	}, limits...)
	for name, text := range map[string]string{
		"postgresql.conf": strings.Join(lines, "\n") + "\n", "pg_hba.conf": "local all all trust\n", "pg_ident.conf": "",
	} {
		file := filepath.Join(r.dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return err
		}
		if as != nil {
			if err := os.Chown(file, int(as.Uid), int(as.Gid)); err != nil {
				return err
			}
		}
	}
	return nil
}

var limitPattern = regexp.MustCompile(`(?m)^(max_\w+) setting: +(\d+)$`)

// limitsOf reads the settings of the original that a replay needs from the control file.
func limitsOf(ctx context.Context, o RestoredOptions, as *syscall.Credential) ([]string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(o.BinDir, "pg_controldata"), o.DataDir) //nolint:gosec // found by FindPostgres
	cmd.Env = []string{"LC_ALL=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("pg_controldata: %w", err)
	}
	names := map[string]string{"max_prepared_xacts": "max_prepared_transactions", "max_locks_per_xact": "max_locks_per_transaction"}
	var limits []string
	for _, m := range limitPattern.FindAllStringSubmatch(string(out), -1) {
		name := m[1]
		if known := names[name]; known != "" {
			name = known
		}
		limits = append(limits, name+" = "+m[2])
	}
	return limits, nil
}

// fatalOf picks what ended the server out of its log.
func fatalOf(log string) string {
	var found []string
	for line := range strings.Lines(log) {
		if _, text, ok := strings.Cut(line, "ERROR: ["); ok { // pgBackRest's, which the server started
			found = append(found, "pgBackRest: ["+strings.TrimSpace(text))
		}
		if _, text, ok := strings.Cut(line, "FATAL:  "); ok && !strings.Contains(line, "the database system is") {
			found = append(found, strings.TrimSpace(text))
		}
	}
	if len(found) == 0 {
		return strings.TrimSpace(log)
	}
	return strings.Join(found, "; ")
}
