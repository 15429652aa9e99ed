package pdf

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// RestoreDrill is the evidence of a drill as an auditor reads it. All texts are as they are to be printed.
type RestoreDrill struct {
	Company string
	ID      string
	Verdict string
	Date    time.Time
	Facts   []Fact
	Checks  []Check
}

// Fact is a named value.
type Fact struct{ Name, Value string }

// Check is one thing that was looked at.
type Check struct{ Verdict, Name, Detail string }

// Bytes sets the evidence. The same evidence gives the same bytes.
func (d RestoreDrill) Bytes() ([]byte, error) {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(d.Date.UTC())
	f.SetModificationDate(d.Date.UTC())
	f.SetTitle("Restore drill "+d.ID, true)
	f.SetAuthor(d.Company, true)
	f.SetProducer("Mainstay", true)
	f.AddUTF8FontFromBytes(family, "", goregular.TTF)
	f.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(true, foot)
	f.AliasNbPages("{pages}")
	f.SetFooterFunc(func() {
		f.SetY(-15)
		f.SetFont(family, "", 8)
		f.CellFormat(0, textHeight, fmt.Sprintf("Restore drill %s, page %d of {pages}", d.ID, f.PageNo()), "", 0, "C", false, 0, "")
	})
	f.AddPage()
	f.SetFont(family, "B", 15)
	f.CellFormat(0, 8, "Restore drill: "+d.Verdict, "", 1, "L", false, 0, "")
	f.SetFont(family, "", bodySize)
	f.CellFormat(0, textHeight, d.Company, "", 1, "L", false, 0, "")
	f.Ln(5)
	for _, fact := range d.Facts {
		row(f, 42, fact.Name, fact.Value)
	}
	f.Ln(5)
	f.SetFont(family, "B", bodySize)
	f.CellFormat(0, 7, "Checks", "B", 1, "L", false, 0, "")
	for _, check := range d.Checks {
		f.SetFont(family, "", bodySize)
		row(f, 62, check.Verdict+"  "+check.Name, check.Detail)
	}
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("pdf: restore drill: %w", err)
	}
	return out.Bytes(), nil
}

// row sets a name and beside it a text of any length, whose words too long for a line are broken.
func row(f *fpdf.Fpdf, width float64, name, text string) {
	f.SetFont(family, "B", bodySize)
	f.CellFormat(width, textHeight, name, "", 0, "L", false, 0, "")
	f.SetFont(family, "", bodySize)
	f.MultiCell(0, textHeight, text, "", "L", false)
}
