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

// Reservation is what a work order needs of an item at a place.
type Reservation struct {
	ID          uuid.UUID       `json:"id"`
	WorkOrderID uuid.UUID       `json:"work_order_id"`
	WorkOrder   Ref             `json:"work_order"`
	ItemID      uuid.UUID       `json:"item_id"`
	Item        Ref             `json:"item"`
	Unit        string          `json:"unit"`
	LocationID  uuid.UUID       `json:"location_id"`
	Location    Ref             `json:"location"`
	Kind        string          `json:"kind"`
	Status      string          `json:"status" enum:"reserved,backordered,issued,released,expired"`
	Quantity    decimal.Decimal `json:"quantity"`
	Held        decimal.Decimal `json:"held" doc:"lies ready for it"`
	Issued      decimal.Decimal `json:"issued"`
	Missing     decimal.Decimal `json:"missing" doc:"has still to come"`
	ExpiresOn   *models.Date    `json:"expires_on,omitempty"`
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`
}

// ReservationBody reserves stock for a work order.
type ReservationBody struct {
	ItemID     uuid.UUID       `json:"item_id"`
	LocationID uuid.UUID       `json:"location_id" doc:"a storeroom or bin"`
	Quantity   decimal.Decimal `json:"quantity"`
	Unit       string          `json:"unit,omitempty" maxLength:"64" doc:"the item's own where left out, else its purchase or issue unit"`
	Kind       string          `json:"kind,omitempty" enum:"hard,soft" default:"hard" doc:"soft holds nothing back"`
	ExpiresOn  *models.Date    `json:"expires_on,omitempty" doc:"the last day, at the site of the work order"`
}

type reservationListInput struct {
	PageQuery
	WorkOrderID []string `query:"work_order_id,explode"`
	ItemID      []string `query:"item_id,explode"`
	Status      []string `query:"status,explode" enum:"reserved,backordered,issued,released,expired"`
	Sort        string   `query:"sort" enum:"created_at,-created_at" default:"-created_at"`
}

type reservationOutput struct {
	Location string `header:"Location"`
	Body     Reservation
}

func (s *Server) reservationRoutes() {
	const tag, nested = "Stock", "/v1/work-orders/{id}/reservations"
	register(s, operation{
		method: http.MethodPost, path: nested, id: "reserve-stock", tag: tag, status: http.StatusCreated,
		summary: "Reserve stock for a work order; what is not there is back-ordered", permission: models.PermissionReservationsWrite,
	}, s.reserveStock)
	register(s, operation{
		method: http.MethodGet, path: nested, id: "list-work-order-reservations", tag: tag,
		summary: "List what is reserved for a work order", permission: models.PermissionReservationsRead,
	}, s.listWorkOrderReservations)
	register(s, operation{
		method: http.MethodGet, path: "/v1/reservations", id: "list-reservations", tag: tag,
		summary: "List reservations", permission: models.PermissionReservationsRead,
	}, s.listReservations)
	register(s, operation{
		method: http.MethodGet, path: "/v1/reservations/{id}", id: "get-reservation", tag: tag,
		summary: "Read a reservation", permission: models.PermissionReservationsRead,
	}, func(ctx context.Context, in *recordPath) (*reservationOutput, error) {
		return s.readReservation(ctx, in.ID)
	})
	register(s, operation{
		method: http.MethodPost, path: "/v1/reservations/{id}/release", id: "release-reservation", tag: tag,
		summary: "Give up what a reservation still wants", permission: models.PermissionReservationsWrite,
	}, func(ctx context.Context, in *recordPath) (*reservationOutput, error) {
		if err := s.store.ReleaseReservation(ctx, in.ID); err != nil {
			return nil, err
		}
		return s.readReservation(ctx, in.ID)
	})
}

func (s *Server) reserveStock(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body ReservationBody
},
) (*reservationOutput, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.Reserve(ctx, id, in.ID, models.NewReservation{
		ItemID: in.Body.ItemID, LocationID: in.Body.LocationID, Quantity: in.Body.Quantity, Unit: in.Body.Unit, Kind: models.ReservationKind(in.Body.Kind),
		ExpiresOn: in.Body.ExpiresOn,
	}); err != nil {
		return nil, err
	}
	return s.readReservation(ctx, id)
}

func (s *Server) listWorkOrderReservations(ctx context.Context, in *struct {
	ID uuid.UUID `path:"id"`
	PageQuery
	Sort string `query:"sort" enum:"created_at,-created_at" default:"created_at"`
},
) (*listOutput[Reservation], error) {
	if _, err := s.store.WorkOrder(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.reservations(ctx, in.PageQuery, in.Sort, store.ReservationFilter{WorkOrderIDs: []uuid.UUID{in.ID}})
}

func (s *Server) listReservations(ctx context.Context, in *reservationListInput) (*listOutput[Reservation], error) {
	var faults models.Faults
	f := store.ReservationFilter{
		WorkOrderIDs: queryIDs(&faults, "work_order_id", in.WorkOrderID), ItemIDs: queryIDs(&faults, "item_id", in.ItemID), Statuses: in.Status,
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return s.reservations(ctx, in.PageQuery, in.Sort, f)
}

func (s *Server) reservations(ctx context.Context, q PageQuery, sort string, f store.ReservationFilter) (*listOutput[Reservation], error) {
	return listPage(q, sort, reservationBody, func(page store.Page) (store.Rows[store.ReservationView], error) {
		return s.store.Reservations(ctx, f, page)
	})
}

func (s *Server) readReservation(ctx context.Context, id uuid.UUID) (*reservationOutput, error) {
	v, err := s.store.Reservation(ctx, id)
	if err != nil {
		return nil, err
	}
	return &reservationOutput{Location: "/v1/reservations/" + id.String(), Body: reservationBody(v)}, nil
}

func reservationBody(v store.ReservationView) Reservation {
	return Reservation{
		ID: v.ID, WorkOrderID: v.WorkOrderID, WorkOrder: Ref{ID: v.WorkOrderID, Number: v.WorkOrderNumber}, ItemID: v.ItemID,
		Item: Ref{ID: v.ItemID, Code: v.ItemCode, Name: v.ItemName}, Unit: v.Unit, LocationID: v.LocationID,
		Location: Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName}, Kind: string(v.Kind), Status: string(v.Status),
		Quantity: v.Quantity, Held: v.Held, Issued: v.Issued, Missing: v.Missing(), ExpiresOn: v.ExpiresOn, CreatedAt: v.CreatedAt,
		UpdatedAt: v.UpdatedAt,
	}
}
