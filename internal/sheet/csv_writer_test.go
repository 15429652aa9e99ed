package sheet_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/internal/sheet"
)

func TestWritesNoFormulas(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	w := sheet.NewCSVWriter(&out)
	require.NoError(t, w.Write([]string{"=1+1", "+A1", "-2+3", "@SUM(A1)", "\tx", "\ry", "-12.50", "a=b", "say \"hi\", twice"}))
	require.NoError(t, w.Close())
	require.Equal(t, "'=1+1,'+A1,'-2+3,'@SUM(A1),'\tx,\"'\ry\",-12.50,a=b,\"say \"\"hi\"\", twice\"\n", out.String())
}
