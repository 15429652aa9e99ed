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

// LaborEntry is one person's time on a work order. Rate and amount are shown to the person and to who may read costs.
type LaborEntry struct {
	ID          uuid.UUID       `json:"id"`
	WorkOrderID uuid.UUID       `json:"work_order_id"`
	UserID      uuid.UUID       `json:"user_id"`
	User        store.Person    `json:"user"`
	WorkedOn    models.Date     `json:"worked_on"`
	Hours       decimal.Decimal `json:"hours"`
	Rate        *Money          `json:"rate,omitempty" doc:"an hour"`
	Amount      *Money          `json:"amount,omitempty" doc:"hours times rate, rounded half up"`
	Kind        string          `json:"kind"`
	CreatedAt   time.Time       `json:"created_at"`
}

func (s *Server) laborEntryRoutes() {
	const tag, path = "Work orders", "/v1/work-orders/{id}/labor"
	register(s, operation{
		method: http.MethodPost, path: path, id: "record-labor", tag: tag, status: http.StatusCreated,
		summary: "Record labor on a work order", permission: models.PermissionWorkOrdersExecute,
	}, s.recordLabor)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-labor", tag: tag,
		summary: "List the labor on a work order", permission: models.PermissionWorkOrdersRead,
	}, s.listLabor)
}

// RecordLaborBody records hours. Another person's hours, or another rate than the person's own, need work_orders.plan.
type RecordLaborBody struct {
	UserID   *uuid.UUID      `json:"user_id,omitempty" doc:"who worked; the sender where it is missing"`
	WorkedOn models.Date     `json:"worked_on" doc:"date at the site"`
	Hours    decimal.Decimal `json:"hours"`
	Rate     *MoneyInput     `json:"rate,omitempty" doc:"an hour; the person's labor rate where it is missing"`
	Kind     string          `json:"kind,omitempty" enum:"regular,overtime,travel" default:"regular"`
}

type recordLaborInput struct {
	ID   uuid.UUID `path:"id"`
	Body RecordLaborBody
}

type laborOutput struct {
	Location string `header:"Location"`
	Body     LaborEntry
}

func (s *Server) recordLabor(ctx context.Context, in *recordLaborInput) (*laborOutput, error) {
	actor, _ := models.ActorFrom(ctx)
	n := models.NewLabor{
		UserID: actor.UserID, WorkedOn: in.Body.WorkedOn, Hours: in.Body.Hours, Kind: models.LaborKind(in.Body.Kind),
	}
	if in.Body.UserID != nil {
		n.UserID = *in.Body.UserID
	}
	if (n.UserID != actor.UserID || in.Body.Rate != nil) && !actor.Can(models.PermissionWorkOrdersPlan) {
		return nil, models.Forbidden("Labor in another person's name or at another rate needs the permission %s.", models.PermissionWorkOrdersPlan)
	}
	if in.Body.Rate != nil {
		rate, err := s.amountOf(ctx, *in.Body.Rate, in.ID, "/rate")
		if err != nil {
			return nil, err
		}
		n.Rate = &rate
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.RecordLabor(ctx, id, in.ID, n); err != nil {
		return nil, err
	}
	view, err := s.store.LaborEntry(ctx, id)
	if err != nil {
		return nil, err
	}
	return &laborOutput{Location: "/v1/work-orders/" + in.ID.String() + "/labor", Body: laborBody(actor)(view)}, nil
}

// amountOf checks that money sent to a work order is in its tenant's currency.
func (s *Server) amountOf(ctx context.Context, m MoneyInput, workOrder uuid.UUID, pointer string) (decimal.Decimal, error) {
	if m.Currency == "" {
		return m.Amount, nil
	}
	view, err := s.store.WorkOrder(ctx, workOrder)
	if err != nil {
		return decimal.Zero, err
	}
	return m.in(view.Currency, pointer)
}

func laborBody(actor models.Actor) func(store.LaborView) LaborEntry {
	return func(v store.LaborView) LaborEntry {
		e := LaborEntry{
			ID: v.ID, WorkOrderID: v.WorkOrderID, UserID: v.UserID, User: store.Person{ID: v.UserID, Name: v.UserName},
			WorkedOn: v.WorkedOn, Hours: v.Hours, Kind: string(v.Kind), CreatedAt: v.CreatedAt,
		}
		if v.UserID == actor.UserID || actor.Can(models.PermissionCostsRead) {
			amount := moneyOf(v.Amount, v.Currency)
			e.Amount, e.Rate = &amount, &Money{Amount: v.Rate.String(), Currency: v.Currency}
		}
		return e
	}
}

type listLaborInput struct {
	ID uuid.UUID `path:"id"`
	PageQuery
	Sort string `query:"sort" default:"-worked_on" enum:"worked_on,-worked_on,created_at,-created_at"`
}

func (s *Server) listLabor(ctx context.Context, in *listLaborInput) (*listOutput[LaborEntry], error) {
	actor, _ := models.ActorFrom(ctx)
	return listPage(in.PageQuery, in.Sort, laborBody(actor), func(page store.Page) (store.Rows[store.LaborView], error) {
		return s.store.LaborEntries(ctx, in.ID, page)
	})
}
