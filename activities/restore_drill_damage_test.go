package activities

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"mainstay/internal/postgres"
	"mainstay/internal/stack/stacktest"
	"mainstay/models"
	"mainstay/models/store/storetest"
)

// restoredRows is a dump that was restored into a server of its own, for tests that damage what came out.
type restoredRows struct {
	*testing.T
	db       storetest.Database // that was dumped
	tools    postgres.Tools
	dir      string
	scratch  *postgres.Scratch
	conn     *pgx.Conn // to what was restored
	manifest models.BackupManifest
}

func newRestoredRows(t *testing.T) *restoredRows {
	t.Helper()
	r := &restoredRows{T: t, db: storetest.NewDatabase(t), dir: stacktest.Dir(t)}
	p := storetest.NewPlant(t, r.db, "plant")
	p.Told(t, r.db)
	var err error
	r.tools, err = postgres.FindTools(t.Context())
	require.NoError(t, err)
	var file string
	file, r.manifest = r.dump("whole.dump")
	r.scratch, err = r.tools.StartScratch(t.Context(), filepath.Join(r.dir, "whole"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.scratch.Close()) })
	require.NoError(t, r.scratch.Restore(t.Context(), file, r.manifest))
	r.conn, err = pgx.Connect(t.Context(), r.scratch.URL())
	require.NoError(t, err)
	return r
}

// dump dumps the database as it is now into a file, in clear.
func (r *restoredRows) dump(name string) (file string, m models.BackupManifest) {
	r.Helper()
	identity, err := age.GenerateX25519Identity()
	require.NoError(r, err)
	key, err := postgres.ParseRecoveryKey(identity.String())
	require.NoError(r, err)
	var sealed, plain bytes.Buffer
	d, err := r.tools.Dump(r.Context(), postgres.DumpOptions{Database: r.db.URL, Key: key}, &sealed)
	require.NoError(r, err)
	_, err = key.Open(&sealed, &plain)
	require.NoError(r, err)
	file = filepath.Join(r.dir, name)
	require.NoError(r, os.WriteFile(file, plain.Bytes(), 0o600))
	return file, models.BackupManifest{Tables: d.Tables, Roles: d.Roles, ForeignKeys: d.ForeignKeys}
}

// restored runs SQL in the restored database.
func (r *restoredRows) restored(statements ...string) {
	r.Helper()
	for _, statement := range statements {
		_, err := r.conn.Exec(r.Context(), statement)
		require.NoError(r, err, statement)
	}
}

// red makes the look and returns what failed, by its name.
func (r *restoredRows) red(look func(*drill) error) map[string]string {
	r.Helper()
	d := &drill{operations: &Operations{}}
	require.NoError(r, look(d))
	require.NotEmpty(r, d.checks)
	failed := map[string]string{}
	for _, c := range d.checks {
		if c.Verdict == models.DrillFail {
			failed[c.Name] = c.Detail
		}
	}
	return failed
}

// flipPage changes a byte of a page in the file of a table or an index that no buffer holds: its tablespace was just changed.
func (r *restoredRows) flipPage(relation string, page int) {
	r.Helper()
	var file string
	require.NoError(r, r.conn.QueryRow(r.Context(), `SELECT pg_relation_filepath($1::regclass)`, relation).Scan(&file))
	file = filepath.Join(r.dir, "whole", "data", file)
	content, err := os.ReadFile(file)
	require.NoError(r, err)
	const pageBytes = 8192
	content[page*pageBytes+pageBytes-10] ^= 1
	require.NoError(r, os.WriteFile(file, content, 0o600))
}

// TestADrillNamesWhatIsWrongWithTheRowsThatCameOut damages a restored database in each way that a check is there for.
func TestADrillNamesWhatIsWrongWithTheRowsThatCameOut(t *testing.T) {
	t.Parallel()
	r := newRestoredRows(t)
	ctx := t.Context()
	validate := func(d *drill) error {
		return d.validate(ctx, r.scratch, func() error { return d.count(ctx, r.scratch, r.manifest) })
	}
	count := func(d *drill) error { return d.count(ctx, r.scratch, r.manifest) }
	replayed := func(d *drill) error { return d.countReplayed(ctx, r.scratch) }
	schema := func(d *drill) error { return d.schema(ctx, r.scratch) }
	require.Empty(t, r.red(validate), "nothing is damaged yet")
	require.Empty(t, r.red(replayed))

	r.restored(`SET allow_in_place_tablespaces = on`, `CREATE TABLESPACE elsewhere LOCATION ''`,
		`CREATE TABLE pages AS SELECT generate_series(1, 500) AS id`, `CREATE INDEX pages_id ON pages (id)`, `ALTER INDEX pages_id SET TABLESPACE elsewhere`)
	r.flipPage("pages_id", 1)
	var name, definition string
	require.NoError(t, r.conn.QueryRow(ctx, `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
		WHERE contype = 'f' AND conrelid = 'assets'::regclass AND confrelid = 'asset_categories'::regclass`).Scan(&name, &definition))
	r.restored(`DELETE FROM location_paths WHERE depth = 1`, `ALTER TABLE assets DROP CONSTRAINT `+name)
	red := r.red(validate)
	require.Len(t, red, 3, "each by itself: %v", red)
	require.Regexp(t, `(?s)pages_id.*invalid page in block 1 `, red["amcheck"])
	require.Contains(t, red["row_counts"], "public.location_paths has 2 rows, the manifest says 3.")
	require.Regexp(t, `^\d+ foreign keys, 0 of them not validated; the manifest says \d+`, red["foreign_keys"])

	r.restored(`ALTER TABLE assets ADD CONSTRAINT ` + name + ` ` + definition + ` NOT VALID`)
	require.Regexp(t, `foreign keys, 1 of them not validated`, r.red(count)["foreign_keys"])
	require.Regexp(t, `foreign keys, 1 of them not validated`, r.red(replayed)["foreign_keys"])
	r.restored(`ALTER TABLE assets VALIDATE CONSTRAINT ` + name)
	require.NotContains(t, r.red(count), "foreign_keys")
	r.manifest.Tables = append([]models.BackupTable{{Name: "public.vanished"}}, r.manifest.Tables...)
	require.Equal(t, "The table public.vanished is missing.", r.red(count)["row_counts"])

	// The key is valid, and yet a row points to none: as in the files of a cluster whose rows were written past the triggers.
	require.Empty(t, r.red(replayed))
	r.restored(`SET session_replication_role = replica`, `DELETE FROM asset_categories`, `RESET session_replication_role`)
	require.Equal(t, map[string]string{"foreign_keys": "A row of assets points to none: foreign key " + name + "."}, r.red(replayed))
	r.restored(`ALTER TABLE pages SET TABLESPACE elsewhere`)
	r.flipPage("pages", 0)
	require.Contains(t, r.red(replayed)["row_counts"], "invalid page in block 0")

	require.Empty(t, r.red(schema))
	r.restored(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)`)
	require.Contains(t, r.red(schema)["migrations"], "the migration 99999, which this build does not know")
	r.restored(`DELETE FROM goose_db_version WHERE version_id IN (1, 99999)`)
	require.Contains(t, r.red(schema)["migrations"], "1 missing (out-of-order) migration lower than database version")
}

// TestADrillNamesTheRowThatADumpCannotBeRestoredWith dumps a database in which a row points to none: the dump is whole, and pg_restore refuses it.
func TestADrillNamesTheRowThatADumpCannotBeRestoredWith(t *testing.T) {
	t.Parallel()
	r := &restoredRows{T: t, db: storetest.NewDatabase(t), dir: stacktest.Dir(t)}
	storetest.NewPlant(t, r.db, "plant")
	tx, err := r.db.Owner.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	for _, statement := range []string{`SET LOCAL session_replication_role = replica`, `DELETE FROM asset_categories`} {
		_, err = tx.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	require.NoError(t, tx.Commit())
	r.tools, err = postgres.FindTools(t.Context())
	require.NoError(t, err)
	file, m := r.dump("dangling.dump")
	d := &drill{operations: &Operations{}}
	require.NoError(t, d.restore(t.Context(), r.tools, filepath.Join(r.dir, "dangling"), file, m))
	require.Len(t, d.checks, 1, "nothing is learned from the rest: %v", d.checks)
	require.Equal(t, "restore", d.checks[0].Name)
	require.Equal(t, models.DrillFail, d.checks[0].Verdict)
	require.Regexp(t, `violates foreign key constraint "assets_`, d.checks[0].Detail)
	require.False(t, d.restored)
}
