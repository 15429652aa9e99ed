package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode"

	"github.com/signintech/gopdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// The page: A4 in millimetres; fonts are in points.
const (
	regular    = "regular"
	bold       = "bold"
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 20.0
	foot       = 22.0
	textHeight = 5.0
	bodySize   = 9.5
	lineWidth  = 0.2
)

// fonts are parsed once, by the first document: that takes longer than to set an order.
var fonts = sync.OnceValue(func() *gopdf.FontContainer {
	var c gopdf.FontContainer
	o := gopdf.TtfOption{OnGlyphNotFoundSubstitute: substitute}
	if err := errors.Join(c.AddTTFFontDataWithOption(regular, goregular.TTF, o), c.AddTTFFontDataWithOption(bold, gobold.TTF, o)); err != nil {
		panic(err) // the fonts are compiled in
	}
	return &c
})

// substitute stands for what the fonts have no sign for: a reader has to see that something is missing, but a tab is only room.
func substitute(r rune) rune {
	if unicode.IsGraphic(r) && !unicode.IsSpace(r) {
		return '?'
	}
	return ' '
}

// document is written from the top downwards. Its first error stays: what comes after it does nothing, and bytes returns it.
type document struct {
	pdf     gopdf.GoPdf
	running string
	foot    string // its format: running, page, pages
	err     error
}

// newDocument opens the first page. Each page ends with running, the words of its foot, and the page's number; date stands for the moment
// of setting, so that the same document gives the same bytes.
func newDocument(title, author, running string, date time.Time) *document {
	d := &document{running: running, foot: "%s, page %d of %d"}
	d.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4, Unit: gopdf.UnitMM})
	d.pdf.SetNoCompression() // of a page's text alone: it is little beside the fonts, and a tenth of the time
	d.pdf.SetInfo(gopdf.PdfInfo{Title: title, Author: author, Producer: "Mainstay", CreationDate: date.UTC()})
	d.pdf.SetMargins(margin, margin, margin, foot)
	d.err = errors.Join(d.pdf.AddTTFFontFromFontContainer(regular, fonts()), d.pdf.AddTTFFontFromFontContainer(bold, fonts()))
	d.addPage()
	return d
}

func (d *document) addPage() {
	d.pdf.AddPage()
	d.pdf.SetLineWidth(lineWidth)
}

func (d *document) font(family string, size float64) {
	if d.err == nil {
		d.err = d.pdf.SetFont(family, "", size)
	}
}

// cell sets one row of text in a box and goes to its right end. A width of 0 reaches to the right margin.
func (d *document) cell(width, height float64, text string, look gopdf.CellOption) {
	if d.err != nil {
		return
	}
	if width == 0 {
		width = pageWidth - margin - d.pdf.GetX()
	}
	look.Align |= gopdf.Middle
	d.err = d.pdf.CellWithOption(&gopdf.Rect{W: width, H: height}, text, look)
}

// line sets one row of text from margin to margin and goes below it.
func (d *document) line(height float64, text string) {
	d.cell(0, height, text, gopdf.CellOption{})
	d.down(height)
}

// down goes to the left margin, further down.
func (d *document) down(by float64) { d.pdf.Br(by) }

// rows breaks a text at its line ends and into rows of a width; words too long for a row are broken as well. It gives at least one row.
func (d *document) rows(text string, width float64) []string {
	if d.err != nil || text == "" {
		return []string{""}
	}
	var rows []string
	rows, d.err = d.pdf.SplitTextWithWordWrap(text, width)
	return rows
}

// room opens a page when less than a height is left on this one.
func (d *document) room(height float64) {
	if d.pdf.GetY()+height > pageHeight-foot {
		d.addPage()
	}
}

// paragraph sets a text of any length from a column to the right margin and goes below it.
func (d *document) paragraph(left float64, text string) {
	for _, row := range d.rows(text, pageWidth-margin-left) {
		d.room(textHeight)
		d.pdf.SetX(left)
		d.line(textHeight, row)
	}
}

// bytes sets the foot of each page, whose number of pages is known by now, and ends the document.
func (d *document) bytes() ([]byte, error) {
	d.font(regular, 8)
	pages := d.pdf.GetNumberOfPages()
	for page := 1; page <= pages && d.err == nil; page++ {
		d.err = d.pdf.SetPage(page)
		d.pdf.SetXY(margin, pageHeight-15)
		d.cell(0, textHeight, fmt.Sprintf(d.foot, d.running, page, pages), gopdf.CellOption{Align: gopdf.Center})
	}
	if d.err != nil {
		return nil, fmt.Errorf("pdf: %w", d.err)
	}
	var out bytes.Buffer
	if _, err := d.pdf.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return out.Bytes(), nil
}
