package main

import (
	"cmp"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// addSchedules gives 400 machines and parts a calendar rule: 12 overdue, 12 due tomorrow, the rest within a year.
func (c *demoCompany) addSchedules() {
	plans := []struct{ code, title, rule string }{
		{"LUB", "Lubrication round", "FREQ=WEEKLY;INTERVAL=2"},
		{"INS", "Visual inspection", "FREQ=MONTHLY"},
		{"BLT", "Belt check and tension", "FREQ=MONTHLY;INTERVAL=2"},
		{"FLT", "Change filters", "FREQ=MONTHLY;INTERVAL=3"},
		{"OIL", "Oil change", "FREQ=MONTHLY;INTERVAL=6"},
		{"EL", "Electrical inspection", "FREQ=YEARLY"},
	}
	for n := range 400 {
		m := c.machines[n%len(c.machines)]
		plan := plans[n%len(plans)]
		today := models.DateOf(c.now, m.site.zone)
		due := today.AddDays(2 + c.rand.IntN(360))
		switch n % 33 {
		case 0:
			due = today.AddDays(-1 - n%5)
		case 1:
			due = today.AddDays(1)
		}
		lead := c.rand.IntN(4)
		if n%33 < 2 {
			lead = 0
		}
		c.schedules = append(c.schedules, c.record(c.id("schedule %d", n), demoRow{
			"number": fmt.Sprintf("MS-%06d", n+1), "title": plan.title + ", " + m.name, "asset_id": m.id, "location_id": m.location,
			"site_id": m.site.id, "rrule": plan.rule, "starts_on": due, "shift_factor": []int{0, 0, 50, 100}[n%4], "tolerance_pct": 10,
			"lead_days": lead, "catch_up": "one", "priority": c.pick("low", "medium", "medium", "high"),
			"job_plan_id": c.id("job plan %s", plan.code), "estimated_cost": "120", "planned_hours": "2", "status": "active",
			"revision": 1, "next_due_on": due, "next_due_key": due.String(), "shift_days": 0,
			"generate_at": due.AddDays(-lead).In(m.site.zone).UTC(),
		}))
	}
}

type demoOrder struct {
	machine demoMachine
	title   string
	kind    models.WorkOrderType
	status  models.WorkOrderStatus
	created time.Time
	due     *models.Date
	hours   string // planned; empty: 2
}

// addOrder adds a work order as its commands would have left it, and returns its row.
func (c *demoCompany) addOrder(o demoOrder) demoRow {
	n := len(c.orders) + 1
	w, err := models.CreateWorkOrder(c.tenant, c.id("work order %d", n), models.NewWorkOrder{
		Title: o.title, Type: o.kind, Priority: models.Priority(c.pick("low", "medium", "high", "critical")), AssetID: &o.machine.id,
		LocationID: o.machine.location, SiteID: o.machine.site.id, TimeZone: o.machine.site.zone.String(), DueOn: o.due,
	}, nil, o.created)
	if err != nil {
		panic(err) // the zone is known
	}
	w.Status = o.status
	_, at := w.NextAction()
	row := c.record(w.ID, demoRow{
		"number": fmt.Sprintf("WO-%06d", n), "title": w.Title, "description": "", "type": w.Type, "priority": w.Priority,
		"status": w.Status, "asset_id": w.AssetID, "location_id": w.LocationID, "site_id": w.SiteID, "due_on": w.DueOn, "due_at": w.DueAt,
		"requested_by": c.people["planner"], "approved_at": o.created, "next_action_at": nil, "planned_hours": cmp.Or(o.hours, "2"),
		"started_at": nil, "completed_at": nil, "closed_at": nil, "cancelled_at": nil, "resolution": "", "failure_mode": "",
		"hold_reason": "", "cancel_reason": "", "start_on": nil,
	})
	row["created_at"], row["updated_at"] = o.created, o.created
	if !o.status.Over() {
		row["next_action_at"] = at
		c.wake = append(c.wake, models.Delivery{
			Kind: models.DeliverStart, Process: models.ProcessWorkOrder, SubjectID: w.ID, Queue: models.QueueBulkStart,
			Attributes: models.ProcessAttributes{
				Site: w.SiteID.String(), AssetID: w.AssetID.String(), Priority: string(w.Priority), DueAt: w.DueAt,
			},
		})
	}
	c.orders = append(c.orders, row)
	return row
}

var demoFaults = []string{
	"Replace the seal", "Oil leak at the gearbox", "Belt runs off", "Bearing is loud", "Hydraulic hose burst", "Sensor shows nothing",
	"Motor trips", "Screen mesh torn", "Track tension low", "Bucket teeth worn",
}

// addHistory closes three orders a day over 18 months, with labor and costs.
func (c *demoCompany) addHistory() {
	for day := 540; day >= 3; day-- {
		for range 2 {
			m := c.machines[c.rand.IntN(len(c.machines))]
			created := c.now.AddDate(0, 0, -day)
			due := models.DateOf(created, m.site.zone)
			if day%9 > 0 { // else it becomes late where it takes until the next day
				due = due.AddDays(1)
			}
			row := c.addOrder(demoOrder{
				machine: m, title: demoFaults[c.rand.IntN(len(demoFaults))], kind: models.WorkOrderType(c.pick("corrective", "preventive", "preventive", "inspection")),
				status: models.WorkOrderClosed, created: created, due: &due,
			})
			done := created.Add(time.Duration(1+c.rand.IntN(30)) * time.Hour)
			row["started_at"], row["completed_at"], row["closed_at"] = created.Add(time.Hour), done, done.Add(time.Hour)
			row["resolution"] = c.pick("Replaced and tested.", "Adjusted and tested.", "Cleaned; runs without fault.")
			if row["type"] == models.WorkCorrective {
				row["failure_mode"] = c.pick("LEAK", "NOISE", "STOP", "START", "PLUG")
				if c.rand.IntN(4) == 0 {
					c.addDowntime(row["id"], m.id, fmt.Sprint(row["title"]), created, &done)
				}
			}
			c.addLabor(row, m, done)
			if c.rand.IntN(3) == 0 {
				c.addCost(row, m, done)
			}
		}
	}
}

func (c *demoCompany) addLabor(order demoRow, m demoMachine, at time.Time) {
	hours := decimal.NewFromInt(int64(2 + c.rand.IntN(16))).Div(decimal.NewFromInt(2))
	rate := decimal.RequireFromString("42.50")
	c.labor = append(c.labor, demoRow{
		"tenant_id": c.tenant, "id": c.id("labor %d", len(c.labor)), "work_order_id": order["id"], "asset_id": m.id,
		"user_id": c.people["technician"], "worked_on": models.DateOf(at, m.site.zone), "hours": hours, "rate": rate,
		"amount": models.LaborCost(hours, rate, "EUR"), "currency": "EUR", "kind": "regular", "actor_id": c.people["technician"], "created_at": at,
	})
}

func (c *demoCompany) addCost(order demoRow, m demoMachine, at time.Time) {
	c.costs = append(c.costs, demoRow{
		"tenant_id": c.tenant, "id": c.id("cost %d", len(c.costs)), "work_order_id": order["id"], "asset_id": m.id,
		"kind": c.pick("services", "other"), "amount": decimal.New(int64(2000+c.rand.IntN(400000)), -2), "currency": "EUR",
		"description": c.pick("Crane hire", "Outside workshop", "Freight", "Specialist"), "incurred_on": models.DateOf(at, m.site.zone),
		"actor_id": c.people["planner"], "created_at": at,
	})
}

// addDowntime says since when a machine stood, and until when; to is nil where it still does. order is nil where nobody has one for it.
func (c *demoCompany) addDowntime(order any, machine uuid.UUID, reason string, from time.Time, to *time.Time) {
	c.downtimes = append(c.downtimes, demoRow{
		"tenant_id": c.tenant, "id": c.id("downtime %d", len(c.downtimes)), "asset_id": machine, "work_order_id": order,
		"started_at": from, "ended_at": to, "kind": "unplanned", "reason": reason, "actor_id": c.people["technician"], "created_at": from,
	})
}

// demoHours are what orders are planned with.
var demoHours = []string{"2", "4", "1.5", "6", "3", "8", "1"}

// addOpenOrders leaves orders in every state that a plant has open, some of them late.
func (c *demoCompany) addOpenOrders() {
	for i, status := range models.WorkOrderStatuses() {
		for n := range 12 {
			m := c.machines[(i*37+n*11)%len(c.machines)]
			due := models.DateOf(c.now, m.site.zone).AddDays(n*3 - 6)
			created := c.now.Add(-time.Duration(3*24+n) * time.Hour)
			if status == models.WorkOrderClosed {
				created = created.AddDate(0, 0, -7*n)
			}
			row := c.addOrder(demoOrder{
				machine: m, title: demoFaults[(i+n)%len(demoFaults)], kind: models.WorkCorrective, status: status,
				created: created, due: &due, hours: demoHours[(i+n)%len(demoHours)],
			})
			c.dress(row, m, status, n)
		}
	}
}

// dress sets what the state implies.
func (c *demoCompany) dress(row demoRow, m demoMachine, status models.WorkOrderStatus, n int) {
	began := c.now.Add(-time.Duration(n+2) * time.Hour)
	id := row["id"]
	assign := func() {
		person := c.people["technician"]
		if crew := c.crews[m.site.code]; status == models.WorkOrderScheduled && n%3 > 0 {
			person = crew[n%len(crew)]
		}
		c.assignees = append(c.assignees, demoRow{"tenant_id": c.tenant, "work_order_id": id, "user_id": person})
	}
	switch status {
	case models.WorkOrderScheduled:
		row["start_on"] = models.DateOf(c.now, time.UTC).AddDays(n % 5)
		assign()
	case models.WorkOrderInProgress:
		row["started_at"] = began
		assign()
		c.comments = append(c.comments, demoRow{
			"tenant_id": c.tenant, "id": c.id("comment %d", len(c.comments)), "subject_type": "work_order", "subject_id": id,
			"author_id": c.people["technician"], "text": "Cover is off, part is as we thought.", "created_at": began,
		})
	case models.WorkOrderOnHold:
		row["started_at"], row["hold_reason"] = began, "Waiting for the crane"
		assign()
	case models.WorkOrderCompleted:
		done := c.now.Add(-time.Duration(1+5*n) * time.Hour)
		row["started_at"], row["completed_at"], row["resolution"] = done.Add(-2*time.Hour), done, "Replaced and tested."
		assign()
	case models.WorkOrderClosed:
		began = c.now.Add(-time.Duration(7*24*n+48) * time.Hour)
		row["started_at"], row["completed_at"], row["closed_at"], row["resolution"] = began, began.Add(3*time.Hour), began.Add(24*time.Hour), "Replaced and tested."
	case models.WorkOrderCancelled:
		row["cancelled_at"], row["cancel_reason"] = began, "Done with another order"
	case models.WorkOrderWaitingApproval:
		row["approved_at"] = nil
	case models.WorkOrderApproved, models.WorkOrderWaitingMaterial:
	}
}

func (c *demoCompany) addRequests() {
	for n, title := range []string{"Strange smell at the pump house", "Guard rail is loose", "Light is out at line 2", "Dust at the transfer point"} {
		m := c.machines[n*7]
		c.requests = append(c.requests, c.record(c.id("request %d", n), demoRow{
			"number": fmt.Sprintf("WR-%06d", n+1), "title": title, "description": "", "asset_id": m.id, "location_id": m.location,
			"site_id": m.site.id, "status": "new", "requested_by": c.people["requester"],
		}))
	}
}
