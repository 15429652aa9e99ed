package api

import (
	"context"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

// EditMaintenanceScheduleBody is a merge patch: absent fields stay. The asset or location stays too: another place is another
// schedule.
type EditMaintenanceScheduleBody struct {
	Title           Optional[string]             `json:"title,omitzero"`
	Calendar        Optional[ScheduleRulePatch]  `json:"calendar,omitzero"`
	Meter           Optional[ScheduleMeterPatch] `json:"meter,omitzero"`
	ShiftFactor     Optional[int]                `json:"shift_factor,omitzero"`
	TolerancePct    Optional[int]                `json:"tolerance_pct,omitzero"`
	LeadDays        Optional[int]                `json:"lead_days,omitzero"`
	CatchUp         Optional[string]             `json:"catch_up,omitzero"`
	LastCompletedOn Optional[models.Date]        `json:"last_completed_on,omitzero"`
	Priority        Optional[string]             `json:"priority,omitzero"`
	JobPlanID       Optional[uuid.UUID]          `json:"job_plan_id,omitzero"`
	EstimatedCost   Optional[MoneyInput]         `json:"estimated_cost,omitzero"`
	PlannedHours    Optional[decimal.Decimal]    `json:"planned_hours,omitzero"`
}

// ScheduleRulePatch changes members of the calendar rule.
type ScheduleRulePatch struct {
	RRule    Optional[string]      `json:"rrule,omitzero"`
	StartsOn Optional[models.Date] `json:"starts_on,omitzero"`
}

// ScheduleMeterPatch changes members of the meter rule.
type ScheduleMeterPatch struct {
	MeterID   Optional[uuid.UUID]       `json:"meter_id,omitzero"`
	Every     Optional[decimal.Decimal] `json:"every,omitzero"`
	LastValue Optional[decimal.Decimal] `json:"last_value,omitzero"`
}

// mergeRule applies a patch of an object's members to target, which starts empty where there is none; null removes it.
func mergeRule[P, T any](patch Optional[P], target **T, merge func(P, *T)) {
	switch {
	case !patch.Set:
	case patch.Null:
		*target = nil
	default:
		var merged T
		if *target != nil {
			merged = **target
		}
		merge(patch.V, &merged)
		*target = &merged
	}
}

func (b EditMaintenanceScheduleBody) apply(d models.ScheduleDefinition, currency string) (models.ScheduleDefinition, error) {
	b.Title.apply(&d.Title)
	b.ShiftFactor.apply(&d.ShiftFactor)
	b.TolerancePct.apply(&d.TolerancePct)
	b.LeadDays.apply(&d.LeadDays)
	b.LastCompletedOn.applyPointer(&d.LastCompletedOn)
	b.JobPlanID.applyPointer(&d.JobPlanID)
	b.PlannedHours.applyPointer(&d.PlannedHours)
	if b.CatchUp.Set {
		d.CatchUp = models.CatchUp(b.CatchUp.V)
	}
	if b.Priority.Set {
		d.Priority = models.Priority(b.Priority.V)
	}
	mergeRule(b.Calendar, &d.Calendar, func(p ScheduleRulePatch, rule *models.CalendarRule) {
		p.RRule.apply(&rule.RRule)
		p.StartsOn.apply(&rule.StartsOn)
	})
	mergeRule(b.Meter, &d.Meter, func(p ScheduleMeterPatch, rule *models.MeterRule) {
		p.MeterID.apply(&rule.MeterID)
		p.Every.apply(&rule.Every)
		p.LastValue.applyPointer(&rule.LastValue)
	})
	if b.EstimatedCost.Set {
		d.EstimatedCost = nil
		if !b.EstimatedCost.Null {
			amount, err := b.EstimatedCost.V.in(currency, "/estimated_cost")
			if err != nil {
				return d, err
			}
			d.EstimatedCost = &amount
		}
	}
	return d, d.Validate()
}

type editScheduleInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body EditMaintenanceScheduleBody
}

func (s *Server) editSchedule(ctx context.Context, in *editScheduleInput) (*scheduleOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	view, err := s.store.MaintenanceSchedule(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	d, err := in.Body.apply(view.Definition(), view.Currency)
	if err != nil {
		return nil, err
	}
	return s.scheduleCommand(ctx, in.ID, models.ScheduleEdit, models.ScheduleCommand{Definition: &d, IfVersion: &version})
}

// scheduleCommand hands a command to the schedule's process and answers with the schedule as it is then.
func (s *Server) scheduleCommand(
	ctx context.Context, id uuid.UUID, name models.ScheduleCommandName, c models.ScheduleCommand,
) (*scheduleOutput, error) {
	if err := c.Validate(name); err != nil {
		return nil, err
	}
	view, admitted, err := s.store.AdmitScheduleCommand(ctx, id, name, c)
	if err != nil {
		return nil, err
	}
	if admitted.DoneAt != nil { // the same request again
		return s.readSchedule(ctx, id)
	}
	if err := unchanged("maintenance schedule", c.IfVersion, view.Version); err != nil {
		return nil, err
	}
	if err := view.Status.Check(name); err != nil {
		return nil, err
	}
	_, err = s.processes.Do(ctx, workflows.Command{
		Process: models.ProcessMaintenanceSchedule, Name: string(name), SubjectID: id, CommandID: admitted.ID,
		Running: view.ProcessStartedAt != nil, Attributes: scheduleAttributes(id, view.SiteID, view.AssetID, view.Priority),
		Summary: "Maintenance schedule " + view.Number,
	})
	if err != nil {
		return nil, err
	}
	return s.readSchedule(ctx, id)
}

var scheduleCommandRoutes = []scheduleCommandRoute{
	{models.SchedulePause, "Pause a schedule: nothing is generated until it is resumed"},
	{models.ScheduleResume, "Resume a schedule; what was due meanwhile is skipped"},
	{models.ScheduleEnd, "End a schedule; its orders that nobody has begun are cancelled"},
	{models.ScheduleGenerate, "Generate the order of the next or a named occurrence now"},
}

type scheduleCommandRoute struct {
	name    models.ScheduleCommandName
	summary string
}

// ScheduleCommandBody holds what the commands take; each uses its own fields.
type ScheduleCommandBody struct {
	Reason string       `json:"reason,omitempty" maxLength:"2000" doc:"pause; end"`
	Until  *models.Date `json:"until,omitempty" format:"date" doc:"pause: the day on which it resumes"`
	DueKey string       `json:"due_key,omitempty" maxLength:"40" doc:"generate"`
}

type scheduleCommandInput struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body *ScheduleCommandBody
}

func (r scheduleCommandRoute) handler(s *Server) func(context.Context, *scheduleCommandInput) (*scheduleOutput, error) {
	return func(ctx context.Context, in *scheduleCommandInput) (*scheduleOutput, error) {
		version, err := in.version()
		if err != nil {
			return nil, err
		}
		c := models.ScheduleCommand{IfVersion: version}
		if in.Body != nil {
			c.Reason, c.Until, c.DueKey = in.Body.Reason, in.Body.Until, in.Body.DueKey
		}
		return s.scheduleCommand(ctx, in.ID, r.name, c)
	}
}

// OccurrencePath names one due date of a schedule.
type OccurrencePath struct {
	ID     uuid.UUID `path:"id"`
	DueKey string    `path:"due_key" maxLength:"40" doc:"YYYY-MM-DD, or m<threshold>"`
}

func (s *Server) skipOccurrence(ctx context.Context, in *struct {
	OccurrencePath
	MaybeIfMatch
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
},
) (*scheduleOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return s.scheduleCommand(ctx, in.ID, models.ScheduleSkip, models.ScheduleCommand{
		DueKey: in.DueKey, Reason: in.Body.Reason, IfVersion: version,
	})
}

func (s *Server) moveOccurrence(ctx context.Context, in *struct {
	OccurrencePath
	MaybeIfMatch
	Body struct {
		DueOn  models.Date `json:"due_on" format:"date"`
		Reason string      `json:"reason" minLength:"1" maxLength:"2000"`
	}
},
) (*scheduleOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return s.scheduleCommand(ctx, in.ID, models.ScheduleMove, models.ScheduleCommand{
		DueKey: in.DueKey, DueOn: &in.Body.DueOn, Reason: in.Body.Reason, IfVersion: version,
	})
}

// Occurrence is what became of one due date.
type Occurrence struct {
	DueKey       string       `json:"due_key"`
	DueOn        models.Date  `json:"due_on" format:"date"`
	Status       string       `json:"status" enum:"forecast,due,generated,suppressed,skipped,missed,completed,cancelled"`
	Revision     int          `json:"revision"`
	WorkOrderID  *uuid.UUID   `json:"work_order_id,omitempty"`
	SuppressedBy *string      `json:"suppressed_by,omitempty" doc:"the due_key that covers this one"`
	Reason       string       `json:"reason,omitempty"`
	CompletedOn  *models.Date `json:"completed_on,omitempty" format:"date"`
}

type listOccurrencesInput struct {
	ID uuid.UUID `path:"id"`
	PageQuery
	Status []string `query:"status,explode" enum:"forecast,due,generated,suppressed,skipped,missed,completed,cancelled"`
	Sort   string   `query:"sort" default:"due_on" enum:"due_on,-due_on"`
}

func (s *Server) listOccurrences(ctx context.Context, in *listOccurrencesInput) (*listOutput[Occurrence], error) {
	return listPage(in.PageQuery, in.Sort, occurrenceBody, func(page store.Page) (store.Rows[models.Occurrence], error) {
		return s.store.Occurrences(ctx, in.ID, in.Status, page)
	})
}

func occurrenceBody(o models.Occurrence) Occurrence {
	return Occurrence{
		DueKey: o.DueKey, DueOn: o.DueOn, Status: string(o.Status), Revision: o.Revision, WorkOrderID: o.WorkOrderID,
		SuppressedBy: o.SuppressedBy, Reason: o.Reason, CompletedOn: o.CompletedOn,
	}
}
