package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// CreateApprovalPolicy adds a policy and returns its id.
func (s *Store) CreateApprovalPolicy(ctx context.Context, fill func(*models.ApprovalPolicy) error) (uuid.UUID, error) {
	return createRecord(ctx, s, func(tx *Tx, p *models.ApprovalPolicy) error {
		p.ApprovalTerms = models.DefaultApprovalTerms()
		if err := fill(p); err != nil {
			return err
		}
		return tx.checkPolicy(p)
	})
}

// ChangeApprovalPolicy edits a policy; version is the one that the client has seen. Open cases keep their route.
func (s *Store) ChangeApprovalPolicy(ctx context.Context, id uuid.UUID, version int, edit func(*models.ApprovalPolicy) error) error {
	return changeRecord(ctx, s, "change", id, &version, func(tx *Tx, p *models.ApprovalPolicy) error {
		if err := edit(p); err != nil {
			return err
		}
		return tx.checkPolicy(p)
	})
}

// checkPolicy refuses what the policy alone shows to be wrong, and references that the tenant does not have: a document has no
// foreign keys.
func (tx *Tx) checkPolicy(p *models.ApprovalPolicy) error {
	if err := p.Validate(); err != nil {
		return err
	}
	rules, err := p.RuleList()
	if err != nil {
		return err
	}
	var ids []uuid.UUID
	for _, r := range rules {
		ids = append(ids, r.EscalateTo...)
		for _, l := range r.Levels {
			ids = append(ids, l.UserIDs...)
		}
	}
	people, err := tx.approvalPeople(ids, nil, nil)
	if err != nil {
		return err
	}
	var f models.Faults
	named := func(at string, list []uuid.UUID) {
		for i, id := range list {
			f.Add(!slices.ContainsFunc(people, func(p models.ApprovalPerson) bool { return p.ID == id && p.MayDecide() }),
				fmt.Sprintf("%s/%d", at, i), "not_found", "There is no such user at work who may decide approvals.")
		}
	}
	for i, r := range rules {
		at := fmt.Sprintf("/rules/%d", i)
		named(at+"/escalate_to", r.EscalateTo)
		for j, l := range r.Levels {
			named(fmt.Sprintf("%s/levels/%d/user_ids", at, j), l.UserIDs)
		}
		if err := tx.checkRule(at, r); err != nil {
			return err
		}
	}
	return f.Err()
}

func (tx *Tx) checkRule(at string, r models.ApprovalRule) error {
	if err := live[models.Department](tx, at+"/department_id", r.DepartmentID); err != nil {
		return err
	}
	if err := live[models.AssetCategory](tx, at+"/category_id", r.CategoryID); err != nil {
		return err
	}
	return live[models.Location](tx, at+"/location_id", r.LocationID)
}

// ArchiveApprovalPolicy takes a policy out of use: it asks for nothing any more. Open cases go on.
func (s *Store) ArchiveApprovalPolicy(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(*Tx, *models.ApprovalPolicy) error { return nil })
}

// RestoreApprovalPolicy takes a policy into use again.
func (s *Store) RestoreApprovalPolicy(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(tx *Tx, p *models.ApprovalPolicy) error { return tx.checkPolicy(p) })
}

func approvalPolicyColumns() string {
	return `SELECT ` + columns[models.ApprovalPolicy]("t") + ` FROM approval_policies t WHERE t.tenant_id = $1`
}

// ApprovalPolicy reads one policy.
func (s *Store) ApprovalPolicy(ctx context.Context, id uuid.UUID) (models.ApprovalPolicy, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.ApprovalPolicy](ctx, s, "approval_policy", approvalPolicyColumns()+` AND t.id = $2`, actor.TenantID, id)
}

var approvalPolicyOrders = map[string]order[models.ApprovalPolicy]{
	"name":       {"t.name", "text", func(p models.ApprovalPolicy) string { return p.Name }},
	"created_at": byTime("t.created_at", func(p models.ApprovalPolicy) time.Time { return p.CreatedAt }),
}

// ApprovalPolicies lists policies by name or created_at; archived lists what is out of use instead.
func (s *Store) ApprovalPolicies(ctx context.Context, subjects []string, archived bool, p Page) (Rows[models.ApprovalPolicy], error) {
	l := newListing(ctx, approvalPolicyColumns(), "t.id", func(p models.ApprovalPolicy) string { return p.ID.String() }, approvalPolicyOrders)
	l.and(archivedSQL("t", archived))
	in(l, "t.subject", "text[]", subjects)
	return l.run(ctx, s, p)
}

// Simulation is what the policies would demand of a subject.
type Simulation struct {
	Route   models.ApprovalRoute // without levels: no approval is needed
	People  []models.ApprovalPerson
	Problem string // why nobody could be asked; empty where it works
}

// SimulateApproval evaluates the tenant's policies, or rules that are not stored, for a subject and stores nothing.
func (s *Store) SimulateApproval(ctx context.Context, subject models.ApprovalSubject, draft []models.ApprovalRule) (Simulation, error) {
	var sim Simulation
	return sim, s.InTx(ctx, func(tx *Tx) error {
		policies, err := txRead[models.ApprovalPolicy](tx, policiesOfSubject, tx.Actor.TenantID, string(subject.Type))
		if err != nil {
			return err
		}
		if draft != nil {
			p := models.ApprovalPolicy{Subject: subject.Type, ApprovalTerms: models.DefaultApprovalTerms()}
			if err := p.SetRules(draft); err != nil {
				return err
			}
			if err := tx.checkPolicy(&p); err != nil {
				return err
			}
			policies = []models.ApprovalPolicy{p}
		}
		if sim.Route, err = tx.routeApproval(policies, subject); models.ErrorCode(err) == models.CodeConflict {
			sim.Problem = models.AsError(err).Detail
		} else if err != nil {
			return err
		}
		ids := slices.Clone(sim.Route.EscalateTo)
		for _, l := range sim.Route.Levels {
			ids = append(ids, l.SeatIDs...)
		}
		sim.People, err = tx.approvalPeople(ids, nil, subject.LocationID)
		return err
	})
}
