//go:build bench

package main

import (
	"database/sql"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

const (
	benchDue = 1_000 // due schedules in one round
	benchSet = 500   // as the planner's activity
)

// generation is a database with schedules of two sites: ours generates for one, bare SQL for the other.
type generation struct {
	t     *testing.T
	store *store.Store
	db    storetest.Database
	plant storetest.Plant
	other uuid.UUID
}

func newGeneration(t *testing.T) *generation {
	t.Helper()
	s, db := storetest.New(t)
	g := &generation{t: t, store: s, db: db, plant: storetest.NewPlant(t, db, "bench"), other: models.NewID()}
	g.exec(`INSERT INTO locations (tenant_id, id, code, name, kind, site_id, time_zone, created_at, updated_at)
		VALUES ($1, $2, 'OTHER', 'Other', 'site', $2, 'Europe/Berlin', now(), now())`, g.plant.Tenant, g.other)
	return g
}

func (g *generation) exec(query string, args ...any) {
	g.t.Helper()
	_, err := g.db.Owner.ExecContext(g.t.Context(), query, args...)
	require.NoError(g.t, err)
}

// schedules adds daily schedules of a site: due today, or not for a year. As in the product, ids are UUIDv7 and numbers rise.
func (g *generation) schedules(site uuid.UUID, count int, due bool) {
	g.t.Helper()
	g.exec(`INSERT INTO maintenance_schedules (tenant_id, id, number, title, asset_id, location_id, site_id, rrule, starts_on, catch_up,
			priority, status, next_due_on, next_due_key, generate_at, created_at, updated_at)
		SELECT $1, (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3)
				|| '8' || substr(md5(random()::text), 1, 15))::uuid,
			'B-' || (extract(epoch FROM now()) * 1000000)::bigint || '-' || lpad(n::text, 7, '0'), 'Grease ' || n, $2, $3, $4, 'FREQ=DAILY', d.day, 'one', 'medium', 'active',
			d.day, d.day::text, d.day::timestamp AT TIME ZONE 'Europe/Berlin', now(), now()
		FROM generate_series(1, $5) n, (SELECT current_date + CASE WHEN $6 THEN 0 ELSE 365 END AS day) d`,
		g.plant.Tenant, g.plant.Asset, g.plant.Area, site, count, due)
}

// ours generates what is due and returns how long that took.
func (g *generation) ours() time.Duration {
	g.t.Helper()
	ctx := models.WithActor(g.t.Context(), models.SystemActor(g.plant.Tenant))
	made, began := 0, time.Now()
	for made < benchDue {
		result, err := g.store.GenerateDue(ctx, g.plant.Site, time.Now().UTC(), benchSet)
		require.NoError(g.t, err)
		require.NotZero(g.t, result.Generated)
		made += result.Generated
	}
	return time.Since(began)
}

// bare writes the same rows for the other site: values computed beforehand, one transaction, as the tables' owner.
func (g *generation) bare() time.Duration {
	g.t.Helper()
	conn, err := g.db.Owner.Conn(g.t.Context())
	require.NoError(g.t, err)
	defer func() { require.NoError(g.t, conn.Close()) }()
	run := func(statements ...string) {
		for _, statement := range statements {
			_, err := conn.ExecContext(g.t.Context(), statement)
			require.NoError(g.t, err)
		}
	}
	g.prepare(conn, run)
	began := time.Now()
	run("BEGIN",
		`INSERT INTO work_orders SELECT * FROM bare_orders`, `INSERT INTO occurrences SELECT * FROM bare_occurrences`,
		`INSERT INTO audit_events SELECT * FROM bare_events`,
		`INSERT INTO outbox (tenant_id, kind, process, subject_id, queue, attributes, due_at, created_at) SELECT * FROM bare_starts`,
		`UPDATE maintenance_schedules m SET next_due_on = b.next_due_on, next_due_key = b.next_due_key, generate_at = b.generate_at
			FROM bare_schedules b WHERE m.tenant_id = b.tenant_id AND m.id = b.id`,
		"COMMIT")
	return time.Since(began)
}

// prepare copies the rows of our last round, under new ids, for the other site's due schedules.
func (g *generation) prepare(conn *sql.Conn, run func(...string)) {
	g.t.Helper()
	run(`DROP TABLE IF EXISTS pg_temp.bare_pairs, bare_orders, bare_occurrences, bare_events, bare_starts, bare_schedules`)
	_, err := conn.ExecContext(g.t.Context(), `CREATE TEMP TABLE bare_pairs AS
		SELECT w.id AS was, gen_random_uuid() AS id, s.id AS schedule_id FROM
			(SELECT id, row_number() OVER () AS n FROM (SELECT id FROM work_orders WHERE number LIKE 'WO-%' ORDER BY created_at DESC LIMIT `+
		"1000"+`) x) w
		JOIN (SELECT id, row_number() OVER () AS n FROM maintenance_schedules WHERE site_id = '`+g.other.String()+`'
			AND generate_at <= now()) s USING (n)`)
	require.NoError(g.t, err)
	run(`CREATE TEMP TABLE bare_orders AS SELECT w.* FROM work_orders w JOIN bare_pairs p ON p.was = w.id`,
		`UPDATE bare_orders w SET id = p.id, schedule_id = p.schedule_id, number = 'B-' || p.id FROM bare_pairs p WHERE p.was = w.id`,
		`CREATE TEMP TABLE bare_occurrences AS SELECT o.* FROM occurrences o JOIN bare_pairs p ON p.was = o.work_order_id`,
		`UPDATE bare_occurrences o SET work_order_id = p.id, schedule_id = p.schedule_id FROM bare_pairs p WHERE p.was = o.work_order_id`,
		`CREATE TEMP TABLE bare_events AS SELECT e.* FROM audit_events e JOIN bare_pairs p ON p.was = e.subject_id`,
		`UPDATE bare_events e SET id = gen_random_uuid(), subject_id = p.id FROM bare_pairs p WHERE p.was = e.subject_id`,
		`CREATE TEMP TABLE bare_starts AS SELECT tenant_id, kind, process, p.id AS subject_id, queue, attributes, due_at, created_at
			FROM outbox o JOIN bare_pairs p ON p.was = o.subject_id`,
		`CREATE TEMP TABLE bare_schedules AS SELECT m.tenant_id, m.id, m.next_due_on + 1 AS next_due_on,
			(m.next_due_on + 1)::text AS next_due_key, m.generate_at + interval '1 day' AS generate_at
			FROM maintenance_schedules m JOIN bare_pairs p ON p.schedule_id = m.id`,
		"ANALYZE bare_orders", "ANALYZE bare_schedules")
}

func TestBenchGeneration(t *testing.T) {
	g := newGeneration(t)
	var ratios, ours []float64
	for round := range benchRounds + 2 {
		g.schedules(g.plant.Site, benchDue, true)
		g.schedules(g.other, benchDue, true)
		g.exec("ANALYZE maintenance_schedules")
		mine, bare := g.ours(), g.bare()
		if round < 2 {
			continue // plans, caches
		}
		ratios = append(ratios, bare.Seconds()/mine.Seconds())
		ours = append(ours, benchDue/mine.Seconds())
	}
	slices.Sort(ratios)
	figure("pm_generation_rows_per_s", median(ours), "1/s")
	figure("pm_generation_ratio_vs_sql", median(ratios), "ratio")
	figure("pm_generation_ratio_vs_sql_min", ratios[0], "ratio")
	figure("pm_generation_ratio_vs_sql_max", ratios[len(ratios)-1], "ratio")
}

func TestBenchGenerationGrowth(t *testing.T) {
	small, large := newGeneration(t), newGeneration(t)
	large.schedules(large.plant.Site, 99*benchDue, false)
	round := func(g *generation) float64 {
		g.schedules(g.plant.Site, benchDue, true)
		g.exec("ANALYZE maintenance_schedules")
		return g.ours().Seconds() / benchDue
	}
	var ratios, smalls, larges []float64
	for n := range benchRounds + 2 {
		s, l := round(small), round(large)
		if n < 2 {
			continue // plans, caches
		}
		ratios, smalls, larges = append(ratios, l/s), append(smalls, s), append(larges, l)
	}
	figure("pm_cost_per_occurrence_1k", median(smalls)*1e6, "us")
	figure("pm_cost_per_occurrence_100k", median(larges)*1e6, "us")
	figure("pm_cost_growth_1k_to_100k", median(ratios), "ratio")
}
