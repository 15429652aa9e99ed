package models

import (
	"github.com/shopspring/decimal"
)

// ExchangeRate is what one unit of a currency is worth in the tenant's, from a day on until the next rate.
type ExchangeRate struct {
	Record
	Currency  string // ISO 4217
	Rate      decimal.Decimal
	ValidFrom Date
}

// Validate checks the rate; base is the tenant's currency.
func (r *ExchangeRate) Validate(base string) error {
	f := currencyFaults("/currency", r.Currency)
	f.Add(r.Currency == base, "/currency", "base", "Amounts in %s are worth what they say.", base)
	f = append(f, rateFaults("/rate", r.Rate)...)
	f.Add(r.ValidFrom.IsZero(), "/valid_from", "required", "A day is needed.")
	return f.Err()
}
