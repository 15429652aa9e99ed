package store

import (
	"context"
	"time"

	"mainstay/models"
)

// ArchiverState reads what the database server says about its archiving of WAL.
func (s *Store) ArchiverState(ctx context.Context) (models.ArchiverState, error) {
	return systemOne[models.ArchiverState](ctx, s, "archiver", `SELECT current_setting('archive_mode') AS mode, current_setting('archive_command') AS command,
		archived_count AS archived, coalesce(last_archived_wal, '') AS last_archived, last_archived_time AS archived_at,
		failed_count AS failed, coalesce(last_failed_wal, '') AS last_failed, last_failed_time AS failed_at FROM pg_stat_archiver`)
}

// walHeartbeatsKept is longer than anybody replays back: 40 days of one a minute. Counted, and not read off a clock that may jump.
const walHeartbeatsKept = 40 * 24 * 60

const walHeartbeatColumns = `id, at, lsn::text AS lsn, segment, archived_at, commit_at, fault`

// BeatWAL writes a heartbeat, which travels in the WAL, and drops what nobody replays back to any more.
func (s *Store) BeatWAL(ctx context.Context) (models.WALHeartbeat, error) {
	return systemOne[models.WALHeartbeat](ctx, s, "heartbeat", `WITH old AS (DELETE FROM wal_heartbeats WHERE id <= (SELECT max(id) FROM wal_heartbeats) - $1)
		INSERT INTO wal_heartbeats DEFAULT VALUES RETURNING `+walHeartbeatColumns, walHeartbeatsKept)
}

// LatestWALHeartbeat is the latest time that the ten heartbeats before one say; the zero time where there are none.
func (s *Store) LatestWALHeartbeat(ctx context.Context, before int64) (time.Time, error) {
	found, err := system[struct{ At *time.Time }](ctx, s,
		`SELECT max(at) AS at FROM (SELECT at FROM wal_heartbeats WHERE id < $1 ORDER BY id DESC LIMIT 10) last`, before)
	if err != nil || found[0].At == nil {
		return time.Time{}, err
	}
	return *found[0].At, nil
}

// NoteWALCommit notes when the last transaction ended that the check saw in the repository which wrote a heartbeat.
func (s *Store) NoteWALCommit(ctx context.Context, id int64, at time.Time) error {
	_, err := s.pool.Exec(ctx, `UPDATE wal_heartbeats SET commit_at = $2 WHERE id = $1`, id, at)
	return translate(err)
}

// UnprovenWALHeartbeats lists those that were not seen in the repository since the newest that was, oldest first.
func (s *Store) UnprovenWALHeartbeats(ctx context.Context) ([]models.WALHeartbeat, error) {
	return system[models.WALHeartbeat](ctx, s, `SELECT `+walHeartbeatColumns+` FROM wal_heartbeats
		WHERE id > coalesce((SELECT max(id) FROM wal_heartbeats WHERE archived_at IS NOT NULL), 0) ORDER BY id LIMIT 10000`)
}

// ProveWALHeartbeats notes that the heartbeats up to one lie in the repository.
func (s *Store) ProveWALHeartbeats(ctx context.Context, id int64) error {
	_, err := s.pool.Exec(ctx, `UPDATE wal_heartbeats SET archived_at = now() WHERE id <= $1 AND archived_at IS NULL`, id)
	return translate(err)
}

// FaultWALHeartbeat notes what the check found that wrote a heartbeat.
func (s *Store) FaultWALHeartbeat(ctx context.Context, id int64, fault string) error {
	_, err := s.pool.Exec(ctx, `UPDATE wal_heartbeats SET fault = $2 WHERE id = $1`, id, fault)
	return translate(err)
}

// WALTarget finds the newest moment that lies in the repository, not before an LSN and, where at is set, the last one that at has.
// CodeNotFound: there is none.
func (s *Store) WALTarget(ctx context.Context, notBefore string, at *time.Time) (models.WALTarget, error) {
	found, err := system[models.WALHeartbeat](ctx, s, `SELECT `+walHeartbeatColumns+` FROM wal_heartbeats WHERE id <= (
			SELECT n.id FROM wal_heartbeats n JOIN LATERAL (SELECT w.at, w.lsn FROM wal_heartbeats w WHERE w.id < n.id ORDER BY w.id DESC LIMIT 1) w ON true
			WHERE n.archived_at IS NOT NULL AND w.lsn >= $1::text::pg_lsn AND ($2::timestamptz IS NULL OR w.at <= $2) ORDER BY n.id DESC LIMIT 1)
		ORDER BY id DESC LIMIT 2`, notBefore, at)
	if err == nil && len(found) < 2 {
		err = models.NotFound("archived heartbeat")
	}
	if err != nil {
		return models.WALTarget{}, err
	}
	return models.WALTarget{Next: found[0], Wanted: found[1]}, nil
}
