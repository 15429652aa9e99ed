package models

import (
	"fmt"
	"time"
)

// ArchiverState is what a PostgreSQL server says about its archiving of WAL. It is what the server believes: whether a segment can be read
// back only the repository knows.
type ArchiverState struct {
	Mode         string // archive_mode
	Command      string // archive_command
	Archived     int64
	LastArchived string // segment
	ArchivedAt   *time.Time
	Failed       int64
	LastFailed   string // segment
	FailedAt     *time.Time
}

// Fault says in words why the server archives nothing, empty where it does. A failure that a later success followed is over: the server
// never forgets it.
func (a ArchiverState) Fault() string {
	switch {
	case a.Mode != "on" && a.Mode != "always":
		return "PostgreSQL archives no WAL: archive_mode is " + a.Mode + "."
	case a.Command == "":
		return "PostgreSQL archives no WAL: archive_command is empty."
	case a.FailedAt != nil && (a.ArchivedAt == nil || a.FailedAt.After(*a.ArchivedAt)):
		return fmt.Sprintf("PostgreSQL cannot archive the WAL segment %s, last tried at %s.", a.LastFailed, a.FailedAt.UTC().Format(time.RFC3339))
	}
	return ""
}
