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

// SupplierInvoice is what a supplier charges for a purchase order. status is void, else the worst of its lines. Lists leave its
// lines out.
type SupplierInvoice struct {
	ID              uuid.UUID             `json:"id"`
	Number          string                `json:"number"`
	Status          string                `json:"status" enum:"matched,blocked,released,void"`
	PurchaseOrderID uuid.UUID             `json:"purchase_order_id"`
	PurchaseOrder   Ref                   `json:"purchase_order"`
	SupplierID      uuid.UUID             `json:"supplier_id"`
	Supplier        Ref                   `json:"supplier"`
	InvoicedOn      *models.Date          `json:"invoiced_on,omitempty" format:"date"`
	Amount          Money                 `json:"amount" doc:"tax excluded"`
	Tax             Money                 `json:"tax"`
	BaseAmount      Money                 `json:"base_amount" doc:"the amount in the tenant's currency, at the order's rate"`
	VoidedAt        *time.Time            `json:"voided_at,omitempty"`
	VoidReason      string                `json:"void_reason,omitempty"`
	Actor           *store.Person         `json:"actor,omitempty" doc:"who entered it"`
	CreatedAt       time.Time             `json:"created_at"`
	Lines           []SupplierInvoiceLine `json:"lines,omitempty"`
}

// SupplierInvoiceLine is one line beside what it is matched with: what was ordered, received and invoiced in all.
type SupplierInvoiceLine struct {
	Line          int                 `json:"line"`
	LineID        uuid.UUID           `json:"line_id"`
	OrderLine     int                 `json:"order_line"`
	Description   string              `json:"description"`
	Unit          string              `json:"unit"`
	Quantity      decimal.Decimal     `json:"quantity"`
	UnitPrice     Money               `json:"unit_price"`
	Amount        Money               `json:"amount"`
	Status        string              `json:"status" enum:"matched,blocked,released"`
	Keys          []string            `json:"keys" doc:"why it is, or was, blocked: not_received, quantity, order_quantity, price"`
	Blocks        []models.MatchBlock `json:"blocks" doc:"the same with the figures"`
	Ordered       decimal.Decimal     `json:"ordered"`
	Received      decimal.Decimal     `json:"received"`
	Invoiced      decimal.Decimal     `json:"invoiced"`
	OrderPrice    Money               `json:"order_price"`
	ReleasedBy    *store.Person       `json:"released_by,omitempty"`
	ReleasedAt    *time.Time          `json:"released_at,omitempty"`
	ReleaseReason string              `json:"release_reason,omitempty"`
}

// SupplierInvoiceBody enters an invoice.
type SupplierInvoiceBody struct {
	Number     string                    `json:"number" minLength:"1" maxLength:"64" doc:"the supplier's"`
	InvoicedOn *models.Date              `json:"invoiced_on,omitempty" format:"date"`
	Tax        *MoneyInput               `json:"tax,omitempty" doc:"not matched"`
	Lines      []SupplierInvoiceLineBody `json:"lines" minItems:"1" maxItems:"200"`
}

// SupplierInvoiceLineBody charges for a line of the order.
type SupplierInvoiceLineBody struct {
	LineID    uuid.UUID       `json:"line_id" doc:"of the order"`
	Quantity  decimal.Decimal `json:"quantity"`
	UnitPrice MoneyInput      `json:"unit_price" doc:"in the order's currency, tax excluded"`
}

func (b SupplierInvoiceBody) invoice(currency string) (models.NewSupplierInvoice, error) {
	n := models.NewSupplierInvoice{Number: strings.TrimSpace(b.Number), InvoicedOn: b.InvoicedOn}
	if b.Tax != nil {
		tax, err := b.Tax.in(currency, "/tax")
		if err != nil {
			return n, err
		}
		n.Tax = &tax
	}
	for i, l := range b.Lines {
		price, err := l.UnitPrice.in(currency, pointerTo("/lines", i, "unit_price"))
		if err != nil {
			return n, err
		}
		n.Lines = append(n.Lines, models.NewSupplierInvoiceLine{LineID: l.LineID, Quantity: l.Quantity, UnitPrice: price})
	}
	return n, nil
}

type supplierInvoiceOutput struct {
	Location string `header:"Location"`
	Body     SupplierInvoice
}

type supplierInvoiceListInput struct {
	PageQuery
	Q               string   `query:"q" maxLength:"200" doc:"in the invoice's or the order's number"`
	Status          []string `query:"status,explode" enum:"matched,blocked,released,void"`
	PurchaseOrderID []string `query:"purchase_order_id,explode"`
	SupplierID      []string `query:"supplier_id,explode"`
	Sort            string   `query:"sort" enum:"created_at,-created_at,number,-number" default:"-created_at"`
}

func (s *Server) supplierInvoiceRoutes() {
	const tag, path = "Supplier invoices", "/v1/supplier-invoices"
	register(s, operation{
		method: http.MethodPost, path: "/v1/purchase-orders/{id}/invoices", id: "enter-supplier-invoice", tag: tag, status: http.StatusCreated,
		summary: "Enter a supplier's invoice and match it", permission: models.PermissionSupplierInvoicesWrite,
	}, s.enterSupplierInvoice)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-supplier-invoices", tag: tag,
		summary: "List suppliers' invoices", permission: models.PermissionSupplierInvoicesRead,
	}, s.listSupplierInvoices)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-supplier-invoice", tag: tag,
		summary: "Read a supplier's invoice and how it matches", permission: models.PermissionSupplierInvoicesRead,
	}, func(ctx context.Context, in *recordPath) (*supplierInvoiceOutput, error) {
		return s.readSupplierInvoice(ctx, in.ID)
	})
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/release", id: "release-supplier-invoice", tag: tag,
		summary: "Release blocked lines; another person than who entered the invoice", permission: models.PermissionSupplierInvoicesRelease,
	}, s.releaseSupplierInvoice)
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/void", id: "void-supplier-invoice", tag: tag,
		summary: "Take back an invoice that was entered by mistake", permission: models.PermissionSupplierInvoicesWrite,
	}, s.voidSupplierInvoice)
}

func (s *Server) enterSupplierInvoice(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body SupplierInvoiceBody
},
) (*supplierInvoiceOutput, error) {
	order, err := s.store.PurchaseOrder(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	n, err := in.Body.invoice(order.Currency)
	if err != nil {
		return nil, err
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.EnterInvoice(ctx, id, in.ID, n); err != nil {
		return nil, err
	}
	return s.readSupplierInvoice(ctx, id)
}

func (s *Server) releaseSupplierInvoice(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
		Lines  []int  `json:"lines,omitempty" maxItems:"200" doc:"their numbers on the invoice; all blocked ones where left out"`
	}
},
) (*supplierInvoiceOutput, error) {
	if err := s.store.ReleaseInvoice(ctx, in.ID, in.Body.Lines, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.readSupplierInvoice(ctx, in.ID)
}

func (s *Server) voidSupplierInvoice(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
},
) (*supplierInvoiceOutput, error) {
	if err := s.store.VoidInvoice(ctx, in.ID, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.readSupplierInvoice(ctx, in.ID)
}

func (s *Server) listSupplierInvoices(ctx context.Context, in *supplierInvoiceListInput) (*listOutput[SupplierInvoice], error) {
	var faults models.Faults
	f := store.SupplierInvoiceFilter{
		Text: strings.TrimSpace(in.Q), Status: in.Status, PurchaseOrderIDs: queryIDs(&faults, "purchase_order_id", in.PurchaseOrderID),
		SupplierIDs: queryIDs(&faults, "supplier_id", in.SupplierID),
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, supplierInvoiceBody, func(page store.Page) (store.Rows[store.SupplierInvoiceView], error) {
		return s.store.SupplierInvoices(ctx, f, page)
	})
}

func (s *Server) readSupplierInvoice(ctx context.Context, id uuid.UUID) (*supplierInvoiceOutput, error) {
	v, err := s.store.SupplierInvoice(ctx, id)
	if err != nil {
		return nil, err
	}
	return &supplierInvoiceOutput{Location: "/v1/supplier-invoices/" + id.String(), Body: supplierInvoiceBody(v)}, nil
}

func supplierInvoiceBody(v store.SupplierInvoiceView) SupplierInvoice {
	i := SupplierInvoice{
		ID: v.ID, Number: v.Number, Status: v.Status, PurchaseOrderID: v.PurchaseOrderID,
		PurchaseOrder: Ref{ID: v.PurchaseOrderID, Number: v.PurchaseOrderNumber, Name: v.SupplierName}, SupplierID: v.SupplierID,
		Supplier: Ref{ID: v.SupplierID, Code: v.SupplierCode, Name: v.SupplierName}, InvoicedOn: v.InvoicedOn,
		Amount: moneyOf(v.Amount, v.Currency), Tax: moneyOf(v.Tax, v.Currency), BaseAmount: moneyOf(v.BaseAmount, v.BaseCurrency),
		VoidedAt: v.VoidedAt, VoidReason: v.VoidReason, CreatedAt: v.CreatedAt,
	}
	if v.ActorName != nil {
		i.Actor = &store.Person{ID: v.ActorID, Name: *v.ActorName}
	}
	for _, l := range v.Lines {
		line := SupplierInvoiceLine{
			Line: l.Line, LineID: l.PurchaseOrderLineID, OrderLine: l.OrderLine, Description: l.Description, Unit: l.Unit, Quantity: l.Quantity,
			UnitPrice: exactMoney(l.UnitPrice, v.Currency), Amount: moneyOf(l.Amount, v.Currency), Status: string(l.Status), Keys: []string{},
			Blocks: l.Blocks, Ordered: l.Ordered, Received: l.Received, Invoiced: l.Invoiced, OrderPrice: exactMoney(l.OrderPrice, v.Currency),
			ReleasedAt: l.ReleasedAt, ReleaseReason: l.ReleaseReason,
		}
		for _, b := range l.Blocks {
			line.Keys = append(line.Keys, string(b.Key))
		}
		if l.ReleasedBy != nil && l.ReleaserName != nil {
			line.ReleasedBy = &store.Person{ID: *l.ReleasedBy, Name: *l.ReleaserName}
		}
		i.Lines = append(i.Lines, line)
	}
	return i
}
