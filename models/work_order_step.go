package models

import "time"

// WorkOrderStep is one of the things that happen next to a work order: what somebody is expected to do, or what the process does
// by itself.
type WorkOrderStep struct {
	Command  WorkOrderCommandName // what a person does; empty for a step of the process
	Action   WorkOrderAction      // what the process does; empty for a person's step
	Assigned bool                 // it falls to the assignees; else to whoever may
	On       *Date                // local day at the site, where one is set
	At       *time.Time           // of the process's step
}

// NextSteps lists what is expected next, at most three steps: what a person does, what the process does if nobody does, and what
// follows. It is read from the state table and from NextAction, so that it is what will happen. A work order that is over has none.
func (w WorkOrder) NextSteps(assigned bool) []WorkOrderStep {
	path := w.normalPath(assigned)
	if len(path) == 0 {
		return nil
	}
	steps := []WorkOrderStep{w.personStep(path[0], assigned)}
	switch action, at := w.NextAction(); action {
	case WorkOrderRemind, WorkOrderOverdue, WorkOrderEscalate:
		steps = append(steps, WorkOrderStep{Action: action, At: &at})
	default: // what it does at once, or nothing that anybody notices
	}
	if len(path) > 1 {
		steps = append(steps, w.personStep(path[1], assigned))
	}
	return steps
}

// normalPath is the way to the end when nothing goes wrong.
func (w WorkOrder) normalPath(assigned bool) []WorkOrderCommandName {
	switch w.Status {
	case WorkOrderWaitingApproval:
		return []WorkOrderCommandName{WorkOrderApprove, WorkOrderSchedule}
	case WorkOrderApproved, WorkOrderWaitingMaterial:
		if !assigned {
			return []WorkOrderCommandName{WorkOrderSchedule, WorkOrderStart}
		}
		return []WorkOrderCommandName{WorkOrderStart, WorkOrderComplete}
	case WorkOrderScheduled:
		return []WorkOrderCommandName{WorkOrderStart, WorkOrderComplete}
	case WorkOrderInProgress:
		return []WorkOrderCommandName{WorkOrderComplete, WorkOrderClose}
	case WorkOrderOnHold:
		return []WorkOrderCommandName{WorkOrderResume, WorkOrderComplete}
	case WorkOrderCompleted:
		return []WorkOrderCommandName{WorkOrderClose}
	case WorkOrderClosed, WorkOrderCancelled:
	}
	return nil
}

func (w WorkOrder) personStep(command WorkOrderCommandName, assigned bool) WorkOrderStep {
	s := WorkOrderStep{Command: command}
	switch command {
	case WorkOrderStart:
		s.Assigned, s.On = assigned, w.StartOn
		if s.On == nil {
			s.On = w.DueOn
		}
	case WorkOrderComplete:
		s.Assigned, s.On = assigned, w.DueOn
	case WorkOrderResume:
		s.Assigned = assigned
	case WorkOrderApprove, WorkOrderSchedule, WorkOrderClose, WorkOrderCreate, WorkOrderAssign, WorkOrderHold, WorkOrderCancel, WorkOrderReopen:
	}
	return s
}
