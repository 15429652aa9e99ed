package postgres

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"mainstay/internal/stack"
	"mainstay/models"
)

// restoreJobs is how many tables pg_restore loads side by side.
const restoreJobs = "2"

// Scratch is a database server of a drill's own: in a folder that goes with it, on a free port of this host.
type Scratch struct {
	tools    Tools
	dir      string
	database string
	server   server
	log      tail
}

// server is what a scratch server is: one that was made for a dump, or one on restored files.
type server interface {
	URL(database string) string
	Stop() error
}

// StartScratch starts a server below dir, which is emptied first: a drill whose worker was killed begins anew. As root the server runs
// as an unprivileged user. It is as durable as a real one, or its times would mean nothing.
func (t Tools) StartScratch(ctx context.Context, dir string) (*Scratch, error) {
	if err := os.RemoveAll(filepath.Join(dir, "data")); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o711); err != nil { //nolint:gosec // the unprivileged server walks through it
		return nil, err
	}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // past the umask
		return nil, err
	}
	ports, err := stack.FreePorts(1)
	if err != nil {
		return nil, err
	}
	s := &Scratch{tools: t, dir: dir, database: restored}
	s.server, err = stack.StartPostgres(ctx, stack.PostgresOptions{
		BinDir: t.Dir, DataDir: filepath.Join(dir, "data"), Port: ports[0], Password: rand.Text(), Output: &s.log,
	})
	return s, err
}

// ErrNotReplayed says that a restored cluster did not get to its target: the error that wraps it holds what its server said.
var ErrNotReplayed = stack.ErrNotReplayed

// StartReplayed starts a server on a cluster that pgBackRest restored into data below dir, and returns when it has replayed to its target.
// The login of databaseURL and its database are those of the original. The programs of the cluster's own major version are looked for.
func StartReplayed(ctx context.Context, dir, data, databaseURL string) (*Scratch, error) {
	bin, err := stack.FindPostgres(ctx, data, func(string) {})
	if err != nil {
		return nil, err
	}
	original, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, errors.New("postgres: the database URL cannot be read")
	}
	s := &Scratch{tools: Tools{Dir: bin}, dir: dir, database: original.Database}
	running, err := stack.StartRestored(ctx, stack.RestoredOptions{
		BinDir: bin, DataDir: data, Login: original.User, Database: original.Database, Output: &s.log,
	})
	if err != nil {
		return nil, err
	}
	s.server = running
	return s, nil
}

// Close stops the server and removes its folder.
func (s *Scratch) Close() error { return errors.Join(s.server.Stop(), os.RemoveAll(s.dir)) }

// restored is the database that the scratch server restores into.
const restored = "restored"

// URL reaches the restored database as the superuser.
func (s *Scratch) URL() string { return s.server.URL(s.database) }

// Version is the scratch server's.
func (s *Scratch) Version(ctx context.Context) (version string, err error) {
	err = s.with(ctx, s.database, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SHOW server_version`).Scan(&version)
	})
	return version, err
}

// Restore creates the roles and the database and loads a dump from a file. Any error of pg_restore ends it.
func (s *Scratch) Restore(ctx context.Context, file string, m models.BackupManifest) error {
	if err := s.with(ctx, "postgres", func(conn *pgx.Conn) error { return createRoles(ctx, conn, m.Roles) }); err != nil {
		return err
	}
	address, env, err := connection(s.URL())
	if err != nil {
		return err
	}
	return s.tools.run(ctx, "pg_restore", []string{
		"--exit-on-error", "--no-password", "--jobs=" + restoreJobs, "--dbname=" + address, file,
	}, env, io.Discard)
}

// createRoles makes the roles without passwords and without a login, then the empty database.
func createRoles(ctx context.Context, conn *pgx.Conn, roles []models.BackupRole) error {
	quoted := func(name string) string { return pgx.Identifier{name}.Sanitize() }
	known := map[string]bool{}
	rows, err := conn.Query(ctx, `SELECT rolname::text FROM pg_roles`)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		known[name] = true
	}
	for _, r := range roles {
		if known[r.Name] {
			continue
		}
		rights := " NOLOGIN"
		if r.BypassRLS {
			rights += " BYPASSRLS"
		}
		if _, err := conn.Exec(ctx, "CREATE ROLE "+quoted(r.Name)+rights); err != nil {
			return fmt.Errorf("postgres: role %s: %w", r.Name, err)
		}
	}
	for _, r := range roles {
		for _, group := range r.MemberOf {
			if _, err := conn.Exec(ctx, "GRANT "+quoted(group)+" TO "+quoted(r.Name)); err != nil {
				return fmt.Errorf("postgres: role %s: %w", r.Name, err)
			}
		}
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+restored)
	return err
}

func (s *Scratch) with(ctx context.Context, database string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, s.server.URL(database))
	if err != nil {
		return err
	}
	return errors.Join(do(conn), conn.Close(context.WithoutCancel(ctx)))
}

// ErrNoTool says that a check cannot be made on this host.
var ErrNoTool = errors.New("not installed on this host")

// ErrNoSuperuser says that a check cannot be made with this login.
var ErrNoSuperuser = errors.New("it needs a superuser's login")

// CheckBlocks reads every heap page and index of the restored database with pg_amcheck. ErrNoTool: it is not here.
func (s *Scratch) CheckBlocks(ctx context.Context) error { return s.tools.CheckBlocks(ctx, s.URL()) }

// CheckBlocks reads every heap page and index of a database with pg_amcheck. ErrNoTool: it is not here; ErrNoSuperuser: the login is none.
func (t Tools) CheckBlocks(ctx context.Context, databaseURL string) error {
	if !t.has("pg_amcheck") {
		return fmt.Errorf("pg_amcheck: %w", ErrNoTool)
	}
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return err
	}
	var available, superuser bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'amcheck'), current_setting('is_superuser') = 'on'`).
		Scan(&available, &superuser)
	if err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))); err != nil {
		return err
	}
	if !available {
		return fmt.Errorf("the extension amcheck: %w", ErrNoTool)
	}
	if !superuser {
		return fmt.Errorf("pg_amcheck: %w", ErrNoSuperuser)
	}
	database, env, err := variables(databaseURL)
	if err != nil {
		return err
	}
	found := &tail{}
	if err := t.run(ctx, "pg_amcheck", []string{"--install-missing", "--heapallindexed", "--no-password", "--jobs=" + restoreJobs, database}, env, found); err != nil {
		return fmt.Errorf("%w %s", err, found.text)
	}
	return nil
}

// Counted is what a restored database holds.
type Counted struct {
	Tables      []models.BackupTable
	ForeignKeys int // of which
	Unvalidated int // were never checked against the rows
}

// Count counts the rows and the foreign keys of the restored database.
func (s *Scratch) Count(ctx context.Context) (c Counted, err error) { return Count(ctx, s.URL()) }

// Count counts the rows and the foreign keys of a database, as a login that reads every row.
func Count(ctx context.Context, databaseURL string) (c Counted, err error) {
	err = onServer(ctx, databaseURL, func(conn *pgx.Conn) error {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
		if c.Tables, c.ForeignKeys, err = countRows(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated`).Scan(&c.Unvalidated)
	})
	return c, err
}

// Dangling names the first foreign key of the restored database that has a row which points to none.
func (s *Scratch) Dangling(ctx context.Context) (fault string, err error) {
	return Dangling(ctx, s.URL())
}

// danglingQueries makes a query of each foreign key: is there a row that points to none?
const danglingQueries = `SELECT c.conname, c.conrelid::regclass::text,
		format('SELECT EXISTS (SELECT FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s))',
			c.conrelid::regclass, string_agg(format('c.%I IS NOT NULL', child.attname), ' AND '),
			c.confrelid::regclass, string_agg(format('p.%I = c.%I', parent.attname, child.attname), ' AND '))
	FROM pg_constraint c CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k (child, parent)
	JOIN pg_attribute child ON child.attrelid = c.conrelid AND child.attnum = k.child
	JOIN pg_attribute parent ON parent.attrelid = c.confrelid AND parent.attnum = k.parent
	WHERE c.contype = 'f' AND c.conparentid = 0 GROUP BY c.oid, c.conname, c.conrelid, c.confrelid ORDER BY 2, 1`

// Dangling holds the rows of a database against its foreign keys, as a login that reads every row, and names the first key that has a row
// which points to none; "" where there is no such row. PostgreSQL itself trusts a key once it is validated: neither a damaged cluster nor rows
// that were written past the triggers make it look again.
func Dangling(ctx context.Context, databaseURL string) (fault string, err error) {
	type foreignKey struct{ Name, Table, Query string }
	err = onServer(ctx, databaseURL, func(conn *pgx.Conn) error {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
		if _, err := tx.Exec(ctx, `SET LOCAL row_security = off`); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, danglingQueries)
		if err != nil {
			return err
		}
		keys, err := pgx.CollectRows(rows, pgx.RowToStructByPos[foreignKey])
		if err != nil {
			return err
		}
		for _, k := range keys {
			var found bool
			if err := tx.QueryRow(ctx, k.Query).Scan(&found); err != nil {
				return fmt.Errorf("postgres: foreign key %s of %s: %w", k.Name, k.Table, err)
			}
			if found {
				fault = fmt.Sprintf("A row of %s points to none: foreign key %s.", k.Table, k.Name)
				return nil
			}
		}
		return nil
	})
	return fault, err
}

// StoredFile is what an attachment's row says about its object.
type StoredFile struct {
	Key    string
	Size   int64
	SHA256 string // hex
}

// Checksums reports whether the server checks every page that it reads.
func (s *Scratch) Checksums(ctx context.Context) (on bool, err error) {
	err = s.with(ctx, s.database, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT current_setting('data_checksums') = 'on'`).Scan(&on)
	})
	return on, err
}

// Heartbeats counts the rows of two heartbeats: a replay to where the second begins has the first alone.
func (s *Scratch) Heartbeats(ctx context.Context, wanted, next int64) (hasWanted, hasNext bool, err error) {
	err = s.with(ctx, s.database, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM wal_heartbeats WHERE id = $1), EXISTS (SELECT FROM wal_heartbeats WHERE id >= $2)`,
			wanted, next).Scan(&hasWanted, &hasNext)
	})
	return hasWanted, hasNext, err
}

// Files lists the objects that rows of the restored database point to.
func (s *Scratch) Files(ctx context.Context) (files []StoredFile, err error) {
	err = s.with(ctx, s.database, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, `SELECT object_key, size_bytes, encode(sha256, 'hex') FROM attachments
			WHERE uploaded_at IS NOT NULL AND deleted_at IS NULL ORDER BY object_key`)
		if err != nil {
			return err
		}
		files, err = pgx.CollectRows(rows, pgx.RowToStructByPos[StoredFile])
		return err
	})
	return files, err
}
