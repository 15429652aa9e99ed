package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/internal/jsonschema"
	"mainstay/models"
	"mainstay/models/store"
)

// Asset is an asset as the API shows it.
type Asset struct {
	ID               uuid.UUID       `json:"id"`
	Code             string          `json:"code"`
	Name             string          `json:"name"`
	Description      string          `json:"description"`
	CategoryID       uuid.UUID       `json:"category_id"`
	Category         Ref             `json:"category"`
	LocationID       uuid.UUID       `json:"location_id"`
	Location         Ref             `json:"location"`
	SiteID           uuid.UUID       `json:"site_id"`
	ParentID         *uuid.UUID      `json:"parent_id"`
	Parent           *Ref            `json:"parent"`
	HasChildren      bool            `json:"has_children"`
	TemplateID       *uuid.UUID      `json:"template_id"`
	Template         *Ref            `json:"template"`
	DepartmentID     *uuid.UUID      `json:"department_id"`
	Department       *Ref            `json:"department"`
	CostCenterID     *uuid.UUID      `json:"cost_center_id"`
	CostCenter       *Ref            `json:"cost_center"`
	SerialNumber     *string         `json:"serial_number"`
	Barcode          *string         `json:"barcode"`
	Manufacturer     string          `json:"manufacturer"`
	Model            string          `json:"model"`
	Criticality      string          `json:"criticality"`
	LifecycleState   string          `json:"lifecycle_state"`
	OperatingState   string          `json:"operating_state"`
	Custody          string          `json:"custody"`
	PurchasePrice    *Money          `json:"purchase_price"`
	PurchasedOn      *models.Date    `json:"purchased_on"`
	InstalledOn      *models.Date    `json:"installed_on"`
	WarrantyUntil    *models.Date    `json:"warranty_until"`
	ReplacementPrice *Money          `json:"replacement_price"`
	Fields           json.RawMessage `json:"fields"`
	ArchivedAt       *time.Time      `json:"archived_at,omitempty"`
	Version          int             `json:"version"`
	CreatedAt        time.Time       `json:"created_at"`
	UpdatedAt        time.Time       `json:"updated_at"`
}

// AssetBody creates an asset. It is in service and up unless it says otherwise.
type AssetBody struct {
	Code             string         `json:"code" minLength:"1" maxLength:"64"`
	Name             string         `json:"name" minLength:"1" maxLength:"300"`
	Description      string         `json:"description,omitempty" maxLength:"20000"`
	CategoryID       uuid.UUID      `json:"category_id"`
	LocationID       uuid.UUID      `json:"location_id"`
	ParentID         *uuid.UUID     `json:"parent_id,omitempty"`
	TemplateID       *uuid.UUID     `json:"template_id,omitempty"`
	DepartmentID     *uuid.UUID     `json:"department_id,omitempty"`
	CostCenterID     *uuid.UUID     `json:"cost_center_id,omitempty"`
	SerialNumber     *string        `json:"serial_number,omitempty" minLength:"1" maxLength:"200"`
	Barcode          *string        `json:"barcode,omitempty" minLength:"1" maxLength:"200"`
	Manufacturer     string         `json:"manufacturer,omitempty" maxLength:"300"`
	Model            string         `json:"model,omitempty" maxLength:"300"`
	Criticality      string         `json:"criticality,omitempty" enum:"A,B,C"`
	LifecycleState   string         `json:"lifecycle_state,omitempty" enum:"planned,ordered,received,commissioning,in_service,decommissioned,in_store,disposed,lost"`
	OperatingState   string         `json:"operating_state,omitempty" enum:"up,down,degraded,standby,idle,disabled"`
	Custody          string         `json:"custody,omitempty" enum:"available,reserved,checked_out,accepted,declined,overdue"`
	PurchasePrice    *MoneyInput    `json:"purchase_price,omitempty"`
	PurchasedOn      *models.Date   `json:"purchased_on,omitempty"`
	InstalledOn      *models.Date   `json:"installed_on,omitempty"`
	WarrantyUntil    *models.Date   `json:"warranty_until,omitempty"`
	ReplacementPrice *MoneyInput    `json:"replacement_price,omitempty"`
	Fields           map[string]any `json:"fields,omitempty" doc:"custom fields, as the template's schema describes them"`
}

// AssetPatch changes an asset. Place and parent change by a move only.
type AssetPatch struct {
	Code             Optional[string]         `json:"code,omitempty"`
	Name             Optional[string]         `json:"name,omitempty"`
	Description      Optional[string]         `json:"description,omitempty"`
	CategoryID       Optional[uuid.UUID]      `json:"category_id,omitempty"`
	TemplateID       Optional[uuid.UUID]      `json:"template_id,omitempty"`
	DepartmentID     Optional[uuid.UUID]      `json:"department_id,omitempty"`
	CostCenterID     Optional[uuid.UUID]      `json:"cost_center_id,omitempty"`
	SerialNumber     Optional[string]         `json:"serial_number,omitempty"`
	Barcode          Optional[string]         `json:"barcode,omitempty"`
	Manufacturer     Optional[string]         `json:"manufacturer,omitempty"`
	Model            Optional[string]         `json:"model,omitempty"`
	Criticality      Optional[string]         `json:"criticality,omitempty"`
	LifecycleState   Optional[string]         `json:"lifecycle_state,omitempty"`
	OperatingState   Optional[string]         `json:"operating_state,omitempty"`
	Custody          Optional[string]         `json:"custody,omitempty"`
	PurchasePrice    Optional[MoneyInput]     `json:"purchase_price,omitempty"`
	PurchasedOn      Optional[models.Date]    `json:"purchased_on,omitempty"`
	InstalledOn      Optional[models.Date]    `json:"installed_on,omitempty"`
	WarrantyUntil    Optional[models.Date]    `json:"warranty_until,omitempty"`
	ReplacementPrice Optional[MoneyInput]     `json:"replacement_price,omitempty"`
	Fields           Optional[map[string]any] `json:"fields,omitempty" doc:"merged into the custom fields; a null member removes it"`
}

type assetPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body AssetPatch
}

func (s *Server) assetRoutes() {
	n := recordNoun{
		path: "/v1/assets", one: "asset", many: "assets", read: models.PermissionAssetsRead, write: models.PermissionAssetsWrite,
	}
	register(s, n.create(), s.createAsset)
	register(s, n.list(), s.listAssets)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[Asset], error) {
		return s.readAsset(ctx, in.ID)
	})
	register(s, n.change(), s.changeAsset)
	register(s, n.archive(), command(s.store.ArchiveAsset, s.readAsset))
	register(s, n.restore(), command(s.store.RestoreAsset, s.readAsset))
	s.assetMoveRoutes(n)
}

func (s *Server) createAsset(ctx context.Context, in *struct{ Body AssetBody }) (*recordOutput[Asset], error) {
	v, err := s.store.CreateAsset(ctx, in.Body.fill, checkFields)
	if err != nil {
		return nil, err
	}
	return assetAnswer(v), nil
}

func (b AssetBody) fill(a *models.Asset) error {
	a.Code, a.Name, a.Description = b.Code, b.Name, b.Description
	a.CategoryID, a.LocationID, a.ParentID = b.CategoryID, b.LocationID, b.ParentID
	a.TemplateID, a.DepartmentID, a.CostCenterID = b.TemplateID, b.DepartmentID, b.CostCenterID
	a.SerialNumber, a.Barcode, a.Manufacturer, a.Model = b.SerialNumber, b.Barcode, b.Manufacturer, b.Model
	a.Criticality, a.LifecycleState = b.Criticality, models.LifecycleState(b.LifecycleState)
	a.OperatingState, a.Custody = models.OperatingState(b.OperatingState), models.Custody(b.Custody)
	a.PurchasedOn, a.InstalledOn, a.WarrantyUntil = b.PurchasedOn, b.InstalledOn, b.WarrantyUntil
	if b.Fields != nil {
		text, err := json.Marshal(b.Fields)
		if err != nil {
			return err
		}
		a.Fields = text
	}
	if err := setPrice(&a.PurchasePrice, a, b.PurchasePrice, "/purchase_price"); err != nil {
		return err
	}
	return setPrice(&a.ReplacementPrice, a, b.ReplacementPrice, "/replacement_price")
}

// setPrice sets one of the asset's prices; both are in one currency.
func setPrice(target **decimal.Decimal, a *models.Asset, m *MoneyInput, pointer string) error {
	if m == nil {
		return nil
	}
	if m.Currency != "" && a.PurchaseCurrency != nil && *a.PurchaseCurrency != m.Currency {
		return models.InvalidField(pointer+"/currency", "currency", "This asset's prices are in %s.", *a.PurchaseCurrency)
	}
	if m.Currency != "" {
		a.PurchaseCurrency = &m.Currency
	}
	*target = &m.Amount
	return nil
}

func checkFields(schema, fields json.RawMessage) error {
	return jsonschema.Validate("/fields", schema, fields)
}

func (s *Server) readAsset(ctx context.Context, id uuid.UUID) (*recordOutput[Asset], error) {
	v, err := s.store.Asset(ctx, id)
	if err != nil {
		return nil, err
	}
	return assetAnswer(v), nil
}

func (s *Server) changeAsset(ctx context.Context, in *assetPatchInput) (*recordOutput[Asset], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	v, err := s.store.ChangeAsset(ctx, in.ID, version, in.Body.apply, checkFields)
	if err != nil {
		return nil, err
	}
	return assetAnswer(v), nil
}

func (p AssetPatch) apply(a *models.Asset) error {
	lifecycle, operating, custody := string(a.LifecycleState), string(a.OperatingState), string(a.Custody)
	p.Code.apply(&a.Code)
	p.Name.apply(&a.Name)
	p.Description.apply(&a.Description)
	p.CategoryID.apply(&a.CategoryID)
	p.TemplateID.applyPointer(&a.TemplateID)
	p.DepartmentID.applyPointer(&a.DepartmentID)
	p.CostCenterID.applyPointer(&a.CostCenterID)
	p.SerialNumber.applyPointer(&a.SerialNumber)
	p.Barcode.applyPointer(&a.Barcode)
	p.Manufacturer.apply(&a.Manufacturer)
	p.Model.apply(&a.Model)
	p.Criticality.apply(&a.Criticality)
	p.LifecycleState.apply(&lifecycle)
	p.OperatingState.apply(&operating)
	p.Custody.apply(&custody)
	p.PurchasedOn.applyPointer(&a.PurchasedOn)
	p.InstalledOn.applyPointer(&a.InstalledOn)
	p.WarrantyUntil.applyPointer(&a.WarrantyUntil)
	a.LifecycleState, a.OperatingState = models.LifecycleState(lifecycle), models.OperatingState(operating)
	a.Custody = models.Custody(custody)
	if err := p.applyPrices(a); err != nil {
		return err
	}
	return p.applyFields(a)
}

func (p AssetPatch) applyPrices(a *models.Asset) error {
	for _, price := range []struct {
		patch   Optional[MoneyInput]
		target  **decimal.Decimal
		pointer string
	}{{p.PurchasePrice, &a.PurchasePrice, "/purchase_price"}, {p.ReplacementPrice, &a.ReplacementPrice, "/replacement_price"}} {
		if price.patch.Null {
			*price.target = nil
		}
	}
	if a.PurchasePrice == nil && a.ReplacementPrice == nil || p.PurchasePrice.Set && a.ReplacementPrice == nil {
		a.PurchaseCurrency = nil
	}
	if p.PurchasePrice.Set && !p.PurchasePrice.Null {
		if err := setPrice(&a.PurchasePrice, a, &p.PurchasePrice.V, "/purchase_price"); err != nil {
			return err
		}
	}
	if p.ReplacementPrice.Set && !p.ReplacementPrice.Null {
		return setPrice(&a.ReplacementPrice, a, &p.ReplacementPrice.V, "/replacement_price")
	}
	return nil
}

// applyFields merges the custom fields (RFC 7396); null removes them all.
func (p AssetPatch) applyFields(a *models.Asset) error {
	if !p.Fields.Set {
		return nil
	}
	var fields map[string]any
	if !p.Fields.Null {
		if err := json.Unmarshal(a.Fields, &fields); err != nil {
			return err
		}
	}
	text, err := json.Marshal(mergePatch(fields, p.Fields.V))
	a.Fields = text
	return err
}

// mergePatch is RFC 7396 for objects.
func mergePatch(target, patch map[string]any) map[string]any {
	if target == nil {
		target = map[string]any{}
	}
	for name, value := range patch {
		inner, object := value.(map[string]any)
		switch {
		case value == nil:
			delete(target, name)
		case object:
			below, _ := target[name].(map[string]any)
			target[name] = mergePatch(below, inner)
		default:
			target[name] = value
		}
	}
	return target
}

func assetAnswer(v store.AssetView) *recordOutput[Asset] {
	return &recordOutput[Asset]{Location: "/v1/assets/" + v.ID.String(), ETag: etag(v.Version), Body: assetBody(v)}
}

func assetBody(v store.AssetView) Asset {
	return Asset{
		ID: v.ID, Code: v.Code, Name: v.Name, Description: v.Description, CategoryID: v.CategoryID,
		Category: Ref{ID: v.CategoryID, Code: v.CategoryCode, Name: v.CategoryName}, LocationID: v.LocationID,
		Location: Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName}, SiteID: v.SiteID, ParentID: v.ParentID,
		Parent: refOf(v.ParentID, v.ParentCode, v.ParentName), HasChildren: v.HasChildren, TemplateID: v.TemplateID,
		Template: refOf(v.TemplateID, v.TemplateCode, v.TemplateName), DepartmentID: v.DepartmentID,
		Department: refOf(v.DepartmentID, v.DepartmentCode, v.DepartmentName), CostCenterID: v.CostCenterID,
		CostCenter: refOf(v.CostCenterID, v.CostCenterCode, v.CostCenterName), SerialNumber: v.SerialNumber, Barcode: v.Barcode,
		Manufacturer: v.Manufacturer, Model: v.Model, Criticality: v.Criticality, LifecycleState: string(v.LifecycleState),
		OperatingState: string(v.OperatingState), Custody: string(v.Custody), PurchasedOn: v.PurchasedOn,
		PurchasePrice: priceOf(v.PurchasePrice, v.PurchaseCurrency), InstalledOn: v.InstalledOn, WarrantyUntil: v.WarrantyUntil,
		ReplacementPrice: priceOf(v.ReplacementPrice, v.PurchaseCurrency), Fields: v.Fields, ArchivedAt: v.ArchivedAt,
		Version: v.Version, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
}

func priceOf(amount *decimal.Decimal, currency *string) *Money {
	if amount == nil || currency == nil {
		return nil
	}
	return new(moneyOf(*amount, *currency))
}
