package activities

import (
	"context"

	"mainstay/models"
)

// LoadWorkOrder reads where the work order stands and notes that its process runs.
func (m *Maintenance) LoadWorkOrder(ctx context.Context, in ProcessInput) (ProcessState, error) {
	w, err := m.Store.LoadWorkOrder(in.context(ctx), in.ID)
	if err != nil || w == nil {
		return ProcessState{}, failed(err)
	}
	state := workOrderState(w.WorkOrder)
	if step := w.MaterialStep(w.MaterialShort); step != "" {
		state.Action, state.NextAt = string(step), w.UpdatedAt
	}
	if w.ApprovalStatus != nil {
		if step := w.ApprovalStep(*w.ApprovalStatus); step != "" {
			state.Action, state.NextAt = string(step), w.UpdatedAt
		}
	}
	return state, nil
}

// RunWorkOrderCommand carries out an admitted command in one transaction. A repeat answers the first outcome.
func (m *Maintenance) RunWorkOrderCommand(ctx context.Context, in CommandInput) (CommandResult, error) {
	return answered(m.Store.RunWorkOrderCommand(in.context(ctx), in.ID, in.CommandID, models.WorkOrderCommandName(in.Name)))
}

// RunWorkOrderAction does the automatic step that is due: reminder, overdue notice, escalation. The row decides; a step that
// was done meanwhile, or is no longer due, is not done again.
func (m *Maintenance) RunWorkOrderAction(ctx context.Context, in ActionInput) (ProcessState, error) {
	w, err := m.Store.RunWorkOrderAction(in.context(ctx), in.ID, models.WorkOrderAction(in.Action))
	return stateOf(w, err, workOrderState)
}

func workOrderState(w models.WorkOrder) ProcessState {
	action, at := w.NextAction()
	state := ProcessState{
		Exists: true, Over: w.Status.Over(), Status: string(w.Status), Version: w.Version, Action: string(action),
		NextAt: wakeAt(action == models.WorkOrderLook, at), Priority: string(w.Priority),
	}
	if w.DueAt != nil {
		state.DueAt = w.DueAt.UTC()
	}
	return state
}
