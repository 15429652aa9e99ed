package main

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestAcceptedRequestRunsAsAWorkOrder(t *testing.T) {
	w := newWorld(t).up()
	request := w.must(http.StatusCreated, http.MethodPost, "/v1/work-requests", map[string]any{"title": "Drips", "asset_id": w.plant.Asset})
	path := "/v1/work-requests/" + textOf(request, "id")
	key, body := uuid.NewString(), map[string]any{"title": "Stop the drip", "priority": "high", "due_on": "2090-01-31"}
	accepted := w.try(http.MethodPost, path+"/accept", key, body)
	require.Equal(t, http.StatusOK, accepted.status, accepted.body)
	require.Equal(t, "Stop the drip", accepted.body["title"])
	require.Equal(t, "corrective", accepted.body["type"])
	require.Equal(t, textOf(request, "id"), accepted.body["work_request_id"])
	require.Equal(t, accepted.body, w.try(http.MethodPost, path+"/accept", key, body).body)
	again := w.must(http.StatusConflict, http.MethodPost, path+"/accept", nil)
	require.Equal(t, []any{}, again["allowed_commands"])
	w.must(http.StatusOK, http.MethodPost, "/v1/work-orders/"+textOf(accepted.body, "id")+"/start", nil)
}

func TestBulkCommandRepeatedActsOnce(t *testing.T) {
	w := newWorld(t).up()
	ids := make([]string, 20)
	for i := range ids {
		ids[i] = textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/work-orders", map[string]any{
			"title": "One of many", "asset_id": w.plant.Asset, "type": "corrective", "priority": "low",
		}), "id")
	}
	key, body := uuid.NewString(), map[string]any{"ids": ids, "command": "start"}
	first := w.try(http.MethodPost, "/v1/work-orders/bulk", key, body)
	require.Equal(t, http.StatusOK, first.status, first.body)
	require.Equal(t, first.body, w.try(http.MethodPost, "/v1/work-orders/bulk", key, body).body)
	results, _ := first.body["items"].([]any)
	require.Len(t, results, len(ids))
	for i, one := range results {
		result, _ := one.(map[string]any)
		order, _ := result["work_order"].(map[string]any)
		require.Equal(t, ids[i], result["id"])
		require.Equal(t, "in_progress", order["status"])
		require.InDelta(t, 2, order["version"], 0)
	}
	again := w.must(http.StatusOK, http.MethodPost, "/v1/work-orders/bulk", body)
	results, _ = again["items"].([]any)
	result, _ := results[0].(map[string]any)
	require.InDelta(t, http.StatusConflict, result["status"], 0)
}
