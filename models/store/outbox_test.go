package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestEveryTableOfProcessesIsSwept(t *testing.T) {
	t.Parallel()
	_, db := storetest.New(t)
	var tables, missing int
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), `WITH has AS (SELECT table_name FROM information_schema.columns
			WHERE table_schema = 'public' AND column_name = 'process_started_at'),
		listed AS (SELECT table_name FROM information_schema.view_table_usage WHERE view_name = 'processes')
		SELECT (SELECT count(*) FROM has), (SELECT count(*) FROM has WHERE table_name NOT IN (SELECT table_name FROM listed))`).
		Scan(&tables, &missing))
	require.Positive(t, tables)
	require.Zero(t, missing)
}

// TestLateAndOpenProcesses: the sweeper sees what is late in all tenants but what the relay still has in hand, the reconciliation every
// process that is not over, page by page.
func TestLateAndOpenProcesses(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	late, relayed, open := createWorkOrder(t, s, one, "Late"), createWorkOrder(t, s, two, "Relayed"), createWorkOrder(t, s, two, "Open")
	over := createWorkOrder(t, s, two, "Over")
	_, err := command(t, s, two, over, models.WorkOrderCancel, models.WorkOrderCommand{Reason: "It runs"})
	require.NoError(t, err)
	_, err = db.Owner.ExecContext(t.Context(), `UPDATE work_orders SET next_action_at = now() + interval '1 day' WHERE next_action_at IS NOT NULL`)
	require.NoError(t, err)
	_, err = db.Owner.ExecContext(t.Context(), `UPDATE work_orders SET next_action_at = now() - interval '1 hour' WHERE id IN ($1, $2)`, late.ID, relayed.ID)
	require.NoError(t, err)
	_, err = db.Owner.ExecContext(t.Context(), `INSERT INTO outbox (tenant_id, kind, process, subject_id, queue, due_at)
		VALUES ($1, 'start', 'WorkOrder', $2, 'bulk-start', now())`, two.Tenant, relayed.ID)
	require.NoError(t, err)

	swept, err := s.LateProcesses(t.Context(), time.Now().Add(-time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, swept, 1)
	require.Equal(t, []any{"WorkOrder", one.Tenant, late.ID}, []any{swept[0].Process, swept[0].TenantID, swept[0].SubjectID})

	found := map[uuid.UUID]int{}
	for after := (models.Delivery{}); ; {
		page, err := s.OpenProcesses(t.Context(), after, 1)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		after = page[0]
		found[after.SubjectID]++
	}
	for id, times := range map[uuid.UUID]int{late.ID: 1, relayed.ID: 1, open.ID: 1, over.ID: 0} {
		require.Equal(t, times, found[id])
	}
}
