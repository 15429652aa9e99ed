package models

import (
	"time"

	"github.com/shopspring/decimal"
)

// MeterKind says what a meter's values mean.
type MeterKind string

// Kinds of meters. A continuous one only counts up (hours, kilometres, cycles) and has a running total; a gauge goes up and
// down (temperature, pressure) and has none.
const (
	MeterContinuous MeterKind = "continuous"
	MeterGauge      MeterKind = "gauge"
)

// MeterPoint is one reading in the series of a meter. Total is the running total at it: what a continuous meter has counted
// over all its rollovers. The first reading ever taken has its own value as total; gauges leave Total at zero.
type MeterPoint struct {
	ReadAt time.Time
	Value  decimal.Decimal
	Total  decimal.Decimal
}

// MeterOutcome is what a reading does to its meter.
type MeterOutcome struct {
	Duplicate bool            // the same value at the same moment is there already: store nothing
	Delta     decimal.Decimal // counted since the reading before it; zero for the first one and for gauges
	Total     decimal.Decimal // running total at the reading; zero for gauges
	Latest    bool            // no later reading is known: the meter now shows this one
}

// MeterTotal carries a meter's series on: it decides about one more reading and returns its running total.
type MeterTotal struct {
	Kind MeterKind
	// RolloverAt is where a continuous meter starts again at zero, 100,000 for five digits; zero: it never does.
	RolloverAt decimal.Decimal
}

// Place decides about a reading taken at readAt. before is the last known reading at or before that moment, after the first
// known one later than it; nil where there is none. Readings may arrive in any order: one that is placed between two others
// never changes their totals, so the order of arrival does not matter.
//
// A continuous meter refuses a negative value, one at or over its rollover, and one that does not fit between its neighbours.
// A value lower than the one before is a rollover where the meter has one and the way over it is shorter than half a
// revolution; otherwise it is taken for a slip, because a mistyped digit must not count a whole revolution. So a meter
// that rolls over has to be read at least twice a revolution. Refused is as well another value for a moment that has one.
// Errors are of code invalid (the value) or conflict (the moment), and name /value or /read_at.
func (m MeterTotal) Place(readAt time.Time, value decimal.Decimal, before, after *MeterPoint) (MeterOutcome, error) {
	if before != nil && before.ReadAt.Equal(readAt) {
		if !before.Value.Equal(value) {
			return MeterOutcome{}, InvalidConflict("/read_at", "taken", "At this moment the meter showed %s.", before.Value)
		}
		return MeterOutcome{Duplicate: true, Total: before.Total, Latest: after == nil}, nil
	}
	if m.Kind != MeterContinuous {
		return MeterOutcome{Latest: after == nil}, nil
	}
	if err := m.checkValue(value); err != nil {
		return MeterOutcome{}, err
	}
	switch {
	case before != nil:
		return m.placeAfter(value, before, after)
	case after != nil:
		delta, ok := m.advance(value, after.Value)
		if !ok {
			return MeterOutcome{}, InvalidField("/value", "order", "The value is higher than the later reading of %s.", after.Value)
		}
		return MeterOutcome{Total: after.Total.Sub(delta)}, nil
	default:
		return MeterOutcome{Total: value, Latest: true}, nil
	}
}

func (m MeterTotal) placeAfter(value decimal.Decimal, before, after *MeterPoint) (MeterOutcome, error) {
	delta, ok := m.advance(before.Value, value)
	if !ok {
		return MeterOutcome{}, InvalidField("/value", "order", "The value is lower than the reading before it, %s.", before.Value)
	}
	outcome := MeterOutcome{Delta: delta, Total: before.Total.Add(delta), Latest: after == nil}
	if after == nil {
		return outcome, nil
	}
	rest, ok := m.advance(value, after.Value)
	if !ok || !outcome.Total.Add(rest).Equal(after.Total) {
		return MeterOutcome{}, InvalidField("/value", "order", "The value does not lie between the readings around it, %s and %s.",
			before.Value, after.Value)
	}
	return outcome, nil
}

func (m MeterTotal) checkValue(value decimal.Decimal) error {
	switch {
	case value.IsNegative():
		return InvalidField("/value", "minimum", "A meter that counts up has no negative value.")
	case m.RolloverAt.IsPositive() && value.GreaterThanOrEqual(m.RolloverAt):
		return InvalidField("/value", "maximum", "The meter starts again at zero before it shows %s.", m.RolloverAt)
	}
	return nil
}

// advance returns what a meter counts from one value to a later one, and whether it can have.
func (m MeterTotal) advance(from, to decimal.Decimal) (decimal.Decimal, bool) {
	delta := to.Sub(from)
	if !delta.IsNegative() {
		return delta, true
	}
	delta = delta.Add(m.RolloverAt)
	return delta, m.RolloverAt.IsPositive() && delta.Add(delta).LessThan(m.RolloverAt)
}
