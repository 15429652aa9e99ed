package recovery

import (
	"context"
	"slices"
	"time"

	"mainstay/internal/pgbackrest"
	"mainstay/models"
)

// Commit is a transaction's end in the WAL.
type Commit struct {
	LSN string    `json:"lsn"` // where its record begins
	At  time.Time `json:"at"`
	XID uint32    `json:"xid"`
}

// Plan is what is recovered: the backup to begin with and how far the WAL behind it is replayed.
type Plan struct {
	Label   string `json:"label"`
	Segment string `json:"segment"` // last of the archive that can be reached
	// Commit is the last transaction that comes back; nil where the target is a time, or nothing was committed behind the backup.
	Commit *Commit    `json:"commit,omitempty"`
	To     *time.Time `json:"to,omitempty"`
	Last   bool       `json:"last"` // all that the archive has comes back
}

// Target is the plan's target in pgBackRest's words.
func (p Plan) Target() pgbackrest.Target {
	switch {
	case p.Commit != nil:
		return pgbackrest.Target{LSN: p.Commit.LSN}
	case p.To != nil:
		return pgbackrest.Target{Time: *p.To}
	}
	return pgbackrest.Target{End: true}
}

// Archive is what there is to recover from.
type Archive struct {
	Backups      []pgbackrest.Backup  // oldest first
	Segments     []pgbackrest.Segment // by name
	SegmentBytes int64
	// LastCommit finds the last transaction that ended in a segment; nil where none did.
	LastCommit func(ctx context.Context, segment pgbackrest.Segment) (*Commit, error)
}

// ChoosePlan plans a recovery to a time, or with none to the last transaction of the archive. label takes a backup; else the newest one before the
// time is taken that has its own WAL. A missing segment is CodeConflict, with the newest time that can be reached.
func ChoosePlan(ctx context.Context, a Archive, label string, to *time.Time) (Plan, error) {
	b, missing, err := a.choose(label, to)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Label: b.Label, Segment: a.Segments[len(a.Segments)-1].Name}
	if len(missing) > 0 {
		if p.Segment, err = pgbackrest.Before(missing[0], a.SegmentBytes); err != nil {
			return p, err
		}
	}
	last, err := a.lastCommit(ctx, b, p.Segment)
	if err != nil {
		return p, err
	}
	switch {
	case to != nil && last != nil && to.Before(last.At):
		p.To = to
	case len(missing) > 0 && (to == nil || last == nil || to.After(last.At)):
		reach := b.StoppedAt
		if last != nil {
			reach = last.At
		}
		return p, models.Conflict("The WAL segment %s is missing in the archive, and with it all that was written since %s. Put it back, or recover "+
			"what is before it with --to %[2]s.", missing[0], reach.UTC().Format(time.RFC3339Nano))
	default:
		p.Commit, p.Last = last, len(missing) == 0
	}
	return p, nil
}

// choose finds the backup, and what the archive lacks behind it.
func (a Archive) choose(label string, to *time.Time) (pgbackrest.Backup, []string, error) {
	if len(a.Backups) == 0 || len(a.Segments) == 0 {
		return pgbackrest.Backup{}, nil, models.Conflict("The repository has no backup of this cluster. Where it has another cluster's that you mean, name that with --system.")
	}
	end := a.Segments[len(a.Segments)-1].Name
	for _, b := range slices.Backward(a.Backups) {
		if label != "" && b.Label != label || b.Damaged && label == "" || to != nil && b.StoppedAt.After(*to) {
			continue
		}
		own, err := pgbackrest.Missing(a.Segments, b.StartSegment, b.StopSegment, a.SegmentBytes)
		if err != nil {
			return b, nil, err
		}
		if len(own) > 0 && label == "" {
			continue
		}
		if len(own) > 0 {
			return b, nil, models.Conflict("The backup %s cannot be used: the WAL segment %s, which it needs, is missing in the archive.", b.Label, own[0])
		}
		missing, err := pgbackrest.Missing(a.Segments, b.StartSegment, end, a.SegmentBytes)
		return b, missing, err
	}
	if label != "" {
		return pgbackrest.Backup{}, nil, models.Conflict("The repository has no backup %s that ended before the time; `mainstay recover --list` lists them.", label)
	}
	return pgbackrest.Backup{}, nil, models.Conflict(
		"No backup ended before that time with its WAL: the oldest is of %s. `mainstay recover --list` lists them.", a.Backups[0].StoppedAt.Format(time.RFC3339))
}

// lastCommit looks from a segment backwards, at most to where the backup ended.
func (a Archive) lastCommit(ctx context.Context, b pgbackrest.Backup, from string) (*Commit, error) {
	timeline, first := "", ""
	for _, s := range slices.Backward(a.Segments) {
		if s.Name[8:] > from[8:] || s.Name[:8] != timeline && timeline != "" && s.Name[8:] >= first {
			continue // behind a gap, or behind where a later timeline branches off
		}
		timeline, first = s.Name[:8], s.Name[8:]
		if s.Name[8:] <= b.StopSegment[8:] {
			return nil, nil //nolint:nilnil // nothing was committed behind the backup
		}
		commit, err := a.LastCommit(ctx, s)
		if err != nil || commit != nil {
			return commit, err
		}
	}
	return nil, nil //nolint:nilnil // nothing was committed behind the backup
}
