package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// ApprovalPolicy says which subjects need whose approval.
type ApprovalPolicy struct {
	ID               uuid.UUID      `json:"id"`
	Subject          string         `json:"subject"`
	Name             string         `json:"name"`
	Rules            []ApprovalRule `json:"rules"`
	ToleranceAmount  Money          `json:"tolerance_amount"`
	TolerancePercent string         `json:"tolerance_percent" example:"5"`
	RemindDays       int            `json:"remind_days"`
	EscalateDays     int            `json:"escalate_days"`
	ExpireDays       int            `json:"expire_days"`
	ArchivedAt       *time.Time     `json:"archived_at,omitempty"`
	Version          int            `json:"version"`
	CreatedAt        time.Time      `json:"created_at"`
	UpdatedAt        time.Time      `json:"updated_at"`
}

// ApprovalRule says who approves a band of amounts.
type ApprovalRule struct {
	MinAmount    *Money          `json:"min_amount,omitempty"`
	MaxAmount    *Money          `json:"max_amount,omitempty"`
	DepartmentID *uuid.UUID      `json:"department_id,omitempty"`
	CategoryID   *uuid.UUID      `json:"category_id,omitempty"`
	LocationID   *uuid.UUID      `json:"location_id,omitempty"`
	Levels       []ApprovalLevel `json:"levels"`
	EscalateTo   []uuid.UUID     `json:"escalate_to,omitempty"`
}

// ApprovalLevel is one level of a rule: the people named, and all who hold one of the roles.
type ApprovalLevel struct {
	Mode    string        `json:"mode" enum:"all,any,n_of_m"`
	N       int           `json:"n,omitempty" minimum:"1" doc:"with n_of_m: how many have to approve"`
	UserIDs []uuid.UUID   `json:"user_ids,omitempty" maxItems:"50"`
	Roles   []models.Role `json:"roles,omitempty" maxItems:"20"`
}

// ApprovalRuleInput is a rule as a client sends it. The first rule of a policy that matches counts.
type ApprovalRuleInput struct {
	MinAmount    *MoneyInput     `json:"min_amount,omitempty" doc:"from this amount on, in the tenant's currency"`
	MaxAmount    *MoneyInput     `json:"max_amount,omitempty" doc:"below this amount"`
	DepartmentID *uuid.UUID      `json:"department_id,omitempty" doc:"with what lies below, as the two after it"`
	CategoryID   *uuid.UUID      `json:"category_id,omitempty"`
	LocationID   *uuid.UUID      `json:"location_id,omitempty"`
	Levels       []ApprovalLevel `json:"levels" minItems:"1" maxItems:"10"`
	EscalateTo   []uuid.UUID     `json:"escalate_to,omitempty" maxItems:"50" doc:"who is asked where nobody answers; without any the administrators"`
}

// ApprovalPolicyBody creates a policy.
type ApprovalPolicyBody struct {
	Subject          string              `json:"subject" enum:"purchase_order,work_order,asset_disposal,asset_transfer"`
	Name             string              `json:"name,omitempty" maxLength:"300"`
	Rules            []ApprovalRuleInput `json:"rules" minItems:"1" maxItems:"50"`
	ToleranceAmount  *MoneyInput         `json:"tolerance_amount,omitempty" doc:"an edit that moves the amount by no more keeps what was approved; none by default"`
	TolerancePercent *decimal.Decimal    `json:"tolerance_percent,omitempty" doc:"the same as a part of the amount; either is enough"`
	RemindDays       *int                `json:"remind_days,omitempty" minimum:"1" maximum:"250" doc:"working days until the reminder, 1 by default"`
	EscalateDays     *int                `json:"escalate_days,omitempty" minimum:"1" maximum:"250" doc:"working days until somebody else is asked, 2 by default"`
	ExpireDays       *int                `json:"expire_days,omitempty" minimum:"1" maximum:"250" doc:"working days until it ends without a decision, 10 by default"`
}

// ApprovalPolicyPatch changes a policy. Open approvals keep the route they were opened with.
type ApprovalPolicyPatch struct {
	Name             Optional[string]              `json:"name,omitempty"`
	Rules            Optional[[]ApprovalRuleInput] `json:"rules,omitempty"`
	ToleranceAmount  Optional[MoneyInput]          `json:"tolerance_amount,omitempty"`
	TolerancePercent Optional[decimal.Decimal]     `json:"tolerance_percent,omitempty"`
	RemindDays       Optional[int]                 `json:"remind_days,omitempty"`
	EscalateDays     Optional[int]                 `json:"escalate_days,omitempty"`
	ExpireDays       Optional[int]                 `json:"expire_days,omitempty"`
}

type approvalPolicyPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body ApprovalPolicyPatch
}

type approvalPolicyListInput struct {
	PageQuery
	Subject  []string `query:"subject,explode" enum:"purchase_order,work_order,asset_disposal,asset_transfer"`
	Sort     string   `query:"sort" enum:"name,-name,created_at,-created_at" default:"created_at"`
	Archived bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) approvalPolicyRoutes() {
	n := recordNoun{
		path: "/v1/approval-policies", one: "approval policy", many: "approval policies",
		read: models.PermissionApprovalPoliciesRead, write: models.PermissionApprovalPoliciesWrite,
	}
	register(s, n.create(), s.createApprovalPolicy)
	register(s, n.list(), s.listApprovalPolicies)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[ApprovalPolicy], error) {
		return s.readApprovalPolicy(ctx, in.ID)
	})
	register(s, n.change(), s.changeApprovalPolicy)
	register(s, n.archive(), command(s.store.ArchiveApprovalPolicy, s.readApprovalPolicy))
	register(s, n.restore(), command(s.store.RestoreApprovalPolicy, s.readApprovalPolicy))
	register(s, n.operation(http.MethodPost, "/simulate", "simulate", n.one,
		"Say who would have to approve; nothing is stored", n.read), s.simulateApproval)
}

func (s *Server) createApprovalPolicy(ctx context.Context, in *struct{ Body ApprovalPolicyBody }) (*recordOutput[ApprovalPolicy], error) {
	b := in.Body
	tenant, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	id, err := s.store.CreateApprovalPolicy(ctx, func(p *models.ApprovalPolicy) error {
		p.Subject, p.Name = models.ApprovalSubjectType(b.Subject), b.Name
		apply(&p.RemindDays, b.RemindDays)
		apply(&p.EscalateDays, b.EscalateDays)
		apply(&p.ExpireDays, b.ExpireDays)
		apply(&p.TolerancePercent, b.TolerancePercent)
		if b.ToleranceAmount != nil {
			if p.ToleranceAmount, err = b.ToleranceAmount.in(tenant.Currency, "/tolerance_amount"); err != nil {
				return err
			}
		}
		return setRules(p, b.Rules, tenant.Currency)
	})
	if err != nil {
		return nil, err
	}
	return s.readApprovalPolicy(ctx, id)
}

func apply[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

func setRules(p *models.ApprovalPolicy, rules []ApprovalRuleInput, currency string) error {
	list, err := rulesOf(rules, currency)
	if err != nil {
		return err
	}
	return p.SetRules(list)
}

func rulesOf(rules []ApprovalRuleInput, currency string) ([]models.ApprovalRule, error) {
	list := make([]models.ApprovalRule, len(rules))
	for i, r := range rules {
		list[i] = models.ApprovalRule{DepartmentID: r.DepartmentID, CategoryID: r.CategoryID, LocationID: r.LocationID, EscalateTo: r.EscalateTo}
		for _, l := range r.Levels {
			list[i].Levels = append(list[i].Levels, models.ApprovalLevel{Mode: models.ApprovalMode(l.Mode), N: l.N, UserIDs: l.UserIDs, Roles: l.Roles})
		}
		for _, bound := range []struct {
			given *MoneyInput
			to    **decimal.Decimal
			name  string
		}{{r.MinAmount, &list[i].MinAmount, "min_amount"}, {r.MaxAmount, &list[i].MaxAmount, "max_amount"}} {
			if bound.given == nil {
				continue
			}
			amount, err := bound.given.in(currency, fmt.Sprintf("/rules/%d/%s", i, bound.name))
			if err != nil {
				return nil, err
			}
			*bound.to = &amount
		}
	}
	return list, nil
}

func (s *Server) listApprovalPolicies(ctx context.Context, in *approvalPolicyListInput) (*listOutput[ApprovalPolicy], error) {
	tenant, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, approvalPolicyBody(tenant.Currency), func(page store.Page) (store.Rows[models.ApprovalPolicy], error) {
		return s.store.ApprovalPolicies(ctx, in.Subject, in.Archived, page)
	})
}

func (s *Server) changeApprovalPolicy(ctx context.Context, in *approvalPolicyPatchInput) (*recordOutput[ApprovalPolicy], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	tenant, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if err := s.store.ChangeApprovalPolicy(ctx, in.ID, version, func(p *models.ApprovalPolicy) error {
		b.Name.apply(&p.Name)
		b.RemindDays.apply(&p.RemindDays)
		b.EscalateDays.apply(&p.EscalateDays)
		b.ExpireDays.apply(&p.ExpireDays)
		b.TolerancePercent.apply(&p.TolerancePercent)
		if b.ToleranceAmount.Set {
			if p.ToleranceAmount, err = b.ToleranceAmount.V.in(tenant.Currency, "/tolerance_amount"); err != nil {
				return err
			}
		}
		if !b.Rules.Set {
			return nil
		}
		return setRules(p, b.Rules.V, tenant.Currency)
	}); err != nil {
		return nil, err
	}
	return s.readApprovalPolicy(ctx, in.ID)
}

func (s *Server) readApprovalPolicy(ctx context.Context, id uuid.UUID) (*recordOutput[ApprovalPolicy], error) {
	p, err := s.store.ApprovalPolicy(ctx, id)
	if err != nil {
		return nil, err
	}
	tenant, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	return &recordOutput[ApprovalPolicy]{
		Location: "/v1/approval-policies/" + id.String(), ETag: etag(p.Version), Body: approvalPolicyBody(tenant.Currency)(p),
	}, nil
}

func approvalPolicyBody(currency string) func(models.ApprovalPolicy) ApprovalPolicy {
	return func(p models.ApprovalPolicy) ApprovalPolicy {
		out := ApprovalPolicy{
			ID: p.ID, Subject: string(p.Subject), Name: p.Name, Rules: []ApprovalRule{}, ToleranceAmount: moneyOf(p.ToleranceAmount, currency),
			TolerancePercent: p.TolerancePercent.String(), RemindDays: p.RemindDays, EscalateDays: p.EscalateDays, ExpireDays: p.ExpireDays,
			ArchivedAt: p.ArchivedAt, Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
		}
		rules, err := p.RuleList()
		if err != nil {
			panic(err) // the store holds what SetRules wrote
		}
		for _, r := range rules {
			rule := ApprovalRule{
				MinAmount: priceOf(r.MinAmount, &currency), MaxAmount: priceOf(r.MaxAmount, &currency), DepartmentID: r.DepartmentID,
				CategoryID: r.CategoryID, LocationID: r.LocationID, EscalateTo: r.EscalateTo,
			}
			for _, l := range r.Levels {
				rule.Levels = append(rule.Levels, ApprovalLevel{Mode: string(l.Mode), N: l.N, UserIDs: l.UserIDs, Roles: l.Roles})
			}
			out.Rules = append(out.Rules, rule)
		}
		return out
	}
}

// SimulateApprovalBody describes a subject that does not exist.
type SimulateApprovalBody struct {
	Subject      string              `json:"subject" enum:"purchase_order,work_order,asset_disposal,asset_transfer"`
	Amount       MoneyInput          `json:"amount" doc:"in the tenant's currency"`
	DepartmentID *uuid.UUID          `json:"department_id,omitempty"`
	CategoryID   *uuid.UUID          `json:"category_id,omitempty"`
	LocationID   *uuid.UUID          `json:"location_id,omitempty"`
	RequesterID  *uuid.UUID          `json:"requester_id,omitempty" doc:"who would ask and so may not decide; by default who simulates"`
	Rules        []ApprovalRuleInput `json:"rules,omitempty" maxItems:"50" doc:"tried instead of the policies in use"`
}

// ApprovalSimulation is who would have to approve.
type ApprovalSimulation struct {
	Needed       bool                 `json:"needed" doc:"whether an approval is needed"`
	Levels       []ApprovalRouteLevel `json:"levels"`
	EscalateTo   []store.Person       `json:"escalate_to"`
	PolicyIDs    []uuid.UUID          `json:"policy_ids"`
	RemindDays   int                  `json:"remind_days,omitempty"`
	EscalateDays int                  `json:"escalate_days,omitempty"`
	ExpireDays   int                  `json:"expire_days,omitempty"`
	Problem      string               `json:"problem,omitempty" doc:"why it could not be submitted"`
}

// ApprovalRouteLevel is one level of a route: need of the people have to approve.
type ApprovalRouteLevel struct {
	Mode   string         `json:"mode" enum:"all,any,n_of_m"`
	Need   int            `json:"need"`
	Roles  []models.Role  `json:"roles,omitempty"`
	People []store.Person `json:"people"`
}

type simulateApprovalOutput struct{ Body ApprovalSimulation }

func (s *Server) simulateApproval(ctx context.Context, in *struct{ Body SimulateApprovalBody }) (*simulateApprovalOutput, error) {
	b := in.Body
	tenant, err := s.store.Tenant(ctx)
	if err != nil {
		return nil, err
	}
	amount, err := b.Amount.in(tenant.Currency, "/amount")
	if err != nil {
		return nil, err
	}
	if b.RequesterID == nil {
		actor, _ := models.ActorFrom(ctx)
		b.RequesterID = &actor.UserID
	}
	var draft []models.ApprovalRule
	if len(b.Rules) > 0 {
		if draft, err = rulesOf(b.Rules, tenant.Currency); err != nil {
			return nil, err
		}
	}
	sim, err := s.store.SimulateApproval(ctx, models.ApprovalSubject{
		Type: models.ApprovalSubjectType(b.Subject), RequesterID: b.RequesterID, Amount: amount, DepartmentID: b.DepartmentID,
		CategoryID: b.CategoryID, LocationID: b.LocationID,
	}, draft)
	if err != nil {
		return nil, err
	}
	return &simulateApprovalOutput{Body: simulationBody(sim)}, nil
}

func simulationBody(sim store.Simulation) ApprovalSimulation {
	people := func(ids []uuid.UUID) []store.Person {
		list := []store.Person{}
		for _, id := range ids {
			for _, p := range sim.People {
				if p.ID == id {
					list = append(list, store.Person{ID: id, Name: p.Name})
				}
			}
		}
		return list
	}
	out := ApprovalSimulation{
		Needed: len(sim.Route.Levels) > 0, Levels: []ApprovalRouteLevel{}, EscalateTo: people(sim.Route.EscalateTo),
		PolicyIDs: []uuid.UUID{}, Problem: sim.Problem,
	}
	for _, id := range sim.Route.PolicyIDs {
		if id != uuid.Nil { // the rules that are tried
			out.PolicyIDs = append(out.PolicyIDs, id)
		}
	}
	for _, l := range sim.Route.Levels {
		out.Levels = append(out.Levels, ApprovalRouteLevel{Mode: string(l.Mode), Need: l.Need, Roles: l.Roles, People: people(l.SeatIDs)})
	}
	if out.Needed {
		t := sim.Route.Terms
		out.RemindDays, out.EscalateDays, out.ExpireDays = t.RemindDays, t.EscalateDays, t.ExpireDays
	}
	return out
}
