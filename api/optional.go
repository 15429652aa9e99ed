package api

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// Optional is a field of a JSON merge patch (RFC 7396): absent leaves the value, null removes it, else it is set.
type Optional[T any] struct {
	Set  bool
	Null bool
	V    T
}

// UnmarshalJSON implements json.Unmarshaler; it is called for present fields only.
func (o *Optional[T]) UnmarshalJSON(text []byte) error {
	o.Set = true
	if bytes.Equal(text, []byte("null")) {
		o.Null = true
		return nil
	}
	return json.Unmarshal(text, &o.V)
}

// Schema implements huma.SchemaProvider: the schema of T, and null.
func (o Optional[T]) Schema(r huma.Registry) *huma.Schema {
	inner := r.Schema(reflect.TypeFor[T](), false, "")
	if inner.Ref != "" {
		return &huma.Schema{OneOf: []*huma.Schema{inner, {Type: "null"}}}
	}
	nullable := *inner
	nullable.Nullable = true
	return &nullable
}

// apply sets target where the field is present; null sets T's zero value.
func (o Optional[T]) apply(target *T) {
	if o.Set {
		*target = o.V
	}
}

// applyPointer sets target where the field is present; null clears it.
func (o Optional[T]) applyPointer(target **T) {
	switch {
	case !o.Set:
	case o.Null:
		*target = nil
	default:
		v := o.V
		*target = &v
	}
}
