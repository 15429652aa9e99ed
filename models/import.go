package models

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
)

// ImportKind says what the rows of a file are.
type ImportKind string

// Kinds of imports. Rows meet what is there by a natural key, so the same file twice changes nothing.
const (
	ImportLocations     ImportKind = "locations"             // by code
	ImportAssets        ImportKind = "assets"                // by code
	ImportMeters        ImportKind = "meters"                // by asset and name
	ImportMeterReadings ImportKind = "meter-readings"        // by meter and moment
	ImportSchedules     ImportKind = "maintenance-schedules" // by asset and title
	ImportUsers         ImportKind = "users"                 // by e-mail address
	ImportWorkOrders    ImportKind = "work-orders"           // closed history, by import_key
	ImportSuppliers     ImportKind = "suppliers"             // by code
	ImportItems         ImportKind = "items"                 // by code
	ImportOpeningStock  ImportKind = "opening-stock"         // by item, location, lot and serial number
)

// ImportKinds lists every kind, in an order in which files of a new plant can be imported.
func ImportKinds() []ImportKind {
	return []ImportKind{
		ImportLocations, ImportAssets, ImportMeters, ImportMeterReadings, ImportSchedules, ImportUsers, ImportWorkOrders, ImportSuppliers,
		ImportItems, ImportOpeningStock,
	}
}

// Permission is what a person needs beside imports.run.
func (k ImportKind) Permission() Permission {
	switch k {
	case ImportLocations:
		return PermissionLocationsWrite
	case ImportAssets:
		return PermissionAssetsWrite
	case ImportMeters:
		return PermissionMetersWrite
	case ImportMeterReadings:
		return PermissionMeterReadingsWrite
	case ImportSchedules:
		return PermissionMaintenanceSchedulesWrite
	case ImportUsers:
		return PermissionUsersWrite
	case ImportWorkOrders:
		return PermissionWorkOrdersCreate
	case ImportSuppliers:
		return PermissionSuppliersWrite
	case ImportItems:
		return PermissionItemsWrite
	case ImportOpeningStock:
		return PermissionStockMovementsWrite
	}
	return ""
}

// Check says whether the actor may import this kind: what it could not do row by row, an import does not do either.
func (k ImportKind) Check(actor Actor) error {
	if permission := k.Permission(); !actor.Can(permission) {
		return Lacks(permission)
	}
	if k == ImportUsers {
		return (&User{}).MayWrite(actor)
	}
	return nil
}

// ImportStatus is where an import stands.
//
//	stateDiagram-v2
//	    [*] --> validating: create
//	    validating --> validated: dry run
//	    validating --> running: no dry run
//	    validated --> running: commit
//	    running --> completed
//	    validating --> failed: the file cannot be read
//	    running --> failed: the file cannot be read
//	    validating --> cancelled: cancel
//	    validated --> cancelled: cancel
//	    running --> cancelled: cancel
type ImportStatus string

// States of an import.
const (
	ImportValidating ImportStatus = "validating"
	ImportValidated  ImportStatus = "validated"
	ImportRunning    ImportStatus = "running"
	ImportCompleted  ImportStatus = "completed"
	ImportFailed     ImportStatus = "failed"
	ImportCancelled  ImportStatus = "cancelled"
)

// Working reports whether the process has something to do. A validated import waits for a person and needs no process.
func (s ImportStatus) Working() bool { return s == ImportValidating || s == ImportRunning }

// AllowedCommands lists what a person may ask of an import in this state.
func (s ImportStatus) AllowedCommands() []string {
	switch s {
	case ImportValidated:
		return []string{"commit", "cancel"}
	case ImportValidating, ImportRunning:
		return []string{"cancel"}
	case ImportCompleted, ImportFailed, ImportCancelled:
	}
	return []string{}
}

// Check refuses a command that the state forbids: a conflict with the allowed commands.
func (s ImportStatus) Check(command string) error {
	if slices.Contains(s.AllowedCommands(), command) {
		return nil
	}
	err := Conflict("An import that is %s cannot be asked to %s.", s, command)
	err.AllowedCommands = s.AllowedCommands()
	return err
}

// ImportChunk is how many rows are committed in one transaction.
const ImportChunk = 500

// ImportMaxFaults is how many faults of one run are kept; beyond them they are only counted.
const ImportMaxFaults = 10_000

// ImportMaxBytes is the largest file.
const ImportMaxBytes = 100 << 20

// Import is one file on its way into the tables. RowsDone is written in the transaction of each chunk: a run that is broken
// off goes on there and repeats nothing.
type Import struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	Kind             ImportKind
	Status           ImportStatus
	Mapping          json.RawMessage // an ImportMapping
	DryRun           bool
	ObjectKey        string
	ErrorsKey        string // of the file of row errors; empty where there are none
	FileName         string
	FileSHA256       []byte
	RowsTotal        int
	RowsOK           int // would be, or are, in the tables as the file says
	RowsFailed       int
	RowsChanged      int // of RowsOK: those that wrote something
	RowsDone         int
	Failure          string
	ActorID          uuid.UUID
	ActorKind        ActorKind
	LocationIDs      []uuid.UUID `gorm:"-"` // the owner's locations when it was created; rows elsewhere are refused
	FinishedAt       *time.Time
	NextActionAt     *time.Time
	ProcessStartedAt *time.Time
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// Parsed returns the mapping.
func (i Import) Parsed() (ImportMapping, error) {
	var m ImportMapping
	return m, json.Unmarshal(i.Mapping, &m)
}

// RowFault says what is wrong with one row of a file. Column is the file's name of it, empty where the whole row is at fault.
type RowFault struct {
	Line   int    `json:"row"` // in the file, the header being 1
	Column string `json:"column"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// ImportRow is a row in the product's terms: field name to canonical text (dates YYYY-MM-DD, decimals with a point, moments
// RFC 3339 or a local time without offset). A field that the row leaves empty is absent.
type ImportRow struct {
	Line   int
	Values map[string]string
}
