package api

import (
	"time"

	"github.com/shopspring/decimal"

	"mainstay/models"
)

// DashboardFigures are figures with the fractions they come from, of the end of the day that was asked for, or of now before it has
// come. Each weeks list has 12 weeks, Monday to Sunday in the tenant's zone, that day's last; what a week counts is what was so at its
// end, or is so now.
type DashboardFigures struct {
	On            models.Date      `json:"on" format:"date" doc:"the last day that counts: the one that was asked for, today at most"`
	Weeks         []models.Date    `json:"weeks" doc:"the Monday of each week"`
	Open          FigureOpen       `json:"open"`
	Overdue       FigureOverdue    `json:"overdue"`
	PlannedOnTime FigureOnTime     `json:"planned_on_time"`
	RepairTime    FigureRepairTime `json:"repair_time"`
	Failures      *FigureFailures  `json:"failures,omitempty" doc:"for who may read assets"`
	Waiting       FigureWaiting    `json:"waiting"`
	Cost          *FigureCost      `json:"cost,omitempty" doc:"for who may read costs"`
}

// FigureDays are the days that a figure counts, both included.
type FigureDays struct {
	From models.Date `json:"from" format:"date"`
	To   models.Date `json:"to" format:"date"`
}

// FigureOpen counts orders that are neither finished nor cancelled.
type FigureOpen struct {
	Value    int   `json:"value"`
	New      int   `json:"new" doc:"created this week"`
	Finished int   `json:"finished" doc:"completed this week"`
	Weeks    []int `json:"weeks"`
}

// FigureOverdue counts open orders past their due day.
type FigureOverdue struct {
	Value    int   `json:"value"`
	Critical int   `json:"critical" doc:"on assets of criticality A"`
	Weeks    []int `json:"weeks"`
}

// FigureOnTime is how much preventive work was completed by its due day (SMRP 5.4.14, without grace).
type FigureOnTime struct {
	FigureDays
	Met   int              `json:"met"`
	Due   int              `json:"due" doc:"between from and to, the last 30 days that are over"`
	Weeks []FigureFraction `json:"weeks"`
}

// FigureFraction is met of due.
type FigureFraction struct {
	Met int `json:"met"`
	Due int `json:"due"`
}

// FigureRepairTime is the time from start to completion of corrective orders (SMRP 3.5.2); the mean is hours / repairs.
type FigureRepairTime struct {
	FigureDays
	Hours   decimal.Decimal `json:"hours"`
	Repairs int             `json:"repairs" doc:"completed between from and to, the last 90 days"`
	Weeks   []FigureHours   `json:"weeks"`
}

// FigureFailures is how long assets in service worked and how often one failed (EN 15341, SMRP 3.5.1); the mean time between failures
// is hours / failures. A failure is a stop that began and was not planned. Hours are those of the calendar without the hours of any
// stop, planned or not, counted from the day an asset was installed, or from the first record of a stop or an asset where that day is not
// known or lies before.
type FigureFailures struct {
	FigureDays
	Hours    decimal.Decimal `json:"hours"`
	Failures int             `json:"failures" doc:"that began between from and to, the last 90 days"`
	Weeks    []FigureWorked  `json:"weeks"`
}

// FigureWorked are hours of work and the failures in them.
type FigureWorked struct {
	Hours    decimal.Decimal `json:"hours"`
	Failures int             `json:"failures"`
}

// FigureHours are hours of so many repairs.
type FigureHours struct {
	Hours   decimal.Decimal `json:"hours"`
	Repairs int             `json:"repairs"`
}

// FigureWaiting is the work that nobody has begun.
type FigureWaiting struct {
	Hours        decimal.Decimal   `json:"hours" doc:"planned"`
	Orders       int               `json:"orders"`
	WithoutHours int               `json:"without_hours" doc:"of the orders, those without planned hours"`
	Technicians  int               `json:"technicians" doc:"enabled users who do the work"`
	Weeks        []decimal.Decimal `json:"weeks"`
}

// FigureCost is what was booked.
type FigureCost struct {
	FigureDays
	Month   Money   `json:"month" doc:"booked between from and to: in the month, until the day that was asked for"`
	Planned Money   `json:"planned" doc:"estimated cost of the orders due in the whole month"`
	Weeks   []Money `json:"weeks"`
}

// DashboardFinished counts the orders completed in one week by type.
type DashboardFinished struct {
	Monday      models.Date `json:"monday" format:"date"`
	Preventive  int         `json:"preventive"`
	Inspection  int         `json:"inspection"`
	Corrective  int         `json:"corrective"`
	Improvement int         `json:"improvement"`
}

// DashboardAssetCost is what one asset has cost, beside the price of a new one where it is known.
type DashboardAssetCost struct {
	Asset            Ref    `json:"asset"`
	Total            Money  `json:"total"`
	ReplacementPrice *Money `json:"replacement_price,omitempty"`
	SharePct         *int   `json:"share_pct,omitempty" doc:"total in percent of replacement_price"`
}

// DashboardDown is an asset that stands still, with the order that brings it back.
type DashboardDown struct {
	Asset       Ref        `json:"asset"`
	Criticality string     `json:"criticality,omitempty"`
	Since       *time.Time `json:"since,omitempty" doc:"absent where no downtime was recorded"`
	Reason      string     `json:"reason,omitempty"`
	WorkOrder   *Ref       `json:"work_order,omitempty"`
	Status      string     `json:"status,omitempty" doc:"of the work order"`
}

// DashboardComing is maintenance that becomes due.
type DashboardComing struct {
	Schedule     Ref              `json:"maintenance_schedule"`
	Asset        *Ref             `json:"asset,omitempty"`
	DueOn        models.Date      `json:"due_on" format:"date"`
	PlannedHours *decimal.Decimal `json:"planned_hours,omitempty"`
}

// DashboardNeeds are what waits for a command of the reader: the two most urgent of each code, then the others, the most urgent first.
type DashboardNeeds struct {
	Items []DashboardNeed `json:"items" doc:"at most ten"`
	Total int             `json:"total"`
}

// DashboardNeed is one thing that waits for the reader.
type DashboardNeed struct {
	Code      string       `json:"code" enum:"overdue_unassigned,overdue_mine,approval,request,occurrence_missed,due_mine,schedule_paused,closing"`
	WorkOrder *Ref         `json:"work_order,omitempty"`
	Request   *Ref         `json:"work_request,omitempty"`
	Schedule  *Ref         `json:"maintenance_schedule,omitempty"`
	Version   int          `json:"version" doc:"of the subject, for If-Match"`
	Asset     *Ref         `json:"asset,omitempty"`
	Priority  string       `json:"priority,omitempty"`
	On        *models.Date `json:"on,omitempty" format:"date" doc:"due day, or the last day of a pause"`
	At        *time.Time   `json:"at,omitempty" doc:"since when it waits, or when it becomes late"`
	Reason    string       `json:"reason,omitempty"`
	Person    string       `json:"person,omitempty" doc:"who asked for it"`
}

// dashboardLists adds what is more than a count, for who may read it.
func dashboardLists(out *Dashboard, d models.Dashboard, reader models.Actor) {
	if reader.Can(models.PermissionWorkOrdersRead) {
		out.Figures = dashboardFigures(d)
		if reader.Can(models.PermissionCostsRead) {
			out.Figures.Cost = figureCost(d)
		}
		if reader.Can(models.PermissionAssetsRead) {
			out.Figures.Failures = figureFailures(d)
		}
		out.Finished = eachOf(d.Weeks, func(w models.DashboardWeek) DashboardFinished {
			return DashboardFinished{
				Monday: w.Monday, Preventive: w.Preventive, Inspection: w.Inspection, Corrective: w.Corrective, Improvement: w.Improvement,
			}
		})
	}
	out.CostByAsset = eachOf(d.CostByAsset, func(c models.AssetCost) DashboardAssetCost { return assetCost(c, d.Currency) })
	out.Down = eachOf(d.Down, func(a models.DownAsset) DashboardDown { return downAsset(a, reader) })
	out.ComingUp = eachOf(d.ComingUp, func(m models.ComingSchedule) DashboardComing {
		return DashboardComing{
			Schedule: Ref{ID: m.ID, Number: m.Number, Name: m.Title}, Asset: refOf(m.AssetID, m.AssetCode, m.AssetName), DueOn: m.DueOn,
			PlannedHours: m.PlannedHours,
		}
	})
	out.NeedsYou = &DashboardNeeds{Items: list(eachOf(d.NeedsYou, dashboardNeed))}
	if len(d.NeedsYou) > 0 {
		out.NeedsYou.Total = d.NeedsYou[0].Total
	}
}

func eachOf[R, T any](rows []R, view func(R) T) []T {
	var out []T
	for _, row := range rows {
		out = append(out, view(row))
	}
	return out
}

func dashboardFigures(d models.Dashboard) *DashboardFigures {
	now, f := d.Now, &DashboardFigures{}
	f.On = now.Last
	f.Open.Value, f.Overdue.Value, f.Overdue.Critical = now.Open, now.Overdue, now.OverdueCritical
	f.PlannedOnTime.FigureDays = FigureDays{From: now.Day.AddDays(-30), To: now.Day.AddDays(-1)}
	f.RepairTime.FigureDays = FigureDays{From: now.Last.AddDays(-89), To: now.Last}
	f.PlannedOnTime.Met, f.PlannedOnTime.Due = now.PlannedMet, now.PlannedDue
	f.RepairTime.Hours, f.RepairTime.Repairs = now.RepairHours, now.Repairs
	f.Waiting = FigureWaiting{Hours: now.WaitingHours, Orders: now.Waiting, WithoutHours: now.WaitingUnmeasured, Technicians: now.Technicians}
	for _, w := range d.Weeks {
		f.Weeks = append(f.Weeks, w.Monday)
		f.Open.Weeks = append(f.Open.Weeks, w.Open)
		f.Overdue.Weeks = append(f.Overdue.Weeks, w.Overdue)
		f.PlannedOnTime.Weeks = append(f.PlannedOnTime.Weeks, FigureFraction{Met: w.PlannedMet, Due: w.PlannedDue})
		f.RepairTime.Weeks = append(f.RepairTime.Weeks, FigureHours{Hours: w.RepairHours, Repairs: w.Repairs})
		f.Waiting.Weeks = append(f.Waiting.Weeks, w.WaitingHours)
		f.Open.New, f.Open.Finished = w.Created, w.Preventive+w.Inspection+w.Corrective+w.Improvement // the last is this week
	}
	return f
}

func figureFailures(d models.Dashboard) *FigureFailures {
	f := &FigureFailures{}
	for _, p := range d.Failures {
		if p.Monday != nil {
			f.Weeks = append(f.Weeks, FigureWorked{Hours: p.Hours, Failures: p.Failures})
			continue
		}
		f.FigureDays = FigureDays{From: *p.First, To: d.Now.Last}
		f.Hours, f.Failures = p.Hours, p.Failures
	}
	return f
}

func figureCost(d models.Dashboard) *FigureCost {
	return &FigureCost{
		FigureDays: FigureDays{From: d.Month.First, To: d.Month.Last},
		Month:      moneyOf(d.Month.Spent, d.Currency), Planned: moneyOf(d.Month.Planned, d.Currency),
		Weeks: eachOf(d.CostWeeks, func(w models.DashboardCostWeek) Money { return moneyOf(w.Amount, d.Currency) }),
	}
}

func assetCost(c models.AssetCost, currency string) DashboardAssetCost {
	out := DashboardAssetCost{Asset: Ref{ID: c.AssetID, Code: c.Code, Name: c.Name}, Total: moneyOf(c.Total, currency)}
	if c.ReplacementPrice != nil && c.ReplacementPrice.IsPositive() {
		out.ReplacementPrice = new(moneyOf(*c.ReplacementPrice, currency))
		out.SharePct = new(int(c.Total.Mul(decimal.NewFromInt(100)).Div(*c.ReplacementPrice).Round(0).IntPart()))
	}
	return out
}

// downAsset leaves the order out for who may not read orders.
func downAsset(a models.DownAsset, reader models.Actor) DashboardDown {
	out := DashboardDown{
		Asset: Ref{ID: a.AssetID, Code: a.Code, Name: a.Name}, Criticality: a.Criticality, Since: a.Since, Reason: a.Reason,
	}
	if reader.Can(models.PermissionWorkOrdersRead) && a.WorkOrderStatus != nil {
		out.WorkOrder, out.Status = numbered(a.WorkOrderID, a.WorkOrderNumber, a.WorkOrderTitle), string(*a.WorkOrderStatus)
	}
	return out
}

func dashboardNeed(n models.Need) DashboardNeed {
	out := DashboardNeed{
		Code: string(n.Code), Version: n.Version, Asset: refOf(n.AssetID, n.AssetCode, n.AssetName), Priority: n.Priority, On: n.On, At: n.At,
		Reason: n.Reason,
	}
	if n.Person != nil {
		out.Person = *n.Person
	}
	subject := &Ref{ID: n.SubjectID, Number: n.Number, Name: n.Title}
	switch n.Code {
	case models.NeedRequest:
		out.Request = subject
	case models.NeedMissed, models.NeedPaused:
		out.Schedule = subject
	case models.NeedOverdueUnassigned, models.NeedOverdueMine, models.NeedApproval, models.NeedDueMine, models.NeedClosing:
		out.WorkOrder = subject
	}
	return out
}
