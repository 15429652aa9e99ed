package sheet_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/internal/sheet"
	"mainstay/models"
)

func readAll(t *testing.T, text string, delimiter byte) (*sheet.CSVReader, []sheet.Record, error) {
	t.Helper()
	r, err := sheet.NewCSVReader(strings.NewReader(text), delimiter)
	if err != nil {
		return nil, nil, err
	}
	var records []sheet.Record
	for {
		record, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r, records, nil
		}
		if err != nil {
			return r, records, err
		}
		records = append(records, record)
	}
}

func TestReadsQuotesBreaksAndBlankLines(t *testing.T) {
	t.Parallel()
	r, records, err := readAll(t, "\ufeffcode,name\r\nP-1,\"Pump, \"\"big\"\"\nsecond line\"\r\n\r\nP-2,\n", 0)
	require.NoError(t, err)
	require.Equal(t, []string{"code", "name"}, r.Header)
	require.Equal(t, []sheet.Record{
		{Line: 2, Fields: []string{"P-1", "Pump, \"big\"\nsecond line"}},
		{Line: 5, Fields: []string{"P-2", ""}},
	}, records)
}

func TestFindsTheDelimiter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]byte{"a,b\n": ',', "a;b;\"x,y,z\"\n": ';', "a\tb\n": '\t', "one\n": ','} {
		r, _, err := readAll(t, text, 0)
		require.NoError(t, err)
		require.Equal(t, string(want), string(r.Delimiter), text)
	}
	r, _, err := readAll(t, "a,b;c\n", ';')
	require.NoError(t, err)
	require.Equal(t, []string{"a,b", "c"}, r.Header)
}

func TestARecordAtFaultNamesItsLineAndTheNextIsRead(t *testing.T) {
	t.Parallel()
	_, records, err := readAll(t, "a,b\n1\n\"x\"y,2\n3,4\n5,\"never closed\n6,7\n", 0)
	require.NoError(t, err)
	require.Len(t, records, 4)
	require.Contains(t, records[0].Fault, "has 1 fields")
	require.Equal(t, 2, records[0].Line)
	require.Contains(t, records[1].Fault, "behind a closing quote")
	require.Equal(t, sheet.Record{Line: 4, Fields: []string{"3", "4"}}, records[2])
	require.Equal(t, 5, records[3].Line)
	require.Contains(t, records[3].Fault, "never closed")
}

func TestRefusesWhatIsNoCSV(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, code string }{
		"empty":      {"", "empty"},
		"utf-16":     {"\xff\xfea\x00", "encoding"},
		"latin-1":    {"code,name\nP-1,K\xf6ln\n", "encoding"},
		"nul":        {"code,name\nP-1,\x00\n", "encoding"},
		"workbook":   {"PK\x03\x04rest", "format"},
		"twice":      {"code,code\n", "header"},
		"cr alone":   {"code,name\rP-1,x\r", "header"},
		"open quote": {"\"code,name\nP-1,x\n", "header"},
		"long line":  {"code\n" + strings.Repeat("x", sheet.MaxRecordBytes+1) + "\n", "too_long"},
		"long quote": {"code\n\"" + strings.Repeat("x\n", sheet.MaxRecordBytes), "too_long"},
		"fields":     {"code\n" + strings.Repeat(",", sheet.MaxFields) + "\n", "too_many_fields"},
	} {
		_, _, err := readAll(t, c.text, 0)
		known := models.AsError(err)
		require.NotNil(t, known, name)
		require.Equal(t, models.CodeInvalid, known.Code, name)
		require.Equal(t, "/file", known.Fields[0].Pointer, name)
		require.Equal(t, c.code, known.Fields[0].Code, name)
	}
}
