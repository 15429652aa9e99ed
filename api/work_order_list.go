package api

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// WorkOrderQuery narrows a list of work orders; values of one parameter are OR.
type WorkOrderQuery struct {
	Q             string   `query:"q" maxLength:"200" doc:"in number or title"`
	Status        []string `query:"status,explode" enum:"waiting_approval,approved,waiting_material,scheduled,in_progress,on_hold,completed,closed,cancelled"`
	Type          []string `query:"type,explode" enum:"corrective,preventive,inspection,improvement"`
	Priority      []string `query:"priority,explode" enum:"low,medium,high,critical"`
	AssetID       []string `query:"asset_id,explode"`
	LocationID    []string `query:"location_id,explode" doc:"with what lies below"`
	SiteID        []string `query:"site_id,explode"`
	ScheduleID    []string `query:"schedule_id,explode"`
	AssigneeID    []string `query:"assignee_id,explode" doc:"a user's id, or me"`
	ParentID      []string `query:"parent_id,explode" doc:"the orders below, at any depth"`
	Overdue       string   `query:"overdue" enum:"true,false"`
	DueFrom       string   `query:"due_from" format:"date"`
	DueTo         string   `query:"due_to" format:"date"`
	StartFrom     string   `query:"start_from" format:"date" doc:"planned for this day or later"`
	StartTo       string   `query:"start_to" format:"date" doc:"planned for this day or before"`
	CompletedFrom string   `query:"completed_from" format:"date" doc:"completed on this day at the site or later"`
	CompletedTo   string   `query:"completed_to" format:"date" doc:"completed on this day at the site or before"`
	ClosedFrom    string   `query:"closed_from" format:"date" doc:"closed on this day at the site or later"`
	ClosedTo      string   `query:"closed_to" format:"date" doc:"closed on this day at the site or before"`
	BookedFrom    string   `query:"booked_from" format:"date" doc:"with hours or costs booked on this day or later; for who may read costs"`
	BookedTo      string   `query:"booked_to" format:"date" doc:"with hours or costs booked on this day or before"`
	OpenOn        string   `query:"open_on" format:"date" doc:"neither finished nor cancelled at the end of this day at the site, or now before it has come"`
	OverdueOn     string   `query:"overdue_on" format:"date" doc:"as open_on, and past the due day then"`
	WaitingOn     string   `query:"waiting_on" format:"date" doc:"as open_on, and begun by nobody then"`
}

// filter turns the parameters into the store's terms; actor is who «me» is.
func (q WorkOrderQuery) filter(actor models.Actor) (store.WorkOrderFilter, error) {
	f := store.WorkOrderFilter{
		Text: strings.TrimSpace(q.Q), Status: q.Status, Type: q.Type, Priority: q.Priority,
	}
	var faults models.Faults
	f.AssetIDs = queryIDs(&faults, "asset_id", q.AssetID)
	f.LocationIDs = queryIDs(&faults, "location_id", q.LocationID)
	f.SiteIDs = queryIDs(&faults, "site_id", q.SiteID)
	f.ScheduleIDs = queryIDs(&faults, "schedule_id", q.ScheduleID)
	f.ParentIDs = queryIDs(&faults, "parent_id", q.ParentID)
	f.AssigneeIDs = queryPeople(&faults, "assignee_id", q.AssigneeID, actor)
	f.DueFrom = queryDate(&faults, "due_from", q.DueFrom)
	f.DueTo = queryDate(&faults, "due_to", q.DueTo)
	f.StartFrom = queryDate(&faults, "start_from", q.StartFrom)
	f.StartTo = queryDate(&faults, "start_to", q.StartTo)
	f.CompletedFrom = queryDate(&faults, "completed_from", q.CompletedFrom)
	f.CompletedTo = queryDate(&faults, "completed_to", q.CompletedTo)
	f.ClosedFrom = queryDate(&faults, "closed_from", q.ClosedFrom)
	f.ClosedTo = queryDate(&faults, "closed_to", q.ClosedTo)
	f.BookedFrom = queryDate(&faults, "booked_from", q.BookedFrom)
	f.BookedTo = queryDate(&faults, "booked_to", q.BookedTo)
	faults.Add(q.BookedFrom+q.BookedTo != "" && !actor.Can(models.PermissionCostsRead), "booked_from", "permission", "You cannot see what was booked.")
	f.OpenOn = queryDate(&faults, "open_on", q.OpenOn)
	f.OverdueOn = queryDate(&faults, "overdue_on", q.OverdueOn)
	f.WaitingOn = queryDate(&faults, "waiting_on", q.WaitingOn)
	if q.Overdue != "" {
		f.Overdue = new(q.Overdue == "true")
	}
	return f, faults.Err()
}

type listWorkOrdersInput struct {
	PageQuery
	WorkOrderQuery
	Sort string `query:"sort" default:"-created_at" enum:"due_on,-due_on,priority,-priority,number,-number,created_at,-created_at,title,-title"`
}

func (s *Server) listWorkOrders(ctx context.Context, in *listWorkOrdersInput) (*listOutput[WorkOrder], error) {
	actor, _ := models.ActorFrom(ctx)
	filter, err := in.filter(actor)
	if err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, workOrderBody, func(page store.Page) (store.Rows[store.WorkOrderView], error) {
		return s.store.WorkOrders(ctx, filter, page)
	})
}

// ChangeWorkOrderBody is a merge patch of what a person may edit beside the commands.
type ChangeWorkOrderBody struct {
	Title         Optional[string]          `json:"title,omitempty"`
	Description   Optional[string]          `json:"description,omitempty"`
	Priority      Optional[string]          `json:"priority,omitempty" doc:"low, medium, high or critical"`
	DueOn         Optional[models.Date]     `json:"due_on,omitempty"`
	PlannedHours  Optional[decimal.Decimal] `json:"planned_hours,omitempty"`
	EstimatedCost Optional[MoneyInput]      `json:"estimated_cost,omitempty"`
}

func (b ChangeWorkOrderBody) edit(w *models.WorkOrder, currency string) error {
	b.Title.apply(&w.Title)
	b.Description.apply(&w.Description)
	if b.Priority.Set {
		w.Priority = models.Priority(b.Priority.V)
	}
	b.PlannedHours.applyPointer(&w.PlannedHours)
	if b.EstimatedCost.Null {
		w.EstimatedCost = nil
	}
	if !b.EstimatedCost.Set || b.EstimatedCost.Null {
		return nil
	}
	amount, err := b.EstimatedCost.V.in(currency, "/estimated_cost")
	w.EstimatedCost = &amount
	return err
}

func (b ChangeWorkOrderBody) due() **models.Date {
	if !b.DueOn.Set {
		return nil
	}
	var due *models.Date
	b.DueOn.applyPointer(&due)
	return &due
}

type changeWorkOrderInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body ChangeWorkOrderBody
}

func (s *Server) changeWorkOrder(ctx context.Context, in *changeWorkOrderInput) (*workOrderOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.store.ChangeWorkOrder(ctx, in.ID, version, in.Body.edit, in.Body.due()); err != nil {
		return nil, err
	}
	return s.readWorkOrder(ctx, in.ID)
}
