package api

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// ExchangeRate is what one unit of a currency is worth in the tenant's, from a day on until the next rate.
type ExchangeRate struct {
	ID         uuid.UUID       `json:"id"`
	Currency   string          `json:"currency"`
	Rate       decimal.Decimal `json:"rate"`
	ValidFrom  models.Date     `json:"valid_from" format:"date"`
	ArchivedAt *time.Time      `json:"archived_at,omitempty"`
	Version    int             `json:"version"`
	CreatedAt  time.Time       `json:"created_at"`
	UpdatedAt  time.Time       `json:"updated_at"`
}

// ExchangeRateBody creates a rate.
type ExchangeRateBody struct {
	Currency  string          `json:"currency" minLength:"3" maxLength:"3"`
	Rate      decimal.Decimal `json:"rate" doc:"tenant's currency for one of it"`
	ValidFrom models.Date     `json:"valid_from" format:"date"`
}

// ExchangeRatePatch changes a rate; orders keep the one that they were written with.
type ExchangeRatePatch struct {
	Rate      Optional[decimal.Decimal] `json:"rate,omitempty"`
	ValidFrom Optional[models.Date]     `json:"valid_from,omitempty"`
}

type exchangeRatePatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body ExchangeRatePatch
}

type exchangeRateListInput struct {
	PageQuery
	Currency []string `query:"currency,explode"`
	Sort     string   `query:"sort" enum:"valid_from,-valid_from,currency,-currency" default:"-valid_from"`
	Archived bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) exchangeRateRoutes() {
	n := recordNoun{
		path: "/v1/exchange-rates", one: "exchange rate", many: "exchange rates",
		read: models.PermissionExchangeRatesRead, write: models.PermissionExchangeRatesWrite,
	}
	register(s, n.create(), s.createExchangeRate)
	register(s, n.list(), s.listExchangeRates)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[ExchangeRate], error) {
		return s.readExchangeRate(ctx, in.ID)
	})
	register(s, n.change(), s.changeExchangeRate)
	register(s, n.archive(), command(s.store.ArchiveExchangeRate, s.readExchangeRate))
	register(s, n.restore(), command(s.store.RestoreExchangeRate, s.readExchangeRate))
}

func (s *Server) createExchangeRate(ctx context.Context, in *struct{ Body ExchangeRateBody }) (*recordOutput[ExchangeRate], error) {
	b := in.Body
	id, err := s.store.CreateExchangeRate(ctx, func(r *models.ExchangeRate) { r.Currency, r.Rate, r.ValidFrom = b.Currency, b.Rate, b.ValidFrom })
	if err != nil {
		return nil, err
	}
	return s.readExchangeRate(ctx, id)
}

func (s *Server) changeExchangeRate(ctx context.Context, in *exchangeRatePatchInput) (*recordOutput[ExchangeRate], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.store.ChangeExchangeRate(ctx, in.ID, version, func(r *models.ExchangeRate) {
		in.Body.Rate.apply(&r.Rate)
		in.Body.ValidFrom.apply(&r.ValidFrom)
	}); err != nil {
		return nil, err
	}
	return s.readExchangeRate(ctx, in.ID)
}

func (s *Server) listExchangeRates(ctx context.Context, in *exchangeRateListInput) (*listOutput[ExchangeRate], error) {
	return listPage(in.PageQuery, in.Sort, exchangeRateBody, func(page store.Page) (store.Rows[models.ExchangeRate], error) {
		return s.store.ExchangeRates(ctx, in.Currency, in.Archived, page)
	})
}

func (s *Server) readExchangeRate(ctx context.Context, id uuid.UUID) (*recordOutput[ExchangeRate], error) {
	r, err := s.store.ExchangeRate(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[ExchangeRate]{Location: "/v1/exchange-rates/" + id.String(), ETag: etag(r.Version), Body: exchangeRateBody(r)}, nil
}

func exchangeRateBody(r models.ExchangeRate) ExchangeRate {
	return ExchangeRate{
		ID: r.ID, Currency: r.Currency, Rate: r.Rate, ValidFrom: r.ValidFrom, ArchivedAt: r.ArchivedAt, Version: r.Version,
		CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
