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
	// CommitAt is when the last transaction ended that lay in the repository, as the check saw it that wrote the row; nil where it did not look.
	CommitAt *time.Time
	// Fault says what is wrong with the archive, as the check saw it that wrote the row.
	Fault string
}

// ClockTolerance is how far two clocks may be apart, or one be set back, before what they say is not believed.
const ClockTolerance = time.Minute

const (
	walLate      = 5 * time.Minute // two segments and the time to send them
	walLateBeats = 10              // of one a minute: for whom the clock went back
)

// Late reports whether an earlier heartbeat should lie in the repository by now.
func (h WALHeartbeat) Late(earlier WALHeartbeat) bool {
	return h.At.Sub(earlier.At) > walLate || h.ID-earlier.ID > walLateBeats
}

// ClockFault says in words that the database server's clock went back since a moment that an earlier heartbeat has; empty where it did not.
func (h WALHeartbeat) ClockFault(earlier time.Time) string {
	if !earlier.After(h.At.Add(ClockTolerance)) {
		return ""
	}
	return fmt.Sprintf("The clock of the database server went back: it is %s, and was %s at an earlier heartbeat.",
		h.At.UTC().Format(time.RFC3339), earlier.UTC().Format(time.RFC3339))
}

// WALTarget is where a drill replays to: Wanted is the last heartbeat that must be there, and the replay ends where Next begins, which must
// not be.
type WALTarget struct {
	Wanted, Next WALHeartbeat
}
