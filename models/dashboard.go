package models

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Dashboard is what a person sees first: counts of what the actor may read, within the actor's locations. Costs are those of the
// last 30 days.
type Dashboard struct {
	OpenByStatus   map[WorkOrderStatus]int
	Overdue        int
	DueThisWeek    int // due today or in the six days after it
	Mine           int // open and assigned to the actor
	NewRequests    int
	MyOpenRequests int
	AssetsDown     int
	SchedulesSoon  int // active, due within the coming week or late
	Labor          decimal.Decimal
	Parts          decimal.Decimal
	Services       decimal.Decimal
	Other          decimal.Decimal
	Currency       string

	Weeks       []DashboardWeek // DashboardWeeks of them, Monday to Sunday in the tenant's zone, the last one is the one asked for
	CostWeeks   []DashboardCostWeek
	Now         DashboardNow
	Failures    []DashboardFailures // of the last 90 days, then of each week
	Stock       DashboardStock
	Month       DashboardMonth
	CostByAsset []AssetCost // of the last twelve months, the highest first
	Down        []DownAsset // the longest first
	ComingUp    []ComingSchedule
	NeedsYou    []Need // the two most urgent of each code, then the others, the most urgent first
}

// DashboardWeeks is how many weeks the figures go back.
const DashboardWeeks = 12

// DashboardWeek is what happened in one week, and what was so at its end (or is so now).
type DashboardWeek struct {
	Monday       Date
	Open         int // neither finished nor cancelled at the end
	Overdue      int // of these, those past their due day
	Created      int
	Preventive   int // completed in the week, by type
	Inspection   int
	Corrective   int
	Improvement  int
	PlannedDue   int             // preventive orders that were due in the week
	PlannedMet   int             // of these, those completed by their due day
	RepairHours  decimal.Decimal // from start to completion of the corrective orders completed in the week
	Repairs      int
	WaitingHours decimal.Decimal // planned hours of orders that nobody had begun at the end
}

// DashboardCostWeek is what was booked on the days of one week.
type DashboardCostWeek struct {
	Monday Date
	Amount decimal.Decimal
}

// DashboardNow are the fractions behind the figures of work, at the end of the day that was asked for.
type DashboardNow struct {
	Last              Date            // the day that was asked for, or today before it has come
	Day               Date            // the first day that is not over: today, or the day after Last
	Open              int             // neither finished nor cancelled
	Overdue           int             // of these, those past their due day
	OverdueCritical   int             // overdue on assets of criticality A
	PlannedDue        int             // preventive orders due on the 30 days before Day (SMRP 5.4.14, without grace)
	PlannedMet        int             // of these, those completed by their due day
	RepairHours       decimal.Decimal // of the corrective orders completed on the 90 days until Last, start to completion (SMRP 3.5.2)
	Repairs           int
	WaitingHours      decimal.Decimal // planned hours of the orders that nobody has begun
	Waiting           int             // those orders
	WaitingUnmeasured int             // of these, those without planned hours
	Technicians       int             // enabled users who do the work
	Assets            int             // in use
}

// DashboardFailures is how long assets worked and how often one failed (EN 15341, SMRP 3.5.1: the mean time between failures is
// Hours / Failures). A failure is the beginning of a stop that nobody had planned. Hours are those of the calendar in which an asset in
// service stood in no stop, planned or not, counted from the day it was installed, or from the first moment of which the company has a
// stop or an asset where that day is not known or lies before. Assets that are out of service or out of use count with neither.
type DashboardFailures struct {
	Monday   *Date // of a week; nil: of the 90 days from First
	First    *Date
	Failures int
	Hours    decimal.Decimal
}

// DashboardStock counts the items in use that have a reorder point, at all sites.
type DashboardStock struct {
	Low     int // of which no more than the reorder point can be taken
	Watched int
}

// DashboardMonth is the month of the day that was asked for, until that day, of the tenant's calendar.
type DashboardMonth struct {
	First   Date
	Last    Date
	Spent   decimal.Decimal
	Planned decimal.Decimal // estimated cost of the orders due in it
}

// AssetCost is what one asset has cost.
type AssetCost struct {
	AssetID          uuid.UUID
	Code             string
	Name             string
	Total            decimal.Decimal
	ReplacementPrice *decimal.Decimal // in the tenant's currency
}

// DownAsset is an asset that stands still, since when where a downtime says so, and the order that brings it back.
type DownAsset struct {
	AssetID         uuid.UUID
	Code            string
	Name            string
	Criticality     string
	Since           *time.Time
	Reason          string
	WorkOrderID     *uuid.UUID
	WorkOrderNumber *string
	WorkOrderTitle  *string
	WorkOrderStatus *WorkOrderStatus
}

// ComingSchedule is maintenance that becomes due in the coming week.
type ComingSchedule struct {
	ID           uuid.UUID
	Number       string
	Title        string
	AssetID      *uuid.UUID
	AssetCode    *string
	AssetName    *string
	DueOn        Date
	PlannedHours *decimal.Decimal
}

// NeedCode says what a row of «needs you» is.
type NeedCode string

// What may need a person, the most urgent first.
const (
	NeedOverdueUnassigned NeedCode = "overdue_unassigned" // an overdue order that nobody is assigned to
	NeedOverdueMine       NeedCode = "overdue_mine"       // an overdue order of the reader's
	NeedApproval          NeedCode = "approval"           // an order that waits for approval and for nobody in particular
	NeedRequest           NeedCode = "request"            // a request that nobody has decided
	NeedMissed            NeedCode = "occurrence_missed"  // maintenance that was due in the last 30 days and was missed
	NeedDueMine           NeedCode = "due_mine"           // an order of the reader's that is due today or in the six days after it
	NeedPaused            NeedCode = "schedule_paused"    // a schedule that is paused without an end, or ends its pause within a week
	NeedClosing           NeedCode = "closing"            // an order that is completed and waits to be closed
)

// NeedsYouLimit is how many rows of «needs you» are shown. The first NeedsYouOfEach of every code come before all others, so that many of
// one do not hide the rest.
const (
	NeedsYouLimit  = 10
	NeedsYouOfEach = 2
)

// Need is one row of «needs you»: its subject is a work order, a work request or a maintenance schedule.
type Need struct {
	Code      NeedCode
	SubjectID uuid.UUID
	Number    string
	Title     string
	Version   int
	AssetID   *uuid.UUID
	AssetCode *string
	AssetName *string
	On        *Date // due day, or the day on which a pause ends
	At        *time.Time
	Reason    string
	Person    *string // who asked for it
	Priority  string
	Total     int // rows of all codes
}
