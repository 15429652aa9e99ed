package main

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
)

func TestWorkOrderFromCreateToClose(t *testing.T) {
	w := newWorld(t).up()
	order := w.must(http.StatusCreated, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "Replace the seal", "asset_id": w.plant.Asset, "type": "corrective", "priority": "high", "due_on": "2030-01-31",
	})
	require.Equal(t, "approved", order["status"])
	require.Equal(t, "WO-000001", order["number"])
	path := "/v1/work-orders/" + textOf(order, "id")
	require.Equal(t, order, w.must(http.StatusOK, http.MethodGet, path, nil))
	w.must(http.StatusOK, http.MethodPost, path+"/assign", map[string]any{"assignee_ids": []uuid.UUID{w.plant.Tech}})
	w.must(http.StatusOK, http.MethodPost, path+"/start", nil)
	refused := w.must(http.StatusConflict, http.MethodPost, path+"/close", nil)
	require.Equal(t, []any{"assign", "hold", "complete"}, refused["allowed_commands"])
	w.must(http.StatusOK, http.MethodPost, path+"/complete", map[string]any{"resolution": "New seal", "failure": map[string]any{"mode": "ELU"}})
	closed := w.must(http.StatusOK, http.MethodPost, path+"/close", nil)
	require.Equal(t, "closed", closed["status"])
	require.Equal(t, []any{}, closed["allowed_commands"])
	require.Equal(t, closed, w.must(http.StatusOK, http.MethodGet, path, nil))

	description, err := w.temporal.DescribeWorkflowExecution(t.Context(), "work-order/"+textOf(order, "id"), "")
	require.NoError(t, err)
	require.Equal(t, "Completed", description.GetWorkflowExecutionInfo().GetStatus().String())
}

func TestSameKeyActsOnceAndAnotherBodyIsRefused(t *testing.T) {
	w := newWorld(t).up()
	key := uuid.NewString()
	body := map[string]any{"title": "Once", "asset_id": w.plant.Asset, "type": "corrective", "priority": "low"}
	first := w.try(http.MethodPost, "/v1/work-orders", key, body)
	again := w.try(http.MethodPost, "/v1/work-orders", key, body)
	require.Equal(t, http.StatusCreated, first.status, first.body)
	require.Equal(t, first.status, again.status)
	require.Equal(t, first.body, again.body)
	body["title"] = "Twice"
	refused := w.try(http.MethodPost, "/v1/work-orders", key, body)
	require.Equal(t, http.StatusUnprocessableEntity, refused.status)
	require.Equal(t, "key_reused", refused.body["code"])
}

func TestChangedDueDateAndPriorityAreFoundInTemporal(t *testing.T) {
	w := newWorld(t).up()
	order := w.must(http.StatusCreated, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "Replace the seal", "asset_id": w.plant.Asset, "type": "corrective", "priority": "low", "due_on": "2030-01-31",
	})
	path := "/v1/work-orders/" + textOf(order, "id")
	find := func(query string) {
		w.eventually(func() bool {
			list, err := w.temporal.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
				Namespace: w.namespace, Query: query,
			})
			return err == nil && len(list.GetExecutions()) == 1 &&
				list.GetExecutions()[0].GetExecution().GetWorkflowId() == "work-order/"+textOf(order, "id")
		})
	}
	find(`Priority = "low" AND DueAt < "2030-02-02T00:00:00Z"`)
	changed := w.patch(path, w.try(http.MethodGet, path, "", nil).header.Get("ETag"), map[string]any{"priority": "critical", "due_on": "2031-05-31"})
	require.Equal(t, http.StatusOK, changed.status, changed.body)
	find(`Priority = "critical" AND DueAt > "2031-05-30T00:00:00Z"`)
	changed = w.patch(path, changed.header.Get("ETag"), map[string]any{"due_on": nil})
	require.Equal(t, http.StatusOK, changed.status, changed.body)
	find(`Priority = "critical" AND DueAt IS NULL`)
}
