package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// WorkOrderFilter narrows the list of work orders. Values of one field are OR, fields are AND; an empty field does not narrow.
type WorkOrderFilter struct {
	Text        string // in number or title
	Status      []string
	Type        []string
	Priority    []string
	AssetIDs    []uuid.UUID
	LocationIDs []uuid.UUID // with what lies below them
	SiteIDs     []uuid.UUID
	ScheduleIDs []uuid.UUID
	AssigneeIDs []uuid.UUID
	ParentIDs   []uuid.UUID // with the orders below them, the parents themselves excepted
	Overdue     *bool
	DueFrom     *models.Date
	DueTo       *models.Date
	StartFrom   *models.Date
	StartTo     *models.Date
	// Days at the site on which an order was completed and closed.
	CompletedFrom *models.Date
	CompletedTo   *models.Date
	ClosedFrom    *models.Date
	ClosedTo      *models.Date
	// Days on which hours or costs were booked.
	BookedFrom *models.Date
	BookedTo   *models.Date
	// What was so at the end of that day at the site, or is so now before it has come: neither finished nor cancelled, past its due
	// day besides, begun by nobody besides.
	OpenOn    *models.Date
	OverdueOn *models.Date
	WaitingOn *models.Date
}

var workOrderOrders = map[string]order[WorkOrderView]{
	"due_on": {"coalesce(w.due_on, 'infinity'::date)", "date", func(v WorkOrderView) string {
		if v.DueOn == nil {
			return "infinity"
		}
		return v.DueOn.String()
	}},
	"priority": {"array_position('{low,medium,high,critical}'::text[], w.priority)", "int", func(v WorkOrderView) string {
		return strconv.Itoa(v.Priority.Rank())
	}},
	"number":     {"w.number", "text", func(v WorkOrderView) string { return v.Number }},
	"title":      {"w.title", "text", func(v WorkOrderView) string { return v.Title }},
	"created_at": byTime("w.created_at", func(v WorkOrderView) time.Time { return v.CreatedAt }),
}

// overdueSQL is models.WorkOrder.Overdue as a condition.
const overdueSQL = `(w.due_at <= now() AND w.status NOT IN ('completed', 'closed', 'cancelled'))`

// WorkOrders lists work orders by due_on (those without a date last), priority (low first), number, title or created_at.
func (s *Store) WorkOrders(ctx context.Context, f WorkOrderFilter, p Page) (Rows[WorkOrderView], error) {
	l := newListing(ctx, workOrderView, "w.id", func(v WorkOrderView) string { return v.ID.String() }, workOrderOrders)
	l.scope(ctx, "w.location_id")
	in(l, "w.status", "text[]", f.Status)
	in(l, "w.type", "text[]", f.Type)
	in(l, "w.priority", "text[]", f.Priority)
	in(l, "w.asset_id", "uuid[]", f.AssetIDs)
	in(l, "w.schedule_id", "uuid[]", f.ScheduleIDs)
	in(l, "w.site_id", "uuid[]", f.SiteIDs)
	if f.Text != "" {
		l.and("w.id IN (SELECT search_work_orders($%d, "+fmt.Sprint(CountCap)+"))", f.Text)
	}
	if len(f.LocationIDs) > 0 {
		l.and(`EXISTS (SELECT FROM location_paths lp WHERE lp.tenant_id = w.tenant_id AND lp.descendant_id = w.location_id
			AND lp.ancestor_id = ANY($%d::uuid[]))`, f.LocationIDs)
	}
	if len(f.AssigneeIDs) > 0 {
		l.and(`EXISTS (SELECT FROM work_order_assignees x WHERE x.tenant_id = w.tenant_id AND x.work_order_id = w.id
			AND x.user_id = ANY($%d::uuid[]))`, f.AssigneeIDs)
	}
	if len(f.ParentIDs) > 0 {
		l.and(`w.id IN (WITH RECURSIVE below AS (
			SELECT c.id FROM work_orders c WHERE c.tenant_id = $1 AND c.parent_id = ANY($%d::uuid[])
			UNION SELECT c.id FROM work_orders c JOIN below b ON c.parent_id = b.id WHERE c.tenant_id = $1) SELECT id FROM below)`,
			f.ParentIDs)
	}
	if f.Overdue != nil {
		l.and(overdueSQL + " IS " + map[bool]string{true: "TRUE", false: "NOT TRUE"}[*f.Overdue])
	}
	if f.DueFrom != nil {
		l.and("w.due_on >= $%d::date", f.DueFrom)
	}
	if f.DueTo != nil {
		l.and("w.due_on <= $%d::date", f.DueTo)
	}
	if f.StartFrom != nil {
		l.and("w.start_on >= $%d::date", f.StartFrom)
	}
	if f.StartTo != nil {
		l.and("w.start_on <= $%d::date", f.StartTo)
	}
	onDays(l, "w.completed_at", f.CompletedFrom, f.CompletedTo)
	onDays(l, "w.closed_at", f.ClosedFrom, f.ClosedTo)
	if f.BookedFrom != nil || f.BookedTo != nil {
		const between = `BETWEEN coalesce($%[1]d::date, '-infinity') AND coalesce($%[2]d::date, 'infinity')`
		l.and(`w.id IN (SELECT work_order_id FROM labor_entries WHERE tenant_id = $1 AND worked_on `+between+`
			UNION SELECT work_order_id FROM work_order_costs WHERE tenant_id = $1 AND incurred_on `+between+`)`, f.BookedFrom, f.BookedTo)
	}
	const day = "$%[1]d::date"
	if f.OpenOn != nil {
		l.and(wasOpen(day), f.OpenOn)
	}
	if f.OverdueOn != nil {
		l.and(wasOpen(day)+" AND "+wasLate(day), f.OverdueOn)
	}
	if f.WaitingOn != nil {
		l.and(wasOpen(day)+" AND "+wasWaiting(day), f.WaitingOn)
	}
	return l.run(ctx, s, p)
}

// onDays keeps the rows whose instant lies within days at their site l, both included. An index serves the first condition of each:
// no zone is a whole day away from UTC.
func onDays(l *listing[WorkOrderView], instant string, from, to *models.Date) {
	local := "(" + instant + " AT TIME ZONE l.time_zone)::date"
	if from != nil {
		l.and(instant+" >= ($%d::date - 1)::timestamp AT TIME ZONE 'UTC' AND "+local+" >= $%d::date", from, from)
	}
	if to != nil {
		l.and(instant+" < ($%d::date + 2)::timestamp AT TIME ZONE 'UTC' AND "+local+" <= $%d::date", to, to)
	}
}
