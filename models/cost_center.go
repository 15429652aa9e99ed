package models

// CostCenter is where costs are booked in the ledger.
type CostCenter struct{ Coded }
