package models

import (
	"slices"

	"github.com/google/uuid"
)

// LocationKind says what a location is (ISO 14224's levels of use, and where stock lies).
type LocationKind string

// Kinds of locations.
const (
	LocationSite      LocationKind = "site"
	LocationPlant     LocationKind = "plant"
	LocationBuilding  LocationKind = "building"
	LocationFloor     LocationKind = "floor"
	LocationRoom      LocationKind = "room"
	LocationArea      LocationKind = "area"
	LocationUnit      LocationKind = "unit"
	LocationSystem    LocationKind = "system"
	LocationLine      LocationKind = "line"
	LocationPosition  LocationKind = "position"
	LocationStoreroom LocationKind = "storeroom"
	LocationBin       LocationKind = "bin"
	LocationReceiving LocationKind = "receiving" // where deliveries lie until they are put away
	LocationTransit   LocationKind = "transit"   // what is on the way to the place above; the product makes it, nobody else
)

// KeepsStock tells whether stock may lie in such a place.
func (k LocationKind) KeepsStock() bool {
	return k == LocationStoreroom || k == LocationBin || k == LocationReceiving
}

// LocationKinds lists every kind that a person may give a location.
func LocationKinds() []LocationKind {
	return []LocationKind{
		LocationSite, LocationPlant, LocationBuilding, LocationFloor, LocationRoom, LocationArea, LocationUnit,
		LocationSystem, LocationLine, LocationPosition, LocationStoreroom, LocationBin, LocationReceiving,
	}
}

// Location is a place in a tree whose roots are sites. The site has the time zone in which all due dates below it are meant.
type Location struct {
	Record
	Code     string
	Name     string
	Kind     LocationKind
	ParentID *uuid.UUID // nil: a site
	SiteID   uuid.UUID  // the root of its tree; its own id at the root
	TimeZone string     // IANA, the site's
}

// Validate checks what can be checked without the database.
func (l *Location) Validate() error {
	f := nameFaults(l.Code, l.Name)
	f.Add(!slices.Contains(LocationKinds(), l.Kind), "/kind", "enum", "Not a kind of location.")
	f.Add(l.ParentID == nil && l.Kind != LocationSite, "/kind", "root", "Only a site stands at the top; name a parent_id.")
	if l.TimeZone == "" {
		f.Add(l.ParentID == nil, "/time_zone", "required", "A site needs its IANA time zone.")
	} else {
		f.Add(!ValidZone(l.TimeZone), "/time_zone", "time_zone", "There is no time zone %q.", l.TimeZone)
	}
	return f.Err()
}

// ValidZone says whether name is an IANA time zone. "Local" is none: it means another zone on each machine.
func ValidZone(name string) bool {
	if name == "" || name == "Local" {
		return false
	}
	_, err := Zone(name)
	return err == nil
}
