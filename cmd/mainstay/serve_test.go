package main

import (
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestServeAnswersAndWorksInOneProcess(t *testing.T) {
	w := newWorld(t).upAs("serve")
	order := w.must(http.StatusCreated, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "Replace the seal", "asset_id": w.plant.Asset, "type": "corrective", "priority": "high",
	})
	path := "/v1/work-orders/" + textOf(order, "id")
	w.must(http.StatusOK, http.MethodPost, path+"/start", nil)
	w.must(http.StatusOK, http.MethodPost, path+"/complete", map[string]any{"resolution": "New seal"})
	require.Equal(t, "closed", w.must(http.StatusOK, http.MethodPost, path+"/close", nil)["status"])
	w.eventually(func() bool {
		answer, err := w.client.Get("http://" + w.operations["serve"] + "/readyz")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})

	process := w.processes["serve"]
	require.NoError(t, process.Process.Signal(syscall.SIGTERM))
	state, err := process.Process.Wait()
	require.NoError(t, err)
	require.Equal(t, exitDone, state.ExitCode())
}
