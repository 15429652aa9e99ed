package pgbackrest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func segments(names ...string) []Segment {
	var found []Segment
	for _, name := range names {
		found = append(found, Segment{Name: name})
	}
	return found
}

func TestMissingFindsHolesAndFollowsTimelines(t *testing.T) {
	t.Parallel()
	const megabyte = 1 << 20
	for name, c := range map[string]struct {
		have         []Segment
		first, last  string
		segmentBytes int64
		missing      []string
	}{
		"all there": {segments("000000010000000000000001", "000000010000000000000002"), "000000010000000000000001", "000000010000000000000002", 16 * megabyte, nil},
		"a hole":    {segments("000000010000000000000001", "000000010000000000000003"), "000000010000000000000001", "000000010000000000000003", 16 * megabyte, []string{"000000010000000000000002"}},
		"not yet":   {segments("000000010000000000000001"), "000000010000000000000001", "000000010000000000000002", 16 * megabyte, []string{"000000010000000000000002"}},
		"over the border": {
			segments("0000000100000000000000FE", "000000010000000100000000"), "0000000100000000000000FE", "000000010000000100000000", 16 * megabyte,
			[]string{"0000000100000000000000FF"},
		},
		"large segments": {segments("000000010000000000000003", "000000010000000100000000"), "000000010000000000000003", "000000010000000100000000", 1 << 30, nil},
		"a new timeline": {segments("000000010000000000000001", "000000020000000000000002"), "000000010000000000000001", "000000020000000000000002", 16 * megabyte, nil},
		"a later timeline counts not": {
			segments("000000010000000000000001", "000000020000000000000002"), "000000010000000000000001", "000000010000000000000002", 16 * megabyte,
			[]string{"000000010000000000000002"},
		},
	} {
		missing, err := Missing(c.have, c.first, c.last, c.segmentBytes)
		require.NoError(t, err, name)
		require.Equal(t, c.missing, missing, name)
	}
	_, err := Missing(nil, "short", "000000010000000000000001", 16*megabyte)
	require.Error(t, err)
	_, err = Missing(nil, "00000001000000000000000G", "000000010000000000000001", 16*megabyte)
	require.Error(t, err)
}

func TestARestoreNeedsExactlyOneTarget(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 4, 5, 6, 7, 800, time.FixedZone("", 3600))
	for _, target := range []Target{{}, {LSN: "0/1", End: true}, {LSN: "0/1", Time: at}, {Time: at, End: true}} {
		_, err := target.arguments()
		require.Error(t, err, "%v", target)
	}
	args, err := Target{Time: at}.arguments()
	require.NoError(t, err)
	require.Contains(t, args, "--target=2026-03-04 04:06:07+00")
}

func TestShellQuotesWhatACommandWouldTakeApart(t *testing.T) {
	t.Parallel()
	require.Equal(t, "/srv/data.1", shell("/srv/data.1"))
	require.Equal(t, `''/srv/it''\\''''s data''`, EscapeSetting(shell("/srv/it's data")))
	require.Equal(t, `'/srv/it'\''s 100%% here'`, shell("/srv/it's 100% here"))
}
