package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestDashboardCountsWhatOneMayRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	h.order(two, models.NewWorkOrder{Title: "Elsewhere"})
	today := models.DateOf(time.Now(), time.UTC)
	started := h.order(h.plant, models.NewWorkOrder{Title: "Late", DueOn: new(today.AddDays(-9))}, models.WorkOrderStart)
	h.order(h.plant, models.NewWorkOrder{Title: "Soon", DueOn: new(today.AddDays(3))})
	h.order(h.plant, models.NewWorkOrder{Title: "At the site", LocationID: h.plant.Site})
	h.order(h.plant, models.NewWorkOrder{Title: "Done"}, models.WorkOrderStart, models.WorkOrderComplete, models.WorkOrderClose)
	h.command(h.plant, started, models.WorkOrderAssign, models.WorkOrderCommand{AssigneeIDs: []uuid.UUID{h.plant.Tech}})
	c, tech := h.admin(), h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	yesterday := today.AddDays(-1).String()
	path := "/v1/work-orders/" + started.String()
	c.must(http.StatusCreated, http.MethodPost, path+"/labor", map[string]any{"worked_on": yesterday, "hours": "2", "rate": "10"})
	c.must(http.StatusCreated, http.MethodPost, path+"/labor", map[string]any{"worked_on": "2020-01-01", "hours": "2", "rate": "10"})
	c.must(http.StatusCreated, http.MethodPost, path+"/costs", map[string]any{"kind": "services", "amount": "5.5", "description": "Crane"})
	c.must(http.StatusCreated, http.MethodPost, "/v1/work-requests", map[string]any{"title": "x", "asset_id": h.plant.Asset})
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE assets SET operating_state = 'down'`)
	require.NoError(t, err)

	all := c.must(http.StatusOK, http.MethodGet, "/v1/dashboard", nil)
	require.Equal(t, map[string]any{
		"by_status": map[string]any{"in_progress": 1.0, "approved": 2.0}, "overdue": 1.0, "due_this_week": 1.0, "mine": 0.0,
	}, all["work_orders"])
	require.Equal(t, map[string]any{"new": 1.0, "mine": 1.0}, all["work_requests"])
	require.Equal(t, map[string]any{"down": 1.0, "total": 1.0}, all["assets"])
	require.Equal(t, map[string]any{"due_soon": 0.0}, all["maintenance_schedules"])
	euro := func(amount string) map[string]any { return map[string]any{"amount": amount, "currency": "EUR"} }
	require.Equal(t, map[string]any{
		"labor": euro("20.00"), "parts": euro("0.00"), "services": euro("5.50"), "other": euro("0.00"), "total": euro("25.50"),
	}, all["costs_last_30_days"])

	mine := tech.must(http.StatusOK, http.MethodGet, "/v1/dashboard", nil)
	require.InDelta(t, 1, mine["work_orders"].(map[string]any)["mine"], 0)
	require.NotContains(t, mine, "costs_last_30_days")
	asked := h.as(h.plant, h.plant.Tech, models.RoleRequester).must(http.StatusOK, http.MethodGet, "/v1/dashboard", nil)
	require.NotContains(t, asked, "work_orders")
	h.as(h.plant, h.plant.Tech, models.RolePlatformOperator).must(http.StatusForbidden, http.MethodGet, "/v1/dashboard", nil)
}
