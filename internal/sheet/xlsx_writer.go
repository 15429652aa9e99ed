package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"io"
	"strings"
	"unicode/utf8"
)

// XLSXWriter writes a workbook of one sheet (ECMA-376, transitional) in one pass: nothing is held but the row at hand. Cells are
// inline strings or numbers, so no text is ever a formula.
type XLSXWriter struct {
	zip   *zip.Writer
	sheet *bufio.Writer
	rows  int
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	maxRows   = 1_048_576 // of a sheet
	cellChars = 32_767
)

var workbookParts = [][2]string{
	{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
	{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Export" sheetId="1" r:id="rId1"/></sheets></workbook>`},
}

// NewXLSXWriter writes to w; Close ends the workbook.
func NewXLSXWriter(w io.Writer) (*XLSXWriter, error) {
	x := &XLSXWriter{zip: zip.NewWriter(w)}
	for _, part := range workbookParts {
		file, err := x.zip.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(file, part[1]); err != nil {
			return nil, err
		}
	}
	file, err := x.zip.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	x.sheet = bufio.NewWriter(file)
	_, err = x.sheet.WriteString(xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	return x, err
}

// Write adds a row. A sheet holds 1,048,576 rows; one more is an error.
func (x *XLSXWriter) Write(fields []string) error {
	if x.rows++; x.rows > maxRows {
		return refuse("too_many_rows", "A sheet holds %d rows: export as CSV, or filter.", maxRows)
	}
	_, _ = x.sheet.WriteString("<row>") // a bufio.Writer keeps its first error for the last call
	for _, field := range fields {
		x.cell(field)
	}
	_, err := x.sheet.WriteString("</row>")
	return err
}

// cell writes numbers as numbers as far as a spreadsheet keeps all their digits.
func (x *XLSXWriter) cell(text string) {
	if plainNumber.MatchString(text) && len(text) <= 15 && !leadingZero(text) {
		_, _ = x.sheet.WriteString("<c><v>" + text + "</v></c>")
		return
	}
	_, _ = x.sheet.WriteString(`<c t="inlineStr"><is><t xml:space="preserve">`)
	_ = xml.EscapeText(x.sheet, []byte(shortened(text)))
	_, _ = x.sheet.WriteString("</t></is></c>")
}

// leadingZero tells codes such as 007 from numbers.
func leadingZero(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	return len(digits) > 1 && digits[0] == '0' && digits[1] != '.'
}

func shortened(text string) string {
	if utf8.RuneCountInString(text) <= cellChars {
		return text
	}
	return string([]rune(text)[:cellChars])
}

// Close ends the workbook; the writer below stays open.
func (x *XLSXWriter) Close() error {
	if _, err := x.sheet.WriteString("</sheetData></worksheet>"); err != nil {
		return err
	}
	if err := x.sheet.Flush(); err != nil {
		return err
	}
	return x.zip.Close()
}
