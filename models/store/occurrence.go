package store

import (
	"context"

	"github.com/google/uuid"

	"mainstay/models"
)

// Ledger is what a schedule's ledger says about occurrences ahead, by due key.
type Ledger = map[string]models.DueEntry

const occurrenceColumns = `o.tenant_id, o.schedule_id, o.due_key, o.due_on, o.status, o.revision, o.work_order_id, o.suppressed_by,
	o.reason, o.actor_id, o.caught_up_at, o.completed_on, o.meter_before, o.created_at, o.updated_at`

var occurrenceOrders = map[string]order[models.Occurrence]{
	"due_on": {"o.due_on", "date", func(o models.Occurrence) string { return o.DueOn.String() }},
}

// Occurrences lists what became of a schedule's due dates; CodeNotFound where the actor's tenant or locations do not have it.
func (s *Store) Occurrences(ctx context.Context, schedule uuid.UUID, statuses []string, p Page) (Rows[models.Occurrence], error) {
	if _, err := s.MaintenanceSchedule(ctx, schedule); err != nil {
		return Rows[models.Occurrence]{}, err
	}
	l := newListing(ctx, `SELECT `+occurrenceColumns+` FROM occurrences o WHERE o.tenant_id = $1`, "o.due_key",
		func(o models.Occurrence) string { return o.DueKey }, occurrenceOrders)
	l.idCast = "text"
	l.and("o.schedule_id = $%d", schedule)
	in(l, "o.status", "text[]", statuses)
	return l.run(ctx, s, p)
}

type ledgerRow struct {
	ScheduleID uuid.UUID
	DueKey     string
	DueOn      models.Date
	Status     models.OccurrenceStatus
}

// A calendar key sorts before every meter key, so one condition finds what lies ahead of either. Moved occurrences lie ahead
// whatever their key.
const selectLedger = `SELECT o.schedule_id, o.due_key, o.due_on, o.status
	FROM unnest($2::uuid[], $3::text[]) AS s (id, next_key)
	JOIN occurrences o ON o.tenant_id = $1 AND o.schedule_id = s.id AND o.due_key >= s.next_key
	UNION
	SELECT o.schedule_id, o.due_key, o.due_on, o.status FROM occurrences o
	WHERE o.tenant_id = $1 AND o.schedule_id = ANY ($2::uuid[]) AND o.status = 'forecast'`

func ledgerArguments(schedules []scheduleRow) ([]uuid.UUID, []string) {
	ids, keys := make([]uuid.UUID, len(schedules)), make([]string, len(schedules))
	for i := range schedules {
		ids[i], keys[i] = schedules[i].ID, schedules[i].NextDueKey
		if keys[i] == "" {
			keys[i] = "m"
		}
	}
	return ids, keys
}

func ledgersOf(rows []ledgerRow) map[uuid.UUID]Ledger {
	ledgers := map[uuid.UUID]Ledger{}
	for _, row := range rows {
		if ledgers[row.ScheduleID] == nil {
			ledgers[row.ScheduleID] = Ledger{}
		}
		ledgers[row.ScheduleID][row.DueKey] = models.DueEntry{DueOn: row.DueOn, Settled: row.Status.Settled()}
	}
	return ledgers
}

// ledgers reads what lies ahead of locked schedules.
func (tx *Tx) ledgers(schedules []scheduleRow) (map[uuid.UUID]Ledger, error) {
	ids, keys := ledgerArguments(schedules)
	rows, err := txRead[ledgerRow](tx, selectLedger, tx.Actor.TenantID, ids, keys)
	return ledgersOf(rows), err
}

// fullLedger reads the whole ledger of one locked schedule.
func (tx *Tx) fullLedger(schedule uuid.UUID) (Ledger, error) {
	rows, err := txRead[ledgerRow](tx, selectLedger, tx.Actor.TenantID, []uuid.UUID{schedule}, []string{""})
	ledger := ledgersOf(rows)[schedule]
	if ledger == nil {
		ledger = Ledger{}
	}
	return ledger, err
}

// occurrence reads one row of a locked schedule's ledger; nil where there is none.
func (tx *Tx) occurrence(schedule uuid.UUID, key string) (*models.Occurrence, error) {
	found, err := txRead[models.Occurrence](tx, `SELECT `+occurrenceColumns+` FROM occurrences o
		WHERE o.tenant_id = $1 AND o.schedule_id = $2 AND o.due_key = $3`, tx.Actor.TenantID, schedule, key)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// noteOccurrence writes what a person decided about an occurrence.
func (tx *Tx) noteOccurrence(m *models.MaintenanceSchedule, due models.DueDate, status models.OccurrenceStatus, reason string) error {
	_, err := tx.exec(`INSERT INTO occurrences
		(tenant_id, schedule_id, due_key, due_on, status, revision, reason, actor_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
		ON CONFLICT (tenant_id, schedule_id, due_key) DO UPDATE SET due_on = excluded.due_on, status = excluded.status,
			reason = excluded.reason, actor_id = excluded.actor_id, updated_at = excluded.updated_at`,
		tx.Actor.TenantID, m.ID, due.DueKey, due.DueOn, string(status), m.Revision, reason, tx.Actor.UserID, tx.Now)
	return err
}
