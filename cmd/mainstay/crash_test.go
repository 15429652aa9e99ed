package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"

	"mainstay/models"
	"mainstay/models/store"
)

// TestCommandsSurviveKills drives orders through their states while API and worker are killed again and again: every accepted
// command is visible, none acted twice, and every process goes on.
func TestCommandsSurviveKills(t *testing.T) {
	w := newWorld(t).up()
	const orders, workersAtOnce = 300, 8
	done := make(chan struct{})
	var killer sync.WaitGroup
	killer.Go(func() { w.killAtRandom(done) })
	var group sync.WaitGroup
	next := make(chan int, orders)
	for i := range orders {
		next <- i
	}
	close(next)
	faults := make(chan string, orders)
	for range workersAtOnce {
		group.Go(func() {
			for i := range next {
				if fault := w.lifecycle(i); fault != "" {
					faults <- fault
				}
			}
		})
	}
	group.Wait()
	close(done)
	killer.Wait()
	close(faults)
	for fault := range faults {
		require.Empty(t, fault)
	}
	for what, query := range map[string]string{
		"orders closed":                  `SELECT count(*) FROM work_orders WHERE status = 'closed' AND version = 4`,
		"numbers given":                  `SELECT count(DISTINCT number) FROM work_orders`,
		"creates audited":                `SELECT count(*) FROM audit_events WHERE action = 'work_order.create'`,
		"starts audited":                 `SELECT count(*) FROM audit_events WHERE action = 'work_order.start'`,
		"completions audited":            `SELECT count(*) FROM audit_events WHERE action = 'work_order.complete'`,
		"orders with four distinct acts": `SELECT count(*) FROM (SELECT subject_id FROM audit_events WHERE subject_type = 'work_order' GROUP BY 1 HAVING count(*) = 4 AND count(DISTINCT action) = 4) x`,
	} {
		require.Equal(t, orders, w.count(query), what)
	}
	w.eventually(func() bool { return w.running() == 0 })
}

// killAtRandom kills one of the processes, starts it again, and so on until done: API, worker, and Temporal where it is the
// world's own. It returns how often it killed each.
func (w *world) killAtRandom(done <-chan struct{}) map[string]int {
	names, kills := []string{"api", "worker"}, map[string]int{}
	if w.server != nil {
		names = append(names, "temporal")
	}
	for {
		select {
		case <-done:
			return kills
		case <-time.After(time.Duration(500+rand.IntN(1500)) * time.Millisecond): //nolint:gosec // no secret
			name := names[rand.IntN(len(names))] //nolint:gosec // no secret
			w.kill(name)
			kills[name]++
			w.restart(name, done)
		}
	}
}

// lifecycle carries one order to its end, each command with one key until its outcome is known; it returns what went wrong.
func (w *world) lifecycle(i int) string {
	created := w.persist(http.MethodPost, "/v1/work-orders", map[string]any{
		"title": fmt.Sprintf("Order %d", i), "asset_id": w.plant.Asset, "type": "corrective", "priority": "high",
	})
	if created.status != http.StatusCreated {
		return fmt.Sprintf("create: %d %v", created.status, created.body)
	}
	path := "/v1/work-orders/" + textOf(created.body, "id")
	for _, step := range []struct {
		name string
		body any
	}{{"start", nil}, {"complete", map[string]any{"resolution": "Done"}}, {"close", nil}} {
		if a := w.persist(http.MethodPost, path+"/"+step.name, step.body); a.status != http.StatusOK {
			return fmt.Sprintf("%s: %d %v", step.name, a.status, a.body)
		}
	}
	return ""
}

func (w *world) count(query string, args ...any) int {
	w.t.Helper()
	var n int
	require.NoError(w.t, w.db.Owner.QueryRowContext(w.t.Context(), query, args...).Scan(&n))
	return n
}

// running counts open runs in the world's namespace; of these workflow types where some are named.
func (w *world) running(kinds ...string) int {
	w.t.Helper()
	query := `ExecutionStatus = "Running"`
	if len(kinds) > 0 {
		query += ` AND WorkflowType IN ("` + strings.Join(kinds, `", "`) + `")`
	}
	counted, err := w.temporal.CountWorkflow(w.t.Context(), &workflowservice.CountWorkflowExecutionsRequest{Namespace: w.namespace, Query: query})
	require.NoError(w.t, err)
	return int(counted.GetCount())
}

// TestMachineDiesBetweenCommitAndWorkflowTask: PostgreSQL has the command, Temporal never heard of it. The client's retry gets
// the first outcome, and the process goes on from its row.
func TestMachineDiesBetweenCommitAndWorkflowTask(t *testing.T) {
	w := newWorld(t)
	s, err := store.Open(t.Context(), store.Options{URL: w.db.URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	body := map[string]any{"title": "Lost and found", "asset_id": w.plant.Asset, "type": "corrective", "priority": "low"}
	text, err := json.Marshal(body)
	require.NoError(t, err)
	hash := sha256.Sum256(text)
	actor := models.Actor{TenantID: w.plant.Tenant, UserID: w.plant.Admin, Kind: models.ActorUser, Roles: []models.Role{models.RoleAdmin}}
	key := models.NewCommandKey(actor, http.MethodPost, "/v1/work-orders", "key-1", hash[:])
	ctx := models.WithCommandKey(models.WithActor(t.Context(), actor), key)
	order := models.NewWorkOrder{Title: "Lost and found", AssetID: &w.plant.Asset, Type: models.WorkCorrective, Priority: models.PriorityLow}
	_, admitted, err := s.AdmitWorkOrder(ctx, models.SubjectID(key.ID), order)
	require.NoError(t, err)
	first, err := s.RunWorkOrderCommand(ctx, models.SubjectID(key.ID), admitted.ID, models.WorkOrderCreate)
	require.NoError(t, err)

	w.up()
	again := w.try(http.MethodPost, "/v1/work-orders", "key-1", json.RawMessage(bytes.Clone(text)))
	require.Equal(t, http.StatusCreated, again.status, again.body)
	require.Equal(t, first.Number, again.body["number"])
	require.Equal(t, 1, w.count(`SELECT count(*) FROM work_orders`))
	started := w.persist(http.MethodPost, "/v1/work-orders/"+first.ID.String()+"/start", nil)
	require.Equal(t, http.StatusOK, started.status, started.body)
	require.Equal(t, "in_progress", started.body["status"])
}

// TestTemporalForgetsEverything: the namespace is empty, as after the loss of Temporal's database. Reconcile starts every open
// process from its row; commands and records work on.
func TestTemporalForgetsEverything(t *testing.T) {
	w := newWorld(t).up()
	const orders = 20
	var last string
	for i := range orders {
		created := w.persist(http.MethodPost, "/v1/work-orders", map[string]any{
			"title": fmt.Sprintf("Order %d", i), "asset_id": w.plant.Asset, "type": "corrective", "priority": "high", "due_on": "2031-05-01",
		})
		require.Equal(t, http.StatusCreated, created.status, created.body)
		last = "/v1/work-orders/" + textOf(created.body, "id")
	}
	w.kill("api")
	w.kill("worker")
	w.namespace = "e2e-" + uuid.NewString()
	w.temporal = newNamespace(t, w.temporalAddress, w.namespace)
	w.env = append(w.env, "MAINSTAY_TEMPORAL_NAMESPACE="+w.namespace)
	w.run("migrate", "--temporal")
	w.up()
	require.Contains(t, w.run("reconcile"), fmt.Sprintf("%d open processes run", orders))
	w.eventually(func() bool { return w.running() == orders })
	started := w.persist(http.MethodPost, last+"/start", nil)
	require.Equal(t, http.StatusOK, started.status, started.body)
}
