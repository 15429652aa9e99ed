package models

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

var orderedAt = time.Date(2030, 3, 1, 8, 0, 0, 0, time.UTC)

func draft(t *testing.T, tolerance string, lines ...NewPurchaseOrderLine) (PurchaseOrder, []PurchaseOrderLine) {
	t.Helper()
	n := NewPurchaseOrder{SupplierID: NewID(), Currency: "USD", Lines: lines}
	require.NoError(t, n.Validate())
	return CreatePurchaseOrder(NewID(), NewID(), n, PurchaseTerms{
		BaseCurrency: "EUR", Rate: dec("0.9137"), ReceiptTolerancePct: dec(tolerance), PriceTolerancePct: dec(tolerance),
	}, nil, orderedAt)
}

func wanted(quantity, price string) NewPurchaseOrderLine {
	p, item := dec(price), NewID()
	return NewPurchaseOrderLine{ItemID: &item, Description: "Bearing", Unit: "pc", Quantity: dec(quantity), UnitPrice: &p}
}

func came(line PurchaseOrderLine, quantity string) PurchaseOrderCommand {
	place := uuid.New()
	return PurchaseOrderCommand{Reason: "because", Receipt: &NewGoodsReceipt{Lines: []NewReceiptLine{{LineID: line.ID, Quantity: dec(quantity), LocationID: &place}}}}
}

func TestPurchaseOrderStateTableIsClosed(t *testing.T) {
	t.Parallel()
	reached := map[PurchaseOrderStatus]bool{PurchaseOrderDraft: true, PurchaseOrderApproved: true, PurchaseOrderRejected: true, PurchaseOrderReceived: true}
	for _, e := range purchaseOrderEdges {
		require.Contains(t, PurchaseOrderStatuses(), e.from)
		require.Contains(t, PurchaseOrderStatuses(), e.to)
		require.Contains(t, PurchaseOrderCommandNames(), e.command)
		reached[e.to] = true
	}
	for _, s := range PurchaseOrderStatuses() {
		require.True(t, reached[s], "nothing leads to %s", s)
		require.Equal(t, s.Over(), len(s.AllowedCommands()) == 0, "%s", s)
		for _, c := range PurchaseOrderCommandNames() {
			err := s.Check(c)
			if slices.Contains(s.AllowedCommands(), string(c)) {
				require.NoError(t, err)
				continue
			}
			require.Equal(t, CodeConflict, ErrorCode(err))
			require.Equal(t, s.AllowedCommands(), AsError(err).AllowedCommands)
		}
	}
}

// TestPurchaseOrderWalks sends orders through random commands and automatic steps. Whatever happens the row says what its lines say.
func TestPurchaseOrderWalks(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		o, lines := draft(t, "10", wanted("10", "2.5"), wanted("4", "1"))
		now, taken := orderedAt, 0
		for range 60 {
			now = now.Add(time.Hour)
			before := o
			name := PurchaseOrderCommandNames()[r.IntN(len(PurchaseOrderCommandNames()))]
			c := came(lines[r.IntN(len(lines))], []string{"1", "3", "4", "11"}[r.IntN(4)])
			after := slices.Clone(lines)
			allowed := slices.Contains(o.Status.AllowedCommands(), string(name))
			if err := o.Apply(name, c, after, now); err != nil {
				require.Equal(t, CodeConflict, ErrorCode(err))
				require.True(t, !allowed || name == PurchaseOrderReceive || name == PurchaseOrderReturn, "%s in %s: %v", name, before.Status, err)
				require.Equal(t, before, o, "a refused command changes nothing")
				continue
			}
			require.True(t, allowed)
			taken++
			lines = after
			if name == PurchaseOrderSubmit {
				switch r.IntN(3) {
				case 0:
					o.Approve(now)
				case 1:
					o.Done(PurchaseOrderAgree, "", now)
				case 2:
					o.Done(PurchaseOrderReject, "", now)
				}
			}
			if action, _ := o.NextAction(); action == PurchaseOrderIssue && r.IntN(4) > 0 {
				o.Done(action, []string{"", "550 no such box"}[r.IntN(2)], now)
			}
			sound(t, o, lines)
		}
		require.Positive(t, taken)
	}
}

func sound(t *testing.T, o PurchaseOrder, lines []PurchaseOrderLine) {
	t.Helper()
	some, all := false, true
	for _, l := range lines {
		require.False(t, l.Received.IsNegative())
		require.False(t, l.Received.GreaterThan(l.Quantity.Mul(dec("1.1"))), "more than ordered and tolerated")
		some, all = some || l.Received.IsPositive(), all && !l.Open().IsPositive()
	}
	switch o.Status {
	case PurchaseOrderReceived:
		require.True(t, all)
	case PurchaseOrderPartiallyReceived:
		require.True(t, some && !all)
	case PurchaseOrderDraft, PurchaseOrderPendingApproval, PurchaseOrderApproved, PurchaseOrderSent, PurchaseOrderRejected, PurchaseOrderCancelled:
		require.False(t, some, "%s", o.Status)
	case PurchaseOrderClosed:
	}
	if o.Status == PurchaseOrderSent || some {
		require.NotNil(t, o.ApprovedAt, "nobody receives what nobody approved")
		require.NotNil(t, o.SentAt)
	}
	action, at := o.NextAction()
	require.Equal(t, action == PurchaseOrderEnd, o.NextActionAt == nil)
	if o.NextActionAt != nil {
		require.Equal(t, at, *o.NextActionAt)
	}
	require.Equal(t, "29", o.Amount.String())
	require.Equal(t, "26.5", o.BaseAmount.String(), "29 USD at 0.9137")
}

func sent(t *testing.T, tolerance string, lines ...NewPurchaseOrderLine) (PurchaseOrder, []PurchaseOrderLine) {
	t.Helper()
	o, made := draft(t, tolerance, lines...)
	require.NoError(t, o.Apply(PurchaseOrderSubmit, PurchaseOrderCommand{}, made, orderedAt))
	o.Approve(orderedAt)
	require.NoError(t, o.Apply(PurchaseOrderSend, PurchaseOrderCommand{}, made, orderedAt))
	return o, made
}

func TestPurchaseOrderTakesNoMoreThanItAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tolerance, quantity string
		refused             bool
	}{{"0", "10", false}, {"0", "10.000001", true}, {"5", "10.5", false}, {"5", "10.500001", true}} {
		o, lines := sent(t, c.tolerance, wanted("10", "2"))
		err := o.Apply(PurchaseOrderReceive, came(lines[0], c.quantity), lines, orderedAt)
		if !c.refused {
			require.NoError(t, err)
			require.Equal(t, PurchaseOrderReceived, o.Status)
			continue
		}
		require.Equal(t, CodeConflict, ErrorCode(err))
		require.Equal(t, "/lines/0/quantity", AsError(err).Fields[0].Pointer)
	}
}

func TestPurchaseOrderIsTakenBackWhenTheMailIsRefused(t *testing.T) {
	t.Parallel()
	o, lines := sent(t, "0", wanted("10", "2"))
	action, at := o.NextAction()
	require.Equal(t, PurchaseOrderIssue, action)
	require.Equal(t, orderedAt, at)
	refused := o
	refused.Done(PurchaseOrderIssue, "550 no such box", orderedAt)
	require.Equal(t, PurchaseOrderApproved, refused.Status)
	require.Equal(t, "550 no such box", refused.MailError)

	require.NoError(t, o.Apply(PurchaseOrderReceive, came(lines[0], "1"), lines, orderedAt))
	o.Done(PurchaseOrderIssue, "550 no such box", orderedAt)
	require.Equal(t, PurchaseOrderPartiallyReceived, o.Status, "what came was ordered, whoever told the supplier")
}

func TestPurchaseOrderTellsTheSupplierThatItIsCancelled(t *testing.T) {
	t.Parallel()
	o, lines := sent(t, "0", wanted("10", "2"))
	o.MailedTo = "orders@example.com"
	o.Done(PurchaseOrderIssue, "", orderedAt)
	require.NoError(t, o.Apply(PurchaseOrderCancel, PurchaseOrderCommand{Reason: "not needed"}, lines, orderedAt))
	action, _ := o.NextAction()
	require.Equal(t, PurchaseOrderRevoke, action)
	require.NotNil(t, o.NextActionAt)
	o.Done(action, "", orderedAt)
	require.Nil(t, o.NextActionAt)
}

func TestPurchaseOrderRevision(t *testing.T) {
	t.Parallel()
	o, lines := sent(t, "0", wanted("10", "2"))
	require.NoError(t, o.Revise(lines, false, orderedAt))
	require.Equal(t, PurchaseOrderDraft, o.Status)
	require.Equal(t, 2, o.Revision)
	require.Nil(t, o.ApprovedAt, "what was approved was another order")

	require.NoError(t, o.Revise(lines, false, orderedAt))
	require.Equal(t, 2, o.Revision, "a draft has no revisions")
	require.NoError(t, o.Apply(PurchaseOrderSubmit, PurchaseOrderCommand{}, lines, orderedAt))
	require.NoError(t, o.Revise(lines, false, orderedAt))
	require.Equal(t, PurchaseOrderPendingApproval, o.Status)
	require.Equal(t, 3, o.Revision)

	o, lines = sent(t, "0", wanted("10", "2"))
	require.NoError(t, o.Apply(PurchaseOrderReceive, came(lines[0], "1"), lines, orderedAt))
	require.Equal(t, CodeConflict, ErrorCode(o.Revise(lines, false, orderedAt)))
}

func TestPurchaseOrderIsLateByTheEarliestPromiseThatIsOpen(t *testing.T) {
	t.Parallel()
	first, second := wanted("1", "2"), wanted("2", "2")
	soon, later := NewDate(2030, time.March, 5), NewDate(2030, time.March, 9)
	first.PromisedOn, second.PromisedOn = &soon, &later
	o, lines := sent(t, "0", first, second)
	o.Done(PurchaseOrderIssue, "", orderedAt)
	action, at := o.NextAction()
	require.Equal(t, PurchaseOrderLate, action)
	require.Equal(t, time.Date(2030, 3, 6, 0, 0, 0, 0, time.UTC), at)
	o.Done(action, "", at)
	action, _ = o.NextAction()
	require.Equal(t, PurchaseOrderLook, action, "told once")
	require.NoError(t, o.Apply(PurchaseOrderReceive, came(lines[0], "1"), lines, at))
	action, at = o.NextAction()
	require.Equal(t, PurchaseOrderLate, action, "the next promise is another one")
	require.Equal(t, time.Date(2030, 3, 10, 0, 0, 0, 0, time.UTC), at)
}

func TestPurchaseOrderFaults(t *testing.T) {
	t.Parallel()
	order, center, template := NewID(), NewID(), NewID()
	for pointer, spoil := range map[string]func(*NewPurchaseOrder){
		"/supplier_id":            func(n *NewPurchaseOrder) { n.SupplierID = uuid.Nil },
		"/currency":               func(n *NewPurchaseOrder) { n.Currency = "eur" },
		"/rate":                   func(n *NewPurchaseOrder) { zero := decimal.Zero; n.Rate = &zero },
		"/lines":                  func(n *NewPurchaseOrder) { n.Lines = nil },
		"/lines/0/quantity":       func(n *NewPurchaseOrder) { n.Lines[0].Quantity = decimal.Zero },
		"/lines/0/item_id":        func(n *NewPurchaseOrder) { n.Lines[0] = NewPurchaseOrderLine{Quantity: dec("1")} },
		"/lines/0/unit_price":     func(n *NewPurchaseOrder) { p := dec("0.00001"); n.Lines[0].UnitPrice = &p },
		"/lines/0/cost_center_id": func(n *NewPurchaseOrder) { n.Lines[0].WorkOrderID, n.Lines[0].CostCenterID = &order, &center },
		"/lines/0/work_order_id": func(n *NewPurchaseOrder) {
			n.Lines[0] = NewPurchaseOrderLine{AssetTemplateID: &template, WorkOrderID: &order, Quantity: dec("1")}
		},
	} {
		n := NewPurchaseOrder{SupplierID: NewID(), Currency: "EUR", Lines: []NewPurchaseOrderLine{wanted("1", "1")}}
		spoil(&n)
		err := n.Validate()
		require.Equal(t, CodeInvalid, ErrorCode(err), pointer)
		require.Equal(t, pointer, AsError(err).Fields[0].Pointer)
	}
}
