package pdf

import (
	"time"

	"codeberg.org/go-pdf/fpdf"
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
	title := "Restore drill " + d.ID
	f := newDocument(title, d.Company, title, d.Date)
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
	return bytesOf(f)
}

// row sets a name and beside it a text of any length, whose words too long for a line are broken.
func row(f *fpdf.Fpdf, width float64, name, text string) {
	f.SetFont(family, "B", bodySize)
	f.CellFormat(width, textHeight, name, "", 0, "L", false, 0, "")
	f.SetFont(family, "", bodySize)
	f.MultiCell(0, textHeight, text, "", "L", false)
}
