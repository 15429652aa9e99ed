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

// AssetRequestHead is what transfers and disposals share.
type AssetRequestHead struct {
	ID              uuid.UUID     `json:"id"`
	Number          string        `json:"number"`
	Status          string        `json:"status" enum:"pending_approval,approved,blocked,completed,rejected,cancelled"`
	Version         int           `json:"version"`
	AssetID         uuid.UUID     `json:"asset_id"`
	Asset           Ref           `json:"asset"`
	Reason          string        `json:"reason"`
	FromLocationID  uuid.UUID     `json:"from_location_id" doc:"where the asset stood when it was asked"`
	FromLocation    Ref           `json:"from_location"`
	Worth           Money         `json:"worth" doc:"of the asset with all below it, and at least what it brings: what approvals compare"`
	On              *models.Date  `json:"on,omitempty" format:"date" doc:"not before that day, where the asset stands"`
	ApprovalCaseID  *uuid.UUID    `json:"approval_case_id,omitempty"`
	BlockReason     string        `json:"block_reason,omitempty" doc:"what stood in the way"`
	CancelReason    string        `json:"cancel_reason,omitempty"`
	RejectReason    string        `json:"reject_reason,omitempty"`
	RequestedBy     *store.Person `json:"requested_by,omitempty"`
	CreatedAt       time.Time     `json:"created_at"`
	UpdatedAt       time.Time     `json:"updated_at"`
	ApprovedAt      *time.Time    `json:"approved_at,omitempty"`
	CompletedAt     *time.Time    `json:"completed_at,omitempty"`
	CancelledAt     *time.Time    `json:"cancelled_at,omitempty"`
	AllowedCommands []string      `json:"allowed_commands"`
	Process         *Process      `json:"process,omitempty"`
}

// AssetTransfer hands an asset, and all below it, over to another place.
type AssetTransfer struct {
	AssetRequestHead
	ToLocationID uuid.UUID  `json:"to_location_id"`
	ToLocation   Ref        `json:"to_location"`
	ToParentID   *uuid.UUID `json:"to_parent_id,omitempty"`
	ToParent     *Ref       `json:"to_parent,omitempty"`
	DepartmentID *uuid.UUID `json:"department_id,omitempty"`
	Department   *Ref       `json:"department,omitempty"`
	CostCenterID *uuid.UUID `json:"cost_center_id,omitempty"`
	CostCenter   *Ref       `json:"cost_center,omitempty"`
}

// AssetDisposal takes an asset out of the register for good.
type AssetDisposal struct {
	AssetRequestHead
	Method   string `json:"method" enum:"sold,scrapped,donated,returned"`
	Proceeds Money  `json:"proceeds"`
}

// CreateAssetTransferBody asks for a transfer.
type CreateAssetTransferBody struct {
	AssetID      uuid.UUID    `json:"asset_id"`
	ToLocationID uuid.UUID    `json:"to_location_id"`
	ToParentID   *uuid.UUID   `json:"to_parent_id,omitempty" doc:"the asset that it becomes a part of; it stands alone where left out"`
	DepartmentID *uuid.UUID   `json:"department_id,omitempty" doc:"has it from then on; the same where left out"`
	CostCenterID *uuid.UUID   `json:"cost_center_id,omitempty" doc:"pays for it from then on; the same where left out"`
	On           *models.Date `json:"on,omitempty" format:"date" doc:"not before that day; as soon as it is approved where left out"`
	Reason       string       `json:"reason" minLength:"1" maxLength:"2000"`
}

// CreateAssetDisposalBody asks for a disposal.
type CreateAssetDisposalBody struct {
	AssetID  uuid.UUID    `json:"asset_id"`
	Method   string       `json:"method" enum:"sold,scrapped,donated,returned"`
	Proceeds MoneyInput   `json:"proceeds" doc:"what it brings, in the tenant's currency; 0 where it brings nothing"`
	On       *models.Date `json:"on,omitempty" format:"date" doc:"not before that day; as soon as it is approved where left out"`
	Reason   string       `json:"reason" minLength:"1" maxLength:"2000"`
}

type assetRequestOutput[T any] struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     T
}

// AssetRequestCommandBody holds what the commands take.
type AssetRequestCommandBody struct {
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"cancel"`
}

type assetRequestCommandInput struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body *AssetRequestCommandBody
}

// assetRequestNoun is one of the two nouns: its routes differ in names, its bodies in what is said of place or method.
type assetRequestNoun[T any] struct {
	kind        models.AssetRequestKind
	process     string
	tag         string
	one         string
	path        string
	read, write models.Permission
	body        func(store.AssetRequestView, AssetRequestHead) T
}

var (
	assetTransfers = assetRequestNoun[AssetTransfer]{
		kind: models.ApprovalOfTransfer, process: models.ProcessAssetTransfer, tag: "Asset transfers", one: "asset-transfer",
		path: "/v1/asset-transfers", read: models.PermissionAssetTransfersRead, write: models.PermissionAssetTransfersWrite, body: assetTransferBody,
	}
	assetDisposals = assetRequestNoun[AssetDisposal]{
		kind: models.ApprovalOfDisposal, process: models.ProcessAssetDisposal, tag: "Asset disposals", one: "asset-disposal",
		path: "/v1/asset-disposals", read: models.PermissionAssetDisposalsRead, write: models.PermissionAssetDisposalsWrite, body: assetDisposalBody,
	}
)

func (s *Server) assetRequestRoutes() {
	registerAssetRequests(s, assetTransfers, "Ask for an asset to be handed over to another place",
		func(_ context.Context, b CreateAssetTransferBody) (models.NewAssetRequest, error) {
			return models.NewAssetRequest{
				Kind: models.ApprovalOfTransfer, AssetID: b.AssetID, Reason: b.Reason, ToLocationID: &b.ToLocationID, ToParentID: b.ToParentID,
				DepartmentID: b.DepartmentID, CostCenterID: b.CostCenterID, OnDay: b.On,
			}, nil
		})
	registerAssetRequests(s, assetDisposals, "Ask for an asset to be disposed of",
		func(ctx context.Context, b CreateAssetDisposalBody) (models.NewAssetRequest, error) {
			tenant, err := s.store.Tenant(ctx)
			if err != nil {
				return models.NewAssetRequest{}, err
			}
			proceeds, err := b.Proceeds.in(tenant.Currency, "/proceeds")
			return models.NewAssetRequest{
				Kind: models.ApprovalOfDisposal, AssetID: b.AssetID, Reason: b.Reason, Method: models.DisposalMethod(b.Method),
				Proceeds: &proceeds, OnDay: b.On,
			}, err
		})
}

// registerAssetRequests adds the routes of one of the nouns; B is the body of its create.
func registerAssetRequests[T, B any](
	s *Server, n assetRequestNoun[T], summary string, read func(context.Context, B) (models.NewAssetRequest, error),
) {
	words := strings.ToLower(strings.TrimSuffix(n.tag, "s"))
	register(s, operation{
		method: http.MethodPost, path: n.path, id: "create-" + n.one, tag: n.tag, status: http.StatusCreated, summary: summary, permission: n.write,
	}, func(ctx context.Context, in *struct{ Body B }) (*assetRequestOutput[T], error) {
		asked, err := read(ctx, in.Body)
		if err != nil {
			return nil, err
		}
		return n.create(ctx, s, asked)
	})
	register(s, operation{
		method: http.MethodGet, path: n.path, id: "list-" + n.one + "s", tag: n.tag, summary: "List " + words + "s", permission: n.read,
	}, func(ctx context.Context, in *listAssetRequestsInput) (*listOutput[T], error) {
		return n.list(ctx, s, in)
	})
	register(s, operation{
		method: http.MethodGet, path: n.path + "/{id}", id: "get-" + n.one, tag: n.tag, summary: "Read an " + words, permission: n.read,
	}, func(ctx context.Context, in *recordPath) (*assetRequestOutput[T], error) { return n.get(ctx, s, in.ID) })
	for name, summary := range map[models.AssetRequestCommandName]string{
		models.AssetRequestRetry:  "Try an " + words + " again that something stood in the way of",
		models.AssetRequestCancel: "Cancel an " + words + ": the asset stays as it is",
	} {
		register(s, operation{
			method: http.MethodPost, path: n.path + "/{id}/" + string(name), id: string(name) + "-" + n.one, tag: n.tag, summary: summary,
			permission: n.write,
		}, func(ctx context.Context, in *assetRequestCommandInput) (*assetRequestOutput[T], error) {
			return n.command(ctx, s, name, in)
		})
	}
}

// create hands a create to its process; a repeat under the same command key reads the request as it is now.
func (n assetRequestNoun[T]) create(ctx context.Context, s *Server, asked models.NewAssetRequest) (*assetRequestOutput[T], error) {
	if err := asked.Validate(); err != nil {
		return nil, err
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := s.store.AdmitAssetRequest(ctx, id, asked)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, admitted, workflows.Command{
		Process: n.process, Name: string(models.AssetRequestCreate), SubjectID: id, Summary: n.tag,
		Attributes: models.ProcessAttributes{AssetID: asked.AssetID.String()},
	}); err != nil {
		return nil, err
	}
	return n.get(ctx, s, id)
}

func (n assetRequestNoun[T]) command(
	ctx context.Context, s *Server, name models.AssetRequestCommandName, in *assetRequestCommandInput,
) (*assetRequestOutput[T], error) {
	var c models.AssetRequestCommand
	if in.Body != nil {
		c.Reason = in.Body.Reason
	}
	var err error
	if c.IfVersion, err = in.version(); err != nil {
		return nil, err
	}
	if err := c.Validate(name); err != nil {
		return nil, err
	}
	view, admitted, err := s.store.AdmitAssetRequestCommand(ctx, n.kind, in.ID, name, c)
	if err != nil {
		return nil, err
	}
	if admitted.DoneAt != nil {
		return n.get(ctx, s, in.ID)
	}
	if err := unchanged("request", c.IfVersion, view.Version); err != nil {
		return nil, err
	}
	if err := view.Status.Check(name); err != nil {
		return nil, err
	}
	if _, err := s.processes.Do(ctx, workflows.Command{
		Process: n.process, Name: string(name), SubjectID: in.ID, CommandID: admitted.ID, Running: view.ProcessStartedAt != nil,
		Summary: n.tag, Attributes: models.ProcessAttributes{AssetID: view.AssetID.String()},
	}); err != nil {
		return nil, err
	}
	return n.get(ctx, s, in.ID)
}

func (n assetRequestNoun[T]) get(ctx context.Context, s *Server, id uuid.UUID) (*assetRequestOutput[T], error) {
	v, err := s.store.AssetRequest(ctx, n.kind, id)
	if err != nil {
		return nil, err
	}
	head := assetRequestHeadOf(v)
	head.Process = s.process(ctx, n.process, v.TenantID, v.ID)
	return &assetRequestOutput[T]{Location: n.path + "/" + v.ID.String(), ETag: etag(v.Version), Body: n.body(v, head)}, nil
}

type listAssetRequestsInput struct {
	PageQuery
	Q          string   `query:"q" maxLength:"200" doc:"in the number, or in code or name of the asset"`
	Status     []string `query:"status,explode" enum:"pending_approval,approved,blocked,completed,rejected,cancelled"`
	AssetID    []string `query:"asset_id,explode"`
	LocationID []string `query:"location_id,explode" doc:"where the asset stood or is to stand, with what is below"`
	Sort       string   `query:"sort" default:"-created_at" enum:"created_at,-created_at,number,-number"`
}

func (n assetRequestNoun[T]) list(ctx context.Context, s *Server, in *listAssetRequestsInput) (*listOutput[T], error) {
	var faults models.Faults
	f := store.AssetRequestFilter{
		Text: strings.TrimSpace(in.Q), Status: in.Status, AssetIDs: queryIDs(&faults, "asset_id", in.AssetID),
		LocationIDs: queryIDs(&faults, "location_id", in.LocationID),
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	body := func(v store.AssetRequestView) T { return n.body(v, assetRequestHeadOf(v)) }
	return listPage(in.PageQuery, in.Sort, body, func(page store.Page) (store.Rows[store.AssetRequestView], error) {
		return s.store.AssetRequests(ctx, n.kind, f, page)
	})
}

func assetRequestHeadOf(v store.AssetRequestView) AssetRequestHead {
	h := AssetRequestHead{
		ID: v.ID, Number: v.Number, Status: string(v.Status), Version: v.Version, AssetID: v.AssetID,
		Asset: Ref{ID: v.AssetID, Code: v.AssetCode, Name: v.AssetName}, Reason: v.Reason, FromLocationID: v.FromLocationID,
		FromLocation: Ref{ID: v.FromLocationID, Code: v.FromLocationCode, Name: v.FromLocationName}, Worth: moneyOf(v.Amount, v.Currency),
		On: v.OnDay, ApprovalCaseID: v.ApprovalCaseID, BlockReason: v.BlockReason, CancelReason: v.CancelReason, RejectReason: v.RejectReason,
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt, ApprovedAt: v.ApprovedAt, CompletedAt: v.CompletedAt, CancelledAt: v.CancelledAt,
		AllowedCommands: v.Status.AllowedCommands(),
	}
	if v.RequestedBy != nil {
		h.RequestedBy = personOf(*v.RequestedBy, v.RequesterName)
	}
	return h
}

func assetTransferBody(v store.AssetRequestView, h AssetRequestHead) AssetTransfer {
	return AssetTransfer{
		AssetRequestHead: h, ToLocationID: *v.ToLocationID, ToLocation: *refOf(v.ToLocationID, v.ToLocationCode, v.ToLocationName),
		ToParentID: v.ToParentID, ToParent: refOf(v.ToParentID, v.ToParentCode, v.ToParentName), DepartmentID: v.DepartmentID,
		Department: refOf(v.DepartmentID, v.DepartmentCode, v.DepartmentName), CostCenterID: v.CostCenterID,
		CostCenter: refOf(v.CostCenterID, v.CostCenterCode, v.CostCenterName),
	}
}

func assetDisposalBody(v store.AssetRequestView, h AssetRequestHead) AssetDisposal {
	return AssetDisposal{AssetRequestHead: h, Method: string(v.Method), Proceeds: moneyOf(*v.Proceeds, v.Currency)}
}
