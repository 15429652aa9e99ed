package store_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// imports drives imports past the workflow: each call is one file.
type imports struct {
	t     *testing.T
	store *store.Store
	ctx   context.Context //nolint:containedctx // of one test
}

func (i imports) start(kind models.ImportKind, m models.ImportMapping, dryRun bool) models.Import {
	i.t.Helper()
	mapping, err := json.Marshal(m)
	require.NoError(i.t, err)
	row := models.Import{ID: models.NewID(), Kind: kind, Mapping: mapping, DryRun: dryRun, ObjectKey: "key", FileSHA256: make([]byte, 32)}
	require.NoError(i.t, i.store.CreateImport(i.ctx, row))
	return row
}

// phase sends all rows in one chunk and ends the phase.
func (i imports) phase(row models.Import, phase models.ImportStatus, header []string, records ...[]string) models.Import {
	i.t.Helper()
	m, err := row.Parsed()
	require.NoError(i.t, err)
	reader, err := models.NewImportReader(row.Kind, m, header, "EUR")
	require.NoError(i.t, err)
	chunk := store.ImportChunk{Phase: phase, Count: len(records), Reader: reader, Check: noNegativePower}
	for n, fields := range records {
		parsed, faults := reader.Row(n+2, fields)
		if len(faults) > 0 {
			chunk.Faults = append(chunk.Faults, faults...)
			continue
		}
		chunk.Rows = append(chunk.Rows, parsed)
	}
	goOn, err := i.store.RunImportChunk(i.ctx, row.ID, chunk)
	require.NoError(i.t, err)
	require.True(i.t, goOn)
	require.NoError(i.t, i.store.EndImportPhase(i.ctx, row.ID, phase, ""))
	after, err := i.store.Import(i.ctx, row.ID)
	require.NoError(i.t, err)
	return after
}

// noNegativePower stands in for a JSON Schema.
func noNegativePower(_, fields json.RawMessage) error {
	var f struct{ KW float64 }
	if err := json.Unmarshal(fields, &f); err != nil {
		return err
	}
	if f.KW < 0 {
		return models.InvalidField("/fields/kw", "minimum", "It is below zero.")
	}
	return nil
}

// file imports records to the end.
func (i imports) file(kind models.ImportKind, m models.ImportMapping, header []string, records ...[]string) models.Import {
	i.t.Helper()
	row := i.start(kind, m, false)
	require.Equal(i.t, models.ImportRunning, i.phase(row, models.ImportValidating, header, records...).Status)
	after := i.phase(row, models.ImportRunning, header, records...)
	require.Equal(i.t, models.ImportCompleted, after.Status)
	require.Equal(i.t, len(records), after.RowsTotal)
	require.Equal(i.t, len(records), after.RowsDone)
	return after
}

func (i imports) faults(row models.Import) map[int]string {
	i.t.Helper()
	found, err := i.store.ImportFaults(i.ctx, row.ID, 0, 100)
	require.NoError(i.t, err)
	byLine := map[int]string{}
	for _, f := range found {
		byLine[f.Line] = f.Column + " " + f.Code
	}
	return byLine
}

func newImports(t *testing.T) (imports, storetest.Database, storetest.Plant) {
	t.Helper()
	s, db := storetest.New(t)
	storetest.NewPlant(t, db, "other")
	p := storetest.NewPlant(t, db, "plant")
	return imports{t, s, p.Context(t.Context())}, db, p
}

func one[T any](t *testing.T, db storetest.Database, query string, args ...any) T {
	t.Helper()
	var value T
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), query, args...).Scan(&value))
	return value
}

func TestImportLocationsAndAssetsTwice(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	places := [][]string{{"S2", "Second site", "site", "", "Australia/Perth"}, {"S2-A", "Area", "area", "S2", ""}, {"S2-A-1", "Line", "line", "S2-A", ""}}
	header := []string{"code", "name", "kind", "parent", "time_zone"}
	first := i.file(models.ImportLocations, models.ImportMapping{}, header, places...)
	require.Equal(t, []int{3, 0, 3}, []int{first.RowsOK, first.RowsFailed, first.RowsChanged})
	require.Equal(t, "Australia/Perth", one[string](t, db, `SELECT time_zone FROM locations WHERE tenant_id = $1 AND code = 'S2-A-1'`, p.Tenant))
	require.Equal(t, 6, one[int](t, db, `SELECT count(*) FROM location_paths p JOIN locations l ON l.id = p.descendant_id
		WHERE p.tenant_id = $1 AND l.code LIKE 'S2%'`, p.Tenant))
	require.Equal(t, 0, i.file(models.ImportLocations, models.ImportMapping{}, header, places...).RowsChanged)

	assets := []string{"code", "name", "category", "location", "parent", "serial_number", "purchase_price"}
	rows := [][]string{{"EX-1", "Excavator", "PUMP", "S2-A", "", "SN1", "1000.50"}, {"EX-1-P", "Pump", "PUMP", "S2-A", "EX-1", "SN2", ""}}
	require.Equal(t, 2, i.file(models.ImportAssets, models.ImportMapping{}, assets, rows...).RowsChanged)
	require.Equal(t, 0, i.file(models.ImportAssets, models.ImportMapping{}, assets, rows...).RowsChanged)
	rows[1][1] = "Main pump"
	changed := i.file(models.ImportAssets, models.ImportMapping{}, assets, rows...)
	require.Equal(t, 1, changed.RowsChanged)
	require.JSONEq(t, `{"name": "Main pump"}`, one[string](t, db, `SELECT after FROM audit_events e JOIN assets a ON a.id = e.subject_id
		WHERE e.tenant_id = $1 AND a.code = 'EX-1-P' AND e.before IS NOT NULL`, p.Tenant))
	require.Equal(t, 2, one[int](t, db, `SELECT version FROM assets WHERE tenant_id = $1 AND code = 'EX-1-P'`, p.Tenant))
}

func TestImportAssetsOfATemplateWithTheirFields(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	for _, q := range []string{
		`INSERT INTO asset_templates (tenant_id, id, code, name, category_id, manufacturer, model, criticality, fields, created_at, updated_at)
			VALUES ($1, gen_random_uuid(), 'T', 'Pump T', $2, 'KSB', 'Eta', 'B', '{"required": ["kw"], "properties": {"kw": {"type": "number"}}}', now(), now())`,
		`INSERT INTO asset_templates (tenant_id, id, code, name, category_id, created_at, updated_at) VALUES ($1, gen_random_uuid(), 'FREE', 'Free', $2, now(), now())`,
	} {
		_, err := db.Owner.ExecContext(t.Context(), q, p.Tenant, p.Category)
		require.NoError(t, err)
	}
	header := []string{"code", "name", "category", "location", "template", "model", "fields.kw", "fields.note"}
	rows := [][]string{
		{"N-1", "Good", "PUMP", "AREA", "T", "", "30", "new seal"},
		{"N-2", "No power", "PUMP", "AREA", "T", "", "", ""},
		{"N-3", "Words", "PUMP", "AREA", "T", "", "much", ""},
		{"N-4", "Below zero", "PUMP", "AREA", "T", "", "-1", ""},
		{"N-5", "Unknown", "PUMP", "AREA", "U", "", "3", ""},
		{"N-6", "Free", "PUMP", "AREA", "FREE", "Own", "", "any"},
		{"P-1", "Pump 1", "PUMP", "AREA", "", "", "", ""},
	}
	after := i.file(models.ImportAssets, models.ImportMapping{}, header, rows...)
	require.Equal(t, map[int]string{3: "fields.kw required", 4: "fields.kw type", 5: "fields.kw minimum", 6: "template not_found"}, i.faults(after))
	require.Equal(t, []int{3, 4, 2}, []int{after.RowsOK, after.RowsFailed, after.RowsChanged})
	asset := func(code string) string {
		return one[string](t, db, `SELECT concat_ws(' ', t.code, a.manufacturer, a.model, a.criticality, a.fields) FROM assets a
			LEFT JOIN asset_templates t ON t.id = a.template_id WHERE a.tenant_id = $1 AND a.code = $2`, p.Tenant, code)
	}
	require.Equal(t, `T KSB Eta B {"kw": 30, "note": "new seal"}`, asset("N-1"))
	require.Equal(t, `FREE  Own  {"note": "any"}`, asset("N-6"))
	require.Equal(t, 0, i.file(models.ImportAssets, models.ImportMapping{}, header, rows[0], rows[5]).RowsChanged)

	short := []string{"code", "name", "category", "location", "fields.kw"}
	require.Equal(t, 1, i.file(models.ImportAssets, models.ImportMapping{}, short, []string{"N-1", "Good", "PUMP", "AREA", "45.5"}).RowsChanged)
	require.Equal(t, `T KSB Eta B {"kw": 45.5, "note": "new seal"}`, asset("N-1"), "what the file does not say stays")
	require.Equal(t, map[int]string{2: "fields.kw minimum"},
		i.faults(i.file(models.ImportAssets, models.ImportMapping{}, short, []string{"N-1", "Good", "PUMP", "AREA", "-2"})))
	row := i.start(models.ImportAssets, models.ImportMapping{}, true)
	dry := i.phase(row, models.ImportValidating, header, rows...)
	require.Equal(t, []int{3, 4, 0}, []int{dry.RowsOK, dry.RowsFailed, dry.RowsChanged})
}

func TestImportReportsEachRowAtFaultAndWritesTheOthers(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	after := i.file(models.ImportAssets, models.ImportMapping{}, []string{"code", "name", "category", "location", "parent", "serial_number"},
		[]string{"N-1", "Good", "PUMP", "AREA", "", "S1"},
		[]string{"N-2", "Nowhere", "PUMP", "MOON", "", ""},
		[]string{"N-3", "No kind", "FAN", "AREA", "", ""},
		[]string{"N-4", "Orphan", "PUMP", "AREA", "N-9", ""},
		[]string{"N-5", "Same serial", "PUMP", "AREA", "", "S1"},
		[]string{"P-1", "Moved", "PUMP", "SITE", "", ""},
		[]string{"", "No code", "PUMP", "AREA", "", ""},
		[]string{"N-6", "Good too", "PUMP", "AREA", "P-1", "S6"},
	)
	require.Equal(t, []int{2, 6, 2}, []int{after.RowsOK, after.RowsFailed, after.RowsChanged})
	require.Equal(t, map[int]string{
		3: "location not_found", 4: "category not_found", 5: "parent not_found", 6: "serial_number taken", 7: "location conflict", 8: "code required",
	}, i.faults(after))
	require.Equal(t, 3, one[int](t, db, `SELECT count(*) FROM assets WHERE tenant_id = $1`, p.Tenant))
}

func TestDryRunWritesNothingAndKnowsParentsOfTheFile(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	header := []string{"code", "name", "kind", "parent"}
	rows := [][]string{{"NEW", "New", "area", "SITE"}, {"NEW-1", "Below", "line", "NEW"}, {"NEW-2", "Lost", "line", "LATER"}, {"LATER", "Later", "area", "SITE"}}
	row := i.start(models.ImportLocations, models.ImportMapping{}, true)
	dry := i.phase(row, models.ImportValidating, header, rows...)
	require.Equal(t, models.ImportValidated, dry.Status)
	require.Equal(t, []int{3, 1, 0}, []int{dry.RowsOK, dry.RowsFailed, dry.RowsChanged})
	require.Equal(t, map[int]string{4: "parent not_found"}, i.faults(dry))
	require.Equal(t, 2, one[int](t, db, `SELECT count(*) FROM locations WHERE tenant_id = $1`, p.Tenant))

	_, err := i.store.CommandImport(i.ctx, row.ID, "commit")
	require.NoError(t, err)
	after := i.phase(row, models.ImportRunning, header, rows...)
	require.Equal(t, models.ImportCompleted, after.Status)
	require.Equal(t, []int{3, 1, 3}, []int{after.RowsOK, after.RowsFailed, after.RowsChanged})
	_, err = i.store.CommandImport(i.ctx, row.ID, "commit")
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
}

func excavatorMapping() models.ImportMapping {
	return models.ImportMapping{
		Columns: map[string]string{"id": "import_key", "Asset": "asset", "Text": "title", "Cost": "cost", "Date": "closed_on", "Running": "reading"},
		Meter:   &models.ImportMeter{Name: "Running time", Unit: "h"},
	}
}

var excavatorHeader = []string{"id", "Asset", "Text", "Cost", "Date", "Running"}

func TestImportWorkOrdersAsClosedHistory(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	rows := [][]string{
		{"1", "P-1", "Bucket", "183.05", "2004-07-01", "10"},
		{"2", "P-1", "Credit", "-3.05", "2004-07-02", ""},
		{"3", "P-1", "Nothing", "0.0", "2004-07-03", "262.0"},
		{"4", "P-9", "Unknown", "1", "2004-07-04", ""},
	}
	first := i.file(models.ImportWorkOrders, excavatorMapping(), excavatorHeader, rows...)
	require.Equal(t, []int{3, 1, 3}, []int{first.RowsOK, first.RowsFailed, first.RowsChanged})
	require.Equal(t, map[int]string{5: "Asset not_found"}, i.faults(first))
	total := func() string {
		return one[string](t, db, `SELECT sum(amount)::numeric(18,2)::text FROM work_order_costs WHERE tenant_id = $1 AND asset_id = $2 AND kind = 'services'`, p.Tenant, p.Asset)
	}
	require.Equal(t, "180.00", total())
	require.Equal(t, "WO-000001 closed 2004-06-30T22:00", one[string](t, db, `SELECT number || ' ' || status || ' ' || to_char(closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI')
		FROM work_orders WHERE tenant_id = $1 AND import_key = '1'`, p.Tenant))
	require.Equal(t, 0, one[int](t, db, `SELECT count(*) FROM work_orders WHERE tenant_id = $1 AND next_action_at IS NOT NULL`, p.Tenant))
	require.Equal(t, "gauge 262 2", one[string](t, db, `SELECT kind || ' ' || last_value::int || ' ' || (SELECT count(*) FROM meter_readings r WHERE r.meter_id = m.id)
		FROM meters m WHERE tenant_id = $1 AND name = 'Running time'`, p.Tenant))
	audits := one[int](t, db, `SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND actor_id = $2 AND action LIKE 'work_order.%'`, p.Tenant, p.Admin)
	require.Equal(t, 5, audits)
	require.Zero(t, one[int](t, db, `SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND substr(id::text, 15, 1) <> '7'`, p.Tenant), "the log is in the order of its ids")

	second := i.file(models.ImportWorkOrders, excavatorMapping(), excavatorHeader, rows...)
	require.Equal(t, []int{3, 1, 0}, []int{second.RowsOK, second.RowsFailed, second.RowsChanged})
	require.Equal(t, audits, one[int](t, db, `SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND action LIKE 'work_order.%'`, p.Tenant))

	rows[0][3], rows[1][3] = "0", "20"
	third := i.file(models.ImportWorkOrders, excavatorMapping(), excavatorHeader, rows...)
	require.Equal(t, 2, third.RowsChanged)
	require.Equal(t, "20.00", total())
	require.Equal(t, 3, one[int](t, db, `SELECT value FROM counters WHERE tenant_id = $1 AND name = 'WO'`, p.Tenant))
}

func TestImportUsersAndMeters(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	users := [][]string{{"New@Plant.example", "Nina New", "technician planner", "40"}}
	header := []string{"email", "name", "roles", "labor_rate"}
	require.Equal(t, 1, i.file(models.ImportUsers, models.ImportMapping{}, header, users...).RowsChanged)
	require.Equal(t, 0, i.file(models.ImportUsers, models.ImportMapping{}, header, users...).RowsChanged)
	require.Equal(t, "{planner,technician}", one[string](t, db, `SELECT roles::text FROM users WHERE tenant_id = $1 AND email = 'new@plant.example'`, p.Tenant))
	require.Equal(t, 0, one[int](t, db, `SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND after ? 'password_hash'`, p.Tenant))
	users[0][2], users[0][3] = "admin", "41"
	require.Equal(t, map[int]string{2: "roles conflict"}, i.faults(i.file(models.ImportUsers, models.ImportMapping{}, header, users...)))
	users[0][2] = "planner technician"
	require.Equal(t, 1, i.file(models.ImportUsers, models.ImportMapping{}, header, users...).RowsChanged)
	require.Equal(t, 1, i.file(models.ImportAssets, models.ImportMapping{}, []string{"code", "name", "category", "location", "lifecycle_state"},
		[]string{"OLD", "Scrap", "PUMP", "AREA", "disposed"}).RowsChanged)
	require.Equal(t, "disabled", one[string](t, db, `SELECT operating_state FROM assets WHERE tenant_id = $1 AND code = 'OLD'`, p.Tenant))

	meters := [][]string{{"P-1", "Hours", "h", "continuous"}}
	header = []string{"asset", "name", "unit", "kind"}
	require.Equal(t, 1, i.file(models.ImportMeters, models.ImportMapping{}, header, meters...).RowsChanged)
	require.Equal(t, 0, i.file(models.ImportMeters, models.ImportMapping{}, header, meters...).RowsChanged)
	meters[0][3] = "gauge"
	require.Equal(t, map[int]string{2: "kind conflict"}, i.faults(i.file(models.ImportMeters, models.ImportMapping{}, header, meters...)))
}

func TestImportMeterReadingsInAnyOrder(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	i.file(models.ImportMeters, models.ImportMapping{}, []string{"asset", "name", "unit", "kind"}, []string{"P-1", "Hours", "h", "continuous"})
	header := []string{"asset", "meter", "value", "read_at"}
	rows := [][]string{
		{"P-1", "Hours", "100", "2025-01-01"},
		{"P-1", "Hours", "300", "2025-03-01T00:00:00Z"},
		{"P-1", "Hours", "200", "2025-02-01"},
		{"P-1", "Hours", "50", "2025-02-15"},
		{"P-1", "Miles", "1", "2025-02-15"},
	}
	first := i.file(models.ImportMeterReadings, models.ImportMapping{}, header, rows...)
	require.Equal(t, []int{3, 2, 3}, []int{first.RowsOK, first.RowsFailed, first.RowsChanged})
	require.Equal(t, "value", strings.Fields(i.faults(first)[5])[0])
	require.Equal(t, "meter not_found", i.faults(first)[6])
	second := i.file(models.ImportMeterReadings, models.ImportMapping{}, header, rows...)
	require.Equal(t, []int{3, 2, 0}, []int{second.RowsOK, second.RowsFailed, second.RowsChanged})
	require.Equal(t, "300", one[string](t, db, `SELECT last_value::int::text FROM meters WHERE tenant_id = $1 AND name = 'Hours'`, p.Tenant))
	require.Equal(t, "2024-12-31T23:00", one[string](t, db, `SELECT to_char(min(read_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI') FROM meter_readings
		WHERE tenant_id = $1`, p.Tenant))
}

func TestImportMaintenanceSchedules(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	header := []string{"title", "asset", "rrule", "starts_on", "shift_factor"}
	rows := [][]string{
		{"Inspection", "P-1", "FREQ=MONTHLY;BYMONTHDAY=15", "2030-01-15", "100"},
		{"Impossible", "P-1", "FREQ=MONTHLY;BYMONTHDAY=45", "2030-01-15", ""},
		{"No rule", "P-1", "", "", ""},
		{"Nowhere", "P-9", "FREQ=DAILY", "2030-01-15", ""},
	}
	first := i.file(models.ImportSchedules, models.ImportMapping{}, header, rows...)
	require.Equal(t, []int{1, 3, 1}, []int{first.RowsOK, first.RowsFailed, first.RowsChanged})
	require.Equal(t, "asset not_found", i.faults(first)[5])
	require.Equal(t, "2030-01-15", one[string](t, db, `SELECT next_due_on::text FROM maintenance_schedules WHERE tenant_id = $1`, p.Tenant))
	require.Equal(t, 0, i.file(models.ImportSchedules, models.ImportMapping{}, header, rows...).RowsChanged)
	require.Equal(t, 1, one[int](t, db, `SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND action = 'maintenance_schedule.create'`, p.Tenant))
	rows[0][2] = "FREQ=DAILY"
	require.Equal(t, "title conflict", i.faults(i.file(models.ImportSchedules, models.ImportMapping{}, header, rows...))[2])
}

func TestImportKeepsToItsOwnersLocations(t *testing.T) {
	t.Parallel()
	i, _, p := newImports(t)
	i.ctx = models.WithActor(i.ctx, models.Actor{
		TenantID: p.Tenant, UserID: p.Tech, Kind: models.ActorUser, Roles: []models.Role{models.RolePlanner}, LocationIDs: []uuid.UUID{p.Area},
	})
	row := i.start(models.ImportAssets, models.ImportMapping{}, false)
	header := []string{"code", "name", "category", "location"}
	rows := [][]string{{"N-1", "Inside", "PUMP", "AREA"}, {"N-2", "Outside", "PUMP", "SITE"}}
	i.ctx = models.WithActor(i.ctx, models.SystemActor(p.Tenant)) // as the process does
	i.phase(row, models.ImportValidating, header, rows...)
	after := i.phase(row, models.ImportRunning, header, rows...)
	require.Equal(t, map[int]string{3: "location not_found"}, i.faults(after))
	require.Equal(t, 1, after.RowsChanged)
}

func TestAChunkCountsOnceAndStopsWhenCancelled(t *testing.T) {
	t.Parallel()
	i, db, p := newImports(t)
	row := i.start(models.ImportWorkOrders, excavatorMapping(), false)
	i.phase(row, models.ImportValidating, excavatorHeader, []string{"1", "P-1", "Bucket", "1", "2004-07-01", ""})
	reader, err := models.NewImportReader(row.Kind, excavatorMapping(), excavatorHeader, "EUR")
	require.NoError(t, err)
	parsed, faults := reader.Row(2, []string{"1", "P-1", "Bucket", "1", "2004-07-01", ""})
	require.Empty(t, faults)
	chunk := store.ImportChunk{Phase: models.ImportRunning, Count: 1, Rows: []models.ImportRow{parsed}, Reader: reader}
	for range 2 {
		goOn, err := i.store.RunImportChunk(i.ctx, row.ID, chunk)
		require.NoError(t, err)
		require.True(t, goOn)
	}
	after, err := i.store.Import(i.ctx, row.ID)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1, 1}, []int{after.RowsDone, after.RowsOK, after.RowsChanged})
	_, err = i.store.CommandImport(i.ctx, row.ID, "cancel")
	require.NoError(t, err)
	chunk.From = 1
	goOn, err := i.store.RunImportChunk(i.ctx, row.ID, chunk)
	require.NoError(t, err)
	require.False(t, goOn)
	require.Equal(t, 1, one[int](t, db, `SELECT count(*) FROM work_orders WHERE tenant_id = $1`, p.Tenant))
}

func TestImportsOfAnotherTenantAreNotThere(t *testing.T) {
	t.Parallel()
	i, db, _ := newImports(t)
	row := i.start(models.ImportAssets, models.ImportMapping{}, true)
	stranger := storetest.NewPlant(t, db, "stranger").Context(t.Context())
	_, err := i.store.Import(stranger, row.ID)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	_, err = i.store.CommandImport(stranger, row.ID, "cancel")
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	page, err := i.store.Imports(stranger, store.ImportQuery{Page: store.Page{Limit: 10, Sort: "-created_at"}})
	require.NoError(t, err)
	require.Empty(t, page.Items)
	page, err = i.store.Imports(i.ctx, store.ImportQuery{Page: store.Page{Limit: 10, Sort: "-created_at"}, Kinds: []string{"assets"}})
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
}
