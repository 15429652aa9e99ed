package main

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// addCrews gives each site technicians who work there only; one works shorter days, one on Saturdays too.
func (c *demoCompany) addCrews() {
	hours := func(text string) models.WorkingHours {
		var week models.WorkingHours
		for day := range strings.SplitSeq(text, " ") {
			week = append(week, decimal.RequireFromString(day))
		}
		return week
	}
	weeks := []models.WorkingHours{
		models.DefaultWorkingHours(), models.DefaultWorkingHours(), hours("6 6 6 6 6 0 0"), hours("8 8 8 8 8 4 0"), models.DefaultWorkingHours(),
	}
	for i, names := range []string{
		"Jonas Weber,Amir Haddad,Petra Kovács,Lukas Brandt,Sofia Engel", "Tiago Nunes,Inês Carvalho,Rui Matos,Marta Lopes",
		"Dana Whitehorse,Luis Ortega,Carol Benally,Ray Tso",
	} {
		site := c.sites[i]
		for n, name := range strings.Split(names, ",") {
			email := strings.ToLower(strings.NewReplacer(" ", ".", "á", "a", "ê", "e").Replace(name)) + "@example.com"
			id := c.addUser(email, email, name, []string{"technician"}, "42.50", weeks[n], []uuid.UUID{site.id})
			c.crews[site.code] = append(c.crews[site.code], id)
		}
	}
}

var demoTasks = []string{
	"Rollers, replace 3", "Gear oil, top up", "Mantle, re-torque", "Liner inspection", "Guard, refit", "Belt joint, check", "Scraper blades, set",
	"Brake pads, front", "Hose check", "Tyre pressure, all", "Skirt rubber, replace", "Filter bags, clean", "Thermal images", "Wipers and lights",
}

// demoDays are the hours of the orders of one person's day; some are more than a day holds.
var demoDays = [][]string{{"5", "3"}, {"6", "1.5"}, {"4", "2", "2"}, {"8"}, {"3", "3"}, {"6", "4.5"}, {"7"}, {"4", "3"}, {"2", "5", "1"}, {"6"}, {"5", "4"}}

// addWeeks plans the work of this week and the next for every crew: what lies behind is done, today's is under way.
func (c *demoCompany) addWeeks() {
	machines := map[string][]demoMachine{}
	for _, m := range c.machines {
		machines[m.site.code] = append(machines[m.site.code], m)
	}
	for s, site := range c.sites {
		today := models.DateOf(c.now, site.zone)
		monday := today.AddDays(-(int(today.Weekday()) + 6) % 7)
		crew := slices.Clone(c.crews[site.code])
		if site.code == "KAL" {
			crew = append(crew, c.people["technician"])
		}
		for n, person := range crew {
			for day := range 12 {
				if day%7 > 4 || day > 6 && (n+day)%3 == 0 { // nobody on weekends, and the next week is not full yet
					continue
				}
				list := machines[site.code]
				for i, hours := range demoDays[(n*7+day*3+s*5)%len(demoDays)] {
					c.addPlanned(list[(n*17+day*5+i*31)%len(list)], person, monday.AddDays(day), today, n+day+i, hours)
				}
			}
		}
	}
}

// addPlanned plans one order for a person and a day.
func (c *demoCompany) addPlanned(m demoMachine, person uuid.UUID, day, today models.Date, n int, hours string) {
	morning := day.In(m.site.zone).Add(7 * time.Hour).UTC()
	status := models.WorkOrderScheduled
	switch {
	case day.Before(today):
		status = models.WorkOrderClosed
	case day == today && n%2 == 0 && morning.Before(c.now):
		status = models.WorkOrderInProgress
	}
	due := day.AddDays(n % 4)
	created := c.now.AddDate(0, 0, -9).Add(time.Duration(n) * time.Minute)
	row := c.addOrder(demoOrder{
		machine: m, title: demoTasks[(n*5+len(c.orders))%len(demoTasks)], kind: models.WorkPreventive, status: status, created: created, due: &due,
		hours: hours,
	})
	row["start_on"] = day
	c.assignees = append(c.assignees, demoRow{"tenant_id": c.tenant, "work_order_id": row["id"], "user_id": person})
	if status != models.WorkOrderScheduled {
		row["started_at"] = morning
	}
	if status == models.WorkOrderClosed {
		done := morning.Add(time.Duration(decimal.RequireFromString(hours).Mul(decimal.NewFromInt(60)).IntPart()) * time.Minute)
		row["completed_at"], row["closed_at"], row["resolution"] = done, done.Add(time.Hour), "Done as planned."
		worked := decimal.RequireFromString(hours)
		rate := decimal.RequireFromString("42.50")
		c.labor = append(c.labor, demoRow{
			"tenant_id": c.tenant, "id": c.id("labor %d", len(c.labor)), "work_order_id": row["id"], "asset_id": m.id, "user_id": person,
			"worked_on": day, "hours": worked, "rate": rate, "amount": models.LaborCost(worked, rate, "EUR"), "currency": "EUR",
			"kind": "regular", "actor_id": person, "created_at": done,
		})
	}
}
