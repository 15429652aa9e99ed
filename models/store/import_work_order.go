package store

// workOrderImport writes closed history: no process is started for it, and the figures of an asset are what they would be had
// the orders been carried out here.
var workOrderImport = importTable{
	noun: "work_order", table: "work_orders",
	recordset: `number text, import_key text, asset text, title text, description text, type text, priority text, status text,
		created_on date, closed_on date, resolution text, cost numeric, cost_kind text, reading numeric`,
	source: `JOIN assets a ON a.tenant_id = $1 AND a.code = r.asset JOIN locations l ON l.tenant_id = $1 AND l.id = a.location_id`,
	selects: `, a.id AS asset_id, l.id AS location_id, l.site_id,
		coalesce(r.created_on, r.closed_on)::timestamp AT TIME ZONE l.time_zone AS created_at,
		coalesce(r.created_on, r.closed_on)::timestamp AT TIME ZONE l.time_zone AS approved_at,
		r.closed_on::timestamp AT TIME ZONE l.time_zone AS at,
		CASE WHEN r.status = 'closed' THEN r.closed_on::timestamp AT TIME ZONE l.time_zone END AS completed_at,
		CASE WHEN r.status = 'closed' THEN r.closed_on::timestamp AT TIME ZONE l.time_zone END AS closed_at,
		CASE WHEN r.status = 'cancelled' THEN r.closed_on::timestamp AT TIME ZONE l.time_zone END AS cancelled_at`,
	key: []string{"import_key"},
	columns: []importColumn{
		{name: "number", fixed: true},
		{name: "title"},
		{name: "description", fallback: "''"},
		{name: "type"},
		{name: "priority"},
		{name: "status"},
		{name: "asset_id"},
		{name: "location_id", fixed: true},
		{name: "site_id", fixed: true},
		{name: "resolution", fallback: "''"},
		{name: "approved_at"},
		{name: "completed_at"},
		{name: "closed_at"},
		{name: "cancelled_at"},
		{name: "created_at"},
	},
	refs: []importRef{assetRef},
	checks: []string{
		`SELECT r.line, 'reading', 'conflict', 'The meter ' || m.name || ' is not a gauge.' FROM r
			JOIN assets a ON a.tenant_id = $1 AND a.code = r.asset JOIN meters m ON m.tenant_id = $1 AND m.asset_id = a.id
			WHERE r.reading IS NOT NULL AND m.name = $4 AND m.kind <> 'gauge'`,
		`SELECT r.line, 'closed_on', 'maximum', 'History does not lie ahead.' FROM r WHERE r.closed_on > current_date + 1`,
		`SELECT r.line, 'status', 'conflict', 'The work order ' || t.number || ' has another status: history keeps its own.' FROM r
			JOIN work_orders t ON t.tenant_id = $1 AND t.import_key = r.import_key WHERE r.status <> t.status`,
	},
	extras: []string{importCosts, importMeters, importReadings},
}

// An amount that is corrected in the file is corrected here; one that became zero goes.
const importCosts = `,
	old AS MATERIALIZED (SELECT src.line, c.amount FROM src JOIN work_order_costs c ON c.tenant_id = $1 AND c.id = src.cost_id),
	gone AS (DELETE FROM work_order_costs c USING src WHERE c.tenant_id = $1 AND c.id = src.cost_id AND src.cost = 0 RETURNING src.line),
	put AS (INSERT INTO work_order_costs (tenant_id, id, work_order_id, asset_id, kind, amount, currency, description, incurred_on,
			actor_id, created_at)
		SELECT $1, src.cost_id, w.id, w.asset_id, src.cost_kind, src.cost, t.currency, '', src.closed_on, $4, $3
		FROM src JOIN work_orders w ON w.tenant_id = $1 AND w.import_key = src.import_key JOIN tenants t ON t.id = $1
		WHERE src.cost <> 0
		ON CONFLICT (tenant_id, id) DO UPDATE SET asset_id = excluded.asset_id, kind = excluded.kind, amount = excluded.amount,
			incurred_on = excluded.incurred_on
		WHERE (work_order_costs.asset_id, work_order_costs.kind, work_order_costs.amount, work_order_costs.incurred_on)
			IS DISTINCT FROM (excluded.asset_id, excluded.kind, excluded.amount, excluded.incurred_on)
		RETURNING id),
	changed AS (SELECT line FROM gone UNION ALL SELECT src.line FROM put JOIN src ON src.cost_id = put.id),
	audited AS (INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id, before, after, reason)
		SELECT $1, src.extra_id, $3, $4, $5, 'work_order.import_cost', 'work_order', w.id,
			CASE WHEN old.line IS NOT NULL THEN jsonb_build_object('amount', old.amount::text) END,
			CASE WHEN src.cost <> 0 THEN jsonb_build_object('kind', src.cost_kind, 'amount', src.cost::text) END, 'import'
		FROM changed JOIN src USING (line) JOIN work_orders w ON w.tenant_id = $1 AND w.import_key = src.import_key
		LEFT JOIN old USING (line))
	SELECT line FROM changed`

const importMeters = `,
	ins AS (INSERT INTO meters (tenant_id, id, asset_id, name, unit, kind, created_at, updated_at)
		SELECT DISTINCT ON (src.asset_id) $1, src.extra_id, src.asset_id, $6, $7, 'gauge', $3, $3
		FROM src WHERE src.reading IS NOT NULL AND $6 <> '' ORDER BY src.asset_id, src.line
		ON CONFLICT (tenant_id, asset_id, name) DO NOTHING RETURNING id, asset_id),
	audited AS (INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id, after, reason)
		SELECT $1, src.meter_audit_id, $3, $4, $5, 'meter.import', 'meter', ins.id, jsonb_build_object('name', $6, 'unit', $7), 'import'
		FROM ins JOIN src ON src.extra_id = ins.id)
	SELECT src.line FROM ins JOIN src ON src.extra_id = ins.id`

// The file's last reading of a meter and moment counts; the reader has dropped the others.
const importReadings = `,
	put AS (INSERT INTO meter_readings (tenant_id, id, meter_id, value, read_at, actor_id, created_at)
		SELECT $1, src.extra_id, m.id, src.reading, src.at, $4, $3
		FROM src JOIN meters m ON m.tenant_id = $1 AND m.asset_id = src.asset_id AND m.name = $6
		WHERE src.reading IS NOT NULL
		ON CONFLICT (tenant_id, meter_id, read_at) DO UPDATE SET value = excluded.value WHERE meter_readings.value <> excluded.value
		RETURNING meter_id, read_at, value),
	latest AS (SELECT DISTINCT ON (meter_id) meter_id, read_at, value FROM put ORDER BY meter_id, read_at DESC),
	upd AS (UPDATE meters m SET last_value = latest.value, last_read_at = latest.read_at, updated_at = $3 FROM latest
		WHERE m.tenant_id = $1 AND m.id = latest.meter_id AND latest.read_at >= coalesce(m.last_read_at, '-infinity'))
	SELECT src.line FROM put JOIN meters m ON m.tenant_id = $1 AND m.id = put.meter_id
		JOIN src ON src.asset_id = m.asset_id AND src.at = put.read_at AND src.reading = put.value`
