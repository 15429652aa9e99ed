package models

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// ItemUnits are the units in which an item is counted. What lies there, its levels and what it is worth are in Unit. One of another
// unit is exactly factor of Unit: a box of 100 pieces, a millilitre of 0.001 l.
type ItemUnits struct {
	Unit           string // pc, l, m: the one in which it is kept
	PurchaseUnit   *string
	PurchaseFactor *decimal.Decimal
	IssueUnit      *string
	IssueFactor    *decimal.Decimal
	Decimals       int // digits after the point of what is kept: 0 to 6
}

// MaxDecimals is how finely an item is kept at most.
const MaxDecimals = quantityDigits

func (u ItemUnits) faults(tracking Tracking) Faults {
	var f Faults
	f.Add(u.Unit == "", "/unit", "required", "A unit is needed.")
	f.Add(len([]rune(u.Unit)) > maxCode, "/unit", "maxLength", "A unit has at most %d characters.", maxCode)
	f.Add(u.Decimals < 0 || u.Decimals > MaxDecimals, "/decimals", "range", "An item is kept with 0 to %d digits after the point.", MaxDecimals)
	f = append(f, u.otherFaults("/purchase", u.PurchaseUnit, u.PurchaseFactor, tracking)...)
	f = append(f, u.otherFaults("/issue", u.IssueUnit, u.IssueFactor, tracking)...)
	f.Add(u.PurchaseUnit != nil && u.IssueUnit != nil && u.PurchaseFactor != nil && u.IssueFactor != nil && *u.PurchaseUnit == *u.IssueUnit &&
		!u.PurchaseFactor.Equal(*u.IssueFactor), "/issue_factor", "conflict", "One unit has one factor.")
	return f
}

func (u ItemUnits) otherFaults(at string, unit *string, factor *decimal.Decimal, tracking Tracking) Faults {
	var f Faults
	f.Add(unit == nil && factor != nil, at+"_unit", "required", "Say of which unit this is the factor.")
	if unit == nil {
		return f
	}
	f.Add(*unit == "", at+"_unit", "minLength", "A unit is not empty.")
	f.Add(len([]rune(*unit)) > maxCode, at+"_unit", "maxLength", "A unit has at most %d characters.", maxCode)
	f.Add(*unit == u.Unit, at+"_unit", "same", "It is kept in this unit already.")
	f.Add(tracking == TrackingSerial, at+"_unit", "serial", "What has serial numbers is counted one by one.")
	if factor == nil {
		f.Add(true, at+"_factor", "required", "Say how many %s one %s is.", u.Unit, *unit)
		return f
	}
	f = append(f, quantityFaults(at+"_factor", *factor)...)
	f.Add(!factor.IsPositive(), at+"_factor", "minimum", "A factor is above 0.")
	return f
}

// Factor is how many of the item's own unit one of unit is; empty is its own. False where the item is not counted in it.
func (u ItemUnits) Factor(unit string) (decimal.Decimal, bool) {
	switch {
	case unit == "" || unit == u.Unit:
		return decimal.New(1, 0), true
	case u.PurchaseUnit != nil && *u.PurchaseUnit == unit && u.PurchaseFactor != nil:
		return *u.PurchaseFactor, true
	case u.IssueUnit != nil && *u.IssueUnit == unit && u.IssueFactor != nil:
		return *u.IssueFactor, true
	}
	return decimal.Decimal{}, false
}

// BoughtIn is the unit in which the item is ordered where nothing else is said.
func (u ItemUnits) BoughtIn() string {
	if u.PurchaseUnit != nil {
		return *u.PurchaseUnit
	}
	return u.Unit
}

// NotIn is the fault of a unit in which the item is not counted.
func (u ItemUnits) NotIn(pointer, unit string) Faults {
	known := []string{u.Unit}
	for _, other := range []*string{u.PurchaseUnit, u.IssueUnit} {
		if other != nil && !slices.Contains(known, *other) {
			known = append(known, *other)
		}
	}
	var f Faults
	f.Add(true, pointer, "unit", "This item is not counted in %s but in %s.", unit, strings.Join(known, ", "))
	return f
}

// ToStock converts a quantity of a unit of that factor to the item's own. Nothing is rounded: what the item is not kept so finely
// for is a fault at the pointer.
func (u ItemUnits) ToStock(pointer string, quantity, factor decimal.Decimal) (decimal.Decimal, Faults) {
	f := quantityFaults(pointer, quantity)
	stock := quantity.Mul(factor)
	f.Add(len(f) == 0 && !stock.Equal(stock.Round(int32(u.Decimals))), pointer, "precision", //nolint:gosec // 0 to 6
		"That is %s %s, and it is kept with at most %d digits after the point.", stock, u.Unit, u.Decimals)
	f.Add(len(f) == 0 && stock.Abs().GreaterThan(maxQuantity), pointer, "maximum", "A quantity is at most %s.", maxQuantity)
	return stock, f
}

// PriceIn is a price of one unit of factor from as that of one of factor to; false where it does not come out to the digits that
// prices are kept with.
func PriceIn(price, from, to decimal.Decimal) (decimal.Decimal, bool) {
	whole := price.Mul(to)
	converted := whole.DivRound(from, priceDigits)
	return converted, converted.Mul(from).Equal(whole)
}
