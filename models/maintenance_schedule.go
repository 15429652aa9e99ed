package models

import (
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// MaintenanceScheduleStatus is where a schedule stands.
type MaintenanceScheduleStatus string

// States of a maintenance schedule.
const (
	ScheduleActive MaintenanceScheduleStatus = "active"
	SchedulePaused MaintenanceScheduleStatus = "paused"
	ScheduleEnded  MaintenanceScheduleStatus = "ended"
)

// ScheduleCommandName is what may be asked of a maintenance schedule. Each is an update of its workflow.
type ScheduleCommandName string

// Commands of a maintenance schedule.
const (
	ScheduleCreate   ScheduleCommandName = "create"
	ScheduleEdit     ScheduleCommandName = "edit"     // a new revision
	SchedulePause    ScheduleCommandName = "pause"    // nothing is generated; what is due meanwhile is skipped
	ScheduleResume   ScheduleCommandName = "resume"   //
	ScheduleEnd      ScheduleCommandName = "end"      // for ever; orders not begun are cancelled
	ScheduleGenerate ScheduleCommandName = "generate" // an order now, ahead of its time
	ScheduleSkip     ScheduleCommandName = "skip"     // one occurrence
	ScheduleMove     ScheduleCommandName = "move"     // one occurrence to another date
)

// ScheduleCommandNames lists every command but create.
func ScheduleCommandNames() []ScheduleCommandName {
	return []ScheduleCommandName{
		ScheduleEdit, SchedulePause, ScheduleResume, ScheduleEnd, ScheduleGenerate, ScheduleSkip, ScheduleMove,
	}
}

type scheduleEdge struct {
	from    MaintenanceScheduleStatus
	command ScheduleCommandName
	to      MaintenanceScheduleStatus
}

// scheduleEdges is the state table; what is not listed is refused.
//
//	stateDiagram-v2
//	    [*] --> active: create
//	    active --> active: edit, generate, skip, move
//	    active --> paused: pause
//	    paused --> paused: edit, skip, move
//	    paused --> active: resume, or its day has come
//	    active --> ended: end
//	    paused --> ended: end
//	    ended --> [*]
var scheduleEdges = []scheduleEdge{
	{ScheduleActive, ScheduleEdit, ScheduleActive},
	{ScheduleActive, SchedulePause, SchedulePaused},
	{ScheduleActive, ScheduleEnd, ScheduleEnded},
	{ScheduleActive, ScheduleGenerate, ScheduleActive},
	{ScheduleActive, ScheduleSkip, ScheduleActive},
	{ScheduleActive, ScheduleMove, ScheduleActive},
	{SchedulePaused, ScheduleEdit, SchedulePaused},
	{SchedulePaused, ScheduleResume, ScheduleActive},
	{SchedulePaused, ScheduleEnd, ScheduleEnded},
	{SchedulePaused, ScheduleSkip, SchedulePaused},
	{SchedulePaused, ScheduleMove, SchedulePaused},
}

// AllowedCommands lists what the state allows; empty when the schedule has ended.
func (s MaintenanceScheduleStatus) AllowedCommands() []string {
	allowed := []string{}
	for _, name := range ScheduleCommandNames() {
		if _, ok := s.after(name); ok {
			allowed = append(allowed, string(name))
		}
	}
	return allowed
}

func (s MaintenanceScheduleStatus) after(command ScheduleCommandName) (MaintenanceScheduleStatus, bool) {
	for _, e := range scheduleEdges {
		if e.from == s && e.command == command {
			return e.to, true
		}
	}
	return "", false
}

// Check refuses a command that the state forbids: a conflict with the allowed commands.
func (s MaintenanceScheduleStatus) Check(command ScheduleCommandName) error {
	if _, ok := s.after(command); ok {
		return nil
	}
	err := Conflict("A maintenance schedule that is %s cannot be asked to %s.", s, command)
	err.AllowedCommands = s.AllowedCommands()
	return err
}

// MaintenanceSchedule says how often an asset or a location is maintained, and how far that has come. The row is the truth; the
// workflow maintenance-schedule/<id> carries out commands, the planner of its site generates its work orders.
type MaintenanceSchedule struct {
	TenantID         uuid.UUID `gorm:"primaryKey"`
	ID               uuid.UUID `gorm:"primaryKey"`
	Number           string    // MS-000123
	Title            string
	AssetID          *uuid.UUID
	LocationID       uuid.UUID
	SiteID           uuid.UUID
	RRule            string `gorm:"column:rrule"` // canonical; empty: no calendar rule
	StartsOn         *Date
	MeterID          *uuid.UUID
	MeterEvery       *decimal.Decimal
	MeterLastValue   *decimal.Decimal // running total at the last maintenance
	ShiftFactor      int
	TolerancePct     int
	LeadDays         int
	CatchUp          CatchUp
	LastCompletedOn  *Date
	Priority         Priority
	JobPlanID        *uuid.UUID
	EstimatedCost    *decimal.Decimal // in the tenant's currency
	PlannedHours     *decimal.Decimal
	Status           MaintenanceScheduleStatus
	PausedUntil      *Date
	PauseReason      string
	EndReason        string
	Revision         int
	NextDueOn        *Date  // effective date of the next calendar occurrence
	NextDueKey       string // its nominal date
	ShiftDays        int
	MeterNext        *decimal.Decimal // next threshold
	Awaiting         bool             // floating: an open order must be completed first
	GenerateAt       *time.Time       // when the planner has to look at it
	NextActionAt     *time.Time
	ProcessStartedAt *time.Time
	Version          int
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// CalendarRule is the calendar trigger of a schedule.
type CalendarRule struct {
	RRule    string `json:"rrule"`
	StartsOn Date   `json:"starts_on"`
}

// MeterRule is the meter trigger of a schedule.
type MeterRule struct {
	MeterID   uuid.UUID        `json:"meter_id"`
	Every     decimal.Decimal  `json:"every"`
	LastValue *decimal.Decimal `json:"last_value,omitempty"` // running total at the last maintenance
}

// ScheduleDefinition is what a schedule is created from and what an edit replaces: its rule and what its orders are like.
type ScheduleDefinition struct {
	Title           string           `json:"title"`
	AssetID         *uuid.UUID       `json:"asset_id,omitempty"`
	LocationID      uuid.UUID        `json:"location_id"`
	Calendar        *CalendarRule    `json:"calendar,omitempty"`
	Meter           *MeterRule       `json:"meter,omitempty"`
	ShiftFactor     int              `json:"shift_factor"`
	TolerancePct    int              `json:"tolerance_pct"`
	LeadDays        int              `json:"lead_days"`
	CatchUp         CatchUp          `json:"catch_up"`
	LastCompletedOn *Date            `json:"last_completed_on,omitempty"`
	Priority        Priority         `json:"priority"`
	JobPlanID       *uuid.UUID       `json:"job_plan_id,omitempty"`
	EstimatedCost   *decimal.Decimal `json:"estimated_cost,omitempty"`
	PlannedHours    *decimal.Decimal `json:"planned_hours,omitempty"`
}

// ScheduleCommand is the body of a command as the ledger keeps it; which fields count depends on the command.
type ScheduleCommand struct {
	Definition *ScheduleDefinition `json:"definition,omitempty"` // create, edit
	Reason     string              `json:"reason,omitempty"`     // pause, skip, move; end where given
	Until      *Date               `json:"until,omitempty"`      // pause
	DueKey     string              `json:"due_key,omitempty"`    // skip, move; generate where given
	DueOn      *Date               `json:"due_on,omitempty"`     // move
	IfVersion  *int                `json:"if_version,omitempty"` // If-Match: refuse any other version
}

// Validate checks what can be checked without the database.
func (d ScheduleDefinition) Validate() error {
	var f Faults
	f.Add(d.Title == "", "/title", "required", "A title is needed.")
	f.Add(d.AssetID == nil && d.LocationID == uuid.Nil, "/asset_id", "required", "An asset or a location is needed.")
	f.Add(d.Calendar == nil && d.Meter == nil, "/calendar", "required", "A calendar rule, a meter rule or both are needed.")
	f.Add(d.ShiftFactor < 0 || d.ShiftFactor > 100, "/shift_factor", "range", "The shift factor is 0 to 100 percent.")
	f.Add(d.TolerancePct < 0 || d.TolerancePct > 100, "/tolerance_pct", "range", "The tolerance is 0 to 100 percent.")
	f.Add(d.LeadDays < 0 || d.LeadDays > 366, "/lead_days", "range", "The lead time is 0 to 366 days.")
	f.Add(!slices.Contains([]CatchUp{CatchUpOne, CatchUpAll, CatchUpSkip}, d.CatchUp), "/catch_up", "enum", "Not a catch-up policy.")
	f.Add(!slices.Contains([]Priority{PriorityLow, PriorityMedium, PriorityHigh, PriorityCritical}, d.Priority),
		"/priority", "enum", "Not a priority.")
	f = append(f, planFaults(d.Title, d.PlannedHours, d.EstimatedCost)...)
	if d.Calendar != nil {
		if _, err := ParseRecurrence(d.Calendar.RRule, d.Calendar.StartsOn); err != nil {
			f = append(f, recurrenceFault(err))
		}
	}
	if d.Meter != nil {
		f.Add(d.AssetID == nil, "/meter", "asset", "A meter rule needs an asset: meters belong to assets.")
		f.Add(d.Meter.MeterID == uuid.Nil, "/meter/meter_id", "required", "A meter is needed.")
		f.Add(!d.Meter.Every.IsPositive(), "/meter/every", "minimum", "The step must be above zero.")
		f.Add(d.Meter.Every.GreaterThan(largestMeterValue), "/meter/every", "maximum", "The step is too large.")
		f.Add(d.Meter.LastValue != nil && d.Meter.LastValue.Abs().GreaterThan(largestMeterValue), "/meter/last_value", "maximum",
			"The value is too large.")
	}
	return f.Err()
}

var largestMeterValue = decimal.New(1, 13)

func recurrenceFault(err error) FieldError {
	fault := FieldError{Pointer: "/calendar/rrule", Code: "rrule", Detail: err.Error()}
	if known, ok := errors.AsType[*RecurrenceError](err); ok {
		fault.Detail = known.Part + ": " + known.Detail + "."
		if known.Part == "DTSTART" {
			fault.Pointer, fault.Code, fault.Detail = "/calendar/starts_on", "required", "A calendar rule needs the date it starts on."
		}
	}
	return fault
}

// Validate checks that the command brings what it needs.
func (c ScheduleCommand) Validate(name ScheduleCommandName) error {
	var f Faults
	switch name {
	case ScheduleCreate, ScheduleEdit:
		if c.Definition == nil {
			return InvalidField("", "required", "A schedule is needed.")
		}
		return c.Definition.Validate()
	case SchedulePause, ScheduleSkip:
		f.Add(c.Reason == "", "/reason", "required", "A reason is needed.")
	case ScheduleMove:
		f.Add(c.Reason == "", "/reason", "required", "A reason is needed.")
		f.Add(c.DueOn == nil || c.DueOn.IsZero(), "/due_on", "required", "A date is needed.")
	case ScheduleResume, ScheduleEnd, ScheduleGenerate:
	}
	return f.Err()
}

// Rule returns what the definition's due dates follow from. It must be valid.
func (d ScheduleDefinition) Rule() (DueRule, error) {
	rule := DueRule{ShiftFactor: d.ShiftFactor, TolerancePct: d.TolerancePct, LeadDays: d.LeadDays, CatchUp: d.CatchUp}
	if d.Meter != nil {
		rule.MeterEvery = d.Meter.Every
	}
	if d.Calendar == nil {
		return rule, nil
	}
	calendar, err := ParseRecurrence(d.Calendar.RRule, d.Calendar.StartsOn)
	if err != nil {
		return rule, Invalid(recurrenceFault(err))
	}
	rule.Calendar = calendar
	return rule, nil
}

// Start returns the state of a schedule of this definition that has generated nothing. meterTotal is the meter's running total,
// which counts as that of the last maintenance where the definition names none.
func (d ScheduleDefinition) Start(rule DueRule, meterTotal *decimal.Decimal) DueState {
	last, done := decimal.Zero, Date{}
	switch {
	case d.Meter != nil && d.Meter.LastValue != nil:
		last = *d.Meter.LastValue
	case meterTotal != nil:
		last = *meterTotal
	}
	if d.LastCompletedOn != nil {
		done = *d.LastCompletedOn
	}
	return rule.Start(done, last)
}

// CreateMaintenanceSchedule makes the row of a new schedule at now. Number and place are given by the store.
func CreateMaintenanceSchedule(tenant, id uuid.UUID, d ScheduleDefinition, now time.Time) (MaintenanceSchedule, error) {
	m := MaintenanceSchedule{
		TenantID: tenant, ID: id, Status: ScheduleActive, Revision: 1, ProcessStartedAt: &now, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	return m, m.define(d)
}

// Definition returns what the row was defined by.
func (m *MaintenanceSchedule) Definition() ScheduleDefinition {
	d := ScheduleDefinition{
		Title: m.Title, AssetID: m.AssetID, LocationID: m.LocationID, ShiftFactor: m.ShiftFactor, TolerancePct: m.TolerancePct,
		LeadDays: m.LeadDays, CatchUp: m.CatchUp, LastCompletedOn: m.LastCompletedOn, Priority: m.Priority, JobPlanID: m.JobPlanID,
		EstimatedCost: m.EstimatedCost, PlannedHours: m.PlannedHours,
	}
	if m.RRule != "" && m.StartsOn != nil {
		d.Calendar = &CalendarRule{RRule: m.RRule, StartsOn: *m.StartsOn}
	}
	if m.MeterID != nil && m.MeterEvery != nil {
		d.Meter = &MeterRule{MeterID: *m.MeterID, Every: *m.MeterEvery, LastValue: m.MeterLastValue}
	}
	return d
}

func (m *MaintenanceSchedule) define(d ScheduleDefinition) error {
	rule, err := d.Rule()
	if err != nil {
		return err
	}
	m.Title, m.AssetID, m.LocationID, m.Priority = d.Title, d.AssetID, d.LocationID, d.Priority
	m.ShiftFactor, m.TolerancePct, m.LeadDays, m.CatchUp = d.ShiftFactor, d.TolerancePct, d.LeadDays, d.CatchUp
	m.LastCompletedOn, m.JobPlanID, m.EstimatedCost, m.PlannedHours = d.LastCompletedOn, d.JobPlanID, d.EstimatedCost, d.PlannedHours
	m.RRule, m.StartsOn = rule.Calendar.String(), nil
	if d.Calendar != nil {
		start := d.Calendar.StartsOn
		m.StartsOn = &start
	}
	m.MeterID, m.MeterEvery, m.MeterLastValue = nil, nil, nil
	if d.Meter != nil {
		id, every := d.Meter.MeterID, d.Meter.Every
		m.MeterID, m.MeterEvery, m.MeterLastValue = &id, &every, d.Meter.LastValue
	}
	return nil
}

// Rule returns what the schedule's due dates follow from.
func (m *MaintenanceSchedule) Rule() (DueRule, error) { return m.Definition().Rule() }

// State returns how far the schedule has come.
func (m *MaintenanceSchedule) State() DueState {
	state := DueState{ShiftDays: m.ShiftDays, Awaiting: m.Awaiting}
	state.Next, _ = ParseDate(m.NextDueKey)
	if m.MeterNext != nil {
		state.MeterNext = *m.MeterNext
	}
	return state
}

// SetPlan writes where the schedule stands after a plan.
func (m *MaintenanceSchedule) SetPlan(p DuePlan) {
	m.NextDueKey, m.ShiftDays, m.Awaiting = p.State.Next.String(), p.State.ShiftDays, p.State.Awaiting
	m.NextDueOn, m.GenerateAt, m.MeterNext = nil, nil, nil
	if !p.NextDueOn.IsZero() {
		m.NextDueOn = &p.NextDueOn
	}
	if !p.GenerateAt.IsZero() {
		m.GenerateAt = &p.GenerateAt
	}
	if m.MeterID != nil {
		m.MeterNext = &p.State.MeterNext
	}
}

// Apply carries out what a command changes of the row itself; zone is the site's.
func (m *MaintenanceSchedule) Apply(name ScheduleCommandName, c ScheduleCommand, now time.Time, zone *time.Location) error {
	if err := m.Status.Check(name); err != nil {
		return err
	}
	m.Status, _ = m.Status.after(name)
	switch name {
	case ScheduleEdit:
		if err := m.define(*c.Definition); err != nil {
			return err
		}
		m.Revision++
	case SchedulePause:
		if c.Until != nil && !c.Until.After(DateOf(now, zone)) {
			return InvalidField("/until", "minimum", "The day to resume on must lie after today.")
		}
		m.PauseReason, m.PausedUntil = c.Reason, c.Until
	case ScheduleResume:
		m.PauseReason, m.PausedUntil = "", nil
	case ScheduleEnd:
		m.EndReason, m.PauseReason, m.PausedUntil = c.Reason, "", nil
		m.GenerateAt, m.NextDueOn, m.NextDueKey = nil, nil, ""
	case ScheduleCreate, ScheduleGenerate, ScheduleSkip, ScheduleMove:
	}
	m.NextActionAt = nil
	if m.PausedUntil != nil {
		at := m.PausedUntil.In(zone)
		m.NextActionAt = &at
	}
	m.UpdatedAt = now
	m.Version++
	return nil
}

// ScheduleAction is what the process does by itself.
type ScheduleAction string

// Automatic steps of a maintenance schedule.
const (
	ScheduleWake    ScheduleAction = "resume" // a pause is over
	ScheduleNothing ScheduleAction = "wait"   // the planner does the rest
	ScheduleOver    ScheduleAction = "end"    // the process is over
)

// NextAction is what the process does next and when, decided from the row alone; a zero time: only a command moves it.
func (m *MaintenanceSchedule) NextAction() (ScheduleAction, time.Time) {
	switch {
	case m.Status == ScheduleEnded:
		return ScheduleOver, time.Time{}
	case m.Status == SchedulePaused && m.NextActionAt != nil:
		return ScheduleWake, *m.NextActionAt
	}
	return ScheduleNothing, time.Time{}
}

// Order makes the work order of an occurrence at now; zone is the site's, id the order's.
func (m *MaintenanceSchedule) Order(id uuid.UUID, due DueDate, description string, now time.Time, zone *time.Location) WorkOrder {
	key, on, end := due.DueKey, due.DueOn, due.DueOn.AddDays(1).In(zone)
	w := WorkOrder{
		TenantID: m.TenantID, ID: id, Title: m.Title, Description: description, Type: WorkPreventive, Priority: m.Priority,
		Status: WorkOrderApproved, AssetID: m.AssetID, LocationID: m.LocationID, SiteID: m.SiteID, ScheduleID: &m.ID, DueKey: &key,
		DueOn: &on, DueAt: &end, PlannedHours: m.PlannedHours, EstimatedCost: m.EstimatedCost, ApprovedAt: &now, Version: 1,
		CreatedAt: now, UpdatedAt: now,
	}
	w.schedule()
	return w
}
