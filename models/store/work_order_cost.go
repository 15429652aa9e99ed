package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

const costColumns = `SELECT c.tenant_id, c.id, c.work_order_id, c.asset_id, c.kind, c.amount, c.currency, c.description, c.incurred_on,
	c.actor_id, c.created_at FROM work_order_costs c WHERE c.tenant_id = $1`

// WorkOrderCost reads one cost.
func (s *Store) WorkOrderCost(ctx context.Context, id uuid.UUID) (models.WorkOrderCost, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.WorkOrderCost](ctx, s, "work_order_cost", costColumns+` AND c.id = $2`, actor.TenantID, id)
}

var costOrders = map[string]order[models.WorkOrderCost]{
	"incurred_on": {"c.incurred_on", "date", func(c models.WorkOrderCost) string { return c.IncurredOn.String() }},
	"created_at":  byTime("c.created_at", func(c models.WorkOrderCost) time.Time { return c.CreatedAt }),
}

// WorkOrderCosts lists the costs of a work order beside its labor, by incurred_on or created_at.
func (s *Store) WorkOrderCosts(ctx context.Context, workOrder uuid.UUID, p Page) (Rows[models.WorkOrderCost], error) {
	if _, err := s.WorkOrder(ctx, workOrder); err != nil {
		return Rows[models.WorkOrderCost]{}, err
	}
	l := newListing(ctx, costColumns, "c.id", func(c models.WorkOrderCost) string { return c.ID.String() }, costOrders)
	l.and("c.work_order_id = $%d", workOrder)
	return l.run(ctx, s, p)
}

// RecordCost adds a cost with id to a work order; the amount is rounded half up to the currency's minor unit. Repeated with the
// same key it adds nothing.
func (s *Store) RecordCost(ctx context.Context, id, workOrder uuid.UUID, n models.NewCost) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("work_order_cost.create", "work_order_cost", id); done || err != nil {
			return err
		}
		w, err := tx.workOrderOfRecord(workOrder)
		if err != nil {
			return err
		}
		if err := w.Status.TakesCosts(); err != nil {
			return err
		}
		today := w.today(tx.Now)
		n.Amount = models.RoundMoney(n.Amount, w.Currency)
		if err := n.Validate(today); err != nil {
			return err
		}
		if n.IncurredOn == nil {
			n.IncurredOn = &today
		}
		c := models.WorkOrderCost{
			TenantID: tx.Actor.TenantID, ID: id, WorkOrderID: workOrder, AssetID: w.AssetID, Kind: n.Kind, Amount: n.Amount,
			Currency: w.Currency, Description: n.Description, IncurredOn: *n.IncurredOn, ActorID: tx.Actor.UserID, CreatedAt: tx.Now,
		}
		if err := create(tx, &c); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "work_order_cost.create", SubjectType: "work_order_cost", SubjectID: id, After: &c})
	})
}
