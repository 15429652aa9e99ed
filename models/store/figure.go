package store

import (
	"context"

	"mainstay/models"
)

// Figures counts over all tenants: assets, users_active (with a session), work_orders by status, work_orders_overdue,
// maintenance_schedules by status, generation_lag_seconds (of the oldest due schedule), outbox_oldest_seconds and
// processes_late (capped at 10,000). A status that nothing has is left out.
func (s *Store) Figures(ctx context.Context) ([]models.Figure, error) {
	return system[models.Figure](ctx, s, `SELECT * FROM installation_figures()`)
}
