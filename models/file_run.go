package models

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
)

// FileRunKind says what a run does with the stored files.
type FileRunKind string

// Kinds of runs over the stored files.
const (
	FileCheck   FileRunKind = "check"   // compares rows and storage, and removes what no row knows
	FileRestore FileRunKind = "restore" // brings files back as they were at a time
)

// FileRunStatus is where a run over the files stands.
type FileRunStatus string

// States of a run over the files.
const (
	FileRunQueued    FileRunStatus = "queued"
	FileRunRunning   FileRunStatus = "running"
	FileRunCompleted FileRunStatus = "completed"
	FileRunFailed    FileRunStatus = "failed"
)

// FileRunCommandName is a step in the life of a run over the files. A person asks for the create alone.
type FileRunCommandName string

// Steps of a run over the files.
const (
	FileRunCreate   FileRunCommandName = "create"
	FileRunBegin    FileRunCommandName = "begin"
	FileRunPlanned  FileRunCommandName = "plan"
	FileRunComplete FileRunCommandName = "complete"
	FileRunFail     FileRunCommandName = "fail"
)

var fileRunEdges = map[FileRunCommandName]map[FileRunStatus]FileRunStatus{
	FileRunBegin:    {FileRunQueued: FileRunRunning, FileRunRunning: FileRunRunning},
	FileRunPlanned:  {FileRunRunning: FileRunRunning},
	FileRunComplete: {FileRunRunning: FileRunCompleted},
	FileRunFail:     {FileRunQueued: FileRunFailed, FileRunRunning: FileRunFailed},
}

// FileRun is one check of the stored files against the rows, or one restore of files. What it changes stands in its plan before it changes
// anything, and a worker goes on with the plan that it finds. It belongs to the installation as [BackupRun] does.
//
//	stateDiagram-v2
//	    [*] --> queued: create
//	    queued --> running: begin
//	    running --> running: begin (a worker died)
//	    running --> running: plan
//	    running --> completed: complete
//	    queued --> failed: fail
//	    running --> failed: fail
type FileRun struct {
	Operation
	Kind         FileRunKind
	Status       FileRunStatus
	DryRun       bool            // plans and changes nothing
	AsOf         *time.Time      // of a restore: the moment that files are brought back to
	AttachmentID *uuid.UUID      // of a restore: the one file; nil for all
	Plan         json.RawMessage // a [FilePlan]; {} until PlannedAt
	PlannedAt    *time.Time
	Evidence     json.RawMessage // a [FileEvidence]; {} until PlannedAt
	Failure      string
}

// NewFileRun is what is asked for.
type NewFileRun struct {
	Kind         FileRunKind `json:"kind"`
	DryRun       bool        `json:"dry_run"`
	AsOf         *time.Time  `json:"as_of"`
	AttachmentID *uuid.UUID  `json:"attachment_id"`
}

// Validate refuses what contradicts itself; a restore needs a moment that is past.
func (n NewFileRun) Validate(now time.Time) error {
	var f Faults
	f.Add(n.Kind != FileCheck && n.Kind != FileRestore, "/kind", "enum", "A run over the files is check or restore.")
	f.Add(n.Kind == FileRestore && n.AsOf == nil, "/as_of", "required", "Files are restored as of a time.")
	f.Add(n.Kind == FileRestore && n.AsOf != nil && n.AsOf.After(now), "/as_of", "maximum", "That time is yet to come.")
	f.Add(n.Kind == FileCheck && n.AsOf != nil, "/as_of", "unexpected", "A check is of now.")
	f.Add(n.Kind == FileCheck && n.AttachmentID != nil, "/attachment_id", "unexpected", "A check is of all files.")
	return f.Err()
}

// Run is the queued run.
func (n NewFileRun) Run(tenant, id, actor uuid.UUID, now time.Time) FileRun {
	return FileRun{
		Operation: newOperation(tenant, id, actor, now), Kind: n.Kind, Status: FileRunQueued, DryRun: n.DryRun, AsOf: n.AsOf,
		AttachmentID: n.AttachmentID, Plan: json.RawMessage(`{}`), Evidence: json.RawMessage(`{}`),
	}
}

// Over reports whether nothing more will happen to it.
func (r FileRun) Over() bool { return r.Status == FileRunCompleted || r.Status == FileRunFailed }

// Apply takes a step of the state table; a step that the state forbids is CodeConflict.
func (r *FileRun) Apply(name FileRunCommandName, now time.Time) error {
	to, ok := fileRunEdges[name][r.Status]
	if !ok || name == FileRunPlanned && r.PlannedAt != nil {
		return Conflict("A run over the files that is %s cannot %s.", r.Status, name)
	}
	r.Status = to
	if name == FileRunPlanned {
		r.PlannedAt = &now
	}
	r.stepped(name == FileRunBegin, r.Over(), now)
	return nil
}

// KnownFile is an object of which a row knows. Of attachments it says what must lie there; of imports and exports only that there is a row.
type KnownFile struct {
	ID         uuid.UUID // of the row
	Key        string
	SizeBytes  int64
	SHA256     string // hex; empty where the row does not say
	UploadedAt *time.Time
	DeletedAt  *time.Time
}

// InUse reports whether the object must be there.
func (f KnownFile) InUse() bool { return f.UploadedAt != nil && f.DeletedAt == nil }

// InUseAt reports whether the object had to be there at a moment.
func (f KnownFile) InUseAt(at time.Time) bool {
	return f.UploadedAt != nil && !f.UploadedAt.After(at) && (f.DeletedAt == nil || f.DeletedAt.After(at))
}

// FileVersion is one version of a stored object.
type FileVersion struct {
	Key       string
	VersionID string
	SizeBytes int64
	Deleted   bool // a delete marker
	Latest    bool
	StoredAt  time.Time
}

// FileUpload is an upload that was broken off: parts in storage that are no object.
type FileUpload struct {
	Key      string    `json:"key"`
	UploadID string    `json:"upload_id"`
	BegunAt  time.Time `json:"begun_at"`
}

// FileOrphan is an object of which no row knows, with all its versions.
type FileOrphan struct {
	Key       string    `json:"key"`
	SizeBytes int64     `json:"size_bytes"` // of all versions
	StoredAt  time.Time `json:"stored_at"`  // the newest of them
	Versions  []string  `json:"versions"`
}

// FileFault is a file, or an object of an archive under lock, of which a row says that it is there, and storage has none such.
type FileFault struct {
	TenantID     uuid.UUID  `json:"tenant_id"`
	AttachmentID *uuid.UUID `json:"attachment_id,omitempty"` // of a file
	BackupID     *uuid.UUID `json:"backup_id,omitempty"`     // of an archive
	Key          string     `json:"key"`
	Fault        string     `json:"fault"`
}

// FileReturn is a file that comes back: its version becomes the newest again, and its row is in use again.
type FileReturn struct {
	TenantID     uuid.UUID `json:"tenant_id"`
	AttachmentID uuid.UUID `json:"attachment_id"`
	Key          string    `json:"key"`
	VersionID    string    `json:"version_id"` // what is brought back
	Replaces     string    `json:"replaces"`   // the newest version when this was planned; empty where there was none
	StoredAt     time.Time `json:"stored_at"`  // of that version
	SizeBytes    int64     `json:"size_bytes"`
	SHA256       string    `json:"sha256"`
}

// FilePlan is what a run over the files found and does, stored before it does it.
type FilePlan struct {
	Orphans []FileOrphan `json:"orphans"`           // that a check removes, beyond recall
	Uploads []FileUpload `json:"uploads,omitempty"` // that it ends: broken off before the grace period
	Faults  []FileFault  `json:"faults"`
	Returns []FileReturn `json:"returns"` // that a restore brings back
}

// FileEvidence is what a run over the files found and did, in numbers: the plan lists at most [FilePlanMax] of each.
type FileEvidence struct {
	Files       int     `json:"files"` // in use
	FileBytes   int64   `json:"file_bytes"`
	ReadFiles   int     `json:"read_files"` // whose content was read and hashed
	ReadBytes   int64   `json:"read_bytes"`
	Locked      int     `json:"locked"` // objects of archives, under lock
	LockedBytes int64   `json:"locked_bytes"`
	ReadLocked  int     `json:"read_locked"` // of them whose content was read and hashed
	Faults      int     `json:"faults"`      // of files and of objects of archives
	Orphans     int     `json:"orphans"`     // older than the grace period
	OrphanBytes int64   `json:"orphan_bytes"`
	Removed     int     `json:"removed"`
	FreedBytes  int64   `json:"freed_bytes"`
	Returns     int     `json:"returns"`
	Restored    int     `json:"restored"`
	Seconds     float64 `json:"seconds"` // of the look
}

// FilePlanMax bounds each list of a plan; the next run finds the rest.
const FilePlanMax = 10_000

// FileReadDays is within how many days a check a day has read every file, and every object of an archive.
const FileReadDays = 28

// FileReadOn reports whether the content of a file, or of an archive's objects, is read on the day of at: each on one day of FileReadDays.
func FileReadOn(id uuid.UUID, at time.Time) bool {
	return int64(id[15])%FileReadDays == at.Unix()/int64(24*time.Hour/time.Second)%FileReadDays
}

// CompareFiles holds the versions of stored objects against what rows know. An orphan has no row and no version that is stored at or after
// young; a fault is a file in use whose newest version is missing or has another size.
func CompareFiles(known []KnownFile, versions []FileVersion, young time.Time) (orphans []FileOrphan, faults map[string]string) {
	of := map[string]*FileOrphan{}
	latest := map[string]FileVersion{}
	for _, v := range versions {
		o := of[v.Key]
		if o == nil {
			o = &FileOrphan{Key: v.Key}
			of[v.Key] = o
		}
		o.Versions = append(o.Versions, v.VersionID)
		o.SizeBytes += v.SizeBytes
		if v.StoredAt.After(o.StoredAt) {
			o.StoredAt = v.StoredAt
		}
		if v.Latest && !v.Deleted {
			latest[v.Key] = v
		}
	}
	faults = map[string]string{}
	for _, f := range known {
		delete(of, f.Key)
		if !f.InUse() {
			continue
		}
		switch is, there := latest[f.Key]; {
		case !there:
			faults[f.Key] = "The object is missing."
		case is.SizeBytes != f.SizeBytes:
			faults[f.Key] = "The object has another size than its row says."
		}
	}
	for _, o := range of {
		if o.StoredAt.Before(young) {
			orphans = append(orphans, *o)
		}
	}
	slices.SortFunc(orphans, func(a, b FileOrphan) int { return slices.Compare([]byte(a.Key), []byte(b.Key)) })
	return orphans, faults
}

// VersionsAsOf are the versions that a file of this size may have had at a moment, the newest first.
func VersionsAsOf(f KnownFile, versions []FileVersion, at time.Time) []FileVersion {
	var candidates []FileVersion
	for _, v := range versions {
		if v.Key == f.Key && !v.Deleted && !v.StoredAt.After(at) && v.SizeBytes == f.SizeBytes {
			candidates = append(candidates, v)
		}
	}
	slices.SortStableFunc(candidates, func(a, b FileVersion) int { return b.StoredAt.Compare(a.StoredAt) })
	return candidates
}
