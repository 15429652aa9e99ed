package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// SparePart is an item that belongs into an asset, and what lies of it over all storerooms.
type SparePart struct {
	ItemID    uuid.UUID        `json:"item_id"`
	Item      Ref              `json:"item"`
	Quantity  decimal.Decimal  `json:"quantity" doc:"in the item's unit"`
	Unit      string           `json:"unit"`
	Entered   *EnteredQuantity `json:"entered,omitempty" doc:"how it was entered, where that was another unit"`
	Note      string           `json:"note,omitempty"`
	Source    string           `json:"source" enum:"asset,asset_template" doc:"whose list it stands in"`
	Archived  bool             `json:"archived,omitempty" doc:"the item is out of use"`
	OnHand    decimal.Decimal  `json:"on_hand"`
	Available decimal.Decimal  `json:"available"`
}

// SparePartBody is a line of a list.
type SparePartBody struct {
	ItemID   uuid.UUID       `json:"item_id"`
	Quantity decimal.Decimal `json:"quantity"`
	Unit     string          `json:"unit,omitempty" maxLength:"64" doc:"the item's own where left out, else its purchase or issue unit; a line without one that comes to the same stays as it was entered"`
	Note     string          `json:"note,omitempty" maxLength:"300" doc:"where it sits"`
}

// SparePartsBody is a whole list: it takes the place of the one before.
type SparePartsBody struct {
	Items []SparePartBody `json:"items" maxItems:"500"`
}

type sparePartsInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body SparePartsBody
}

type sparePartsOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []SparePart `json:"items"`
	}
}

// WhereUsed is an asset, or all assets of a template, into which an item belongs.
type WhereUsed struct {
	Kind       string          `json:"kind" enum:"asset,asset_template"`
	ID         uuid.UUID       `json:"id"`
	Code       string          `json:"code"`
	Name       string          `json:"name"`
	Quantity   decimal.Decimal `json:"quantity" doc:"in each"`
	Note       string          `json:"note,omitempty"`
	AssetCount int             `json:"asset_count" doc:"how many assets it is"`
}

func (s *Server) sparePartRoutes() {
	lists := []struct {
		path, of, noun string
		read           func(context.Context, uuid.UUID) ([]store.SparePartView, error)
		write          func(context.Context, uuid.UUID, int, []models.NewSparePart) error
	}{
		{"/v1/assets", "asset", "asset", s.store.AssetSpareParts, s.store.SetAssetSpareParts},
		{"/v1/asset-templates", "asset-template", "asset_template", s.store.AssetTemplateSpareParts, s.store.SetAssetTemplateSpareParts},
	}
	for _, list := range lists {
		read := func(ctx context.Context, id uuid.UUID) (*sparePartsOutput, error) {
			version, err := s.store.SparePartsVersion(ctx, list.noun, id) // before the list: what is written between is refused
			if err != nil {
				return nil, err
			}
			out, err := sparePartsOf(list.read(ctx, id))
			if err != nil {
				return nil, err
			}
			out.ETag = etag(version)
			return out, nil
		}
		register(s, operation{
			method: http.MethodGet, path: list.path + "/{id}/spare-parts", id: "list-" + list.of + "-spare-parts", tag: "Spare parts",
			summary: "List what belongs into it", permission: models.PermissionSparePartsRead,
		}, func(ctx context.Context, in *recordPath) (*sparePartsOutput, error) {
			return read(ctx, in.ID)
		})
		register(s, operation{
			method: http.MethodPut, path: list.path + "/{id}/spare-parts", id: "set-" + list.of + "-spare-parts", tag: "Spare parts",
			summary: "Say what belongs into it", permission: models.PermissionSparePartsWrite,
		}, func(ctx context.Context, in *sparePartsInput) (*sparePartsOutput, error) {
			version, err := in.version()
			if err != nil {
				return nil, err
			}
			parts := make([]models.NewSparePart, len(in.Body.Items))
			for i, b := range in.Body.Items {
				parts[i] = models.NewSparePart{ItemID: b.ItemID, Quantity: b.Quantity, Unit: b.Unit, Note: b.Note}
			}
			if err := list.write(ctx, in.ID, version, parts); err != nil {
				return nil, err
			}
			return read(ctx, in.ID)
		})
	}
	register(s, operation{
		method: http.MethodGet, path: "/v1/items/{id}/where-used", id: "list-item-where-used", tag: "Spare parts",
		summary: "List the assets and templates into which an item belongs", permission: models.PermissionSparePartsRead,
	}, s.listWhereUsed)
}

func sparePartsOf(rows []store.SparePartView, err error) (*sparePartsOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &sparePartsOutput{}
	out.Body.Items = make([]SparePart, len(rows))
	for i, v := range rows {
		source := "asset"
		if v.AssetTemplateID != nil {
			source = "asset_template"
		}
		out.Body.Items[i] = SparePart{
			ItemID: v.ItemID, Item: Ref{ID: v.ItemID, Code: v.ItemCode, Name: v.ItemName}, Quantity: v.Quantity, Unit: v.Unit, Note: v.Note,
			Source: source, Archived: v.ItemArchived, OnHand: v.OnHand, Available: v.OnHand.Sub(v.Reserved),
		}
		if v.EnteredQuantity != nil {
			out.Body.Items[i].Entered = &EnteredQuantity{*v.EnteredQuantity, *v.EnteredUnit}
		}
	}
	return out, nil
}

func (s *Server) listWhereUsed(ctx context.Context, in *assetPartList) (*listOutput[WhereUsed], error) {
	const byCode = "code"
	body := func(v store.WhereUsedView) WhereUsed { return WhereUsed(v) }
	return listPage(in.PageQuery, byCode, body, func(page store.Page) (store.Rows[store.WhereUsedView], error) {
		return s.store.WhereUsed(ctx, in.ID, page)
	})
}
