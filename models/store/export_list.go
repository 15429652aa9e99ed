package store

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"mainstay/models"
)

// exportList says what a kind of export reads. Cells are text: dates YYYY-MM-DD, times RFC 3339 in UTC, decimals with a point.
type exportList struct {
	from    string // x is the row that is exported
	where   string // which of them; empty: all
	columns [][2]string
	filters map[string]exportFilter
	scope   string // location column; empty: not bound to a place
	live    bool   // leaves out what is archived, unless a filter says archived
}

// exportFilter is a condition on a column with values of a type; tree columns take what stands below too.
type exportFilter struct {
	column string
	cast   string
	tree   bool
}

func column(names ...string) [][2]string {
	list := make([][2]string, len(names))
	for i, name := range names {
		list[i] = [2]string{name, "x." + name}
	}
	return list
}

func named(name, expr string) [][2]string { return [][2]string{{name, expr}} }

func moment(name string) [][2]string {
	return named(name, fmt.Sprintf(`to_char(x.%s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`, name))
}

// number drops the zeros that numeric(18, 4) adds.
func number(names ...string) [][2]string {
	list := make([][2]string, len(names))
	for i, name := range names {
		list[i] = [2]string{name, "trim_scale(x." + name + ")"}
	}
	return list
}

// amount keeps two digits, or more where there are more.
func amount(name string) [][2]string {
	return named(name, fmt.Sprintf("round(x.%[1]s, greatest(2, min_scale(x.%[1]s)))", name))
}

var (
	byAsset    = exportFilter{column: "a.id", cast: "uuid[]"}
	byLocation = exportFilter{column: "x.location_id", cast: "uuid[]", tree: true}
	bySupplier = exportFilter{column: "x.supplier_id", cast: "uuid[]"}
)

func texts(names ...string) map[string]exportFilter {
	filters := map[string]exportFilter{}
	for _, name := range names {
		filters[name] = exportFilter{column: "x." + name, cast: "text[]"}
	}
	return filters
}

func with(filters map[string]exportFilter, name string, f exportFilter) map[string]exportFilter {
	filters[name] = f
	return filters
}

const (
	joinAsset    = ` LEFT JOIN assets a ON a.tenant_id = x.tenant_id AND a.id = x.asset_id`
	joinLocation = ` JOIN locations l ON l.tenant_id = x.tenant_id AND l.id = x.location_id`
	joinOrder    = ` JOIN work_orders w ON w.tenant_id = x.tenant_id AND w.id = x.work_order_id`
	joinParent   = ` LEFT JOIN %s p ON p.tenant_id = x.tenant_id AND p.id = x.parent_id`
)

func codeList(table string) exportList {
	return exportList{
		from:    table + " x" + fmt.Sprintf(joinParent, table),
		columns: slices.Concat(column("code", "name"), named("parent", "p.code")), filters: texts("code"), live: true,
	}
}

// assetRequestList is one of the two kinds of asset requests, with the columns that it alone has.
func assetRequestList(kind models.AssetRequestKind, own [][2]string) exportList {
	return exportList{
		where: fmt.Sprintf("x.kind = '%s'", kind),
		from: "asset_requests x" + joinAsset + `
			JOIN locations f ON f.tenant_id = x.tenant_id AND f.id = x.from_location_id
			LEFT JOIN locations k ON k.tenant_id = x.tenant_id AND k.id = x.to_location_id
			LEFT JOIN departments d ON d.tenant_id = x.tenant_id AND d.id = x.department_id
			LEFT JOIN cost_centers c ON c.tenant_id = x.tenant_id AND c.id = x.cost_center_id
			LEFT JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.requested_by`,
		columns: slices.Concat(column("number", "status"), named("asset", "a.code"), column("reason"), named("from_location", "f.code"), own,
			amount("amount"), column("currency", "on_day"), named("requested_by", "u.name"), column("block_reason", "reject_reason", "cancel_reason"),
			moment("created_at"), moment("approved_at"), moment("completed_at"), moment("cancelled_at")),
		filters: with(texts("status"), "asset_id", byAsset), scope: "x.from_location_id",
	}
}

var exportLists = map[models.ExportKind]exportList{
	models.ExportAssetCategories: codeList("asset_categories"),
	models.ExportDepartments:     codeList("departments"),
	models.ExportCostCenters:     codeList("cost_centers"),
	models.ExportLocations: {
		from: "locations x" + fmt.Sprintf(joinParent, "locations"), scope: "x.id", live: true,
		columns: slices.Concat(column("code", "name", "kind"), named("parent", "p.code"), column("time_zone")),
		filters: with(texts("code", "kind"), "location_id", exportFilter{column: "x.id", cast: "uuid[]", tree: true}),
	},
	models.ExportAssets: {
		from: "assets x" + joinLocation + fmt.Sprintf(joinParent, "assets") + ` JOIN asset_categories c ON c.tenant_id = x.tenant_id AND c.id = x.category_id
			LEFT JOIN departments d ON d.tenant_id = x.tenant_id AND d.id = x.department_id
			LEFT JOIN cost_centers k ON k.tenant_id = x.tenant_id AND k.id = x.cost_center_id`,
		columns: slices.Concat(column("code", "name", "description"), named("category", "c.code"), named("location", "l.code"),
			named("parent", "p.code"), named("department", "d.code"), named("cost_center", "k.code"),
			column("serial_number", "barcode", "manufacturer", "model", "criticality", "lifecycle_state", "operating_state", "custody"),
			amount("purchase_price"), column("purchase_currency", "purchased_on", "installed_on", "warranty_until")),
		filters: with(with(with(texts("code", "criticality", "lifecycle_state", "operating_state", "custody", "serial_number", "barcode"),
			"category_id", exportFilter{column: "x.category_id", cast: "uuid[]"}), "location_id", byLocation),
			"department_id", exportFilter{column: "x.department_id", cast: "uuid[]"}),
		scope: "x.location_id", live: true,
	},
	models.ExportMeters: {
		from:    "meters x" + joinAsset,
		columns: slices.Concat(named("asset", "a.code"), column("name", "unit", "kind"), number("rollover_at", "last_value", "last_total"), moment("last_read_at")),
		filters: with(texts("kind"), "asset_id", byAsset), scope: "a.location_id", live: true,
	},
	models.ExportMeterReadings: {
		from: `meter_readings x JOIN meters m ON m.tenant_id = x.tenant_id AND m.id = x.meter_id
			JOIN assets a ON a.tenant_id = x.tenant_id AND a.id = m.asset_id`,
		columns: slices.Concat(named("asset", "a.code"), named("meter", "m.name"), number("value", "total"), moment("read_at")),
		filters: with(map[string]exportFilter{"meter_id": {column: "x.meter_id", cast: "uuid[]"}}, "asset_id", byAsset), scope: "a.location_id",
	},
	models.ExportDowntimes: {
		from:    "downtimes x" + joinAsset,
		columns: slices.Concat(named("asset", "a.code"), column("kind"), moment("started_at"), moment("ended_at"), column("reason")),
		filters: with(texts("kind"), "asset_id", byAsset), scope: "a.location_id",
	},
	models.ExportUsers: {
		from: `users x LEFT JOIN departments d ON d.tenant_id = x.tenant_id AND d.id = x.department_id`,
		columns: slices.Concat(column("email", "name"), named("roles", "array_to_string(x.roles, ' ')"), named("department", "d.code"),
			number("labor_rate"), column("time_zone"), moment("disabled_at"), moment("last_login_at")),
		filters: texts("email"),
	},
	models.ExportJobPlans:     {from: "job_plans x", columns: slices.Concat(column("code", "name", "description"), number("planned_hours")), filters: texts("code"), live: true},
	models.ExportFailureCodes: {from: "failure_codes x", columns: column("kind", "code", "name"), filters: texts("kind", "code"), live: true},
	models.ExportSchedules: {
		from: "maintenance_schedules x" + joinAsset + joinLocation + ` LEFT JOIN meters m ON m.tenant_id = x.tenant_id AND m.id = x.meter_id`,
		columns: slices.Concat(column("number", "title"), named("asset", "a.code"), named("location", "l.code"), column("rrule", "starts_on"),
			named("meter", "m.name"), number("meter_every"), column("shift_factor", "tolerance_pct", "lead_days", "catch_up", "priority",
				"last_completed_on"), number("planned_hours", "estimated_cost"), column("status", "next_due_on", "revision")),
		filters: with(with(texts("status", "priority"), "asset_id", byAsset), "location_id", byLocation), scope: "x.location_id",
	},
	models.ExportWorkOrders: {
		from: "work_orders x" + joinAsset + joinLocation + ` LEFT JOIN maintenance_schedules m ON m.tenant_id = x.tenant_id AND m.id = x.schedule_id`,
		columns: slices.Concat(column("number", "title", "description", "type", "priority", "status"), named("asset", "a.code"),
			named("location", "l.code"), named("schedule", "m.number"), column("due_key", "due_on", "start_on"), number("planned_hours"),
			column("resolution", "failure_mode", "failure_mechanism", "failure_cause", "failure_remedy", "import_key"),
			moment("created_at"), moment("started_at"), moment("completed_at"), moment("closed_at"), moment("cancelled_at")),
		filters: with(with(with(texts("status", "type", "priority"), "asset_id", byAsset), "location_id", byLocation),
			"schedule_id", exportFilter{column: "x.schedule_id", cast: "uuid[]"}),
		scope: "x.location_id",
	},
	models.ExportCosts: {
		from: "work_order_costs x" + joinOrder + joinAsset,
		columns: slices.Concat(named("work_order", "w.number"), named("asset", "a.code"), column("kind"), amount("amount"),
			column("currency", "description", "incurred_on")),
		filters: with(texts("kind"), "asset_id", byAsset), scope: "w.location_id",
	},
	models.ExportLabor: {
		from: "labor_entries x" + joinOrder + joinAsset + ` JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.user_id`,
		columns: slices.Concat(named("work_order", "w.number"), named("asset", "a.code"), named("user", "u.name"), column("worked_on", "kind"),
			number("hours"), amount("rate"), amount("amount"), column("currency")),
		filters: with(with(texts("kind"), "asset_id", byAsset), "user_id", exportFilter{column: "x.user_id", cast: "uuid[]"}), scope: "w.location_id",
	},
	models.ExportWorkRequests: {
		from: "work_requests x" + joinAsset + joinLocation + ` JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.requested_by`,
		columns: slices.Concat(column("number", "title", "description", "status"), named("asset", "a.code"), named("location", "l.code"),
			named("requested_by", "u.name"), column("reject_reason"), moment("created_at"), moment("decided_at")),
		filters: with(with(texts("status"), "asset_id", byAsset), "location_id", byLocation), scope: "x.location_id",
	},
	models.ExportAssetTransfers: assetRequestList(models.ApprovalOfTransfer,
		slices.Concat(named("to_location", "k.code"), named("department", "d.code"), named("cost_center", "c.code"))),
	models.ExportAssetDisposals: assetRequestList(models.ApprovalOfDisposal, slices.Concat(column("method"), amount("proceeds"))),
	models.ExportSuppliers: {
		from: "suppliers x", columns: slices.Concat(column("code", "name", "email", "phone", "lead_days"),
			number("receipt_tolerance_pct", "price_tolerance_pct")), filters: texts("code"), live: true,
	},
	models.ExportItems: {
		from: `items x LEFT JOIN suppliers s ON s.tenant_id = x.tenant_id AND s.id = x.supplier_id
			LEFT JOIN stock_values v ON v.tenant_id = x.tenant_id AND v.item_id = x.id`,
		columns: slices.Concat(column("code", "name", "description", "unit", "barcode", "costing", "tracking"),
			number("reorder_point", "safety_stock", "max_stock"), named("supplier", "s.code"), column("lead_days"), number("unit_cost"),
			column("purchase_unit"), number("purchase_factor"), column("issue_unit"), number("issue_factor"), column("decimals"),
			named("on_hand", "trim_scale(coalesce(v.quantity, 0))"), named("value", "round(coalesce(v.value, 0), greatest(2, min_scale(coalesce(v.value, 0))))")),
		filters: with(texts("code", "costing", "tracking"), "supplier_id", bySupplier), live: true,
	},
	models.ExportStockMovements: {
		from: `stock_movements x JOIN items i ON i.tenant_id = x.tenant_id AND i.id = x.item_id` + joinLocation + `
			LEFT JOIN locations k ON k.tenant_id = x.tenant_id AND k.id = x.to_location_id
			LEFT JOIN work_orders w ON w.tenant_id = x.tenant_id AND w.id = x.work_order_id
			LEFT JOIN cost_centers c ON c.tenant_id = x.tenant_id AND c.id = x.cost_center_id
			LEFT JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.actor_id`,
		columns: slices.Concat(moment("posted_at"), column("kind"), named("item", "i.code"), named("location", "l.code"), named("to_location", "k.code"),
			number("quantity"), named("unit", "i.unit"), amount("value"), column("currency", "lot", "serial"), named("work_order", "w.number"),
			named("cost_center", "c.code"), column("reason", "reversal_of", "id"), named("actor", "u.name")),
		filters: with(with(texts("kind"), "item_id", exportFilter{column: "x.item_id", cast: "uuid[]"}), "location_id", byLocation), scope: "x.location_id",
	},
	models.ExportCatalogEntries: {
		from: `catalog_entries x JOIN suppliers s ON s.tenant_id = x.tenant_id AND s.id = x.supplier_id
			JOIN items i ON i.tenant_id = x.tenant_id AND i.id = x.item_id`,
		columns: slices.Concat(named("supplier", "s.code"), named("item", "i.code"), column("supplier_code"), amount("price"), column("currency", "lead_days"),
			number("min_quantity", "pack_quantity"), named("unit", "coalesce(x.price_unit, i.unit)")),
		filters: map[string]exportFilter{"supplier_id": bySupplier}, live: true,
	},
	models.ExportRequisitions: {
		from: `(SELECT r.number, r.status, r.note, r.needed_on, r.requested_by, r.created_at, r.purchase_order_id, l.*,
				md5(r.id::text || l.line)::uuid AS id FROM requisitions r JOIN requisition_lines l ON l.tenant_id = r.tenant_id AND l.requisition_id = r.id
				WHERE r.tenant_id = $1) x
			LEFT JOIN items i ON i.tenant_id = x.tenant_id AND i.id = x.item_id
			LEFT JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.requested_by
			LEFT JOIN purchase_orders o ON o.tenant_id = x.tenant_id AND o.id = x.purchase_order_id`,
		columns: slices.Concat(column("number", "status", "line"), named("item", "i.code"), column("description"), number("quantity"),
			column("unit", "needed_on", "note"), named("requested_by", "u.name"), named("purchase_order", "o.number"), moment("created_at")),
		filters: texts("status"),
	},
	models.ExportPurchaseOrders: {
		from: `(SELECT o.number, o.status, o.revision, o.supplier_id, o.currency, o.rate, o.base_currency, o.sent_at, o.created_at,
				round(l.amount * o.rate, 4) AS base_amount, l.* FROM purchase_orders o
				JOIN purchase_order_lines l ON l.tenant_id = o.tenant_id AND l.purchase_order_id = o.id WHERE o.tenant_id = $1) x
			JOIN suppliers s ON s.tenant_id = x.tenant_id AND s.id = x.supplier_id
			LEFT JOIN items i ON i.tenant_id = x.tenant_id AND i.id = x.item_id
			LEFT JOIN work_orders w ON w.tenant_id = x.tenant_id AND w.id = x.work_order_id
			LEFT JOIN cost_centers c ON c.tenant_id = x.tenant_id AND c.id = x.cost_center_id`,
		columns: slices.Concat(column("number", "revision", "status"), named("supplier", "s.code"), column("line"), named("item", "i.code"),
			column("description"), number("quantity"), column("unit"), amount("unit_price"), amount("amount"), column("currency"), number("rate"),
			amount("base_amount"), column("base_currency", "promised_on"), number("received", "invoiced"), named("work_order", "w.number"),
			named("cost_center", "c.code"), moment("created_at"), moment("sent_at")),
		filters: with(texts("status"), "supplier_id", bySupplier),
	},
	models.ExportGoodsReceipts: {
		from: `(SELECT g.number, g.kind, g.delivery_note, g.reason, g.posted_at, g.actor_id, o.number AS purchase_order, o.supplier_id, o.base_currency AS currency,
				y.line AS order_line, y.item_id, y.description, y.unit, l.*, md5(g.id::text || l.line)::uuid AS id
				FROM goods_receipts g JOIN goods_receipt_lines l ON l.tenant_id = g.tenant_id AND l.goods_receipt_id = g.id
				JOIN purchase_orders o ON o.tenant_id = g.tenant_id AND o.id = g.purchase_order_id
				JOIN purchase_order_lines y ON y.tenant_id = g.tenant_id AND y.id = l.purchase_order_line_id WHERE g.tenant_id = $1) x
			JOIN suppliers s ON s.tenant_id = x.tenant_id AND s.id = x.supplier_id
			LEFT JOIN items i ON i.tenant_id = x.tenant_id AND i.id = x.item_id
			LEFT JOIN locations l ON l.tenant_id = x.tenant_id AND l.id = x.location_id
			LEFT JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.actor_id`,
		columns: slices.Concat(column("number", "kind", "purchase_order", "order_line"), named("supplier", "s.code"), column("delivery_note"),
			named("item", "i.code"), column("description"), number("quantity"), column("unit"), amount("value"), column("currency"), named("location", "l.code"),
			column("lot", "serial", "reason"), named("actor", "u.name"), moment("posted_at")),
		filters: with(texts("kind"), "supplier_id", bySupplier),
	},
	models.ExportSupplierInvoices: {
		from: `(SELECT i.number, i.supplier_id, i.invoiced_on, i.currency, i.created_at, i.voided_at, i.actor_id, o.number AS purchase_order, y.line AS order_line,
				y.description, y.unit, l.*, md5(i.id::text || l.line)::uuid AS id
				FROM supplier_invoices i JOIN supplier_invoice_lines l ON l.tenant_id = i.tenant_id AND l.supplier_invoice_id = i.id
				JOIN purchase_orders o ON o.tenant_id = i.tenant_id AND o.id = i.purchase_order_id
				JOIN purchase_order_lines y ON y.tenant_id = i.tenant_id AND y.id = l.purchase_order_line_id WHERE i.tenant_id = $1) x
			JOIN suppliers s ON s.tenant_id = x.tenant_id AND s.id = x.supplier_id
			LEFT JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.released_by`,
		columns: slices.Concat(column("number"), named("supplier", "s.code"), column("purchase_order", "order_line", "description"), number("quantity"),
			column("unit"), amount("unit_price"), amount("amount"), column("currency", "status"),
			named("keys", "(SELECT string_agg(b ->> 'key', ' ') FROM jsonb_array_elements(x.blocks) b)"), named("released_by", "u.name"),
			column("release_reason", "invoiced_on"), moment("created_at"), moment("voided_at")),
		filters: with(texts("status"), "supplier_id", bySupplier),
	},
	models.ExportAuditEvents: {
		from:    `audit_events x LEFT JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.actor_id`,
		columns: slices.Concat(moment("at"), named("actor", "u.name"), column("actor_kind", "action", "subject_type", "subject_id", "before", "after", "reason", "request_id")),
		filters: with(with(texts("subject_type", "action"), "actor_id", exportFilter{column: "x.actor_id", cast: "uuid[]"}),
			"subject_id", exportFilter{column: "x.subject_id", cast: "uuid[]"}),
	},
}

// ExportColumns are the header of a kind's file; nil for an unknown kind.
func ExportColumns(kind models.ExportKind) []string {
	var names []string
	for _, c := range exportLists[kind].columns {
		names = append(names, c[0])
	}
	return names
}

// ExportFilters are the names by which a kind can be filtered, sorted.
func ExportFilters(kind models.ExportKind) []string {
	return slices.Sorted(maps.Keys(exportLists[kind].filters))
}

// CheckExport refuses an unknown kind and filters that it does not have, or whose values cannot be read.
func CheckExport(kind models.ExportKind, f models.ExportFilter) error {
	list, ok := exportLists[kind]
	if !ok {
		return models.InvalidField("/kind", "enum", "There is no list called %q.", kind)
	}
	var faults models.Faults
	for name, values := range f {
		filter, known := list.filters[name]
		faults.Add(!known, "/filter/"+name, "unknown", "%s cannot be filtered by %q.", kind, name)
		faults.Add(len(values) == 0, "/filter/"+name, "required", "A filter needs a value.")
		for _, value := range values {
			faults.Add(known && filter.cast == "uuid[]" && !isUUID(value), "/filter/"+name, "format", "%q is not an id.", value)
		}
	}
	return faults.Err()
}

// query reads a page of rows behind the id $2, in the order of ids.
func (l exportList) query(f models.ExportFilter, limit int) (string, []any) {
	cells := make([]string, len(l.columns))
	for i, c := range l.columns {
		cells[i] = "coalesce((" + c[1] + ")::text, '')"
	}
	where := []string{"x.tenant_id = $1", "x.id > $2"}
	if l.where != "" {
		where = append(where, l.where)
	}
	if l.live {
		where = append(where, "x.archived_at IS NULL")
	}
	if l.scope != "" {
		where = append(where, scopeSQL(l.scope, 3))
	} else {
		where = append(where, "$3::uuid[] IS NOT NULL")
	}
	var args []any
	for name, values := range f {
		filter := l.filters[name]
		args = append(args, values)
		n := len(args) + 3
		condition := fmt.Sprintf("%s = ANY($%d::text[]::%s)", filter.column, n, filter.cast)
		if filter.tree {
			condition = fmt.Sprintf(`EXISTS (SELECT FROM location_paths lp WHERE lp.tenant_id = x.tenant_id
				AND lp.descendant_id = %s AND lp.ancestor_id = ANY($%d::text[]::uuid[]))`, filter.column, n)
		}
		where = append(where, condition)
	}
	return fmt.Sprintf("SELECT x.id, ARRAY[%s]::text[] AS cells FROM %s WHERE %s ORDER BY x.id LIMIT %d",
		strings.Join(cells, ", "), l.from, strings.Join(where, " AND "), limit), args
}
