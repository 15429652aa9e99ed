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

// StockMovement is one posting in the stock ledger. value is what it added to what the stock is worth, for who may read costs.
type StockMovement struct {
	ID            uuid.UUID        `json:"id"`
	Kind          string           `json:"kind"`
	ItemID        uuid.UUID        `json:"item_id"`
	Item          Ref              `json:"item"`
	Unit          string           `json:"unit"`
	LocationID    uuid.UUID        `json:"location_id"`
	Location      Ref              `json:"location"`
	ToLocationID  *uuid.UUID       `json:"to_location_id,omitempty"`
	ToLocation    *Ref             `json:"to_location,omitempty"`
	Quantity      decimal.Decimal  `json:"quantity" doc:"in the item's unit"`
	Entered       *EnteredQuantity `json:"entered,omitempty" doc:"how it was entered, where that was another unit"`
	Value         *Money           `json:"value,omitempty"`
	WorkOrderID   *uuid.UUID       `json:"work_order_id,omitempty"`
	WorkOrder     *Ref             `json:"work_order,omitempty"`
	CostCenterID  *uuid.UUID       `json:"cost_center_id,omitempty"`
	Lot           string           `json:"lot,omitempty"`
	Serial        string           `json:"serial,omitempty"`
	Reason        string           `json:"reason,omitempty"`
	ReversalOf    *uuid.UUID       `json:"reversal_of,omitempty"`
	ReversedBy    *uuid.UUID       `json:"reversed_by,omitempty"`
	TransferID    *uuid.UUID       `json:"transfer_id,omitempty" doc:"of stock that travels between storerooms"`
	PurchaseOrder *Ref             `json:"purchase_order,omitempty" doc:"on which it came or went back: it is corrected there and not reversed"`
	Actor         *store.Person    `json:"actor,omitempty"`
	PostedAt      time.Time        `json:"posted_at"`
}

// EnteredQuantity is a quantity in one of an item's other units.
type EnteredQuantity struct {
	Quantity decimal.Decimal `json:"quantity"`
	Unit     string          `json:"unit"`
}

// StockMovementBody posts a movement.
type StockMovementBody struct {
	ItemID       uuid.UUID       `json:"item_id"`
	LocationID   uuid.UUID       `json:"location_id" doc:"a storeroom, bin or receiving place: where it comes from, or where it goes for a receipt or a return"`
	Kind         string          `json:"kind" enum:"receipt,issue,return,transfer,put_away,adjustment,scrap"`
	Quantity     decimal.Decimal `json:"quantity" doc:"above 0; an adjustment is signed"`
	Unit         string          `json:"unit,omitempty" maxLength:"64" doc:"of quantity and unit_cost: the item's own where left out, else its purchase or issue unit"`
	UnitCost     *MoneyInput     `json:"unit_cost,omitempty" doc:"of a receipt; without it what lies there costs, else the item's expected price"`
	ToLocationID *uuid.UUID      `json:"to_location_id,omitempty" doc:"of a transfer, or of a put-away: a storeroom or bin of the storeroom at which it was received"`
	WorkOrderID  *uuid.UUID      `json:"work_order_id,omitempty" doc:"of an issue or a return; or cost_center_id"`
	CostCenterID *uuid.UUID      `json:"cost_center_id,omitempty"`
	Lot          string          `json:"lot,omitempty" maxLength:"200"`
	Serial       string          `json:"serial,omitempty" maxLength:"200"`
	Reason       string          `json:"reason,omitempty" maxLength:"2000" doc:"needed for an adjustment and for scrap"`
}

type stockMovementListInput struct {
	PageQuery
	ItemID      []string `query:"item_id,explode"`
	LocationID  []string `query:"location_id,explode"`
	WorkOrderID []string `query:"work_order_id,explode"`
	Kind        []string `query:"kind,explode" enum:"receipt,issue,return,transfer,put_away,adjustment,scrap,reversal,return_to_vendor"`
	From        string   `query:"from" maxLength:"40" doc:"an instant (RFC 3339), or a day in UTC"`
	To          string   `query:"to" maxLength:"40" doc:"an instant that no movement has reached, or the last day in UTC"`
	Sort        string   `query:"sort" enum:"posted_at,-posted_at" default:"-posted_at"`
}

type stockMovementOutput struct {
	Location string `header:"Location"`
	Body     StockMovement
}

func (s *Server) stockMovementRoutes() {
	const tag, path = "Stock", "/v1/stock-movements"
	register(s, operation{
		method: http.MethodPost, path: path, id: "post-stock-movement", tag: tag, status: http.StatusCreated,
		summary: "Post a movement into the stock ledger", permission: models.PermissionStockMovementsWrite,
	}, s.postStockMovement)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-stock-movements", tag: tag,
		summary: "List the stock ledger", permission: models.PermissionStockMovementsRead,
	}, s.listStockMovements)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-stock-movement", tag: tag,
		summary: "Read a movement", permission: models.PermissionStockMovementsRead,
	}, func(ctx context.Context, in *recordPath) (*stockMovementOutput, error) {
		return s.readStockMovement(ctx, in.ID)
	})
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/reverse", id: "reverse-stock-movement", tag: tag, status: http.StatusCreated,
		summary: "Take a movement back by one with the other sign", permission: models.PermissionStockMovementsWrite,
	}, s.reverseStockMovement)
}

func (s *Server) postStockMovement(ctx context.Context, in *struct{ Body StockMovementBody }) (*stockMovementOutput, error) {
	b := in.Body
	cost, err := s.unitCost(ctx, b.UnitCost, "/unit_cost")
	if err != nil {
		return nil, err
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.PostMovement(ctx, id, models.NewMovement{
		Kind: models.MovementKind(b.Kind), ItemID: b.ItemID, LocationID: b.LocationID, ToLocationID: b.ToLocationID, Quantity: b.Quantity,
		Unit: b.Unit, UnitCost: cost, WorkOrderID: b.WorkOrderID, CostCenterID: b.CostCenterID, Lot: b.Lot, Serial: b.Serial, Reason: b.Reason,
	}); err != nil {
		return nil, err
	}
	return s.readStockMovement(ctx, id)
}

func (s *Server) reverseStockMovement(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
},
) (*stockMovementOutput, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.ReverseMovement(ctx, id, in.ID, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.readStockMovement(ctx, id)
}

func (s *Server) listStockMovements(ctx context.Context, in *stockMovementListInput) (*listOutput[StockMovement], error) {
	var faults models.Faults
	f := store.MovementFilter{
		ItemIDs: queryIDs(&faults, "item_id", in.ItemID), LocationIDs: queryIDs(&faults, "location_id", in.LocationID),
		WorkOrderIDs: queryIDs(&faults, "work_order_id", in.WorkOrderID), Kinds: in.Kind,
		From: queryInstant(&faults, "from", in.From, 0), To: queryInstant(&faults, "to", in.To, 1),
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, stockMovementBody(ctx), func(page store.Page) (store.Rows[store.MovementView], error) {
		return s.store.StockMovements(ctx, f, page)
	})
}

func (s *Server) readStockMovement(ctx context.Context, id uuid.UUID) (*stockMovementOutput, error) {
	v, err := s.store.StockMovement(ctx, id)
	if err != nil {
		return nil, err
	}
	return &stockMovementOutput{Location: "/v1/stock-movements/" + id.String(), Body: stockMovementBody(ctx)(v)}, nil
}

func stockMovementBody(ctx context.Context) func(store.MovementView) StockMovement {
	actor, _ := models.ActorFrom(ctx)
	costs := actor.Can(models.PermissionCostsRead)
	return func(v store.MovementView) StockMovement {
		m := StockMovement{
			ID: v.ID, Kind: string(v.Kind), ItemID: v.ItemID, Item: Ref{ID: v.ItemID, Code: v.ItemCode, Name: v.ItemName}, Unit: v.Unit,
			LocationID: v.LocationID, Location: Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName},
			ToLocationID: v.ToLocationID, ToLocation: refOf(v.ToLocationID, v.ToLocationCode, v.ToLocationName), Quantity: v.Quantity,
			WorkOrderID: v.WorkOrderID, WorkOrder: numbered(v.WorkOrderID, v.WorkOrderNumber, v.WorkOrderNumber),
			CostCenterID: v.CostCenterID, Lot: v.Lot, Serial: v.Serial, Reason: v.Reason, ReversalOf: v.ReversalOf, ReversedBy: v.ReversedBy, TransferID: v.TransferID,
			PurchaseOrder: numbered(v.PurchaseOrderID, v.PurchaseOrderNumber, v.PurchaseOrderNumber), PostedAt: v.PostedAt,
		}
		if v.EnteredQuantity != nil {
			m.Entered = &EnteredQuantity{Quantity: *v.EnteredQuantity, Unit: *v.EnteredUnit}
		}
		if v.ActorName != nil {
			m.Actor = &store.Person{ID: v.ActorID, Name: *v.ActorName}
		}
		if costs {
			value := moneyOf(v.Value, v.Currency)
			m.Value = &value
		}
		return m
	}
}
