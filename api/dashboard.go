package api

import (
	"context"
	"net/http"

	"mainstay/models"
)

// Dashboard counts what the reader may read; a part that he may not read is absent.
type Dashboard struct {
	WorkOrders   *DashboardWorkOrders   `json:"work_orders,omitempty"`
	WorkRequests *DashboardWorkRequests `json:"work_requests,omitempty"`
	Assets       *DashboardAssets       `json:"assets,omitempty"`
	Schedules    *DashboardSchedules    `json:"maintenance_schedules,omitempty"`
	Stock        *DashboardStock        `json:"stock,omitempty"`
	Costs        *DashboardCosts        `json:"costs_last_30_days,omitempty"`
	Figures      *DashboardFigures      `json:"figures,omitempty"`
	Finished     []DashboardFinished    `json:"finished,omitempty" doc:"orders completed, of the weeks of figures"`
	CostByAsset  []DashboardAssetCost   `json:"cost_by_asset,omitempty" doc:"what was booked in the 12 months until the day of figures, the eight highest"`
	Down         []DashboardDown        `json:"down,omitempty" doc:"assets that stand still, the longest first, at most eight"`
	ComingUp     []DashboardComing      `json:"coming_up,omitempty" doc:"maintenance that becomes due today or in the six days after it, at most eight"`
	NeedsYou     *DashboardNeeds        `json:"needs_you,omitempty"`
}

// DashboardWorkOrders counts open work orders.
type DashboardWorkOrders struct {
	ByStatus    map[string]int `json:"by_status" doc:"open ones, and those completed but not closed"`
	Overdue     int            `json:"overdue"`
	DueThisWeek int            `json:"due_this_week" doc:"today or in the six days after it"`
	Mine        int            `json:"mine" doc:"assigned to the reader"`
}

// DashboardWorkRequests counts requests that nobody has decided.
type DashboardWorkRequests struct {
	New  int `json:"new"`
	Mine int `json:"mine" doc:"reported by the reader"`
}

// DashboardAssets counts assets that stand still.
type DashboardAssets struct {
	Down  int `json:"down"`
	Total int `json:"total,omitempty" doc:"in use; only who may read work orders is told"`
}

// DashboardSchedules counts active schedules.
type DashboardSchedules struct {
	DueSoon int `json:"due_soon" doc:"within the coming week, or late"`
}

// DashboardStock counts parts at all sites.
type DashboardStock struct {
	Low     int `json:"low" doc:"in use, of which no more than the reorder point is available"`
	Watched int `json:"watched" doc:"in use, with a reorder point"`
}

// DashboardCosts sums what was booked in the last 30 days.
type DashboardCosts struct {
	Labor    Money `json:"labor"`
	Parts    Money `json:"parts"`
	Services Money `json:"services"`
	Other    Money `json:"other"`
	Total    Money `json:"total"`
}

func (s *Server) dashboardRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/dashboard", id: "get-dashboard", tag: "Dashboard",
		summary: "Read what waits, the figures of the last 12 weeks and what needs the reader", permission: models.PermissionDashboardRead,
	}, s.getDashboard)
}

type dashboardOutput struct{ Body Dashboard }

type dashboardInput struct {
	LocationID string `query:"location_id" doc:"this location and what is below it only"`
	Until      string `query:"until" format:"date" doc:"figures, finished and cost_by_asset as they were at the end of this day; all else is as it is now"`
}

func (s *Server) getDashboard(ctx context.Context, in *dashboardInput) (*dashboardOutput, error) {
	location, err := queryID("location_id", in.LocationID)
	if err != nil {
		return nil, err
	}
	var faults models.Faults
	until := queryDate(&faults, "until", in.Until)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	d, err := s.store.Dashboard(ctx, location, until)
	if location != nil && models.ErrorCode(err) == models.CodeNotFound {
		err = models.InvalidField("location_id", "not_found", "There is no such location.")
	}
	if err != nil {
		return nil, err
	}
	actor, _ := models.ActorFrom(ctx)
	return &dashboardOutput{Body: dashboardBody(d, actor)}, nil
}

func dashboardBody(d models.Dashboard, actor models.Actor) Dashboard {
	var out Dashboard
	if actor.Can(models.PermissionWorkOrdersRead) {
		by := map[string]int{}
		for status, n := range d.OpenByStatus {
			by[string(status)] = n
		}
		out.WorkOrders = &DashboardWorkOrders{ByStatus: by, Overdue: d.Overdue, DueThisWeek: d.DueThisWeek, Mine: d.Mine}
	}
	if actor.Can(models.PermissionWorkRequestsRead) {
		out.WorkRequests = &DashboardWorkRequests{New: d.NewRequests, Mine: d.MyOpenRequests}
	}
	if actor.Can(models.PermissionAssetsRead) {
		out.Assets = &DashboardAssets{Down: d.AssetsDown, Total: d.Now.Assets}
	}
	if actor.Can(models.PermissionMaintenanceSchedulesRead) {
		out.Schedules = &DashboardSchedules{DueSoon: d.SchedulesSoon}
	}
	if actor.Can(models.PermissionItemsRead) {
		out.Stock = &DashboardStock{Low: d.Stock.Low, Watched: d.Stock.Watched}
	}
	if actor.Can(models.PermissionCostsRead) {
		out.Costs = &DashboardCosts{
			Labor: moneyOf(d.Labor, d.Currency), Parts: moneyOf(d.Parts, d.Currency), Services: moneyOf(d.Services, d.Currency),
			Other: moneyOf(d.Other, d.Currency), Total: moneyOf(d.Labor.Add(d.Parts).Add(d.Services).Add(d.Other), d.Currency),
		}
	}
	dashboardLists(&out, d, actor)
	return out
}
