package models

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// customField begins the name of an import field that is a custom field of an asset: fields.kw is the property kw.
const customField = "fields."

// IsCustomField says whether an import field of this kind is a custom field.
func IsCustomField(kind ImportKind, field string) bool {
	return kind == ImportAssets && strings.HasPrefix(field, customField) && len(field) > len(customField)
}

// CustomFields is what an import needs to know of a template's JSON Schema: the types by which texts are read. The schema itself
// judges what comes of it.
type CustomFields struct {
	Properties map[string]struct {
		Type schemaTypes `json:"type"`
	} `json:"properties"`
	Required     []string `json:"required"`
	DecimalComma bool     `json:"-"` // numbers are written 12,5
}

// schemaTypes is one type or several.
type schemaTypes []string

// UnmarshalJSON implements json.Unmarshaler.
func (t *schemaTypes) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*t = schemaTypes{one}
		return nil
	}
	var several []string
	err := json.Unmarshal(text, &several)
	*t = several
	return err
}

// Merge puts the custom fields of a row into those that an asset has (an object; nil: none yet) and returns them together. Texts are
// read as the types of the schema say: a number with a point, true or false, a list or an object as JSON; what the schema does not type
// is a text. column gives the file's name of a field.
func (c CustomFields) Merge(row ImportRow, has json.RawMessage, column func(field string) string) (json.RawMessage, []RowFault, error) {
	merged := map[string]any{}
	if len(has) > 0 {
		decoder := json.NewDecoder(strings.NewReader(string(has)))
		decoder.UseNumber()
		if err := decoder.Decode(&merged); err != nil {
			return nil, nil, err
		}
	}
	var faults []RowFault
	for _, field := range slices.Sorted(maps.Keys(row.Values)) {
		name, ok := strings.CutPrefix(field, customField)
		if !ok {
			continue
		}
		value, fault := c.value(name, row.Values[field])
		if fault != "" {
			faults = append(faults, RowFault{row.Line, column(field), "type", fault})
			continue
		}
		merged[name] = value
	}
	for _, name := range c.Required {
		if _, ok := merged[name]; !ok && len(faults) == 0 {
			faults = append(faults, RowFault{row.Line, column(customField + name), "required", fmt.Sprintf("Assets of this template need the field %s.", name)})
		}
	}
	text, err := json.Marshal(merged)
	return text, faults, err
}

// FaultColumn is the import field at fault where a JSON Schema points into the custom fields: /fields/oil/grade is fields.oil.
func FaultColumn(pointer string) string {
	rest, _ := strings.CutPrefix(pointer, "/fields")
	name, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	if name == "" {
		return "fields"
	}
	return customField + strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
}

func (c CustomFields) value(name, text string) (value any, fault string) {
	types, number := c.Properties[name].Type, text
	if c.DecimalComma {
		number = strings.Replace(text, ",", ".", 1)
	}
	if len(types) == 0 {
		return text, ""
	}
	for _, kind := range types {
		switch kind {
		case "integer", "number":
			if d, err := decimal.NewFromString(number); err == nil {
				return json.Number(d.String()), ""
			}
		case "boolean":
			if text == "true" || text == "false" {
				return text == "true", ""
			}
		case "array", "object":
			if json.Valid([]byte(text)) {
				return json.RawMessage(text), ""
			}
		case "string":
			return text, ""
		}
	}
	return nil, fmt.Sprintf("%q is no %s.", text, strings.Join(types, " or "))
}
