package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Delegation hands a person's approvals to another for a while.
type Delegation struct {
	ID        uuid.UUID    `json:"id"`
	UserID    uuid.UUID    `json:"user_id"`
	User      store.Person `json:"user"`
	ToID      uuid.UUID    `json:"to_id"`
	To        store.Person `json:"to"`
	StartsAt  time.Time    `json:"starts_at"`
	EndsAt    time.Time    `json:"ends_at"`
	Reason    string       `json:"reason"`
	Active    bool         `json:"active"`
	RevokedAt *time.Time   `json:"revoked_at,omitempty"`
	CreatedAt time.Time    `json:"created_at"`
}

// DelegationBody hands approvals over.
type DelegationBody struct {
	To       uuid.UUID  `json:"to" doc:"who is asked instead"`
	StartsAt *time.Time `json:"starts_at,omitempty" doc:"now by default"`
	EndsAt   time.Time  `json:"ends_at"`
	Reason   string     `json:"reason,omitempty" maxLength:"2000"`
	UserID   *uuid.UUID `json:"user_id,omitempty" doc:"whose approvals; an administrator may name another than himself"`
}

type delegationListInput struct {
	PageQuery
	Scope  string `query:"scope" enum:"mine,all" default:"mine" doc:"all: of everybody, for who may read the audit log"`
	Active bool   `query:"active" doc:"those that hold now"`
	Sort   string `query:"sort" enum:"created_at,-created_at,ends_at,-ends_at" default:"-created_at"`
}

func (s *Server) delegationRoutes() {
	n := recordNoun{
		path: "/v1/delegations", one: "delegation", many: "delegations",
		read: models.PermissionDelegationsRead, write: models.PermissionDelegationsWrite,
	}
	register(s, n.create(), s.createDelegation)
	register(s, n.list(), s.listDelegations)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[Delegation], error) {
		return s.readDelegation(ctx, in.ID)
	})
	register(s, n.operation(http.MethodPost, "/{id}/revoke", "revoke", n.one, "End before its time: "+n.one, n.write), s.revokeDelegation)
}

func (s *Server) createDelegation(ctx context.Context, in *struct{ Body DelegationBody }) (*recordOutput[Delegation], error) {
	b := in.Body
	actor, _ := models.ActorFrom(ctx)
	d := models.Delegation{UserID: actor.UserID, ToID: b.To, EndsAt: b.EndsAt.UTC(), Reason: b.Reason}
	if b.UserID != nil && *b.UserID != actor.UserID {
		if !actor.Can(models.PermissionUsersWrite) {
			return nil, models.Forbidden("Only an administrator hands over the approvals of another person.")
		}
		d.UserID = *b.UserID
	}
	if b.StartsAt != nil {
		d.StartsAt = b.StartsAt.UTC()
	}
	id, err := s.store.CreateDelegation(ctx, d)
	if err != nil {
		return nil, err
	}
	return s.readDelegation(ctx, id)
}

func (s *Server) listDelegations(ctx context.Context, in *delegationListInput) (*listOutput[Delegation], error) {
	return listPage(in.PageQuery, in.Sort, delegationBody, func(page store.Page) (store.Rows[store.DelegationView], error) {
		return s.store.Delegations(ctx, in.Scope == "all", in.Active, page)
	})
}

func (s *Server) revokeDelegation(ctx context.Context, in *recordPath) (*recordOutput[Delegation], error) {
	if err := s.store.RevokeDelegation(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.readDelegation(ctx, in.ID)
}

func (s *Server) readDelegation(ctx context.Context, id uuid.UUID) (*recordOutput[Delegation], error) {
	d, err := s.store.Delegation(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[Delegation]{Location: "/v1/delegations/" + id.String(), Body: delegationBody(d)}, nil
}

func delegationBody(d store.DelegationView) Delegation {
	return Delegation{
		ID: d.ID, UserID: d.UserID, User: store.Person{ID: d.UserID, Name: d.UserName}, ToID: d.ToID,
		To: store.Person{ID: d.ToID, Name: d.ToName}, StartsAt: d.StartsAt, EndsAt: d.EndsAt, Reason: d.Reason,
		Active: d.Active(time.Now()), RevokedAt: d.RevokedAt, CreatedAt: d.CreatedAt,
	}
}
