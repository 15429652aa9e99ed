package blob

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func hexSum(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestCheckedReaderPassesWhatWasAnnounced(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("0123456789", 5000)} {
		for _, want := range []Content{
			{Size: int64(len(text)), SHA256: hexSum(text)},
			{Size: int64(len(text)), SHA256: strings.ToUpper(hexSum(text))},
			{Size: int64(len(text))},
			{Size: Unknown, SHA256: hexSum(text)},
			{Size: Unknown},
		} {
			for _, from := range []io.Reader{
				strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text)),
			} {
				reader := newCheckedReader(from, want)
				have, err := io.ReadAll(reader)
				require.NoError(t, err)
				require.Equal(t, text, string(have))
				require.Equal(t, int64(len(text)), reader.read)
				require.Equal(t, hexSum(text), reader.sum())
			}
		}
	}
}

func TestCheckedReaderHoldsTheEndOfWrongContentBack(t *testing.T) {
	text := strings.Repeat("0123456789", 5000)
	size := int64(len(text))
	for name, want := range map[string]Content{
		"longer":                     {Size: size - 1},
		"longer, the right hash":     {Size: size - 1, SHA256: hexSum(text[:size-1])},
		"shorter":                    {Size: size + 1},
		"not empty":                  {Size: 0, SHA256: hexSum("")},
		"another hash":               {Size: size, SHA256: hexSum("x")},
		"another hash, unknown size": {Size: Unknown, SHA256: hexSum("x")},
	} {
		for _, from := range []io.Reader{
			strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text)),
		} {
			reader := newCheckedReader(from, want)
			have, err := io.ReadAll(reader)
			require.Equal(t, models.CodeInvalid, models.ErrorCode(err), name)
			require.ErrorIs(t, reader.fault, err)
			if want.Size > 0 {
				require.Less(t, int64(len(have)), want.Size, name)
			}
			n, again := reader.Read(make([]byte, 10))
			require.Zero(t, n)
			require.Equal(t, err, again)
		}
	}
}

func TestCheckedReaderPassesFailuresOn(t *testing.T) {
	lost := errors.New("connection lost")
	for _, from := range []io.Reader{
		iotest.ErrReader(lost), io.MultiReader(strings.NewReader("0123456789"), iotest.ErrReader(lost)),
	} {
		_, err := io.Copy(&bytes.Buffer{}, newCheckedReader(from, Content{Size: 10}))
		require.ErrorIs(t, err, lost)
	}
}
