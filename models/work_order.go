package models

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// WorkOrderStatus is where a work order stands.
type WorkOrderStatus string

// States of a work order.
const (
	WorkOrderWaitingApproval WorkOrderStatus = "waiting_approval"
	WorkOrderApproved        WorkOrderStatus = "approved"
	WorkOrderWaitingMaterial WorkOrderStatus = "waiting_material"
	WorkOrderScheduled       WorkOrderStatus = "scheduled"
	WorkOrderInProgress      WorkOrderStatus = "in_progress"
	WorkOrderOnHold          WorkOrderStatus = "on_hold"
	WorkOrderCompleted       WorkOrderStatus = "completed"
	WorkOrderClosed          WorkOrderStatus = "closed"
	WorkOrderCancelled       WorkOrderStatus = "cancelled"
)

// WorkOrderStatuses lists every state, in the order of work.
func WorkOrderStatuses() []WorkOrderStatus {
	return []WorkOrderStatus{
		WorkOrderWaitingApproval, WorkOrderApproved, WorkOrderWaitingMaterial, WorkOrderScheduled, WorkOrderInProgress,
		WorkOrderOnHold, WorkOrderCompleted, WorkOrderClosed, WorkOrderCancelled,
	}
}

// Over reports whether nothing can happen to the work order any more.
func (s WorkOrderStatus) Over() bool { return s == WorkOrderClosed || s == WorkOrderCancelled }

// WorkOrderCommandName is what a person may ask of a work order. Each is an update of the WorkOrder workflow and a route.
type WorkOrderCommandName string

// Commands of a work order.
const (
	WorkOrderCreate   WorkOrderCommandName = "create"
	WorkOrderApprove  WorkOrderCommandName = "approve"
	WorkOrderSchedule WorkOrderCommandName = "schedule"
	WorkOrderAssign   WorkOrderCommandName = "assign"
	WorkOrderStart    WorkOrderCommandName = "start"
	WorkOrderHold     WorkOrderCommandName = "hold"
	WorkOrderResume   WorkOrderCommandName = "resume"
	WorkOrderComplete WorkOrderCommandName = "complete"
	WorkOrderClose    WorkOrderCommandName = "close"
	WorkOrderCancel   WorkOrderCommandName = "cancel"
	WorkOrderReopen   WorkOrderCommandName = "reopen"
)

// WorkOrderCommandNames lists every command but create, in the order of work.
func WorkOrderCommandNames() []WorkOrderCommandName {
	return []WorkOrderCommandName{
		WorkOrderApprove, WorkOrderSchedule, WorkOrderAssign, WorkOrderStart, WorkOrderHold, WorkOrderResume,
		WorkOrderComplete, WorkOrderClose, WorkOrderCancel, WorkOrderReopen,
	}
}

type workOrderEdge struct {
	from    WorkOrderStatus
	command WorkOrderCommandName
	to      WorkOrderStatus
}

// workOrderEdges is the state table; what is not listed is refused. A closed order is changed by a follow-up order only.
//
//	stateDiagram-v2
//	    [*] --> waiting_approval: create, a policy matches
//	    [*] --> approved: create
//	    waiting_approval --> approved: by itself, its approval case is approved
//	    waiting_approval --> approved: approve, where there is no case
//	    waiting_approval --> cancelled: by itself, its case was rejected or expired
//	    approved --> waiting_approval: by itself, a higher cost needs an approval
//	    waiting_material --> waiting_approval: by itself, a higher cost needs an approval
//	    scheduled --> waiting_approval: by itself, a higher cost needs an approval
//	    approved --> waiting_material: by itself, a reservation misses something
//	    waiting_material --> approved: by itself, all of it is there
//	    approved --> scheduled: schedule
//	    waiting_material --> scheduled: schedule
//	    approved --> in_progress: start
//	    scheduled --> in_progress: start
//	    waiting_material --> in_progress: start
//	    in_progress --> on_hold: hold
//	    on_hold --> in_progress: resume
//	    in_progress --> completed: complete
//	    completed --> in_progress: reopen
//	    completed --> closed: close
//	    waiting_approval --> cancelled: cancel
//	    approved --> cancelled: cancel
//	    waiting_material --> cancelled: cancel
//	    scheduled --> cancelled: cancel
//	    closed --> [*]
//	    cancelled --> [*]
var workOrderEdges = []workOrderEdge{
	{WorkOrderWaitingApproval, WorkOrderApprove, WorkOrderApproved},
	{WorkOrderWaitingApproval, WorkOrderCancel, WorkOrderCancelled},
	{WorkOrderApproved, WorkOrderSchedule, WorkOrderScheduled},
	{WorkOrderApproved, WorkOrderAssign, WorkOrderApproved},
	{WorkOrderApproved, WorkOrderStart, WorkOrderInProgress},
	{WorkOrderApproved, WorkOrderCancel, WorkOrderCancelled},
	{WorkOrderWaitingMaterial, WorkOrderSchedule, WorkOrderScheduled},
	{WorkOrderWaitingMaterial, WorkOrderAssign, WorkOrderWaitingMaterial},
	{WorkOrderWaitingMaterial, WorkOrderStart, WorkOrderInProgress},
	{WorkOrderWaitingMaterial, WorkOrderCancel, WorkOrderCancelled},
	{WorkOrderScheduled, WorkOrderSchedule, WorkOrderScheduled},
	{WorkOrderScheduled, WorkOrderAssign, WorkOrderScheduled},
	{WorkOrderScheduled, WorkOrderStart, WorkOrderInProgress},
	{WorkOrderScheduled, WorkOrderCancel, WorkOrderCancelled},
	{WorkOrderInProgress, WorkOrderAssign, WorkOrderInProgress},
	{WorkOrderInProgress, WorkOrderHold, WorkOrderOnHold},
	{WorkOrderInProgress, WorkOrderComplete, WorkOrderCompleted},
	{WorkOrderOnHold, WorkOrderAssign, WorkOrderOnHold},
	{WorkOrderOnHold, WorkOrderResume, WorkOrderInProgress},
	{WorkOrderCompleted, WorkOrderClose, WorkOrderClosed},
	{WorkOrderCompleted, WorkOrderReopen, WorkOrderInProgress},
}

// AllowedCommands lists what the state allows, in the order of work; empty when the work order is over.
func (s WorkOrderStatus) AllowedCommands() []string {
	allowed := []string{}
	for _, name := range WorkOrderCommandNames() {
		if _, ok := s.after(name); ok {
			allowed = append(allowed, string(name))
		}
	}
	return allowed
}

func (s WorkOrderStatus) after(command WorkOrderCommandName) (WorkOrderStatus, bool) {
	for _, e := range workOrderEdges {
		if e.from == s && e.command == command {
			return e.to, true
		}
	}
	return "", false
}

// AllowedCommands lists what the order allows. One whose approval case is open is approved by the people of that case only.
func (w WorkOrder) AllowedCommands() []string {
	allowed := w.Status.AllowedCommands()
	if w.underApproval() {
		return slices.DeleteFunc(allowed, func(name string) bool { return name == string(WorkOrderApprove) })
	}
	return allowed
}

func (w WorkOrder) underApproval() bool {
	return w.Status == WorkOrderWaitingApproval && w.ApprovalCaseID != nil
}

// Check refuses a command that the order forbids: a conflict with the allowed commands.
func (w WorkOrder) Check(command WorkOrderCommandName) error {
	if err := w.Status.Check(command); err != nil {
		return err
	}
	if command != WorkOrderApprove || !w.underApproval() {
		return nil
	}
	err := Conflict("This work order is approved by deciding its approval %s.", w.ApprovalCaseID)
	err.AllowedCommands = w.AllowedCommands()
	return err
}

// Check refuses a command that the state forbids: a conflict with the allowed commands.
func (s WorkOrderStatus) Check(command WorkOrderCommandName) error {
	if _, ok := s.after(command); ok {
		return nil
	}
	err := Conflict("A work order that is %s cannot be asked to %s.", words(string(s)), command)
	err.AllowedCommands = s.AllowedCommands()
	return err
}

// WorkOrderType says why work is done (EN 13306: corrective, preventive, improvement; inspection apart).
type WorkOrderType string

// Types of work.
const (
	WorkCorrective  WorkOrderType = "corrective"
	WorkPreventive  WorkOrderType = "preventive"
	WorkInspection  WorkOrderType = "inspection"
	WorkImprovement WorkOrderType = "improvement"
)

// Priority says how urgent work is.
type Priority string

// Priorities, rising.
const (
	PriorityLow      Priority = "low"
	PriorityMedium   Priority = "medium"
	PriorityHigh     Priority = "high"
	PriorityCritical Priority = "critical"
)

// Priorities lists them, rising.
func Priorities() []Priority {
	return []Priority{PriorityLow, PriorityMedium, PriorityHigh, PriorityCritical}
}

// Rank is 1 for the lowest priority and rises; 0 for an unknown one.
func (p Priority) Rank() int { return slices.Index(Priorities(), p) + 1 }

// WorkOrderTypes lists the types of work.
func WorkOrderTypes() []WorkOrderType {
	return []WorkOrderType{WorkCorrective, WorkPreventive, WorkInspection, WorkImprovement}
}

// EscalateAfter is how long a work order of this priority may be overdue before the planners are told.
func (p Priority) EscalateAfter() time.Duration {
	switch p {
	case PriorityCritical:
		return 4 * time.Hour
	case PriorityHigh:
		return 24 * time.Hour
	case PriorityMedium:
		return 3 * 24 * time.Hour
	case PriorityLow:
		return 7 * 24 * time.Hour
	}
	return 7 * 24 * time.Hour
}

// WorkOrder is one job on one asset or location, from approval to close. The row is the truth; the workflow
// work-order/<id> is only its engine.
type WorkOrder struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	Number           string    // WO-000123
	Title            string
	Description      string
	Type             WorkOrderType
	Priority         Priority
	Status           WorkOrderStatus
	AssetID          *uuid.UUID
	LocationID       uuid.UUID
	SiteID           uuid.UUID
	ScheduleID       *uuid.UUID // the maintenance schedule that generated it
	DueKey           *string    // with ScheduleID: the occurrence
	WorkRequestID    *uuid.UUID
	ParentID         *uuid.UUID
	DueOn            *Date      // local date at the site
	DueAt            *time.Time // the end of that day there
	StartOn          *Date
	PlannedHours     *decimal.Decimal
	EstimatedCost    *decimal.Decimal // in the tenant's currency
	ApprovalCaseID   *uuid.UUID       // the case that decides, or decided last
	Resolution       string
	FailureMode      string
	FailureMechanism string
	FailureCause     string
	FailureRemedy    string
	HoldReason       string
	CancelReason     string
	RequestedBy      *uuid.UUID
	ImportKey        *string
	ApprovedAt       *time.Time
	StartedAt        *time.Time
	CompletedAt      *time.Time
	ClosedAt         *time.Time
	CancelledAt      *time.Time
	RemindedAt       *time.Time
	OverdueAt        *time.Time
	EscalatedAt      *time.Time
	NextActionAt     *time.Time
	ProcessStartedAt *time.Time
	Version          int
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// Failure is how a corrective job is coded at its end (ISO 14224: mode, mechanism, cause, remedy): codes of the tenant's sets.
type Failure struct {
	Mode      string `json:"mode"`
	Mechanism string `json:"mechanism,omitempty"`
	Cause     string `json:"cause,omitempty"`
	Remedy    string `json:"remedy,omitempty"`
}

// WorkOrderCommand is the body of a command as the ledger keeps it; which fields count depends on the command.
type WorkOrderCommand struct {
	New         *NewWorkOrder `json:"new,omitempty"`          // create
	Reason      string        `json:"reason,omitempty"`       // hold, cancel, reopen
	StartOn     *Date         `json:"start_on,omitempty"`     // schedule
	AssigneeIDs []uuid.UUID   `json:"assignee_ids,omitempty"` // schedule, assign
	Resolution  string        `json:"resolution,omitempty"`   // complete
	Failure     *Failure      `json:"failure,omitempty"`      // complete
	Downtime    *NewDowntime  `json:"downtime,omitempty"`     // complete
	IfVersion   *int          `json:"if_version,omitempty"`   // If-Match: refuse any other version
}

// NewWorkOrder is what a work order is created from. Location, site and zone are those of the asset where one is named.
type NewWorkOrder struct {
	Title         string           `json:"title"`
	Description   string           `json:"description,omitempty"`
	Type          WorkOrderType    `json:"type"`
	Priority      Priority         `json:"priority"`
	AssetID       *uuid.UUID       `json:"asset_id,omitempty"`
	LocationID    uuid.UUID        `json:"location_id"`
	SiteID        uuid.UUID        `json:"site_id"`
	TimeZone      string           `json:"time_zone"` // IANA zone of the site
	ParentID      *uuid.UUID       `json:"parent_id,omitempty"`
	WorkRequestID *uuid.UUID       `json:"work_request_id,omitempty"`
	DueOn         *Date            `json:"due_on,omitempty"`
	PlannedHours  *decimal.Decimal `json:"planned_hours,omitempty"`
	EstimatedCost *decimal.Decimal `json:"estimated_cost,omitempty"`
	Count         int64            `json:"count,omitempty"` // makes the human number; drawn when the create is admitted
}

// Validate checks what can be checked without the database.
func (n NewWorkOrder) Validate() error {
	var f Faults
	f.Add(n.Title == "", "/title", "required", "A title is needed.")
	f.Add(n.AssetID == nil && n.LocationID == uuid.Nil, "/asset_id", "required", "An asset or a location is needed.")
	f.Add(!slices.Contains(WorkOrderTypes(), n.Type), "/type", "enum", "Not a type of work order.")
	f.Add(n.Priority.Rank() == 0, "/priority", "enum", "Not a priority.")
	f = append(f, planFaults(n.Title, n.PlannedHours, n.EstimatedCost)...)
	return f.Err()
}

// Validate checks that the command brings what it needs.
func (c WorkOrderCommand) Validate(name WorkOrderCommandName) error {
	var f Faults
	switch name {
	case WorkOrderCreate:
		if c.New == nil {
			return InvalidField("", "required", "A work order is needed.")
		}
		return c.New.Validate()
	case WorkOrderSchedule:
		f.Add(c.StartOn == nil, "/start_on", "required", "A day to start on is needed.")
	case WorkOrderHold, WorkOrderCancel, WorkOrderReopen:
		f.Add(c.Reason == "", "/reason", "required", "A reason is needed.")
	case WorkOrderComplete:
		f.Add(c.Resolution == "", "/resolution", "required", "Say what was done.")
		f.Add(c.Failure != nil && c.Failure.Mode == "", "/failure/mode", "required", "A failure needs its mode.")
		if c.Downtime != nil {
			f = append(f, c.Downtime.faults("/downtime")...)
		}
	case WorkOrderApprove, WorkOrderAssign, WorkOrderStart, WorkOrderResume, WorkOrderClose:
	}
	return f.Err()
}

// CreateWorkOrder makes the row of a new work order at now. The number is given by the store.
func CreateWorkOrder(tenant, id uuid.UUID, n NewWorkOrder, by *uuid.UUID, now time.Time) (WorkOrder, error) {
	w := WorkOrder{
		TenantID: tenant, ID: id, Title: n.Title, Description: n.Description, Type: n.Type, Priority: n.Priority,
		Status: WorkOrderApproved, AssetID: n.AssetID, LocationID: n.LocationID, SiteID: n.SiteID, ParentID: n.ParentID,
		WorkRequestID: n.WorkRequestID, PlannedHours: n.PlannedHours, EstimatedCost: n.EstimatedCost, RequestedBy: by,
		ApprovedAt: &now, ProcessStartedAt: &now, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if err := w.SetDue(n.DueOn, n.TimeZone); err != nil {
		return w, err
	}
	w.schedule()
	return w, nil
}

// Change is an edit by a person at now, outside the state table: edit changes title, description, priority, planned hours,
// estimated cost, and a new due date is given beside them. It is refused when the order is over. true means that the process
// must look again, because its dates follow the due date and the priority.
func (w *WorkOrder) Change(edit func(*WorkOrder) error, due **Date, zone string, now time.Time) (bool, error) {
	if w.Status.Over() {
		err := Conflict("A work order that is %s cannot be changed.", words(string(w.Status)))
		err.AllowedCommands = w.Status.AllowedCommands()
		return false, err
	}
	before := *w
	if err := edit(w); err != nil {
		return false, err
	}
	if due != nil && !sameDate(w.DueOn, *due) {
		if err := w.SetDue(*due, zone); err != nil {
			return false, err
		}
	}
	var f Faults
	f.Add(w.Title == "", "/title", "required", "A title is needed.")
	f.Add(w.Priority.Rank() == 0, "/priority", "enum", "Not a priority.")
	f = append(f, planFaults(w.Title, w.PlannedHours, w.EstimatedCost)...)
	if err := f.Err(); err != nil {
		return false, err
	}
	w.touch(now)
	return !sameDate(before.DueOn, w.DueOn) || before.Priority != w.Priority, nil
}

// planFaults checks what create and change take alike.
func planFaults(title string, hours, cost *decimal.Decimal) Faults {
	var f Faults
	f.Add(len([]rune(title)) > maxName, "/title", "maxLength", "A title has at most %d characters.", maxName)
	f.Add(cost != nil && cost.IsNegative(), "/estimated_cost", "minimum", "An estimated cost cannot be negative.")
	f.Add(cost != nil && cost.GreaterThan(maxAmount), "/estimated_cost", "maximum", "An estimated cost is at most %s.", maxAmount)
	return append(f, hoursFaults(hours)...)
}

// hoursFaults checks hours that are planned.
func hoursFaults(hours *decimal.Decimal) Faults {
	var f Faults
	f.Add(hours != nil && hours.IsNegative(), "/planned_hours", "minimum", "Planned hours cannot be negative.")
	f.Add(hours != nil && hours.GreaterThan(maxPlannedHours), "/planned_hours", "maximum", "Planned hours are at most %s.", maxPlannedHours)
	f.Add(hours != nil && !hours.Equal(hours.Round(2)), "/planned_hours", "precision", "Planned hours have at most two digits after the point.")
	return f
}

func sameDate(a, b *Date) bool { return a == b || (a != nil && b != nil && *a == *b) }

// SetDue sets the due date: the order is late when that day has ended at the site. A changed date arms its reminders anew.
func (w *WorkOrder) SetDue(on *Date, zone string) error {
	w.DueOn, w.DueAt = on, nil
	w.RemindedAt, w.OverdueAt, w.EscalatedAt = nil, nil, nil
	if on == nil {
		return nil
	}
	loc, err := Zone(zone)
	if err != nil {
		return InvalidField("/time_zone", "unknown", "There is no time zone %q.", zone)
	}
	end := on.AddDays(1).In(loc).UTC()
	w.DueAt = &end
	return nil
}

// Apply carries out a command at now: the state table is asked, then the row changed. It judges only what the row itself says;
// assignees and downtime are rows of their own.
func (w *WorkOrder) Apply(name WorkOrderCommandName, c WorkOrderCommand, now time.Time) error {
	if err := w.Check(name); err != nil {
		return err
	}
	to, _ := w.Status.after(name)
	w.Status = to
	switch name {
	case WorkOrderApprove:
		w.ApprovedAt = &now
	case WorkOrderSchedule:
		w.StartOn = c.StartOn
	case WorkOrderStart:
		w.StartedAt = firstOf(w.StartedAt, now)
	case WorkOrderHold:
		w.HoldReason = c.Reason
	case WorkOrderResume:
		w.HoldReason = ""
	case WorkOrderComplete:
		w.CompletedAt = &now
		w.Resolution = c.Resolution
		if c.Failure != nil {
			w.FailureMode, w.FailureMechanism = c.Failure.Mode, c.Failure.Mechanism
			w.FailureCause, w.FailureRemedy = c.Failure.Cause, c.Failure.Remedy
		}
	case WorkOrderReopen:
		w.CompletedAt = nil
	case WorkOrderClose:
		w.ClosedAt = &now
	case WorkOrderCancel:
		w.CancelledAt = &now
		w.CancelReason = c.Reason
	case WorkOrderCreate, WorkOrderAssign:
	}
	w.touch(now)
	return nil
}

// NotBegun reports whether nobody has started the work, so that it may still be taken back or moved.
func (w WorkOrder) NotBegun() bool {
	switch w.Status {
	case WorkOrderWaitingApproval, WorkOrderApproved, WorkOrderWaitingMaterial, WorkOrderScheduled:
		return true
	case WorkOrderInProgress, WorkOrderOnHold, WorkOrderCompleted, WorkOrderClosed, WorkOrderCancelled:
	}
	return false
}

// Move sets another due date at now.
func (w *WorkOrder) Move(on *Date, zone string, now time.Time) error {
	if err := w.SetDue(on, zone); err != nil {
		return err
	}
	w.touch(now)
	return nil
}

// Rezone puts the end of the due day where the site's zone has it, and reports whether it moved. What was reported already stays
// reported: the day is the same.
func (w *WorkOrder) Rezone(zone *time.Location, now time.Time) bool {
	if w.DueOn == nil || w.Status.Over() {
		return false
	}
	end := w.DueOn.AddDays(1).In(zone).UTC()
	if w.DueAt != nil && w.DueAt.Equal(end) {
		return false
	}
	w.DueAt = &end
	w.touch(now)
	return true
}

// Overdue reports whether the due day has ended at the site and the work is not done.
func (w WorkOrder) Overdue(now time.Time) bool {
	return w.DueAt != nil && !w.DueAt.After(now) && !w.Status.Over() && w.Status != WorkOrderCompleted
}

// WorkOrderAction is what the process does by itself.
type WorkOrderAction string

// Automatic steps of a work order.
const (
	WorkOrderRemind   WorkOrderAction = "remind"   // tell the assignees that it is due
	WorkOrderOverdue  WorkOrderAction = "overdue"  // tell the assignees that it is late
	WorkOrderEscalate WorkOrderAction = "escalate" // tell the planners that it is still late
	WorkOrderLook     WorkOrderAction = "look"     // nothing but to look again

	WorkOrderWaitMaterial  WorkOrderAction = "wait_material"  // a reservation misses something
	WorkOrderMaterialReady WorkOrderAction = "material_ready" // all that was reserved is there
	WorkOrderGranted       WorkOrderAction = "granted"        // its approval case is approved
	WorkOrderRefused       WorkOrderAction = "refused"        // its approval case was rejected or expired
	WorkOrderEnd           WorkOrderAction = "end"            // the process is over
)

const remindBefore = 24 * time.Hour // before the end of the due day

// NextAction is what the process does next and when, decided from the row alone.
func (w WorkOrder) NextAction() (WorkOrderAction, time.Time) {
	switch {
	case w.Status.Over():
		return WorkOrderEnd, time.Time{}
	case w.DueAt == nil || w.Status == WorkOrderCompleted:
		return WorkOrderLook, w.UpdatedAt.Add(lookAgain)
	case w.RemindedAt == nil && w.OverdueAt == nil:
		return WorkOrderRemind, w.DueAt.Add(-remindBefore)
	case w.OverdueAt == nil:
		return WorkOrderOverdue, *w.DueAt
	case w.EscalatedAt == nil:
		return WorkOrderEscalate, w.DueAt.Add(w.Priority.EscalateAfter())
	}
	return WorkOrderLook, w.UpdatedAt.Add(lookAgain)
}

// MaterialStep is the automatic step that follows from the order's reservations; short says that one of them misses something. An
// order that is ready waits for its material, one that waits is ready when all of it is there; what is planned stays planned. ""
// where there is nothing to do.
func (w WorkOrder) MaterialStep(short bool) WorkOrderAction {
	switch {
	case short && w.Status == WorkOrderApproved:
		return WorkOrderWaitMaterial
	case !short && w.Status == WorkOrderWaitingMaterial:
		return WorkOrderMaterialReady
	}
	return ""
}

// ApprovalStep is the automatic step that follows from the order's approval case; status is the case's. "" where there is nothing
// to do.
func (w WorkOrder) ApprovalStep(status ApprovalStatus) WorkOrderAction {
	if !w.underApproval() {
		return ""
	}
	return stepAfter(status, WorkOrderGranted, WorkOrderRefused, WorkOrderRefused)
}

// AwaitApproval puts an order that has not begun, at its creation or an edit, under an approval case; without one it waits for
// somebody's command.
func (w *WorkOrder) AwaitApproval(approvalCase *uuid.UUID) {
	w.Status, w.ApprovalCaseID, w.ApprovedAt = WorkOrderWaitingApproval, approvalCase, nil
	w.schedule()
}

// NeedNoApproval frees at now an order that waits for an approval which it no longer needs.
func (w *WorkOrder) NeedNoApproval(now time.Time) {
	w.Status, w.ApprovalCaseID, w.ApprovedAt = WorkOrderApproved, nil, &now
	w.schedule()
}

// Done notes at now that the automatic step was carried out. A mere look makes no version.
func (w *WorkOrder) Done(action WorkOrderAction, now time.Time) {
	switch action {
	case WorkOrderRemind:
		w.RemindedAt = &now
	case WorkOrderOverdue:
		w.OverdueAt = &now
	case WorkOrderEscalate:
		w.EscalatedAt = &now
	case WorkOrderWaitMaterial:
		w.Status = WorkOrderWaitingMaterial
	case WorkOrderMaterialReady:
		w.Status = WorkOrderApproved
	case WorkOrderGranted:
		w.Status, w.ApprovedAt = WorkOrderApproved, &now
	case WorkOrderRefused:
		w.Status, w.CancelledAt = WorkOrderCancelled, &now
	case WorkOrderLook, WorkOrderEnd: // nothing of it is another
		w.UpdatedAt = now
		w.schedule()
		return
	}
	w.touch(now)
}

func (w *WorkOrder) touch(now time.Time) {
	w.UpdatedAt = now
	w.Version++
	w.schedule()
}

// schedule sets NextActionAt from NextAction.
func (w *WorkOrder) schedule() {
	action, at := w.NextAction()
	w.NextActionAt = nextActionAt(action == WorkOrderEnd, at)
}

func firstOf(was *time.Time, now time.Time) *time.Time {
	if was != nil {
		return was
	}
	return &now
}
