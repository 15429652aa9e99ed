package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestWorkOrderSaysWhatHappensNext(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	due := models.DateOf(time.Now(), time.UTC).AddDays(30)
	id := h.order(h.plant, models.NewWorkOrder{Title: "Belt scraper, replace", DueOn: &due})
	path := "/v1/work-orders/" + id.String()
	planner, tech := h.admin(), h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	next := func(c client) []map[string]any {
		body := c.must(http.StatusOK, http.MethodGet, path, nil)
		return items(map[string]any{"items": body["next"]})
	}
	require.Equal(t, []any{"schedule", "remind", "start"}, values(next(planner), "code"))
	require.Equal(t, []any{true, false, false}, values(next(planner), "mine"))
	require.Equal(t, []any{false, false, false}, values(next(tech), "mine"), "a technician does not plan")
	require.Equal(t, []any{"people", "process", "people"}, values(next(tech), "by"))

	h.command(h.plant, id, models.WorkOrderAssign, models.WorkOrderCommand{AssigneeIDs: []uuid.UUID{h.plant.Tech}})
	steps := next(tech)
	require.Equal(t, []any{"start", "remind", "complete"}, values(steps, "code"))
	require.Equal(t, true, steps[0]["mine"])
	require.Equal(t, []any{map[string]any{"id": h.plant.Tech.String(), "name": "Theo Tech"}}, steps[0]["people"])
	require.Equal(t, due.String(), steps[2]["on"])
	require.Equal(t, false, next(planner)[0]["mine"], "it is the assignee's turn")

	h.command(h.plant, id, models.WorkOrderStart, models.WorkOrderCommand{})
	h.command(h.plant, id, models.WorkOrderComplete, models.WorkOrderCommand{Resolution: "done"})
	require.Equal(t, []any{"close"}, values(next(planner), "code"))
	h.command(h.plant, id, models.WorkOrderClose, models.WorkOrderCommand{})
	require.NotContains(t, planner.must(http.StatusOK, http.MethodGet, path, nil), "next")
	list := items(planner.must(http.StatusOK, http.MethodGet, "/v1/work-orders", nil))
	require.NotContains(t, list[0], "next")
}
