package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// CreateSupplier adds a supplier and returns its id.
func (s *Store) CreateSupplier(ctx context.Context, fill func(*models.Supplier)) (uuid.UUID, error) {
	return createRecord(ctx, s, func(_ *Tx, r *models.Supplier) error {
		fill(r)
		return r.Validate()
	})
}

// ChangeSupplier edits a supplier; version is the one that the client has seen.
func (s *Store) ChangeSupplier(ctx context.Context, id uuid.UUID, version int, edit func(*models.Supplier)) error {
	return changeRecord(ctx, s, "change", id, &version, func(_ *Tx, r *models.Supplier) error {
		edit(r)
		return r.Validate()
	})
}

// ArchiveSupplier takes a supplier out of use; refused while an item in use is bought from it or an order is open.
func (s *Store) ArchiveSupplier(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(*Tx, *models.Supplier) error { return nil },
		`SELECT FROM items WHERE tenant_id = $1 AND supplier_id = $2 AND archived_at IS NULL`,
		`SELECT FROM purchase_orders WHERE tenant_id = $1 AND supplier_id = $2 AND status NOT IN ('closed', 'cancelled')`)
}

// RestoreSupplier takes a supplier into use again.
func (s *Store) RestoreSupplier(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(*Tx, *models.Supplier) error { return nil })
}

func supplierColumns() string {
	return `SELECT ` + columns[models.Supplier]("t") + ` FROM suppliers t WHERE t.tenant_id = $1`
}

// Supplier reads one supplier.
func (s *Store) Supplier(ctx context.Context, id uuid.UUID) (models.Supplier, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.Supplier](ctx, s, "supplier", supplierColumns()+` AND t.id = $2`, actor.TenantID, id)
}

var supplierOrders = map[string]order[models.Supplier]{
	"code":       {"t.code", "text", func(r models.Supplier) string { return r.Code }},
	"name":       {"t.name", "text", func(r models.Supplier) string { return r.Name }},
	"created_at": byTime("t.created_at", func(r models.Supplier) time.Time { return r.CreatedAt }),
}

// Suppliers lists suppliers by code, name or created_at; archived lists what is out of use instead.
func (s *Store) Suppliers(ctx context.Context, text string, archived bool, p Page) (Rows[models.Supplier], error) {
	l := newListing(ctx, supplierColumns(), "t.id", func(r models.Supplier) string { return r.ID.String() }, supplierOrders)
	l.and(archivedSQL("t", archived))
	if text != "" {
		l.and(`(t.code || ' ' || t.name) ILIKE $%d`, likeText(text))
	}
	return l.run(ctx, s, p)
}
