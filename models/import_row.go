package models

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

// ImportReader turns records into rows and finds what is wrong with them. It remembers the natural keys it has seen, so
// records must come in the order of the file, each once.
type ImportReader struct {
	kind     ImportKind
	mapping  ImportMapping
	currency string
	columns  []importColumn
	seen     map[string]int // natural key -> line
}

type importColumn struct {
	importField
	column string // its name in the file; empty for a constant
	index  int
}

// NewImportReader matches the mapping with a file's header. Amounts may have as many digits as the currency.
func NewImportReader(kind ImportKind, m ImportMapping, header []string, currency string) (*ImportReader, error) {
	if err := m.Validate(kind); err != nil {
		return nil, err
	}
	r := &ImportReader{kind: kind, mapping: m, currency: currency, seen: map[string]int{}}
	var f Faults
	for _, field := range append(importFields(kind), customFields(kind, m, header)...) {
		column := importColumn{importField: field, index: -1}
		switch name, mapped := columnOf(m, field.Name); {
		case mapped:
			column.column, column.index = name, slices.Index(header, name)
			f.Add(column.index < 0, "/mapping/columns/"+escapePointer(name), "missing", "The file has no column %q.", name)
		case m.Constants[field.Name] != "":
			column.column = field.Name
		case len(m.Columns) == 0:
			column.column, column.index = field.Name, slices.Index(header, field.Name)
			f.Add(column.index < 0 && field.Required, "/file", "missing", "The file has no column %q.", field.Name)
		}
		r.columns = append(r.columns, column)
	}
	return r, f.Err()
}

// customFields are the custom fields that the mapping or, without one, the header names.
func customFields(kind ImportKind, m ImportMapping, header []string) []importField {
	var fields []importField
	add := func(name string) {
		if IsCustomField(kind, name) {
			fields = append(fields, importField{Name: name, Max: maxCustomText})
		}
	}
	for _, name := range m.Columns {
		add(name)
	}
	for name := range m.Constants {
		add(name)
	}
	if len(m.Columns) == 0 {
		for _, name := range header {
			if m.Constants[name] == "" {
				add(name)
			}
		}
	}
	slices.SortFunc(fields, func(a, b importField) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

const maxCustomText = 2_000

func columnOf(m ImportMapping, field string) (string, bool) {
	for column, f := range m.Columns {
		if f == field {
			return column, true
		}
	}
	return "", false
}

// trimmed is a cell's text without what cannot be seen around it: white space, zero-width characters and other marks of format. A cell
// of nothing else is empty.
func trimmed(cell string) string {
	return strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) })
}

// Row reads one record's fields. A row with faults has no place in the tables.
func (r *ImportReader) Row(line int, fields []string) (ImportRow, []RowFault) {
	row := ImportRow{Line: line, Values: map[string]string{}}
	var faults []RowFault
	for _, c := range r.columns {
		text := r.mapping.Constants[c.Name]
		if c.index >= 0 {
			text = trimmed(fields[c.index])
		}
		if mapped, ok := r.mapping.Values[c.Name][text]; ok {
			text = mapped
		}
		if text != "" {
			text = r.mapping.Prefixes[c.Name] + text
		}
		if text == "" {
			text = c.Default
		}
		if text == "" {
			if c.Required {
				faults = append(faults, RowFault{line, c.column, "required", fmt.Sprintf("A row needs its %s.", words(c.Name))})
			}
			continue
		}
		value, code, detail := r.value(c.importField, text)
		if code != "" {
			faults = append(faults, RowFault{line, c.column, code, detail})
			continue
		}
		row.Values[c.Name] = value
	}
	if len(faults) == 0 {
		faults = r.whole(row)
	}
	return row, faults
}

// Column returns the file's name of a field.
func (r *ImportReader) Column(field string) string {
	for _, c := range r.columns {
		if c.Name == field {
			return c.column
		}
	}
	return field
}

var (
	decimalPattern = regexp.MustCompile(`^-?[0-9]{1,14}(\.[0-9]{1,4})?$`)
	localMoment    = "2006-01-02T15:04:05"
)

// value reads one text; code is empty where it is good.
func (r *ImportReader) value(f importField, text string) (value, code, detail string) {
	limit := f.Max
	if limit == 0 {
		limit = 300
	}
	if n := utf8.RuneCountInString(text); n > limit {
		return "", "max_length", fmt.Sprintf("It has %d characters, %d are allowed.", n, limit)
	}
	switch f.Type {
	case importText, importCode:
		return text, "", ""
	case importEnum:
		if !slices.Contains(f.Values, text) {
			return "", "enum", fmt.Sprintf("%q is none of %s.", text, strings.Join(f.Values, ", "))
		}
		return text, "", ""
	case importWords:
		return wordsValue(f, text)
	case importDecimal:
		return r.decimalValue(f, text)
	case importDate:
		return r.dateValue(text)
	case importMoment:
		return r.momentValue(text)
	case importEmail:
		address, err := mail.ParseAddress(text)
		if err != nil || address.Address != text {
			return "", "email", fmt.Sprintf("%q is no e-mail address.", text)
		}
		return strings.ToLower(text), "", ""
	case importZone:
		if _, err := Zone(text); err != nil || text == "Local" {
			return "", "unknown", fmt.Sprintf("There is no time zone %q.", text)
		}
		return text, "", ""
	}
	return text, "", ""
}

func wordsValue(f importField, text string) (value, code, detail string) {
	found := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ,;|", c) })
	for _, word := range found {
		if !slices.Contains(f.Values, word) {
			return "", "enum", fmt.Sprintf("%q is none of %s.", word, strings.Join(f.Values, ", "))
		}
	}
	slices.Sort(found)
	return strings.Join(slices.Compact(found), " "), "", ""
}

func (r *ImportReader) decimalValue(f importField, text string) (value, code, detail string) {
	plain := text
	if r.mapping.DecimalComma {
		plain = strings.Replace(text, ",", ".", 1)
	}
	if !decimalPattern.MatchString(plain) {
		return "", "decimal", fmt.Sprintf("%q is no decimal number with at most 14 digits before the point and 4 behind it.", text)
	}
	d, err := decimal.NewFromString(plain)
	switch {
	case err != nil:
		return "", "decimal", fmt.Sprintf("%q is no decimal number.", text)
	case d.IsNegative() && !f.Negative:
		return "", "minimum", "It cannot be negative."
	case f.Name == "cost" && !d.Equal(RoundMoney(d, r.currency)):
		return "", "decimal", fmt.Sprintf("An amount in %s has at most %d digits behind the point.", r.currency, MinorDigits(r.currency))
	}
	return d.String(), "", ""
}

func (r *ImportReader) dateValue(text string) (value, code, detail string) {
	if r.mapping.DateFormat == "" {
		d, err := ParseDate(text)
		if err != nil {
			return "", "date", fmt.Sprintf("%q: %s.", text, err)
		}
		return d.String(), "", ""
	}
	t, err := time.Parse(r.mapping.layout(), text)
	if err != nil || t.Year() < 1 {
		return "", "date", fmt.Sprintf("%q is no date of the form %s.", text, r.mapping.DateFormat)
	}
	return t.Format(dateLayout), "", ""
}

// momentValue takes RFC 3339, or a local time at the asset's site.
func (r *ImportReader) momentValue(text string) (value, code, detail string) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC().Format(time.RFC3339Nano), "", ""
	}
	layouts := []string{localMoment, "2006-01-02 15:04:05", "2006-01-02 15:04", dateLayout}
	if r.mapping.DateFormat != "" {
		layouts = []string{r.mapping.layout()}
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Format(localMoment), "", ""
		}
	}
	return "", "date_time", fmt.Sprintf("%q is no moment: RFC 3339, or a local time.", text)
}

// whole judges what concerns more than one field.
func (r *ImportReader) whole(row ImportRow) []RowFault {
	var f []RowFault
	add := func(bad bool, field, code, detail string) {
		if bad {
			f = append(f, RowFault{row.Line, r.Column(field), code, detail})
		}
	}
	v := row.Values
	switch r.kind {
	case ImportLocations:
		add(v["parent"] == "" && v["kind"] != "site", "parent", "required", "Only a site stands on its own: name the parent.")
		add(v["parent"] == "" && v["time_zone"] == "", "time_zone", "required", "A site needs its time zone.")
		add(v["parent"] != "" && v["parent"] == v["code"], "parent", "cycle", "A location cannot be its own parent.")
	case ImportAssets:
		add(v["parent"] != "" && v["parent"] == v["code"], "parent", "cycle", "An asset cannot be its own parent.")
	case ImportMeters:
		add(v["rollover_at"] != "" && v["kind"] == "gauge", "rollover_at", "unexpected", "A gauge does not roll over.")
	case ImportWorkOrders:
		add(v["created_on"] > v["closed_on"], "created_on", "order", "It cannot be created after it was closed.")
	case ImportSchedules:
		f = append(f, r.schedule(row)...)
	case ImportSuppliers, ImportItems:
		f = append(f, r.stock(row)...)
	case ImportMeterReadings, ImportOpeningStock, ImportUsers:
	}
	if len(f) > 0 {
		return f
	}
	key := r.Key(row)
	if first, ok := r.seen[key]; ok {
		field := importKey(r.kind)[len(importKey(r.kind))-1]
		return []RowFault{{row.Line, r.Column(field), "duplicate", fmt.Sprintf("Line %d of the file has the same key.", first)}}
	}
	r.seen[key] = row.Line
	return nil
}

// Key is the row's natural key within its tenant and kind.
func (r *ImportReader) Key(row ImportRow) string {
	parts := make([]string, 0, 3)
	for _, field := range importKey(r.kind) {
		parts = append(parts, row.Values[field])
	}
	return strings.Join(parts, "\x1f")
}

// Before reports whether an earlier row of the file has this code (kinds whose key is a code).
func (r *ImportReader) Before(code string, line int) bool {
	first, ok := r.seen[code]
	return ok && first < line
}

// stock judges numbers of items and suppliers.
func (r *ImportReader) stock(row ImportRow) []RowFault {
	var f []RowFault
	number := func(field string) decimal.Decimal {
		d, _ := decimal.NewFromString(row.Values[field]) // read before; zero where the row leaves it empty
		return d
	}
	add := func(bad bool, field, code, detail string) {
		if bad {
			f = append(f, RowFault{row.Line, r.Column(field), code, detail})
		}
	}
	days := number("lead_days")
	add(!days.IsInteger() || days.GreaterThan(decimal.New(maxLeadDays, 0)), "lead_days", "range", fmt.Sprintf("Lead time is 0 to %d whole days.", maxLeadDays))
	for _, field := range []string{"receipt_tolerance_pct", "price_tolerance_pct"} {
		add(number(field).GreaterThan(hundred), field, "range", "A tolerance is 0 to 100 percent.")
	}
	add(row.Values["max_stock"] != "" && number("max_stock").LessThan(number("reorder_point")), "max_stock", "minimum",
		"The most to be kept is at least the reorder point.")
	units := ItemUnits{Unit: row.Values["unit"]}
	for prefix, other := range map[string]struct {
		unit   **string
		factor **decimal.Decimal
	}{"purchase": {&units.PurchaseUnit, &units.PurchaseFactor}, "issue": {&units.IssueUnit, &units.IssueFactor}} {
		if unit := row.Values[prefix+"_unit"]; unit != "" {
			*other.unit = &unit
		}
		if row.Values[prefix+"_factor"] != "" {
			factor := number(prefix + "_factor")
			*other.factor = &factor
		}
	}
	for _, fault := range units.faults(Tracking(row.Values["tracking"])) {
		field := strings.TrimPrefix(fault.Pointer, "/")
		add(r.kind == ImportItems && field != "unit", field, fault.Code, fault.Detail)
	}
	return f
}
