package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/pgbackrest"
	"mainstay/internal/postgres"
	"mainstay/internal/recovery"
	"mainstay/models"
)

// choose prefers the physical backups, which lose a minute and not a day.
func (d *drill) choose(ctx context.Context) (models.DrillSource, error) {
	o := d.operations
	if only := d.fault.OnlySource(); only != models.DrillOfEither {
		return only, nil
	}
	if d.target != nil {
		return models.DrillOfPhysical, nil
	}
	if o.PgBackRest == nil {
		return models.DrillOfDump, nil
	}
	info, err := o.PgBackRest.Info(ctx)
	if errors.Is(err, pgbackrest.ErrNoStanza) || err == nil && len(info.Backups) == 0 {
		return models.DrillOfDump, nil
	}
	return models.DrillOfPhysical, ctx.Err() // a repository that cannot be read is what the drill will find
}

// runPhysical restores a backup of the cluster's files, replays to a heartbeat and validates. It ends early where a check failed.
func (d *drill) runPhysical(ctx context.Context) error {
	o := d.operations
	if _, err := o.physical(); err != nil {
		return err
	}
	archive, err := o.openArchive(ctx)
	if pgbackrest.IsAway(err) {
		return err
	}
	if err != nil {
		d.note("repository", models.DrillFail, "%s", words(err))
		return nil
	}
	if !archive.info.Encrypted {
		d.note("repository", models.DrillFail, "It is not encrypted.")
		return nil
	}
	if d.fault == models.DrillWrongKey {
		return d.openWithWrongKey(ctx)
	}
	d.note("repository", models.DrillPass, "It opens with the key: %d backups, %d WAL segments.", len(archive.info.Backups), len(archive.segments))
	from, target, err := d.aim(ctx, archive)
	if err != nil || from == nil {
		return err
	}
	if archive, err = o.openArchive(ctx); err != nil { // the target may be newer
		return err
	}
	if archive, err = d.spoilSegment(ctx, archive, *from, target); err != nil || d.failed() {
		return err
	}
	missing, err := archive.missing(from.StartSegment, target.Next.Segment)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		d.note("archive", models.DrillFail, "%d WAL segments are missing between the backup and the target, %s is the first.", len(missing), missing[0])
		return nil
	}
	if d.evidence.Replay, err = d.replayEvidence(ctx, *from, target, archive); err != nil {
		return err
	}
	d.note("archive", models.DrillPass, "%d WAL segments from %s to %s, none missing.", d.evidence.Replay.Segments, from.StartSegment, target.Next.Segment)
	return d.replay(ctx, *from, target)
}

// aim picks the heartbeat and the newest backup before it.
func (d *drill) aim(ctx context.Context, archive archive) (*pgbackrest.Backup, models.WALTarget, error) {
	backups, err := d.known(ctx, archive)
	if err != nil {
		return nil, models.WALTarget{}, err
	}
	if len(backups) == 0 {
		d.note("backup", models.DrillInconclusive, "There is no completed physical backup to restore.")
		return nil, models.WALTarget{}, nil
	}
	oldest, newest := backups[0], backups[len(backups)-1]
	if err := d.dateNewestRows(ctx, archive, newest); err != nil {
		return nil, models.WALTarget{}, err
	}
	target, err := d.heartbeat(ctx, oldest, newest)
	if models.ErrorCode(err) == models.CodeNotFound {
		d.note("target", models.DrillInconclusive, "No heartbeat between the oldest physical backup and that time lies in the repository.")
		return nil, target, nil
	}
	if err != nil {
		return nil, target, err
	}
	from := oldest
	for _, b := range backups {
		if !before(target.Wanted.LSN, b.StopLSN) {
			from = b
		}
	}
	run, err := d.operations.Store.BackupRun(ctx, uuid.MustParse(from.ID))
	if err != nil {
		return nil, target, err
	}
	d.backup = &run
	return &from, target, nil
}

// dateNewestRows finds out of what moment the newest rows are that a disaster now would leave.
func (d *drill) dateNewestRows(ctx context.Context, archive archive, newest pgbackrest.Backup) error {
	d.rpoAt = newest.StoppedAt
	if now, err := d.operations.Store.WALTarget(ctx, newest.StopLSN, nil); err == nil {
		d.rpoAt = now.Wanted.At
	} else if models.ErrorCode(err) != models.CodeNotFound {
		return err
	}
	if last := d.lastTransaction(ctx, archive); last.After(d.rpoAt) {
		d.rpoAt = last
	}
	d.compareClocks()
	return nil
}

// heartbeat finds the one to restore to. Where no time was asked for and none lies behind the newest backup, one is archived now.
func (d *drill) heartbeat(ctx context.Context, oldest, newest pgbackrest.Backup) (models.WALTarget, error) {
	o := d.operations
	target, err := o.Store.WALTarget(ctx, oldest.StopLSN, d.target)
	lacking := models.ErrorCode(err) == models.CodeNotFound || err == nil && before(target.Wanted.LSN, newest.StopLSN)
	if d.target != nil || !lacking {
		return target, err
	}
	if err := o.archiveNow(ctx); err != nil {
		return target, err
	}
	return o.Store.WALTarget(ctx, newest.StopLSN, nil)
}

// lastTransaction is when the last transaction ended that `mainstay recover` would bring back now: later than the newest heartbeat, of which
// there is one a minute. The zero time: the repository does not tell, and the drill will find out why.
func (d *drill) lastTransaction(ctx context.Context, a archive) time.Time {
	tools, err := postgres.FindTools(ctx)
	if err != nil {
		return time.Time{}
	}
	dir := filepath.Join(d.operations.ScratchDir, "mainstay-drill-"+d.id.String()+"-wal") // what a worker that was killed left there goes
	if err := os.RemoveAll(dir); err != nil {
		return time.Time{}
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Mkdir(dir, 0o700); err != nil {
		return time.Time{}
	}
	plan, err := recovery.ChoosePlan(ctx, recovery.Archive{
		Backups: a.info.Backups, Segments: a.segments, SegmentBytes: a.segmentBytes,
		LastCommit: func(ctx context.Context, s pgbackrest.Segment) (*recovery.Commit, error) {
			return tools.LastArchivedCommit(ctx, d.operations.PgBackRest, s, filepath.Join(dir, s.Name))
		},
	}, "", nil)
	if err != nil || plan.Commit == nil {
		return time.Time{}
	}
	return plan.Commit.At
}

// known are the backups that have a row here, oldest first.
func (d *drill) known(ctx context.Context, archive archive) ([]pgbackrest.Backup, error) {
	var known []pgbackrest.Backup
	for _, b := range archive.info.Backups {
		id, err := uuid.Parse(b.ID)
		if err != nil {
			continue // another made it
		}
		_, err = d.operations.Store.BackupRun(ctx, id)
		switch {
		case err == nil:
			known = append(known, b)
		case models.ErrorCode(err) != models.CodeNotFound:
			return nil, err
		}
	}
	return known, nil
}

// before compares two places in the WAL; what cannot be read is before nothing.
func before(a, b string) bool {
	left, errA := pgbackrest.ParseLSN(a)
	right, errB := pgbackrest.ParseLSN(b)
	return errA == nil && errB == nil && left < right
}

func (d *drill) replayEvidence(ctx context.Context, from pgbackrest.Backup, target models.WALTarget, archive archive) (*models.ReplayEvidence, error) {
	url := d.operations.DatabaseURL.Reveal()
	size, err := postgres.Size(ctx, url)
	if err != nil {
		return nil, err
	}
	e := &models.ReplayEvidence{
		Label: from.Label, HeartbeatAt: target.Wanted.At, HeartbeatID: target.Wanted.ID, TargetLSN: target.Next.LSN,
		BackupBytes: from.DatabaseBytes, ClusterBytes: size.Bytes,
	}
	if e.WALBytes, err = postgres.WALBytes(ctx, url, from.StartLSN, target.Next.LSN); err != nil {
		return nil, err
	}
	if e.PendingWALBytes, err = postgres.WALBytes(ctx, url, archive.info.Backups[len(archive.info.Backups)-1].StartLSN, size.LSN); err != nil {
		return nil, err
	}
	e.Segments = int(e.WALBytes/archive.segmentBytes) + 1
	return e, nil
}

// replay fetches the backup, replays and validates.
func (d *drill) replay(ctx context.Context, from pgbackrest.Backup, target models.WALTarget) (err error) {
	client := d.operations.PgBackRest
	dir := filepath.Join(d.operations.ScratchDir, "mainstay-drill-"+d.id.String())
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o := pgbackrest.RestoreOptions{
		DataDir: filepath.Join(dir, "data"), LockDir: filepath.Join(dir, "lock"), TablespaceDir: filepath.Join(dir, "tablespaces"),
		Label: from.Label, Target: pgbackrest.Target{LSN: target.Next.LSN},
	}
	for _, own := range []string{dir, o.DataDir, o.LockDir, o.TablespaceDir} {
		if err := client.OwnDir(own); err != nil {
			return err
		}
	}
	if err := d.timed(&d.evidence.FetchSeconds, func() error { return client.Restore(ctx, o) }); err != nil {
		if failed, ok := errors.AsType[*pgbackrest.Error](err); ok && !pgbackrest.IsAway(err) {
			d.note("fetch", models.DrillFail, "%s", words(failed))
			return nil
		}
		return err
	}
	d.note("fetch", models.DrillPass, "Every file of %s has its checksum.", from.Label)
	var scratch *postgres.Scratch
	if err := d.timed(&d.evidence.RestoreSeconds, func() (err error) {
		scratch, err = postgres.StartReplayed(ctx, dir, o.DataDir, d.operations.DatabaseURL.Reveal())
		return err
	}); err != nil {
		if errors.Is(err, postgres.ErrNotReplayed) {
			return d.notReplayed(ctx, err, from, target)
		}
		return err
	}
	defer func() { err = errors.Join(err, scratch.Close()) }()
	d.note("replay", models.DrillPass, "Replayed to %s and promoted.", target.Next.LSN)
	d.restored = true
	if err := d.timed(&d.evidence.ValidateSeconds, func() error { return d.validateReplayed(ctx, scratch, target) }); err != nil {
		return err
	}
	d.project()
	return nil
}

// refusedPattern finds the file that the server stopped at because it was not told whether the archive has it.
var refusedPattern = regexp.MustCompile(`could not restore file "([^"]+)" from archive`)

// notReplayed judges a server that ended before its target by what the repository holds now: a segment that is missing or damaged fails the
// drill, by its name. That storage or disk gave nothing while it replayed says nothing about the backup: then it returns why it ended.
func (d *drill) notReplayed(ctx context.Context, ended error, from pgbackrest.Backup, target models.WALTarget) error {
	if pgbackrest.IsAway(ended) {
		return ended
	}
	archive, err := d.operations.openArchive(ctx)
	if err != nil {
		return err
	}
	missing, err := archive.missing(from.StartSegment, target.Next.Segment)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		d.note("replay", models.DrillFail, "%d WAL segments went missing between the backup and the target, %s is the first. %s", len(missing), missing[0], words(ended))
		return nil
	}
	refused := refusedPattern.FindStringSubmatch(ended.Error())
	if refused == nil {
		d.note("replay", models.DrillFail, "%s", words(ended))
		return nil
	}
	at := slices.IndexFunc(archive.segments, func(s pgbackrest.Segment) bool { return s.Name == refused[1] })
	if at < 0 {
		return ended
	}
	err = d.operations.PgBackRest.VerifySegment(ctx, archive.segments[at], d.operations.ScratchDir, func(string) error { return nil })
	if errors.Is(err, pgbackrest.ErrDamaged) {
		d.note("replay", models.DrillFail, "%s", words(err))
		return nil
	}
	return cmp.Or(err, ended)
}

func (d *drill) validateReplayed(ctx context.Context, scratch *postgres.Scratch, target models.WALTarget) error {
	wanted, next, err := scratch.Heartbeats(ctx, target.Wanted.ID, target.Next.ID)
	if err != nil {
		return err
	}
	d.judgeHeartbeats(wanted, next, target)
	switch on, err := scratch.Checksums(ctx); {
	case err != nil:
		return err
	case on:
		d.note("checksums", models.DrillPass, "The server checks every page that it reads.")
	default:
		d.note("checksums", models.DrillInconclusive, "The cluster has no page checksums: `pg_checksums --enable` while it is down.")
	}
	return d.validate(ctx, scratch, func() error { return d.countReplayed(ctx, scratch) })
}

// judgeHeartbeats says whether the replay ended between the two heartbeats, of which the first alone may be there.
func (d *drill) judgeHeartbeats(wanted, next bool, target models.WALTarget) {
	fault := ""
	switch {
	case !wanted:
		fault = fmt.Sprintf("The heartbeat %d of %s is missing.", target.Wanted.ID, target.Wanted.At.Format(time.RFC3339))
	case next:
		fault = fmt.Sprintf("The heartbeat %d is there, which is behind the target.", target.Next.ID)
	}
	d.judge("heartbeat", fault, fmt.Sprintf("%d of %s is the last, as wanted.", target.Wanted.ID, target.Wanted.At.Format(time.RFC3339)))
}

// countReplayed reads every row; nothing else knows how many there were at that moment.
func (d *drill) countReplayed(ctx context.Context, scratch *postgres.Scratch) error {
	counted, err := scratch.Count(ctx)
	if err != nil {
		d.note("row_counts", models.DrillFail, "%s", words(err))
		return ctx.Err()
	}
	for _, t := range counted.Tables {
		d.evidence.Rows += t.Rows
	}
	fault := ""
	if d.evidence.Rows == 0 {
		fault = "There is no row in any table."
	}
	d.judge("row_counts", fault, fmt.Sprintf("%d rows in %d tables could be read.", d.evidence.Rows, len(counted.Tables)))
	fault, err = scratch.Dangling(ctx) // of a dump pg_restore has looked
	switch {
	case counted.ForeignKeys == 0 || counted.Unvalidated > 0:
		fault = fmt.Sprintf("%d foreign keys, %d of them not validated.", counted.ForeignKeys, counted.Unvalidated)
	case err != nil:
		fault = words(err)
	}
	d.judge("foreign_keys", fault, fmt.Sprintf("%d, all validated against the rows.", counted.ForeignKeys))
	return ctx.Err()
}

// project says how long it would take at the size of the cluster now, and with all WAL since the newest backup.
func (d *drill) project() {
	e := d.evidence.Replay
	grown := max(1, float64(e.ClusterBytes)/float64(max(e.BackupBytes, 1)))
	longer := max(1, float64(e.PendingWALBytes)/float64(max(e.WALBytes, 1)))
	e.ProjectedRTOSeconds = (d.evidence.FetchSeconds+d.evidence.ValidateSeconds)*grown + d.evidence.RestoreSeconds*longer
}
