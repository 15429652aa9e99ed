package models

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// BackupKind says how a backup is made.
type BackupKind string

// Kinds of backups.
const (
	BackupFull         BackupKind = "full"         // the files of the database cluster, by pgBackRest
	BackupDifferential BackupKind = "differential" // of them what changed since the last full backup
	BackupIncremental  BackupKind = "incremental"  // of them what changed since the last backup of the files
	BackupDump         BackupKind = "dump"         // every row of the database at one moment, encrypted before it leaves the worker
	BackupArchive      BackupKind = "archive"      // a copy of a proven dump with an inventory of the files, under object lock
)

// Check refuses what is no kind of backup.
func (k BackupKind) Check() error {
	switch k {
	case BackupDump, BackupFull, BackupDifferential, BackupIncremental, BackupArchive:
		return nil
	}
	return InvalidField("/kind", "enum", "A backup is full, differential, incremental, dump or archive.")
}

// Physical reports whether pgBackRest makes it, out of the cluster's files: such a backup and the archived WAL restore to any later moment.
func (k BackupKind) Physical() bool {
	return k == BackupFull || k == BackupDifferential || k == BackupIncremental
}

// BackupStatus is where a backup stands.
type BackupStatus string

// States of a backup.
const (
	BackupQueued    BackupStatus = "queued" // waits for its worker, or for another run on the same cluster
	BackupRunning   BackupStatus = "running"
	BackupCompleted BackupStatus = "completed" // stored, manifest last; not yet proven: a drill does that
	BackupFailed    BackupStatus = "failed"
)

// BackupCommandName is a step in a backup's life. A person asks for the create alone; the process takes the others.
type BackupCommandName string

// Steps of a backup.
const (
	BackupCreate   BackupCommandName = "create"
	BackupBegin    BackupCommandName = "begin"
	BackupComplete BackupCommandName = "complete"
	BackupFail     BackupCommandName = "fail"
)

var backupEdges = map[BackupCommandName]map[BackupStatus]BackupStatus{
	BackupBegin:    {BackupQueued: BackupRunning, BackupRunning: BackupRunning},
	BackupComplete: {BackupRunning: BackupCompleted},
	BackupFail:     {BackupQueued: BackupFailed, BackupRunning: BackupFailed},
}

// BackupRun is one backup of the database cluster, with the evidence of what was stored. It belongs to the installation: its tenant is
// that of the platform operator who asked for it, and every platform operator sees it.
//
//	stateDiagram-v2
//	    [*] --> queued: create
//	    queued --> running: begin
//	    running --> running: begin (a worker died)
//	    running --> completed: complete
//	    queued --> failed: fail
//	    running --> failed: fail
type BackupRun struct {
	Operation
	Kind       BackupKind
	Status     BackupStatus
	SizeBytes  int64           // of the stored object; 0 until it is completed
	SnapshotAt *time.Time      // the moment whose rows it holds
	Evidence   json.RawMessage // a [BackupEvidence]; {} until it is completed
	Failure    string
	ExpiredAt  *time.Time // retention has deleted its objects; the row stays as evidence
}

// NewBackupRun is a queued backup.
func NewBackupRun(tenant, id uuid.UUID, kind BackupKind, actor uuid.UUID, now time.Time) BackupRun {
	return BackupRun{
		Operation: newOperation(tenant, id, actor, now), Kind: kind, Status: BackupQueued, Evidence: json.RawMessage(`{}`),
	}
}

// Over reports whether nothing more will happen to it.
func (b BackupRun) Over() bool { return b.Status == BackupCompleted || b.Status == BackupFailed }

// Apply takes a step of the state table; a step that the state forbids is CodeConflict.
func (b *BackupRun) Apply(name BackupCommandName, now time.Time) error {
	to, ok := backupEdges[name][b.Status]
	if !ok {
		return Conflict("A backup that is %s cannot %s.", b.Status, name)
	}
	b.Status = to
	b.stepped(name == BackupBegin, b.Over(), now)
	return nil
}

// BackupTable is how many rows a table had in the backup's snapshot.
type BackupTable struct {
	Name string `json:"name"` // quoted where needed, with its schema
	Rows int64  `json:"rows"`
}

// BackupRole is a role that a restore needs before it: dumps hold none. It has no password.
type BackupRole struct {
	Name      string   `json:"name"`
	BypassRLS bool     `json:"bypass_rls,omitempty"`
	MemberOf  []string `json:"member_of,omitempty"`
}

// BackupManifest describes a stored backup. It is stored last, in clear and beside the encrypted object: numbers and names of the
// schema, no row and no secret. A backup without a manifest does not exist.
type BackupManifest struct {
	Format        int                 `json:"format"` // of this document: 1
	ID            uuid.UUID           `json:"id"`
	Kind          BackupKind          `json:"kind"`
	SnapshotAt    time.Time           `json:"snapshot_at"`
	Database      string              `json:"database"`
	ServerVersion string              `json:"server_version"`
	Object        string              `json:"object"`     // key in the bucket
	SizeBytes     int64               `json:"size_bytes"` // of the object
	SHA256        string              `json:"sha256"`     // of the object, hex
	PlainBytes    int64               `json:"plain_bytes"`
	PlainSHA256   string              `json:"plain_sha256"` // of what is in it, hex
	Recipient     string              `json:"recipient"`    // public half of the recovery key
	Tables        []BackupTable       `json:"tables"`
	Roles         []BackupRole        `json:"roles"`
	ForeignKeys   int                 `json:"foreign_keys"`
	Inventory     *BackupInventory    `json:"inventory,omitempty"`
	Installation  *BackupInstallation `json:"installation,omitempty"`
	// Of an archive: what it is a copy of, and until when the storage refuses to delete it.
	Source      *uuid.UUID `json:"source,omitempty"`
	LockedUntil *time.Time `json:"locked_until,omitempty"`
}

// BackupInventory describes the list of files beside a backup, sealed as the backup is.
type BackupInventory struct {
	Object    string `json:"object"`
	SHA256    string `json:"sha256"` // of the object, hex
	SizeBytes int64  `json:"size_bytes"`
	Files     int    `json:"files"`
	FileBytes int64  `json:"file_bytes"`
	Missing   int    `json:"missing"` // files of which a row says that they are there, and storage has none
}

// Installation is what belongs to an installation beside its rows and files.
type Installation struct {
	Version      string // of the release that runs
	BinarySHA256 string // of the program that runs, hex
	Files        []InstallationFile
}

// InstallationFile is one file of it.
type InstallationFile struct {
	Name      string // its path, or its own name where it was made for the backup
	SizeBytes int64  // of the whole file
	Content   []byte // its end, where it is long
	Fault     string // why it could not be read
}

// BackupInstallation describes a tar beside a backup, sealed as the backup is: the settings without secrets, the release with the hashes of its
// program and modules, deployment manifests and the ends of logs. Its first file, files.json, lists the others with their SHA-256.
type BackupInstallation struct {
	Object       string `json:"object"`
	SHA256       string `json:"sha256"` // of the object, hex
	SizeBytes    int64  `json:"size_bytes"`
	Files        int    `json:"files"`
	Version      string `json:"version"`
	BinarySHA256 string `json:"binary_sha256"`
}

// InventoryLine is one file in an inventory: what lies in the versioned bucket under which version.
type InventoryLine struct {
	Key       string `json:"key"`
	VersionID string `json:"version_id"` // empty where it is missing
	SHA256    string `json:"sha256"`
	SizeBytes int64  `json:"size_bytes"`
}

// Rows is the sum over all tables.
func (m BackupManifest) Rows() int64 {
	var sum int64
	for _, t := range m.Tables {
		sum += t.Rows
	}
	return sum
}

// BackupEvidence is what a completed backup leaves in its row. Of a physical backup it has Physical, Seconds and SizeBytes.
type BackupEvidence struct {
	Object         string              `json:"object,omitempty"`
	SHA256         string              `json:"sha256,omitempty"`
	SizeBytes      int64               `json:"size_bytes"`
	PlainBytes     int64               `json:"plain_bytes,omitempty"`
	Manifest       string              `json:"manifest,omitempty"`
	ManifestSHA256 string              `json:"manifest_sha256,omitempty"`
	Recipient      string              `json:"recipient,omitempty"`
	Tables         int                 `json:"tables,omitempty"`
	Rows           int64               `json:"rows,omitempty"`
	Seconds        float64             `json:"seconds"` // of a dump from the snapshot to the stored manifest
	Physical       *PhysicalEvidence   `json:"physical,omitempty"`
	Inventory      *BackupInventory    `json:"inventory,omitempty"` // of a dump
	Installation   *BackupInstallation `json:"installation,omitempty"`
	Archive        *ArchiveEvidence    `json:"archive,omitempty"`
}

// StoredObject is an object in storage, as what was written down when it was stored describes it.
type StoredObject struct {
	Key       string
	SizeBytes int64 // 0 where that was not written down
	SHA256    string
}

// Objects are what a backup left in storage, its manifest first; none of a physical backup, which lies in pgBackRest's repository.
func (e BackupEvidence) Objects() []StoredObject {
	if e.Object == "" {
		return nil
	}
	objects := []StoredObject{{Key: e.Manifest, SHA256: e.ManifestSHA256}, {Key: e.Object, SizeBytes: e.SizeBytes, SHA256: e.SHA256}}
	inventory := e.Inventory
	if e.Archive != nil {
		inventory = &e.Archive.Inventory
	}
	if inventory != nil {
		objects = append(objects, StoredObject{inventory.Object, inventory.SizeBytes, inventory.SHA256})
	}
	if e.Installation != nil {
		objects = append(objects, StoredObject{e.Installation.Object, e.Installation.SizeBytes, e.Installation.SHA256})
	}
	return objects
}

// ArchiveEvidence is what stands under lock.
type ArchiveEvidence struct {
	Bucket      string          `json:"bucket"`
	Source      uuid.UUID       `json:"source"` // the dump that it is a copy of
	LockedUntil time.Time       `json:"locked_until"`
	Inventory   BackupInventory `json:"inventory"`
	Canary      string          `json:"canary"` // what came of trying to delete what is under lock
}

// PhysicalEvidence is what the repository says about a backup of the cluster's files.
type PhysicalEvidence struct {
	Label         string   `json:"label"` // pgBackRest's name for it
	SystemID      string   `json:"system_id"`
	StartLSN      string   `json:"start_lsn"` // it is consistent once the WAL from here
	StopLSN       string   `json:"stop_lsn"`  // to here is replayed
	StartSegment  string   `json:"start_segment"`
	StopSegment   string   `json:"stop_segment"`
	DatabaseBytes int64    `json:"database_bytes"` // of the cluster
	CopiedBytes   int64    `json:"copied_bytes"`   // of them what this backup copied
	StoredBytes   int64    `json:"stored_bytes"`   // in the repository, with the backups it refers to
	References    []string `json:"references"`     // labels of the backups it needs
}
