package models

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// GoodsReceiptKind says which way the goods went.
type GoodsReceiptKind string

// Kinds of goods receipts.
const (
	GoodsReceived GoodsReceiptKind = "receipt"
	GoodsReturned GoodsReceiptKind = "return" // back to the supplier: its lines are negative
)

// GoodsReceipt is one delivery on a purchase order, or what went back of one. It is written once; a correction is another one.
type GoodsReceipt struct {
	TenantID        uuid.UUID `gorm:"primaryKey"`
	ID              uuid.UUID `gorm:"primaryKey"`
	Number          string    // GR-000123
	PurchaseOrderID uuid.UUID
	Kind            GoodsReceiptKind
	DeliveryNote    string // the supplier's number of the delivery; received once
	Reason          string // of a return
	ActorID         uuid.UUID
	PostedAt        time.Time
}

// GoodsReceiptLine is what came of one line of the order. One of MovementID, WorkOrderCostID, CostCenterID and AssetID says where
// it went; none for what is only counted.
type GoodsReceiptLine struct {
	TenantID            uuid.UUID `gorm:"primaryKey"`
	GoodsReceiptID      uuid.UUID `gorm:"primaryKey"`
	Line                int       `gorm:"primaryKey"`
	PurchaseOrderLineID uuid.UUID
	Quantity            decimal.Decimal // signed
	Value               decimal.Decimal // in the tenant's currency, at the order's price and rate; signed
	LocationID          *uuid.UUID
	Lot                 string
	Serial              string
	MovementID          *uuid.UUID
	WorkOrderCostID     *uuid.UUID
	CostCenterID        *uuid.UUID
	AssetID             *uuid.UUID
}

// NewGoodsReceipt is what a person receives or sends back.
type NewGoodsReceipt struct {
	DeliveryNote string           `json:"delivery_note,omitempty"`
	Lines        []NewReceiptLine `json:"lines"`
	Count        int64            `json:"count,omitempty"` // makes the human number; drawn when the command is admitted
}

// NewReceiptLine is how much came of one line of the order.
type NewReceiptLine struct {
	LineID     uuid.UUID       `json:"line_id"`
	Quantity   decimal.Decimal `json:"quantity"`
	LocationID *uuid.UUID      `json:"location_id,omitempty"` // storeroom or bin; where an asset stands
	Lot        string          `json:"lot,omitempty"`
	Serials    []string        `json:"serials,omitempty"` // one a unit
}

// Validate checks what can be checked without the order.
func (n *NewGoodsReceipt) Validate() error {
	if n == nil {
		return InvalidField("/lines", "required", "Say what came.")
	}
	var f Faults
	f.Add(len(n.Lines) == 0, "/lines", "minItems", "Say what came.")
	f.Add(len(n.Lines) > MaxOrderLines, "/lines", "maxItems", "A delivery has at most %d lines.", MaxOrderLines)
	for i, line := range n.Lines {
		at := fmt.Sprintf("/lines/%d", i)
		f = append(f, quantityFaults(at+"/quantity", line.Quantity)...)
		f.Add(!line.Quantity.IsPositive(), at+"/quantity", "minimum", "A quantity is above 0.")
	}
	return f.Err()
}

// maxAssets bounds how many assets one line of a receipt makes.
var maxAssets = decimal.New(200, 0)

// faultsOn checks a receipt's line against the order's.
func (n NewReceiptLine) faultsOn(line PurchaseOrderLine, at string) Faults {
	var f Faults
	placed := line.ForStock() || line.AssetTemplateID != nil
	f.Add(placed && n.LocationID == nil, at+"/location_id", "required", "Say where it is put.")
	f.Add(line.AssetTemplateID != nil && !n.Quantity.IsInteger(), at+"/quantity", "precision", "Assets come one by one.")
	f.Add(line.AssetTemplateID != nil && n.Quantity.GreaterThan(maxAssets), at+"/quantity", "maximum", "At most %s assets come at once.", maxAssets)
	f.Add(len(n.Serials) > 0 && !n.Quantity.Equal(decimal.New(int64(len(n.Serials)), 0)), at+"/serials", "count",
		"There are %d serial numbers for %s.", len(n.Serials), n.Quantity)
	seen := map[string]bool{}
	for i, serial := range n.Serials {
		f.Add(serial == "" || seen[serial], fmt.Sprintf("%s/serials/%d", at, i), "duplicate", "Each unit has a serial number of its own.")
		seen[serial] = true
	}
	return f
}

// Units splits the line where each unit is told apart: one part a serial number, and each makes an asset of its own; else it is one
// part of the whole quantity.
func (n NewReceiptLine) Units(assets bool) []NewReceiptLine {
	if len(n.Serials) == 0 && !assets {
		return []NewReceiptLine{n}
	}
	units := make([]NewReceiptLine, n.Quantity.IntPart())
	for i := range units {
		units[i] = n
		units[i].Quantity, units[i].Serials = decimal.New(1, 0), nil
		if len(n.Serials) > 0 {
			units[i].Serials = n.Serials[i : i+1]
		}
	}
	return units
}

// Serial is the serial number of a unit; empty where it has none.
func (n NewReceiptLine) Serial() string {
	if len(n.Serials) == 1 {
		return n.Serials[0]
	}
	return ""
}
