package models

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// User is a person of a tenant who may sign in. The password's hash is no part of it: only sign-in reads that.
type User struct {
	TenantID     uuid.UUID
	ID           uuid.UUID
	Email        string // lower case, unique in the tenant
	Name         string
	Roles        []Role
	DepartmentID *uuid.UUID
	LocationIDs  []uuid.UUID      // the user sees these and what is below them; none limits nothing
	LaborRate    *decimal.Decimal // per hour, in the tenant's currency
	Locale       string           // BCP 47
	TimeZone     string           // IANA; empty means the tenant's
	WorkingHours WorkingHours
	DisabledAt   *time.Time
	LastLoginAt  *time.Time
	Version      int
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// NewUser asks for a user.
type NewUser struct {
	Email        string
	Name         string
	Password     string
	Roles        []Role
	DepartmentID *uuid.UUID
	LocationIDs  []uuid.UUID
	LaborRate    *decimal.Decimal
	Locale       string // empty means en
	TimeZone     string
	WorkingHours WorkingHours // nil means DefaultWorkingHours
}

const (
	maxEmail      = 254
	maxPersonName = 200
	maxRoles      = 20
	maxScope      = 100
	laborScale    = 4
)

// NormalizeEmail is the form in which e-mail addresses are kept and compared.
func NormalizeEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// ValidTimeZone says whether zone is an IANA time zone.
func ValidTimeZone(zone string) bool {
	if zone == "" || zone == "Local" {
		return false
	}
	_, err := Zone(zone)
	return err == nil
}

// Normalize brings n into the form that is stored.
func (n *NewUser) Normalize() {
	n.Email = NormalizeEmail(n.Email)
	n.Name = strings.TrimSpace(n.Name)
	if n.Locale == "" {
		n.Locale = "en"
	}
	if n.WorkingHours == nil {
		n.WorkingHours = DefaultWorkingHours()
	}
}

// Validate names everything that is wrong with n, after Normalize.
func (n *NewUser) Validate() error {
	var f Faults
	n.check(&f, "")
	return f.Err()
}

func (n *NewUser) check(f *Faults, at string) {
	f.CheckPassword(at+"/password", n.Password, n.Email)
	u := User{
		Email: n.Email, Name: n.Name, Roles: n.Roles, LocationIDs: n.LocationIDs, LaborRate: n.LaborRate, Locale: n.Locale,
		TimeZone: n.TimeZone, WorkingHours: n.WorkingHours,
	}
	u.check(f, at)
}

// Validate names everything that is wrong with u.
func (u *User) Validate() error {
	var f Faults
	u.check(&f, "")
	return f.Err()
}

func (u *User) check(f *Faults, at string) {
	address, err := mail.ParseAddress(u.Email)
	f.Add(err != nil || address.Address != u.Email || len(u.Email) > maxEmail, at+"/email", "email", "This is no e-mail address.")
	f.Add(u.Name == "" || len(u.Name) > maxPersonName, at+"/name", "length", "A name has 1 to %d characters.", maxPersonName)
	f.Add(len(u.Roles) == 0 || len(u.Roles) > maxRoles, at+"/roles", "required", "A user has at least one role.")
	for i, role := range u.Roles {
		f.Add(!role.Valid(), fmt.Sprintf("%s/roles/%d", at, i), "enum", "There is no role %q.", role)
	}
	f.Add(len(u.LocationIDs) > maxScope, at+"/location_ids", "maxItems", "A user is limited to %d locations at most.", maxScope)
	f.Add(u.LaborRate != nil && (u.LaborRate.IsNegative() || !u.LaborRate.Equal(u.LaborRate.Truncate(laborScale))),
		at+"/labor_rate", "invalid", "A rate is not negative and has %d decimal places at most.", laborScale)
	checkLocale(f, at+"/locale", u.Locale)
	u.WorkingHours.check(f, at+"/working_hours")
	f.Add(u.TimeZone != "" && !ValidTimeZone(u.TimeZone), at+"/time_zone", "time_zone", "This is no IANA time zone.")
}

const maxLocale = 35 // the longest tag that BCP 47 lets an implementation demand

func checkLocale(f *Faults, pointer, locale string) {
	f.Add(locale == "" || len(locale) > maxLocale, pointer, "invalid", "This is no language tag.")
}

// MayWrite says whether actor may create u or turn a user into u. Only a platform operator makes or changes platform
// operators, for they reach beyond their tenant; and an actor limited to some locations writes no users, for a user may see
// more than the actor does.
func (u *User) MayWrite(actor Actor) error {
	switch {
	case actor.Kind == ActorSystem:
		return nil
	case actor.Scoped():
		return Forbidden("An account limited to some locations cannot write users.")
	case slices.Contains(u.Roles, RolePlatformOperator) && !slices.Contains(actor.Roles, RolePlatformOperator):
		return Forbidden("Only a platform operator can write platform operators.")
	}
	return nil
}
