package models

import (
	"github.com/shopspring/decimal"
)

// Money is an amount in one currency. Amounts are decimals, never floats; JSON carries them as strings.
type Money struct {
	Amount   decimal.Decimal `json:"amount"`
	Currency string          `json:"currency"` // ISO 4217
}

// MinorDigits returns how many digits after the point the currency has (ISO 4217): 0 for JPY, 3 for KWD, 2 for most.
func MinorDigits(currency string) int32 {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// RoundMoney rounds half up (away from zero) to the currency's minor unit.
func RoundMoney(amount decimal.Decimal, currency string) decimal.Decimal {
	return amount.Round(MinorDigits(currency))
}

// LaborCost is hours times rate, rounded half up to the currency's minor unit.
func LaborCost(hours, rate decimal.Decimal, currency string) decimal.Decimal {
	return RoundMoney(hours.Mul(rate), currency)
}
