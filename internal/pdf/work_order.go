package pdf

import (
	"fmt"
	"image/color"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/signintech/gopdf"
)

// WorkOrder is an order as it goes to the machine on paper. All texts are as they are to be printed.
type WorkOrder struct {
	Company  string
	Heading  string // kind and number
	Title    string
	Running  string // of the foot
	Page     string // format of the foot: running, page, pages
	Date     time.Time
	Link     string // what the QR code leads to
	Facts    []Fact
	Texts    []Fact // titles and texts of any length
	Sections []Section
	Sign     []string // words below the lines that are to be filled in by hand
}

// Section is a titled table. Empty rows are for a pen.
type Section struct {
	Title   string
	Columns []Column
	Rows    [][]string
	Blank   int
	After   string // a sentence below it; may be empty
}

// Column is one of a section; a width of 0 takes what is left.
type Column struct {
	Title string
	Width float64
	Right bool
}

const (
	codeSize    = 30.0 // of the QR code, its white margin included
	codeTop     = margin - 3
	codeQuiet   = 4 // the white margin, in modules (ISO/IEC 18004)
	blankHeight = 8.0
	factWidth   = 38.0
	signGap     = 6.0
)

// Bytes sets the sheet.
func (o WorkOrder) Bytes() ([]byte, error) {
	d := newDocument(o.Heading, o.Company, o.Running, o.Date)
	d.foot = o.Page
	if err := d.code(pageWidth-margin-codeSize, codeTop, o.Link); err != nil {
		return nil, err
	}
	o.head(d)
	for _, text := range o.Texts {
		d.title(text.Name)
		d.paragraph(margin, text.Value)
		d.down(4)
	}
	for _, section := range o.Sections {
		section.print(d)
	}
	d.sign(o.Sign)
	return d.bytes()
}

// head leaves the QR code its place at the right.
func (o WorkOrder) head(d *document) {
	width := pageWidth - 2*margin - codeSize - gutter
	d.font(regular, bodySize)
	d.line(textHeight, o.Company)
	d.font(bold, bodySize)
	d.line(textHeight, o.Heading)
	d.font(bold, 15)
	for _, row := range d.rows(o.Title, width) {
		d.room(8)
		d.line(8, row)
	}
	if below := margin + codeSize; d.pdf.GetNumberOfPages() == 1 && d.pdf.GetY() < below {
		d.down(below - d.pdf.GetY())
	}
	for _, fact := range o.Facts {
		d.named(factWidth, fact.Name, fact.Value)
	}
	d.down(4)
}

// title sets the head of a part, which does not stay alone at the foot of a page.
func (d *document) title(text string) {
	d.room(7 + 2*textHeight)
	d.font(bold, 11)
	d.line(7, text)
	d.font(regular, bodySize)
}

func (s Section) print(d *document) {
	d.title(s.Title)
	widths := s.widths()
	d.font(bold, bodySize)
	for i, c := range s.Columns {
		d.cell(widths[i], 6, c.Title, gopdf.CellOption{Align: c.align(), Border: gopdf.Bottom})
	}
	d.down(7)
	d.font(regular, bodySize)
	for _, cells := range s.Rows {
		s.row(d, widths, cells)
	}
	for range s.Blank {
		d.room(blankHeight)
		d.cell(0, blankHeight, "", gopdf.CellOption{Border: gopdf.Bottom})
		d.down(blankHeight)
	}
	if s.After != "" {
		d.paragraph(margin, s.After)
	}
	d.down(5)
}

// row sets a row whose cells may take several lines, which stay on one page unless they are longer than that.
func (s Section) row(d *document, widths []float64, cells []string) {
	rows := make([][]string, len(cells))
	lines := 0
	for i, cell := range cells {
		rows[i] = d.rows(cell, widths[i]-gutter)
		lines = max(lines, len(rows[i]))
	}
	d.room(min(float64(lines)*textHeight, pageHeight-foot-margin))
	for line := range lines {
		d.room(textHeight)
		for i, c := range s.Columns {
			text := ""
			if line < len(rows[i]) {
				text = rows[i][line]
			}
			d.cell(widths[i], textHeight, text, gopdf.CellOption{Align: c.align()})
		}
		d.down(textHeight)
	}
	d.down(1)
}

func (c Column) align() int {
	if c.Right {
		return gopdf.Right
	}
	return gopdf.Left
}

func (s Section) widths() []float64 {
	widths := make([]float64, len(s.Columns))
	left := pageWidth - 2*margin
	for _, c := range s.Columns {
		left -= c.Width
	}
	for i, c := range s.Columns {
		widths[i] = c.Width
		if c.Width == 0 {
			widths[i] = left
		}
	}
	return widths
}

// sign draws a line above each word, side by side.
func (d *document) sign(words []string) {
	if len(words) == 0 || d.err != nil {
		return
	}
	const height = 22.0
	d.room(height)
	y := d.pdf.GetY() + height - 7
	width := (pageWidth - 2*margin - signGap*float64(len(words)-1)) / float64(len(words))
	d.font(regular, 8)
	for i, word := range words {
		x := margin + float64(i)*(width+signGap)
		d.pdf.Line(x, y, x+width, y)
		d.pdf.SetXY(x, y+1)
		d.cell(width, textHeight, word, gopdf.CellOption{})
	}
}

// code draws a QR code of codeSize with its upper left corner there.
func (d *document) code(x, y float64, text string) error {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("pdf: QR code: %w", err)
	}
	size := code.Bounds().Dx()
	module := codeSize / float64(size+2*codeQuiet)
	dark := func(column, row int) bool {
		if column == size {
			return false
		}
		gray, _ := color.GrayModel.Convert(code.At(column, row)).(color.Gray)
		return gray.Y < 128
	}
	d.pdf.SetFillColor(0, 0, 0)
	for row := range size {
		for column := 0; column < size; column++ {
			begin := column
			for dark(column, row) {
				column++
			}
			if column > begin {
				d.pdf.RectFromUpperLeftWithStyle(x+float64(begin+codeQuiet)*module, y+float64(row+codeQuiet)*module,
					float64(column-begin)*module, module, "F")
			}
		}
	}
	return nil
}
