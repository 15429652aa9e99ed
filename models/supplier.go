package models

import (
	"net/mail"

	"github.com/shopspring/decimal"
)

// Supplier is who parts and services are bought from.
type Supplier struct {
	Record
	Code     string
	Name     string
	Email    string // where orders go; empty: they are printed
	Phone    string
	LeadDays *int // from order to delivery, where an item does not know better

	ReceiptTolerancePct *decimal.Decimal // how much more than ordered it may deliver; nil: nothing
	PriceTolerancePct   *decimal.Decimal // how far its invoices' prices may be off; nil: not at all
}

const (
	maxLeadDays     = 3650
	toleranceDigits = 3
)

// Validate checks what can be checked without the database.
func (s *Supplier) Validate() error {
	f := nameFaults(s.Code, s.Name)
	if s.Email != "" {
		address, err := mail.ParseAddress(s.Email)
		f.Add(err != nil || address.Address != s.Email, "/email", "email", "This is not an e-mail address.")
	}
	f = append(f, leadFaults(s.LeadDays)...)
	f = append(f, toleranceFaults("/receipt_tolerance_pct", s.ReceiptTolerancePct)...)
	f = append(f, toleranceFaults("/price_tolerance_pct", s.PriceTolerancePct)...)
	return f.Err()
}

func toleranceFaults(pointer string, percent *decimal.Decimal) Faults {
	var f Faults
	f.Add(percent != nil && (percent.IsNegative() || percent.GreaterThan(hundred)), pointer, "range", "A tolerance is 0 to 100 percent.")
	f.Add(percent != nil && !percent.Equal(percent.Round(toleranceDigits)), pointer, "precision",
		"A tolerance has at most %d digits after the point.", toleranceDigits)
	return f
}

func leadFaults(days *int) Faults {
	var f Faults
	f.Add(days != nil && (*days < 0 || *days > maxLeadDays), "/lead_days", "range", "Lead time is 0 to %d days.", maxLeadDays)
	return f
}
