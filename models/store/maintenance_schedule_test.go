package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// yard is a plant with what the tests of schedules need.
type yard struct {
	storetest.Plant
	t  *testing.T
	s  *store.Store
	db storetest.Database
}

func newYard(t *testing.T) *yard {
	t.Helper()
	s, db := storetest.New(t)
	return &yard{Plant: storetest.NewPlant(t, db, "one"), t: t, s: s, db: db}
}

func (y *yard) ctx() context.Context {
	return models.WithCommandKey(y.Context(y.t.Context()), models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true})
}

func (y *yard) today() models.Date {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(y.t, err)
	return models.DateOf(time.Now(), zone)
}

// calendar is a definition by a rule that starts so many days from today.
func (y *yard) calendar(rrule string, days int) models.ScheduleDefinition {
	return models.ScheduleDefinition{
		Title: "Grease", AssetID: &y.Asset, Calendar: &models.CalendarRule{RRule: rrule, StartsOn: y.today().AddDays(days)},
		CatchUp: models.CatchUpOne, Priority: models.PriorityMedium,
	}
}

func (y *yard) create(d models.ScheduleDefinition) uuid.UUID {
	y.t.Helper()
	require.NoError(y.t, d.Validate())
	ctx := y.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	_, admitted, err := y.s.AdmitMaintenanceSchedule(ctx, id, d)
	require.NoError(y.t, err)
	_, err = y.s.RunScheduleCommand(ctx, id, admitted.ID, models.ScheduleCreate)
	require.NoError(y.t, err)
	return id
}

func (y *yard) command(id uuid.UUID, name models.ScheduleCommandName, c models.ScheduleCommand) error {
	y.t.Helper()
	ctx := y.ctx()
	_, admitted, err := y.s.AdmitScheduleCommand(ctx, id, name, c)
	require.NoError(y.t, err)
	_, err = y.s.RunScheduleCommand(ctx, id, admitted.ID, name)
	return err
}

// generate runs sets until nothing is due, as a planner does, and returns how many orders that made.
func (y *yard) generate(now time.Time) int {
	y.t.Helper()
	made := 0
	for {
		result, err := y.s.GenerateDue(models.WithActor(y.t.Context(), models.SystemActor(y.Tenant)), y.Site, now, 500)
		require.NoError(y.t, err)
		require.Zero(y.t, result.Refused)
		made += result.Generated
		if result.Claimed == 0 {
			return made
		}
	}
}

func (y *yard) get(id uuid.UUID) store.MaintenanceScheduleView {
	y.t.Helper()
	view, err := y.s.MaintenanceSchedule(y.ctx(), id)
	require.NoError(y.t, err)
	return view
}

func (y *yard) ledger(id uuid.UUID, statuses ...string) []models.Occurrence {
	y.t.Helper()
	rows, err := y.s.Occurrences(y.ctx(), id, statuses, store.Page{Limit: 200, Sort: "due_on"})
	require.NoError(y.t, err)
	return rows.Items
}

func (y *yard) forecast(id uuid.UUID, days int) []models.DueDate {
	y.t.Helper()
	dates, err := y.s.Forecast(y.ctx(), id, y.today().AddDays(days))
	require.NoError(y.t, err)
	return dates
}

// work carries a generated order through commands.
func (y *yard) work(o models.Occurrence, names ...models.WorkOrderCommandName) {
	y.t.Helper()
	for _, name := range names {
		y.workCommand(o, name, models.WorkOrderCommand{})
	}
}

func (y *yard) complete(o models.Occurrence) {
	y.t.Helper()
	y.workCommand(o, models.WorkOrderComplete, models.WorkOrderCommand{Resolution: "done"})
}

func (y *yard) workCommand(o models.Occurrence, name models.WorkOrderCommandName, c models.WorkOrderCommand) {
	y.t.Helper()
	_, err := runCommand(y.ctx(), y.s, *o.WorkOrderID, name, c)
	require.NoError(y.t, err)
}

func (y *yard) status(o models.Occurrence) models.WorkOrderStatus {
	y.t.Helper()
	w, err := y.s.WorkOrder(y.ctx(), *o.WorkOrderID)
	require.NoError(y.t, err)
	return w.Status
}

func (y *yard) count(query string, args ...any) int {
	y.t.Helper()
	var n int
	require.NoError(y.t, y.db.Owner.QueryRowContext(y.t.Context(), query, args...).Scan(&n))
	return n
}

func statuses(ledger []models.Occurrence) []models.OccurrenceStatus {
	out := make([]models.OccurrenceStatus, len(ledger))
	for i, o := range ledger {
		out[i] = o.Status
	}
	return out
}

func TestForecastIsWhatGetsGenerated(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	d := y.calendar("FREQ=WEEKLY;INTERVAL=2", 3)
	d.LeadDays = 60
	preview, err := y.s.PreviewSchedule(y.ctx(), d, y.today().AddDays(60))
	require.NoError(t, err)
	id := y.create(d)
	forecast := y.forecast(id, 60)
	require.Equal(t, preview, forecast)
	require.Len(t, forecast, 5)
	require.Equal(t, 5, y.generate(time.Now()))
	ledger := y.ledger(id, "generated")
	require.Len(t, ledger, 5)
	for i, o := range ledger {
		require.Equal(t, models.DueDate{DueOn: o.DueOn, DueKey: o.DueKey}, forecast[i])
	}
	require.Equal(t, forecast, y.forecast(id, 60), "open dates stay in the forecast")
	require.Equal(t, 5, y.count(`SELECT count(*) FROM outbox WHERE kind = 'start' AND queue = 'bulk-start'`))
	require.Equal(t, 5, y.count(`SELECT count(*) FROM audit_events WHERE action = 'work_order.create' AND actor_kind = 'system'`))
	w, err := y.s.WorkOrder(y.ctx(), *ledger[0].WorkOrderID)
	require.NoError(t, err)
	require.Equal(t, "WO-000001", w.Number)
	require.Equal(t, models.WorkPreventive, w.Type)
	require.Equal(t, id, *w.ScheduleID)
	require.Equal(t, ledger[0].DueOn, *w.DueOn)
}

func TestTwoPlannersGenerateOnce(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	const schedules = 60
	for range schedules {
		y.create(y.calendar("FREQ=DAILY", 0))
	}
	var group sync.WaitGroup
	faults := make(chan error, 400)
	for range 4 {
		group.Go(func() {
			for range 30 {
				_, err := y.s.GenerateDue(models.WithActor(t.Context(), models.SystemActor(y.Tenant)), y.Site, time.Now(), 7)
				faults <- err
			}
		})
	}
	group.Wait()
	close(faults)
	for err := range faults {
		require.NoError(t, err)
	}
	require.Equal(t, schedules, y.count(`SELECT count(*) FROM work_orders`))
	require.Equal(t, schedules, y.count(`SELECT count(DISTINCT number) FROM work_orders`))
	require.Equal(t, schedules, y.count(`SELECT count(*) FROM occurrences WHERE status = 'generated'`))
	require.Zero(t, y.generate(time.Now()))
}

func TestShiftFactorOfSAP(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	start, done := models.NewDate(2026, time.June, 1), models.NewDate(2026, time.June, 15)
	d := models.ScheduleDefinition{
		Title: "Overhaul", AssetID: &y.Asset, Calendar: &models.CalendarRule{RRule: "FREQ=MONTHLY;INTERVAL=3", StartsOn: start},
		ShiftFactor: 50, TolerancePct: 10, CatchUp: models.CatchUpOne, Priority: models.PriorityLow, LastCompletedOn: &done,
	}
	view := y.get(y.create(d))
	require.Equal(t, models.NewDate(2026, time.September, 8), *view.NextDueOn)
	require.Equal(t, "2026-09-01", view.NextDueKey)
}

func TestCompletionShiftsWhatFollows(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	d := y.calendar("FREQ=DAILY;INTERVAL=90", -14)
	d.ShiftFactor, d.TolerancePct = 50, 10
	id := y.create(d)
	require.Equal(t, 1, y.generate(time.Now()))
	require.Equal(t, y.today().AddDays(76), *y.get(id).NextDueOn)
	y.work(y.ledger(id)[0], models.WorkOrderStart)
	y.complete(y.ledger(id)[0])
	o := y.ledger(id)[0]
	require.Equal(t, models.OccurrenceCompleted, o.Status)
	require.Equal(t, y.today(), *o.CompletedOn)
	require.Equal(t, y.today().AddDays(76+7), *y.get(id).NextDueOn)

	y.workCommand(o, models.WorkOrderReopen, models.WorkOrderCommand{Reason: "leaks"})
	require.Equal(t, y.today().AddDays(76), *y.get(id).NextDueOn)
	require.Equal(t, models.OccurrenceGenerated, y.ledger(id)[0].Status)
}

// threeOpen is a schedule every 10 days, half shifted, with three open orders: due 24 and 14 days ago, and 4.
func threeOpen(t *testing.T, y *yard) (uuid.UUID, []models.Occurrence) {
	t.Helper()
	d := y.calendar("FREQ=DAILY;INTERVAL=10", -24)
	d.ShiftFactor, d.CatchUp = 50, models.CatchUpAll
	id := y.create(d)
	require.Equal(t, 3, y.generate(time.Now()))
	ledger := y.ledger(id)
	for _, o := range ledger {
		y.work(o, models.WorkOrderStart)
	}
	return id, ledger
}

func TestOpenOrdersTogetherShiftByTheLatestOnly(t *testing.T) {
	t.Parallel()
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		y := newYard(t)
		id, ledger := threeOpen(t, y)
		for _, i := range order {
			y.complete(ledger[i])
		}
		require.Equal(t, y.today().AddDays(6+2), *y.get(id).NextDueOn, "4 days late, half of it: %v", order)
	}
}

func TestWhatWasDoneBeforeTheLatestCountsOnceTheLatestIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, takeBack := range map[string]func(*yard, uuid.UUID, models.Occurrence){
		"cancelled": func(y *yard, _ uuid.UUID, o models.Occurrence) { y.work(o, models.WorkOrderCancel) },
		"skipped": func(y *yard, id uuid.UUID, o models.Occurrence) {
			require.NoError(y.t, y.command(id, models.ScheduleSkip, models.ScheduleCommand{DueKey: o.DueKey, Reason: "no need"}))
		},
	} {
		for _, doneFirst := range []bool{true, false} {
			y := newYard(t)
			d := y.calendar("FREQ=DAILY;INTERVAL=10", -14)
			d.ShiftFactor, d.CatchUp = 50, models.CatchUpAll
			id := y.create(d)
			require.Equal(t, 2, y.generate(time.Now()))
			ledger := y.ledger(id)
			y.work(ledger[0], models.WorkOrderStart)
			if doneFirst {
				y.complete(ledger[0])
				takeBack(y, id, ledger[1])
			} else {
				takeBack(y, id, ledger[1])
				y.complete(ledger[0])
			}
			require.Equal(t, y.today().AddDays(6+7), *y.get(id).NextDueOn, "14 days late, half of it: %s, done first %v", name, doneFirst)
		}
	}
}

func TestReopenedWorkOfTwoTriggersIsLateOnce(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	meter := y.meter("1000")
	d := y.calendar("FREQ=DAILY;INTERVAL=90", 0)
	d.ShiftFactor, d.Meter = 50, &models.MeterRule{MeterID: meter, Every: decimal.NewFromInt(250)}
	id := y.create(d)
	require.Equal(t, 1, y.generate(time.Now()))
	next := func() string { return y.get(id).MeterNext.String() }
	require.Equal(t, "1250", next())
	o := y.ledger(id)[0]
	y.work(o, models.WorkOrderStart)
	y.read(meter, "1040")
	y.complete(o)
	require.Equal(t, "1270", next())
	y.workCommand(o, models.WorkOrderReopen, models.WorkOrderCommand{Reason: "leaks"})
	require.Equal(t, "1250", next())
	y.read(meter, "1100")
	y.complete(o)
	require.Equal(t, "1300", next())
}

func TestLatenessCountsOnceWhateverHappensBetween(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	d := y.calendar("FREQ=DAILY;INTERVAL=10", -4)
	d.ShiftFactor = 50
	id := y.create(d)
	require.Equal(t, 1, y.generate(time.Now()))
	first := y.ledger(id)[0]
	y.work(first, models.WorkOrderStart)
	y.complete(first)
	require.Equal(t, y.today().AddDays(6+2), *y.get(id).NextDueOn)
	require.NoError(t, y.command(id, models.ScheduleGenerate, models.ScheduleCommand{}))
	y.workCommand(first, models.WorkOrderReopen, models.WorkOrderCommand{Reason: "leaks"}) // no longer the latest: what follows it keeps its place
	second := y.ledger(id)[1]
	y.work(second, models.WorkOrderCancel)
	y.complete(first) // the latest again
	require.Equal(t, y.today().AddDays(16+2), *y.get(id).NextDueOn)
}

func TestAnOrderMovedBehindALaterOneShiftsNothing(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	d := y.calendar("FREQ=DAILY;INTERVAL=10", -14)
	d.ShiftFactor, d.CatchUp = 50, models.CatchUpAll
	id := y.create(d)
	require.Equal(t, 2, y.generate(time.Now()))
	ledger := y.ledger(id)
	today := y.today()
	require.NoError(t, y.command(id, models.ScheduleMove, models.ScheduleCommand{DueKey: ledger[0].DueKey, DueOn: &today, Reason: "Later"}))
	for _, occurrence := range slices.Backward(ledger) {
		y.work(occurrence, models.WorkOrderStart)
		y.complete(occurrence)
	}
	require.Equal(t, y.today().AddDays(6+2), *y.get(id).NextDueOn)
}

func TestFloatingScheduleWaitsForItsOrder(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	d := y.calendar("FREQ=DAILY;INTERVAL=10", -5)
	d.ShiftFactor, d.LeadDays = 100, 30
	id := y.create(d)
	require.Equal(t, 1, y.generate(time.Now()))
	require.Nil(t, y.get(id).GenerateAt)
	y.work(y.ledger(id)[0], models.WorkOrderStart)
	y.complete(y.ledger(id)[0])
	require.Equal(t, y.today().AddDays(10), *y.get(id).NextDueOn)
	require.Equal(t, 1, y.generate(time.Now()))
}

func TestCatchUpAfterFortyDays(t *testing.T) {
	t.Parallel()
	for policy, want := range map[models.CatchUp]struct{ generated, missed int }{
		models.CatchUpOne: {1, 4}, models.CatchUpAll: {5, 0}, models.CatchUpSkip: {1, 4},
	} {
		t.Run(string(policy), func(t *testing.T) {
			t.Parallel()
			y := newYard(t)
			d := y.calendar("FREQ=DAILY;INTERVAL=10", -40)
			d.CatchUp = policy
			id := y.create(d)
			require.Equal(t, want.generated, y.generate(time.Now()))
			require.Len(t, y.ledger(id, "generated"), want.generated)
			require.Len(t, y.ledger(id, "missed"), want.missed)
			require.Len(t, y.ledger(id), 5, "every date stands in the ledger")
			require.Equal(t, y.today().AddDays(10), *y.get(id).NextDueOn)
		})
	}
}

func (y *yard) meter(total string) uuid.UUID {
	y.t.Helper()
	id := models.NewID()
	_, err := y.db.Owner.ExecContext(y.t.Context(), `INSERT INTO meters (tenant_id, id, asset_id, name, unit, kind, last_value, last_total,
		created_at, updated_at) VALUES ($1, $2, $3, 'Hours', 'h', 'continuous', $4, $4, now(), now())`, y.Tenant, id, y.Asset, total)
	require.NoError(y.t, err)
	return id
}

func (y *yard) read(meter uuid.UUID, total string) {
	y.t.Helper()
	_, err := y.s.ReadMeter(y.ctx(), meter, decimal.RequireFromString(total), time.Now())
	require.NoError(y.t, err)
}

func TestForecastOfAMeterFollowsItsReadings(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	meter := y.meter("1000")
	d := models.ScheduleDefinition{
		Title: "Oil", AssetID: &y.Asset, Meter: &models.MeterRule{MeterID: meter, Every: decimal.NewFromInt(250)},
		CatchUp: models.CatchUpOne, Priority: models.PriorityLow,
	}
	preview := func() []models.DueDate {
		dates, err := y.s.PreviewSchedule(y.ctx(), d, y.today().AddDays(100))
		require.NoError(t, err)
		return dates
	}
	id := y.create(d)
	now := time.Now()
	at := func(days int, value string) {
		_, err := y.s.ReadMeter(y.ctx(), meter, decimal.RequireFromString(value), now.AddDate(0, 0, -days))
		require.NoError(t, err)
	}
	require.Empty(t, y.forecast(id, 100))
	at(20, "1000")
	require.Empty(t, y.forecast(id, 100), "one reading tells no usage")
	at(900, "0") // older than a year before the last: out of what counts once there is another
	at(0, "1200")
	want := []models.DueDate{
		{DueOn: y.today().AddDays(5), DueKey: "m1250", Estimated: true},
		{DueOn: y.today().AddDays(30), DueKey: "m1500", Estimated: true},
		{DueOn: y.today().AddDays(55), DueKey: "m1750", Estimated: true},
		{DueOn: y.today().AddDays(80), DueKey: "m2000", Estimated: true},
	}
	require.Equal(t, want, y.forecast(id, 100))
	require.Equal(t, "m1450", preview()[0].DueKey, "a new schedule counts from the meter as it is")

	two := storetest.NewPlant(t, y.db, "two")
	_, err := y.s.Forecast(two.Context(t.Context()), id, y.today().AddDays(100))
	require.Equal(t, models.CodeNotFound, models.AsError(err).Code)
}

func TestReadingPastThreeStepsMakesOneOrder(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	meter := y.meter("100")
	id := y.create(models.ScheduleDefinition{
		Title: "Oil", AssetID: &y.Asset, Meter: &models.MeterRule{MeterID: meter, Every: decimal.NewFromInt(250)},
		CatchUp: models.CatchUpOne, Priority: models.PriorityHigh,
	})
	require.Zero(t, y.generate(time.Now()))
	y.read(meter, "349")
	require.Zero(t, y.generate(time.Now()))
	y.read(meter, "900")
	require.Equal(t, 1, y.generate(time.Now()))
	generated, suppressed := y.ledger(id, "generated"), y.ledger(id, "suppressed")
	require.Len(t, generated, 1)
	require.Equal(t, "m850", generated[0].DueKey)
	require.Len(t, suppressed, 2)
	require.Equal(t, "m850", *suppressed[0].SuppressedBy)
	require.True(t, decimal.NewFromInt(1100).Equal(*y.get(id).MeterNext))
	y.read(meter, "900")
	require.Zero(t, y.generate(time.Now()))
}

func TestPauseResumeEnd(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	id := y.create(y.calendar("FREQ=DAILY", -3))
	require.NoError(t, y.command(id, models.SchedulePause, models.ScheduleCommand{Reason: "stands still"}))
	require.Zero(t, y.generate(time.Now()))
	require.Equal(t, models.CodeConflict, models.ErrorCode(y.command(id, models.ScheduleGenerate, models.ScheduleCommand{})))
	require.NoError(t, y.command(id, models.ScheduleResume, models.ScheduleCommand{}))
	require.Len(t, y.ledger(id, "skipped"), 3)
	require.Equal(t, 1, y.generate(time.Now()))

	require.NoError(t, y.command(id, models.ScheduleEnd, models.ScheduleCommand{Reason: "scrapped"}))
	ledger := y.ledger(id, "cancelled")
	require.Len(t, ledger, 1)
	require.Equal(t, models.WorkOrderCancelled, y.status(ledger[0]))
	require.Empty(t, y.forecast(id, 100))
	require.Zero(t, y.generate(time.Now().AddDate(0, 0, 3)))
	require.Equal(t, models.CodeConflict, models.ErrorCode(y.command(id, models.ScheduleResume, models.ScheduleCommand{})))
}

func TestPauseUntilEndsByItself(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	id := y.create(y.calendar("FREQ=DAILY", 5))
	past := y.today()
	require.Equal(t, models.CodeInvalid, models.ErrorCode(y.command(id, models.SchedulePause, models.ScheduleCommand{Reason: "x", Until: &past})))
	until := y.today().AddDays(2)
	require.NoError(t, y.command(id, models.SchedulePause, models.ScheduleCommand{Reason: "x", Until: &until}))
	m, err := y.s.RunScheduleAction(y.ctx(), id, models.ScheduleWake)
	require.NoError(t, err)
	require.Equal(t, models.SchedulePaused, m.Status, "its day has not come")
	_, err = y.db.Owner.ExecContext(t.Context(), `UPDATE maintenance_schedules SET next_action_at = now() - interval '1 minute'`)
	require.NoError(t, err)
	m, err = y.s.RunScheduleAction(y.ctx(), id, models.ScheduleWake)
	require.NoError(t, err)
	require.Equal(t, models.ScheduleActive, m.Status)
}

func TestEditKeepsWhatWasAndPutsOrdersRight(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	d := y.calendar("FREQ=DAILY;INTERVAL=10", 1)
	d.LeadDays = 15
	id := y.create(d)
	require.Equal(t, 2, y.generate(time.Now())) // in 1 and in 11 days
	first := y.ledger(id)[0]
	y.work(first, models.WorkOrderStart)
	d.Calendar.RRule = "FREQ=DAILY;INTERVAL=8"
	require.NoError(t, y.command(id, models.ScheduleEdit, models.ScheduleCommand{Definition: &d}))
	require.Equal(t, 2, y.get(id).Revision)
	require.Equal(t, 1, y.count(`SELECT count(*) FROM schedule_revisions WHERE rule->'calendar'->>'rrule' = 'FREQ=DAILY;INTERVAL=10'`))
	require.Equal(t, []models.OccurrenceStatus{models.OccurrenceGenerated, models.OccurrenceCancelled}, statuses(y.ledger(id)))
	require.Equal(t, models.WorkOrderInProgress, y.status(first), "begun work goes on")
	require.Equal(t, 1, y.generate(time.Now()))
	require.Equal(t, y.today().AddDays(9).String(), y.ledger(id, "generated")[1].DueKey)
	stale := 1
	require.Equal(t, models.CodePreconditionFailed, models.ErrorCode(
		y.command(id, models.ScheduleEdit, models.ScheduleCommand{Definition: &d, IfVersion: &stale})))
}

func TestSkipAndMove(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	id := y.create(y.calendar("FREQ=WEEKLY", 1))
	dates := y.forecast(id, 40)
	require.NoError(t, y.command(id, models.ScheduleSkip, models.ScheduleCommand{DueKey: dates[0].DueKey, Reason: "holiday"}))
	moved := dates[1].DueOn.AddDays(2)
	require.NoError(t, y.command(id, models.ScheduleMove, models.ScheduleCommand{DueKey: dates[1].DueKey, DueOn: &moved, Reason: "crane"}))
	after := y.forecast(id, 40)
	require.Equal(t, models.DueDate{DueOn: moved, DueKey: dates[1].DueKey}, after[0])
	require.Equal(t, dates[2:], after[1:])
	require.Equal(t, moved, *y.get(id).NextDueOn)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(
		y.command(id, models.ScheduleSkip, models.ScheduleCommand{DueKey: y.today().AddDays(2).String(), Reason: "x"})))
	require.Equal(t, models.CodeConflict, models.ErrorCode(
		y.command(id, models.ScheduleSkip, models.ScheduleCommand{DueKey: dates[0].DueKey, Reason: "x"})))

	require.Equal(t, 1, y.generate(time.Now().AddDate(0, 0, 11)))
	order := y.ledger(id, "generated")[0]
	require.Equal(t, moved, order.DueOn)
	later := moved.AddDays(1)
	require.NoError(t, y.command(id, models.ScheduleMove, models.ScheduleCommand{DueKey: order.DueKey, DueOn: &later, Reason: "rain"}))
	w, err := y.s.WorkOrder(y.ctx(), *order.WorkOrderID)
	require.NoError(t, err)
	require.Equal(t, later, *w.DueOn)
	require.NoError(t, y.command(id, models.ScheduleSkip, models.ScheduleCommand{DueKey: order.DueKey, Reason: "rain"}))
	require.Equal(t, models.WorkOrderCancelled, y.status(order))
	require.Len(t, y.ledger(id, "skipped"), 2)
}

func TestGenerateNow(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	id := y.create(y.calendar("FREQ=WEEKLY", 7))
	dates := y.forecast(id, 40)
	require.NoError(t, y.command(id, models.ScheduleGenerate, models.ScheduleCommand{DueKey: dates[1].DueKey}))
	require.NoError(t, y.command(id, models.ScheduleGenerate, models.ScheduleCommand{}))
	require.Equal(t, models.CodeConflict, models.ErrorCode(
		y.command(id, models.ScheduleGenerate, models.ScheduleCommand{DueKey: dates[1].DueKey})))
	require.Len(t, y.ledger(id, "generated"), 2)
	require.Equal(t, dates[2].DueOn, *y.get(id).NextDueOn)
	require.Equal(t, dates, y.forecast(id, 40))
}

func TestMonthEndAndClockChange(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	_, err := y.db.Owner.ExecContext(t.Context(), `UPDATE locations SET time_zone = 'America/Sao_Paulo'`)
	require.NoError(t, err)
	id := y.create(models.ScheduleDefinition{
		Title: "x", AssetID: &y.Asset, CatchUp: models.CatchUpAll, Priority: models.PriorityLow,
		Calendar: &models.CalendarRule{RRule: "FREQ=MONTHLY;COUNT=4", StartsOn: models.NewDate(2018, time.August, 31)},
	})
	require.Equal(t, 4, y.generate(time.Now()))
	ledger := y.ledger(id)
	require.Equal(t, "2018-09-30", ledger[1].DueKey)
	require.Equal(t, "2018-11-30", ledger[3].DueKey)
	require.Nil(t, y.get(id).NextDueOn)
	// Midnight of 2018-11-04 did not exist in São Paulo: the day before ends when clocks jump to 01:00.
	id = y.create(models.ScheduleDefinition{
		Title: "x", AssetID: &y.Asset, CatchUp: models.CatchUpAll, Priority: models.PriorityLow,
		Calendar: &models.CalendarRule{RRule: "FREQ=DAILY;COUNT=2", StartsOn: models.NewDate(2018, time.November, 3)},
	})
	require.Equal(t, 2, y.generate(time.Now()))
	w, err := y.s.WorkOrder(y.ctx(), *y.ledger(id)[0].WorkOrderID)
	require.NoError(t, err)
	require.Equal(t, time.Date(2018, time.November, 4, 3, 0, 0, 0, time.UTC), w.DueAt.UTC())
}

func TestScheduleOfAnotherTenantAndBadReferences(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	id := y.create(y.calendar("FREQ=DAILY", 1))
	two := storetest.NewPlant(t, y.db, "two")
	_, err := y.s.MaintenanceSchedule(two.Context(t.Context()), id)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	_, err = y.s.Forecast(two.Context(t.Context()), id, y.today())
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	result, err := y.s.GenerateDue(models.WithActor(t.Context(), models.SystemActor(two.Tenant)), y.Site, time.Now().AddDate(1, 0, 0), 500)
	require.NoError(t, err)
	require.Zero(t, result.Claimed)
	d := y.calendar("FREQ=DAILY", 1)
	d.Meter = &models.MeterRule{MeterID: models.NewID(), Every: decimal.NewFromInt(1)}
	_, err = y.s.PreviewSchedule(y.ctx(), d, y.today())
	require.ErrorContains(t, err, "/meter/meter_id")
}

func TestPlannerIsWokenByAnEarlierDateOnly(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	system := models.WithActor(t.Context(), models.SystemActor(y.Tenant))
	wakes := func() int { return y.count(`SELECT count(*) FROM outbox WHERE process = 'MaintenancePlanner'`) }
	p, err := y.s.PlannerWaits(system, y.Site)
	require.NoError(t, err)
	require.Nil(t, p, "a site without a schedule has no planner")
	y.create(y.calendar("FREQ=DAILY", 10))
	y.create(y.calendar("FREQ=DAILY", 20))
	require.Equal(t, 1, wakes(), "one wake under way is enough")
	p, err = y.s.PlannerWaits(system, y.Site)
	require.NoError(t, err)
	require.Equal(t, y.today().AddDays(10), models.DateOf(*p.WaitsUntil, berlin(t)))
	y.create(y.calendar("FREQ=DAILY", 15))
	require.Equal(t, 1, wakes())
	y.create(y.calendar("FREQ=DAILY", 5))
	require.Equal(t, 2, wakes())
	y.create(y.calendar("FREQ=DAILY", 0))
	p, err = y.s.PlannerWaits(system, y.Site)
	require.NoError(t, err)
	require.True(t, p.WaitsUntil.After(time.Now()), "a date that has passed means a moment, not never")
	require.True(t, p.WaitsUntil.Before(time.Now().Add(time.Minute)))
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return zone
}

func TestCheckPlanRepairs(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	system := models.WithActor(t.Context(), models.SystemActor(y.Tenant))
	check := func() int {
		n, err := y.s.CheckPlan(system, y.Site, time.Now(), func() {})
		require.NoError(t, err)
		return n
	}
	id := y.create(y.calendar("FREQ=DAILY", 0))
	y.create(y.calendar("FREQ=WEEKLY", 3))
	require.Equal(t, 1, y.generate(time.Now()))
	require.Zero(t, check())
	_, err := y.db.Owner.ExecContext(t.Context(), `UPDATE maintenance_schedules SET next_due_key = $2::text, next_due_on = $2::text::date,
		generate_at = generate_at + interval '3 days' WHERE id = $1`, id, y.today().AddDays(4).String())
	require.NoError(t, err)
	require.Equal(t, 1, check())
	require.Equal(t, y.today().AddDays(1), *y.get(id).NextDueOn)
	require.Zero(t, check())
	_, err = y.db.Owner.ExecContext(t.Context(), `UPDATE maintenance_schedules SET generate_at = NULL`)
	require.NoError(t, err)
	require.Equal(t, 2, check())
	require.NotNil(t, y.get(id).GenerateAt)
}

func TestANewZoneOfTheSiteMovesWhatIsDue(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	due := y.create(y.calendar("FREQ=DAILY", 0))
	ahead := y.create(y.calendar("FREQ=MONTHLY", 20))
	paused := y.create(y.calendar("FREQ=MONTHLY", 20))
	until := y.today().AddDays(5)
	require.NoError(t, y.command(paused, models.SchedulePause, models.ScheduleCommand{Reason: "Rebuilt", Until: &until}))
	require.Equal(t, 1, y.generate(time.Now()))
	order := *y.ledger(due, "generated")[0].WorkOrderID
	system := models.WithActor(t.Context(), models.SystemActor(y.Tenant))
	_, err := y.s.CheckPlan(system, y.Site, time.Now().UTC(), func() {})
	require.NoError(t, err)
	_, err = y.s.PlannerWaits(system, y.Site)
	require.NoError(t, err)

	auckland, err := time.LoadLocation("Pacific/Auckland")
	require.NoError(t, err)
	require.NoError(t, y.s.ChangeLocation(y.ctx(), y.Site, 1, func(l *models.Location) { l.TimeZone = "Pacific/Auckland" }))
	w, err := y.s.WorkOrder(y.ctx(), order)
	require.NoError(t, err)
	require.Equal(t, w.DueOn.AddDays(1).In(auckland).UTC(), w.DueAt.UTC())
	require.Equal(t, until.In(auckland).UTC(), y.get(paused).NextActionAt.UTC())
	require.Equal(t, 1, y.count(`SELECT count(*) FROM audit_events WHERE action = 'work_order.rezone'`))
	require.Equal(t, 1, y.count(`SELECT count(*) FROM audit_events WHERE action = 'maintenance_schedule.rezone'`))
	require.Equal(t, 1, y.count(`SELECT count(*) FROM outbox WHERE process = 'MaintenancePlanner' AND created_at >= (SELECT woken_at FROM maintenance_planners)`))

	p, err := y.s.PlannerWaits(system, y.Site)
	require.NoError(t, err)
	action, at := p.NextAction()
	require.Equal(t, models.PlannerCheck, action)
	require.False(t, at.After(time.Now()), "the planner compares at once")
	repaired, err := y.s.CheckPlan(system, y.Site, time.Now().UTC(), func() {})
	require.NoError(t, err)
	require.Positive(t, repaired)
	require.Equal(t, y.today().AddDays(20).In(auckland).UTC(), y.get(ahead).GenerateAt.UTC())
	require.Positive(t, y.count(`SELECT count(*) FROM audit_events WHERE action = 'maintenance_schedule.repair' AND subject_id = $1`, ahead))
	repaired, err = y.s.CheckPlan(system, y.Site, time.Now().UTC(), func() {})
	require.NoError(t, err)
	require.Zero(t, repaired)
}

func TestACheckThatAZoneOvertookIsDoneAgain(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.create(y.calendar("FREQ=MONTHLY", 20))
	system := models.WithActor(t.Context(), models.SystemActor(y.Tenant))
	overtaken := false
	_, err := y.s.CheckPlan(system, y.Site, time.Now().UTC(), func() {
		overtaken = true
		require.NoError(t, y.s.ChangeLocation(y.ctx(), y.Site, 1, func(l *models.Location) { l.TimeZone = "Pacific/Auckland" }))
	})
	require.NoError(t, err)
	require.True(t, overtaken)
	p, err := y.s.PlannerWaits(system, y.Site)
	require.NoError(t, err)
	_, at := p.NextAction()
	require.False(t, at.After(time.Now()))
}
