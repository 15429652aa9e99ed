package pdf

import (
	"fmt"
	"time"

	"github.com/signintech/gopdf"
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
	align int
}{
	{"#", 9, gopdf.Left},
	{"", pageWidth - 2*margin - 9 - 24 - 26 - 24 - 26, gopdf.Left},
	{"Delivery", 24, gopdf.Left},
	{"Quantity", 26, gopdf.Right},
	{"Price", 24, gopdf.Right},
	{"Amount", 26, gopdf.Right},
}

const (
	textColumn = 1
	gutter     = 2.0
)

// Bytes sets the order. The same order gives the same bytes, so that storing it again changes nothing.
func (o PurchaseOrder) Bytes() ([]byte, error) {
	d := newDocument("Purchase order "+o.Number, o.Company, fmt.Sprintf("%s, purchase order %s", o.Company, o.Number), o.Date)
	o.head(d)
	o.table(d)
	o.end(d)
	return d.bytes()
}

func (o PurchaseOrder) head(d *document) {
	d.font(bold, 11)
	d.line(6, o.Company)
	d.down(12)
	d.font(regular, 10)
	for _, line := range o.Supplier {
		d.line(textHeight, line)
	}
	d.down(12)
	d.font(bold, 15)
	title := "Purchase order " + o.Number
	if o.Revision > 1 {
		title += fmt.Sprintf(", revision %d", o.Revision)
	}
	d.line(8, title)
	d.font(regular, bodySize)
	d.line(textHeight, "Date: "+o.Date.Format(time.DateOnly))
	if o.Contact != "" {
		d.line(textHeight, "Contact: "+o.Contact)
	}
	if o.Revision > 1 {
		d.line(textHeight, fmt.Sprintf("This takes the place of revision %d.", o.Revision-1))
	}
	d.down(5)
}

func (o PurchaseOrder) table(d *document) {
	d.font(bold, bodySize)
	for _, c := range columns {
		d.cell(c.width, 7, c.title, gopdf.CellOption{Align: c.align, Border: gopdf.Bottom})
	}
	d.down(8)
	d.font(regular, bodySize)
	for _, line := range o.Lines {
		line.print(d)
	}
}

// print sets a position. Its text may take several rows, which stay on one page.
func (l PurchaseOrderLine) print(d *document) {
	text := l.Text
	if l.Code != "" {
		text = l.Code + "  " + l.Text
	}
	rows := d.rows(text, columns[textColumn].width-gutter)
	d.room(float64(len(rows)) * textHeight)
	for i, row := range rows {
		cells := []string{"", row, "", "", "", ""}
		if i == 0 {
			cells = []string{fmt.Sprint(l.Line), row, l.Promised, l.Quantity + " " + l.Unit, l.Price, l.Amount}
		}
		for c, cell := range cells {
			d.cell(columns[c].width, textHeight, cell, gopdf.CellOption{Align: columns[c].align})
		}
		d.down(textHeight)
	}
	d.down(1)
}

func (o PurchaseOrder) end(d *document) {
	d.room(8)
	d.font(bold, bodySize)
	d.cell(0, 8, fmt.Sprintf("Total without tax  %s %s", o.Total, o.Currency), gopdf.CellOption{Align: gopdf.Right, Border: gopdf.Top})
	d.font(regular, bodySize)
	d.down(12)
	if o.Note != "" {
		d.paragraph(margin, o.Note)
		d.down(3)
	}
	d.paragraph(margin, "Please name the order's number "+o.Number+" on delivery note and invoice.")
}
