package pgbackrest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
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

	backsUpOnceTheDiskHasRoom(t, cluster)
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

// backsUpOnceTheDiskHasRoom puts a disk below the repository's backups that is full in the middle of one.
func backsUpOnceTheDiskHasRoom(t *testing.T, cluster *stacktest.ArchivingCluster) {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(cluster.Repository(), "*", "backup", "main"))
	require.NoError(t, err)
	require.Len(t, dirs, 1)
	owner, err := os.Stat(dirs[0])
	require.NoError(t, err)
	entries, err := os.ReadDir(dirs[0])
	require.NoError(t, err)
	files := map[string][]byte{}
	for _, entry := range entries {
		files[entry.Name()], err = os.ReadFile(filepath.Join(dirs[0], entry.Name()))
		require.NoError(t, err)
	}
	mount := func(options string) error {
		return exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", options+",mode=0700", "tmpfs", dirs[0]).Run()
	}
	if err := mount("size=1m"); err != nil {
		t.Log("NOT TESTED: a full disk: mount:", err)
		return
	}
	defer func() { require.NoError(t, exec.Command("umount", dirs[0]).Run()) }()
	stacktest.SameOwner(t, dirs[0], owner)
	for name, text := range files {
		file := filepath.Join(dirs[0], name)
		require.NoError(t, os.WriteFile(file, text, 0o600))
		stacktest.SameOwner(t, file, owner)
	}
	client := withConfig(t, cluster.Client, func(text string) string { return strings.Replace(text, "[global]\n", "[global]\njob-retry=0\n", 1) })
	_, err = client.Backup(t.Context(), pgbackrest.Full, "full disk", 2)
	require.True(t, pgbackrest.IsAway(err), "%v", err)
	info, err := client.Info(t.Context())
	require.NoError(t, err)
	require.Empty(t, info.Backups)
	require.NoError(t, mount("remount,size=1g"))
	made, err := client.Backup(t.Context(), pgbackrest.Full, "full disk", 2)
	require.NoError(t, err)
	require.False(t, made.Damaged)
	info, err = client.Info(t.Context())
	require.NoError(t, err)
	require.Len(t, info.Backups, 1)
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
