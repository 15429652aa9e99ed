package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

const delegationColumns = `d.tenant_id, d.id, d.user_id, d.to_id, d.starts_at, d.ends_at, d.reason, d.revoked_at, d.created_at`

// DelegationView is a delegation with names.
type DelegationView struct {
	models.Delegation
	UserName string
	ToName   string
}

const delegationView = `SELECT ` + delegationColumns + `, u.name AS user_name, t.name AS to_name FROM delegations d
	JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.user_id JOIN users t ON t.tenant_id = d.tenant_id AND t.id = d.to_id
	WHERE d.tenant_id = $1`

// CreateDelegation hands a person's approvals to another for a while. Where it holds already, the open questions to the person go
// along, those apart that the other may not decide.
func (s *Store) CreateDelegation(ctx context.Context, d models.Delegation) (uuid.UUID, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	return id, s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("delegation.create", "delegation", id); done || err != nil {
			return err
		}
		d.TenantID, d.ID, d.CreatedAt = tx.Actor.TenantID, id, tx.Now
		if d.StartsAt.IsZero() {
			d.StartsAt = tx.Now
		}
		if err := d.Validate(tx.Now); err != nil {
			return err
		}
		people, err := tx.approvalPeople([]uuid.UUID{d.UserID, d.ToID}, nil, nil)
		if err != nil {
			return err
		}
		if !mayDecide(people, d.ToID) {
			return models.InvalidField("/to", "not_allowed", "This person may not decide approvals.")
		}
		if _, err := tx.exec(`INSERT INTO delegations (tenant_id, id, user_id, to_id, starts_at, ends_at, reason, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, d.TenantID, d.ID, d.UserID, d.ToID, d.StartsAt, d.EndsAt, d.Reason, d.CreatedAt); err != nil {
			return err
		}
		if d.Active(tx.Now) {
			if err := tx.handOver(d, people); err != nil {
				return err
			}
		}
		return tx.Audit(Change{Action: "delegation.create", SubjectType: "delegation", SubjectID: id, After: map[string]any{
			"user_id": d.UserID, "to_id": d.ToID, "starts_at": d.StartsAt, "ends_at": d.EndsAt, "reason": d.Reason,
		}})
	})
}

// handOver gives the open questions to the person to who stands in for him, case after case in the order of their ids.
func (tx *Tx) handOver(d models.Delegation, people []models.ApprovalPerson) error {
	cases, err := txValues[uuid.UUID](tx, `SELECT DISTINCT c.id FROM approval_cases c JOIN approval_steps s ON s.tenant_id = c.tenant_id AND s.case_id = c.id
		WHERE c.tenant_id = $1 AND c.status = 'open' AND s.user_id = $2 AND s.status = 'pending' ORDER BY c.id`, tx.Actor.TenantID, d.UserID)
	if err != nil {
		return err
	}
	reason := d.Reason
	if reason == "" {
		reason = "Away"
	}
	for _, id := range cases {
		a, err := tx.lockApproval(id)
		if err != nil {
			return err
		}
		if a.StepOf(d.UserID) == nil || a.Barred(d.ToID) {
			continue
		}
		if err := tx.delegateApproval(&a, d.UserID, d.ToID, reason, people); err != nil {
			return err
		}
	}
	return nil
}

// RevokeDelegation ends a delegation of the actor; an administrator ends anybody's. Ended before, it stays as it is.
func (s *Store) RevokeDelegation(ctx context.Context, id uuid.UUID) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("delegation.revoke", "delegation", id); done || err != nil {
			return err
		}
		d, err := txReadOne[models.Delegation](tx, "delegation", `SELECT `+delegationColumns+` FROM delegations d
			WHERE d.tenant_id = $1 AND d.id = $2 FOR UPDATE`, tx.Actor.TenantID, id)
		if err != nil {
			return err
		}
		if d.UserID != tx.Actor.UserID && !tx.Actor.Can(models.PermissionUsersWrite) {
			return models.NotFound("delegation")
		}
		if d.RevokedAt != nil {
			return nil
		}
		if _, err := tx.exec(`UPDATE delegations SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2`, d.TenantID, id, tx.Now); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "delegation.revoke", SubjectType: "delegation", SubjectID: id, After: map[string]any{"revoked_at": tx.Now}})
	})
}

// Delegation reads one that the actor gave or got; who may read the audit log reads all.
func (s *Store) Delegation(ctx context.Context, id uuid.UUID) (DelegationView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[DelegationView](ctx, s, "delegation", delegationView+` AND d.id = $2 AND ($4 OR d.user_id = $3 OR d.to_id = $3)`,
		actor.TenantID, id, actor.UserID, actor.Can(models.PermissionAuditRead))
}

var delegationOrders = map[string]order[DelegationView]{
	"created_at": byTime("d.created_at", func(d DelegationView) time.Time { return d.CreatedAt }),
	"ends_at":    byTime("d.ends_at", func(d DelegationView) time.Time { return d.EndsAt }),
}

// Delegations lists what the actor gave or got, or all where everybody is asked for; active: that hold now.
func (s *Store) Delegations(ctx context.Context, everybody, active bool, p Page) (Rows[DelegationView], error) {
	actor, _ := models.ActorFrom(ctx)
	l := newListing(ctx, delegationView, "d.id", func(d DelegationView) string { return d.ID.String() }, delegationOrders)
	switch {
	case !everybody:
		l.and("(d.user_id = $%[1]d OR d.to_id = $%[1]d)", actor.UserID)
	case !actor.Can(models.PermissionAuditRead):
		return Rows[DelegationView]{}, models.Forbidden("Only who may read the audit log sees everybody's delegations.")
	}
	if active {
		l.and("d.revoked_at IS NULL AND d.starts_at <= now() AND d.ends_at > now()")
	}
	return l.run(ctx, s, p)
}
