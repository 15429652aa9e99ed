package pdf

import (
	"time"

	"github.com/signintech/gopdf"
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
func (r RestoreDrill) Bytes() ([]byte, error) {
	title := "Restore drill " + r.ID
	d := newDocument(title, r.Company, title, r.Date)
	d.font(bold, 15)
	d.line(8, "Restore drill: "+r.Verdict)
	d.font(regular, bodySize)
	d.line(textHeight, r.Company)
	d.down(5)
	for _, fact := range r.Facts {
		d.named(42, fact.Name, fact.Value)
	}
	d.down(5)
	d.font(bold, bodySize)
	d.cell(0, 7, "Checks", gopdf.CellOption{Border: gopdf.Bottom})
	d.down(8)
	for _, check := range r.Checks {
		d.named(62, check.Verdict+"  "+check.Name, check.Detail)
	}
	return d.bytes()
}

// named sets a name and beside it a text of any length.
func (d *document) named(width float64, name, text string) {
	d.room(textHeight)
	d.font(bold, bodySize)
	d.cell(width, textHeight, name, gopdf.CellOption{})
	d.font(regular, bodySize)
	d.paragraph(margin+width, text)
}
