package pgbackrest_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/stack/stacktest"
	"mainstay/models"
)

func TestBackupsAreMadeOnceAndBrokenOffOnesDoNotBlock(t *testing.T) {
	cluster := stacktest.NewArchivingCluster(t)
	client := cluster.Client

	// A worker dies: its command is killed with all of its processes while it copies.
	ctx, die := context.WithCancel(t.Context())
	died := make(chan error, 1)
	go func() { _, err := client.Backup(ctx, pgbackrest.Full, "first", 2); died <- err }()
	require.Eventually(t, func() bool {
		copied, err := filepath.Glob(filepath.Join(cluster.Repository(), "*", "backup", "main", "*F", "pg_data", "base"))
		require.NoError(t, err)
		return len(copied) > 0 || len(died) > 0
	}, time.Minute, time.Millisecond)
	die()
	if err := <-died; err != nil {
		require.ErrorIs(t, err, context.Canceled)
	}

	full, err := client.Backup(t.Context(), pgbackrest.Full, "first", 2)
	require.NoError(t, err)
	require.Equal(t, pgbackrest.Full, full.Kind)
	require.Positive(t, full.StoredBytes)
	again, err := client.Backup(t.Context(), pgbackrest.Full, "first", 2)
	require.NoError(t, err)
	require.Equal(t, full.Label, again.Label, "one of that id is there: no second is made")
	incremental, err := client.Backup(t.Context(), pgbackrest.Incremental, "second", 2)
	require.NoError(t, err)
	require.Equal(t, []string{full.Label}, incremental.References)
	require.Less(t, incremental.StoredDelta, full.StoredDelta)
	differential, err := client.Backup(t.Context(), pgbackrest.Differential, "third", 2)
	require.NoError(t, err)
	require.Equal(t, pgbackrest.Differential, differential.Kind)
	info, err := client.Info(t.Context())
	require.NoError(t, err)
	require.Len(t, info.Backups, 3)
	require.True(t, info.Encrypted)
	require.ErrorContains(t, client.Expire(t.Context(), []string{full.Label}, differential.Label), "needs "+full.Label, "nothing that stays loses what it needs")
	require.ErrorContains(t, client.Expire(t.Context(), []string{incremental.Label}, incremental.Label), "is not in the repository")
	require.NoError(t, client.Expire(t.Context(), []string{incremental.Label, "gone"}, full.Label))
	info, err = client.Info(t.Context())
	require.NoError(t, err)
	require.Len(t, info.Backups, 2)

	segments, err := client.Segments(t.Context(), info)
	require.NoError(t, err)
	missing, err := pgbackrest.Missing(segments, full.StartSegment, differential.StopSegment, 16<<20)
	require.NoError(t, err)
	require.Empty(t, missing)
	to := filepath.Join(cluster.Dir, "pgbackrest", "segment")
	require.NoError(t, client.FetchSegment(t.Context(), full.StartSegment, to))
	err = client.FetchSegment(t.Context(), "0000000100000000000000FF", to)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))

	// Another key is neither an empty repository nor a missing segment.
	other := withConfig(t, client, func(text string) string { return strings.Replace(text, "the key of", "no key of", 1) })
	_, err = other.Info(t.Context())
	require.Error(t, err)
	require.NotErrorIs(t, err, pgbackrest.ErrNoStanza)
	err = other.FetchSegment(t.Context(), full.StartSegment, to)
	require.Error(t, err)
	require.NotEqual(t, models.CodeNotFound, models.ErrorCode(err))
	away := withConfig(t, client, func(text string) string {
		return strings.Replace(text, cluster.Repository(), cluster.Repository()+"-away", 1)
	})
	err = away.FetchSegment(t.Context(), full.StartSegment, to)
	require.Error(t, err)
	require.NotEqual(t, models.CodeNotFound, models.ErrorCode(err))
	_, known := errors.AsType[*pgbackrest.Error](err)
	require.True(t, known)
}

// withConfig is a client whose configuration differs, beside the first one's.
func withConfig(t *testing.T, c *pgbackrest.Client, change func(string) string) *pgbackrest.Client {
	t.Helper()
	text, err := os.ReadFile(c.Config)
	require.NoError(t, err)
	changed := change(string(text))
	require.NotEqual(t, string(text), changed)
	other := *c
	other.Config += ".other"
	require.NoError(t, os.WriteFile(other.Config, []byte(changed), 0o600))
	info, err := os.Stat(c.Config)
	require.NoError(t, err)
	stacktest.SameOwner(t, other.Config, info)
	return &other
}
