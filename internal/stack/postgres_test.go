package stack

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// clusterDir returns a folder that the unprivileged server of a root test run can reach, unlike t.TempDir.
func clusterDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "mainstay-cluster-") //nolint:usetesting // t.TempDir is closed to another user
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o711))
	return filepath.Join(dir, "postgres")
}

func clusterOptions(t *testing.T, dataDir string) PostgresOptions {
	t.Helper()
	binDir, err := FindPostgres(t.Context(), dataDir, func(line string) { t.Log(line) })
	require.NoError(t, err)
	ports, err := FreePorts(1)
	require.NoError(t, err)
	return PostgresOptions{BinDir: binDir, DataDir: dataDir, Port: ports[0], Password: "s3cret", Output: io.Discard}
}

func startCluster(t *testing.T, o PostgresOptions) *Postgres {
	t.Helper()
	pg, err := StartPostgres(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pg.Stop()) })
	return pg
}

func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	var answer string
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&answer))
	return answer
}

func TestPostgresKeepsDataAcrossStarts(t *testing.T) {
	o := clusterOptions(t, clusterDir(t))
	first := startCluster(t, o)
	conn, err := pgx.Connect(t.Context(), first.URL("postgres"))
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "CREATE TABLE t AS SELECT 'kept' AS v")
	require.NoError(t, err)
	require.NoError(t, first.Stop())

	second := startCluster(t, o)
	require.Equal(t, "kept", query(t, second.URL("postgres"), "SELECT v FROM t"))
}

func TestPostgresIsDurableUnlessRelaxed(t *testing.T) {
	const settings = "SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'), current_setting('data_checksums'))"
	o := clusterOptions(t, clusterDir(t))
	pg := startCluster(t, o)
	require.Equal(t, "on on on on", query(t, pg.URL("postgres"), settings))
	require.NoError(t, pg.Stop())

	o.Relaxed = true
	pg = startCluster(t, o)
	require.Equal(t, "off off off on", query(t, pg.URL("postgres"), settings))
}

func TestPostgresRefusesAWrongPassword(t *testing.T) {
	o := clusterOptions(t, clusterDir(t))
	startCluster(t, o)
	_, err := pgx.Connect(t.Context(), postgresURL(superuser, "guess", o.Port, "postgres"))
	require.ErrorContains(t, err, "28P01")
}

func TestPostgresKnowsLettersBeyondASCII(t *testing.T) {
	pg := startCluster(t, clusterOptions(t, clusterDir(t)))
	require.Equal(t, "förderanlage äß", query(t, pg.URL("postgres"), "SELECT lower('FÖRDERANLAGE Äß')"))
}

func TestPostgresRefusesAnotherMajorVersion(t *testing.T) {
	o := clusterOptions(t, clusterDir(t))
	require.NoError(t, os.MkdirAll(o.DataDir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(o.DataDir, "PG_VERSION"), []byte("9\n"), 0o600))
	_, err := StartPostgres(t.Context(), o)
	require.ErrorContains(t, err, "was made by PostgreSQL 9")
	require.ErrorContains(t, err, "MAINSTAY_PG_BINDIR")
}

func TestPostgresNamesTheServerThatHoldsTheData(t *testing.T) {
	o := clusterOptions(t, clusterDir(t))
	startCluster(t, o)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := StartPostgres(ctx, o)
	require.ErrorContains(t, err, "already runs on "+o.DataDir)
}

func TestPostgresQuotesWhyTheServerEnded(t *testing.T) {
	o := clusterOptions(t, clusterDir(t))
	first := startCluster(t, o)
	other := o
	other.DataDir = filepath.Join(filepath.Dir(o.DataDir), "second")
	_, err := StartPostgres(t.Context(), other)
	require.ErrorContains(t, err, "postgres ended before it was ready")
	require.ErrorContains(t, err, "Address already in use")
	require.Equal(t, "on", query(t, first.URL("postgres"), "SHOW fsync"))
}

func TestFindPostgresKeepsToTheVersionOfTheData(t *testing.T) {
	t.Setenv("MAINSTAY_PG_BINDIR", "")
	dataDir := clusterDir(t)
	require.NoError(t, os.MkdirAll(dataDir, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dataDir, "PG_VERSION"), []byte("12\n"), 0o600))
	_, err := FindPostgres(t.Context(), dataDir, func(string) {})
	require.ErrorContains(t, err, "PostgreSQL 12")
}

func TestFindPostgresNeverOverrulesAnExplicitFolder(t *testing.T) {
	t.Setenv("MAINSTAY_PG_BINDIR", t.TempDir())
	_, err := FindPostgres(t.Context(), clusterDir(t), func(string) {})
	require.Error(t, err)
	require.True(t, strings.HasPrefix(err.Error(), "MAINSTAY_PG_BINDIR: "), err)
}
