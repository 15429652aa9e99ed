package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// WorkOrderCost is money spent on a work order beside labor; a negative amount is a credit.
type WorkOrderCost struct {
	ID          uuid.UUID   `json:"id"`
	WorkOrderID uuid.UUID   `json:"work_order_id"`
	Kind        string      `json:"kind"`
	Amount      Money       `json:"amount"`
	Description string      `json:"description"`
	IncurredOn  models.Date `json:"incurred_on"`
	CreatedAt   time.Time   `json:"created_at"`
}

func (s *Server) workOrderCostRoutes() {
	const tag, path = "Work orders", "/v1/work-orders/{id}/costs"
	register(s, operation{
		method: http.MethodPost, path: path, id: "record-cost", tag: tag, status: http.StatusCreated,
		summary: "Record a cost of a work order", permission: models.PermissionCostsWrite,
	}, s.recordCost)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-costs", tag: tag,
		summary: "List the costs of a work order", permission: models.PermissionCostsRead,
	}, s.listCosts)
}

// RecordCostBody records a cost of services or another one.
type RecordCostBody struct {
	Kind        string       `json:"kind" enum:"services,other"`
	Amount      MoneyInput   `json:"amount" doc:"negative: a credit"`
	Description string       `json:"description" minLength:"1" maxLength:"2000"`
	IncurredOn  *models.Date `json:"incurred_on,omitempty" doc:"today at the site where it is missing"`
}

type recordCostInput struct {
	ID   uuid.UUID `path:"id"`
	Body RecordCostBody
}

type costOutput struct {
	Location string `header:"Location"`
	Body     WorkOrderCost
}

func (s *Server) recordCost(ctx context.Context, in *recordCostInput) (*costOutput, error) {
	amount, err := s.amountOf(ctx, in.Body.Amount, in.ID, "/amount")
	if err != nil {
		return nil, err
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.RecordCost(ctx, id, in.ID, models.NewCost{
		Kind: models.CostKind(in.Body.Kind), Amount: amount, Description: in.Body.Description, IncurredOn: in.Body.IncurredOn,
	}); err != nil {
		return nil, err
	}
	cost, err := s.store.WorkOrderCost(ctx, id)
	if err != nil {
		return nil, err
	}
	return &costOutput{Location: "/v1/work-orders/" + in.ID.String() + "/costs", Body: costBody(cost)}, nil
}

func costBody(c models.WorkOrderCost) WorkOrderCost {
	return WorkOrderCost{
		ID: c.ID, WorkOrderID: c.WorkOrderID, Kind: string(c.Kind), Amount: moneyOf(c.Amount, c.Currency), Description: c.Description,
		IncurredOn: c.IncurredOn, CreatedAt: c.CreatedAt,
	}
}

type listCostsInput struct {
	ID uuid.UUID `path:"id"`
	PageQuery
	Sort string `query:"sort" default:"-incurred_on" enum:"incurred_on,-incurred_on,created_at,-created_at"`
}

func (s *Server) listCosts(ctx context.Context, in *listCostsInput) (*listOutput[WorkOrderCost], error) {
	return listPage(in.PageQuery, in.Sort, costBody, func(page store.Page) (store.Rows[models.WorkOrderCost], error) {
		return s.store.WorkOrderCosts(ctx, in.ID, page)
	})
}
