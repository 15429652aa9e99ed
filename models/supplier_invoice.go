package models

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// SupplierInvoice is what a supplier charges for a purchase order. Amounts are in the order's currency; tax stands beside them and
// is not matched.
type SupplierInvoice struct {
	TenantID        uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	PurchaseOrderID uuid.UUID
	SupplierID      uuid.UUID
	Number          string // the supplier's; once per supplier
	InvoicedOn      *Date
	Currency        string
	Amount          decimal.Decimal // sum of the lines, tax excluded
	Tax             decimal.Decimal
	BaseAmount      decimal.Decimal // Amount at the order's rate
	VoidedAt        *time.Time      // entered by mistake: it counts no more
	VoidReason      string
	ActorID         uuid.UUID // who entered it
	CreatedAt       time.Time `gorm:"autoCreateTime:false"`
}

// MatchStatus is what the three-way match says of an invoice's line.
type MatchStatus string

// States of an invoice's line.
const (
	InvoiceMatched  MatchStatus = "matched"  // order, receipts and invoices agree
	InvoiceBlocked  MatchStatus = "blocked"  // they do not; the line is not to be paid
	InvoiceReleased MatchStatus = "released" // they do not, and another person answers for it
)

// BlockKey names why a line is blocked.
type BlockKey string

// Reasons to block a line.
const (
	BlockNotReceived   BlockKey = "not_received"   // nothing came yet
	BlockQuantity      BlockKey = "quantity"       // more is invoiced than came
	BlockOrderQuantity BlockKey = "order_quantity" // more is invoiced than was ordered
	BlockPrice         BlockKey = "price"          // the price is not the order's
)

// MatchBlock is one reason with its figures, for people.
type MatchBlock struct {
	Key    BlockKey        `json:"key"`
	Detail string          `json:"detail"`
	Gap    decimal.Decimal `json:"gap" doc:"by how much: of the order's unit, for price of its currency"`
}

// SupplierInvoiceLine charges for one line of the order.
type SupplierInvoiceLine struct {
	TenantID            uuid.UUID `gorm:"primaryKey"`
	SupplierInvoiceID   uuid.UUID `gorm:"primaryKey"`
	Line                int       `gorm:"primaryKey"`
	PurchaseOrderLineID uuid.UUID
	Quantity            decimal.Decimal
	UnitPrice           decimal.Decimal
	Amount              decimal.Decimal
	Status              MatchStatus
	Blocks              []MatchBlock `gorm:"-"`
	ReleasedKeys        []string     `gorm:"-"` // the blocks that were released
	ReleasedBlocks      []MatchBlock `gorm:"-"` // the same with their figures; empty for a release from before they were kept
	ReleasedBy          *uuid.UUID
	ReleasedAt          *time.Time
	ReleaseReason       string
}

// NewSupplierInvoice is what a person enters.
type NewSupplierInvoice struct {
	Number     string
	InvoicedOn *Date
	Tax        *decimal.Decimal
	Lines      []NewSupplierInvoiceLine
}

// NewSupplierInvoiceLine is one line of it.
type NewSupplierInvoiceLine struct {
	LineID    uuid.UUID // of the order
	Quantity  decimal.Decimal
	UnitPrice decimal.Decimal
}

// Validate checks what can be checked without the order.
func (n NewSupplierInvoice) Validate() error {
	var f Faults
	f.Add(n.Number == "", "/number", "required", "The supplier's number of the invoice is needed.")
	f.Add(len([]rune(n.Number)) > maxCode, "/number", "maxLength", "A number has at most %d characters.", maxCode)
	f.Add(len(n.Lines) == 0, "/lines", "minItems", "An invoice has at least one line.")
	f.Add(len(n.Lines) > MaxOrderLines, "/lines", "maxItems", "An invoice has at most %d lines.", MaxOrderLines)
	f.Add(n.Tax != nil && (n.Tax.IsNegative() || n.Tax.GreaterThan(maxAmount)), "/tax", "range", "Tax is 0 to %s.", maxAmount)
	for i, line := range n.Lines {
		at := fmt.Sprintf("/lines/%d", i)
		f = append(f, quantityFaults(at+"/quantity", line.Quantity)...)
		f.Add(!line.Quantity.IsPositive(), at+"/quantity", "minimum", "A quantity is above 0.")
		f.Add(line.UnitPrice.IsNegative() || line.UnitPrice.GreaterThan(maxAmount), at+"/unit_price", "range", "A price is 0 to %s.", maxAmount)
		f.Add(!line.UnitPrice.Equal(line.UnitPrice.Round(priceDigits)), at+"/unit_price", "precision",
			"A price has at most %d digits after the point.", priceDigits)
	}
	return f.Err()
}

// TakesInvoices refuses an invoice on an order that the supplier has not got.
func (s PurchaseOrderStatus) TakesInvoices() error {
	switch s {
	case PurchaseOrderSent, PurchaseOrderPartiallyReceived, PurchaseOrderReceived, PurchaseOrderClosed:
		return nil
	case PurchaseOrderDraft, PurchaseOrderPendingApproval, PurchaseOrderApproved, PurchaseOrderRejected, PurchaseOrderCancelled:
	}
	err := Conflict("A purchase order that is %s takes no invoices.", words(string(s)))
	err.AllowedCommands = s.AllowedCommands()
	return err
}

// MatchLine compares one line of an invoice with its line of the order and with all that was received on it (three-way match,
// cumulative: before is what earlier invoices charge for). Quantities may exceed by the order's receipt tolerance only where that
// much was received, prices may be off by its price tolerance either way. An empty list is a match.
func MatchLine(o PurchaseOrder, line PurchaseOrderLine, before, quantity, price decimal.Decimal) []MatchBlock {
	blocks := []MatchBlock{}
	block := func(key BlockKey, gap decimal.Decimal, format string, args ...any) {
		blocks = append(blocks, MatchBlock{Key: key, Detail: fmt.Sprintf(format, args...), Gap: gap})
	}
	invoiced := before.Add(quantity)
	switch {
	case !line.Received.IsPositive():
		block(BlockNotReceived, invoiced, "Nothing of it was received.")
	case invoiced.GreaterThan(line.Received):
		block(BlockQuantity, invoiced.Sub(line.Received), "%s %s are invoiced, %s were received.", invoiced, line.Unit, line.Received)
	}
	most := line.Quantity.Add(line.Quantity.Mul(o.ReceiptTolerancePct).Div(hundred))
	if invoiced.GreaterThan(most) {
		block(BlockOrderQuantity, invoiced.Sub(line.Quantity), "%s %s are invoiced, %s were ordered.", invoiced, line.Unit, line.Quantity)
	}
	off := price.Sub(line.UnitPrice).Abs()
	if off.GreaterThan(line.UnitPrice.Mul(o.PriceTolerancePct).Div(hundred)) {
		block(BlockPrice, off, "%s is invoiced, %s was ordered.", price, line.UnitPrice)
	}
	return blocks
}

// Judge sets what the match says. A release counts for the blocks that it was given for; a new one, or one that has grown, blocks the
// line again.
func (l *SupplierInvoiceLine) Judge(blocks []MatchBlock) {
	l.Blocks = blocks
	l.Status = InvoiceMatched
	for _, b := range blocks {
		if !l.released(b) {
			l.Status = InvoiceBlocked
			return
		}
		l.Status = InvoiceReleased
	}
}

func (l *SupplierInvoiceLine) released(b MatchBlock) bool {
	if l.ReleasedAt == nil {
		return false
	}
	if len(l.ReleasedBlocks) == 0 {
		return slices.Contains(l.ReleasedKeys, string(b.Key))
	}
	return slices.ContainsFunc(l.ReleasedBlocks, func(r MatchBlock) bool { return r.Key == b.Key && !b.Gap.GreaterThan(r.Gap) })
}

// Release lets a blocked line be paid at now although it does not match. Who entered the invoice, enteredBy, cannot.
func (l *SupplierInvoiceLine) Release(enteredBy, by uuid.UUID, reason string, now time.Time) error {
	switch {
	case reason == "":
		return InvalidField("/reason", "required", "A reason is needed.")
	case enteredBy == by:
		return Forbidden("Who entered the invoice cannot release it: another person has to.")
	case l.Status != InvoiceBlocked:
		return Conflict("Line %d is %s: there is nothing to release.", l.Line, l.Status)
	}
	l.ReleasedBy, l.ReleasedAt, l.ReleaseReason = &by, &now, reason
	l.ReleasedBlocks = slices.Clone(l.Blocks)
	l.ReleasedKeys = make([]string, len(l.Blocks))
	for i, b := range l.Blocks {
		l.ReleasedKeys[i] = string(b.Key)
	}
	l.Judge(l.Blocks)
	return nil
}

// Rematch judges all lines that charge for one line of the order, in the order in which their invoices were entered, and notes on
// it how much they charge for.
func Rematch(o PurchaseOrder, line *PurchaseOrderLine, charges []SupplierInvoiceLine) {
	line.Invoiced = decimal.Zero
	for i := range charges {
		c := &charges[i]
		c.Judge(MatchLine(o, *line, line.Invoiced, c.Quantity, c.UnitPrice))
		line.Invoiced = line.Invoiced.Add(c.Quantity)
	}
}
