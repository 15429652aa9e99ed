package store

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// stockItem is what a movement needs of its item.
type stockItem struct {
	models.ItemUnits

	ID       uuid.UUID
	Code     string
	Costing  models.Costing
	Tracking models.Tracking
	UnitCost *decimal.Decimal
	Archived bool
	Currency string

	ReorderPoint *decimal.Decimal
}

// stockPlace is what a movement needs of a place.
type stockPlace struct {
	ID       uuid.UUID
	Kind     models.LocationKind
	ParentID *uuid.UUID
	Archived bool
	Seen     bool
}

// posting is a movement on its way into the ledger.
type posting struct {
	*stockState

	tx       *Tx
	item     stockItem
	movement models.StockMovement
	order    *recordedOrder // the work order that it goes to or comes from
	refs     stockReferences
	entries  []models.StockEntry
	changed  []models.CostLayer
}

// stockState is what a transaction holds of an item while it posts movements of it: each goes on from where the one before left it.
type stockState struct {
	value        models.StockValue
	balances     map[uuid.UUID]*stockBalance // of the places concerned
	layers       []models.CostLayer
	reservations []models.Reservation
	free         decimal.Decimal // over all places
}

// stockReferences is what was found of what a movement refers to.
type stockReferences struct {
	items   []stockItem
	places  []stockPlace
	centers []bool // archived or not
	orders  []recordedOrder
}

type stockBalance struct {
	LocationID uuid.UUID
	OnHand     decimal.Decimal
	Reserved   decimal.Decimal
}

// PostMovement writes a movement with id into the stock ledger and moves balances, value and reservations with it. Repeated with
// the same key it is the same movement. More than lies free at the place is a conflict. What it costs a work order is recorded
// there as parts. Locks are taken in one order: work order, value of the item, places by id, reservations. They are held from the end
// of the first message to the end of the second. Movements of one item that wait for each other are posted together.
func (s *Store) PostMovement(ctx context.Context, id uuid.UUID, n models.NewMovement) error {
	return s.movements.post(s, &waitingMovement{ctx: ctx, id: id, n: n})
}

func (s *Store) postMovement(ctx context.Context, id uuid.UUID, n models.NewMovement) error {
	return s.InTx(ctx, func(tx *Tx) error {
		p := tx.newPosting(id, n, &stockState{})
		done, err := tx.onceWith("stock_movement.create", "stock_movement", id, func(b *pgx.Batch) {
			p.queueReads(b)
		})
		if done || err != nil {
			return err
		}
		if err := p.post(n); err != nil {
			return err
		}
		return p.save(tx, n.ItemID)
	})
}

// post writes a movement within a transaction. What it changes goes out with the last message: flush before another of the item.
func (tx *Tx) post(id uuid.UUID, n models.NewMovement) error {
	_, err := tx.postStock(id, n)
	return err
}

// postStock is post that returns the movement.
func (tx *Tx) postStock(id uuid.UUID, n models.NewMovement) (models.StockMovement, error) {
	p := tx.newPosting(id, n, &stockState{})
	batch := &pgx.Batch{}
	p.queueReads(batch)
	if err := tx.send(batch); err != nil {
		return p.movement, err
	}
	if err := p.post(n); err != nil {
		return p.movement, err
	}
	return p.movement, p.save(tx, n.ItemID)
}

func (tx *Tx) newPosting(id uuid.UUID, n models.NewMovement, state *stockState) *posting {
	return &posting{stockState: state, tx: tx, movement: models.StockMovement{
		TenantID: tx.Actor.TenantID, ID: id, Kind: n.Kind, ItemID: n.ItemID, LocationID: n.LocationID, ToLocationID: n.ToLocationID,
		Quantity: n.Quantity, WorkOrderID: n.WorkOrderID, CostCenterID: n.CostCenterID, Lot: n.Lot,
		Serial: n.Serial, Reason: n.Reason, TransferID: n.TransferID, ActorID: tx.Actor.UserID, PostedAt: tx.Now,
	}}
}

// queueReads reads what the movement refers to, and locks what it moves.
func (p *posting) queueReads(batch *pgx.Batch) {
	p.tx.queueReferences(batch, &p.refs, p.movement.ItemID, p.places())
	p.queueCharged(batch)
	p.queueLocks(p.tx, batch, p.movement.ItemID, p.places())
}

// queueCharged reads what the movement is charged to.
func (p *posting) queueCharged(batch *pgx.Batch) {
	m := p.movement
	if m.CostCenterID != nil {
		batch.Queue(`SELECT archived_at IS NOT NULL FROM cost_centers WHERE tenant_id = $1 AND id = $2`, m.TenantID, *m.CostCenterID).
			Query(func(r pgx.Rows) (err error) {
				p.refs.centers, err = pgx.CollectRows(r, pgx.RowTo[bool])
				return err
			})
	}
	if m.WorkOrderID != nil {
		p.tx.queueOrderOfRecord(batch, &p.refs.orders, *m.WorkOrderID)
	}
}

// post judges the movement, decides what it moves and queues it. The state that it leaves is saved behind the last one of its item.
func (p *posting) post(n models.NewMovement) error {
	if err := p.check(&n); err != nil {
		return err
	}
	return p.carry(func() error { return p.move(n) })
}

// carry lets move change the state and queues what came of it.
func (p *posting) carry(move func() error) error {
	p.movement.Currency, p.value.Currency = p.item.Currency, p.item.Currency
	before, here := p.free, p.freeHere()
	if err := move(); err != nil {
		return err
	}
	p.free = before.Add(p.freeHere()).Sub(here)
	return p.write(before)
}

// check judges the movement by what it refers to, and brings it into the item's own unit.
func (p *posting) check(n *models.NewMovement) error {
	var err error
	if p.item, err = p.refs.item(); err != nil {
		return err
	}
	if err := checkPlaces(*n, p.refs.places); err != nil {
		return err
	}
	if n.Kind == models.MovementPutAway {
		if err := p.tx.putAwayWithin(*n, p.refs.places); err != nil {
			return err
		}
	}
	if err := p.convert(n); err != nil {
		return err
	}
	if err := n.Validate(p.item.Tracking); err != nil {
		return err
	}
	if p.item.Archived && n.Kind == models.MovementReceipt {
		return models.InvalidField("/item_id", "archived", "This item is out of use.")
	}
	if n.CostCenterID != nil {
		if err := referable("cost_center", "/cost_center_id", p.refs.centers); err != nil {
			return err
		}
	}
	if n.WorkOrderID == nil {
		return nil
	}
	if len(p.refs.orders) == 0 {
		return models.InvalidField("/work_order_id", "not_found", "There is no such work order.")
	}
	p.order = &p.refs.orders[0]
	return p.order.Status.TakesCosts()
}

// convert brings what was entered into the item's own unit, and keeps how it was entered.
func (p *posting) convert(n *models.NewMovement) (err error) {
	if n.Unit != "" && n.Unit != p.item.Unit {
		entered, unit := n.Quantity, n.Unit
		p.movement.EnteredQuantity, p.movement.EnteredUnit = &entered, &unit
	}
	if *n, err = n.InStock(p.item.ItemUnits, p.item.Currency); err != nil {
		return err
	}
	p.movement.Quantity = n.Quantity
	return nil
}

// stockQuantity is a quantity of one of the item's units in its own.
func (i stockItem) stockQuantity(unit string, quantity decimal.Decimal) (decimal.Decimal, error) {
	factor, known := i.Factor(unit)
	if !known {
		return quantity, i.NotIn("/unit", unit).Err()
	}
	stock, f := i.ToStock("/quantity", quantity, factor)
	return stock, f.Err()
}

// queueReferences reads an item and places.
func (tx *Tx) queueReferences(batch *pgx.Batch, refs *stockReferences, item uuid.UUID, places []uuid.UUID) {
	batch.Queue(`SELECT t.id, t.code, `+columns[models.ItemUnits]("t")+`, t.costing, t.tracking, t.unit_cost, t.archived_at IS NOT NULL AS archived, c.currency,
			t.reorder_point
		FROM items t JOIN tenants c ON c.id = t.tenant_id WHERE t.tenant_id = $1 AND t.id = $2`, tx.Actor.TenantID, item).
		Query(func(r pgx.Rows) (err error) {
			refs.items, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[stockItem])
			return err
		})
	batch.Queue(`SELECT l.id, l.kind, l.parent_id, l.archived_at IS NOT NULL AS archived, `+scopeSQL("l.id", 3)+` AS seen
		FROM locations l WHERE l.tenant_id = $1 AND l.id = ANY($2)`, tx.Actor.TenantID, places, scopeOf(tx.Actor)).
		Query(func(r pgx.Rows) (err error) {
			refs.places, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[stockPlace])
			return err
		})
}

func (f stockReferences) item() (stockItem, error) {
	if len(f.items) == 0 {
		return stockItem{}, models.InvalidField("/item_id", "not_found", "There is no such item.")
	}
	return f.items[0], nil
}

// checkPlaces refuses places that are not there, not the actor's, out of use or no storerooms.
func checkPlaces(n models.NewMovement, places []stockPlace) error {
	var f models.Faults
	check := func(pointer string, id uuid.UUID) {
		i := slices.IndexFunc(places, func(p stockPlace) bool { return p.ID == id })
		if i < 0 || !places[i].Seen {
			f.Add(true, pointer, "not_found", "There is no such location.")
			return
		}
		f.Add(places[i].Archived, pointer, "archived", "This location is out of use.")
		kind := places[i].Kind
		f.Add(!kind.KeepsStock() && (n.TransferID == nil || kind != models.LocationTransit), pointer, "storeroom", "Stock lies in storerooms, bins and where deliveries are received.")
		f = append(f, putAwayFaults(n, pointer, kind)...)
	}
	check("/location_id", n.LocationID)
	if n.ToLocationID != nil {
		check("/to_location_id", *n.ToLocationID)
	}
	return f.Err()
}

// queueLocks takes an item's value, places in the order of their ids, the cost layers and the reservations concerned. Rows that are not
// there yet are made first, where item and place are.
func (s *stockState) queueLocks(tx *Tx, batch *pgx.Batch, item uuid.UUID, places []uuid.UUID) {
	tenant := tx.Actor.TenantID
	s.balances = map[uuid.UUID]*stockBalance{}
	batch.Queue(`INSERT INTO stock_values (tenant_id, item_id, quantity, value)
		SELECT tenant_id, id, 0, 0 FROM items WHERE tenant_id = $1 AND id = $2 ON CONFLICT DO NOTHING`, tenant, item)
	batch.Queue(`SELECT quantity, value FROM stock_values WHERE tenant_id = $1 AND item_id = $2 FOR NO KEY UPDATE`, tenant, item).
		Query(scanEach(func(r pgx.Rows) error { return r.Scan(&s.value.Quantity, &s.value.Value) }))
	for _, place := range places {
		b := &stockBalance{LocationID: place}
		s.balances[place] = b
		batch.Queue(`INSERT INTO stock_balances (tenant_id, item_id, location_id, on_hand)
			SELECT i.tenant_id, i.id, l.id, 0 FROM items i JOIN locations l ON l.tenant_id = i.tenant_id AND l.id = $3
			WHERE i.tenant_id = $1 AND i.id = $2 ON CONFLICT DO NOTHING`, tenant, item, place)
		batch.Queue(`SELECT on_hand, reserved FROM stock_balances WHERE tenant_id = $1 AND item_id = $2 AND location_id = $3 FOR NO KEY UPDATE`,
			tenant, item, place).Query(scanEach(func(r pgx.Rows) error { return r.Scan(&b.OnHand, &b.Reserved) }))
	}
	batch.Queue(`SELECT tenant_id, id, item_id, quantity, value, received_at FROM cost_layers
		WHERE tenant_id = $1 AND item_id = $2 AND quantity > 0 ORDER BY received_at, id`, tenant, item).
		Query(func(r pgx.Rows) (err error) {
			s.layers, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[models.CostLayer])
			return err
		})
	batch.Queue(`SELECT `+columns[models.Reservation]("r")+` FROM reservations r
		WHERE r.tenant_id = $1 AND r.item_id = $2 AND r.location_id = ANY($3) AND r.status IN ('reserved', 'backordered')
		ORDER BY r.created_at, r.id FOR NO KEY UPDATE`, tenant, item, places).Query(func(r pgx.Rows) (err error) {
		s.reservations, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[models.Reservation])
		return err
	})
	batch.Queue(`SELECT coalesce(sum(on_hand - reserved), 0) FROM stock_balances WHERE tenant_id = $1 AND item_id = $2`, tenant, item).
		QueryRow(func(r pgx.Row) error { return r.Scan(&s.free) })
}

// scanEach reads rows one by one.
func scanEach(scan func(pgx.Rows) error) func(pgx.Rows) error {
	return func(r pgx.Rows) error {
		for r.Next() {
			if err := scan(r); err != nil {
				return err
			}
		}
		return r.Err()
	}
}

func (p *posting) places() []uuid.UUID {
	ids := []uuid.UUID{p.movement.LocationID}
	if p.movement.ToLocationID != nil {
		ids = append(ids, *p.movement.ToLocationID)
	}
	slices.SortFunc(ids, compareIDs)
	return ids
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// move decides what the movement adds and takes, and what it is worth.
func (p *posting) move(n models.NewMovement) error {
	switch n.Kind {
	case models.MovementReceipt:
		return p.bring(n.Quantity, p.cost(n.UnitCost))
	case models.MovementReturn:
		return p.bringBack(n.Quantity)
	case models.MovementAdjustment:
		if n.Quantity.IsPositive() {
			return p.bring(n.Quantity, p.cost(n.UnitCost))
		}
		return p.take(n.Quantity.Neg())
	case models.MovementIssue, models.MovementScrap, models.MovementVendorReturn:
		return p.take(n.Quantity)
	case models.MovementTransfer, models.MovementPutAway:
		return p.transfer(n.Quantity)
	case models.MovementReversal:
	}
	return models.InvalidField("/kind", "enum", "Not a kind of movement.")
}

// cost is the cost given, else that of what lies there, else the item's expected price.
func (p *posting) cost(given *decimal.Decimal) decimal.Decimal {
	if given != nil {
		return *given
	}
	if average, ok := p.value.Average(); ok {
		return average
	}
	if p.item.UnitCost != nil {
		return *p.item.UnitCost
	}
	return decimal.Zero
}

// bring adds a quantity at the movement's place.
func (p *posting) bring(quantity, unitCost decimal.Decimal) error {
	worth := p.value.Add(quantity, unitCost)
	p.layer(quantity, worth)
	p.enter(p.movement.LocationID, quantity, worth)
	return nil
}

// layer keeps what came in together, for an item valued first in, first out.
func (p *posting) layer(quantity, worth decimal.Decimal) {
	if p.item.Costing == models.CostingFIFO {
		p.change(models.CostLayer{
			TenantID: p.movement.TenantID, ID: p.movement.ID, ItemID: p.movement.ItemID, Quantity: quantity, Value: worth, ReceivedAt: p.tx.Now,
		})
	}
}

// change notes layers as the movement leaves them, for the ledger and for the movements behind it.
func (p *posting) change(layers ...models.CostLayer) {
	p.changed = append(p.changed, layers...)
	for _, l := range layers {
		i := slices.IndexFunc(p.layers, func(other models.CostLayer) bool { return other.ID == l.ID })
		switch {
		case i < 0:
			p.layers = append(p.layers, l)
		case l.Quantity.IsZero():
			p.layers = slices.Delete(p.layers, i, i+1)
		default:
			p.layers[i] = l
		}
	}
}

// bringBack adds what was issued before to the same work order or cost center, at the cost of its issue.
func (p *posting) bringBack(quantity decimal.Decimal) error {
	m := p.movement
	type taken struct{ Quantity, Value decimal.Decimal }
	sum, err := txReadOne[taken](p.tx, "stock_movement", `SELECT
			coalesce(-sum(e.quantity), 0) AS quantity, coalesce(-sum(e.value), 0) AS value
		FROM stock_movements m JOIN stock_entries e ON e.tenant_id = m.tenant_id AND e.movement_id = m.id
		WHERE m.tenant_id = $1 AND m.item_id = $2 AND (m.work_order_id = $3 OR m.cost_center_id = $4) AND e.lot = $5 AND e.serial = $6`,
		m.TenantID, m.ItemID, m.WorkOrderID, m.CostCenterID, m.Lot, m.Serial)
	if err != nil {
		return err
	}
	if quantity.GreaterThan(sum.Quantity) {
		return models.InvalidConflict("/quantity", "issued", "Only %s %s of it were issued there.", sum.Quantity, p.item.Unit)
	}
	issued := models.StockValue{Quantity: sum.Quantity, Value: sum.Value, Currency: p.item.Currency}
	worth := issued.Take(quantity)
	p.value.Quantity, p.value.Value = p.value.Quantity.Add(quantity), p.value.Value.Add(worth)
	p.layer(quantity, worth)
	p.enter(m.LocationID, quantity, worth)
	return nil
}

// take removes a quantity from the movement's place: from what is held for its own work order first.
func (p *posting) take(quantity decimal.Decimal) error {
	if err := p.release(quantity); err != nil {
		return err
	}
	p.enter(p.movement.LocationID, quantity.Neg(), p.worth(quantity).Neg())
	return nil
}

// worth takes a quantity out of the item's value.
func (p *posting) worth(quantity decimal.Decimal) decimal.Decimal {
	if p.item.Costing != models.CostingFIFO {
		return p.value.Take(quantity)
	}
	worth, changed := p.value.TakeLayers(p.layers, quantity)
	p.change(changed...)
	return worth
}

// release makes sure that the quantity lies free for this movement, giving up what was held for the work order it goes to.
func (p *posting) release(quantity decimal.Decimal) error {
	from := p.balances[p.movement.LocationID]
	free := from.OnHand.Sub(from.Reserved)
	for _, r := range p.reservations {
		if p.owns(r) {
			free = free.Add(r.Held)
		}
	}
	if quantity.GreaterThan(free) {
		return models.InvalidConflict("/quantity", "stock", "Only %s %s lie free there.", free, p.item.Unit)
	}
	left := quantity
	for i := range p.reservations {
		if r := &p.reservations[i]; p.owns(*r) && left.IsPositive() {
			used := decimal.Min(left, r.Quantity.Sub(r.Issued))
			from.Reserved = from.Reserved.Sub(r.Take(left, p.tx.Now))
			left = left.Sub(used)
		}
	}
	return nil
}

func (p *posting) owns(r models.Reservation) bool {
	return p.movement.Kind == models.MovementIssue && p.movement.WorkOrderID != nil && r.WorkOrderID == *p.movement.WorkOrderID &&
		r.LocationID == p.movement.LocationID
}

// transfer moves a quantity between two places; the item is worth what it was.
func (p *posting) transfer(quantity decimal.Decimal) error {
	if err := p.release(quantity); err != nil {
		return err
	}
	p.enter(p.movement.LocationID, quantity.Neg(), decimal.Zero)
	p.enter(*p.movement.ToLocationID, quantity, decimal.Zero)
	return nil
}

// enter adds a line and moves the balance of its place; what has come to a place is held for those who wait for it, in the order
// in which they asked.
func (p *posting) enter(place uuid.UUID, quantity, worth decimal.Decimal) {
	m := &p.movement
	p.entries = append(p.entries, models.StockEntry{
		TenantID: m.TenantID, MovementID: m.ID, Line: len(p.entries) + 1, ItemID: m.ItemID, LocationID: place, Lot: m.Lot,
		Serial: m.Serial, Quantity: quantity, Value: worth,
	})
	m.Value = m.Value.Add(worth)
	b := p.balances[place]
	b.OnHand = b.OnHand.Add(quantity)
	if !quantity.IsPositive() {
		return
	}
	for i := range p.reservations {
		if r := &p.reservations[i]; r.LocationID == place {
			b.Reserved = b.Reserved.Add(r.Hold(b.OnHand.Sub(b.Reserved), p.tx.Now))
		}
	}
}

// write queues the movement and what it does beside the stock; before is what lay free of the item.
func (p *posting) write(before decimal.Decimal) error {
	if err := p.writeLedger(); err != nil {
		return err
	}
	if p.order != nil {
		if err := p.charge(*p.order); err != nil {
			return err
		}
	}
	if p.fellShort(before) {
		if err := p.tx.wakeReplenishment(); err != nil {
			return err
		}
	}
	m := p.movement
	return p.tx.Audit(Change{Action: "stock_movement." + string(m.Kind), SubjectType: "stock_movement", SubjectID: m.ID, After: &m, Reason: m.Reason})
}

// fellShort reports whether the movement brings what lies free of the item to its reorder point or below. It is told once: what falls
// further is known already, and what is on order the replenishment counts itself.
func (p *posting) fellShort(before decimal.Decimal) bool {
	point := p.item.ReorderPoint
	return point != nil && before.GreaterThan(*point) && !p.free.GreaterThan(*point)
}

// freeHere is what lies free at the places concerned.
func (s *stockState) freeHere() decimal.Decimal {
	free := decimal.Zero
	for _, b := range s.balances {
		free = free.Add(b.OnHand).Sub(b.Reserved)
	}
	return free
}

func (p *posting) writeLedger() error {
	m := p.movement
	p.tx.queue(`INSERT INTO stock_movements (tenant_id, id, kind, item_id, location_id, to_location_id, quantity, value, currency,
		work_order_id, cost_center_id, lot, serial, reason, reversal_of, actor_id, posted_at, entered_quantity, entered_unit,
		transfer_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		m.TenantID, m.ID, string(m.Kind), m.ItemID, m.LocationID, m.ToLocationID, m.Quantity, m.Value, m.Currency, m.WorkOrderID,
		m.CostCenterID, m.Lot, m.Serial, m.Reason, m.ReversalOf, m.ActorID, m.PostedAt,
		m.EnteredQuantity, m.EnteredUnit, m.TransferID)
	for _, e := range p.entries {
		p.tx.queue(`INSERT INTO stock_entries (tenant_id, movement_id, line, item_id, location_id, lot, serial, quantity, value)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			e.TenantID, e.MovementID, e.Line, e.ItemID, e.LocationID, e.Lot, e.Serial, e.Quantity, e.Value)
	}
	for _, l := range p.changed {
		p.tx.queue(`INSERT INTO cost_layers (tenant_id, id, item_id, quantity, value, received_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (tenant_id, id) DO UPDATE SET quantity = excluded.quantity, value = excluded.value`,
			l.TenantID, l.ID, l.ItemID, l.Quantity, l.Value, l.ReceivedAt)
	}
	return p.moveLots()
}

// moveLots moves the lots or serial numbers of an item that is told apart; one that is not at the place is a conflict.
func (p *posting) moveLots() error {
	if p.item.Tracking == models.TrackingNone {
		return nil
	}
	for _, e := range p.entries {
		query := `UPDATE stock_lots SET on_hand = on_hand + $6 WHERE tenant_id = $1 AND item_id = $2 AND location_id = $3
			AND lot = $4 AND serial = $5 AND on_hand + $6 >= 0`
		if e.Quantity.IsPositive() {
			query = `INSERT INTO stock_lots (tenant_id, item_id, location_id, lot, serial, on_hand) VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (tenant_id, item_id, location_id, lot, serial) DO UPDATE SET on_hand = stock_lots.on_hand + excluded.on_hand`
		}
		moved, err := p.tx.exec(query, e.TenantID, e.ItemID, e.LocationID, e.Lot, e.Serial, e.Quantity)
		if err != nil {
			return err
		}
		if moved == 0 {
			return models.InvalidConflict("/"+string(p.item.Tracking), "stock", "It does not lie there.")
		}
	}
	return nil
}

// save queues what an item is worth and what lies where, and the reservations that changed, and wakes the work orders that waited for
// them.
func (s *stockState) save(tx *Tx, item uuid.UUID) error {
	tenant := tx.Actor.TenantID
	tx.queue(`UPDATE stock_values SET quantity = $3, value = $4 WHERE tenant_id = $1 AND item_id = $2`,
		tenant, item, s.value.Quantity, s.value.Value)
	for place, b := range s.balances {
		tx.queue(`UPDATE stock_balances SET on_hand = $4, reserved = $5 WHERE tenant_id = $1 AND item_id = $2 AND location_id = $3`,
			tenant, item, place, b.OnHand, b.Reserved)
	}
	for _, r := range s.reservations {
		if !r.UpdatedAt.Equal(tx.Now) {
			continue
		}
		tx.saveReservation(r)
		if err := tx.wakeWorkOrder(r.WorkOrderID); err != nil {
			return err
		}
	}
	return nil
}

// charge records what the movement costs its work order; a return is a credit.
func (p *posting) charge(order recordedOrder) error {
	m := p.movement
	c := models.WorkOrderCost{
		TenantID: m.TenantID, ID: models.DeriveID(m.ID, "work_order_cost"), WorkOrderID: *m.WorkOrderID, AssetID: order.AssetID, Kind: models.CostParts,
		Amount: m.Value.Neg(), Currency: m.Currency, Description: p.item.Code, IncurredOn: order.today(p.tx.Now), ActorID: m.ActorID, CreatedAt: p.tx.Now,
	}
	if c.Amount.IsZero() {
		return nil
	}
	return queueCreate(p.tx, &c)
}

// MovementView is a movement with the names of what it concerns.
type MovementView struct {
	models.StockMovement
	ItemCode        string
	ItemName        string
	Unit            string
	LocationCode    string
	LocationName    string
	ToLocationCode  *string
	ToLocationName  *string
	WorkOrderNumber *string
	CostCenterCode  *string
	ActorName       *string
	ReversedBy      *uuid.UUID
	// The order on which it came or went back.
	PurchaseOrderID     *uuid.UUID
	PurchaseOrderNumber *string
}

func movementView() string {
	return `SELECT ` + columns[models.StockMovement]("m") + `, i.code AS item_code, i.name AS item_name, i.unit,
		l.code AS location_code, l.name AS location_name, k.code AS to_location_code, k.name AS to_location_name,
		w.number AS work_order_number, c.code AS cost_center_code, u.name AS actor_name, v.id AS reversed_by,
		p.id AS purchase_order_id, p.number AS purchase_order_number
		FROM stock_movements m
		JOIN items i ON i.tenant_id = m.tenant_id AND i.id = m.item_id
		JOIN locations l ON l.tenant_id = m.tenant_id AND l.id = m.location_id
		LEFT JOIN locations k ON k.tenant_id = m.tenant_id AND k.id = m.to_location_id
		LEFT JOIN work_orders w ON w.tenant_id = m.tenant_id AND w.id = m.work_order_id
		LEFT JOIN cost_centers c ON c.tenant_id = m.tenant_id AND c.id = m.cost_center_id
		LEFT JOIN users u ON u.tenant_id = m.tenant_id AND u.id = m.actor_id
		LEFT JOIN stock_movements v ON v.tenant_id = m.tenant_id AND v.reversal_of = m.id
		LEFT JOIN LATERAL (SELECT o.id, o.number FROM goods_receipt_lines x
			JOIN goods_receipts g ON g.tenant_id = x.tenant_id AND g.id = x.goods_receipt_id
			JOIN purchase_orders o ON o.tenant_id = g.tenant_id AND o.id = g.purchase_order_id
			WHERE x.tenant_id = m.tenant_id AND x.movement_id = m.id LIMIT 1) p ON m.kind IN ('receipt', 'return_to_vendor')
		WHERE m.tenant_id = $1`
}

// StockMovement reads one movement at a place that the actor sees.
func (s *Store) StockMovement(ctx context.Context, id uuid.UUID) (MovementView, error) {
	actor, _ := models.ActorFrom(ctx)
	query, args := within(actor, movementView()+` AND m.id = $2`, "m.location_id", actor.TenantID, id)
	return readOne[MovementView](ctx, s, "stock_movement", query, args...)
}

var movementOrders = map[string]order[MovementView]{
	"posted_at": byTime("m.posted_at", func(m MovementView) time.Time { return m.PostedAt }),
}

// MovementFilter narrows the ledger.
type MovementFilter struct {
	ItemIDs      []uuid.UUID
	LocationIDs  []uuid.UUID
	WorkOrderIDs []uuid.UUID
	Kinds        []string
	From, To     *time.Time // from From on and before To
}

// StockMovements lists the ledger by posted_at, within the actor's locations.
func (s *Store) StockMovements(ctx context.Context, f MovementFilter, p Page) (Rows[MovementView], error) {
	l := newListing(ctx, movementView(), "m.id", func(m MovementView) string { return m.ID.String() }, movementOrders)
	l.scope(ctx, "m.location_id")
	in(l, "m.item_id", "uuid[]", f.ItemIDs)
	if len(f.LocationIDs) > 0 {
		l.and(`(m.location_id = ANY($%[1]d::uuid[]) OR m.to_location_id = ANY($%[1]d::uuid[]))`, f.LocationIDs)
	}
	in(l, "m.work_order_id", "uuid[]", f.WorkOrderIDs)
	in(l, "m.kind", "text[]", f.Kinds)
	if f.From != nil {
		l.and("m.posted_at >= $%d", *f.From)
	}
	if f.To != nil {
		l.and("m.posted_at < $%d", *f.To)
	}
	return l.run(ctx, s, p)
}
