package pdf_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/internal/pdf"
)

func order(lines int) pdf.PurchaseOrder {
	o := pdf.PurchaseOrder{
		Company: "Hartstein Quarries", Number: "PO-000042", Revision: 2, Supplier: []string{"Łożyska Śląsk Sp. z o.o.", "orders@example.com"},
		Date: time.Date(2030, 3, 31, 8, 0, 0, 0, time.UTC), Contact: "Bea Buyer", Note: "Gate 3, before noon.", Currency: "EUR", Total: "1234.50",
	}
	for n := range lines {
		o.Lines = append(o.Lines, pdf.PurchaseOrderLine{
			Line: n + 1, Code: "BRG-1", Text: strings.Repeat("Spherical roller bearing ", 6), Promised: "2030-04-14", Quantity: "2", Unit: "pc",
			Price: "12.50", Amount: "25.00",
		})
	}
	return o
}

func TestPurchaseOrderIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	first, err := order(3).Bytes()
	require.NoError(t, err)
	again, err := order(3).Bytes()
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, again), "a document that is stored again is the document that is there")
	require.True(t, bytes.HasPrefix(first, []byte("%PDF-")))
	require.True(t, bytes.HasSuffix(bytes.TrimSpace(first), []byte("%%EOF")))

	other := order(3)
	other.Total = "1.00"
	changed, err := other.Bytes()
	require.NoError(t, err)
	require.False(t, bytes.Equal(first, changed))
}

func TestPurchaseOrderTakesAsManyPagesAsItNeeds(t *testing.T) {
	t.Parallel()
	one, err := order(1).Bytes()
	require.NoError(t, err)
	require.Equal(t, 1, pages(one))
	many, err := order(200).Bytes()
	require.NoError(t, err)
	require.Greater(t, pages(many), 10)
}

func TestPurchaseOrderIsSetWhateverItSays(t *testing.T) {
	t.Parallel()
	o := order(1)
	o.Supplier, o.Contact = nil, ""
	o.Lines[0].Text = strings.Repeat("unbroken", 40) + "\tvalve 漢字\u200b\r\n\n"
	o.Note = strings.Repeat("row\n", 200)
	set, err := o.Bytes()
	require.NoError(t, err)
	require.Greater(t, pages(set), 3, "a note of two hundred rows goes on over the pages")

	o.Lines[0].Text, o.Lines[0].Code, o.Note = "", "", ""
	set, err = o.Bytes()
	require.NoError(t, err)
	require.Equal(t, 1, pages(set))
}

// pages counts the pages of a document.
func pages(document []byte) int {
	return len(regexp.MustCompile(`/Type /Page\b[^s]`).FindAll(document, -1))
}
