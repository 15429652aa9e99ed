package api

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestBulkAnswersForEachOrder(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	closed := h.order(h.plant, models.NewWorkOrder{Title: "x"}, models.WorkOrderStart, models.WorkOrderComplete, models.WorkOrderClose)
	foreign := h.order(two, models.NewWorkOrder{Title: "x"})
	c, tech := h.admin(), h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	const path = "/v1/work-orders/bulk"
	body := map[string]any{"ids": []uuid.UUID{closed, foreign, closed}, "command": "cancel", "body": map[string]any{"reason": "no"}}
	results := items(c.must(http.StatusOK, http.MethodPost, path, body))
	require.Equal(t, []any{closed.String(), foreign.String()}, values(results, "id"))
	require.Equal(t, []any{409.0, 404.0}, values(results, "status"))
	refused, _ := results[0]["problem"].(map[string]any)
	require.Equal(t, "conflict", refused["code"])
	require.Equal(t, []any{}, refused["allowed_commands"])

	tech.must(http.StatusForbidden, http.MethodPost, path, body)
	c.refused(http.StatusUnprocessableEntity, "/body/reason", http.MethodPost, path, map[string]any{"ids": []uuid.UUID{closed}, "command": "cancel"})
	c.refused(http.StatusUnprocessableEntity, "/command", http.MethodPost, path, map[string]any{"ids": []uuid.UUID{closed}, "command": "create"})
	c.refused(http.StatusUnprocessableEntity, "/ids", http.MethodPost, path, map[string]any{"ids": []uuid.UUID{}, "command": "start"})
	c.refused(http.StatusUnprocessableEntity, "/ids", http.MethodPost, path, map[string]any{"ids": make([]uuid.UUID, 201), "command": "start"})
}
