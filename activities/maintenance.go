package activities

import "mainstay/models/store"

// Maintenance does the work of the maintenance domain: work orders, schedules, planner.
type Maintenance struct {
	Store *store.Store
	Wake  Deliverer
}
