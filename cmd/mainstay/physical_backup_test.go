package main

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/internal/stack/stacktest"
)

// archivingWorld is a world on a cluster of its own whose WAL is archived.
func archivingWorld(t *testing.T) (*world, *stacktest.ArchivingCluster) {
	t.Helper()
	stacktest.NeedPgBackRest(t)
	cluster := stacktest.NewArchivingCluster(t)
	t.Setenv("MAINSTAY_TEST_DATABASE_URL", cluster.Postgres.URL("postgres"))
	w := newWorld(t).operated()
	w.env = append(w.env, "MAINSTAY_PGBACKREST_CONFIG="+cluster.Client.Config, "MAINSTAY_PGBACKREST_STANZA="+cluster.Client.Stanza,
		"MAINSTAY_BACKUP_DATABASE_URL="+withName(t, cluster.Postgres.URL("postgres"), w.db.URL))
	return w.up(), cluster
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

func TestPhysicalBackups(t *testing.T) {
	w, _ := archivingWorld(t)
	full := w.backedUp("full")
	incremental := w.backedUp("incremental")
	require.Equal(t, []string{full.Evidence.Physical.Label}, incremental.Evidence.Physical.References)
	require.Less(t, incremental.SizeBytes, full.SizeBytes)
	require.Contains(t, w.run("backup", "--kind", "differential"), "completed: ")
	require.Contains(t, w.run("doctor"), "works; 3 physical backups")
}

// withName is the first URL with the database of the second.
func withName(t *testing.T, address, other string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	named, err := url.Parse(other)
	require.NoError(t, err)
	u.Path = named.Path
	return u.String()
}
