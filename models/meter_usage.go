package models

import (
	"time"

	"github.com/shopspring/decimal"
)

// MeterUsage is how fast a continuous meter counted between two readings, by its running total.
type MeterUsage struct {
	FirstTotal decimal.Decimal
	FirstAt    time.Time
	LastTotal  decimal.Decimal
	LastAt     time.Time
}

const day = 24 * time.Hour

// PerDay is the average usage of a day; zero where the readings do not tell.
func (u MeterUsage) PerDay() decimal.Decimal {
	span := u.LastAt.Sub(u.FirstAt)
	counted := u.LastTotal.Sub(u.FirstTotal)
	if span <= 0 || !counted.IsPositive() {
		return decimal.Zero
	}
	return counted.Mul(decimal.NewFromInt(int64(day))).Div(decimal.NewFromInt(int64(span)))
}

// ReachedOn is the local date on which the meter comes to a total if it goes on as it did, today at the earliest. It must count:
// PerDay is positive.
func (u MeterUsage) ReachedOn(total decimal.Decimal, today Date, zone *time.Location) Date {
	days := decimal.Min(total.Sub(u.LastTotal).Div(u.PerDay()), decimal.NewFromInt(maxDays))
	whole := days.Floor()
	rest := time.Duration(days.Sub(whole).Mul(decimal.NewFromInt(int64(day))).IntPart())
	last := u.LastAt.Add(rest)
	reached := DateOf(last, zone).AddDays(int(whole.IntPart()))
	if reached.Before(today) {
		return today
	}
	return reached
}

// maxDays keeps an estimate within what a date can be: a thousand years.
const maxDays = 365_000

// ForecastMeter estimates when a schedule that has a meter rule only falls due, to a date, included, at most limit times: on the
// days on which the meter comes to its thresholds if it goes on as it did. Nothing where the readings do not tell.
func (r *DueRule) ForecastMeter(state DueState, usage MeterUsage, until, today Date, zone *time.Location, limit int) []DueDate {
	dates := []DueDate{}
	if r.MeterEvery.IsZero() || !r.Calendar.IsZero() || !usage.PerDay().IsPositive() {
		return dates
	}
	for next := state.MeterNext; len(dates) < limit; next = next.Add(r.MeterEvery) {
		on := usage.ReachedOn(next, today, zone)
		if on.After(until) {
			break
		}
		dates = append(dates, DueDate{DueOn: on, DueKey: MeterKey(next), Estimated: true})
	}
	return dates
}
