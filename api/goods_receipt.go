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

// GoodsReceipt is one delivery on a purchase order, or what went back of one. Lists leave its lines out.
type GoodsReceipt struct {
	ID              uuid.UUID          `json:"id"`
	Number          string             `json:"number" example:"GR-000123"`
	Kind            string             `json:"kind" enum:"receipt,return"`
	PurchaseOrderID uuid.UUID          `json:"purchase_order_id"`
	PurchaseOrder   Ref                `json:"purchase_order"`
	SupplierID      uuid.UUID          `json:"supplier_id"`
	Supplier        Ref                `json:"supplier"`
	DeliveryNote    string             `json:"delivery_note,omitempty"`
	Reason          string             `json:"reason,omitempty"`
	Actor           *store.Person      `json:"actor,omitempty"`
	PostedAt        time.Time          `json:"posted_at"`
	Lines           []GoodsReceiptLine `json:"lines,omitempty"`
}

// GoodsReceiptLine is what came, or went back, of a line of the order. value is at the order's price, for who may read costs.
type GoodsReceiptLine struct {
	Line         int             `json:"line"`
	LineID       uuid.UUID       `json:"line_id"`
	OrderLine    int             `json:"order_line"`
	ItemID       *uuid.UUID      `json:"item_id,omitempty"`
	Item         *Ref            `json:"item,omitempty"`
	Description  string          `json:"description"`
	Quantity     decimal.Decimal `json:"quantity"`
	Unit         string          `json:"unit"`
	Value        *Money          `json:"value,omitempty"`
	LocationID   *uuid.UUID      `json:"location_id,omitempty"`
	Location     *Ref            `json:"location,omitempty"`
	Lot          string          `json:"lot,omitempty"`
	Serial       string          `json:"serial,omitempty"`
	MovementID   *uuid.UUID      `json:"movement_id,omitempty"`
	CostCenterID *uuid.UUID      `json:"cost_center_id,omitempty"`
	AssetID      *uuid.UUID      `json:"asset_id,omitempty"`
	Asset        *Ref            `json:"asset,omitempty"`
}

type goodsReceiptListInput struct {
	PageQuery
	PurchaseOrderID []string `query:"purchase_order_id,explode"`
	SupplierID      []string `query:"supplier_id,explode"`
	ItemID          []string `query:"item_id,explode"`
	Kind            []string `query:"kind,explode" enum:"receipt,return"`
	From            string   `query:"from" maxLength:"40" doc:"an instant (RFC 3339), or a day in UTC"`
	To              string   `query:"to" maxLength:"40" doc:"an instant that no receipt has reached, or the last day in UTC"`
	Sort            string   `query:"sort" enum:"posted_at,-posted_at" default:"-posted_at"`
}

func (s *Server) goodsReceiptRoutes() {
	const tag, path = "Goods receipts", "/v1/goods-receipts"
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-goods-receipts", tag: tag,
		summary: "List deliveries and returns", permission: models.PermissionPurchaseOrdersRead,
	}, s.listGoodsReceipts)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-goods-receipt", tag: tag,
		summary: "Read a delivery or a return", permission: models.PermissionPurchaseOrdersRead,
	}, func(ctx context.Context, in *recordPath) (*struct{ Body GoodsReceipt }, error) {
		v, err := s.store.GoodsReceipt(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return &struct{ Body GoodsReceipt }{goodsReceiptBody(ctx)(v)}, nil
	})
}

func (s *Server) listGoodsReceipts(ctx context.Context, in *goodsReceiptListInput) (*listOutput[GoodsReceipt], error) {
	var faults models.Faults
	f := store.GoodsReceiptFilter{
		PurchaseOrderIDs: queryIDs(&faults, "purchase_order_id", in.PurchaseOrderID), SupplierIDs: queryIDs(&faults, "supplier_id", in.SupplierID),
		ItemIDs: queryIDs(&faults, "item_id", in.ItemID), Kinds: in.Kind, From: queryInstant(&faults, "from", in.From, 0),
		To: queryInstant(&faults, "to", in.To, 1),
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, goodsReceiptBody(ctx), func(page store.Page) (store.Rows[store.GoodsReceiptView], error) {
		return s.store.GoodsReceipts(ctx, f, page)
	})
}

func goodsReceiptBody(ctx context.Context) func(store.GoodsReceiptView) GoodsReceipt {
	actor, _ := models.ActorFrom(ctx)
	costs := actor.Can(models.PermissionCostsRead)
	return func(v store.GoodsReceiptView) GoodsReceipt {
		g := GoodsReceipt{
			ID: v.ID, Number: v.Number, Kind: string(v.Kind), PurchaseOrderID: v.PurchaseOrderID,
			PurchaseOrder: Ref{ID: v.PurchaseOrderID, Number: v.PurchaseOrderNumber, Name: v.SupplierName}, SupplierID: v.SupplierID,
			Supplier: Ref{ID: v.SupplierID, Code: v.SupplierCode, Name: v.SupplierName}, DeliveryNote: v.DeliveryNote, Reason: v.Reason,
			PostedAt: v.PostedAt,
		}
		if v.ActorName != nil {
			g.Actor = &store.Person{ID: v.ActorID, Name: *v.ActorName}
		}
		for _, l := range v.Lines {
			line := GoodsReceiptLine{
				Line: l.Line, LineID: l.PurchaseOrderLineID, OrderLine: l.OrderLine, ItemID: l.ItemID, Item: refOf(l.ItemID, l.ItemCode, l.ItemName),
				Description: l.Description, Quantity: l.Quantity, Unit: l.Unit, LocationID: l.LocationID,
				Location: refOf(l.LocationID, l.LocationCode, l.LocationName), Lot: l.Lot, Serial: l.Serial, MovementID: l.MovementID,
				CostCenterID: l.CostCenterID, AssetID: l.AssetID, Asset: refOf(l.AssetID, l.AssetCode, l.AssetName),
			}
			if costs {
				value := moneyOf(l.Value, v.Currency)
				line.Value = &value
			}
			g.Lines = append(g.Lines, line)
		}
		return g
	}
}
