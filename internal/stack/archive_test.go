package stack

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"mainstay/internal/pgbackrest"
)

// needPgBackRest skips where it is missing, except in CI, which installs it.
func needPgBackRest(t *testing.T) {
	t.Helper()
	if _, err := pgbackrest.Find(); err != nil {
		if os.Getenv("CI") != "" {
			require.NoError(t, err)
		}
		t.Skip("NOT TESTED: " + err.Error())
	}
}

func TestUpArchivesTheWALOfAClusterThatEarlierStartsDidNot(t *testing.T) {
	needPgBackRest(t)
	o := clusterOptions(t, clusterDir(t))
	dataDir := filepath.Dir(o.DataDir)
	password, err := secretOf(layout{dir: dataDir}.secret("postgres"))
	require.NoError(t, err)
	o.Password = password
	before := startCluster(t, o)
	require.Equal(t, "off", query(t, before.URL("postgres"), "SHOW archive_mode"))
	require.NoError(t, before.Stop())

	env := stackEnvironment(t, dataDir)
	env["MAINSTAY_POSTGRES_PORT"] = strconv.Itoa(o.Port)
	startStack(t, env)
	settings, err := Running(dataDir)
	require.NoError(t, err)
	owner := settings["MAINSTAY_MIGRATE_DATABASE_URL"]
	conn, err := pgx.Connect(t.Context(), owner)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	const secret = "a row that nobody else may read"
	_, err = conn.Exec(t.Context(), "CREATE TABLE t AS SELECT $1::text AS v", secret)
	require.NoError(t, err)

	program, err := pgbackrest.Find()
	require.NoError(t, err)
	client := &pgbackrest.Client{
		Program: program, Config: settings["MAINSTAY_PGBACKREST_CONFIG"], Stanza: "mainstay", DatabaseURL: settings["MAINSTAY_BACKUP_DATABASE_URL"],
	}
	made, err := client.Backup(t.Context(), pgbackrest.Full, "one", 1)
	require.NoError(t, err)
	info, err := client.Info(t.Context())
	require.NoError(t, err)
	require.Equal(t, query(t, owner, "SELECT system_identifier::text FROM pg_control_system()"), info.SystemID)
	require.DirExists(t, filepath.Join(dataDir, "repository", info.SystemID), "no other cluster's segments get in between")
	segments, err := client.Segments(t.Context(), info)
	require.NoError(t, err)
	missing, err := pgbackrest.Missing(segments, made.StartSegment, made.StopSegment, 16<<20)
	require.NoError(t, err)
	require.Empty(t, missing)
	requireNowhere(t, filepath.Join(dataDir, "repository"), secret)
	file, err := os.Stat(client.Config)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), file.Mode().Perm(), "the key stands in it")
}

// requireNowhere reads every file below a folder.
func requireNowhere(t *testing.T, dir, secret string) {
	t.Helper()
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path) //nolint:gosec // below the test's folder
		require.False(t, bytes.Contains(text, []byte(secret)), path)
		return err
	}))
	require.Greater(t, files, 10)
}

func TestUpRunsWithoutPgBackRestAndSaysWhatIsOff(t *testing.T) {
	env := stackEnvironment(t, filepath.Dir(clusterDir(t)))
	env["PATH"] = t.TempDir()
	env["MAINSTAY_PG_BINDIR"] = clusterOptions(t, clusterDir(t)).BinDir
	s := startStack(t, env)
	require.Eventually(t, func() bool { return strings.Contains(s.output.String(), pgbackrest.Install) }, time.Minute, 20*time.Millisecond)
	settings, err := Running(env["MAINSTAY_DATA_DIR"])
	require.NoError(t, err)
	require.NotContains(t, settings, "MAINSTAY_PGBACKREST_CONFIG")
	require.Equal(t, "off", query(t, settings["MAINSTAY_MIGRATE_DATABASE_URL"], "SHOW archive_mode"))
}
