package main

import (
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"gorm.io/gorm/schema"

	"mainstay/models"
	"mainstay/models/store"
)

// demoPurchasing is what the company buys and keeps.
type demoPurchasing struct {
	suppliers, items, catalog, rates, movements, entries, values, balances []demoRow
	orders, lines, receipts, receiptLines, invoices, invoiceLines          []demoRow
	replenishments, transfers                                              []demoRow

	room  uuid.UUID
	parts []demoPart
	stock map[uuid.UUID]*models.StockValue // by item, all of it in the room but what is on the way
}

type demoPart struct {
	models.ItemUnits

	id       uuid.UUID
	name     string
	price    string // of one of the item's own unit
	supplier uuid.UUID
}

// bought is the price of one of the unit in which the part is ordered, and how many of its own unit that is.
func (p demoPart) bought() (price, factor decimal.Decimal) {
	factor, _ = p.Factor(p.BoughtIn())
	return decimal.RequireFromString(p.price).Mul(factor), factor
}

// demoUnits are the units of parts that are bought or handed out in another than their own: code of the part -> unit -> how many.
var demoUnits = map[string]struct{ bought, by, drawn, per string }{
	"BOLT-M16":  {bought: "box", by: "100"},
	"FIL-OIL":   {bought: "box", by: "12"},
	"HOSE-34":   {bought: "roll", by: "50"},
	"OIL-HLP46": {bought: "drum", by: "205", drawn: "can", per: "20"},
}

// tables are the rows in the order in which they may refer to each other.
func (p *demoPurchasing) tables() []store.DemoTable {
	return []store.DemoTable{
		{Table: "suppliers", Rows: p.suppliers},
		{Table: "items", Rows: p.items},
		{Table: "catalog_entries", Rows: p.catalog},
		{Table: "exchange_rates", Rows: p.rates},
		{Table: "stock_transfers", Rows: p.transfers},
		{Table: "stock_movements", Rows: p.movements},
		{Table: "stock_entries", Rows: p.entries},
		{Table: "stock_values", Rows: p.values},
		{Table: "stock_balances", Rows: p.balances},
		{Table: "stock_replenishments", Rows: p.replenishments},
		{Table: "purchase_orders", Rows: p.orders},
		{Table: "purchase_order_lines", Rows: p.lines},
		{Table: "goods_receipts", Rows: p.receipts},
		{Table: "goods_receipt_lines", Rows: p.receiptLines},
		{Table: "supplier_invoices", Rows: p.invoices},
		{Table: "supplier_invoice_lines", Rows: p.invoiceLines},
	}
}

// demoRowOf gives a model's columns.
func demoRowOf(model any) demoRow {
	row, value := demoRow{}, reflect.ValueOf(model)
	for i := range value.NumField() {
		if field := value.Type().Field(i); field.Tag.Get("gorm") != "-" {
			row[schema.NamingStrategy{}.ColumnName("", field.Name)] = value.Field(i).Interface()
		}
	}
	return row
}

// addPurchasing gives the company suppliers, a storeroom with parts, and orders in every state.
func (c *demoCompany) addPurchasing() {
	site := c.sites[0]
	c.buys.room = c.id("storeroom")
	c.addLocation(c.buys.room, site.code+"-ST", "Central storeroom", "storeroom", site, []uuid.UUID{site.id})
	c.addLocation(c.id("storeroom bin"), site.code+"-ST-A1", "Shelf A1", "bin", site, []uuid.UUID{c.buys.room, site.id})
	c.addParts()
	c.addPurchaseOrders()
	c.addTransfer()
	for item, value := range c.buys.stock {
		c.buys.values = append(c.buys.values, demoRow{"tenant_id": c.tenant, "item_id": item, "quantity": value.Quantity, "value": value.Value})
		c.buys.balances = append(c.buys.balances, demoRow{
			"tenant_id": c.tenant, "item_id": item, "location_id": c.buys.room, "on_hand": value.Quantity, "reserved": 0,
		})
	}
	for _, way := range c.buys.transfers {
		for _, balance := range c.buys.balances {
			if balance["item_id"] == way["item_id"] {
				balance["on_hand"] = balance["on_hand"].(decimal.Decimal).Sub(way["quantity"].(decimal.Decimal)) //nolint:forcetypeassert // written above
			}
		}
		c.buys.balances = append(c.buys.balances, demoRow{
			"tenant_id": c.tenant, "item_id": way["item_id"], "location_id": way["transit_id"], "on_hand": way["quantity"], "reserved": 0,
		})
	}
	c.buys.replenishments = []demoRow{{"tenant_id": c.tenant, "next_action_at": c.now, "version": 1, "updated_at": c.now}}
	c.wake = append(c.wake, models.Delivery{
		Kind: models.DeliverRefresh, Process: models.ProcessStockReplenishment, SubjectID: c.tenant, Queue: models.QueueCore,
	})
}

func (c *demoCompany) addParts() {
	suppliers := map[string]uuid.UUID{}
	for _, s := range []struct{ code, name, tolerance string }{
		{"LAG", "Lagerhaus Bearings", "0"},
		{"GUR", "Gurt & Band", "5"},
		{"HYD", "Hydra Seals", "0"},
		{"FIL", "Filterwerk", "0"},
		{"STE", "Steinbach Parts Inc.", "2.5"},
	} {
		suppliers[s.code] = c.id("supplier %s", s.code)
		c.buys.suppliers = append(c.buys.suppliers, c.record(suppliers[s.code], demoRow{
			"code": s.code, "name": s.name, "email": "orders-" + s.code + "@example.com", "phone": "", "lead_days": 7,
			"receipt_tolerance_pct": s.tolerance, "price_tolerance_pct": "0",
		}))
	}
	c.buys.stock = map[uuid.UUID]*models.StockValue{}
	for _, i := range []struct {
		code, name, unit, price, point, most, supplier string
		lies                                           int64
	}{
		{"BRG-22220", "Spherical roller bearing 22220", "pc", "148.50", "4", "12", "LAG", 9},
		{"BRG-6312", "Deep groove bearing 6312", "pc", "31.20", "8", "24", "LAG", 17},
		{"BELT-800", "Conveyor belt 800 mm", "m", "62.00", "40", "120", "GUR", 85},
		{"IDL-108", "Carrying idler 108", "pc", "44.90", "20", "60", "GUR", 34},
		{"SCR-12", "Screen mesh 12 mm", "pc", "385.00", "2", "6", "GUR", 4},
		{"SEAL-HYD", "Hydraulic seal kit", "set", "74.80", "6", "18", "HYD", 11},
		{"HOSE-34", "Hydraulic hose 3/4 in", "m", "18.60", "30", "90", "HYD", 64},
		{"FIL-OIL", "Oil filter", "pc", "22.40", "15", "45", "FIL", 38},
		{"FIL-AIR", "Air filter", "pc", "41.75", "10", "30", "FIL", 9},
		{"OIL-HLP46", "Hydraulic oil HLP 46", "l", "3.95", "200", "800", "FIL", 540},
		{"JAW-FIX", "Jaw plate, fixed", "pc", "2180.00", "1", "3", "STE", 2},
		{"TOOTH-EXC", "Bucket tooth", "pc", "57.30", "24", "72", "STE", 51},
		{"BOLT-M16", "Hexagon bolt M16 x 80", "pc", "0.86", "200", "600", "LAG", 430},
	} {
		part := demoPart{id: c.id("item %s", i.code), name: i.name, price: i.price, supplier: suppliers[i.supplier], ItemUnits: demoUnitsOf(i.code, i.unit)}
		price, _ := part.bought()
		c.buys.parts = append(c.buys.parts, part)
		c.buys.items = append(c.buys.items, c.record(part.id, demoRow{
			"code": i.code, "name": i.name, "description": "", "unit": i.unit, "barcode": "40" + i.code, "costing": "moving_average", "tracking": "none",
			"purchase_unit": part.PurchaseUnit, "purchase_factor": part.PurchaseFactor, "issue_unit": part.IssueUnit, "issue_factor": part.IssueFactor,
			"decimals":      part.Decimals,
			"reorder_point": i.point, "safety_stock": nil, "max_stock": i.most, "supplier_id": part.supplier, "unit_cost": i.price,
		}))
		c.buys.catalog = append(c.buys.catalog, c.record(c.id("catalog %s", i.code), demoRow{
			"supplier_id": part.supplier, "item_id": part.id, "supplier_code": i.supplier + "-" + i.code, "price": price, "currency": "EUR", "lead_days": 7,
			"price_unit": part.PurchaseUnit,
		}))
		c.buys.stock[part.id] = &models.StockValue{Currency: "EUR"}
		c.bring(part, c.id("opening %s", i.code), decimal.NewFromInt(i.lies), i.unit, decimal.RequireFromString(i.price), "Opening stock", c.now.AddDate(0, -3, 0))
	}
	c.buys.rates = append(c.buys.rates, c.record(c.id("rate USD"), demoRow{
		"currency": "USD", "rate": "0.9137", "valid_from": c.now.AddDate(0, -6, 0).Format(time.DateOnly),
	}))
}

// demoUnitsOf are the units of a part. What is counted in pieces or sets is not divided.
func demoUnitsOf(code, unit string) models.ItemUnits {
	units := models.ItemUnits{Unit: unit, Decimals: models.MaxDecimals}
	if unit == "pc" || unit == "set" {
		units.Decimals = 0
	}
	other := demoUnits[code]
	if other.bought != "" {
		by := decimal.RequireFromString(other.by)
		units.PurchaseUnit, units.PurchaseFactor = &other.bought, &by
	}
	if other.drawn != "" {
		per := decimal.RequireFromString(other.per)
		units.IssueUnit, units.IssueFactor = &other.drawn, &per
	}
	return units
}

// addTransfer sends hose from the central storeroom to that of the second site: it is on the way.
func (c *demoCompany) addTransfer() {
	from, to := c.sites[0], c.sites[1]
	room := c.id("storeroom %s", to.code)
	c.addLocation(room, to.code+"-ST", "Site storeroom", "storeroom", to, []uuid.UUID{to.id})
	transit := models.DeriveID(room, "transit")
	c.addLocation(transit, to.code+"-ST-TRANSIT", "In transit: Site storeroom", "transit", to, []uuid.UUID{room, to.id})
	t := models.StockTransfer{
		TenantID: c.tenant, ID: c.id("transfer"), Number: "TR-000001", ItemID: c.id("item HOSE-34"), LocationID: c.buys.room, ToLocationID: room,
		TransitID: transit, Quantity: decimal.NewFromInt(20), Reason: "Hoses for the excavators, from " + from.code, ActorID: c.people["storekeeper"],
		SentAt: c.now.Add(-26 * time.Hour),
	}
	c.buys.transfers = []demoRow{demoRowOf(t)}
	movement := c.movement(models.MovementTransfer, models.DeriveID(t.ID, "movement"), t.ItemID, t.Quantity, decimal.Zero, t.Reason, t.SentAt)
	movement["to_location_id"], movement["transfer_id"] = transit, t.ID
	for i, end := range []struct {
		place uuid.UUID
		sign  int64
	}{{c.buys.room, -1}, {transit, 1}} {
		c.buys.entries = append(c.buys.entries, demoRow{
			"tenant_id": c.tenant, "movement_id": movement["id"], "line": i + 1, "item_id": t.ItemID, "location_id": end.place, "lot": "", "serial": "",
			"quantity": t.Quantity.Mul(decimal.NewFromInt(end.sign)), "value": 0,
		})
	}
}

// movement adds a movement at the central storeroom, without its lines.
func (c *demoCompany) movement(kind models.MovementKind, id, item uuid.UUID, quantity, value decimal.Decimal, reason string, at time.Time) demoRow {
	row := demoRow{
		"tenant_id": c.tenant, "id": id, "kind": kind, "item_id": item, "location_id": c.buys.room, "to_location_id": nil, "quantity": quantity,
		"value": value, "currency": "EUR", "lot": "", "serial": "", "reason": reason, "actor_id": c.people["storekeeper"], "posted_at": at,
		"transfer_id": nil, "entered_quantity": nil, "entered_unit": nil,
	}
	c.buys.movements = append(c.buys.movements, row)
	return row
}

// bring posts a receipt of a quantity in one of the part's units, at a price of one of it, into the storeroom and returns what it is worth.
func (c *demoCompany) bring(part demoPart, id uuid.UUID, quantity decimal.Decimal, unit string, cost decimal.Decimal, reason string, at time.Time) decimal.Decimal {
	factor, _ := part.Factor(unit)
	stock := quantity.Mul(factor)
	worth := c.buys.stock[part.id].Add(stock, cost.Div(factor))
	row := c.movement(models.MovementReceipt, id, part.id, stock, worth, reason, at)
	if unit != part.Unit {
		row["entered_quantity"], row["entered_unit"] = quantity, unit
	}
	c.buys.entries = append(c.buys.entries, demoRow{
		"tenant_id": c.tenant, "movement_id": id, "line": 1, "item_id": part.id, "location_id": c.buys.room, "lot": "", "serial": "",
		"quantity": stock, "value": worth,
	})
	return worth
}

// addPurchaseOrders writes orders in every state, each carried to its state by the rules of models.
func (c *demoCompany) addPurchaseOrders() {
	for n, o := range []struct {
		to       models.PurchaseOrderStatus
		part     int
		quantity int64
		promised int // days from now
		currency string
		invoice  string // price that is invoiced
	}{
		{to: models.PurchaseOrderDraft, part: 0, quantity: 4, promised: 10},
		{to: models.PurchaseOrderDraft, part: 7, quantity: 2, promised: 12},
		{to: models.PurchaseOrderPendingApproval, part: 10, quantity: 3, promised: 30},
		{to: models.PurchaseOrderApproved, part: 4, quantity: 3, promised: 14},
		{to: models.PurchaseOrderSent, part: 1, quantity: 16, promised: 6},
		{to: models.PurchaseOrderSent, part: 5, quantity: 8, promised: -4},
		{to: models.PurchaseOrderSent, part: 11, quantity: 24, promised: 20, currency: "USD"},
		{to: models.PurchaseOrderPartiallyReceived, part: 2, quantity: 50, promised: 3},
		{to: models.PurchaseOrderPartiallyReceived, part: 9, quantity: 2, promised: -2},
		{to: models.PurchaseOrderReceived, part: 3, quantity: 30, promised: -6, invoice: "44.90"},
		{to: models.PurchaseOrderReceived, part: 6, quantity: 2, promised: -5, invoice: "970.00"},
		{to: models.PurchaseOrderClosed, part: 7, quantity: 3, promised: -20, invoice: "268.80"},
		{to: models.PurchaseOrderRejected, part: 10, quantity: 6, promised: 40},
		{to: models.PurchaseOrderCancelled, part: 0, quantity: 2, promised: 8},
		{to: models.PurchaseOrderPartiallyReceived, part: 12, quantity: 4, promised: 5},
	} {
		b := demoPurchase{company: c, part: c.buys.parts[o.part], to: o.to, invoice: o.invoice}
		promised := models.DateOf(c.now, time.UTC).AddDays(o.promised)
		price, factor := b.part.bought()
		terms := models.PurchaseTerms{BaseCurrency: "EUR", Rate: decimal.NewFromInt(1)}
		order := models.NewPurchaseOrder{SupplierID: b.part.supplier, Currency: "EUR", Lines: []models.NewPurchaseOrderLine{{
			ItemID: &b.part.id, Description: b.part.name, Unit: b.part.BoughtIn(), UnitFactor: factor, Quantity: decimal.NewFromInt(o.quantity), UnitPrice: &price,
			PromisedOn: &promised,
		}}}
		if o.currency != "" {
			order.Currency, terms.Rate = o.currency, decimal.RequireFromString("0.9137")
		}
		buyer := c.people["buyer"]
		b.at = c.now.Add(-time.Duration(20-n) * 24 * time.Hour)
		b.order, b.lines = models.CreatePurchaseOrder(c.tenant, c.id("purchase order %d", n), order, terms, &buyer, b.at)
		b.order.Number = fmt.Sprintf("PO-%06d", n+1)
		b.carry()
	}
}

// demoPurchase is one order on its way to a state.
type demoPurchase struct {
	company *demoCompany
	part    demoPart
	order   models.PurchaseOrder
	lines   []models.PurchaseOrderLine
	at      time.Time
	to      models.PurchaseOrderStatus
	invoice string
}

func (b *demoPurchase) do(name models.PurchaseOrderCommandName, command models.PurchaseOrderCommand) {
	b.at = b.at.Add(time.Hour)
	if err := b.order.Apply(name, command, b.lines, b.at); err != nil {
		panic(err) // the way is known
	}
}

func (b *demoPurchase) carry() {
	b.submit()
	switch b.to {
	case models.PurchaseOrderSent, models.PurchaseOrderPartiallyReceived, models.PurchaseOrderReceived, models.PurchaseOrderClosed:
		b.do(models.PurchaseOrderSend, models.PurchaseOrderCommand{})
		b.order.MailedTo = "orders@example.com"
		b.order.Done(models.PurchaseOrderIssue, "", b.at)
	case models.PurchaseOrderCancelled:
		b.do(models.PurchaseOrderCancel, models.PurchaseOrderCommand{Reason: "Found in the workshop"})
	case models.PurchaseOrderDraft, models.PurchaseOrderPendingApproval, models.PurchaseOrderApproved, models.PurchaseOrderRejected:
	}
	switch b.to {
	case models.PurchaseOrderPartiallyReceived:
		b.receive(b.lines[0].Quantity.Div(decimal.NewFromInt(2)))
	case models.PurchaseOrderReceived, models.PurchaseOrderClosed:
		b.receive(b.lines[0].Quantity)
	case models.PurchaseOrderDraft, models.PurchaseOrderPendingApproval, models.PurchaseOrderApproved, models.PurchaseOrderSent,
		models.PurchaseOrderRejected, models.PurchaseOrderCancelled:
	}
	if b.invoice != "" {
		b.charge()
	}
	if b.to == models.PurchaseOrderClosed {
		b.do(models.PurchaseOrderClose, models.PurchaseOrderCommand{})
	}
	b.order.ProcessStartedAt = nil
	b.company.buys.orders = append(b.company.buys.orders, demoRowOf(b.order))
	b.company.buys.lines = append(b.company.buys.lines, demoRowOf(b.lines[0]))
}

func (b *demoPurchase) submit() {
	if b.to == models.PurchaseOrderDraft {
		return
	}
	b.do(models.PurchaseOrderSubmit, models.PurchaseOrderCommand{})
	switch b.to {
	case models.PurchaseOrderPendingApproval:
		b.order.AwaitApproval(b.company.askFor(b.order, b.lines[0]))
	case models.PurchaseOrderRejected:
		b.order.RejectReason = "Two are in stock; order one when the next is used."
		b.order.Done(models.PurchaseOrderReject, "", b.at)
	case models.PurchaseOrderDraft, models.PurchaseOrderApproved, models.PurchaseOrderSent, models.PurchaseOrderPartiallyReceived,
		models.PurchaseOrderReceived, models.PurchaseOrderClosed, models.PurchaseOrderCancelled:
		b.order.Approve(b.at)
	}
}

// receive takes a delivery into the storeroom.
func (b *demoPurchase) receive(quantity decimal.Decimal) {
	c := b.company
	c.buys.room = c.id("storeroom")
	b.do(models.PurchaseOrderReceive, models.PurchaseOrderCommand{Receipt: &models.NewGoodsReceipt{Lines: []models.NewReceiptLine{
		{LineID: b.lines[0].ID, Quantity: quantity, LocationID: &c.buys.room},
	}}})
	n := len(c.buys.receipts) + 1
	receipt := models.GoodsReceipt{
		TenantID: c.tenant, ID: c.id("goods receipt %d", n), Number: fmt.Sprintf("GR-%06d", n), PurchaseOrderID: b.order.ID,
		Kind: models.GoodsReceived, DeliveryNote: fmt.Sprintf("LS-%d", 7300+n), ActorID: c.people["storekeeper"], PostedAt: b.at,
	}
	movement := c.id("receipt movement %d", n)
	worth := c.bring(b.part, movement, quantity, b.lines[0].Unit, b.lines[0].UnitPrice, b.order.Number, b.at)
	c.buys.receipts = append(c.buys.receipts, demoRowOf(receipt))
	c.buys.receiptLines = append(c.buys.receiptLines, demoRowOf(models.GoodsReceiptLine{
		TenantID: c.tenant, GoodsReceiptID: receipt.ID, Line: 1, PurchaseOrderLineID: b.lines[0].ID, Quantity: quantity, Value: worth,
		LocationID: &c.buys.room, MovementID: &movement,
	}))
}

// charge enters the supplier's invoice and matches it.
func (b *demoPurchase) charge() {
	c, price := b.company, decimal.RequireFromString(b.invoice)
	line := models.SupplierInvoiceLine{
		TenantID: c.tenant, SupplierInvoiceID: c.id("invoice %s", b.order.Number), Line: 1, PurchaseOrderLineID: b.lines[0].ID,
		Quantity: b.lines[0].Quantity, UnitPrice: price, Amount: models.RoundMoney(b.lines[0].Quantity.Mul(price), "EUR"),
	}
	charges := []models.SupplierInvoiceLine{line}
	models.Rematch(b.order, &b.lines[0], charges)
	row := demoRowOf(charges[0])
	row["blocks"], row["released_keys"] = charges[0].Blocks, []string{}
	c.buys.invoiceLines = append(c.buys.invoiceLines, row)
	c.buys.invoices = append(c.buys.invoices, demoRowOf(models.SupplierInvoice{
		TenantID: c.tenant, ID: line.SupplierInvoiceID, PurchaseOrderID: b.order.ID, SupplierID: b.order.SupplierID,
		Number: fmt.Sprintf("R-%d", 52000+len(c.buys.invoices)), Currency: "EUR", Amount: line.Amount, BaseAmount: line.Amount,
		ActorID: c.people["buyer"], CreatedAt: b.at,
	}))
}

// askFor puts the order to the company's approver.
func (c *demoCompany) askFor(o models.PurchaseOrder, l models.PurchaseOrderLine) uuid.UUID {
	return c.openCase(models.ApprovalSubject{
		Type: models.ApprovalOfPurchaseOrder, ID: o.ID, RequesterID: o.RequestedBy, Amount: o.BaseAmount,
		Content: models.ApprovalContent{
			Number: o.Number, Title: "Order to STE Steinbach Parts Inc.", Amount: models.Money{Amount: o.BaseAmount, Currency: o.BaseCurrency},
			Facts: []models.ApprovalFact{{Label: "Supplier", Text: "STE Steinbach Parts Inc."}, {Label: "First delivery", Text: o.PromisedOn.String()}},
			Lines: []models.ApprovalLine{{
				Key: l.ID.String(), Text: l.Description, Quantity: &l.Quantity, Unit: l.Unit, UnitPrice: &l.UnitPrice, Total: &l.Amount,
			}},
		},
	}, c.routes[models.ApprovalOfPurchaseOrder])
}
