package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// ItemView is an item as people read it: with its supplier, the tenant's currency and what lies there over all places.
type ItemView struct {
	models.Item
	Currency     string
	SupplierCode *string
	SupplierName *string
	OnHand       decimal.Decimal
	Reserved     decimal.Decimal
	OnOrder      decimal.Decimal
	InTransit    decimal.Decimal // of OnHand
}

// CreateItem adds an item and returns its id.
func (s *Store) CreateItem(ctx context.Context, fill func(*models.Item)) (uuid.UUID, error) {
	return createRecord(ctx, s, func(tx *Tx, i *models.Item) error {
		i.Costing, i.Tracking, i.Decimals = models.CostingMovingAverage, models.TrackingNone, models.MaxDecimals
		fill(i)
		if err := i.Validate(); err != nil {
			return err
		}
		if i.ReorderPoint != nil {
			if err := tx.wakeReplenishment(); err != nil {
				return err
			}
		}
		return live[models.Supplier](tx, "/supplier_id", i.SupplierID)
	})
}

// ChangeItem edits an item; version is the one that the client has seen. How it is valued and told apart stays as it is once a
// movement was posted: the ledger was written that way.
func (s *Store) ChangeItem(ctx context.Context, id uuid.UUID, version int, edit func(*models.Item)) error {
	return changeRecord(ctx, s, "change", id, &version, func(tx *Tx, i *models.Item) error {
		before := *i
		edit(i)
		if err := i.Validate(); err != nil {
			return err
		}
		if before.Costing != i.Costing || before.Tracking != i.Tracking || before.Unit != i.Unit {
			moved, err := txValues[bool](tx, `SELECT EXISTS (SELECT FROM stock_movements WHERE tenant_id = $1 AND item_id = $2)`, tx.Actor.TenantID, id)
			if err != nil {
				return err
			}
			if moved[0] {
				return models.Conflict("Unit, costing and tracking stay as they are once stock has moved.")
			}
		}
		if err := tx.pricedUnits(&before, i); err != nil {
			return err
		}
		if err := tx.keptSoFinely(&before, i); err != nil {
			return err
		}
		if i.ReorderPoint != nil {
			if err := tx.wakeReplenishment(); err != nil {
				return err
			}
		}
		return live[models.Supplier](tx, "/supplier_id", i.SupplierID)
	})
}

// pricedUnits refuses to give up a unit in which suppliers ask their prices.
func (tx *Tx) pricedUnits(before, after *models.Item) error {
	units, err := txValues[string](tx, `SELECT price_unit FROM catalog_entries WHERE tenant_id = $1 AND item_id = $2 AND archived_at IS NULL
		AND price_unit IS NOT NULL`, tx.Actor.TenantID, after.ID)
	if err != nil {
		return err
	}
	for _, unit := range units {
		if _, known := after.Factor(unit); !known {
			pointer := "/issue_unit"
			if before.PurchaseUnit != nil && *before.PurchaseUnit == unit {
				pointer = "/purchase_unit"
			}
			return models.InvalidConflict(pointer, "priced", "A supplier's price is for one %s: change that first.", unit)
		}
	}
	return nil
}

// keptSoFinely refuses to keep an item less finely than what lies there.
func (tx *Tx) keptSoFinely(before, after *models.Item) error {
	if after.Decimals >= before.Decimals {
		return nil
	}
	finer, err := txValues[bool](tx, `SELECT EXISTS (SELECT FROM stock_balances WHERE tenant_id = $1 AND item_id = $2
		AND (on_hand <> round(on_hand, $3) OR reserved <> round(reserved, $3)))`, tx.Actor.TenantID, after.ID, after.Decimals)
	if err != nil || !finer[0] {
		return err
	}
	return models.InvalidConflict("/decimals", "stock", "What lies there is kept more finely.")
}

// ArchiveItem takes an item out of use; refused while some of it lies in a storeroom, a reservation wants it or it is on order.
func (s *Store) ArchiveItem(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(*Tx, *models.Item) error { return nil },
		`SELECT FROM stock_values WHERE tenant_id = $1 AND item_id = $2 AND quantity > 0`,
		`SELECT FROM reservations WHERE tenant_id = $1 AND item_id = $2 AND status IN ('reserved', 'backordered')`,
		`SELECT FROM purchase_order_lines l JOIN purchase_orders o ON o.tenant_id = l.tenant_id AND o.id = l.purchase_order_id
			WHERE l.tenant_id = $1 AND l.item_id = $2 AND o.status NOT IN ('closed', 'cancelled')`)
}

// RestoreItem takes an item into use again.
func (s *Store) RestoreItem(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(*Tx, *models.Item) error { return nil })
}

// itemFreeSQL is what can be taken of an item t: what lies there, less what is reserved and what is on the way between storerooms.
const itemFreeSQL = `(SELECT coalesce(sum(on_hand - reserved), 0) FROM stock_balances WHERE tenant_id = t.tenant_id AND item_id = t.id)
	- (SELECT coalesce(sum(quantity - received - returned - lost), 0) FROM stock_transfers
		WHERE tenant_id = t.tenant_id AND item_id = t.id AND closed_at IS NULL)`

// The sums are of few rows: the places of one item.
func itemView() string {
	return `SELECT ` + columns[models.Item]("t") + `, n.currency, p.code AS supplier_code, p.name AS supplier_name,
		coalesce(b.on_hand, 0) AS on_hand, coalesce(b.reserved, 0) AS reserved, ` + onOrderSQL("t.id") + ` AS on_order,
		(SELECT coalesce(sum(quantity - received - returned - lost), 0) FROM stock_transfers
			WHERE tenant_id = t.tenant_id AND item_id = t.id AND closed_at IS NULL) AS in_transit
		FROM items t JOIN tenants n ON n.id = t.tenant_id
		LEFT JOIN suppliers p ON p.tenant_id = t.tenant_id AND p.id = t.supplier_id
		LEFT JOIN LATERAL (SELECT sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM stock_balances
			WHERE tenant_id = t.tenant_id AND item_id = t.id) b ON true
		WHERE t.tenant_id = $1`
}

// Item reads one item.
func (s *Store) Item(ctx context.Context, id uuid.UUID) (ItemView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[ItemView](ctx, s, "item", itemView()+` AND t.id = $2`, actor.TenantID, id)
}

var itemOrders = map[string]order[ItemView]{
	"code":       {"t.code", "text", func(i ItemView) string { return i.Code }},
	"name":       {"t.name", "text", func(i ItemView) string { return i.Name }},
	"created_at": byTime("t.created_at", func(i ItemView) time.Time { return i.CreatedAt }),
}

// ItemFilter narrows the list of items.
type ItemFilter struct {
	Text        string
	Codes       []string
	SupplierIDs []uuid.UUID
	Low         bool // at or below the reorder point
	Archived    bool
}

// Items lists items by code, name or created_at.
func (s *Store) Items(ctx context.Context, f ItemFilter, p Page) (Rows[ItemView], error) {
	l := newListing(ctx, itemView(), "t.id", func(i ItemView) string { return i.ID.String() }, itemOrders)
	l.and(archivedSQL("t", f.Archived))
	in(l, "t.code", "text[]", f.Codes)
	in(l, "t.supplier_id", "uuid[]", f.SupplierIDs)
	if f.Text != "" {
		l.and(`(t.code || ' ' || t.name || ' ' || coalesce(t.barcode, '')) ILIKE $%d`, likeText(f.Text))
	}
	if f.Low {
		l.and(itemFreeSQL + ` <= t.reorder_point`)
	}
	return l.run(ctx, s, p)
}

// StockAtPlace is what lies of an item at one place.
type StockAtPlace struct {
	LocationID   uuid.UUID
	LocationCode string
	LocationName string
	LocationKind models.LocationKind
	OnHand       decimal.Decimal
	Reserved     decimal.Decimal
}

// ItemStock is what lies of an item, and what it is worth.
type ItemStock struct {
	Currency string
	Value    decimal.Decimal
	OnOrder  decimal.Decimal
	Places   []StockAtPlace
}

// ItemStock reads where an item lies within the actor's locations, by the place's code; Value is that of all of it.
func (s *Store) ItemStock(ctx context.Context, id uuid.UUID) (ItemStock, error) {
	actor, _ := models.ActorFrom(ctx)
	item, err := s.Item(ctx, id)
	if err != nil {
		return ItemStock{}, err
	}
	query, args := within(actor, `SELECT b.location_id, l.code AS location_code, l.name AS location_name, l.kind AS location_kind, b.on_hand, b.reserved
		FROM stock_balances b JOIN locations l ON l.tenant_id = b.tenant_id AND l.id = b.location_id
		WHERE b.tenant_id = $1 AND b.item_id = $2 AND b.on_hand > 0`, "b.location_id", actor.TenantID, id)
	places, err := read[StockAtPlace](ctx, s, query+` ORDER BY l.code`, args...)
	if err != nil {
		return ItemStock{}, err
	}
	values, err := readValues[decimal.Decimal](ctx, s, `SELECT value FROM stock_values WHERE tenant_id = $1 AND item_id = $2`, actor.TenantID, id)
	if err != nil {
		return ItemStock{}, err
	}
	stock := ItemStock{Currency: item.Currency, OnOrder: item.OnOrder, Places: places}
	if len(values) == 1 {
		stock.Value = values[0]
	}
	return stock, nil
}
