package store

import (
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

var supplierImport = importTable{
	noun: "supplier", table: "suppliers",
	recordset: `code text, name text, email text, phone text, lead_days int, receipt_tolerance_pct numeric, price_tolerance_pct numeric`,
	source:    `JOIN tenants n ON n.id = $1`,
	key:       []string{"code"},
	columns: []importColumn{
		{name: "name"},
		{name: "email", fallback: "''"},
		{name: "phone", fallback: "''"},
		{name: "lead_days"},
		{name: "receipt_tolerance_pct"},
		{name: "price_tolerance_pct"},
	},
}

// How an item is measured, valued and told apart stays: its ledger may be written that way.
var itemImport = importTable{
	noun: "item", table: "items",
	recordset: `code text, name text, description text, unit text, barcode text, costing text, tracking text, reorder_point numeric,
		safety_stock numeric, max_stock numeric, supplier text, lead_days int, unit_cost numeric, purchase_unit text, purchase_factor numeric,
		issue_unit text, issue_factor numeric`,
	source:  `LEFT JOIN suppliers s ON s.tenant_id = $1 AND s.code = r.supplier`,
	selects: `, s.id AS supplier_id`,
	key:     []string{"code"},
	columns: []importColumn{
		{name: "name"},
		{name: "description", fallback: "''"},
		{name: "unit", fixed: true},
		{name: "barcode"},
		{name: "costing", fallback: "'moving_average'", fixed: true},
		{name: "tracking", fallback: "'none'", fixed: true},
		{name: "reorder_point"},
		{name: "safety_stock"},
		{name: "max_stock"},
		{name: "supplier_id"},
		{name: "lead_days"},
		{name: "unit_cost"},
		{name: "purchase_unit", fixed: true},
		{name: "purchase_factor", fixed: true},
		{name: "issue_unit", fixed: true},
		{name: "issue_factor", fixed: true},
	},
	refs: []importRef{{field: "supplier", table: "suppliers"}},
	checks: []string{
		held("items", "t.code = r.code", "unit", "t.unit", `'It is kept in ' || t.unit || ': change that there, an import does not.'`),
		held("items", "t.code = r.code", "costing", "t.costing", `'It is valued by ' || t.costing || ': change that there, an import does not.'`),
		held("items", "t.code = r.code", "purchase_unit", "t.purchase_unit", `'Its purchase unit is another: change that there, an import does not.'`),
		held("items", "t.code = r.code", "purchase_factor", "t.purchase_factor", `'Its purchase unit has another factor: change that there, an import does not.'`),
		held("items", "t.code = r.code", "issue_unit", "t.issue_unit", `'Its issue unit is another: change that there, an import does not.'`),
		held("items", "t.code = r.code", "issue_factor", "t.issue_factor", `'Its issue unit has another factor: change that there, an import does not.'`),
		held("items", "t.code = r.code", "tracking", "t.tracking", `'Its tracking is ' || t.tracking || ': change that there, an import does not.'`),
	},
	extras: []string{`, due AS (INSERT INTO stock_replenishments (tenant_id, next_action_at, updated_at)
		SELECT $1, $3, $3 WHERE EXISTS (SELECT FROM src WHERE src.reorder_point IS NOT NULL)
		ON CONFLICT (tenant_id) DO UPDATE SET next_action_at = excluded.next_action_at)
		SELECT line FROM src WHERE false`},
}

// Opening stock is a receipt: it is written once for each item, place, lot and serial number.
var openingStockImport = importTable{
	recordset: "item text, location text, quantity numeric, unit text, unit_cost numeric, lot text, serial text",
	refs:      []importRef{{field: "item", table: "items"}, {field: "location", table: "locations", scope: "id"}},
	each: func(r *importRun, row models.ImportRow) (bool, error) {
		n, units, err := r.openingStock(row)
		if err != nil {
			return false, err
		}
		id := r.id(row)
		there, err := txRead[openedStock](r.tx, `SELECT quantity, entered_quantity, entered_unit FROM stock_movements WHERE tenant_id = $1 AND id = $2`,
			r.tx.Actor.TenantID, id)
		if err != nil {
			return false, err
		}
		if len(there) == 0 {
			return true, r.tx.post(id, n)
		}
		return false, there[0].same(n, units)
	},
}

// openedStock is how much a row opened before.
type openedStock struct {
	Quantity        decimal.Decimal
	EnteredQuantity *decimal.Decimal
	EnteredUnit     *string
}

// same refuses a row that opens with another quantity; in the unit that it was entered in the same number is the same, whatever one of it is by now.
func (o openedStock) same(n models.NewMovement, units models.ItemUnits) error {
	if o.EnteredUnit != nil && *o.EnteredUnit == n.Unit && o.EnteredQuantity.Equal(n.Quantity) {
		return nil
	}
	factor, known := units.Factor(n.Unit)
	if !known {
		return units.NotIn("/unit", n.Unit).Err()
	}
	if !o.Quantity.Equal(n.Quantity.Mul(factor)) {
		return models.InvalidField("/quantity", "conflict", "It was opened with %s %s: what changed since is a movement of its own.", o.Quantity, units.Unit)
	}
	return nil
}

func (r *importRun) openingStock(row models.ImportRow) (models.NewMovement, models.ItemUnits, error) {
	type named struct {
		models.ItemUnits

		ItemID, LocationID uuid.UUID
	}
	found, err := txReadOne[named](r.tx, "item", `SELECT i.id AS item_id, l.id AS location_id, `+columns[models.ItemUnits]("i")+` FROM items i JOIN locations l ON l.tenant_id = i.tenant_id
		WHERE i.tenant_id = $1 AND i.code = $2 AND l.code = $3`, r.tx.Actor.TenantID, row.Values["item"], row.Values["location"])
	if err != nil {
		return models.NewMovement{}, models.ItemUnits{}, err
	}
	n := models.NewMovement{
		Kind: models.MovementReceipt, ItemID: found.ItemID, LocationID: found.LocationID, Lot: row.Values["lot"], Serial: row.Values["serial"],
		Unit: row.Values["unit"], Reason: "Opening stock",
	}
	if n.Quantity, err = decimal.NewFromString(row.Values["quantity"]); err != nil {
		return n, found.ItemUnits, err
	}
	if text := row.Values["unit_cost"]; text != "" {
		cost, err := decimal.NewFromString(text)
		if err != nil {
			return n, found.ItemUnits, err
		}
		n.UnitCost = &cost
	}
	return n, found.ItemUnits, nil
}
