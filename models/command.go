package models

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// Command is one request to change something, kept in the command ledger: UNIQUE (tenant_id, id) makes a repeat with the same
// Idempotency-Key meet the first outcome instead of acting twice. For a process noun the row is written before Temporal is
// asked and holds the body (a claim check: histories carry ids only); DoneAt and Outcome are set in the transaction that acts.
type Command struct {
	TenantID    uuid.UUID       `gorm:"primaryKey"`
	ID          uuid.UUID       `gorm:"primaryKey"`
	Name        string          // "work_order.complete"
	ActorID     uuid.UUID       // user or API token; Nil for the system
	SubjectType string          // "work_order"
	SubjectID   uuid.UUID       //
	RequestHash []byte          // SHA-256 of the request's body
	Body        json.RawMessage // what the command asks for
	RequestID   string
	CreatedAt   time.Time
	DoneAt      *time.Time
	Outcome     json.RawMessage // the process's answer, for repeats
}

// CommandKey is what a request says about its own identity. The zero value means: no Idempotency-Key, never repeated.
type CommandKey struct {
	ID   uuid.UUID // UUIDv5 of tenant, actor, method and path, Idempotency-Key; random without a key
	Hash []byte    // SHA-256 of the body
	Sent bool      // the client sent an Idempotency-Key
}

// NewCommandKey derives the identity of a request. An empty key gives a random id.
func NewCommandKey(actor Actor, method, path, key string, hash []byte) CommandKey {
	if key == "" {
		return CommandKey{ID: NewID(), Hash: hash}
	}
	return CommandKey{
		ID:   DeriveID(actor.TenantID, actor.UserID.String()+"\n"+method+" "+path+"\n"+key),
		Hash: hash,
		Sent: true,
	}
}

type commandKey struct{}

// WithCommandKey returns a context whose writes belong to that command.
func WithCommandKey(ctx context.Context, k CommandKey) context.Context {
	return context.WithValue(ctx, commandKey{}, k)
}

// CommandKeyFrom returns the command that ctx's writes belong to; a fresh random one when the context has none.
func CommandKeyFrom(ctx context.Context) CommandKey {
	if k, ok := ctx.Value(commandKey{}).(CommandKey); ok {
		return k
	}
	return CommandKey{ID: NewID()}
}
