package models

import (
	"slices"
	"strings"
)

// ImportMapping says how a file's columns become fields. Without Columns each column meets the field of its own name.
type ImportMapping struct {
	Columns      map[string]string            `json:"columns,omitempty" doc:"column of the file -> field; fields.kw is the custom field kw of an asset"`
	Constants    map[string]string            `json:"constants,omitempty" doc:"field -> value of every row"`
	Values       map[string]map[string]string `json:"values,omitempty" doc:"field -> text in the file -> value"`
	Prefixes     map[string]string            `json:"prefixes,omitempty" doc:"field -> text put before its value"`
	DateFormat   string                       `json:"date_format,omitempty" doc:"YYYY, MM, DD, hh, mm, ss and separators; ISO where unset"`
	DecimalComma bool                         `json:"decimal_comma,omitempty"`
	Delimiter    string                       `json:"delimiter,omitempty" doc:"one of , ; and tab; found out where unset"`
	Meter        *ImportMeter                 `json:"meter,omitempty" doc:"work orders: the gauge that their readings belong to"`
}

// ImportMeter names the gauge of each asset that takes the readings of imported work orders; it is created where it is missing.
type ImportMeter struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
}

// Validate checks the mapping against the fields of the kind. Pointers start at /mapping.
func (m ImportMapping) Validate(kind ImportKind) error {
	if !slices.Contains(ImportKinds(), kind) {
		return InvalidField("/kind", "enum", "There is no kind of import called %q.", kind)
	}
	var f Faults
	names := ImportFieldNames(kind)
	known := func(field string) bool { return slices.Contains(names, field) || IsCustomField(kind, field) }
	used := map[string]bool{}
	for column, field := range m.Columns {
		pointer := "/mapping/columns/" + escapePointer(column)
		f.Add(!known(field), pointer, "unknown", "%s have no field %q.", kind, field)
		f.Add(used[field], pointer, "duplicate", "Two columns are mapped to %q.", field)
		used[field] = true
	}
	for field := range m.Constants {
		pointer := "/mapping/constants/" + escapePointer(field)
		f.Add(!known(field), pointer, "unknown", "%s have no field %q.", kind, field)
		f.Add(used[field], pointer, "duplicate", "A column is mapped to %q too.", field)
		used[field] = true
	}
	for field := range m.Values {
		f.Add(!known(field), "/mapping/values/"+escapePointer(field), "unknown", "%s have no field %q.", kind, field)
	}
	for field := range m.Prefixes {
		f.Add(!known(field), "/mapping/prefixes/"+escapePointer(field), "unknown", "%s have no field %q.", kind, field)
	}
	if len(m.Columns) > 0 {
		for _, field := range importFields(kind) {
			f.Add(field.Required && !used[field.Name], "/mapping/columns", "required", "No column is mapped to %q.", field.Name)
		}
	}
	f.Add(m.Delimiter != "" && !strings.ContainsAny(m.Delimiter, ",;\t") || len(m.Delimiter) > 1, "/mapping/delimiter", "enum",
		"The delimiter is a comma, a semicolon or a tab.")
	f.Add(m.DateFormat != "" && !validDateFormat(m.DateFormat), "/mapping/date_format", "format",
		"A date format has YYYY, MM and DD once each, such as DD/MM/YYYY.")
	if m.Meter != nil {
		f.Add(kind != ImportWorkOrders, "/mapping/meter", "unknown", "Only work orders bring readings for a meter.")
		f.Add(m.Meter.Name == "" || m.Meter.Unit == "", "/mapping/meter", "required", "A meter needs a name and a unit.")
	}
	f.Add(used["reading"] && m.Meter == nil, "/mapping/meter", "required", "Readings need a meter.")
	return f.Err()
}

func escapePointer(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// DelimiterByte returns the delimiter; 0 where it is to be found out.
func (m ImportMapping) DelimiterByte() byte {
	if m.Delimiter == "" {
		return 0
	}
	return m.Delimiter[0]
}

// layout turns the date format into Go's.
func (m ImportMapping) layout() string {
	return strings.NewReplacer("YYYY", "2006", "MM", "01", "DD", "02", "hh", "15", "mm", "04", "ss", "05").Replace(m.DateFormat)
}

func validDateFormat(format string) bool {
	rest := format
	for _, part := range []string{"YYYY", "MM", "DD"} {
		if strings.Count(format, part) != 1 {
			return false
		}
		rest = strings.Replace(rest, part, "", 1)
	}
	for _, part := range []string{"hh", "mm", "ss"} {
		rest = strings.Replace(rest, part, "", 1)
	}
	return strings.Trim(rest, "-/. :T") == ""
}
