package store

import (
	"context"

	"mainstay/models"
)

// ArchiverState reads what the database server says about its archiving of WAL.
func (s *Store) ArchiverState(ctx context.Context) (models.ArchiverState, error) {
	return oneOf[models.ArchiverState](ctx, s, "archiver", `SELECT current_setting('archive_mode') AS mode, current_setting('archive_command') AS command,
		archived_count AS archived, coalesce(last_archived_wal, '') AS last_archived, last_archived_time AS archived_at,
		failed_count AS failed, coalesce(last_failed_wal, '') AS last_failed, last_failed_time AS failed_at FROM pg_stat_archiver`)
}
