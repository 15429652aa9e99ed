package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// house is a plant with people who approve: work orders from 500 on need one approver, from 5,000 on a manager too.
type house struct {
	t        *testing.T
	store    *store.Store
	db       storetest.Database
	plant    storetest.Plant
	one, two uuid.UUID // approvers
	manager  uuid.UUID
	policy   uuid.UUID
}

func newHouse(t *testing.T) *house {
	t.Helper()
	s, db := storetest.New(t)
	h := &house{t: t, store: s, db: db, plant: storetest.NewPlant(t, db, "one")}
	h.one, h.two, h.manager = h.person(h.plant, "approver"), h.person(h.plant, "approver"), h.person(h.plant, "asset_manager")
	h.policy = h.addPolicy(h.plant, models.ApprovalRule{
		MinAmount: number("5000"), Levels: []models.ApprovalLevel{
			{Mode: models.ApprovalByAny, Roles: []models.Role{models.RoleApprover}}, {Mode: models.ApprovalByAll, UserIDs: []uuid.UUID{h.manager}},
		},
	}, models.ApprovalRule{MinAmount: number("500"), Levels: []models.ApprovalLevel{{Mode: models.ApprovalByAny, Roles: []models.Role{models.RoleApprover}}}})
	return h
}

func number(text string) *decimal.Decimal {
	d := decimal.RequireFromString(text)
	return &d
}

func (h *house) person(p storetest.Plant, role string) uuid.UUID {
	h.t.Helper()
	id := models.NewID()
	_, err := h.db.Owner.ExecContext(h.t.Context(), `INSERT INTO users (tenant_id, id, email, name, password_hash, roles, password_changed_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, '', ARRAY[$5], now(), now(), now())`, p.Tenant, id, id.String()+"@example.com", "P "+id.String()[30:], role)
	require.NoError(h.t, err)
	return id
}

func (h *house) addPolicy(p storetest.Plant, rules ...models.ApprovalRule) uuid.UUID {
	h.t.Helper()
	id, err := h.store.CreateApprovalPolicy(keyed(p.Context(h.t.Context())), func(policy *models.ApprovalPolicy) error {
		policy.Subject = models.ApprovalOfWorkOrder
		return policy.SetRules(rules)
	})
	require.NoError(h.t, err)
	return id
}

func keyed(ctx context.Context) context.Context {
	return models.WithCommandKey(ctx, models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true})
}

func (h *house) as(user uuid.UUID) context.Context {
	return keyed(models.WithActor(h.t.Context(), models.Actor{TenantID: h.plant.Tenant, UserID: user, Kind: models.ActorUser}))
}

// order creates a work order as the technician.
func (h *house) order(cost string) store.WorkOrderView {
	h.t.Helper()
	ctx := h.as(h.plant.Tech)
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	_, admitted, err := h.store.AdmitWorkOrder(ctx, id, models.NewWorkOrder{
		Title: "New liners", AssetID: &h.plant.Asset, Type: models.WorkCorrective, Priority: models.PriorityHigh, EstimatedCost: number(cost),
	})
	require.NoError(h.t, err)
	_, err = h.store.RunWorkOrderCommand(ctx, id, admitted.ID, models.WorkOrderCreate)
	require.NoError(h.t, err)
	return h.read(id)
}

func (h *house) read(id uuid.UUID) store.WorkOrderView {
	h.t.Helper()
	w, err := h.store.WorkOrder(h.plant.Context(h.t.Context()), id)
	require.NoError(h.t, err)
	return w
}

func (h *house) approval(id uuid.UUID) store.ApprovalView {
	h.t.Helper()
	ctx := models.WithActor(h.t.Context(), models.SystemActor(h.plant.Tenant))
	v, err := h.store.Approval(ctx, id)
	require.NoError(h.t, err)
	return v
}

// follow lets the order's process do what its approval says.
func (h *house) follow(id uuid.UUID, action models.WorkOrderAction) store.WorkOrderView {
	h.t.Helper()
	ctx := models.WithActor(h.t.Context(), models.SystemActor(h.plant.Tenant))
	loaded, err := h.store.LoadWorkOrder(ctx, id)
	require.NoError(h.t, err)
	require.Equal(h.t, action, loaded.ApprovalStep(*loaded.ApprovalStatus))
	_, err = h.store.RunWorkOrderAction(ctx, id, action)
	require.NoError(h.t, err)
	return h.read(id)
}

func (h *house) decide(user uuid.UUID, id uuid.UUID, decision models.ApprovalDecision, comment string) error {
	return h.store.DecideApproval(h.as(user), id, decision, comment)
}

func (h *house) change(id uuid.UUID, edit func(*models.WorkOrder)) error {
	w := h.read(id)
	return h.store.ChangeWorkOrder(h.as(h.plant.Admin), id, w.Version, func(w *models.WorkOrder, _ string) error { edit(w); return nil }, nil)
}

// deliveries lists what the outbox holds for a subject, oldest first.
func (h *house) deliveries(subject uuid.UUID) []string {
	h.t.Helper()
	rows, err := h.db.Owner.QueryContext(h.t.Context(), `SELECT process || ' ' || kind FROM outbox WHERE subject_id = $1 ORDER BY id`, subject)
	require.NoError(h.t, err)
	defer func() { _ = rows.Close() }()
	found := []string{}
	for rows.Next() {
		var text string
		require.NoError(h.t, rows.Scan(&text))
		found = append(found, text)
	}
	require.NoError(h.t, rows.Err())
	return found
}

func TestAWorkOrderAboveTheCostWaits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	require.Equal(t, models.WorkOrderApproved, h.order("499.99").Status)

	w := h.order("500")
	require.Equal(t, models.WorkOrderWaitingApproval, w.Status)
	require.Nil(t, w.ApprovedAt)
	require.NotContains(t, w.AllowedCommands(), "approve")
	id := *w.ApprovalCaseID
	require.Equal(t, []string{"Approval start"}, h.deliveries(id))

	require.Equal(t, models.CodeForbidden, models.ErrorCode(h.decide(h.plant.Tech, id, models.DecideApprove, "")), "a technician decides nothing")
	require.Equal(t, models.CodeForbidden, models.ErrorCode(h.decide(h.manager, id, models.DecideApprove, "")), "his level is not there")
	require.NoError(t, h.decide(h.two, id, models.DecideApprove, "fine"))
	require.Equal(t, models.CodeConflict, models.ErrorCode(h.decide(h.one, id, models.DecideApprove, "")))
	require.Equal(t, []string{"Approval start", "Approval decision"}, h.deliveries(id))
	require.Equal(t, "WorkOrder refresh", h.deliveries(w.ID)[len(h.deliveries(w.ID))-1])

	w = h.follow(w.ID, models.WorkOrderGranted)
	require.Equal(t, models.WorkOrderApproved, w.Status)
	require.NotNil(t, w.ApprovedAt)
}

func TestTheCommandApproveDoesNotGoAroundTheCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.order("600")
	_, err := runCommand(h.as(h.plant.Admin), h.store, w.ID, models.WorkOrderApprove, models.WorkOrderCommand{})
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
	require.Equal(t, models.WorkOrderWaitingApproval, h.read(w.ID).Status)
}

func TestTheSecondLevelIsAskedAfterTheFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.order("5000")
	id := *w.ApprovalCaseID
	require.NoError(t, h.decide(h.one, id, models.DecideApprove, ""))
	v := h.approval(id)
	require.Equal(t, models.ApprovalOpen, v.Status)
	require.Equal(t, 1, v.Level)
	require.NotNil(t, v.StepOf(h.manager))
	require.NoError(t, h.decide(h.manager, id, models.DecideReject, "too dear"))
	w = h.follow(w.ID, models.WorkOrderRefused)
	require.Equal(t, models.WorkOrderCancelled, w.Status)
	require.Equal(t, "Not approved: too dear", w.CancelReason)
}

func TestWhoAskedOrEditedDoesNotDecide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.order("600")
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE users SET roles = '{approver}' WHERE id = $1`, h.plant.Tech)
	require.NoError(t, err)
	err = h.decide(h.plant.Tech, *w.ApprovalCaseID, models.DecideApprove, "")
	require.Equal(t, models.CodeForbidden, models.ErrorCode(err), "the requester, whatever he became since")

	editor := h.one
	view := h.read(w.ID)
	require.NoError(t, h.store.ChangeWorkOrder(h.as(editor), w.ID, view.Version, func(w *models.WorkOrder, _ string) error {
		w.Description = "Bowl and mantle"
		return nil
	}, nil))
	id := *h.read(w.ID).ApprovalCaseID
	require.NotEqual(t, *w.ApprovalCaseID, id)
	require.Equal(t, models.CodeForbidden, models.ErrorCode(h.decide(editor, id, models.DecideApprove, "")))
	require.NoError(t, h.decide(h.two, id, models.DecideApprove, ""))

	_, err = h.db.Owner.ExecContext(t.Context(), `UPDATE users SET disabled_at = now() WHERE id = $1`, h.two)
	require.NoError(t, err)
	require.Equal(t, models.CodeForbidden, models.ErrorCode(h.decide(h.two, *h.order("700").ApprovalCaseID, models.DecideApprove, "")), "who left")
}

func TestAnEditVoidsAndShowsTheDifference(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.order("600")
	old := *w.ApprovalCaseID
	require.NoError(t, h.change(w.ID, func(w *models.WorkOrder) { w.EstimatedCost = number("750") }))
	w = h.read(w.ID)
	require.Equal(t, models.WorkOrderWaitingApproval, w.Status)
	require.NotEqual(t, old, *w.ApprovalCaseID)

	was, is := h.approval(old), h.approval(*w.ApprovalCaseID)
	require.Equal(t, models.ApprovalVoid, was.Status)
	require.Equal(t, *w.ApprovalCaseID, *was.NewerID)
	change := models.ApprovalChange{Key: "amount", Label: "Amount", Before: "600.00 EUR", After: "750.00 EUR"}
	require.Equal(t, []models.ApprovalChange{change}, was.Changes())
	require.Equal(t, []models.ApprovalChange{change}, is.Changes())
	require.Equal(t, models.CodeConflict, models.ErrorCode(h.decide(h.one, old, models.DecideApprove, "")))

	require.NoError(t, h.change(w.ID, func(w *models.WorkOrder) { w.EstimatedCost = number("100") }), "below every band")
	w = h.read(w.ID)
	require.Equal(t, models.WorkOrderApproved, w.Status)
	require.Nil(t, w.ApprovalCaseID)
	require.Equal(t, models.ApprovalVoid, h.approval(is.ID).Status)
}

func TestAToleranceKeepsTheCase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE approval_policies SET tolerance_percent = 10`)
	require.NoError(t, err)
	w := h.order("600")
	require.NoError(t, h.change(w.ID, func(w *models.WorkOrder) { w.EstimatedCost = number("660") }))
	require.Equal(t, *w.ApprovalCaseID, *h.read(w.ID).ApprovalCaseID)
	require.NoError(t, h.decide(h.one, *w.ApprovalCaseID, models.DecideApprove, ""))
	h.follow(w.ID, models.WorkOrderGranted)
	require.NoError(t, h.change(w.ID, func(w *models.WorkOrder) { w.EstimatedCost = number("661") }))
	require.Equal(t, models.WorkOrderWaitingApproval, h.read(w.ID).Status, "each edit is measured against what was shown")
}

func TestACostCannotBeRaisedPastTheApproval(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.order("100")
	require.NoError(t, h.change(w.ID, func(w *models.WorkOrder) { w.EstimatedCost = number("6000") }))
	w = h.read(w.ID)
	require.Equal(t, models.WorkOrderWaitingApproval, w.Status)
	require.NoError(t, h.decide(h.one, *w.ApprovalCaseID, models.DecideApprove, ""))
	require.NoError(t, h.decide(h.manager, *w.ApprovalCaseID, models.DecideApprove, ""))
	w = h.follow(w.ID, models.WorkOrderGranted)
	require.NoError(t, h.change(w.ID, func(w *models.WorkOrder) { w.EstimatedCost = number("5500") }))
	require.Equal(t, models.WorkOrderApproved, h.read(w.ID).Status, "less than was approved")

	_, err := runCommand(h.as(h.plant.Admin), h.store, w.ID, models.WorkOrderStart, models.WorkOrderCommand{})
	require.NoError(t, err)
	err = h.change(w.ID, func(w *models.WorkOrder) { w.EstimatedCost = number("9000") })
	require.Equal(t, "/estimated_cost", models.AsError(err).Fields[0].Pointer)
	require.Equal(t, "5500", h.read(w.ID).EstimatedCost.String(), "nothing is stored by halves")
}

func TestCancellingWithdraws(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.order("600")
	_, err := runCommand(h.as(h.plant.Admin), h.store, w.ID, models.WorkOrderCancel, models.WorkOrderCommand{Reason: "not needed"})
	require.NoError(t, err)
	v := h.approval(*w.ApprovalCaseID)
	require.Equal(t, models.ApprovalWithdrawn, v.Status)
	require.Equal(t, "not needed", v.Reason)
}

func TestOutOfOffice(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	policy := h.addPolicy(h.plant, models.ApprovalRule{MinAmount: number("10"), MaxAmount: number("100"), Levels: []models.ApprovalLevel{
		{Mode: models.ApprovalByAll, UserIDs: []uuid.UUID{h.manager}},
	}})
	require.NotEqual(t, uuid.Nil, policy)
	waiting := h.order("50")
	away := models.Delegation{UserID: h.manager, ToID: h.one, EndsAt: time.Now().Add(24 * time.Hour)}
	id, err := h.store.CreateDelegation(h.as(h.manager), away)
	require.NoError(t, err)
	require.NotNil(t, new(h.approval(*waiting.ApprovalCaseID)).StepOf(h.one), "open questions go along")

	later := h.approval(*h.order("60").ApprovalCaseID)
	require.Nil(t, later.StepOf(h.manager))
	require.Equal(t, models.ApprovalViaDelegation, later.StepOf(h.one).Via)

	_, err = h.db.Owner.ExecContext(t.Context(), `UPDATE users SET roles = '{approver}' WHERE id = $1`, h.plant.Tech)
	require.NoError(t, err)
	require.NoError(t, h.store.RevokeDelegation(h.as(h.manager), id))
	away.ToID = h.plant.Tech // who asks for the orders below
	_, err = h.store.CreateDelegation(h.as(h.manager), away)
	require.NoError(t, err)
	own := h.approval(*h.order("70").ApprovalCaseID)
	require.NotNil(t, own.StepOf(h.manager), "never back to the requester")
}

func TestTimersOfACase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := *h.order("600").ApprovalCaseID
	ctx := models.WithActor(t.Context(), models.SystemActor(h.plant.Tenant))
	past := func(column string) {
		_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE approval_steps SET `+column+` = now() - interval '1 minute' WHERE case_id = $1`, id)
		require.NoError(t, err)
	}
	a, err := h.store.RunApprovalAction(ctx, id, models.ApprovalRemind)
	require.NoError(t, err)
	require.Nil(t, a.Steps[0].RemindedAt, "not due")
	past("remind_at")
	a, err = h.store.RunApprovalAction(ctx, id, models.ApprovalRemind)
	require.NoError(t, err)
	require.NotNil(t, a.Steps[0].RemindedAt)
	past("escalate_at")
	_, err = h.store.RunApprovalAction(ctx, id, models.ApprovalEscalate)
	require.NoError(t, err)
	v := h.approval(id)
	require.NotNil(t, v.StepOf(h.plant.Admin), "the policy names nobody: an administrator")
	require.NoError(t, h.decide(h.plant.Admin, id, models.DecideApprove, ""))
	require.Equal(t, models.ApprovalApproved, h.approval(id).Status)

	late := h.order("600")
	_, err = h.db.Owner.ExecContext(t.Context(), `UPDATE approval_cases SET expires_at = now() - interval '1 minute' WHERE id = $1`, *late.ApprovalCaseID)
	require.NoError(t, err)
	_, err = h.store.RunApprovalAction(ctx, *late.ApprovalCaseID, models.ApprovalExpire)
	require.NoError(t, err)
	require.Equal(t, models.WorkOrderCancelled, h.follow(late.ID, models.WorkOrderRefused).Status)
}

// TestParallelDecisions lets everybody decide at once: exactly one decision of an any-level counts, the others are told.
func TestParallelDecisions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := *h.order("600").ApprovalCaseID
	faults := make([]error, 8)
	var group sync.WaitGroup
	for i := range faults {
		group.Go(func() {
			decision, user := models.DecideApprove, h.one
			if i%2 == 1 {
				decision, user = models.DecideReject, h.two
			}
			faults[i] = h.decide(user, id, decision, "because")
		})
	}
	group.Wait()
	counted := 0
	for _, err := range faults {
		if err == nil {
			counted++
		} else {
			require.Contains(t, []models.Code{models.CodeConflict, models.CodeForbidden}, models.ErrorCode(err))
		}
	}
	require.Equal(t, 1, counted)
}

func TestApprovalsOfAnotherTenant(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := *h.order("600").ApprovalCaseID
	other := storetest.NewPlant(t, h.db, "two")
	foreign := h.person(other, "approver")
	ctx := keyed(models.WithActor(t.Context(), models.Actor{TenantID: other.Tenant, UserID: foreign, Kind: models.ActorUser, Roles: []models.Role{models.RoleAdmin}}))

	_, err := h.store.Approval(ctx, id)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(h.store.DecideApproval(ctx, id, models.DecideApprove, "")))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(h.store.DelegateApproval(keyed(ctx), id, foreign, "x")))
	_, err = h.store.ApprovalPolicy(ctx, h.policy)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	for _, scope := range []store.ApprovalScope{store.ApprovalsAsked, store.ApprovalsRequested, store.ApprovalsAll} {
		rows, err := h.store.Approvals(ctx, store.ApprovalFilter{Scope: scope}, store.Page{Limit: 10, Sort: "created_at"})
		require.NoError(t, err)
		require.Empty(t, rows.Items)
	}
	policies, err := h.store.ApprovalPolicies(ctx, nil, false, store.Page{Limit: 10, Sort: "created_at"})
	require.NoError(t, err)
	require.Empty(t, policies.Items)
	link, err := h.store.CreateApprovalLink(ctx, id, h.one, make([]byte, 32), make([]byte, 32))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	require.Nil(t, link)
	delegation, err := h.store.CreateDelegation(h.as(h.one), models.Delegation{UserID: h.one, ToID: h.two, EndsAt: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	_, err = h.store.Delegation(ctx, delegation)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	given, err := h.store.Delegations(ctx, true, false, store.Page{Limit: 10, Sort: "created_at"})
	require.NoError(t, err)
	require.Empty(t, given.Items)
	_, err = h.store.CreateApprovalPolicy(keyed(ctx), func(p *models.ApprovalPolicy) error {
		p.Subject = models.ApprovalOfWorkOrder
		return p.SetRules([]models.ApprovalRule{{Levels: []models.ApprovalLevel{{Mode: models.ApprovalByAny, UserIDs: []uuid.UUID{h.one}}}}})
	})
	require.Equal(t, "/rules/0/levels/0/user_ids/0", models.AsError(err).Fields[0].Pointer, "a person of another tenant")
}

func TestALinkDecidesOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	w := h.order("600")
	ctx := models.WithActor(t.Context(), models.SystemActor(h.plant.Tenant))
	hash := func(n int) []byte {
		sum := sha256.Sum256([]byte(fmt.Sprint(n)))
		return sum[:]
	}
	for n := range 2 {
		link, err := h.store.CreateApprovalLink(ctx, *w.ApprovalCaseID, h.one, hash(n), hash(9))
		require.NoError(t, err)
		require.True(t, link.Open(time.Now()))
	}
	require.Equal(t, models.CodeNotFound, models.ErrorCode(h.store.DecideByLink(t.Context(), hash(5), nil, models.DecideApprove, "")))
	require.NoError(t, h.store.DecideByLink(t.Context(), hash(0), []byte{1}, models.DecideApprove, ""))
	for n := range 2 {
		require.Equal(t, models.CodeConflict, models.ErrorCode(h.store.DecideByLink(t.Context(), hash(n), []byte{1}, models.DecideReject, "x")))
		link, err := h.store.ApprovalLink(t.Context(), hash(n))
		require.NoError(t, err)
		require.False(t, link.Open(time.Now()))
	}
	require.Equal(t, "mail", h.approval(*w.ApprovalCaseID).Steps[0].Channel+h.approval(*w.ApprovalCaseID).Steps[1].Channel)
	link, err := h.store.CreateApprovalLink(ctx, *w.ApprovalCaseID, h.one, hash(7), hash(9))
	require.NoError(t, err)
	require.Nil(t, link, "nothing waits any more")

	old := h.order("700")
	_, err = h.store.CreateApprovalLink(ctx, *old.ApprovalCaseID, h.one, hash(20), hash(9))
	require.NoError(t, err)
	_, err = h.db.Owner.ExecContext(t.Context(), `UPDATE approval_tokens SET expires_at = now() WHERE hash = $1`, hash(20))
	require.NoError(t, err)
	require.Equal(t, models.CodeConflict, models.ErrorCode(h.store.DecideByLink(t.Context(), hash(20), nil, models.DecideApprove, "")), "too late")
}
