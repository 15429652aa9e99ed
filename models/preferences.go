package models

import "fmt"

// Preferences are how a person likes to see the frontend. What is empty is the frontend's own choice.
type Preferences struct {
	Theme      string      `json:"theme,omitempty"`   // system, light or dark
	Density    string      `json:"density,omitempty"` // comfortable or compact
	Letters    *bool       `json:"letters,omitempty"` // shortcuts of a single letter
	SavedViews []SavedView `json:"saved_views,omitempty"`
}

// SavedView is a list as a person filtered and sorted it.
type SavedView struct {
	Area   string `json:"area"`   // the list's path segment, such as work-orders
	Name   string `json:"name"`   // unique within the area
	Search string `json:"search"` // the query string of the list's address
}

// Validate names everything that is wrong with p.
func (p Preferences) Validate() error {
	var f Faults
	type place struct{ area, name string }
	seen := map[place]bool{}
	for i, v := range p.SavedViews {
		f.Add(seen[place{v.Area, v.Name}], fmt.Sprintf("/saved_views/%d/name", i), "taken", "There is another view of this name.")
		seen[place{v.Area, v.Name}] = true
	}
	return f.Err()
}
