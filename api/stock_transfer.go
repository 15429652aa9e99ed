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

// StockTransfer is stock of one item on its way from one storeroom to another. Quantities are in the item's unit.
type StockTransfer struct {
	ID           uuid.UUID       `json:"id"`
	Number       string          `json:"number" example:"TR-000123"`
	Status       string          `json:"status" enum:"in_transit,closed"`
	ItemID       uuid.UUID       `json:"item_id"`
	Item         Ref             `json:"item"`
	Unit         string          `json:"unit"`
	LocationID   uuid.UUID       `json:"location_id"`
	Location     Ref             `json:"location"`
	ToLocationID uuid.UUID       `json:"to_location_id"`
	ToLocation   Ref             `json:"to_location"`
	Quantity     decimal.Decimal `json:"quantity"`
	Open         decimal.Decimal `json:"open" doc:"still on the way"`
	Received     decimal.Decimal `json:"received"`
	Returned     decimal.Decimal `json:"returned" doc:"gone back to where it left"`
	Lost         decimal.Decimal `json:"lost" doc:"scrapped or missing, with a reason"`
	Lot          string          `json:"lot,omitempty"`
	Serial       string          `json:"serial,omitempty"`
	Reason       string          `json:"reason,omitempty"`
	Actor        *store.Person   `json:"actor,omitempty"`
	SentAt       time.Time       `json:"sent_at"`
	ClosedAt     *time.Time      `json:"closed_at,omitempty"`
}

// StockTransferBody sends stock to another storeroom.
type StockTransferBody struct {
	ItemID       uuid.UUID       `json:"item_id"`
	LocationID   uuid.UUID       `json:"location_id" doc:"a storeroom or bin that it leaves"`
	ToLocationID uuid.UUID       `json:"to_location_id" doc:"a storeroom or bin that it goes to"`
	Quantity     decimal.Decimal `json:"quantity"`
	Unit         string          `json:"unit,omitempty" maxLength:"64" doc:"the item's own where left out, else its purchase or issue unit"`
	Lot          string          `json:"lot,omitempty" maxLength:"200"`
	Serial       string          `json:"serial,omitempty" maxLength:"200"`
	Reason       string          `json:"reason,omitempty" maxLength:"2000"`
}

// StockTransferStepBody says what became of something in transit.
type StockTransferStepBody struct {
	Quantity   *decimal.Decimal `json:"quantity,omitempty" doc:"in the item's unit; all that is on the way where left out"`
	LocationID *uuid.UUID       `json:"location_id,omitempty" doc:"of a receipt: a bin of the storeroom that it was sent to"`
	Reason     string           `json:"reason,omitempty" maxLength:"2000" doc:"needed for all but a receipt"`
}

type stockTransferListInput struct {
	PageQuery
	Status     []string `query:"status,explode" enum:"in_transit,closed"`
	ItemID     []string `query:"item_id,explode"`
	LocationID []string `query:"location_id,explode" doc:"that it leaves or goes to"`
	Sort       string   `query:"sort" enum:"sent_at,-sent_at" default:"-sent_at"`
}

type stockTransferOutput struct {
	Location string `header:"Location"`
	Body     StockTransfer
}

func (s *Server) stockTransferRoutes() {
	const tag, path = "Stock", "/v1/stock-transfers"
	register(s, operation{
		method: http.MethodPost, path: path, id: "send-stock", tag: tag, status: http.StatusCreated,
		summary: "Send stock to another storeroom: it is in transit until it is received", permission: models.PermissionStockMovementsWrite,
	}, s.sendStock)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-stock-transfers", tag: tag,
		summary: "List transfers between storerooms", permission: models.PermissionStockMovementsRead,
	}, s.listStockTransfers)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-stock-transfer", tag: tag,
		summary: "Read a transfer between storerooms", permission: models.PermissionStockMovementsRead,
	}, func(ctx context.Context, in *recordPath) (*stockTransferOutput, error) {
		return s.readStockTransfer(ctx, in.ID)
	})
	for step, summary := range map[models.TransferStep]string{
		models.TransferReceive: "Receive what is in transit, all or some of it",
		models.TransferReturn:  "Send what is in transit back to where it left",
		models.TransferScrap:   "Write off what broke on the way",
		models.TransferAdjust:  "Write off what is missing on the way",
	} {
		register(s, operation{
			method: http.MethodPost, path: path + "/{id}/" + string(step), id: string(step) + "-stock-transfer", tag: tag,
			summary: summary, permission: models.PermissionStockMovementsWrite,
		}, s.stepTransfer(step))
	}
}

func (s *Server) sendStock(ctx context.Context, in *struct{ Body StockTransferBody }) (*stockTransferOutput, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.SendStock(ctx, id, models.NewStockTransfer(in.Body)); err != nil {
		return nil, err
	}
	return s.readStockTransfer(ctx, id)
}

func (s *Server) stepTransfer(step models.TransferStep) func(context.Context, *struct {
	ID   uuid.UUID `path:"id"`
	Body StockTransferStepBody
}) (*stockTransferOutput, error) {
	return func(ctx context.Context, in *struct {
		ID   uuid.UUID `path:"id"`
		Body StockTransferStepBody
	},
	) (*stockTransferOutput, error) {
		movement := models.SubjectID(models.CommandKeyFrom(ctx).ID)
		if err := s.store.StepTransfer(ctx, movement, in.ID, models.NewTransferStep{
			Step: step, Quantity: in.Body.Quantity, LocationID: in.Body.LocationID, Reason: in.Body.Reason,
		}); err != nil {
			return nil, err
		}
		return s.readStockTransfer(ctx, in.ID)
	}
}

func (s *Server) listStockTransfers(ctx context.Context, in *stockTransferListInput) (*listOutput[StockTransfer], error) {
	var faults models.Faults
	f := store.StockTransferFilter{
		ItemIDs: queryIDs(&faults, "item_id", in.ItemID), LocationIDs: queryIDs(&faults, "location_id", in.LocationID), Statuses: in.Status,
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, stockTransferBody, func(page store.Page) (store.Rows[store.StockTransferView], error) {
		return s.store.StockTransfers(ctx, f, page)
	})
}

func (s *Server) readStockTransfer(ctx context.Context, id uuid.UUID) (*stockTransferOutput, error) {
	v, err := s.store.StockTransfer(ctx, id)
	if err != nil {
		return nil, err
	}
	return &stockTransferOutput{Location: "/v1/stock-transfers/" + id.String(), Body: stockTransferBody(v)}, nil
}

func stockTransferBody(v store.StockTransferView) StockTransfer {
	t := StockTransfer{
		ID: v.ID, Number: v.Number, Status: v.Status(), ItemID: v.ItemID, Item: Ref{ID: v.ItemID, Code: v.ItemCode, Name: v.ItemName}, Unit: v.Unit,
		LocationID: v.LocationID, Location: Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName}, ToLocationID: v.ToLocationID,
		ToLocation: Ref{ID: v.ToLocationID, Code: v.ToLocationCode, Name: v.ToLocationName}, Quantity: v.Quantity, Open: v.Open(),
		Received: v.Received, Returned: v.Returned, Lost: v.Lost, Lot: v.Lot, Serial: v.Serial, Reason: v.Reason, SentAt: v.SentAt,
		ClosedAt: v.ClosedAt,
	}
	if v.ActorName != nil {
		t.Actor = &store.Person{ID: v.ActorID, Name: *v.ActorName}
	}
	return t
}
