package store_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// seen keeps the statements that a store sends.
type seen struct{ sql []string }

type seenStart struct{}

func (s *seen) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	return context.WithValue(ctx, seenStart{}, q.SQL)
}

func (*seen) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (s *seen) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (s *seen) TraceBatchQuery(_ context.Context, _ *pgx.Conn, q pgx.TraceBatchQueryData) {
	s.sql = append(s.sql, q.SQL)
}

func (*seen) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// plan is what PostgreSQL would do for a statement behind the tenant wall, as the application's role.
func plan(t *testing.T, db storetest.Database, p storetest.Plant, statement string, args ...any) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URL)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SET LOCAL ROLE mainstay_app`)
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SELECT set_config('app.tenant_id', $1, true)`, p.Tenant.String())
	require.NoError(t, err)
	rows, err := tx.Query(t.Context(), "EXPLAIN "+statement, args...)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return strings.Join(lines, "\n")
}

func manyAssets(t *testing.T, db storetest.Database, p storetest.Plant) {
	t.Helper()
	_, err := db.Owner.ExecContext(t.Context(), `INSERT INTO assets (tenant_id, id, code, name, category_id, location_id, site_id,
		lifecycle_state, operating_state, custody, created_at, updated_at)
		SELECT $1, gen_random_uuid(), 'M' || n, md5(n::text), $2, $3, $4, 'in_service', 'up', 'available', now(), now()
		FROM generate_series(1, 20000) n`, p.Tenant, p.Category, p.Area, p.Site)
	require.NoError(t, err)
	_, err = db.Owner.ExecContext(t.Context(), `VACUUM ANALYZE assets`)
	require.NoError(t, err)
}

func TestAssetPlans(t *testing.T) {
	t.Parallel()
	db := storetest.NewDatabase(t)
	p := storetest.NewPlant(t, db, "one")
	manyAssets(t, db, p)
	trace := &seen{}
	s, err := store.Open(t.Context(), store.Options{URL: db.URL, MaxConns: 2, Tracer: trace})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	rows, err := s.Assets(p.Context(t.Context()), store.AssetFilter{}, store.Page{Limit: 50, Sort: "name"})
	require.NoError(t, err)
	require.Len(t, rows.Items, 50)
	require.Len(t, trace.sql, 2, "the scope and the query, in one message")
	list := plan(t, db, p, trace.sql[1], p.Tenant)
	require.Contains(t, list, "assets_name", list)
	require.NotContains(t, list, "Sort", list)

	// The body of search_assets, as its owner runs it: behind the wall of mainstay_app the trigram index would not be used.
	body := `SELECT id FROM assets WHERE tenant_id = '` + p.Tenant.String() + `' AND
		(code || ' ' || name || ' ' || coalesce(serial_number, '')) ILIKE '%abcdef%' LIMIT 100`
	require.NotContains(t, plan(t, db, p, body), "assets_search")
	var owner, index string
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), `SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'search_assets' AND prosecdef`).Scan(&owner))
	require.Equal(t, "mainstay_search", owner)
	index = planAs(t, db, owner, body)
	require.Contains(t, index, "assets_search", index)
}

func planAs(t *testing.T, db storetest.Database, role, statement string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URL)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	_, err = conn.Exec(t.Context(), `SET ROLE `+pgx.Identifier{role}.Sanitize())
	require.NoError(t, err)
	rows, err := conn.Query(t.Context(), "EXPLAIN "+statement)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return strings.Join(lines, "\n")
}

func TestSearchAssetsStaysInItsTenant(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	rows, err := s.Assets(one.Context(t.Context()), store.AssetFilter{Text: "pump"}, store.Page{Limit: 10, Sort: "code"})
	require.NoError(t, err)
	require.Len(t, rows.Items, 1)
	require.Equal(t, one.Asset, rows.Items[0].ID)
	_, err = s.Asset(two.Context(t.Context()), one.Asset)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
}

// Two people edit the version that both have seen; the second finds out at the commit and leaves nothing behind.
func TestEditThatLostARaceLeavesNothing(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "one")
	ctx := p.Context(t.Context())
	rename := func(name string, before func()) error {
		_, err := s.ChangeAsset(ctx, p.Asset, 1, func(a *models.Asset) error {
			before()
			a.Name = name
			return nil
		}, func(json.RawMessage, json.RawMessage) error { return nil })
		return err
	}
	err := rename("second", func() { require.NoError(t, rename("first", func() {})) })
	require.Equal(t, models.CodePreconditionFailed, models.ErrorCode(err))
	v, err := s.Asset(ctx, p.Asset)
	require.NoError(t, err)
	require.Equal(t, "first", v.Name)
	require.Equal(t, 2, v.Version)
	var events int
	require.NoError(t, db.Owner.QueryRowContext(t.Context(),
		`SELECT count(*) FROM audit_events WHERE subject_id = $1 AND action = 'asset.change'`, p.Asset).Scan(&events))
	require.Equal(t, 1, events)
}

// What a purchase order brought has no fields yet: it may be stored without them, and goes to work with them only.
func TestAReceivedAssetIsJudgedWhenItGoesToWork(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "one")
	ctx := p.Context(t.Context())
	template, err := s.CreateAssetTemplate(ctx, func(m *models.AssetTemplate) error {
		m.Code, m.Name, m.CategoryID, m.Fields = "KSB", "Pump", p.Category, json.RawMessage(`{"required": ["power"]}`)
		return nil
	})
	require.NoError(t, err)
	_, err = db.Owner.ExecContext(t.Context(), `UPDATE assets SET template_id = $2, lifecycle_state = 'received', operating_state = 'disabled', fields = '{}'
		WHERE id = $1`, p.Asset, template)
	require.NoError(t, err)
	version := 1
	to := func(state models.LifecycleState, fields string) error {
		v, err := s.ChangeAsset(ctx, p.Asset, version, func(a *models.Asset) error {
			a.LifecycleState = state
			if fields != "" {
				a.Fields = json.RawMessage(fields)
			}
			return nil
		}, func(_, fields json.RawMessage) error {
			if string(fields) == "{}" {
				return models.InvalidField("/fields", "required", "power is needed.")
			}
			return nil
		})
		if err == nil {
			version = v.Version
		}
		return err
	}
	require.NoError(t, to(models.AssetInStore, ""))
	require.Equal(t, models.CodeInvalid, models.ErrorCode(to(models.AssetCommissioning, "")))
	require.NoError(t, to(models.AssetCommissioning, `{"power": 4}`))
	require.NoError(t, to(models.AssetInService, ""))
}
