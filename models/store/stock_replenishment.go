package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// wakeReplenishment tells the tenant's replenishment that an item may run short.
func (tx *Tx) wakeReplenishment() error {
	tx.queue(`INSERT INTO stock_replenishments (tenant_id, next_action_at, updated_at) VALUES ($1, $2, $2)
		ON CONFLICT (tenant_id) DO NOTHING`, tx.Actor.TenantID, tx.Now)
	return tx.fact(models.Delivery{
		Kind: models.DeliverRefresh, Process: models.ProcessStockReplenishment, SubjectID: tx.Actor.TenantID, Queue: models.QueueCore,
	})
}

// shortItem is an item that can be bought and may run short.
type shortItem struct {
	models.Item
	models.StockPosition
	MinQuantity     *decimal.Decimal
	PackQuantity    *decimal.Decimal
	CatalogPrice    *decimal.Decimal
	CatalogCurrency *string
	CatalogUnit     *string
	BaseCurrency    string
	Today           models.Date
}

// shortItems are the items at or below their reorder point, everything on order or asked for counted, whose supplier is in use.
var shortItems = `SELECT ` + columns[models.Item]("x") + `, x.on_hand, x.reserved, x.backordered, x.on_order, x.min_quantity, x.pack_quantity,
	x.catalog_price, x.catalog_currency, x.catalog_unit, x.base_currency, x.today
	FROM (SELECT ` + columns[models.Item]("i") + `, coalesce(b.on_hand, 0) AS on_hand, coalesce(b.reserved, 0) AS reserved,
		coalesce(w.missing, 0) AS backordered, ` + onOrderSQL("i.id") + ` + ` + askedForSQL + ` AS on_order, c.min_quantity, c.pack_quantity, c.price AS catalog_price,
		c.currency AS catalog_currency, c.price_unit AS catalog_unit, t.currency AS base_currency,
		(now() AT TIME ZONE t.time_zone)::date AS today
	FROM items i JOIN tenants t ON t.id = i.tenant_id
	JOIN suppliers s ON s.tenant_id = i.tenant_id AND s.id = i.supplier_id AND s.archived_at IS NULL
	LEFT JOIN LATERAL (SELECT sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM stock_balances
		WHERE tenant_id = i.tenant_id AND item_id = i.id) b ON true
	LEFT JOIN LATERAL (SELECT sum(quantity - issued - held) AS missing FROM reservations
		WHERE tenant_id = i.tenant_id AND item_id = i.id AND status = 'backordered') w ON true
	LEFT JOIN catalog_entries c ON c.tenant_id = i.tenant_id AND c.item_id = i.id AND c.supplier_id = i.supplier_id AND c.archived_at IS NULL
	WHERE i.tenant_id = $1 AND i.archived_at IS NULL AND i.reorder_point IS NOT NULL) x
	WHERE x.on_hand - x.reserved - x.backordered + x.on_order <= x.reorder_point`

// LoadedReplenishment is the replenishment as its process reads it.
type LoadedReplenishment struct {
	models.StockReplenishment
	Short bool // an item runs short and nothing is ordered for it
}

// LoadReplenishment reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadReplenishment(ctx context.Context) (*LoadedReplenishment, error) {
	var found []LoadedReplenishment
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[LoadedReplenishment](tx, `UPDATE stock_replenishments r SET process_started_at = coalesce(process_started_at, $2)
			WHERE r.tenant_id = $1 RETURNING `+columns[models.StockReplenishment]("r")+`, EXISTS (`+shortItems+`) AS short`,
			tx.Actor.TenantID, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// Replenish writes a draft order for each supplier and currency of what runs short, or adds to the one that is a draft still. The
// tenant's row is locked, so two runs at once propose each shortage once: the second finds it on order. Nil when there is no row.
func (s *Store) Replenish(ctx context.Context) (*models.StockReplenishment, error) {
	var r models.StockReplenishment
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if r, err = txReadOne[models.StockReplenishment](tx, "stock_replenishment", `SELECT `+columns[models.StockReplenishment]("r")+`
			FROM stock_replenishments r WHERE r.tenant_id = $1 FOR NO KEY UPDATE`, tx.Actor.TenantID); err != nil {
			return err
		}
		short, err := txRead[shortItem](tx, shortItems+` ORDER BY x.code`, tx.Actor.TenantID)
		if err != nil {
			return err
		}
		if err := tx.proposeOrders(short); err != nil {
			return err
		}
		r.RanAt, r.UpdatedAt, r.Version = &tx.Now, tx.Now, r.Version+1
		_, next := r.NextAction(false)
		r.NextActionAt = &next
		tx.queue(`UPDATE stock_replenishments SET ran_at = $2, next_action_at = $3, version = $4, updated_at = $2 WHERE tenant_id = $1`,
			r.TenantID, tx.Now, next, r.Version)
		return nil
	})
	if isNotFound(err) {
		return nil, nil //nolint:nilnil // no row, no state
	}
	return &r, err
}

// proposal is what is to be ordered of one supplier in one currency.
type proposal struct {
	supplier uuid.UUID
	currency string
	lines    []models.NewPurchaseOrderLine
}

func (tx *Tx) proposeOrders(short []shortItem) error {
	var proposals []*proposal
	for _, item := range short {
		unit, factor := item.boughtIn()
		quantity := models.ReorderQuantity(item.Item, item.StockPosition, factor, item.MinQuantity, item.PackQuantity)
		if !quantity.IsPositive() {
			continue
		}
		currency, price := item.price(factor)
		i := slices.IndexFunc(proposals, func(p *proposal) bool { return p.supplier == *item.SupplierID && p.currency == currency })
		if i < 0 {
			i = len(proposals)
			proposals = append(proposals, &proposal{supplier: *item.SupplierID, currency: currency})
		}
		line := models.NewPurchaseOrderLine{ItemID: &item.ID, Unit: unit, UnitFactor: factor, Quantity: quantity, UnitPrice: &price}
		proposals[i].lines = append(proposals[i].lines, line)
	}
	for _, p := range proposals {
		if err := tx.propose(*p); err != nil {
			return fmt.Errorf("store: replenish from supplier %s: %w", p.supplier, err)
		}
	}
	return nil
}

// boughtIn is the unit of the supplier's price, else that in which the item is bought, with its factor.
func (i shortItem) boughtIn() (string, decimal.Decimal) {
	unit := i.BoughtIn()
	if i.CatalogPrice != nil {
		unit = textOf(i.CatalogUnit)
	}
	factor, known := i.Factor(unit)
	if unit == "" || !known {
		return i.Unit, decimal.New(1, 0)
	}
	return unit, factor
}

// price is what the supplier asks for one of a unit of that factor, else the item's expected cost, else nothing: the buyer has to find
// it before the order goes out.
func (i shortItem) price(factor decimal.Decimal) (string, decimal.Decimal) {
	if i.CatalogPrice != nil {
		return *i.CatalogCurrency, *i.CatalogPrice
	}
	if i.UnitCost != nil {
		if price, exact := models.PriceIn(*i.UnitCost, decimal.New(1, 0), factor); exact {
			return i.BaseCurrency, price
		}
	}
	return i.BaseCurrency, decimal.Zero
}

// propose adds lines to the supplier's draft of the replenishment, or writes it. A currency without an exchange rate is left to the
// next run: somebody has to enter one.
func (tx *Tx) propose(p proposal) error {
	n := models.NewPurchaseOrder{SupplierID: p.supplier, Currency: p.currency, Lines: p.lines[:min(len(p.lines), models.MaxOrderLines)]}
	terms, err := tx.purchaseTerms(&n)
	if models.ErrorCode(err) == models.CodeInvalid {
		return nil
	}
	if err != nil {
		return err
	}
	drafts, err := txValues[uuid.UUID](tx, `SELECT id FROM purchase_orders WHERE tenant_id = $1 AND supplier_id = $2 AND currency = $3
		AND origin = 'replenishment' AND status = 'draft'`, tx.Actor.TenantID, p.supplier, p.currency)
	if err != nil {
		return err
	}
	if len(drafts) == 1 {
		return tx.extendDraft(drafts[0], n)
	}
	o, lines := models.CreatePurchaseOrder(tx.Actor.TenantID, models.NewID(), n, terms, nil, tx.Now)
	o.Origin, o.ProcessStartedAt = models.OrderedByReplenishment, nil
	if o.Number, err = tx.nextNumber("PO"); err != nil {
		return err
	}
	if err := tx.insertPurchaseOrder(&o, lines); err != nil {
		return err
	}
	if err := tx.notifyBuyers(o, "proposed", models.NotificationDetails{}); err != nil {
		return err
	}
	if err := tx.flush(); err != nil {
		return err
	}
	return tx.wakePurchaseOrder(o.ID)
}

// extendDraft adds lines to a draft.
func (tx *Tx) extendDraft(id uuid.UUID, n models.NewPurchaseOrder) error {
	o, lines, err := tx.lockPurchaseOrder(id)
	if err != nil {
		return err
	}
	before, linesBefore := o, lines
	more, err := tx.editedOrder(o, lines, PurchaseOrderEdit{})
	if err != nil {
		return err
	}
	room := max(0, models.MaxOrderLines-len(lines)) // what finds none waits until this draft is submitted
	lines = o.Lines(append(more.Lines, n.Lines[:min(len(n.Lines), room)]...))
	if err := o.Revise(lines, false, tx.Now); err != nil {
		return err
	}
	if err := tx.replaceLines(o, lines); err != nil {
		return err
	}
	if err := tx.savePurchaseOrder(&before, &o, "", ""); err != nil {
		return err
	}
	if err := tx.Audit(Change{
		Action: "purchase_order.replenish", SubjectType: "purchase_order", SubjectID: id,
		Before: auditedOrder(before, linesBefore), After: auditedOrder(o, lines),
	}); err != nil {
		return err
	}
	return tx.flush()
}
