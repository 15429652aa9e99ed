package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

// PurchaseOrder is a purchase order as the API shows it. Lists leave its lines out.
type PurchaseOrder struct {
	ID              uuid.UUID           `json:"id"`
	Number          string              `json:"number" example:"PO-000123"`
	Status          string              `json:"status"`
	Version         int                 `json:"version"`
	Revision        int                 `json:"revision" doc:"1, and one more with each change after it was submitted"`
	Origin          string              `json:"origin" enum:"person,requisition,replenishment"`
	SupplierID      uuid.UUID           `json:"supplier_id"`
	Supplier        Ref                 `json:"supplier"`
	Currency        string              `json:"currency"`
	Rate            decimal.Decimal     `json:"rate" doc:"of the currency to the tenant's"`
	Amount          Money               `json:"amount" doc:"sum of the lines, tax excluded"`
	BaseAmount      Money               `json:"base_amount" doc:"the same in the tenant's currency: what approvals compare"`
	DepartmentID    *uuid.UUID          `json:"department_id,omitempty"`
	Department      *Ref                `json:"department,omitempty"`
	RequisitionID   *uuid.UUID          `json:"requisition_id,omitempty"`
	Requisition     *Ref                `json:"requisition,omitempty"`
	Note            string              `json:"note,omitempty"`
	PromisedOn      *models.Date        `json:"promised_on,omitempty" format:"date" doc:"the earliest promise of what has still to come"`
	Late            bool                `json:"late" doc:"that day has passed"`
	LineCount       int                 `json:"line_count"`
	BlockedLines    int                 `json:"blocked_lines" doc:"lines of its invoices that are not to be paid"`
	Lines           []PurchaseOrderLine `json:"lines,omitempty"`
	ApprovalCaseID  *uuid.UUID          `json:"approval_case_id,omitempty"`
	DocumentID      *uuid.UUID          `json:"document_id,omitempty" doc:"attachment: the order as a PDF"`
	MailedTo        string              `json:"mailed_to,omitempty"`
	MailError       string              `json:"mail_error,omitempty" doc:"why the supplier's mail server refused it"`
	CancelReason    string              `json:"cancel_reason,omitempty"`
	RejectReason    string              `json:"reject_reason,omitempty"`
	RequestedBy     *store.Person       `json:"requested_by,omitempty"`
	CreatedAt       time.Time           `json:"created_at"`
	UpdatedAt       time.Time           `json:"updated_at"`
	SubmittedAt     *time.Time          `json:"submitted_at,omitempty"`
	ApprovedAt      *time.Time          `json:"approved_at,omitempty"`
	SentAt          *time.Time          `json:"sent_at,omitempty"`
	IssuedAt        *time.Time          `json:"issued_at,omitempty" doc:"when the document was stored and mailed"`
	ReceivedAt      *time.Time          `json:"received_at,omitempty"`
	ClosedAt        *time.Time          `json:"closed_at,omitempty"`
	CancelledAt     *time.Time          `json:"cancelled_at,omitempty"`
	AllowedCommands []string            `json:"allowed_commands"`
	Process         *Process            `json:"process,omitempty"`
}

// PurchaseOrderLine is one thing ordered.
type PurchaseOrderLine struct {
	ID              uuid.UUID        `json:"id"`
	Line            int              `json:"line"`
	ItemID          *uuid.UUID       `json:"item_id,omitempty"`
	Item            *Ref             `json:"item,omitempty"`
	Tracking        string           `json:"tracking,omitempty" enum:"none,lot,serial"`
	Description     string           `json:"description"`
	Unit            string           `json:"unit"`
	StockUnit       string           `json:"stock_unit,omitempty" doc:"the item's own, where the line is in another"`
	UnitFactor      *decimal.Decimal `json:"unit_factor,omitempty" doc:"how many of the item's own unit one is, where the line is in another"`
	Quantity        decimal.Decimal  `json:"quantity"`
	UnitPrice       Money            `json:"unit_price"`
	Amount          Money            `json:"amount"`
	PromisedOn      *models.Date     `json:"promised_on,omitempty" format:"date"`
	WorkOrderID     *uuid.UUID       `json:"work_order_id,omitempty"`
	WorkOrder       *Ref             `json:"work_order,omitempty"`
	CostCenterID    *uuid.UUID       `json:"cost_center_id,omitempty"`
	CostCenter      *Ref             `json:"cost_center,omitempty"`
	AssetTemplateID *uuid.UUID       `json:"asset_template_id,omitempty"`
	AssetTemplate   *Ref             `json:"asset_template,omitempty"`
	Received        decimal.Decimal  `json:"received"`
	Open            decimal.Decimal  `json:"open" doc:"what has still to come"`
	Invoiced        decimal.Decimal  `json:"invoiced"`
	Destination     string           `json:"destination" enum:"stock,work_order,cost_center,asset,none" doc:"where it goes when it comes"`
}

// PurchaseOrderLineBody is a line that is ordered.
type PurchaseOrderLineBody struct {
	ID              *uuid.UUID      `json:"id,omitempty" doc:"of the line that is meant, where an order is changed"`
	ItemID          *uuid.UUID      `json:"item_id,omitempty"`
	Description     string          `json:"description,omitempty" maxLength:"300" doc:"needed without an item"`
	Unit            string          `json:"unit,omitempty" maxLength:"64" doc:"of an item: its own where left out, else its purchase or issue unit; without an item pc where left out"`
	Quantity        decimal.Decimal `json:"quantity"`
	UnitPrice       *MoneyInput     `json:"unit_price,omitempty" doc:"in the order's currency; the catalog's, else the item's expected price where left out"`
	PromisedOn      *models.Date    `json:"promised_on,omitempty" format:"date" doc:"today and the lead time where left out"`
	WorkOrderID     *uuid.UUID      `json:"work_order_id,omitempty" doc:"charged with it when it comes; or cost_center_id"`
	CostCenterID    *uuid.UUID      `json:"cost_center_id,omitempty"`
	AssetTemplateID *uuid.UUID      `json:"asset_template_id,omitempty" doc:"each unit becomes an asset of it"`
}

// CreatePurchaseOrderBody asks for a draft.
type CreatePurchaseOrderBody struct {
	SupplierID    uuid.UUID               `json:"supplier_id"`
	Currency      string                  `json:"currency" minLength:"3" maxLength:"3"`
	Rate          *decimal.Decimal        `json:"rate,omitempty" doc:"of the currency to the tenant's; the rate of the day where left out"`
	DepartmentID  *uuid.UUID              `json:"department_id,omitempty"`
	RequisitionID *uuid.UUID              `json:"requisition_id,omitempty" doc:"what it buys: it is ordered with it"`
	Note          string                  `json:"note,omitempty" maxLength:"2000" doc:"for the supplier"`
	Lines         []PurchaseOrderLineBody `json:"lines" minItems:"1" maxItems:"200"`
}

func (b CreatePurchaseOrderBody) order() (models.NewPurchaseOrder, error) {
	lines, err := orderLines(b.Lines, b.Currency)
	return models.NewPurchaseOrder{
		SupplierID: b.SupplierID, Currency: b.Currency, Rate: b.Rate, DepartmentID: b.DepartmentID, RequisitionID: b.RequisitionID,
		Note: b.Note, Lines: lines,
	}, err
}

// orderLines reads lines whose prices are in the order's currency.
func orderLines(bodies []PurchaseOrderLineBody, currency string) ([]models.NewPurchaseOrderLine, error) {
	lines := make([]models.NewPurchaseOrderLine, len(bodies))
	for i, b := range bodies {
		lines[i] = models.NewPurchaseOrderLine{
			ID: b.ID, ItemID: b.ItemID, Description: strings.TrimSpace(b.Description), Unit: b.Unit, Quantity: b.Quantity, PromisedOn: b.PromisedOn,
			WorkOrderID: b.WorkOrderID, CostCenterID: b.CostCenterID, AssetTemplateID: b.AssetTemplateID,
		}
		if b.UnitPrice == nil {
			continue
		}
		price, err := b.UnitPrice.in(currency, pointerTo("/lines", i, "unit_price"))
		if err != nil {
			return nil, err
		}
		lines[i].UnitPrice = &price
	}
	return lines, nil
}

type purchaseOrderOutput struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     PurchaseOrder
}

func (s *Server) purchaseOrderRoutes() {
	const tag, path = "Purchase orders", "/v1/purchase-orders"
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-purchase-order", tag: tag, status: http.StatusCreated,
		summary: "Create a purchase order", permission: models.PermissionPurchaseOrdersWrite,
	}, s.createPurchaseOrder)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-purchase-orders", tag: tag,
		summary: "List purchase orders", permission: models.PermissionPurchaseOrdersRead,
	}, s.listPurchaseOrders)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-purchase-order", tag: tag,
		summary: "Read a purchase order", permission: models.PermissionPurchaseOrdersRead,
	}, func(ctx context.Context, in *recordPath) (*purchaseOrderOutput, error) {
		return s.readPurchaseOrder(ctx, in.ID)
	})
	register(s, operation{
		method: http.MethodPatch, path: path + "/{id}", id: "change-purchase-order", tag: tag,
		summary: "Change a purchase order: what was submitted becomes its next revision", permission: models.PermissionPurchaseOrdersWrite,
	}, s.changePurchaseOrder)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}/revisions", id: "list-purchase-order-revisions", tag: tag,
		summary: "List what a purchase order asked for before", permission: models.PermissionPurchaseOrdersRead,
	}, s.listPurchaseOrderRevisions)
	for _, c := range purchaseOrderCommandRoutes {
		register(s, operation{
			method: http.MethodPost, path: path + "/{id}/" + string(c.name), id: string(c.name) + "-purchase-order", tag: tag,
			summary: c.summary, permission: c.permission,
		}, s.purchaseOrderCommand(c.name))
	}
}

var purchaseOrderCommandRoutes = []struct {
	name       models.PurchaseOrderCommandName
	permission models.Permission
	summary    string
}{
	{models.PurchaseOrderSubmit, models.PermissionPurchaseOrdersWrite, "Submit a purchase order for approval"},
	{models.PurchaseOrderWithdraw, models.PermissionPurchaseOrdersWrite, "Take a purchase order back to its draft"},
	{models.PurchaseOrderSend, models.PermissionPurchaseOrdersWrite, "Send a purchase order to the supplier"},
	{models.PurchaseOrderReceive, models.PermissionPurchaseOrdersReceive, "Receive a delivery"},
	{models.PurchaseOrderReturn, models.PermissionPurchaseOrdersReceive, "Send goods back to the supplier"},
	{models.PurchaseOrderCancel, models.PermissionPurchaseOrdersWrite, "Cancel a purchase order"},
	{models.PurchaseOrderClose, models.PermissionPurchaseOrdersWrite, "Close a purchase order"},
}

func (s *Server) createPurchaseOrder(ctx context.Context, in *struct{ Body CreatePurchaseOrderBody }) (*purchaseOrderOutput, error) {
	n, err := in.Body.order()
	if err != nil {
		return nil, err
	}
	return s.newPurchaseOrder(ctx, n)
}

// newPurchaseOrder hands a create to its process; a repeat under the same command key reads the order as it is now.
func (s *Server) newPurchaseOrder(ctx context.Context, n models.NewPurchaseOrder) (*purchaseOrderOutput, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := s.store.AdmitPurchaseOrder(ctx, id, n)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, admitted, workflows.Command{
		Process: models.ProcessPurchaseOrder, Name: string(models.PurchaseOrderCreate), SubjectID: id,
		Summary: "Purchase order",
	}); err != nil {
		return nil, err
	}
	return s.readPurchaseOrder(ctx, id)
}

func (s *Server) readPurchaseOrder(ctx context.Context, id uuid.UUID) (*purchaseOrderOutput, error) {
	v, err := s.store.PurchaseOrder(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.purchaseOrderAnswer(ctx, v), nil
}

func (s *Server) purchaseOrderAnswer(ctx context.Context, v store.PurchaseOrderView) *purchaseOrderOutput {
	body := purchaseOrderBody(v)
	body.Process = s.process(ctx, models.ProcessPurchaseOrder, v.TenantID, v.ID)
	return &purchaseOrderOutput{Location: "/v1/purchase-orders/" + v.ID.String(), ETag: etag(v.Version), Body: body}
}

// ReceiptLineBody is how much came, or goes back, of a line.
type ReceiptLineBody struct {
	LineID     uuid.UUID       `json:"line_id"`
	Quantity   decimal.Decimal `json:"quantity"`
	LocationID *uuid.UUID      `json:"location_id,omitempty" doc:"the storeroom or bin, or where an asset stands; not for what is charged directly"`
	Lot        string          `json:"lot,omitempty" maxLength:"200"`
	Serials    []string        `json:"serials,omitempty" maxItems:"1000" doc:"one a unit"`
}

// PurchaseOrderCommandBody holds what the commands take; each uses its own fields.
type PurchaseOrderCommandBody struct {
	Reason       string            `json:"reason,omitempty" maxLength:"2000" doc:"cancel, return"`
	DeliveryNote string            `json:"delivery_note,omitempty" maxLength:"64" doc:"receive: the supplier's number of the delivery; received once"`
	Lines        []ReceiptLineBody `json:"lines,omitempty" maxItems:"200" doc:"receive, return"`
}

func (b *PurchaseOrderCommandBody) command(name models.PurchaseOrderCommandName) models.PurchaseOrderCommand {
	if b == nil {
		return models.PurchaseOrderCommand{}
	}
	c := models.PurchaseOrderCommand{Reason: b.Reason}
	if name == models.PurchaseOrderReceive || name == models.PurchaseOrderReturn {
		c.Receipt = &models.NewGoodsReceipt{DeliveryNote: strings.TrimSpace(b.DeliveryNote)}
		for _, l := range b.Lines {
			c.Receipt.Lines = append(c.Receipt.Lines, models.NewReceiptLine{
				LineID: l.LineID, Quantity: l.Quantity, LocationID: l.LocationID, Lot: l.Lot, Serials: l.Serials,
			})
		}
	}
	return c
}

type purchaseOrderCommandInput struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body *PurchaseOrderCommandBody
}

func (s *Server) purchaseOrderCommand(
	name models.PurchaseOrderCommandName,
) func(context.Context, *purchaseOrderCommandInput) (*purchaseOrderOutput, error) {
	return func(ctx context.Context, in *purchaseOrderCommandInput) (*purchaseOrderOutput, error) {
		c := in.Body.command(name)
		var err error
		if c.IfVersion, err = in.version(); err != nil {
			return nil, err
		}
		if err := c.Validate(name); err != nil {
			return nil, err
		}
		view, admitted, err := s.store.AdmitPurchaseOrderCommand(ctx, in.ID, name, c)
		if err != nil {
			return nil, err
		}
		if admitted.DoneAt != nil {
			return s.readPurchaseOrder(ctx, in.ID)
		}
		if err := unchanged("purchase order", c.IfVersion, view.Version); err != nil {
			return nil, err
		}
		if err := view.Status.Check(name); err != nil {
			return nil, err
		}
		out, err := s.processes.Do(ctx, workflows.Command{
			Process: models.ProcessPurchaseOrder, Name: string(name), SubjectID: in.ID, CommandID: admitted.ID,
			Running: view.ProcessStartedAt != nil, Summary: "Purchase order " + view.Number,
		})
		if err != nil {
			return nil, err
		}
		if !foreseen(&view, name, c, out.Status, out.Version, out.At) {
			return s.readPurchaseOrder(ctx, in.ID)
		}
		return s.purchaseOrderAnswer(ctx, view), nil
	}
}

// foreseen brings the view to what the command has made of the order, where nothing but its row and lines changed and nobody else changed
// it; false asks for another read.
func foreseen(
	v *store.PurchaseOrderView, name models.PurchaseOrderCommandName, c models.PurchaseOrderCommand, status string, version int, at time.Time,
) bool {
	lines := v.OrderLines()
	if version != v.Version+1 || (c.Receipt != nil && slices.ContainsFunc(lines, models.PurchaseOrderLine.Charged)) {
		return false
	}
	if err := v.Apply(name, c, lines, at); err != nil {
		return false
	}
	for i, l := range lines {
		v.Lines[i].PurchaseOrderLine = l
	}
	if name == models.PurchaseOrderSubmit && status == string(models.PurchaseOrderApproved) {
		v.Approve(at)
	}
	return name != models.PurchaseOrderSubmit || v.Status == models.PurchaseOrderApproved
}

func (s *Server) listPurchaseOrderRevisions(ctx context.Context, in *recordPath) (*struct {
	Body struct {
		Items []PurchaseOrderRevision `json:"items"`
	}
}, error,
) {
	rows, err := s.store.PurchaseOrderRevisions(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items []PurchaseOrderRevision `json:"items"`
		}
	}{}
	out.Body.Items = make([]PurchaseOrderRevision, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = PurchaseOrderRevision{Revision: r.Revision, ReplacedAt: r.CreatedAt, RevisionContent: r.Content}
		if r.ActorName != nil {
			out.Body.Items[i].ReplacedBy = &store.Person{ID: r.ActorID, Name: *r.ActorName}
		}
	}
	return out, nil
}

// PurchaseOrderRevision is what an order asked for before it was changed.
type PurchaseOrderRevision struct {
	Revision   int           `json:"revision"`
	ReplacedAt time.Time     `json:"replaced_at"`
	ReplacedBy *store.Person `json:"replaced_by,omitempty"`
	store.RevisionContent
}
