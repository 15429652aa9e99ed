package models

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Delegation hands a person's approvals to another for a while: out of office.
type Delegation struct {
	TenantID  uuid.UUID
	ID        uuid.UUID
	UserID    uuid.UUID // who is away
	ToID      uuid.UUID // who is asked instead
	StartsAt  time.Time
	EndsAt    time.Time
	Reason    string
	RevokedAt *time.Time
	CreatedAt time.Time
}

const maxDelegation = 366 * 24 * time.Hour

// Validate checks what can be checked without the database.
func (d Delegation) Validate(now time.Time) error {
	var f Faults
	f.Add(d.ToID == uuid.Nil, "/to", "required", "Somebody has to be named.")
	f.Add(d.ToID == d.UserID, "/to", "self", "Nobody hands approvals to himself.")
	f.Add(!d.EndsAt.After(d.StartsAt), "/ends_at", "range", "It ends after it begins.")
	f.Add(!d.EndsAt.After(now), "/ends_at", "range", "It ends in the future.")
	f.Add(d.EndsAt.Sub(d.StartsAt) > maxDelegation, "/ends_at", "range", "Approvals are handed over for a year at most.")
	f.Add(len([]rune(d.Reason)) > MaxReason, "/reason", "maxLength", "A reason has at most %d characters.", MaxReason)
	return f.Err()
}

// Active reports whether it holds at a moment.
func (d Delegation) Active(at time.Time) bool {
	return d.RevokedAt == nil && !at.Before(d.StartsAt) && at.Before(d.EndsAt)
}

// StandIn follows the delegations that hold at a moment, from person to person, to who is asked for user. Nobody is skipped over:
// where the end of the way may not be asked (barred: who asks for the case or edited it, who has a seat already, who may not
// decide), or the way is a circle, the user himself is asked.
func StandIn(delegations []Delegation, user uuid.UUID, at time.Time, barred func(uuid.UUID) bool) uuid.UUID {
	current, seen := user, []uuid.UUID{user}
	for {
		i := slices.IndexFunc(delegations, func(d Delegation) bool { return d.UserID == current && d.Active(at) })
		if i < 0 {
			break
		}
		current = delegations[i].ToID
		if slices.Contains(seen, current) {
			return user
		}
		seen = append(seen, current)
	}
	if current != user && barred(current) {
		return user
	}
	return current
}
