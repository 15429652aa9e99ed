package models

import (
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// MaxCrewDays is how many days a crew's load is read for at once.
const MaxCrewDays = 92

// CrewHours are the hours of one person, or of all, on one day or more. An order's planned hours are shared alike by those who are
// assigned to it.
type CrewHours struct {
	Planned      decimal.Decimal // wherever the work is
	Elsewhere    decimal.Decimal // of the planned ones, those outside the locations that were asked for
	Done         decimal.Decimal // of the planned ones, those of orders that are completed
	Capacity     decimal.Decimal // what the people work by their weeks
	Orders       int
	WithoutHours int // of the orders, those without planned hours, which weigh nothing here
}

// Add returns the sum of both.
func (h CrewHours) Add(o CrewHours) CrewHours {
	return CrewHours{
		Planned: h.Planned.Add(o.Planned), Elsewhere: h.Elsewhere.Add(o.Elsewhere), Done: h.Done.Add(o.Done),
		Capacity: h.Capacity.Add(o.Capacity), Orders: h.Orders + o.Orders, WithoutHours: h.WithoutHours + o.WithoutHours,
	}
}

// CrewMember is one person's load; Days begins with the first day that was asked for.
type CrewMember struct {
	ID    uuid.UUID
	Name  string
	Total CrewHours
	Days  []CrewHours
}

// CrewLoad is how much work is planned for people against what they can do.
type CrewLoad struct {
	From, To   Date
	Members    []CrewMember
	More       bool        // there are more people than are listed
	Days       []CrewHours // of all members
	Unassigned []CrewHours // of orders that nobody is assigned to
}

// CheckCrewDays refuses a range of days that is turned round or longer than MaxCrewDays.
func CheckCrewDays(from, to Date) error {
	var f Faults
	f.Add(to.Before(from), "to", "minimum", "The last day lies before the first.")
	f.Add(to.Sub(from) >= MaxCrewDays, "to", "maximum", "At most %d days are read at once.", MaxCrewDays)
	return f.Err()
}

// CrewPerson is somebody whose load is read.
type CrewPerson struct {
	ID           uuid.UUID
	Name         string
	WorkingHours WorkingHours
}

// CrewDay is the work planned for one person on one day; nobody's where PersonID is nil.
type CrewDay struct {
	PersonID *uuid.UUID
	Day      Date
	CrewHours
}

// NewCrewLoad puts the work of days from and to, both included, beside what the people work. Work of people who are not among them is
// left out.
func NewCrewLoad(from, to Date, people []CrewPerson, work []CrewDay) CrewLoad {
	days := to.Sub(from) + 1
	load := CrewLoad{From: from, To: to, Members: make([]CrewMember, len(people)), Days: make([]CrewHours, days), Unassigned: make([]CrewHours, days)}
	rows := make(map[uuid.UUID][]CrewHours, len(people))
	for i, p := range people {
		own := make([]CrewHours, days)
		for d := range own {
			own[d].Capacity = p.WorkingHours.On(from.AddDays(d))
		}
		rows[p.ID] = own
		load.Members[i] = CrewMember{ID: p.ID, Name: p.Name, Days: own}
	}
	for _, w := range work {
		row := load.Unassigned
		if w.PersonID != nil {
			row = rows[*w.PersonID]
		}
		if d := w.Day.Sub(from); row != nil && d >= 0 && d < days {
			row[d] = row[d].Add(w.CrewHours)
		}
	}
	for i := range load.Members {
		for d, h := range load.Members[i].Days {
			load.Members[i].Total = load.Members[i].Total.Add(h)
			load.Days[d] = load.Days[d].Add(h)
		}
	}
	return load
}
