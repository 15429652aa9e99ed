// Package stacktest gives tests a PostgreSQL cluster of their own that archives its WAL.
package stacktest

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/stack"
)

// ArchivingCluster is a running cluster with its repository.
type ArchivingCluster struct {
	Dir      string // holds all of it; open to the user whom PostgreSQL runs as
	Options  stack.PostgresOptions
	Postgres *stack.Postgres
	Client   *pgbackrest.Client
	archive  stack.ArchiveOptions
}

// NeedPgBackRest skips the test where pgBackRest is missing, except in CI, which installs it.
func NeedPgBackRest(t testing.TB) {
	t.Helper()
	if _, err := pgbackrest.Find(); err != nil {
		if os.Getenv("CI") != "" {
			require.NoError(t, err)
		}
		t.Skip("NOT TESTED: " + err.Error())
	}
}

// NewArchivingCluster starts one, in memory where this host has such a file system: pgBackRest brings every file to the disk.
func NewArchivingCluster(t testing.TB) *ArchivingCluster {
	t.Helper()
	return newArchivingCluster(t, Dir(t), true, nil)
}

// NewArchivingClusterAt is NewArchivingCluster whose repository is in a bucket.
func NewArchivingClusterAt(t testing.TB, bucket *pgbackrest.S3) *ArchivingCluster {
	t.Helper()
	return newArchivingCluster(t, Dir(t), true, bucket)
}

// NewDurableArchivingCluster starts one on the disk that keeps every promise, for figures that mean something.
func NewDurableArchivingCluster(t testing.TB) *ArchivingCluster {
	t.Helper()
	return newArchivingCluster(t, dirIn(t, ""), false, nil)
}

func newArchivingCluster(t testing.TB, dir string, relaxed bool, bucket *pgbackrest.S3) *ArchivingCluster {
	t.Helper()
	NeedPgBackRest(t)
	c := &ArchivingCluster{Dir: dir}
	binDir, err := stack.FindPostgres(t.Context(), "", func(line string) { t.Log(line) })
	require.NoError(t, err)
	ports, err := stack.FreePorts(1)
	require.NoError(t, err)
	c.Options = stack.PostgresOptions{
		BinDir: binDir, DataDir: filepath.Join(c.Dir, "postgres"), Port: ports[0], Password: "secret", Relaxed: relaxed, Archiving: true, Output: io.Discard,
	}
	c.Postgres, err = stack.StartPostgres(t.Context(), c.Options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Postgres.Stop()) })
	login, path := "mainstay", c.Repository()
	if bucket != nil {
		path = "/repository"
	}
	c.archive = stack.ArchiveOptions{
		Config: filepath.Join(c.Dir, "pgbackrest", "pgbackrest.conf"), Stanza: "main", Path: path, S3: bucket, Key: "the key of the repository",
		Login: login, Password: c.Options.Password, Database: "postgres",
	}
	c.Client, err = stack.StartArchive(t.Context(), c.Options, c.archive)
	require.NoError(t, err)
	return c
}

// Zombie starts a copy of the cluster beside it, as when an old image of a machine is started again: each believes that it is the one, and both
// archive into the one repository. The cluster itself is restarted for it.
func (c *ArchivingCluster) Zombie(t testing.TB) *ArchivingCluster {
	t.Helper()
	require.NoError(t, c.Postgres.Stop())
	z := &ArchivingCluster{Dir: c.Dir, Options: c.Options, archive: c.archive}
	z.Options.DataDir = filepath.Join(c.Dir, "zombie")
	said, err := exec.CommandContext(t.Context(), "cp", "-a", c.Options.DataDir, z.Options.DataDir).CombinedOutput() //nolint:gosec // folders of the test
	require.NoError(t, err, string(said))
	c.Postgres, err = stack.StartPostgres(t.Context(), c.Options)
	require.NoError(t, err)
	ports, err := stack.FreePorts(1)
	require.NoError(t, err)
	z.Options.Port = ports[0]
	z.archive.Config = filepath.Join(c.Dir, "zombie-pgbackrest", "pgbackrest.conf")
	z.Postgres, err = stack.StartPostgres(t.Context(), z.Options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = z.Postgres.Stop() }) // the test may have stopped it
	z.Client, err = stack.StartArchive(t.Context(), z.Options, z.archive)
	require.NoError(t, err)
	return z
}

// Dir is a folder that the unprivileged server of a root test run can reach, unlike t.TempDir.
func Dir(t testing.TB) string {
	t.Helper()
	const memory = "/dev/shm"
	where := ""
	if info, err := os.Stat(memory); err == nil && info.IsDir() {
		where = memory
	}
	return dirIn(t, where)
}

func dirIn(t testing.TB, where string) string {
	t.Helper()
	dir, err := os.MkdirTemp(where, "mainstay-cluster-") //nolint:usetesting // t.TempDir is closed to another user
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o711)) //nolint:gosec // the unprivileged server walks through it
	return dir
}

// Scratch is a folder for what workers restore, whose name each command has to quote.
func (c *ArchivingCluster) Scratch(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(c.Dir, "the worker's room")
	require.NoError(t, os.MkdirAll(dir, 0o711)) //nolint:gosec // the unprivileged server walks through it
	return dir
}

// Repository is the folder of the repository, unless that is in a bucket.
func (c *ArchivingCluster) Repository() string { return filepath.Join(c.Dir, "repository") }

// Segment is the file of a WAL segment in the repository, by the segment's name.
func (c *ArchivingCluster) Segment(t testing.TB, name string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(c.Repository(), "*", "archive", "*", "*", "*", name+"-*"))
	require.NoError(t, err)
	require.Len(t, files, 1, name)
	return files[0]
}

// Switch ends the current WAL segment and returns its name once it is in the repository.
func (c *ArchivingCluster) Switch(t testing.TB) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), c.Postgres.URL("postgres"))
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	var name string
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT pg_walfile_name(pg_switch_wal())`).Scan(&name))
	require.Eventually(t, func() bool {
		files, err := filepath.Glob(filepath.Join(c.Repository(), "*", "archive", "*", "*", "*", name+"-*"))
		require.NoError(t, err)
		return len(files) == 1
	}, time.Minute, 20*time.Millisecond, "%s is not archived", name)
	return name
}

// SameOwner gives a file to the owner of another, which matters under root alone.
func SameOwner(t testing.TB, file string, other os.FileInfo) {
	t.Helper()
	stat, ok := other.Sys().(*syscall.Stat_t)
	if ok && os.Geteuid() == 0 {
		require.NoError(t, os.Chown(file, int(stat.Uid), int(stat.Gid)))
	}
}
