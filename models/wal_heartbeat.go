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

// WALHeartbeat is a row that the check of each minute writes: what a replayed database must have, and what it must not have yet. It belongs
// to the installation and to no tenant.
type WALHeartbeat struct {
	ID int64
	At time.Time
	// LSN is where the row's own records begin: the row before it was committed by then.
	LSN string
	// Segment is the WAL segment in which they begin.
	Segment string
	// ArchivedAt is when that segment, and each before it since a backup, were seen in the repository.
	ArchivedAt *time.Time
	// Fault says what is wrong with the archive, as the check saw it that wrote the row.
	Fault string
}

// WALTarget is where a drill replays to: Wanted is the last heartbeat that must be there, and the replay ends where Next begins, which must
// not be.
type WALTarget struct {
	Wanted, Next WALHeartbeat
}
