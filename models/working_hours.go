package models

import (
	"fmt"

	"github.com/shopspring/decimal"
)

// WorkingHours are the hours that a person works on each day of the week, Monday first.
type WorkingHours []decimal.Decimal

const (
	daysOfWeek   = 7
	workingScale = 2
)

// DefaultWorkingHours are eight hours from Monday to Friday.
func DefaultWorkingHours() WorkingHours {
	h := make(WorkingHours, daysOfWeek)
	for i := range 5 {
		h[i] = decimal.NewFromInt(8)
	}
	return h
}

// On returns the hours of a day.
func (h WorkingHours) On(day Date) decimal.Decimal {
	i := (int(day.Weekday()) + daysOfWeek - 1) % daysOfWeek
	if i >= len(h) {
		return decimal.Zero
	}
	return h[i]
}

func (h WorkingHours) check(f *Faults, pointer string) {
	f.Add(len(h) != daysOfWeek, pointer, "length", "A week has %d days: give the hours of each, Monday first.", daysOfWeek)
	for i, hours := range h {
		f.Add(hours.IsNegative() || hours.GreaterThan(decimal.NewFromInt(24)) || !hours.Equal(hours.Truncate(workingScale)),
			fmt.Sprintf("%s/%d", pointer, i), "range", "A day has 0 to 24 hours, with %d decimal places at most.", workingScale)
	}
}
