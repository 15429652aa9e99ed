package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// Found is a row that a search or a scan found.
type Found struct {
	Kind models.SearchKind
	ID   uuid.UUID
	Code string // or its number
	Name string
}

// Each query takes $1 tenant, $2 the text, $3 the actor's location scope, $4 how many, $5 the text as a pattern, $6 the locations that
// were asked for. A code that begins with the text comes first. 1000 bounds the candidates of a broad text before they are sorted:
// sorting all costs seconds.
var searchQueries = map[models.SearchKind]string{
	models.SearchAsset: `SELECT 'asset' AS kind, x.id, x.code, x.name FROM assets x
		WHERE x.tenant_id = $1 AND x.archived_at IS NULL AND x.id IN (SELECT search_assets($2, 1000, $3, $6))` +
		searchEnd("x.code", "x.name"),
	models.SearchLocation: `SELECT 'location' AS kind, x.id, x.code, x.name FROM locations x
		WHERE x.tenant_id = $1 AND x.archived_at IS NULL AND (x.code || ' ' || x.name) ILIKE $5 AND ` + searchWithin("x.id") +
		searchEnd("x.code", "x.name"),
	models.SearchWorkOrder: `SELECT 'work_order' AS kind, x.id, x.number AS code, x.title AS name FROM work_orders x
		WHERE x.tenant_id = $1 AND x.id IN (SELECT search_work_orders($2, 1000, $3, $6))` +
		searchEnd("x.number", "x.title"),
	models.SearchWorkRequest: `SELECT 'work_request' AS kind, x.id, x.number AS code, x.title AS name FROM work_requests x
		WHERE x.tenant_id = $1 AND (x.number || ' ' || x.title) ILIKE $5 AND ` + searchWithin("x.location_id") +
		searchEnd("x.number", "x.title"),
	models.SearchMaintenanceSchedule: `SELECT 'maintenance_schedule' AS kind, x.id, x.number AS code, x.title AS name
		FROM maintenance_schedules x
		WHERE x.tenant_id = $1 AND (x.number || ' ' || x.title) ILIKE $5 AND ` + searchWithin("x.location_id") +
		searchEnd("x.number", "x.title"),
	models.SearchItem: `SELECT 'item' AS kind, x.id, x.code, x.name FROM items x
		WHERE x.tenant_id = $1 AND x.archived_at IS NULL AND (x.code || ' ' || x.name) ILIKE $5 AND $3::uuid[] IS NOT NULL AND $6::uuid[] IS NOT NULL` +
		searchEnd("x.code", "x.name"),
	models.SearchSupplier: `SELECT 'supplier' AS kind, x.id, x.code, x.name FROM suppliers x
		WHERE x.tenant_id = $1 AND x.archived_at IS NULL AND (x.code || ' ' || x.name) ILIKE $5 AND $3::uuid[] IS NOT NULL AND $6::uuid[] IS NOT NULL` +
		searchEnd("x.code", "x.name"),
	models.SearchPurchaseOrder: `SELECT 'purchase_order' AS kind, x.id, x.number AS code, p.name FROM purchase_orders x
		JOIN suppliers p ON p.tenant_id = x.tenant_id AND p.id = x.supplier_id
		WHERE x.tenant_id = $1 AND (x.number || ' ' || p.name) ILIKE $5 AND $3::uuid[] IS NOT NULL AND $6::uuid[] IS NOT NULL` +
		searchEnd("x.number", "x.number DESC"),
	models.SearchRequisition: `SELECT 'requisition' AS kind, x.id, x.number AS code, coalesce(nullif(x.note, ''), l.description) AS name FROM requisitions x
		JOIN requisition_lines l ON l.tenant_id = x.tenant_id AND l.requisition_id = x.id AND l.line = 1
		WHERE x.tenant_id = $1 AND (x.number || ' ' || x.note || ' ' || l.description) ILIKE $5 AND $3::uuid[] IS NOT NULL AND $6::uuid[] IS NOT NULL` +
		searchEnd("x.number", "x.number DESC"),
}

// searchWithin binds a location column to the actor's locations and to those that were asked for.
func searchWithin(column string) string { return scopeSQL(column, 3) + " AND " + scopeSQL(column, 6) }

func searchEnd(code, name string) string {
	return ` AND $2::text IS NOT NULL AND $5::text IS NOT NULL ORDER BY starts_with(lower(` + code + `), lower($2)) DESC, ` + name + `, x.id LIMIT $4`
}

// Search finds rows whose code, number, name or serial number holds the text: up to limit of each kind that the actor may read, in
// one round trip. Locations keep to what stands there and below; what stands nowhere, an item, a supplier or an order to one, is found wherever one looks.
func (s *Store) Search(ctx context.Context, text string, kinds []models.SearchKind, locations []uuid.UUID, limit int) ([]Found, error) {
	actor, _ := models.ActorFrom(ctx)
	found := []Found{}
	err := s.readBatch(ctx, func(b *pgx.Batch) {
		for _, kind := range kinds {
			query, ok := searchQueries[kind]
			if !ok || !actor.MayFind(kind) {
				continue
			}
			b.Queue(query, actor.TenantID, text, scopeOf(actor), limit, likeText(text), notNull(locations)).Query(func(r pgx.Rows) error {
				rows, err := pgx.CollectRows(r, pgx.RowToStructByNameLax[Found])
				found = append(found, rows...)
				return err
			})
		}
	})
	return found, err
}

// What a scanner reads may be a barcode, a code, a serial number or the number of an order of work or to a supplier; the label that is made to be scanned wins.
var selectScanned = `SELECT kind, id, code, name FROM (
		SELECT 'asset' AS kind, a.id, a.code, a.name, CASE WHEN a.barcode = $2 THEN 0 WHEN a.code = $2 THEN 1 ELSE 2 END AS rank
		FROM assets a WHERE a.tenant_id = $1 AND (a.barcode = $2 OR a.code = $2 OR a.serial_number = $2)
			AND a.archived_at IS NULL AND ` + scopeSQL("a.location_id", 3) + `
		UNION ALL SELECT 'item', i.id, i.code, i.name, CASE WHEN i.barcode = $2 THEN 0 ELSE 1 END
		FROM items i WHERE i.tenant_id = $1 AND (i.barcode = $2 OR i.code = $2) AND i.archived_at IS NULL
		UNION ALL SELECT 'location', l.id, l.code, l.name, 3
		FROM locations l WHERE l.tenant_id = $1 AND l.code = $2 AND l.archived_at IS NULL AND ` + scopeSQL("l.id", 3) + `
		UNION ALL SELECT 'work_order', w.id, w.number, w.title, 4
		FROM work_orders w WHERE w.tenant_id = $1 AND w.number = $2 AND ` + scopeSQL("w.location_id", 3) + `
		UNION ALL SELECT 'purchase_order', o.id, o.number, p.name, 4
		FROM purchase_orders o JOIN suppliers p ON p.tenant_id = o.tenant_id AND p.id = o.supplier_id
		WHERE o.tenant_id = $1 AND o.number = $2
		UNION ALL SELECT 'requisition', r.id, r.number, r.note, 4 FROM requisitions r WHERE r.tenant_id = $1 AND r.number = $2
	) found WHERE kind = ANY($4::text[]) ORDER BY rank LIMIT 1`

// Scanned finds the row that a scanned code means; CodeNotFound where there is none that the actor may read.
func (s *Store) Scanned(ctx context.Context, code string) (Found, error) {
	actor, _ := models.ActorFrom(ctx)
	readable := []string{}
	for _, kind := range models.SearchKinds() {
		if actor.MayFind(kind) {
			readable = append(readable, string(kind))
		}
	}
	return readOne[Found](ctx, s, "code", selectScanned, actor.TenantID, code, scopeOf(actor), readable)
}
