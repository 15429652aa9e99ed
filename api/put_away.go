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

// PutAway is something of one item that lies where deliveries are received. to_location is where it belongs: where a work order waits for
// it, else where most of it lies or lay; none for what never lay at this storeroom.
type PutAway struct {
	ItemID       uuid.UUID       `json:"item_id"`
	Item         Ref             `json:"item"`
	Tracking     string          `json:"tracking" enum:"none,lot,serial"`
	LocationID   uuid.UUID       `json:"location_id"`
	Location     Ref             `json:"location"`
	Lot          string          `json:"lot,omitempty"`
	Serial       string          `json:"serial,omitempty"`
	Quantity     decimal.Decimal `json:"quantity" doc:"in the item's unit"`
	Unit         string          `json:"unit"`
	ToLocationID *uuid.UUID      `json:"to_location_id,omitempty"`
	ToLocation   *Ref            `json:"to_location,omitempty"`
	ArrivedAt    time.Time       `json:"arrived_at" doc:"the latest of it"`
}

type putAwayListInput struct {
	PageQuery
	ItemID     []string `query:"item_id,explode"`
	LocationID []string `query:"location_id,explode" doc:"where it was received"`
	Sort       string   `query:"sort" enum:"arrived_at,-arrived_at" default:"arrived_at"`
}

func (s *Server) putAwayRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/put-aways", id: "list-put-aways", tag: "Stock",
		summary: "List what was received and is to be put away", permission: models.PermissionStockMovementsRead,
	}, s.listPutAways)
}

func (s *Server) listPutAways(ctx context.Context, in *putAwayListInput) (*listOutput[PutAway], error) {
	var faults models.Faults
	f := store.PutAwayFilter{ItemIDs: queryIDs(&faults, "item_id", in.ItemID), LocationIDs: queryIDs(&faults, "location_id", in.LocationID)}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, putAwayBody, func(page store.Page) (store.Rows[store.PutAwayView], error) {
		return s.store.PutAways(ctx, f, page)
	})
}

func putAwayBody(v store.PutAwayView) PutAway {
	return PutAway{
		ItemID: v.ItemID, Item: Ref{ID: v.ItemID, Code: v.ItemCode, Name: v.ItemName}, Tracking: string(v.Tracking),
		LocationID: v.LocationID, Location: Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName}, Lot: v.Lot, Serial: v.Serial,
		Quantity: v.Quantity, Unit: v.Unit, ToLocationID: v.ToLocationID, ToLocation: refOf(v.ToLocationID, v.ToLocationCode, v.ToLocationName),
		ArrivedAt: v.ArrivedAt,
	}
}
