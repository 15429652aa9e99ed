package models

import "github.com/shopspring/decimal"

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
}
