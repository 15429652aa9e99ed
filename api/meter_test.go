package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestMeters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c, other := h.admin(), h.as(two, two.Admin, models.RoleAdmin)
	on := "/v1/assets/" + h.plant.Asset.String() + "/meters"
	body := map[string]any{"name": "Hours", "unit": "h", "kind": "continuous", "rollover_at": "1000"}
	first := c.must(http.StatusCreated, http.MethodPost, on, body, "Idempotency-Key", "k")
	require.Equal(t, first, c.must(http.StatusCreated, http.MethodPost, on, body, "Idempotency-Key", "k"))
	c.must(http.StatusConflict, http.MethodPost, on, body)
	c.refused(http.StatusUnprocessableEntity, "/kind", http.MethodPost, on, map[string]any{"name": "x", "unit": "h", "kind": "clock"})
	c.refused(http.StatusUnprocessableEntity, "/rollover_at", http.MethodPost, on, map[string]any{"name": "x", "unit": "h", "kind": "gauge", "rollover_at": "5"})
	other.must(http.StatusNotFound, http.MethodPost, on, body)
	other.must(http.StatusNotFound, http.MethodGet, on, nil)
	path := "/v1/meters/" + first["id"].(string)
	other.must(http.StatusNotFound, http.MethodGet, path, nil)
	other.must(http.StatusNotFound, http.MethodPost, path+"/readings", map[string]any{"value": "1", "read_at": "2026-01-01T00:00:00Z"})

	read := func(status int, value, at string, headers ...string) map[string]any {
		return c.must(status, http.MethodPost, path+"/readings", map[string]any{"value": value, "read_at": at}, headers...)
	}
	require.Equal(t, "900", read(http.StatusCreated, "900", "2026-01-01T00:00:00Z")["total"])
	over := read(http.StatusCreated, "100.5", "2026-01-03T00:00:00Z", "Idempotency-Key", "r")
	require.Equal(t, "1100.5", over["total"])
	require.Equal(t, over, read(http.StatusCreated, "100.5", "2026-01-03T00:00:00Z", "Idempotency-Key", "r"))
	require.Equal(t, over, read(http.StatusCreated, "100.50", "2026-01-03T00:00:00Z"))        // the same reading again
	require.Equal(t, "950", read(http.StatusCreated, "950", "2026-01-02T00:00:00Z")["total"]) // out of order
	read(http.StatusConflict, "101", "2026-01-03T00:00:00Z")
	for pointer, bad := range map[string][2]string{
		"/value": {"-1", "2026-01-05T00:00:00Z"}, "/read_at": {"101", "2999-01-01T00:00:00Z"},
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPost, path+"/readings", map[string]any{"value": bad[0], "read_at": bad[1]})
	}
	c.refused(http.StatusUnprocessableEntity, "/value", http.MethodPost, path+"/readings", map[string]any{"value": "1000", "read_at": "2026-01-05T00:00:00Z"})
	c.refused(http.StatusUnprocessableEntity, "/value", http.MethodPost, path+"/readings", map[string]any{"value": "890", "read_at": "2026-01-02T12:00:00Z"})

	now := c.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, []any{"100.5", "1100.5", "2026-01-03T00:00:00Z"}, []any{now["last_value"], now["last_total"], now["last_read_at"]})
	require.Equal(t, []any{"1100.5", "950", "900"}, values(items(c.must(http.StatusOK, http.MethodGet, path+"/readings", nil)), "total"))
	require.Equal(t, []any{"950"}, values(items(c.must(http.StatusOK, http.MethodGet,
		path+"/readings?from=2026-01-02T00:00:00Z&to=2026-01-03T00:00:00Z", nil)), "value"))

	gauge := c.must(http.StatusCreated, http.MethodPost, on, map[string]any{"name": "Heat", "unit": "°C", "kind": "gauge"})
	cold := c.must(http.StatusCreated, http.MethodPost, "/v1/meters/"+gauge["id"].(string)+"/readings", map[string]any{"value": "-5", "read_at": "2026-01-05T00:00:00Z"})
	require.Nil(t, cold["total"])
	require.Equal(t, []any{"Heat", "Hours"}, values(items(c.must(http.StatusOK, http.MethodGet, on, nil)), "name"))
	c.must(http.StatusPreconditionRequired, http.MethodPatch, path, map[string]any{"unit": "hours"})
	require.Equal(t, "hours", c.patch(http.StatusOK, path, map[string]any{"unit": "hours"})["unit"])
	c.must(http.StatusOK, http.MethodPost, path+"/archive", nil)
	read(http.StatusConflict, "120", "2026-01-06T00:00:00Z")
	require.Equal(t, []any{"Hours"}, values(items(c.must(http.StatusOK, http.MethodGet, on+"?archived=true", nil)), "name"))
}

func TestListMeters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c := h.admin()
	yard := c.must(http.StatusCreated, http.MethodPost, "/v1/assets", h.asset("YARD", "location_id", h.plant.Site.String(), "name", "Yard crane"))["id"].(string)
	add := func(c client, asset string, body map[string]any) string {
		return c.must(http.StatusCreated, http.MethodPost, "/v1/assets/"+asset+"/meters", body)["id"].(string)
	}
	hours := add(c, h.plant.Asset.String(), map[string]any{"name": "Hours", "unit": "h", "kind": "continuous", "reading_interval_days": 7})
	add(c, h.plant.Asset.String(), map[string]any{"name": "Heat", "unit": "°C", "kind": "gauge"})
	add(c, yard, map[string]any{"name": "Lifts", "unit": "1", "kind": "continuous", "reading_interval_days": 3660})
	add(h.as(two, two.Admin, models.RoleAdmin), two.Asset.String(), map[string]any{"name": "Of another tenant", "unit": "h", "kind": "gauge"})
	for at, value := range map[string]string{"2024-01-01T00:00:00Z": "100", "2026-01-01T00:00:00Z": "1000", "2026-01-11T00:00:00Z": "1082.5"} {
		c.must(http.StatusCreated, http.MethodPost, "/v1/meters/"+hours+"/readings", map[string]any{"value": value, "read_at": at})
	}
	for query, want := range map[string][]any{
		"":                                     {"Heat", "Hours", "Lifts"},
		"sort=-last_read_at&limit=1":           {"Hours"},
		"kind=continuous":                      {"Hours", "Lifts"},
		"asset_id=" + yard:                     {"Lifts"},
		"location_id=" + h.plant.Site.String(): {"Heat", "Hours", "Lifts"},
		"location_id=" + h.plant.Area.String(): {"Heat", "Hours"},
		"location_id=" + two.Site.String():     {},
		"q=crane":                              {"Lifts"},
		"q=p-1":                                {"Heat", "Hours"},
		"q=h%25":                               {},
		"reading_overdue=true":                 {"Hours"},
		"reading_overdue=false":                {"Heat", "Lifts"},
		"archived=true":                        {},
	} {
		require.Equal(t, want, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/meters?"+query, nil)), "name"), query)
	}
	require.Equal(t, []any{"Heat", "Hours"}, values(items(h.within(h.plant.Area, models.RoleTechnician).must(http.StatusOK, http.MethodGet, "/v1/meters", nil)), "name"))
	h.as(h.plant, h.plant.Tech, models.RoleRequester).must(http.StatusForbidden, http.MethodGet, "/v1/meters", nil)
	for query, pointer := range map[string]string{"kind=clock": "kind", "location_id=x": "location_id", "reading_overdue=1": "reading_overdue", "sort=unit": "sort"} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodGet, "/v1/meters?"+query, nil)
	}
	for _, sort := range []string{"name", "-last_read_at"} {
		first := c.must(http.StatusOK, http.MethodGet, "/v1/meters?limit=2&count=capped&sort="+sort, nil)
		require.Equal(t, map[string]any{"value": 3.0, "relation": "eq"}, first["total"])
		rest := c.must(http.StatusOK, http.MethodGet, "/v1/meters?limit=2&sort="+sort+"&cursor="+first["next_cursor"].(string), nil)
		require.ElementsMatch(t, []any{"Heat", "Hours", "Lifts"}, append(values(items(first), "name"), values(items(rest), "name")...), sort)
	}

	row := items(c.must(http.StatusOK, http.MethodGet, "/v1/meters?q=hours", nil))[0]
	require.Equal(t, map[string]any{"id": h.plant.Asset.String(), "code": "P-1", "name": "Pump 1"}, row["asset"])
	require.Equal(t, map[string]any{"id": h.plant.Area.String(), "code": "AREA", "name": "Area"}, row["location"])
	require.Equal(t, []any{"8.25", 7.0, "2026-01-18T00:00:00Z", true},
		[]any{row["per_day"], row["reading_interval_days"], row["reading_due_at"], row["reading_overdue"]})
	require.Equal(t, row, c.must(http.StatusOK, http.MethodGet, "/v1/meters/"+hours, nil))
	lifts := items(c.must(http.StatusOK, http.MethodGet, "/v1/meters?q=lifts", nil))[0]
	require.Equal(t, []any{nil, false}, []any{lifts["per_day"], lifts["reading_overdue"]})

	c.refused(http.StatusUnprocessableEntity, "/reading_interval_days", http.MethodPatch, "/v1/meters/"+hours, map[string]any{"reading_interval_days": 0}, "If-Match", `"1"`)
	patched := c.patch(http.StatusOK, "/v1/meters/"+hours, map[string]any{"reading_interval_days": nil})
	require.Equal(t, []any{nil, nil, false}, []any{patched["reading_interval_days"], patched["reading_due_at"], patched["reading_overdue"]})
}

func TestDowntimes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c := h.admin()
	asset := "/v1/assets/" + h.plant.Asset.String()
	state := func() any { return c.must(http.StatusOK, http.MethodGet, asset, nil)["operating_state"] }
	past := map[string]any{"started_at": "2026-01-01T08:00:00Z", "ended_at": "2026-01-01T09:00:00Z", "kind": "planned"}
	c.must(http.StatusCreated, http.MethodPost, asset+"/downtimes", past)
	require.Equal(t, "up", state())
	open := map[string]any{"started_at": "2026-02-01T08:00:00Z", "kind": "unplanned", "reason": "Seal broke"}
	first := c.must(http.StatusCreated, http.MethodPost, asset+"/downtimes", open, "Idempotency-Key", "k")
	require.Equal(t, first, c.must(http.StatusCreated, http.MethodPost, asset+"/downtimes", open, "Idempotency-Key", "k"))
	require.Equal(t, "down", state())
	c.refused(http.StatusConflict, "/ended_at", http.MethodPost, asset+"/downtimes", open)
	c.refused(http.StatusUnprocessableEntity, "/ended_at", http.MethodPost, asset+"/downtimes",
		map[string]any{"started_at": "2026-01-01T08:00:00Z", "ended_at": "2025-01-01T09:00:00Z", "kind": "planned"})
	c.refused(http.StatusUnprocessableEntity, "/kind", http.MethodPost, asset+"/downtimes", map[string]any{"started_at": "2026-01-01T08:00:00Z", "kind": "x"})
	end := "/v1/downtimes/" + first["id"].(string) + "/end"
	h.as(two, two.Admin, models.RoleAdmin).must(http.StatusNotFound, http.MethodPost, end, nil)
	h.as(two, two.Admin, models.RoleAdmin).must(http.StatusNotFound, http.MethodPost, asset+"/downtimes", open)
	c.refused(http.StatusUnprocessableEntity, "/ended_at", http.MethodPost, end, map[string]any{"ended_at": "2026-01-15T00:00:00Z"})
	ended := c.must(http.StatusOK, http.MethodPost, end, map[string]any{"ended_at": "2026-02-01T10:00:00Z"})
	require.Equal(t, "2026-02-01T10:00:00Z", ended["ended_at"])
	require.Equal(t, "up", state())
	c.must(http.StatusConflict, http.MethodPost, end, nil)

	again := c.must(http.StatusCreated, http.MethodPost, asset+"/downtimes", map[string]any{"started_at": "2026-03-01T08:00:00Z", "kind": "unplanned"})
	c.patch(http.StatusOK, asset, map[string]any{"operating_state": "up"}) // a person says that it runs
	list := items(c.must(http.StatusOK, http.MethodGet, asset+"/downtimes", nil))
	require.Equal(t, again["id"], list[0]["id"])
	require.NotNil(t, list[0]["ended_at"])
	require.Len(t, list, 3)
}

func TestAssetTemplates(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c := h.admin()
	schema := map[string]any{
		"type": "object", "required": []string{"kw"}, "additionalProperties": false,
		"properties": map[string]any{"kw": map[string]any{"type": "number", "minimum": 0}, "oil": map[string]any{"type": "object", "properties": map[string]any{"grade/iso": map[string]any{"type": "string"}}}},
	}
	body := map[string]any{"code": "T", "name": "Pump T", "category_id": h.plant.Category.String(), "manufacturer": "KSB", "fields": schema}
	first := c.must(http.StatusCreated, http.MethodPost, "/v1/asset-templates", body, "Idempotency-Key", "k")
	require.Equal(t, first, c.must(http.StatusCreated, http.MethodPost, "/v1/asset-templates", body, "Idempotency-Key", "k"))
	c.refused(http.StatusConflict, "/code", http.MethodPost, "/v1/asset-templates", body)
	for _, bad := range []map[string]any{{"type": 5}, {"$ref": "file:///etc/passwd"}, {"$ref": "http://127.0.0.1/x"}} {
		c.refused(http.StatusUnprocessableEntity, "/fields", http.MethodPost, "/v1/asset-templates",
			map[string]any{"code": "U", "name": "U", "category_id": h.plant.Category.String(), "fields": bad})
	}
	c.refused(http.StatusUnprocessableEntity, "/category_id", http.MethodPost, "/v1/asset-templates",
		map[string]any{"code": "U", "name": "U", "category_id": two.Category.String()})

	id := first["id"]
	for pointer, fields := range map[string]map[string]any{
		"/fields": {}, "/fields/kw": {"kw": "much"}, "/fields/oil/grade~1iso": {"kw": 1, "oil": map[string]any{"grade/iso": 4}},
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPost, "/v1/assets", h.asset("F", "template_id", id, "fields", fields))
	}
	asset := c.must(http.StatusCreated, http.MethodPost, "/v1/assets", h.asset("F", "template_id", id, "fields", map[string]any{"kw": 3}))
	require.Equal(t, "KSB", asset["manufacturer"])
	require.Equal(t, "Pump T", asset["template"].(map[string]any)["name"])
	path := "/v1/assets/" + asset["id"].(string)
	c.refused(http.StatusUnprocessableEntity, "/fields/kw", http.MethodPatch, path, map[string]any{"fields": map[string]any{"kw": -1}}, "If-Match", `"1"`)
	c.patch(http.StatusOK, path, map[string]any{"fields": map[string]any{"kw": 4}})
	c.patch(http.StatusOK, path, map[string]any{"name": "Only the name"})

	template := "/v1/asset-templates/" + id.(string)
	h.as(two, two.Admin, models.RoleAdmin).must(http.StatusNotFound, http.MethodGet, template, nil)
	c.must(http.StatusPreconditionFailed, http.MethodPatch, template, map[string]any{"name": "x"}, "If-Match", `"3"`)
	require.Nil(t, c.patch(http.StatusOK, template, map[string]any{"fields": nil})["fields"])
	require.Equal(t, []any{"Pump T"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/asset-templates?q=ksb", nil)), "name"))
	c.must(http.StatusOK, http.MethodPost, template+"/archive", nil)
	c.refused(http.StatusUnprocessableEntity, "/template_id", http.MethodPost, "/v1/assets", h.asset("G", "template_id", id))
}
