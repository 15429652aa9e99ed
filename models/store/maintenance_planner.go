package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// GenerateResult is what one set of a planner did.
type GenerateResult struct {
	Claimed   int `json:"claimed"`   // due schedules looked at
	Generated int `json:"generated"` // work orders made
	Settled   int `json:"settled"`   // occurrences noted without an order: missed, suppressed
	Refused   int `json:"refused"`   // schedules whose rule or zone cannot be read; each is tried again in an hour
}

// refusedAgain keeps one unreadable schedule from holding up its site.
const refusedAgain = time.Hour

// errNotOnce says that the ledger holds an occurrence already: the set is rolled back and planned again.
var errNotOnce = errors.New("store: an occurrence was settled meanwhile")

const claimSchedules = selectScheduleRow + ` AND m.site_id = $2 AND m.status = 'active' AND m.generate_at <= $3
	ORDER BY m.generate_at LIMIT $4 FOR NO KEY UPDATE OF m SKIP LOCKED`

// GenerateDue claims up to limit due schedules of a site and does for all of them what the calculators decide at now: occurrences,
// work orders with their audit events and starts, and the schedules' next dates, in one transaction of set statements. Two may
// run at once: each claims rows that the other has not. Claimed 0 means that nothing was due or everything due is being generated.
func (s *Store) GenerateDue(ctx context.Context, site uuid.UUID, now time.Time, limit int) (GenerateResult, error) {
	var result GenerateResult
	err := s.InTx(ctx, func(tx *Tx) error {
		schedules, err := txRead[scheduleRow](tx, claimSchedules, tx.Actor.TenantID, site, now, limit)
		result = GenerateResult{Claimed: len(schedules)}
		if err != nil || len(schedules) == 0 {
			return err
		}
		ledgers, err := tx.ledgers(schedules)
		if err != nil {
			return err
		}
		set := settlement{zones: map[string]*time.Location{}}
		for i := range schedules {
			if err := set.plan(tx, &schedules[i], ledgers[schedules[i].ID], now); err != nil {
				later := now.Add(refusedAgain)
				schedules[i].GenerateAt = &later
				result.Refused++
			}
		}
		result.Generated, result.Settled = len(set.orders), len(set.occurrences)-len(set.orders)
		if err := tx.settle(&set); err != nil {
			return err
		}
		return tx.savePlans(schedules)
	})
	return result, err
}

// settlement collects what a transaction settles, so that set statements write it.
type settlement struct {
	zones       map[string]*time.Location
	orders      []models.WorkOrder
	occurrences []models.Occurrence
	reopened    bool // a person generates what was missed or skipped
}

// plan does one schedule: its occurrences go into the set, its new position into the row.
func (set *settlement) plan(tx *Tx, row *scheduleRow, ledger Ledger, now time.Time) error {
	zone, err := set.zone(row)
	if err != nil {
		return err
	}
	rule, err := row.Rule()
	if err != nil {
		return fmt.Errorf("store: schedule %s: %w", row.ID, err)
	}
	plan := rule.Plan(row.State(), ledger, row.MeterTotal, now, zone)
	for _, planned := range plan.Occurrences {
		set.add(tx, row, planned, zone)
	}
	row.SetPlan(plan)
	return nil
}

func (set *settlement) zone(row *scheduleRow) (*time.Location, error) {
	if zone, known := set.zones[row.TimeZone]; known {
		return zone, nil
	}
	zone, err := row.zone()
	if err == nil && set.zones != nil {
		set.zones[row.TimeZone] = zone
	}
	return zone, err
}

// add settles one occurrence of a locked schedule.
func (set *settlement) add(tx *Tx, row *scheduleRow, planned models.PlannedOccurrence, zone *time.Location) {
	o := models.Occurrence{
		ScheduleID: row.ID, DueKey: planned.DueKey, DueOn: planned.DueOn, Status: planned.Status, Revision: row.Revision,
	}
	if planned.SuppressedBy != "" {
		o.SuppressedBy = &planned.SuppressedBy
	}
	if planned.Status == models.OccurrenceMissed {
		o.CaughtUpAt = &tx.Now
	}
	if planned.Status == models.OccurrenceGenerated {
		id := models.DeriveID(row.ID, planned.DueKey)
		description := ""
		if row.JobText != nil {
			description = *row.JobText
		}
		o.WorkOrderID = &id
		set.orders = append(set.orders, row.Order(id, planned.DueDate, description, tx.Now, zone))
	}
	set.occurrences = append(set.occurrences, o)
}

// settle writes a set: one round trip for the numbers, one for everything else.
func (tx *Tx) settle(set *settlement) error {
	if len(set.occurrences) == 0 {
		return nil
	}
	if err := tx.numberOrders(set.orders); err != nil {
		return err
	}
	batch := &pgx.Batch{}
	if len(set.orders) > 0 {
		tx.queueOrders(batch, set.orders)
		tx.queueOrderEvents(batch, set.orders)
		if err := tx.queueStarts(batch, set.orders); err != nil {
			return err
		}
	}
	tx.queueOccurrences(batch, set)
	var policies []models.ApprovalPolicy
	queuePolicies(batch, tx.Actor.TenantID, models.ApprovalOfWorkOrder, &policies)
	if err := tx.send(batch); err != nil {
		return err
	}
	return tx.submitGenerated(set.orders, policies)
}

// numberOrders takes the numbers of all orders in one update of the counter, whose row stays locked until the commit.
func (tx *Tx) numberOrders(orders []models.WorkOrder) error {
	if len(orders) == 0 {
		return nil
	}
	last, err := txValues[int64](tx, `INSERT INTO counters (tenant_id, name, value) VALUES ($1, 'WO', $2)
		ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + $2 RETURNING value`, tx.Actor.TenantID, len(orders))
	if err != nil {
		return err
	}
	for i := range orders {
		orders[i].Number = fmt.Sprintf("WO-%06d", last[0]-int64(len(orders)-1-i))
	}
	return nil
}

// queueOrders inserts the orders. What the database's own types would make slow or ambiguous in arrays travels as text.
func (tx *Tx) queueOrders(batch *pgx.Batch, orders []models.WorkOrder) {
	n := len(orders)
	ids, schedules, locations, sites := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]uuid.UUID, n), make([]uuid.UUID, n)
	assets := make([]*uuid.UUID, n)
	numbers, titles, descriptions, priorities := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	keys, dueOn := make([]string, n), make([]string, n)
	hours, costs := make([]*string, n), make([]*string, n)
	dueAt, actions := make([]*time.Time, n), make([]*time.Time, n)
	for i := range orders {
		w := &orders[i]
		ids[i], schedules[i], locations[i], sites[i], assets[i] = w.ID, *w.ScheduleID, w.LocationID, w.SiteID, w.AssetID
		numbers[i], titles[i], descriptions[i], priorities[i] = w.Number, w.Title, w.Description, string(w.Priority)
		keys[i], dueOn[i], dueAt[i], actions[i] = *w.DueKey, w.DueOn.String(), w.DueAt, w.NextActionAt
		hours[i], costs[i] = decimalText(w.PlannedHours), decimalText(w.EstimatedCost)
	}
	batch.Queue(`INSERT INTO work_orders (tenant_id, id, number, title, description, type, priority, status, asset_id, location_id,
			site_id, schedule_id, due_key, due_on, due_at, planned_hours, estimated_cost, approved_at, next_action_at, version,
			created_at, updated_at)
		SELECT $1, u.id, u.number, u.title, u.description, $2, u.priority, $3, u.asset, u.location, u.site, u.schedule, u.due_key,
			u.due_on::date, u.due_at, u.hours::numeric, u.cost::numeric, $4::timestamptz, u.action_at, 1, $4::timestamptz, $4::timestamptz
		FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::uuid[], $11::uuid[], $12::uuid[], $13::uuid[],
			$14::text[], $15::text[], $16::timestamptz[], $17::text[], $18::text[], $19::timestamptz[])
			AS u (id, number, title, description, priority, asset, location, site, schedule, due_key, due_on, due_at, hours, cost, action_at)`,
		tx.Actor.TenantID, string(models.WorkPreventive), string(models.WorkOrderApproved), tx.Now, ids, numbers, titles, descriptions,
		priorities, assets, locations, sites, schedules, keys, dueOn, dueAt, hours, costs, actions)
}

// queueOrderEvents inserts one audit event for each order: the number and what it was generated for.
func (tx *Tx) queueOrderEvents(batch *pgx.Batch, orders []models.WorkOrder) {
	events, ids, schedules := make([]uuid.UUID, len(orders)), make([]uuid.UUID, len(orders)), make([]uuid.UUID, len(orders))
	numbers, keys := make([]string, len(orders)), make([]string, len(orders))
	for i := range orders {
		events[i], ids[i], schedules[i] = models.NewID(), orders[i].ID, *orders[i].ScheduleID
		numbers[i], keys[i] = orders[i].Number, *orders[i].DueKey
	}
	batch.Queue(`INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id, after, request_id,
			command_id)
		SELECT $1, u.event, $2, $3, $4, 'work_order.create', 'work_order', u.id,
			jsonb_build_object('number', u.number, 'schedule_id', u.schedule, 'due_key', u.due_key), $5, $6
		FROM unnest($7::uuid[], $8::uuid[], $9::text[], $10::uuid[], $11::text[]) AS u (event, id, number, schedule, due_key)`,
		tx.Actor.TenantID, tx.Now, tx.Actor.UserID, string(tx.Actor.Kind), tx.Actor.RequestID, tx.Command.ID,
		events, ids, numbers, schedules, keys)
}

// queueStarts lets the relay start the orders' processes, in due order and never ahead of people.
func (tx *Tx) queueStarts(batch *pgx.Batch, orders []models.WorkOrder) error {
	ids, attributes, due := make([]uuid.UUID, len(orders)), make([]string, len(orders)), make([]time.Time, len(orders))
	for i := range orders {
		w := &orders[i]
		a := models.ProcessAttributes{
			Site: w.SiteID.String(), MaintenanceScheduleID: w.ScheduleID.String(), Priority: string(w.Priority), DueAt: w.DueAt,
		}
		if w.AssetID != nil {
			a.AssetID = w.AssetID.String()
		}
		text, err := json.Marshal(a)
		if err != nil {
			return err
		}
		ids[i], attributes[i], due[i] = w.ID, string(text), *w.DueAt
	}
	batch.Queue(`INSERT INTO outbox (tenant_id, kind, process, subject_id, queue, attributes, due_at, created_at)
		SELECT $1, $2, $3, u.id, $4, u.attributes::jsonb, u.due_at, $5
		FROM unnest($6::uuid[], $7::text[], $8::timestamptz[]) AS u (id, attributes, due_at)`,
		tx.Actor.TenantID, string(models.DeliverStart), models.ProcessWorkOrder, string(models.QueueBulkStart), tx.Now, ids, attributes, due)
	return nil
}

// queueOccurrences inserts the ledger's rows: the point at which generation happens exactly once. A row that waited there (moved
// ahead of its time) takes its turn; any other is the proof that this occurrence was settled before.
func (tx *Tx) queueOccurrences(batch *pgx.Batch, set *settlement) {
	n := len(set.occurrences)
	schedules, orders, revisions := make([]uuid.UUID, n), make([]*uuid.UUID, n), make([]int32, n)
	keys, dueOn, statuses, suppressed := make([]string, n), make([]string, n), make([]string, n), make([]*string, n)
	caughtUp := make([]*time.Time, n)
	for i := range set.occurrences {
		o := &set.occurrences[i]
		schedules[i], orders[i], revisions[i] = o.ScheduleID, o.WorkOrderID, int32(o.Revision) //nolint:gosec // counts edits
		keys[i], dueOn[i], statuses[i], suppressed[i], caughtUp[i] = o.DueKey, o.DueOn.String(), string(o.Status), o.SuppressedBy, o.CaughtUpAt
	}
	batch.Queue(`INSERT INTO occurrences AS o (tenant_id, schedule_id, due_key, due_on, status, revision, work_order_id, suppressed_by,
			caught_up_at, created_at, updated_at)
		SELECT $1, u.schedule, u.due_key, u.due_on::date, u.status, u.revision, u.work_order, u.suppressed_by, u.caught_up_at, $2, $2
		FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::int[], $8::uuid[], $9::text[], $10::timestamptz[])
			AS u (schedule, due_key, due_on, status, revision, work_order, suppressed_by, caught_up_at)
		ON CONFLICT (tenant_id, schedule_id, due_key) DO UPDATE SET status = excluded.status, due_on = excluded.due_on,
			revision = excluded.revision, work_order_id = excluded.work_order_id, suppressed_by = excluded.suppressed_by,
			updated_at = excluded.updated_at
			WHERE o.work_order_id IS NULL AND (o.status IN ('forecast', 'due') OR $11 AND o.status IN ('missed', 'skipped'))`,
		tx.Actor.TenantID, tx.Now, schedules, keys, dueOn, statuses, revisions, orders, suppressed, caughtUp, set.reopened,
	).Exec(func(done pgconn.CommandTag) error {
		if done.RowsAffected() != int64(n) {
			return errNotOnce
		}
		return nil
	})
}

// savePlans writes where locked schedules stand. It is no change of theirs that a person would see: version and updated_at stay.
func (tx *Tx) savePlans(schedules []scheduleRow) error {
	n := len(schedules)
	ids, shifts, awaiting, generateAt := make([]uuid.UUID, n), make([]int32, n), make([]bool, n), make([]*time.Time, n)
	keys, dueOn, meters := make([]string, n), make([]*string, n), make([]*string, n)
	for i := range schedules {
		m := &schedules[i]
		ids[i], shifts[i], awaiting[i], generateAt[i] = m.ID, int32(m.ShiftDays), m.Awaiting, m.GenerateAt //nolint:gosec // days
		keys[i], meters[i] = m.NextDueKey, decimalText(m.MeterNext)
		if m.NextDueOn != nil {
			text := m.NextDueOn.String()
			dueOn[i] = &text
		}
	}
	_, err := tx.exec(`UPDATE maintenance_schedules m SET next_due_on = u.due_on::date, next_due_key = u.due_key, shift_days = u.shift,
			meter_next = u.meter_next::numeric, awaiting = u.awaiting, generate_at = u.generate_at
		FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::text[], $7::bool[], $8::timestamptz[])
			AS u (id, due_on, due_key, shift, meter_next, awaiting, generate_at)
		WHERE m.tenant_id = $1 AND m.id = u.id`, tx.Actor.TenantID, ids, dueOn, keys, shifts, meters, awaiting, generateAt)
	return err
}

func decimalText(d *decimal.Decimal) *string {
	if d == nil {
		return nil
	}
	text := d.String()
	return &text
}

// wakeFor wakes the planner of a schedule's site where the schedule has something to wait for.
func (tx *Tx) wakeFor(m models.MaintenanceSchedule) error {
	if m.Status != models.ScheduleActive || m.GenerateAt == nil {
		return nil
	}
	return tx.wakePlanner(m.SiteID, *m.GenerateAt)
}

// siteChanged follows a site that has another zone, or to which schedules and orders came from elsewhere: the moments of open orders
// and pauses are put right here, those of the schedules by the planner, which compares them at once.
func (tx *Tx) siteChanged(site uuid.UUID) error {
	if err := tx.flush(); err != nil {
		return err
	}
	if err := tx.rezoneOrders(site); err != nil {
		return err
	}
	if err := tx.rezonePauses(site); err != nil {
		return err
	}
	planned, err := txValues[bool](tx, `SELECT EXISTS (SELECT FROM maintenance_schedules
		WHERE tenant_id = $1 AND site_id = $2 AND status = 'active' AND generate_at IS NOT NULL)`, tx.Actor.TenantID, site)
	if err != nil || !planned[0] {
		return err
	}
	if err := tx.wakePlanner(site, tx.Now); err != nil {
		return err
	}
	// A check that runs meanwhile must not take this mark for its own work: no two marks are alike.
	_, err = tx.exec(`UPDATE maintenance_planners SET checked_at = $3 WHERE tenant_id = $1 AND site_id = $2`,
		tx.Actor.TenantID, site, tx.Now.AddDate(0, 0, -1))
	return err
}

// rezonePauses moves the moments at which pauses end to the site's midnight.
func (tx *Tx) rezonePauses(site uuid.UUID) error {
	paused, err := txRead[scheduleRow](tx, selectScheduleRow+` AND m.site_id = $2 AND m.status = 'paused' AND m.paused_until IS NOT NULL
		FOR NO KEY UPDATE OF m`, tx.Actor.TenantID, site)
	if err != nil {
		return err
	}
	for _, row := range paused {
		zone, err := row.zone()
		if err != nil {
			return err
		}
		at := row.PausedUntil.In(zone).UTC()
		if sameTime(row.NextActionAt, &at) {
			continue
		}
		tx.queue(`UPDATE maintenance_schedules SET next_action_at = $3 WHERE tenant_id = $1 AND id = $2`, row.TenantID, row.ID, at)
		if err := tx.fact(models.Delivery{
			Kind: models.DeliverRefresh, Process: models.ProcessMaintenanceSchedule, SubjectID: row.ID, Queue: models.QueueCore,
		}); err != nil {
			return err
		}
		if err := tx.Audit(Change{
			Action: "maintenance_schedule.rezone", SubjectType: "maintenance_schedule", SubjectID: row.ID,
			Before: map[string]any{"next_action_at": row.NextActionAt}, After: map[string]any{"next_action_at": at, "time_zone": row.TimeZone},
		}); err != nil {
			return err
		}
	}
	return nil
}

// wakePlanner wakes the planner of a site when the moment precedes the one it waits for; a wake under way is enough. The planner's
// row, made where it is missing, stays locked until the commit: a planner that goes to sleep waits for it and then reads what this
// transaction wrote. Call it last.
func (tx *Tx) wakePlanner(site uuid.UUID, at time.Time) error {
	woken, err := tx.exec(`INSERT INTO maintenance_planners AS p (tenant_id, site_id, woken_at, next_action_at) VALUES ($1, $2, $3, $3)
		ON CONFLICT (tenant_id, site_id) DO UPDATE SET woken_at = $3, next_action_at = least(p.next_action_at, $3)
			WHERE p.woken_at IS NULL AND (p.waits_until IS NULL OR p.waits_until > $4)`, tx.Actor.TenantID, site, tx.Now, at)
	if err != nil || woken == 0 {
		return err
	}
	return tx.fact(models.Delivery{
		Kind: models.DeliverRefresh, Process: models.ProcessMaintenancePlanner, SubjectID: site, Queue: models.QueueCore,
		Attributes: models.ProcessAttributes{Site: site.String()},
	})
}

const plannerColumns = `p.tenant_id, p.site_id, p.waits_until, p.woken_at, p.generated_at, p.checked_at, p.next_action_at,
	p.process_started_at`

// PlannerWaits notes that the planner of a site goes to sleep and returns until when: the earliest moment of all active schedules,
// those that another transaction holds included. Nil when the site has no planner.
func (s *Store) PlannerWaits(ctx context.Context, site uuid.UUID) (*models.MaintenancePlanner, error) {
	var found []models.MaintenancePlanner
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[models.MaintenancePlanner](tx, `SELECT `+plannerColumns+` FROM maintenance_planners p
			WHERE p.tenant_id = $1 AND p.site_id = $2 FOR NO KEY UPDATE`, tx.Actor.TenantID, site)
		if err != nil || len(found) == 0 {
			return err
		}
		// A statement of its own: its snapshot is taken when the lock is held, so it sees what every wake before wrote.
		earliest, err := txValues[*time.Time](tx, `SELECT min(generate_at) FROM maintenance_schedules
			WHERE tenant_id = $1 AND site_id = $2 AND status = 'active'`, tx.Actor.TenantID, site)
		if err != nil {
			return err
		}
		p := &found[0]
		p.Wait(earliest[0], tx.Now)
		_, err = tx.exec(`UPDATE maintenance_planners SET waits_until = $3, woken_at = NULL, next_action_at = $4,
			process_started_at = coalesce(process_started_at, $5) WHERE tenant_id = $1 AND site_id = $2`,
			tx.Actor.TenantID, site, p.WaitsUntil, p.NextActionAt, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// PlannedDates lists the next due dates of a site's active schedules, for the operator's eye on its planner.
func (s *Store) PlannedDates(ctx context.Context, site uuid.UUID, limit int) ([]PlannedDate, error) {
	actor, _ := models.ActorFrom(ctx)
	return read[PlannedDate](ctx, s, `SELECT number, next_due_on FROM maintenance_schedules
		WHERE tenant_id = $1 AND site_id = $2 AND status = 'active' AND generate_at IS NOT NULL AND next_due_on IS NOT NULL
		ORDER BY generate_at LIMIT $3`, actor.TenantID, site, limit)
}

// PlannedDate is the next due date of a schedule, by its number.
type PlannedDate struct {
	Number    string
	NextDueOn models.Date
}

const checkBatch = 500

const selectToCheck = selectScheduleRow + ` AND m.site_id = $2 AND m.status = 'active' AND m.id > $3 ORDER BY m.id LIMIT $4`

const lockToRepair = selectScheduleRow + ` AND m.status = 'active' AND m.id = ANY ($2::uuid[]) FOR NO KEY UPDATE OF m`

// CheckPlan compares the ledger of a site's active schedules with their forecast and repairs what does not agree: a due date that
// was passed over without a row in the ledger, a moment of generation that is not the calculators' (a zone's rules changed, a
// threshold was passed unseen). It returns how many schedules it repaired; progress is called between batches.
func (s *Store) CheckPlan(ctx context.Context, site uuid.UUID, now time.Time, progress func()) (int, error) {
	actor, _ := models.ActorFrom(ctx)
	repaired, after := 0, uuid.Nil
	before, err := readValues[*time.Time](ctx, s, `SELECT checked_at FROM maintenance_planners WHERE tenant_id = $1 AND site_id = $2`,
		actor.TenantID, site)
	if err != nil {
		return 0, err
	}
	for {
		schedules, err := read[scheduleRow](ctx, s, selectToCheck, actor.TenantID, site, after, checkBatch)
		if err != nil {
			return repaired, err
		}
		if len(schedules) == 0 {
			return repaired, s.plannerChecked(ctx, site, before)
		}
		after = schedules[len(schedules)-1].ID
		n, err := s.checkBatch(ctx, schedules, now)
		if err != nil {
			return repaired, err
		}
		repaired += n
		progress()
	}
}

// checkBatch looks without locks and locks only what seems wrong, to look again.
func (s *Store) checkBatch(ctx context.Context, schedules []scheduleRow, now time.Time) (int, error) {
	actor, _ := models.ActorFrom(ctx)
	ids, keys := ledgerArguments(schedules)
	ahead, err := read[ledgerRow](ctx, s, selectLedger, actor.TenantID, ids, keys)
	if err != nil {
		return 0, err
	}
	last, err := read[lastSettled](ctx, s, selectLastSettled, actor.TenantID, ids, keys)
	if err != nil {
		return 0, err
	}
	var wrong []uuid.UUID
	for _, row := range disagreeing(schedules, ahead, last, now) {
		wrong = append(wrong, row.ID)
	}
	if len(wrong) == 0 {
		return 0, nil
	}
	repaired := 0
	err = s.InTx(ctx, func(tx *Tx) error {
		repaired, err = tx.repairPlans(wrong, now)
		return err
	})
	return repaired, err
}

func (tx *Tx) repairPlans(wrong []uuid.UUID, now time.Time) (int, error) {
	locked, err := txRead[scheduleRow](tx, lockToRepair, tx.Actor.TenantID, wrong)
	if err != nil {
		return 0, err
	}
	ids, keys := ledgerArguments(locked)
	ahead, err := txRead[ledgerRow](tx, selectLedger, tx.Actor.TenantID, ids, keys)
	if err != nil {
		return 0, err
	}
	last, err := txRead[lastSettled](tx, selectLastSettled, tx.Actor.TenantID, ids, keys)
	if err != nil {
		return 0, err
	}
	repaired := disagreeing(locked, ahead, last, now)
	for i := range repaired {
		m := &repaired[i].MaintenanceSchedule
		if err := tx.Audit(Change{
			Action: "maintenance_schedule.repair", SubjectType: "maintenance_schedule", SubjectID: m.ID,
			After: map[string]any{"next_due_key": m.NextDueKey, "generate_at": m.GenerateAt},
		}); err != nil {
			return 0, err
		}
	}
	if len(repaired) == 0 {
		return 0, nil
	}
	return len(repaired), tx.savePlans(repaired)
}

type lastSettled struct {
	ScheduleID uuid.UUID
	DueKey     string
}

// The last calendar occurrence in each ledger before the next one.
const selectLastSettled = `SELECT s.id AS schedule_id, o.due_key
	FROM unnest($2::uuid[], $3::text[]) AS s (id, next_key)
	CROSS JOIN LATERAL (SELECT o.due_key FROM occurrences o WHERE o.tenant_id = $1 AND o.schedule_id = s.id
		AND o.due_key < s.next_key AND o.due_key < 'm' ORDER BY o.due_key DESC LIMIT 1) o`

// disagreeing returns the schedules whose row is not where ledger and calculators put it, corrected.
func disagreeing(schedules []scheduleRow, ahead []ledgerRow, last []lastSettled, now time.Time) []scheduleRow {
	ledgers, settled := ledgersOf(ahead), map[uuid.UUID]string{}
	for _, row := range last {
		settled[row.ScheduleID] = row.DueKey
	}
	var wrong []scheduleRow
	for _, row := range schedules {
		zone, err := row.zone()
		if err != nil {
			continue // GenerateDue counts it as refused
		}
		rule, err := row.Rule()
		if err != nil {
			continue
		}
		state := row.State()
		if key, err := models.ParseDate(settled[row.ID]); err == nil {
			if next, ok := rule.Calendar.Next(key); ok && (state.Next.IsZero() || next.Before(state.Next)) {
				state.Next = next
			}
		}
		is := row
		is.SetPlan(rule.Position(state, ledgers[row.ID], row.MeterTotal, now, zone))
		due := row.GenerateAt != nil && !row.GenerateAt.After(now) && is.GenerateAt != nil && !is.GenerateAt.After(now)
		if is.NextDueKey != row.NextDueKey || !due && !sameTime(is.GenerateAt, row.GenerateAt) {
			wrong = append(wrong, is)
		}
	}
	return wrong
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// plannerChecked notes the check, unless the site was marked for another one after it began.
func (s *Store) plannerChecked(ctx context.Context, site uuid.UUID, before []*time.Time) error {
	if len(before) == 0 {
		return nil
	}
	return s.InTx(ctx, func(tx *Tx) error {
		_, err := tx.exec(`UPDATE maintenance_planners SET checked_at = $3 WHERE tenant_id = $1 AND site_id = $2
			AND checked_at IS NOT DISTINCT FROM $4`, tx.Actor.TenantID, site, tx.Now, before[0])
		return err
	})
}
