package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// superuser owns the cluster and runs the migrations.
const superuser = "mainstay"

// PostgresOptions says which cluster to run.
type PostgresOptions struct {
	// BinDir holds initdb and postgres, see [FindPostgres].
	BinDir string
	// DataDir is the cluster's folder, created by the first start. Under root it belongs to an unprivileged user, who
	// must be able to reach it.
	DataDir string
	// Port on 127.0.0.1, the only address the server listens on.
	Port int
	// Password of the superuser, set when the cluster is created.
	Password string
	// Relaxed trades durability for speed: for clusters of tests, which nobody misses after a crash.
	Relaxed bool
	// Archiving sets the server up to archive its WAL, a segment a minute at least, once there is an archive_command: see [StartArchive].
	Archiving bool
	// Output receives the server's log.
	Output io.Writer

	// recovering keeps WAL for a later archiving: nothing of a cluster that is not yet proven gets into the repository.
	recovering bool
}

// Postgres is a PostgreSQL server running as a child.
type Postgres struct {
	process *process
	options PostgresOptions
}

// StartPostgres creates the cluster where there is none, starts the server and returns when it answers. A second server
// on the same data, a data folder of another major version and a server that ends early are errors that say so.
func StartPostgres(ctx context.Context, o PostgresOptions) (*Postgres, error) {
	dataDir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return nil, err
	}
	o.DataDir = dataDir
	as := unprivileged()
	if !reachable(o.DataDir, as) {
		return nil, fmt.Errorf("the folder %s is closed to user id %d, whom PostgreSQL runs as: set MAINSTAY_DATA_DIR to a folder outside it",
			filepath.Dir(o.DataDir), as.Uid)
	}
	if err := createCluster(ctx, o, as); err != nil {
		return nil, err
	}
	p, tail, err := launch(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := p.awaitReady(ctx); err != nil {
		p.process.kill()
		return nil, fmt.Errorf("%w\n%s", err, tail)
	}
	return p, nil
}

// launch starts the server on a cluster that is there and does not wait until it answers. tail has the end of its log.
func launch(ctx context.Context, o PostgresOptions) (*Postgres, *tailWriter, error) {
	if err := awaitPredecessor(ctx, o.DataDir); err != nil {
		return nil, nil, err
	}
	tail := &tailWriter{}
	process, err := command{
		name:       "postgres",
		path:       filepath.Join(o.BinDir, "postgres"),
		args:       o.serverArguments(),
		dir:        o.DataDir,
		output:     io.MultiWriter(o.Output, tail),
		credential: unprivileged(),
		stopSignal: syscall.SIGINT, // fast shutdown: SIGTERM would wait for every client
	}.start()
	if err != nil {
		return nil, nil, err
	}
	return &Postgres{process: process, options: o}, tail, nil
}

// URL returns the superuser's connection URL of a database.
func (p *Postgres) URL(database string) string {
	return postgresURL(superuser, p.options.Password, p.options.Port, database)
}

// Stop shuts the server down, breaking off its clients, and returns when it is gone.
func (p *Postgres) Stop() error { return p.process.stop() }

func postgresURL(login, password string, port int, database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(login, password),
		Host:     "127.0.0.1:" + strconv.Itoa(port),
		Path:     database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// createCluster runs initdb beside the final folder and renames, so that a broken-off initdb leaves no half cluster.
func createCluster(ctx context.Context, o PostgresOptions, as *syscall.Credential) error {
	made, err := clusterMajor(o.DataDir)
	if err != nil {
		return err
	}
	if made != 0 {
		return checkMajor(ctx, o, made)
	}
	initDir := o.DataDir + ".init"
	if err := os.RemoveAll(initDir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(initDir), 0o755); err != nil { //nolint:gosec // the unprivileged server walks through it
		return err
	}
	if err := os.Mkdir(initDir, 0o700); err != nil {
		return err
	}
	passwordFile, err := writePasswordFile(o.Password, as)
	if err != nil {
		return err
	}
	defer os.Remove(passwordFile)
	if as != nil {
		if err := os.Chown(initDir, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, filepath.Join(o.BinDir, "initdb"), o.initArguments(initDir, passwordFile)...) //nolint:gosec // found by FindPostgres
	cmd.Dir = initDir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: as}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, bytes.TrimSpace(out))
	}
	return os.Rename(initDir, o.DataDir)
}

func (o PostgresOptions) initArguments(dir, passwordFile string) []string {
	args := []string{
		"-D", dir, "-U", superuser, "-E", "UTF8", "--data-checksums",
		"--auth=scram-sha-256", "--pwfile=" + passwordFile,
		"--locale=C", "--lc-ctype=" + characterType(), "--no-instructions",
	}
	if o.Relaxed {
		args = append(args, "--no-sync")
	}
	return args
}

// characterType is the locale that makes lower() and ILIKE know letters beyond ASCII, while the order stays by bytes.
func characterType() string {
	if runtime.GOOS == "darwin" {
		return "en_US.UTF-8"
	}
	return "C.UTF-8"
}

func (o PostgresOptions) serverArguments() []string {
	// A new database has no statistics, and the plans made until it has, those of foreign keys among them, stay: a minute is long then.
	settings := []string{
		"autovacuum_naptime=10s", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=64MB",
		"jit=off", "timezone=UTC", "log_timezone=UTC", "log_checkpoints=off", "log_min_messages=warning",
	}
	if o.Relaxed {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	if o.recovering {
		settings = append(settings, "archive_mode=on", "archive_command=/bin/false")
	}
	if o.Archiving {
		settings = append(settings, "archive_mode=on", "archive_timeout=60s")
	}
	args := []string{"-D", o.DataDir, "-p", strconv.Itoa(o.Port)}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return args
}

func writePasswordFile(password string, owner *syscall.Credential) (string, error) {
	f, err := os.CreateTemp("", "mainstay-initdb-")
	if err != nil {
		return "", err
	}
	_, err = io.WriteString(f, password+"\n")
	if owner != nil && err == nil {
		err = f.Chown(int(owner.Uid), int(owner.Gid))
	}
	return f.Name(), errors.Join(err, f.Close())
}

// clusterMajor returns the major version a data folder was made by, 0 where there is no cluster.
func clusterMajor(dataDir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dataDir, "PG_VERSION")) //nolint:gosec // below the stack's own folder
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s is no PostgreSQL data folder: %w", dataDir, err)
	}
	return major, nil
}

func checkMajor(ctx context.Context, o PostgresOptions, made int) error {
	found, err := binaryMajor(ctx, o.BinDir)
	if err != nil {
		return err
	}
	if found != made {
		return fmt.Errorf("%s was made by PostgreSQL %d but %s holds %d: set MAINSTAY_PG_BINDIR to the binaries of %d, or dump and restore",
			o.DataDir, made, o.BinDir, found, made)
	}
	return nil
}

// awaitPredecessor waits until a server whose supervisor was killed has finished its shutdown.
func awaitPredecessor(ctx context.Context, dataDir string) error {
	ctx, cancel := context.WithTimeout(ctx, stopWithin)
	defer cancel()
	for {
		pid := livingPID(filepath.Join(dataDir, "postmaster.pid"))
		if pid == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("a PostgreSQL server (process %d) already runs on %s: stop it with `kill -INT %d`", pid, dataDir, pid)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// awaitReady waits until the server answers and is the one just started, not another that holds the port.
func (p *Postgres) awaitReady(ctx context.Context) error {
	return p.process.awaitReady(ctx, func(ctx context.Context) error {
		_, err := p.inRecovery(ctx)
		return err
	})
}

// inRecovery asks the server, which must be the one just started, whether it still replays.
func (p *Postgres) inRecovery(ctx context.Context) (replaying bool, err error) {
	conn, err := pgx.Connect(ctx, p.URL("postgres"))
	if err != nil {
		return false, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var dataDir string
	if err := conn.QueryRow(ctx, "SELECT current_setting('data_directory'), pg_is_in_recovery()").Scan(&dataDir, &replaying); err != nil {
		return false, err
	}
	if dataDir != p.options.DataDir {
		return false, fmt.Errorf("port %d is held by the server on %s", p.options.Port, dataDir)
	}
	return replaying, nil
}
