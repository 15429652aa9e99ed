package models

import (
	"iter"
	"math/bits"
	"time"
)

// Recurrence is a calendar rule: a subset of the recurrence rules of RFC 5545 over local dates, without times or zones.
// Build one with ParseRecurrence; the zero Recurrence is no rule and has no dates. It is immutable, safe to share, and
// costs no allocation to ask.
//
// The parts known are FREQ (DAILY, WEEKLY, MONTHLY, YEARLY), INTERVAL, COUNT, UNTIL (a date, included), BYMONTH,
// BYMONTHDAY (from the end when negative), BYDAY (with an ordinal: the nth of the month, or of the year in a YEARLY rule
// without BYMONTH), BYSETPOS and WKST. What RFC 5545 leaves open is as in python-dateutil and rrule-go: the start is a
// date of the rule only where it fits it, and the first week of a WEEKLY rule begins at the start, which BYSETPOS
// notices.
//
// One thing differs from RFC 5545 and follows RFC 7529 (SKIP=BACKWARD), so that no maintenance is lost: day 29, 30 or 31
// falls on the last day of a month that has no such day, whether it comes from BYMONTHDAY or from the start of a plain
// MONTHLY or YEARLY rule. 31 February is thus a valid way to say its last day, and 29 February is the 28th in common
// years. Two days that meet on the last day are one date. An ordinal weekday (5MO) or a day from the end (-31) that a
// month lacks gives no date in it.
//
// A rule ends with COUNT or UNTIL, on 9999-12-31, or where no date follows within 400 years (a whole cycle of the
// calendar).
type Recurrence struct {
	frequency    frequency
	interval     int
	startsOn     Date
	count        int
	until        Date
	months       uint16 // bit n: month n; 0 = every month
	monthDays    uint32 // bit n: day n
	daysFromEnd  uint32 // bit n: day -n
	weekdays     uint8  // bit n: time.Weekday n
	ordinals     []ordinalWeekday
	setPositions []int
	weekStart    time.Weekday
	implied      impliedParts
	last         Date
}

type frequency uint8

const (
	daily frequency = iota + 1
	weekly
	monthly
	yearly
)

type ordinalWeekday struct {
	nth     int
	weekday time.Weekday
}

// impliedParts tells which parts come from the start and not from the text.
type impliedParts struct{ month, monthDay, weekday bool }

const everySeventhDay = uint64(1<<1 | 1<<8 | 1<<15 | 1<<22 | 1<<29)

// IsZero reports whether there is no rule.
func (r *Recurrence) IsZero() bool { return r.frequency == 0 }

// StartsOn returns the date the rule starts on; it has no earlier date.
func (r *Recurrence) StartsOn() Date { return r.startsOn }

// Next returns the first date after the given one; none asks for the first of all. The cost does not depend on how
// long ago the rule started.
func (r *Recurrence) Next(after Date) (Date, bool) {
	for date := range r.Dates(Date{ordinal: after.ordinal + 1}) {
		return date, true
	}
	return Date{}, false
}

// Previous returns the last date before the given one.
func (r *Recurrence) Previous(before Date) (Date, bool) {
	if r.IsZero() || !before.After(r.startsOn) {
		return Date{}, false
	}
	before = Date{ordinal: min(before.ordinal, r.last.ordinal+1)}
	var buffer [366]Date
	period := floorDiv(r.periodOf(before.AddDays(-1)), r.interval) * r.interval
	for ; period >= 0; period -= r.interval {
		dates := r.appendPeriod(buffer[:0], period)
		for i := len(dates) - 1; i >= 0 && !dates[i].Before(r.startsOn); i-- {
			if dates[i].Before(before) {
				return dates[i], true
			}
		}
	}
	return Date{}, false
}

// Between returns the dates of a window in order, both ends included, at most limit of them.
func (r *Recurrence) Between(from, to Date, limit int) []Date {
	var dates []Date
	for date := range r.Dates(from) {
		if date.After(to) || len(dates) >= limit {
			break
		}
		dates = append(dates, date)
	}
	return dates
}

// Dates yields the dates from the given one on, in order and without end where the rule has none.
func (r *Recurrence) Dates(from Date) iter.Seq[Date] {
	return func(yield func(Date) bool) {
		if r.IsZero() {
			return
		}
		from := Date{ordinal: max(from.ordinal, r.startsOn.ordinal)}
		var buffer [366]Date
		horizon := int(from.ordinal) + daysPerEra
		period := -floorDiv(-r.periodOf(from), r.interval) * r.interval
		for ; r.periodStart(period) <= min(horizon, int(r.last.ordinal)); period += r.interval {
			for _, date := range r.appendPeriod(buffer[:0], period) {
				if date.Before(from) {
					continue
				}
				if date.After(r.last) || !yield(date) {
					return
				}
				horizon = int(date.ordinal) + daysPerEra
			}
		}
	}
}

// periodOf numbers the days, weeks, months or years from the one of the start, which is 0.
func (r *Recurrence) periodOf(date Date) int {
	switch r.frequency {
	case weekly:
		return floorDiv(date.Sub(r.firstWeek()), 7)
	case monthly:
		return monthNumber(date) - monthNumber(r.startsOn)
	case yearly:
		year, _, _ := date.Civil()
		first, _, _ := r.startsOn.Civil()
		return year - first
	default:
		return date.Sub(r.startsOn)
	}
}

// periodStart returns the ordinal of a period's first day, which may lie past the end of the calendar.
func (r *Recurrence) periodStart(period int) int {
	switch r.frequency {
	case weekly:
		return int(r.firstWeek().ordinal) + 7*period
	case monthly:
		year, month := r.monthOf(period)
		return dayNumber(year, month)
	case yearly:
		first, _, _ := r.startsOn.Civil()
		return dayNumber(first+period, time.January)
	default:
		return int(r.startsOn.ordinal) + period
	}
}

// appendPeriod appends the dates of one period in order, those before the start included: BYSETPOS counts them.
func (r *Recurrence) appendPeriod(dates []Date, period int) []Date {
	switch r.frequency {
	case weekly:
		dates = r.appendWeek(dates, period)
	case monthly:
		year, month := r.monthOf(period)
		dates = r.appendMonth(dates, year, month)
	case yearly:
		first, _, _ := r.startsOn.Civil()
		for month := time.January; month <= time.December; month++ {
			dates = r.appendMonth(dates, first+period, month)
		}
	default:
		dates = r.appendDay(dates, period)
	}
	if len(r.setPositions) > 0 {
		return r.keepPositions(dates)
	}
	return dates
}

func (r *Recurrence) appendDay(dates []Date, period int) []Date {
	date := r.startsOn.AddDays(period)
	year, month, day := date.Civil()
	if r.hasMonth(month) && r.daysOf(year, month)>>day&1 == 1 {
		dates = append(dates, date)
	}
	return dates
}

func (r *Recurrence) appendWeek(dates []Date, period int) []Date {
	start := max(r.periodStart(period), int(r.startsOn.ordinal))
	end := min(r.periodStart(period+1), lastOrdinal+1)
	for ordinal := start; ordinal < end; ordinal++ {
		date := clampOrdinal(ordinal)
		if r.weekdays>>date.Weekday()&1 == 0 {
			continue
		}
		if _, month, _ := date.Civil(); r.hasMonth(month) {
			dates = append(dates, date)
		}
	}
	return dates
}

func (r *Recurrence) appendMonth(dates []Date, year int, month time.Month) []Date {
	if !r.hasMonth(month) {
		return dates
	}
	first := dayNumber(year, month)
	for days := r.daysOf(year, month); days != 0; days &= days - 1 {
		dates = append(dates, clampOrdinal(first+bits.TrailingZeros64(days)-1))
	}
	return dates
}

func (r *Recurrence) keepPositions(dates []Date) []Date {
	kept := dates[:0]
	for i, date := range dates {
		for _, position := range r.setPositions {
			if position == i+1 || position == i-len(dates) {
				kept = append(kept, date)
				break
			}
		}
	}
	return kept
}

// daysOf returns the days of a month that BYMONTHDAY and BYDAY allow: bit n is day n.
func (r *Recurrence) daysOf(year int, month time.Month) uint64 {
	length := DaysInMonth(year, month)
	days := uint64(1)<<(length+1) - 2
	if r.monthDays != 0 || r.daysFromEnd != 0 {
		days &= r.monthDaysOf(length)
	}
	if r.weekdays != 0 || len(r.ordinals) > 0 {
		days &= r.weekdaysOf(year, month, length)
	}
	return days
}

func (r *Recurrence) monthDaysOf(length int) uint64 {
	days := uint64(r.monthDays)
	if days>>(length+1) != 0 {
		days |= 1 << length
	}
	return days | uint64(bits.Reverse32(r.daysFromEnd))<<1>>(31-length)
}

func (r *Recurrence) weekdaysOf(year int, month time.Month, length int) uint64 {
	first := clampOrdinal(dayNumber(year, month))
	days := uint64(0)
	for weekday := time.Sunday; weekday <= time.Saturday; weekday++ {
		if r.weekdays>>weekday&1 == 1 {
			days |= everySeventhDay << daysUntil(first, weekday)
		}
	}
	for _, ordinal := range r.ordinals {
		day := ordinal.in(first, length)
		if r.frequency == yearly && r.months == 0 {
			january := clampOrdinal(dayNumber(year, time.January))
			day = ordinal.in(january, dayNumber(year+1, time.January)-int(january.ordinal)) - first.Sub(january)
		}
		if day >= 1 && day <= length {
			days |= 1 << day
		}
	}
	return days
}

// in returns the day, counted from 1, on which the weekday falls in a stretch of days; outside of it where it does not.
func (o ordinalWeekday) in(first Date, length int) int {
	if o.nth > 0 {
		return 1 + daysUntil(first, o.weekday) + 7*(o.nth-1)
	}
	afterEnd := first.AddDays(length)
	return length + 1 + daysUntil(afterEnd, o.weekday) + 7*o.nth
}

func (r *Recurrence) hasMonth(month time.Month) bool { return r.months == 0 || r.months>>month&1 == 1 }

func (r *Recurrence) firstWeek() Date {
	sinceWeekStart := (int(r.startsOn.Weekday()) - int(r.weekStart) + 7) % 7
	return Date{ordinal: r.startsOn.ordinal - int32(sinceWeekStart)}
}

func (r *Recurrence) monthOf(period int) (int, time.Month) {
	months := monthNumber(r.startsOn) + period
	return floorDiv(months, 12), time.Month(floorMod(months, 12) + 1)
}

func monthNumber(date Date) int {
	year, month, _ := date.Civil()
	return year*12 + int(month) - 1
}

// daysUntil returns how many days after the given one the weekday comes, 0 to 6.
func daysUntil(date Date, weekday time.Weekday) int {
	return (int(weekday) - int(date.Weekday()) + 7) % 7
}
