package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

// MaintenanceSchedule is a schedule as the API shows it.
type MaintenanceSchedule struct {
	ID              uuid.UUID        `json:"id"`
	Number          string           `json:"number" example:"MS-000123"`
	Title           string           `json:"title"`
	Status          string           `json:"status"`
	Version         int              `json:"version"`
	Revision        int              `json:"revision" doc:"counts edits"`
	AssetID         *uuid.UUID       `json:"asset_id"`
	Asset           *Ref             `json:"asset"`
	LocationID      uuid.UUID        `json:"location_id"`
	Location        Ref              `json:"location"`
	TimeZone        string           `json:"time_zone"`
	Calendar        *ScheduleRule    `json:"calendar,omitempty"`
	Meter           *ScheduleMeter   `json:"meter,omitempty"`
	ShiftFactor     int              `json:"shift_factor"`
	TolerancePct    int              `json:"tolerance_pct"`
	LeadDays        int              `json:"lead_days"`
	CatchUp         string           `json:"catch_up"`
	LastCompletedOn *models.Date     `json:"last_completed_on,omitempty" format:"date"`
	Priority        string           `json:"priority"`
	JobPlanID       *uuid.UUID       `json:"job_plan_id,omitempty"`
	EstimatedCost   *Money           `json:"estimated_cost,omitempty"`
	PlannedHours    *decimal.Decimal `json:"planned_hours,omitempty"`
	NextDueOn       *models.Date     `json:"next_due_on" format:"date"`
	NextDueKey      string           `json:"next_due_key,omitempty"`
	NextMeterValue  *decimal.Decimal `json:"next_meter_value,omitempty" doc:"the next threshold of the meter's running total"`
	GenerateAt      *time.Time       `json:"generate_at,omitempty" doc:"when the next order is generated"`
	PausedUntil     *models.Date     `json:"paused_until,omitempty" format:"date"`
	PauseReason     string           `json:"pause_reason,omitempty"`
	EndReason       string           `json:"end_reason,omitempty"`
	CreatedAt       time.Time        `json:"created_at"`
	UpdatedAt       time.Time        `json:"updated_at"`
	AllowedCommands []string         `json:"allowed_commands"`
	Process         *Process         `json:"process,omitempty"`
}

// ScheduleRule is a calendar trigger.
type ScheduleRule struct {
	RRule    string      `json:"rrule" minLength:"1" maxLength:"500" example:"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1"`
	StartsOn models.Date `json:"starts_on" format:"date"`
}

// ScheduleMeter is a meter trigger.
type ScheduleMeter struct {
	MeterID   uuid.UUID        `json:"meter_id"`
	Every     decimal.Decimal  `json:"every"`
	LastValue *decimal.Decimal `json:"last_value,omitempty" doc:"running total at the last maintenance; absent: the meter's now"`
}

func (s *Server) maintenanceScheduleRoutes() {
	const tag, path = "Maintenance schedules", "/v1/maintenance-schedules"
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-maintenance-schedule", tag: tag, status: http.StatusCreated,
		summary: "Create a maintenance schedule", permission: models.PermissionMaintenanceSchedulesWrite,
	}, s.createSchedule)
	register(s, operation{
		method: http.MethodPost, path: path + "/preview", id: "preview-maintenance-schedule", tag: tag,
		summary: "List the due dates that a schedule would have", permission: models.PermissionMaintenanceSchedulesRead,
	}, s.previewSchedule)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-maintenance-schedules", tag: tag,
		summary: "List maintenance schedules", permission: models.PermissionMaintenanceSchedulesRead,
	}, s.listSchedules)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-maintenance-schedule", tag: tag,
		summary: "Read a maintenance schedule", permission: models.PermissionMaintenanceSchedulesRead,
	}, s.getSchedule)
	register(s, operation{
		method: http.MethodPatch, path: path + "/{id}", id: "edit-maintenance-schedule", tag: tag,
		summary: "Edit a maintenance schedule: a new revision", permission: models.PermissionMaintenanceSchedulesWrite,
	}, s.editSchedule)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}/forecast", id: "forecast-maintenance-schedule", tag: tag,
		summary: "List the due dates that are open or to come", permission: models.PermissionMaintenanceSchedulesRead,
	}, s.forecastSchedule)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}/occurrences", id: "list-occurrences", tag: tag,
		summary: "List what became of the due dates", permission: models.PermissionMaintenanceSchedulesRead,
	}, s.listOccurrences)
	for _, c := range scheduleCommandRoutes {
		register(s, operation{
			method: http.MethodPost, path: path + "/{id}/" + string(c.name), id: string(c.name) + "-maintenance-schedule", tag: tag,
			summary: c.summary, permission: models.PermissionMaintenanceSchedulesCommand,
		}, c.handler(s))
	}
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/occurrences/{due_key}/skip", id: "skip-occurrence", tag: tag,
		summary: "Skip one occurrence", permission: models.PermissionMaintenanceSchedulesCommand,
	}, s.skipOccurrence)
	register(s, operation{
		method: http.MethodPost, path: path + "/{id}/occurrences/{due_key}/move", id: "move-occurrence", tag: tag,
		summary: "Move one occurrence to another day", permission: models.PermissionMaintenanceSchedulesCommand,
	}, s.moveOccurrence)
}

// CreateMaintenanceScheduleBody asks for a schedule on an asset or a location, with a calendar rule, a meter rule or both.
type CreateMaintenanceScheduleBody struct {
	Title           string           `json:"title" minLength:"1" maxLength:"300"`
	AssetID         *uuid.UUID       `json:"asset_id,omitempty"`
	LocationID      *uuid.UUID       `json:"location_id,omitempty"`
	Calendar        *ScheduleRule    `json:"calendar,omitempty"`
	Meter           *ScheduleMeter   `json:"meter,omitempty"`
	ShiftFactor     int              `json:"shift_factor,omitempty" minimum:"0" maximum:"100" default:"0" doc:"how much of a late completion shifts what follows: 0 is fixed, 100 floating"`
	TolerancePct    int              `json:"tolerance_pct,omitempty" minimum:"0" maximum:"100" default:"0" doc:"of the cycle; lateness within it shifts nothing"`
	LeadDays        int              `json:"lead_days,omitempty" minimum:"0" maximum:"366" default:"0"`
	CatchUp         string           `json:"catch_up,omitempty" enum:"one,all,skip" default:"one" doc:"what is done about dates that passed"`
	LastCompletedOn *models.Date     `json:"last_completed_on,omitempty" format:"date"`
	Priority        string           `json:"priority,omitempty" enum:"low,medium,high,critical" default:"medium"`
	JobPlanID       *uuid.UUID       `json:"job_plan_id,omitempty"`
	EstimatedCost   *MoneyInput      `json:"estimated_cost,omitempty"`
	PlannedHours    *decimal.Decimal `json:"planned_hours,omitempty"`
}

func (b CreateMaintenanceScheduleBody) definition() models.ScheduleDefinition {
	d := models.ScheduleDefinition{
		Title: strings.TrimSpace(b.Title), AssetID: b.AssetID, ShiftFactor: b.ShiftFactor, TolerancePct: b.TolerancePct,
		LeadDays: b.LeadDays, CatchUp: models.CatchUp(b.CatchUp), LastCompletedOn: b.LastCompletedOn,
		Priority: models.Priority(b.Priority), JobPlanID: b.JobPlanID, PlannedHours: b.PlannedHours,
	}
	if b.LocationID != nil {
		d.LocationID = *b.LocationID
	}
	if b.Calendar != nil {
		d.Calendar = &models.CalendarRule{RRule: b.Calendar.RRule, StartsOn: b.Calendar.StartsOn}
	}
	if b.Meter != nil {
		d.Meter = &models.MeterRule{MeterID: b.Meter.MeterID, Every: b.Meter.Every, LastValue: b.Meter.LastValue}
	}
	if b.EstimatedCost != nil {
		d.EstimatedCost = &b.EstimatedCost.Amount
	}
	return d
}

type scheduleOutput struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     MaintenanceSchedule
}

func (s *Server) createSchedule(ctx context.Context, in *struct{ Body CreateMaintenanceScheduleBody }) (*scheduleOutput, error) {
	d := in.Body.definition()
	if err := d.Validate(); err != nil {
		return nil, err
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	place, admitted, err := s.store.AdmitMaintenanceSchedule(ctx, id, d)
	if err != nil {
		return nil, err
	}
	if in.Body.EstimatedCost != nil {
		if _, err := in.Body.EstimatedCost.in(place.Currency, "/estimated_cost"); err != nil {
			return nil, err
		}
	}
	if err := s.begin(ctx, admitted, workflows.Command{
		Process: models.ProcessMaintenanceSchedule, Name: string(models.ScheduleCreate), SubjectID: id,
		Attributes: scheduleAttributes(id, place.SiteID, d.AssetID, d.Priority), Summary: "Maintenance schedule",
	}); err != nil {
		return nil, err
	}
	return s.readSchedule(ctx, id)
}

func scheduleAttributes(id, site uuid.UUID, asset *uuid.UUID, priority models.Priority) models.ProcessAttributes {
	a := models.ProcessAttributes{Site: site.String(), MaintenanceScheduleID: id.String(), Priority: string(priority)}
	if asset != nil {
		a.AssetID = asset.String()
	}
	return a
}

type scheduleDates struct {
	Body struct {
		Items []models.DueDate `json:"items"`
	}
}

// UntilQuery bounds a forecast.
type UntilQuery struct {
	Until string `query:"until" format:"date" doc:"last due date, included; absent: a year from today"`
}

// forecastYears is how far a forecast reaches.
const forecastYears = 30

func (q UntilQuery) until() (models.Date, error) {
	var faults models.Faults
	today := models.DateOf(time.Now(), time.UTC)
	until := queryDate(&faults, "until", q.Until)
	if until == nil {
		until = new(today.AddMonths(12))
	}
	faults.Add(until.After(today.AddMonths(12*forecastYears)), "until", "maximum", "A forecast reaches %d years ahead.", forecastYears)
	return *until, faults.Err()
}

func (s *Server) previewSchedule(ctx context.Context, in *struct {
	UntilQuery
	Body CreateMaintenanceScheduleBody
},
) (*scheduleDates, error) {
	until, err := in.until()
	if err != nil {
		return nil, err
	}
	d := in.Body.definition()
	if err := d.Validate(); err != nil {
		return nil, err
	}
	if in.Body.EstimatedCost != nil {
		tenant, err := s.store.Tenant(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := in.Body.EstimatedCost.in(tenant.Currency, "/estimated_cost"); err != nil {
			return nil, err
		}
	}
	dates, err := s.store.PreviewSchedule(ctx, d, until)
	return datesAnswer(dates), err
}

func (s *Server) forecastSchedule(ctx context.Context, in *struct {
	ID uuid.UUID `path:"id"`
	UntilQuery
},
) (*scheduleDates, error) {
	until, err := in.until()
	if err != nil {
		return nil, err
	}
	dates, err := s.store.Forecast(ctx, in.ID, until)
	return datesAnswer(dates), err
}

func datesAnswer(dates []models.DueDate) *scheduleDates {
	out := &scheduleDates{}
	out.Body.Items = append([]models.DueDate{}, dates...)
	return out
}

func (s *Server) getSchedule(ctx context.Context, in *struct {
	ID uuid.UUID `path:"id"`
},
) (*scheduleOutput, error) {
	return s.readSchedule(ctx, in.ID)
}

func (s *Server) readSchedule(ctx context.Context, id uuid.UUID) (*scheduleOutput, error) {
	view, err := s.store.MaintenanceSchedule(ctx, id)
	if err != nil {
		return nil, err
	}
	body := scheduleBody(view)
	body.Process = s.process(ctx, models.ProcessMaintenanceSchedule, view.TenantID, view.ID)
	return &scheduleOutput{Location: "/v1/maintenance-schedules/" + view.ID.String(), ETag: etag(view.Version), Body: body}, nil
}

type listSchedulesInput struct {
	PageQuery
	Q          string   `query:"q" maxLength:"200" doc:"in number or title"`
	Status     []string `query:"status,explode" enum:"active,paused,ended"`
	AssetID    []string `query:"asset_id,explode"`
	LocationID []string `query:"location_id,explode" doc:"with what lies below"`
	DueTo      string   `query:"due_to" format:"date" doc:"next due on or before"`
	Sort       string   `query:"sort" default:"next_due_on" enum:"next_due_on,-next_due_on,title,-title"`
}

func (s *Server) listSchedules(ctx context.Context, in *listSchedulesInput) (*listOutput[MaintenanceSchedule], error) {
	var faults models.Faults
	filter := store.ScheduleFilter{
		Text: strings.TrimSpace(in.Q), Statuses: in.Status, AssetIDs: queryIDs(&faults, "asset_id", in.AssetID),
		LocationIDs: queryIDs(&faults, "location_id", in.LocationID), DueTo: queryDate(&faults, "due_to", in.DueTo),
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, scheduleBody, func(page store.Page) (store.Rows[store.MaintenanceScheduleView], error) {
		return s.store.MaintenanceSchedules(ctx, filter, page)
	})
}

func scheduleBody(v store.MaintenanceScheduleView) MaintenanceSchedule {
	m := MaintenanceSchedule{
		ID: v.ID, Number: v.Number, Title: v.Title, Status: string(v.Status), Version: v.Version, Revision: v.Revision,
		AssetID: v.AssetID, Asset: refOf(v.AssetID, v.AssetCode, v.AssetName), LocationID: v.LocationID,
		Location: Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName}, TimeZone: v.TimeZone,
		ShiftFactor: v.ShiftFactor, TolerancePct: v.TolerancePct, LeadDays: v.LeadDays, CatchUp: string(v.CatchUp),
		LastCompletedOn: v.LastCompletedOn, Priority: string(v.Priority), JobPlanID: v.JobPlanID, PlannedHours: v.PlannedHours,
		NextDueOn: v.NextDueOn, NextDueKey: v.NextDueKey, NextMeterValue: v.MeterNext, GenerateAt: v.GenerateAt,
		PausedUntil: v.PausedUntil, PauseReason: v.PauseReason, EndReason: v.EndReason, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
		AllowedCommands: v.Status.AllowedCommands(),
	}
	d := v.Definition()
	if d.Calendar != nil {
		m.Calendar = &ScheduleRule{RRule: d.Calendar.RRule, StartsOn: d.Calendar.StartsOn}
	}
	if d.Meter != nil {
		m.Meter = &ScheduleMeter{MeterID: d.Meter.MeterID, Every: d.Meter.Every, LastValue: d.Meter.LastValue}
	}
	if v.EstimatedCost != nil {
		m.EstimatedCost = new(moneyOf(*v.EstimatedCost, v.Currency))
	}
	return m
}
