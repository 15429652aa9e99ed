package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
)

// bosses makes orders from 100 EUR on need the plant's technician, who is the boss here.
func (b buyer) bosses(tolerance string) {
	b.t.Helper()
	_, err := b.db.Owner.ExecContext(b.t.Context(), `UPDATE users SET roles = '{approver}' WHERE id = $1`, b.p.Tech)
	require.NoError(b.t, err)
	_, err = b.s.CreateApprovalPolicy(b.ctx(), func(p *models.ApprovalPolicy) error {
		p.Subject, p.TolerancePercent = models.ApprovalOfPurchaseOrder, dec(tolerance)
		return p.SetRules([]models.ApprovalRule{{MinAmount: price("100"), Levels: []models.ApprovalLevel{
			{Mode: models.ApprovalByAll, UserIDs: []uuid.UUID{b.p.Tech}},
		}}})
	})
	require.NoError(b.t, err)
}

// follow lets the order's process act on its approval, twice.
func (b buyer) follow(id uuid.UUID) store.PurchaseOrderView {
	b.t.Helper()
	for range 2 {
		o, approval, err := b.s.LoadPurchaseOrder(b.ctx(), id)
		require.NoError(b.t, err)
		if step := o.ApprovalStep(approval); step != "" {
			_, err := b.s.RunPurchaseOrderAction(b.ctx(), id, step, store.PurchaseOrderStep{})
			require.NoError(b.t, err)
		}
	}
	return b.read(id)
}

func (b buyer) submitted(n models.NewPurchaseOrder) store.PurchaseOrderView {
	b.t.Helper()
	id, err := b.create(n)
	require.NoError(b.t, err)
	b.must(id, models.PurchaseOrderSubmit, models.PurchaseOrderCommand{})
	return b.read(id)
}

func (b buyer) caseOf(o store.PurchaseOrderView) store.ApprovalView {
	b.t.Helper()
	v, err := b.s.Approval(b.boss(), *o.ApprovalCaseID)
	require.NoError(b.t, err)
	return v
}

func TestPurchaseOrderWaitsForItsApproval(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.bosses("0")
	require.Equal(t, models.PurchaseOrderApproved, b.submitted(b.orderOf("9", "11")).Status, "99 EUR need nobody")
	o := b.submitted(b.orderOf("10", "10"))
	require.Equal(t, models.PurchaseOrderPendingApproval, o.Status)
	require.Equal(t, "Order to SKF Bearings", b.caseOf(o).Content.Title)
	_, err := b.ask(o.ID, models.PurchaseOrderSend, models.PurchaseOrderCommand{})
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
	require.Error(t, b.s.DecideApproval(b.ctx(), *o.ApprovalCaseID, models.DecideApprove, ""), "who ordered does not decide")
	require.NoError(t, b.s.DecideApproval(b.boss(), *o.ApprovalCaseID, models.DecideApprove, ""))
	require.Equal(t, models.PurchaseOrderApproved, b.follow(o.ID).Status)

	o = b.submitted(b.orderOf("10", "10"))
	require.NoError(t, b.s.DecideApproval(b.boss(), *o.ApprovalCaseID, models.DecideReject, "We have enough."))
	o = b.follow(o.ID)
	require.Equal(t, models.PurchaseOrderRejected, o.Status)
	require.Equal(t, "We have enough.", o.RejectReason)
	b.must(o.ID, models.PurchaseOrderWithdraw, models.PurchaseOrderCommand{})
	require.Equal(t, models.PurchaseOrderDraft, b.read(o.ID).Status)

	o = b.submitted(b.orderOf("10", "10"))
	b.must(o.ID, models.PurchaseOrderWithdraw, models.PurchaseOrderCommand{})
	require.Equal(t, models.ApprovalWithdrawn, b.caseOf(o).Status)
	require.Equal(t, models.PurchaseOrderDraft, b.follow(o.ID).Status)
}

func TestAChangedOrderIsAskedAboutAnew(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.bosses("0")
	o := b.submitted(b.orderOf("10", "10"))
	more := func(quantity string) store.PurchaseOrderEdit {
		return store.PurchaseOrderEdit{Lines: []models.NewPurchaseOrderLine{{ID: &o.Lines[0].ID, ItemID: &b.item, Quantity: dec(quantity), UnitPrice: price("10")}}}
	}
	require.NoError(t, b.s.ChangePurchaseOrder(b.ctx(), o.ID, o.Version, more("20")))
	v := b.read(o.ID)
	require.Equal(t, models.PurchaseOrderPendingApproval, v.Status)
	require.Equal(t, 2, v.Revision)
	require.NotEqual(t, *o.ApprovalCaseID, *v.ApprovalCaseID)
	require.Equal(t, models.ApprovalVoid, b.caseOf(o).Status)
	require.NotEmpty(t, b.caseOf(v).Difference)
	require.Error(t, b.s.DecideApproval(b.boss(), *o.ApprovalCaseID, models.DecideApprove, ""), "what was asked before is void")
	require.NoError(t, b.s.DecideApproval(b.boss(), *v.ApprovalCaseID, models.DecideApprove, ""))
	v = b.follow(o.ID)
	require.Equal(t, models.PurchaseOrderApproved, v.Status)

	require.NoError(t, b.s.ChangePurchaseOrder(b.ctx(), o.ID, v.Version, more("21")))
	v = b.read(o.ID)
	require.Equal(t, models.PurchaseOrderDraft, v.Status, "what was approved was another order")
	b.must(o.ID, models.PurchaseOrderSubmit, models.PurchaseOrderCommand{})
	again := b.caseOf(b.read(o.ID))
	require.Equal(t, models.ApprovalOpen, again.Status)
	require.NotEmpty(t, again.Difference, "against what was approved")

	require.NoError(t, b.s.ChangePurchaseOrder(b.ctx(), o.ID, b.read(o.ID).Version, more("2")))
	require.Equal(t, models.PurchaseOrderApproved, b.read(o.ID).Status, "20 EUR need nobody")
}

func TestATolerableChangeKeepsTheApproval(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.bosses("10")
	o := b.submitted(b.orderOf("10", "10"))
	require.NoError(t, b.s.DecideApproval(b.boss(), *o.ApprovalCaseID, models.DecideApprove, ""))
	o = b.follow(o.ID)
	change := func(quantity string) models.PurchaseOrderStatus {
		v := b.read(o.ID)
		require.NoError(t, b.s.ChangePurchaseOrder(b.ctx(), o.ID, v.Version, store.PurchaseOrderEdit{Lines: []models.NewPurchaseOrderLine{
			{ID: &o.Lines[0].ID, ItemID: &b.item, Quantity: dec(quantity), UnitPrice: price("10")},
		}}))
		return b.read(o.ID).Status
	}
	require.Equal(t, models.PurchaseOrderApproved, change("11"))
	require.Equal(t, 2, b.read(o.ID).Revision)
	require.Equal(t, models.PurchaseOrderDraft, change("12"), "steps are measured from what was approved")
}
