package api

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// CatalogEntry is what a supplier asks for an item, and how it delivers it.
type CatalogEntry struct {
	ID           uuid.UUID        `json:"id"`
	SupplierID   uuid.UUID        `json:"supplier_id"`
	Supplier     Ref              `json:"supplier"`
	ItemID       uuid.UUID        `json:"item_id"`
	Item         Ref              `json:"item"`
	Unit         string           `json:"unit"`
	SupplierCode string           `json:"supplier_code" doc:"the supplier's own number of the item"`
	Price        Money            `json:"price"`
	LeadDays     *int             `json:"lead_days,omitempty"`
	MinQuantity  *decimal.Decimal `json:"min_quantity,omitempty"`
	PackQuantity *decimal.Decimal `json:"pack_quantity,omitempty"`
	ArchivedAt   *time.Time       `json:"archived_at,omitempty"`
	Version      int              `json:"version"`
	CreatedAt    time.Time        `json:"created_at"`
	UpdatedAt    time.Time        `json:"updated_at"`
}

// CatalogEntryBody creates an entry.
type CatalogEntryBody struct {
	SupplierID   uuid.UUID        `json:"supplier_id"`
	ItemID       uuid.UUID        `json:"item_id"`
	SupplierCode string           `json:"supplier_code,omitempty" maxLength:"64"`
	Unit         *string          `json:"unit,omitempty" minLength:"1" maxLength:"64" doc:"of price, min_quantity and pack_quantity: the item's own where left out, else its purchase or issue unit"`
	Price        MoneyInput       `json:"price" doc:"of one unit, tax excluded, in any currency"`
	LeadDays     *int             `json:"lead_days,omitempty" minimum:"0" maximum:"3650"`
	MinQuantity  *decimal.Decimal `json:"min_quantity,omitempty" doc:"less is not delivered"`
	PackQuantity *decimal.Decimal `json:"pack_quantity,omitempty" doc:"it is sold in multiples of this"`
}

// CatalogEntryPatch changes an entry.
type CatalogEntryPatch struct {
	SupplierCode Optional[string]          `json:"supplier_code,omitempty"`
	Unit         Optional[string]          `json:"unit,omitempty"`
	Price        Optional[MoneyInput]      `json:"price,omitempty"`
	LeadDays     Optional[int]             `json:"lead_days,omitempty"`
	MinQuantity  Optional[decimal.Decimal] `json:"min_quantity,omitempty"`
	PackQuantity Optional[decimal.Decimal] `json:"pack_quantity,omitempty"`
}

type catalogEntryPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body CatalogEntryPatch
}

type catalogEntryListInput struct {
	PageQuery
	Q          string   `query:"q" maxLength:"200" doc:"in the item's code or name, or the supplier's code of it"`
	SupplierID []string `query:"supplier_id,explode"`
	ItemID     []string `query:"item_id,explode"`
	Sort       string   `query:"sort" enum:"item,-item,created_at,-created_at" default:"item"`
	Archived   bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) catalogEntryRoutes() {
	n := recordNoun{
		path: "/v1/catalog-entries", one: "catalog entry", many: "catalog entries",
		read: models.PermissionCatalogRead, write: models.PermissionCatalogWrite,
	}
	register(s, n.create(), s.createCatalogEntry)
	register(s, n.list(), s.listCatalogEntries)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[CatalogEntry], error) {
		return s.readCatalogEntry(ctx, in.ID)
	})
	register(s, n.change(), s.changeCatalogEntry)
	register(s, n.archive(), command(s.store.ArchiveCatalogEntry, s.readCatalogEntry))
	register(s, n.restore(), command(s.store.RestoreCatalogEntry, s.readCatalogEntry))
}

func (s *Server) createCatalogEntry(ctx context.Context, in *struct{ Body CatalogEntryBody }) (*recordOutput[CatalogEntry], error) {
	b := in.Body
	id, err := s.store.CreateCatalogEntry(ctx, func(e *models.CatalogEntry, currency string) {
		e.SupplierID, e.ItemID, e.SupplierCode = b.SupplierID, b.ItemID, b.SupplierCode
		e.PriceUnit, e.LeadDays, e.MinQuantity, e.PackQuantity = b.Unit, b.LeadDays, b.MinQuantity, b.PackQuantity
		b.Price.apply(&e.Price, &e.Currency, currency)
	})
	if err != nil {
		return nil, err
	}
	return s.readCatalogEntry(ctx, id)
}

// apply sets an amount in any currency; without one it is in the fallback.
func (m MoneyInput) apply(amount *decimal.Decimal, currency *string, fallback string) {
	*amount, *currency = m.Amount, m.Currency
	if m.Currency == "" {
		*currency = fallback
	}
}

func (s *Server) changeCatalogEntry(ctx context.Context, in *catalogEntryPatchInput) (*recordOutput[CatalogEntry], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := s.store.ChangeCatalogEntry(ctx, in.ID, version, func(e *models.CatalogEntry, currency string) {
		b.SupplierCode.apply(&e.SupplierCode)
		b.Unit.applyPointer(&e.PriceUnit)
		b.LeadDays.applyPointer(&e.LeadDays)
		b.MinQuantity.applyPointer(&e.MinQuantity)
		b.PackQuantity.applyPointer(&e.PackQuantity)
		if b.Price.Set && !b.Price.Null {
			b.Price.V.apply(&e.Price, &e.Currency, currency)
		}
	}); err != nil {
		return nil, err
	}
	return s.readCatalogEntry(ctx, in.ID)
}

func (s *Server) listCatalogEntries(ctx context.Context, in *catalogEntryListInput) (*listOutput[CatalogEntry], error) {
	var faults models.Faults
	f := store.CatalogEntryFilter{
		Text: strings.TrimSpace(in.Q), SupplierIDs: queryIDs(&faults, "supplier_id", in.SupplierID), ItemIDs: queryIDs(&faults, "item_id", in.ItemID),
		Archived: in.Archived,
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, catalogEntryBody, func(page store.Page) (store.Rows[store.CatalogEntryView], error) {
		return s.store.CatalogEntries(ctx, f, page)
	})
}

func (s *Server) readCatalogEntry(ctx context.Context, id uuid.UUID) (*recordOutput[CatalogEntry], error) {
	v, err := s.store.CatalogEntry(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[CatalogEntry]{Location: "/v1/catalog-entries/" + id.String(), ETag: etag(v.Version), Body: catalogEntryBody(v)}, nil
}

func catalogEntryBody(v store.CatalogEntryView) CatalogEntry {
	return CatalogEntry{
		ID: v.ID, SupplierID: v.SupplierID, Supplier: Ref{ID: v.SupplierID, Code: v.SupplierShortCode, Name: v.SupplierName}, ItemID: v.ItemID,
		Item: Ref{ID: v.ItemID, Code: v.ItemCode, Name: v.ItemName}, Unit: v.Unit, SupplierCode: v.SupplierCode, Price: exactMoney(v.Price, v.Currency),
		LeadDays: v.LeadDays, MinQuantity: v.MinQuantity, PackQuantity: v.PackQuantity, ArchivedAt: v.ArchivedAt, Version: v.Version,
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
}
