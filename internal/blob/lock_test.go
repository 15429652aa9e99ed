package blob

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestWhatIsUnderLockStaysAndABucketWithoutLockIsNoArchive(t *testing.T) {
	plain := openStore(t)
	require.ErrorContains(t, plain.EnsureLockedBucket(t.Context()), "no object lock")

	locked := *plain
	locked.bucket = "locked-" + uuid.NewString()
	require.NoError(t, locked.EnsureLockedBucket(t.Context()))
	require.NoError(t, locked.EnsureLockedBucket(t.Context()), "again")
	text := randomText(17 << 20) // more than a part
	for name, content := range map[string]Content{
		"whole":    {Size: int64(len(text)), SHA256: hexSum(text), LockedUntil: time.Now().Add(time.Hour)},
		"a stream": {Size: Unknown, LockedUntil: time.Now().Add(time.Hour)},
	} {
		key := newKey()
		put, err := locked.Put(t.Context(), key, strings.NewReader(text), content)
		require.NoError(t, err, name)
		require.NotEmpty(t, put.VersionID, name)
		require.NoError(t, locked.ProveLock(t.Context(), key, put.VersionID), name)
		have, _ := read(t, &locked, key)
		require.Equal(t, hexSum(text), hexSum(have), name)
	}

	key := newKey()
	free, err := locked.Put(t.Context(), key, strings.NewReader("abc"), Content{Size: 3})
	require.NoError(t, err)
	require.ErrorIs(t, locked.ProveLock(t.Context(), key, free.VersionID), ErrNotLocked)
}
