package main

import (
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/auth"
	"mainstay/models"
	"mainstay/models/store"
)

// approver adds somebody to the plant who decides, and returns his id and his token.
func (w *world) approver() (uuid.UUID, string) {
	w.t.Helper()
	id := models.NewID()
	_, err := w.db.Owner.ExecContext(w.t.Context(), `INSERT INTO users (tenant_id, id, email, name, password_hash, roles, password_changed_at, created_at, updated_at)
		VALUES ($1, $2, $3, 'Amir Approver', '', '{approver}', now(), now(), now())`, w.plant.Tenant, id, id.String()+"@example.com")
	require.NoError(w.t, err)
	token, _, err := w.keys.Sign(auth.Claims{
		UserID: id, TenantID: w.plant.Tenant, SessionID: models.NewID(), Roles: []models.Role{models.RoleApprover},
	}, time.Now())
	require.NoError(w.t, err)
	return id, token
}

// costly creates a work order that waits for an approval, and returns its path and its approval's id.
func (w *world) costly(title string) (path, approval string) {
	w.t.Helper()
	order := w.must(http.StatusCreated, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": title, "asset_id": w.plant.Asset, "type": "corrective", "priority": "high", "estimated_cost": map[string]any{"amount": "600", "currency": "EUR"},
	})
	require.Equal(w.t, "waiting_approval", order["status"])
	return "/v1/work-orders/" + textOf(order, "id"), textOf(order, "approval_id")
}

// costPolicy asks the approvers for work orders from 500 on.
func (w *world) costPolicy() {
	w.t.Helper()
	w.must(http.StatusCreated, http.MethodPost, "/v1/approval-policies", map[string]any{
		"subject": "work_order", "rules": []any{map[string]any{
			"min_amount": map[string]any{"amount": "500", "currency": "EUR"}, "levels": []any{map[string]any{"mode": "any", "roles": []string{"approver"}}},
		}},
	})
}

// as acts with another token until the returned function is called.
func (w *world) as(token string) func() {
	was := w.token
	w.token = token
	return func() { w.token = was }
}

// approved takes an order through its approval: decided by somebody else, and followed by the order's process.
func (w *world) approved() {
	w.t.Helper()
	_, token := w.approver()
	w.costPolicy()
	path, approval := w.costly("New liners")
	back := w.as(token)
	w.must(http.StatusOK, http.MethodPost, "/v1/approvals/"+approval+"/approve", map[string]any{})
	back()
	w.eventually(func() bool { return w.must(http.StatusOK, http.MethodGet, path, nil)["status"] == "approved" })
}

// TestScannerShow plays `mainstay demo scanner` on a world of its own: each line of its table has to be right, the signal in
// Temporal's history among them.
func TestScannerShow(t *testing.T) {
	mail := os.Getenv("MAINSTAY_TEST_MAIL_URL")
	w := newWorld(t).up()
	s, err := store.Open(t.Context(), store.Options{URL: w.db.URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	show := &scannerShow{url: w.url, mailURL: mail, keys: w.keys, store: s, temporal: w.temporal}
	cells, err := show.run(t.Context())
	require.NoError(t, err)
	require.Len(t, cells, 12)
	for _, cell := range cells {
		require.True(t, cell.OK, "%s: %s, wanted %s", cell.Name, cell.Is, cell.Want)
	}
}

// TestOpenApprovalsSurviveKills opens approvals, kills worker and Temporal, and decides half of them while both are away. When
// they come again every order follows its decision, none is lost or moved twice, and the rest waits on.
func TestOpenApprovalsSurviveKills(t *testing.T) {
	w := newMortalWorld(t).up()
	const open, atOnce = 200, 8
	_, approver := w.approver()
	w.costPolicy()
	orders, approvals := make([]string, open), make([]string, open)
	var group sync.WaitGroup
	next := make(chan int, open)
	for i := range open {
		next <- i
	}
	close(next)
	faults := make(chan string, open)
	for range atOnce {
		group.Go(func() {
			for i := range next {
				a := w.persist(http.MethodPost, "/v1/work-orders", map[string]any{
					"title": fmt.Sprintf("Order %d", i), "asset_id": w.plant.Asset, "type": "corrective", "priority": "low",
					"estimated_cost": map[string]any{"amount": "600", "currency": "EUR"},
				})
				if a.status != http.StatusCreated {
					faults <- fmt.Sprint(a.status, a.body)
					continue
				}
				orders[i], approvals[i] = "/v1/work-orders/"+textOf(a.body, "id"), "/v1/approvals/"+textOf(a.body, "approval_id")
			}
		})
	}
	group.Wait()
	close(faults)
	require.Empty(t, <-faults)

	w.kill("worker")
	w.kill("temporal")
	back := w.as(approver)
	for i := range open / 2 {
		if i%4 == 0 {
			w.must(http.StatusOK, http.MethodPost, approvals[i]+"/reject", map[string]any{"comment": "no"})
			continue
		}
		w.must(http.StatusOK, http.MethodPost, approvals[i]+"/approve", map[string]any{})
	}
	back()
	never := make(chan struct{})
	w.restart("temporal", never)
	w.restart("worker", never)
	w.eventually(func() bool {
		return w.count(`SELECT count(*) FROM work_orders WHERE status = 'approved'`) == 75 &&
			w.count(`SELECT count(*) FROM work_orders WHERE status = 'cancelled'`) == 25
	})
	require.Equal(t, open/2, w.count(`SELECT count(*) FROM work_orders WHERE status = 'waiting_approval'`))
	require.Equal(t, open/2, w.count(`SELECT count(*) FROM audit_events WHERE action IN ('work_order.granted', 'work_order.refused')`), "each once")
	// Running: the approvals that wait, and the orders that are not over.
	w.eventually(func() bool { return w.count(`SELECT count(*) FROM outbox`) == 0 && w.running() == open/2+open-25 })
	back = w.as(approver)
	w.must(http.StatusOK, http.MethodPost, approvals[open-1]+"/approve", map[string]any{})
	back()
	w.eventually(func() bool { return w.must(http.StatusOK, http.MethodGet, orders[open-1], nil)["status"] == "approved" })
}
