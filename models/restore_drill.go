package models

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// RestoreDrillStatus is where a drill stands.
type RestoreDrillStatus string

// States of a drill. What cannot be carried out completes too, with the verdict inconclusive.
const (
	RestoreDrillQueued    RestoreDrillStatus = "queued"
	RestoreDrillRunning   RestoreDrillStatus = "running"
	RestoreDrillCompleted RestoreDrillStatus = "completed"
)

// DrillVerdict is what a check, or a whole drill, found.
type DrillVerdict string

// Verdicts. Inconclusive never counts as a pass.
const (
	DrillPass         DrillVerdict = "pass"
	DrillFail         DrillVerdict = "fail"
	DrillInconclusive DrillVerdict = "inconclusive"
)

// DrillCheck is one thing that a drill looked at.
type DrillCheck struct {
	Name    string       `json:"name"`
	Verdict DrillVerdict `json:"verdict"`
	Detail  string       `json:"detail"`
}

// DrillVerdictOf is the verdict of all checks together: one that failed fails the drill, and one that could not be made, or none at
// all, leaves it inconclusive.
func DrillVerdictOf(checks []DrillCheck) DrillVerdict {
	verdict := DrillPass
	if len(checks) == 0 {
		verdict = DrillInconclusive
	}
	for _, c := range checks {
		switch c.Verdict {
		case DrillFail:
			return DrillFail
		case DrillPass:
		case DrillInconclusive:
			verdict = DrillInconclusive
		default:
			verdict = DrillInconclusive
		}
	}
	return verdict
}

// RestoreDrillCommandName is a step in a drill's life. A person asks for the create alone.
type RestoreDrillCommandName string

// Steps of a drill.
const (
	RestoreDrillCreate   RestoreDrillCommandName = "create"
	RestoreDrillBegin    RestoreDrillCommandName = "begin"
	RestoreDrillComplete RestoreDrillCommandName = "complete"
)

var restoreDrillEdges = map[RestoreDrillCommandName]map[RestoreDrillStatus]RestoreDrillStatus{
	RestoreDrillBegin:    {RestoreDrillQueued: RestoreDrillRunning, RestoreDrillRunning: RestoreDrillRunning},
	RestoreDrillComplete: {RestoreDrillQueued: RestoreDrillCompleted, RestoreDrillRunning: RestoreDrillCompleted},
}

// DrillSource is what a drill restores.
type DrillSource string

// Sources of a drill.
const (
	DrillOfEither   DrillSource = "" // the physical backups where there are any, else the newest dump
	DrillOfDump     DrillSource = "dump"
	DrillOfPhysical DrillSource = "physical" // a backup of the cluster's files, with the archived WAL replayed to a heartbeat
)

// DrillRequest says what a drill is asked for.
type DrillRequest struct {
	Source DrillSource `json:"source,omitempty"`
	// TargetTime chooses the last heartbeat that it has; the newest one without it.
	TargetTime *time.Time `json:"target_time,omitempty"`
	Fault      DrillFault `json:"fault,omitempty"`
}

// Check refuses what cannot be done.
func (r DrillRequest) Check(now time.Time) error {
	var f Faults
	f.Add(r.Source != DrillOfEither && r.Source != DrillOfDump && r.Source != DrillOfPhysical, "/source", "enum",
		"A drill restores a dump or a physical backup.")
	f.Add(r.TargetTime != nil && r.Source == DrillOfDump, "/target_time", "unsupported",
		"A dump is one moment; only physical backups restore to a chosen time.")
	f.Add(r.TargetTime != nil && r.TargetTime.After(now), "/target_time", "range", "The time is in the future.")
	r.Fault.check(r, &f)
	return f.Err()
}

// RestoreDrill is one proof that a backup can be restored, into a database server of the drill's own. It belongs to the
// installation as [BackupRun] does. Durations are seconds.
//
//	stateDiagram-v2
//	    [*] --> queued: create
//	    queued --> running: begin
//	    running --> running: begin (a worker died)
//	    queued --> completed: complete
//	    running --> completed: complete
type RestoreDrill struct {
	Operation
	Status      RestoreDrillStatus
	Source      DrillSource // what was asked for; when it is completed what it restored
	TargetTime  *time.Time
	Fault       DrillFault      // spoilt on purpose; such a drill never passes
	FaultFound  *bool           // whether the right check went red for it; nil until it is completed, and where it did not come to it
	Verdict     DrillVerdict    // empty until it is completed
	BackupRunID *uuid.UUID      // what it restored
	RPOSeconds  *float64        // what a disaster when the drill began would have lost: age of the newest rows that it could have restored
	RTOSeconds  *float64        // fetch, restore or replay, and validate together
	Checks      json.RawMessage // []DrillCheck
	Evidence    json.RawMessage // a [DrillEvidence]
}

// DrillEvidence is what a drill measured.
type DrillEvidence struct {
	Object          string  `json:"object,omitempty"`
	SHA256          string  `json:"sha256,omitempty"`
	SizeBytes       int64   `json:"size_bytes,omitempty"`
	PlainBytes      int64   `json:"plain_bytes,omitempty"`
	Rows            int64   `json:"rows,omitempty"`
	ServerVersion   string  `json:"server_version,omitempty"` // of the scratch server
	FetchSeconds    float64 `json:"fetch_seconds"`
	RestoreSeconds  float64 `json:"restore_seconds"` // of a dump: load it; of a physical backup: replay the WAL
	ValidateSeconds float64 `json:"validate_seconds"`
	// Of a physical backup alone.
	Replay *ReplayEvidence `json:"replay,omitempty"`
	// Of a drill with a fault alone.
	Fault *FaultEvidence `json:"fault,omitempty"`
}

// ReplayEvidence is what was replayed, and how long it would take at the size of the cluster when the drill began.
type ReplayEvidence struct {
	Label               string    `json:"label"`        // of the backup
	HeartbeatAt         time.Time `json:"heartbeat_at"` // the last that had to be there
	HeartbeatID         int64     `json:"heartbeat_id"`
	TargetLSN           string    `json:"target_lsn"`
	Segments            int       `json:"segments"`
	WALBytes            int64     `json:"wal_bytes"`         // replayed
	BackupBytes         int64     `json:"backup_bytes"`      // of the cluster in the backup
	ClusterBytes        int64     `json:"cluster_bytes"`     // of the cluster when the drill began
	PendingWALBytes     int64     `json:"pending_wal_bytes"` // from the backup to that moment
	ProjectedRTOSeconds float64   `json:"projected_rto_seconds"`
}

// NewRestoreDrill is a queued drill.
func NewRestoreDrill(tenant, id uuid.UUID, r DrillRequest, actor uuid.UUID, now time.Time) RestoreDrill {
	return RestoreDrill{
		Operation: newOperation(tenant, id, actor, now), Source: r.Source, TargetTime: r.TargetTime, Fault: r.Fault, Status: RestoreDrillQueued,
		Checks: json.RawMessage(`[]`), Evidence: json.RawMessage(`{}`),
	}
}

// Over reports whether nothing more will happen to it.
func (d RestoreDrill) Over() bool { return d.Status == RestoreDrillCompleted }

// Apply takes a step of the state table; a step that the state forbids is CodeConflict.
func (d *RestoreDrill) Apply(name RestoreDrillCommandName, now time.Time) error {
	to, ok := restoreDrillEdges[name][d.Status]
	if !ok {
		return Conflict("A restore drill that is %s cannot %s.", d.Status, name)
	}
	d.Status = to
	d.stepped(name == RestoreDrillBegin, d.Over(), now)
	return nil
}
