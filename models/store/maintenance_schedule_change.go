package store

import (
	"encoding/json"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// Work that nobody has begun may still be taken back.
const notBegun = `('waiting_approval', 'approved', 'waiting_material', 'scheduled')`

// position writes where the schedule stands with this state.
func (tx *Tx) position(row *scheduleRow, state models.DueState, ledger Ledger) error {
	rule, zone, err := row.ruleInZone()
	if err != nil {
		return err
	}
	row.SetPlan(rule.Position(state, ledger, row.MeterTotal, tx.Now, zone))
	return nil
}

// replanAfterEdit keeps the old definition as a revision and plans anew from where the ledger ends. An order not begun stays where
// its due date is one of the new rule too; the others are cancelled and come again at the new dates.
func (tx *Tx) replanAfterEdit(row *scheduleRow, before models.MaintenanceSchedule) error {
	was, is := before.Definition(), row.Definition()
	if err := tx.settleReferences(row, is); err != nil {
		return err
	}
	text, err := json.Marshal(was)
	if err != nil {
		return err
	}
	tx.queue(`INSERT INTO schedule_revisions (tenant_id, schedule_id, revision, rule, actor_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.Actor.TenantID, row.ID, before.Revision, string(text), tx.Actor.UserID, tx.Now)
	rule, err := row.Rule()
	if err != nil {
		return err
	}
	stays := func(key string) bool {
		if strings.HasPrefix(key, "m") {
			return is.Meter != nil && was.Meter != nil && is.Meter.MeterID == was.Meter.MeterID
		}
		return rule.Has(key)
	}
	if err := tx.cancelOrders(row, "The maintenance schedule was edited.", models.OccurrenceCancelled, stays); err != nil {
		return err
	}
	state, err := tx.stateAfterEdit(row, before, rule)
	if err != nil {
		return err
	}
	ledger, err := tx.fullLedger(row.ID)
	if err != nil {
		return err
	}
	return tx.position(row, state, ledger)
}

// stateAfterEdit goes on from the last calendar occurrence that was settled and still counts; the shift stays where the rule still
// shifts.
func (tx *Tx) stateAfterEdit(row *scheduleRow, before models.MaintenanceSchedule, rule models.DueRule) (models.DueState, error) {
	d, state := row.Definition(), before.State()
	fresh := d.Start(rule, row.MeterTotal)
	if before.MeterID == nil || row.MeterID == nil || *before.MeterID != *row.MeterID ||
		!before.MeterEvery.Equal(*row.MeterEvery) || !sameDecimal(before.MeterLastValue, row.MeterLastValue) {
		state.MeterNext = fresh.MeterNext
	}
	state.Awaiting = state.Awaiting && rule.Floating()
	last, err := txValues[string](tx, `SELECT coalesce(max(due_key), '') FROM occurrences
		WHERE tenant_id = $1 AND schedule_id = $2 AND due_key < 'm' AND ($3 = '' OR due_key < $3)
		AND status IN ('generated', 'completed', 'missed', 'skipped', 'suppressed')`, tx.Actor.TenantID, row.ID, before.NextDueKey)
	if err != nil {
		return state, err
	}
	if rule.ShiftFactor == 0 {
		state.ShiftDays = 0
	}
	settled, err := models.ParseDate(last[0])
	if err != nil {
		state.Next, state.ShiftDays = fresh.Next, fresh.ShiftDays
		return state, nil //nolint:nilerr // no date was settled: the rule starts anew
	}
	state.Next, _ = rule.Calendar.Next(settled)
	return state, nil
}

// skipPaused notes as skipped what was due while the schedule was paused; work goes on with today.
func (tx *Tx) skipPaused(row *scheduleRow, before models.MaintenanceSchedule) error {
	ledger, err := tx.fullLedger(row.ID)
	if err != nil {
		return err
	}
	rule, zone, err := row.ruleInZone()
	if err != nil {
		return err
	}
	today := models.DateOf(tx.Now, zone)
	var keys, dates []string
	for _, due := range rule.Forecast(row.State(), ledger, today.AddDays(-1), ForecastLimit) {
		keys, dates = append(keys, due.DueKey), append(dates, due.DueOn.String())
		ledger[due.DueKey] = models.DueEntry{DueOn: due.DueOn, Settled: true}
	}
	if len(keys) > 0 {
		if _, err := tx.exec(`INSERT INTO occurrences
			(tenant_id, schedule_id, due_key, due_on, status, revision, reason, actor_id, created_at, updated_at)
			SELECT $1, $2, u.key, u.due::date, 'skipped', $3, $4, $5, $6, $6 FROM unnest($7::text[], $8::text[]) AS u (key, due)
			ON CONFLICT (tenant_id, schedule_id, due_key) DO UPDATE SET status = 'skipped', reason = excluded.reason,
				actor_id = excluded.actor_id, updated_at = excluded.updated_at`,
			tx.Actor.TenantID, row.ID, row.Revision, reasonOf("The schedule was paused", before.PauseReason), tx.Actor.UserID, tx.Now,
			keys, dates); err != nil {
			return err
		}
	}
	return tx.position(row, row.State(), ledger)
}

// cancelOrders takes back the orders that nobody has begun, but for those whose key stays; their occurrences become status.
func (tx *Tx) cancelOrders(row *scheduleRow, reason string, status models.OccurrenceStatus, stays func(key string) bool) error {
	orders, err := txRead[models.WorkOrder](tx, `SELECT `+workOrderColumns+` FROM work_orders w WHERE w.tenant_id = $1
		AND w.schedule_id = $2 AND w.status IN `+notBegun+` FOR NO KEY UPDATE`, tx.Actor.TenantID, row.ID)
	if err != nil {
		return err
	}
	for _, w := range orders {
		if stays != nil && stays(*w.DueKey) {
			continue
		}
		if err := tx.cancelOrder(w, reason, status); err != nil {
			return err
		}
		row.Awaiting = false
	}
	return nil
}

func (tx *Tx) cancelOrder(w models.WorkOrder, reason string, status models.OccurrenceStatus) error {
	before := w
	if err := w.Apply(models.WorkOrderCancel, models.WorkOrderCommand{Reason: reason}, tx.Now); err != nil {
		return err
	}
	if err := tx.saveWorkOrder(&before, &w, string(models.WorkOrderCancel), reason); err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE occurrences SET status = $4, reason = $5, actor_id = $6, updated_at = $7
		WHERE tenant_id = $1 AND schedule_id = $2 AND due_key = $3`,
		tx.Actor.TenantID, w.ScheduleID, w.DueKey, string(status), reason, tx.Actor.UserID, tx.Now); err != nil {
		return err
	}
	return tx.wakeWorkOrder(w.ID)
}

// takeOrder locks the order of an occurrence; a conflict where work has begun.
func (tx *Tx) takeOrder(o *models.Occurrence) (models.WorkOrder, error) {
	if o.WorkOrderID == nil {
		return models.WorkOrder{}, models.NotFound("work_order")
	}
	w, err := tx.lockWorkOrder(*o.WorkOrderID)
	if err == nil && !w.NotBegun() {
		return w, models.Conflict("Work on the order %s has begun: it is %s.", w.Number, strings.ReplaceAll(string(w.Status), "_", " "))
	}
	return w, err
}

// skipOccurrence passes one due date over. Its order is taken back where nobody has begun it.
func (tx *Tx) skipOccurrence(row *scheduleRow, c models.ScheduleCommand) error {
	known, due, ledger, err := tx.findOccurrence(row, c.DueKey)
	if err != nil {
		return err
	}
	state := row.State()
	if known != nil && known.Status == models.OccurrenceGenerated {
		w, err := tx.takeOrder(known)
		if err != nil {
			return err
		}
		if state, err = tx.stateWithout(row, known.DueKey); err != nil {
			return err
		}
		if err := tx.cancelOrder(w, c.Reason, models.OccurrenceSkipped); err != nil {
			return err
		}
		return tx.position(row, state, ledger)
	}
	if known != nil && known.Status.Settled() {
		return models.Conflict("The occurrence %s is %s.", known.DueKey, known.Status)
	}
	if err := tx.noteOccurrence(&row.MaintenanceSchedule, due, models.OccurrenceSkipped, c.Reason); err != nil {
		return err
	}
	ledger[due.DueKey] = models.DueEntry{DueOn: due.DueOn, Settled: true}
	if rule, err := row.Rule(); err == nil && due.DueKey == models.MeterKey(state.MeterNext) {
		state.MeterNext = state.MeterNext.Add(rule.MeterEvery)
	}
	return tx.position(row, state, ledger)
}

// moveOccurrence puts one due date on another day, not in the past. An order that nobody has begun moves along.
func (tx *Tx) moveOccurrence(row *scheduleRow, c models.ScheduleCommand) error {
	known, due, ledger, err := tx.findOccurrence(row, c.DueKey)
	if err != nil {
		return err
	}
	zone, err := row.zone()
	if err != nil {
		return err
	}
	if c.DueOn.Before(models.DateOf(tx.Now, zone)) {
		return models.InvalidField("/due_on", "minimum", "An occurrence cannot be moved into the past.")
	}
	if known != nil && known.Status == models.OccurrenceGenerated {
		return tx.moveOrder(row, known, c)
	}
	if known != nil && known.Status.Settled() {
		return models.Conflict("The occurrence %s is %s.", known.DueKey, known.Status)
	}
	if strings.HasPrefix(due.DueKey, "m") {
		return models.Conflict("An occurrence of a meter comes when the meter does.")
	}
	due.DueOn = *c.DueOn
	if err := tx.noteOccurrence(&row.MaintenanceSchedule, due, models.OccurrenceForecast, c.Reason); err != nil {
		return err
	}
	ledger[due.DueKey] = models.DueEntry{DueOn: due.DueOn}
	return tx.position(row, row.State(), ledger)
}

func (tx *Tx) moveOrder(row *scheduleRow, o *models.Occurrence, c models.ScheduleCommand) error {
	w, err := tx.takeOrder(o)
	if err != nil {
		return err
	}
	before := w
	if err := w.Move(c.DueOn, row.TimeZone, tx.Now); err != nil {
		return err
	}
	if err := tx.saveWorkOrder(&before, &w, "move", c.Reason); err != nil {
		return err
	}
	if err := tx.noteOccurrence(&row.MaintenanceSchedule, models.DueDate{DueOn: *c.DueOn, DueKey: o.DueKey}, o.Status, c.Reason); err != nil {
		return err
	}
	return tx.wakeWorkOrder(w.ID)
}

// findOccurrence looks for a due date in the ledger and ahead; CodeNotFound where the schedule has no such date.
func (tx *Tx) findOccurrence(row *scheduleRow, key string) (*models.Occurrence, models.DueDate, Ledger, error) {
	ledger, err := tx.fullLedger(row.ID)
	if err != nil {
		return nil, models.DueDate{}, nil, err
	}
	known, err := tx.occurrence(row.ID, key)
	if err != nil {
		return nil, models.DueDate{}, nil, err
	}
	if known != nil {
		return known, models.DueDate{DueOn: known.DueOn, DueKey: key}, ledger, nil
	}
	rule, err := row.Rule()
	if err != nil {
		return nil, models.DueDate{}, nil, err
	}
	zone, err := row.zone()
	if err != nil {
		return nil, models.DueDate{}, nil, err
	}
	due, ok := rule.Find(row.State(), key, models.DateOf(tx.Now, zone))
	if !ok {
		return nil, due, nil, models.NotFound("occurrence")
	}
	return nil, due, ledger, nil
}

// generateNow makes the order of an occurrence ahead of its time: of the next one where no key is given. One that was missed or
// skipped can be generated after all.
func (tx *Tx) generateNow(row *scheduleRow, key string) error {
	if row.Awaiting {
		return models.Conflict("An open order of this floating schedule must be completed first.")
	}
	if key == "" {
		switch {
		case row.NextDueKey != "":
			key = row.NextDueKey
		case row.MeterNext != nil:
			key = models.MeterKey(*row.MeterNext)
		default:
			return models.Conflict("The schedule has no due date left.")
		}
	}
	known, due, ledger, err := tx.findOccurrence(row, key)
	if err != nil {
		return err
	}
	if known != nil && (known.WorkOrderID != nil || known.Status == models.OccurrenceSuppressed) {
		return models.Conflict("The occurrence %s is %s.", known.DueKey, known.Status)
	}
	rule, err := row.Rule()
	if err != nil {
		return err
	}
	zone, err := row.zone()
	if err != nil {
		return err
	}
	set := settlement{reopened: true}
	set.add(tx, row, models.PlannedOccurrence{DueDate: due, Status: models.OccurrenceGenerated}, zone)
	if err := tx.settle(&set); err != nil {
		return err
	}
	ledger[key] = models.DueEntry{DueOn: due.DueOn, Settled: true}
	state := row.State()
	state.Awaiting = rule.Floating()
	if key == models.MeterKey(state.MeterNext) {
		state.MeterNext = state.MeterNext.Add(rule.MeterEvery)
	}
	return tx.position(row, state, ledger)
}

// occurrenceFollows brings an occurrence after its work order: completed, cancelled, or open again. Lateness shifts the schedule's
// next dates, and the planner is woken where one of them is earlier than what it waits for. It does nothing for an order that no
// schedule generated.
func (tx *Tx) occurrenceFollows(w models.WorkOrder, name models.WorkOrderCommandName) error {
	status, follows := map[models.WorkOrderCommandName]models.OccurrenceStatus{
		models.WorkOrderComplete: models.OccurrenceCompleted, models.WorkOrderCancel: models.OccurrenceCancelled,
		models.WorkOrderReopen: models.OccurrenceGenerated,
	}[name]
	if !follows || w.ScheduleID == nil || w.DueKey == nil {
		return nil
	}
	row, err := txReadOne[scheduleRow](tx, "maintenance_schedule", lockSchedule, tx.Actor.TenantID, *w.ScheduleID)
	if err != nil {
		return err
	}
	o, err := tx.occurrence(row.ID, *w.DueKey)
	if err != nil || o == nil {
		return err
	}
	state, completed, err := tx.feedBack(&row, o, status)
	if err != nil {
		return err
	}
	var meterBefore *decimal.Decimal
	if completed != nil {
		meterBefore = row.MeterNext
	}
	tx.queue(`UPDATE occurrences SET status = $4, completed_on = $5, updated_at = $6, meter_before = $7
		WHERE tenant_id = $1 AND schedule_id = $2 AND due_key = $3`,
		tx.Actor.TenantID, row.ID, o.DueKey, string(status), completed, tx.Now, meterBefore)
	if row.Status == models.ScheduleEnded || state == row.State() {
		return nil
	}
	ledger, err := tx.fullLedger(row.ID)
	if err != nil {
		return err
	}
	if err := tx.position(&row, state, ledger); err != nil {
		return err
	}
	if err := tx.savePlans([]scheduleRow{row}); err != nil {
		return err
	}
	return tx.wakeFor(row.MaintenanceSchedule)
}

// feedBack returns the schedule's state after what happened to an occurrence, and its local date of completion. Only the latest
// occurrence shifts what follows, and its lateness counts once; an order that is opened again takes its shift back.
func (tx *Tx) feedBack(row *scheduleRow, o *models.Occurrence, status models.OccurrenceStatus) (models.DueState, *models.Date, error) {
	state := row.State()
	zone, err := row.zone()
	if err != nil {
		return state, nil, err
	}
	rule, err := row.Rule()
	if err != nil {
		return state, nil, err
	}
	latest, err := tx.isLatest(row.ID, o.DueKey)
	if err != nil {
		return state, nil, err
	}
	done := doneOccurrence(row, o)
	done.DoneOn = models.DateOf(tx.Now, zone)
	switch {
	case status == models.OccurrenceCompleted && latest:
		return rule.Completed(state, done, row.MeterTotal), &done.DoneOn, nil
	case status == models.OccurrenceCompleted:
		return state, &done.DoneOn, nil
	case status == models.OccurrenceCancelled && latest:
		state, err = tx.stateWithout(row, o.DueKey)
		return state, nil, err
	case status == models.OccurrenceGenerated && latest && o.CompletedOn != nil:
		done.DoneOn = *o.CompletedOn
		return rule.Reopened(state, done), nil, nil
	}
	return state, nil, nil
}

func doneOccurrence(row *scheduleRow, o *models.Occurrence) models.DoneOccurrence {
	done := models.DoneOccurrence{
		DueDate: models.DueDate{DueOn: o.DueOn, DueKey: o.DueKey}, Planned: o.ActorID == nil && o.Revision == row.Revision,
		MeterBefore: o.MeterBefore,
	}
	if o.CompletedOn != nil {
		done.DoneOn = *o.CompletedOn
	}
	return done
}

// stateWithout returns the schedule's state once the order of an occurrence is taken back. Where that was the latest date of the rule,
// the date before it counts again: its work may have been done while it was not the latest, and then its lateness counts now.
func (tx *Tx) stateWithout(row *scheduleRow, key string) (models.DueState, error) {
	state := row.State()
	latest, err := tx.isLatest(row.ID, key)
	if err != nil || !latest {
		return state, err
	}
	state.Awaiting = false
	before, err := txRead[models.Occurrence](tx, `SELECT `+occurrenceColumns+` FROM occurrences o
		WHERE o.tenant_id = $1 AND o.schedule_id = $2 AND o.due_key <> $3 AND `+hasOrder("o")+` AND NOT EXISTS (SELECT FROM occurrences x
			WHERE x.tenant_id = $1 AND x.schedule_id = $2 AND x.due_key <> $3 AND `+hasOrder("x")+` AND `+isLater("x", "o")+`)`,
		tx.Actor.TenantID, row.ID, key)
	if err != nil || len(before) == 0 || before[0].Status != models.OccurrenceCompleted {
		return state, err
	}
	rule, err := row.Rule()
	done := doneOccurrence(row, &before[0])
	if err != nil || !done.Planned || strings.HasPrefix(key, "m") || strings.HasPrefix(done.DueKey, "m") {
		return state, err
	}
	return rule.Completed(state, done, nil), nil
}

// isLatest reports whether no later occurrence has an order. Dates of the rule come in its order, wherever a person moved them.
func (tx *Tx) isLatest(schedule uuid.UUID, key string) (bool, error) {
	later, err := txValues[bool](tx, `SELECT EXISTS (SELECT FROM occurrences o JOIN occurrences this
		ON this.tenant_id = o.tenant_id AND this.schedule_id = o.schedule_id AND this.due_key = $3
		WHERE o.tenant_id = $1 AND o.schedule_id = $2 AND `+hasOrder("o")+` AND `+isLater("o", "this")+`)`, tx.Actor.TenantID, schedule, key)
	if err != nil {
		return false, err
	}
	return !later[0], nil
}

// hasOrder is the condition that an occurrence has an order that was not taken back.
func hasOrder(o string) string {
	return o + `.work_order_id IS NOT NULL AND ` + o + `.status IN ('generated', 'completed')`
}

// isLater is the condition that one occurrence of a schedule comes after another.
func isLater(o, than string) string {
	return strings.NewReplacer("o.", o+".", "than.", than+".").Replace(`CASE WHEN o.due_key < 'm' AND than.due_key < 'm'
		THEN o.due_key > than.due_key ELSE (o.due_on, o.created_at) > (than.due_on, than.created_at) END`)
}

// meterRead tells the schedules of a meter its new running total: those whose threshold it passed are generated at once. It is
// called in the transaction that takes the reading.
func (tx *Tx) meterRead(meter uuid.UUID, total decimal.Decimal) error {
	sites, err := txValues[uuid.UUID](tx, `UPDATE maintenance_schedules SET generate_at = $4
		WHERE tenant_id = $1 AND meter_id = $2 AND meter_next <= $3::numeric AND status = 'active' AND NOT awaiting
		AND (generate_at IS NULL OR generate_at > $4) RETURNING site_id`, tx.Actor.TenantID, meter, total.String(), tx.Now)
	if err != nil || len(sites) == 0 {
		return err
	}
	return tx.wakePlanner(sites[0], tx.Now)
}

func sameDecimal(a, b *decimal.Decimal) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
