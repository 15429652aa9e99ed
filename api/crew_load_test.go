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

func TestCrewLoad(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c := h.admin()
	hours := func(text string) *decimal.Decimal { return new(decimal.RequireFromString(text)) }
	friday := models.NewDate(2090, time.April, 7)
	plan := func(p storetest.Plant, n models.NewWorkOrder, day models.Date, people ...uuid.UUID) uuid.UUID {
		n.Title = "Planned"
		id := h.order(p, n)
		h.command(p, id, models.WorkOrderSchedule, models.WorkOrderCommand{StartOn: &day, AssigneeIDs: people})
		return id
	}
	nora := c.must(http.StatusCreated, http.MethodPost, "/v1/users",
		newUser("nora@one.example", "working_hours", []string{"8", "8", "8", "8", "8", "4.5", "0"}, "location_ids", []uuid.UUID{h.plant.Site}))["id"].(string)
	other := c.must(http.StatusCreated, http.MethodPost, "/v1/locations",
		map[string]any{"code": "S2", "name": "Second", "kind": "site", "time_zone": "Australia/Perth"})["id"].(string)
	plan(h.plant, models.NewWorkOrder{PlannedHours: hours("5")}, friday, h.plant.Tech, uuid.MustParse(nora))
	done := plan(h.plant, models.NewWorkOrder{PlannedHours: hours("7.5"), LocationID: h.plant.Site}, friday, h.plant.Tech)
	h.command(h.plant, done, models.WorkOrderStart, models.WorkOrderCommand{})
	h.command(h.plant, done, models.WorkOrderComplete, models.WorkOrderCommand{Resolution: "Done"})
	plan(h.plant, models.NewWorkOrder{}, friday, h.plant.Tech)
	plan(h.plant, models.NewWorkOrder{PlannedHours: hours("6"), LocationID: uuid.MustParse(other)}, friday.AddDays(1), uuid.MustParse(nora))
	plan(h.plant, models.NewWorkOrder{PlannedHours: hours("3")}, friday.AddDays(2))
	gone := plan(h.plant, models.NewWorkOrder{PlannedHours: hours("8")}, friday, h.plant.Tech)
	h.command(h.plant, gone, models.WorkOrderCancel, models.WorkOrderCommand{Reason: "Not needed"})
	plan(two, models.NewWorkOrder{PlannedHours: hours("9")}, friday, two.Tech)

	path := fmt.Sprintf("/v1/crew-load?from=%s&to=%s", friday, friday.AddDays(2))
	// rows gives planned, elsewhere, done, capacity, orders and orders without hours.
	rows := func(body map[string]any) map[string][]any {
		out := map[string][]any{}
		note := func(name string, day map[string]any) {
			out[name] = []any{day["planned_hours"], day["elsewhere_hours"], day["done_hours"], day["capacity_hours"], day["orders"], day["without_hours"]}
		}
		for _, member := range items(body) {
			name, _ := member["person"].(map[string]any)["name"].(string)
			note(name, member)
			for i, day := range member["days"].([]any) {
				note(fmt.Sprintf("%s %d", name, i), day.(map[string]any))
			}
		}
		for i, day := range body["days"].([]any) {
			note(fmt.Sprintf("all %d", i), day.(map[string]any))
			out[fmt.Sprintf("nobody %d", i)] = []any{day.(map[string]any)["unassigned_hours"], day.(map[string]any)["unassigned_orders"]}
		}
		return out
	}
	whole := c.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, map[string][]any{
		"Nora New": {"8.5", "0", "0", "12.5", 2.0, 0.0}, "Theo Tech": {"10", "0", "7.5", "8", 3.0, 1.0},
		"Nora New 0": {"2.5", "0", "0", "8", 1.0, 0.0}, "Nora New 1": {"6", "0", "0", "4.5", 1.0, 0.0}, "Nora New 2": {"0", "0", "0", "0", 0.0, 0.0},
		"Theo Tech 0": {"10", "0", "7.5", "8", 3.0, 1.0}, "Theo Tech 1": {"0", "0", "0", "0", 0.0, 0.0}, "Theo Tech 2": {"0", "0", "0", "0", 0.0, 0.0},
		"all 0": {"12.5", "0", "7.5", "16", 4.0, 1.0}, "all 1": {"6", "0", "0", "4.5", 1.0, 0.0}, "all 2": {"0", "0", "0", "0", 0.0, 0.0},
		"nobody 0": {"0", 0.0}, "nobody 1": {"0", 0.0}, "nobody 2": {"3", 1.0},
	}, rows(whole))
	require.Equal(t, []any{"2090-04-07", "2090-04-08", "2090-04-09"}, values(dayItems(whole), "date"))

	here := rows(c.must(http.StatusOK, http.MethodGet, path+"&location_id="+h.plant.Site.String(), nil))
	require.Equal(t, []any{"6", "6", "0", "4.5", 1.0, 0.0}, here["Nora New 1"])
	require.Equal(t, []any{"10", "0", "7.5", "8", 3.0, 1.0}, here["Theo Tech 0"])
	require.Equal(t, here, rows(h.within(h.plant.Site, models.RolePlanner).must(http.StatusOK, http.MethodGet, path, nil)))
	there := rows(c.must(http.StatusOK, http.MethodGet, path+"&location_id="+other, nil))
	require.Equal(t, []any{"2.5", "2.5", "0", "8", 1.0, 0.0}, there["Nora New 0"], "Nora has work there, and some elsewhere")
	require.Equal(t, []any{"0", 0.0}, there["nobody 2"])
	quiet := fmt.Sprintf("/v1/crew-load?from=%s&to=%s&location_id=%s", friday.AddDays(30), friday.AddDays(30), other)
	require.Equal(t, []any{"Theo Tech"}, people(c.must(http.StatusOK, http.MethodGet, quiet, nil)), "Nora may not be sent there")
	require.Equal(t, []any{"Theo Tech"}, people(h.as(two, two.Admin, models.RoleAdmin).must(http.StatusOK, http.MethodGet, path, nil)))
	c.must(http.StatusOK, http.MethodPost, "/v1/users/"+nora+"/disable", nil)
	require.Equal(t, []any{"Nora New", "Theo Tech"}, people(c.must(http.StatusOK, http.MethodGet, path, nil)), "her work is still planned")

	h.as(h.plant, h.plant.Tech, models.RoleRequester).must(http.StatusForbidden, http.MethodGet, path, nil)
	for query, pointer := range map[string]string{
		"from=2090-04-07&to=2090-04-06": "to", "from=2090-04-07&to=2090-07-08": "to", "from=soon&to=2090-04-07": "from", "from=2090-04-07": "to",
		"from=2090-04-07&to=2090-04-07&location_id=here": "location_id",
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodGet, "/v1/crew-load?"+query, nil)
	}
}

func people(body map[string]any) []any {
	names := []any{}
	for _, member := range items(body) {
		names = append(names, member["person"].(map[string]any)["name"])
	}
	return names
}

func dayItems(body map[string]any) []map[string]any {
	return items(map[string]any{"items": body["days"]})
}
