package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// Requisition is what somebody wants to have bought. Lists leave its lines out.
type Requisition struct {
	ID              uuid.UUID         `json:"id"`
	Number          string            `json:"number" example:"RQ-000123"`
	Status          string            `json:"status" enum:"open,ordered,rejected,cancelled"`
	Version         int               `json:"version"`
	Note            string            `json:"note,omitempty"`
	NeededOn        *models.Date      `json:"needed_on,omitempty" format:"date"`
	DepartmentID    *uuid.UUID        `json:"department_id,omitempty"`
	Department      *Ref              `json:"department,omitempty"`
	PurchaseOrderID *uuid.UUID        `json:"purchase_order_id,omitempty"`
	PurchaseOrder   *Ref              `json:"purchase_order,omitempty"`
	DecideReason    string            `json:"decide_reason,omitempty" doc:"of a rejection or a cancellation"`
	RequestedBy     store.Person      `json:"requested_by"`
	DecidedAt       *time.Time        `json:"decided_at,omitempty"`
	CreatedAt       time.Time         `json:"created_at"`
	UpdatedAt       time.Time         `json:"updated_at"`
	LineCount       int               `json:"line_count"`
	Lines           []RequisitionLine `json:"lines,omitempty"`
	AllowedCommands []string          `json:"allowed_commands"`
}

// RequisitionLine is one thing that is wanted, with whom it is bought from and what that asks.
type RequisitionLine struct {
	Line         int              `json:"line"`
	ItemID       *uuid.UUID       `json:"item_id,omitempty"`
	Item         *Ref             `json:"item,omitempty"`
	Description  string           `json:"description"`
	Quantity     decimal.Decimal  `json:"quantity"`
	Unit         string           `json:"unit"`
	StockUnit    string           `json:"stock_unit,omitempty" doc:"the item's own unit, where the line is in another"`
	UnitFactor   *decimal.Decimal `json:"unit_factor,omitempty" doc:"how many of the item's own unit one was when it was asked for"`
	OrderAs      *EnteredQuantity `json:"order_as,omitempty" doc:"how it is ordered now, where one of unit is no longer what it was"`
	WorkOrderID  *uuid.UUID       `json:"work_order_id,omitempty"`
	WorkOrder    *Ref             `json:"work_order,omitempty"`
	CostCenterID *uuid.UUID       `json:"cost_center_id,omitempty"`
	CostCenter   *Ref             `json:"cost_center,omitempty"`
	Supplier     *Ref             `json:"supplier,omitempty"`
	CatalogPrice *Money           `json:"catalog_price,omitempty"`
	CatalogUnit  string           `json:"catalog_unit,omitempty" doc:"of the catalog's price"`
}

// RequisitionBody asks for something to be bought.
type RequisitionBody struct {
	Note         string                `json:"note,omitempty" maxLength:"2000"`
	NeededOn     *models.Date          `json:"needed_on,omitempty" format:"date"`
	DepartmentID *uuid.UUID            `json:"department_id,omitempty"`
	Lines        []RequisitionLineBody `json:"lines" minItems:"1" maxItems:"200"`
}

// RequisitionLineBody is one thing that is wanted.
type RequisitionLineBody struct {
	ItemID       *uuid.UUID      `json:"item_id,omitempty"`
	Description  string          `json:"description,omitempty" maxLength:"300" doc:"needed without an item"`
	Unit         string          `json:"unit,omitempty" maxLength:"64"`
	Quantity     decimal.Decimal `json:"quantity"`
	WorkOrderID  *uuid.UUID      `json:"work_order_id,omitempty"`
	CostCenterID *uuid.UUID      `json:"cost_center_id,omitempty"`
}

func (b RequisitionBody) requisition() models.NewRequisition {
	n := models.NewRequisition{Note: b.Note, NeededOn: b.NeededOn, DepartmentID: b.DepartmentID}
	for _, l := range b.Lines {
		n.Lines = append(n.Lines, models.NewPurchaseOrderLine{
			ItemID: l.ItemID, Description: strings.TrimSpace(l.Description), Unit: l.Unit, Quantity: l.Quantity, WorkOrderID: l.WorkOrderID,
			CostCenterID: l.CostCenterID,
		})
	}
	return n
}

type requisitionListInput struct {
	PageQuery
	Q           string   `query:"q" maxLength:"200" doc:"in number, note or the text of a line"`
	Status      []string `query:"status,explode" enum:"open,ordered,rejected,cancelled"`
	RequestedBy []string `query:"requested_by,explode" doc:"a user's id, or me"`
	ItemID      []string `query:"item_id,explode"`
	Sort        string   `query:"sort" enum:"created_at,-created_at,number,-number" default:"-created_at"`
}

type requisitionDecision struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"2000"`
	}
}

func (s *Server) requisitionRoutes() {
	const tag, path = "Requisitions", "/v1/requisitions"
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-requisition", tag: tag, status: http.StatusCreated,
		summary: "Ask for something to be bought", permission: models.PermissionRequisitionsCreate,
	}, s.createRequisition)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-requisitions", tag: tag,
		summary: "List requisitions", permission: models.PermissionRequisitionsRead,
	}, s.listRequisitions)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-requisition", tag: tag,
		summary: "Read a requisition", permission: models.PermissionRequisitionsRead,
	}, func(ctx context.Context, in *recordPath) (*recordOutput[Requisition], error) {
		return s.readRequisition(ctx, in.ID)
	})
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/order", id: "order-requisition", tag: tag, status: http.StatusCreated,
		summary: "Make a purchase order of a requisition", permission: models.PermissionPurchaseOrdersWrite,
	}, s.orderRequisition)
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/reject", id: "reject-requisition", tag: tag,
		summary: "Reject a requisition", permission: models.PermissionRequisitionsDecide,
	}, s.decideRequisition(s.store.RejectRequisition))
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/cancel", id: "cancel-requisition", tag: tag,
		summary: "Take one's own requisition back", permission: models.PermissionRequisitionsCreate,
	}, s.decideRequisition(s.store.CancelRequisition))
}

func (s *Server) createRequisition(ctx context.Context, in *struct{ Body RequisitionBody }) (*recordOutput[Requisition], error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.CreateRequisition(ctx, id, in.Body.requisition()); err != nil {
		return nil, err
	}
	return s.readRequisition(ctx, id)
}

// OrderRequisitionBody says where a requisition is bought. Without lines the order asks for what the requisition does.
type OrderRequisitionBody struct {
	SupplierID uuid.UUID               `json:"supplier_id"`
	Currency   string                  `json:"currency,omitempty" maxLength:"3" doc:"the tenant's where left out"`
	Rate       *decimal.Decimal        `json:"rate,omitempty"`
	Lines      []PurchaseOrderLineBody `json:"lines,omitempty" maxItems:"200" doc:"with prices; without lines the catalog's prices count"`
}

func (s *Server) orderRequisition(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body OrderRequisitionBody
},
) (*purchaseOrderOutput, error) {
	view, err := s.store.Requisition(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	n := models.NewPurchaseOrder{
		SupplierID: in.Body.SupplierID, Currency: in.Body.Currency, Rate: in.Body.Rate, DepartmentID: view.DepartmentID, RequisitionID: &view.ID,
	}
	if n.Currency == "" {
		tenant, err := s.store.Tenant(ctx)
		if err != nil {
			return nil, err
		}
		n.Currency = tenant.Currency
	}
	if n.Lines, err = orderLines(in.Body.Lines, n.Currency); err != nil {
		return nil, err
	}
	if len(n.Lines) == 0 {
		for _, l := range view.Lines {
			quantity, unit := l.Ordered()
			n.Lines = append(n.Lines, models.NewPurchaseOrderLine{
				ItemID: l.ItemID, Description: l.Description, Unit: unit, Quantity: quantity, WorkOrderID: l.WorkOrderID, CostCenterID: l.CostCenterID,
			})
		}
	}
	return s.newPurchaseOrder(ctx, n)
}

func (s *Server) decideRequisition(
	decide func(context.Context, uuid.UUID, *int, string) error,
) func(context.Context, *requisitionDecision) (*recordOutput[Requisition], error) {
	return func(ctx context.Context, in *requisitionDecision) (*recordOutput[Requisition], error) {
		version, err := in.version()
		if err != nil {
			return nil, err
		}
		if err := decide(ctx, in.ID, version, in.Body.Reason); err != nil {
			return nil, err
		}
		return s.readRequisition(ctx, in.ID)
	}
}

func (s *Server) listRequisitions(ctx context.Context, in *requisitionListInput) (*listOutput[Requisition], error) {
	actor, _ := models.ActorFrom(ctx)
	var faults models.Faults
	f := store.RequisitionFilter{
		Text: strings.TrimSpace(in.Q), Status: in.Status, RequesterIDs: queryPeople(&faults, "requested_by", in.RequestedBy, actor),
		ItemIDs: queryIDs(&faults, "item_id", in.ItemID),
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, requisitionBody(ctx), func(page store.Page) (store.Rows[store.RequisitionView], error) {
		return s.store.Requisitions(ctx, f, page)
	})
}

func (s *Server) readRequisition(ctx context.Context, id uuid.UUID) (*recordOutput[Requisition], error) {
	v, err := s.store.Requisition(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[Requisition]{Location: "/v1/requisitions/" + id.String(), ETag: etag(v.Version), Body: requisitionBody(ctx)(v)}, nil
}

func requisitionBody(ctx context.Context) func(store.RequisitionView) Requisition {
	actor, _ := models.ActorFrom(ctx)
	prices := actor.Can(models.PermissionCatalogRead)
	return func(v store.RequisitionView) Requisition {
		r := Requisition{
			ID: v.ID, Number: v.Number, Status: string(v.Status), Version: v.Version, Note: v.Note, NeededOn: v.NeededOn,
			DepartmentID: v.DepartmentID, Department: refOf(v.DepartmentID, v.DepartmentCode, v.DepartmentName), PurchaseOrderID: v.PurchaseOrderID,
			PurchaseOrder: numbered(v.PurchaseOrderID, v.PurchaseOrderNumber, v.SupplierName), DecideReason: v.DecideReason,
			RequestedBy: store.Person{ID: v.RequestedBy, Name: v.RequesterName}, DecidedAt: v.DecidedAt, CreatedAt: v.CreatedAt,
			UpdatedAt: v.UpdatedAt, LineCount: v.LineCount, AllowedCommands: v.Status.AllowedCommands(),
		}
		for _, l := range v.Lines {
			line := RequisitionLine{
				Line: l.Line, ItemID: l.ItemID, Item: refOf(l.ItemID, l.ItemCode, l.ItemName), Description: l.Description, Quantity: l.Quantity,
				Unit: l.Unit, WorkOrderID: l.WorkOrderID, WorkOrder: numbered(l.WorkOrderID, l.WorkOrderNumber, l.WorkOrderTitle),
				CostCenterID: l.CostCenterID, CostCenter: refOf(l.CostCenterID, l.CostCenterCode, l.CostCenterName),
				Supplier: refOf(l.SupplierID, l.SupplierCode, l.SupplierName),
			}
			if l.ItemUnit != nil && *l.ItemUnit != l.Unit {
				line.StockUnit, line.UnitFactor = *l.ItemUnit, l.UnitFactor
			}
			if quantity, unit := l.Ordered(); unit != l.Unit {
				line.OrderAs = &EnteredQuantity{quantity, unit}
			}
			if prices && l.CatalogPrice != nil && l.CatalogCurrency != nil {
				price := exactMoney(*l.CatalogPrice, *l.CatalogCurrency)
				line.CatalogPrice, line.CatalogUnit = &price, *l.CatalogUnit
			}
			r.Lines = append(r.Lines, line)
		}
		return r
	}
}
