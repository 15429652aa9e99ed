package api

import (
	"context"
	"net/http"

	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// CrewLoad is how much work is planned for people on days, against the hours that they work.
type CrewLoad struct {
	From  models.Date  `json:"from" format:"date"`
	To    models.Date  `json:"to" format:"date"`
	Days  []CrewDay    `json:"days" doc:"of all people together"`
	Items []CrewMember `json:"items" doc:"who has work planned at the locations, and the technicians who may be sent there, by name"`
	More  bool         `json:"more,omitempty" doc:"there are more than the 1,000 people listed; the days count those only"`
}

// CrewDay is one day of all people.
type CrewDay struct {
	Date models.Date `json:"date" format:"date"`
	CrewHours
	UnassignedHours  decimal.Decimal `json:"unassigned_hours" doc:"planned for the day and assigned to nobody; not among planned_hours"`
	UnassignedOrders int             `json:"unassigned_orders"`
}

// CrewHours are hours planned and worked. The hours of an order are shared alike by its assignees.
type CrewHours struct {
	PlannedHours   decimal.Decimal `json:"planned_hours" doc:"wherever the work is"`
	ElsewhereHours decimal.Decimal `json:"elsewhere_hours" doc:"of the planned ones, outside the locations that were asked for or that the reader sees"`
	DoneHours      decimal.Decimal `json:"done_hours" doc:"of the planned ones, those of completed orders"`
	CapacityHours  decimal.Decimal `json:"capacity_hours" doc:"by the people's working_hours"`
	Orders         int             `json:"orders"`
	WithoutHours   int             `json:"without_hours" doc:"of the orders, those without planned hours: they weigh nothing here"`
}

// CrewMember is one person's load.
type CrewMember struct {
	Person store.Person `json:"person"`
	CrewHours
	Days []CrewMemberDay `json:"days"`
}

// CrewMemberDay is one day of one person.
type CrewMemberDay struct {
	Date models.Date `json:"date" format:"date"`
	CrewHours
}

type crewLoadInput struct {
	From       string   `query:"from" required:"true" format:"date"`
	To         string   `query:"to" required:"true" format:"date" doc:"included; at most 92 days"`
	LocationID []string `query:"location_id,explode" doc:"with what lies below"`
}

func (s *Server) crewLoadRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/crew-load", id: "get-crew-load", tag: "Work orders", permission: models.PermissionCrewLoadRead,
		summary: "Read planned hours against working hours by person and day",
	}, s.getCrewLoad)
}

func (s *Server) getCrewLoad(ctx context.Context, in *crewLoadInput) (*struct{ Body CrewLoad }, error) {
	var faults models.Faults
	from, to := queryDate(&faults, "from", in.From), queryDate(&faults, "to", in.To)
	locations := queryIDs(&faults, "location_id", in.LocationID)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	if err := models.CheckCrewDays(*from, *to); err != nil {
		return nil, err
	}
	load, err := s.store.CrewLoad(ctx, *from, *to, locations)
	if err != nil {
		return nil, err
	}
	return &struct{ Body CrewLoad }{crewLoadBody(load)}, nil
}

func crewLoadBody(load models.CrewLoad) CrewLoad {
	out := CrewLoad{From: load.From, To: load.To, Days: make([]CrewDay, len(load.Days)), Items: make([]CrewMember, len(load.Members)), More: load.More}
	for d, h := range load.Days {
		nobody := load.Unassigned[d]
		out.Days[d] = CrewDay{
			Date: load.From.AddDays(d), CrewHours: crewHours(h), UnassignedHours: nobody.Planned, UnassignedOrders: nobody.Orders,
		}
	}
	for i, m := range load.Members {
		out.Items[i] = CrewMember{
			Person: store.Person{ID: m.ID, Name: m.Name}, CrewHours: crewHours(m.Total), Days: make([]CrewMemberDay, len(m.Days)),
		}
		for d, h := range m.Days {
			out.Items[i].Days[d] = CrewMemberDay{Date: load.From.AddDays(d), CrewHours: crewHours(h)}
		}
	}
	return out
}

func crewHours(h models.CrewHours) CrewHours {
	return CrewHours{
		PlannedHours: h.Planned, ElsewhereHours: h.Elsewhere, DoneHours: h.Done, CapacityHours: h.Capacity, Orders: h.Orders,
		WithoutHours: h.WithoutHours,
	}
}
