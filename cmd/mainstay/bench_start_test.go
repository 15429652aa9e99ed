//go:build bench

package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

const (
	startedOrders  = 1_000
	commandClients = 4
)

// TestBenchStart: how long 1,000 generated orders take until each is a running process, at the default start rate, and what the
// commands of people meanwhile feel of it against an idle system.
func TestBenchStart(t *testing.T) {
	w := newWorld(t)
	w.env = append(w.env, "MAINSTAY_START_RATE=20")
	w.up()
	command := func(int, int) error {
		a := w.try(http.MethodPost, "/v1/work-orders", uuid.NewString(), map[string]any{
			"title": "A person's order", "asset_id": w.plant.Asset, "type": "corrective", "priority": "high",
		})
		if a.status != http.StatusCreated {
			return fmt.Errorf("create: %d %v %w", a.status, a.body, a.err)
		}
		return a.err
	}
	load(t, commandClients, benchSeconds/4, command)
	idle := load(t, commandClients, benchSeconds, command)

	_, err := w.db.Owner.ExecContext(t.Context(), `INSERT INTO maintenance_schedules (tenant_id, id, number, title, asset_id, location_id,
			site_id, rrule, starts_on, catch_up, priority, status, next_due_on, next_due_key, generate_at, created_at, updated_at)
		SELECT $1, gen_random_uuid(), 'B-' || n, 'Grease ' || n, $2, $3, $4, 'FREQ=YEARLY', current_date, 'one', 'medium', 'active',
			current_date, current_date::text, now(), now(), now() FROM generate_series(1, $5::int) n`,
		w.plant.Tenant, w.plant.Asset, w.plant.Area, w.plant.Site, startedOrders)
	require.NoError(t, err)
	began := time.Now()
	_, err = w.db.Owner.ExecContext(t.Context(), `INSERT INTO outbox (tenant_id, kind, process, subject_id, queue, due_at)
		VALUES ($1, 'refresh', $2, $3, 'core', now())`, w.plant.Tenant, models.ProcessMaintenancePlanner, w.plant.Site)
	require.NoError(t, err)
	w.eventually(func() bool {
		return w.count(`SELECT count(*) FROM work_orders WHERE schedule_id IS NOT NULL`) == startedOrders
	})
	busy := load(t, commandClients, benchSeconds, command)
	w.eventually(func() bool {
		return w.count(`SELECT count(*) FROM work_orders WHERE schedule_id IS NOT NULL AND process_started_at IS NOT NULL`) == startedOrders
	})
	figure("generated_1000_to_running_s", time.Since(began).Seconds(), "s")
	figure("command_p99_idle", milliseconds(quantile(idle, 0.99)), "ms")
	figure("command_p99_during_generation", milliseconds(quantile(busy, 0.99)), "ms")
	figure("command_p99_growth_during_generation", quantile(busy, 0.99).Seconds()/quantile(idle, 0.99).Seconds(), "ratio")
}
