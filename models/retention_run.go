package models

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// RetentionPolicy says which backups stay. Counts are of days, weeks (ISO) and months (UTC) that have a backup at all: a machine that made
// none for a year, or whose clock runs ahead, loses nothing by it. 0 keeps none of that sort.
type RetentionPolicy struct {
	AllHours int `json:"all_hours"` // every backup younger than this stays
	Daily    int `json:"daily"`
	Weekly   int `json:"weekly"`
	Monthly  int `json:"monthly"`
}

// RetentionBackup is a completed backup as retention looks at it.
type RetentionBackup struct {
	ID          uuid.UUID
	Kind        BackupKind
	SnapshotAt  time.Time
	Verified    bool        // a restore drill has passed on it
	LockedUntil *time.Time  // storage refuses to delete it before
	Needs       []uuid.UUID // backups without which it cannot be restored
}

// RetentionVerdict is what becomes of one backup: Keep says why it stays, and one without a reason goes.
type RetentionVerdict struct {
	BackupID   uuid.UUID  `json:"backup_id"`
	Kind       BackupKind `json:"kind"`
	SnapshotAt time.Time  `json:"snapshot_at"`
	Keep       []string   `json:"keep"`
}

// PlanRetention decides about each backup, the newest first, dumps, archives and physical backups each by themselves: of every day, week and
// month that counts the newest stays. Whatever the policy says, it never lets go the newest of each, the newest verified one, one younger than AllHours (or from
// the future), one under lock, nor one that a kept backup needs.
func PlanRetention(p RetentionPolicy, backups []RetentionBackup, now time.Time) []RetentionVerdict {
	sorted := slices.SortedFunc(slices.Values(backups), func(a, b RetentionBackup) int {
		return cmp.Or(b.SnapshotAt.Compare(a.SnapshotAt), slices.Compare(b.ID[:], a.ID[:]))
	})
	verdicts := make([]RetentionVerdict, len(sorted))
	kinds := map[BackupKind]*retentionBuckets{}
	for i, b := range sorted {
		kind := b.Kind
		if kind.Physical() {
			kind = BackupFull
		}
		of := kinds[kind]
		if of == nil {
			of = newRetentionBuckets(p)
			kinds[kind] = of
		}
		verdicts[i] = RetentionVerdict{BackupID: b.ID, Kind: b.Kind, SnapshotAt: b.SnapshotAt, Keep: of.reasons(b, now)}
	}
	keepNeeded(sorted, verdicts)
	return verdicts
}

// ReplayFrom is the oldest of the kept physical backups from which every later moment stays within reach: the newest, the newest verified, the
// young and those of the days that count. All WAL since it stays; what is kept for a week, a month or another backup alone restores to its
// own moment. nil: there is none.
func ReplayFrom(verdicts []RetentionVerdict) *RetentionVerdict {
	var oldest *RetentionVerdict
	for i, v := range verdicts {
		if !v.Kind.Physical() || oldest != nil && oldest.SnapshotAt.Before(v.SnapshotAt) {
			continue
		}
		for _, why := range v.Keep {
			if !strings.HasPrefix(why, "week ") && !strings.HasPrefix(why, "month ") && !strings.HasPrefix(why, neededBy) {
				oldest = &verdicts[i]
			}
		}
	}
	return oldest
}

// retentionBuckets remembers of one kind which day, week and month have their backup. It is asked from the newest to the oldest.
type retentionBuckets struct {
	policy                 RetentionPolicy
	any, verified          bool
	daily, weekly, monthly map[string]bool
}

func newRetentionBuckets(p RetentionPolicy) *retentionBuckets {
	return &retentionBuckets{policy: p, daily: map[string]bool{}, weekly: map[string]bool{}, monthly: map[string]bool{}}
}

func (r *retentionBuckets) reasons(b RetentionBackup, now time.Time) []string {
	keep := []string{}
	if !r.any {
		r.any = true
		keep = append(keep, "newest")
	}
	if b.Verified && !r.verified {
		r.verified = true
		keep = append(keep, "newest verified")
	}
	if now.Sub(b.SnapshotAt) < time.Duration(r.policy.AllHours)*time.Hour {
		keep = append(keep, "young")
	}
	if b.LockedUntil != nil && now.Before(*b.LockedUntil) {
		keep = append(keep, "locked")
	}
	at := b.SnapshotAt.UTC()
	year, week := at.ISOWeek()
	for _, bucket := range []struct {
		name string
		seen map[string]bool
		most int
	}{
		{"day " + at.Format(time.DateOnly), r.daily, r.policy.Daily},
		{fmt.Sprintf("week %d-W%02d", year, week), r.weekly, r.policy.Weekly},
		{"month " + at.Format("2006-01"), r.monthly, r.policy.Monthly},
	} {
		if !bucket.seen[bucket.name] && len(bucket.seen) < bucket.most {
			bucket.seen[bucket.name] = true
			keep = append(keep, bucket.name)
		}
	}
	return keep
}

const neededBy = "needed by "

// keepNeeded keeps what kept backups need, and what that needs.
func keepNeeded(backups []RetentionBackup, verdicts []RetentionVerdict) {
	place := map[uuid.UUID]int{}
	for i, b := range backups {
		place[b.ID] = i
	}
	var kept []int
	for i, v := range verdicts {
		if len(v.Keep) > 0 {
			kept = append(kept, i)
		}
	}
	for len(kept) > 0 {
		b := backups[kept[0]]
		kept = kept[1:]
		for _, id := range b.Needs {
			i, known := place[id]
			if !known {
				continue
			}
			if len(verdicts[i].Keep) == 0 {
				kept = append(kept, i)
			}
			if why := neededBy + b.ID.String(); !slices.Contains(verdicts[i].Keep, why) {
				verdicts[i].Keep = append(verdicts[i].Keep, why)
			}
		}
	}
}

// RetentionObject is one version of one stored object that goes, or an upload of one that was broken off.
type RetentionObject struct {
	BackupID  uuid.UUID `json:"backup_id"`
	Key       string    `json:"key"`
	VersionID string    `json:"version_id"`
	UploadID  string    `json:"upload_id,omitempty"` // of an upload, which has no version and no size yet
	SizeBytes int64     `json:"size_bytes"`
	Archive   bool      `json:"archive,omitempty"` // it lies in the archive's bucket
}

// RetentionPhysical is a physical backup that goes.
type RetentionPhysical struct {
	BackupID  uuid.UUID `json:"backup_id"`
	Label     string    `json:"label"` // pgBackRest's name for it
	SizeBytes int64     `json:"size_bytes"`
}

// RetentionPlan is what a run of retention does, stored before it does it.
type RetentionPlan struct {
	Policy  RetentionPolicy    `json:"policy"`
	Backups []RetentionVerdict `json:"backups"`
	Objects []RetentionObject  `json:"objects"` // in the order in which they go: of each backup the manifest first
	// Of physical backups: what pgBackRest lets go, and the kept one since which all WAL stays; empty where there are none.
	Physical []RetentionPhysical `json:"physical,omitempty"`
	WALFrom  string              `json:"wal_from,omitempty"`
}

// RetentionStatus is where a run of retention stands.
type RetentionStatus string

// States of a run of retention.
const (
	RetentionQueued    RetentionStatus = "queued"
	RetentionRunning   RetentionStatus = "running"
	RetentionCompleted RetentionStatus = "completed"
	RetentionFailed    RetentionStatus = "failed"
)

// RetentionCommandName is a step in the life of a run of retention. A person asks for the create alone.
type RetentionCommandName string

// Steps of a run of retention.
const (
	RetentionCreate   RetentionCommandName = "create"
	RetentionBegin    RetentionCommandName = "begin"
	RetentionPlanned  RetentionCommandName = "plan"
	RetentionComplete RetentionCommandName = "complete"
	RetentionFail     RetentionCommandName = "fail"
)

var retentionEdges = map[RetentionCommandName]map[RetentionStatus]RetentionStatus{
	RetentionBegin:    {RetentionQueued: RetentionRunning, RetentionRunning: RetentionRunning},
	RetentionPlanned:  {RetentionRunning: RetentionRunning},
	RetentionComplete: {RetentionRunning: RetentionCompleted},
	RetentionFail:     {RetentionQueued: RetentionFailed, RetentionRunning: RetentionFailed},
}

// RetentionRun is one run that deletes the backups which the policy lets go. Its plan is stored before anything is deleted and is what a
// worker goes on with that finds it. It belongs to the installation as [BackupRun] does.
//
//	stateDiagram-v2
//	    [*] --> queued: create
//	    queued --> running: begin
//	    running --> running: begin (a worker died)
//	    running --> running: plan
//	    running --> completed: complete
//	    queued --> failed: fail
//	    running --> failed: fail
type RetentionRun struct {
	Operation
	Status     RetentionStatus
	DryRun     bool            // plans and deletes nothing
	Plan       json.RawMessage // a [RetentionPlan]; {} until PlannedAt
	PlannedAt  *time.Time
	Removed    int   // backups that went
	FreedBytes int64 // by the objects that went
	Failure    string
}

// NewRetentionRun is a queued run.
func NewRetentionRun(tenant, id uuid.UUID, dryRun bool, actor uuid.UUID, now time.Time) RetentionRun {
	return RetentionRun{
		Operation: newOperation(tenant, id, actor, now), Status: RetentionQueued, DryRun: dryRun, Plan: json.RawMessage(`{}`),
	}
}

// Over reports whether nothing more will happen to it.
func (r RetentionRun) Over() bool {
	return r.Status == RetentionCompleted || r.Status == RetentionFailed
}

// Apply takes a step of the state table; a step that the state forbids is CodeConflict.
func (r *RetentionRun) Apply(name RetentionCommandName, now time.Time) error {
	to, ok := retentionEdges[name][r.Status]
	if !ok || name == RetentionPlanned && r.PlannedAt != nil {
		return Conflict("A run of retention that is %s cannot %s.", r.Status, name)
	}
	r.Status = to
	if name == RetentionPlanned {
		r.PlannedAt = &now
	}
	r.stepped(name == RetentionBegin, r.Over(), now)
	return nil
}
