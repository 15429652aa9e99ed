package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

type listPurchaseOrdersInput struct {
	PageQuery
	Q            string   `query:"q" maxLength:"200" doc:"in number, supplier or the text of a line"`
	Status       []string `query:"status,explode" enum:"draft,pending_approval,approved,sent,partially_received,received,closed,rejected,cancelled"`
	Origin       []string `query:"origin,explode" enum:"person,requisition,replenishment"`
	SupplierID   []string `query:"supplier_id,explode"`
	DepartmentID []string `query:"department_id,explode"`
	ItemID       []string `query:"item_id,explode"`
	WorkOrderID  []string `query:"work_order_id,explode"`
	RequestedBy  []string `query:"requested_by,explode" doc:"a user's id, or me"`
	Late         bool     `query:"late" doc:"only those whose promise has passed"`
	Blocked      bool     `query:"blocked" doc:"only those with a blocked line of an invoice"`
	Sort         string   `query:"sort" default:"-created_at" enum:"created_at,-created_at,number,-number,amount,-amount,promised_on,-promised_on"`
}

func (s *Server) listPurchaseOrders(ctx context.Context, in *listPurchaseOrdersInput) (*listOutput[PurchaseOrder], error) {
	actor, _ := models.ActorFrom(ctx)
	var faults models.Faults
	f := store.PurchaseOrderFilter{
		Text: strings.TrimSpace(in.Q), Status: in.Status, Origin: in.Origin, SupplierIDs: queryIDs(&faults, "supplier_id", in.SupplierID),
		DepartmentIDs: queryIDs(&faults, "department_id", in.DepartmentID), ItemIDs: queryIDs(&faults, "item_id", in.ItemID),
		WorkOrderIDs: queryIDs(&faults, "work_order_id", in.WorkOrderID), RequesterIDs: queryPeople(&faults, "requested_by", in.RequestedBy, actor),
		Late: in.Late, Blocked: in.Blocked,
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, purchaseOrderBody, func(page store.Page) (store.Rows[store.PurchaseOrderView], error) {
		return s.store.PurchaseOrders(ctx, f, page)
	})
}

// ChangePurchaseOrderBody is a merge patch of what a person may change of an order of which nothing was received. Lines replace
// those that are there.
type ChangePurchaseOrderBody struct {
	Note         Optional[string]                  `json:"note,omitempty"`
	DepartmentID Optional[uuid.UUID]               `json:"department_id,omitempty"`
	Rate         Optional[decimal.Decimal]         `json:"rate,omitempty"`
	Lines        Optional[[]PurchaseOrderLineBody] `json:"lines,omitempty"`
}

type changePurchaseOrderInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body ChangePurchaseOrderBody
}

func (s *Server) changePurchaseOrder(ctx context.Context, in *changePurchaseOrderInput) (*purchaseOrderOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	view, err := s.store.PurchaseOrder(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	edit, err := in.Body.edit(view.Currency)
	if err != nil {
		return nil, err
	}
	if err := s.store.ChangePurchaseOrder(ctx, in.ID, version, edit); err != nil {
		return nil, err
	}
	return s.readPurchaseOrder(ctx, in.ID)
}

func (b ChangePurchaseOrderBody) edit(currency string) (store.PurchaseOrderEdit, error) {
	var edit store.PurchaseOrderEdit
	if b.Note.Set {
		edit.Note = &b.Note.V
	}
	if b.DepartmentID.Set {
		var department *uuid.UUID
		b.DepartmentID.applyPointer(&department)
		edit.DepartmentID = &department
	}
	if b.Rate.Set && !b.Rate.Null {
		edit.Rate = &b.Rate.V
	}
	if !b.Lines.Set {
		return edit, nil
	}
	if len(b.Lines.V) == 0 {
		return edit, models.InvalidField("/lines", "minItems", "An order has at least one line.")
	}
	var err error
	edit.Lines, err = orderLines(b.Lines.V, currency)
	return edit, err
}

func purchaseOrderBody(v store.PurchaseOrderView) PurchaseOrder {
	o := PurchaseOrder{
		ID: v.ID, Number: v.Number, Status: string(v.Status), Version: v.Version, Revision: v.Revision, Origin: string(v.Origin),
		SupplierID: v.SupplierID, Supplier: Ref{ID: v.SupplierID, Code: v.SupplierCode, Name: v.SupplierName}, Currency: v.Currency, Rate: v.Rate,
		Amount: moneyOf(v.Amount, v.Currency), BaseAmount: moneyOf(v.BaseAmount, v.BaseCurrency), DepartmentID: v.DepartmentID,
		Department: refOf(v.DepartmentID, v.DepartmentCode, v.DepartmentName), RequisitionID: v.RequisitionID,
		Requisition: numbered(v.RequisitionID, v.RequisitionNumber, v.RequisitionNumber), Note: v.Note, PromisedOn: v.PromisedOn,
		Late: v.Late(time.Now()), LineCount: v.LineCount, BlockedLines: v.BlockedLines, ApprovalCaseID: v.ApprovalCaseID, DocumentID: v.DocumentID,
		MailedTo: v.MailedTo, MailError: v.MailError, CancelReason: v.CancelReason, RejectReason: v.RejectReason, CreatedAt: v.CreatedAt,
		UpdatedAt: v.UpdatedAt, SubmittedAt: v.SubmittedAt, ApprovedAt: v.ApprovedAt, SentAt: v.SentAt, IssuedAt: v.IssuedAt,
		ReceivedAt: v.ReceivedAt, ClosedAt: v.ClosedAt, CancelledAt: v.CancelledAt, AllowedCommands: v.Status.AllowedCommands(),
	}
	if v.RequestedBy != nil && v.RequesterName != nil {
		o.RequestedBy = &store.Person{ID: *v.RequestedBy, Name: *v.RequesterName}
	}
	for _, l := range v.Lines {
		o.Lines = append(o.Lines, purchaseOrderLineBody(v, l))
	}
	return o
}

func purchaseOrderLineBody(o store.PurchaseOrderView, l store.PurchaseOrderLineView) PurchaseOrderLine {
	line := PurchaseOrderLine{
		ID: l.ID, Line: l.Line, ItemID: l.ItemID, Item: refOf(l.ItemID, l.ItemCode, l.ItemName), Description: l.Description, Unit: l.Unit,
		Quantity: l.Quantity, UnitPrice: exactMoney(l.UnitPrice, o.Currency), Amount: moneyOf(l.Amount, o.Currency), PromisedOn: l.PromisedOn,
		WorkOrderID: l.WorkOrderID, WorkOrder: numbered(l.WorkOrderID, l.WorkOrderNumber, l.WorkOrderTitle), CostCenterID: l.CostCenterID,
		CostCenter: refOf(l.CostCenterID, l.CostCenterCode, l.CostCenterName), AssetTemplateID: l.AssetTemplateID,
		AssetTemplate: refOf(l.AssetTemplateID, l.AssetTemplateCode, l.AssetTemplateName), Received: l.Received, Open: l.Open(),
		Invoiced: l.Invoiced, Destination: l.Destination(),
	}
	if l.ItemTracking != nil {
		line.Tracking = *l.ItemTracking
	}
	if l.ItemUnit != nil && *l.ItemUnit != l.Unit {
		line.StockUnit, line.UnitFactor = *l.ItemUnit, &l.UnitFactor
	}
	return line
}

// exactMoney shows a price with at least the currency's digits, and with more where it has more.
func exactMoney(price decimal.Decimal, currency string) Money {
	rounded := moneyOf(price, currency)
	if exact := price.String(); !price.Equal(models.RoundMoney(price, currency)) {
		rounded.Amount = exact
	}
	return rounded
}

// pointerTo names a field of one of a list.
func pointerTo(list string, i int, field string) string {
	return list + "/" + strconv.Itoa(i) + "/" + field
}
