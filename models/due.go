package models

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// CatchUp says what is done about due dates that passed while nothing could be generated.
type CatchUp string

// Catch-up policies. Whatever the policy, every passed date stands in the ledger.
const (
	CatchUpOne  CatchUp = "one"  // one order for the latest, which covers the others
	CatchUpAll  CatchUp = "all"  // one order for each
	CatchUpSkip CatchUp = "skip" // none: work goes on with the next date
)

// dueBatch bounds the occurrences that one plan settles; the rest follows in the next.
const dueBatch = 500

// DueRule is what a schedule's due dates follow from: a calendar rule, a meter rule, or both, whichever comes first. Planner,
// forecast and preview ask it alike.
//
// A calendar date has two forms. The nominal one is the rule's and names the occurrence for ever; the effective one, the due
// date, lies ShiftDays later. Lateness moves the shift: with ShiftFactor 0 (fixed) never, with 100 (floating) by all of it.
// With both triggers the one that comes first covers the other and restarts it, as a car's service does.
type DueRule struct {
	Calendar     Recurrence      // zero: no calendar rule
	MeterEvery   decimal.Decimal // zero: no meter rule
	ShiftFactor  int             // 0 to 100 percent
	TolerancePct int             // of the cycle: lateness (or earliness) within it shifts nothing
	LeadDays     int             // an order is generated so many days before its due date
	CatchUp      CatchUp
}

// DueState is how far a schedule has come.
type DueState struct {
	Next      Date            // nominal date of the next calendar occurrence; none: no calendar rule, or it has ended
	ShiftDays int             // effective less nominal
	MeterNext decimal.Decimal // next threshold of the meter's running total
	Awaiting  bool            // a floating schedule: an open order must be completed before its next date is known
}

// DueEntry is what the ledger says about an occurrence ahead: a moved date, or one settled out of turn (skipped, generated).
type DueEntry struct {
	DueOn   Date
	Settled bool
}

// DueDate is one due date of a forecast.
type DueDate struct {
	DueOn     Date   `json:"due_on"`
	DueKey    string `json:"due_key"`             // the nominal date, or m<threshold>
	Estimated bool   `json:"estimated,omitempty"` // from the meter's usage so far
}

// PlannedOccurrence is one occurrence that a plan settles.
type PlannedOccurrence struct {
	DueDate
	Status       OccurrenceStatus // generated, missed or suppressed
	SuppressedBy string           // due_key of the occurrence that covers this one
}

// DuePlan is what is to be done now and where the schedule stands after it.
type DuePlan struct {
	Occurrences []PlannedOccurrence
	State       DueState
	NextDueOn   Date      // effective date of State.Next
	GenerateAt  time.Time // when to plan again; zero: not before a completion, a reading or a command
}

// Floating reports whether the next date follows from the completion alone.
func (r *DueRule) Floating() bool { return r.ShiftFactor == 100 }

// MeterKey names the occurrence at a threshold.
func MeterKey(threshold decimal.Decimal) string { return "m" + threshold.String() }

// thresholdOf reads a key of MeterKey.
func thresholdOf(key string) (decimal.Decimal, bool) {
	text, ok := strings.CutPrefix(key, "m")
	if !ok {
		return decimal.Zero, false
	}
	threshold, err := decimal.NewFromString(text)
	return threshold, err == nil
}

// Start returns the state of a schedule that has generated nothing. lastCompletedOn lets a plant move in: it settles the last
// nominal date on or before it plus the tolerance, and its lateness shifts the next; before the first one it can only put that
// off, for a floating schedule to a cycle after it. meterLast is the reading of the last maintenance.
func (r *DueRule) Start(lastCompletedOn Date, meterLast decimal.Decimal) DueState {
	state := DueState{}
	if !r.MeterEvery.IsZero() {
		state.MeterNext = meterLast.Add(r.MeterEvery)
	}
	if r.Calendar.IsZero() {
		return state
	}
	first, _ := r.Calendar.Next(Date{})
	state.Next = first
	if lastCompletedOn.IsZero() {
		return state
	}
	done, found := r.Calendar.Previous(lastCompletedOn.AddDays(1))
	if ahead, ok := r.Calendar.Next(lastCompletedOn); ok && ahead.Sub(lastCompletedOn) <= r.toleranceBefore(ahead) {
		done, found = ahead, true
	}
	if !found {
		before := first.AddDays(-r.cycleAt(first))
		state.ShiftDays = max(0, r.shift(before, first, lastCompletedOn.Sub(before)))
		return state
	}
	state.Next, _ = r.Calendar.Next(done)
	state.ShiftDays = r.shift(done, state.Next, lastCompletedOn.Sub(done))
	return state
}

// Dates yields the due dates from a state on in their order: those of the calendar rule, and the moved ones of the ledger in
// their new place. What the ledger has settled is left out.
func (r *DueRule) Dates(state DueState, ledger map[string]DueEntry) iter.Seq[DueDate] {
	return func(yield func(DueDate) bool) {
		moved := movedDates(ledger)
		for due := range r.unmoved(state, ledger) {
			for len(moved) > 0 && !moved[0].DueOn.After(due.DueOn) {
				if !yield(moved[0]) {
					return
				}
				moved = moved[1:]
			}
			if !yield(due) {
				return
			}
		}
		for _, due := range moved {
			if !yield(due) {
				return
			}
		}
	}
}

// unmoved yields the dates of the calendar rule that the ledger does not know.
func (r *DueRule) unmoved(state DueState, ledger map[string]DueEntry) iter.Seq[DueDate] {
	return func(yield func(DueDate) bool) {
		if state.Next.IsZero() {
			return
		}
		for nominal := range r.Calendar.Dates(state.Next) {
			due := DueDate{DueOn: nominal.AddDays(state.ShiftDays), DueKey: nominal.String()}
			if _, known := ledger[due.DueKey]; !known && !yield(due) {
				return
			}
		}
	}
}

// settle returns the ledger as it is once the occurrences stand in it; a copy where moved ones are among them.
func settle(ledger map[string]DueEntry, occurrences []PlannedOccurrence) map[string]DueEntry {
	copied := false
	for _, o := range occurrences {
		if _, moved := ledger[o.DueKey]; !moved {
			continue
		}
		if !copied {
			ledger, copied = maps.Clone(ledger), true
		}
		ledger[o.DueKey] = DueEntry{DueOn: o.DueOn, Settled: true}
	}
	return ledger
}

func movedDates(ledger map[string]DueEntry) []DueDate {
	var moved []DueDate
	for key, entry := range ledger {
		if !entry.Settled && !strings.HasPrefix(key, "m") {
			moved = append(moved, DueDate{DueOn: entry.DueOn, DueKey: key})
		}
	}
	slices.SortFunc(moved, func(a, b DueDate) int {
		return cmp.Or(a.DueOn.Compare(b.DueOn), strings.Compare(a.DueKey, b.DueKey))
	})
	return moved
}

// Forecast lists the due dates from a state to a date, included, at most limit of them. Dates that passed and wait for the
// catch-up policy are in it.
func (r *DueRule) Forecast(state DueState, ledger map[string]DueEntry, until Date, limit int) []DueDate {
	dates := []DueDate{}
	for due := range r.Dates(state, ledger) {
		if due.DueOn.After(until) || len(dates) >= limit {
			break
		}
		dates = append(dates, due)
	}
	return dates
}

// Plan decides what is due at now. total is the meter's running total, nil where the schedule has no meter or no reading.
func (r *DueRule) Plan(state DueState, ledger map[string]DueEntry, total *decimal.Decimal, now time.Time, zone *time.Location) DuePlan {
	plan := DuePlan{State: state}
	today := DateOf(now, zone)
	if !state.Awaiting {
		r.planMeter(&plan, ledger, total, today)
	}
	if !plan.State.Awaiting {
		r.planCalendar(&plan, ledger, total, now, zone)
	}
	position := r.Position(plan.State, settle(ledger, plan.Occurrences), total, now, zone)
	position.Occurrences = plan.Occurrences
	return position
}

// Position returns where a state stands: its next due date and the moment at which that is generated, the first one of (due date
// less lead days) at the site, or now where the meter is at its threshold.
func (r *DueRule) Position(state DueState, ledger map[string]DueEntry, total *decimal.Decimal, now time.Time, zone *time.Location) DuePlan {
	plan := DuePlan{State: state}
	plan.State.Next = Date{}
	for due := range r.unmoved(state, ledger) {
		plan.State.Next, _ = ParseDate(due.DueKey)
		break
	}
	for due := range r.Dates(state, ledger) {
		plan.NextDueOn = due.DueOn
		plan.GenerateAt = due.DueOn.AddDays(-r.LeadDays).In(zone)
		break
	}
	switch {
	case state.Awaiting:
		plan.GenerateAt = time.Time{}
	case !r.MeterEvery.IsZero() && total != nil && !total.LessThan(state.MeterNext):
		plan.GenerateAt = now
	}
	return plan
}

// DoneOccurrence is an occurrence whose work was done.
type DoneOccurrence struct {
	DueDate
	DoneOn Date // local date of completion
	// Planned says that the due date is the plan's own: no person moved it, and the rule is the one it came from.
	Planned bool
	// MeterBefore is the next threshold of the meter before the work was done; nil where nothing is known. A reopening goes back to it.
	MeterBefore *decimal.Decimal
}

// Completed returns the state after the work of the latest occurrence was done: lateness beyond the tolerance shifts what follows,
// of both triggers where there are two. total is the meter's at that time (nil: unknown). For a planned occurrence the shift
// follows from it and the rule alone, so that completing it twice counts its lateness once.
func (r *DueRule) Completed(state DueState, o DoneOccurrence, total *decimal.Decimal) DueState {
	state.Awaiting = false
	base := r.undone(state, o)
	state.ShiftDays = base.ShiftDays + r.lateness(o)
	if total == nil || r.MeterEvery.IsZero() {
		return state
	}
	state.MeterNext = base.MeterNext
	over := total.Sub(state.MeterNext.Sub(r.MeterEvery))
	if over.Abs().GreaterThan(r.MeterEvery.Mul(decimal.New(int64(r.TolerancePct), -2))) {
		state.MeterNext = state.MeterNext.Add(r.part(over))
	}
	return state
}

// Reopened returns the state after the completed work of the latest occurrence turned out not to be done: its shift is taken back, of
// both triggers where there are two.
func (r *DueRule) Reopened(state DueState, o DoneOccurrence) DueState {
	base := r.undone(state, o)
	if _, meter := thresholdOf(o.DueKey); meter || !o.Planned {
		base.ShiftDays -= r.lateness(o)
	}
	if o.MeterBefore != nil {
		base.MeterNext = *o.MeterBefore
	}
	base.Awaiting = r.Floating()
	return base
}

// undone returns the state that a planned occurrence left before it was done: for a calendar date its shift, for a step of the
// meter the next threshold. Anything else stays as it is.
func (r *DueRule) undone(state DueState, o DoneOccurrence) DueState {
	if !o.Planned {
		return state
	}
	if threshold, ok := thresholdOf(o.DueKey); ok {
		state.MeterNext = threshold.Add(r.MeterEvery)
	} else if nominal, err := ParseDate(o.DueKey); err == nil {
		state.ShiftDays = o.DueOn.Sub(nominal)
	}
	return state
}

// lateness returns the days by which the occurrence's lateness shifts the next date of the calendar rule.
func (r *DueRule) lateness(o DoneOccurrence) int {
	nominal, err := ParseDate(o.DueKey)
	if err != nil {
		nominal, _ = r.Calendar.Previous(o.DueOn.AddDays(1))
	}
	next, ok := r.Calendar.Next(nominal)
	if !ok || nominal.IsZero() {
		return 0
	}
	return r.shift(nominal, next, o.DoneOn.Sub(o.DueOn))
}

// planMeter makes one order where the total passed one or more thresholds: the highest passed is generated and covers the
// others, and the calendar starts again from that day.
func (r *DueRule) planMeter(plan *DuePlan, ledger map[string]DueEntry, total *decimal.Decimal, today Date) {
	if r.MeterEvery.IsZero() || total == nil || total.LessThan(plan.State.MeterNext) {
		return
	}
	steps, _ := total.Sub(plan.State.MeterNext).QuoRem(r.MeterEvery, 0)
	highest := plan.State.MeterNext.Add(steps.Mul(r.MeterEvery))
	by := MeterKey(highest)
	// A reading far beyond the last shows the latest steps only: a ledger of thousands explains nothing.
	first := decimal.Max(plan.State.MeterNext, highest.Sub(r.MeterEvery.Mul(decimal.NewFromInt(dueBatch))))
	for step := first; step.LessThan(highest); step = step.Add(r.MeterEvery) {
		if key := MeterKey(step); !ledger[key].Settled {
			plan.Occurrences = append(plan.Occurrences, PlannedOccurrence{DueDate{DueOn: today, DueKey: key}, OccurrenceSuppressed, by})
		}
	}
	plan.State.MeterNext = highest.Add(r.MeterEvery)
	if ledger[by].Settled {
		return
	}
	plan.Occurrences = append(plan.Occurrences, PlannedOccurrence{DueDate: DueDate{DueOn: today, DueKey: by}, Status: OccurrenceGenerated})
	plan.State.Awaiting = r.Floating()
	r.restartCalendar(plan, ledger, by, today)
}

// restartCalendar makes the calendar count from the day of an order that the meter made: that order covers the nominal dates
// up to the day, and the next one falls due a whole cycle after it. Nominal dates are not used up faster than time passes, so
// COUNT and UNTIL keep their meaning however often the meter comes first.
func (r *DueRule) restartCalendar(plan *DuePlan, ledger map[string]DueEntry, by string, today Date) {
	for due := range r.unmoved(plan.State, ledger) {
		nominal, _ := ParseDate(due.DueKey)
		if nominal.After(today) {
			plan.State.Next = nominal
			if cycle := r.cycleAt(today); cycle > 0 {
				plan.State.ShiftDays = today.AddDays(cycle).Sub(nominal)
			}
			if today.Before(r.Calendar.StartsOn()) {
				plan.State.ShiftDays = max(plan.State.ShiftDays, 0)
			}
			return
		}
		plan.Occurrences = append(plan.Occurrences, PlannedOccurrence{due, OccurrenceSuppressed, by})
	}
	plan.State.Next = Date{}
}

// cycleAt returns the days between the nominal dates around a date; before the first the days to the second.
func (r *DueRule) cycleAt(date Date) int {
	before, ok := r.Calendar.Previous(date.AddDays(1))
	if !ok {
		before, _ = r.Calendar.Next(Date{})
	}
	after, ok := r.Calendar.Next(before)
	if !ok {
		return 0
	}
	return after.Sub(before)
}

// planCalendar settles the dates whose moment has come.
func (r *DueRule) planCalendar(plan *DuePlan, ledger map[string]DueEntry, total *decimal.Decimal, now time.Time, zone *time.Location) {
	today := DateOf(now, zone)
	due := r.dueBy(plan.State, ledger, now, zone)
	covering := r.covering(plan.State, ledger, today)
	generated := false
	for _, date := range due {
		if _, moved := ledger[date.DueKey]; !moved {
			nominal, _ := ParseDate(date.DueKey)
			plan.State.Next, _ = r.Calendar.Next(nominal)
		}
		o := PlannedOccurrence{DueDate: date, Status: OccurrenceGenerated}
		if date.DueKey == covering {
			covering = ""
		}
		switch {
		case covering != "":
			o.Status, o.SuppressedBy = OccurrenceMissed, covering
		case r.CatchUp == CatchUpSkip && date.DueOn.Before(today):
			o.Status = OccurrenceMissed
		default:
			generated = true
		}
		plan.Occurrences = append(plan.Occurrences, o)
		if generated && r.Floating() {
			plan.State.Awaiting = true
			break
		}
	}
	if generated && total != nil && !r.MeterEvery.IsZero() {
		plan.State.MeterNext = total.Add(r.MeterEvery)
	}
}

// dueBy lists the dates whose moment of generation has come.
func (r *DueRule) dueBy(state DueState, ledger map[string]DueEntry, now time.Time, zone *time.Location) []DueDate {
	var due []DueDate
	// No zone is a whole day from UTC: dates two days ahead need no look at the zone.
	surely := DateOf(now, zone).AddDays(r.LeadDays + 1)
	for date := range r.Dates(state, ledger) {
		if len(due) >= dueBatch || date.DueOn.After(surely) || date.DueOn.AddDays(-r.LeadDays).In(zone).After(now) {
			break
		}
		due = append(due, date)
	}
	return due
}

// covering returns the key of the latest date that is due by today where one order is to stand for all of them. A floating
// schedule has one order at a time.
func (r *DueRule) covering(state DueState, ledger map[string]DueEntry, today Date) string {
	if r.CatchUp == CatchUpSkip || r.CatchUp == CatchUpAll && !r.Floating() {
		return ""
	}
	latest := ""
	for date := range r.Dates(state, ledger) {
		if date.DueOn.After(today) {
			break
		}
		latest = date.DueKey
	}
	return latest
}

// shift returns how many days lateness moves what follows a nominal date.
func (r *DueRule) shift(nominal, next Date, late int) int {
	cycle := 0
	if !next.IsZero() {
		cycle = next.Sub(nominal)
	}
	if abs(late) <= cycle*r.TolerancePct/100 {
		return 0
	}
	return int(r.part(decimal.NewFromInt(int64(late))).Round(0).IntPart())
}

func (r *DueRule) toleranceBefore(nominal Date) int {
	before, ok := r.Calendar.Previous(nominal)
	if !ok {
		return 0
	}
	return nominal.Sub(before) * r.TolerancePct / 100
}

func (r *DueRule) part(of decimal.Decimal) decimal.Decimal {
	return of.Mul(decimal.New(int64(r.ShiftFactor), -2))
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
