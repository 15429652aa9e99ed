package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// AssetCosts is what an asset has cost, by kind, in the tenant's currency.
type AssetCosts struct {
	Labor    decimal.Decimal
	Parts    decimal.Decimal
	Services decimal.Decimal
	Other    decimal.Decimal
	Currency string
}

// Total sums all kinds.
func (c AssetCosts) Total() decimal.Decimal { return c.Labor.Add(c.Parts).Add(c.Services).Add(c.Other) }

// AssetCosts sums what was worked and spent on the asset from one day to another, both included; nil is open.
func (s *Store) AssetCosts(ctx context.Context, id uuid.UUID, from, to *models.Date) (AssetCosts, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[AssetCosts](ctx, s, "asset", `SELECT t.currency, l.labor, c.parts, c.services, c.other
		FROM assets a JOIN tenants t ON t.id = a.tenant_id,
		LATERAL (SELECT coalesce(sum(e.amount), 0) AS labor FROM labor_entries e
			WHERE e.tenant_id = a.tenant_id AND e.asset_id = a.id AND e.worked_on >= coalesce($4::date, '-infinity')
			AND e.worked_on <= coalesce($5::date, 'infinity')) l,
		LATERAL (SELECT coalesce(sum(x.amount) FILTER (WHERE x.kind = 'parts'), 0) AS parts,
			coalesce(sum(x.amount) FILTER (WHERE x.kind = 'services'), 0) AS services,
			coalesce(sum(x.amount) FILTER (WHERE x.kind = 'other'), 0) AS other FROM work_order_costs x
			WHERE x.tenant_id = a.tenant_id AND x.asset_id = a.id AND x.incurred_on >= coalesce($4::date, '-infinity')
			AND x.incurred_on <= coalesce($5::date, 'infinity')) c
		WHERE a.tenant_id = $1 AND a.id = $2 AND `+scopeSQL("a.location_id", 3), actor.TenantID, id, scopeOf(actor), from, to)
}
