package models

// Figure is one gauge of the whole installation, of all tenants together: what `/metrics` shows as mainstay_<name>.
type Figure struct {
	Name   string
	Status string // of a figure that is told by status; else empty
	Value  float64
}
