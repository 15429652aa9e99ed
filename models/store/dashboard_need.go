package store

import (
	"fmt"
	"strings"

	"mainstay/models"
)

// needColumns are what each part of «needs you» selects.
const needColumns = `subject_id, number, title, version, asset_id, "on", at, reason, person_id, priority, urgency`

// need is one part of «needs you»: the permission of the command that it asks for, and the rows.
type need struct {
	code       models.NeedCode
	permission models.Permission
	query      string // of the columns that needColumns names
}

const (
	assignedToMe   = `EXISTS (SELECT FROM work_order_assignees x WHERE x.tenant_id = w.tenant_id AND x.work_order_id = w.id AND x.user_id = $3)`
	assignedToSome = `EXISTS (SELECT FROM work_order_assignees x WHERE x.tenant_id = w.tenant_id AND x.work_order_id = w.id)`
)

func needOrders(condition, at string) string {
	return `SELECT w.id AS subject_id, w.number, w.title, w.version, w.asset_id, w.due_on AS "on", ` + at + ` AS at, w.hold_reason AS reason,
		w.requested_by AS person_id, w.priority, coalesce(w.due_at, w.updated_at) AS urgency
		FROM work_orders w WHERE w.tenant_id = $1 AND ` + condition + ` AND ` + scopeSQL("w.location_id", 2)
}

// needs are in the order of their urgency.
var needs = []need{
	{
		models.NeedOverdueUnassigned, models.PermissionWorkOrdersPlan,
		needOrders(`w.status = ANY (`+dashboardOpen+`) AND w.due_at <= now() AND NOT `+assignedToSome, `w.due_at`),
	},
	{
		models.NeedOverdueMine, models.PermissionWorkOrdersExecute,
		needOrders(`w.status = ANY (`+dashboardOpen+`) AND w.due_at <= now() AND `+assignedToMe, `w.due_at`),
	},
	{models.NeedApproval, models.PermissionWorkOrdersApprove, needOrders(`w.status = 'waiting_approval' AND w.approval_case_id IS NULL`, `w.created_at`)},
	{models.NeedRequest, models.PermissionWorkRequestsTriage, `SELECT r.id AS subject_id, r.number, r.title, r.version, r.asset_id, NULL::date AS "on",
		r.created_at AS at, '' AS reason, r.requested_by AS person_id, '' AS priority, r.created_at AS urgency
		FROM work_requests r WHERE r.tenant_id = $1 AND r.status = 'new' AND ` + scopeSQL("r.location_id", 2)},
	{models.NeedMissed, models.PermissionMaintenanceSchedulesCommand, `SELECT m.id AS subject_id, m.number, m.title, m.version, m.asset_id, o.due_on AS "on",
		o.updated_at AS at, o.reason, NULL::uuid AS person_id, m.priority, o.updated_at AS urgency
		FROM occurrences o JOIN maintenance_schedules m ON m.tenant_id = o.tenant_id AND m.id = o.schedule_id
		WHERE o.tenant_id = $1 AND o.status = 'missed' AND o.due_on > ` + dashboardToday + ` - 30 AND m.status <> 'ended' AND ` + scopeSQL("m.location_id", 2)},
	{
		models.NeedDueMine, models.PermissionWorkOrdersExecute,
		needOrders(`w.status = ANY (`+dashboardOpen+`) AND w.due_at > now() AND w.due_on <= `+dashboardToday+` + 6 AND `+assignedToMe, `w.due_at`),
	},
	{models.NeedPaused, models.PermissionMaintenanceSchedulesCommand, `SELECT m.id AS subject_id, m.number, m.title, m.version, m.asset_id, m.paused_until AS "on",
		m.updated_at AS at, m.pause_reason AS reason, NULL::uuid AS person_id, m.priority, m.updated_at AS urgency
		FROM maintenance_schedules m WHERE m.tenant_id = $1 AND m.status = 'paused'
		AND coalesce(m.paused_until, '-infinity'::date) <= ` + dashboardToday + ` + 6 AND ` + scopeSQL("m.location_id", 2)},
	{models.NeedClosing, models.PermissionWorkOrdersClose, needOrders(`w.status = 'completed'`, `w.completed_at`)},
}

// needsYou is the query of what waits for a command that the actor may give; empty where he may give none.
func needsYou(actor models.Actor) string {
	var parts []string
	for rank, n := range needs {
		if actor.Can(n.permission) {
			parts = append(parts, fmt.Sprintf(`SELECT %d AS rank, '%s' AS code, `+needColumns+` FROM (%s) p`, rank, n.code, n.query))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf(`SELECT n.code, n.subject_id, n.number, n.title, n.version, n.asset_id, a.code AS asset_code, a.name AS asset_name, n."on", n.at,
		n.reason, u.name AS person, n.priority, n.total
		FROM (SELECT rank, code, `+needColumns+`, total, nth > %[2]d AS further FROM (
			SELECT rank, code, `+needColumns+`, (count(*) OVER ())::int AS total, row_number() OVER (PARTITION BY rank ORDER BY urgency, subject_id) AS nth
			FROM (%[1]s) every WHERE $3::uuid IS NOT NULL) numbered ORDER BY further, rank, urgency, subject_id LIMIT %[3]d) n
		LEFT JOIN assets a ON a.tenant_id = $1 AND a.id = n.asset_id LEFT JOIN users u ON u.tenant_id = $1 AND u.id = n.person_id
		ORDER BY n.further, n.rank, n.urgency, n.subject_id`, strings.Join(parts, " UNION ALL "), models.NeedsYouOfEach, models.NeedsYouLimit)
}
