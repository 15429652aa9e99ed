package api

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestListWorkOrders(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	h.order(two, models.NewWorkOrder{Title: "Of another tenant"})
	late := h.order(h.plant, models.NewWorkOrder{Title: "Late 100%", DueOn: new(models.NewDate(2020, time.May, 1))}, models.WorkOrderStart)
	later := h.order(h.plant, models.NewWorkOrder{
		Title: "Later", Type: models.WorkInspection, Priority: models.PriorityCritical, LocationID: h.plant.Site, DueOn: new(models.NewDate(2090, time.May, 1)),
	})
	h.order(h.plant, models.NewWorkOrder{Title: "Child", ParentID: &late})
	h.command(h.plant, late, models.WorkOrderAssign, models.WorkOrderCommand{AssigneeIDs: []uuid.UUID{h.plant.Tech}})
	c := h.admin()
	tech := h.as(h.plant, h.plant.Tech, models.RoleTechnician)

	for query, want := range map[string][]any{
		"":                                              {"Child", "Later", "Late 100%"},
		"sort=due_on":                                   {"Late 100%", "Later", "Child"},
		"sort=-due_on":                                  {"Child", "Later", "Late 100%"},
		"sort=-priority&limit=1":                        {"Later"},
		"sort=number":                                   {"Late 100%", "Later", "Child"},
		"sort=title&status=in_progress":                 {"Late 100%"},
		"status=approved&status=closed":                 {"Child", "Later"},
		"type=inspection":                               {"Later"},
		"priority=critical&priority=low":                {"Later"},
		"asset_id=" + h.plant.Asset.String():            {"Child", "Late 100%"},
		"location_id=" + h.plant.Site.String():          {"Child", "Later", "Late 100%"},
		"location_id=" + h.plant.Area.String():          {"Child", "Late 100%"},
		"assignee_id=" + h.plant.Tech.String():          {"Late 100%"},
		"assignee_id=me":                                {},
		"parent_id=" + late.String():                    {"Child"},
		"overdue=true":                                  {"Late 100%"},
		"overdue=false":                                 {"Child", "Later"},
		"due_from=2020-05-01&due_to=2020-05-01":         {"Late 100%"},
		"q=0%25":                                        {"Late 100%"},
		"q=wo-000002":                                   {"Later"},
		"schedule_id=" + uuid.NewString():               {},
		"asset_id=" + two.Asset.String():                {},
		"sort=title&asset_id=" + h.plant.Asset.String(): {"Child", "Late 100%"},
	} {
		require.Equal(t, want, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/work-orders?"+query, nil)), "title"), query)
	}
	require.Equal(t, []any{"Late 100%"}, values(items(tech.must(http.StatusOK, http.MethodGet, "/v1/work-orders?assignee_id=me", nil)), "title"))
	child := items(c.must(http.StatusOK, http.MethodGet, "/v1/work-orders?q=child", nil))[0]
	require.Equal(t, map[string]any{"id": late.String(), "number": "WO-000001", "name": "Late 100%"}, child["parent"])
	counted := c.must(http.StatusOK, http.MethodGet, "/v1/work-orders?count=capped&limit=2", nil)
	require.Equal(t, map[string]any{"value": 3.0, "relation": "eq"}, counted["total"])

	for _, sort := range []string{"due_on", "-due_on", "priority", "-number", "created_at", "title"} {
		var seen []any
		path := "/v1/work-orders?limit=1&sort=" + sort
		for cursor := ""; ; {
			page := c.must(http.StatusOK, http.MethodGet, path+cursor, nil)
			seen = append(seen, values(items(page), "title")...)
			next, _ := page["next_cursor"].(string)
			if next == "" {
				break
			}
			cursor = "&cursor=" + next
		}
		require.Equal(t, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/work-orders?sort="+sort, nil)), "title"), seen, sort)
	}
	h.command(h.plant, later, models.WorkOrderSchedule, models.WorkOrderCommand{StartOn: new(models.NewDate(2090, time.April, 3))})
	for query, want := range map[string][]any{
		"start_from=2090-04-03&start_to=2090-04-03": {"Later"}, "start_from=2090-04-04": {}, "start_to=2090-04-02": {},
	} {
		require.Equal(t, want, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/work-orders?"+query, nil)), "title"), query)
	}
	h.command(h.plant, late, models.WorkOrderComplete, models.WorkOrderCommand{Resolution: "Sealed"})
	h.command(h.plant, late, models.WorkOrderClose, models.WorkOrderCommand{})
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE work_orders SET completed_at = '2026-03-09T23:30:00Z', closed_at = '2026-03-11T22:30:00Z'
		WHERE id = $1`, late) // 10 and 11 March in Berlin
	require.NoError(t, err)
	for query, want := range map[string][]any{
		"completed_from=2026-03-10&completed_to=2026-03-10": {"Late 100%"}, "completed_to=2026-03-09": {}, "completed_from=2026-03-11": {},
		"closed_from=2026-03-11&closed_to=2026-03-11": {"Late 100%"}, "closed_from=2026-03-12": {}, "closed_to=2026-03-10": {},
		"site_id=" + h.plant.Site.String() + "&completed_to=2026-03-10": {"Late 100%"}, "site_id=" + h.plant.Area.String(): {},
	} {
		require.Equal(t, want, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/work-orders?"+query, nil)), "title"), query)
	}
	require.Equal(t, map[string]any{"id": h.plant.Site.String(), "code": "SITE", "name": "Site"}, child["site"])
	require.Equal(t, child["site"], c.must(http.StatusOK, http.MethodGet, "/v1/work-orders/"+late.String(), nil)["site"])
	for query, pointer := range map[string]string{
		"completed_from=yesterday": "completed_from", "closed_to=2026-02-30": "closed_to", "site_id=here": "site_id",
		"status=lost": "status", "assignee_id=you": "assignee_id", "due_from=2020-02-30": "due_from", "sort=colour": "sort",
		"overdue=perhaps": "overdue", "start_to=soon": "start_to", "cursor=x": "cursor", "asset_id=7": "asset_id", "color=red": "color",
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodGet, "/v1/work-orders?"+query, nil)
	}
}

func TestChangeWorkOrder(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	id := h.order(h.plant, models.NewWorkOrder{Title: "Seal"})
	path := "/v1/work-orders/" + id.String()
	c := h.admin()
	c.must(http.StatusPreconditionRequired, http.MethodPatch, path, map[string]any{"title": "x"})
	changed := c.must(http.StatusOK, http.MethodPatch, path, map[string]any{
		"title": "Seal and ring", "description": "Drain it first.", "due_on": "2090-02-01", "priority": "high", "planned_hours": "1.5",
		"estimated_cost": map[string]any{"amount": "12.5", "currency": "EUR"},
	}, "If-Match", `"1"`)
	require.Equal(t, "Seal and ring", changed["title"])
	require.Equal(t, "2090-02-01", changed["due_on"])
	require.Equal(t, "1.5", changed["planned_hours"])
	require.Equal(t, map[string]any{"amount": "12.50", "currency": "EUR"}, changed["estimated_cost"])
	c.must(http.StatusPreconditionFailed, http.MethodPatch, path, map[string]any{"title": "x"}, "If-Match", `"1"`)
	cleared := c.must(http.StatusOK, http.MethodPatch, path, map[string]any{"due_on": nil}, "If-Match", `"2"`)
	require.NotContains(t, cleared, "due_on")
	h.printsWorkOrder(id, two)
	var facts int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(),
		`SELECT count(*) FROM outbox WHERE subject_id = $1 AND kind = 'refresh'`, id).Scan(&facts))
	require.Equal(t, 2, facts)

	for _, bad := range []map[string]any{{"planned_hours": "99999999999999"}, {"planned_hours": "0.333"}, {"estimated_cost": "99999999999999"}, {"title": strings.Repeat("x", 301)}} {
		for name := range bad {
			c.refused(http.StatusUnprocessableEntity, "/"+name, http.MethodPatch, path, bad, "If-Match", `"3"`)
		}
	}
	for pointer, body := range map[string]any{
		"/priority": map[string]any{"priority": "soon"}, "/title": map[string]any{"title": ""}, "/due_on": map[string]any{"due_on": "2026-02-30"},
		"/planned_hours": map[string]any{"planned_hours": "-1"}, "/colour": map[string]any{"colour": "red"},
		"/estimated_cost/currency": map[string]any{"estimated_cost": map[string]any{"amount": "1", "currency": "USD"}},
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPatch, path, body, "If-Match", `"3"`)
	}
	h.as(two, two.Admin, models.RoleAdmin).must(http.StatusNotFound, http.MethodPatch, path, map[string]any{"title": "x"}, "If-Match", `"3"`)
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodPatch, path, map[string]any{"title": "x"}, "If-Match", `"3"`)

	h.command(h.plant, id, models.WorkOrderCancel, models.WorkOrderCommand{Reason: "not needed"})
	over := c.must(http.StatusConflict, http.MethodPatch, path, map[string]any{"title": "x"}, "If-Match", `"4"`)
	require.Equal(t, []any{}, over["allowed_commands"])
}
