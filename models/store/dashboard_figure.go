package store

import (
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// The parts of the dashboard that are lists; $1 is the tenant, $2 the locations, $3 the actor, as in dashboard.go.

// The figures are those of the end of a day: $4, or now where it is null or not over. dashboardAt is that moment, dashboardLast the last
// day that counts, and dashboardDay the day that does not count any more as one that was due: today, or the day after $4.
const (
	dashboardAt   = `(SELECT least(now(), ($4::date + 1)::timestamp AT TIME ZONE t.time_zone) FROM tenants t WHERE t.id = $1)`
	dashboardLast = `(SELECT least((now() AT TIME ZONE t.time_zone)::date, $4::date) FROM tenants t WHERE t.id = $1)`
	dashboardDay  = `(SELECT least((now() AT TIME ZONE t.time_zone)::date, $4::date + 1) FROM tenants t WHERE t.id = $1)`
)

// dashboardMondays are the weeks of the figures in the tenant's zone; the last one ends at dashboardAt.
var dashboardMondays = fmt.Sprintf(`mondays AS (SELECT (m.this - 7 * n)::date AS monday, (m.this - 7 * n)::timestamp AT TIME ZONE m.time_zone AS begins,
		least((m.this - 7 * n + 7)::timestamp AT TIME ZONE m.time_zone, %s) AS ends
	FROM (SELECT t.time_zone, date_trunc('week', %s::timestamp)::date AS this FROM tenants t WHERE t.id = $1) m,
		generate_series(0, %d) n)`, dashboardAt, dashboardLast, models.DashboardWeeks-1)

// dashboardOpen are the states of orders that are neither finished nor cancelled.
const dashboardOpen = `'{waiting_approval,approved,waiting_material,scheduled,in_progress,on_hold}'`

// An order that was neither open now nor finished within the weeks was over before them and counts in none.
var dashboardWeeks = `WITH ` + dashboardMondays + `, recent AS MATERIALIZED (
		SELECT w.type, w.created_at, w.started_at, w.completed_at, w.cancelled_at, w.due_at, w.planned_hours,
			least(w.completed_at, w.cancelled_at) AS over_at
		FROM work_orders w WHERE w.tenant_id = $1 AND (w.status = ANY (` + dashboardOpen + `)
			OR w.completed_at >= (SELECT min(begins) FROM mondays) OR w.cancelled_at >= (SELECT min(begins) FROM mondays))
		AND $3::uuid IS NOT NULL AND ` + scopeSQL("w.location_id", 2) + `)
	SELECT k.monday,
		count(*) FILTER (WHERE r.created_at < k.ends AND (r.over_at IS NULL OR r.over_at >= k.ends)) AS open,
		count(*) FILTER (WHERE r.created_at < k.ends AND r.due_at <= least(k.ends, now()) AND (r.over_at IS NULL OR r.over_at >= k.ends)) AS overdue,
		count(*) FILTER (WHERE r.created_at >= k.begins AND r.created_at < k.ends) AS created,
		count(*) FILTER (WHERE r.type = 'preventive' AND r.completed_at >= k.begins AND r.completed_at < k.ends) AS preventive,
		count(*) FILTER (WHERE r.type = 'inspection' AND r.completed_at >= k.begins AND r.completed_at < k.ends) AS inspection,
		count(*) FILTER (WHERE r.type = 'corrective' AND r.completed_at >= k.begins AND r.completed_at < k.ends) AS corrective,
		count(*) FILTER (WHERE r.type = 'improvement' AND r.completed_at >= k.begins AND r.completed_at < k.ends) AS improvement,
		count(*) FILTER (WHERE r.type = 'preventive' AND r.cancelled_at IS NULL AND r.due_at > k.begins AND r.due_at <= least(k.ends, now())) AS planned_due,
		count(*) FILTER (WHERE r.type = 'preventive' AND r.cancelled_at IS NULL AND r.due_at > k.begins AND r.due_at <= least(k.ends, now())
			AND r.completed_at <= r.due_at) AS planned_met,
		round(coalesce(sum(extract(epoch FROM r.completed_at - r.started_at) / 3600) FILTER (WHERE r.type = 'corrective'
			AND r.completed_at >= k.begins AND r.completed_at < k.ends), 0), 2) AS repair_hours,
		count(*) FILTER (WHERE r.type = 'corrective' AND r.started_at IS NOT NULL AND r.completed_at >= k.begins AND r.completed_at < k.ends) AS repairs,
		coalesce(sum(r.planned_hours) FILTER (WHERE r.created_at < k.ends AND (r.started_at IS NULL OR r.started_at >= k.ends)
			AND (r.over_at IS NULL OR r.over_at >= k.ends)), 0) AS waiting_hours
	FROM mondays k LEFT JOIN recent r ON true GROUP BY k.monday ORDER BY k.monday`

// wasOpen is whether an order w at site l was neither finished nor cancelled at the end of a day, an SQL expression. Indexes serve its
// first condition: no zone is a whole day away from UTC.
func wasOpen(day string) string {
	since, at := `least(now(), `+day+`::timestamp AT TIME ZONE 'UTC')`, endOfDay(day)
	return `(w.status = ANY (` + dashboardOpen + `) OR w.completed_at >= ` + since + ` OR w.cancelled_at >= ` + since + `) AND w.created_at < ` + at + `
		AND coalesce(w.completed_at, 'infinity') >= ` + at + ` AND coalesce(w.cancelled_at, 'infinity') >= ` + at
}

// wasLate is whether its due day was over then, wasWaiting whether nobody had begun it.
func wasLate(day string) string { return `w.due_at <= ` + endOfDay(day) }

func wasWaiting(day string) string { return `coalesce(w.started_at, 'infinity') >= ` + endOfDay(day) }

// endOfDay is the end of a day at an order's site l, or now before it has come.
func endOfDay(day string) string {
	return `least(now(), (` + day + ` + 1)::timestamp AT TIME ZONE l.time_zone)`
}

var dashboardNow = `WITH open AS MATERIALIZED (SELECT ` + wasLate("$4::date") + ` AS late, ` + wasWaiting("$4::date") + ` AS waits, w.planned_hours, w.asset_id
		FROM work_orders w JOIN locations l ON l.tenant_id = $1 AND l.id = w.location_id
		WHERE w.tenant_id = $1 AND ` + wasOpen("$4::date") + ` AND ` + scopeSQL("w.location_id", 2) + `),
	planned AS (SELECT w.completed_at <= w.due_at AS met FROM work_orders w WHERE w.tenant_id = $1 AND w.type = 'preventive'
		AND w.cancelled_at IS NULL AND coalesce(w.due_on, 'infinity'::date) >= ` + dashboardDay + ` - 30
		AND coalesce(w.due_on, 'infinity'::date) < ` + dashboardDay + ` AND ` + scopeSQL("w.location_id", 2) + `),
	repairs AS (SELECT w.completed_at - w.started_at AS took FROM work_orders w JOIN locations l ON l.tenant_id = $1 AND l.id = w.location_id
		WHERE w.tenant_id = $1 AND w.type = 'corrective' AND w.status IN ('completed', 'closed') AND w.started_at IS NOT NULL
		AND w.completed_at >= (` + dashboardLast + ` - 90)::timestamp AT TIME ZONE 'UTC'
		AND (w.completed_at AT TIME ZONE l.time_zone)::date BETWEEN ` + dashboardLast + ` - 89 AND ` + dashboardLast + ` AND ` + scopeSQL("w.location_id", 2) + `)
	SELECT ` + dashboardLast + ` AS last, ` + dashboardDay + ` AS day, (SELECT count(*) FROM open) AS open, (SELECT count(*) FROM open WHERE late) AS overdue,
		(SELECT count(*) FROM open o JOIN assets a ON a.tenant_id = $1 AND a.id = o.asset_id WHERE o.late AND a.criticality = 'A') AS overdue_critical,
		(SELECT count(*) FROM planned) AS planned_due, (SELECT count(*) FROM planned WHERE met) AS planned_met,
		(SELECT round(coalesce(sum(extract(epoch FROM took) / 3600), 0), 2) FROM repairs) AS repair_hours, (SELECT count(*) FROM repairs) AS repairs,
		(SELECT coalesce(sum(planned_hours), 0) FROM open WHERE waits) AS waiting_hours, (SELECT count(*) FROM open WHERE waits) AS waiting,
		(SELECT count(*) FROM open WHERE waits AND planned_hours IS NULL) AS waiting_unmeasured,
		(SELECT count(*) FROM users u WHERE u.tenant_id = $1 AND u.disabled_at IS NULL AND 'technician' = ANY (u.roles)) AS technicians,
		(SELECT count(*) FROM assets a WHERE a.tenant_id = $1 AND a.archived_at IS NULL AND $3::uuid IS NOT NULL AND ` + scopeSQL("a.location_id", 2) + `) AS assets`

// dashboardSince is since when an asset a is known to work: the day it was installed, or the first moment o of which anything is recorded
// where that day is not known or lies before.
const dashboardSince = `greatest(o.at, coalesce(a.installed_on::timestamp AT TIME ZONE o.time_zone, o.at))`

// The time between failures, of each week and of the 90 days until dashboardLast (whose monday is null). Assets are grouped by the day since
// which they work, and failures by the quarter of an hour, with which every day of every zone begins: fifty thousand assets
// are a few rows. The stops of an asset are merged, so that two at once count once.
var dashboardFailures = `WITH ` + dashboardMondays + `, periods AS MATERIALIZED (
		SELECT monday, begins, ends, NULL::date AS first FROM mondays
		UNION ALL SELECT NULL, (` + dashboardLast + ` - 89)::timestamp AT TIME ZONE t.time_zone, ` + dashboardAt + `, ` + dashboardLast + ` - 89 FROM tenants t WHERE t.id = $1),
	recorded AS MATERIALIZED (SELECT t.time_zone, least((SELECT min(started_at) FROM downtimes WHERE tenant_id = $1), (SELECT min(created_at) FROM assets WHERE tenant_id = $1)) AS at
		FROM tenants t WHERE t.id = $1),
	fleet AS MATERIALIZED (SELECT greatest(` + dashboardSince + `, (SELECT min(begins) FROM periods)) AS since, count(*) AS assets
		FROM assets a CROSS JOIN recorded o WHERE a.tenant_id = $1 AND a.archived_at IS NULL AND a.lifecycle_state = 'in_service'
		AND $3::uuid IS NOT NULL AND ` + scopeSQL("a.location_id", 2) + ` GROUP BY 1),
	stops AS MATERIALIZED (SELECT d.asset_id, d.kind, d.started_at, coalesce(d.ended_at, 'infinity') AS ended_at, (d.started_at AT TIME ZONE l.time_zone)::date AS day,
			` + dashboardSince + ` AS since
		FROM downtimes d JOIN assets a ON a.tenant_id = $1 AND a.id = d.asset_id JOIN locations l ON l.tenant_id = $1 AND l.id = a.location_id CROSS JOIN recorded o
		WHERE d.tenant_id = $1 AND coalesce(d.ended_at, 'infinity') >= (SELECT min(begins) FROM periods) AND a.archived_at IS NULL AND a.lifecycle_state = 'in_service'
		AND ` + scopeSQL("a.location_id", 2) + `),
	begun AS MATERIALIZED (SELECT day, date_bin('15 minutes', started_at, 'epoch') AS at, count(*) AS failures FROM stops WHERE kind = 'unplanned' GROUP BY 1, 2),
	merged AS MATERIALIZED (SELECT since, unnest(range_agg(tstzrange(started_at, ended_at))) AS stop FROM stops GROUP BY asset_id, since)
	SELECT p.monday, p.first, f.failures,
		round((greatest(0, (SELECT coalesce(sum(t.assets * greatest(0, extract(epoch FROM p.ends - greatest(p.begins, t.since)))), 0) FROM fleet t)
			- (SELECT coalesce(sum(greatest(0, extract(epoch FROM least(upper(m.stop), p.ends) - greatest(lower(m.stop), p.begins, m.since)))), 0) FROM merged m
				WHERE lower(m.stop) < p.ends AND upper(m.stop) > p.begins)) / 3600)::numeric, 2) AS hours
	FROM periods p CROSS JOIN LATERAL (SELECT coalesce(sum(b.failures), 0)::int AS failures FROM begun b WHERE b.at < p.ends
		AND CASE WHEN p.first IS NULL THEN b.at >= p.begins ELSE b.day BETWEEN p.first AND ` + dashboardLast + ` END) f
	ORDER BY p.monday NULLS FIRST`

// dashboardBooked is what was booked from a day to dashboardLast; first is an SQL expression.
func dashboardBooked(first string) string {
	return `booked AS (SELECT e.asset_id, e.worked_on AS day, e.amount, e.work_order_id FROM labor_entries e
			WHERE e.tenant_id = $1 AND e.worked_on BETWEEN ` + first + ` AND ` + dashboardLast + `
		UNION ALL SELECT c.asset_id, c.incurred_on, c.amount, c.work_order_id FROM work_order_costs c
			WHERE c.tenant_id = $1 AND c.incurred_on BETWEEN ` + first + ` AND ` + dashboardLast + `),
	seen AS (SELECT b.asset_id, b.day, b.amount FROM booked b JOIN work_orders w ON w.tenant_id = $1 AND w.id = b.work_order_id
		WHERE $3::uuid IS NOT NULL AND ` + scopeSQL("w.location_id", 2) + `)`
}

var dashboardCostWeeks = `WITH ` + dashboardMondays + `, ` + dashboardBooked("(SELECT min(monday) FROM mondays)") + `
	SELECT k.monday, coalesce(sum(s.amount), 0) AS amount FROM mondays k LEFT JOIN seen s ON s.day >= k.monday AND s.day < k.monday + 7
	GROUP BY k.monday ORDER BY k.monday`

const dashboardMonthBegins = `(SELECT date_trunc('month', ` + dashboardLast + `::timestamp)::date)`

var dashboardMonth = `WITH ` + dashboardBooked(dashboardMonthBegins) + `
	SELECT ` + dashboardMonthBegins + ` AS first, ` + dashboardLast + ` AS last, (SELECT coalesce(sum(s.amount), 0) FROM seen s) AS spent,
		(SELECT coalesce(sum(w.estimated_cost), 0) FROM work_orders w WHERE w.tenant_id = $1 AND w.status <> 'cancelled'
			AND coalesce(w.due_on, 'infinity'::date) >= ` + dashboardMonthBegins + `
			AND coalesce(w.due_on, 'infinity'::date) < ` + dashboardMonthBegins + ` + interval '1 month' AND ` + scopeSQL("w.location_id", 2) + `) AS planned`

var dashboardCostByAsset = `WITH ` + dashboardBooked(`(`+dashboardLast+` - interval '12 months')::date`) + `
	SELECT a.id AS asset_id, a.code, a.name, sum(s.amount) AS total, a.replacement_price
	FROM seen s JOIN assets a ON a.tenant_id = $1 AND a.id = s.asset_id
	GROUP BY a.id, a.code, a.name, a.replacement_price HAVING sum(s.amount) > 0 ORDER BY total DESC, a.code LIMIT 8`

// An order that is being worked on comes before the one that the downtime names.
var dashboardDown = `SELECT a.id AS asset_id, a.code, a.name, a.criticality, d.started_at AS since, coalesce(d.reason, '') AS reason,
	w.id AS work_order_id, w.number AS work_order_number, w.title AS work_order_title, w.status AS work_order_status
	FROM assets a
	LEFT JOIN LATERAL (SELECT x.started_at, x.reason, x.work_order_id FROM downtimes x WHERE x.tenant_id = a.tenant_id AND x.asset_id = a.id
		AND x.ended_at IS NULL ORDER BY x.started_at LIMIT 1) d ON true
	LEFT JOIN LATERAL (SELECT o.id, o.number, o.title, o.status FROM work_orders o WHERE o.tenant_id = a.tenant_id AND o.asset_id = a.id
		AND $3::uuid IS NOT NULL AND (o.id = d.work_order_id OR o.status = ANY (` + dashboardOpen + `) AND o.type = 'corrective')
		ORDER BY o.status IN ('in_progress', 'on_hold') DESC, o.id = d.work_order_id DESC NULLS LAST, o.created_at DESC LIMIT 1) w ON true
	WHERE a.tenant_id = $1 AND a.operating_state = 'down' AND a.archived_at IS NULL AND ` + scopeSQL("a.location_id", 2) + `
	ORDER BY d.started_at NULLS LAST, a.code LIMIT 8`

var dashboardComingUp = `SELECT m.id, m.number, m.title, m.asset_id, a.code AS asset_code, a.name AS asset_name, m.next_due_on AS due_on, m.planned_hours
	FROM maintenance_schedules m LEFT JOIN assets a ON a.tenant_id = m.tenant_id AND a.id = m.asset_id
	WHERE m.tenant_id = $1 AND m.status = 'active' AND m.next_due_on BETWEEN ` + dashboardToday + ` AND ` + dashboardToday + ` + 6
	AND $3::uuid IS NOT NULL AND ` + scopeSQL("m.location_id", 2) + ` ORDER BY m.next_due_on, m.id LIMIT 8`

// queueDashboardFigures adds the lists that the actor may read; until is the day at whose end the figures are those.
func queueDashboardFigures(b *pgx.Batch, actor models.Actor, args []any, until *models.Date, d *models.Dashboard) {
	at := append(slices.Clone(args), until)
	if actor.Can(models.PermissionWorkOrdersRead) {
		collect(b, dashboardWeeks, at, &d.Weeks)
		b.Queue(dashboardNow, at...).Query(func(r pgx.Rows) (err error) {
			d.Now, err = pgx.CollectExactlyOneRow(r, pgx.RowToStructByNameLax[models.DashboardNow])
			return err
		})
	}
	if actor.Can(models.PermissionCostsRead) {
		collect(b, dashboardCostWeeks, at, &d.CostWeeks)
		collect(b, dashboardCostByAsset, at, &d.CostByAsset)
		b.Queue(dashboardMonth, at...).Query(func(r pgx.Rows) (err error) {
			d.Month, err = pgx.CollectExactlyOneRow(r, pgx.RowToStructByNameLax[models.DashboardMonth])
			return err
		})
	}
	if actor.Can(models.PermissionAssetsRead) {
		collect(b, dashboardDown, args, &d.Down)
	}
	if actor.Can(models.PermissionAssetsRead) && actor.Can(models.PermissionWorkOrdersRead) {
		collect(b, dashboardFailures, at, &d.Failures)
	}
	if actor.Can(models.PermissionItemsRead) {
		b.Queue(dashboardStock, actor.TenantID).Query(func(r pgx.Rows) (err error) {
			d.Stock, err = pgx.CollectExactlyOneRow(r, pgx.RowToStructByNameLax[models.DashboardStock])
			return err
		})
	}
	if actor.Can(models.PermissionMaintenanceSchedulesRead) {
		collect(b, dashboardComingUp, args, &d.ComingUp)
	}
	if query := needsYou(actor); query != "" {
		collect(b, query, args, &d.NeedsYou)
	}
}

func collect[T any](b *pgx.Batch, query string, args []any, into *[]T) {
	b.Queue(query, args...).Query(func(r pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[T])
		return err
	})
}
