package store

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"mainstay/models"
)

// AuditGap is a row that says of itself that more was done to it than the audit log tells.
type AuditGap struct {
	Noun   string    // "work_order", or "command"
	ID     uuid.UUID // of the row
	Wanted int       // events that the row vouches for
	Found  int
}

// auditedRows are rows of one table that vouch for events about them.
type auditedRows struct {
	table  string
	noun   string // an expression; the table's singular unless set
	events string // an expression; one unless set
	made   string // the column of when it was made; created_at unless set
}

// ofProcess is a version of a process. Of older rows nobody knows how many events they should have.
const ofProcess = "CASE WHEN created_at > (SELECT versions_audited_since FROM installation) THEN version ELSE 1 END"

// Each version of the first has an event, which is written in the transaction that makes it. The others have one when they are made; what
// happens to them later shows in no version.
var allAudited = []auditedRows{
	{table: "approval_policies", events: "version"},
	{table: "asset_categories", events: "version"},
	{table: "asset_requests", noun: "kind", events: ofProcess},
	{table: "asset_templates", events: "version"},
	{table: "assets", events: "version"},
	{table: "backup_runs", events: "version"},
	{table: "catalog_entries", events: "version"},
	{table: "cost_centers", events: "version"},
	{table: "departments", events: "version"},
	{table: "exchange_rates", events: "version"},
	{table: "failure_codes", events: "version"},
	{table: "file_runs", events: "version"},
	{table: "items", events: "version"},
	{table: "job_plans", events: "version"},
	{table: "locations", events: "version"},
	{table: "maintenance_schedules", events: "version"},
	{table: "meters", events: "version"},
	{table: "purchase_orders", events: ofProcess},
	{table: "requisitions", events: "version"},
	{table: "restore_drills", events: "version"},
	{table: "retention_runs", events: "version"},
	{table: "suppliers", events: "version"},
	{table: "users", events: "version"},
	{table: "work_orders", events: ofProcess},
	{table: "work_requests", events: "version"},
	{table: "api_tokens"},
	{table: "approval_cases"},
	{table: "comments"},
	{table: "delegations"},
	{table: "exports"},
	{table: "goods_receipts", made: "posted_at"},
	{table: "imports"},
	{table: "labor_entries"},
	{table: "reservations"},
	{table: "sessions"},
	{table: "stock_movements", made: "posted_at"},
	{table: "stock_transfers", made: "sent_at"},
	{table: "supplier_invoices"},
}

// silentActions are about one of these rows and make no version of it.
var silentActions = []string{
	"asset.downtime", "asset.downtime_end", "asset.spare_parts", "asset_template.spare_parts", "maintenance_schedule.repair",
	"maintenance_schedule.rezone", "user.set_password", "work_order.import_cost",
}

var auditGaps = func() string {
	var rows []string
	for _, r := range allAudited {
		noun, plural := strings.CutSuffix(r.table, "ies")
		if noun += "y"; !plural {
			noun = strings.TrimSuffix(r.table, "s")
		}
		rows = append(rows, fmt.Sprintf(`SELECT %s AS noun, id, %s AS wanted, %s AS made FROM %s WHERE tenant_id = $1`,
			cmp.Or(r.noun, "'"+noun+"'"), cmp.Or(r.events, "1"), cmp.Or(r.made, "created_at"), r.table))
	}
	return `WITH told AS (SELECT subject_type, subject_id, count(*) AS events FROM audit_events
			WHERE tenant_id = $1 AND starts_with(action, subject_type || '.') AND action <> ALL ($2::text[]) GROUP BY 1, 2),
		loaded AS (SELECT max(at) AS at FROM audit_events WHERE tenant_id = $1 AND action = '` + actionLoadDemo + `'),
		gaps AS (SELECT r.noun, r.id, r.wanted, coalesce(told.events, 0) AS found
			FROM (` + strings.Join(rows, " UNION ALL ") + `) r
			LEFT JOIN told ON told.subject_type = r.noun AND told.subject_id = r.id
			WHERE coalesce(told.events, 0) < r.wanted AND (r.made > (SELECT at FROM loaded)) IS NOT false
		UNION ALL
			SELECT 'command', c.id, 1, 0 FROM commands c WHERE c.tenant_id = $1 AND c.done_at IS NOT NULL
				AND NOT EXISTS (SELECT FROM audit_events e WHERE e.tenant_id = $1 AND e.command_id = c.id))
		SELECT noun, id, wanted, found FROM gaps ORDER BY 1, 2`
}()

// VerifyAudit holds the audit log of the actor's tenant against what vouches for its events: each version of a row and each command that
// was carried out has one, since all are written in one transaction. It returns every row of which the log tells too little. What a demo
// was loaded with has one event for all.
func (s *Store) VerifyAudit(ctx context.Context) ([]AuditGap, error) {
	actor, _ := models.ActorFrom(ctx)
	return read[AuditGap](ctx, s, auditGaps, actor.TenantID, silentActions)
}

// ProveAudit says in words where [Store.VerifyAudit] first finds a gap among tenants; empty where it finds none.
func (s *Store) ProveAudit(ctx context.Context, tenants []uuid.UUID) (string, error) {
	return firstFault(ctx, tenants, s.VerifyAudit, func(tenant uuid.UUID, gaps []AuditGap) string {
		g := gaps[0]
		return fmt.Sprintf("Tenant %s: the %s %s vouches for %d events and has %d; %d rows are so.", tenant, g.Noun, g.ID, g.Wanted, g.Found, len(gaps))
	})
}
