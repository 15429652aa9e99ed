package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"mainstay/models"
)

// LedgerFault is one place where the stock ledger and what is kept of it differ.
type LedgerFault struct {
	Check      string // movement, balance, quantity, value, layers, lots, reserved or transit
	ItemCode   string
	LocationID *uuid.UUID
	Ledger     string // what the ledger adds up to
	Kept       string // what the row says
}

// Each check compares sums of the append-only ledger with the rows kept beside it; a row that is missing counts as zero.
const ledgerFaults = `
	SELECT f.check, i.code AS item_code, f.location_id, f.ledger::text AS ledger, f.kept::text AS kept FROM (
		SELECT 'balance' AS check, item_id, location_id, coalesce(e.quantity, 0) AS ledger, coalesce(b.on_hand, 0) AS kept
		FROM (SELECT item_id, location_id, sum(quantity) AS quantity FROM stock_entries WHERE tenant_id = $1 GROUP BY 1, 2) e
		FULL JOIN (SELECT item_id, location_id, on_hand FROM stock_balances WHERE tenant_id = $1) b USING (item_id, location_id)
	UNION ALL
		SELECT 'quantity', item_id, NULL, coalesce(e.quantity, 0), coalesce(v.quantity, 0)
		FROM (SELECT item_id, sum(quantity) AS quantity FROM stock_entries WHERE tenant_id = $1 GROUP BY 1) e
		FULL JOIN (SELECT item_id, quantity FROM stock_values WHERE tenant_id = $1) v USING (item_id)
	UNION ALL
		SELECT 'value', item_id, NULL, coalesce(e.value, 0), coalesce(v.value, 0)
		FROM (SELECT item_id, sum(value) AS value FROM stock_entries WHERE tenant_id = $1 GROUP BY 1) e
		FULL JOIN (SELECT item_id, value FROM stock_values WHERE tenant_id = $1) v USING (item_id)
	UNION ALL
		SELECT 'layers', v.item_id, NULL, v.value, coalesce(l.value, 0)
		FROM stock_values v JOIN items i ON i.tenant_id = v.tenant_id AND i.id = v.item_id AND i.costing = 'fifo'
		LEFT JOIN (SELECT item_id, sum(value) AS value FROM cost_layers WHERE tenant_id = $1 GROUP BY 1) l ON l.item_id = v.item_id
		WHERE v.tenant_id = $1
	UNION ALL
		SELECT 'lots', item_id, location_id, coalesce(b.on_hand, 0), coalesce(l.on_hand, 0)
		FROM (SELECT b.item_id, b.location_id, b.on_hand FROM stock_balances b
			JOIN items i ON i.tenant_id = b.tenant_id AND i.id = b.item_id AND i.tracking <> 'none' WHERE b.tenant_id = $1) b
		FULL JOIN (SELECT item_id, location_id, sum(on_hand) AS on_hand FROM stock_lots WHERE tenant_id = $1 GROUP BY 1, 2) l
			USING (item_id, location_id)
	UNION ALL
		SELECT 'reserved', item_id, location_id, coalesce(r.held, 0), coalesce(b.reserved, 0)
		FROM (SELECT item_id, location_id, sum(held) AS held FROM reservations WHERE tenant_id = $1 GROUP BY 1, 2) r
		FULL JOIN (SELECT item_id, location_id, reserved FROM stock_balances WHERE tenant_id = $1) b USING (item_id, location_id)
	UNION ALL
		SELECT 'transit', item_id, location_id, coalesce(t.open, 0), coalesce(b.on_hand, 0)
		FROM (SELECT item_id, transit_id AS location_id, sum(quantity - received - returned - lost) AS open FROM stock_transfers
			WHERE tenant_id = $1 GROUP BY 1, 2) t
		FULL JOIN (SELECT b.item_id, b.location_id, b.on_hand FROM stock_balances b
			JOIN locations l ON l.tenant_id = b.tenant_id AND l.id = b.location_id AND l.kind = 'transit' WHERE b.tenant_id = $1) b
			USING (item_id, location_id)
	UNION ALL
		SELECT 'movement', m.item_id, p.location_id, coalesce(e.quantity, 0), p.quantity
		FROM stock_movements m CROSS JOIN LATERAL (
			VALUES (m.location_id, CASE WHEN m.kind IN ('receipt', 'return', 'adjustment', 'reversal') THEN m.quantity ELSE -m.quantity END),
				(m.to_location_id, CASE WHEN m.kind = 'reversal' THEN -m.quantity ELSE m.quantity END)) p (location_id, quantity)
		LEFT JOIN LATERAL (SELECT sum(quantity) AS quantity FROM stock_entries
			WHERE tenant_id = m.tenant_id AND movement_id = m.id AND item_id = m.item_id AND location_id = p.location_id) e ON true
		WHERE m.tenant_id = $1 AND p.location_id IS NOT NULL
	UNION ALL
		SELECT 'movement', m.item_id, m.location_id, e.value, m.value
		FROM stock_movements m JOIN LATERAL (SELECT sum(value) AS value FROM stock_entries
			WHERE tenant_id = m.tenant_id AND movement_id = m.id) e ON true
		WHERE m.tenant_id = $1
	) f JOIN items i ON i.tenant_id = $1 AND i.id = f.item_id
	WHERE f.ledger <> f.kept ORDER BY 1, 2, 3`

// VerifyLedger proves the stock of the actor's tenant from its ledger: each movement has the lines that it says, what is moved, put away or
// sent leaving one place and coming to the other; the sum of the lines is the balance of each place, the value
// of each item, its cost layers and its lots, what reservations hold is what the places set aside, and what transfers have on the way lies in
// transit. It returns every difference.
func (s *Store) VerifyLedger(ctx context.Context) ([]LedgerFault, error) {
	actor, _ := models.ActorFrom(ctx)
	return read[LedgerFault](ctx, s, ledgerFaults, actor.TenantID)
}

// ProveLedger says in words where [Store.VerifyLedger] first finds a fault among tenants; empty where it finds none.
func (s *Store) ProveLedger(ctx context.Context, tenants []uuid.UUID) (string, error) {
	return firstFault(ctx, tenants, s.VerifyLedger, func(tenant uuid.UUID, faults []LedgerFault) string {
		f := faults[0]
		return fmt.Sprintf("Tenant %s, item %s: %s is %s, the ledger says %s.", tenant, f.ItemCode, f.Check, f.Kept, f.Ledger)
	})
}
