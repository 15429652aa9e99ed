package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// MaintenanceScheduleView is a schedule as people read it: with the names of what it points to.
type MaintenanceScheduleView struct {
	models.MaintenanceSchedule
	AssetCode    *string
	AssetName    *string
	LocationCode string
	LocationName string
	TimeZone     string
	MeterTotal   *decimal.Decimal
	Currency     string // of the tenant
}

const scheduleColumns = `m.tenant_id, m.id, m.number, m.title, m.asset_id, m.location_id, m.site_id, m.rrule, m.starts_on, m.meter_id,
	m.meter_every, m.meter_last_value, m.shift_factor, m.tolerance_pct, m.lead_days, m.catch_up, m.last_completed_on, m.priority,
	m.job_plan_id, m.estimated_cost, m.planned_hours, m.status, m.paused_until, m.pause_reason, m.end_reason, m.revision,
	m.next_due_on, m.next_due_key, m.shift_days, m.meter_next, m.awaiting, m.generate_at, m.next_action_at, m.process_started_at,
	m.version, m.created_at, m.updated_at`

const scheduleView = `SELECT ` + scheduleColumns + `, a.code AS asset_code, a.name AS asset_name, l.code AS location_code,
	l.name AS location_name, l.time_zone, mt.last_total AS meter_total, (SELECT currency FROM tenants WHERE id = $1) AS currency
	FROM maintenance_schedules m
	JOIN locations l ON l.tenant_id = m.tenant_id AND l.id = m.location_id
	LEFT JOIN assets a ON a.tenant_id = m.tenant_id AND a.id = m.asset_id
	LEFT JOIN meters mt ON mt.tenant_id = m.tenant_id AND mt.id = m.meter_id
	WHERE m.tenant_id = $1`

var scheduleByID = scheduleView + ` AND m.id = $2 AND ` + scopeSQL("m.location_id", 3)

// MaintenanceSchedule reads one schedule; CodeNotFound where the actor's tenant or locations do not have it.
func (s *Store) MaintenanceSchedule(ctx context.Context, id uuid.UUID) (MaintenanceScheduleView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[MaintenanceScheduleView](ctx, s, "maintenance_schedule", scheduleByID, actor.TenantID, id, scopeOf(actor))
}

// ScheduleFilter narrows the list of schedules; lists of values are OR, LocationIDs with what is below them.
type ScheduleFilter struct {
	Text        string
	Statuses    []string
	AssetIDs    []uuid.UUID
	LocationIDs []uuid.UUID
	DueTo       *models.Date // next due on or before
}

// noDueDate sorts schedules that have no next date last; a keyset needs a value.
const noDueDate = "9999-12-31"

var scheduleOrders = map[string]order[MaintenanceScheduleView]{
	"next_due_on": {"coalesce(m.next_due_on, '" + noDueDate + "'::date)", "date", func(v MaintenanceScheduleView) string {
		if v.NextDueOn == nil {
			return noDueDate
		}
		return v.NextDueOn.String()
	}},
	"title": {"m.title", "text", func(v MaintenanceScheduleView) string { return v.Title }},
}

// MaintenanceSchedules lists schedules by next_due_on, those without a date last, or title.
func (s *Store) MaintenanceSchedules(ctx context.Context, f ScheduleFilter, p Page) (Rows[MaintenanceScheduleView], error) {
	l := newListing(ctx, scheduleView, "m.id", func(v MaintenanceScheduleView) string { return v.ID.String() }, scheduleOrders)
	in(l, "m.status", "text[]", f.Statuses)
	in(l, "m.asset_id", "uuid[]", f.AssetIDs)
	if len(f.LocationIDs) > 0 {
		l.and(`EXISTS (SELECT FROM location_paths lp WHERE lp.tenant_id = $1 AND lp.descendant_id = m.location_id
			AND lp.ancestor_id = ANY($%d::uuid[]))`, f.LocationIDs)
	}
	if f.DueTo != nil {
		l.and("m.next_due_on <= $%d::date", f.DueTo.String())
	}
	if f.Text != "" {
		l.and(`position(lower($%d) IN lower(m.number || ' ' || m.title)) > 0`, f.Text)
	}
	l.scope(ctx, "m.location_id")
	return l.run(ctx, s, p)
}

// ForecastLimit bounds a forecast.
const ForecastLimit = 10_000

// Forecast lists the due dates of a schedule that are open (an order exists and is not completed) or still to come, to a date,
// included. It is the planner's own code; where there is a meter rule only, dates are estimated from the meter's readings.
func (s *Store) Forecast(ctx context.Context, id uuid.UUID, until models.Date) ([]models.DueDate, error) {
	view, err := s.MaintenanceSchedule(ctx, id)
	if err != nil {
		return nil, err
	}
	row := scheduleRow{MaintenanceSchedule: view.MaintenanceSchedule}
	ids, keys := ledgerArguments([]scheduleRow{row})
	rows, err := read[ledgerRow](ctx, s, selectLedger, view.TenantID, ids, keys)
	if err != nil {
		return nil, err
	}
	open, err := read[models.DueDate](ctx, s, `SELECT due_on, due_key FROM occurrences
		WHERE tenant_id = $1 AND schedule_id = $2 AND status = 'generated' AND due_on <= $3::date ORDER BY due_on, due_key LIMIT $4`,
		view.TenantID, id, until.String(), ForecastLimit)
	if err != nil || view.Status == models.ScheduleEnded {
		return open, err
	}
	rule, err := view.Rule()
	if err != nil {
		return nil, err
	}
	ahead, err := s.datesAhead(ctx, rule, view.State(), ledgersOf(rows)[id], view.MeterID, view.TimeZone, until, ForecastLimit-len(open))
	return append(open, ahead...), err
}

// datesAhead lists what a rule lets fall due from a state on, to a date, included.
func (s *Store) datesAhead(
	ctx context.Context, rule models.DueRule, state models.DueState, ledger Ledger, meter *uuid.UUID, timeZone string, until models.Date, limit int,
) ([]models.DueDate, error) {
	if meter == nil || !rule.Calendar.IsZero() {
		return rule.Forecast(state, ledger, until, limit), nil
	}
	actor, _ := models.ActorFrom(ctx)
	usage, err := read[models.MeterUsage](ctx, s, selectUsage, actor.TenantID, *meter)
	if err != nil || len(usage) == 0 {
		return nil, err
	}
	zone, err := models.Zone(timeZone)
	if err != nil {
		return nil, models.InvalidField("/location_id", "time_zone", "There is no time zone %q.", timeZone)
	}
	return rule.ForecastMeter(state, usage[0], until, models.DateOf(time.Now(), zone), zone, limit), nil
}

// The last reading of a meter and the first of the year before it; where that year has no other, the one before.
const selectUsage = `SELECT first.total AS first_total, first.read_at AS first_at, last.total AS last_total, last.read_at AS last_at
	FROM (SELECT total, read_at FROM meter_readings WHERE tenant_id = $1 AND meter_id = $2 AND total IS NOT NULL
		ORDER BY read_at DESC LIMIT 1) last
	CROSS JOIN LATERAL (SELECT r.total, r.read_at, r.read_at < last.read_at - interval '365 days' AS old FROM meter_readings r
		WHERE r.tenant_id = $1 AND r.meter_id = $2 AND r.total IS NOT NULL AND r.read_at < last.read_at
		ORDER BY old, CASE WHEN r.read_at < last.read_at - interval '365 days' THEN last.read_at - r.read_at ELSE r.read_at - last.read_at END
		LIMIT 1) first`

// PreviewSchedule lists the due dates that a schedule of this definition would have, to a date, included, and stores nothing. It
// refuses what a create would refuse.
func (s *Store) PreviewSchedule(ctx context.Context, d models.ScheduleDefinition, until models.Date) ([]models.DueDate, error) {
	actor, _ := models.ActorFrom(ctx)
	query, args := placeOf(actor, d.AssetID, d.LocationID)
	places, err := read[Place](ctx, s, query, args...)
	if err != nil {
		return nil, err
	}
	place, err := placeFound(places, d.AssetID)
	if err != nil {
		return nil, err
	}
	var meter *uuid.UUID
	var total *decimal.Decimal
	if d.Meter != nil {
		meters, err := read[scheduleMeter](ctx, s, selectScheduleMeter, actor.TenantID, d.Meter.MeterID)
		if err != nil {
			return nil, err
		}
		if err := checkMeter(meters, d); err != nil {
			return nil, err
		}
		meter, total = &d.Meter.MeterID, meters[0].LastTotal
	}
	rule, err := d.Rule()
	if err != nil {
		return nil, err
	}
	return s.datesAhead(ctx, rule, d.Start(rule, total), nil, meter, place.TimeZone, until, ForecastLimit)
}

// AdmitMaintenanceSchedule writes the command row of a create and resolves the place.
func (s *Store) AdmitMaintenanceSchedule(ctx context.Context, id uuid.UUID, d models.ScheduleDefinition) (Place, models.Command, error) {
	actor, _ := models.ActorFrom(ctx)
	body, err := json.Marshal(models.ScheduleCommand{Definition: &d})
	if err != nil {
		return Place{}, models.Command{}, err
	}
	var places []Place
	command, err := s.admit(ctx, insertCommand, scheduleCommand(id, models.ScheduleCreate, body), func(b *pgx.Batch) {
		query, args := placeOf(actor, d.AssetID, d.LocationID)
		b.Queue(query, args...).Query(func(r pgx.Rows) (err error) {
			places, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[Place])
			return err
		})
	})
	if err != nil {
		return Place{}, command, err
	}
	place, err := placeFound(places, d.AssetID)
	return place, command, err
}

// AdmitScheduleCommand writes the command row of a change and reads the schedule as it is before it.
func (s *Store) AdmitScheduleCommand(
	ctx context.Context, id uuid.UUID, name models.ScheduleCommandName, c models.ScheduleCommand,
) (MaintenanceScheduleView, models.Command, error) {
	actor, _ := models.ActorFrom(ctx)
	body, err := json.Marshal(c)
	if err != nil {
		return MaintenanceScheduleView{}, models.Command{}, err
	}
	var found []MaintenanceScheduleView
	command, err := s.admit(ctx, insertCommand, scheduleCommand(id, name, body), func(b *pgx.Batch) {
		b.Queue(scheduleByID, actor.TenantID, id, scopeOf(actor)).Query(func(r pgx.Rows) (err error) {
			found, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[MaintenanceScheduleView])
			return err
		})
	})
	switch {
	case err != nil:
		return MaintenanceScheduleView{}, command, err
	case len(found) == 0:
		return MaintenanceScheduleView{}, command, models.NotFound("maintenance_schedule")
	}
	return found[0], command, nil
}

func scheduleCommand(id uuid.UUID, name models.ScheduleCommandName, body json.RawMessage) models.Command {
	return models.Command{Name: "maintenance_schedule." + string(name), SubjectType: "maintenance_schedule", SubjectID: id, Body: body}
}

// LoadMaintenanceSchedule reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadMaintenanceSchedule(ctx context.Context, id uuid.UUID) (*models.MaintenanceSchedule, error) {
	var found []models.MaintenanceSchedule
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[models.MaintenanceSchedule](tx, `UPDATE maintenance_schedules m
			SET process_started_at = coalesce(process_started_at, $3)
			WHERE m.tenant_id = $1 AND m.id = $2 RETURNING `+scheduleColumns, tx.Actor.TenantID, id, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// RunScheduleCommand carries out an admitted command in one transaction: the row is locked, the state table asked, row, ledger,
// audit event and command row are written, orders not begun are put right, and the planner is woken where an earlier date
// appeared. A repeat returns the first outcome.
func (s *Store) RunScheduleCommand(ctx context.Context, id, commandID uuid.UUID, name models.ScheduleCommandName) (CommandOutcome, error) {
	var rows []scheduleRow // none for a create
	return carryOut(ctx, s, commandID, func(tx *Tx, b *pgx.Batch) {
		b.Queue(lockSchedule, tx.Actor.TenantID, id).Query(func(r pgx.Rows) (err error) {
			rows, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[scheduleRow])
			return err
		})
	}, func(tx *Tx, body models.ScheduleCommand) (CommandOutcome, error) {
		var m models.MaintenanceSchedule
		var err error
		switch {
		case name == models.ScheduleCreate:
			m, err = tx.createSchedule(id, *body.Definition)
		case len(rows) == 0:
			return CommandOutcome{}, models.NotFound("maintenance_schedule")
		default:
			m, err = tx.changeSchedule(rows[0], name, body)
		}
		if err != nil {
			return CommandOutcome{}, err
		}
		action, at := m.NextAction()
		return CommandOutcome{
			ID: m.ID, Number: m.Number, Status: string(m.Status), Version: m.Version, At: m.UpdatedAt,
			Over: m.Status == models.ScheduleEnded, Action: string(action), NextAt: at,
			Priority: string(m.Priority),
		}, nil
	})
}

// RunScheduleAction does the automatic step when the row still says that it is next and due. Nil when there is no such row.
func (s *Store) RunScheduleAction(ctx context.Context, id uuid.UUID, action models.ScheduleAction) (*models.MaintenanceSchedule, error) {
	var m models.MaintenanceSchedule
	err := s.InTx(ctx, func(tx *Tx) error {
		row, err := txReadOne[scheduleRow](tx, "maintenance_schedule", lockSchedule, tx.Actor.TenantID, id)
		if err != nil {
			return err
		}
		m = row.MaintenanceSchedule
		next, at := m.NextAction()
		if next != action || next != models.ScheduleWake || at.After(tx.Now) {
			return nil
		}
		m, err = tx.changeSchedule(row, models.ScheduleResume, models.ScheduleCommand{})
		return err
	})
	if isNotFound(err) {
		return nil, nil //nolint:nilnil // no row, no state
	}
	return &m, err
}

// scheduleRow is a locked schedule with what its plan needs.
type scheduleRow struct {
	models.MaintenanceSchedule
	TimeZone   string
	MeterTotal *decimal.Decimal
	JobText    *string
}

const selectScheduleRow = `SELECT ` + scheduleColumns + `, l.time_zone, mt.last_total AS meter_total, j.description AS job_text
	FROM maintenance_schedules m
	JOIN locations l ON l.tenant_id = m.tenant_id AND l.id = m.location_id
	LEFT JOIN meters mt ON mt.tenant_id = m.tenant_id AND mt.id = m.meter_id
	LEFT JOIN job_plans j ON j.tenant_id = m.tenant_id AND j.id = m.job_plan_id
	WHERE m.tenant_id = $1`

const lockSchedule = selectScheduleRow + ` AND m.id = $2 FOR NO KEY UPDATE OF m`

func (row *scheduleRow) zone() (*time.Location, error) {
	zone, err := models.Zone(row.TimeZone)
	if err != nil {
		return nil, models.InvalidField("/location_id", "time_zone", "There is no time zone %q.", row.TimeZone)
	}
	return zone, nil
}

// ruleInZone is what the schedule goes by, and where its days begin.
func (row *scheduleRow) ruleInZone() (models.DueRule, *time.Location, error) {
	zone, err := row.zone()
	if err != nil {
		return models.DueRule{}, nil, err
	}
	rule, err := row.Rule()
	return rule, zone, err
}

type scheduleMeter struct {
	AssetID   uuid.UUID
	Kind      string
	LastTotal *decimal.Decimal
}

const selectScheduleMeter = `SELECT asset_id, kind, last_total FROM meters WHERE tenant_id = $1 AND id = $2 AND archived_at IS NULL`

func checkMeter(found []scheduleMeter, d models.ScheduleDefinition) error {
	switch {
	case len(found) == 0 || d.AssetID == nil || found[0].AssetID != *d.AssetID:
		return models.InvalidField("/meter/meter_id", "not_found", "The asset has no such meter.")
	case found[0].Kind != "continuous":
		return models.InvalidField("/meter/meter_id", "kind", "A gauge does not count up: steps need a continuous meter.")
	}
	return nil
}

// settleReferences checks what the definition points to and puts place and meter into the row.
func (tx *Tx) settleReferences(row *scheduleRow, d models.ScheduleDefinition) error {
	query, args := placeOf(tx.Actor, d.AssetID, d.LocationID)
	places, err := txRead[Place](tx, query, args...)
	if err != nil {
		return err
	}
	place, err := placeFound(places, d.AssetID)
	if err != nil {
		return err
	}
	row.LocationID, row.SiteID, row.TimeZone, row.MeterTotal = place.LocationID, place.SiteID, place.TimeZone, nil
	if d.Meter == nil {
		return nil
	}
	meters, err := txRead[scheduleMeter](tx, selectScheduleMeter, tx.Actor.TenantID, d.Meter.MeterID)
	if err != nil {
		return err
	}
	if err := checkMeter(meters, d); err != nil {
		return err
	}
	row.MeterTotal = meters[0].LastTotal
	return nil
}

func (tx *Tx) createSchedule(id uuid.UUID, d models.ScheduleDefinition) (models.MaintenanceSchedule, error) {
	m, err := models.CreateMaintenanceSchedule(tx.Actor.TenantID, id, d, tx.Now)
	if err != nil {
		return m, err
	}
	row := scheduleRow{MaintenanceSchedule: m}
	if err := tx.settleReferences(&row, d); err != nil {
		return m, err
	}
	rule, zone, err := row.ruleInZone()
	if err != nil {
		return m, err
	}
	row.SetPlan(rule.Position(d.Start(rule, row.MeterTotal), nil, row.MeterTotal, tx.Now, zone))
	m = row.MaintenanceSchedule
	if m.Number, err = tx.nextNumber("MS"); err != nil {
		return m, err
	}
	if err := create(tx, &m); err != nil {
		return m, err
	}
	if err := tx.wakeFor(m); err != nil {
		return m, err
	}
	return m, tx.Audit(Change{Action: "maintenance_schedule.create", SubjectType: "maintenance_schedule", SubjectID: id, After: &m})
}

// changeSchedule carries a command out on a locked row.
func (tx *Tx) changeSchedule(row scheduleRow, name models.ScheduleCommandName, c models.ScheduleCommand) (models.MaintenanceSchedule, error) {
	before := row.MaintenanceSchedule
	if c.IfVersion != nil && *c.IfVersion != before.Version {
		return before, versionMismatch(before.Version)
	}
	zone, err := row.zone()
	if err != nil {
		return before, err
	}
	if err := row.Apply(name, c, tx.Now, zone); err != nil {
		return before, err
	}
	if err := tx.followUp(&row, before, name, c); err != nil {
		return before, err
	}
	m := row.MaintenanceSchedule
	tx.saveSchedule(before, m)
	if err := tx.wakeFor(m); err != nil {
		return m, err
	}
	return m, tx.Audit(Change{
		Action: "maintenance_schedule." + string(name), SubjectType: "maintenance_schedule", SubjectID: m.ID,
		Before: &before, After: &m, Reason: c.Reason,
	})
}

// followUp does what a command means for ledger, orders and plan.
func (tx *Tx) followUp(row *scheduleRow, before models.MaintenanceSchedule, name models.ScheduleCommandName, c models.ScheduleCommand) error {
	switch name {
	case models.ScheduleEdit:
		return tx.replanAfterEdit(row, before)
	case models.ScheduleResume:
		return tx.skipPaused(row, before)
	case models.ScheduleEnd:
		return tx.cancelOrders(row, reasonOf("The maintenance schedule ended", c.Reason), models.OccurrenceCancelled, nil)
	case models.ScheduleGenerate:
		return tx.generateNow(row, c.DueKey)
	case models.ScheduleSkip:
		return tx.skipOccurrence(row, c)
	case models.ScheduleMove:
		return tx.moveOccurrence(row, c)
	case models.ScheduleCreate, models.SchedulePause:
	}
	return nil
}

func reasonOf(text, reason string) string {
	if reason == "" {
		return text + "."
	}
	return text + ": " + reason
}

// saveSchedule writes what commands change, provided that the row still is as it was read: otherwise the transaction fails with a
// conflict. It goes out with the transaction's last message.
func (tx *Tx) saveSchedule(before, m models.MaintenanceSchedule) {
	tx.queue(`UPDATE maintenance_schedules SET title = $4, asset_id = $5, location_id = $6, site_id = $7, rrule = $8, starts_on = $9,
		meter_id = $10, meter_every = $11, meter_last_value = $12, shift_factor = $13, tolerance_pct = $14, lead_days = $15,
		catch_up = $16, last_completed_on = $17, priority = $18, job_plan_id = $19, estimated_cost = $20, planned_hours = $21,
		status = $22, paused_until = $23, pause_reason = $24, end_reason = $25, revision = $26, next_due_on = $27, next_due_key = $28,
		shift_days = $29, meter_next = $30, awaiting = $31, generate_at = $32, next_action_at = $33, version = $34, updated_at = $35,
		process_started_at = coalesce(process_started_at, $35)
		WHERE tenant_id = $1 AND id = $2 AND version = $3`,
		m.TenantID, m.ID, before.Version, m.Title, m.AssetID, m.LocationID, m.SiteID, m.RRule, m.StartsOn, m.MeterID, m.MeterEvery,
		m.MeterLastValue, m.ShiftFactor, m.TolerancePct, m.LeadDays, string(m.CatchUp), m.LastCompletedOn, string(m.Priority),
		m.JobPlanID, m.EstimatedCost, m.PlannedHours, string(m.Status), m.PausedUntil, m.PauseReason, m.EndReason, m.Revision,
		m.NextDueOn, m.NextDueKey, m.ShiftDays, m.MeterNext, m.Awaiting, m.GenerateAt, m.NextActionAt, m.Version, m.UpdatedAt,
	).Exec(func(done pgconn.CommandTag) error {
		if done.RowsAffected() == 0 {
			return models.Conflict("The maintenance schedule was changed meanwhile.")
		}
		return nil
	})
}
