package models

import "github.com/google/uuid"

// NewID returns a UUIDv7: ordered by time, so that indexes grow at one end.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// DeriveID returns the UUIDv5 of name under parent: the same cause always names the same row, so a repeated create meets it.
func DeriveID(parent uuid.UUID, name string) uuid.UUID { return uuid.NewSHA1(parent, []byte(name)) }

// SubjectID is the id of the row that a create command makes.
func SubjectID(command uuid.UUID) uuid.UUID { return DeriveID(command, "subject") }
