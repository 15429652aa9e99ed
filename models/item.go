package models

import (
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Costing is how an item's stock is valued.
type Costing string

// Ways of costing.
const (
	CostingMovingAverage Costing = "moving_average" // every issue costs the average of what lies there
	CostingFIFO          Costing = "fifo"           // what came first is issued first, at what it cost
)

// Tracking is how finely an item's units are told apart.
type Tracking string

// Ways of tracking.
const (
	TrackingNone   Tracking = "none"
	TrackingLot    Tracking = "lot"    // every movement names a lot
	TrackingSerial Tracking = "serial" // every unit has a serial number of its own
)

// Item is a part that is kept in storerooms. Quantities are in Unit; money is in the tenant's currency.
type Item struct {
	Record
	ItemUnits
	Code         string
	Name         string
	Description  string
	Barcode      *string
	Costing      Costing
	Tracking     Tracking
	ReorderPoint *decimal.Decimal // order when what is there and on order is no more than this
	SafetyStock  *decimal.Decimal
	MaxStock     *decimal.Decimal // order up to this
	SupplierID   *uuid.UUID
	LeadDays     *int
	UnitCost     *decimal.Decimal // expected price: what a receipt without a price costs
}

// maxQuantity bounds a quantity of an item.
var maxQuantity = decimal.New(1, 12)

// quantityDigits is how finely quantities are kept.
const quantityDigits = 6

// Validate checks what can be checked without the database.
func (i *Item) Validate() error {
	f := nameFaults(i.Code, i.Name)
	f = append(f, i.ItemUnits.faults(i.Tracking)...)
	f.Add(i.Barcode != nil && *i.Barcode == "", "/barcode", "minLength", "A barcode is not empty.")
	f.Add(!slices.Contains([]Costing{CostingMovingAverage, CostingFIFO}, i.Costing), "/costing", "enum", "Not a way of costing.")
	f.Add(!slices.Contains([]Tracking{TrackingNone, TrackingLot, TrackingSerial}, i.Tracking), "/tracking", "enum", "Not a way of tracking.")
	for pointer, level := range map[string]*decimal.Decimal{
		"/reorder_point": i.ReorderPoint, "/safety_stock": i.SafetyStock, "/max_stock": i.MaxStock,
	} {
		if level != nil {
			f = append(f, quantityFaults(pointer, *level)...)
			f.Add(level.IsNegative(), pointer, "minimum", "A level of stock cannot be negative.")
		}
	}
	f.Add(i.MaxStock != nil && i.ReorderPoint != nil && i.MaxStock.LessThan(*i.ReorderPoint), "/max_stock", "minimum",
		"The most to be kept is at least the reorder point.")
	f.Add(i.UnitCost != nil && (i.UnitCost.IsNegative() || i.UnitCost.GreaterThan(maxAmount)), "/unit_cost", "range",
		"A cost is 0 to %s.", maxAmount)
	f = append(f, leadFaults(i.LeadDays)...)
	slices.SortFunc(f, func(a, b FieldError) int { return strings.Compare(a.Pointer, b.Pointer) })
	return f.Err()
}

// quantityFaults checks size and digits of a quantity.
func quantityFaults(pointer string, q decimal.Decimal) Faults {
	var f Faults
	f.Add(q.Abs().GreaterThan(maxQuantity), pointer, "maximum", "A quantity is at most %s.", maxQuantity)
	f.Add(!q.Equal(q.Round(quantityDigits)), pointer, "precision", "A quantity has at most %d digits after the point.", quantityDigits)
	return f
}
