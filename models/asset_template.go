package models

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"
)

// AssetTemplate is what assets of one make are created from: what they have in common, and which custom fields they carry.
type AssetTemplate struct {
	Record
	Code         string
	Name         string
	CategoryID   uuid.UUID
	Manufacturer string
	Model        string
	Criticality  string          // A, B, C or empty
	Fields       json.RawMessage `gorm:"type:jsonb"` // JSON Schema of the custom fields, an object; null: any
}

// Validate checks what can be checked without the database. Whether Fields is a JSON Schema is judged outside.
func (t *AssetTemplate) Validate() error {
	f := nameFaults(t.Code, t.Name)
	f.Add(t.CategoryID == uuid.Nil, "/category_id", "required", "A category is needed.")
	f.Add(!slices.Contains([]string{"", "A", "B", "C"}, t.Criticality), "/criticality", "enum", "Criticality is A, B or C.")
	return f.Err()
}

// Inherit gives a new asset what its template says and it does not.
func (a *Asset) Inherit(manufacturer, model, criticality string) {
	for _, field := range []struct {
		target *string
		value  string
	}{{&a.Manufacturer, manufacturer}, {&a.Model, model}, {&a.Criticality, criticality}} {
		if *field.target == "" {
			*field.target = field.value
		}
	}
}
