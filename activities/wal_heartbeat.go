package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/postgres"
	"mainstay/models"
)

// WALCheck is what a look at the WAL archive found.
type WALCheck struct {
	// Fault says what is wrong, empty where nothing is, and where no WAL is archived at all.
	Fault string `json:"fault,omitempty"`
}

// CheckWAL writes a heartbeat, and proves earlier ones: their WAL segments must lie in the repository without a gap since the newest backup,
// and the newest segment must read back as what was archived. What the server's archiver says of itself is compared, not believed, and so is
// its clock.
func (o *Operations) CheckWAL(ctx context.Context) (WALCheck, error) {
	if o.PgBackRest == nil {
		return WALCheck{}, nil
	}
	beat, err := o.Store.BeatWAL(ctx)
	if err != nil {
		return WALCheck{}, failed(err)
	}
	fault, err := o.proveWAL(ctx, beat)
	if err != nil {
		fault = "The WAL archive could not be looked at: " + words(err)
	}
	if fault != "" {
		if err := o.Store.FaultWALHeartbeat(ctx, beat.ID, fault); err != nil {
			return WALCheck{}, failed(err)
		}
	}
	return WALCheck{Fault: fault}, nil
}

// proveWAL marks the heartbeats that lie in the repository, notes with the newest one what the last transaction there is, and says in words
// what is wrong there.
func (o *Operations) proveWAL(ctx context.Context, beat models.WALHeartbeat) (fault string, err error) {
	archiver, err := o.Store.ArchiverState(ctx)
	if err != nil {
		return "", err
	}
	unproven, err := o.Store.UnprovenWALHeartbeats(ctx)
	if err != nil {
		return "", err
	}
	archive, err := o.openArchive(ctx)
	if err != nil {
		return "", err
	}
	if len(archive.info.Backups) == 0 {
		return "There is no physical backup to replay WAL from: run `mainstay backup --kind full`.", nil
	}
	first := archive.info.Backups[len(archive.info.Backups)-1].StartSegment
	for _, h := range unproven {
		missing, err := archive.missing(first, h.Segment)
		if err != nil {
			return "", err
		}
		if len(missing) > 0 {
			if beat.Late(h) {
				fault = fmt.Sprintf("The WAL segment %s is not in the repository, %d in all.", missing[0], len(missing))
			}
			break
		}
		if err := o.Store.ProveWALHeartbeats(ctx, h.ID); err != nil {
			return "", err
		}
	}
	err = o.lookAtNewest(ctx, archive, first, beat)
	if errors.Is(err, pgbackrest.ErrDamaged) {
		return words(err), nil
	}
	if err != nil || fault != "" {
		return fault, err
	}
	if fault = archiver.Fault(); fault == "" {
		latest, err := o.Store.LatestWALHeartbeat(ctx, beat.ID)
		return beat.ClockFault(latest), err
	}
	return fault, nil
}

// lookAtNewest reads the newest segment back and notes which transaction ended last in it, provided that a recovery gets there.
func (o *Operations) lookAtNewest(ctx context.Context, a archive, first string, beat models.WALHeartbeat) error {
	if len(a.segments) == 0 {
		return nil
	}
	newest := a.segments[len(a.segments)-1]
	return o.PgBackRest.VerifySegment(ctx, newest, o.ScratchDir, func(file string) error {
		missing, err := a.missing(first, newest.Name)
		if err != nil || len(missing) > 0 {
			return err
		}
		tools, err := postgres.FindTools(ctx)
		if err != nil {
			return err
		}
		last, err := tools.LastCommit(ctx, file)
		if err != nil || last == nil {
			return err
		}
		return o.Store.NoteWALCommit(ctx, beat.ID, last.At)
	})
}

// archive is what the repository holds at one moment.
type archive struct {
	info         pgbackrest.Info
	segments     []pgbackrest.Segment
	segmentBytes int64
}

func (o *Operations) openArchive(ctx context.Context) (a archive, err error) {
	size, err := postgres.Size(ctx, o.DatabaseURL.Reveal())
	if err != nil {
		return a, err
	}
	a.segmentBytes = size.SegmentBytes
	if a.info, err = o.PgBackRest.Info(ctx); err != nil {
		return a, err
	}
	a.info.Backups = slices.DeleteFunc(a.info.Backups, func(b pgbackrest.Backup) bool { return b.Damaged })
	a.segments, err = o.PgBackRest.Segments(ctx, a.info)
	return a, err
}

func (a archive) missing(first, last string) ([]string, error) {
	return pgbackrest.Missing(a.segments, first, last, a.segmentBytes)
}

// archivedWithin is how long a drill waits for the WAL that it needs.
const archivedWithin = 3 * time.Minute

// archiveNow writes two heartbeats, ends their segment and waits until both lie in the repository: an idle database has nothing else that a
// drill could replay to.
func (o *Operations) archiveNow(ctx context.Context) error {
	var beat models.WALHeartbeat
	for range 2 {
		var err error
		if beat, err = o.Store.BeatWAL(ctx); err != nil {
			return err
		}
	}
	if err := postgres.SwitchWAL(ctx, o.DatabaseURL.Reveal()); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, archivedWithin)
	defer cancel()
	for {
		fault, err := o.proveWAL(ctx, beat)
		if err != nil {
			return err
		}
		unproven, err := o.Store.UnprovenWALHeartbeats(ctx)
		if err != nil || len(unproven) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return models.Conflict("The WAL of now does not reach the repository. %s", fault)
		case <-time.After(time.Second):
		}
	}
}
