package models

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Meter counts or measures something on an asset.
type Meter struct {
	Record
	AssetID    uuid.UUID
	Name       string
	Unit       string
	Kind       MeterKind
	RolloverAt *decimal.Decimal // where a continuous meter starts again at zero
	LastValue  *decimal.Decimal // as read; nil before the first reading
	LastTotal  *decimal.Decimal // over all rollovers; continuous meters only
	LastReadAt *time.Time
	// ReadingIntervalDays is how often somebody should read it; nil: nobody has said.
	ReadingIntervalDays *int
}

// MeterReading is one value of a meter. A moment has one value.
type MeterReading struct {
	TenantID  uuid.UUID `gorm:"primaryKey"`
	ID        uuid.UUID `gorm:"primaryKey"`
	MeterID   uuid.UUID
	Value     decimal.Decimal
	Total     *decimal.Decimal // running total at it; continuous meters only
	ReadAt    time.Time
	ActorID   uuid.UUID
	CreatedAt time.Time `gorm:"autoCreateTime:false"`
}

// maxReadingInterval is ten years in days.
const maxReadingInterval = 3660

// readingSkew is how far a reading may lie ahead: clocks of devices differ.
const readingSkew = 5 * time.Minute

// Validate checks what can be checked without the database.
func (m *Meter) Validate() error {
	var f Faults
	f.Add(m.Name == "", "/name", "required", "A name is needed.")
	f.Add(m.Unit == "", "/unit", "required", "A unit is needed.")
	f.Add(m.Kind != MeterContinuous && m.Kind != MeterGauge, "/kind", "enum", "A meter is continuous or a gauge.")
	f.Add(m.RolloverAt != nil && m.Kind != MeterContinuous, "/rollover_at", "kind", "Only a continuous meter rolls over.")
	f.Add(m.RolloverAt != nil && !m.RolloverAt.IsPositive(), "/rollover_at", "exclusiveMinimum", "It rolls over above zero.")
	f.Add(m.ReadingIntervalDays != nil && (*m.ReadingIntervalDays < 1 || *m.ReadingIntervalDays > maxReadingInterval),
		"/reading_interval_days", "range", "A meter is read every 1 to %d days.", maxReadingInterval)
	return f.Err()
}

// ReadingDueAt is when its next reading is due: one interval after the last one, or after the meter came into being; nil where it
// has no interval or is out of use.
func (m *Meter) ReadingDueAt() *time.Time {
	if m.ReadingIntervalDays == nil || m.ArchivedAt != nil {
		return nil
	}
	last := m.CreatedAt
	if m.LastReadAt != nil {
		last = *m.LastReadAt
	}
	return new(last.Add(time.Duration(*m.ReadingIntervalDays) * day))
}

// Read takes one more reading: before and after are its neighbours, as MeterTotal.Place wants them. The meter shows the
// reading where no later one is known. A reading that is there already is reported as a duplicate.
func (m *Meter) Read(readAt time.Time, value decimal.Decimal, before, after *MeterPoint, now time.Time) (MeterOutcome, error) {
	if readAt.After(now.Add(readingSkew)) {
		return MeterOutcome{}, InvalidField("/read_at", "maximum", "A reading that lies ahead has not been taken yet.")
	}
	series := MeterTotal{Kind: m.Kind}
	if m.RolloverAt != nil {
		series.RolloverAt = *m.RolloverAt
	}
	outcome, err := series.Place(readAt, value, before, after)
	if err != nil || outcome.Duplicate || !outcome.Latest {
		return outcome, err
	}
	m.LastValue, m.LastReadAt = &value, &readAt
	if m.Kind == MeterContinuous {
		m.LastTotal = &outcome.Total
	}
	return outcome, nil
}
