package store

import (
	"context"

	"mainstay/models"
)

// Figures counts over all tenants: assets, users_active (with a session), work_orders by status, work_orders_overdue,
// maintenance_schedules by status, generation_lag_seconds (of the oldest due schedule), outbox_oldest_seconds processes_late (capped at
// 10,000), backup_verified_age_seconds and drill_green_age_seconds (both only once a drill has passed), wal_rpo_seconds and
// wal_lag_bytes (once a heartbeat lies in the repository), wal_faults (1 while the archive has one), file_check_age_seconds, file_faults and
// file_orphans (once the files were checked), audit_unsealed_seconds and audit_unanchored_seconds, drill_fault_age_seconds by fault (since a
// drill found it, or since the first backup that it can be tried on, while one is stored), drill_fault_missed by fault (1 where the newest drill
// that tried did not find it, else 0). A status that nothing has is left out.
func (s *Store) Figures(ctx context.Context) ([]models.Figure, error) {
	return system[models.Figure](ctx, s, `SELECT * FROM installation_figures()`)
}
