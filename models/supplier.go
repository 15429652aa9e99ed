package models

import (
	"net/mail"
)

// Supplier is who parts and services are bought from.
type Supplier struct {
	Record
	Code     string
	Name     string
	Email    string // where orders go; empty: they are printed
	Phone    string
	LeadDays *int // from order to delivery, where an item does not know better
}

const maxLeadDays = 3650

// Validate checks what can be checked without the database.
func (s *Supplier) Validate() error {
	f := nameFaults(s.Code, s.Name)
	if s.Email != "" {
		address, err := mail.ParseAddress(s.Email)
		f.Add(err != nil || address.Address != s.Email, "/email", "email", "This is not an e-mail address.")
	}
	f = append(f, leadFaults(s.LeadDays)...)
	return f.Err()
}

func leadFaults(days *int) Faults {
	var f Faults
	f.Add(days != nil && (*days < 0 || *days > maxLeadDays), "/lead_days", "range", "Lead time is 0 to %d days.", maxLeadDays)
	return f
}
