package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
)

// TestVersionedWorkerWaitsForItsRelease: a worker of a new build gets no task until its version is made the current one.
func TestVersionedWorkerWaitsForItsRelease(t *testing.T) {
	w := newWorld(t)
	w.env = append(w.env, "MAINSTAY_WORKER_VERSIONING=true")
	w.up()
	handle := w.temporal.WorkerDeploymentClient().GetHandle("mainstay")
	w.eventually(func() bool {
		_, err := handle.SetCurrentVersion(t.Context(), client.WorkerDeploymentSetCurrentVersionOptions{BuildID: version})
		return err == nil
	})
	created := w.persist(http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "On the current build", "asset_id": w.plant.Asset, "type": "corrective", "priority": "low",
	})
	require.Equal(t, http.StatusCreated, created.status, created.body)
	description, err := w.temporal.DescribeWorkflowExecution(t.Context(), "work-order/"+textOf(created.body, "id"), "")
	require.NoError(t, err)
	require.Equal(t, version, description.GetWorkflowExecutionInfo().GetVersioningInfo().GetDeploymentVersion().GetBuildId())
}
