package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/encoding/protojson"

	"mainstay/models"
	"mainstay/workflows"
)

// recordVariable makes TestRecordReplay write histories: its value names the release they come from. Record from released
// code only: a history of the change under test proves nothing about the processes that run already.
const recordVariable = "MAINSTAY_RECORD_REPLAY"

func TestRecordReplay(t *testing.T) {
	release := os.Getenv(recordVariable)
	if release == "" {
		t.Skipf("%s is not set: histories are recorded once a release", recordVariable)
	}
	w := newWorld(t)
	w.env = append(w.env, "MAINSTAY_PAYLOAD_KEY=") // readable histories
	w.operated()
	// A planner hears of an overdue order that nobody is assigned to.
	_, err := w.db.Owner.ExecContext(t.Context(), `UPDATE users SET roles = '{admin,planner}' WHERE id = $1`, w.plant.Admin)
	require.NoError(t, err)
	w.up()
	order := w.must(http.StatusCreated, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "Replace the seal", "asset_id": w.plant.Asset, "type": "corrective", "priority": "high", "due_on": "2020-01-31",
	})
	path := "/v1/work-orders/" + textOf(order, "id")
	w.must(http.StatusOK, http.MethodPost, path+"/assign", map[string]any{"assignee_ids": []uuid.UUID{w.plant.Tech}})
	w.must(http.StatusOK, http.MethodPost, path+"/start", nil)
	w.must(http.StatusOK, http.MethodPost, path+"/complete", map[string]any{"resolution": "New seal"})
	w.must(http.StatusOK, http.MethodPost, path+"/close", nil)
	w.imported(w.upload("", "assets", "{}", "code,name,category,location\nN-1,New,PUMP,AREA\nN-2,Lost,PUMP,MOON\n", false))
	w.exported(map[string]any{"kind": "assets"})
	schedule := w.must(http.StatusCreated, http.MethodPost, "/v1/maintenance-schedules", map[string]any{
		"title": "Grease", "asset_id": w.plant.Asset, "calendar": map[string]any{"rrule": "FREQ=DAILY", "starts_on": "2020-01-31"},
	})
	path = "/v1/maintenance-schedules/" + textOf(schedule, "id")
	w.eventually(func() bool {
		return len(w.must(http.StatusOK, http.MethodGet, path+"/occurrences?status=generated", nil)["items"].([]any)) == 1
	})
	w.must(http.StatusOK, http.MethodPost, path+"/pause", map[string]any{"reason": "Stands still"})
	w.must(http.StatusOK, http.MethodPost, path+"/resume", nil)
	w.must(http.StatusOK, http.MethodPost, path+"/end", nil)
	w.approved()
	buy(w)
	handOver(w)
	w.run("backup")
	w.run("drill")
	w.run("backup", "prune")
	w.run("files", "check")
	w.tick("backup-retention")
	look, err := w.temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "wal-check", TaskQueue: string(models.QueueOps)}, workflows.WALCheck)
	require.NoError(t, err)
	require.NoError(t, look.Get(t.Context(), nil))
	w.record(release, `ExecutionStatus != "Running"`,
		models.ProcessApproval, models.ProcessExport, models.ProcessImport, models.ProcessWorkOrder, models.ProcessNotification,
		models.ProcessMaintenanceSchedule, models.ProcessPurchaseOrder, models.ProcessBackup, models.ProcessRestoreDrill, models.ProcessRetention, models.ProcessFileRun, "ScheduledRun", "WALCheck",
		models.ProcessAssetTransfer, models.ProcessAssetDisposal)
	w.record(release, `ExecutionStatus = "Running"`, models.ProcessMaintenancePlanner, models.ProcessStockReplenishment)
}

// buy lets an item run short and orders one from its draft to its close.
func buy(w *world) {
	w.t.Helper()
	s := furnish(w)
	w.must(http.StatusCreated, http.MethodPost, "/v1/items", map[string]any{
		"code": "BELT-1", "name": "Belt", "unit": "m", "supplier_id": s.supplier, "unit_cost": "3", "reorder_point": "5",
	})
	w.eventually(func() bool {
		return len(w.must(http.StatusOK, http.MethodGet, "/v1/purchase-orders?origin=replenishment", nil)["items"].([]any)) == 1
	})
	path, line := s.order("10")
	w.must(http.StatusOK, http.MethodPost, path+"/submit", nil)
	w.must(http.StatusOK, http.MethodPost, path+"/send", nil)
	w.eventually(func() bool { return w.must(http.StatusOK, http.MethodGet, path, nil)["issued_at"] != nil })
	w.must(http.StatusOK, http.MethodPost, path+"/receive", map[string]any{
		"lines": []map[string]any{{"line_id": line, "quantity": "10", "location_id": s.room}},
	})
	w.must(http.StatusOK, http.MethodPost, path+"/close", nil)
}

// record writes one history that the query finds of each of these workflow types.
func (w *world) record(release, query string, kinds ...string) {
	w.t.Helper()
	seen := map[string]bool{}
	w.eventually(func() bool {
		list, err := w.temporal.ListWorkflow(w.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: w.namespace, Query: query,
		})
		require.NoError(w.t, err)
		for _, execution := range list.GetExecutions() {
			kind := execution.GetType().GetName()
			if seen[kind] || !slices.Contains(kinds, kind) {
				continue
			}
			seen[kind] = true
			w.write(kind, release, execution.GetExecution().GetWorkflowId(), execution.GetExecution().GetRunId())
		}
		return len(seen) == len(kinds)
	})
}

func (w *world) write(kind, release, id, run string) {
	w.t.Helper()
	full := &history.History{}
	events := w.temporal.GetWorkflowHistory(w.t.Context(), id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(w.t, err)
		full.Events = append(full.Events, event)
	}
	text, err := protojson.MarshalOptions{Indent: " "}.Marshal(full)
	require.NoError(w.t, err)
	folder := filepath.Join("..", "..", "workflows", "testdata", "replay", kind)
	require.NoError(w.t, os.MkdirAll(folder, 0o755))
	require.NoError(w.t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s.json", release)), text, 0o644))
}
