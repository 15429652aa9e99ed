package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// WALBytes is how many bytes of WAL lie between two places.
func WALBytes(ctx context.Context, databaseURL, from, to string) (bytes int64, err error) {
	err = onServer(ctx, databaseURL, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT ($2::text::pg_lsn - $1::text::pg_lsn)::bigint`, from, to).Scan(&bytes)
	})
	return bytes, err
}

// ClusterSize says how large a cluster's databases are, how large its WAL segments, and where it writes.
type ClusterSize struct {
	Bytes, SegmentBytes int64
	LSN                 string
}

// Size measures the cluster behind a login.
func Size(ctx context.Context, databaseURL string) (size ClusterSize, err error) {
	err = onServer(ctx, databaseURL, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT (SELECT sum(pg_database_size(oid))::bigint FROM pg_database),
			pg_size_bytes(current_setting('wal_segment_size')), pg_current_wal_insert_lsn()::text`).Scan(&size.Bytes, &size.SegmentBytes, &size.LSN)
	})
	return size, err
}

// SwitchWAL ends the current WAL segment, so that it is archived now.
func SwitchWAL(ctx context.Context, databaseURL string) error {
	return onServer(ctx, databaseURL, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `SELECT pg_switch_wal()`)
		return err
	})
}

func onServer(ctx context.Context, databaseURL string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return errDatabaseAway
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return do(conn)
}
