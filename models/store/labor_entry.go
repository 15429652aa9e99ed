package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// LaborView is a labor entry with the name of who worked.
type LaborView struct {
	models.LaborEntry
	UserName string
}

const laborView = `SELECT e.tenant_id, e.id, e.work_order_id, e.asset_id, e.user_id, e.worked_on, e.hours, e.rate, e.amount,
	e.currency, e.kind, e.actor_id, e.created_at, u.name AS user_name
	FROM labor_entries e JOIN users u ON u.tenant_id = e.tenant_id AND u.id = e.user_id WHERE e.tenant_id = $1`

// LaborEntry reads one entry.
func (s *Store) LaborEntry(ctx context.Context, id uuid.UUID) (LaborView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[LaborView](ctx, s, "labor_entry", laborView+` AND e.id = $2`, actor.TenantID, id)
}

var laborOrders = map[string]order[LaborView]{
	"worked_on":  {"e.worked_on", "date", func(v LaborView) string { return v.WorkedOn.String() }},
	"created_at": byTime("e.created_at", func(v LaborView) time.Time { return v.CreatedAt }),
}

// LaborEntries lists the labor on a work order by worked_on or created_at.
func (s *Store) LaborEntries(ctx context.Context, workOrder uuid.UUID, p Page) (Rows[LaborView], error) {
	if _, err := s.WorkOrder(ctx, workOrder); err != nil {
		return Rows[LaborView]{}, err
	}
	l := newListing(ctx, laborView, "e.id", func(v LaborView) string { return v.ID.String() }, laborOrders)
	l.and("e.work_order_id = $%d", workOrder)
	return l.run(ctx, s, p)
}

// RecordLabor adds an entry with id to a work order: amount is hours times rate, rounded half up. Repeated with the same key it
// adds nothing.
func (s *Store) RecordLabor(ctx context.Context, id, workOrder uuid.UUID, n models.NewLabor) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("labor_entry.create", "labor_entry", id); done || err != nil {
			return err
		}
		w, err := tx.workOrderOfRecord(workOrder)
		if err != nil {
			return err
		}
		if err := w.Status.TakesLabor(); err != nil {
			return err
		}
		if err := n.Validate(w.today(tx.Now)); err != nil {
			return err
		}
		rate, err := tx.laborRate(n)
		if err != nil {
			return err
		}
		e := models.LaborEntry{
			TenantID: tx.Actor.TenantID, ID: id, WorkOrderID: workOrder, AssetID: w.AssetID, UserID: n.UserID, WorkedOn: n.WorkedOn,
			Hours: n.Hours, Rate: rate, Amount: models.LaborCost(n.Hours, rate, w.Currency), Currency: w.Currency, Kind: n.Kind,
			ActorID: tx.Actor.UserID, CreatedAt: tx.Now,
		}
		if err := create(tx, &e); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "labor_entry.create", SubjectType: "labor_entry", SubjectID: id, After: &e})
	})
}

// laborRate is the rate given, else that of the person who worked.
func (tx *Tx) laborRate(n models.NewLabor) (decimal.Decimal, error) {
	rates, err := txValues[decimal.NullDecimal](tx, `SELECT labor_rate FROM users WHERE tenant_id = $1 AND id = $2`,
		tx.Actor.TenantID, n.UserID)
	switch {
	case err != nil:
		return decimal.Zero, err
	case len(rates) == 0:
		return decimal.Zero, models.InvalidField("/user_id", "not_found", "There is no such user.")
	case n.Rate != nil:
		return *n.Rate, nil
	}
	return rates[0].Decimal, nil
}

// recordedOrder is what records on a work order need to know of it.
type recordedOrder struct {
	Status   models.WorkOrderStatus
	AssetID  *uuid.UUID
	TimeZone string
	Currency string
}

// today is the date at the site.
func (w recordedOrder) today(now time.Time) models.Date {
	zone, err := models.Zone(w.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return models.DateOf(now, zone)
}

// workOrderOfRecord reads a work order within the actor's locations and holds its state until the commit.
func (tx *Tx) workOrderOfRecord(id uuid.UUID) (recordedOrder, error) {
	var found []recordedOrder
	batch := &pgx.Batch{}
	tx.queueOrderOfRecord(batch, &found, id)
	if err := tx.send(batch); err != nil {
		return recordedOrder{}, err
	}
	if len(found) == 0 {
		return recordedOrder{}, models.NotFound("work_order")
	}
	return found[0], nil
}

func (tx *Tx) queueOrderOfRecord(batch *pgx.Batch, found *[]recordedOrder, id uuid.UUID) {
	batch.Queue(`SELECT w.status, w.asset_id, l.time_zone, t.currency FROM work_orders w
		JOIN locations l ON l.tenant_id = w.tenant_id AND l.id = w.location_id JOIN tenants t ON t.id = w.tenant_id
		WHERE w.tenant_id = $1 AND w.id = $2 AND `+scopeSQL("w.location_id", 3)+` FOR SHARE OF w`, tx.Actor.TenantID, id, scopeOf(tx.Actor)).
		Query(func(r pgx.Rows) (err error) {
			*found, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[recordedOrder])
			return err
		})
}
