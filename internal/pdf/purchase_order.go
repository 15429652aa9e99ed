package pdf

import (
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// PurchaseOrder is an order as its supplier reads it. All texts are as they are to be printed.
type PurchaseOrder struct {
	Company  string
	Number   string
	Revision int
	Supplier []string // lines of the address field
	Date     time.Time
	Contact  string // who ordered; may be empty
	Note     string
	Currency string
	Lines    []PurchaseOrderLine
	Total    string
}

// PurchaseOrderLine is one position.
type PurchaseOrderLine struct {
	Line     int
	Code     string // the supplier's own number, else ours; may be empty
	Text     string
	Promised string
	Quantity string
	Unit     string
	Price    string
	Amount   string
}

// columns are the table's widths; the text takes what is left.
var columns = []struct {
	title string
	width float64
	align string
}{
	{"#", 9, "L"},
	{"", 0, "L"},
	{"Delivery", 24, "L"},
	{"Quantity", 26, "R"},
	{"Price", 24, "R"},
	{"Amount", 26, "R"},
}

// Bytes sets the order. The same order gives the same bytes, so that storing it again changes nothing.
func (o PurchaseOrder) Bytes() ([]byte, error) {
	f := newDocument("Purchase order "+o.Number, o.Company, fmt.Sprintf("%s, purchase order %s", o.Company, o.Number), o.Date)
	o.head(f)
	o.table(f)
	o.end(f)
	return bytesOf(f)
}

func (o PurchaseOrder) head(f *fpdf.Fpdf) {
	f.SetFont(family, "B", 11)
	f.CellFormat(0, 6, o.Company, "", 1, "L", false, 0, "")
	f.Ln(12)
	f.SetFont(family, "", 10)
	for _, line := range o.Supplier {
		f.CellFormat(0, textHeight, line, "", 1, "L", false, 0, "")
	}
	f.Ln(12)
	f.SetFont(family, "B", 15)
	title := "Purchase order " + o.Number
	if o.Revision > 1 {
		title += fmt.Sprintf(", revision %d", o.Revision)
	}
	f.CellFormat(0, 8, title, "", 1, "L", false, 0, "")
	f.SetFont(family, "", bodySize)
	f.CellFormat(0, textHeight, "Date: "+o.Date.Format(time.DateOnly), "", 1, "L", false, 0, "")
	if o.Contact != "" {
		f.CellFormat(0, textHeight, "Contact: "+o.Contact, "", 1, "L", false, 0, "")
	}
	if o.Revision > 1 {
		f.CellFormat(0, textHeight, fmt.Sprintf("This takes the place of revision %d.", o.Revision-1), "", 1, "L", false, 0, "")
	}
	f.Ln(5)
}

func (o PurchaseOrder) table(f *fpdf.Fpdf) {
	widths := make([]float64, len(columns))
	left := pageWidth - 2*margin
	for i, c := range columns {
		widths[i] = c.width
		left -= c.width
	}
	widths[1] = left
	f.SetFont(family, "B", bodySize)
	for i, c := range columns {
		f.CellFormat(widths[i], 7, c.title, "B", 0, c.align, false, 0, "")
	}
	f.Ln(-1)
	f.SetFont(family, "", bodySize)
	for _, line := range o.Lines {
		line.print(f, widths)
	}
}

// print sets a position. Its text may take several rows, which stay on one page.
func (l PurchaseOrderLine) print(f *fpdf.Fpdf, widths []float64) {
	text := l.Text
	if l.Code != "" {
		text = l.Code + "  " + l.Text
	}
	rows := f.SplitText(text, widths[1])
	if len(rows) == 0 {
		rows = []string{""}
	}
	_, height := f.GetPageSize()
	if f.GetY()+float64(len(rows))*textHeight > height-foot {
		f.AddPage()
	}
	for i, row := range rows {
		cells := []string{"", row, "", "", "", ""}
		if i == 0 {
			cells = []string{fmt.Sprint(l.Line), row, l.Promised, l.Quantity + " " + l.Unit, l.Price, l.Amount}
		}
		for c, cell := range cells {
			f.CellFormat(widths[c], textHeight, cell, "", 0, columns[c].align, false, 0, "")
		}
		f.Ln(-1)
	}
	f.Ln(1)
}

func (o PurchaseOrder) end(f *fpdf.Fpdf) {
	f.SetFont(family, "B", bodySize)
	f.CellFormat(0, 8, fmt.Sprintf("Total without tax  %s %s", o.Total, o.Currency), "T", 1, "R", false, 0, "")
	f.SetFont(family, "", bodySize)
	f.Ln(4)
	if o.Note != "" {
		f.MultiCell(0, textHeight, o.Note, "", "L", false)
		f.Ln(3)
	}
	f.MultiCell(0, textHeight, "Please name the order's number "+o.Number+" on delivery note and invoice.", "", "L", false)
}
