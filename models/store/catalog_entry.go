package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// CatalogEntryView is an entry with the names of what it points to.
type CatalogEntryView struct {
	models.CatalogEntry
	SupplierName      string
	SupplierShortCode string
	ItemCode          string
	ItemName          string
	Unit              string
}

// CreateCatalogEntry adds what a supplier asks for an item and returns the entry's id. There is one in use for both.
func (s *Store) CreateCatalogEntry(ctx context.Context, fill func(e *models.CatalogEntry, currency string)) (uuid.UUID, error) {
	return createRecord(ctx, s, func(tx *Tx, e *models.CatalogEntry) error {
		currency, err := tx.baseCurrency()
		if err != nil {
			return err
		}
		fill(e, currency)
		if err := e.Validate(); err != nil {
			return err
		}
		return tx.catalogRefs(e)
	})
}

func (tx *Tx) catalogRefs(e *models.CatalogEntry) error {
	if err := live[models.Supplier](tx, "/supplier_id", &e.SupplierID); err != nil {
		return err
	}
	if err := live[models.Item](tx, "/item_id", &e.ItemID); err != nil {
		return err
	}
	return tx.pricedIn(e)
}

// pricedIn judges the unit of an entry, and leaves it out where it is the item's own.
func (tx *Tx) pricedIn(e *models.CatalogEntry) error {
	if e.PriceUnit == nil {
		return nil
	}
	units, err := txReadOne[models.ItemUnits](tx, "item", `SELECT `+columns[models.ItemUnits]("i")+` FROM items i WHERE i.tenant_id = $1 AND i.id = $2`,
		tx.Actor.TenantID, e.ItemID)
	if err != nil {
		return err
	}
	if _, known := units.Factor(*e.PriceUnit); !known {
		return units.NotIn("/unit", *e.PriceUnit).Err()
	}
	if *e.PriceUnit == units.Unit {
		e.PriceUnit = nil
	}
	return nil
}

// baseCurrency is the tenant's.
func (tx *Tx) baseCurrency() (string, error) {
	found, err := txValues[string](tx, `SELECT currency FROM tenants WHERE id = $1`, tx.Actor.TenantID)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// ChangeCatalogEntry edits an entry; version is the one that the client has seen. Supplier and item stay.
func (s *Store) ChangeCatalogEntry(ctx context.Context, id uuid.UUID, version int, edit func(e *models.CatalogEntry, currency string)) error {
	return changeRecord(ctx, s, "change", id, &version, func(tx *Tx, e *models.CatalogEntry) error {
		currency, err := tx.baseCurrency()
		if err != nil {
			return err
		}
		edit(e, currency)
		if err := e.Validate(); err != nil {
			return err
		}
		return tx.pricedIn(e)
	})
}

// ArchiveCatalogEntry takes an entry out of use: orders that were written stay as they are.
func (s *Store) ArchiveCatalogEntry(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(*Tx, *models.CatalogEntry) error { return nil })
}

// RestoreCatalogEntry takes an entry into use again; refused while supplier or item are out of use or have another.
func (s *Store) RestoreCatalogEntry(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(tx *Tx, e *models.CatalogEntry) error { return tx.catalogRefs(e) })
}

func catalogEntryView() string {
	return `SELECT ` + columns[models.CatalogEntry]("t") + `, s.name AS supplier_name, s.code AS supplier_short_code, i.code AS item_code,
		i.name AS item_name, coalesce(t.price_unit, i.unit) AS unit
		FROM catalog_entries t JOIN suppliers s ON s.tenant_id = t.tenant_id AND s.id = t.supplier_id
		JOIN items i ON i.tenant_id = t.tenant_id AND i.id = t.item_id WHERE t.tenant_id = $1`
}

// CatalogEntry reads one entry.
func (s *Store) CatalogEntry(ctx context.Context, id uuid.UUID) (CatalogEntryView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[CatalogEntryView](ctx, s, "catalog_entry", catalogEntryView()+` AND t.id = $2`, actor.TenantID, id)
}

var catalogEntryOrders = map[string]order[CatalogEntryView]{
	"item":       {"i.code", "text", func(v CatalogEntryView) string { return v.ItemCode }},
	"created_at": byTime("t.created_at", func(v CatalogEntryView) time.Time { return v.CreatedAt }),
}

// CatalogEntryFilter narrows the list of entries.
type CatalogEntryFilter struct {
	Text        string // in the item's code or name, or the supplier's code of it
	SupplierIDs []uuid.UUID
	ItemIDs     []uuid.UUID
	Archived    bool
}

// CatalogEntries lists entries by item or created_at.
func (s *Store) CatalogEntries(ctx context.Context, f CatalogEntryFilter, p Page) (Rows[CatalogEntryView], error) {
	l := newListing(ctx, catalogEntryView(), "t.id", func(v CatalogEntryView) string { return v.ID.String() }, catalogEntryOrders)
	l.and(archivedSQL("t", f.Archived))
	in(l, "t.supplier_id", "uuid[]", f.SupplierIDs)
	in(l, "t.item_id", "uuid[]", f.ItemIDs)
	if f.Text != "" {
		l.and(`(i.code || ' ' || i.name || ' ' || t.supplier_code) ILIKE $%d`, likeText(f.Text))
	}
	return l.run(ctx, s, p)
}
