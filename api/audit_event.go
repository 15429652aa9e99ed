package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// AuditEvent says who changed what. before and after hold the fields that changed.
type AuditEvent struct {
	ID          uuid.UUID      `json:"id"`
	At          time.Time      `json:"at"`
	ActorID     *uuid.UUID     `json:"actor_id" doc:"null: the system"`
	ActorKind   string         `json:"actor_kind" enum:"user,api_token,system"`
	Actor       *store.Person  `json:"actor"`
	Action      string         `json:"action" example:"asset.move"`
	SubjectType string         `json:"subject_type"`
	SubjectID   uuid.UUID      `json:"subject_id"`
	Before      map[string]any `json:"before"`
	After       map[string]any `json:"after"`
	Reason      string         `json:"reason,omitempty"`
	RequestID   string         `json:"request_id,omitempty"`
	CommandID   *uuid.UUID     `json:"command_id,omitempty"`
}

type auditEventListInput struct {
	PageQuery
	Sort        string   `query:"sort" enum:"at,-at" default:"-at"`
	SubjectType []string `query:"subject_type,explode" doc:"such as work_order"`
	SubjectID   []string `query:"subject_id,explode"`
	ActorID     []string `query:"actor_id,explode"`
	Action      []string `query:"action,explode" doc:"such as work_order.complete"`
	From        string   `query:"from" maxLength:"40" doc:"an instant (RFC 3339), or a day in UTC"`
	To          string   `query:"to" maxLength:"40" doc:"an instant that no event has reached, or the last day in UTC"`
}

func (s *Server) auditEventRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/audit-events", id: "list-audit-events", tag: "Audit", permission: models.PermissionAuditRead,
		summary: "Who changed what, when and why",
	}, s.listAuditEvents)
	s.auditCheckpointRoutes()
}

func (s *Server) listAuditEvents(ctx context.Context, in *auditEventListInput) (*listOutput[AuditEvent], error) {
	var faults models.Faults
	f := store.AuditEventFilter{
		SubjectTypes: in.SubjectType, Actions: in.Action, SubjectIDs: queryIDs(&faults, "subject_id", in.SubjectID),
		ActorIDs: queryIDs(&faults, "actor_id", in.ActorID), From: queryInstant(&faults, "from", in.From, 0),
		To: queryInstant(&faults, "to", in.To, 1),
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, auditEventBody, func(page store.Page) (store.Rows[store.AuditEventView], error) {
		return s.store.AuditEvents(ctx, f, page)
	})
}

func auditEventBody(v store.AuditEventView) AuditEvent {
	e := AuditEvent{
		ID: v.ID, At: v.At, ActorKind: string(v.ActorKind), Action: v.Action, SubjectType: v.SubjectType, SubjectID: v.SubjectID,
		Before: fields(v.Before), After: fields(v.After), Reason: v.Reason, RequestID: v.RequestID, CommandID: v.CommandID,
	}
	if v.AuditEvent.ActorID != uuid.Nil {
		e.ActorID = &v.AuditEvent.ActorID
	}
	if v.ActorName != nil {
		e.Actor = &store.Person{ID: v.AuditEvent.ActorID, Name: *v.ActorName}
	}
	return e
}

// fields reads one side of an event, which the store wrote as an object; nil where there is none.
func fields(side json.RawMessage) map[string]any {
	var object map[string]any
	_ = json.Unmarshal(side, &object) // fails on an absent side only
	return object
}
