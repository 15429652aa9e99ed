package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"

	"mainstay/models"
)

// strictJSON reads I-JSON (RFC 7493): duplicate names, invalid UTF-8 and NUL characters are refused, because two readers would
// understand them differently.
var strictJSON = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		// Huma decodes twice, first into an empty interface: one check of the text is enough.
		if _, untyped := v.(*any); untyped {
			if err := checkIJSON(data); err != nil {
				return err
			}
		}
		return json.Unmarshal(data, v)
	},
}

func checkIJSON(data []byte) error {
	decoder := jsontext.NewDecoder(bytes.NewReader(data))
	for {
		token, err := decoder.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return models.InvalidField(string(decoder.StackPointer()), "json", "The body is not I-JSON: %s.", plainReason(err))
		}
		if token.Kind() == '"' && strings.ContainsRune(token.String(), 0) {
			return models.InvalidField(string(decoder.StackPointer()), "json", "NUL characters are not allowed.")
		}
	}
}

// plainReason keeps the library's name out of what a user reads.
func plainReason(err error) string { return strings.TrimPrefix(err.Error(), "jsontext: ") }
