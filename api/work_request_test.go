package api

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestWorkRequestBecomesAWorkOrder(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	requester, planner := h.as(h.plant, h.plant.Tech, models.RoleRequester), h.admin()
	body := map[string]any{"title": "Pump drips", "description": "At the seal", "asset_id": h.plant.Asset}
	request := requester.must(http.StatusCreated, http.MethodPost, "/v1/work-requests", body, "Idempotency-Key", "k")
	require.Equal(t, "WR-000001", request["number"])
	require.Equal(t, []any{"accept", "reject", "duplicate"}, request["allowed_commands"])
	require.Equal(t, request, requester.must(http.StatusCreated, http.MethodPost, "/v1/work-requests", body, "Idempotency-Key", "k"))
	path := "/v1/work-requests/" + request["id"].(string)
	requester.must(http.StatusCreated, http.MethodPost, path+"/comments", map[string]any{"text": "More than yesterday"})
	requester.must(http.StatusForbidden, http.MethodPost, path+"/accept", map[string]any{})

	id := uuid.MustParse(request["id"].(string))
	order := h.order(h.plant, models.NewWorkOrder{Title: "Pump drips", WorkRequestID: &id})
	accepted := planner.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, "accepted", accepted["status"])
	require.Equal(t, order.String(), accepted["work_order_id"])
	require.Equal(t, []any{}, accepted["allowed_commands"])
	said := items(planner.must(http.StatusOK, http.MethodGet, "/v1/work-orders/"+order.String()+"/comments", nil))
	require.Equal(t, []any{"More than yesterday"}, values(said, "text"))
	require.Equal(t, map[string]any{"id": request["id"], "number": "WR-000001", "name": "Pump drips"},
		planner.must(http.StatusOK, http.MethodGet, "/v1/work-orders/"+order.String(), nil)["work_request"])
	require.Equal(t, h.plant.Tech.String(), planner.must(http.StatusOK, http.MethodGet, "/v1/work-orders/"+order.String(), nil)["requested_by"])

	again := planner.must(http.StatusConflict, http.MethodPost, path+"/accept", map[string]any{})
	require.Equal(t, []any{}, again["allowed_commands"])
	planner.must(http.StatusConflict, http.MethodPost, path+"/reject", map[string]any{"reason": "no"})
	var told int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(),
		`SELECT count(*) FROM notifications WHERE user_id = $1 AND kind = 'work_request.accepted'`, h.plant.Tech).Scan(&told))
	require.Equal(t, 1, told)
}

func TestWorkRequestsAreDecidedOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c, stranger := h.admin(), h.as(two, two.Admin, models.RoleAdmin)
	report := func(title string) string {
		return "/v1/work-requests/" + c.must(http.StatusCreated, http.MethodPost, "/v1/work-requests",
			map[string]any{"title": title, "location_id": h.plant.Area})["id"].(string)
	}
	first, second := report("First"), report("Second")
	idOf := func(path string) string { return path[len("/v1/work-requests/"):] }

	c.refused(http.StatusUnprocessableEntity, "/reason", http.MethodPost, first+"/reject", map[string]any{"reason": ""})
	c.refused(http.StatusUnprocessableEntity, "/of", http.MethodPost, first+"/duplicate", map[string]any{"of": idOf(first)})
	c.refused(http.StatusUnprocessableEntity, "/of", http.MethodPost, first+"/duplicate", map[string]any{"of": uuid.NewString()})
	merged := c.must(http.StatusOK, http.MethodPost, second+"/duplicate", map[string]any{"of": idOf(first)}, "Idempotency-Key", "k")
	require.Equal(t, "duplicate", merged["status"])
	require.Equal(t, merged, c.must(http.StatusOK, http.MethodPost, second+"/duplicate", map[string]any{"of": idOf(first)}, "Idempotency-Key", "k"))
	c.refused(http.StatusUnprocessableEntity, "/of", http.MethodPost, first+"/duplicate", map[string]any{"of": idOf(second)})
	c.must(http.StatusPreconditionFailed, http.MethodPost, first+"/reject", map[string]any{"reason": "no"}, "If-Match", `"9"`)
	changed := c.must(http.StatusOK, http.MethodPatch, first, map[string]any{"title": "First of all"}, "If-Match", `"1"`)
	require.Equal(t, "First of all", changed["title"])
	rejected := c.must(http.StatusOK, http.MethodPost, first+"/reject", map[string]any{"reason": "By design"}, "If-Match", `"2"`)
	require.Equal(t, "By design", rejected["reject_reason"])
	c.must(http.StatusConflict, http.MethodPatch, first, map[string]any{"title": "x"}, "If-Match", `"3"`)

	require.Equal(t, []any{"First of all"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/work-requests?status=rejected", nil)), "title"))
	require.Equal(t, []any{"First of all", "Second"}, values(items(c.must(http.StatusOK, http.MethodGet,
		"/v1/work-requests?sort=title&requested_by=me&location_id="+h.plant.Site.String(), nil)), "title"))
	require.Equal(t, []any{"Second"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/work-requests?q=second", nil)), "title"))
	require.Empty(t, items(stranger.must(http.StatusOK, http.MethodGet, "/v1/work-requests", nil)))
	stranger.must(http.StatusNotFound, http.MethodGet, first, nil)
	stranger.must(http.StatusNotFound, http.MethodPost, first+"/reject", map[string]any{"reason": "no"})
	stranger.must(http.StatusNotFound, http.MethodPost, first+"/accept", nil)
	c.refused(http.StatusUnprocessableEntity, "/asset_id", http.MethodPost, "/v1/work-requests", map[string]any{"title": "x"})
	c.refused(http.StatusUnprocessableEntity, "/asset_id", http.MethodPost, "/v1/work-requests", map[string]any{"title": "x", "asset_id": two.Asset})
}
