package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// AssetFilter narrows the list of assets. Values of one field are OR, fields are AND; an empty field does not narrow.
type AssetFilter struct {
	Text            string // in code, name or serial number
	CategoryIDs     []uuid.UUID
	LocationIDs     []uuid.UUID // with what lies below them
	DepartmentIDs   []uuid.UUID
	CostCenterIDs   []uuid.UUID
	TemplateIDs     []uuid.UUID
	Codes           []string
	SerialNumbers   []string
	Barcodes        []string
	Criticalities   []string
	LifecycleStates []string
	OperatingStates []string
	Custodies       []string
	// Days at the site between which a stop began that nobody had planned.
	FailedFrom *models.Date
	FailedTo   *models.Date
	Tree       Tree
	Archived   bool // what is out of use instead of what is in use
}

var assetOrders = map[string]order[AssetView]{
	"code":       {"a.code", "text", func(v AssetView) string { return v.Code }},
	"name":       {"a.name", "text", func(v AssetView) string { return v.Name }},
	"created_at": byTime("a.created_at", func(v AssetView) time.Time { return v.CreatedAt }),
}

// Assets lists assets by name, code or created_at.
func (s *Store) Assets(ctx context.Context, f AssetFilter, p Page) (Rows[AssetView], error) {
	l := newListing(ctx, assetView, "a.id", func(v AssetView) string { return v.ID.String() }, assetOrders)
	l.scope(ctx, "a.location_id")
	l.and(archivedSQL("a", f.Archived))
	in(l, "a.category_id", "uuid[]", f.CategoryIDs)
	in(l, "a.department_id", "uuid[]", f.DepartmentIDs)
	in(l, "a.cost_center_id", "uuid[]", f.CostCenterIDs)
	in(l, "a.template_id", "uuid[]", f.TemplateIDs)
	in(l, "a.code", "text[]", f.Codes)
	in(l, "a.serial_number", "text[]", f.SerialNumbers)
	in(l, "a.barcode", "text[]", f.Barcodes)
	in(l, "a.criticality", "text[]", f.Criticalities)
	in(l, "a.lifecycle_state", "text[]", f.LifecycleStates)
	in(l, "a.operating_state", "text[]", f.OperatingStates)
	in(l, "a.custody", "text[]", f.Custodies)
	narrow[models.Asset](l, "a", f.Tree)
	if f.Text != "" {
		l.and("a.id IN (SELECT search_assets($%d, "+fmt.Sprint(CountCap)+"))", f.Text)
	}
	if len(f.LocationIDs) > 0 {
		l.and(`a.location_id IN (SELECT descendant_id FROM location_paths WHERE tenant_id = $1 AND ancestor_id = ANY($%d::uuid[]))`,
			f.LocationIDs)
	}
	if f.FailedFrom != nil || f.FailedTo != nil {
		l.and(`a.id IN (SELECT d.asset_id FROM downtimes d JOIN assets f ON f.tenant_id = $1 AND f.id = d.asset_id
			JOIN locations p ON p.tenant_id = $1 AND p.id = f.location_id WHERE d.tenant_id = $1 AND d.kind = 'unplanned'
			AND coalesce(d.ended_at, 'infinity') >= coalesce(($%[1]d::date - 1)::timestamp AT TIME ZONE 'UTC', '-infinity')
			AND (d.started_at AT TIME ZONE p.time_zone)::date BETWEEN coalesce($%[1]d::date, '-infinity') AND coalesce($%[2]d::date, 'infinity'))`,
			f.FailedFrom, f.FailedTo)
	}
	return l.run(ctx, s, p)
}
