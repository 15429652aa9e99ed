package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/go-json-experiment/json/jsontext"

	"mainstay/models"
)

// plainJSON writes text as it is, not escaped for HTML.
var plainJSON = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(v)
	},
	Unmarshal: json.Unmarshal,
}

// checkTexts lets only I-JSON through, and the like in a query, and names the place of a fault. A text of a body in which there is
// nothing to see is refused too: it stands where something is missing.
func (s *Server) checkTexts(hc huma.Context, next func(huma.Context)) {
	c := humagin.Unwrap(hc)
	if err := checkQuery(c.Request.URL); err != nil {
		_ = huma.WriteErr(s.huma, hc, http.StatusUnprocessableEntity, "", err)
		return
	}
	if text, ok := c.Get(bodyText); ok && hc.Operation().RequestBody != nil {
		if err := checkIJSON(text.([]byte), true); err != nil { //nolint:forcetypeassert // readBody's own
			_ = huma.WriteErr(s.huma, hc, http.StatusUnprocessableEntity, "", err)
			return
		}
	}
	next(hc)
}

// checkQuery refuses parameters that are no text: the database would.
func checkQuery(u *url.URL) error {
	if !strings.Contains(u.RawQuery, "%") && utf8.ValidString(u.RawQuery) {
		return nil
	}
	for name, values := range u.Query() {
		if !storable(name) || slices.ContainsFunc(values, func(value string) bool { return !storable(value) }) {
			return models.InvalidField(strings.ToValidUTF8(name, "?"), "encoding", "This is no text in UTF-8 without NUL characters.")
		}
	}
	return nil
}

// storable reports whether PostgreSQL takes the text.
func storable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// checkIJSON refuses what is not I-JSON (RFC 7493): duplicate names, invalid UTF-8 and NUL characters, because two readers would
// understand them differently.
func checkIJSON(data []byte, refuseBlank bool) error {
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
		if refuseBlank && token.Kind() == '"' && token.String() != "" && models.Blank(token.String()) {
			return models.InvalidField(string(decoder.StackPointer()), "required", "This text is blank.")
		}
	}
}

// plainReason keeps the library's name out of what a user reads.
func plainReason(err error) string { return strings.TrimPrefix(err.Error(), "jsontext: ") }
