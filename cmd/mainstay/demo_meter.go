package main

import (
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"mainstay/models"
)

const demoReadingWeeks = 30

// addMeters gives machine n of a site what is read on its kind, once a week for seven months. Every ninth meter was forgotten for the
// last three weeks.
func (c *demoCompany) addMeters(m demoMachine, n int) {
	switch m.kind {
	case "EXC", "TRK":
		c.addMeter(m, n, demoMeter{name: "Running hours", unit: "h", kind: models.MeterContinuous, from: 2000, spread: 9000, least: 30, most: 90})
		if m.kind == "TRK" {
			c.addMeter(m, n+4, demoMeter{name: "Distance", unit: "km", kind: models.MeterContinuous, from: 20000, spread: 80000, least: 150, most: 700})
		}
	case "CRU", "SCR":
		c.addMeter(m, n, demoMeter{name: "Bearing temperature", unit: "°C", kind: models.MeterGauge, from: 48, spread: 12, least: -3, most: 5})
	case "CON":
		if n%3 == 1 {
			c.addMeter(m, n, demoMeter{name: "Running hours", unit: "h", kind: models.MeterContinuous, from: 8000, spread: 20000, least: 60, most: 120})
		}
	}
}

// demoMeter says how a meter goes: where it began, and what a week adds to a continuous one or how far a gauge strays.
type demoMeter struct {
	name, unit   string
	kind         models.MeterKind
	from, spread int
	least, most  int
}

func (c *demoCompany) addMeter(m demoMachine, n int, kind demoMeter) {
	id := c.id("meter %s %s", m.id, kind.name)
	chance := rand.New(rand.NewPCG(uint64(id[0])<<8|uint64(id[1]), uint64(n))) //nolint:gosec // the same readings each time
	start := int64(kind.from + chance.IntN(kind.spread))
	value, last, at := decimal.NewFromInt(start), 1, time.Time{}
	if n%9 == 0 {
		last = 4
	}
	for week := demoReadingWeeks; week >= last; week-- {
		step := decimal.NewFromInt(int64(kind.least + chance.IntN(kind.most-kind.least)))
		var total any
		if kind.kind == models.MeterContinuous {
			value = value.Add(step)
			total = value
		} else {
			value = decimal.NewFromInt(start).Add(step).Add(decimal.New(int64(chance.IntN(10)), -1))
		}
		at = c.now.AddDate(0, 0, -7*(week-1)-1-n%6).Add(-time.Duration(n%8) * time.Hour)
		c.readings = append(c.readings, demoRow{
			"tenant_id": c.tenant, "id": c.id("reading %s %d", id, week), "meter_id": id, "value": value, "total": total, "read_at": at,
			"actor_id": c.people["technician"], "created_at": at,
		})
	}
	row := c.record(id, demoRow{
		"asset_id": m.id, "name": kind.name, "unit": kind.unit, "kind": kind.kind, "reading_interval_days": 7, "last_value": value,
		"last_total": nil, "last_read_at": at,
	})
	if kind.kind == models.MeterContinuous {
		row["last_total"] = value
	}
	c.meters = append(c.meters, row)
}
