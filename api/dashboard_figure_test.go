package api

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func listOf(body map[string]any, name string) []map[string]any {
	return items(map[string]any{"items": body[name]})
}

func object(body map[string]any, name string) map[string]any {
	o, _ := body[name].(map[string]any)
	return o
}

func TestDashboardShowsFiguresWithTheirFractions(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	h.order(two, models.NewWorkOrder{Title: "Elsewhere", DueOn: new(models.DateOf(time.Now(), time.UTC).AddDays(-9))})
	today := models.DateOf(time.Now(), time.UTC)
	h.order(h.plant, models.NewWorkOrder{Title: "Late", DueOn: new(today.AddDays(-9)), PlannedHours: new(decimal.RequireFromString("3.5"))})
	for title, due := range map[string]int{"Met": -3, "Missed": -9} {
		id := h.order(h.plant, models.NewWorkOrder{Title: title, Type: models.WorkPreventive, Priority: models.PriorityLow, DueOn: new(today.AddDays(due))},
			models.WorkOrderStart, models.WorkOrderComplete)
		_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE work_orders SET completed_at = now() - interval '5 days' WHERE id = $1`, id)
		require.NoError(t, err)
	}
	repair := h.order(h.plant, models.NewWorkOrder{Title: "Repair"}, models.WorkOrderStart, models.WorkOrderComplete)
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE work_orders SET started_at = completed_at - interval '90 minutes' WHERE id = $1`, repair)
	require.NoError(t, err)
	c := h.admin()
	c.must(http.StatusCreated, http.MethodPost, "/v1/work-orders/"+repair.String()+"/costs", map[string]any{"kind": "services", "amount": "50", "description": "Crane"})
	_, err = h.db.Owner.ExecContext(t.Context(), `UPDATE assets SET replacement_price = 400, criticality = 'A', operating_state = 'down' WHERE tenant_id = $1`, h.plant.Tenant)
	require.NoError(t, err)

	d := c.must(http.StatusOK, http.MethodGet, "/v1/dashboard", nil)
	f := object(d, "figures")
	require.Len(t, f["weeks"], models.DashboardWeeks)
	open := object(f, "open")
	require.InDelta(t, 1, open["value"], 0)
	require.InDelta(t, 4, open["new"], 0)
	weeks, _ := open["weeks"].([]any)
	require.InDelta(t, 1, weeks[models.DashboardWeeks-1], 0)
	require.InDelta(t, 0, weeks[0], 0)
	require.InDelta(t, 1, object(f, "overdue")["value"], 0)
	require.InDelta(t, 1, object(f, "overdue")["critical"], 0)
	require.InDelta(t, 1, object(f, "planned_on_time")["met"], 0)
	require.InDelta(t, 2, object(f, "planned_on_time")["due"], 0)
	require.Equal(t, "1.5", object(f, "repair_time")["hours"])
	require.InDelta(t, 1, object(f, "repair_time")["repairs"], 0)
	require.Equal(t, "3.5", object(f, "waiting")["hours"])
	require.InDelta(t, 1, object(f, "waiting")["technicians"], 0)
	require.Equal(t, map[string]any{"amount": "50.00", "currency": "EUR"}, object(f, "cost")["month"])
	finished := listOf(d, "finished")
	require.Len(t, finished, models.DashboardWeeks)
	require.InDelta(t, 1, finished[models.DashboardWeeks-1]["corrective"], 0)
	costs := listOf(d, "cost_by_asset")
	require.Len(t, costs, 1)
	require.Equal(t, map[string]any{"amount": "50.00", "currency": "EUR"}, costs[0]["total"])
	require.InDelta(t, 13, costs[0]["share_pct"], 0)
	down := listOf(d, "down")
	require.Len(t, down, 1)
	require.Equal(t, h.plant.Asset.String(), object(down[0], "asset")["id"])
	require.Equal(t, "Late", object(down[0], "work_order")["name"], "the order that is open")

	require.NotContains(t, object(h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusOK, http.MethodGet, "/v1/dashboard", nil), "figures"), "cost")
	elsewhere := object(h.as(two, two.Admin, models.RoleAdmin).must(http.StatusOK, http.MethodGet, "/v1/dashboard", nil), "figures")
	require.InDelta(t, 0, object(elsewhere, "planned_on_time")["due"], 0)
	h.asksDashboardOfThePast(two)
}

// asksDashboardOfThePast goes on with what the test above made: the figures at the end of a day lead to lists of as many rows.
func (h *harness) asksDashboardOfThePast(two storetest.Plant) {
	t := h.t
	zone, err := models.Zone("Europe/Berlin")
	require.NoError(t, err)
	c, today := h.admin(), models.DateOf(time.Now(), zone)
	then, yesterday := today.AddDays(-8).String(), today.AddDays(-1)
	for _, statement := range []string{
		`UPDATE work_orders SET created_at = now() - interval '20 days' WHERE type = 'preventive' OR title = 'Late'`,
		// Two stops at once that are one of four hours, one that goes on, and one of long ago.
		`INSERT INTO downtimes (tenant_id, id, asset_id, started_at, ended_at, kind, reason, actor_id, created_at)
			SELECT a.tenant_id, gen_random_uuid(), a.id, date_trunc('day', now(), 'Europe/Berlin') - s.ago, date_trunc('day', now(), 'Europe/Berlin') - s.until, s.kind, '', u.id, now()
			FROM assets a JOIN users u ON u.tenant_id = a.tenant_id AND 'admin' = ANY (u.roles), (VALUES (interval '242 hours', interval '239 hours', 'unplanned'),
				('240 hours', '238 hours', 'planned'), ('6 hours', NULL, 'unplanned'), ('100 days', '99 days', 'unplanned')) s (ago, until, kind)`,
	} {
		_, err := h.db.Owner.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	d := c.must(http.StatusOK, http.MethodGet, "/v1/dashboard?until="+then, nil)
	f := object(d, "figures")
	require.Equal(t, then, f["on"])
	require.InDelta(t, 3, object(f, "open")["value"], 0)
	require.InDelta(t, 2, object(f, "overdue")["value"], 0)
	require.Equal(t, "3.5", object(f, "waiting")["hours"])
	require.InDelta(t, 0, object(f, "repair_time")["repairs"], 0, "it was done later")
	require.Equal(t, "0.00", object(object(f, "cost"), "month")["amount"])
	require.Empty(t, d["cost_by_asset"])
	titles := func(query string) []any {
		return values(items(c.must(http.StatusOK, http.MethodGet, "/v1/work-orders?sort=title&"+query, nil)), "title")
	}
	require.Equal(t, []any{"Late", "Met", "Missed"}, titles("open_on="+then))
	require.Equal(t, []any{"Late", "Missed"}, titles("overdue_on="+then))
	require.Equal(t, []any{"Late", "Met", "Missed"}, titles("waiting_on="+then))
	require.Equal(t, []any{"Late"}, titles("open_on="+today.AddDays(1).String()))
	require.Equal(t, []any{"Repair"}, titles("booked_from="+yesterday.String()))
	require.Empty(t, titles("booked_to="+yesterday.String()))
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).refused(http.StatusUnprocessableEntity, "booked_from", http.MethodGet, "/v1/work-orders?booked_to="+then, nil)

	f = object(c.must(http.StatusOK, http.MethodGet, "/v1/dashboard?until="+yesterday.String(), nil), "figures")
	failures := object(f, "failures")
	require.InDelta(t, 2, failures["failures"], 0, "the planned one is none")
	require.Equal(t, yesterday.AddDays(-89).String(), failures["from"])
	ninety := today.In(zone).Sub(today.AddDays(-90).In(zone)).Hours()
	require.Equal(t, fmt.Sprint(ninety-10), failures["hours"], "without the four hours and the six that ran yesterday")
	require.Len(t, failures["weeks"], models.DashboardWeeks)
	_, err = h.db.Owner.ExecContext(t.Context(), `UPDATE assets SET installed_on = $1`, yesterday)
	require.NoError(t, err)
	failures = object(object(c.must(http.StatusOK, http.MethodGet, "/v1/dashboard?until="+yesterday.String(), nil), "figures"), "failures")
	require.Equal(t, fmt.Sprint(today.In(zone).Sub(yesterday.In(zone)).Hours()-6), failures["hours"], "it was not there before")
	failed := func(c client, from, to models.Date) []map[string]any {
		return items(c.must(http.StatusOK, http.MethodGet, "/v1/assets?failed_from="+from.String()+"&failed_to="+to.String(), nil))
	}
	require.Len(t, failed(c, yesterday, yesterday), 1)
	require.Empty(t, failed(c, today, today))
	require.NotEqual(t, failed(c, yesterday, today)[0]["id"], failed(h.as(two, two.Admin, models.RoleAdmin), yesterday, today)[0]["id"])
	c.refused(http.StatusUnprocessableEntity, "until", http.MethodGet, "/v1/dashboard?until=soon", nil)
}

func TestDashboardSaysWhatNeedsTheReader(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	today := models.DateOf(time.Now(), time.UTC)
	h.order(h.plant, models.NewWorkOrder{Title: "Nobody's", DueOn: new(today.AddDays(-9))})
	mine := h.order(h.plant, models.NewWorkOrder{Title: "Theo's", DueOn: new(today.AddDays(2))})
	h.command(h.plant, mine, models.WorkOrderAssign, models.WorkOrderCommand{AssigneeIDs: []uuid.UUID{h.plant.Tech}})
	h.order(h.plant, models.NewWorkOrder{Title: "Done"}, models.WorkOrderStart, models.WorkOrderComplete)
	c, tech := h.admin(), h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	c.must(http.StatusCreated, http.MethodPost, "/v1/work-requests", map[string]any{"title": "Noise", "asset_id": h.plant.Asset})
	needs := func(c client, query string) ([]map[string]any, any) {
		n := object(c.must(http.StatusOK, http.MethodGet, "/v1/dashboard"+query, nil), "needs_you")
		return items(n), n["total"]
	}
	planner, total := needs(c, "")
	require.Equal(t, []any{"overdue_unassigned", "request", "closing"}, values(planner, "code"))
	require.InDelta(t, 3, total, 0)
	require.Equal(t, "Nobody's", object(planner[0], "work_order")["name"])
	require.Equal(t, today.AddDays(-9).String(), planner[0]["on"])
	require.Equal(t, "Noise", object(planner[1], "work_request")["name"])
	his, _ := needs(tech, "")
	require.Equal(t, []any{"due_mine"}, values(his, "code"))
	none, total := needs(h.as(h.plant, h.plant.Tech, models.RoleAuditor), "")
	require.Empty(t, none)
	require.InDelta(t, 0, total, 0)
	for days := range 2 {
		h.order(h.plant, models.NewWorkOrder{Title: "Late", DueOn: new(today.AddDays(days - 8))})
	}
	planner, _ = needs(c, "")
	require.Equal(t, []any{"overdue_unassigned", "overdue_unassigned", "request", "closing", "overdue_unassigned"}, values(planner, "code"), "many of one do not hide the rest")

	here, _ := needs(c, "?location_id="+h.plant.Area.String())
	require.Len(t, here, 5)
	c.refused(http.StatusUnprocessableEntity, "location_id", http.MethodGet, "/v1/dashboard?location_id="+uuid.NewString(), nil)
	c.refused(http.StatusUnprocessableEntity, "location_id", http.MethodGet, "/v1/dashboard?location_id=x", nil)
	other := storetest.NewPlant(t, h.db, "two")
	c.refused(http.StatusUnprocessableEntity, "location_id", http.MethodGet, "/v1/dashboard?location_id="+other.Site.String(), nil)
}
