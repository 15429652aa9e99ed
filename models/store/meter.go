package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// MeterView is a meter as people read it.
type MeterView struct {
	models.Meter
	AssetCode string
	AssetName string
}

var meterView = `SELECT ` + columns[models.Meter]("m") + `, a.code AS asset_code, a.name AS asset_name
	FROM meters m JOIN assets a ON a.tenant_id = $1 AND a.id = m.asset_id WHERE m.tenant_id = $1`

// Meter reads one meter; CodeNotFound where the actor's tenant or locations do not have its asset.
func (s *Store) Meter(ctx context.Context, id uuid.UUID) (MeterView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[MeterView](ctx, s, "meter", meterView+` AND m.id = $2 AND `+scopeSQL("a.location_id", 3),
		actor.TenantID, id, scopeOf(actor))
}

// CreateMeter puts a meter on an asset and returns its id. Its name is unique on the asset.
func (s *Store) CreateMeter(ctx context.Context, asset uuid.UUID, fill func(*models.Meter)) (uuid.UUID, error) {
	return createRecord(ctx, s, func(tx *Tx, m *models.Meter) error {
		if err := tx.mustSeeAsset(asset); err != nil {
			return err
		}
		fill(m)
		m.AssetID = asset
		return m.Validate()
	})
}

// mustSeeAsset hides an asset that is not the tenant's or outside the actor's locations.
func (tx *Tx) mustSeeAsset(id uuid.UUID) error {
	found, err := txValues[bool](tx, `SELECT true FROM assets a WHERE a.tenant_id = $1 AND a.id = $2 AND `+scopeSQL("a.location_id", 3),
		tx.Actor.TenantID, id, scopeOf(tx.Actor))
	if err == nil && len(found) == 0 {
		return models.NotFound("asset")
	}
	return err
}

// ChangeMeter edits a meter's name, unit or rollover; version is the one that the client has seen.
func (s *Store) ChangeMeter(ctx context.Context, id uuid.UUID, version int, edit func(*models.Meter)) error {
	return changeRecord(ctx, s, "change", id, &version, func(tx *Tx, m *models.Meter) error {
		if err := tx.mustSeeAsset(m.AssetID); err != nil {
			return err
		}
		edit(m)
		return m.Validate()
	})
}

// ArchiveMeter takes a meter out of use: it takes no readings. Refused while a schedule counts on it.
func (s *Store) ArchiveMeter(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(tx *Tx, m *models.Meter) error { return tx.mustSeeAsset(m.AssetID) },
		`SELECT FROM maintenance_schedules WHERE tenant_id = $1 AND meter_id = $2 AND status <> 'ended'`)
}

// RestoreMeter takes a meter into use again.
func (s *Store) RestoreMeter(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(tx *Tx, m *models.Meter) error { return tx.mustSeeAsset(m.AssetID) })
}

var meterOrders = map[string]order[MeterView]{
	"name":       {"m.name", "text", func(v MeterView) string { return v.Name }},
	"created_at": {"m.created_at", "timestamptz", func(v MeterView) string { return v.CreatedAt.Format(time.RFC3339Nano) }},
}

// Meters lists the meters of an asset by name or created_at; archived ones where that is asked for.
func (s *Store) Meters(ctx context.Context, asset uuid.UUID, archived bool, p Page) (Rows[MeterView], error) {
	if _, err := s.Asset(ctx, asset); err != nil {
		return Rows[MeterView]{}, err
	}
	l := newListing(ctx, meterView, "m.id", func(v MeterView) string { return v.ID.String() }, meterOrders)
	l.and("m.asset_id = $%d", asset)
	l.and(archivedSQL("m", archived))
	return l.run(ctx, s, p)
}
