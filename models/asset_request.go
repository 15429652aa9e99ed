package models

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// AssetRequestStatus is where the transfer or disposal of an asset stands.
type AssetRequestStatus string

// States of an asset request.
const (
	AssetRequestPendingApproval AssetRequestStatus = "pending_approval"
	AssetRequestApproved        AssetRequestStatus = "approved"
	AssetRequestBlocked         AssetRequestStatus = "blocked" // something stood in the way when it was to be carried out
	AssetRequestCompleted       AssetRequestStatus = "completed"
	AssetRequestRejected        AssetRequestStatus = "rejected"
	AssetRequestCancelled       AssetRequestStatus = "cancelled"
)

// Over reports whether nothing follows any more.
func (s AssetRequestStatus) Over() bool {
	return s == AssetRequestCompleted || s == AssetRequestRejected || s == AssetRequestCancelled
}

// AssetRequestCommandName is what a person may ask of a transfer or disposal. Each is an update of its process and a route.
type AssetRequestCommandName string

// Commands of an asset request.
const (
	AssetRequestCreate AssetRequestCommandName = "create"
	AssetRequestRetry  AssetRequestCommandName = "retry"
	AssetRequestCancel AssetRequestCommandName = "cancel"
)

// AssetRequestCommandNames lists every command but create.
func AssetRequestCommandNames() []AssetRequestCommandName {
	return []AssetRequestCommandName{AssetRequestRetry, AssetRequestCancel}
}

// assetRequestEdges is the state table; what is not listed is refused.
//
//	stateDiagram-v2
//	    [*] --> pending_approval: create, a policy matches
//	    [*] --> approved: create
//	    pending_approval --> approved: by itself, the case was approved
//	    pending_approval --> rejected: by itself, the case was rejected
//	    pending_approval --> cancelled: cancel, or by itself, the case ended without a decision
//	    approved --> completed: by itself, on its day
//	    approved --> blocked: by itself, something stands in the way
//	    approved --> cancelled: cancel
//	    blocked --> approved: retry
//	    blocked --> cancelled: cancel
//	    completed --> [*]
//	    rejected --> [*]
//	    cancelled --> [*]
var assetRequestEdges = map[AssetRequestStatus]map[AssetRequestCommandName]AssetRequestStatus{
	AssetRequestPendingApproval: {AssetRequestCancel: AssetRequestCancelled},
	AssetRequestApproved:        {AssetRequestCancel: AssetRequestCancelled},
	AssetRequestBlocked:         {AssetRequestRetry: AssetRequestApproved, AssetRequestCancel: AssetRequestCancelled},
}

// AllowedCommands lists what the state allows; empty when the request is over.
func (s AssetRequestStatus) AllowedCommands() []string {
	allowed := []string{}
	for _, name := range AssetRequestCommandNames() {
		if _, ok := assetRequestEdges[s][name]; ok {
			allowed = append(allowed, string(name))
		}
	}
	return allowed
}

// Check refuses a command that the state forbids: a conflict with the allowed commands.
func (s AssetRequestStatus) Check(command AssetRequestCommandName) error {
	if _, ok := assetRequestEdges[s][command]; ok {
		return nil
	}
	err := Conflict("A request that is %s cannot be asked to %s.", words(string(s)), command)
	err.AllowedCommands = s.AllowedCommands()
	return err
}

// AssetRequestKind is what is asked for an asset; it is the subject of the request's approval too.
type AssetRequestKind = ApprovalSubjectType

// DisposalMethod says how an asset leaves.
type DisposalMethod string

// Methods of disposal.
const (
	DisposalSold     DisposalMethod = "sold"
	DisposalScrapped DisposalMethod = "scrapped"
	DisposalDonated  DisposalMethod = "donated"
	DisposalReturned DisposalMethod = "returned" // to who had lent or leased it to us
)

// DisposalMethods lists them.
func DisposalMethods() []DisposalMethod {
	return []DisposalMethod{DisposalSold, DisposalScrapped, DisposalDonated, DisposalReturned}
}

// AssetRequest is one transfer or disposal of an asset, from the question to what came of it. The row is the truth; the workflow
// asset-transfer/<id> or asset-disposal/<id> is only its engine. While it is open the asset is reserved, so that nobody lends it.
type AssetRequest struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	Kind             AssetRequestKind
	Number           string // AT-000123 or AD-000123
	AssetID          uuid.UUID
	Status           AssetRequestStatus
	Reason           string
	FromLocationID   uuid.UUID  // where the asset stood when it was asked
	ToLocationID     *uuid.UUID // of a transfer
	ToParentID       *uuid.UUID // of a transfer; nil: it stands alone there
	DepartmentID     *uuid.UUID // of a transfer: the department that has it from then on; nil: the same
	CostCenterID     *uuid.UUID // of a transfer, likewise
	Method           DisposalMethod
	Proceeds         *decimal.Decimal // of a disposal, in Currency
	Amount           decimal.Decimal  // what the asset, and all that goes with it, is worth: what approval bands compare
	Currency         string           // of the tenant
	OnDay            *Date            // not before that day; nil: as soon as it is approved
	DueAt            time.Time        // the first moment of that day where the asset stood
	ApprovalCaseID   *uuid.UUID
	BlockReason      string
	CancelReason     string
	RejectReason     string
	RequestedBy      *uuid.UUID
	ApprovedAt       *time.Time
	CompletedAt      *time.Time
	CancelledAt      *time.Time
	NextActionAt     *time.Time
	ProcessStartedAt *time.Time
	Version          int
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// NewAssetRequest is what a transfer or disposal is created from.
type NewAssetRequest struct {
	Kind         AssetRequestKind `json:"kind"`
	AssetID      uuid.UUID        `json:"asset_id"`
	Reason       string           `json:"reason"`
	ToLocationID *uuid.UUID       `json:"to_location_id,omitempty"`
	ToParentID   *uuid.UUID       `json:"to_parent_id,omitempty"`
	DepartmentID *uuid.UUID       `json:"department_id,omitempty"`
	CostCenterID *uuid.UUID       `json:"cost_center_id,omitempty"`
	Method       DisposalMethod   `json:"method,omitempty"`
	Proceeds     *decimal.Decimal `json:"proceeds,omitempty"`
	OnDay        *Date            `json:"on,omitempty"`
}

// Validate checks what can be checked without the database.
func (n NewAssetRequest) Validate() error {
	var f Faults
	f.Add(n.AssetID == uuid.Nil, "/asset_id", "required", "An asset is needed.")
	f.Add(n.Reason == "", "/reason", "required", "A reason is needed.")
	if n.Kind == ApprovalOfTransfer {
		f.Add(n.ToLocationID == nil || *n.ToLocationID == uuid.Nil, "/to_location_id", "required", "A location is needed.")
		return f.Err()
	}
	f.Add(!slices.Contains(DisposalMethods(), n.Method), "/method", "enum", "A method is needed: sold, scrapped, donated or returned.")
	f.Add(n.Proceeds == nil, "/proceeds", "required", "What it brings is needed; 0 where it brings nothing.")
	f.Add(n.Proceeds != nil && n.Proceeds.IsNegative(), "/proceeds", "minimum", "Proceeds are not negative.")
	f.Add(n.Proceeds != nil && n.Proceeds.GreaterThan(maxAmount), "/proceeds", "maximum", "That is more than can be kept.")
	return f.Err()
}

// AssetRequestCommand is the body of a command as the ledger keeps it; which fields count depends on the command.
type AssetRequestCommand struct {
	New       *NewAssetRequest `json:"new,omitempty"`        // create
	Reason    string           `json:"reason,omitempty"`     // cancel
	IfVersion *int             `json:"if_version,omitempty"` // If-Match: refuse any other version
}

// Validate checks that the command brings what it needs.
func (c AssetRequestCommand) Validate(name AssetRequestCommandName) error {
	if name == AssetRequestCancel && c.Reason == "" {
		return InvalidField("/reason", "required", "A reason is needed.")
	}
	return nil
}

// MayRequest refuses what the asset's states forbid: it must be here, and nobody may have it or have asked for it.
func (a *Asset) MayRequest(kind AssetRequestKind) error {
	switch {
	case a.ArchivedAt != nil:
		return InvalidField("/asset_id", "archived", "This asset is out of use.")
	case a.LifecycleState == AssetDisposed || a.LifecycleState == AssetLost:
		return Conflict("It is %s.", a.LifecycleState)
	case kind == ApprovalOfDisposal && (a.LifecycleState == AssetPlanned || a.LifecycleState == AssetOrdered):
		return Conflict("It is only %s: there is nothing to dispose of.", a.LifecycleState)
	}
	return a.AtHand()
}

// AtHand refuses to take an asset away that somebody has, or has asked for.
func (a *Asset) AtHand() error {
	switch a.Custody {
	case CustodyAvailable:
		return nil
	case CustodyReserved:
		return Conflict("It is reserved: a loan, a transfer or a disposal of it is open.")
	case CustodyCheckedOut, CustodyAccepted, CustodyDeclined, CustodyOverdue:
	}
	return Conflict("It is lent: it must come back first.")
}

// Dispose takes the asset through the states that lead to its disposal: out of service, then away.
func (a *Asset) Dispose() {
	a.LifecycleState, a.OperatingState, a.Custody = AssetDisposed, AssetDisabled, CustodyAvailable
}

// CreateAssetRequest makes the row of a request for an asset at now. amount is in currency; zone is where the asset stands. It is
// approved at once unless AwaitApproval says that somebody has to decide.
func CreateAssetRequest(id uuid.UUID, n NewAssetRequest, a Asset, amount decimal.Decimal, currency string, zone *time.Location, by *uuid.UUID, now time.Time) AssetRequest {
	r := AssetRequest{
		TenantID: a.TenantID, ID: id, Kind: n.Kind, AssetID: a.ID, Status: AssetRequestApproved, Reason: n.Reason, FromLocationID: a.LocationID,
		ToLocationID: n.ToLocationID, ToParentID: n.ToParentID, DepartmentID: n.DepartmentID, CostCenterID: n.CostCenterID, Method: n.Method,
		Proceeds: n.Proceeds, Amount: amount, Currency: currency, OnDay: n.OnDay, DueAt: now, RequestedBy: by, ApprovedAt: &now,
		ProcessStartedAt: &now, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if n.OnDay != nil {
		r.DueAt = n.OnDay.In(zone).UTC()
	}
	if n.Kind == ApprovalOfTransfer {
		r.Method, r.Proceeds = "", nil
	} else {
		r.ToLocationID, r.ToParentID, r.DepartmentID, r.CostCenterID = nil, nil, nil, nil
	}
	r.schedule()
	return r
}

// AwaitApproval notes that the case has to be decided first.
func (r *AssetRequest) AwaitApproval(id uuid.UUID) {
	r.Status, r.ApprovalCaseID, r.ApprovedAt = AssetRequestPendingApproval, &id, nil
	r.schedule()
}

// Apply carries out a command at now: the state table is asked, then the row changed.
func (r *AssetRequest) Apply(name AssetRequestCommandName, c AssetRequestCommand, now time.Time) error {
	if err := r.Status.Check(name); err != nil {
		return err
	}
	r.Status = assetRequestEdges[r.Status][name]
	switch name {
	case AssetRequestCancel:
		r.CancelledAt, r.CancelReason = &now, c.Reason
	case AssetRequestRetry:
		r.BlockReason = ""
	case AssetRequestCreate:
	}
	r.touch(now)
	return nil
}

// AssetRequestAction is what the process does by itself.
type AssetRequestAction string

// Automatic steps of an asset request.
const (
	AssetRequestCarryOut AssetRequestAction = "carry_out" // move the asset, or dispose of it
	AssetRequestAgree    AssetRequestAction = "agree"     // the case was approved
	AssetRequestReject   AssetRequestAction = "reject"    // the case was rejected
	AssetRequestLapse    AssetRequestAction = "lapse"     // the case ended without a decision
	AssetRequestLook     AssetRequestAction = "look"      // nothing but to look again
	AssetRequestEnd      AssetRequestAction = "end"       // the process is over
)

// NextAction is what the process does next and when, decided from the row alone.
func (r AssetRequest) NextAction() (AssetRequestAction, time.Time) {
	switch {
	case r.Status.Over():
		return AssetRequestEnd, time.Time{}
	case r.Status == AssetRequestApproved:
		return AssetRequestCarryOut, r.DueAt.UTC()
	}
	return AssetRequestLook, r.UpdatedAt.UTC().Add(lookAgain)
}

// ApprovalStep is the automatic step that follows from how the request's approval case ended; "" while it is open.
func (r AssetRequest) ApprovalStep(status ApprovalStatus) AssetRequestAction {
	if r.Status != AssetRequestPendingApproval {
		return ""
	}
	return stepAfter(status, AssetRequestAgree, AssetRequestReject, AssetRequestLapse)
}

// Done notes at now that the automatic step was carried out. A mere look makes no version. why is what stood in the way of carry_out, or what the case said that
// ended it.
func (r *AssetRequest) Done(action AssetRequestAction, why string, now time.Time) {
	switch action {
	case AssetRequestCarryOut:
		r.Status, r.BlockReason = AssetRequestCompleted, why
		if why != "" {
			r.Status = AssetRequestBlocked
		} else {
			r.CompletedAt = &now
		}
	case AssetRequestAgree:
		r.Status, r.ApprovedAt = AssetRequestApproved, &now
	case AssetRequestReject:
		r.Status, r.RejectReason = AssetRequestRejected, why
	case AssetRequestLapse:
		r.Status, r.CancelledAt, r.CancelReason = AssetRequestCancelled, &now, why
	case AssetRequestLook, AssetRequestEnd: // nothing of it is another
		r.UpdatedAt = now
		r.schedule()
		return
	}
	r.touch(now)
}

func (r *AssetRequest) touch(now time.Time) {
	r.UpdatedAt = now
	r.Version++
	r.schedule()
}

// schedule sets NextActionAt from NextAction.
func (r *AssetRequest) schedule() {
	action, at := r.NextAction()
	r.NextActionAt = nextActionAt(action == AssetRequestEnd, at)
}
