package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestFiguresCountAllTenants(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	empty, err := s.Figures(t.Context())
	require.NoError(t, err)
	for _, name := range []string{"assets", "users_active", "work_orders_overdue", "generation_lag_seconds", "outbox_oldest_seconds", "processes_late", "audit_unsealed_seconds", "audit_unanchored_seconds"} {
		require.Contains(t, empty, models.Figure{Name: name}, "an empty installation still has the figure")
	}

	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	createWorkOrder(t, s, one, "Fix the seal")
	createWorkOrder(t, s, two, "Fix the belt")
	out := createWorkOrder(t, s, two, "Fix nothing")
	_, err = command(t, s, two, out, models.WorkOrderCancel, models.WorkOrderCommand{Reason: "It runs"})
	require.NoError(t, err)

	figures, err := s.Figures(t.Context())
	require.NoError(t, err)
	require.Contains(t, figures, models.Figure{Name: "work_orders", Status: "approved", Value: 2})
	require.Contains(t, figures, models.Figure{Name: "work_orders", Status: "cancelled", Value: 1})
	require.NotContains(t, figures, models.Figure{Name: "assets"}, "each plant has assets")
}
