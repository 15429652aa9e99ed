package models

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// APIToken lets a program act for its owner. It never allows more than the owner's roles do.
type APIToken struct {
	TenantID    uuid.UUID
	ID          uuid.UUID
	UserID      uuid.UUID
	Name        string
	Permissions []Permission // empty: all that the owner's roles grant
	CreatedAt   time.Time
	ExpiresAt   *time.Time
	UsedAt      *time.Time // to about ten minutes
	RevokedAt   *time.Time
}

// NewAPIToken asks for an API token.
type NewAPIToken struct {
	Name        string
	Permissions []Permission
	ExpiresAt   *time.Time
	Hash        []byte // of the secret, which is not kept
}

// Validate names everything that is wrong with n, asked for by actor at the time now.
func (n *NewAPIToken) Validate(actor Actor, now time.Time) error {
	var f Faults
	f.Add(n.ExpiresAt != nil && !n.ExpiresAt.After(now), "/expires_at", "past", "The token would have expired already.")
	for i, p := range n.Permissions {
		at := fmt.Sprintf("/permissions/%d", i)
		f.Add(!p.Valid(), at, "enum", "There is no permission %q.", p)
		f.Add(p.Valid() && !actor.Can(p), at, "forbidden", "You do not hold %s yourself.", p)
	}
	return f.Err()
}
