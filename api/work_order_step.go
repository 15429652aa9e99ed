package api

import (
	"slices"
	"time"

	"mainstay/models"
	"mainstay/models/store"
)

// WorkOrderStep is one of the things that happen next to a work order. The frontend makes a sentence of it.
type WorkOrderStep struct {
	Code       string            `json:"code" enum:"approve,schedule,start,resume,complete,close,remind,overdue,escalate" doc:"what a person or the process does"`
	By         string            `json:"by" enum:"people,process"`
	People     []store.Person    `json:"people" doc:"who is expected to; empty: whoever holds the permission"`
	Permission models.Permission `json:"permission,omitempty" doc:"what a person needs for it"`
	Mine       bool              `json:"mine" doc:"it is the reader's turn"`
	On         *models.Date      `json:"on,omitempty" format:"date" doc:"local day at the site"`
	At         *time.Time        `json:"at,omitempty"`
}

// workOrderSteps says what happens next, as the reader sees it. Only the first step can be anybody's turn.
func workOrderSteps(v store.WorkOrderView, reader models.Actor) []WorkOrderStep {
	steps := v.NextSteps(len(v.Assignees) > 0)
	out := make([]WorkOrderStep, len(steps))
	for i, s := range steps {
		out[i] = WorkOrderStep{Code: string(s.Command), By: "people", People: []store.Person{}, On: s.On, At: s.At}
		if s.Command == "" {
			out[i].Code, out[i].By = string(s.Action), "process"
			continue
		}
		if s.Assigned {
			out[i].People = v.Assignees
		}
		out[i].Permission = permissionOf(s.Command)
		out[i].Mine = i == 0 && reader.Can(out[i].Permission) &&
			(!s.Assigned || slices.ContainsFunc(v.Assignees, func(p store.Person) bool { return p.ID == reader.UserID }))
	}
	return out
}

func permissionOf(command models.WorkOrderCommandName) models.Permission {
	for _, r := range workOrderCommandRoutes {
		if r.name == command {
			return r.permission
		}
	}
	return ""
}
