package models_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/teambition/rrule-go"

	"mainstay/models"
)

const (
	oracleRules = 20_000
	oracleDates = 12
)

var oracleZones = [...]string{
	"UTC", "Europe/Berlin", "Europe/London", "Europe/Lisbon", "America/New_York", "America/Sao_Paulo", "America/Havana", "America/St_Johns", "America/Asuncion", "America/Santiago",
	"Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Gaza", "Asia/Tehran", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Chatham",
}

// TestRecurrenceAgreesWithTwoOracles compares random rules with rrule-go where the month-end rule does not bite, and
// with a walk over every day where it does or where the rule has no date, for which rrule-go searches 8,000 years. It
// runs on noons in UTC, because in a zone that skips a midnight it gives the day before. Each date must begin in all zones at the first moment that zone has of it.
func TestRecurrenceAgreesWithTwoOracles(t *testing.T) {
	t.Parallel()
	zones := make([]*time.Location, len(oracleZones))
	for i, name := range oracleZones {
		zones[i] = zone(t, name)
	}
	workers := 4
	for worker := range workers {
		t.Run(strconv.Itoa(worker), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(2026, uint64(worker))) //nolint:gosec // repeatable on purpose
			asked, walked := 0, 0
			for range oracleRules / workers {
				rule := randomRule(random)
				got := rule.dates(t)
				if rule.bendsAtMonthEnd() || rule.mixesOrdinals() || len(got) == 0 {
					require.Equal(t, texts(rule.walk()), texts(got), "walking: %s", rule)
					walked++
				} else {
					require.Equal(t, texts(rule.askLibrary(t)), texts(got), "rrule-go: %s", rule)
					asked++
				}
				for _, day := range got[:min(2, len(got))] {
					requireFirstMoments(t, day, zones)
				}
			}
			require.Greater(t, asked, oracleRules/workers/2)
			require.Greater(t, walked, oracleRules/workers/5)
		})
	}
}

func requireFirstMoments(t *testing.T, day models.Date, zones []*time.Location) {
	t.Helper()
	for _, location := range zones {
		at := day.In(location)
		if models.DateOf(at, location).Before(day) || !models.DateOf(at.Add(-time.Nanosecond), location).Before(day) {
			require.Fail(t, "not the first moment", "%s in %s: %s", day, location, at)
		}
	}
}

// oracleRule is a rule in plain lists, so that an oracle need not read it with the code under test.
type oracleRule struct {
	frequency, weekStart                  string
	interval, count                       int
	until                                 time.Time
	months, monthDays, positions, nths    []int
	weekdays                              []time.Weekday
	start                                 time.Time
	yearsCompared                         int
	hasWeekStart, hasInterval, hasOrdinal bool
}

func randomRule(random *rand.Rand) oracleRule {
	rule := oracleRule{
		frequency: []string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}[random.IntN(4)],
		start:     time.Date(1990+random.IntN(70), time.Month(1+random.IntN(12)), 1+random.IntN(31), 0, 0, 0, 0, time.UTC),
		interval:  1, weekStart: "MO",
	}
	rule.yearsCompared = map[string]int{"DAILY": 3, "WEEKLY": 4, "MONTHLY": 8, "YEARLY": 24}[rule.frequency]
	one := func(in int) bool { return random.IntN(in) == 0 }
	if rule.hasInterval = one(2); rule.hasInterval {
		rule.interval = 1 + random.IntN(map[string]int{"DAILY": 100, "WEEKLY": 20, "MONTHLY": 15, "YEARLY": 4}[rule.frequency])
	}
	if one(3) {
		rule.months = distinct(random, 1+random.IntN(4), 1, 12)
	}
	if rule.frequency != "WEEKLY" && one(2) {
		rule.monthDays = distinct(random, 1+random.IntN(4), -31, 31)
		if one(2) {
			rule.monthDays = distinct(random, 1+random.IntN(3), -28, 28)
		}
	}
	if one(2) {
		rule.addWeekdays(random)
	}
	if len(rule.months)+len(rule.monthDays)+len(rule.weekdays) > 0 && one(4) {
		rule.positions = distinct(random, 1+random.IntN(2), -6, 6)
	}
	if rule.hasWeekStart = one(3); rule.hasWeekStart {
		rule.weekStart = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}[random.IntN(7)]
	}
	switch random.IntN(4) {
	case 0:
		rule.count = 1 + random.IntN(oracleDates)
	case 1:
		rule.until = rule.start.AddDate(0, 0, random.IntN(800))
	}
	return rule
}

func (o *oracleRule) addWeekdays(random *rand.Rand) {
	o.hasOrdinal = (o.frequency == "MONTHLY" || o.frequency == "YEARLY") && random.IntN(2) == 0
	farthest := 5
	if o.frequency == "YEARLY" && len(o.months) == 0 {
		farthest = 52
	}
	for _, day := range distinct(random, 1+random.IntN(4), 1, 7) {
		nth := 0
		if o.hasOrdinal && random.IntN(8) > 0 {
			nth = distinct(random, 1, -farthest, farthest)[0]
		}
		o.weekdays, o.nths = append(o.weekdays, time.Weekday(day-1)), append(o.nths, nth)
	}
}

func distinct(random *rand.Rand, count, from, to int) []int {
	var numbers []int
	for len(numbers) < count {
		if number := from + random.IntN(to-from+1); number != 0 && !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

func (o oracleRule) String() string { return o.text() + " from " + o.start.Format(time.DateOnly) }

func (o oracleRule) text() string {
	parts := []string{"FREQ=" + o.frequency}
	list := func(name string, numbers []int) {
		if len(numbers) > 0 {
			parts = append(parts, name+"="+strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers), " ", ","), "[]"))
		}
	}
	list("BYMONTH", o.months)
	list("BYMONTHDAY", o.monthDays)
	list("BYSETPOS", o.positions)
	var codes []string
	for i, weekday := range o.weekdays {
		code := strings.ToUpper(weekday.String()[:2])
		if o.nths[i] != 0 {
			code = strconv.Itoa(o.nths[i]) + code
		}
		codes = append(codes, code)
	}
	if len(codes) > 0 {
		parts = append(parts, "BYDAY="+strings.Join(codes, ","))
	}
	if o.hasInterval {
		parts = append(parts, "INTERVAL="+strconv.Itoa(o.interval))
	}
	if o.count > 0 {
		parts = append(parts, "COUNT="+strconv.Itoa(o.count))
	}
	if !o.until.IsZero() {
		parts = append(parts, "UNTIL="+o.until.Format("20060102"))
	}
	if o.hasWeekStart {
		parts = append(parts, "WKST="+o.weekStart)
	}
	return strings.Join(parts, ";")
}

func (o oracleRule) end() time.Time { return o.start.AddDate(o.yearsCompared, 0, 0) }

// bendsAtMonthEnd reports whether day 29, 30 or 31 may have to fall on a month's last day.
func (o oracleRule) bendsAtMonthEnd() bool {
	for _, day := range o.monthDays {
		if day > 28 {
			return true
		}
	}
	plain := len(o.monthDays) == 0 && len(o.weekdays) == 0
	return plain && o.start.Day() > 28 && (o.frequency == "MONTHLY" || o.frequency == "YEARLY")
}

// mixesOrdinals reports whether BYDAY has entries with and without ordinal, where rrule-go wants both at once and
// RFC 5545 either.
func (o oracleRule) mixesOrdinals() bool {
	return slices.Contains(o.nths, 0) && slices.ContainsFunc(o.nths, func(nth int) bool { return nth != 0 })
}

func (o oracleRule) dates(t *testing.T) []models.Date {
	t.Helper()
	rule, err := models.ParseRecurrence(o.text(), models.DateOf(o.start, time.UTC))
	if err != nil {
		require.EqualError(t, err, "RRULE: the rule never gives a date", "%s", o)
		return nil
	}
	return rule.Between(models.Date{}, models.DateOf(o.end(), time.UTC), oracleDates)
}

func (o oracleRule) askLibrary(t *testing.T) []models.Date {
	t.Helper()
	option, err := rrule.StrToROption(o.text())
	require.NoError(t, err)
	noon := func(day time.Time) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, time.UTC)
	}
	option.Dtstart = noon(o.start)
	option.Until = noon(o.end())
	if !o.until.IsZero() && o.until.Before(o.end()) {
		option.Until = noon(o.until)
	}
	rule, err := rrule.NewRRule(*option)
	require.NoError(t, err)
	var dates []models.Date
	next := rule.Iterator()
	for len(dates) < oracleDates {
		at, ok := next()
		if !ok {
			break
		}
		dates = append(dates, models.DateOf(at, time.UTC))
	}
	return dates
}

// walk looks at every day from the start of the first period on, the slow and plain way.
func (o oracleRule) walk() []models.Date {
	var dates []models.Date
	var period []time.Time
	current := 0
	closePeriod := func() bool {
		for i, day := range period {
			fits := len(o.positions) == 0 || slices.Contains(o.positions, i+1) || slices.Contains(o.positions, i-len(period))
			over := day.After(o.end()) || !o.until.IsZero() && day.After(o.until) || len(dates) == oracleDates || o.count > 0 && len(dates) == o.count
			if over {
				return false
			}
			if fits && !day.Before(o.start) {
				dates = append(dates, models.DateOf(day, time.UTC))
			}
		}
		period = period[:0]
		return true
	}
	for day := o.firstDay(); day.Before(o.end().AddDate(o.interval+1, 0, 0)); day = day.AddDate(0, 0, 1) {
		if number := o.periodNumber(day); number != current {
			if !closePeriod() {
				return dates
			}
			current = number
		}
		if current%o.interval == 0 && o.allows(day) {
			period = append(period, day)
		}
	}
	return dates
}

func (o oracleRule) firstDay() time.Time {
	switch o.frequency {
	case "MONTHLY":
		return time.Date(o.start.Year(), o.start.Month(), 1, 0, 0, 0, 0, time.UTC)
	case "YEARLY":
		return time.Date(o.start.Year(), time.January, 1, 0, 0, 0, 0, time.UTC)
	default:
		return o.start
	}
}

func (o oracleRule) periodNumber(day time.Time) int {
	switch o.frequency {
	case "WEEKLY":
		weekStart := strings.Index("SUMOTUWETHFRSA", o.weekStart) / 2
		first := o.start
		for int(first.Weekday()) != weekStart {
			first = first.AddDate(0, 0, -1)
		}
		return int(day.Sub(first).Hours()) / (7 * 24)
	case "MONTHLY":
		return day.Year()*12 + int(day.Month()) - o.start.Year()*12 - int(o.start.Month())
	case "YEARLY":
		return day.Year() - o.start.Year()
	default:
		return int(day.Sub(o.start).Hours()) / 24
	}
}

func (o oracleRule) allows(day time.Time) bool {
	months, monthDays, weekdays, nths := o.months, o.monthDays, o.weekdays, o.nths
	if len(monthDays) == 0 && len(weekdays) == 0 {
		switch o.frequency {
		case "WEEKLY":
			weekdays, nths = []time.Weekday{o.start.Weekday()}, []int{0}
		case "MONTHLY":
			monthDays = []int{o.start.Day()}
		case "YEARLY":
			monthDays = []int{o.start.Day()}
			if len(months) == 0 {
				months = []int{int(o.start.Month())}
			}
		}
	}
	if len(months) > 0 && !slices.Contains(months, int(day.Month())) {
		return false
	}
	lastDay := day.AddDate(0, 0, 1).Month() != day.Month()
	fromEnd := 0
	for probe := day; probe.Month() == day.Month(); probe = probe.AddDate(0, 0, 1) {
		fromEnd--
	}
	if len(monthDays) > 0 && !slices.ContainsFunc(monthDays, func(wanted int) bool {
		return wanted == day.Day() || wanted == fromEnd || lastDay && wanted > day.Day()
	}) {
		return false
	}
	if len(weekdays) == 0 {
		return true
	}
	for i, weekday := range weekdays {
		if day.Weekday() == weekday && (nths[i] == 0 || o.isNth(day, nths[i])) {
			return true
		}
	}
	return false
}

// isNth counts the same weekdays of the month or year on one side of the day.
func (o oracleRule) isNth(day time.Time, nth int) bool {
	step := -7
	if nth < 0 {
		step = 7
	}
	counted := 0
	for probe := day; probe.Year() == day.Year(); probe = probe.AddDate(0, 0, step) {
		if (o.frequency == "MONTHLY" || len(o.months) > 0) && probe.Month() != day.Month() {
			break
		}
		counted++
	}
	return counted == max(nth, -nth)
}
