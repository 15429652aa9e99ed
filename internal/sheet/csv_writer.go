package sheet

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
)

// CSVWriter writes RFC 4180 records of UTF-8 text that spreadsheets take for text and numbers, never for formulas.
type CSVWriter struct{ w *csv.Writer }

// NewCSVWriter writes to w; Close ends it.
func NewCSVWriter(w io.Writer) *CSVWriter {
	// Lines end in LF: with CRLF the library would drop a lone CR within a cell.
	return &CSVWriter{w: csv.NewWriter(w)}
}

// Write adds a row.
func (c *CSVWriter) Write(fields []string) error {
	safe := make([]string, len(fields))
	for i, field := range fields {
		safe[i] = inert(field)
	}
	return c.w.Write(safe)
}

// Close writes what is buffered; the writer below stays open.
func (c *CSVWriter) Close() error {
	c.w.Flush()
	return c.w.Error()
}

var plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// inert puts an apostrophe before what a spreadsheet would run as a formula (OWASP, CSV injection). A plain number stays one.
func inert(field string) string {
	if field != "" && strings.ContainsRune("=+-@\t\r", rune(field[0])) && !plainNumber.MatchString(field) {
		return "'" + field
	}
	return field
}
