package store

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// writeEach writes rows one by one, for kinds whose rows depend on each other or carry rules that are not SQL.
func (r *importRun) writeEach(rows []models.ImportRow) (importOutcome, error) {
	var out importOutcome
	for _, row := range rows {
		if _, err := r.tx.exec("SAVEPOINT import_row"); err != nil {
			return out, err
		}
		changed, err := r.table.each(r, row)
		if err == nil {
			err = r.tx.flush()
		}
		*r.tx.last = pgx.Batch{} // written, or of a row that is taken back
		switch {
		case err == nil:
			out.ok++
			if changed {
				out.changed++
			}
			_, err = r.tx.exec("RELEASE SAVEPOINT import_row")
		case isRowFault(err):
			out.faults = append(out.faults, r.faultOf(row.Line, err))
			_, err = r.tx.exec("ROLLBACK TO SAVEPOINT import_row")
		}
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

const importMeter = `SELECT m.id, l.time_zone FROM meters m JOIN assets a ON a.tenant_id = $1 AND a.id = m.asset_id
	JOIN locations l ON l.tenant_id = $1 AND l.id = a.location_id WHERE m.tenant_id = $1 AND a.code = $2 AND m.name = $3`

const checkMeterRow = `SELECT r.line, 'meter', 'not_found', 'The asset has no such meter in use.' FROM r
	WHERE r.meter IS NOT NULL AND EXISTS (SELECT FROM assets a WHERE a.tenant_id = $1 AND a.code = r.asset)
	AND NOT EXISTS (SELECT FROM meters m JOIN assets a ON a.tenant_id = $1 AND a.id = m.asset_id
		WHERE m.tenant_id = $1 AND a.code = r.asset AND m.name = r.meter AND m.archived_at IS NULL)`

var readingImport = importTable{
	recordset: "asset text, meter text, value numeric, read_at text", refs: []importRef{assetRef}, checks: []string{checkMeterRow},
	each: func(r *importRun, row models.ImportRow) (bool, error) {
		found, err := txReadOne[struct {
			ID       uuid.UUID
			TimeZone string
		}](r.tx, "meter", importMeter, r.tx.Actor.TenantID, row.Values["asset"], row.Values["meter"])
		if err != nil {
			return false, err
		}
		at, err := momentAt(row.Values["read_at"], found.TimeZone)
		if err != nil {
			return false, err
		}
		value, err := decimal.NewFromString(row.Values["value"])
		if err != nil {
			return false, err
		}
		m, err := lockRecord[models.Meter](r.tx, found.ID)
		if err != nil {
			return false, err
		}
		reading := models.MeterReading{
			TenantID: m.TenantID, ID: models.NewID(), MeterID: m.ID, Value: value, ReadAt: at, ActorID: r.tx.Actor.UserID, CreatedAt: r.tx.Now,
		}
		known, err := r.tx.placeReading(&m, &reading)
		if known || err != nil {
			return false, err
		}
		return true, r.tx.Audit(Change{Action: "meter_reading.import", SubjectType: "meter_reading", SubjectID: reading.ID, After: &reading})
	},
}

// momentAt reads a row's moment: with an offset, or local at the asset's site.
func momentAt(text, zone string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC().Truncate(time.Microsecond), nil
	}
	location, err := models.Zone(zone)
	if err != nil {
		return time.Time{}, models.InvalidField("/read_at", "time_zone", "There is no time zone %q.", zone)
	}
	t, err := time.ParseInLocation("2006-01-02T15:04:05", text, location)
	if err != nil {
		return time.Time{}, models.InvalidField("/read_at", "date_time", "This is no moment.")
	}
	return t.UTC(), nil
}

// A schedule that is there is not edited: that is a command, with a revision and what follows from it.
var scheduleImport = importTable{
	recordset: "asset text, meter text", refs: []importRef{assetRef}, checks: []string{checkMeterRow},
	each: func(r *importRun, row models.ImportRow) (bool, error) {
		d, err := r.scheduleDefinition(row)
		if err != nil {
			return false, err
		}
		id := r.id(row)
		wanted, err := models.CreateMaintenanceSchedule(r.tx.Actor.TenantID, id, d, r.tx.Now)
		if err != nil {
			return false, err
		}
		there, err := txRead[models.MaintenanceSchedule](r.tx, `SELECT `+scheduleColumns+` FROM maintenance_schedules m
			WHERE m.tenant_id = $1 AND m.id = $2`, r.tx.Actor.TenantID, id)
		if err != nil {
			return false, err
		}
		if len(there) == 0 {
			_, err = r.tx.createSchedule(id, d)
			return true, err
		}
		if is := there[0]; is.RRule != wanted.RRule || is.ShiftFactor != wanted.ShiftFactor || is.LeadDays != wanted.LeadDays ||
			is.CatchUp != wanted.CatchUp || is.Priority != wanted.Priority {
			return false, models.InvalidField("/title", "conflict", "%s is there with another rule: edit it there, an import does not.", is.Number)
		}
		return false, nil
	},
}

func (r *importRun) scheduleDefinition(row models.ImportRow) (models.ScheduleDefinition, error) {
	var meter *uuid.UUID
	if name := row.Values["meter"]; name != "" {
		found, err := txReadOne[struct{ ID uuid.UUID }](r.tx, "meter", importMeter, r.tx.Actor.TenantID, row.Values["asset"], name)
		if err != nil {
			return models.ScheduleDefinition{}, err
		}
		meter = &found.ID
	}
	asset, err := txReadOne[struct{ ID uuid.UUID }](r.tx, "asset", `SELECT id FROM assets WHERE tenant_id = $1 AND code = $2`,
		r.tx.Actor.TenantID, row.Values["asset"])
	if err != nil {
		return models.ScheduleDefinition{}, err
	}
	return row.ScheduleDefinition(asset.ID, meter)
}
