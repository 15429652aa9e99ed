package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// buyer is a stockroom with a supplier and a second person.
type buyer struct {
	stockroom
	supplier uuid.UUID
}

func newBuyer(t *testing.T) buyer {
	t.Helper()
	b := buyer{stockroom: newStockroom(t, models.CostingMovingAverage, models.TrackingNone)}
	b.supplier = b.newSupplier("SKF", nil)
	return b
}

func (b buyer) newSupplier(code string, tolerance *decimal.Decimal) uuid.UUID {
	b.t.Helper()
	id, err := b.s.CreateSupplier(b.ctx(), func(s *models.Supplier) {
		s.Code, s.Name, s.Email, s.ReceiptTolerancePct, s.PriceTolerancePct = code, "Bearings", "orders@example.com", tolerance, tolerance
	})
	require.NoError(b.t, err)
	return id
}

func price(text string) *decimal.Decimal { d := dec(text); return &d }

// orderOf is an order of the stockroom's item.
func (b buyer) orderOf(quantity, unitPrice string) models.NewPurchaseOrder {
	return models.NewPurchaseOrder{SupplierID: b.supplier, Currency: "EUR", Lines: []models.NewPurchaseOrderLine{
		{ItemID: &b.item, Quantity: dec(quantity), UnitPrice: price(unitPrice)},
	}}
}

func (b buyer) create(n models.NewPurchaseOrder) (uuid.UUID, error) {
	b.t.Helper()
	ctx := b.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := b.s.AdmitPurchaseOrder(ctx, id, n)
	require.NoError(b.t, err)
	_, err = b.s.RunPurchaseOrderCommand(ctx, id, admitted.ID, models.PurchaseOrderCreate)
	return id, err
}

func (b buyer) ask(id uuid.UUID, name models.PurchaseOrderCommandName, c models.PurchaseOrderCommand) (store.CommandOutcome, error) {
	return b.askAs(b.ctx(), id, name, c)
}

func (b buyer) askAs(ctx context.Context, id uuid.UUID, name models.PurchaseOrderCommandName, c models.PurchaseOrderCommand) (store.CommandOutcome, error) {
	_, admitted, err := b.s.AdmitPurchaseOrderCommand(ctx, id, name, c)
	if err != nil {
		return store.CommandOutcome{}, err
	}
	return b.s.RunPurchaseOrderCommand(ctx, id, admitted.ID, name)
}

func (b buyer) must(id uuid.UUID, name models.PurchaseOrderCommandName, c models.PurchaseOrderCommand) store.CommandOutcome {
	b.t.Helper()
	out, err := b.ask(id, name, c)
	require.NoError(b.t, err)
	return out
}

func (b buyer) read(id uuid.UUID) store.PurchaseOrderView {
	b.t.Helper()
	v, err := b.s.PurchaseOrder(b.ctx(), id)
	require.NoError(b.t, err)
	return v
}

// sent is an order on its way.
func (b buyer) sent(n models.NewPurchaseOrder) store.PurchaseOrderView {
	b.t.Helper()
	id, err := b.create(n)
	require.NoError(b.t, err)
	require.Equal(b.t, "approved", b.must(id, models.PurchaseOrderSubmit, models.PurchaseOrderCommand{}).Status)
	require.Equal(b.t, "sent", b.must(id, models.PurchaseOrderSend, models.PurchaseOrderCommand{}).Status)
	return b.read(id)
}

// delivery of quantities, line by line, into the first bin.
func (b buyer) delivery(o store.PurchaseOrderView, quantities ...string) models.PurchaseOrderCommand {
	c := models.PurchaseOrderCommand{Reason: "wrong size", Receipt: &models.NewGoodsReceipt{}}
	for i, q := range quantities {
		if q != "" {
			c.Receipt.Lines = append(c.Receipt.Lines, models.NewReceiptLine{LineID: o.Lines[i].ID, Quantity: dec(q), LocationID: &b.bins[0]})
		}
	}
	return c
}

func (b buyer) stock() store.ItemStock {
	b.t.Helper()
	stock, err := b.s.ItemStock(b.ctx(), b.item)
	require.NoError(b.t, err)
	return stock
}

func TestPurchaseOrderFromDraftToClose(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "3.3333"))
	require.Equal(t, "PO-000001", o.Number)
	require.Equal(t, "33.33", o.Amount.String())
	require.Equal(t, "Seal", o.Lines[0].Description, "a line takes over its item's name")
	require.Equal(t, "10", b.stock().OnOrder.String())

	require.Equal(t, "partially_received", b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "3")).Status)
	require.Equal(t, "7", b.stock().OnOrder.String())
	require.Equal(t, "partially_received", b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "3")).Status)
	require.Equal(t, "received", b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "4")).Status)
	stock := b.stock()
	require.Equal(t, "0", stock.OnOrder.String())
	require.Equal(t, "10", stock.Places[0].OnHand.String())
	require.Equal(t, "33.33", stock.Value.String(), "three deliveries are worth what was ordered, to the cent")
	b.proven()

	_, err := b.ask(o.ID, models.PurchaseOrderReceive, b.delivery(o, "0.000001"))
	require.Equal(t, models.CodeConflict, models.ErrorCode(err), "no tolerance is none at all")
	require.Equal(t, "closed", b.must(o.ID, models.PurchaseOrderClose, models.PurchaseOrderCommand{}).Status)
	require.Nil(t, b.read(o.ID).NextActionAt, "nothing is left to do")

	receipts, err := b.s.GoodsReceipts(b.ctx(), store.GoodsReceiptFilter{PurchaseOrderIDs: ids(o.ID)}, store.Page{Limit: 10, Sort: "posted_at"})
	require.NoError(t, err)
	require.Len(t, receipts.Items, 3)
	full, err := b.s.GoodsReceipt(b.ctx(), receipts.Items[0].ID)
	require.NoError(t, err)
	require.Equal(t, "GR-000001", full.Number)
	movement, err := b.s.StockMovement(b.ctx(), *full.Lines[0].MovementID)
	require.NoError(t, err)
	require.Equal(t, models.MovementReceipt, movement.Kind)
	require.True(t, movement.Value.Equal(full.Lines[0].Value))
	_, err = b.db.Owner.ExecContext(t.Context(), `INSERT INTO goods_receipt_lines (tenant_id, goods_receipt_id, line, purchase_order_line_id, quantity,
		value, movement_id) SELECT tenant_id, goods_receipt_id, 2, purchase_order_line_id, 1, 0, gen_random_uuid()
		FROM goods_receipt_lines WHERE goods_receipt_id = $1`, full.ID)
	require.ErrorContains(t, err, "goods_receipt_lines_movement_id_fkey")
}

func TestReceiptSentTwiceAndOutOfOrder(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	n := b.orderOf("10", "2")
	n.Lines = append(n.Lines, models.NewPurchaseOrderLine{ItemID: &b.item, Quantity: dec("5"), UnitPrice: price("3")})
	end := func(deliveries ...[]string) (string, string, string) {
		o := b.sent(n)
		for _, quantities := range deliveries {
			ctx := b.ctx()
			c := b.delivery(o, quantities...)
			first, err := b.askAs(ctx, o.ID, models.PurchaseOrderReceive, c)
			require.NoError(t, err)
			again, err := b.askAs(ctx, o.ID, models.PurchaseOrderReceive, c)
			require.NoError(t, err)
			require.Equal(t, first, again, "the same delivery sent twice is one")
		}
		v := b.read(o.ID)
		return string(v.Status), v.Lines[0].Received.String(), v.Lines[1].Received.String()
	}
	one, two, three := []string{"4", ""}, []string{"6", "2"}, []string{"", "3"}
	s1, a1, b1 := end(one, two, three)
	s2, a2, b2 := end(three, one, two)
	require.Equal(t, []string{"received", "10", "5"}, []string{s1, a1, b1})
	require.Equal(t, []string{s1, a1, b1}, []string{s2, a2, b2})
	stock := b.stock()
	require.Equal(t, "30", stock.Places[0].OnHand.String())
	require.Equal(t, "70", stock.Value.String())
	b.proven()
}

func TestPurchaseInBoxes(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	b.inUnits(0)
	box := "box"
	entry, err := b.s.CreateCatalogEntry(b.ctx(), func(e *models.CatalogEntry, currency string) {
		e.SupplierID, e.ItemID, e.Price, e.Currency, e.PriceUnit = b.supplier, b.item, dec("30.03"), currency, &box
	})
	require.NoError(t, err)
	v, err := b.s.CatalogEntry(b.ctx(), entry)
	require.NoError(t, err)
	require.Equal(t, "box", v.Unit)
	line := func(quantity, unit string) models.NewPurchaseOrder {
		n := b.orderOf(quantity, "1")
		n.Lines[0].Unit, n.Lines[0].UnitPrice = unit, nil
		return n
	}
	for pointer, n := range map[string]models.NewPurchaseOrder{
		"/lines/0/unit": line("1", "pallet"), "/lines/0/quantity": line("0.1", "box"),
	} {
		id, err := b.create(n)
		requirePointer(t, err, pointer)
		_, err = b.s.PurchaseOrder(b.ctx(), id)
		require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	}
	o := b.sent(line("2.5", "box"))
	require.Equal(t, "30.03", o.Lines[0].UnitPrice.String())
	require.Equal(t, "75.08", o.Amount.String())
	require.Equal(t, "30", b.stock().OnOrder.String())
	require.Equal(t, "2.5025", b.sent(line("1", "")).Lines[0].UnitPrice.String(), "the price of a box, by the piece")

	draft, err := b.create(line("2.5", "box"))
	require.NoError(t, err)
	wanted := models.NewID()
	require.NoError(t, b.s.CreateRequisition(b.ctx(), wanted, models.NewRequisition{Lines: []models.NewPurchaseOrderLine{
		{ItemID: &b.item, Quantity: dec("2.5"), Unit: "box"}, {ItemID: &b.item, Quantity: dec("3"), Unit: "pair"},
	}}))
	require.NoError(t, b.s.ChangeItem(b.ctx(), b.item, b.readItem().Version, func(i *models.Item) { six := dec("6"); i.PurchaseFactor = &six }))
	err = b.s.ChangeItem(b.ctx(), b.item, b.readItem().Version, func(i *models.Item) { i.PurchaseUnit, i.PurchaseFactor = nil, nil })
	requirePointer(t, err, "/purchase_unit")
	change := func(unit string) string {
		v := b.read(draft)
		edited := models.NewPurchaseOrderLine{ID: &v.Lines[0].ID, ItemID: &b.item, Quantity: dec("3"), Unit: unit, UnitPrice: price("30.03")}
		require.NoError(t, b.s.ChangePurchaseOrder(b.ctx(), draft, v.Version, store.PurchaseOrderEdit{Lines: []models.NewPurchaseOrderLine{edited}}))
		return b.read(draft).Lines[0].UnitFactor.String()
	}
	asked, err := b.s.Requisition(b.ctx(), wanted)
	require.NoError(t, err)
	require.Equal(t, "12", asked.Lines[0].UnitFactor.String(), "what was asked for is in the box of then")
	var now []string
	for _, l := range asked.Lines {
		quantity, unit := l.Ordered()
		now = append(now, quantity.String()+" "+unit)
	}
	require.Equal(t, []string{"30 pc", "3 pair"}, now, "as much as was asked for, not as many boxes")
	require.Equal(t, "12", change("box"), "a line that is edited keeps its box")
	require.Equal(t, "1", change(""))
	require.Equal(t, "6", change("box"), "what is written now is in the box of now")
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "0.5"))
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "2"))
	stock := b.stock()
	require.Equal(t, "30", stock.Places[0].OnHand.String(), "a box is what it was when it was ordered")
	require.Equal(t, "75.08", stock.Value.String())
	b.proven()
}

func TestReceiptInTwoSessions(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "2"))
	var all sync.WaitGroup
	faults := make([]error, 8)
	for i := range faults { // eight storekeepers book the same delivery of six, each by itself
		all.Go(func() { _, faults[i] = b.ask(o.ID, models.PurchaseOrderReceive, b.delivery(o, "6")) })
	}
	all.Wait()
	booked := 0
	for _, err := range faults {
		if err == nil {
			booked++
			continue
		}
		require.Equal(t, models.CodeConflict, models.ErrorCode(err), err)
	}
	require.Equal(t, 1, booked)
	require.Equal(t, "6", b.stock().Places[0].OnHand.String())

	for i := range faults { // with the delivery note it is one delivery, though as much again were still open
		all.Go(func() {
			c := b.delivery(o, "2")
			c.Receipt.DeliveryNote = "LS-7"
			_, faults[i] = b.ask(o.ID, models.PurchaseOrderReceive, c)
		})
	}
	all.Wait()
	refused := 0
	for _, err := range faults {
		if err != nil {
			refused++
			require.ErrorContains(t, err, "/delivery_note")
		}
	}
	require.Equal(t, 7, refused)
	require.Equal(t, "8", b.stock().Places[0].OnHand.String())
	b.proven()
}

func TestReceiptChargesAndStamps(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	work := createWorkOrder(t, b.s, b.p, "Overhaul").ID
	center, err := store.CreateCoded[models.CostCenter](b.ctx(), b.s, func(c *models.Coded) { c.Code, c.Name = "CC-1", "Production" })
	require.NoError(t, err)
	template, err := b.s.CreateAssetTemplate(b.ctx(), func(a *models.AssetTemplate) error {
		a.Code, a.Name, a.CategoryID, a.Manufacturer = "PMP-9", "Pump 9", b.p.Category, "Norder"
		return nil
	})
	require.NoError(t, err)
	o := b.sent(models.NewPurchaseOrder{SupplierID: b.supplier, Currency: "EUR", Lines: []models.NewPurchaseOrderLine{
		{ItemID: &b.item, Quantity: dec("3"), UnitPrice: price("3.335"), WorkOrderID: &work},
		{Description: "Crane hire", Quantity: dec("1"), UnitPrice: price("400"), WorkOrderID: &work},
		{Description: "Cleaning", Quantity: dec("1"), UnitPrice: price("50"), CostCenterID: &center},
		{AssetTemplateID: &template, Quantity: dec("2"), UnitPrice: price("1250")},
	}})
	require.Equal(t, "0", b.stock().OnOrder.String(), "what is charged goes to no storeroom")
	c := b.delivery(o, "2", "1", "1", "2")
	for i := range 3 {
		c.Receipt.Lines[i].LocationID = nil
	}
	c.Receipt.Lines[3].LocationID, c.Receipt.Lines[3].Serials = &b.p.Area, []string{"N-1", "N-2"}
	require.Equal(t, "partially_received", b.must(o.ID, models.PurchaseOrderReceive, c).Status)
	rest := b.delivery(o, "1")
	rest.Receipt.Lines[0].LocationID = nil
	require.Equal(t, "received", b.must(o.ID, models.PurchaseOrderReceive, rest).Status)

	costs, err := b.s.WorkOrderCosts(b.ctx(), work, store.Page{Limit: 10, Sort: "created_at"})
	require.NoError(t, err)
	sums := map[models.CostKind]decimal.Decimal{}
	for _, cost := range costs.Items {
		sums[cost.Kind] = sums[cost.Kind].Add(cost.Amount)
	}
	require.Equal(t, "10.01", sums[models.CostParts].String(), "6.67 and the rest of 3 x 3.335")
	require.Equal(t, "400", sums[models.CostServices].String())
	require.Empty(t, b.stock().Places)

	assets, err := b.s.Assets(b.ctx(), store.AssetFilter{Codes: []string{o.Number + "-4-1", o.Number + "-4-2"}}, store.Page{Limit: 10, Sort: "code"})
	require.NoError(t, err)
	require.Len(t, assets.Items, 2)
	pump := assets.Items[0]
	require.Equal(t, models.AssetReceived, pump.LifecycleState)
	require.Equal(t, []string{"N-1", "Norder", "1250", "Pump 9"}, []string{*pump.SerialNumber, pump.Manufacturer, pump.PurchasePrice.String(), pump.Name})

	back := models.PurchaseOrderCommand{Reason: "leaks", Receipt: &models.NewGoodsReceipt{Lines: []models.NewReceiptLine{
		{LineID: o.Lines[3].ID, Quantity: dec("1"), LocationID: &b.p.Area, Serials: []string{"N-2"}},
		{LineID: o.Lines[0].ID, Quantity: dec("1")},
	}}}
	require.Equal(t, "partially_received", b.must(o.ID, models.PurchaseOrderReturn, back).Status)
	gone, err := b.s.Asset(b.ctx(), assets.Items[1].ID)
	require.NoError(t, err)
	require.NotNil(t, gone.ArchivedAt)
	costs, err = b.s.WorkOrderCosts(b.ctx(), work, store.Page{Limit: 10, Sort: "created_at"})
	require.NoError(t, err)
	total := decimal.Zero
	for _, cost := range costs.Items {
		total = total.Add(cost.Amount)
	}
	require.Equal(t, "406.67", total.String(), "what goes back is a credit")
}

func TestReturnToTheSupplier(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "2"))
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "10"))
	require.Equal(t, "partially_received", b.must(o.ID, models.PurchaseOrderReturn, b.delivery(o, "4")).Status)
	require.Equal(t, "4", b.stock().OnOrder.String(), "they are still owed")
	require.Equal(t, "6", b.stock().Places[0].OnHand.String())
	ledger, err := b.s.StockMovements(b.ctx(), store.MovementFilter{Kinds: []string{"return_to_vendor"}}, store.Page{Limit: 10, Sort: "posted_at"})
	require.NoError(t, err)
	require.Len(t, ledger.Items, 1)
	require.Equal(t, "-8", ledger.Items[0].Value.String())
	came, err := b.s.StockMovements(b.ctx(), store.MovementFilter{Kinds: []string{"receipt"}}, store.Page{Limit: 10, Sort: "posted_at"})
	require.NoError(t, err)
	for _, movement := range []store.MovementView{came.Items[0], ledger.Items[0]} {
		require.Equal(t, &o.Number, movement.PurchaseOrderNumber)
		err = b.s.ReverseMovement(b.ctx(), models.NewID(), movement.ID, "wrong bin")
		require.Equal(t, models.CodeConflict, models.ErrorCode(err), "the order would still say that it came")
		require.ErrorContains(t, err, o.Number)
	}
	_, err = b.ask(o.ID, models.PurchaseOrderReturn, b.delivery(o, "7"))
	require.ErrorContains(t, err, "/lines/0/quantity")
	b.must(o.ID, models.PurchaseOrderReturn, b.delivery(o, "6"))
	require.Equal(t, models.PurchaseOrderSent, b.read(o.ID).Status)
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "10"))
	require.Equal(t, models.PurchaseOrderReceived, b.read(o.ID).Status)
	b.proven()
}

func TestReceiptIsWrittenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	n := b.orderOf("10", "2")
	n.Lines = append(n.Lines, models.NewPurchaseOrderLine{ItemID: &b.item, Quantity: dec("5"), UnitPrice: price("3")})
	o := b.sent(n)
	c := b.delivery(o, "4", "5")
	c.Receipt.Lines[1].LocationID = &b.p.Area // no storeroom
	_, err := b.ask(o.ID, models.PurchaseOrderReceive, c)
	require.ErrorContains(t, err, "/lines/1/location_id")
	require.Empty(t, b.stock().Places)
	require.Equal(t, models.PurchaseOrderSent, b.read(o.ID).Status)
}

func TestForeignOrderKeepsAmountRateAndBase(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	n := b.orderOf("3", "19.99")
	n.Currency = "USD"
	_, err := b.create(n)
	require.ErrorContains(t, err, "/rate")
	_, err = b.s.CreateExchangeRate(b.ctx(), func(r *models.ExchangeRate) {
		r.Currency, r.Rate, r.ValidFrom = "USD", dec("0.9137"), models.NewDate(2020, 1, 1)
	})
	require.NoError(t, err)
	o := b.sent(n)
	require.Equal(t, []string{"59.97", "0.9137", "54.79"}, []string{o.Amount.String(), o.Rate.String(), o.BaseAmount.String()})
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "1"))
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "2"))
	require.Equal(t, "54.79", b.stock().Value.String(), "the parts are worth what the order is, to the cent")
}

func TestPurchaseOrderIsChanged(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "2"))
	edit := store.PurchaseOrderEdit{Lines: []models.NewPurchaseOrderLine{
		{ID: &o.Lines[0].ID, ItemID: &b.item, Quantity: dec("12"), UnitPrice: price("2")},
		{Description: "Freight", Quantity: dec("1"), UnitPrice: price("15")},
	}}
	require.Equal(t, models.CodePreconditionFailed, models.ErrorCode(b.s.ChangePurchaseOrder(b.ctx(), o.ID, o.Version-1, edit)))
	require.NoError(t, b.s.ChangePurchaseOrder(b.ctx(), o.ID, o.Version, edit))
	v := b.read(o.ID)
	require.Equal(t, models.PurchaseOrderDraft, v.Status)
	require.Equal(t, 2, v.Revision)
	require.Equal(t, "39", v.Amount.String())
	require.Equal(t, []uuid.UUID{o.Lines[0].ID}, ids(v.Lines[0].ID), "the line is the one it was")
	revisions, err := b.s.PurchaseOrderRevisions(b.ctx(), o.ID)
	require.NoError(t, err)
	require.Len(t, revisions, 1)
	require.Equal(t, 1, revisions[0].Revision)
	require.Equal(t, "20", revisions[0].Content.Amount.String())

	unknown := models.NewID()
	edit.Lines[1].ID = &unknown
	require.ErrorContains(t, b.s.ChangePurchaseOrder(b.ctx(), o.ID, v.Version, edit), "/lines/1/id")
	require.NoError(t, b.s.ChangePurchaseOrder(b.ctx(), o.ID, v.Version, store.PurchaseOrderEdit{Lines: []models.NewPurchaseOrderLine{
		{ID: &v.Lines[1].ID, Description: "Freight", Quantity: dec("1"), UnitPrice: price("15")},
	}}))
	require.Equal(t, 1, b.read(o.ID).LineCount)
	require.Equal(t, 2, b.read(o.ID).Revision)
}

func TestCommandsAdmittedWithoutACountTakeTheNextNumber(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	require.Equal(t, "PO-000001", b.read(b.sent(b.orderOf("1", "2")).ID).Number)
	ctx := b.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := b.s.AdmitPurchaseOrder(ctx, id, b.orderOf("4", "2"))
	require.NoError(t, err)
	_, err = b.db.Owner.ExecContext(t.Context(), `UPDATE commands SET body = body #- '{new,count}' WHERE id = $1`, admitted.ID)
	require.NoError(t, err)
	out, err := b.s.RunPurchaseOrderCommand(ctx, id, admitted.ID, models.PurchaseOrderCreate)
	require.NoError(t, err)
	require.Equal(t, "PO-000003", out.Number, "the second was drawn at the admission")
}

func TestPurchaseOrderStepsOutside(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "2"))
	keep := models.Attachment{
		ID: models.NewID(), SubjectType: "purchase_order", SubjectID: o.ID, Filename: "PO.pdf", ContentType: "application/pdf", SizeBytes: 1,
		SHA256: make([]byte, 32), ObjectKey: "key",
	}
	step := store.PurchaseOrderStep{Document: &keep, MailedTo: "orders@example.com"}
	done, err := b.s.RunPurchaseOrderAction(b.ctx(), o.ID, models.PurchaseOrderIssue, step)
	require.NoError(t, err)
	require.NotNil(t, done.IssuedAt)
	again, err := b.s.RunPurchaseOrderAction(b.ctx(), o.ID, models.PurchaseOrderIssue, step)
	require.NoError(t, err)
	require.Equal(t, done.Version, again.Version, "a step that was done is not done again")
	files, err := b.s.Attachments(b.ctx(), "purchase_order", o.ID, store.Page{Limit: 10, Sort: "created_at"})
	require.NoError(t, err)
	require.Len(t, files.Items, 1)
	require.Equal(t, keep.ID, *b.read(o.ID).DocumentID)

	b.must(o.ID, models.PurchaseOrderCancel, models.PurchaseOrderCommand{Reason: "not needed"})
	require.NotNil(t, b.read(o.ID).NextActionAt, "the supplier has to be told")
	done, err = b.s.RunPurchaseOrderAction(b.ctx(), o.ID, models.PurchaseOrderRevoke, store.PurchaseOrderStep{})
	require.NoError(t, err)
	require.Nil(t, done.NextActionAt)

	o = b.sent(b.orderOf("1", "2"))
	keep.ID, keep.SubjectID = models.NewID(), o.ID
	done, err = b.s.RunPurchaseOrderAction(b.ctx(), o.ID, models.PurchaseOrderIssue, store.PurchaseOrderStep{Document: &keep, Refusal: "550 no such box"})
	require.NoError(t, err)
	require.Equal(t, models.PurchaseOrderApproved, done.Status)
	require.Equal(t, "sent", b.must(o.ID, models.PurchaseOrderSend, models.PurchaseOrderCommand{}).Status)
	done, err = b.s.RunPurchaseOrderAction(b.ctx(), o.ID, models.PurchaseOrderIssue, store.PurchaseOrderStep{Document: &keep})
	require.NoError(t, err)
	require.NotNil(t, done.IssuedAt, "stored again it is the document that is there")
	notices, err := b.s.Notifications(b.ctx(), store.NotificationFilter{}, store.Page{Limit: 10, Sort: "created_at"})
	require.NoError(t, err)
	require.Len(t, notices.Items, 1)
	require.Contains(t, notices.Items[0].Body, "550 no such box")
	missing, err := b.s.RunPurchaseOrderAction(b.ctx(), models.NewID(), models.PurchaseOrderIssue, step)
	require.NoError(t, err)
	require.Nil(t, missing)
}

func TestRequisitionIsOrderedOnce(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	_, err := b.s.CreateCatalogEntry(b.ctx(), func(e *models.CatalogEntry, currency string) {
		lead := 5
		e.SupplierID, e.ItemID, e.SupplierCode, e.Price, e.Currency, e.LeadDays = b.supplier, b.item, "6204-2RS", dec("7.5"), currency, &lead
	})
	require.NoError(t, err)
	ctx := b.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	n := models.NewRequisition{Note: "For the overhaul", Lines: []models.NewPurchaseOrderLine{{ItemID: &b.item, Quantity: dec("2")}}}
	require.NoError(t, b.s.CreateRequisition(ctx, id, n))
	require.NoError(t, b.s.CreateRequisition(ctx, id, n), "sent twice it is one")
	r, err := b.s.Requisition(b.ctx(), id)
	require.NoError(t, err)
	require.Equal(t, []string{"RQ-000001", "Seal", "pc"}, []string{r.Number, r.Lines[0].Description, r.Lines[0].Unit})

	order := models.NewPurchaseOrder{SupplierID: b.supplier, Currency: "EUR", RequisitionID: &id, Lines: []models.NewPurchaseOrderLine{
		{ItemID: &b.item, Quantity: dec("2")},
	}}
	first, err := b.create(order)
	require.NoError(t, err)
	o := b.read(first)
	require.Equal(t, models.OrderedByRequisition, o.Origin)
	require.Equal(t, "15", o.Amount.String(), "at the catalog's price")
	document, err := b.s.PurchaseOrderDocument(b.ctx(), first)
	require.NoError(t, err)
	require.Equal(t, "6204-2RS", document.Codes[b.item], "the supplier reads the number it knows")
	require.NotEmpty(t, document.Company)
	require.Equal(t, 5, o.Lines[0].PromisedOn.Sub(models.DateOf(o.CreatedAt, berlin(t))))
	_, err = b.create(order)
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
	r, err = b.s.Requisition(b.ctx(), id)
	require.NoError(t, err)
	require.Equal(t, models.RequisitionOrdered, r.Status)
	require.Equal(t, o.Number, *r.PurchaseOrderNumber)
	require.Equal(t, models.CodeConflict, models.ErrorCode(b.s.RejectRequisition(b.ctx(), id, nil, "too late")))
}

func TestAnOrderThatBringsNothingLeavesItsRequisitionOpen(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	asks := func() context.Context {
		return keyed(models.WithActor(t.Context(), models.Actor{TenantID: b.p.Tenant, UserID: b.p.Tech, Kind: models.ActorUser}))
	}
	id := models.NewID()
	require.NoError(t, b.s.CreateRequisition(asks(), id, models.NewRequisition{Lines: []models.NewPurchaseOrderLine{{ItemID: &b.item, Quantity: dec("2")}}}))
	order := b.orderOf("2", "7.5")
	order.RequisitionID = &id
	for _, end := range []models.PurchaseOrderCommandName{models.PurchaseOrderCancel, models.PurchaseOrderClose} {
		made, err := b.create(order)
		require.NoError(t, err)
		_, err = b.create(order)
		require.Equal(t, models.CodeConflict, models.ErrorCode(err))
		if end == models.PurchaseOrderClose {
			b.must(made, models.PurchaseOrderSubmit, models.PurchaseOrderCommand{})
			b.must(made, models.PurchaseOrderSend, models.PurchaseOrderCommand{})
		}
		b.must(made, end, models.PurchaseOrderCommand{Reason: "out of stock"})
		r, err := b.s.Requisition(b.ctx(), id)
		require.NoError(t, err)
		require.Equal(t, models.RequisitionOpen, r.Status)
		require.Nil(t, r.PurchaseOrderID)
		require.Nil(t, r.DecidedBy)
		require.Equal(t, id, *b.read(made).RequisitionID, "the order still says for what it was written")
	}
	told, err := b.s.Notifications(asks(), store.NotificationFilter{}, store.Page{Limit: 10, Sort: "created_at"})
	require.NoError(t, err)
	var kinds []string
	for _, n := range told.Items {
		kinds = append(kinds, n.Kind)
	}
	require.ElementsMatch(t, []string{"requisition.ordered", "requisition.reopened", "requisition.ordered", "requisition.reopened"}, kinds)
	require.Contains(t, told.Items[1].Body+told.Items[0].Body, "out of stock")
	order = b.orderOf("2", "7.5")
	order.RequisitionID = &id
	o := b.sent(order)
	b.must(o.ID, models.PurchaseOrderReceive, b.delivery(o, "1"))
	b.must(o.ID, models.PurchaseOrderClose, models.PurchaseOrderCommand{})
	r, err := b.s.Requisition(b.ctx(), id)
	require.NoError(t, err)
	require.Equal(t, models.RequisitionOrdered, r.Status, "one of two came")
}

func TestPurchasingOfAnotherTenant(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	o := b.sent(b.orderOf("10", "2"))
	invoice := b.invoice(o, "R-1", "1", "2")
	other := b
	other.p = storetest.NewPlant(t, b.db, "two")
	ctx := other.ctx()
	_, err := b.s.PurchaseOrder(ctx, o.ID)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	_, err = other.ask(o.ID, models.PurchaseOrderCancel, models.PurchaseOrderCommand{Reason: "x"})
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(b.s.ChangePurchaseOrder(ctx, o.ID, 1, store.PurchaseOrderEdit{})))
	_, err = b.s.SupplierInvoice(ctx, invoice)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(b.s.VoidInvoice(other.ctx(), invoice, "x")))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(b.s.ReleaseInvoice(other.ctx(), invoice, nil, "x")))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(b.s.EnterInvoice(other.ctx(), models.NewID(), o.ID, models.NewSupplierInvoice{Number: "1"})))
	_, err = other.create(b.orderOf("1", "1"))
	require.ErrorContains(t, err, "/supplier_id")
	for name, list := range map[string]func() (int, error){
		"orders": func() (int, error) {
			rows, err := b.s.PurchaseOrders(ctx, store.PurchaseOrderFilter{}, store.Page{Limit: 10, Sort: "number"})
			return len(rows.Items), err
		},
		"receipts": func() (int, error) {
			rows, err := b.s.GoodsReceipts(ctx, store.GoodsReceiptFilter{}, store.Page{Limit: 10, Sort: "posted_at"})
			return len(rows.Items), err
		},
		"invoices": func() (int, error) {
			rows, err := b.s.SupplierInvoices(ctx, store.SupplierInvoiceFilter{}, store.Page{Limit: 10, Sort: "number"})
			return len(rows.Items), err
		},
		"requisitions": func() (int, error) {
			rows, err := b.s.Requisitions(ctx, store.RequisitionFilter{}, store.Page{Limit: 10, Sort: "number"})
			return len(rows.Items), err
		},
		"catalog": func() (int, error) {
			rows, err := b.s.CatalogEntries(ctx, store.CatalogEntryFilter{}, store.Page{Limit: 10, Sort: "item"})
			return len(rows.Items), err
		},
		"rates": func() (int, error) {
			rows, err := b.s.ExchangeRates(ctx, nil, false, store.Page{Limit: 10, Sort: "currency"})
			return len(rows.Items), err
		},
	} {
		n, err := list()
		require.NoError(t, err)
		require.Zero(t, n, name)
	}
}

func TestPurchaseOrderLists(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	late, far := models.NewDate(2020, 1, 1), models.NewDate(2090, 1, 1)
	for i, quantity := range []string{"1", "2", "3"} {
		n := b.orderOf(quantity, "10")
		n.Lines[0].PromisedOn = []*models.Date{nil, &far, &late}[i]
		b.sent(n)
	}
	numbers := func(f store.PurchaseOrderFilter, sort string) string {
		var found []string
		page := store.Page{Limit: 2, Sort: sort}
		for {
			rows, err := b.s.PurchaseOrders(b.ctx(), f, page)
			require.NoError(t, err)
			for _, v := range rows.Items {
				found = append(found, v.Number[len(v.Number)-1:])
			}
			if rows.Next == nil {
				return fmt.Sprint(found)
			}
			page.After = rows.Next
		}
	}
	require.Equal(t, "[1 2 3]", numbers(store.PurchaseOrderFilter{}, "number"))
	require.Equal(t, "[3 2 1]", numbers(store.PurchaseOrderFilter{}, "-amount"))
	require.Equal(t, "[3 2 1]", numbers(store.PurchaseOrderFilter{}, "promised_on"))
	require.Equal(t, "[3]", numbers(store.PurchaseOrderFilter{Late: true}, "number"))
	require.Equal(t, "[1 2 3]", numbers(store.PurchaseOrderFilter{Text: "skf", Status: []string{"sent"}, ItemIDs: ids(b.item), SupplierIDs: ids(b.supplier)}, "number"))
	require.Equal(t, "[]", numbers(store.PurchaseOrderFilter{Blocked: true}, "created_at"))
	require.Equal(t, "[]", numbers(store.PurchaseOrderFilter{WorkOrderIDs: ids(models.NewID())}, "created_at"))
}

func TestADeliveryForAWorkOrderThatIsOver(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	work := createWorkOrder(t, b.s, b.p, "Overhaul").ID
	o := b.sent(models.NewPurchaseOrder{SupplierID: b.supplier, Currency: "EUR", Lines: []models.NewPurchaseOrderLine{
		{Description: "Crane hire", Quantity: dec("2"), UnitPrice: price("400"), WorkOrderID: &work},
	}})
	_, err := b.db.Owner.ExecContext(t.Context(), `UPDATE work_orders SET status = 'cancelled', next_action_at = NULL WHERE id = $1`, work)
	require.NoError(t, err)
	c := b.delivery(o, "1")
	c.Receipt.Lines[0].LocationID = nil
	_, err = b.ask(o.ID, models.PurchaseOrderReceive, c)
	require.ErrorContains(t, err, "no cost center")
	center, err := store.CreateCoded[models.CostCenter](b.ctx(), b.s, func(c *models.Coded) { c.Code, c.Name = "CC-1", "Production" })
	require.NoError(t, err)
	_, err = b.db.Owner.ExecContext(t.Context(), `UPDATE assets SET cost_center_id = $2 WHERE id = $1`, b.p.Asset, center)
	require.NoError(t, err)
	require.Equal(t, "partially_received", b.must(o.ID, models.PurchaseOrderReceive, c).Status)
	receipts, err := b.s.GoodsReceipts(b.ctx(), store.GoodsReceiptFilter{PurchaseOrderIDs: []uuid.UUID{o.ID}}, store.Page{Limit: 10, Sort: "posted_at"})
	require.NoError(t, err)
	require.Len(t, receipts.Items, 1)
	receipt, err := b.s.GoodsReceipt(b.ctx(), receipts.Items[0].ID)
	require.NoError(t, err)
	require.Equal(t, []any{&center, "400"}, []any{receipt.Lines[0].CostCenterID, receipt.Lines[0].Value.String()})
	costs, err := b.s.WorkOrderCosts(b.ctx(), work, store.Page{Limit: 10, Sort: "created_at"})
	require.NoError(t, err)
	require.Empty(t, costs.Items)
}

func TestAWorkOrderIsNotClosedBeforeWhatItOrderedCame(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	work := createWorkOrder(t, b.s, b.p, "Overhaul")
	o := b.sent(models.NewPurchaseOrder{SupplierID: b.supplier, Currency: "EUR", Lines: []models.NewPurchaseOrderLine{
		{Description: "Crane hire", Quantity: dec("2"), UnitPrice: price("400"), WorkOrderID: &work.ID},
	}})
	wanted := models.SubjectID(models.NewID())
	require.NoError(t, b.s.CreateRequisition(b.ctx(), wanted, models.NewRequisition{Lines: []models.NewPurchaseOrderLine{
		{Description: "Scaffold", Quantity: dec("1"), WorkOrderID: &work.ID},
	}}))
	for _, name := range []models.WorkOrderCommandName{models.WorkOrderStart, models.WorkOrderComplete} {
		_, err := command(t, b.s, b.p, work, name, models.WorkOrderCommand{})
		require.NoError(t, err)
	}
	_, err := command(t, b.s, b.p, work, models.WorkOrderClose, models.WorkOrderCommand{})
	require.ErrorContains(t, err, o.Number+", RQ-000001")
	require.Equal(t, models.CodeConflict, models.ErrorCode(err))
	c := b.delivery(o, "2")
	c.Receipt.Lines[0].LocationID = nil
	b.must(o.ID, models.PurchaseOrderReceive, c)
	require.NoError(t, b.s.RejectRequisition(b.ctx(), wanted, nil, "there is one"))
	out, err := command(t, b.s, b.p, work, models.WorkOrderClose, models.WorkOrderCommand{})
	require.NoError(t, err)
	require.Equal(t, "closed", out.Status)
}
