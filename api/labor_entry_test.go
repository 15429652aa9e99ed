package api

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestLaborCostsAndCommentsStandOnTheTimeline(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	id := h.order(h.plant, models.NewWorkOrder{Title: "Seal"}, models.WorkOrderStart)
	path := "/v1/work-orders/" + id.String()
	c, tech := h.admin(), h.as(h.plant, h.plant.Tech, models.RoleTechnician)

	body := map[string]any{"worked_on": "2026-01-05", "hours": "1.5"}
	labor := tech.must(http.StatusCreated, http.MethodPost, path+"/labor", body, "Idempotency-Key", "k")
	require.Equal(t, map[string]any{"amount": "63.75", "currency": "EUR"}, labor["amount"]) // at the rate of 42.50
	require.Equal(t, "1.5", labor["hours"])
	require.Equal(t, "regular", labor["kind"])
	require.Equal(t, labor, tech.must(http.StatusCreated, http.MethodPost, path+"/labor", body, "Idempotency-Key", "k"))
	body["hours"] = "2"
	tech.must(http.StatusUnprocessableEntity, http.MethodPost, path+"/labor", body, "Idempotency-Key", "k")
	overtime := c.must(http.StatusCreated, http.MethodPost, path+"/labor", map[string]any{
		"worked_on": "2026-01-06", "hours": "0.25", "rate": "33.3400", "user_id": h.plant.Tech, "kind": "overtime",
	})
	require.Equal(t, map[string]any{"amount": "8.34", "currency": "EUR"}, overtime["amount"]) // 8.335 half up
	require.Equal(t, []any{"0.25", "1.5"}, values(items(c.must(http.StatusOK, http.MethodGet, path+"/labor", nil)), "hours"))

	cost := c.must(http.StatusCreated, http.MethodPost, path+"/costs", map[string]any{
		"kind": "services", "amount": map[string]any{"amount": "-10.005", "currency": "EUR"}, "description": "Credit",
	}, "Idempotency-Key", "k")
	require.Equal(t, map[string]any{"amount": "-10.01", "currency": "EUR"}, cost["amount"])
	require.Equal(t, []any{"Credit"}, values(items(c.must(http.StatusOK, http.MethodGet, path+"/costs", nil)), "description"))
	tech.must(http.StatusForbidden, http.MethodGet, path+"/costs", nil)

	comment := tech.must(http.StatusCreated, http.MethodPost, path+"/comments", map[string]any{"text": "Leaks"}, "Idempotency-Key", "c")
	require.Equal(t, comment, tech.must(http.StatusCreated, http.MethodPost, path+"/comments", map[string]any{"text": "Leaks"}, "Idempotency-Key", "c"))
	require.Equal(t, []any{"Leaks"}, values(items(c.must(http.StatusOK, http.MethodGet, path+"/comments", nil)), "text"))

	whole := items(c.must(http.StatusOK, http.MethodGet, path+"/timeline", nil))
	require.Equal(t, []any{"comment", "cost", "labor", "labor", "event", "event"}, values(whole, "kind"))
	require.Equal(t, []any{"work_order.start", "work_order.create"}, values(whole[4:], "action"))
	require.NotContains(t, values(items(tech.must(http.StatusOK, http.MethodGet, path+"/timeline", nil)), "kind"), "cost")
	first := c.must(http.StatusOK, http.MethodGet, path+"/timeline?limit=4", nil)
	rest := c.must(http.StatusOK, http.MethodGet, path+"/timeline?limit=4&cursor="+first["next_cursor"].(string), nil)
	require.Equal(t, whole, append(items(first), items(rest)...))

	var audited int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(),
		`SELECT count(*) FROM audit_events WHERE action IN ('labor_entry.create', 'work_order_cost.create', 'comment.create')`).Scan(&audited))
	require.Equal(t, 4, audited)
}

func TestRecordsOnWorkOrdersRefuse(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	path := "/v1/work-orders/" + h.order(h.plant, models.NewWorkOrder{Title: "Seal"}, models.WorkOrderStart).String()
	c, tech, stranger := h.admin(), h.as(h.plant, h.plant.Tech, models.RoleTechnician), h.as(two, two.Admin, models.RoleAdmin)
	good := func(extra ...any) map[string]any {
		body := map[string]any{"worked_on": "2026-01-05", "hours": "1"}
		for i := 0; i+1 < len(extra); i += 2 {
			body[extra[i].(string)] = extra[i+1]
		}
		return body
	}
	for _, bad := range []struct {
		pointer string
		body    any
	}{
		{"/hours", good("hours", "-1")},
		{"/hours", good("hours", "0")},
		{"/hours", good("hours", "24.01")},
		{"/hours", good("hours", "1.00001")},
		{"/hours", good("hours", 1.5)},
		{"/worked_on", good("worked_on", "2090-01-01")},
		{"/worked_on", good("worked_on", "2026-02-30")},
		{"/rate", good("rate", "-1")},
		{"/rate", good("rate", "99999999999999")},
		{"/rate/currency", good("rate", map[string]any{"amount": "1", "currency": "USD"})},
		{"/kind", good("kind", "night")},
		{"/user_id", good("user_id", two.Admin)},
		{"/color", good("color", "red")},
	} {
		c.refused(http.StatusUnprocessableEntity, bad.pointer, http.MethodPost, path+"/labor", bad.body)
	}
	for _, bad := range []struct{ pointer, body string }{
		{"/kind", `{"kind":"parts","amount":"1","description":"x"}`},
		{"/amount", `{"kind":"other","amount":"0.001","description":"x"}`},
		{"/amount", `{"kind":"other","amount":"99999999999999","description":"x"}`},
		{"/amount", `{"kind":"other","amount":"much","description":"x"}`},
		{"/description", `{"kind":"other","amount":"1","description":""}`},
		{"/incurred_on", `{"kind":"other","amount":"1","description":"x","incurred_on":"2090-01-01"}`},
	} {
		c.refused(http.StatusUnprocessableEntity, bad.pointer, http.MethodPost, path+"/costs", bad.body)
	}
	c.refused(http.StatusUnprocessableEntity, "/text", http.MethodPost, path+"/comments", `{"text":""}`)
	tech.must(http.StatusForbidden, http.MethodPost, path+"/labor", good("user_id", h.plant.Admin))
	tech.must(http.StatusForbidden, http.MethodPost, path+"/labor", good("rate", "1"))

	stranger.must(http.StatusNotFound, http.MethodPost, path+"/labor", good())
	stranger.must(http.StatusNotFound, http.MethodPost, path+"/costs", `{"kind":"other","amount":"1","description":"x"}`)
	stranger.must(http.StatusNotFound, http.MethodPost, path+"/comments", `{"text":"x"}`)
	for _, list := range []string{"/labor", "/costs", "/comments", "/timeline"} {
		stranger.must(http.StatusNotFound, http.MethodGet, path+list, nil)
		c.must(http.StatusNotFound, http.MethodGet, "/v1/work-orders/"+uuid.NewString()+list, nil)
	}

	early := "/v1/work-orders/" + h.order(h.plant, models.NewWorkOrder{Title: "Early"}).String()
	refused := c.must(http.StatusConflict, http.MethodPost, early+"/labor", good())
	require.Equal(t, []any{"schedule", "assign", "start", "cancel"}, refused["allowed_commands"])
	closed := "/v1/work-orders/" + h.order(h.plant, models.NewWorkOrder{Title: "Closed"},
		models.WorkOrderStart, models.WorkOrderComplete, models.WorkOrderClose).String()
	c.must(http.StatusConflict, http.MethodPost, closed+"/labor", good())
	refused = c.must(http.StatusConflict, http.MethodPost, closed+"/costs", `{"kind":"other","amount":"1","description":"x"}`)
	require.Equal(t, []any{}, refused["allowed_commands"])
}
