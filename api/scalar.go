package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// decimalText is how decimals stand in the OpenAPI document and are checked before they are decoded: as strings, so that no
// reader turns them into floats.
type decimalText string

// decimalPattern leaves a digit free of the 14 that columns have, so that what is rounded up still fits.
const decimalPattern = `^-?[0-9]{1,13}(\.[0-9]{1,10})?$`

// Schema implements huma.SchemaProvider.
func (decimalText) Schema(huma.Registry) *huma.Schema { return decimalSchema() }

func decimalSchema() *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Pattern: decimalPattern, PatternDescription: "decimal number", Examples: []any{"12.30"}}
	s.PrecomputeMessages()
	return s
}

// dateText is the same for dates.
type dateText string

// Schema implements huma.SchemaProvider.
func (dateText) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2026-11-24"}}
	s.PrecomputeMessages()
	return s
}

// describeScalars makes every decimal and date of a body one of the above.
func describeScalars(r huma.Registry) {
	r.RegisterTypeAlias(reflect.TypeFor[decimal.Decimal](), reflect.TypeFor[decimalText]())
	r.RegisterTypeAlias(reflect.TypeFor[models.Date](), reflect.TypeFor[dateText]())
}
