package api

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// Supplier is who parts and services are bought from.
type Supplier struct {
	ID       uuid.UUID `json:"id"`
	Code     string    `json:"code"`
	Name     string    `json:"name"`
	Email    string    `json:"email"`
	Phone    string    `json:"phone"`
	LeadDays *int      `json:"lead_days,omitempty"`

	ReceiptTolerancePct *decimal.Decimal `json:"receipt_tolerance_pct,omitempty"`
	PriceTolerancePct   *decimal.Decimal `json:"price_tolerance_pct,omitempty"`

	ArchivedAt *time.Time `json:"archived_at,omitempty"`
	Version    int        `json:"version"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// SupplierBody creates a supplier.
type SupplierBody struct {
	Code     string `json:"code" minLength:"1" maxLength:"64"`
	Name     string `json:"name" minLength:"1" maxLength:"300"`
	Email    string `json:"email,omitempty" maxLength:"254" doc:"where orders go"`
	Phone    string `json:"phone,omitempty" maxLength:"64"`
	LeadDays *int   `json:"lead_days,omitempty" minimum:"0" maximum:"3650" doc:"from order to delivery, where an item does not know better"`

	ReceiptTolerancePct *decimal.Decimal `json:"receipt_tolerance_pct,omitempty" doc:"percent more than ordered that it may deliver; nothing where left out"`
	PriceTolerancePct   *decimal.Decimal `json:"price_tolerance_pct,omitempty" doc:"percent by which its invoices' prices may be off; none where left out"`
}

// SupplierPatch changes a supplier.
type SupplierPatch struct {
	Code     Optional[string] `json:"code,omitempty"`
	Name     Optional[string] `json:"name,omitempty"`
	Email    Optional[string] `json:"email,omitempty"`
	Phone    Optional[string] `json:"phone,omitempty"`
	LeadDays Optional[int]    `json:"lead_days,omitempty"`

	ReceiptTolerancePct Optional[decimal.Decimal] `json:"receipt_tolerance_pct,omitempty"`
	PriceTolerancePct   Optional[decimal.Decimal] `json:"price_tolerance_pct,omitempty"`
}

type supplierPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body SupplierPatch
}

type supplierListInput struct {
	PageQuery
	Q        string `query:"q" maxLength:"200" doc:"text in code or name"`
	Sort     string `query:"sort" enum:"code,-code,name,-name,created_at,-created_at" default:"code"`
	Archived bool   `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) supplierRoutes() {
	n := recordNoun{
		path: "/v1/suppliers", one: "supplier", many: "suppliers",
		read: models.PermissionSuppliersRead, write: models.PermissionSuppliersWrite,
	}
	register(s, n.create(), s.createSupplier)
	register(s, n.list(), s.listSuppliers)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[Supplier], error) {
		return s.readSupplier(ctx, in.ID)
	})
	register(s, n.change(), s.changeSupplier)
	register(s, n.archive(), command(s.store.ArchiveSupplier, s.readSupplier))
	register(s, n.restore(), command(s.store.RestoreSupplier, s.readSupplier))
}

func (s *Server) createSupplier(ctx context.Context, in *struct{ Body SupplierBody }) (*recordOutput[Supplier], error) {
	b := in.Body
	id, err := s.store.CreateSupplier(ctx, func(r *models.Supplier) {
		r.Code, r.Name, r.Email, r.Phone, r.LeadDays = b.Code, b.Name, b.Email, b.Phone, b.LeadDays
		r.ReceiptTolerancePct, r.PriceTolerancePct = b.ReceiptTolerancePct, b.PriceTolerancePct
	})
	if err != nil {
		return nil, err
	}
	return s.readSupplier(ctx, id)
}

func (s *Server) listSuppliers(ctx context.Context, in *supplierListInput) (*listOutput[Supplier], error) {
	return listPage(in.PageQuery, in.Sort, supplierBody, func(page store.Page) (store.Rows[models.Supplier], error) {
		return s.store.Suppliers(ctx, in.Q, in.Archived, page)
	})
}

func (s *Server) changeSupplier(ctx context.Context, in *supplierPatchInput) (*recordOutput[Supplier], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.store.ChangeSupplier(ctx, in.ID, version, func(r *models.Supplier) {
		in.Body.Code.apply(&r.Code)
		in.Body.Name.apply(&r.Name)
		in.Body.Email.apply(&r.Email)
		in.Body.Phone.apply(&r.Phone)
		in.Body.LeadDays.applyPointer(&r.LeadDays)
		in.Body.ReceiptTolerancePct.applyPointer(&r.ReceiptTolerancePct)
		in.Body.PriceTolerancePct.applyPointer(&r.PriceTolerancePct)
	}); err != nil {
		return nil, err
	}
	return s.readSupplier(ctx, in.ID)
}

func (s *Server) readSupplier(ctx context.Context, id uuid.UUID) (*recordOutput[Supplier], error) {
	r, err := s.store.Supplier(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[Supplier]{Location: "/v1/suppliers/" + id.String(), ETag: etag(r.Version), Body: supplierBody(r)}, nil
}

func supplierBody(r models.Supplier) Supplier {
	return Supplier{
		ID: r.ID, Code: r.Code, Name: r.Name, Email: r.Email, Phone: r.Phone, LeadDays: r.LeadDays,
		ReceiptTolerancePct: r.ReceiptTolerancePct, PriceTolerancePct: r.PriceTolerancePct, ArchivedAt: r.ArchivedAt,
		Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
	}
}
