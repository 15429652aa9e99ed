package store

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// purchaseItem is what a line takes over from its item and from the supplier's catalog.
type purchaseItem struct {
	models.ItemUnits

	ID              uuid.UUID
	Name            string
	Archived        bool
	UnitCost        *decimal.Decimal
	LeadDays        *int
	CatalogPrice    *decimal.Decimal
	CatalogCurrency *string
	CatalogUnit     *string
	CatalogLead     *int
}

// purchaseParty is what an order takes over from its supplier and tenant.
type purchaseParty struct {
	Archived            bool
	LeadDays            *int
	ReceiptTolerancePct decimal.Decimal
	PriceTolerancePct   decimal.Decimal
	BaseCurrency        string
	DailyRate           *decimal.Decimal // of the order's currency, where there is one
	Today               models.Date      // in the tenant's time zone
}

// purchaseRefs is what a new or edited order refers to, by id.
type purchaseRefs struct {
	party      []purchaseParty
	department []bool // archived
	items      map[uuid.UUID]purchaseItem
	orders     map[uuid.UUID]models.WorkOrderStatus
	centers    map[uuid.UUID]bool // archived
	templates  map[uuid.UUID]string
}

// purchaseTerms judges what the order refers to, completes its lines (text, unit, price, promise) and says on which terms it is
// bought.
func (tx *Tx) purchaseTerms(n *models.NewPurchaseOrder) (models.PurchaseTerms, error) {
	refs, err := tx.purchaseRefs(*n)
	if err != nil {
		return models.PurchaseTerms{}, err
	}
	if len(refs.party) == 0 {
		return models.PurchaseTerms{}, models.InvalidField("/supplier_id", "not_found", "There is no such supplier.")
	}
	party := refs.party[0]
	terms := models.PurchaseTerms{
		BaseCurrency: party.BaseCurrency, ReceiptTolerancePct: party.ReceiptTolerancePct, PriceTolerancePct: party.PriceTolerancePct,
	}
	var f models.Faults
	f.Add(party.Archived, "/supplier_id", "archived", "This supplier is out of use.")
	if n.DepartmentID != nil {
		f.Add(len(refs.department) == 0, "/department_id", "not_found", "There is no such department.")
		f.Add(len(refs.department) == 1 && refs.department[0], "/department_id", "archived", "This department is out of use.")
	}
	terms.Rate, f = purchaseRate(*n, party, f)
	for i := range n.Lines {
		f = append(f, refs.complete(&n.Lines[i], *n, party, fmt.Sprintf("/lines/%d", i))...)
	}
	return terms, f.Err()
}

// purchaseRate is the rate that is given, else that of the day; 1 in the tenant's currency.
func purchaseRate(n models.NewPurchaseOrder, party purchaseParty, f models.Faults) (decimal.Decimal, models.Faults) {
	one := decimal.New(1, 0)
	switch {
	case n.Currency == party.BaseCurrency:
		f.Add(n.Rate != nil && !n.Rate.Equal(one), "/rate", "base", "One %s is one %s.", n.Currency, n.Currency)
		return one, f
	case n.Rate != nil:
		return *n.Rate, f
	case party.DailyRate != nil:
		return *party.DailyRate, f
	}
	f.Add(true, "/rate", "required", "There is no exchange rate of %s to %s: give one.", n.Currency, party.BaseCurrency)
	return one, f
}

func (tx *Tx) purchaseRefs(n models.NewPurchaseOrder) (purchaseRefs, error) {
	refs := purchaseRefs{
		items: map[uuid.UUID]purchaseItem{}, orders: map[uuid.UUID]models.WorkOrderStatus{}, centers: map[uuid.UUID]bool{},
		templates: map[uuid.UUID]string{},
	}
	tenant := tx.Actor.TenantID
	batch := &pgx.Batch{}
	batch.Queue(`SELECT s.archived_at IS NOT NULL AS archived, s.lead_days, coalesce(s.receipt_tolerance_pct, 0) AS receipt_tolerance_pct,
			coalesce(s.price_tolerance_pct, 0) AS price_tolerance_pct, t.currency AS base_currency,
			(now() AT TIME ZONE t.time_zone)::date AS today, (SELECT r.rate FROM exchange_rates r WHERE r.tenant_id = $1 AND r.currency = $3
				AND r.archived_at IS NULL AND r.valid_from <= (now() AT TIME ZONE t.time_zone)::date ORDER BY r.valid_from DESC LIMIT 1) AS daily_rate
		FROM suppliers s JOIN tenants t ON t.id = s.tenant_id WHERE s.tenant_id = $1 AND s.id = $2`, tenant, n.SupplierID, n.Currency).
		Query(func(r pgx.Rows) (err error) {
			refs.party, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[purchaseParty])
			return err
		})
	if n.DepartmentID != nil {
		batch.Queue(`SELECT archived_at IS NOT NULL FROM departments WHERE tenant_id = $1 AND id = $2`, tenant, n.DepartmentID).
			Query(func(r pgx.Rows) (err error) {
				refs.department, err = pgx.CollectRows(r, pgx.RowTo[bool])
				return err
			})
	}
	refs.queueLines(batch, tenant, n)
	return refs, tx.send(batch)
}

// queueLines reads what the lines refer to. Work orders are held until the commit, so that none ends meanwhile.
func (refs purchaseRefs) queueLines(batch *pgx.Batch, tenant uuid.UUID, n models.NewPurchaseOrder) {
	var items, orders, centers, templates []uuid.UUID
	for _, line := range n.Lines {
		for _, ref := range []struct {
			id   *uuid.UUID
			list *[]uuid.UUID
		}{{line.ItemID, &items}, {line.WorkOrderID, &orders}, {line.CostCenterID, &centers}, {line.AssetTemplateID, &templates}} {
			if ref.id != nil {
				*ref.list = append(*ref.list, *ref.id)
			}
		}
	}
	if len(items) > 0 {
		batch.Queue(`SELECT i.id, i.name, `+columns[models.ItemUnits]("i")+`, i.archived_at IS NOT NULL AS archived, i.unit_cost, i.lead_days, c.price AS catalog_price,
				c.currency AS catalog_currency, c.price_unit AS catalog_unit, c.lead_days AS catalog_lead
			FROM items i LEFT JOIN catalog_entries c ON c.tenant_id = i.tenant_id AND c.item_id = i.id AND c.supplier_id = $3 AND c.archived_at IS NULL
			WHERE i.tenant_id = $1 AND i.id = ANY ($2)`, tenant, items, n.SupplierID).Query(func(r pgx.Rows) error {
			found, err := pgx.CollectRows(r, pgx.RowToStructByNameLax[purchaseItem])
			for _, item := range found {
				refs.items[item.ID] = item
			}
			return err
		})
	}
	if len(orders) > 0 {
		batch.Queue(`SELECT id, status FROM work_orders WHERE tenant_id = $1 AND id = ANY ($2) ORDER BY id FOR SHARE`, tenant, orders).
			Query(func(r pgx.Rows) error { return collectPairs(r, refs.orders) })
	}
	if len(centers) > 0 {
		batch.Queue(`SELECT id, archived_at IS NOT NULL FROM cost_centers WHERE tenant_id = $1 AND id = ANY ($2)`, tenant, centers).
			Query(func(r pgx.Rows) error { return collectPairs(r, refs.centers) })
	}
	if len(templates) > 0 {
		batch.Queue(`SELECT id, CASE WHEN archived_at IS NULL THEN name ELSE '' END FROM asset_templates WHERE tenant_id = $1 AND id = ANY ($2)`, tenant, templates).
			Query(func(r pgx.Rows) error { return collectPairs(r, refs.templates) })
	}
}

// collectPairs reads rows of two columns into a map.
func collectPairs[V any](r pgx.Rows, into map[uuid.UUID]V) error {
	var id uuid.UUID
	var value V
	_, err := pgx.ForEachRow(r, []any{&id, &value}, func() error {
		into[id] = value
		return nil
	})
	return err
}

// complete judges what the line refers to and fills in what it leaves open.
func (refs purchaseRefs) complete(line *models.NewPurchaseOrderLine, n models.NewPurchaseOrder, party purchaseParty, at string) models.Faults {
	var f models.Faults
	lead := party.LeadDays
	if line.ItemID != nil {
		item, ok := refs.items[*line.ItemID]
		f.Add(!ok, at+"/item_id", "not_found", "There is no such item.")
		f.Add(item.Archived, at+"/item_id", "archived", "This item is out of use.")
		f = append(f, item.measure(line, at)...)
		if line.Description == "" {
			line.Description = item.Name
		}
		if line.UnitPrice == nil {
			line.UnitPrice = item.price(line.UnitFactor, n.Currency, party.BaseCurrency)
		}
		if item.LeadDays != nil {
			lead = item.LeadDays
		}
		if item.CatalogLead != nil {
			lead = item.CatalogLead
		}
	}
	if line.AssetTemplateID != nil {
		name, ok := refs.templates[*line.AssetTemplateID]
		f.Add(!ok, at+"/asset_template_id", "not_found", "There is no such asset template.")
		f.Add(ok && name == "", at+"/asset_template_id", "archived", "This asset template is out of use.")
		if line.Description == "" {
			line.Description = name
		}
	}
	if line.Unit == "" {
		line.Unit = "pc"
	}
	f.Add(line.UnitPrice == nil, at+"/unit_price", "required", "Neither the catalog nor the item knows a price in %s: give one.", n.Currency)
	if line.PromisedOn == nil && lead != nil {
		promised := party.Today.AddDays(*lead)
		line.PromisedOn = &promised
	}
	return append(f, refs.charges(*line, at)...)
}

func (refs purchaseRefs) charges(line models.NewPurchaseOrderLine, at string) models.Faults {
	var f models.Faults
	if line.WorkOrderID != nil {
		status, ok := refs.orders[*line.WorkOrderID]
		f.Add(!ok, at+"/work_order_id", "not_found", "There is no such work order.")
		f.Add(ok && status.Over(), at+"/work_order_id", "over", "This work order is %s and takes no costs.", status)
	}
	if line.CostCenterID != nil {
		archived, ok := refs.centers[*line.CostCenterID]
		f.Add(!ok, at+"/cost_center_id", "not_found", "There is no such cost center.")
		f.Add(archived, at+"/cost_center_id", "archived", "This cost center is out of use.")
	}
	return f
}

// measure judges the unit of a line and its quantity, and notes the unit's factor where the line has none yet. Without a unit it is
// in the item's own.
func (i purchaseItem) measure(line *models.NewPurchaseOrderLine, at string) models.Faults {
	if line.Unit == "" {
		line.Unit = i.Unit
	}
	if line.UnitFactor.IsZero() {
		factor, known := i.Factor(line.Unit)
		if !known {
			line.UnitFactor = decimal.New(1, 0)
			return i.NotIn(at+"/unit", line.Unit)
		}
		line.UnitFactor = factor
	}
	_, f := i.ToStock(at+"/quantity", line.Quantity, line.UnitFactor)
	return f
}

// price is what the supplier asks for one of a unit of that factor in that currency, else the item's expected cost where the order is
// in the tenant's own. Nil where there is none, or where it does not come out exactly.
func (i purchaseItem) price(factor decimal.Decimal, currency, base string) *decimal.Decimal {
	switch {
	case i.CatalogPrice != nil && i.CatalogCurrency != nil && *i.CatalogCurrency == currency:
		from, known := i.Factor(textOf(i.CatalogUnit))
		if price, exact := models.PriceIn(*i.CatalogPrice, from, factor); known && exact {
			return &price
		}
	case currency == base && i.UnitCost != nil:
		if price, exact := models.PriceIn(*i.UnitCost, decimal.New(1, 0), factor); exact {
			return &price
		}
	}
	return nil
}
