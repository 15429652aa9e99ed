package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/internal/sheet"
)

func TestWritesAWorkbook(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w, err := sheet.NewXLSXWriter(&out)
	require.NoError(t, err)
	require.NoError(t, w.Write([]string{"code", "amount"}))
	require.NoError(t, w.Write([]string{"=1+1 <&> \x01", "-12.50"}))
	require.NoError(t, w.Write([]string{"007", "12345678901234567"}))
	require.NoError(t, w.Close())
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	require.NoError(t, err)
	require.Len(t, archive.File, 5)
	var parsed struct {
		Rows []struct {
			Cells []struct {
				Type  string `xml:"t,attr"`
				Value string `xml:"v"`
				Text  string `xml:"is>t"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	for _, part := range archive.File {
		file, err := part.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(file)
		require.NoError(t, err)
		require.NoError(t, xml.Unmarshal(text, new(struct{})), part.Name)
		if part.Name == "xl/worksheets/sheet1.xml" {
			require.NoError(t, xml.Unmarshal(text, &parsed))
		}
	}
	require.Len(t, parsed.Rows, 3)
	require.Equal(t, "=1+1 <&> \ufffd", parsed.Rows[1].Cells[0].Text)
	require.Equal(t, "-12.50", parsed.Rows[1].Cells[1].Value)
	require.Equal(t, "007", parsed.Rows[2].Cells[0].Text)
	require.Equal(t, "12345678901234567", parsed.Rows[2].Cells[1].Text)
}
