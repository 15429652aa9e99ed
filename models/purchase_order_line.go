package models

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// PurchaseOrderLine is one thing ordered: an item for stock, or something that is charged to a work order or a cost center when
// it comes, or machines that become assets of a template.
type PurchaseOrderLine struct {
	TenantID        uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	PurchaseOrderID uuid.UUID
	Line            int // 1, 2, ... as people count them
	ItemID          *uuid.UUID
	Description     string
	Unit            string
	UnitFactor      decimal.Decimal // of an item: how many of its own unit one is; else 1
	Quantity        decimal.Decimal
	UnitPrice       decimal.Decimal // of one Unit in the order's currency, tax excluded
	Amount          decimal.Decimal // quantity times price, rounded to the order's currency
	PromisedOn      *Date
	WorkOrderID     *uuid.UUID
	CostCenterID    *uuid.UUID
	AssetTemplateID *uuid.UUID
	Received        decimal.Decimal // less what went back
	Invoiced        decimal.Decimal // on all invoices
}

// NewPurchaseOrderLine is what a line is made from. ID names the line that is meant where an order is edited.
type NewPurchaseOrderLine struct {
	ID              *uuid.UUID       `json:"id,omitempty"`
	ItemID          *uuid.UUID       `json:"item_id,omitempty"`
	Description     string           `json:"description,omitempty"`
	Unit            string           `json:"unit,omitempty"`
	UnitFactor      decimal.Decimal  `json:"-"` // the item's, found when the line is written
	Quantity        decimal.Decimal  `json:"quantity"`
	UnitPrice       *decimal.Decimal `json:"unit_price,omitempty"` // nil: the supplier's catalog price, else the item's expected one
	PromisedOn      *Date            `json:"promised_on,omitempty"`
	WorkOrderID     *uuid.UUID       `json:"work_order_id,omitempty"`
	CostCenterID    *uuid.UUID       `json:"cost_center_id,omitempty"`
	AssetTemplateID *uuid.UUID       `json:"asset_template_id,omitempty"`
}

// of makes the order's line number n.
func (n NewPurchaseOrderLine) of(o PurchaseOrder, number int) PurchaseOrderLine {
	l := PurchaseOrderLine{
		TenantID: o.TenantID, ID: DeriveID(o.ID, fmt.Sprintf("line\n%d", number)), PurchaseOrderID: o.ID, Line: number,
		ItemID: n.ItemID, Description: n.Description, Unit: n.Unit, Quantity: n.Quantity, PromisedOn: n.PromisedOn,
		WorkOrderID: n.WorkOrderID, CostCenterID: n.CostCenterID, AssetTemplateID: n.AssetTemplateID, UnitFactor: n.UnitFactor,
	}
	if l.UnitFactor.IsZero() {
		l.UnitFactor = decimal.New(1, 0)
	}
	if n.ID != nil {
		l.ID = *n.ID
	}
	if n.UnitPrice != nil {
		l.UnitPrice = *n.UnitPrice
	}
	l.Amount = RoundMoney(l.Quantity.Mul(l.UnitPrice), o.Currency)
	return l
}

// Lines makes the lines of an edited order; what has no id yet is new.
func (o PurchaseOrder) Lines(edited []NewPurchaseOrderLine) []PurchaseOrderLine {
	lines := make([]PurchaseOrderLine, len(edited))
	for i, n := range edited {
		if n.ID == nil {
			id := NewID()
			n.ID = &id
		}
		lines[i] = n.of(o, i+1)
	}
	return lines
}

// Open is what has still to come.
func (l PurchaseOrderLine) Open() decimal.Decimal {
	return decimal.Max(decimal.Zero, l.Quantity.Sub(l.Received))
}

// ForStock reports whether what comes goes to a storeroom.
func (l PurchaseOrderLine) ForStock() bool {
	return l.ItemID != nil && l.WorkOrderID == nil && l.CostCenterID == nil
}

// Destination says where what comes goes: stock, work_order, cost_center, asset or none.
func (l PurchaseOrderLine) Destination() string {
	switch {
	case l.ForStock():
		return "stock"
	case l.WorkOrderID != nil:
		return "work_order"
	case l.AssetTemplateID != nil:
		return "asset"
	case l.CostCenterID != nil:
		return "cost_center"
	}
	return "none"
}

// Charged reports whether an invoice charges for the line.
func (l PurchaseOrderLine) Charged() bool { return l.Invoiced.IsPositive() }

// BaseValue is what a quantity of the line is worth in the order's base currency, rounded to its minor unit.
func (l PurchaseOrderLine) BaseValue(o PurchaseOrder, quantity decimal.Decimal) decimal.Decimal {
	return RoundMoney(quantity.Mul(l.UnitPrice).Mul(o.Rate), o.BaseCurrency)
}

func lineFaults(lines []NewPurchaseOrderLine) Faults {
	var f Faults
	f.Add(len(lines) == 0, "/lines", "minItems", "An order has at least one line.")
	f.Add(len(lines) > MaxOrderLines, "/lines", "maxItems", "An order has at most %d lines.", MaxOrderLines)
	seen := map[uuid.UUID]bool{}
	for i, n := range lines {
		f = append(f, n.faults(fmt.Sprintf("/lines/%d", i))...)
		if n.ID != nil {
			f.Add(seen[*n.ID], fmt.Sprintf("/lines/%d/id", i), "duplicate", "This line stands here twice.")
			seen[*n.ID] = true
		}
	}
	return f
}

func (n NewPurchaseOrderLine) faults(at string) Faults {
	f := quantityFaults(at+"/quantity", n.Quantity)
	f.Add(!n.Quantity.IsPositive(), at+"/quantity", "minimum", "A quantity is above 0.")
	f.Add(n.ItemID == nil && n.Description == "" && n.AssetTemplateID == nil, at+"/item_id", "required", "Name an item, or say what is ordered.")
	f.Add(len([]rune(n.Description)) > maxName, at+"/description", "maxLength", "A description has at most %d characters.", maxName)
	f.Add(len([]rune(n.Unit)) > maxCode, at+"/unit", "maxLength", "A unit has at most %d characters.", maxCode)
	f.Add(n.WorkOrderID != nil && n.CostCenterID != nil, at+"/cost_center_id", "unexpected", "A line charges a work order or a cost center.")
	if p := n.UnitPrice; p != nil {
		f.Add(p.IsNegative() || p.GreaterThan(maxAmount), at+"/unit_price", "range", "A price is 0 to %s.", maxAmount)
		f.Add(!p.Equal(p.Round(priceDigits)), at+"/unit_price", "precision", "A price has at most %d digits after the point.", priceDigits)
		f.Add(p.Mul(n.Quantity).GreaterThan(maxAmount), at+"/quantity", "maximum", "A line comes to at most %s.", maxAmount)
	}
	if n.AssetTemplateID == nil {
		return f
	}
	f.Add(n.ItemID != nil, at+"/item_id", "unexpected", "What becomes an asset is no item.")
	f.Add(n.WorkOrderID != nil, at+"/work_order_id", "unexpected", "What becomes an asset is not charged to a work order.")
	f.Add(!n.Quantity.IsInteger(), at+"/quantity", "precision", "Assets come one by one.")
	return f
}

// priceDigits is how finely prices are kept.
const priceDigits = 4

var hundred = decimal.New(100, 0)

// receive moves what the lines have received by a receipt (sign 1) or a return (sign -1). More than ordered and tolerated, or back
// more than came, is a conflict that names the receipt's line.
func (o *PurchaseOrder) receive(lines []PurchaseOrderLine, r NewGoodsReceipt, sign decimal.Decimal) error {
	byID := make(map[uuid.UUID]*PurchaseOrderLine, len(lines))
	for i := range lines {
		byID[lines[i].ID] = &lines[i]
	}
	var f Faults
	for i, n := range r.Lines {
		at := fmt.Sprintf("/lines/%d", i)
		line, ok := byID[n.LineID]
		if !ok {
			f.Add(true, at+"/line_id", "not_found", "The order has no such line.")
			continue
		}
		if faults := n.faultsOn(*line, at); len(faults) > 0 {
			f = append(f, faults...)
			continue
		}
		after := line.Received.Add(n.Quantity.Mul(sign))
		most := line.Quantity.Add(line.Quantity.Mul(o.ReceiptTolerancePct).Div(hundred))
		if after.GreaterThan(most) && sign.IsPositive() {
			return InvalidConflict(at+"/quantity", "over_receipt", "Only %s %s of line %d have still to come.",
				decimal.Max(decimal.Zero, most.Sub(line.Received)), line.Unit, line.Line)
		}
		if after.IsNegative() {
			return InvalidConflict(at+"/quantity", "over_return", "Only %s %s of line %d were received.", line.Received, line.Unit, line.Line)
		}
		line.Received = after
	}
	return f.Err()
}

// arrive sets the state that the received quantities make.
func (o *PurchaseOrder) arrive(lines []PurchaseOrderLine, now time.Time) {
	some, all := false, true
	for _, line := range lines {
		some = some || line.Received.IsPositive()
		all = all && !line.Open().IsPositive()
	}
	switch {
	case all:
		o.Status, o.ReceivedAt = PurchaseOrderReceived, firstOf(o.ReceivedAt, now)
	case some:
		o.Status, o.ReceivedAt = PurchaseOrderPartiallyReceived, nil
	default:
		o.Status, o.ReceivedAt = PurchaseOrderSent, nil
	}
}
