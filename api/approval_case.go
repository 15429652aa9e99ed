package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// Approval is one question to the people of its route. Its content never changes: an edit of the subject voids it, and opens another.
type Approval struct {
	ID              uuid.UUID        `json:"id"`
	Status          string           `json:"status" enum:"open,approved,rejected,withdrawn,expired,void"`
	Version         int              `json:"version"`
	Subject         ApprovalSubject  `json:"subject"`
	Amount          Money            `json:"amount" doc:"in the tenant's currency: what the policies compared"`
	Requester       *store.Person    `json:"requester,omitempty" doc:"absent where the system asked"`
	Location        *Ref             `json:"location,omitempty"`
	Content         ApprovalContent  `json:"content" doc:"what is to be approved, as it is shown"`
	ContentHash     string           `json:"content_hash" doc:"SHA-256 of the content; each decision keeps it"`
	Level           int              `json:"level" doc:"the level of the route that is asked, from 1"`
	Route           []ApprovalLevels `json:"route"`
	Difference      []ApprovalChange `json:"difference" doc:"against the approval that this one takes the place of; of a void one: what changed after it was submitted"`
	PreviousID      *uuid.UUID       `json:"previous_id,omitempty"`
	NewerID         *uuid.UUID       `json:"newer_id,omitempty" doc:"of a void one: the approval in its place"`
	AnswerBy        *time.Time       `json:"answer_by,omitempty" doc:"when somebody else is asked in the reader's place"`
	ExpiresAt       time.Time        `json:"expires_at"`
	Reason          string           `json:"reason,omitempty" doc:"why it ended as it did"`
	EndedAt         *time.Time       `json:"ended_at,omitempty"`
	EndedBy         *store.Person    `json:"ended_by,omitempty"`
	AllowedCommands []string         `json:"allowed_commands" doc:"of the reader"`
	Next            ApprovalNext     `json:"next"`
	Process         *Process         `json:"process,omitempty"`
	CreatedAt       time.Time        `json:"created_at"`
	UpdatedAt       time.Time        `json:"updated_at"`
}

// ApprovalSubject is what is to be approved.
type ApprovalSubject struct {
	Type   string    `json:"type" enum:"purchase_order,work_order,asset_disposal,asset_transfer"`
	ID     uuid.UUID `json:"id"`
	Number string    `json:"number"`
	Title  string    `json:"title"`
}

// ApprovalContent is exactly what an approver is shown.
type ApprovalContent struct {
	Title  string         `json:"title"`
	Amount Money          `json:"amount"`
	Facts  []ApprovalFact `json:"facts"`
	Lines  []ApprovalLine `json:"lines"`
}

// ApprovalFact is one named line of text.
type ApprovalFact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// ApprovalLine is one position.
type ApprovalLine struct {
	Key       string           `json:"key"`
	Text      string           `json:"text"`
	Quantity  *decimal.Decimal `json:"quantity,omitempty"`
	Unit      string           `json:"unit,omitempty"`
	UnitPrice *decimal.Decimal `json:"unit_price,omitempty"`
	Total     *decimal.Decimal `json:"total,omitempty"`
}

// ApprovalChange is one difference; before is empty for what is new, after for what was removed.
type ApprovalChange struct {
	Key    string `json:"key"`
	Label  string `json:"label"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// ApprovalLevels is one level of a case's route with the questions to its people.
type ApprovalLevels struct {
	Mode   string         `json:"mode" enum:"all,any,n_of_m"`
	Need   int            `json:"need" doc:"how many of the people have to approve"`
	Status string         `json:"status" enum:"waiting,active,passed,failed,skipped"`
	Roles  []models.Role  `json:"roles,omitempty"`
	People []store.Person `json:"people"`
	Steps  []ApprovalStep `json:"steps"`
}

// ApprovalStep is the question to one person.
type ApprovalStep struct {
	ID        uuid.UUID     `json:"id"`
	Person    store.Person  `json:"person"`
	InPlaceOf *store.Person `json:"in_place_of,omitempty"`
	Via       string        `json:"via" enum:"policy,delegation,escalation"`
	Status    string        `json:"status" enum:"pending,approved,rejected,delegated,superseded"`
	Comment   string        `json:"comment,omitempty"`
	Channel   string        `json:"channel,omitempty" enum:"app,mail"`
	AskedAt   time.Time     `json:"asked_at"`
	AnswerBy  time.Time     `json:"answer_by"`
	DecidedAt *time.Time    `json:"decided_at,omitempty"`
}

// ApprovalNext says in sentences what follows.
type ApprovalNext struct {
	Approve string `json:"approve"`
	Reject  string `json:"reject"`
	Nothing string `json:"nothing" doc:"what happens if nobody decides"`
}

// approvalRoutes lists the routes of the whole domain.
func (s *Server) approvalRoutes() {
	s.approvalPageRoutes()
	s.approvalPolicyRoutes()
	s.delegationRoutes()
	const tag, path = "Approvals", "/v1/approvals"
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-approvals", tag: tag,
		summary: "List approvals: those that wait for the reader, or did", permission: models.PermissionApprovalsRead,
	}, s.listApprovals)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-approval", tag: tag,
		summary: "Read an approval with its route and what changed", permission: models.PermissionApprovalsRead,
	}, s.getApproval)
	for _, c := range []struct {
		decision models.ApprovalDecision
		summary  string
	}{{models.DecideApprove, "Approve"}, {models.DecideReject, "Reject, which ends the approval"}} {
		register(s, operation{
			method: http.MethodPost, path: path + "/{id}/" + string(c.decision), id: string(c.decision) + "-approval", tag: tag,
			summary: c.summary, permission: models.PermissionApprovalsDecide,
		}, s.decideApproval(c.decision))
	}
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/delegate", id: "delegate-approval", tag: tag,
		summary: "Hand the question to a colleague", permission: models.PermissionApprovalsDecide,
	}, s.delegateApproval)
}

type listApprovalsInput struct {
	PageQuery
	Status      []string `query:"status,explode" enum:"open,approved,rejected,withdrawn,expired,void"`
	SubjectType []string `query:"subject_type,explode" enum:"purchase_order,work_order,asset_disposal,asset_transfer"`
	SubjectID   string   `query:"subject_id" format:"uuid"`
	Scope       string   `query:"scope" enum:"asked,requested,all" default:"asked" doc:"asked: that wait for the reader, or did; requested: that he asked for; all: for who may read the audit log"`
	Sort        string   `query:"sort" enum:"created_at,-created_at,amount,-amount" default:"created_at"`
}

func (s *Server) listApprovals(ctx context.Context, in *listApprovalsInput) (*listOutput[Approval], error) {
	subject, err := queryID("subject_id", in.SubjectID)
	if err != nil {
		return nil, err
	}
	tenant, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	filter := store.ApprovalFilter{
		Scope: store.ApprovalScope(in.Scope), Statuses: in.Status, SubjectTypes: in.SubjectType, SubjectID: subject,
	}
	actor, _ := models.ActorFrom(ctx)
	body := func(v store.ApprovalView) Approval { return approvalBody(v, actor, tenant.Currency) }
	return listPage(in.PageQuery, in.Sort, body, func(page store.Page) (store.Rows[store.ApprovalView], error) {
		return s.store.Approvals(ctx, filter, page)
	})
}

func (s *Server) getApproval(ctx context.Context, in *recordPath) (*recordOutput[Approval], error) {
	return s.readApproval(ctx, in.ID)
}

type decideApprovalInput struct {
	ID   uuid.UUID `path:"id"`
	Body *struct {
		Comment string `json:"comment,omitempty" maxLength:"2000" doc:"a rejection needs one"`
	}
}

func (s *Server) decideApproval(decision models.ApprovalDecision) func(context.Context, *decideApprovalInput) (*recordOutput[Approval], error) {
	return func(ctx context.Context, in *decideApprovalInput) (*recordOutput[Approval], error) {
		comment := ""
		if in.Body != nil {
			comment = in.Body.Comment
		}
		if err := s.store.DecideApproval(ctx, in.ID, decision, comment); err != nil {
			return nil, err
		}
		return s.readApproval(ctx, in.ID)
	}
}

type delegateApprovalInput struct {
	ID   uuid.UUID `path:"id"`
	Body struct {
		To     uuid.UUID `json:"to" doc:"a colleague who may decide, does not ask for it and has not edited it"`
		Reason string    `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

func (s *Server) delegateApproval(ctx context.Context, in *delegateApprovalInput) (*recordOutput[Approval], error) {
	if err := s.store.DelegateApproval(ctx, in.ID, in.Body.To, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.readApproval(ctx, in.ID)
}

func (s *Server) readApproval(ctx context.Context, id uuid.UUID) (*recordOutput[Approval], error) {
	v, err := s.store.Approval(ctx, id)
	if err != nil {
		return nil, err
	}
	tenant, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	actor, _ := models.ActorFrom(ctx)
	body := approvalBody(v, actor, tenant.Currency)
	body.Process = s.process(ctx, models.ProcessApproval, v.TenantID, v.ID)
	return &recordOutput[Approval]{Location: "/v1/approvals/" + id.String(), ETag: etag(v.Version), Body: body}, nil
}

func approvalBody(v store.ApprovalView, reader models.Actor, currency string) Approval {
	approve, reject := v.SubjectType.Consequences()
	a := Approval{
		ID: v.ID, Status: string(v.Status), Version: v.Version, Amount: moneyOf(v.Amount, currency), Content: contentBody(v.Content),
		Subject:     ApprovalSubject{Type: string(v.SubjectType), ID: v.SubjectID, Number: v.Content.Number, Title: v.Content.Title},
		ContentHash: hex.EncodeToString(v.ContentHash), Level: v.Level + 1, Route: routeBody(v), Difference: []ApprovalChange{},
		PreviousID: v.PreviousID, NewerID: v.NewerID, ExpiresAt: v.ExpiresAt, Reason: v.Reason, EndedAt: v.EndedAt,
		AllowedCommands: []string{}, Next: ApprovalNext{Approve: approve, Reject: reject, Nothing: v.IfNobodyDecides()},
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
	if v.RequesterID != nil && v.RequesterName != nil {
		a.Requester = &store.Person{ID: *v.RequesterID, Name: *v.RequesterName}
	}
	if v.EndedBy != nil && v.EndedByName != nil {
		a.EndedBy = &store.Person{ID: *v.EndedBy, Name: *v.EndedByName}
	}
	a.Location = refOf(v.LocationID, v.LocationCode, v.LocationName)
	for _, c := range v.Changes() {
		a.Difference = append(a.Difference, ApprovalChange(c))
	}
	if step := v.StepOf(reader.UserID); step != nil {
		a.AnswerBy = &step.EscalateAt
		if reader.Can(models.PermissionApprovalsDecide) {
			a.AllowedCommands = []string{"approve", "reject", "delegate"}
		}
	}
	return a
}

func contentBody(c models.ApprovalContent) ApprovalContent {
	out := ApprovalContent{
		Title: c.Title, Amount: moneyOf(c.Amount.Amount, c.Amount.Currency), Facts: []ApprovalFact{}, Lines: []ApprovalLine{},
	}
	for _, f := range c.Facts {
		out.Facts = append(out.Facts, ApprovalFact(f))
	}
	for _, l := range c.Lines {
		out.Lines = append(out.Lines, ApprovalLine(l))
	}
	return out
}

func routeBody(v store.ApprovalView) []ApprovalLevels {
	route := make([]ApprovalLevels, len(v.Route.Levels))
	for i, l := range v.Route.Levels {
		level := ApprovalLevels{
			Mode: string(l.Mode), Need: l.Need, Status: levelStatus(v.ApprovalCase, i), Roles: l.Roles, People: []store.Person{}, Steps: []ApprovalStep{},
		}
		for _, p := range v.People {
			if slices.Contains(l.SeatIDs, p.ID) {
				level.People = append(level.People, p)
			}
		}
		for _, s := range v.Steps {
			if s.Level == i {
				level.Steps = append(level.Steps, stepBody(s))
			}
		}
		route[i] = level
	}
	return route
}

func levelStatus(c models.ApprovalCase, level int) string {
	switch {
	case level < c.Level || (level == c.Level && c.Status == models.ApprovalApproved):
		return "passed"
	case level > c.Level && c.Status == models.ApprovalOpen:
		return "waiting"
	case level > c.Level:
		return "skipped"
	case c.Status == models.ApprovalOpen:
		return "active"
	}
	return "failed"
}

func stepBody(s store.ApprovalStepView) ApprovalStep {
	out := ApprovalStep{
		ID: s.ID, Person: s.User, Via: string(s.Via), Status: string(s.Status), Comment: s.Comment, Channel: s.Channel, AskedAt: s.AskedAt,
		AnswerBy: s.EscalateAt, DecidedAt: s.DecidedAt,
	}
	if s.Seat.ID != s.User.ID {
		out.InPlaceOf = &s.Seat
	}
	return out
}
