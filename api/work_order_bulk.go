package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"mainstay/internal/telemetry"
	"mainstay/models"
)

// bulkParallel bounds how many commands of one request are under way: people's own must not wait behind them.
const bulkParallel = 8

func (s *Server) workOrderBulkRoutes() {
	register(s, operation{
		method: http.MethodPost, path: "/v1/work-orders/bulk", id: "bulk-command-work-orders", tag: "Work orders",
		summary: "Ask the same of many work orders; the command's own permission is needed", permission: models.PermissionWorkOrdersRead,
	}, s.bulkWorkOrders)
}

// BulkWorkOrdersBody asks the same of up to 200 work orders.
type BulkWorkOrdersBody struct {
	IDs     []uuid.UUID           `json:"ids" minItems:"1" maxItems:"200" doc:"an id that comes twice counts once"`
	Command string                `json:"command" enum:"approve,schedule,assign,start,hold,resume,complete,close,cancel,reopen"`
	Body    *WorkOrderCommandBody `json:"body,omitempty"`
}

// BulkResult is what became of one of them: the answer that its own command would have had.
type BulkResult struct {
	ID        uuid.UUID  `json:"id"`
	Status    int        `json:"status" doc:"HTTP status" example:"200"`
	WorkOrder *WorkOrder `json:"work_order,omitempty"`
	Problem   *Problem   `json:"problem,omitempty"`
}

// BulkResults holds a result for each id, in the order of the request.
type BulkResults struct {
	Items []BulkResult `json:"items"`
}

type bulkOutput struct{ Body BulkResults }

func (s *Server) bulkWorkOrders(ctx context.Context, in *struct{ Body BulkWorkOrdersBody }) (*bulkOutput, error) {
	name := models.WorkOrderCommandName(in.Body.Command)
	if err := mayCommand(ctx, name); err != nil {
		return nil, err
	}
	c := in.Body.Body.command()
	if err := c.Validate(name); err != nil {
		return nil, below("/body", err)
	}
	ids := unique(in.Body.IDs)
	out := &bulkOutput{Body: BulkResults{Items: make([]BulkResult, len(ids))}}
	var group errgroup.Group
	group.SetLimit(bulkParallel)
	for i, id := range ids {
		group.Go(func() error {
			out.Body.Items[i] = s.bulkOne(ctx, id, name, c)
			return nil
		})
	}
	return out, group.Wait()
}

// bulkOne runs one command under a key of its own, derived from the request's: a repeat of the whole acts once on each.
func (s *Server) bulkOne(ctx context.Context, id uuid.UUID, name models.WorkOrderCommandName, c models.WorkOrderCommand) BulkResult {
	key := models.CommandKeyFrom(ctx)
	key.ID = models.DeriveID(key.ID, "bulk\n"+id.String())
	answer, err := s.runWorkOrderCommand(models.WithCommandKey(ctx, key), id, name, c)
	if err != nil {
		p := problemOf(err, telemetry.RequestID(ctx))
		if p.Status >= http.StatusInternalServerError {
			s.telemetry.Logger.ErrorContext(ctx, "bulk command failed", "work_order_id", id.String(), "error", err)
		}
		return BulkResult{ID: id, Status: p.Status, Problem: p}
	}
	return BulkResult{ID: id, Status: http.StatusOK, WorkOrder: &answer.Body}
}

// mayCommand asks for the permission of the command's own route.
func mayCommand(ctx context.Context, name models.WorkOrderCommandName) error {
	actor, _ := models.ActorFrom(ctx)
	for _, route := range workOrderCommandRoutes {
		if route.name == name && actor.Can(route.permission) {
			return nil
		}
	}
	return models.Forbidden("You may not %s work orders.", name)
}

// below moves the pointers of an invalid input below a parent.
func below(parent string, err error) error {
	e := models.AsError(err)
	if e == nil {
		return err
	}
	moved := *e
	moved.Fields = slices.Clone(e.Fields)
	for i := range moved.Fields {
		moved.Fields[i].Pointer = parent + moved.Fields[i].Pointer
	}
	return &moved
}

// unique keeps the first of each id.
func unique(ids []uuid.UUID) []uuid.UUID {
	seen := make(map[uuid.UUID]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
}
