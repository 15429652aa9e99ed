package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// TimelineEntry is one thing that happened to a work order. Which fields are set depends on Kind.
type TimelineEntry struct {
	ID        uuid.UUID
	At        time.Time
	Kind      string // "event", "comment", "labor", "cost"
	ActorID   uuid.UUID
	ActorName *string // nil: the system
	Action    string  // event: "work_order.start"; labor and cost: their kind
	Text      string  // a comment's text, a cost's description, an event's reason
	Before    json.RawMessage
	After     json.RawMessage
	Hours     *decimal.Decimal // labor
	WorkedOn  *models.Date     // labor
	Amount    *decimal.Decimal // cost
	Currency  *string          // cost
}

const timeline = `SELECT t.id, t.at, t.kind, t.actor_id, u.name AS actor_name, t.action, t.text, t.before, t.after, t.hours,
	t.worked_on, t.amount, t.currency
	FROM (
		SELECT tenant_id, subject_id, id, at, 'event' AS kind, actor_id, action, reason AS text, before, after,
			NULL::numeric AS hours, NULL::date AS worked_on, NULL::numeric AS amount, NULL::text AS currency
			FROM audit_events WHERE subject_type = 'work_order'
		UNION ALL SELECT tenant_id, subject_id, id, created_at, 'comment', author_id, 'comment', text, NULL, NULL, NULL, NULL, NULL, NULL
			FROM comments WHERE subject_type = 'work_order'
		UNION ALL SELECT tenant_id, work_order_id, id, created_at, 'labor', user_id, kind, '', NULL, NULL, hours, worked_on, NULL, NULL
			FROM labor_entries
		UNION ALL SELECT tenant_id, work_order_id, id, created_at, 'cost', actor_id, kind, description, NULL, NULL, NULL, NULL, amount, currency
			FROM work_order_costs
	) t LEFT JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.actor_id WHERE t.tenant_id = $1`

var timelineOrders = map[string]order[TimelineEntry]{
	"at": byTime("t.at", func(e TimelineEntry) time.Time { return e.At }),
}

// Timeline lists what happened to a work order; costs only for who may read them.
func (s *Store) Timeline(ctx context.Context, workOrder uuid.UUID, p Page) (Rows[TimelineEntry], error) {
	if _, err := s.WorkOrder(ctx, workOrder); err != nil {
		return Rows[TimelineEntry]{}, err
	}
	l := newListing(ctx, timeline, "t.id", func(e TimelineEntry) string { return e.ID.String() }, timelineOrders)
	l.and("t.subject_id = $%d", workOrder)
	if actor, _ := models.ActorFrom(ctx); !actor.Can(models.PermissionCostsRead) {
		l.and("t.kind <> 'cost'")
	}
	return l.run(ctx, s, p)
}
