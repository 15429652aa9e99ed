package activities

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestWordsOfALongErrorCanBeStored(t *testing.T) {
	t.Parallel()
	text := words(errors.New("x" + strings.Repeat("é", 1000)))
	require.True(t, utf8.ValidString(text))
	require.Equal(t, "x"+strings.Repeat("é", 499), text)
	require.Equal(t, "ab\nc", words(errors.New("a\x00\x1bb\xff\nc")), "what a wrong key opens")
}
