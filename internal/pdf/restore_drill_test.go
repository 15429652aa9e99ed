package pdf_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/internal/pdf"
)

func TestRestoreDrillIsSetTheSameEachTime(t *testing.T) {
	drill := pdf.RestoreDrill{
		Company: "Kieswerk Süd", ID: "0198", Verdict: "fail", Date: time.Date(2026, 3, 1, 4, 0, 0, 0, time.UTC),
		Facts:  []pdf.Fact{{Name: "SHA-256", Value: strings.Repeat("0123456789abcdef", 4)}},
		Checks: []pdf.Check{{Verdict: "fail", Name: "object", Detail: strings.Repeat("It has 3 bytes, the manifest says 5. ", 60)}},
	}
	once, err := drill.Bytes()
	require.NoError(t, err)
	twice, err := drill.Bytes()
	require.NoError(t, err)
	require.Equal(t, once, twice)
	require.True(t, bytes.HasPrefix(once, []byte("%PDF-")))
	drill.Checks[0].Detail = "Another."
	other, err := drill.Bytes()
	require.NoError(t, err)
	require.NotEqual(t, once, other)
}
