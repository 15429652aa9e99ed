package api

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

const schedulesPath = "/v1/maintenance-schedules"

// schedule makes a schedule as its process would.
func (h *harness) schedule(p storetest.Plant, d models.ScheduleDefinition) uuid.UUID {
	h.t.Helper()
	key := models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true}
	ctx := models.WithCommandKey(p.Context(h.t.Context()), key)
	id := models.SubjectID(key.ID)
	_, admitted, err := h.store.AdmitMaintenanceSchedule(ctx, id, d)
	require.NoError(h.t, err)
	_, err = h.store.RunScheduleCommand(ctx, id, admitted.ID, models.ScheduleCreate)
	require.NoError(h.t, err)
	return id
}

func monthly(p storetest.Plant, title string, start models.Date) models.ScheduleDefinition {
	return models.ScheduleDefinition{
		Title: title, AssetID: &p.Asset, Calendar: &models.CalendarRule{RRule: "FREQ=MONTHLY", StartsOn: start},
		CatchUp: models.CatchUpAll, Priority: models.PriorityLow,
	}
}

func scheduleRequest(p storetest.Plant, change map[string]any) map[string]any {
	body := map[string]any{
		"title": "Grease", "asset_id": p.Asset, "catch_up": "one", "shift_factor": 0,
		"calendar": map[string]any{"rrule": "FREQ=MONTHLY;BYMONTHDAY=31", "starts_on": "2027-01-31"},
	}
	for name, value := range change {
		if value == nil {
			delete(body, name)
			continue
		}
		body[name] = value
	}
	return body
}

func TestPreviewListsDueDatesAndStoresNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	got := h.admin().must(http.StatusOK, http.MethodPost, schedulesPath+"/preview?until=2027-04-30", scheduleRequest(h.plant, nil))
	require.Equal(t, []any{"2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"}, values(items(got), "due_on"))
	require.Equal(t, values(items(got), "due_on"), values(items(got), "due_key"))

	sap := scheduleRequest(h.plant, map[string]any{
		"calendar":     map[string]any{"rrule": "FREQ=MONTHLY;INTERVAL=3", "starts_on": "2026-06-01"},
		"shift_factor": 50, "tolerance_pct": 10, "last_completed_on": "2026-06-15",
	})
	got = h.admin().must(http.StatusOK, http.MethodPost, schedulesPath+"/preview?until=2026-12-31", sap)
	require.Equal(t, []any{"2026-09-08", "2026-12-08"}, values(items(got), "due_on"))
	require.Equal(t, []any{"2026-09-01", "2026-12-01"}, values(items(got), "due_key"))
	require.Empty(t, items(h.admin().must(http.StatusOK, http.MethodGet, schedulesPath, nil)))
}

func TestImpossibleSchedulesAreRefusedByField(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	calendar := func(rrule, start string) map[string]any {
		return map[string]any{"calendar": map[string]any{"rrule": rrule, "starts_on": start}}
	}
	for name, c := range map[string]struct {
		pointer string
		change  map[string]any
	}{
		"day 45":           {"/calendar/rrule", calendar("FREQ=MONTHLY;BYMONTHDAY=45", "2027-01-01")},
		"no frequency":     {"/calendar/rrule", calendar("INTERVAL=2", "2027-01-01")},
		"hourly":           {"/calendar/rrule", calendar("FREQ=HOURLY", "2027-01-01")},
		"never":            {"/calendar/rrule", calendar("FREQ=MONTHLY;BYMONTH=2;BYDAY=5MO;COUNT=1;UNTIL=20270101", "2027-01-01")},
		"no such start":    {"/calendar/starts_on", calendar("FREQ=DAILY", "2027-02-30")},
		"no rule":          {"/calendar", map[string]any{"calendar": nil}},
		"no place":         {"/asset_id", map[string]any{"asset_id": nil}},
		"unknown asset":    {"/asset_id", map[string]any{"asset_id": uuid.New()}},
		"unknown location": {"/location_id", map[string]any{"asset_id": nil, "location_id": uuid.New()}},
		"shift":            {"/shift_factor", map[string]any{"shift_factor": 101}},
		"lead":             {"/lead_days", map[string]any{"lead_days": -1}},
		"catch up":         {"/catch_up", map[string]any{"catch_up": "never"}},
		"step":             {"/meter/every", map[string]any{"meter": map[string]any{"meter_id": uuid.New(), "every": "0"}}},
		"unknown meter":    {"/meter/meter_id", map[string]any{"meter": map[string]any{"meter_id": uuid.New(), "every": "5"}}},
		"unknown field":    {"/interval", map[string]any{"interval": 3}},
		"negative cost":    {"/estimated_cost", map[string]any{"estimated_cost": "-1.00"}},
		"another currency": {"/estimated_cost/currency", map[string]any{"estimated_cost": map[string]any{"amount": "1.00", "currency": "USD"}}},
		"cost no column":   {"/estimated_cost", map[string]any{"estimated_cost": "1e30"}},
	} {
		t.Run(name, func(*testing.T) {
			h.admin().refused(http.StatusUnprocessableEntity, c.pointer, http.MethodPost, schedulesPath+"/preview", scheduleRequest(h.plant, c.change))
		})
	}
	h.admin().refused(http.StatusUnprocessableEntity, "until", http.MethodPost, schedulesPath+"/preview?until=tomorrow", scheduleRequest(h.plant, nil))
	h.admin().refused(http.StatusUnprocessableEntity, "until", http.MethodPost, schedulesPath+"/preview?until=2999-01-01", scheduleRequest(h.plant, nil))
	create := scheduleRequest(h.plant, calendar("FREQ=MONTHLY;BYMONTHDAY=45", "2027-01-01"))
	h.admin().refused(http.StatusUnprocessableEntity, "/calendar/rrule", http.MethodPost, schedulesPath, create)
}

func TestSchedulesAreListedReadAndForecast(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	today := models.DateOf(time.Now(), time.UTC)
	late := h.schedule(h.plant, monthly(h.plant, "A late one", today.AddDays(300)))
	soon := h.schedule(h.plant, monthly(h.plant, "B soon", today.AddDays(20)))
	c := h.admin()
	list := items(c.must(http.StatusOK, http.MethodGet, schedulesPath, nil))
	require.Equal(t, []any{soon.String(), late.String()}, values(list, "id"))
	require.Equal(t, []any{"A late one", "B soon"}, values(items(c.must(http.StatusOK, http.MethodGet, schedulesPath+"?sort=title", nil)), "title"))
	first := c.must(http.StatusOK, http.MethodGet, schedulesPath+"?limit=1", nil)
	next, _ := first["next_cursor"].(string)
	require.Equal(t, []any{late.String()}, values(items(c.must(http.StatusOK, http.MethodGet, schedulesPath+"?limit=1&cursor="+next, nil)), "id"))
	for query, want := range map[string]int{
		"due_to=" + today.AddDays(20).String(): 1, "due_to=" + today.String(): 0, "status=paused": 0, "status=active&status=paused": 2,
		"asset_id=" + h.plant.Asset.String(): 2, "asset_id=" + uuid.NewString(): 0, "location_id=" + h.plant.Site.String(): 2, "q=soon": 1,
	} {
		require.Len(t, items(c.must(http.StatusOK, http.MethodGet, schedulesPath+"?"+query, nil)), want, query)
	}
	c.refused(http.StatusUnprocessableEntity, "asset_id", http.MethodGet, schedulesPath+"?asset_id=x", nil)

	path := schedulesPath + "/" + soon.String()
	got := c.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, "active", got["status"])
	require.Equal(t, "MS-000002", got["number"])
	require.Equal(t, today.AddDays(20).String(), got["next_due_on"])
	require.Equal(t, map[string]any{"rrule": "FREQ=MONTHLY", "starts_on": today.AddDays(20).String()}, got["calendar"])
	require.Len(t, items(c.must(http.StatusOK, http.MethodGet, path+"/forecast?until="+today.AddDays(21).String(), nil)), 1)
	require.Empty(t, items(c.must(http.StatusOK, http.MethodGet, path+"/occurrences", nil)))

	c.must(http.StatusPreconditionRequired, http.MethodPatch, path, map[string]any{"title": "x"})
	c.refused(http.StatusUnprocessableEntity, "/calendar/rrule", http.MethodPatch, path, map[string]any{
		"calendar": map[string]any{"rrule": "FREQ=MONTHLY;BYMONTHDAY=45", "starts_on": "2027-01-01"},
	}, "If-Match", `"1"`)
	c.refused(http.StatusUnprocessableEntity, "/calendar/rrule", http.MethodPatch, path,
		map[string]any{"calendar": map[string]any{"rrule": "FREQ=MONTHLY;BYMONTHDAY=45"}}, "If-Match", `"1"`)
	c.refused(http.StatusUnprocessableEntity, "/calendar/starts_on", http.MethodPatch, path,
		map[string]any{"calendar": map[string]any{"starts_on": nil}}, "If-Match", `"1"`)
	c.refused(http.StatusUnprocessableEntity, "/meter/meter_id", http.MethodPatch, path,
		map[string]any{"meter": map[string]any{"every": "250"}}, "If-Match", `"1"`)
	c.must(http.StatusPreconditionFailed, http.MethodPatch, path, map[string]any{"title": "x"}, "If-Match", `"7"`)
	c.refused(http.StatusUnprocessableEntity, "/reason", http.MethodPost, path+"/pause", map[string]any{})
	refused := c.must(http.StatusConflict, http.MethodPost, path+"/resume", nil)
	require.Equal(t, []any{"edit", "pause", "end", "generate", "skip", "move"}, refused["allowed_commands"])

	two := storetest.NewPlant(t, h.db, "two")
	stranger := h.as(two, two.Admin, models.RoleAdmin)
	for _, rest := range []string{"", "/forecast", "/occurrences"} {
		stranger.must(http.StatusNotFound, http.MethodGet, path+rest, nil)
	}
	stranger.must(http.StatusNotFound, http.MethodPost, path+"/end", nil)
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodPost, path+"/end", nil)
}

func TestAnEditMergesTheMembersOfRules(t *testing.T) {
	t.Parallel()
	meter, every, last := uuid.New(), decimal.NewFromInt(500), decimal.NewFromInt(1200)
	was := models.ScheduleDefinition{
		Title: "Grease", AssetID: new(uuid.New()), CatchUp: models.CatchUpOne, Priority: models.PriorityLow,
		Calendar: &models.CalendarRule{RRule: "FREQ=MONTHLY", StartsOn: models.NewDate(2027, time.January, 31)},
		Meter:    &models.MeterRule{MeterID: meter, Every: every, LastValue: &last},
	}
	for patch, want := range map[string]func(*models.ScheduleDefinition){
		`{"calendar": {"rrule": "FREQ=WEEKLY"}}`:               func(d *models.ScheduleDefinition) { d.Calendar.RRule = "FREQ=WEEKLY" },
		`{"calendar": {"starts_on": "2027-02-01"}}`:            func(d *models.ScheduleDefinition) { d.Calendar.StartsOn = models.NewDate(2027, time.February, 1) },
		`{"calendar": {}}`:                                     func(*models.ScheduleDefinition) {},
		`{"calendar": null}`:                                   func(d *models.ScheduleDefinition) { d.Calendar = nil },
		`{"meter": {"every": "250"}}`:                          func(d *models.ScheduleDefinition) { d.Meter.Every = decimal.NewFromInt(250) },
		`{"meter": {"last_value": null}}`:                      func(d *models.ScheduleDefinition) { d.Meter.LastValue = nil },
		`{"meter": null, "calendar": {"rrule": "FREQ=DAILY"}}`: func(d *models.ScheduleDefinition) { d.Meter, d.Calendar.RRule = nil, "FREQ=DAILY" },
	} {
		var body EditMaintenanceScheduleBody
		require.NoError(t, json.Unmarshal([]byte(patch), &body), patch)
		expected := was
		calendar, rule := *was.Calendar, *was.Meter
		expected.Calendar, expected.Meter = &calendar, &rule
		want(&expected)
		got, err := body.apply(was, "EUR")
		require.NoError(t, err, patch)
		require.Equal(t, expected, got, patch)
	}
	require.Equal(t, "FREQ=MONTHLY", was.Calendar.RRule) // what is merged into is not what was read
	var body EditMaintenanceScheduleBody
	require.NoError(t, json.Unmarshal([]byte(`{"meter": {"every": null}}`), &body))
	_, err := body.apply(was, "EUR")
	require.ErrorContains(t, err, "/meter/every")
}
