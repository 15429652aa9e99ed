package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// notifyAboutWorkOrder tells the people concerned: assignees when an order is due or late, the site's planners when it is
// escalated or when nobody is assigned.
func (tx *Tx) notifyAboutWorkOrder(w models.WorkOrder, action models.WorkOrderAction) error {
	if action == models.WorkOrderRemind && w.DueAt.Before(tx.Now) {
		return nil // the overdue notice follows at once; two mails would say the same
	}
	users, err := tx.workOrderAudience(w, action)
	if err != nil {
		return err
	}
	kind := "work_order." + string(action)
	cause := fmt.Sprintf("%s %s", kind, w.DueOn)
	return tx.notifyEach(users, cause, workOrderNotification(w, kind))
}

func workOrderNotification(w models.WorkOrder, kind string) models.Notification {
	return models.Notification{
		Kind: kind, SubjectType: "work_order", SubjectID: w.ID, Title: fmt.Sprintf("%s %s", w.Number, w.Title),
		Details: models.NotificationDetails{Number: w.Number, Priority: w.Priority, DueOn: w.DueOn},
	}
}

// notifyEach tells each of the people the same about a subject, once for a cause.
func (tx *Tx) notifyEach(users []uuid.UUID, cause string, n models.Notification) error {
	for _, user := range users {
		n.ID, n.UserID = models.NotificationID(cause, n.SubjectID, user), user
		if err := tx.notify(n); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) workOrderAudience(w models.WorkOrder, action models.WorkOrderAction) ([]uuid.UUID, error) {
	var users []uuid.UUID
	if action != models.WorkOrderEscalate {
		var err error
		users, err = txValues[uuid.UUID](tx, `SELECT x.user_id FROM work_order_assignees x
			JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.user_id AND u.disabled_at IS NULL
			WHERE x.tenant_id = $1 AND x.work_order_id = $2 ORDER BY x.user_id`, w.TenantID, w.ID)
		if err != nil || len(users) > 0 {
			return users, err
		}
	}
	return txValues[uuid.UUID](tx, `SELECT u.id FROM users u WHERE u.tenant_id = $1 AND u.disabled_at IS NULL AND 'planner' = ANY (u.roles)
		AND (cardinality(u.location_ids) = 0 OR EXISTS (SELECT FROM location_paths p WHERE p.tenant_id = $1
			AND p.descendant_id = $2 AND p.ancestor_id = ANY (u.location_ids))) ORDER BY u.id`, w.TenantID, w.LocationID)
}

// notifyAssigned tells people that work was given to them; who does it himself is not told.
func (tx *Tx) notifyAssigned(w models.WorkOrder, users []uuid.UUID) error {
	const kind = models.NotifyWorkOrderAssigned
	cause := fmt.Sprintf("%s %d", kind, w.Version) // given, taken away and given again are two causes
	others := slices.DeleteFunc(slices.Clone(users), func(user uuid.UUID) bool { return user == tx.Actor.UserID })
	return tx.notifyEach(others, cause, workOrderNotification(w, kind))
}

// notify writes a notification and asks for its mail, once: the same cause again changes nothing. One that says nothing itself says
// what its kind and details do.
func (tx *Tx) notify(n models.Notification) error {
	n.Title, n.Body = n.Heading("en"), cmp.Or(n.Body, n.Text("en"))
	made, err := tx.exec(`INSERT INTO notifications (tenant_id, id, user_id, kind, subject_type, subject_id, title, body, details, created_at,
		next_action_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) ON CONFLICT DO NOTHING`,
		tx.Actor.TenantID, n.ID, n.UserID, n.Kind, n.SubjectType, n.SubjectID, n.Title, n.Body, n.Details, tx.Now)
	if err != nil || made == 0 {
		return err
	}
	if err := tx.Audit(Change{
		Action: notificationCreated, SubjectType: "notification", SubjectID: n.ID, After: map[string]any{
			"user_id": n.UserID, "kind": n.Kind, "subject_type": n.SubjectType, "subject_id": n.SubjectID,
		},
	}); err != nil {
		return err
	}
	return tx.fact(models.Delivery{
		Kind: models.DeliverStart, Process: models.ProcessNotification, SubjectID: n.ID, Queue: models.QueueIntegrations,
	})
}

// Audit events of notifications. Who reads the one stands in it, as user_id; the other's subject is the reader.
const (
	notificationCreated = "notification.create"
	notificationRead    = "notification.read"
)

// NotificationView is a notification with the address and the language of its reader.
type NotificationView struct {
	models.Notification
	Email  string
	Locale string
}

// LoadNotification reads a notification for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadNotification(ctx context.Context, id uuid.UUID) (*NotificationView, error) {
	var found []NotificationView
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[NotificationView](tx, `UPDATE notifications n SET process_started_at = coalesce(process_started_at, $3)
			FROM users u WHERE n.tenant_id = $1 AND n.id = $2 AND u.tenant_id = n.tenant_id AND u.id = n.user_id
			RETURNING n.tenant_id, n.id, n.user_id, n.kind, n.subject_type, n.subject_id, n.title, n.body, n.created_at, n.read_at,
				n.details, n.mailed_at, n.mail_error, n.next_action_at, n.process_started_at, u.email, u.locale`, tx.Actor.TenantID, id, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// NotificationMailed ends the mail's process: it was sent, or the server refused it for good (refusal says how).
func (s *Store) NotificationMailed(ctx context.Context, id uuid.UUID, refusal string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		_, err := tx.exec(`UPDATE notifications SET mailed_at = CASE WHEN $4 = '' THEN $3::timestamptz END, mail_error = $4, next_action_at = NULL
			WHERE tenant_id = $1 AND id = $2 AND next_action_at IS NOT NULL`, tx.Actor.TenantID, id, tx.Now, refusal)
		return err
	})
}

const notificationColumns = `SELECT n.tenant_id, n.id, n.user_id, n.kind, n.subject_type, n.subject_id, n.title, n.body, n.details,
	n.created_at, n.read_at, n.mailed_at, n.mail_error, u.email, u.locale
	FROM notifications n JOIN users u ON u.tenant_id = n.tenant_id AND u.id = n.user_id WHERE n.tenant_id = $1`

var notificationOrders = map[string]order[NotificationView]{
	"created_at": byTime("n.created_at", func(n NotificationView) time.Time { return n.CreatedAt }),
}

// NotificationFilter narrows the list of one's notifications; an empty field does not narrow.
type NotificationFilter struct {
	Unread *bool
	// LocationIDs keep what is about work and assets at these locations and below them, and what is about nothing that stands anywhere.
	LocationIDs []uuid.UUID
}

// Notifications lists the actor's own by created_at.
func (s *Store) Notifications(ctx context.Context, f NotificationFilter, p Page) (Rows[NotificationView], error) {
	actor, _ := models.ActorFrom(ctx)
	l := newListing(ctx, notificationColumns, "n.id", func(n NotificationView) string { return n.ID.String() }, notificationOrders)
	l.and("n.user_id = $%d", actor.UserID)
	if f.Unread != nil {
		l.and("(n.read_at IS NULL) = $%d::boolean", *f.Unread)
	}
	if len(f.LocationIDs) > 0 {
		l.and(`coalesce((SELECT bool_or(EXISTS (SELECT FROM location_paths p WHERE p.tenant_id = $1 AND p.descendant_id = x.location_id
				AND p.ancestor_id = ANY ($%d::uuid[])))
			FROM (`+subjectPlaces("= n.subject_id")+`) x), true)`, f.LocationIDs)
	}
	return l.run(ctx, s, p)
}

// Notification reads one of the actor's own.
func (s *Store) Notification(ctx context.Context, id uuid.UUID) (NotificationView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[NotificationView](ctx, s, "notification", notificationColumns+` AND n.id = $2 AND n.user_id = $3`,
		actor.TenantID, id, actor.UserID)
}

// ReadNotifications marks the actor's own as read, all of them where ids is nil, and returns how many were not. Again it changes
// nothing.
func (s *Store) ReadNotifications(ctx context.Context, ids []uuid.UUID) (int, error) {
	var marked []uuid.UUID
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		marked, err = txValues[uuid.UUID](tx, `UPDATE notifications SET read_at = $3 WHERE tenant_id = $1 AND user_id = $2
			AND read_at IS NULL AND ($4::uuid[] IS NULL OR id = ANY ($4)) RETURNING id`, tx.Actor.TenantID, tx.Actor.UserID, tx.Now, ids)
		if err != nil || len(marked) == 0 {
			return err
		}
		return tx.Audit(Change{
			Action: notificationRead, SubjectType: "user", SubjectID: tx.Actor.UserID, After: map[string]any{"notification_ids": marked},
		})
	})
	return len(marked), err
}

// notifyAboutPurchaseOrder tells who ordered, else the buyers, what an automatic step found; refusal is what the supplier's mail
// server said.
func (tx *Tx) notifyAboutPurchaseOrder(o models.PurchaseOrder, action models.PurchaseOrderAction, refusal string) error {
	switch action {
	case models.PurchaseOrderLate:
		return tx.notifyBuyers(o, fmt.Sprintf("late %s", o.PromisedOn), models.NotificationDetails{DueOn: o.PromisedOn})
	case models.PurchaseOrderIssue, models.PurchaseOrderRevoke:
		if refusal != "" {
			return tx.notifyBuyers(o, fmt.Sprintf("refused %d", o.Version), models.NotificationDetails{Reason: refusal})
		}
	case models.PurchaseOrderAgree, models.PurchaseOrderReject, models.PurchaseOrderReopen, models.PurchaseOrderLook, models.PurchaseOrderEnd:
	}
	return nil
}

// notifyBuyers tells who ordered or, where nobody did, all buyers of the tenant.
func (tx *Tx) notifyBuyers(o models.PurchaseOrder, cause string, details models.NotificationDetails) error {
	details.Number = o.Number
	users := []uuid.UUID{}
	if o.RequestedBy != nil {
		users = append(users, *o.RequestedBy)
	}
	if len(users) == 0 {
		var err error
		users, err = txValues[uuid.UUID](tx, `SELECT id FROM users WHERE tenant_id = $1 AND disabled_at IS NULL AND 'buyer' = ANY (roles) ORDER BY id`,
			o.TenantID)
		if err != nil {
			return err
		}
	}
	word, _, _ := strings.Cut(cause, " ")
	kind := "purchase_order." + word
	return tx.notifyEach(users, "purchase_order."+cause, models.Notification{
		Kind: kind, SubjectType: "purchase_order", SubjectID: o.ID, Title: o.Number, Details: details,
	})
}
