package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// ReverseMovement takes a movement back with a movement of its own, id: each line is written with the other sign at the value it
// had. A movement is reversed once, a reversal never; what was used meanwhile cannot be taken back.
func (s *Store) ReverseMovement(ctx context.Context, id, of uuid.UUID, reason string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("stock_movement.reverse", "stock_movement", id); done || err != nil {
			return err
		}
		if reason == "" {
			return models.InvalidField("/reason", "required", "A reason is needed.")
		}
		p, err := tx.reversal(id, of, reason)
		if err != nil {
			return err
		}
		if err := p.carry(func() error { return p.reverse(of) }); err != nil {
			return err
		}
		return p.save(tx, p.movement.ItemID)
	})
}

// reversal reads the movement that is to be taken back, and locks what it moved.
func (tx *Tx) reversal(id, of uuid.UUID, reason string) (*posting, error) {
	original, err := txReadOne[models.StockMovement](tx, "stock_movement",
		`SELECT `+columns[models.StockMovement]("m")+` FROM stock_movements m WHERE m.tenant_id = $1 AND m.id = $2`, tx.Actor.TenantID, of)
	if err != nil {
		return nil, err
	}
	if original.Kind == models.MovementReversal {
		return nil, models.Conflict("A reversal is not reversed: post the movement anew.")
	}
	if original.TransferID != nil {
		return nil, models.Conflict("Stock that travels is returned, received or explained where it is in transit.")
	}
	if err := tx.mustSee("stock_movement", original.LocationID); err != nil {
		return nil, err
	}
	if err := tx.ofNoDelivery(original); err != nil {
		return nil, err
	}
	m := original
	m.ID, m.Kind, m.Reason, m.ReversalOf, m.ActorID, m.PostedAt = id, models.MovementReversal, reason, &of, tx.Actor.UserID, tx.Now
	m.Value, m.EnteredQuantity, m.EnteredUnit = decimal.Zero, nil, nil
	p := &posting{stockState: &stockState{}, tx: tx, movement: m}
	batch := &pgx.Batch{}
	p.queueReads(batch)
	if err := tx.send(batch); err != nil {
		return nil, err
	}
	if p.item, err = p.refs.item(); err != nil {
		return nil, err
	}
	if m.WorkOrderID == nil {
		return p, nil
	}
	if len(p.refs.orders) == 0 {
		return nil, models.NotFound("work_order")
	}
	p.order = &p.refs.orders[0]
	return p, p.order.Status.TakesCosts()
}

// ofNoDelivery refuses to take back by itself what an order says came or went back.
func (tx *Tx) ofNoDelivery(m models.StockMovement) error {
	if m.Kind != models.MovementReceipt && m.Kind != models.MovementVendorReturn {
		return nil
	}
	numbers, err := txValues[string](tx, `SELECT o.number FROM goods_receipt_lines x
		JOIN goods_receipts g ON g.tenant_id = x.tenant_id AND g.id = x.goods_receipt_id
		JOIN purchase_orders o ON o.tenant_id = g.tenant_id AND o.id = g.purchase_order_id
		WHERE x.tenant_id = $1 AND x.movement_id = $2`, m.TenantID, m.ID)
	if err == nil && len(numbers) > 0 {
		return models.Conflict("It is a delivery on %s: return or receive it there, so that order and invoices agree; where that is closed post an adjustment.", numbers[0])
	}
	return err
}

// reverse writes the original's lines with the other sign.
func (p *posting) reverse(of uuid.UUID) error {
	reversed, err := txValues[bool](p.tx, `SELECT EXISTS (SELECT FROM stock_movements WHERE tenant_id = $1 AND reversal_of = $2)`, p.movement.TenantID, of)
	if err != nil {
		return err
	}
	if reversed[0] {
		return models.Conflict("This movement was reversed already.")
	}
	lines, err := txRead[models.StockEntry](p.tx, `SELECT `+columns[models.StockEntry]("e")+` FROM stock_entries e
		WHERE e.tenant_id = $1 AND e.movement_id = $2 ORDER BY e.line`, p.movement.TenantID, of)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if err := p.reverseLine(of, line); err != nil {
			return err
		}
	}
	p.movement.Quantity = lines[0].Quantity.Neg()
	return nil
}

func (p *posting) reverseLine(of uuid.UUID, line models.StockEntry) error {
	quantity, worth := line.Quantity.Neg(), line.Value.Neg()
	b := p.balances[line.LocationID]
	if quantity.IsNegative() && b.OnHand.Sub(b.Reserved).Add(quantity).IsNegative() {
		return models.Conflict("What it brought was used meanwhile: only %s %s lie free there.", b.OnHand.Sub(b.Reserved), p.item.Unit)
	}
	if p.movement.ToLocationID == nil {
		if err := p.reverseValue(of, quantity, worth); err != nil {
			return err
		}
	}
	p.enter(line.LocationID, quantity, worth)
	return nil
}

// reverseValue moves the item's value by what the original had moved it.
func (p *posting) reverseValue(of uuid.UUID, quantity, worth decimal.Decimal) error {
	v := models.StockValue{Quantity: p.value.Quantity.Add(quantity), Value: p.value.Value.Add(worth), Currency: p.value.Currency}
	if v.Value.IsNegative() || (v.Quantity.IsZero() && !v.Value.IsZero()) {
		return models.Conflict("What it brought was used meanwhile at another cost: post an adjustment.")
	}
	p.value = v
	if p.item.Costing != models.CostingFIFO {
		return nil
	}
	if quantity.IsPositive() {
		p.layer(quantity, worth)
		return nil
	}
	for _, l := range p.layers {
		if l.ID == of && l.Quantity.Equal(quantity.Neg()) {
			l.Quantity, l.Value = decimal.Zero, decimal.Zero
			p.change(l)
			return nil
		}
	}
	return models.Conflict("Some of what it brought was used meanwhile: post an adjustment.")
}
