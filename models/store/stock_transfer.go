package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// SendStock takes stock out of a place and brings it on the way to another, as transfer id. Repeated with the same key it is the same
// transfer. Locks are taken in one order: the place that it goes to, then those of the movement.
func (s *Store) SendStock(ctx context.Context, id uuid.UUID, n models.NewStockTransfer) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("stock_transfer.create", "stock_transfer", id); done || err != nil {
			return err
		}
		direct := models.NewMovement{Kind: models.MovementTransfer, LocationID: n.LocationID, ToLocationID: &n.ToLocationID, TransferID: &id}
		if err := tx.checkTransferPlaces(direct); err != nil {
			return err
		}
		transit, err := tx.transitTo(n.ToLocationID)
		if err != nil {
			return err
		}
		moved, err := tx.postStock(models.DeriveID(id, "movement"), models.NewMovement{
			Kind: models.MovementTransfer, ItemID: n.ItemID, LocationID: n.LocationID, ToLocationID: &transit, Quantity: n.Quantity, Unit: n.Unit,
			Lot: n.Lot, Serial: n.Serial, Reason: n.Reason, TransferID: &id,
		})
		if err != nil {
			return err
		}
		t := models.StockTransfer{
			TenantID: tx.Actor.TenantID, ID: id, ItemID: n.ItemID, LocationID: n.LocationID, ToLocationID: n.ToLocationID, TransitID: transit,
			Quantity: moved.Quantity, Lot: n.Lot, Serial: n.Serial, Reason: n.Reason, ActorID: tx.Actor.UserID, SentAt: tx.Now,
		}
		if t.Number, err = tx.nextNumber("TR"); err != nil {
			return err
		}
		if err := queueCreate(tx, &t); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "stock_transfer.send", SubjectType: "stock_transfer", SubjectID: id, After: &t, Reason: n.Reason})
	})
}

// checkTransferPlaces judges from where and to where stock is sent.
func (tx *Tx) checkTransferPlaces(n models.NewMovement) error {
	if n.LocationID == *n.ToLocationID {
		return models.InvalidField("/to_location_id", "same", "It lies there already.")
	}
	places, err := txRead[stockPlace](tx, `SELECT l.id, l.kind, l.parent_id, l.archived_at IS NOT NULL AS archived, `+scopeSQL("l.id", 3)+` AS seen
		FROM locations l WHERE l.tenant_id = $1 AND l.id = ANY ($2)`, tx.Actor.TenantID, []uuid.UUID{n.LocationID, *n.ToLocationID}, scopeOf(tx.Actor))
	if err != nil {
		return err
	}
	return checkPlaces(n, places)
}

// transitTo is the place of what is on the way to a storeroom or bin; it is made when it is first needed.
func (tx *Tx) transitTo(to uuid.UUID) (uuid.UUID, error) {
	id := models.DeriveID(to, "transit")
	made, err := tx.exec(`INSERT INTO locations (tenant_id, id, code, name, kind, parent_id, site_id, time_zone, created_at, updated_at)
		SELECT l.tenant_id, $3, CASE WHEN EXISTS (SELECT FROM locations o WHERE o.tenant_id = l.tenant_id AND o.code = left(l.code, 56) || '-TRANSIT')
			THEN 'TRANSIT-' || $3::uuid ELSE left(l.code, 56) || '-TRANSIT' END, left('In transit: ' || l.name, 300), 'transit', l.id, l.site_id, l.time_zone, $4, $4
		FROM locations l WHERE l.tenant_id = $1 AND l.id = $2 ON CONFLICT (tenant_id, id) DO NOTHING`, tx.Actor.TenantID, to, id, tx.Now)
	if err != nil || made == 0 {
		return id, err
	}
	_, err = tx.exec(`INSERT INTO location_paths (tenant_id, ancestor_id, descendant_id, depth)
		SELECT $1::uuid, $2::uuid, $2::uuid, 0 UNION ALL
		SELECT $1::uuid, ancestor_id, $2::uuid, depth + 1 FROM location_paths WHERE tenant_id = $1 AND descendant_id = $3`, tx.Actor.TenantID, id, to)
	if err != nil {
		return id, err
	}
	return id, tx.Audit(Change{Action: "location.create", SubjectType: "location", SubjectID: id, After: map[string]any{"kind": "transit", "parent_id": to}})
}

// StepTransfer receives, returns or explains some of what is in transit; movement is the id of what it posts. Repeated with the same
// key it posts nothing more.
func (s *Store) StepTransfer(ctx context.Context, movement, id uuid.UUID, n models.NewTransferStep) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("stock_transfer."+string(n.Step), "stock_movement", movement); done || err != nil {
			return err
		}
		query, args := transferScope(tx.Actor, `SELECT `+columns[models.StockTransfer]("t")+` FROM stock_transfers t WHERE t.tenant_id = $1 AND t.id = $2`,
			tx.Actor.TenantID, id)
		t, err := txReadOne[models.StockTransfer](tx, "stock_transfer", query+` FOR NO KEY UPDATE OF t`, args...)
		if err != nil {
			return err
		}
		before := t
		m, err := t.Take(n, tx.Now)
		if err != nil {
			return err
		}
		if n.LocationID != nil {
			if err := tx.withinStoreroom(t.ToLocationID, *n.LocationID); err != nil {
				return err
			}
		}
		if _, err := tx.postStock(movement, m); err != nil {
			return err
		}
		tx.queue(`UPDATE stock_transfers SET received = $3, returned = $4, lost = $5, closed_at = $6 WHERE tenant_id = $1 AND id = $2`,
			t.TenantID, id, t.Received, t.Returned, t.Lost, t.ClosedAt)
		return tx.Audit(Change{
			Action: "stock_transfer." + string(n.Step), SubjectType: "stock_transfer", SubjectID: id, Before: &before, After: &t, Reason: n.Reason,
		})
	})
}

// withinStoreroom refuses to put what arrives elsewhere than it was sent to.
func (tx *Tx) withinStoreroom(storeroom, place uuid.UUID) error {
	found, err := tx.isBelow(storeroom, place)
	if err != nil || found {
		return err
	}
	return models.InvalidField("/location_id", "elsewhere", "It was sent to another storeroom: receive it there, then move it.")
}

// isBelow reports whether below is place or lies within it.
func (tx *Tx) isBelow(place, below uuid.UUID) (bool, error) {
	found, err := txValues[bool](tx, `SELECT EXISTS (SELECT FROM location_paths WHERE tenant_id = $1 AND ancestor_id = $2 AND descendant_id = $3)`,
		tx.Actor.TenantID, place, below)
	return err == nil && found[0], err
}

// StockTransferView is a transfer with the names of what it concerns.
type StockTransferView struct {
	models.StockTransfer
	ItemCode       string
	ItemName       string
	Unit           string
	LocationCode   string
	LocationName   string
	ToLocationCode string
	ToLocationName string
	ActorName      *string
}

func stockTransferView() string {
	return `SELECT ` + columns[models.StockTransfer]("t") + `, i.code AS item_code, i.name AS item_name, i.unit, l.code AS location_code,
		l.name AS location_name, k.code AS to_location_code, k.name AS to_location_name, u.name AS actor_name
		FROM stock_transfers t JOIN items i ON i.tenant_id = t.tenant_id AND i.id = t.item_id
		JOIN locations l ON l.tenant_id = t.tenant_id AND l.id = t.location_id
		JOIN locations k ON k.tenant_id = t.tenant_id AND k.id = t.to_location_id
		LEFT JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.actor_id
		WHERE t.tenant_id = $1`
}

// transferScope adds the actor's locations to a query of stock_transfers t: who sees either end sees the transfer.
func transferScope(actor models.Actor, query string, args ...any) (string, []any) {
	if !actor.Scoped() {
		return query, args
	}
	return query + " AND " + eitherEnd(len(args)+1), append(args, scopeOf(actor))
}

func eitherEnd(arg int) string {
	return "(" + scopeSQL("t.location_id", arg) + " OR " + scopeSQL("t.to_location_id", arg) + ")"
}

// StockTransfer reads one transfer whose one end the actor sees.
func (s *Store) StockTransfer(ctx context.Context, id uuid.UUID) (StockTransferView, error) {
	actor, _ := models.ActorFrom(ctx)
	query, args := transferScope(actor, stockTransferView()+` AND t.id = $2`, actor.TenantID, id)
	return readOne[StockTransferView](ctx, s, "stock_transfer", query, args...)
}

var stockTransferOrders = map[string]order[StockTransferView]{
	"sent_at": byTime("t.sent_at", func(v StockTransferView) time.Time { return v.SentAt }),
}

// StockTransferFilter narrows the list of transfers.
type StockTransferFilter struct {
	ItemIDs     []uuid.UUID
	LocationIDs []uuid.UUID // from or to
	Statuses    []string    // in_transit, closed
}

// StockTransfers lists transfers by sent_at, of which the actor sees one end.
func (s *Store) StockTransfers(ctx context.Context, f StockTransferFilter, p Page) (Rows[StockTransferView], error) {
	l := newListing(ctx, stockTransferView(), "t.id", func(v StockTransferView) string { return v.ID.String() }, stockTransferOrders)
	actor, _ := models.ActorFrom(ctx)
	if actor.Scoped() {
		l.args = append(l.args, scopeOf(actor))
		l.where = append(l.where, eitherEnd(len(l.args)))
	}
	in(l, "t.item_id", "uuid[]", f.ItemIDs)
	in(l, "CASE WHEN t.closed_at IS NULL THEN 'in_transit' ELSE 'closed' END", "text[]", f.Statuses)
	if len(f.LocationIDs) > 0 {
		l.and(`(t.location_id = ANY($%[1]d::uuid[]) OR t.to_location_id = ANY($%[1]d::uuid[]))`, f.LocationIDs)
	}
	return l.run(ctx, s, p)
}
