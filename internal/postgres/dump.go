package postgres

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// lockTimeout is how long pg_dump waits for a table that a migration holds.
const lockTimeout = "60s"

// DumpOptions says what to dump.
type DumpOptions struct {
	// Database is the URL of a login that reads every row: a superuser, or one with BYPASSRLS and pg_read_all_data.
	Database string
	// Key seals the dump.
	Key RecoveryKey
}

// Dump is a stored moment of a database, as far as the manifest can say before it is stored.
type Dump struct {
	SnapshotAt    time.Time
	Database      string
	ServerVersion string
	Tables        []models.BackupTable
	Roles         []models.BackupRole
	ForeignKeys   int
	Plain         Sum
}

// Dump streams one moment of a database, compressed and encrypted, into `to`. The rows are counted in the very snapshot that pg_dump
// writes, so a restore has exactly as many. A login that row-level security would hide rows from is refused by PostgreSQL.
func (t Tools) Dump(ctx context.Context, o DumpOptions, to io.Writer) (Dump, error) {
	address, env, err := connection(o.Database)
	if err != nil {
		return Dump{}, err
	}
	conn, err := pgx.Connect(ctx, o.Database)
	if err != nil {
		return Dump{}, fmt.Errorf("postgres: %w: %w", errDatabaseAway, err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return Dump{}, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	var d Dump
	var snapshot string
	if err := tx.QueryRow(ctx, `SELECT pg_export_snapshot(), clock_timestamp(), current_database(), current_setting('server_version')`).
		Scan(&snapshot, &d.SnapshotAt, &d.Database, &d.ServerVersion); err != nil {
		return Dump{}, fmt.Errorf("postgres: %w", err)
	}
	d.SnapshotAt = d.SnapshotAt.UTC()
	if d.Tables, d.ForeignKeys, err = countRows(ctx, tx); err != nil {
		return Dump{}, err
	}
	if d.Roles, err = roles(ctx, tx); err != nil {
		return Dump{}, err
	}
	d.Plain, err = o.Key.seal(to, func(plain io.Writer) error {
		return t.run(ctx, "pg_dump", []string{
			"--format=custom", "--compress=0", "--no-password", "--lock-wait-timeout=" + lockTimeout, "--snapshot=" + snapshot, "--dbname=" + address,
		}, env, plain)
	})
	return d, err
}

var errDatabaseAway = &models.Error{Code: models.CodeUnavailable, Detail: "The database is away."}

// countRows counts every table of our own, and the foreign keys.
func countRows(ctx context.Context, tx pgx.Tx) (tables []models.BackupTable, foreignKeys int, err error) {
	if _, err := tx.Exec(ctx, `SET LOCAL row_security = off`); err != nil {
		return nil, 0, err
	}
	rows, err := tx.Query(ctx, `SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\_%' ORDER BY 1`)
	if err != nil {
		return nil, 0, err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, 0, err
	}
	for _, name := range names {
		t := models.BackupTable{Name: name}
		if err := tx.QueryRow(ctx, `SELECT count(*) FROM `+name).Scan(&t.Rows); err != nil {
			return nil, 0, fmt.Errorf("postgres: count %s: %w", name, err)
		}
		tables = append(tables, t)
	}
	err = tx.QueryRow(ctx, `SELECT count(*) FROM pg_constraint WHERE contype = 'f'`).Scan(&foreignKeys)
	return tables, foreignKeys, err
}

// roles lists what owns, and what is granted: a restore creates those that are missing before it begins.
func roles(ctx context.Context, tx pgx.Tx) ([]models.BackupRole, error) {
	rows, err := tx.Query(ctx, `SELECT r.rolname, r.rolbypassrls, coalesce((SELECT array_agg(g.rolname::text ORDER BY 1)
			FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid), '{}')
		FROM pg_roles r WHERE r.rolname NOT LIKE 'pg\_%' ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (models.BackupRole, error) {
		var r models.BackupRole
		return r, row.Scan(&r.Name, &r.BypassRLS, &r.MemberOf)
	})
}
