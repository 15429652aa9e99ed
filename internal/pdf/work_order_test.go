package pdf_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/internal/pdf"
)

func workOrder(comments int) pdf.WorkOrder {
	o := pdf.WorkOrder{
		Company: "Hartstein Quarries", Heading: "Auftrag WO-000042", Title: strings.Repeat("Förderband spannen ", 8), Running: "WO-000042",
		Page: "%s, Seite %d von %d", Date: time.Date(2030, 3, 31, 8, 0, 0, 0, time.UTC), Link: "https://mainstay.example/work-orders/1",
		Facts: []pdf.Fact{{Name: "Anlage", Value: "CV-301 Band"}}, Texts: []pdf.Fact{{Name: "Was zu tun ist", Value: "Band spannen.\n\nSpiel prüfen."}},
		Sections: []pdf.Section{{Title: "Stunden", Columns: []pdf.Column{{Title: "Tag", Width: 40}, {Title: "Person"}}, Blank: 3}},
		Sign:     []string{"Ausgeführt von", "Datum", "Unterschrift"},
	}
	said := pdf.Section{Title: "Kommentare", Columns: []pdf.Column{{Title: "Wann", Width: 40}, {Title: "Kommentar"}}, After: "Mehr."}
	for range comments {
		said.Rows = append(said.Rows, []string{"31.03.2030", strings.Repeat("Das Band läuft schief. ", 20)})
	}
	o.Sections = append(o.Sections, said)
	return o
}

func TestWorkOrderIsSetWhateverItSays(t *testing.T) {
	t.Parallel()
	sheet, err := workOrder(1).Bytes()
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(sheet, []byte("%PDF-")))
	require.Equal(t, 1, pages(sheet))
	require.Greater(t, bytes.Count(sheet, []byte(" re f")), 100, "the QR code is drawn")

	long := workOrder(60)
	long.Sections[1].Rows[0][1] = strings.Repeat("line\n", 200)
	sheet, err = long.Bytes()
	require.NoError(t, err)
	require.Greater(t, pages(sheet), 5)

	bare := pdf.WorkOrder{Heading: "WO-000042", Page: "%s %d/%d", Link: "x"}
	sheet, err = bare.Bytes()
	require.NoError(t, err)
	require.Equal(t, 1, pages(sheet))
	bare.Link = strings.Repeat("too long for a QR code ", 300)
	_, err = bare.Bytes()
	require.Error(t, err)
}
