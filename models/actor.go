package models

import (
	"context"
	"slices"

	"github.com/google/uuid"
)

// ActorKind says who acts.
type ActorKind string

// Kinds of actors.
const (
	ActorUser     ActorKind = "user"      // a person, signed in
	ActorAPIToken ActorKind = "api_token" // a program with an API token
	ActorSystem   ActorKind = "system"    // a process of ours: planner, timer, import
)

// Actor is who does something, for which tenant. Every store call needs one in its context: without it nothing is read or
// written. It carries no secret and may stand in logs.
type Actor struct {
	TenantID    uuid.UUID    `json:"tenant_id"`
	UserID      uuid.UUID    `json:"user_id"` // uuid.Nil for ActorSystem
	Kind        ActorKind    `json:"kind"`
	Roles       []Role       `json:"roles,omitempty"`
	Permissions []Permission `json:"permissions,omitempty"` // narrows an API token further; empty = all that the roles grant
	LocationIDs []uuid.UUID  `json:"location_ids,omitempty"`
	SessionID   uuid.UUID    `json:"-"` // of a person who signed in
	RequestID   string       `json:"request_id,omitempty"`
}

// SystemActor acts for a tenant without a person: it may do everything within that tenant.
func SystemActor(tenant uuid.UUID) Actor { return Actor{TenantID: tenant, Kind: ActorSystem} }

// Can reports whether the actor may do p. Deny by default: only roles grant, and an API token's list narrows what they grant.
func (a Actor) Can(p Permission) bool {
	if a.Kind == ActorSystem {
		return true
	}
	if len(a.Permissions) > 0 && !slices.Contains(a.Permissions, p) {
		return false
	}
	return RolesGrant(a.Roles, p)
}

// Scoped reports whether the actor sees only some locations (and what is below them).
func (a Actor) Scoped() bool { return len(a.LocationIDs) > 0 }

type actorKey struct{}

// WithActor returns a context in which a acts.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom returns who acts in ctx; false when nobody does.
func ActorFrom(ctx context.Context) (Actor, bool) {
	a, ok := ctx.Value(actorKey{}).(Actor)
	return a, ok
}
