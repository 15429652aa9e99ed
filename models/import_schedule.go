package models

import (
	"path"
	"strconv"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// ScheduleDefinition makes the definition of a row of maintenance schedules; asset and meter are what its codes stand for. The
// row's values were read by an ImportReader.
func (r ImportRow) ScheduleDefinition(asset uuid.UUID, meter *uuid.UUID) (ScheduleDefinition, error) {
	v := r.Values
	d := ScheduleDefinition{
		Title: v["title"], AssetID: &asset, CatchUp: CatchUp(v["catch_up"]), Priority: Priority(v["priority"]),
		LastCompletedOn: r.date("last_completed_on"), PlannedHours: r.decimal("planned_hours"), EstimatedCost: r.decimal("estimated_cost"),
	}
	var f Faults
	for name, to := range map[string]*int{"shift_factor": &d.ShiftFactor, "tolerance_pct": &d.TolerancePct, "lead_days": &d.LeadDays} {
		if v[name] == "" {
			continue
		}
		n, err := strconv.Atoi(v[name])
		f.Add(err != nil, "/"+name, "integer", "It is a whole number.")
		*to = n
	}
	if v["rrule"] != "" || v["starts_on"] != "" {
		d.Calendar = &CalendarRule{RRule: v["rrule"]}
		if on := r.date("starts_on"); on != nil {
			d.Calendar.StartsOn = *on
		}
	}
	every := r.decimal("meter_every")
	f.Add((v["meter"] == "") != (every == nil), "/meter_every", "required", "A meter rule needs the meter and its step.")
	if meter != nil && every != nil {
		d.Meter = &MeterRule{MeterID: *meter, Every: *every}
	}
	if err := f.Err(); err != nil {
		return d, err
	}
	return d, d.Validate()
}

func (r ImportRow) date(field string) *Date {
	d, err := ParseDate(r.Values[field])
	if err != nil {
		return nil
	}
	return &d
}

func (r ImportRow) decimal(field string) *decimal.Decimal {
	d, err := decimal.NewFromString(r.Values[field])
	if err != nil {
		return nil
	}
	return &d
}

// schedule judges a row of maintenance schedules as far as it can without the tables.
func (r *ImportReader) schedule(row ImportRow) []RowFault {
	var placeholder uuid.UUID
	_, err := row.ScheduleDefinition(placeholder, &placeholder)
	known := AsError(err)
	if known == nil {
		return nil
	}
	faults := make([]RowFault, len(known.Fields))
	for i, f := range known.Fields {
		faults[i] = RowFault{row.Line, r.Column(path.Base(f.Pointer)), f.Code, f.Detail}
	}
	return faults
}
