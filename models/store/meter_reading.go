package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

var meterReadingColumns = `SELECT ` + columns[models.MeterReading]("r") + ` FROM meter_readings r WHERE r.tenant_id = $1`

// ReadMeter takes a reading, in any order of arrival, and returns its row. The same value at the same moment is there already and
// changes nothing; another value at that moment is a conflict. The meter shows the latest reading, and the schedules that count
// on it look at once.
func (s *Store) ReadMeter(ctx context.Context, meter uuid.UUID, value decimal.Decimal, readAt time.Time) (models.MeterReading, error) {
	var r models.MeterReading
	err := s.InTx(ctx, func(tx *Tx) error {
		r = models.MeterReading{
			TenantID: tx.Actor.TenantID, ID: models.SubjectID(tx.Command.ID), MeterID: meter, Value: value,
			ReadAt: readAt.UTC().Truncate(time.Microsecond), ActorID: tx.Actor.UserID, CreatedAt: tx.Now,
		}
		done, err := tx.once("meter_reading.create", "meter_reading", r.ID)
		if err != nil {
			return err
		}
		m, err := lockRecord[models.Meter](tx, meter)
		if err != nil {
			return err
		}
		if err := tx.mustSeeAsset(m.AssetID); err != nil {
			return models.NotFound("meter")
		}
		if m.ArchivedAt != nil {
			return models.Conflict("The meter is out of use.")
		}
		found, err := tx.placeReading(&m, &r)
		if found || done || err != nil {
			return err
		}
		return tx.Audit(Change{Action: "meter_reading.create", SubjectType: "meter_reading", SubjectID: r.ID, After: &r})
	})
	return r, err
}

// placeReading puts the reading into the meter's series. true: it was there already, and r is that row.
func (tx *Tx) placeReading(m *models.Meter, r *models.MeterReading) (bool, error) {
	around, err := txRead[models.MeterReading](tx, `(`+meterReadingColumns+` AND r.meter_id = $2 AND r.read_at <= $3 ORDER BY r.read_at DESC LIMIT 1)
		UNION ALL (`+meterReadingColumns+` AND r.meter_id = $2 AND r.read_at > $3 ORDER BY r.read_at LIMIT 1)`, m.TenantID, m.ID, r.ReadAt)
	if err != nil {
		return false, err
	}
	var before, after *models.MeterPoint
	var last models.MeterReading
	for _, x := range around {
		point := &models.MeterPoint{ReadAt: x.ReadAt, Value: x.Value, Total: x.Value} // an imported reading has no total of its own
		if x.Total != nil {
			point.Total = *x.Total
		}
		if x.ReadAt.After(r.ReadAt) {
			after = point
		} else {
			before, last = point, x
		}
	}
	outcome, err := m.Read(r.ReadAt, r.Value, before, after, tx.Now)
	if err != nil || outcome.Duplicate {
		if outcome.Duplicate {
			*r = last
		}
		return outcome.Duplicate, err
	}
	if m.Kind == models.MeterContinuous {
		r.Total = &outcome.Total
	}
	tx.queue(`INSERT INTO meter_readings (tenant_id, id, meter_id, value, total, read_at, actor_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, r.TenantID, r.ID, r.MeterID, r.Value, r.Total, r.ReadAt, r.ActorID, r.CreatedAt)
	if !outcome.Latest {
		return false, nil
	}
	tx.queue(`UPDATE meters SET last_value = $3, last_total = $4, last_read_at = $5 WHERE tenant_id = $1 AND id = $2`,
		m.TenantID, m.ID, m.LastValue, m.LastTotal, m.LastReadAt)
	if m.Kind != models.MeterContinuous {
		return false, nil
	}
	return false, tx.meterRead(m.ID, outcome.Total)
}

var meterReadingOrders = map[string]order[models.MeterReading]{
	"read_at": byTime("r.read_at", func(r models.MeterReading) time.Time { return r.ReadAt }),
}

// MeterReadings lists the readings of a meter by read_at, from (inclusive) and to (exclusive) where they are given.
func (s *Store) MeterReadings(ctx context.Context, meter uuid.UUID, from, to *time.Time, p Page) (Rows[models.MeterReading], error) {
	if _, err := s.Meter(ctx, meter); err != nil {
		return Rows[models.MeterReading]{}, err
	}
	l := newListing(ctx, meterReadingColumns, "r.id", func(r models.MeterReading) string { return r.ID.String() }, meterReadingOrders)
	l.and("r.meter_id = $%d", meter)
	if from != nil {
		l.and("r.read_at >= $%d", *from)
	}
	if to != nil {
		l.and("r.read_at < $%d", *to)
	}
	return l.run(ctx, s, p)
}
