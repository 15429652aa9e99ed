package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// PurchaseOrderDocument is what an order's document is set from.
type PurchaseOrderDocument struct {
	PurchaseOrderView
	Company string               // the tenant's name
	Codes   map[uuid.UUID]string // by item: the supplier's own number, else ours
}

// PurchaseOrderDocument reads an order with what its document says beside it; CodeNotFound where the actor's tenant does not have it.
func (s *Store) PurchaseOrderDocument(ctx context.Context, id uuid.UUID) (PurchaseOrderDocument, error) {
	actor, _ := models.ActorFrom(ctx)
	d := PurchaseOrderDocument{Codes: map[uuid.UUID]string{}}
	var found []PurchaseOrderView
	var lines []PurchaseOrderLineView
	err := s.readBatch(ctx, func(b *pgx.Batch) {
		queuePurchaseOrder(b, actor.TenantID, id, &found, &lines)
		b.Queue(`SELECT name FROM tenants WHERE id = $1`, actor.TenantID).QueryRow(func(r pgx.Row) error { return r.Scan(&d.Company) })
		b.Queue(`SELECT i.id, coalesce(nullif(c.supplier_code, ''), i.code) FROM purchase_orders o
			JOIN purchase_order_lines l ON l.tenant_id = o.tenant_id AND l.purchase_order_id = o.id
			JOIN items i ON i.tenant_id = l.tenant_id AND i.id = l.item_id
			LEFT JOIN catalog_entries c ON c.tenant_id = o.tenant_id AND c.supplier_id = o.supplier_id AND c.item_id = i.id AND c.archived_at IS NULL
			WHERE o.tenant_id = $1 AND o.id = $2`, actor.TenantID, id).Query(func(r pgx.Rows) error {
			var item uuid.UUID
			var code string
			_, err := pgx.ForEachRow(r, []any{&item, &code}, func() error {
				d.Codes[item] = code
				return nil
			})
			return err
		})
	})
	if err != nil {
		return PurchaseOrderDocument{}, err
	}
	d.PurchaseOrderView, err = purchaseOrderFound(found, lines)
	return d, err
}
