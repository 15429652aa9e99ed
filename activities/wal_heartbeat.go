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

// walLate is how old a heartbeat may be that is not in the repository: two segments and the time to send them.
const walLate = 5 * time.Minute

// CheckWAL writes a heartbeat, and proves earlier ones: their WAL segments must lie in the repository without a gap since the newest backup,
// and the newest segment must read back as what was archived. What the server's archiver says of itself is compared, not believed.
func (o *Operations) CheckWAL(ctx context.Context) (WALCheck, error) {
	if o.PgBackRest == nil {
		return WALCheck{}, nil
	}
	beat, err := o.Store.BeatWAL(ctx)
	if err != nil {
		return WALCheck{}, failed(err)
	}
	fault, err := o.proveWAL(ctx, beat.At)
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

// proveWAL marks the heartbeats that lie in the repository and says in words what is wrong there.
func (o *Operations) proveWAL(ctx context.Context, now time.Time) (fault string, err error) {
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
			if now.Sub(h.At) > walLate {
				fault = fmt.Sprintf("The WAL segment %s is not in the repository, %d in all.", missing[0], len(missing))
			}
			break
		}
		if err := o.Store.ProveWALHeartbeats(ctx, h.ID); err != nil {
			return "", err
		}
	}
	if newest := len(archive.segments); newest > 0 {
		err := o.PgBackRest.VerifySegment(ctx, archive.segments[newest-1], o.ScratchDir)
		if errors.Is(err, pgbackrest.ErrDamaged) {
			return words(err), nil
		}
		if err != nil {
			return "", err
		}
	}
	if fault == "" {
		fault = archiver.Fault()
	}
	return fault, nil
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
	for range 2 {
		if _, err := o.Store.BeatWAL(ctx); err != nil {
			return err
		}
	}
	if err := postgres.SwitchWAL(ctx, o.DatabaseURL.Reveal()); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, archivedWithin)
	defer cancel()
	for {
		fault, err := o.proveWAL(ctx, time.Now())
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
