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
	w.release(version)
	created := w.persist(http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "On the current build", "asset_id": w.plant.Asset, "type": "corrective", "priority": "low",
	})
	require.Equal(t, http.StatusCreated, created.status, created.body)
	require.Equal(t, version, w.buildOf("work-order/"+textOf(created.body, "id")))
}

// release makes a build the current one, once its worker is known.
func (w *world) release(build string) {
	w.t.Helper()
	handle := w.temporal.WorkerDeploymentClient().GetHandle("mainstay")
	w.eventually(func() bool {
		_, err := handle.SetCurrentVersion(w.t.Context(), client.WorkerDeploymentSetCurrentVersionOptions{BuildID: build})
		return err == nil
	})
}

// buildOf is the build that carries a process on.
func (w *world) buildOf(workflow string) string {
	w.t.Helper()
	description, err := w.temporal.DescribeWorkflowExecution(w.t.Context(), workflow, "")
	require.NoError(w.t, err)
	return description.GetWorkflowExecutionInfo().GetVersioningInfo().GetDeploymentVersion().GetBuildId()
}
