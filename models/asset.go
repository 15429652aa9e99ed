package models

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// LifecycleState says where an asset is between plan and disposal.
type LifecycleState string

// Lifecycle states of an asset.
const (
	AssetPlanned        LifecycleState = "planned"
	AssetOrdered        LifecycleState = "ordered"
	AssetReceived       LifecycleState = "received"
	AssetCommissioning  LifecycleState = "commissioning"
	AssetInService      LifecycleState = "in_service"
	AssetDecommissioned LifecycleState = "decommissioned"
	AssetInStore        LifecycleState = "in_store"
	AssetDisposed       LifecycleState = "disposed"
	AssetLost           LifecycleState = "lost"
)

// OperatingState says what an asset does while it is in service (EN 13306).
type OperatingState string

// Operating states of an asset.
const (
	AssetUp       OperatingState = "up"
	AssetDown     OperatingState = "down"
	AssetDegraded OperatingState = "degraded"
	AssetStandby  OperatingState = "standby"
	AssetIdle     OperatingState = "idle"
	AssetDisabled OperatingState = "disabled"
)

// Custody says who has an asset that is lent.
type Custody string

// States of custody.
const (
	CustodyAvailable  Custody = "available"
	CustodyReserved   Custody = "reserved"
	CustodyCheckedOut Custody = "checked_out"
	CustodyAccepted   Custody = "accepted"
	CustodyDeclined   Custody = "declined"
	CustodyOverdue    Custody = "overdue"
)

// edges lists, for each state, those that may follow.
type edges[S ~string] map[S][]S

// lifecycleEdges: what is not listed is refused.
//
//	stateDiagram-v2
//	    planned --> ordered
//	    planned --> commissioning: found on site
//	    ordered --> received
//	    ordered --> planned: order cancelled
//	    received --> commissioning
//	    received --> in_store
//	    commissioning --> in_service
//	    commissioning --> in_store
//	    in_service --> decommissioned
//	    in_service --> lost
//	    decommissioned --> in_store
//	    decommissioned --> commissioning
//	    decommissioned --> disposed
//	    decommissioned --> lost
//	    in_store --> commissioning
//	    in_store --> disposed
//	    in_store --> lost
//	    lost --> in_store: found again
//	    disposed --> [*]
var lifecycleEdges = edges[LifecycleState]{
	AssetPlanned:        {AssetOrdered, AssetCommissioning},
	AssetOrdered:        {AssetReceived, AssetPlanned},
	AssetReceived:       {AssetCommissioning, AssetInStore},
	AssetCommissioning:  {AssetInService, AssetInStore},
	AssetInService:      {AssetDecommissioned, AssetLost},
	AssetDecommissioned: {AssetInStore, AssetCommissioning, AssetDisposed, AssetLost},
	AssetInStore:        {AssetCommissioning, AssetDisposed, AssetLost},
	AssetLost:           {AssetInStore},
	AssetDisposed:       {},
}

// operatingEdges: an asset that does not run cannot run worse, so degraded follows only where it works.
var operatingEdges = edges[OperatingState]{
	AssetUp:       {AssetDown, AssetDegraded, AssetStandby, AssetIdle, AssetDisabled},
	AssetDown:     {AssetUp, AssetDegraded, AssetStandby, AssetIdle, AssetDisabled},
	AssetDegraded: {AssetUp, AssetDown, AssetStandby, AssetIdle, AssetDisabled},
	AssetStandby:  {AssetUp, AssetDown, AssetDegraded, AssetIdle, AssetDisabled},
	AssetIdle:     {AssetUp, AssetDown, AssetStandby, AssetDisabled},
	AssetDisabled: {AssetUp, AssetDown, AssetStandby, AssetIdle},
}

// custodyEdges: a loan is reserved, handed out, accepted or declined by the borrower, and ends with the return.
var custodyEdges = edges[Custody]{
	CustodyAvailable:  {CustodyReserved, CustodyCheckedOut},
	CustodyReserved:   {CustodyCheckedOut, CustodyAvailable},
	CustodyCheckedOut: {CustodyAccepted, CustodyDeclined, CustodyOverdue, CustodyAvailable},
	CustodyAccepted:   {CustodyOverdue, CustodyAvailable},
	CustodyDeclined:   {CustodyAvailable},
	CustodyOverdue:    {CustodyAvailable},
}

// check refuses a step that the table does not list: a conflict that names what may follow. Staying is no step.
func (e edges[S]) check(field string, from, to S) error {
	if from == to || slices.Contains(e[from], to) {
		return nil
	}
	next := make([]string, len(e[from]))
	for i, s := range e[from] {
		next[i] = string(s)
	}
	if len(next) == 0 {
		next = []string{"nothing"}
	}
	return InvalidConflict("/"+field, "transition", "After %s comes %s, not %s.", from, strings.Join(next, ", "), to)
}

func (e edges[S]) known(s S) bool { return slices.Contains(slices.Collect(maps.Keys(e)), s) }

// Asset is a thing that is maintained: a machine, or a part of one (ParentID).
type Asset struct {
	Record
	Code             string
	Name             string
	Description      string
	CategoryID       uuid.UUID
	LocationID       uuid.UUID
	SiteID           uuid.UUID // of the location
	ParentID         *uuid.UUID
	TemplateID       *uuid.UUID
	DepartmentID     *uuid.UUID
	CostCenterID     *uuid.UUID
	SerialNumber     *string
	Barcode          *string
	Manufacturer     string
	Model            string
	Criticality      string // A (highest), B, C; empty: not judged
	LifecycleState   LifecycleState
	OperatingState   OperatingState
	Custody          Custody
	PurchasePrice    *decimal.Decimal
	PurchaseCurrency *string // ISO 4217, of both prices
	PurchasedOn      *Date
	InstalledOn      *Date
	WarrantyUntil    *Date
	ReplacementPrice *decimal.Decimal
	Fields           json.RawMessage `gorm:"type:jsonb"` // custom fields, an object that fits the template's schema
}

// Complete fills in what was not said: a new asset is in service, runs where it is in service and is not lent.
func (a *Asset) Complete() {
	if a.LifecycleState == "" {
		a.LifecycleState = AssetInService
	}
	if a.OperatingState == "" {
		a.OperatingState = AssetDisabled
		if a.LifecycleState.Operates() {
			a.OperatingState = AssetUp
		}
	}
	if a.Custody == "" {
		a.Custody = CustodyAvailable
	}
	if len(a.Fields) == 0 {
		a.Fields = json.RawMessage("{}")
	}
}

// Validate checks what can be checked without the database.
func (a *Asset) Validate() error {
	f := nameFaults(a.Code, a.Name)
	f.Add(a.CategoryID == uuid.Nil, "/category_id", "required", "A category is needed.")
	f.Add(a.LocationID == uuid.Nil, "/location_id", "required", "A location is needed.")
	f.Add(a.SerialNumber != nil && *a.SerialNumber == "", "/serial_number", "minLength", "A serial number is not empty.")
	f.Add(a.Barcode != nil && *a.Barcode == "", "/barcode", "minLength", "A barcode is not empty.")
	f.Add(!slices.Contains([]string{"", "A", "B", "C"}, a.Criticality), "/criticality", "enum", "Criticality is A, B or C.")
	f.Add(!lifecycleEdges.known(a.LifecycleState), "/lifecycle_state", "enum", "Not a lifecycle state.")
	f.Add(!operatingEdges.known(a.OperatingState), "/operating_state", "enum", "Not an operating state.")
	f.Add(!custodyEdges.known(a.Custody), "/custody", "enum", "Not a state of custody.")
	f.Add(a.PurchasePrice != nil && a.PurchasePrice.IsNegative(), "/purchase_price", "minimum", "A price is not negative.")
	f.Add(a.ReplacementPrice != nil && a.ReplacementPrice.IsNegative(), "/replacement_price", "minimum", "A price is not negative.")
	f.Add(!a.LifecycleState.Operates() && a.OperatingState != AssetDisabled, "/operating_state", "lifecycle",
		"An asset that is %s does not operate.", words(string(a.LifecycleState)))
	return f.Err()
}

// Operates reports whether the asset has an operating state other than disabled.
func (s LifecycleState) Operates() bool { return s == AssetInService || s == AssetCommissioning }

// Change checks the edited asset against what it was: the three state tables, then all of Validate. An asset that leaves
// service is disabled by that; one that is taken into service runs, unless the edit says otherwise.
func (a *Asset) Change(was Asset) error {
	if err := lifecycleEdges.check("lifecycle_state", was.LifecycleState, a.LifecycleState); err != nil {
		return err
	}
	from := was.OperatingState
	switch {
	case !a.LifecycleState.Operates() && was.LifecycleState.Operates():
		from = AssetDisabled
	case a.LifecycleState == AssetInService && was.LifecycleState != AssetInService && from == AssetDisabled:
		from = AssetUp
	}
	if a.OperatingState == was.OperatingState {
		a.OperatingState = from
	}
	if err := operatingEdges.check("operating_state", from, a.OperatingState); err != nil {
		return err
	}
	if err := custodyEdges.check("custody", was.Custody, a.Custody); err != nil {
		return err
	}
	return a.Validate()
}
