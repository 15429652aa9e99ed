package models

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// NewID returns a UUIDv7: ordered by time, so that indexes grow at one end.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// FirstIDAt returns the id before every UUIDv7 of a moment.
func FirstIDAt(at time.Time) uuid.UUID {
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], uint64(max(at.UnixMilli(), 0))<<16)
	return id
}

// DeriveID returns the UUIDv5 of name under parent: the same cause always names the same row, so a repeated create meets it.
func DeriveID(parent uuid.UUID, name string) uuid.UUID { return uuid.NewSHA1(parent, []byte(name)) }

// SubjectID is the id of the row that a create command makes.
func SubjectID(command uuid.UUID) uuid.UUID { return DeriveID(command, "subject") }
