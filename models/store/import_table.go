package store

import (
	"cmp"
	"fmt"
	"strings"

	"mainstay/models"
)

// importTable says how rows of a kind meet their table.
type importTable struct {
	noun      string
	table     string
	recordset string         // fields of the rows and their types
	source    string         // joins that resolve what the fields name; r are the rows
	selects   string         // the resolved columns
	key       []string       // columns by which a row meets the table
	columns   []importColumn // others that are written
	refs      []importRef    // what must be there
	checks    []string       // further SELECTs of line, column, code and detail from r
	extras    []string       // further statements of a set, behind src
	// each writes one row by itself; then table, source and columns are not used.
	each func(*importRun, models.ImportRow) (bool, error)
}

// importColumn is a column besides the key. An absent value keeps what is there, or gives fallback where the row is new.
type importColumn struct {
	name     string
	from     string // column of src; empty: the same name
	fallback string // SQL; empty: NULL
	fixed    bool   // written once: a later import does not change it
	secret   bool   // not for the audit
}

// importRef is a field that names another row by its code.
type importRef struct {
	field  string
	table  string
	column string // by which it is named; empty: code
	scope  string // its location column; empty: not bound to a place
}

// writeSQL are the statements that write a set, each with the lines of the rows that changed something. Their parameters are
// $1 tenant, $2 rows, $3 now, $4 actor, $5 its kind, $6 and $7 name and unit of the meter of readings.
func (t importTable) writeSQL() []string {
	const parameters = `, parameters AS (SELECT $3::timestamptz AS now, $4::uuid AS actor, $5::text AS kind, $6::text AS meter, $7::text AS unit)`
	statements := []string{t.rowsSQL() + parameters + t.upsertSQL()}
	for _, extra := range t.extras {
		statements = append(statements, t.rowsSQL()+parameters+extra)
	}
	return statements
}

// rowsSQL begins a statement: $2's rows, and src with what they name.
func (t importTable) rowsSQL() string {
	return fmt.Sprintf(`WITH r AS (SELECT * FROM jsonb_to_recordset($2::jsonb)
		AS r(line int, id uuid, audit_id uuid, cost_id uuid, extra_id uuid, meter_audit_id uuid, %s)),
	src AS MATERIALIZED (SELECT r.*%s FROM r %s)`, t.recordset, t.selects, t.source)
}

// upsertSQL inserts rows whose key is new and updates those that differ, with an audit event for each.
func (t importTable) upsertSQL() string {
	var match, names, values, fresh, sets, is, was, fields []string
	for _, k := range t.key {
		match = append(match, fmt.Sprintf("t.%[1]s = src.%[1]s", k))
		names = append(names, k)
		values = append(values, "src."+k)
	}
	stamped := false
	for _, c := range t.columns {
		stamped = stamped || c.name == "created_at"
		names = append(names, c.name)
		from := "src." + cmp.Or(c.from, c.name)
		value := from
		if c.fallback != "" {
			value = fmt.Sprintf("coalesce(%s, %s)", from, c.fallback)
		}
		values = append(values, value)
		if !c.secret {
			fields = append(fields, fmt.Sprintf("'%[1]s', t.%[1]s", c.name))
			fresh = append(fresh, fmt.Sprintf("'%[1]s', %[1]s", c.name))
		}
		if !c.fixed {
			wanted := fmt.Sprintf("coalesce(%s, t.%s)", from, c.name)
			sets = append(sets, c.name+" = "+wanted)
			is = append(is, "t."+c.name)
			was = append(was, wanted)
		}
	}
	if !stamped {
		names, values = append(names, "created_at"), append(values, "$3")
	}
	return strings.NewReplacer(
		"{table}", t.table, "{noun}", t.noun, "{match}", strings.Join(match, " AND "), "{names}", strings.Join(names, ", "),
		"{values}", strings.Join(values, ", "), "{sets}", strings.Join(sets, ", "), "{is}", strings.Join(is, ", "),
		"{was}", strings.Join(was, ", "), "{fields}", strings.Join(fields, ", "), "{fresh}", strings.Join(fresh, ", "),
	).Replace(upsert)
}

// Of before and after the audit keeps only what differs.
const upsert = `,
	old AS MATERIALIZED (SELECT src.line, jsonb_build_object({fields}) AS fields
		FROM {table} t JOIN src ON {match} WHERE t.tenant_id = $1),
	upd AS (UPDATE {table} t SET {sets}, version = t.version + 1, updated_at = $3 FROM src
		WHERE t.tenant_id = $1 AND {match} AND ({is}) IS DISTINCT FROM ({was})
		RETURNING src.line, src.audit_id, t.id, jsonb_build_object({fields}) AS fields),
	ins AS (INSERT INTO {table} (tenant_id, id, {names}, updated_at) SELECT $1, src.id, {values}, $3 FROM src
		WHERE NOT EXISTS (SELECT FROM old WHERE old.line = src.line) ORDER BY src.line
		RETURNING id, jsonb_build_object({fresh}) AS fields),
	changed AS (
		SELECT upd.line, upd.audit_id, upd.id, old.fields AS before, upd.fields AS after FROM upd JOIN old USING (line)
		UNION ALL SELECT src.line, src.audit_id, ins.id, NULL, ins.fields FROM ins JOIN src USING (id)),
	audited AS (INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id, before, after, reason)
		SELECT $1, c.audit_id, $3, $4, $5, '{noun}.import', '{noun}', c.id,
			(SELECT jsonb_object_agg(b.key, b.value) FROM jsonb_each(c.before) b WHERE b.value IS DISTINCT FROM c.after -> b.key),
			CASE WHEN c.before IS NULL THEN c.after ELSE
				(SELECT jsonb_object_agg(a.key, a.value) FROM jsonb_each(c.after) a WHERE a.value IS DISTINCT FROM c.before -> a.key) END,
			'import'
		FROM changed c)
	SELECT line FROM changed`

// checkSQL lists what is wrong with rows as they meet the database. $3 is the actor's location scope, $4 the meter's name.
func (t importTable) checkSQL() string {
	parts := []string{}
	for _, ref := range t.refs {
		column := ref.column
		if column == "" {
			column = "code"
		}
		scope := ""
		if ref.scope != "" {
			scope = " AND " + scopeSQL("x."+ref.scope, 3)
		}
		parts = append(parts, fmt.Sprintf(`SELECT r.line, '%[1]s'::text AS "column", 'not_found'::text AS code,
			'There is no %[4]s ' || r.%[1]s || '.' AS detail FROM r WHERE r.%[1]s IS NOT NULL AND NOT EXISTS (SELECT FROM %[2]s x
			WHERE x.tenant_id = $1 AND x.%[3]s = r.%[1]s AND x.archived_at IS NULL%[5]s)`,
			ref.field, ref.table, column, words(ref.field), scope))
	}
	parts = append(parts, t.checks...)
	if len(parts) == 0 { // rows that name nothing else
		parts = []string{`SELECT r.line, ''::text AS "column", ''::text AS code, ''::text AS detail FROM r WHERE false`}
	}
	return t.rowsSQL() + `, parameters AS (SELECT $3::uuid[] AS scope, $4::text AS meter) ` +
		strings.Join(parts, " UNION ALL ") + ` ORDER BY line`
}

// trimID turns a column of the database into the field that names the same thing.
func trimID(pointer string) string {
	return strings.TrimSuffix(strings.TrimPrefix(pointer, "/"), "_id")
}

// held is a check that an import leaves a column alone: field of the row against an expression of the row t that is there.
func held(t, match, field, is, detail string) string {
	return fmt.Sprintf(`SELECT r.line, '%[3]s', 'conflict', %[5]s FROM r JOIN %[1]s t ON t.tenant_id = $1 AND %[2]s
		WHERE r.%[3]s IS NOT NULL AND r.%[3]s IS DISTINCT FROM (%[4]s)`, t, match, field, is, detail)
}

var assetRef = importRef{field: "asset", table: "assets", scope: "location_id"}

var importTables = map[models.ImportKind]importTable{
	models.ImportLocations: {
		noun: "location", table: "locations", recordset: "code text, name text, kind text, parent text, time_zone text",
		source:  `LEFT JOIN locations p ON p.tenant_id = $1 AND p.code = r.parent`,
		selects: `, p.id AS parent_id, coalesce(p.site_id, r.id) AS site_id, coalesce(r.time_zone, p.time_zone) AS zone`,
		key:     []string{"code"},
		columns: []importColumn{
			{name: "name"},
			{name: "kind"},
			{name: "parent_id", fixed: true},
			{name: "site_id", fixed: true},
			{name: "time_zone", fallback: "src.zone", fixed: true},
		},
		refs: []importRef{{field: "parent", table: "locations", scope: "id"}},
		checks: []string{
			held("locations", "t.code = r.code", "parent", "SELECT p.code FROM locations p WHERE p.tenant_id = $1 AND p.id = t.parent_id",
				`'It stands elsewhere: move it there, an import does not.'`),
			held("locations", "t.code = r.code", "time_zone", "t.time_zone", `'Its time zone is ' || t.time_zone || ': change it there, an import does not.'`),
			`SELECT r.line, 'code', 'forbidden', 'It lies outside your locations.' FROM r LEFT JOIN locations t ON t.tenant_id = $1 AND t.code = r.code
				WHERE cardinality($3::uuid[]) > 0 AND (r.parent IS NULL AND t.id IS NULL OR t.id IS NOT NULL AND NOT ` + scopeSQL("t.id", 3) + `)`,
		},
		extras: []string{`, paths AS (INSERT INTO location_paths (tenant_id, ancestor_id, descendant_id, depth)
			SELECT $1, l.id, l.id, 0 FROM src JOIN locations l ON l.tenant_id = $1 AND l.code = src.code
			UNION ALL SELECT $1, p.ancestor_id, l.id, p.depth + 1 FROM src JOIN locations l ON l.tenant_id = $1 AND l.code = src.code
				JOIN location_paths p ON p.tenant_id = $1 AND p.descendant_id = l.parent_id
			ON CONFLICT DO NOTHING)
			SELECT line FROM src WHERE false`},
	},
	models.ImportAssets: {
		noun: "asset", table: "assets",
		recordset: `code text, name text, description text, category text, template text, fields jsonb, location text, parent text,
			department text, cost_center text,
			serial_number text, barcode text, manufacturer text, model text, criticality text, lifecycle_state text, purchase_price numeric,
			purchased_on date, installed_on date, warranty_until date`,
		source: `LEFT JOIN asset_categories c ON c.tenant_id = $1 AND c.code = r.category
			LEFT JOIN asset_templates m ON m.tenant_id = $1 AND m.code = r.template
			LEFT JOIN locations l ON l.tenant_id = $1 AND l.code = r.location
			LEFT JOIN assets p ON p.tenant_id = $1 AND p.code = r.parent
			LEFT JOIN departments d ON d.tenant_id = $1 AND d.code = r.department
			LEFT JOIN cost_centers k ON k.tenant_id = $1 AND k.code = r.cost_center
			JOIN tenants t ON t.id = $1`,
		selects: `, c.id AS category_id, m.id AS template_id, m.manufacturer AS template_maker, m.model AS template_model,
			m.criticality AS template_rank, l.id AS location_id, l.site_id, p.id AS parent_id, d.id AS department_id, k.id AS cost_center_id,
			CASE WHEN r.purchase_price IS NOT NULL THEN t.currency END AS purchase_currency, 
			CASE WHEN coalesce(r.lifecycle_state, 'in_service') IN ('in_service', 'commissioning') THEN 'up' ELSE 'disabled' END AS operating_state,
			'available' AS custody`,
		key: []string{"code"},
		columns: []importColumn{
			{name: "name"},
			{name: "description", fallback: "''"},
			{name: "category_id"},
			{name: "template_id"},
			{name: "fields", fallback: "'{}'::jsonb"},
			{name: "location_id", fixed: true},
			{name: "site_id", fixed: true},
			{name: "parent_id", fixed: true},
			{name: "department_id"},
			{name: "cost_center_id"},
			{name: "serial_number"},
			{name: "barcode"},
			{name: "manufacturer", fallback: "src.template_maker, ''"},
			{name: "model", fallback: "src.template_model, ''"},
			{name: "criticality", fallback: "src.template_rank, ''"},
			{name: "lifecycle_state", fallback: "'in_service'", fixed: true},
			{name: "operating_state", fixed: true},
			{name: "custody", fixed: true},
			{name: "purchase_price"},
			{name: "purchase_currency"},
			{name: "purchased_on"},
			{name: "installed_on"},
			{name: "warranty_until"},
		},
		refs: []importRef{
			{field: "category", table: "asset_categories"},
			{field: "template", table: "asset_templates"},
			{field: "location", table: "locations", scope: "id"},
			{field: "parent", table: "assets", scope: "location_id"},
			{field: "department", table: "departments"},
			{field: "cost_center", table: "cost_centers"},
		},
		checks: []string{
			held("assets", "t.code = r.code", "location", "SELECT l.code FROM locations l WHERE l.tenant_id = $1 AND l.id = t.location_id",
				`'It stands elsewhere: a move has a reason and is not imported.'`),
			held("assets", "t.code = r.code", "parent", "SELECT p.code FROM assets p WHERE p.tenant_id = $1 AND p.id = t.parent_id",
				`'It has another parent: a move has a reason and is not imported.'`),
			held("assets", "t.code = r.code", "lifecycle_state", "t.lifecycle_state", `'It is ' || t.lifecycle_state || ': change that there, an import does not.'`),
		},
	},
	models.ImportMeters: {
		noun: "meter", table: "meters", recordset: "asset text, name text, unit text, kind text, rollover_at numeric",
		source: `JOIN assets a ON a.tenant_id = $1 AND a.code = r.asset`, selects: `, a.id AS asset_id`,
		key:     []string{"asset_id", "name"},
		columns: []importColumn{{name: "unit"}, {name: "kind", fixed: true}, {name: "rollover_at"}},
		refs:    []importRef{assetRef},
		checks: []string{`SELECT r.line, 'kind', 'conflict', 'It is a ' || t.kind || ' meter: its kind stays.' FROM r
			JOIN assets a ON a.tenant_id = $1 AND a.code = r.asset JOIN meters t ON t.tenant_id = $1 AND t.asset_id = a.id AND t.name = r.name
			WHERE r.kind <> t.kind`},
	},
	models.ImportUsers: {
		noun: "user", table: "users", recordset: "email text, name text, roles text, department text, labor_rate numeric, time_zone text",
		source: `LEFT JOIN departments d ON d.tenant_id = $1 AND d.code = r.department`,
		selects: `, d.id AS department_id, string_to_array(r.roles, ' ') AS role_list,
			(SELECT locale FROM tenants WHERE id = $1) AS tenant_locale, '' AS password_hash, now() AS password_changed_at`, key: []string{"email"},
		columns: []importColumn{
			{name: "name"},
			{name: "roles", from: "role_list", fixed: true},
			{name: "department_id"},
			{name: "labor_rate"},
			{name: "time_zone", fallback: "''"},
			{name: "locale", from: "tenant_locale", fixed: true},
			{name: "password_hash", fixed: true, secret: true},
			{name: "password_changed_at", fixed: true, secret: true},
		},
		refs: []importRef{{field: "department", table: "departments"}},
		checks: []string{
			`SELECT r.line, 'roles', 'conflict', 'The user has other roles: change them there, an import does not.' FROM r
				JOIN users t ON t.tenant_id = $1 AND t.email = r.email
				WHERE NOT (t.roles @> string_to_array(r.roles, ' ') AND t.roles <@ string_to_array(r.roles, ' '))`,
		},
	},
	models.ImportMeterReadings: readingImport,
	models.ImportSchedules:     scheduleImport,
	models.ImportWorkOrders:    workOrderImport,
	models.ImportSuppliers:     supplierImport,
	models.ImportItems:         itemImport,
	models.ImportOpeningStock:  openingStockImport,
}
