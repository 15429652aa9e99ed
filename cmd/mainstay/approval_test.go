package main

import (
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/auth"
	"mainstay/models"
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
