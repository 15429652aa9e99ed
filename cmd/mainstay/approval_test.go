package main

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"mainstay/internal/auth"
	"mainstay/models"
	"mainstay/models/store"
)

// approver adds somebody to the plant who decides, and returns his id and his token.
func (w *world) approver() (uuid.UUID, string) {
	w.t.Helper()
	return w.colleague(models.RoleApprover)
}

// colleague adds somebody with a role to the plant, and returns his id and his token.
func (w *world) colleague(role models.Role) (uuid.UUID, string) {
	w.t.Helper()
	id := models.NewID()
	_, err := w.db.Owner.ExecContext(w.t.Context(), `INSERT INTO users (tenant_id, id, email, name, password_hash, roles, password_changed_at, created_at, updated_at)
		VALUES ($1, $2, $3, 'Amir', '', ARRAY [$4], now(), now(), now())`, w.plant.Tenant, id, id.String()+"@example.com", string(role))
	require.NoError(w.t, err)
	_, err = w.db.Owner.ExecContext(w.t.Context(), `INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id)
		VALUES ($1, $2, now(), $1, 'system', 'user.create', 'user', $3)`, w.plant.Tenant, models.NewID(), id)
	require.NoError(w.t, err)
	token, _, err := w.keys.Sign(auth.Claims{
		UserID: id, TenantID: w.plant.Tenant, SessionID: models.NewID(), Roles: []models.Role{role},
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

// TestOpenApprovalsSurviveKills opens approvals, kills worker and Temporal, and decides half of them while both are away. What comes
// again is Temporal and a worker of a newer build: it carries on what the older one began. Every order follows its decision, none is
// lost or moved twice, and the rest waits on.
func TestOpenApprovalsSurviveKills(t *testing.T) {
	w := newMortalWorld(t)
	w.env = append(w.env, "MAINSTAY_WORKER_VERSIONING=true")
	w.up().release(version)
	const open, decided, rejected = 1000, 500, 125
	_, approver := w.approver()
	w.costPolicy()
	approvals := make([]string, open)
	w.each(open, func(i int) answer {
		a := w.persist(http.MethodPost, "/v1/work-orders", map[string]any{
			"title": fmt.Sprintf("Order %d", i), "asset_id": w.plant.Asset, "type": "corrective", "priority": "low",
			"estimated_cost": map[string]any{"amount": "600", "currency": "EUR"},
		})
		approvals[i] = textOf(a.body, "approval_id")
		return a
	})
	w.kill("worker")
	w.kill("temporal")
	back := w.as(approver)
	w.each(decided, func(i int) answer {
		if i%(decided/rejected) == 0 {
			return w.try(http.MethodPost, "/v1/approvals/"+approvals[i]+"/reject", "", map[string]any{"comment": "no"})
		}
		return w.try(http.MethodPost, "/v1/approvals/"+approvals[i]+"/approve", "", map[string]any{})
	})
	back()
	w.restart("temporal", make(chan struct{}))
	w.env = append(w.env, asProgram+"="+newerBuild)
	w.start("worker")
	w.release(newerBuild)
	w.eventually(func() bool {
		return w.count(`SELECT count(*) FROM work_orders WHERE status = 'approved'`) == decided-rejected &&
			w.count(`SELECT count(*) FROM work_orders WHERE status = 'cancelled'`) == rejected
	})
	require.Equal(t, open-decided, w.count(`SELECT count(*) FROM work_orders WHERE status = 'waiting_approval'`))
	require.Equal(t, decided, w.count(`SELECT count(*) FROM audit_events WHERE action IN ('work_order.granted', 'work_order.refused')`), "each once")
	// Running: the approvals that wait, and the orders that are not over.
	w.eventually(func() bool {
		return w.count(`SELECT count(*) FROM outbox WHERE process IN ('Approval', 'WorkOrder')`) == 0 &&
			w.running(models.ProcessApproval, models.ProcessWorkOrder) == open-decided+open-rejected
	})
	last := approvals[open-1]
	back = w.as(approver)
	w.must(http.StatusOK, http.MethodPost, "/v1/approvals/"+last+"/approve", map[string]any{})
	back()
	w.eventually(func() bool {
		return w.count(`SELECT count(*) FROM work_orders WHERE status = 'approved'`) == decided-rejected+1
	})
	w.eventually(func() bool { return w.buildOf("approval/"+last) == newerBuild })
}

// each does something n times, some at once, and wants every answer to be a success.
func (w *world) each(n int, do func(i int) answer) {
	w.t.Helper()
	const atOnce = 16
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range n {
		group.Go(func() error {
			if a := do(i); a.status < http.StatusOK || a.status >= http.StatusMultipleChoices {
				return fmt.Errorf("%d: %d %v %w", i, a.status, a.body, a.err)
			}
			return nil
		})
	}
	require.NoError(w.t, group.Wait())
}
