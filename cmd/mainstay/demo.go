package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/auth"
	"mainstay/models"
	"mainstay/models/store"
)

type demoCommand struct {
	Crash   demoCrashCommand   `cmd:"" help:"Kill everything while 2,000 work orders are generated, and count."`
	Drill   demoDrillCommand   `cmd:"" help:"Back up under load, lose a WAL segment, then the whole database, recover, and count."`
	Load    demoLoadCommand    `cmd:"" help:"Load the demo company."`
	Scanner demoScannerCommand `cmd:"" help:"Let a link scanner loose on an approval mail, then a person, and count."`
}

// showCell is one line of what came of a show.
type showCell struct {
	Name string `json:"name"`
	Is   string `json:"is"`
	Want string `json:"want"` // empty: it is told, not judged
	OK   bool   `json:"ok"`
}

// showTable is what came of a show.
type showTable []showCell

// note adds a line that has to be as wanted.
func (t *showTable) note(name string, is, want any) {
	t.judge(name, fmt.Sprint(is), fmt.Sprint(want), fmt.Sprint(is) == fmt.Sprint(want))
}

// judge adds a line whose verdict the caller knows; want says in words what it takes.
func (t *showTable) judge(name, is, want string, ok bool) {
	*t = append(*t, showCell{Name: name, Is: is, Want: want, OK: ok})
}

// tell adds a line that nothing is wanted of.
func (t *showTable) tell(name, is string) { t.judge(name, is, "", true) }

// print prints the table; a line that is otherwise than wanted makes failure the error.
func (t *showTable) print(output, failure string) error {
	if output == "json" {
		if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"checks": t}); err != nil {
			return err
		}
	} else {
		table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, cell := range *t {
			mark := "ok"
			switch {
			case !cell.OK:
				mark = "WRONG, wanted " + cell.Want
			case cell.Want == "":
				mark = ""
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", cell.Name, cell.Is, mark)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(*t, func(cell showCell) bool { return !cell.OK }) {
		return &exitError{exitFound, errors.New(failure)}
	}
	return nil
}

// showPlant is a company of a show's own, with one site and one asset.
type showPlant struct {
	tenant, site, asset uuid.UUID
	mark                string // sets it apart from those of other runs
	now                 time.Time
	tables              []store.DemoTable
}

func newShowPlant(show, name, zone string) *showPlant {
	p := &showPlant{tenant: models.NewID(), site: models.NewID(), asset: models.NewID(), now: time.Now().UTC()}
	p.mark = p.tenant.String()[24:]
	category := models.NewID()
	p.tables = []store.DemoTable{
		{Table: "tenants", Rows: []demoRow{{"id": p.tenant, "code": show + "-" + p.mark, "name": name, "currency": "EUR", "time_zone": zone}}},
		{Table: "locations", Rows: []demoRow{p.record(p.site, demoRow{"code": "SITE", "name": "Rabenau quarry", "kind": "site", "site_id": p.site, "time_zone": zone})}},
		{Table: "location_paths", Rows: []demoRow{{"tenant_id": p.tenant, "ancestor_id": p.site, "descendant_id": p.site, "depth": 0}}},
		{Table: "asset_categories", Rows: []demoRow{p.record(category, demoRow{"code": "CRU", "name": "Crushers"})}},
		{Table: "assets", Rows: []demoRow{p.record(p.asset, demoRow{
			"code": "CR-301", "name": "Cone crusher", "category_id": category, "location_id": p.site, "site_id": p.site,
			"lifecycle_state": "in_service", "operating_state": "up", "custody": "available",
		})}},
	}
	return p
}

// record adds what every record's row has.
func (p *showPlant) record(id uuid.UUID, row demoRow) demoRow {
	row["tenant_id"], row["id"], row["created_at"], row["updated_at"] = p.tenant, id, p.now, p.now
	return row
}

// person is a row of users with these roles.
func (p *showPlant) person(id uuid.UUID, name string, roles ...models.Role) demoRow {
	return p.record(id, demoRow{
		"email": string(roles[0]) + "@" + p.mark + ".example", "name": name, "password_hash": "", "roles": roles, "locale": "en",
		"time_zone": "Europe/Berlin", "password_changed_at": p.now, "location_ids": []string{}, "version": 1,
	})
}

// token signs a person in.
func (p *showPlant) token(keys *auth.Keys, user uuid.UUID, roles ...models.Role) (string, error) {
	token, _, err := keys.Sign(auth.Claims{UserID: user, TenantID: p.tenant, SessionID: models.NewID(), Roles: roles}, time.Now())
	return token, err
}
