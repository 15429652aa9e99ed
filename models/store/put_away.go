package store

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// putAwayFaults judges one place of a movement: a put-away leaves where deliveries are received for where stock is kept, and nothing else
// takes that way.
func putAwayFaults(n models.NewMovement, pointer string, kind models.LocationKind) models.Faults {
	var f models.Faults
	from, receiving := pointer == "/location_id", kind == models.LocationReceiving
	putAway := n.Kind == models.MovementPutAway
	f.Add(putAway && from && !receiving, pointer, "receiving", "Only what lies where deliveries are received is put away.")
	f.Add(putAway && !from && receiving, pointer, "receiving", "It is put away into a storeroom or bin.")
	f.Add(n.Kind == models.MovementTransfer && n.TransferID == nil && from && receiving, pointer, "receiving", "What was received is put away.")
	return f
}

// putAwayWithin refuses to put away into another storeroom than the one at which the delivery was received.
func (tx *Tx) putAwayWithin(n models.NewMovement, places []stockPlace) error {
	from := slices.IndexFunc(places, func(p stockPlace) bool { return p.ID == n.LocationID })
	if n.ToLocationID == nil || from < 0 || places[from].ParentID == nil {
		return nil // told by the movement itself
	}
	found, err := tx.isBelow(*places[from].ParentID, *n.ToLocationID)
	if err != nil || found {
		return err
	}
	return models.InvalidField("/to_location_id", "elsewhere", "It was received for another storeroom: send it there.")
}

// PutAwayView is something of one item that lies where deliveries are received, with the place where it belongs.
type PutAwayView struct {
	ItemID         uuid.UUID
	ItemCode       string
	ItemName       string
	Unit           string
	Tracking       models.Tracking
	LocationID     uuid.UUID
	LocationCode   string
	LocationName   string
	Lot            string
	Serial         string
	Quantity       decimal.Decimal
	ToLocationID   *uuid.UUID // where somebody waits for it, else where most of it lies or lay
	ToLocationCode *string
	ToLocationName *string
	ArrivedAt      time.Time // the latest of it
	Key            string    // tells the rows apart
}

const putAwayView = `SELECT w.item_id, w.item_code, w.item_name, w.unit, w.tracking, w.location_id, w.location_code, w.location_name, w.lot, w.serial,
	w.quantity, w.to_location_id, w.to_location_code, w.to_location_name, w.arrived_at, w.key FROM (
	SELECT p.tenant_id, p.item_id, i.code AS item_code, i.name AS item_name, i.unit, i.tracking, p.location_id, l.code AS location_code,
		l.name AS location_name, p.lot, p.serial, p.quantity, home.id AS to_location_id, home.code AS to_location_code, home.name AS to_location_name,
		(SELECT max(m.posted_at) FROM stock_entries e JOIN stock_movements m ON m.tenant_id = e.tenant_id AND m.id = e.movement_id
			WHERE e.tenant_id = p.tenant_id AND e.item_id = p.item_id AND e.location_id = p.location_id AND e.lot = p.lot AND e.serial = p.serial
				AND e.quantity > 0) AS arrived_at,
		p.item_id || ' ' || p.location_id || ' ' || p.lot || ' ' || p.serial AS key
	FROM locations l JOIN LATERAL (
			SELECT b.tenant_id, b.item_id, b.location_id, '' AS lot, '' AS serial, b.on_hand AS quantity FROM stock_balances b
				JOIN items i ON i.tenant_id = b.tenant_id AND i.id = b.item_id AND i.tracking = 'none'
				WHERE b.tenant_id = l.tenant_id AND b.location_id = l.id AND b.on_hand > 0
			UNION ALL
			SELECT o.tenant_id, o.item_id, o.location_id, o.lot, o.serial, o.on_hand FROM stock_lots o
				WHERE o.tenant_id = l.tenant_id AND o.location_id = l.id AND o.on_hand > 0
		) p ON true
	JOIN items i ON i.tenant_id = p.tenant_id AND i.id = p.item_id
	LEFT JOIN LATERAL (SELECT k.id, k.code, k.name FROM stock_balances b
			JOIN locations k ON k.tenant_id = b.tenant_id AND k.id = b.location_id AND k.kind IN ('storeroom', 'bin') AND k.archived_at IS NULL
			JOIN location_paths h ON h.tenant_id = k.tenant_id AND h.ancestor_id = l.parent_id AND h.descendant_id = k.id
			WHERE b.tenant_id = p.tenant_id AND b.item_id = p.item_id
			ORDER BY EXISTS (SELECT FROM reservations r WHERE r.tenant_id = b.tenant_id AND r.item_id = b.item_id AND r.location_id = b.location_id
				AND r.status = 'backordered') DESC, b.on_hand DESC, k.code LIMIT 1) home ON true
	WHERE l.tenant_id = $1 AND l.kind = 'receiving'
	) w WHERE w.tenant_id = $1`

var putAwayOrders = map[string]order[PutAwayView]{
	"arrived_at": byTime("w.arrived_at", func(v PutAwayView) time.Time { return v.ArrivedAt }),
}

// PutAwayFilter narrows what is to be put away.
type PutAwayFilter struct {
	ItemIDs     []uuid.UUID
	LocationIDs []uuid.UUID // where it was received
}

// PutAways lists by arrived_at what lies where deliveries are received, within the actor's locations.
func (s *Store) PutAways(ctx context.Context, f PutAwayFilter, p Page) (Rows[PutAwayView], error) {
	l := newListing(ctx, putAwayView, "w.key", func(v PutAwayView) string { return v.Key }, putAwayOrders)
	l.idCast = "text"
	l.scope(ctx, "w.location_id")
	in(l, "w.item_id", "uuid[]", f.ItemIDs)
	in(l, "w.location_id", "uuid[]", f.LocationIDs)
	return l.run(ctx, s, p)
}
