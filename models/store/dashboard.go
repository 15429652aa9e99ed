package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// The counts, each for who may read its noun: $1 is the tenant, $2 the actor's locations, $3 the actor.
// «Today» is the tenant's, because the sites' own days may differ.
const dashboardToday = `(SELECT (now() AT TIME ZONE t.time_zone)::date FROM tenants t WHERE t.id = $1)`

var dashboardOrders = `SELECT w.status, count(*) AS orders, count(*) FILTER (WHERE w.due_at <= now() AND w.status <> 'completed') AS overdue,
	count(*) FILTER (WHERE w.status <> 'completed' AND w.due_on BETWEEN ` + dashboardToday + ` AND ` + dashboardToday + ` + 6) AS due_this_week,
	count(*) FILTER (WHERE EXISTS (SELECT FROM work_order_assignees x
		WHERE x.tenant_id = w.tenant_id AND x.work_order_id = w.id AND x.user_id = $3)) AS mine
	FROM work_orders w WHERE w.tenant_id = $1 AND w.status = ANY ('{waiting_approval,approved,waiting_material,scheduled,in_progress,on_hold,completed}')
	AND ` + scopeSQL("w.location_id", 2) + ` GROUP BY w.status`

var dashboardRequests = `SELECT count(*)::int AS new_requests, (count(*) FILTER (WHERE r.requested_by = $3))::int AS my_open_requests
	FROM work_requests r WHERE r.tenant_id = $1 AND r.status = 'new' AND ` + scopeSQL("r.location_id", 2)

var dashboardAssets = `SELECT count(*)::int AS assets_down FROM assets a WHERE a.tenant_id = $1 AND a.operating_state = 'down'
	AND a.archived_at IS NULL AND $3::uuid IS NOT NULL AND ` + scopeSQL("a.location_id", 2)

var dashboardSchedules = `SELECT count(*)::int AS schedules_soon FROM maintenance_schedules m WHERE m.tenant_id = $1 AND m.status = 'active'
	AND m.next_due_on <= ` + dashboardToday + ` + 6 AND $3::uuid IS NOT NULL AND ` + scopeSQL("m.location_id", 2)

var dashboardCosts = `SELECT t.currency,
	coalesce(sum(c.amount) FILTER (WHERE c.kind = 'labor'), 0) AS labor, coalesce(sum(c.amount) FILTER (WHERE c.kind = 'parts'), 0) AS parts,
	coalesce(sum(c.amount) FILTER (WHERE c.kind = 'services'), 0) AS services, coalesce(sum(c.amount) FILTER (WHERE c.kind = 'other'), 0) AS other
	FROM tenants t LEFT JOIN (
		SELECT e.tenant_id, e.work_order_id, 'labor' AS kind, e.amount FROM labor_entries e
			WHERE e.tenant_id = $1 AND e.worked_on > ` + dashboardToday + ` - 30
		UNION ALL SELECT k.tenant_id, k.work_order_id, k.kind, k.amount FROM work_order_costs k
			WHERE k.tenant_id = $1 AND k.incurred_on > ` + dashboardToday + ` - 30
	) c ON c.tenant_id = t.id AND $3::uuid IS NOT NULL AND EXISTS (SELECT FROM work_orders w
		WHERE w.tenant_id = c.tenant_id AND w.id = c.work_order_id AND ` + scopeSQL("w.location_id", 2) + `)
	WHERE t.id = $1 GROUP BY t.currency`

// Parts are kept for all sites together, and so are their reorder points: a location does not narrow them.
var dashboardStock = `SELECT count(*) FILTER (WHERE f.free <= t.reorder_point) AS low, count(*) AS watched
	FROM items t CROSS JOIN LATERAL (SELECT ` + itemFreeSQL + ` AS free) f
	WHERE t.tenant_id = $1 AND t.archived_at IS NULL AND t.reorder_point IS NOT NULL`

// Dashboard counts in one round trip what the actor may read, at the location and below where one is named; what he may not read
// stays zero. The figures and what they are made of are those of the end of the day until; nil, or one that is not over, is now.
func (s *Store) Dashboard(ctx context.Context, location *uuid.UUID, until *models.Date) (models.Dashboard, error) {
	actor, _ := models.ActorFrom(ctx)
	d := models.Dashboard{OpenByStatus: map[models.WorkOrderStatus]int{}}
	scope := scopeOf(actor)
	if location != nil {
		if _, err := s.Location(ctx, *location); err != nil {
			return d, err
		}
		scope = []uuid.UUID{*location}
	}
	args := []any{actor.TenantID, scope, actor.UserID}
	err := s.readBatch(ctx, func(b *pgx.Batch) {
		if actor.Can(models.PermissionWorkOrdersRead) {
			b.Queue(dashboardOrders, args...).Query(func(r pgx.Rows) error { return countOrders(r, &d) })
		}
		for permission, query := range map[models.Permission]string{
			models.PermissionWorkRequestsRead: dashboardRequests, models.PermissionAssetsRead: dashboardAssets,
			models.PermissionMaintenanceSchedulesRead: dashboardSchedules, models.PermissionCostsRead: dashboardCosts,
		} {
			if actor.Can(permission) {
				b.Queue(query, args...).Query(func(r pgx.Rows) error { return addFigures(r, &d) })
			}
		}
		queueDashboardFigures(b, actor, args, until, &d)
	})
	return d, err
}

func countOrders(r pgx.Rows, d *models.Dashboard) error {
	rows, err := pgx.CollectRows(r, pgx.RowToStructByName[struct {
		Status                             models.WorkOrderStatus
		Orders, Overdue, DueThisWeek, Mine int
	}])
	for _, row := range rows {
		d.OpenByStatus[row.Status] = row.Orders
		d.Overdue += row.Overdue
		d.DueThisWeek += row.DueThisWeek
		d.Mine += row.Mine
	}
	return err
}

// addFigures takes the columns of one row into the fields of their names.
func addFigures(r pgx.Rows, d *models.Dashboard) error {
	row, err := pgx.CollectExactlyOneRow(r, pgx.RowToStructByNameLax[struct {
		NewRequests, MyOpenRequests, AssetsDown, SchedulesSoon int
		Labor, Parts, Services, Other                          decimal.Decimal
		Currency                                               string
	}])
	if err != nil {
		return err
	}
	d.NewRequests += row.NewRequests
	d.MyOpenRequests += row.MyOpenRequests
	d.AssetsDown += row.AssetsDown
	d.SchedulesSoon += row.SchedulesSoon
	if row.Currency != "" {
		d.Labor, d.Parts, d.Services, d.Other, d.Currency = row.Labor, row.Parts, row.Services, row.Other, row.Currency
	}
	return nil
}
