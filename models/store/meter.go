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
	AssetCode    string
	AssetName    string
	LocationID   uuid.UUID // of the asset
	LocationCode string
	LocationName string
	Usage        *models.MeterUsage // nil before the second reading, and for gauges
}

var meterView = `SELECT ` + columns[models.Meter]("m") + `, a.code AS asset_code, a.name AS asset_name, a.location_id,
	l.code AS location_code, l.name AS location_name, ` + meterUsage + ` AS usage
	FROM meters m JOIN assets a ON a.tenant_id = $1 AND a.id = m.asset_id
	JOIN locations l ON l.tenant_id = $1 AND l.id = a.location_id WHERE m.tenant_id = $1`

// meterUsage is how the meter m counted since the first reading of the year before its last one; where that year has no other, since
// the one before.
const meterUsage = `(SELECT json_build_object('FirstTotal', f.total, 'FirstAt', f.read_at, 'LastTotal', m.last_total, 'LastAt', m.last_read_at)
	FROM ((SELECT r.total, r.read_at, false AS old FROM meter_readings r WHERE r.tenant_id = $1 AND r.meter_id = m.id AND r.total IS NOT NULL
			AND r.read_at < m.last_read_at AND r.read_at >= m.last_read_at - interval '365 days' ORDER BY r.read_at LIMIT 1)
		UNION ALL (SELECT r.total, r.read_at, true FROM meter_readings r WHERE r.tenant_id = $1 AND r.meter_id = m.id AND r.total IS NOT NULL
			AND r.read_at < m.last_read_at - interval '365 days' ORDER BY r.read_at DESC LIMIT 1)
	) f WHERE m.last_total IS NOT NULL ORDER BY f.old LIMIT 1)`

// readingDueSQL is models.Meter.ReadingDueAt as an expression.
const readingDueSQL = `CASE WHEN m.archived_at IS NULL THEN
	coalesce(m.last_read_at, m.created_at) + m.reading_interval_days * interval '24 hours' END`

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

// ChangeMeter edits a meter's name, unit, rollover or reading interval; version is the one that the client has seen.
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
	"created_at": byTime("m.created_at", func(v MeterView) time.Time { return v.CreatedAt }),
	"last_read_at": {"coalesce(m.last_read_at, '-infinity'::timestamptz)", "timestamptz", func(v MeterView) string {
		if v.LastReadAt == nil {
			return "-infinity"
		}
		return v.LastReadAt.Format(time.RFC3339Nano)
	}},
}

// MeterFilter narrows the list of meters. Values of one field are OR, fields are AND; an empty field does not narrow.
type MeterFilter struct {
	Text           string // in its name, or in its asset's code or name
	AssetIDs       []uuid.UUID
	LocationIDs    []uuid.UUID // where the assets stand, with what lies below them
	Kinds          []string
	ReadingOverdue *bool
	Archived       bool // what is out of use instead of what is in use
}

// Meters lists meters by name, last_read_at (those without a reading first) or created_at.
func (s *Store) Meters(ctx context.Context, f MeterFilter, p Page) (Rows[MeterView], error) {
	l := newListing(ctx, meterView, "m.id", func(v MeterView) string { return v.ID.String() }, meterOrders)
	l.scope(ctx, "a.location_id")
	l.and(archivedSQL("m", f.Archived))
	in(l, "m.asset_id", "uuid[]", f.AssetIDs)
	in(l, "m.kind", "text[]", f.Kinds)
	if f.Text != "" {
		text := likeText(f.Text)
		l.and("(m.name ILIKE $%d OR a.code ILIKE $%d OR a.name ILIKE $%d)", text, text, text)
	}
	if len(f.LocationIDs) > 0 {
		l.and(`a.location_id IN (SELECT descendant_id FROM location_paths WHERE tenant_id = $1 AND ancestor_id = ANY($%d::uuid[]))`,
			f.LocationIDs)
	}
	if f.ReadingOverdue != nil {
		l.and("(" + readingDueSQL + " < now()) IS " + map[bool]string{true: "TRUE", false: "NOT TRUE"}[*f.ReadingOverdue])
	}
	return l.run(ctx, s, p)
}

// AssetMeters lists the meters of one asset by name, last_read_at or created_at; archived ones where that is asked for.
func (s *Store) AssetMeters(ctx context.Context, asset uuid.UUID, archived bool, p Page) (Rows[MeterView], error) {
	if _, err := s.Asset(ctx, asset); err != nil {
		return Rows[MeterView]{}, err
	}
	return s.Meters(ctx, MeterFilter{AssetIDs: []uuid.UUID{asset}, Archived: archived}, p)
}
