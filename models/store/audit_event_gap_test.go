package store_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// TestALostAuditEventIsFound takes one event after another away and looks who misses it.
func TestALostAuditEventIsFound(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p, other := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	gaps := func(p storetest.Plant) []store.AuditGap {
		found, err := s.VerifyAudit(p.Context(t.Context()))
		require.NoError(t, err)
		return found
	}
	require.Len(t, gaps(p), 6, "two people, two locations, a category and an asset of which the log does not tell")
	p.Told(t, db)
	other.Told(t, db)
	require.Empty(t, gaps(p))

	ctx := p.Context(t.Context())
	key := models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true}
	supplier, err := s.CreateSupplier(models.WithCommandKey(ctx, key), func(r *models.Supplier) { r.Code, r.Name = "S-1", "Seals" })
	require.NoError(t, err)
	require.NoError(t, s.ChangeSupplier(ctx, supplier, 1, func(r *models.Supplier) { r.Name = "Seals & Co" }))
	order := createWorkOrder(t, s, p, "Fix the seal")
	_, err = command(t, s, p, order, models.WorkOrderStart, models.WorkOrderCommand{})
	require.NoError(t, err)
	elsewhere := createWorkOrder(t, s, other, "Fix the valve")
	require.Empty(t, gaps(p))

	var started uuid.UUID
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), `SELECT command_id FROM audit_events WHERE action = 'work_order.start'`).Scan(&started))
	require.EqualValues(t, 1, storetest.Forget(t, db, `action = 'supplier.change'`))
	lost := []store.AuditGap{{Noun: "supplier", ID: supplier, Wanted: 2, Found: 1}}
	require.Equal(t, lost, gaps(p))
	require.EqualValues(t, 1, storetest.Forget(t, db, `action = 'work_order.start'`))
	lost = append([]store.AuditGap{{Noun: "command", ID: started, Wanted: 1}}, append(lost, store.AuditGap{Noun: "work_order", ID: order.ID, Wanted: 2, Found: 1})...)
	require.Equal(t, lost, gaps(p))
	require.EqualValues(t, 1, storetest.Forget(t, db, `action = 'supplier.create'`))
	require.Contains(t, gaps(p), store.AuditGap{Noun: "supplier", ID: supplier, Wanted: 2})
	require.Contains(t, gaps(p), store.AuditGap{Noun: "command", ID: key.ID, Wanted: 1})

	require.Empty(t, gaps(other), "each tenant has a log of its own")
	require.EqualValues(t, 1, storetest.Forget(t, db, `subject_id = $1`, elsewhere.ID))
	require.Len(t, gaps(other), 2, "the order and its command")

	_, err = db.Owner.ExecContext(t.Context(), `UPDATE installation SET versions_audited_since = now()`)
	require.NoError(t, err)
	require.NotContains(t, gaps(p), store.AuditGap{Noun: "work_order", ID: order.ID, Wanted: 2, Found: 1}, "an order of before may have versions of which nothing tells")
	require.Len(t, gaps(other), 2, "but never none at all")
}
