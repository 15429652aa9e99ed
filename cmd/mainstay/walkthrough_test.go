package main

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// walkThrough runs docs/walkthrough/excavators.sh with this test binary as the program and returns what it prints.
func (w *world) walkThrough(csv string) string {
	w.t.Helper()
	program, err := os.Executable()
	require.NoError(w.t, err)
	cmd := exec.CommandContext(context.WithoutCancel(w.t.Context()), "sh", filepath.Join("..", "..", "docs", "walkthrough", "excavators.sh"), csv)
	cmd.Env = append(os.Environ(), asProgram+"=1", "MAINSTAY_URL="+w.url, "MAINSTAY_TOKEN="+w.token, "MAINSTAY_BIN="+program)
	out, err := cmd.CombinedOutput()
	require.NoError(w.t, err, string(out))
	return string(out)
}

var costLine = regexp.MustCompile(`(?m)^(EX-[A-E]|sum) +(-?[0-9]+\.[0-9]{2})$`)

func costsOf(output string) map[string]string {
	costs := map[string]string{}
	for _, line := range costLine.FindAllStringSubmatch(output, -1) {
		costs[line[1]] = line[2]
	}
	return costs
}

// ready waits until the storage takes files.
func (w *world) ready() *world {
	w.t.Helper()
	w.imported(w.upload("", "locations", "{}", "code,name,kind,time_zone\nREADY,Ready,site,UTC\n", true))
	return w
}

func TestWalkThroughOnTheSample(t *testing.T) {
	w := newWorld(t).up().ready()
	sample := filepath.Join("..", "..", "docs", "walkthrough", "sample.csv")
	want := map[string]string{
		"EX-A": "7308.10", "EX-B": "14286.59", "EX-C": "18993.00", "EX-D": "6759.35", "EX-E": "9276.40", "sum": "56623.44",
	}
	first := w.walkThrough(sample)
	require.Contains(t, first, "work orders  completed: 30 rows, 30 in order, 30 changed, 0 failed")
	require.Equal(t, want, costsOf(first))
	second := w.walkThrough(sample)
	require.Contains(t, second, "site         completed: 1 rows, 1 in order, 0 changed, 0 failed")
	require.Contains(t, second, "assets       completed: 5 rows, 5 in order, 0 changed, 0 failed")
	require.Contains(t, second, "work orders  completed: 30 rows, 30 in order, 0 changed, 0 failed")
	require.Equal(t, want, costsOf(second))
	w.maintainAndClose(t)
}

// TestWalkThroughOnRealWorkOrders imports 5,485 work orders of five excavators where the data is there.
func TestWalkThroughOnRealWorkOrders(t *testing.T) {
	csv := filepath.Join("..", "..", "..", "shared", "data", "excavator-work-orders", "work_orders.csv")
	if folder := os.Getenv("MAINSTAY_TEST_DATA"); folder != "" {
		csv = filepath.Join(folder, "excavator-work-orders", "work_orders.csv")
	}
	csv, err := filepath.Abs(csv)
	require.NoError(t, err)
	if _, err := os.Stat(csv); err != nil {
		t.Skipf("REAL DATA NOT TESTED: %s is not there. Set MAINSTAY_TEST_DATA to the folder that holds excavator-work-orders/.", csv)
	}
	w := newWorld(t).up().ready()
	want := map[string]string{
		"EX-A": "77567.19", "EX-B": "1312183.24", "EX-C": "6229217.28", "EX-D": "5128534.49", "EX-E": "4758660.56", "sum": "17506162.76",
	}
	first := w.walkThrough(csv)
	require.Contains(t, first, "5485 rows, 5485 in order, 5485 changed, 0 failed")
	require.Equal(t, want, costsOf(first))
	second := w.walkThrough(csv)
	require.Contains(t, second, "5485 rows, 5485 in order, 0 changed, 0 failed")
	require.Equal(t, want, costsOf(second))
	count := func(query string) (n int) {
		require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), query, w.plant.Tenant).Scan(&n))
		return n
	}
	require.Equal(t, 5485, count(`SELECT count(*) FROM work_orders WHERE tenant_id = $1 AND status = 'closed' AND next_action_at IS NULL`))
	require.Equal(t, 1288, 5485-count(`SELECT count(*) FROM work_order_costs WHERE tenant_id = $1 AND kind = 'services'`))
	require.Equal(t, 6, count(`SELECT count(*) FROM work_order_costs WHERE tenant_id = $1 AND amount < 0`))
	require.Equal(t, 5, count(`SELECT count(*) FROM meters WHERE tenant_id = $1 AND kind = 'gauge'`))
	require.Equal(t, 3032, count(`SELECT count(*) FROM meter_readings WHERE tenant_id = $1`)) // asset and day, the last of a day
	w.maintainAndClose(t)
}

// maintainAndClose plans maintenance of an imported asset and carries one generated order to its end, with labor.
func (w *world) maintainAndClose(t *testing.T) {
	t.Helper()
	found, _ := w.must(http.StatusOK, http.MethodGet, "/v1/assets?code=EX-A", nil)["items"].([]any)
	require.Len(t, found, 1)
	asset, _ := found[0].(map[string]any)
	before := w.must(http.StatusOK, http.MethodGet, "/v1/assets/"+textOf(asset, "id")+"/costs", nil)
	schedule := w.must(http.StatusCreated, http.MethodPost, "/v1/maintenance-schedules", map[string]any{
		"title": "250 h service", "asset_id": asset["id"], "shift_factor": 0, "catch_up": "one", "priority": "high",
		"calendar": map[string]any{"rrule": "FREQ=MONTHLY;BYMONTHDAY=1", "starts_on": "2026-01-01"}, "last_completed_on": "2026-01-01",
	})
	var order map[string]any
	w.eventually(func() bool {
		orders, _ := w.must(http.StatusOK, http.MethodGet, "/v1/work-orders?schedule_id="+textOf(schedule, "id"), nil)["items"].([]any)
		if len(orders) > 0 {
			order, _ = orders[0].(map[string]any)
		}
		return len(orders) > 0
	})
	path := "/v1/work-orders/" + textOf(order, "id")
	w.must(http.StatusOK, http.MethodPost, path+"/assign", map[string]any{"assignee_ids": []uuid.UUID{w.plant.Tech}})
	w.must(http.StatusOK, http.MethodPost, path+"/start", nil)
	w.must(http.StatusCreated, http.MethodPost, path+"/labor", map[string]any{"user_id": w.plant.Tech, "worked_on": "2026-02-02", "hours": "2"})
	w.must(http.StatusOK, http.MethodPost, path+"/complete", map[string]any{"resolution": "Serviced"})
	require.Equal(t, "closed", w.must(http.StatusOK, http.MethodPost, path+"/close", nil)["status"])
	after := w.must(http.StatusOK, http.MethodGet, "/v1/assets/"+textOf(asset, "id")+"/costs", nil)
	require.Equal(t, map[string]any{"amount": "85.00", "currency": "EUR"}, after["labor"]) // 2 h at 42.50
	require.Equal(t, before["services"], after["services"])
}
