package store_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
)

func (b buyer) enter(o store.PurchaseOrderView, number, quantity, unitPrice string) (uuid.UUID, error) {
	ctx := b.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	return id, b.s.EnterInvoice(ctx, id, o.ID, models.NewSupplierInvoice{Number: number, Lines: []models.NewSupplierInvoiceLine{
		{LineID: o.Lines[0].ID, Quantity: dec(quantity), UnitPrice: dec(unitPrice)},
	}})
}

func (b buyer) invoice(o store.PurchaseOrderView, number, quantity, unitPrice string) uuid.UUID {
	b.t.Helper()
	id, err := b.enter(o, number, quantity, unitPrice)
	require.NoError(b.t, err)
	return id
}

func (b buyer) judged(id uuid.UUID) store.SupplierInvoiceView {
	b.t.Helper()
	v, err := b.s.SupplierInvoice(b.ctx(), id)
	require.NoError(b.t, err)
	return v
}

// boss is another person of the same tenant.
func (b buyer) boss() context.Context {
	return models.WithActor(b.ctx(), models.Actor{TenantID: b.p.Tenant, UserID: b.p.Tech, Kind: models.ActorUser, Roles: []models.Role{models.RoleApprover}})
}

func TestInvoiceIsMatchedWithWhatCame(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "2"))
	early := b.invoice(o, "R-1", "6", "2")
	v := b.judged(early)
	require.Equal(t, "blocked", v.Status)
	require.Equal(t, models.BlockNotReceived, v.Lines[0].Blocks[0].Key)

	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "4"))
	require.Equal(t, models.BlockQuantity, b.judged(early).Lines[0].Blocks[0].Key)
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "6"))
	require.Equal(t, "matched", b.judged(early).Status, "what comes later is matched by itself")
	require.Equal(t, "matched", b.judged(b.invoice(o, "R-2", "4", "2")).Status)
	require.Equal(t, "10", b.read(o.ID).Lines[0].Invoiced.String())

	over := b.invoice(o, "R-3", "1", "2.01")
	v = b.judged(over)
	require.Equal(t, []models.BlockKey{models.BlockQuantity, models.BlockOrderQuantity, models.BlockPrice},
		[]models.BlockKey{v.Lines[0].Blocks[0].Key, v.Lines[0].Blocks[1].Key, v.Lines[0].Blocks[2].Key})
	_, err := b.ask(o.ID, models.PurchaseOrderClose, models.PurchaseOrderCommand{})
	require.Equal(t, models.CodeConflict, models.ErrorCode(err), "a blocked line keeps the order open")
	require.NoError(t, b.s.VoidInvoice(b.ctx(), over, "of another order"))
	require.Equal(t, "void", b.judged(over).Status)
	require.Equal(t, "10", b.read(o.ID).Lines[0].Invoiced.String())
	b.must(o.ID, models.PurchaseOrderClose, models.PurchaseOrderCommand{})
}

func TestInvoiceIsEnteredOnce(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "2"))
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "10"))
	ctx := b.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	n := models.NewSupplierInvoice{Number: "R-1", Tax: price("0.38"), Lines: []models.NewSupplierInvoiceLine{{LineID: o.Lines[0].ID, Quantity: dec("1"), UnitPrice: dec("2")}}}
	require.NoError(t, b.s.EnterInvoice(ctx, id, o.ID, n))
	require.NoError(t, b.s.EnterInvoice(ctx, id, o.ID, n), "the same request again")
	require.Equal(t, "1", b.read(o.ID).Lines[0].Invoiced.String())
	require.Equal(t, "2", b.judged(id).Amount.String(), "tax stands beside it")
	_, err := b.enter(o, "R-1", "1", "2")
	require.Equal(t, models.CodeConflict, models.ErrorCode(err), "a supplier numbers an invoice once")
	require.ErrorContains(t, err, "/number")
	_, err = b.enter(store.PurchaseOrderView{PurchaseOrder: o.PurchaseOrder, Lines: []store.PurchaseOrderLineView{{}}}, "R-9", "1", "2")
	require.ErrorContains(t, err, "/lines/0/line_id")
	draft, err := b.create(b.orderOf("1", "1"))
	require.NoError(t, err)
	_, err = b.enter(b.read(draft), "R-2", "1", "1")
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
}

func TestInvoiceIsReleasedByAnotherPerson(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "2"))
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "10"))
	id := b.invoice(o, "R-1", "10", "2.5")
	require.Equal(t, models.CodeForbidden, models.ErrorCode(b.s.ReleaseInvoice(b.ctx(), id, nil, "agreed")))
	require.Equal(t, "blocked", b.judged(id).Status)
	require.Equal(t, models.CodeConflict, models.ErrorCode(b.s.ReleaseInvoice(b.boss(), id, []int{7}, "agreed")))
	require.NoError(t, b.s.ReleaseInvoice(b.boss(), id, nil, "agreed by phone"))
	v := b.judged(id)
	require.Equal(t, "released", v.Status)
	require.Equal(t, "Theo Tech", *v.Lines[0].ReleaserName)
	require.Equal(t, models.CodeConflict, models.ErrorCode(b.s.ReleaseInvoice(b.boss(), id, nil, "again")))
	b.must(o.ID, models.PurchaseOrderReturn, b.delivery(o, "1"))
	require.Equal(t, "blocked", b.judged(id).Status, "it was released for its price, not for what went back")
	require.NoError(t, b.s.ReleaseInvoice(b.boss(), id, nil, "a credit note is on its way"))
	require.Equal(t, "released", b.judged(id).Status)
	b.must(o.ID, models.PurchaseOrderReturn, b.delivery(o, "1"))
	require.Equal(t, "blocked", b.judged(id).Status, "it was released for one that went back, not for two")
}

func TestInvoiceTolerance(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.supplier = b.newSupplier("NOR", price("5"))
	o := b.sent(b.orderOf("10", "2"))
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "10.5"))
	require.Equal(t, "matched", b.judged(b.invoice(o, "R-1", "10.5", "2.1")).Status)
	_, err := b.ask(o.ID, models.PurchaseOrderReceive, b.delivery(o, "0.1"))
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
}
