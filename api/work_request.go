package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

// WorkRequest is what somebody reported, and what became of it.
type WorkRequest struct {
	ID              uuid.UUID    `json:"id"`
	Number          string       `json:"number" example:"WR-000123"`
	Title           string       `json:"title"`
	Description     string       `json:"description"`
	Status          string       `json:"status" enum:"new,accepted,rejected,duplicate"`
	Version         int          `json:"version"`
	AssetID         *uuid.UUID   `json:"asset_id"`
	Asset           *Ref         `json:"asset"`
	LocationID      uuid.UUID    `json:"location_id"`
	Location        Ref          `json:"location"`
	RequestedBy     store.Person `json:"requested_by"`
	RejectReason    string       `json:"reject_reason,omitempty"`
	DuplicateOf     *uuid.UUID   `json:"duplicate_of,omitempty"`
	WorkOrderID     *uuid.UUID   `json:"work_order_id,omitempty"`
	WorkOrder       *Ref         `json:"work_order,omitempty"`
	CreatedAt       time.Time    `json:"created_at"`
	UpdatedAt       time.Time    `json:"updated_at"`
	DecidedAt       *time.Time   `json:"decided_at,omitempty"`
	AllowedCommands []string     `json:"allowed_commands"`
}

func (s *Server) workRequestRoutes() {
	const tag, path = "Work requests", "/v1/work-requests"
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-work-request", tag: tag, status: http.StatusCreated,
		summary: "Report a need for work", permission: models.PermissionWorkRequestsCreate,
	}, s.createWorkRequest)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-work-requests", tag: tag,
		summary: "List work requests", permission: models.PermissionWorkRequestsRead,
	}, s.listWorkRequests)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-work-request", tag: tag,
		summary: "Read a work request", permission: models.PermissionWorkRequestsRead,
	}, func(ctx context.Context, in *workRequestPath) (*workRequestOutput, error) {
		return s.readWorkRequest(ctx, in.ID)
	})
	register(s, operation{
		method: http.MethodPatch, path: path + "/{id}", id: "change-work-request", tag: tag,
		summary: "Change a work request that is not decided", permission: models.PermissionWorkRequestsCreate,
	}, s.changeWorkRequest)
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/accept", id: "accept-work-request", tag: tag,
		summary: "Accept a work request as a work order", permission: models.PermissionWorkRequestsTriage,
	}, s.acceptWorkRequest)
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/reject", id: "reject-work-request", tag: tag,
		summary: "Reject a work request", permission: models.PermissionWorkRequestsTriage,
	}, s.rejectWorkRequest)
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/duplicate", id: "duplicate-work-request", tag: tag,
		summary: "Merge a work request into an earlier one", permission: models.PermissionWorkRequestsTriage,
	}, s.mergeWorkRequest)
}

// CreateWorkRequestBody reports a need for work on an asset or at a location.
type CreateWorkRequestBody struct {
	Title       string     `json:"title" minLength:"1" maxLength:"300"`
	Description string     `json:"description,omitempty" maxLength:"20000"`
	AssetID     *uuid.UUID `json:"asset_id,omitempty"`
	LocationID  *uuid.UUID `json:"location_id,omitempty"`
}

type workRequestOutput struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     WorkRequest
}

type workRequestPath struct {
	ID uuid.UUID `path:"id"`
}

func (s *Server) createWorkRequest(ctx context.Context, in *struct{ Body CreateWorkRequestBody }) (*workRequestOutput, error) {
	n := models.NewWorkRequest{Title: in.Body.Title, Description: in.Body.Description, AssetID: in.Body.AssetID}
	if in.Body.LocationID != nil {
		n.LocationID = *in.Body.LocationID
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.CreateWorkRequest(ctx, id, n); err != nil {
		return nil, err
	}
	return s.readWorkRequest(ctx, id)
}

func (s *Server) readWorkRequest(ctx context.Context, id uuid.UUID) (*workRequestOutput, error) {
	view, err := s.store.WorkRequest(ctx, id)
	if err != nil {
		return nil, err
	}
	return &workRequestOutput{Location: "/v1/work-requests/" + id.String(), ETag: etag(view.Version), Body: workRequestBody(view)}, nil
}

func workRequestBody(v store.WorkRequestView) WorkRequest {
	r := WorkRequest{
		ID: v.ID, Number: v.Number, Title: v.Title, Description: v.Description, Status: string(v.Status), Version: v.Version,
		AssetID: v.AssetID, Asset: refOf(v.AssetID, v.AssetCode, v.AssetName), LocationID: v.LocationID,
		Location:    Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName},
		RequestedBy: store.Person{ID: v.RequestedBy, Name: v.RequesterName}, RejectReason: v.RejectReason, DuplicateOf: v.DuplicateOf,
		WorkOrderID: v.WorkOrderID, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, DecidedAt: v.DecidedAt,
		AllowedCommands: v.Status.AllowedCommands(),
	}
	r.WorkOrder = numbered(v.WorkOrderID, v.WorkOrderNumber, v.WorkOrderTitle)
	return r
}

type listWorkRequestsInput struct {
	PageQuery
	Q           string   `query:"q" maxLength:"200" doc:"in number or title"`
	Status      []string `query:"status,explode" enum:"new,accepted,rejected,duplicate"`
	AssetID     []string `query:"asset_id,explode"`
	LocationID  []string `query:"location_id,explode" doc:"with what lies below"`
	RequestedBy []string `query:"requested_by,explode" doc:"a user's id, or me"`
	Sort        string   `query:"sort" default:"-created_at" enum:"created_at,-created_at,number,-number,title,-title"`
}

func (s *Server) listWorkRequests(ctx context.Context, in *listWorkRequestsInput) (*listOutput[WorkRequest], error) {
	actor, _ := models.ActorFrom(ctx)
	var faults models.Faults
	filter := store.WorkRequestFilter{
		Text: strings.TrimSpace(in.Q), Status: in.Status, AssetIDs: queryIDs(&faults, "asset_id", in.AssetID),
		LocationIDs: queryIDs(&faults, "location_id", in.LocationID), RequesterIDs: queryPeople(&faults, "requested_by", in.RequestedBy, actor),
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, workRequestBody, func(page store.Page) (store.Rows[store.WorkRequestView], error) {
		return s.store.WorkRequests(ctx, filter, page)
	})
}

// ChangeWorkRequestBody is a merge patch.
type ChangeWorkRequestBody struct {
	Title       Optional[string] `json:"title,omitempty"`
	Description Optional[string] `json:"description,omitempty"`
}

type changeWorkRequestInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body ChangeWorkRequestBody
}

func (s *Server) changeWorkRequest(ctx context.Context, in *changeWorkRequestInput) (*workRequestOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	view, err := s.store.WorkRequest(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	actor, _ := models.ActorFrom(ctx)
	if view.RequestedBy != actor.UserID && !actor.Can(models.PermissionWorkRequestsTriage) {
		return nil, models.Forbidden("Another person's request can be changed with the permission %s only.", models.PermissionWorkRequestsTriage)
	}
	if err := s.store.EditWorkRequest(ctx, in.ID, version, func(r *models.WorkRequest) {
		in.Body.Title.apply(&r.Title)
		in.Body.Description.apply(&r.Description)
	}); err != nil {
		return nil, err
	}
	return s.readWorkRequest(ctx, in.ID)
}

// AcceptWorkRequestBody says what of the work order differs from the request.
type AcceptWorkRequestBody struct {
	Title    string       `json:"title,omitempty" maxLength:"300"`
	Type     string       `json:"type,omitempty" enum:"corrective,preventive,inspection,improvement" default:"corrective"`
	Priority string       `json:"priority,omitempty" enum:"low,medium,high,critical" default:"medium"`
	DueOn    *models.Date `json:"due_on,omitempty"`
}

type acceptWorkRequestInput struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body *AcceptWorkRequestBody
}

// acceptWorkRequest creates the work order through its process; the request is decided in the transaction of that command.
func (s *Server) acceptWorkRequest(ctx context.Context, in *acceptWorkRequestInput) (*workOrderOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	request, err := s.store.WorkRequest(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	n := acceptedOrder(request, in.Body)
	place, admitted, err := s.store.AdmitWorkOrder(ctx, id, n)
	switch {
	case err != nil:
		return nil, err
	case admitted.DoneAt != nil: // the same request again
		return s.readWorkOrder(ctx, id)
	}
	if err := unchanged("work request", version, request.Version); err != nil {
		return nil, err
	}
	if err := request.Status.Check(); err != nil {
		return nil, err
	}
	if _, err := s.processes.Do(ctx, workflows.Command{
		Process: models.ProcessWorkOrder, Name: string(models.WorkOrderCreate), SubjectID: id, CommandID: admitted.ID,
		Attributes: attributesOf(place, n), Summary: "Work order",
	}); err != nil {
		return nil, err
	}
	return s.readWorkOrder(ctx, id)
}

func acceptedOrder(r store.WorkRequestView, b *AcceptWorkRequestBody) models.NewWorkOrder {
	n := models.NewWorkOrder{
		Title: r.Title, Description: r.Description, Type: models.WorkCorrective, Priority: models.PriorityMedium,
		AssetID: r.AssetID, LocationID: r.LocationID, WorkRequestID: &r.ID,
	}
	if b == nil {
		return n
	}
	if b.Title != "" {
		n.Title = b.Title
	}
	n.Type, n.Priority, n.DueOn = models.WorkOrderType(b.Type), models.Priority(b.Priority), b.DueOn
	return n
}

type rejectWorkRequestInput struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (s *Server) rejectWorkRequest(ctx context.Context, in *rejectWorkRequestInput) (*workRequestOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.store.RejectWorkRequest(ctx, in.ID, version, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.readWorkRequest(ctx, in.ID)
}

type mergeWorkRequestInput struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body struct {
		Of uuid.UUID `json:"of" doc:"the request that was there first"`
	}
}

func (s *Server) mergeWorkRequest(ctx context.Context, in *mergeWorkRequestInput) (*workRequestOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.store.MergeWorkRequest(ctx, in.ID, version, in.Body.Of); err != nil {
		return nil, err
	}
	return s.readWorkRequest(ctx, in.ID)
}
