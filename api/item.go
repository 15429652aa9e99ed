package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// Item is a part that is kept in storerooms. What it costs is shown to who may read costs.
type Item struct {
	ID          uuid.UUID `json:"id"`
	Code        string    `json:"code"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Unit        string    `json:"unit"`
	ItemUnits
	Barcode      *string          `json:"barcode,omitempty"`
	Costing      string           `json:"costing"`
	Tracking     string           `json:"tracking"`
	ReorderPoint *decimal.Decimal `json:"reorder_point,omitempty"`
	SafetyStock  *decimal.Decimal `json:"safety_stock,omitempty"`
	MaxStock     *decimal.Decimal `json:"max_stock,omitempty"`
	SupplierID   *uuid.UUID       `json:"supplier_id,omitempty"`
	Supplier     *Ref             `json:"supplier,omitempty"`
	LeadDays     *int             `json:"lead_days,omitempty"`
	UnitCost     *Money           `json:"unit_cost,omitempty" doc:"expected price"`
	OnHand       decimal.Decimal  `json:"on_hand"`
	Reserved     decimal.Decimal  `json:"reserved"`
	Available    decimal.Decimal  `json:"available"`
	OnOrder      decimal.Decimal  `json:"on_order"`
	InTransit    decimal.Decimal  `json:"in_transit" doc:"of on_hand: on the way between storerooms, and not available"`
	ArchivedAt   *time.Time       `json:"archived_at,omitempty"`
	Version      int              `json:"version"`
	CreatedAt    time.Time        `json:"created_at"`
	UpdatedAt    time.Time        `json:"updated_at"`
}

// ItemUnits are the units of an item beside its own, and how finely it is kept.
type ItemUnits struct {
	PurchaseUnit   *string          `json:"purchase_unit,omitempty" minLength:"1" maxLength:"64" doc:"in which it is bought" example:"box"`
	PurchaseFactor *decimal.Decimal `json:"purchase_factor,omitempty" doc:"how many of its own unit one of them is, exactly"`
	IssueUnit      *string          `json:"issue_unit,omitempty" minLength:"1" maxLength:"64" doc:"in which it is issued"`
	IssueFactor    *decimal.Decimal `json:"issue_factor,omitempty" doc:"how many of its own unit one of them is, exactly"`
	Decimals       *int             `json:"decimals,omitempty" minimum:"0" maximum:"6" doc:"digits after the point of what is kept: 0 for what is not divided; 6 where left out"`
}

// ItemBody creates an item.
type ItemBody struct {
	Code        string `json:"code" minLength:"1" maxLength:"64"`
	Name        string `json:"name" minLength:"1" maxLength:"300"`
	Description string `json:"description,omitempty" maxLength:"10000"`
	Unit        string `json:"unit" minLength:"1" maxLength:"64" example:"pc"`
	ItemUnits
	Barcode      *string          `json:"barcode,omitempty" minLength:"1" maxLength:"200"`
	Costing      string           `json:"costing,omitempty" enum:"moving_average,fifo" default:"moving_average"`
	Tracking     string           `json:"tracking,omitempty" enum:"none,lot,serial" default:"none"`
	ReorderPoint *decimal.Decimal `json:"reorder_point,omitempty"`
	SafetyStock  *decimal.Decimal `json:"safety_stock,omitempty"`
	MaxStock     *decimal.Decimal `json:"max_stock,omitempty"`
	SupplierID   *uuid.UUID       `json:"supplier_id,omitempty"`
	LeadDays     *int             `json:"lead_days,omitempty" minimum:"0" maximum:"3650"`
	UnitCost     *MoneyInput      `json:"unit_cost,omitempty" doc:"expected price: what a receipt without a price costs"`
}

// ItemPatch changes an item.
type ItemPatch struct {
	Code           Optional[string]          `json:"code,omitempty"`
	Name           Optional[string]          `json:"name,omitempty"`
	Description    Optional[string]          `json:"description,omitempty"`
	Unit           Optional[string]          `json:"unit,omitempty"`
	PurchaseUnit   Optional[string]          `json:"purchase_unit,omitempty"`
	PurchaseFactor Optional[decimal.Decimal] `json:"purchase_factor,omitempty"`
	IssueUnit      Optional[string]          `json:"issue_unit,omitempty"`
	IssueFactor    Optional[decimal.Decimal] `json:"issue_factor,omitempty"`
	Decimals       Optional[int]             `json:"decimals,omitempty"`
	Barcode        Optional[string]          `json:"barcode,omitempty"`
	Costing        Optional[string]          `json:"costing,omitempty"`
	Tracking       Optional[string]          `json:"tracking,omitempty"`
	ReorderPoint   Optional[decimal.Decimal] `json:"reorder_point,omitempty"`
	SafetyStock    Optional[decimal.Decimal] `json:"safety_stock,omitempty"`
	MaxStock       Optional[decimal.Decimal] `json:"max_stock,omitempty"`
	SupplierID     Optional[uuid.UUID]       `json:"supplier_id,omitempty"`
	LeadDays       Optional[int]             `json:"lead_days,omitempty"`
	UnitCost       Optional[MoneyInput]      `json:"unit_cost,omitempty"`
}

type itemPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body ItemPatch
}

type itemListInput struct {
	PageQuery
	Code       []string `query:"code,explode"`
	SupplierID []string `query:"supplier_id,explode"`
	Low        bool     `query:"low" doc:"only what is at or below its reorder point"`
	Q          string   `query:"q" maxLength:"200" doc:"text in code, name or barcode"`
	Sort       string   `query:"sort" enum:"code,-code,name,-name,created_at,-created_at" default:"code"`
	Archived   bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

// ItemStock is where an item lies and what it is worth.
type ItemStock struct {
	OnHand     decimal.Decimal `json:"on_hand"`
	Reserved   decimal.Decimal `json:"reserved"`
	Available  decimal.Decimal `json:"available" doc:"on hand, not reserved and not in transit"`
	InTransit  decimal.Decimal `json:"in_transit" doc:"of on_hand: on the way between storerooms"`
	OnOrder    decimal.Decimal `json:"on_order" doc:"not yet received of every purchase order that is neither closed nor cancelled, drafts too"`
	Value      *Money          `json:"value,omitempty" doc:"for who may read costs"`
	ByLocation []StockPlace    `json:"by_location"`
}

// StockPlace is what lies of an item at one place.
type StockPlace struct {
	LocationID uuid.UUID       `json:"location_id"`
	Location   Ref             `json:"location"`
	Kind       string          `json:"kind" enum:"storeroom,bin,receiving,transit" doc:"receiving: to be put away; transit: on the way to the place above it"`
	OnHand     decimal.Decimal `json:"on_hand"`
	Reserved   decimal.Decimal `json:"reserved"`
	Available  decimal.Decimal `json:"available"`
}

func (s *Server) itemRoutes() {
	n := recordNoun{path: "/v1/items", one: "item", many: "items", read: models.PermissionItemsRead, write: models.PermissionItemsWrite}
	register(s, n.create(), s.createItem)
	register(s, n.list(), s.listItems)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[Item], error) { return s.readItem(ctx, in.ID) })
	register(s, n.change(), s.changeItem)
	register(s, n.archive(), command(s.store.ArchiveItem, s.readItem))
	register(s, n.restore(), command(s.store.RestoreItem, s.readItem))
	register(s, operation{
		method: http.MethodGet, path: "/v1/items/{id}/stock", id: "get-item-stock", tag: "Items",
		summary: "Where an item lies and what it is worth", permission: models.PermissionItemsRead,
	}, s.itemStock)
}

func (s *Server) createItem(ctx context.Context, in *struct{ Body ItemBody }) (*recordOutput[Item], error) {
	b := in.Body
	cost, err := s.unitCost(ctx, b.UnitCost, "/unit_cost")
	if err != nil {
		return nil, err
	}
	id, err := s.store.CreateItem(ctx, func(i *models.Item) {
		i.Code, i.Name, i.Description, i.Unit, i.Barcode = b.Code, b.Name, b.Description, b.Unit, b.Barcode
		i.PurchaseUnit, i.PurchaseFactor, i.IssueUnit, i.IssueFactor = b.PurchaseUnit, b.PurchaseFactor, b.IssueUnit, b.IssueFactor
		if b.Decimals != nil {
			i.Decimals = *b.Decimals
		}
		i.Costing, i.Tracking = models.Costing(b.Costing), models.Tracking(b.Tracking)
		i.ReorderPoint, i.SafetyStock, i.MaxStock = b.ReorderPoint, b.SafetyStock, b.MaxStock
		i.SupplierID, i.LeadDays, i.UnitCost = b.SupplierID, b.LeadDays, cost
	})
	if err != nil {
		return nil, err
	}
	return s.readItem(ctx, id)
}

// unitCost reads an amount in the tenant's currency; nil where none is given.
func (s *Server) unitCost(ctx context.Context, m *MoneyInput, pointer string) (*decimal.Decimal, error) {
	if m == nil {
		return nil, nil //nolint:nilnil // no amount is no error
	}
	t, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	amount, err := m.in(t.Currency, pointer)
	return &amount, err
}

func (s *Server) listItems(ctx context.Context, in *itemListInput) (*listOutput[Item], error) {
	var faults models.Faults
	f := store.ItemFilter{
		Text: in.Q, Codes: in.Code, SupplierIDs: queryIDs(&faults, "supplier_id", in.SupplierID), Low: in.Low, Archived: in.Archived,
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, itemBody(ctx), func(page store.Page) (store.Rows[store.ItemView], error) {
		return s.store.Items(ctx, f, page)
	})
}

func (s *Server) changeItem(ctx context.Context, in *itemPatchInput) (*recordOutput[Item], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	var cost *decimal.Decimal
	if b.UnitCost.Set && !b.UnitCost.Null {
		if cost, err = s.unitCost(ctx, &b.UnitCost.V, "/unit_cost"); err != nil {
			return nil, err
		}
	}
	if err := s.store.ChangeItem(ctx, in.ID, version, func(i *models.Item) {
		b.Code.apply(&i.Code)
		b.Name.apply(&i.Name)
		b.Description.apply(&i.Description)
		b.Unit.apply(&i.Unit)
		b.PurchaseUnit.applyPointer(&i.PurchaseUnit)
		b.PurchaseFactor.applyPointer(&i.PurchaseFactor)
		b.IssueUnit.applyPointer(&i.IssueUnit)
		b.IssueFactor.applyPointer(&i.IssueFactor)
		b.Decimals.apply(&i.Decimals)
		b.Barcode.applyPointer(&i.Barcode)
		if b.Costing.Set {
			i.Costing = models.Costing(b.Costing.V)
		}
		if b.Tracking.Set {
			i.Tracking = models.Tracking(b.Tracking.V)
		}
		b.ReorderPoint.applyPointer(&i.ReorderPoint)
		b.SafetyStock.applyPointer(&i.SafetyStock)
		b.MaxStock.applyPointer(&i.MaxStock)
		b.SupplierID.applyPointer(&i.SupplierID)
		b.LeadDays.applyPointer(&i.LeadDays)
		if b.UnitCost.Set {
			i.UnitCost = cost
		}
	}); err != nil {
		return nil, err
	}
	return s.readItem(ctx, in.ID)
}

func (s *Server) readItem(ctx context.Context, id uuid.UUID) (*recordOutput[Item], error) {
	v, err := s.store.Item(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[Item]{Location: "/v1/items/" + id.String(), ETag: etag(v.Version), Body: itemBody(ctx)(v)}, nil
}

func itemBody(ctx context.Context) func(store.ItemView) Item {
	actor, _ := models.ActorFrom(ctx)
	costs := actor.Can(models.PermissionCostsRead)
	return func(v store.ItemView) Item {
		i := Item{
			ID: v.ID, Code: v.Code, Name: v.Name, Description: v.Description, Unit: v.Unit,
			ItemUnits: ItemUnits{v.PurchaseUnit, v.PurchaseFactor, v.IssueUnit, v.IssueFactor, &v.Decimals}, Barcode: v.Barcode, Costing: string(v.Costing),
			Tracking: string(v.Tracking), ReorderPoint: v.ReorderPoint, SafetyStock: v.SafetyStock, MaxStock: v.MaxStock,
			SupplierID: v.SupplierID, Supplier: refOf(v.SupplierID, v.SupplierCode, v.SupplierName), LeadDays: v.LeadDays,
			OnHand: v.OnHand, Reserved: v.Reserved, Available: v.OnHand.Sub(v.Reserved).Sub(v.InTransit), InTransit: v.InTransit, OnOrder: v.OnOrder, ArchivedAt: v.ArchivedAt, Version: v.Version,
			CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
		}
		if costs && v.UnitCost != nil {
			i.UnitCost = &Money{Amount: v.UnitCost.String(), Currency: v.Currency}
		}
		return i
	}
}

func (s *Server) itemStock(ctx context.Context, in *recordPath) (*struct{ Body ItemStock }, error) {
	stock, err := s.store.ItemStock(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := ItemStock{OnOrder: stock.OnOrder, ByLocation: make([]StockPlace, len(stock.Places))}
	for i, p := range stock.Places {
		out.OnHand, out.Reserved = out.OnHand.Add(p.OnHand), out.Reserved.Add(p.Reserved)
		free := p.OnHand.Sub(p.Reserved)
		if p.LocationKind == models.LocationTransit {
			out.InTransit, free = out.InTransit.Add(p.OnHand), decimal.Zero
		}
		out.ByLocation[i] = StockPlace{
			LocationID: p.LocationID, Location: Ref{ID: p.LocationID, Code: p.LocationCode, Name: p.LocationName},
			Kind: string(p.LocationKind), OnHand: p.OnHand, Reserved: p.Reserved, Available: free,
		}
	}
	out.Available = out.OnHand.Sub(out.Reserved).Sub(out.InTransit)
	if actor, _ := models.ActorFrom(ctx); actor.Can(models.PermissionCostsRead) {
		value := moneyOf(stock.Value, stock.Currency)
		out.Value = &value
	}
	return &struct{ Body ItemStock }{out}, nil
}
