package models

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// CostKind says what money was spent on. Parts come from stock, labor has entries of its own.
type CostKind string

// Kinds of costs.
const (
	CostParts    CostKind = "parts"
	CostServices CostKind = "services"
	CostOther    CostKind = "other"
)

// WorkOrderCost is money spent on a work order beside labor; a negative amount is a credit.
type WorkOrderCost struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	WorkOrderID uuid.UUID
	AssetID     *uuid.UUID // of the work order
	Kind        CostKind
	Amount      decimal.Decimal
	Currency    string
	Description string
	IncurredOn  Date // at the site
	ActorID     uuid.UUID
	CreatedAt   time.Time
}

// NewCost is what a person records: services and other costs. No day means today at the site.
type NewCost struct {
	Kind        CostKind
	Amount      decimal.Decimal // in the tenant's currency
	Description string
	IncurredOn  *Date
}

// Validate checks kind, amount and day. today is the date at the site.
func (n NewCost) Validate(today Date) error {
	var f Faults
	f.Add(!slices.Contains([]CostKind{CostServices, CostOther}, n.Kind), "/kind", "enum", "Costs recorded by hand are services or other.")
	f.Add(n.Amount.IsZero(), "/amount", "minimum", "An amount is needed.")
	f.Add(n.Amount.Abs().GreaterThan(maxAmount), "/amount", "maximum", "An amount is at most %s.", maxAmount)
	f.Add(n.Description == "", "/description", "required", "Say what it was for.")
	f.Add(n.IncurredOn != nil && n.IncurredOn.After(today), "/incurred_on", "maximum", "Costs cannot be recorded for a day to come.")
	return f.Err()
}
