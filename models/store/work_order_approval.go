package store

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// workOrderPlace is what an approval shows of a work order beside its own row, and what policies look at.
type workOrderPlace struct {
	AssetCode    *string
	AssetName    *string
	DepartmentID *uuid.UUID
	CategoryID   *uuid.UUID
	LocationCode string
	LocationName string
	Currency     string
}

// workOrderSubject is the order as it is submitted for approval. Who changes it now is one of its editors.
func (tx *Tx) workOrderSubject(w models.WorkOrder) (models.ApprovalSubject, error) {
	place, err := txReadOne[workOrderPlace](tx, "location", `SELECT a.code AS asset_code, a.name AS asset_name, a.department_id, a.category_id,
			l.code AS location_code, l.name AS location_name, t.currency
		FROM locations l JOIN tenants t ON t.id = l.tenant_id LEFT JOIN assets a ON a.tenant_id = l.tenant_id AND a.id = $3
		WHERE l.tenant_id = $1 AND l.id = $2`, w.TenantID, w.LocationID, w.AssetID)
	if err != nil {
		return models.ApprovalSubject{}, err
	}
	amount := decimal.Zero
	if w.EstimatedCost != nil {
		amount = *w.EstimatedCost
	}
	s := models.ApprovalSubject{
		Type: models.ApprovalOfWorkOrder, ID: w.ID, RequesterID: w.RequestedBy, Amount: amount, DepartmentID: place.DepartmentID,
		CategoryID: place.CategoryID, LocationID: &w.LocationID, Content: workOrderContent(w, place, amount),
	}
	if by := tx.Actor.UserID; by != uuid.Nil && (w.RequestedBy == nil || *w.RequestedBy != by) {
		s.EditorIDs = []uuid.UUID{by}
	}
	return s, nil
}

func workOrderContent(w models.WorkOrder, place workOrderPlace, amount decimal.Decimal) models.ApprovalContent {
	c := models.ApprovalContent{Number: w.Number, Title: w.Title, Amount: models.Money{Amount: amount, Currency: place.Currency}}
	fact := func(label, text string) {
		if text != "" {
			c.Facts = append(c.Facts, models.ApprovalFact{Label: label, Text: text})
		}
	}
	if place.AssetCode != nil {
		fact("Asset", *place.AssetCode+" "+*place.AssetName)
	}
	fact("Location", place.LocationCode+" "+place.LocationName)
	fact("Why", w.Description)
	fact("Kind of work", string(w.Type))
	fact("Priority", string(w.Priority))
	if w.DueOn != nil {
		fact("Needed by", w.DueOn.String())
	}
	if w.PlannedHours != nil {
		fact("Planned hours", w.PlannedHours.String())
	}
	return c
}

// submitWorkOrder puts a new order under an approval where a policy demands one. The order is not stored yet.
func (tx *Tx) submitWorkOrder(w *models.WorkOrder, policies []models.ApprovalPolicy) error {
	amount := decimal.Zero
	if w.EstimatedCost != nil {
		amount = *w.EstimatedCost
	}
	if !models.AnyBand(policies, amount) {
		return nil // the names of its place need not be read
	}
	subject, err := tx.workOrderSubject(*w)
	if err != nil {
		return err
	}
	id, err := tx.openApprovalUnder(policies, subject)
	if err == nil && id != nil {
		w.AwaitApproval(id)
	}
	return err
}

// submitGenerated puts orders that a schedule generated, and that are stored, under an approval where a policy demands one. Where
// nobody is left to decide, the order waits for who may approve work orders: generation does not stop for it.
func (tx *Tx) submitGenerated(orders []models.WorkOrder, policies []models.ApprovalPolicy) error {
	for i := range orders {
		w := &orders[i]
		if err := tx.submitWorkOrder(w, policies); models.ErrorCode(err) == models.CodeConflict {
			w.AwaitApproval(nil)
		} else if err != nil {
			return err
		}
		if w.Status == models.WorkOrderWaitingApproval {
			tx.queue(`UPDATE work_orders SET status = $3, approval_case_id = $4, approved_at = NULL WHERE tenant_id = $1 AND id = $2`,
				w.TenantID, w.ID, string(w.Status), w.ApprovalCaseID)
		}
	}
	return nil
}

// resubmitWorkOrder judges an edit: what waits for its approval is asked anew, and a cost that rises above what was approved needs
// an approval, unless the work has begun: then it is refused. true means that the order's state changed.
func (tx *Tx) resubmitWorkOrder(before models.WorkOrder, w *models.WorkOrder) (bool, error) {
	switch {
	case before.Status == models.WorkOrderWaitingApproval && before.ApprovalCaseID != nil:
		return tx.reopenWorkOrderApproval(w)
	case w.EstimatedCost == nil || before.EstimatedCost != nil && !w.EstimatedCost.GreaterThan(*before.EstimatedCost):
		return false, nil
	}
	if covered, err := tx.approvalCovers(before.ApprovalCaseID, *w.EstimatedCost); covered || err != nil {
		return false, err
	}
	subject, err := tx.workOrderSubject(*w)
	if err != nil {
		return false, err
	}
	subject.PreviousID = before.ApprovalCaseID
	id, err := tx.openApproval(subject)
	if err != nil || id == nil {
		return false, err
	}
	if !w.NotBegun() {
		return false, models.InvalidConflict("/estimated_cost", "needs_approval", "This cost needs an approval, and the work has begun.")
	}
	w.AwaitApproval(id)
	return true, nil
}

func (tx *Tx) reopenWorkOrderApproval(w *models.WorkOrder) (bool, error) {
	subject, err := tx.workOrderSubject(*w)
	if err != nil {
		return false, err
	}
	id, err := tx.changeApproval(*w.ApprovalCaseID, subject)
	switch {
	case err != nil:
		return false, err
	case id == nil:
		w.NeedNoApproval(tx.Now)
		return true, nil
	case *id == *w.ApprovalCaseID:
		return false, nil
	}
	w.AwaitApproval(id)
	return true, nil
}

// approvalCovers reports whether an approved case allows this cost too, within its tolerance.
func (tx *Tx) approvalCovers(id *uuid.UUID, cost decimal.Decimal) (bool, error) {
	if id == nil {
		return false, nil
	}
	c, err := tx.approvalCase(*id)
	if err != nil || c.Status != models.ApprovalApproved {
		return false, err
	}
	after := c.Content
	after.Amount.Amount = cost
	return !cost.GreaterThan(c.Amount) || c.Route.Terms.Tolerates(c.Content, after), nil
}

// refusal is the reason for which an order is cancelled whose approval ended without one.
func (tx *Tx) refusal(id uuid.UUID) (string, error) {
	c, err := tx.approvalCase(id)
	if err != nil {
		return "", err
	}
	if c.Status == models.ApprovalRejected {
		return fmt.Sprintf("Not approved: %s", c.Reason), nil
	}
	return fmt.Sprintf("Not approved: the approval is %s.", c.Status), nil
}
