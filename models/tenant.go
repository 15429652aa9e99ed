package models

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Tenant is one organisation; nothing is shared between two of them.
type Tenant struct {
	ID        uuid.UUID `gorm:"primaryKey"`
	Code      string    // unique in the installation
	Name      string
	Currency  string    // ISO 4217, of all its money
	TimeZone  string    // IANA, where a person or a site names none
	Locale    string    // BCP 47, of a person who is created without one
	WeekStart WeekStart // with which day its weeks begin
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
}

// WeekStart is the day with which weeks begin.
type WeekStart string

// Days with which weeks begin somewhere.
const (
	WeekStartMonday   WeekStart = "monday"
	WeekStartSaturday WeekStart = "saturday"
	WeekStartSunday   WeekStart = "sunday"
)

const maxTenantName = 200

// Validate names everything that is wrong with what may be changed of t.
func (t *Tenant) Validate() error {
	var f Faults
	f.Add(t.Name == "" || utf8.RuneCountInString(t.Name) > maxTenantName, "/name", "length", "A name has 1 to %d characters.", maxTenantName)
	checkLocale(&f, "/locale", t.Locale)
	f.Add(!ValidTimeZone(t.TimeZone), "/time_zone", "time_zone", "This is no IANA time zone.")
	f.Add(t.WeekStart != WeekStartMonday && t.WeekStart != WeekStartSaturday && t.WeekStart != WeekStartSunday,
		"/week_start", "enum", "A week begins with monday, saturday or sunday.")
	return f.Err()
}

// NewTenant asks for a tenant with its first administrator.
type NewTenant struct {
	Code     string
	Name     string
	Currency string // empty means EUR
	TimeZone string // empty means UTC
	Admin    NewUser
}

var (
	tenantCode = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	currency   = regexp.MustCompile(`^[A-Z]{3}$`)
)

// Normalize fills in what may be left out.
func (n *NewTenant) Normalize() {
	n.Name = strings.TrimSpace(n.Name)
	if n.Currency == "" {
		n.Currency = "EUR"
	}
	if n.TimeZone == "" {
		n.TimeZone = "UTC"
	}
	n.Admin.Normalize()
}

// Validate names everything that is wrong with n, after Normalize.
func (n *NewTenant) Validate() error {
	var f Faults
	f.Add(!tenantCode.MatchString(n.Code), "/code", "pattern", "A code has 1 to 63 lower-case letters, digits and hyphens.")
	f.Add(n.Name == "", "/name", "required", "A name is needed.")
	f.Add(!currency.MatchString(n.Currency), "/currency", "currency", "This is no ISO 4217 currency code.")
	f.Add(!ValidTimeZone(n.TimeZone), "/time_zone", "time_zone", "This is no IANA time zone.")
	n.Admin.check(&f, "/admin")
	return f.Err()
}
