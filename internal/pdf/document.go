package pdf

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

// The page: A4 in millimetres.
const (
	family     = "go"
	pageWidth  = 210.0
	margin     = 20.0
	foot       = 22.0
	textHeight = 5.0
	bodySize   = 9.5
)

// newDocument opens the first page. Each page ends with running, the words of its foot, and the page's number; date stands for the moment
// of setting, so that the same document gives the same bytes.
func newDocument(title, author, running string, date time.Time) *fpdf.Fpdf {
	f := fpdf.New("P", "mm", "A4", "")
	f.SetCatalogSort(true)
	f.SetCreationDate(date.UTC())
	f.SetModificationDate(date.UTC())
	f.SetTitle(title, true)
	f.SetAuthor(author, true)
	f.SetProducer("Mainstay", true)
	f.AddUTF8FontFromBytes(family, "", goregular.TTF)
	f.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(true, foot)
	f.AliasNbPages("{pages}")
	f.SetFooterFunc(func() {
		f.SetY(-15)
		f.SetFont(family, "", 8)
		f.CellFormat(0, textHeight, fmt.Sprintf("%s, page %d of {pages}", running, f.PageNo()), "", 0, "C", false, 0, "")
	})
	f.AddPage()
	return f
}

func bytesOf(f *fpdf.Fpdf) ([]byte, error) {
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return out.Bytes(), nil
}
