package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

// person adds somebody with a role to a plant.
func (h *harness) person(p storetest.Plant, name string, role models.Role) uuid.UUID {
	h.t.Helper()
	id := models.NewID()
	_, err := h.db.Owner.ExecContext(h.t.Context(), `INSERT INTO users (tenant_id, id, email, name, password_hash, roles, password_changed_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, '', ARRAY[$5], now(), now(), now())`, p.Tenant, id, id.String()+"@example.com", name, string(role))
	require.NoError(h.t, err)
	return id
}

// costPolicy asks the approvers for work orders from 500 on.
func (h *harness) costPolicy() map[string]any {
	h.t.Helper()
	return h.admin().must(http.StatusCreated, http.MethodPost, "/v1/approval-policies", map[string]any{
		"subject": "work_order", "name": "Costly work", "rules": []any{map[string]any{
			"min_amount": map[string]any{"amount": "500.00", "currency": "EUR"}, "levels": []any{map[string]any{"mode": "any", "roles": []string{"approver"}}},
		}},
	})
}

// costly creates a work order of that cost as the technician, and returns it with its approval's id.
func (h *harness) costly(cost string) (order, approval uuid.UUID) {
	h.t.Helper()
	amount := decimal.RequireFromString(cost)
	key := models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true}
	ctx := models.WithCommandKey(models.WithActor(h.t.Context(), models.Actor{TenantID: h.plant.Tenant, UserID: h.plant.Tech, Kind: models.ActorUser}), key)
	order = models.SubjectID(key.ID)
	_, admitted, err := h.store.AdmitWorkOrder(ctx, order, models.NewWorkOrder{
		Title: "New <b>liners</b>", Description: "Worn", AssetID: &h.plant.Asset, Type: models.WorkCorrective, Priority: models.PriorityHigh, EstimatedCost: &amount,
	})
	require.NoError(h.t, err)
	_, err = h.store.RunWorkOrderCommand(ctx, order, admitted.ID, models.WorkOrderCreate)
	require.NoError(h.t, err)
	w, err := h.store.WorkOrder(h.plant.Context(h.t.Context()), order)
	require.NoError(h.t, err)
	return order, *w.ApprovalCaseID
}

func TestPoliciesOverTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.person(h.plant, "Amir Approver", models.RoleApprover)
	policy := h.costPolicy()
	require.Equal(t, "10", decimal.NewFromFloat(policy["expire_days"].(float64)).String())
	path := "/v1/approval-policies/" + policy["id"].(string)
	admin := h.admin()
	require.Len(t, items(admin.must(http.StatusOK, http.MethodGet, "/v1/approval-policies?subject=work_order", nil)), 1)
	h.as(h.plant, h.plant.Tech, models.RolePlanner).must(http.StatusForbidden, http.MethodPost, "/v1/approval-policies", map[string]any{
		"subject": "work_order", "rules": []any{map[string]any{"levels": []any{map[string]any{"mode": "any", "roles": []string{"approver"}}}}},
	})
	admin.refused(http.StatusUnprocessableEntity, "/rules/0/min_amount/currency", http.MethodPatch, path, map[string]any{
		"rules": []any{map[string]any{"min_amount": map[string]any{"amount": "1", "currency": "USD"}, "levels": []any{map[string]any{"mode": "any", "roles": []string{"approver"}}}}},
	}, "If-Match", `"1"`)

	simulate := func(amount string) map[string]any {
		return admin.must(http.StatusOK, http.MethodPost, "/v1/approval-policies/simulate", map[string]any{
			"subject": "work_order", "amount": map[string]any{"amount": amount, "currency": "EUR"}, "location_id": h.plant.Area,
		})
	}
	require.Equal(t, false, simulate("499.99")["needed"])
	asked := simulate("500")
	require.Equal(t, true, asked["needed"])
	require.Equal(t, "Amir Approver", asked["levels"].([]any)[0].(map[string]any)["people"].([]any)[0].(map[string]any)["name"])
	require.NotEmpty(t, admin.must(http.StatusOK, http.MethodPost, "/v1/approval-policies/simulate", map[string]any{
		"subject": "work_order", "amount": "1", "rules": []any{map[string]any{"levels": []any{map[string]any{"mode": "any", "user_ids": []any{h.plant.Admin}}}}},
	})["problem"], "the only one named is who asks")

	admin.must(http.StatusOK, http.MethodPost, path+"/archive", nil)
	require.Equal(t, false, simulate("500")["needed"])
	admin.must(http.StatusOK, http.MethodPost, path+"/restore", nil)
}

func TestApprovalsOverTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	one, two := h.person(h.plant, "One", models.RoleApprover), h.person(h.plant, "Two", models.RoleApprover)
	h.costPolicy()
	order, approval := h.costly("600")
	path := "/v1/approvals/" + approval.String()
	mine, other := h.as(h.plant, one, models.RoleApprover), h.as(h.plant, two, models.RoleApprover)

	list := items(mine.must(http.StatusOK, http.MethodGet, "/v1/approvals?status=open", nil))
	require.Len(t, list, 1)
	require.Equal(t, order.String(), list[0]["subject"].(map[string]any)["id"])
	require.Equal(t, map[string]any{"amount": "600.00", "currency": "EUR"}, list[0]["amount"])
	require.Equal(t, []any{"approve", "reject", "delegate"}, list[0]["allowed_commands"])
	require.Empty(t, items(h.admin().must(http.StatusOK, http.MethodGet, "/v1/approvals?status=open", nil)), "nobody asks the administrator")
	require.Len(t, items(h.admin().must(http.StatusOK, http.MethodGet, "/v1/approvals?scope=all", nil)), 1)
	mine.must(http.StatusForbidden, http.MethodGet, "/v1/approvals?scope=all", nil)
	requester := h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	require.Len(t, items(requester.must(http.StatusOK, http.MethodGet, "/v1/approvals?scope=requested", nil)), 1)
	require.Empty(t, requester.must(http.StatusOK, http.MethodGet, path, nil)["allowed_commands"])
	stranger := h.as(h.plant, h.person(h.plant, "Stranger", models.RoleBuyer), models.RoleBuyer)
	stranger.must(http.StatusNotFound, http.MethodGet, path, nil)
	stranger.must(http.StatusForbidden, http.MethodPost, path+"/approve", nil)

	order2, approval2 := h.costly("700")
	require.NotEqual(t, order, order2)
	mine.refused(http.StatusUnprocessableEntity, "/to", http.MethodPost, "/v1/approvals/"+approval2.String()+"/delegate",
		map[string]any{"to": h.plant.Tech, "reason": "away"})
	handed := mine.must(http.StatusOK, http.MethodPost, "/v1/approvals/"+approval2.String()+"/delegate", map[string]any{"to": h.plant.Admin, "reason": "away"})
	require.Empty(t, handed["allowed_commands"])

	other.refused(http.StatusUnprocessableEntity, "/comment", http.MethodPost, path+"/reject", map[string]any{})
	done := mine.must(http.StatusOK, http.MethodPost, path+"/approve", map[string]any{"comment": "fine"}, "Idempotency-Key", "k")
	require.Equal(t, "approved", done["status"])
	require.Equal(t, "approved", mine.must(http.StatusOK, http.MethodPost, path+"/approve", map[string]any{"comment": "fine"}, "Idempotency-Key", "k")["status"])
	mine.must(http.StatusConflict, http.MethodPost, path+"/reject", map[string]any{"comment": "no"}, "Idempotency-Key", "l")
	require.Equal(t, "passed", done["route"].([]any)[0].(map[string]any)["status"])
}

func TestDelegationsOverTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	one, two := h.person(h.plant, "One", models.RoleApprover), h.person(h.plant, "Two", models.RoleApprover)
	mine := h.as(h.plant, one, models.RoleApprover)
	ends := time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
	given := mine.must(http.StatusCreated, http.MethodPost, "/v1/delegations", map[string]any{"to": two, "ends_at": ends, "reason": "Holiday"})
	require.Equal(t, true, given["active"])
	mine.refused(http.StatusUnprocessableEntity, "/to", http.MethodPost, "/v1/delegations", map[string]any{"to": one, "ends_at": ends})
	mine.refused(http.StatusUnprocessableEntity, "/ends_at", http.MethodPost, "/v1/delegations", map[string]any{"to": two, "ends_at": "2020-01-01T00:00:00Z", "starts_at": "2019-01-01T00:00:00Z"})
	mine.must(http.StatusForbidden, http.MethodPost, "/v1/delegations", map[string]any{"to": one, "user_id": two, "ends_at": ends})
	require.Len(t, items(h.as(h.plant, two, models.RoleApprover).must(http.StatusOK, http.MethodGet, "/v1/delegations?active=true", nil)), 1)
	path := "/v1/delegations/" + given["id"].(string)
	h.as(h.plant, two, models.RoleApprover).must(http.StatusNotFound, http.MethodPost, path+"/revoke", nil)
	require.Equal(t, false, mine.must(http.StatusOK, http.MethodPost, path+"/revoke", nil)["active"])
}
