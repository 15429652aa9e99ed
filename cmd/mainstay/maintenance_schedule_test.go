package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"mainstay/models"
)

func itemsOf(body map[string]any) []map[string]any {
	list, _ := body["items"].([]any)
	out := make([]map[string]any, len(list))
	for i := range list {
		out[i], _ = list[i].(map[string]any)
	}
	return out
}

// generated waits until a schedule has so many orders.
func (w *world) generated(path string, count int) []map[string]any {
	w.t.Helper()
	var found []map[string]any
	w.eventually(func() bool {
		found = itemsOf(w.must(http.StatusOK, http.MethodGet, path+"/occurrences?limit=200&status=generated", nil))
		return len(found) == count
	})
	return found
}

func TestScheduleThroughItsLife(t *testing.T) {
	w := newWorld(t).up()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	today := models.DateOf(time.Now(), zone)
	body := map[string]any{
		"title": "Grease the bearings", "asset_id": w.plant.Asset, "catch_up": "all", "shift_factor": 50, "lead_days": 12,
		"calendar":       map[string]any{"rrule": "FREQ=DAILY;INTERVAL=10", "starts_on": today.AddDays(-20)},
		"estimated_cost": map[string]any{"amount": "12.30", "currency": "EUR"},
	}
	until := "?until=" + today.AddDays(60).String()
	preview := itemsOf(w.must(http.StatusOK, http.MethodPost, "/v1/maintenance-schedules/preview"+until, body))
	require.Len(t, preview, 9)
	schedule := w.must(http.StatusCreated, http.MethodPost, "/v1/maintenance-schedules", body)
	require.Equal(t, "active", schedule["status"])
	require.Equal(t, "MS-000001", schedule["number"])
	require.Equal(t, map[string]any{"amount": "12.30", "currency": "EUR"}, schedule["estimated_cost"])
	path := "/v1/maintenance-schedules/" + textOf(schedule, "id")
	occurrences := w.generated(path, 4) // 20 and 10 days ago, today, in 10 days
	require.Equal(t, preview, itemsOf(w.must(http.StatusOK, http.MethodGet, path+"/forecast"+until, nil)))

	// Each generated order is a process; carried out, it shifts what follows.
	last := "/v1/work-orders/" + textOf(occurrences[3], "work_order_id")
	order := w.must(http.StatusOK, http.MethodGet, last, nil)
	require.Equal(t, "preventive", order["type"])
	require.Equal(t, schedule["id"], order["schedule_id"])
	w.must(http.StatusOK, http.MethodPost, last+"/start", nil)
	w.must(http.StatusOK, http.MethodPost, last+"/complete", map[string]any{"resolution": "Greased"})
	done := itemsOf(w.must(http.StatusOK, http.MethodGet, path+"/occurrences?status=completed", nil))
	require.Len(t, done, 1)
	require.Equal(t, today.String(), done[0]["completed_on"])
	schedule = w.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, today.AddDays(20-5).String(), schedule["next_due_on"], "half of ten days early")
	require.Equal(t, today.AddDays(20).String(), schedule["next_due_key"])

	key := today.AddDays(20).String()
	w.must(http.StatusOK, http.MethodPost, path+"/occurrences/"+key+"/move", map[string]any{"due_on": today.AddDays(18), "reason": "crane"})
	require.Equal(t, today.AddDays(18).String(), w.must(http.StatusOK, http.MethodGet, path, nil)["next_due_on"])
	w.must(http.StatusOK, http.MethodPost, path+"/occurrences/"+key+"/skip", map[string]any{"reason": "no crane"})
	w.must(http.StatusNotFound, http.MethodPost, path+"/occurrences/1999-01-01/skip", map[string]any{"reason": "never"})
	w.must(http.StatusOK, http.MethodPost, path+"/generate", nil)
	w.generated(path, 4)

	paused := w.must(http.StatusOK, http.MethodPost, path+"/pause", map[string]any{"reason": "stands still"})
	require.Equal(t, []any{"edit", "resume", "end", "skip", "move"}, paused["allowed_commands"])
	w.must(http.StatusConflict, http.MethodPost, path+"/pause", map[string]any{"reason": "again"})
	w.must(http.StatusOK, http.MethodPost, path+"/resume", nil)
	got := w.try(http.MethodGet, path, "", nil)
	edited := w.patch(path, got.header.Get("ETag"), map[string]any{"title": "Grease all", "lead_days": 0, "priority": "critical"})
	require.Equal(t, http.StatusOK, edited.status, edited.body)
	require.InDelta(t, 2, edited.body["revision"], 0)
	w.eventually(func() bool {
		list, err := w.temporal.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: w.namespace, Query: `Priority = "critical" AND WorkflowType = "MaintenanceSchedule"`,
		})
		return err == nil && len(list.GetExecutions()) > 0 &&
			list.GetExecutions()[0].GetExecution().GetWorkflowId() == "maintenance-schedule/"+textOf(schedule, "id")
	})
	require.Equal(t, http.StatusPreconditionFailed, w.patch(path, got.header.Get("ETag"), map[string]any{"title": "x"}).status)

	w.must(http.StatusOK, http.MethodPost, path+"/end", map[string]any{"reason": "sold"})
	require.Len(t, itemsOf(w.must(http.StatusOK, http.MethodGet, path+"/occurrences?status=cancelled", nil)), 4)
	w.eventually(func() bool {
		description, err := w.temporal.DescribeWorkflowExecution(t.Context(), "maintenance-schedule/"+textOf(schedule, "id"), "")
		return err == nil && description.GetWorkflowExecutionInfo().GetStatus().String() == "Completed"
	})
}

// TestGenerationSurvivesKills kills API, worker and Temporal again and again while a site's orders are generated and their
// processes started: none is lost, none doubled, and every order is a running process in the end.
func TestGenerationSurvivesKills(t *testing.T) {
	w := newMortalWorld(t).up()
	const schedules = 2_000
	first := w.must(http.StatusCreated, http.MethodPost, "/v1/maintenance-schedules", map[string]any{
		"title": "First", "asset_id": w.plant.Asset, "calendar": map[string]any{"rrule": "FREQ=YEARLY", "starts_on": "2040-01-01"},
	})
	// Due one after another, so that kills meet sets under way.
	_, err := w.db.Owner.ExecContext(t.Context(), `INSERT INTO maintenance_schedules (tenant_id, id, number, title, asset_id, location_id,
			site_id, rrule, starts_on, catch_up, priority, status, next_due_on, next_due_key, generate_at, created_at, updated_at)
		SELECT tenant_id, gen_random_uuid(), 'K-' || n, 'Check ' || n, asset_id, location_id, site_id, 'FREQ=YEARLY', d.day, 'all', 'low',
			'active', d.day, d.day::text, now() + make_interval(secs => n / 200.0), now(), now()
		FROM maintenance_schedules, (SELECT current_date - 1 AS day) d, generate_series(1, $1) n`, schedules)
	require.NoError(t, err)
	w.must(http.StatusOK, http.MethodPost, "/v1/maintenance-schedules/"+textOf(first, "id")+"/generate", nil)
	done := make(chan struct{})
	var killer sync.WaitGroup
	var kills map[string]int
	killer.Go(func() {
		w.kill("temporal") // once for certain; chance does the rest
		w.restart("temporal", done)
		kills = w.killAtRandom(done)
	})
	key := time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	created := w.persist(http.MethodPost, "/v1/maintenance-schedules", map[string]any{ // wakes the planner
		"title": "Second", "asset_id": w.plant.Asset, "lead_days": 10, "calendar": map[string]any{"rrule": "FREQ=YEARLY;COUNT=1", "starts_on": key},
	})
	require.Equal(t, http.StatusCreated, created.status, created.body)
	const orders = schedules + 2
	w.eventually(func() bool { return w.count(`SELECT count(*) FROM work_orders`) >= orders })
	close(done)
	killer.Wait()
	t.Logf("killed once and %v", kills)
	w.eventually(func() bool { return w.server.answers(t.Context()) })
	for waiting := schedules * 9 / 10; waiting >= 0; waiting -= schedules / 10 {
		w.eventually(func() bool {
			return w.count(`SELECT count(*) FROM work_orders WHERE process_started_at IS NULL`) <= waiting
		})
	}
	for what, query := range map[string]string{
		"orders":                 `SELECT count(*) FROM work_orders`,
		"occurrences with one":   `SELECT count(DISTINCT (schedule_id, due_key)) FROM work_orders`,
		"numbers given":          `SELECT count(DISTINCT number) FROM work_orders`,
		"creates audited":        `SELECT count(DISTINCT subject_id) FROM audit_events WHERE action = 'work_order.create'`,
		"ledger rows with order": `SELECT count(DISTINCT work_order_id) FROM occurrences WHERE status = 'generated'`,
	} {
		require.Equal(t, orders, w.count(query), what)
	}
}

// patch edits with a precondition.
func (w *world) patch(path, etag string, body any) answer {
	w.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(w.t, err)
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPatch, w.url+path, bytes.NewReader(text))
	require.NoError(w.t, err)
	request.Header.Set("Authorization", "Bearer "+w.token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("If-Match", etag)
	response, err := w.client.Do(request)
	require.NoError(w.t, err)
	defer func() { require.NoError(w.t, response.Body.Close()) }()
	out := answer{status: response.StatusCode, header: response.Header}
	require.NoError(w.t, json.NewDecoder(response.Body).Decode(&out.body))
	return out
}
