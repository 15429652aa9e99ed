package activities

import (
	"context"

	"mainstay/models"
	"mainstay/models/store"
)

// Approvals carries out what approvals do by themselves.
type Approvals struct{ Store *store.Store }

// LoadApproval reads where the case stands and notes that its process runs.
func (a *Approvals) LoadApproval(ctx context.Context, in ProcessInput) (ProcessState, error) {
	found, err := a.Store.LoadApproval(in.context(ctx), in.ID)
	return stateOf(found, err, approvalState)
}

// RunApprovalAction does the automatic step that is due: reminder, escalation, expiry. The rows decide; a step that was done
// meanwhile, or is no longer due, is not done again.
func (a *Approvals) RunApprovalAction(ctx context.Context, in ActionInput) (ProcessState, error) {
	found, err := a.Store.RunApprovalAction(in.context(ctx), in.ID, models.ApprovalAction(in.Action))
	return stateOf(found, err, approvalState)
}

func approvalState(a models.Approval) ProcessState {
	action, at := a.NextAction()
	return ProcessState{
		Exists: true, Over: a.Status != models.ApprovalOpen, Status: string(a.Status), Version: a.Version, Action: string(action), NextAt: at,
	}
}
