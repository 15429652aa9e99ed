package models

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// ApprovalSubjectType is what may need an approval.
type ApprovalSubjectType string

// Subjects of approvals.
const (
	ApprovalOfPurchaseOrder ApprovalSubjectType = "purchase_order"
	ApprovalOfWorkOrder     ApprovalSubjectType = "work_order"
	ApprovalOfDisposal      ApprovalSubjectType = "asset_disposal"
	ApprovalOfTransfer      ApprovalSubjectType = "asset_transfer"
)

// ApprovalSubjectTypes lists them.
func ApprovalSubjectTypes() []ApprovalSubjectType {
	return []ApprovalSubjectType{ApprovalOfPurchaseOrder, ApprovalOfWorkOrder, ApprovalOfDisposal, ApprovalOfTransfer}
}

// ApprovalMode says how many of a level's people have to approve. Whatever it is, the first rejection ends the case.
type ApprovalMode string

// Modes of a level.
const (
	ApprovalByAll  ApprovalMode = "all"
	ApprovalByAny  ApprovalMode = "any"
	ApprovalByNOfM ApprovalMode = "n_of_m"
)

// ApprovalModes lists them.
func ApprovalModes() []ApprovalMode {
	return []ApprovalMode{ApprovalByAll, ApprovalByAny, ApprovalByNOfM}
}

// ApprovalLevel is one level of a rule: the people named, and all who hold one of the roles.
type ApprovalLevel struct {
	Mode    ApprovalMode `json:"mode"`
	N       int          `json:"n,omitempty"` // with n_of_m
	UserIDs []uuid.UUID  `json:"user_ids,omitempty"`
	Roles   []Role       `json:"roles,omitempty"`
}

// ApprovalRule says who approves a band of amounts: from MinAmount on, and below MaxAmount, so that bands touch without a gap and
// without an overlap. What is nil does not narrow the rule; a location, department or category holds for what is below it too.
type ApprovalRule struct {
	MinAmount    *decimal.Decimal `json:"min_amount,omitempty"` // in the tenant's currency
	MaxAmount    *decimal.Decimal `json:"max_amount,omitempty"`
	DepartmentID *uuid.UUID       `json:"department_id,omitempty"`
	CategoryID   *uuid.UUID       `json:"category_id,omitempty"`
	LocationID   *uuid.UUID       `json:"location_id,omitempty"`
	Levels       []ApprovalLevel  `json:"levels"`
	EscalateTo   []uuid.UUID      `json:"escalate_to,omitempty"` // asked in the place of who does not answer; none: the administrators
}

// ApprovalTerms are the times and the tolerance of a policy. Days are working days (Monday to Friday) where the approver is.
type ApprovalTerms struct {
	ToleranceAmount  decimal.Decimal `json:"tolerance_amount"`  // an edit that moves the amount by no more keeps what was approved
	TolerancePercent decimal.Decimal `json:"tolerance_percent"` // the same as a part of the amount shown; either is enough
	RemindDays       int             `json:"remind_days"`
	EscalateDays     int             `json:"escalate_days"`
	ExpireDays       int             `json:"expire_days"`
}

// DefaultApprovalTerms hold where a policy says nothing: no tolerance, a reminder on the next working day, another person after
// two, the end after ten.
func DefaultApprovalTerms() ApprovalTerms {
	const remind, escalate, expire = 1, 2, 10
	return ApprovalTerms{RemindDays: remind, EscalateDays: escalate, ExpireDays: expire}
}

// ApprovalPolicy is data that says which subjects need whose approval. Of its rules the first that matches counts; of several
// policies for a subject each that matches adds its levels, the oldest policy first.
type ApprovalPolicy struct {
	Record
	Subject ApprovalSubjectType
	Name    string
	Rules   json.RawMessage `gorm:"type:jsonb"` // []ApprovalRule
	ApprovalTerms
}

// SetRules keeps the rules in their order.
func (p *ApprovalPolicy) SetRules(rules []ApprovalRule) error {
	if rules == nil {
		rules = []ApprovalRule{}
	}
	text, err := json.Marshal(rules)
	p.Rules = text
	return err
}

// RuleList reads the rules.
func (p *ApprovalPolicy) RuleList() ([]ApprovalRule, error) {
	rules := []ApprovalRule{}
	return rules, json.Unmarshal(p.Rules, &rules)
}

const (
	maxApprovalRules  = 50
	maxApprovalLevels = 10
	maxApprovalPeople = 50
	maxApprovalDays   = 250
	wholePercent      = 100
)

// Validate checks what can be checked without the database.
func (p *ApprovalPolicy) Validate() error {
	rules, err := p.RuleList()
	if err != nil {
		return err
	}
	var f Faults
	f.Add(!slices.Contains(ApprovalSubjectTypes(), p.Subject), "/subject", "enum", "Not a subject of approvals.")
	f.Add(len([]rune(p.Name)) > maxName, "/name", "maxLength", "A name has at most %d characters.", maxName)
	f.Add(len(rules) == 0, "/rules", "required", "A policy needs a rule.")
	f.Add(len(rules) > maxApprovalRules, "/rules", "maxItems", "A policy has at most %d rules.", maxApprovalRules)
	for i, r := range rules {
		f = append(f, r.faults(fmt.Sprintf("/rules/%d", i))...)
	}
	return append(f, p.ApprovalTerms.faults()...).Err()
}

func (t ApprovalTerms) faults() Faults {
	var f Faults
	f.Add(t.ToleranceAmount.IsNegative() || t.ToleranceAmount.GreaterThan(maxAmount), "/tolerance_amount", "range", "A tolerance is not negative.")
	f.Add(t.TolerancePercent.IsNegative() || t.TolerancePercent.GreaterThan(decimal.NewFromInt(wholePercent)), "/tolerance_percent", "range",
		"A tolerance is 0 to %d percent.", wholePercent)
	f.Add(t.RemindDays < 1 || t.RemindDays > maxApprovalDays, "/remind_days", "range", "1 to %d working days.", maxApprovalDays)
	f.Add(t.EscalateDays < 1 || t.EscalateDays > maxApprovalDays, "/escalate_days", "range", "1 to %d working days.", maxApprovalDays)
	f.Add(t.ExpireDays < t.EscalateDays || t.ExpireDays > maxApprovalDays, "/expire_days", "range",
		"A case ends not before somebody else was asked, and within %d working days.", maxApprovalDays)
	return f
}

func (r ApprovalRule) faults(at string) Faults {
	var f Faults
	f.Add(r.MinAmount != nil && (r.MinAmount.IsNegative() || r.MinAmount.GreaterThan(maxAmount)), at+"/min_amount", "range", "An amount is not negative.")
	f.Add(r.MaxAmount != nil && (!r.MaxAmount.IsPositive() || r.MaxAmount.GreaterThan(maxAmount)), at+"/max_amount", "range", "An amount is positive.")
	f.Add(r.MinAmount != nil && r.MaxAmount != nil && !r.MinAmount.LessThan(*r.MaxAmount), at+"/max_amount", "range",
		"A band ends above its beginning.")
	f.Add(len(r.Levels) == 0, at+"/levels", "required", "A rule needs a level.")
	f.Add(len(r.Levels) > maxApprovalLevels, at+"/levels", "maxItems", "A rule has at most %d levels.", maxApprovalLevels)
	for i, l := range r.Levels {
		f = append(f, l.faults(fmt.Sprintf("%s/levels/%d", at, i))...)
	}
	return f
}

func (l ApprovalLevel) faults(at string) Faults {
	var f Faults
	f.Add(!slices.Contains(ApprovalModes(), l.Mode), at+"/mode", "enum", "Not a mode: all, any or n_of_m.")
	f.Add(l.Mode == ApprovalByNOfM && l.N < 1, at+"/n", "required", "n_of_m needs an n of at least 1.")
	f.Add(l.Mode == ApprovalByNOfM && len(l.Roles) == 0 && l.N > len(l.UserIDs), at+"/n", "range", "n is more than the people named.")
	f.Add(l.Mode != ApprovalByNOfM && l.N != 0, at+"/n", "unexpected", "n belongs to n_of_m.")
	f.Add(len(l.UserIDs) == 0 && len(l.Roles) == 0, at, "required", "A level needs people or roles.")
	f.Add(len(l.UserIDs) > maxApprovalPeople, at+"/user_ids", "maxItems", "A level names at most %d people.", maxApprovalPeople)
	for i, r := range l.Roles {
		f.Add(!r.Valid(), fmt.Sprintf("%s/roles/%d", at, i), "enum", "There is no role %q.", r)
		f.Add(r.Valid() && !RolesGrant([]Role{r}, PermissionApprovalsDecide), fmt.Sprintf("%s/roles/%d", at, i), "not_allowed",
			"The role %s may not decide approvals.", r)
	}
	return f
}

// ApprovalFacts are what rules look at. A path lists a row and all above it.
type ApprovalFacts struct {
	Subject        ApprovalSubjectType
	Amount         decimal.Decimal // in the tenant's currency
	DepartmentPath []uuid.UUID
	CategoryPath   []uuid.UUID
	LocationPath   []uuid.UUID
}

func (r ApprovalRule) matches(f ApprovalFacts) bool {
	return r.holds(f.Amount) && onPath(r.DepartmentID, f.DepartmentPath) && onPath(r.CategoryID, f.CategoryPath) && onPath(r.LocationID, f.LocationPath)
}

// holds reports whether the amount lies in the rule's band.
func (r ApprovalRule) holds(amount decimal.Decimal) bool {
	return (r.MinAmount == nil || !amount.LessThan(*r.MinAmount)) && (r.MaxAmount == nil || amount.LessThan(*r.MaxAmount))
}

func onPath(id *uuid.UUID, path []uuid.UUID) bool { return id == nil || slices.Contains(path, *id) }

// ApprovalMatch is a policy with the rule of it that counts.
type ApprovalMatch struct {
	PolicyID uuid.UUID
	Rule     ApprovalRule
	Terms    ApprovalTerms
}

// MatchApproval finds what the policies in use demand of a subject; none means that it needs no approval. Policies come oldest
// first.
func MatchApproval(policies []ApprovalPolicy, f ApprovalFacts) ([]ApprovalMatch, error) {
	var matches []ApprovalMatch
	for _, p := range policies {
		if p.Subject != f.Subject || p.ArchivedAt != nil {
			continue
		}
		rules, err := p.RuleList()
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(rules, func(r ApprovalRule) bool { return r.matches(f) }); i >= 0 {
			matches = append(matches, ApprovalMatch{PolicyID: p.ID, Rule: rules[i], Terms: p.ApprovalTerms})
		}
	}
	return matches, nil
}

// ApprovalPerson is somebody whom a level may mean.
type ApprovalPerson struct {
	ID       uuid.UUID
	Name     string
	Roles    []Role
	TimeZone string // IANA, never empty
	Disabled bool
	InScope  bool // the person's locations hold the subject's
}

// MayDecide reports whether the person's roles let him decide approvals at all.
func (p ApprovalPerson) MayDecide() bool {
	return !p.Disabled && RolesGrant(p.Roles, PermissionApprovalsDecide)
}

// ApprovalRoute is who has to approve a case, frozen when it is opened: later changes of policies and roles do not touch it.
type ApprovalRoute struct {
	PolicyIDs  []uuid.UUID          `json:"policy_ids"`
	Levels     []ApprovalRouteLevel `json:"levels"`
	EscalateTo []uuid.UUID          `json:"escalate_to,omitempty"`
	Terms      ApprovalTerms        `json:"terms"`
}

// ApprovalRouteLevel is one level of a route: Need of the seats have to approve. A seat is a person of the policy; others may sit
// in it for him.
type ApprovalRouteLevel struct {
	Mode    ApprovalMode `json:"mode"`
	Need    int          `json:"need"`
	SeatIDs []uuid.UUID  `json:"seat_ids"`
	Roles   []Role       `json:"roles,omitempty"`
}

// RouteApproval makes the route of a subject. excluded may not decide: who asks for it and who edited it (segregation of duties).
// Equal levels of several policies are one. A level that has too few people left is a conflict: nothing is approved because
// nobody can be asked.
func RouteApproval(matches []ApprovalMatch, people []ApprovalPerson, excluded []uuid.UUID) (ApprovalRoute, error) {
	route := ApprovalRoute{}
	for i, m := range matches {
		route.PolicyIDs = append(route.PolicyIDs, m.PolicyID)
		if i == 0 {
			route.Terms = m.Terms
		}
		route.Terms = stricter(route.Terms, m.Terms)
		for _, id := range m.Rule.EscalateTo {
			if !slices.Contains(route.EscalateTo, id) && !slices.Contains(excluded, id) {
				route.EscalateTo = append(route.EscalateTo, id)
			}
		}
		for _, level := range m.Rule.Levels {
			frozen := freezeLevel(level, people, excluded)
			if !slices.ContainsFunc(route.Levels, frozen.equal) {
				route.Levels = append(route.Levels, frozen)
			}
		}
	}
	for i, level := range route.Levels {
		if len(level.SeatIDs) < level.Need {
			return route, Conflict("Level %d of the approval needs %d people other than those who ask for it or edited it, and has %d.",
				i+1, level.Need, len(level.SeatIDs))
		}
	}
	return route, nil
}

func stricter(a, b ApprovalTerms) ApprovalTerms {
	return ApprovalTerms{
		ToleranceAmount: decimal.Min(a.ToleranceAmount, b.ToleranceAmount), TolerancePercent: decimal.Min(a.TolerancePercent, b.TolerancePercent),
		RemindDays: min(a.RemindDays, b.RemindDays), EscalateDays: min(a.EscalateDays, b.EscalateDays), ExpireDays: min(a.ExpireDays, b.ExpireDays),
	}
}

func freezeLevel(level ApprovalLevel, people []ApprovalPerson, excluded []uuid.UUID) ApprovalRouteLevel {
	frozen := ApprovalRouteLevel{Mode: level.Mode, SeatIDs: []uuid.UUID{}, Roles: level.Roles}
	for _, p := range people {
		named := slices.Contains(level.UserIDs, p.ID)
		held := p.InScope && slices.ContainsFunc(level.Roles, func(r Role) bool { return slices.Contains(p.Roles, r) })
		if (named || held) && p.MayDecide() && !slices.Contains(excluded, p.ID) && !slices.Contains(frozen.SeatIDs, p.ID) {
			frozen.SeatIDs = append(frozen.SeatIDs, p.ID)
		}
	}
	switch level.Mode {
	case ApprovalByAll:
		frozen.Need = max(len(frozen.SeatIDs), 1)
	case ApprovalByAny:
		frozen.Need = 1
	case ApprovalByNOfM:
		frozen.Need = level.N
	}
	return frozen
}

func (l ApprovalRouteLevel) equal(other ApprovalRouteLevel) bool {
	return l.Mode == other.Mode && l.Need == other.Need && slices.Equal(l.SeatIDs, other.SeatIDs)
}

// AnyBand reports whether the amount lies in a band of one of the policies, so that the rest of the subject has to be looked at.
func AnyBand(policies []ApprovalPolicy, amount decimal.Decimal) bool {
	for i := range policies {
		rules, err := policies[i].RuleList()
		if err != nil || slices.ContainsFunc(rules, func(r ApprovalRule) bool { return r.holds(amount) }) {
			return true // what cannot be read is an error where it is evaluated
		}
	}
	return false
}

// WantedPeople lists the people and roles that the matches name, so that only these have to be read.
func WantedPeople(matches []ApprovalMatch) ([]uuid.UUID, []Role) {
	var ids []uuid.UUID
	var roles []Role
	for _, m := range matches {
		for _, l := range m.Rule.Levels {
			ids, roles = append(ids, l.UserIDs...), append(roles, l.Roles...)
		}
	}
	return ids, roles
}
