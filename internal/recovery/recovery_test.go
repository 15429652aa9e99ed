package recovery_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/recovery"
	"mainstay/models"
)

func TestJournalGoesOnWhereItWasBrokenOff(t *testing.T) {
	file := filepath.Join(t.TempDir(), "journal")
	j, err := recovery.Read(file)
	require.NoError(t, err)
	require.Empty(t, j.Open())
	require.NoError(t, j.Begin("one", recovery.Choose))
	require.NoError(t, j.Complete("one", recovery.Choose, recovery.Plan{Label: "full"}))
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = f.WriteString(`{"recovery":"one","step":"fetch","do`)
	require.NoError(t, err)
	require.NoError(t, f.Close())

	j, err = recovery.Read(file)
	require.NoError(t, err, "a line that was broken off never happened")
	require.Equal(t, "one", j.Open())
	require.True(t, j.Done(recovery.Choose))
	require.False(t, j.Done(recovery.Fetch))
	var plan recovery.Plan
	require.NoError(t, j.Found(recovery.Choose, &plan))
	require.Equal(t, "full", plan.Label)
	require.NoError(t, j.Complete("one", recovery.Finish, struct{}{}))
	j, err = recovery.Read(file)
	require.NoError(t, err)
	require.Empty(t, j.Open())
	require.NoError(t, j.Begin("two", recovery.Choose))
	require.False(t, j.Done(recovery.Choose), "what an earlier recovery did does not count")
}

func TestChoosePlan(t *testing.T) {
	at := func(minute int) time.Time { return time.Date(2026, 3, 1, 12, minute, 0, 0, time.UTC) }
	name := func(timeline, place string) string { return "0000000" + timeline + "00000000000000" + place }
	backup := func(label, start, stop string, ended int) pgbackrest.Backup {
		return pgbackrest.Backup{Label: label, StartSegment: name("1", start), StopSegment: name("1", stop), StoppedAt: at(ended)}
	}
	archive := func(names ...string) recovery.Archive {
		a := recovery.Archive{
			SegmentBytes: 16 << 20, Backups: []pgbackrest.Backup{backup("old", "01", "02", 2), backup("new", "05", "05", 5)},
			LastCommit: func(_ context.Context, s pgbackrest.Segment) (*recovery.Commit, error) {
				place := int(s.Name[23] - '0')
				if place == 9 {
					return nil, nil
				}
				return &recovery.Commit{LSN: s.Name, At: at(place)}, nil
			},
		}
		for _, n := range names {
			a.Segments = append(a.Segments, pgbackrest.Segment{Name: n})
		}
		return a
	}
	one := func(places ...string) (names []string) {
		for _, p := range places {
			names = append(names, name("1", p))
		}
		return names
	}
	whole := archive(one("01", "02", "03", "04", "05", "06", "07", "08", "09")...)

	p, err := recovery.ChoosePlan(t.Context(), whole, "", nil)
	require.NoError(t, err)
	require.Equal(t, "new", p.Label)
	require.Equal(t, pgbackrest.Target{LSN: name("1", "08")}, p.Target(), "nothing was committed in the last segment")
	require.True(t, p.Last)

	early := at(4)
	p, err = recovery.ChoosePlan(t.Context(), whole, "", &early)
	require.NoError(t, err)
	require.Equal(t, "old", p.Label, "the newer one ended later")
	require.Equal(t, pgbackrest.Target{Time: early}, p.Target())

	gap := archive(one("01", "02", "03", "04", "05", "06", "08")...)
	_, err = recovery.ChoosePlan(t.Context(), gap, "", nil)
	require.Equal(t, models.CodeConflict, models.ErrorCode(err), "a gap must never pass for the end")
	require.ErrorContains(t, err, name("1", "07"))
	require.ErrorContains(t, err, "--to 2026-03-01T12:06:00Z")
	reach := at(6)
	p, err = recovery.ChoosePlan(t.Context(), gap, "", &reach)
	require.NoError(t, err)
	require.Equal(t, name("1", "06"), p.Commit.LSN)
	require.False(t, p.Last)

	p, err = recovery.ChoosePlan(t.Context(), archive(one("01", "02", "03", "04", "06")...), "", &early)
	require.NoError(t, err)
	require.Equal(t, "old", p.Label)
	_, err = recovery.ChoosePlan(t.Context(), archive(one("04", "06")...), "new", nil)
	require.ErrorContains(t, err, name("1", "05"))

	branched := archive(append(one("01", "02", "03", "04", "05", "06", "07"), name("2", "06"), name("2", "09"))...)
	branched.Segments = append(branched.Segments[:7], pgbackrest.Segment{Name: name("2", "06")})
	p, err = recovery.ChoosePlan(t.Context(), branched, "", nil)
	require.NoError(t, err)
	require.Equal(t, name("2", "06"), p.Commit.LSN, "what the lost timeline wrote behind the branch is no part of it")
}
