package api

import (
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// Money is an amount as the API shows it: {"amount":"12.30","currency":"EUR"}, with the currency's own digits.
type Money struct {
	Amount   string `json:"amount" example:"12.30"`
	Currency string `json:"currency" example:"EUR"`
}

func moneyOf(amount decimal.Decimal, currency string) Money {
	return Money{Amount: models.RoundMoney(amount, currency).StringFixed(models.MinorDigits(currency)), Currency: currency}
}

// MoneyInput is an amount that a client sends: the object that the API shows, or the decimal string alone, which is in the
// tenant's currency.
type MoneyInput struct {
	Amount   decimal.Decimal
	Currency string // "" where only the amount was sent
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *MoneyInput) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '{' {
		var object struct {
			Amount   decimal.Decimal `json:"amount"`
			Currency string          `json:"currency"`
		}
		if err := json.Unmarshal(text, &object); err != nil {
			return err
		}
		m.Amount, m.Currency = object.Amount, object.Currency
		return nil
	}
	return json.Unmarshal(text, &m.Amount)
}

// Schema implements huma.SchemaProvider.
func (MoneyInput) Schema(huma.Registry) *huma.Schema {
	object := &huma.Schema{
		Type: huma.TypeObject, Required: []string{"amount"}, AdditionalProperties: false,
		Properties: map[string]*huma.Schema{
			"amount": decimalSchema(), "currency": {Type: huma.TypeString, MinLength: new(3), MaxLength: new(3)},
		},
	}
	object.Properties["currency"].PrecomputeMessages()
	object.PrecomputeMessages()
	return &huma.Schema{OneOf: []*huma.Schema{decimalSchema(), object}}
}

// in returns the amount, which must be in that currency. pointer names the field.
func (m MoneyInput) in(currency, pointer string) (decimal.Decimal, error) {
	if m.Currency != "" && m.Currency != currency {
		return decimal.Zero, models.InvalidField(pointer+"/currency", "currency", "Amounts are kept in %s here.", currency)
	}
	return m.Amount, nil
}
