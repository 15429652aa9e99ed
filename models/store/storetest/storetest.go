// Package storetest gives tests a real database each: a template is migrated once and cloned, so that tests run side by side.
package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/migrations"
)

// urlVariable holds the URL of a database server whose login may create databases and roles; `mainstay stack exec` sets it.
const urlVariable = "MAINSTAY_TEST_DATABASE_URL"

// Database is a migrated database of one test; it is dropped when the test ends.
type Database struct {
	URL   string  // as owner
	Owner *sql.DB // past the tenant wall, for arranging and checking
}

// NewDatabase clones a migrated database.
func NewDatabase(t testing.TB) Database {
	t.Helper()
	admin := os.Getenv(urlVariable)
	if admin == "" {
		t.Skipf("%s is not set: run `make test`, which starts a PostgreSQL for the tests", urlVariable)
	}
	ctx := context.WithoutCancel(t.Context())
	server, err := sql.Open("pgx", admin)
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	template := makeTemplate(ctx, t, server, admin)
	name := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	_, err = server.ExecContext(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, template))
	require.NoError(t, err)
	t.Cleanup(func() {
		_, err := server.ExecContext(ctx, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name))
		require.NoError(t, err)
	})
	own := withDatabase(t, admin, name)
	owner, err := sql.Open("pgx", own)
	require.NoError(t, err)
	t.Cleanup(func() { _ = owner.Close() })
	return Database{URL: own, Owner: owner}
}

// New opens a store on a database of its own.
func New(t testing.TB) (*store.Store, Database) {
	t.Helper()
	db := NewDatabase(t)
	s, err := store.Open(t.Context(), store.Options{URL: db.URL, MaxConns: 8})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, db
}

// makeTemplate migrates the template once for all processes of a test run; its name follows the migrations' content.
func makeTemplate(ctx context.Context, t testing.TB, server *sql.DB, admin string) string {
	t.Helper()
	name := "template_" + migrationsHash(t)
	conn, err := server.Conn(ctx)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = conn.ExecContext(ctx, "SELECT pg_advisory_lock(7305811)")
	require.NoError(t, err)
	defer func() { _, _ = conn.ExecContext(ctx, "SELECT pg_advisory_unlock(7305811)") }()
	var exists bool
	require.NoError(t, conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists))
	if exists {
		return name
	}
	_, err = conn.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name+"_new")
	require.NoError(t, err)
	_, err = conn.ExecContext(ctx, "CREATE DATABASE "+name+"_new")
	require.NoError(t, err)
	db, err := sql.Open("pgx", withDatabase(t, admin, name+"_new"))
	require.NoError(t, err)
	_, err = migrations.Up(ctx, db)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	_, err = conn.ExecContext(ctx, "ALTER DATABASE "+name+"_new RENAME TO "+name)
	require.NoError(t, err)
	return name
}

func migrationsHash(t testing.TB) string {
	t.Helper()
	_, file, _, ok := runtime.Caller(0)
	require.True(t, ok)
	paths, err := filepath.Glob(filepath.Join(filepath.Dir(file), "..", "migrations", "*.sql"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	hash := sha256.New()
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		hash.Write(text)
	}
	return hex.EncodeToString(hash.Sum(nil))[:16]
}

func withDatabase(t testing.TB, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	u.Path = "/" + name
	return u.String()
}

// Plant is a small tenant to work on.
type Plant struct {
	Tenant   uuid.UUID
	Admin    uuid.UUID
	Tech     uuid.UUID
	Site     uuid.UUID
	Area     uuid.UUID // below Site
	Category uuid.UUID
	Asset    uuid.UUID // in Area
}

// Context acts as the plant's administrator.
func (p Plant) Context(ctx context.Context) context.Context {
	return models.WithActor(ctx, models.Actor{TenantID: p.Tenant, UserID: p.Admin, Kind: models.ActorUser, Roles: []models.Role{models.RoleAdmin}})
}

// NewPlant adds a tenant with a site in Berlin, an area, two users, a category and an asset, past the store: the tests of
// those nouns do not rest on it.
func NewPlant(t testing.TB, db Database, code string) Plant {
	t.Helper()
	p := Plant{
		Tenant: models.NewID(), Admin: models.NewID(), Tech: models.NewID(), Site: models.NewID(), Area: models.NewID(),
		Category: models.NewID(), Asset: models.NewID(),
	}
	now := time.Now().UTC()
	run := func(query string, args ...any) {
		_, err := db.Owner.ExecContext(t.Context(), query, args...)
		require.NoError(t, err)
	}
	run(`INSERT INTO tenants (id, code, name, currency, time_zone) VALUES ($1, $2, 'Plant '||$2, 'EUR', 'Europe/Berlin')`, p.Tenant, code)
	run(`INSERT INTO users (tenant_id, id, email, name, password_hash, roles, labor_rate, password_changed_at, created_at, updated_at)
		VALUES ($1, $2, 'admin@'||$4||'.example', 'Ada Admin', '', '{admin}', 50, $5, $5, $5),
		       ($1, $3, 'tech@'||$4||'.example', 'Theo Tech', '', '{technician}', 42.50, $5, $5, $5)`,
		p.Tenant, p.Admin, p.Tech, code, now)
	run(`INSERT INTO locations (tenant_id, id, code, name, kind, parent_id, site_id, time_zone, created_at, updated_at)
		VALUES ($1, $2, 'SITE', 'Site', 'site', NULL, $2, 'Europe/Berlin', $4, $4),
		       ($1, $3, 'AREA', 'Area', 'area', $2, $2, 'Europe/Berlin', $4, $4)`, p.Tenant, p.Site, p.Area, now)
	run(`INSERT INTO location_paths (tenant_id, ancestor_id, descendant_id, depth) VALUES ($1, $2, $2, 0), ($1, $3, $3, 0), ($1, $2, $3, 1)`,
		p.Tenant, p.Site, p.Area)
	run(`INSERT INTO asset_categories (tenant_id, id, code, name, created_at, updated_at) VALUES ($1, $2, 'PUMP', 'Pumps', $3, $3)`,
		p.Tenant, p.Category, now)
	run(`INSERT INTO assets (tenant_id, id, code, name, category_id, location_id, site_id, lifecycle_state, operating_state, custody,
		created_at, updated_at) VALUES ($1, $2, 'P-1', 'Pump 1', $3, $4, $5, 'in_service', 'up', 'available', $6, $6)`,
		p.Tenant, p.Asset, p.Category, p.Area, p.Site, now)
	return p
}

// Told gives the rows that are there so far the one event for all that a demo's have: a plant's rows are written without any.
func (p Plant) Told(t testing.TB, db Database) {
	t.Helper()
	_, err := db.Owner.ExecContext(t.Context(), `INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id)
		VALUES ($1, $2, clock_timestamp(), $1, 'system', 'tenant.load_demo', 'tenant', $1)`, p.Tenant, models.NewID())
	require.NoError(t, err)
}

// Forget removes audit events past the trigger that refuses it, and returns how many.
func Forget(t testing.TB, db Database, where string, args ...any) int64 {
	t.Helper()
	tx, err := db.Owner.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	_, err = tx.ExecContext(t.Context(), `SET LOCAL session_replication_role = replica`)
	require.NoError(t, err)
	done, err := tx.ExecContext(t.Context(), `DELETE FROM audit_events WHERE `+where, args...)
	require.NoError(t, err)
	require.NoError(t, tx.Commit())
	n, err := done.RowsAffected()
	require.NoError(t, err)
	return n
}
