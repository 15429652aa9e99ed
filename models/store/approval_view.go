package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// ApprovalView is a case as people read it.
type ApprovalView struct {
	models.ApprovalCase
	RequesterName *string
	EndedByName   *string
	LocationCode  *string
	LocationName  *string
	NewerID       *uuid.UUID // of a void case: the one in its place
	Steps         []ApprovalStepView
	People        []Person // of the route's seats and escalation
}

// ApprovalStepView is a step with names, in the order in which people were asked.
type ApprovalStepView struct {
	ID          uuid.UUID                 `json:"id"`
	Level       int                       `json:"level"`
	Seat        Person                    `json:"seat"`
	User        Person                    `json:"user"`
	Via         models.ApprovalVia        `json:"via"`
	Status      models.ApprovalStepStatus `json:"status"`
	Comment     string                    `json:"comment"`
	Channel     string                    `json:"channel"`
	AskedAt     time.Time                 `json:"asked_at"`
	EscalateAt  time.Time                 `json:"escalate_at"`
	EscalatedAt *time.Time                `json:"escalated_at"`
	DecidedAt   *time.Time                `json:"decided_at"`
}

const approvalView = `SELECT ` + approvalCaseColumns + `, r.name AS requester_name, e.name AS ended_by_name, l.code AS location_code,
	l.name AS location_name,
	(SELECT n.id FROM approval_cases n WHERE n.tenant_id = c.tenant_id AND n.previous_id = c.id LIMIT 1) AS newer_id,
	(SELECT coalesce(json_agg(json_build_object('id', s.id, 'level', s.level, 'via', s.via, 'status', s.status, 'comment', s.comment,
			'seat', json_build_object('id', s.seat_id, 'name', seat.name), 'user', json_build_object('id', s.user_id, 'name', u.name),
			'channel', s.channel, 'asked_at', s.asked_at, 'escalate_at', s.escalate_at, 'escalated_at', s.escalated_at,
			'decided_at', s.decided_at) ORDER BY s.level, s.asked_at, s.id), '[]')
		FROM approval_steps s JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
		JOIN users seat ON seat.tenant_id = s.tenant_id AND seat.id = s.seat_id
		WHERE s.tenant_id = c.tenant_id AND s.case_id = c.id) AS steps,
	(SELECT coalesce(json_agg(json_build_object('id', u.id, 'name', u.name) ORDER BY u.name), '[]') FROM users u WHERE u.tenant_id = c.tenant_id
		AND u.id IN (SELECT (x #>> '{}')::uuid FROM jsonb_path_query(c.route, '$.levels[*].seat_ids[*]') x
			UNION SELECT (x #>> '{}')::uuid FROM jsonb_path_query(c.route, '$.escalate_to[*]') x)) AS people
	FROM approval_cases c
	LEFT JOIN users r ON r.tenant_id = c.tenant_id AND r.id = c.requester_id
	LEFT JOIN users e ON e.tenant_id = c.tenant_id AND e.id = c.ended_by
	LEFT JOIN locations l ON l.tenant_id = c.tenant_id AND l.id = c.location_id
	WHERE c.tenant_id = $1`

// mineSQL holds for cases that the person of the argument asked for, edited or was asked about.
const mineSQL = `(c.requester_id = $%[1]d OR c.editor_ids @> ARRAY [$%[1]d::uuid] OR EXISTS (SELECT FROM approval_steps m
	WHERE m.tenant_id = c.tenant_id AND m.case_id = c.id AND m.user_id = $%[1]d))`

// Approval reads one case that the actor has to do with; who may read the audit log reads all.
func (s *Store) Approval(ctx context.Context, id uuid.UUID) (ApprovalView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[ApprovalView](ctx, s, "approval", approvalView+` AND c.id = $2 AND ($4 OR `+fmt.Sprintf(mineSQL, 3)+`)`,
		actor.TenantID, id, actor.UserID, actor.Can(models.PermissionAuditRead))
}

// ApprovalScope says whose cases a list shows.
type ApprovalScope string

// Scopes of the list.
const (
	ApprovalsAsked     ApprovalScope = "asked"     // that wait for the actor, or did
	ApprovalsRequested ApprovalScope = "requested" // that the actor asked for
	ApprovalsAll       ApprovalScope = "all"       // of the tenant; for who may read the audit log
)

// ApprovalFilter narrows the list of cases.
type ApprovalFilter struct {
	Scope        ApprovalScope
	Statuses     []string
	SubjectTypes []string
	SubjectID    *uuid.UUID
}

var approvalOrders = map[string]order[ApprovalView]{
	"created_at": byTime("c.created_at", func(v ApprovalView) time.Time { return v.CreatedAt }),
	"amount":     {"c.amount", "numeric", func(v ApprovalView) string { return v.Amount.String() }},
}

// Approvals lists cases by created_at or amount.
func (s *Store) Approvals(ctx context.Context, f ApprovalFilter, p Page) (Rows[ApprovalView], error) {
	actor, _ := models.ActorFrom(ctx)
	l := newListing(ctx, approvalView, "c.id", func(v ApprovalView) string { return v.ID.String() }, approvalOrders)
	switch f.Scope {
	case ApprovalsRequested:
		l.and("c.requester_id = $%d", actor.UserID)
	case ApprovalsAll:
		if !actor.Can(models.PermissionAuditRead) {
			return Rows[ApprovalView]{}, models.Forbidden("Only who may read the audit log sees everybody's approvals.")
		}
	case ApprovalsAsked:
		l.and(`EXISTS (SELECT FROM approval_steps m WHERE m.tenant_id = c.tenant_id AND m.case_id = c.id AND m.user_id = $%d
			AND (c.status <> 'open' OR m.status = 'pending'))`, actor.UserID)
	}
	in(l, "c.status", "text[]", f.Statuses)
	in(l, "c.subject_type", "text[]", f.SubjectTypes)
	if f.SubjectID != nil {
		l.and("c.subject_id = $%d", *f.SubjectID)
	}
	return l.run(ctx, s, p)
}

// StepOf is the open question to a person; nil where he has none.
func (v *ApprovalView) StepOf(user uuid.UUID) *ApprovalStepView {
	for i := range v.Steps {
		if s := &v.Steps[i]; s.User.ID == user && s.Status == models.StepPending && v.Status == models.ApprovalOpen {
			return s
		}
	}
	return nil
}

// Changes are those of a void case after it was submitted; of any other against the case in whose place it stands.
func (v *ApprovalView) Changes() []models.ApprovalChange {
	if v.Status == models.ApprovalVoid && v.NextContent != nil {
		return models.ApprovalDifference(v.Content, *v.NextContent)
	}
	return v.Difference
}

// IfNobodyDecides says in a sentence what the process does by itself.
func (v *ApprovalView) IfNobodyDecides() string {
	names := ""
	for _, p := range v.People {
		if slices.Contains(v.Route.EscalateTo, p.ID) {
			if names != "" {
				names += ", "
			}
			names += p.Name
		}
	}
	if names == "" {
		names = "an administrator"
	}
	return fmt.Sprintf("After %d working days %s is asked too. It ends without a decision on %s.", v.Route.Terms.EscalateDays, names,
		v.ExpiresAt.Format(time.DateOnly))
}
