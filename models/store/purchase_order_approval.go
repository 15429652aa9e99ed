package store

import (
	"fmt"

	"github.com/google/uuid"

	"mainstay/models"
)

// orderFacts is what an approval shows of an order beside its own row.
type orderFacts struct {
	Supplier    string
	Department  *string
	Requisition *string
	Why         *string // the requisition's note
	Editors     []uuid.UUID
}

// orderSubject is the order as it is submitted for approval. Who submits it, and whoever changed it after an earlier submission, is
// one of its editors.
func (tx *Tx) orderSubject(o models.PurchaseOrder, lines []models.PurchaseOrderLine) (models.ApprovalSubject, error) {
	content, facts, err := tx.orderContent(o, lines)
	if err != nil {
		return models.ApprovalSubject{}, err
	}
	s := models.ApprovalSubject{
		Type: models.ApprovalOfPurchaseOrder, ID: o.ID, RequesterID: o.RequestedBy, Amount: o.BaseAmount, DepartmentID: o.DepartmentID,
		Content: content, PreviousID: o.ApprovalCaseID,
	}
	for _, editor := range append(facts.Editors, tx.Actor.UserID) {
		if editor != uuid.Nil && (o.RequestedBy == nil || *o.RequestedBy != editor) {
			s.EditorIDs = append(s.EditorIDs, editor)
		}
	}
	return s, nil
}

func (tx *Tx) orderContent(o models.PurchaseOrder, lines []models.PurchaseOrderLine) (models.ApprovalContent, orderFacts, error) {
	facts, err := txReadOne[orderFacts](tx, "supplier", `SELECT s.code || ' ' || s.name AS supplier, d.name AS department, r.number AS requisition,
			nullif(r.note, '') AS why, ARRAY (SELECT DISTINCT v.actor_id FROM purchase_order_revisions v
				WHERE v.tenant_id = $1 AND v.purchase_order_id = $3) AS editors
		FROM suppliers s
		LEFT JOIN departments d ON d.tenant_id = s.tenant_id AND d.id = $4
		LEFT JOIN requisitions r ON r.tenant_id = s.tenant_id AND r.id = $5
		WHERE s.tenant_id = $1 AND s.id = $2`, o.TenantID, o.SupplierID, o.ID, o.DepartmentID, o.RequisitionID)
	if err != nil {
		return models.ApprovalContent{}, facts, err
	}
	c := models.ApprovalContent{
		Number: o.Number, Title: "Order to " + facts.Supplier, Amount: models.Money{Amount: o.BaseAmount, Currency: o.BaseCurrency},
		Facts: []models.ApprovalFact{{Label: "Supplier", Text: facts.Supplier}},
	}
	fact := func(label string, text *string) {
		if text != nil && *text != "" {
			c.Facts = append(c.Facts, models.ApprovalFact{Label: label, Text: *text})
		}
	}
	if o.Currency != o.BaseCurrency {
		foreign := fmt.Sprintf("%s %s at %s", o.Amount.StringFixed(models.MinorDigits(o.Currency)), o.Currency, o.Rate)
		fact("Order amount", &foreign)
	}
	fact("Department", facts.Department)
	fact("Requisition", facts.Requisition)
	fact("Why", facts.Why)
	fact("Note", &o.Note)
	if o.PromisedOn != nil {
		promised := o.PromisedOn.String()
		fact("First delivery", &promised)
	}
	for _, l := range lines {
		c.Lines = append(c.Lines, models.ApprovalLine{
			Key: l.ID.String(), Text: l.Description, Quantity: &l.Quantity, Unit: l.Unit, UnitPrice: &l.UnitPrice, Total: &l.Amount,
		})
	}
	return c, facts, nil
}

// submitForApproval asks for the approval of an order that is submitted; where no policy matches it is approved at once.
func (tx *Tx) submitForApproval(policies []models.ApprovalPolicy, o *models.PurchaseOrder, lines []models.PurchaseOrderLine) error {
	id, err := tx.openOrderApproval(policies, *o, lines)
	if err != nil {
		return err
	}
	tx.putUnder(id, o)
	return nil
}

// putUnder has the order wait for its approval case; without one it is approved at once.
func (tx *Tx) putUnder(id *uuid.UUID, o *models.PurchaseOrder) {
	if id == nil {
		o.ApprovalCaseID = nil
		o.Approve(tx.Now)
		return
	}
	o.AwaitApproval(*id)
}

// openOrderApproval opens the case of an order, unless no policy asks for one.
func (tx *Tx) openOrderApproval(
	policies []models.ApprovalPolicy, o models.PurchaseOrder, lines []models.PurchaseOrderLine,
) (*uuid.UUID, error) {
	if len(policies) == 0 {
		return nil, nil //nolint:nilnil // no policy, no case
	}
	subject, err := tx.orderSubject(o, lines)
	if err != nil {
		return nil, err
	}
	return tx.openApprovalUnder(policies, subject)
}

// resubmit puts an edited order that waits for its approval to whoever has to decide about what it is now.
func (tx *Tx) resubmit(before models.PurchaseOrder, o *models.PurchaseOrder, lines []models.PurchaseOrderLine) error {
	if before.Status != models.PurchaseOrderPendingApproval || before.ApprovalCaseID == nil {
		return nil
	}
	subject, err := tx.orderSubject(*o, lines)
	if err != nil {
		return err
	}
	id, err := tx.changeApproval(*before.ApprovalCaseID, subject)
	if err != nil {
		return err
	}
	tx.putUnder(id, o)
	return nil
}

// stillApproved reports whether the approval of the order counts for its edited content, lines, too: within its tolerance.
func (tx *Tx) stillApproved(o models.PurchaseOrder, lines []models.PurchaseOrderLine) (bool, error) {
	if o.Status != models.PurchaseOrderApproved || o.ApprovalCaseID == nil {
		return false, nil
	}
	c, err := tx.approvalCase(*o.ApprovalCaseID)
	if err != nil || c.Status != models.ApprovalApproved {
		return false, err
	}
	o.Total(lines)
	content, _, err := tx.orderContent(o, lines)
	return err == nil && c.Route.Terms.Tolerates(c.Content, content), err
}

// withdrawFromApproval takes an order back from whoever had to decide.
func (tx *Tx) withdrawFromApproval(before models.PurchaseOrder, reason string) error {
	if before.Status != models.PurchaseOrderPendingApproval || before.ApprovalCaseID == nil {
		return nil
	}
	return tx.withdrawApproval(*before.ApprovalCaseID, reason)
}

// approvalStatus is how the case stands that the order waits for; "" where it waits for none.
func (tx *Tx) approvalStatus(o models.PurchaseOrder) (models.ApprovalStatus, error) {
	if o.Status != models.PurchaseOrderPendingApproval || o.ApprovalCaseID == nil {
		return "", nil
	}
	c, err := tx.approvalCase(*o.ApprovalCaseID)
	return c.Status, err
}

// rejectionReason is what the person said who rejected the order.
func (tx *Tx) rejectionReason(o models.PurchaseOrder) (string, error) {
	c, err := tx.approvalCase(*o.ApprovalCaseID)
	return c.Reason, err
}
