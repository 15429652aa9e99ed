package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"mainstay/models"
)

// Bounds of a CSV file: beyond them it is refused, whatever it would take to read it.
const (
	MaxRecordBytes = 1 << 20 // one record with its line breaks
	MaxFields      = 1_000
)

// CSVReader reads RFC 4180 records of UTF-8 text, with or without a byte order mark. It holds one record at a time.
type CSVReader struct {
	Header []string
	// Delimiter is the one given, else the commonest of comma, semicolon and tab in the header.
	Delimiter byte

	in   *bufio.Reader
	line int // lines read so far
}

// Record is one row of a file. Fault says why it could not be read; the reader goes on with the next line.
type Record struct {
	Line   int // of its first character, the header being line 1
	Fields []string
	Fault  string
}

// NewCSVReader reads the header. delimiter 0 means: find out. A file that is no UTF-8 CSV with a header is models.CodeInvalid
// at the pointer /file.
func NewCSVReader(file io.Reader, delimiter byte) (*CSVReader, error) {
	r := &CSVReader{in: bufio.NewReaderSize(file, 64<<10), Delimiter: delimiter}
	if err := r.checkStart(); err != nil {
		return nil, err
	}
	first, err := r.nextLine()
	if errors.Is(err, io.EOF) {
		return nil, refuse("empty", "The file is empty.")
	}
	if err != nil {
		return nil, err
	}
	if r.Delimiter == 0 {
		r.Delimiter = commonest(first)
	}
	header, err := r.record(first)
	if err != nil {
		return nil, err
	}
	if header.Fault != "" {
		return nil, refuse("header", "The header cannot be read: %s", header.Fault)
	}
	r.Header = header.Fields
	return r, checkHeader(r.Header)
}

func refuse(code, format string, args ...any) error {
	return models.InvalidField("/file", code, format, args...)
}

func (r *CSVReader) checkStart() error {
	start, err := r.in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case bytes.HasPrefix(start, []byte{0xef, 0xbb, 0xbf}):
		_, err := r.in.Discard(3)
		return err
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		return refuse("encoding", "The file is UTF-16. Save it as UTF-8.")
	case bytes.HasPrefix(start, []byte("PK\x03\x04")):
		return refuse("format", "The file is a ZIP archive or a workbook. Save the sheet as CSV.")
	}
	return nil
}

// commonest counts outside quotes, so that a comma within a name decides nothing.
func commonest(header string) byte {
	counts := map[rune]int{}
	quoted := false
	for _, c := range header {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted {
			counts[c]++
		}
	}
	best := ','
	for _, c := range ";\t" {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return byte(best)
}

func checkHeader(header []string) error {
	seen := map[string]bool{}
	for i, name := range header {
		name = strings.TrimSpace(name)
		if strings.ContainsRune(name, '\r') {
			return refuse("header", "The lines end with a carriage return alone: save the file with line feeds.")
		}
		if name != "" && seen[name] {
			return refuse("header", "Two columns are called %q.", name)
		}
		seen[name] = true
		header[i] = name
	}
	return nil
}

// Next returns the next record; io.EOF after the last. Blank lines are passed over. An error other than io.EOF ends the file:
// it is not the text it should be, or it exceeds a bound.
func (r *CSVReader) Next() (Record, error) {
	for {
		line, err := r.nextLine()
		if err != nil {
			return Record{}, err
		}
		if line == "" {
			continue
		}
		record, err := r.record(line)
		if err == nil && record.Fault == "" && len(record.Fields) != len(r.Header) {
			record.Fault = fmt.Sprintf("The line has %d fields, the header has %d.", len(record.Fields), len(r.Header))
		}
		return record, err
	}
}

// nextLine returns a line without its end; io.EOF when there is none.
func (r *CSVReader) nextLine() (string, error) {
	var line []byte
	for {
		part, err := r.in.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxRecordBytes {
			return "", refuse("too_long", "Line %d is longer than %d bytes.", r.line+1, MaxRecordBytes)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
			return "", err
		}
		break
	}
	r.line++
	if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
		return "", refuse("encoding", "Line %d is not UTF-8 text. Save the file as UTF-8.", r.line)
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

// record parses the record that begins with line; a quoted field may take more lines in.
func (r *CSVReader) record(line string) (Record, error) {
	record := Record{Line: r.line}
	size := 0
	for rest := line; ; {
		if len(record.Fields) == MaxFields {
			return record, refuse("too_many_fields", "Line %d has more than %d fields.", record.Line, MaxFields)
		}
		var field string
		var more bool
		if !strings.HasPrefix(rest, `"`) {
			field, rest, more = strings.Cut(rest, string(r.Delimiter))
		} else {
			text, after, err := r.quoted(rest[1:], &size)
			if errors.Is(err, io.EOF) {
				record.Fault = "A quote opened here is never closed."
				return record, nil
			}
			if err != nil {
				return record, err
			}
			field = text
			if more = strings.HasPrefix(after, string(r.Delimiter)); !more && after != "" {
				record.Fault = "There is text behind a closing quote."
				return record, nil
			}
			rest = strings.TrimPrefix(after, string(r.Delimiter))
		}
		record.Fields = append(record.Fields, field)
		if !more {
			return record, nil
		}
	}
}

// quoted reads up to the closing quote and returns what is behind it. io.EOF: the file ended first.
func (r *CSVReader) quoted(rest string, size *int) (string, string, error) {
	var field strings.Builder
	for {
		text, after, closed := strings.Cut(rest, `"`)
		field.WriteString(text)
		switch {
		case closed && strings.HasPrefix(after, `"`):
			field.WriteByte('"')
			rest = after[1:]
			continue
		case closed:
			return field.String(), after, nil
		}
		if *size += len(text) + 1; *size > MaxRecordBytes {
			return "", "", refuse("too_long", "The record that ends in line %d is longer than %d bytes.", r.line, MaxRecordBytes)
		}
		next, err := r.nextLine()
		if err != nil {
			return "", "", err
		}
		field.WriteByte('\n')
		rest = next
	}
}
