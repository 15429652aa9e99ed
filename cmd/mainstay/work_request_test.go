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
