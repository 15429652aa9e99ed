package store

import (
	"context"
	"time"

	"mainstay/models"
)

// RecordRecovery keeps the evidence of a recovery. A repeat changes nothing.
func (s *Store) RecordRecovery(ctx context.Context, r models.Recovery) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO recoveries (id, began_at, finished_at, evidence) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO NOTHING`, r.ID, r.BeganAt, r.FinishedAt, r.Evidence)
	return translate(err)
}

// NewestRecovery reads the evidence of the newest recovery; CodeNotFound where the installation was never recovered.
func (s *Store) NewestRecovery(ctx context.Context) (models.Recovery, error) {
	return systemOne[models.Recovery](ctx, s, "recovery", `SELECT id, began_at, finished_at, evidence FROM recoveries ORDER BY began_at DESC LIMIT 1`)
}

// HeldBack begins the reason that a delivery has which a recovery held back.
const HeldBack = "Held back by the recovery "

// HoldDeliveries keeps mail and orders of a tenant from being sent that waited at the moment that a recovery replayed to, since they may have
// been sent after it, and lists them. A held order goes back to approved. A repeat lists the same.
func (s *Store) HoldDeliveries(ctx context.Context, recovery string, at time.Time) ([]models.HeldDelivery, error) {
	reason := HeldBack + recovery + ": it may have been sent already."
	waiting, err := s.deliveries(ctx, `SELECT 'mail' AS kind, tenant_id, id FROM notifications
			WHERE tenant_id = $1 AND next_action_at IS NOT NULL AND mailed_at IS NULL AND created_at <= $2
		UNION ALL SELECT 'order', tenant_id, id FROM purchase_orders
			WHERE tenant_id = $1 AND sent_at <= $2 AND issued_at IS NULL AND status = 'sent' ORDER BY 1, 3`, at)
	if err != nil {
		return nil, err
	}
	for _, w := range waiting {
		if w.Kind == "mail" {
			err = s.NotificationMailed(ctx, w.ID, reason)
		} else {
			_, err = s.RunPurchaseOrderAction(ctx, w.ID, models.PurchaseOrderIssue, PurchaseOrderStep{Refusal: reason})
		}
		if err != nil {
			return nil, err
		}
	}
	return s.deliveries(ctx, `SELECT 'mail' AS kind, n.tenant_id, n.id, u.email AS "to", n.title AS subject
			FROM notifications n JOIN users u ON u.tenant_id = n.tenant_id AND u.id = n.user_id WHERE n.tenant_id = $1 AND n.mail_error = $2
		UNION ALL SELECT 'order', o.tenant_id, o.id, s.name, o.number FROM purchase_orders o
			JOIN suppliers s ON s.tenant_id = o.tenant_id AND s.id = o.supplier_id WHERE o.tenant_id = $1 AND o.mail_error = $2 ORDER BY 1, 3`, reason)
}

func (s *Store) deliveries(ctx context.Context, query string, arg any) (found []models.HeldDelivery, err error) {
	err = s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[models.HeldDelivery](tx, query, tx.Actor.TenantID, arg)
		return err
	})
	return found, err
}
