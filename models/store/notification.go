package store

import (
	"context"
	"fmt"
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
	for _, user := range users {
		if err := tx.notify(models.Notification{
			ID: models.NotificationID(cause, w.ID, user), UserID: user, Kind: kind, SubjectType: "work_order", SubjectID: w.ID,
			Title: fmt.Sprintf("%s %s", w.Number, w.Title), Body: workOrderSentence(w, action),
		}); err != nil {
			return err
		}
	}
	return nil
}

func workOrderSentence(w models.WorkOrder, action models.WorkOrderAction) string {
	switch action {
	case models.WorkOrderRemind:
		return fmt.Sprintf("Work order %s is due on %s.", w.Number, w.DueOn)
	case models.WorkOrderOverdue:
		return fmt.Sprintf("Work order %s was due on %s and is not done.", w.Number, w.DueOn)
	case models.WorkOrderEscalate:
		return fmt.Sprintf("Work order %s (%s) was due on %s and is still not done. A planner has to decide.", w.Number, w.Priority, w.DueOn)
	case models.WorkOrderWaitMaterial, models.WorkOrderMaterialReady, models.WorkOrderGranted, models.WorkOrderRefused,
		models.WorkOrderLook, models.WorkOrderEnd:
	}
	return ""
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
	const kind = "work_order.assigned"
	cause := fmt.Sprintf("%s %d", kind, w.Version) // given, taken away and given again are two causes
	for _, user := range users {
		if user == tx.Actor.UserID {
			continue
		}
		sentence := fmt.Sprintf("Work order %s (%s) is yours.", w.Number, w.Priority)
		if w.DueOn != nil {
			sentence = fmt.Sprintf("Work order %s (%s) is yours. It is due on %s.", w.Number, w.Priority, w.DueOn)
		}
		if err := tx.notify(models.Notification{
			ID: models.NotificationID(cause, w.ID, user), UserID: user, Kind: kind, SubjectType: "work_order", SubjectID: w.ID,
			Title: fmt.Sprintf("%s %s", w.Number, w.Title), Body: sentence,
		}); err != nil {
			return err
		}
	}
	return nil
}

// notify writes a notification and asks for its mail, once: the same cause again changes nothing.
func (tx *Tx) notify(n models.Notification) error {
	made, err := tx.exec(`INSERT INTO notifications (tenant_id, id, user_id, kind, subject_type, subject_id, title, body, created_at,
		next_action_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT DO NOTHING`,
		tx.Actor.TenantID, n.ID, n.UserID, n.Kind, n.SubjectType, n.SubjectID, n.Title, n.Body, tx.Now)
	if err != nil || made == 0 {
		return err
	}
	return tx.fact(models.Delivery{
		Kind: models.DeliverStart, Process: models.ProcessNotification, SubjectID: n.ID, Queue: models.QueueIntegrations,
	})
}

// NotificationView is a notification with the address of its reader.
type NotificationView struct {
	models.Notification
	Email string
}

// LoadNotification reads a notification for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadNotification(ctx context.Context, id uuid.UUID) (*NotificationView, error) {
	var found []NotificationView
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[NotificationView](tx, `UPDATE notifications n SET process_started_at = coalesce(process_started_at, $3)
			FROM users u WHERE n.tenant_id = $1 AND n.id = $2 AND u.tenant_id = n.tenant_id AND u.id = n.user_id
			RETURNING n.tenant_id, n.id, n.user_id, n.kind, n.subject_type, n.subject_id, n.title, n.body, n.created_at, n.read_at,
				n.mailed_at, n.mail_error, n.next_action_at, n.process_started_at, u.email`, tx.Actor.TenantID, id, tx.Now)
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

const notificationColumns = `SELECT n.tenant_id, n.id, n.user_id, n.kind, n.subject_type, n.subject_id, n.title, n.body, n.created_at,
	n.read_at, n.mailed_at, n.mail_error FROM notifications n WHERE n.tenant_id = $1`

var notificationOrders = map[string]order[models.Notification]{
	"created_at": {"n.created_at", "timestamptz", func(n models.Notification) string { return n.CreatedAt.Format(time.RFC3339Nano) }},
}

// Notifications lists the actor's own; unread nil: read or not.
func (s *Store) Notifications(ctx context.Context, unread *bool, p Page) (Rows[models.Notification], error) {
	actor, _ := models.ActorFrom(ctx)
	l := newListing(ctx, notificationColumns, "n.id", func(n models.Notification) string { return n.ID.String() }, notificationOrders)
	l.and("n.user_id = $%d", actor.UserID)
	if unread != nil {
		l.and("(n.read_at IS NULL) = $%d::boolean", *unread)
	}
	return l.run(ctx, s, p)
}

// Notification reads one of the actor's own.
func (s *Store) Notification(ctx context.Context, id uuid.UUID) (models.Notification, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.Notification](ctx, s, "notification", notificationColumns+` AND n.id = $2 AND n.user_id = $3`,
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
			Action: "notification.read", SubjectType: "user", SubjectID: tx.Actor.UserID, After: map[string]any{"notification_ids": marked},
		})
	})
	return len(marked), err
}
