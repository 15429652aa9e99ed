package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

type demoRow = map[string]any

// demoCompany is a quarry company made from a fixed seed, so that two loads on one day are alike. All dates hang on now.
type demoCompany struct {
	tenant uuid.UUID
	now    time.Time
	rand   *rand.Rand
	crews  map[string][]uuid.UUID // site -> technicians

	passwordHash string // of all of them

	people     map[string]uuid.UUID // role -> user
	sites      []demoSite
	categories map[string]uuid.UUID
	machines   []demoMachine

	tenants, users, locations, paths, costCenters, categoryRows, assets, meters, readings []demoRow
	jobPlans, failureCodes, schedules, planners, orders, assignees, labor, costs          []demoRow
	downtimes, comments, requests, counters                                               []demoRow
	policies, cases, steps, notifications                                                 []demoRow
	buys                                                                                  demoPurchasing
	routes                                                                                map[models.ApprovalSubjectType]models.ApprovalRoute // of the company's policies
	wake                                                                                  []models.Delivery
}

type demoSite struct {
	id    uuid.UUID
	code  string
	zone  *time.Location
	areas []uuid.UUID
}

type demoMachine struct {
	id       uuid.UUID
	site     demoSite
	location uuid.UUID
	kind     string
	name     string
}

func newDemoCompany(tenant uuid.UUID, now time.Time, adminEmail, passwordHash string) *demoCompany {
	c := &demoCompany{
		tenant: tenant, now: now.Truncate(time.Microsecond), rand: rand.New(rand.NewPCG(14224, 55000)), //nolint:gosec // the same company each time
		people: map[string]uuid.UUID{}, crews: map[string][]uuid.UUID{}, categories: map[string]uuid.UUID{},
	}
	c.tenants = []demoRow{{"id": tenant, "code": "main", "name": "Hartstein Quarries", "currency": "EUR", "time_zone": "Europe/Berlin"}}
	c.addPeople(adminEmail, passwordHash)
	c.addSites()
	c.addCrews()
	c.addCatalog()
	c.addMachines()
	c.addSchedules()
	c.addHistory()
	c.addOpenOrders()
	c.addWeeks()
	c.addRequests()
	c.addApprovals()
	c.addPurchasing()
	c.counters = []demoRow{
		{"tenant_id": tenant, "name": "WO", "value": len(c.orders)},
		{"tenant_id": tenant, "name": "MS", "value": len(c.schedules)},
		{"tenant_id": tenant, "name": "WR", "value": len(c.requests)},
		{"tenant_id": tenant, "name": "PO", "value": len(c.buys.orders)},
		{"tenant_id": tenant, "name": "GR", "value": len(c.buys.receipts)},
		{"tenant_id": tenant, "name": "TR", "value": len(c.buys.transfers)},
	}
	return c
}

// tables lists the rows in the order in which they may refer to each other.
func (c *demoCompany) tables() []store.DemoTable {
	return append([]store.DemoTable{
		{Table: "tenants", Rows: c.tenants},
		{Table: "users", Rows: c.users},
		{Table: "locations", Rows: c.locations},
		{Table: "location_paths", Rows: c.paths},
		{Table: "cost_centers", Rows: c.costCenters},
		{Table: "asset_categories", Rows: c.categoryRows},
		{Table: "assets", Rows: c.assets},
		{Table: "meters", Rows: c.meters},
		{Table: "meter_readings", Rows: c.readings},
		{Table: "job_plans", Rows: c.jobPlans},
		{Table: "failure_codes", Rows: c.failureCodes},
		{Table: "maintenance_schedules", Rows: c.schedules},
		{Table: "maintenance_planners", Rows: c.planners},
		{Table: "approval_policies", Rows: c.policies},
		{Table: "approval_cases", Rows: c.cases},
		{Table: "approval_steps", Rows: c.steps},
		{Table: "notifications", Rows: c.notifications},
		{Table: "work_orders", Rows: c.orders},
		{Table: "work_order_assignees", Rows: c.assignees},
		{Table: "labor_entries", Rows: c.labor},
		{Table: "work_order_costs", Rows: c.costs},
		{Table: "downtimes", Rows: c.downtimes},
		{Table: "comments", Rows: c.comments},
		{Table: "work_requests", Rows: c.requests},
		{Table: "counters", Rows: c.counters},
	}, c.buys.tables()...)
}

// id derives every row's id from the company and the row's name.
func (c *demoCompany) id(name string, args ...any) uuid.UUID {
	return models.DeriveID(c.tenant, fmt.Sprintf(name, args...))
}

func (c *demoCompany) pick(list ...string) string { return list[c.rand.IntN(len(list))] }

// record gives the columns that every noun has.
func (c *demoCompany) record(id uuid.UUID, columns demoRow) demoRow {
	columns["tenant_id"], columns["id"] = c.tenant, id
	columns["created_at"], columns["updated_at"], columns["version"] = c.now, c.now, 1
	return columns
}

func (c *demoCompany) addPeople(adminEmail, hash string) {
	c.passwordHash = hash
	add := func(role, email, name string, roles []string, rate string) {
		c.people[role] = c.addUser(role, email, name, roles, rate, models.DefaultWorkingHours(), []uuid.UUID{})
	}
	add("admin", adminEmail, "Alex Admin", []string{"admin", "platform_operator"}, "60")
	for _, p := range []struct{ role, name, rate string }{
		{"asset_manager", "Agnes Asset", "58"},
		{"planner", "Paul Planner", "55"},
		{"technician", "Tara Technician", "42.50"},
		{"requester", "Rosa Requester", "38"},
		{"storekeeper", "Stan Storekeeper", "36"},
		{"buyer", "Bea Buyer", "45"},
		{"approver", "Amir Approver", "70"},
		{"auditor", "Aude Auditor", "65"},
		{"platform_operator", "Otto Operator", "60"},
	} {
		add(p.role, p.role+"@example.com", p.name, []string{p.role}, p.rate)
	}
}

func (c *demoCompany) addUser(
	key, email, name string, roles []string, rate string, hours models.WorkingHours, locations []uuid.UUID,
) uuid.UUID {
	id := c.id("user %s", key)
	c.users = append(c.users, c.record(id, demoRow{
		"email": email, "name": name, "password_hash": c.passwordHash, "roles": roles, "labor_rate": rate, "locale": "en",
		"time_zone": "Europe/Berlin", "password_changed_at": c.now, "location_ids": locations, "working_hours": hours,
	}))
	return id
}

func (c *demoCompany) addSites() {
	for _, s := range []struct{ code, name, zone string }{
		{"KAL", "Kalkberg limestone quarry", "Europe/Berlin"},
		{"GRA", "Serra granite quarry", "Europe/Lisbon"},
		{"BAS", "Black Mesa basalt quarry", "America/Denver"},
	} {
		zone, err := models.Zone(s.zone)
		if err != nil {
			panic(err) // the zone database is part of the binary
		}
		site := demoSite{id: c.id("location %s", s.code), code: s.code, zone: zone}
		c.addLocation(site.id, s.code, s.name, "site", site, nil)
		for _, area := range []struct{ code, name string }{
			{"CRU", "Crushing"}, {"SCR", "Screening"}, {"HAU", "Haulage"}, {"DRI", "Drilling"}, {"WKS", "Workshop"},
		} {
			id := c.id("location %s-%s", s.code, area.code)
			c.addLocation(id, s.code+"-"+area.code, area.name, "area", site, []uuid.UUID{site.id})
			for line := 1; line <= 2; line++ {
				leaf := c.id("location %s-%s-%d", s.code, area.code, line)
				c.addLocation(leaf, fmt.Sprintf("%s-%s-%d", s.code, area.code, line), fmt.Sprintf("%s line %d", area.name, line), "line", site,
					[]uuid.UUID{id, site.id})
				site.areas = append(site.areas, leaf)
			}
		}
		c.sites = append(c.sites, site)
		c.planners = append(c.planners, demoRow{"tenant_id": c.tenant, "site_id": site.id, "next_action_at": c.now})
		c.wake = append(c.wake, models.Delivery{
			Kind: models.DeliverRefresh, Process: models.ProcessMaintenancePlanner, SubjectID: site.id, Queue: models.QueueCore,
		})
	}
}

// addLocation adds a location below its ancestors, nearest first.
func (c *demoCompany) addLocation(id uuid.UUID, code, name, kind string, site demoSite, ancestors []uuid.UUID) {
	var parent any
	if len(ancestors) > 0 {
		parent = ancestors[0]
	}
	c.locations = append(c.locations, c.record(id, demoRow{
		"code": code, "name": name, "kind": kind, "parent_id": parent, "site_id": site.id, "time_zone": site.zone.String(),
	}))
	for depth, ancestor := range append([]uuid.UUID{id}, ancestors...) {
		c.paths = append(c.paths, demoRow{"tenant_id": c.tenant, "ancestor_id": ancestor, "descendant_id": id, "depth": depth})
	}
}

func (c *demoCompany) addCatalog() {
	for code, name := range map[string]string{
		"CRU": "Crushers", "CON": "Conveyors", "SCR": "Screens", "EXC": "Excavators", "TRK": "Haul trucks", "DRL": "Drill rigs",
		"MOT": "Motors", "GBX": "Gearboxes", "PMP": "Pumps",
	} {
		c.categories[code] = c.id("category %s", code)
		c.categoryRows = append(c.categoryRows, c.record(c.categories[code], demoRow{"code": code, "name": name}))
	}
	for i, name := range []string{"Production", "Maintenance", "Haulage"} {
		c.costCenters = append(c.costCenters, c.record(c.id("cost center %d", i), demoRow{"code": fmt.Sprintf("CC-%d00", i+1), "name": name}))
	}
	for code, name := range map[string]string{
		"LUB": "Lubrication round", "INS": "Visual inspection", "BLT": "Belt check and tension", "FLT": "Change filters",
		"OIL": "Oil change", "EL": "Electrical inspection",
	} {
		c.jobPlans = append(c.jobPlans, c.record(c.id("job plan %s", code), demoRow{
			"code": code, "name": name, "description": "", "planned_hours": "2",
			"steps": []map[string]string{{"text": "Lock out and tag out"}, {"text": name}, {"text": "Test run"}},
		}))
	}
	for kind, codes := range map[string][]string{
		"mode":      {"LEAK External leakage", "STOP Fails to stop", "START Fails to start", "NOISE Abnormal noise", "PLUG Plugged"},
		"mechanism": {"WEAR Wear", "LOOSE Looseness", "HEAT Overheating", "FATIGUE Fatigue"}, "cause": {"AGE Age", "OPER Operation", "INST Installation"},
		"remedy": {"REPL Replaced", "REP Repaired", "ADJ Adjusted"},
	} {
		for _, text := range codes {
			var code, name string
			_, _ = fmt.Sscan(text, &code)
			name = text[len(code)+1:]
			c.failureCodes = append(c.failureCodes, c.record(c.id("failure %s %s", kind, code), demoRow{"kind": kind, "code": code, "name": name}))
		}
	}
}

// addMachines gives each site 100 machines with three components each: 1,200 assets.
func (c *demoCompany) addMachines() {
	kinds := []struct{ code, name, parts string }{
		{"CRU", "Jaw crusher", "MOT"},
		{"CON", "Conveyor", "GBX"},
		{"SCR", "Vibrating screen", "MOT"},
		{"EXC", "Excavator", "PMP"},
		{"TRK", "Haul truck", "PMP"},
		{"DRL", "Drill rig", "MOT"},
	}
	for _, site := range c.sites {
		for n := 1; n <= 100; n++ {
			kind := kinds[n%len(kinds)]
			m := demoMachine{
				id: c.id("asset %s %d", site.code, n), site: site, location: site.areas[n%len(site.areas)], kind: kind.code,
				name: fmt.Sprintf("%s %d", kind.name, n),
			}
			code := fmt.Sprintf("%s-%s-%03d", site.code, kind.code, n)
			c.addAsset(m.id, code, m.name, kind.code, m, nil)
			for _, part := range []string{"Main motor", "Gearbox", "Hydraulic pump"} {
				c.addAsset(c.id("asset %s %d %s", site.code, n, part), fmt.Sprintf("%s-%s", code, part[:1]), part+" of "+m.name, kind.parts, m, m.id)
			}
			c.addMeters(m, n)
			c.machines = append(c.machines, m)
		}
	}
}

func (c *demoCompany) addAsset(id uuid.UUID, code, name, category string, m demoMachine, parent any) {
	state := "up"
	if parent == nil && c.rand.IntN(40) == 0 {
		state = "down"
	}
	if state == "down" {
		n := len(c.downtimes)
		c.addDowntime(nil, id, demoFaults[n%len(demoFaults)], c.now.Add(-time.Duration(192+n*n*71)*time.Minute), nil)
	}
	bought := c.now.AddDate(-c.rand.IntN(12)-1, 0, -c.rand.IntN(300))
	serial, criticality := fmt.Sprintf("SN-%s-%05d", code, c.rand.IntN(100000)), c.pick("A", "B", "B", "C", "C")
	price := decimal.NewFromInt(int64(5000 + c.rand.IntN(400000)))
	var anew any // what a new one costs: known of whole machines
	if parent == nil {
		years := int64(c.now.Year() - bought.Year())
		anew = price.Mul(decimal.New(100+3*years, -2)).Round(-2)
	}
	c.assets = append(c.assets, c.record(id, demoRow{
		"code": code, "name": name, "category_id": c.categories[category], "location_id": m.location, "site_id": m.site.id,
		"parent_id": parent, "serial_number": serial, "barcode": "MS" + code,
		"criticality": criticality, "lifecycle_state": "in_service", "operating_state": state, "custody": "available",
		"purchase_price": price, "replacement_price": anew, "purchase_currency": "EUR",
		"purchased_on": bought.Format(time.DateOnly), "fields": demoRow{}, "manufacturer": c.pick("Steinbach", "Norder", "Alvar"),
		"model": fmt.Sprintf("%s-%d00", category, 1+c.rand.IntN(9)),
	}))
}
