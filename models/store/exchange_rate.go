package store

import (
	"context"

	"github.com/google/uuid"

	"mainstay/models"
)

// CreateExchangeRate adds a rate and returns its id. A currency has one rate a day.
func (s *Store) CreateExchangeRate(ctx context.Context, fill func(*models.ExchangeRate)) (uuid.UUID, error) {
	return createRecord(ctx, s, func(tx *Tx, r *models.ExchangeRate) error {
		fill(r)
		return tx.checkRate(r)
	})
}

func (tx *Tx) checkRate(r *models.ExchangeRate) error {
	base, err := tx.baseCurrency()
	if err != nil {
		return err
	}
	return r.Validate(base)
}

// ChangeExchangeRate edits a rate; version is the one that the client has seen. Orders keep the rate that they were written with.
func (s *Store) ChangeExchangeRate(ctx context.Context, id uuid.UUID, version int, edit func(*models.ExchangeRate)) error {
	return changeRecord(ctx, s, "change", id, &version, func(tx *Tx, r *models.ExchangeRate) error {
		edit(r)
		return tx.checkRate(r)
	})
}

// ArchiveExchangeRate takes a rate out of use.
func (s *Store) ArchiveExchangeRate(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(*Tx, *models.ExchangeRate) error { return nil })
}

// RestoreExchangeRate takes a rate into use again.
func (s *Store) RestoreExchangeRate(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(*Tx, *models.ExchangeRate) error { return nil })
}

func exchangeRateColumns() string {
	return `SELECT ` + columns[models.ExchangeRate]("t") + ` FROM exchange_rates t WHERE t.tenant_id = $1`
}

// ExchangeRate reads one rate.
func (s *Store) ExchangeRate(ctx context.Context, id uuid.UUID) (models.ExchangeRate, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.ExchangeRate](ctx, s, "exchange_rate", exchangeRateColumns()+` AND t.id = $2`, actor.TenantID, id)
}

var exchangeRateOrders = map[string]order[models.ExchangeRate]{
	"valid_from": {"t.valid_from", "date", func(r models.ExchangeRate) string { return r.ValidFrom.String() }},
	"currency":   {"t.currency", "text", func(r models.ExchangeRate) string { return r.Currency }},
}

// ExchangeRates lists rates by valid_from or currency.
func (s *Store) ExchangeRates(ctx context.Context, currencies []string, archived bool, p Page) (Rows[models.ExchangeRate], error) {
	l := newListing(ctx, exchangeRateColumns(), "t.id", func(r models.ExchangeRate) string { return r.ID.String() }, exchangeRateOrders)
	l.and(archivedSQL("t", archived))
	in(l, "t.currency", "text[]", currencies)
	return l.run(ctx, s, p)
}
