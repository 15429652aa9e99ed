package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// ReservationView is a reservation with the names of what it concerns.
type ReservationView struct {
	models.Reservation
	WorkOrderNumber string
	ItemCode        string
	ItemName        string
	Unit            string
	LocationCode    string
	LocationName    string
}

// Reserve sets stock aside for a work order that is not over; what is not there is back-ordered and held when it comes. Repeated
// with the same key it reserves nothing more.
func (s *Store) Reserve(ctx context.Context, id, workOrder uuid.UUID, n models.NewReservation) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("reservation.create", "reservation", id); done || err != nil {
			return err
		}
		order, err := tx.workOrderOfRecord(workOrder)
		if err != nil {
			return err
		}
		if err := order.Status.TakesCosts(); err != nil {
			return err
		}
		if err := n.Validate(order.today(tx.Now)); err != nil {
			return err
		}
		var refs stockReferences
		batch := &pgx.Batch{}
		tx.queueReferences(batch, &refs, n.ItemID, []uuid.UUID{n.LocationID})
		if err := tx.send(batch); err != nil {
			return err
		}
		item, err := refs.item()
		if err != nil {
			return err
		}
		if item.Archived {
			return models.InvalidField("/item_id", "archived", "This item is out of use.")
		}
		if n.Quantity, err = item.stockQuantity(n.Unit, n.Quantity); err != nil {
			return err
		}
		if err := refs.reservable(n.LocationID); err != nil {
			return err
		}
		if item.ReorderPoint != nil {
			if err := tx.wakeReplenishment(); err != nil {
				return err
			}
		}
		return tx.reserve(id, workOrder, n)
	})
}

// reservable judges the place of a reservation: what was received is put away first.
func (f stockReferences) reservable(place uuid.UUID) error {
	if err := checkPlaces(models.NewMovement{LocationID: place}, f.places); err != nil {
		return err
	}
	if f.places[0].Kind == models.LocationReceiving {
		return models.InvalidField("/location_id", "receiving", "What is reserved lies in a storeroom or bin, where this is put away.")
	}
	return nil
}

func (tx *Tx) reserve(id, workOrder uuid.UUID, n models.NewReservation) error {
	b, err := tx.lockBalance(n.ItemID, n.LocationID)
	if err != nil {
		return err
	}
	r := models.Reservation{
		TenantID: tx.Actor.TenantID, ID: id, WorkOrderID: workOrder, ItemID: n.ItemID, LocationID: n.LocationID, Kind: n.Kind,
		Quantity: n.Quantity, ExpiresOn: n.ExpiresOn, ActorID: tx.Actor.UserID, CreatedAt: tx.Now,
	}
	held := r.Hold(b.OnHand.Sub(b.Reserved), tx.Now)
	if err := create(tx, &r); err != nil {
		return err
	}
	tx.holdStock(b, n.ItemID, held)
	if err := tx.wakeWorkOrder(workOrder); err != nil {
		return err
	}
	return tx.Audit(Change{Action: "reservation.create", SubjectType: "reservation", SubjectID: id, After: &r})
}

// ReleaseReservation gives up what a reservation still wants; what it held is held for the next who waits.
func (s *Store) ReleaseReservation(ctx context.Context, id uuid.UUID) error {
	return s.InTx(ctx, func(tx *Tx) error {
		r, err := txReadOne[models.Reservation](tx, "reservation", `SELECT `+columns[models.Reservation]("r")+` FROM reservations r
			WHERE r.tenant_id = $1 AND r.id = $2 AND `+scopeSQL("r.location_id", 3), tx.Actor.TenantID, id, scopeOf(tx.Actor))
		if err != nil {
			return err
		}
		return tx.endReservation(r.ItemID, r.LocationID, id, models.ReservationReleased)
	})
}

// endReservation locks the place and its reservations, ends one and holds what becomes free for the others in their order.
func (tx *Tx) endReservation(item, place, id uuid.UUID, status models.ReservationStatus) error {
	b, err := tx.lockBalance(item, place)
	if err != nil {
		return err
	}
	waiting, err := txRead[models.Reservation](tx, `SELECT `+columns[models.Reservation]("r")+` FROM reservations r
		WHERE r.tenant_id = $1 AND r.item_id = $2 AND r.location_id = $3 AND r.status IN ('reserved', 'backordered')
		ORDER BY r.created_at, r.id FOR NO KEY UPDATE`, tx.Actor.TenantID, item, place)
	if err != nil {
		return err
	}
	free, change := b.OnHand.Sub(b.Reserved), decimal.Zero
	for i := range waiting {
		if waiting[i].ID != id {
			continue
		}
		before := waiting[i]
		freed := waiting[i].End(status, tx.Now)
		free, change = free.Add(freed), change.Sub(freed)
		err := tx.Audit(Change{Action: "reservation." + string(status), SubjectType: "reservation", SubjectID: id, Before: &before, After: &waiting[i]})
		if err != nil {
			return err
		}
	}
	for i := range waiting {
		held := waiting[i].Hold(free, tx.Now)
		free, change = free.Sub(held), change.Add(held)
	}
	for _, r := range waiting {
		if !r.UpdatedAt.Equal(tx.Now) {
			continue
		}
		tx.saveReservation(r)
		if err := tx.wakeWorkOrder(r.WorkOrderID); err != nil {
			return err
		}
	}
	tx.holdStock(b, item, change)
	return nil
}

// lockBalance takes the item's value and then the balance of one place, in the order of a movement.
func (tx *Tx) lockBalance(item, place uuid.UUID) (stockBalance, error) {
	b := stockBalance{LocationID: place}
	batch := &pgx.Batch{}
	tenant := tx.Actor.TenantID
	batch.Queue(`INSERT INTO stock_values (tenant_id, item_id, quantity, value) VALUES ($1, $2, 0, 0) ON CONFLICT DO NOTHING`, tenant, item)
	batch.Queue(`SELECT FROM stock_values WHERE tenant_id = $1 AND item_id = $2 FOR NO KEY UPDATE`, tenant, item)
	batch.Queue(`INSERT INTO stock_balances (tenant_id, item_id, location_id, on_hand) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING`, tenant, item, place)
	batch.Queue(`SELECT on_hand, reserved FROM stock_balances WHERE tenant_id = $1 AND item_id = $2 AND location_id = $3 FOR NO KEY UPDATE`,
		tenant, item, place).QueryRow(func(r pgx.Row) error { return r.Scan(&b.OnHand, &b.Reserved) })
	return b, tx.send(batch)
}

func (tx *Tx) holdStock(b stockBalance, item uuid.UUID, change decimal.Decimal) {
	if change.IsZero() {
		return
	}
	tx.queue(`UPDATE stock_balances SET reserved = $4 WHERE tenant_id = $1 AND item_id = $2 AND location_id = $3`,
		tx.Actor.TenantID, item, b.LocationID, b.Reserved.Add(change))
}

func (tx *Tx) saveReservation(r models.Reservation) {
	tx.queue(`UPDATE reservations SET status = $3, held = $4, issued = $5, updated_at = $6 WHERE tenant_id = $1 AND id = $2`,
		r.TenantID, r.ID, string(r.Status), r.Held, r.Issued, r.UpdatedAt)
}

// releaseReservations gives up what a work order that is over still wanted. It goes through the places in the order of their locks.
func (tx *Tx) releaseReservations(workOrder uuid.UUID) error {
	open, err := txRead[models.Reservation](tx, `SELECT `+columns[models.Reservation]("r")+` FROM reservations r
		WHERE r.tenant_id = $1 AND r.work_order_id = $2 AND r.status IN ('reserved', 'backordered')
		ORDER BY r.item_id, r.location_id, r.id`, tx.Actor.TenantID, workOrder)
	if err != nil {
		return err
	}
	for _, r := range open {
		if err := tx.endReservation(r.ItemID, r.LocationID, r.ID, models.ReservationReleased); err != nil {
			return err
		}
	}
	return nil
}

// ExpireReservations ends up to limit reservations whose day has passed at their site and returns how many.
func (s *Store) ExpireReservations(ctx context.Context, limit int) (int, error) {
	expired, err := system[models.Reservation](ctx, s, `SELECT * FROM expired_reservations($1)`, limit)
	if err != nil {
		return 0, err
	}
	for _, r := range expired {
		err := s.InTx(models.WithActor(ctx, models.SystemActor(r.TenantID)), func(tx *Tx) error {
			return tx.endReservation(r.ItemID, r.LocationID, r.ID, models.ReservationExpired)
		})
		if err != nil {
			return 0, err
		}
	}
	return len(expired), nil
}

func reservationView() string {
	return `SELECT ` + columns[models.Reservation]("r") + `, w.number AS work_order_number, i.code AS item_code, i.name AS item_name, i.unit,
		l.code AS location_code, l.name AS location_name
		FROM reservations r JOIN work_orders w ON w.tenant_id = r.tenant_id AND w.id = r.work_order_id
		JOIN items i ON i.tenant_id = r.tenant_id AND i.id = r.item_id
		JOIN locations l ON l.tenant_id = r.tenant_id AND l.id = r.location_id
		WHERE r.tenant_id = $1`
}

// Reservation reads one reservation at a place that the actor sees.
func (s *Store) Reservation(ctx context.Context, id uuid.UUID) (ReservationView, error) {
	actor, _ := models.ActorFrom(ctx)
	query, args := within(actor, reservationView()+` AND r.id = $2`, "r.location_id", actor.TenantID, id)
	return readOne[ReservationView](ctx, s, "reservation", query, args...)
}

var reservationOrders = map[string]order[ReservationView]{
	"created_at": byTime("r.created_at", func(r ReservationView) time.Time { return r.CreatedAt }),
}

// ReservationFilter narrows the list of reservations.
type ReservationFilter struct {
	WorkOrderIDs []uuid.UUID
	ItemIDs      []uuid.UUID
	Statuses     []string
}

// Reservations lists reservations by created_at, within the actor's locations.
func (s *Store) Reservations(ctx context.Context, f ReservationFilter, p Page) (Rows[ReservationView], error) {
	l := newListing(ctx, reservationView(), "r.id", func(r ReservationView) string { return r.ID.String() }, reservationOrders)
	l.scope(ctx, "r.location_id")
	in(l, "r.work_order_id", "uuid[]", f.WorkOrderIDs)
	in(l, "r.item_id", "uuid[]", f.ItemIDs)
	in(l, "r.status", "text[]", f.Statuses)
	return l.run(ctx, s, p)
}
