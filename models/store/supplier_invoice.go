package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// EnterInvoice writes an invoice with id on a purchase order and matches its lines with what was ordered and received. Repeated with
// the same key it enters nothing.
func (s *Store) EnterInvoice(ctx context.Context, id, order uuid.UUID, n models.NewSupplierInvoice) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("supplier_invoice.create", "supplier_invoice", id); done || err != nil {
			return err
		}
		o, lines, err := tx.lockPurchaseOrder(order)
		if err != nil {
			return err
		}
		if err := o.Status.TakesInvoices(); err != nil {
			return err
		}
		if err := n.Validate(); err != nil {
			return err
		}
		if err := tx.enterInvoice(id, o, lines, n); err != nil {
			return err
		}
		return tx.rematchNow(o, lines)
	})
}

func (tx *Tx) enterInvoice(id uuid.UUID, o models.PurchaseOrder, lines []models.PurchaseOrderLine, n models.NewSupplierInvoice) error {
	known := make(map[uuid.UUID]bool, len(lines))
	for _, l := range lines {
		known[l.ID] = true
	}
	invoice := models.SupplierInvoice{
		TenantID: o.TenantID, ID: id, PurchaseOrderID: o.ID, SupplierID: o.SupplierID, Number: n.Number, InvoicedOn: n.InvoicedOn,
		Currency: o.Currency, ActorID: tx.Actor.UserID, CreatedAt: tx.Now,
	}
	if n.Tax != nil {
		invoice.Tax = models.RoundMoney(*n.Tax, o.Currency)
	}
	var f models.Faults
	for i, line := range n.Lines {
		f.Add(!known[line.LineID], fmt.Sprintf("/lines/%d/line_id", i), "not_found", "The order has no such line.")
		invoice.Amount = invoice.Amount.Add(models.RoundMoney(line.Quantity.Mul(line.UnitPrice), o.Currency))
	}
	if err := f.Err(); err != nil {
		return err
	}
	invoice.BaseAmount = models.RoundMoney(invoice.Amount.Mul(o.Rate), o.BaseCurrency)
	if err := create(tx, &invoice); err != nil {
		return err
	}
	for i, line := range n.Lines { // the match of this transaction has the last word on their status
		if _, err := tx.exec(`INSERT INTO supplier_invoice_lines (tenant_id, supplier_invoice_id, line, purchase_order_line_id, quantity,
				unit_price, amount, status) VALUES ($1, $2, $3, $4, $5, $6, $7, 'matched')`, o.TenantID, id, i+1, line.LineID, line.Quantity,
			line.UnitPrice, models.RoundMoney(line.Quantity.Mul(line.UnitPrice), o.Currency)); err != nil {
			return err
		}
	}
	return tx.Audit(Change{Action: "supplier_invoice.create", SubjectType: "supplier_invoice", SubjectID: id, After: &invoice})
}

// rematchNow judges all invoices of an order, and writes how much of its lines they charge for.
func (tx *Tx) rematchNow(o models.PurchaseOrder, lines []models.PurchaseOrderLine) error {
	before := slices.Clone(lines)
	if err := tx.rematch(o, lines); err != nil {
		return err
	}
	tx.saveLines(before, lines)
	return nil
}

const invoiceLineColumns = `x.tenant_id, x.supplier_invoice_id, x.line, x.purchase_order_line_id, x.quantity, x.unit_price, x.amount, x.status,
	x.blocks, x.released_keys, x.released_blocks, x.released_by, x.released_at, x.release_reason`

// rematch judges every line of the invoices on an order by what was received by now, so that receipts and invoices may come in any
// order.
func (tx *Tx) rematch(o models.PurchaseOrder, lines []models.PurchaseOrderLine) error {
	charges, err := txRead[models.SupplierInvoiceLine](tx, `SELECT `+invoiceLineColumns+` FROM supplier_invoices i
		JOIN supplier_invoice_lines x ON x.tenant_id = i.tenant_id AND x.supplier_invoice_id = i.id
		WHERE i.tenant_id = $1 AND i.purchase_order_id = $2 AND i.voided_at IS NULL ORDER BY i.created_at, i.id, x.line`, o.TenantID, o.ID)
	if err != nil {
		return err
	}
	for i := range lines {
		var own []models.SupplierInvoiceLine
		for _, c := range charges {
			if c.PurchaseOrderLineID == lines[i].ID {
				own = append(own, c)
			}
		}
		models.Rematch(o, &lines[i], own)
		for _, c := range own {
			if err := tx.saveInvoiceLine(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (tx *Tx) saveInvoiceLine(l models.SupplierInvoiceLine) error {
	blocks, err := json.Marshal(l.Blocks)
	if err != nil {
		return err
	}
	released, err := json.Marshal(append([]models.MatchBlock{}, l.ReleasedBlocks...))
	if err != nil {
		return err
	}
	keys := l.ReleasedKeys
	if keys == nil {
		keys = []string{}
	}
	tx.queue(`UPDATE supplier_invoice_lines SET status = $4, blocks = $5, released_keys = $6, released_by = $7, released_at = $8,
			release_reason = $9, released_blocks = $10 WHERE tenant_id = $1 AND supplier_invoice_id = $2 AND line = $3`,
		l.TenantID, l.SupplierInvoiceID, l.Line, string(l.Status), string(blocks), keys, l.ReleasedBy, l.ReleasedAt, l.ReleaseReason,
		string(released))
	return nil
}

// lockInvoice locks the order of an invoice and reads the invoice.
func (tx *Tx) lockInvoice(id uuid.UUID) (models.SupplierInvoice, models.PurchaseOrder, []models.PurchaseOrderLine, error) {
	query := `SELECT ` + columns[models.SupplierInvoice]("i") + ` FROM supplier_invoices i WHERE i.tenant_id = $1 AND i.id = $2`
	invoice, err := txReadOne[models.SupplierInvoice](tx, "supplier_invoice", query, tx.Actor.TenantID, id)
	if err != nil {
		return invoice, models.PurchaseOrder{}, nil, err
	}
	o, lines, err := tx.lockPurchaseOrder(invoice.PurchaseOrderID)
	if err != nil {
		return invoice, o, nil, err
	}
	invoice, err = txReadOne[models.SupplierInvoice](tx, "supplier_invoice", query, tx.Actor.TenantID, id)
	return invoice, o, lines, err
}

// ReleaseInvoice lets blocked lines of an invoice be paid, all of them where none is named. Who entered it cannot.
func (s *Store) ReleaseInvoice(ctx context.Context, id uuid.UUID, numbers []int, reason string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("supplier_invoice.release", "supplier_invoice", id); done || err != nil {
			return err
		}
		invoice, _, _, err := tx.lockInvoice(id)
		if err != nil {
			return err
		}
		if invoice.VoidedAt != nil {
			return models.Conflict("The invoice is void.")
		}
		lines, err := txRead[models.SupplierInvoiceLine](tx, `SELECT `+invoiceLineColumns+` FROM supplier_invoice_lines x
			WHERE x.tenant_id = $1 AND x.supplier_invoice_id = $2 AND (cardinality($3::bigint[]) = 0 AND x.status = 'blocked' OR x.line = ANY ($3))
			ORDER BY x.line`, tx.Actor.TenantID, id, append([]int{}, numbers...))
		if err != nil {
			return err
		}
		if len(lines) == 0 || len(numbers) > len(lines) {
			return models.Conflict("There is no such blocked line.")
		}
		for i := range lines {
			before := lines[i]
			if err := lines[i].Release(invoice.ActorID, tx.Actor.UserID, reason, tx.Now); err != nil {
				return err
			}
			if err := tx.saveInvoiceLine(lines[i]); err != nil {
				return err
			}
			if err := tx.Audit(Change{
				Action: "supplier_invoice.release", SubjectType: "supplier_invoice", SubjectID: id, Reason: reason,
				Before: map[string]any{"line": nil, "status": before.Status},
				After:  map[string]any{"line": before.Line, "status": lines[i].Status, "blocks": lines[i].ReleasedBlocks},
			}); err != nil {
				return err
			}
		}
		return nil
	})
}

// VoidInvoice takes an invoice that was entered by mistake out of the match; its number is free again.
func (s *Store) VoidInvoice(ctx context.Context, id uuid.UUID, reason string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("supplier_invoice.void", "supplier_invoice", id); done || err != nil {
			return err
		}
		invoice, o, lines, err := tx.lockInvoice(id)
		if err != nil {
			return err
		}
		if reason == "" {
			return models.InvalidField("/reason", "required", "A reason is needed.")
		}
		if invoice.VoidedAt != nil {
			return models.Conflict("The invoice is void already.")
		}
		before := invoice
		invoice.VoidedAt, invoice.VoidReason = &tx.Now, reason
		if _, err := tx.exec(`UPDATE supplier_invoices SET voided_at = $3, void_reason = $4 WHERE tenant_id = $1 AND id = $2`,
			invoice.TenantID, id, tx.Now, reason); err != nil {
			return err
		}
		if err := tx.rematchNow(o, lines); err != nil {
			return err
		}
		return tx.Audit(Change{
			Action: "supplier_invoice.void", SubjectType: "supplier_invoice", SubjectID: id, Before: &before, After: &invoice, Reason: reason,
		})
	})
}

// SupplierInvoiceView is an invoice with the names of what it concerns, its state and its lines.
type SupplierInvoiceView struct {
	models.SupplierInvoice
	PurchaseOrderNumber string
	SupplierCode        string
	SupplierName        string
	BaseCurrency        string
	ActorName           *string
	Status              string // void, else the worst of its lines
	Lines               []SupplierInvoiceLineView
}

// SupplierInvoiceLineView is a line beside what it is matched with.
type SupplierInvoiceLineView struct {
	models.SupplierInvoiceLine
	OrderLine    int
	Description  string
	Unit         string
	Ordered      decimal.Decimal
	Received     decimal.Decimal
	Invoiced     decimal.Decimal // on all invoices
	OrderPrice   decimal.Decimal
	ReleaserName *string
}

func supplierInvoiceView() string {
	return `SELECT ` + columns[models.SupplierInvoice]("i") + `, o.number AS purchase_order_number, o.base_currency, s.code AS supplier_code,
		s.name AS supplier_name, u.name AS actor_name, z.status
		FROM supplier_invoices i JOIN purchase_orders o ON o.tenant_id = i.tenant_id AND o.id = i.purchase_order_id
		JOIN suppliers s ON s.tenant_id = i.tenant_id AND s.id = i.supplier_id
		LEFT JOIN users u ON u.tenant_id = i.tenant_id AND u.id = i.actor_id
		JOIN LATERAL (SELECT CASE WHEN i.voided_at IS NOT NULL THEN 'void' WHEN bool_or(x.status = 'blocked') THEN 'blocked'
			WHEN bool_or(x.status = 'released') THEN 'released' ELSE 'matched' END AS status
			FROM supplier_invoice_lines x WHERE x.tenant_id = i.tenant_id AND x.supplier_invoice_id = i.id) z ON true
		WHERE i.tenant_id = $1`
}

// SupplierInvoice reads one invoice with its lines.
func (s *Store) SupplierInvoice(ctx context.Context, id uuid.UUID) (SupplierInvoiceView, error) {
	actor, _ := models.ActorFrom(ctx)
	v, err := readOne[SupplierInvoiceView](ctx, s, "supplier_invoice", supplierInvoiceView()+` AND i.id = $2`, actor.TenantID, id)
	if err != nil {
		return v, err
	}
	v.Lines, err = read[SupplierInvoiceLineView](ctx, s, `SELECT `+invoiceLineColumns+`, l.line AS order_line, l.description, l.unit,
		l.quantity AS ordered, l.received, l.invoiced, l.unit_price AS order_price, u.name AS releaser_name
		FROM supplier_invoice_lines x JOIN purchase_order_lines l ON l.tenant_id = x.tenant_id AND l.id = x.purchase_order_line_id
		LEFT JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.released_by
		WHERE x.tenant_id = $1 AND x.supplier_invoice_id = $2 ORDER BY x.line`, actor.TenantID, id)
	return v, err
}

var supplierInvoiceOrders = map[string]order[SupplierInvoiceView]{
	"created_at": byTime("i.created_at", func(v SupplierInvoiceView) time.Time { return v.CreatedAt }),
	"number":     {"i.number", "text", func(v SupplierInvoiceView) string { return v.Number }},
}

// SupplierInvoiceFilter narrows the list of invoices.
type SupplierInvoiceFilter struct {
	Text             string // in the invoice's or the order's number
	Status           []string
	PurchaseOrderIDs []uuid.UUID
	SupplierIDs      []uuid.UUID
}

// SupplierInvoices lists invoices without their lines by created_at or number.
func (s *Store) SupplierInvoices(ctx context.Context, f SupplierInvoiceFilter, p Page) (Rows[SupplierInvoiceView], error) {
	l := newListing(ctx, supplierInvoiceView(), "i.id", func(v SupplierInvoiceView) string { return v.ID.String() }, supplierInvoiceOrders)
	in(l, "z.status", "text[]", f.Status)
	in(l, "i.purchase_order_id", "uuid[]", f.PurchaseOrderIDs)
	in(l, "i.supplier_id", "uuid[]", f.SupplierIDs)
	if f.Text != "" {
		l.and(`(i.number || ' ' || o.number) ILIKE $%d`, likeText(f.Text))
	}
	return l.run(ctx, s, p)
}
