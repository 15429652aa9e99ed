package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

// WorkOrder is a work order as the API shows it.
type WorkOrder struct {
	ID              uuid.UUID        `json:"id"`
	Number          string           `json:"number" example:"WO-000123"`
	Title           string           `json:"title"`
	Description     string           `json:"description"`
	Type            string           `json:"type"`
	Priority        string           `json:"priority"`
	Status          string           `json:"status"`
	Version         int              `json:"version"`
	AssetID         *uuid.UUID       `json:"asset_id"`
	Asset           *Ref             `json:"asset"`
	LocationID      uuid.UUID        `json:"location_id"`
	Location        Ref              `json:"location"`
	SiteID          uuid.UUID        `json:"site_id"`
	Site            Ref              `json:"site"`
	ScheduleID      *uuid.UUID       `json:"schedule_id,omitempty"`
	Schedule        *Ref             `json:"schedule,omitempty"`
	DueKey          *string          `json:"due_key,omitempty"`
	WorkRequestID   *uuid.UUID       `json:"work_request_id,omitempty"`
	WorkRequest     *Ref             `json:"work_request,omitempty"`
	ParentID        *uuid.UUID       `json:"parent_id,omitempty"`
	ApprovalID      *uuid.UUID       `json:"approval_id,omitempty" doc:"the approval that decides, or decided last"`
	Parent          *Ref             `json:"parent,omitempty"`
	DueOn           *models.Date     `json:"due_on,omitempty" format:"date"`
	Overdue         bool             `json:"overdue"`
	StartOn         *models.Date     `json:"start_on,omitempty" format:"date"`
	PlannedHours    *decimal.Decimal `json:"planned_hours,omitempty"`
	EstimatedCost   *Money           `json:"estimated_cost,omitempty"`
	Assignees       []store.Person   `json:"assignees"`
	Resolution      string           `json:"resolution,omitempty"`
	Failure         *models.Failure  `json:"failure,omitempty"`
	HoldReason      string           `json:"hold_reason,omitempty"`
	CancelReason    string           `json:"cancel_reason,omitempty"`
	RequestedBy     *uuid.UUID       `json:"requested_by,omitempty"`
	CreatedAt       time.Time        `json:"created_at"`
	UpdatedAt       time.Time        `json:"updated_at"`
	StartedAt       *time.Time       `json:"started_at,omitempty"`
	CompletedAt     *time.Time       `json:"completed_at,omitempty"`
	ClosedAt        *time.Time       `json:"closed_at,omitempty"`
	AllowedCommands []string         `json:"allowed_commands"`
	Next            []WorkOrderStep  `json:"next,omitempty" doc:"what happens next, at most three steps; absent in lists and when the order is over"`
	Process         *Process         `json:"process,omitempty"`
}

// Ref names a row beside its id: by its code, or by its number where it has one.
type Ref struct {
	ID     uuid.UUID `json:"id"`
	Code   string    `json:"code,omitempty"`
	Number string    `json:"number,omitempty"`
	Name   string    `json:"name"`
}

// Process says which workflow carries a noun; operators get its page in the Web UI.
type Process struct {
	WorkflowID string `json:"workflow_id"`
	Type       string `json:"type"`
	URL        string `json:"url,omitempty"`
}

func (s *Server) workOrderRoutes() {
	const tag = "Work orders"
	register(s, operation{
		method: http.MethodPost, path: "/v1/work-orders", id: "create-work-order", tag: tag, status: http.StatusCreated,
		summary: "Create a work order", permission: models.PermissionWorkOrdersCreate,
	}, s.createWorkOrder)
	register(s, operation{
		method: http.MethodGet, path: "/v1/work-orders", id: "list-work-orders", tag: tag,
		summary: "List work orders", permission: models.PermissionWorkOrdersRead,
	}, s.listWorkOrders)
	register(s, operation{
		method: http.MethodPatch, path: "/v1/work-orders/{id}", id: "change-work-order", tag: tag,
		summary: "Change a work order", permission: models.PermissionWorkOrdersWrite,
	}, s.changeWorkOrder)
	register(s, operation{
		method: http.MethodGet, path: "/v1/work-orders/{id}", id: "get-work-order", tag: tag,
		summary: "Read a work order", permission: models.PermissionWorkOrdersRead,
	}, s.getWorkOrder)
	for _, c := range workOrderCommandRoutes {
		register(s, operation{
			method: http.MethodPost, path: "/v1/work-orders/{id}/" + string(c.name), id: string(c.name) + "-work-order", tag: tag,
			summary: c.summary, permission: c.permission,
		}, s.workOrderCommand(c.name))
	}
	s.workOrderDocumentRoute()
	s.crewLoadRoutes()
}

// CreateWorkOrderBody asks for a work order on an asset or a location.
type CreateWorkOrderBody struct {
	Title         string           `json:"title" minLength:"1" maxLength:"300"`
	AssetID       *uuid.UUID       `json:"asset_id,omitempty"`
	LocationID    *uuid.UUID       `json:"location_id,omitempty"`
	Type          string           `json:"type" enum:"corrective,preventive,inspection,improvement"`
	Priority      string           `json:"priority" enum:"low,medium,high,critical"`
	Description   string           `json:"description,omitempty" maxLength:"20000"`
	DueOn         *models.Date     `json:"due_on,omitempty" format:"date"`
	ParentID      *uuid.UUID       `json:"parent_id,omitempty"`
	PlannedHours  *decimal.Decimal `json:"planned_hours,omitempty"`
	EstimatedCost *MoneyInput      `json:"estimated_cost,omitempty"`
}

func (b CreateWorkOrderBody) order() models.NewWorkOrder {
	n := models.NewWorkOrder{
		Title: b.Title, Description: b.Description, Type: models.WorkOrderType(b.Type), Priority: models.Priority(b.Priority),
		AssetID: b.AssetID, ParentID: b.ParentID, DueOn: b.DueOn, PlannedHours: b.PlannedHours,
	}
	if b.EstimatedCost != nil {
		n.EstimatedCost = &b.EstimatedCost.Amount
	}
	if b.LocationID != nil {
		n.LocationID = *b.LocationID
	}
	return n
}

type workOrderOutput struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     WorkOrder
}

func (s *Server) createWorkOrder(ctx context.Context, in *struct{ Body CreateWorkOrderBody }) (*workOrderOutput, error) {
	n := in.Body.order()
	if err := n.Validate(); err != nil {
		return nil, err
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	place, admitted, err := s.store.AdmitWorkOrder(ctx, id, n)
	if err != nil {
		return nil, err
	}
	if in.Body.EstimatedCost != nil {
		if _, err := in.Body.EstimatedCost.in(place.Currency, "/estimated_cost"); err != nil {
			return nil, err
		}
	}
	if admitted.DoneAt != nil { // the same request again
		return s.readWorkOrder(ctx, id)
	}
	out, err := s.processes.Do(ctx, workflows.Command{
		Process: models.ProcessWorkOrder, Name: string(models.WorkOrderCreate), SubjectID: id, CommandID: admitted.ID,
		Attributes: attributesOf(place, n), Summary: "Work order",
	})
	if err != nil {
		return nil, err
	}
	if n.ParentID != nil || out.Status != string(models.WorkOrderApproved) {
		return s.readWorkOrder(ctx, id) // the parent's name, or the approval
	}
	actor, _ := models.ActorFrom(ctx)
	n.LocationID, n.SiteID, n.TimeZone = place.LocationID, place.SiteID, place.TimeZone
	w, err := models.CreateWorkOrder(actor.TenantID, id, n, &actor.UserID, out.At)
	if err != nil {
		return nil, err
	}
	w.Number, w.Version = out.Number, out.Version
	view := store.WorkOrderView{
		WorkOrder: w, AssetCode: place.AssetCode, AssetName: place.AssetName, LocationCode: place.LocationCode,
		LocationName: place.LocationName, SiteCode: place.SiteCode, SiteName: place.SiteName, TimeZone: place.TimeZone,
		Currency: place.Currency,
	}
	return s.workOrderAnswer(ctx, view), nil
}

func attributesOf(place store.Place, n models.NewWorkOrder) models.ProcessAttributes {
	a := models.ProcessAttributes{Site: place.SiteID.String(), Priority: string(n.Priority)}
	if n.AssetID != nil {
		a.AssetID = n.AssetID.String()
	}
	if n.DueOn != nil {
		if loc, err := models.Zone(place.TimeZone); err == nil {
			due := n.DueOn.AddDays(1).In(loc).UTC()
			a.DueAt = &due
		}
	}
	return a
}

type workOrderPath struct {
	ID uuid.UUID `path:"id"`
}

func (s *Server) getWorkOrder(ctx context.Context, in *workOrderPath) (*workOrderOutput, error) {
	return s.readWorkOrder(ctx, in.ID)
}

func (s *Server) readWorkOrder(ctx context.Context, id uuid.UUID) (*workOrderOutput, error) {
	view, err := s.store.WorkOrder(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.workOrderAnswer(ctx, view), nil
}

// WorkOrderCommandBody holds what the commands take; each uses its own fields and refuses none it does not need to.
type WorkOrderCommandBody struct {
	Reason      string          `json:"reason,omitempty" maxLength:"2000" doc:"hold, cancel, reopen"`
	StartOn     *models.Date    `json:"start_on,omitempty" format:"date" doc:"schedule"`
	AssigneeIDs []uuid.UUID     `json:"assignee_ids,omitempty" maxItems:"50" doc:"schedule, assign"`
	Resolution  string          `json:"resolution,omitempty" maxLength:"20000" doc:"complete"`
	Failure     *models.Failure `json:"failure,omitempty" doc:"complete"`
	Downtime    *DowntimeBody   `json:"downtime,omitempty" doc:"complete"`
}

func (b *WorkOrderCommandBody) command() models.WorkOrderCommand {
	if b == nil {
		return models.WorkOrderCommand{}
	}
	return models.WorkOrderCommand{
		Reason: b.Reason, StartOn: b.StartOn, AssigneeIDs: b.AssigneeIDs, Resolution: b.Resolution, Failure: b.Failure,
		Downtime: b.Downtime.downtime(),
	}
}

// DowntimeBody is a time in which an asset stood still.
type DowntimeBody struct {
	StartedAt time.Time  `json:"started_at"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Kind      string     `json:"kind" enum:"planned,unplanned"`
	Reason    string     `json:"reason,omitempty" maxLength:"2000"`
}

func (b *DowntimeBody) downtime() *models.NewDowntime {
	if b == nil {
		return nil
	}
	return &models.NewDowntime{StartedAt: b.StartedAt, EndedAt: b.EndedAt, Kind: models.DowntimeKind(b.Kind), Reason: b.Reason}
}

var workOrderCommandRoutes = []struct {
	name       models.WorkOrderCommandName
	permission models.Permission
	summary    string
}{
	{models.WorkOrderApprove, models.PermissionWorkOrdersApprove, "Approve a work order"},
	{models.WorkOrderSchedule, models.PermissionWorkOrdersPlan, "Plan a work order for a day and people"},
	{models.WorkOrderAssign, models.PermissionWorkOrdersPlan, "Assign a work order"},
	{models.WorkOrderStart, models.PermissionWorkOrdersExecute, "Start work"},
	{models.WorkOrderHold, models.PermissionWorkOrdersExecute, "Put work on hold"},
	{models.WorkOrderResume, models.PermissionWorkOrdersExecute, "Resume work"},
	{models.WorkOrderComplete, models.PermissionWorkOrdersExecute, "Complete work"},
	{models.WorkOrderClose, models.PermissionWorkOrdersClose, "Close a work order"},
	{models.WorkOrderCancel, models.PermissionWorkOrdersCancel, "Cancel a work order"},
	{models.WorkOrderReopen, models.PermissionWorkOrdersClose, "Reopen a completed work order"},
}

type workOrderCommandInput struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body *WorkOrderCommandBody
}

func (s *Server) workOrderCommand(name models.WorkOrderCommandName) func(context.Context, *workOrderCommandInput) (*workOrderOutput, error) {
	return func(ctx context.Context, in *workOrderCommandInput) (*workOrderOutput, error) {
		c, err := in.command(name)
		if err != nil {
			return nil, err
		}
		return s.runWorkOrderCommand(ctx, in.ID, name, c)
	}
}

// runWorkOrderCommand hands a command to the order's process; a repeat under the same command key reads the order as it is now.
func (s *Server) runWorkOrderCommand(
	ctx context.Context, id uuid.UUID, name models.WorkOrderCommandName, c models.WorkOrderCommand,
) (*workOrderOutput, error) {
	view, admitted, err := s.store.AdmitWorkOrderCommand(ctx, id, name, c)
	if err != nil {
		return nil, err
	}
	if admitted.DoneAt != nil {
		return s.readWorkOrder(ctx, id)
	}
	if err := unchanged("work order", c.IfVersion, view.Version); err != nil {
		return nil, err
	}
	if err := view.Check(name); err != nil {
		return nil, err
	}
	out, err := s.processes.Do(ctx, workflows.Command{
		Process: models.ProcessWorkOrder, Name: string(name), SubjectID: id, CommandID: admitted.ID,
		Running: view.ProcessStartedAt != nil, Attributes: attributesOfView(view), Summary: "Work order " + view.Number,
	})
	if err != nil {
		return nil, err
	}
	if name == models.WorkOrderAssign || name == models.WorkOrderSchedule || out.Version != view.Version+1 {
		return s.readWorkOrder(ctx, id) // names of people, or more than this command happened
	}
	if err := view.Apply(name, c, out.At); err != nil {
		return nil, err
	}
	return s.workOrderAnswer(ctx, view), nil
}

func (in *workOrderCommandInput) command(name models.WorkOrderCommandName) (models.WorkOrderCommand, error) {
	c := in.Body.command()
	version, err := in.version()
	if err != nil {
		return c, err
	}
	c.IfVersion = version
	return c, c.Validate(name)
}

func attributesOfView(v store.WorkOrderView) models.ProcessAttributes {
	a := models.ProcessAttributes{Site: v.SiteID.String(), Priority: string(v.Priority), DueAt: v.DueAt}
	if v.AssetID != nil {
		a.AssetID = v.AssetID.String()
	}
	if v.ScheduleID != nil {
		a.MaintenanceScheduleID = v.ScheduleID.String()
	}
	return a
}

func (s *Server) workOrderAnswer(ctx context.Context, v store.WorkOrderView) *workOrderOutput {
	body := workOrderBody(v)
	actor, _ := models.ActorFrom(ctx)
	body.Next = workOrderSteps(v, actor)
	body.Process = s.process(ctx, models.ProcessWorkOrder, v.TenantID, v.ID)
	return &workOrderOutput{Location: "/v1/work-orders/" + v.ID.String(), ETag: etag(v.Version), Body: body}
}

func workOrderBody(v store.WorkOrderView) WorkOrder {
	w := WorkOrder{
		ID: v.ID, Number: v.Number, Title: v.Title, Description: v.Description, Type: string(v.Type), Priority: string(v.Priority),
		Status: string(v.Status), Version: v.Version, AssetID: v.AssetID, Asset: refOf(v.AssetID, v.AssetCode, v.AssetName),
		LocationID: v.LocationID, Location: Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName},
		SiteID: v.SiteID, Site: Ref{ID: v.SiteID, Code: v.SiteCode, Name: v.SiteName},
		ScheduleID: v.ScheduleID, DueKey: v.DueKey, WorkRequestID: v.WorkRequestID, ParentID: v.ParentID, DueOn: v.DueOn,
		Overdue: v.Overdue(time.Now()), StartOn: v.StartOn, PlannedHours: v.PlannedHours, Assignees: v.Assignees,
		Resolution: v.Resolution, HoldReason: v.HoldReason, CancelReason: v.CancelReason, RequestedBy: v.RequestedBy,
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, StartedAt: v.StartedAt, CompletedAt: v.CompletedAt, ClosedAt: v.ClosedAt,
		AllowedCommands: v.AllowedCommands(), ApprovalID: v.ApprovalCaseID,
	}
	if w.Assignees == nil {
		w.Assignees = []store.Person{}
	}
	w.Schedule = numbered(v.ScheduleID, v.ScheduleNumber, v.ScheduleTitle)
	w.Parent = numbered(v.ParentID, v.ParentNumber, v.ParentTitle)
	w.WorkRequest = numbered(v.WorkRequestID, v.RequestNumber, v.RequestTitle)
	if v.EstimatedCost != nil {
		cost := moneyOf(*v.EstimatedCost, v.Currency)
		w.EstimatedCost = &cost
	}
	if v.FailureMode != "" {
		w.Failure = &models.Failure{Mode: v.FailureMode, Mechanism: v.FailureMechanism, Cause: v.FailureCause, Remedy: v.FailureRemedy}
	}
	return w
}

// refOf names an optional row; nil where there is none.
func refOf(id *uuid.UUID, code, name *string) *Ref {
	if id == nil || code == nil || name == nil {
		return nil
	}
	return &Ref{ID: *id, Code: *code, Name: *name}
}

// numbered is refOf for rows that people know by a number.
func numbered(id *uuid.UUID, number, name *string) *Ref {
	if id == nil || number == nil || name == nil {
		return nil
	}
	return &Ref{ID: *id, Number: *number, Name: *name}
}
