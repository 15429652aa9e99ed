package store

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// PurchaseOrderFilter narrows the list of purchase orders. Values of one field are OR, fields are AND.
type PurchaseOrderFilter struct {
	Text          string // in number, supplier or the text of a line
	Status        []string
	Origin        []string
	SupplierIDs   []uuid.UUID
	DepartmentIDs []uuid.UUID
	ItemIDs       []uuid.UUID
	WorkOrderIDs  []uuid.UUID
	RequesterIDs  []uuid.UUID
	Late          bool // a promise of what has still to come has passed
	Blocked       bool // a line of an invoice is blocked
}

var purchaseOrderOrders = map[string]order[PurchaseOrderView]{
	"created_at": byTime("o.created_at", func(v PurchaseOrderView) time.Time { return v.CreatedAt }),
	"number":     {"o.number", "text", func(v PurchaseOrderView) string { return v.Number }},
	"amount":     {"o.base_amount", "numeric", func(v PurchaseOrderView) string { return v.BaseAmount.String() }},
	"promised_on": {"coalesce(o.promised_on, 'infinity'::date)", "date", func(v PurchaseOrderView) string {
		if v.PromisedOn == nil {
			return "infinity"
		}
		return v.PromisedOn.String()
	}},
}

// lateOrderSQL tells whether a promise of the order o has passed.
const lateOrderSQL = `(o.status IN ('sent', 'partially_received') AND o.promised_on < (now() AT TIME ZONE 'UTC')::date)`

// PurchaseOrders lists purchase orders without their lines by created_at, number, amount (in the tenant's currency) or promised_on
// (those without a promise last).
func (s *Store) PurchaseOrders(ctx context.Context, f PurchaseOrderFilter, p Page) (Rows[PurchaseOrderView], error) {
	l := newListing(ctx, purchaseOrderView(), "o.id", func(v PurchaseOrderView) string { return v.ID.String() }, purchaseOrderOrders)
	in(l, "o.status", "text[]", f.Status)
	in(l, "o.origin", "text[]", f.Origin)
	in(l, "o.supplier_id", "uuid[]", f.SupplierIDs)
	in(l, "o.department_id", "uuid[]", f.DepartmentIDs)
	in(l, "o.requested_by", "uuid[]", f.RequesterIDs)
	const line = `EXISTS (SELECT FROM purchase_order_lines x WHERE x.tenant_id = o.tenant_id AND x.purchase_order_id = o.id AND `
	if len(f.ItemIDs) > 0 {
		l.and(line+`x.item_id = ANY ($%d::uuid[]))`, f.ItemIDs)
	}
	if len(f.WorkOrderIDs) > 0 {
		l.and(line+`x.work_order_id = ANY ($%d::uuid[]))`, f.WorkOrderIDs)
	}
	if f.Text != "" {
		l.and(`((o.number || ' ' || s.code || ' ' || s.name) ILIKE $%[1]d OR `+line+`x.description ILIKE $%[1]d))`, likeText(f.Text))
	}
	if f.Late {
		l.and(lateOrderSQL)
	}
	if f.Blocked {
		l.and(`EXISTS (SELECT FROM supplier_invoices i JOIN supplier_invoice_lines x ON x.tenant_id = i.tenant_id AND x.supplier_invoice_id = i.id
			WHERE i.tenant_id = o.tenant_id AND i.purchase_order_id = o.id AND i.voided_at IS NULL AND x.status = 'blocked')`)
	}
	return l.run(ctx, s, p)
}
