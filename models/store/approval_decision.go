package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// DecideApproval takes the actor's answer to the question that the case asks him: decision, audit event and what follows from it in
// one transaction, which counts while Temporal is away. The case's content never changes, so its id is what he saw.
func (s *Store) DecideApproval(ctx context.Context, id uuid.UUID, decision models.ApprovalDecision, comment string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("approval_case."+string(decision), "approval_case", id); done || err != nil {
			return err
		}
		a, err := tx.lockApproval(id)
		if err != nil {
			return err
		}
		return tx.decideApproval(&a, decision, comment, "app", a.ContentHash)
	})
}

// decideApproval carries out the actor's decision on a locked case. Who may not decide is judged now, not when he was asked.
func (tx *Tx) decideApproval(
	a *models.Approval, decision models.ApprovalDecision, comment, channel string, shown []byte,
) error {
	user := tx.Actor.UserID
	people, err := tx.approvalPeople([]uuid.UUID{user}, nil, a.LocationID)
	if err != nil {
		return err
	}
	if !mayDecide(people, user) {
		return models.Lacks(models.PermissionApprovalsDecide)
	}
	if err := tx.subjectStands(*a); err != nil {
		return err
	}
	before := auditedApproval(*a)
	step, next, err := a.Decide(user, decision, comment, channel, shown, tx.Now)
	if err != nil {
		return err
	}
	decided := *step
	var asked []models.ApprovalStep
	if next {
		if asked, err = tx.askLevel(a); err != nil {
			return err
		}
	}
	if err := tx.saveApproval(*a); err != nil {
		return err
	}
	if err := tx.notifyAsked(*a, asked, models.NotifyApprovalRequested); err != nil {
		return err
	}
	if a.Status != models.ApprovalOpen {
		if err := tx.approvalEnded(*a); err != nil {
			return err
		}
	}
	return errors.Join(
		tx.fact(models.Delivery{
			Kind: models.DeliverDecision, Process: models.ProcessApproval, SubjectID: a.ID, Queue: models.QueueCore,
			Attributes: models.ProcessAttributes{DecisionID: decided.ID.String()},
		}),
		tx.Audit(Change{
			Action: "approval_case." + string(decision), SubjectType: "approval_case", SubjectID: a.ID, Before: before,
			After: auditedApproval(*a), Reason: comment,
		}),
	)
}

// subjectStands refuses a decision on a subject that is not any more what the case shows, however that came about.
func (tx *Tx) subjectStands(a models.Approval) error {
	changed := models.Conflict("What is to be approved has changed since you saw it.")
	switch {
	case a.Status != models.ApprovalOpen:
		return nil
	case a.SubjectType == models.ApprovalOfPurchaseOrder:
		current, err := txValues[bool](tx, `SELECT approval_case_id IS NOT DISTINCT FROM $3 FROM purchase_orders
			WHERE tenant_id = $1 AND id = $2`, a.TenantID, a.SubjectID, a.ID)
		if err == nil && (len(current) == 0 || !current[0]) {
			return changed
		}
		return err
	case a.SubjectType != models.ApprovalOfWorkOrder:
		return tx.assetRequestStands(a, changed)
	}
	type row struct {
		ApprovalCaseID *uuid.UUID
		Title          string
		EstimatedCost  *decimal.Decimal
	}
	w, err := txReadOne[row](tx, "work_order", `SELECT approval_case_id, title, estimated_cost FROM work_orders
		WHERE tenant_id = $1 AND id = $2`, a.TenantID, a.SubjectID)
	if err != nil {
		return err
	}
	is := a.Content
	is.Title, is.Amount.Amount = w.Title, decimal.Zero
	if w.EstimatedCost != nil {
		is.Amount.Amount = *w.EstimatedCost
	}
	if w.ApprovalCaseID == nil || *w.ApprovalCaseID != a.ID || !a.Route.Terms.Tolerates(a.Content, is) {
		return changed
	}
	return nil
}

// DelegateApproval hands the actor's question to a colleague, who may decide and neither asks for the case nor edited it.
func (s *Store) DelegateApproval(ctx context.Context, id, to uuid.UUID, reason string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("approval_case.delegate", "approval_case", id); done || err != nil {
			return err
		}
		a, err := tx.lockApproval(id)
		if err != nil {
			return err
		}
		people, err := tx.approvalPeople([]uuid.UUID{to}, nil, a.LocationID)
		if err != nil {
			return err
		}
		if !mayDecide(people, to) {
			return models.InvalidField("/to", "not_allowed", "This person may not decide approvals.")
		}
		return tx.delegateApproval(&a, tx.Actor.UserID, to, reason, people)
	})
}

func (tx *Tx) delegateApproval(a *models.Approval, from, to uuid.UUID, reason string, people []models.ApprovalPerson) error {
	before := auditedApproval(*a)
	step, err := a.Delegate(from, to, reason, placeOfPeople(people), tx.Now)
	if err != nil {
		return err
	}
	if err := tx.saveApproval(*a); err != nil {
		return err
	}
	if err := tx.notifyAsked(*a, []models.ApprovalStep{step}, models.NotifyApprovalRequested); err != nil {
		return err
	}
	wake := models.Delivery{Kind: models.DeliverRefresh, Process: models.ProcessApproval, SubjectID: a.ID, Queue: models.QueueCore}
	after := auditedApproval(*a)
	after["asked"] = to
	return errors.Join(tx.fact(wake), tx.Audit(Change{
		Action: "approval_case.delegate", SubjectType: "approval_case", SubjectID: a.ID, Before: before, After: after, Reason: reason,
	}))
}
