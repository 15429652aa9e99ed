package store

import (
	"fmt"

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
	case models.WorkOrderLook, models.WorkOrderEnd:
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
