package models_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

type ledger = map[string]models.DueEntry

func calendar(t testing.TB, rrule, startsOn string) models.DueRule {
	t.Helper()
	return models.DueRule{Calendar: recurrence(t, rrule, startsOn), CatchUp: models.CatchUpAll}
}

// at is half past midnight UTC of a date: the planner comes a little late.
func at(t testing.TB, day string) time.Time { return date(t, day).In(time.UTC).Add(30 * time.Minute) }

func planned(plan models.DuePlan) string {
	var all []string
	for _, o := range plan.Occurrences {
		text := o.DueKey + " " + string(o.Status)
		if o.DueOn.String() != o.DueKey {
			text += " on " + o.DueOn.String()
		}
		if o.SuppressedBy != "" {
			text += " by " + o.SuppressedBy
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func forecast(dates []models.DueDate) string {
	var all []string
	for _, due := range dates {
		all = append(all, due.DueKey+">"+due.DueOn.String())
	}
	return strings.Join(all, " ")
}

// TestDueShiftsAsInSAP is SAP's own example: a cycle of three months, tolerance 10 % (9 days), late shift factor 50 %; planned
// 1 June and done 15 June, the next date is 1 September and 7 days.
func TestDueShiftsAsInSAP(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		factor, tolerance int
		done, next        string
	}{
		{50, 10, "2026-06-15", "2026-09-08"},
		{50, 10, "2026-06-10", "2026-09-01"}, // 9 days are within the tolerance
		{50, 10, "2026-06-11", "2026-09-06"}, // 10 are not, and count in full
		{50, 10, "2026-05-18", "2026-08-25"}, // early
		{0, 0, "2026-06-15", "2026-09-01"},   // fixed
		{100, 0, "2026-06-15", "2026-09-15"}, // floating
		{100, 0, "2026-05-30", "2026-08-30"},
		{50, 0, "2026-06-02", "2026-09-02"}, // half a day counts as one
	} {
		rule := calendar(t, "FREQ=MONTHLY;INTERVAL=3", "2026-06-01")
		rule.ShiftFactor, rule.TolerancePct = test.factor, test.tolerance
		plan := rule.Plan(rule.Start(models.Date{}, decimal.Zero), nil, nil, at(t, "2026-06-01"), time.UTC)
		require.Equal(t, "2026-06-01 generated", planned(plan))
		require.Equal(t, test.factor == 100, plan.GenerateAt.IsZero(), "a floating schedule waits for the completion")

		done := models.DoneOccurrence{
			DueDate: models.DueDate{DueKey: "2026-06-01", DueOn: date(t, "2026-06-01")}, DoneOn: date(t, test.done), Planned: true,
		}
		state := rule.Completed(plan.State, done, nil)
		require.Equal(t, state, rule.Completed(state, done, nil), "the lateness of one occurrence counts once")
		require.Equal(t, plan.State, rule.Reopened(state, done))
		next := rule.Forecast(state, nil, date(t, "2027-01-31"), 1)
		require.Equal(t, "2026-09-01>"+test.next, forecast(next), "%+v", test)
		require.Equal(t, test.next, rule.Position(state, nil, nil, at(t, test.done), time.UTC).NextDueOn.String())
	}
}

func TestDueStartsWithTheLastCompletion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                  string
		rrule, start          string
		factor, tolerance     int
		completed, key, dueOn string
	}{
		{"SAP", "FREQ=MONTHLY;INTERVAL=3", "2026-06-01", 50, 10, "2026-06-15", "2026-09-01", "2026-09-08"},
		{"fixed", "FREQ=MONTHLY", "2020-01-01", 0, 0, "2026-06-15", "2026-07-01", "2026-07-01"},
		{"floating", "FREQ=MONTHLY", "2020-01-01", 100, 0, "2026-06-15", "2026-07-01", "2026-07-15"},
		{"on the day", "FREQ=MONTHLY", "2020-01-01", 0, 0, "2026-07-01", "2026-08-01", "2026-08-01"},
		{"a little early", "FREQ=MONTHLY;INTERVAL=3", "2026-06-01", 0, 10, "2026-08-28", "2026-12-01", "2026-12-01"},
		{"long before the start", "FREQ=DAILY;INTERVAL=30", "2026-11-24", 100, 0, "2026-01-01", "2026-11-24", "2026-11-24"},
		{"shortly before the start, floating", "FREQ=DAILY;INTERVAL=30", "2026-11-24", 100, 0, "2026-11-10", "2026-11-24", "2026-12-10"},
		{"shortly before the start, fixed", "FREQ=DAILY;INTERVAL=30", "2026-11-24", 0, 0, "2026-11-10", "2026-11-24", "2026-11-24"},
	} {
		rule := calendar(t, test.rrule, test.start)
		rule.ShiftFactor, rule.TolerancePct = test.factor, test.tolerance
		state := rule.Start(date(t, test.completed), decimal.Zero)
		require.Equal(t, test.key+">"+test.dueOn, forecast(rule.Forecast(state, nil, date(t, "2030-01-01"), 1)), test.name)
	}
}

func TestDueCatchesUpAfterAnOutage(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		catchUp models.CatchUp
		factor  int
		want    string
	}{
		{models.CatchUpAll, 0, "2026-06-01 generated, 2026-06-08 generated, 2026-06-15 generated"},
		{models.CatchUpOne, 0, "2026-06-01 missed by 2026-06-15, 2026-06-08 missed by 2026-06-15, 2026-06-15 generated"},
		{models.CatchUpSkip, 0, "2026-06-01 missed, 2026-06-08 missed, 2026-06-15 missed"},
		{models.CatchUpAll, 100, "2026-06-01 missed by 2026-06-15, 2026-06-08 missed by 2026-06-15, 2026-06-15 generated"},
	} {
		rule := calendar(t, "FREQ=WEEKLY", "2026-06-01")
		rule.CatchUp, rule.ShiftFactor = test.catchUp, test.factor
		plan := rule.Plan(rule.Start(models.Date{}, decimal.Zero), nil, nil, at(t, "2026-06-18"), time.UTC)
		require.Equal(t, test.want, planned(plan), "%s %d", test.catchUp, test.factor)
		require.Equal(t, "2026-06-22", plan.NextDueOn.String())
		again := rule.Plan(plan.State, nil, nil, at(t, "2026-06-18"), time.UTC)
		require.Empty(t, again.Occurrences, "nothing twice")
	}
	today := calendar(t, "FREQ=DAILY", "2026-06-01")
	today.CatchUp = models.CatchUpSkip
	plan := today.Plan(today.Start(models.Date{}, decimal.Zero), nil, nil, at(t, "2026-06-02"), time.UTC)
	require.Equal(t, "2026-06-01 missed, 2026-06-02 generated", planned(plan), "what is due today has not passed")
}

func TestDueCatchesUpInBatches(t *testing.T) {
	t.Parallel()
	for policy, generated := range map[models.CatchUp]int{models.CatchUpAll: 1201, models.CatchUpOne: 1, models.CatchUpSkip: 1} {
		rule := calendar(t, "FREQ=DAILY", "2020-01-01")
		rule.CatchUp = policy
		state := rule.Start(models.Date{}, decimal.Zero)
		now := date(t, "2020-01-01").AddDays(1200).In(time.UTC)
		counts := map[models.OccurrenceStatus]int{}
		for plan := rule.Plan(state, nil, nil, now, time.UTC); len(plan.Occurrences) > 0; plan = rule.Plan(plan.State, nil, nil, now, time.UTC) {
			for _, o := range plan.Occurrences {
				counts[o.Status]++
			}
			require.LessOrEqual(t, len(plan.Occurrences), 500)
		}
		require.Equal(t, generated, counts[models.OccurrenceGenerated], policy)
		require.Equal(t, 1201-generated, counts[models.OccurrenceMissed], policy)
	}
}

func TestDueMovedAndSkippedDates(t *testing.T) {
	t.Parallel()
	rule := calendar(t, "FREQ=WEEKLY", "2026-06-01")
	state := rule.Start(models.Date{}, decimal.Zero)
	decided := ledger{
		"2026-06-01": {DueOn: date(t, "2026-06-20")},                // moved behind the two after it
		"2026-06-15": {DueOn: date(t, "2026-06-15"), Settled: true}, // skipped
		"2026-07-06": {DueOn: date(t, "2026-06-03")},                // moved before all others
	}
	require.Equal(t, "2026-07-06>2026-06-03 2026-06-08>2026-06-08 2026-06-01>2026-06-20 2026-06-22>2026-06-22 2026-06-29>2026-06-29 2026-07-13>2026-07-13",
		forecast(rule.Forecast(state, decided, date(t, "2026-07-13"), 100)))

	got := []string{}
	for day := date(t, "2026-06-01"); !day.After(date(t, "2026-07-13")); day = day.AddDays(1) {
		plan := rule.Plan(state, decided, nil, day.In(time.UTC), time.UTC)
		for _, o := range plan.Occurrences {
			got = append(got, day.String()+": "+o.DueKey)
			decided[o.DueKey] = models.DueEntry{DueOn: o.DueOn, Settled: true}
		}
		require.True(t, plan.NextDueOn.After(day), "%s: the next date %s lies ahead", day, plan.NextDueOn)
		state = plan.State
	}
	require.Equal(t, []string{
		"2026-06-03: 2026-07-06", "2026-06-08: 2026-06-08", "2026-06-20: 2026-06-01", "2026-06-22: 2026-06-22", "2026-06-29: 2026-06-29",
		"2026-07-13: 2026-07-13",
	}, got)
}

func TestDueGenerationMomentIsTheFirstOfTheDay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		zone, dueOn string
		lead        int
		want        string
	}{
		{"Europe/Berlin", "2026-03-30", 1, "2026-03-28T23:00:00Z"},
		{"America/Sao_Paulo", "2018-11-07", 3, "2018-11-04T03:00:00Z"},
		{"Africa/Cairo", "2024-04-26", 0, "2024-04-25T22:00:00Z"},
		{"Asia/Beirut", "2026-03-30", 1, "2026-03-28T22:00:00Z"},
		{"Pacific/Apia", "2011-12-30", 0, "2011-12-30T10:00:00Z"},
	} {
		location := zone(t, test.zone)
		rule := calendar(t, "FREQ=YEARLY", test.dueOn)
		rule.LeadDays = test.lead
		state := rule.Start(models.Date{}, decimal.Zero)
		position := rule.Position(state, nil, nil, time.Time{}, location)
		require.Equal(t, test.want, position.GenerateAt.Format(time.RFC3339), test.zone)
		early := rule.Plan(state, nil, nil, position.GenerateAt.Add(-time.Second), location)
		require.Empty(t, early.Occurrences, test.zone)
		due := rule.Plan(state, nil, nil, position.GenerateAt, location)
		require.Len(t, due.Occurrences, 1, test.zone)
	}
}

func TestDueMeterStepsMakeOneOrder(t *testing.T) {
	t.Parallel()
	rule := models.DueRule{MeterEvery: number("250"), CatchUp: models.CatchUpAll}
	state := rule.Start(models.Date{}, number("1000.5"))
	plan := func(total string) string {
		value := number(total)
		plan := rule.Plan(state, nil, &value, at(t, "2026-06-01"), time.UTC)
		state = plan.State
		return planned(plan)
	}
	require.Empty(t, plan("1250.4"))
	require.Equal(t, "m1250.5 generated on 2026-06-01", plan("1250.5"))
	require.Empty(t, plan("1250.5"), "the same reading makes nothing twice")
	require.Equal(t, "m1500.5 suppressed on 2026-06-01 by m2000.5, m1750.5 suppressed on 2026-06-01 by m2000.5, m2000.5 generated on 2026-06-01", plan("2100"))
	require.Equal(t, "2250.5", state.MeterNext.String())

	floating := models.DueRule{MeterEvery: number("250"), ShiftFactor: 100}
	value := number("260")
	first := floating.Plan(floating.Start(models.Date{}, decimal.Zero), nil, &value, at(t, "2026-06-01"), time.UTC)
	require.Equal(t, "m250 generated on 2026-06-01", planned(first))
	value = number("600")
	require.Empty(t, floating.Plan(first.State, nil, &value, at(t, "2026-06-05"), time.UTC).Occurrences, "its order is still open")
	done := models.DoneOccurrence{
		DueDate: models.DueDate{DueKey: "m250", DueOn: date(t, "2026-06-01")}, DoneOn: date(t, "2026-06-09"), Planned: true,
	}
	state = floating.Completed(first.State, done, &value)
	require.Equal(t, "850", state.MeterNext.String(), "a whole step after the completion")

	half := models.DueRule{MeterEvery: number("250"), ShiftFactor: 50}
	value = number("290")
	state = half.Completed(half.Reopened(half.Completed(first.State, done, &value), done), done, &value)
	require.Equal(t, "520", state.MeterNext.String(), "40 units late shift the next step by 20, once")
}

func TestDueReopeningTakesTheMetersShiftBack(t *testing.T) {
	t.Parallel()
	rule := calendar(t, "FREQ=MONTHLY;INTERVAL=3", "2026-06-01")
	rule.MeterEvery, rule.ShiftFactor = number("250"), 50
	total := number("1000")
	plan := rule.Plan(rule.Start(models.Date{}, total), nil, &total, at(t, "2026-06-01"), time.UTC)
	require.Equal(t, "1250", plan.State.MeterNext.String())
	done := models.DoneOccurrence{
		DueDate: models.DueDate{DueKey: "2026-06-01", DueOn: date(t, "2026-06-01")}, DoneOn: date(t, "2026-06-15"), Planned: true,
		MeterBefore: &plan.State.MeterNext,
	}
	total = number("1040")
	state := rule.Completed(plan.State, done, &total)
	require.Equal(t, "1270", state.MeterNext.String(), "40 units late, half of them")
	state = rule.Reopened(state, done)
	require.Equal(t, plan.State, state)
	total = number("1100")
	require.Equal(t, "1300", rule.Completed(state, done, &total).MeterNext.String(), "what it was late in the end, once")
}

func TestDueWhicheverComesFirstRestartsTheOther(t *testing.T) {
	t.Parallel()
	rule := calendar(t, "FREQ=YEARLY;COUNT=10", "2026-01-01")
	rule.MeterEvery = number("10000")
	state := rule.Start(date(t, "2026-01-01"), decimal.Zero)
	plan := func(day, total string) string {
		value := number(total)
		plan := rule.Plan(state, nil, &value, at(t, day), time.UTC)
		state = plan.State
		return planned(plan) + "; " + plan.NextDueOn.String() + " m" + state.MeterNext.String()
	}
	require.Equal(t, "; 2027-01-01 m10000", plan("2026-07-31", "9999"))
	require.Equal(t, "m10000 generated on 2026-08-01; 2027-08-01 m20000", plan("2026-08-01", "10040"))
	require.Equal(t, "2027-01-01 generated on 2027-08-01; 2028-07-31 m28000", plan("2027-08-01", "18000"))

	total, suppressed, steps := int64(18000), 0, 0
	for day := date(t, "2027-08-01"); day.Before(date(t, "2031-06-01")); day = day.AddDays(30) {
		total += 10000
		text := plan(day.String(), decimal.NewFromInt(total).String())
		suppressed += strings.Count(text, "suppressed")
		steps += strings.Count(text, "generated")
	}
	require.Equal(t, 47, steps)
	require.Equal(t, 4, suppressed, "nominal dates are covered as the years pass, not as the meter runs")
	require.Equal(t, "2032-01-01", state.Next.String())
}

// TestDueLedgerHasEveryDateOnce lets a planner come at random moments and checks that no date of the rule is lost or made twice,
// that what is generated was forecast, and that no date is settled before its moment.
func TestDueLedgerHasEveryDateOnce(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // repeatable on purpose
	rules := []string{"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;INTERVAL=10;COUNT=20"}
	for range 400 {
		location := zone(t, oracleZones[random.IntN(len(oracleZones))])
		rule := calendar(t, rules[random.IntN(len(rules))], date(t, "2009-01-31").AddDays(random.IntN(3000)).String())
		rule.LeadDays = random.IntN(20)
		rule.CatchUp = []models.CatchUp{models.CatchUpAll, models.CatchUpOne, models.CatchUpSkip}[random.IntN(3)]
		state := rule.Start(models.Date{}, decimal.Zero)
		now := rule.Calendar.StartsOn().AddDays(-30).In(location)
		keys := []string{}
		for range 30 {
			now = now.Add(time.Duration(random.IntN(20*24*60)) * time.Minute)
			plan := rule.Plan(state, nil, nil, now, location)
			for _, o := range plan.Occurrences {
				keys = append(keys, o.DueKey)
				require.False(t, o.DueOn.AddDays(-rule.LeadDays).In(location).After(now), "%s before its moment", o.DueKey)
				if o.Status == models.OccurrenceMissed {
					require.True(t, o.DueOn.Before(models.DateOf(now, location)), "%s has not passed", o.DueKey)
				}
			}
			if !plan.GenerateAt.IsZero() {
				require.True(t, plan.GenerateAt.After(now), "%s was left behind", plan.NextDueOn)
			}
			state = plan.State
		}
		want := texts(rule.Calendar.Between(models.Date{}, date(t, "9999-12-31"), len(keys)))
		require.Equal(t, want, strings.Join(keys, " "))
	}
}
