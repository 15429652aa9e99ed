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

func TestADumpTellsWhatTheReleaseIsMadeOf(t *testing.T) {
	t.Parallel()
	release := func(o Operations) string {
		in, err := o.installation()
		require.NoError(t, err)
		require.Equal(t, "release.json", in.Files[1].Name)
		return string(in.Files[1].Content)
	}
	text := release(Operations{Version: "1.2.3", Image: "registry.example/mainstay@sha256:00ff", WebLockFile: []byte("abc")})
	require.Contains(t, text, `"image": "registry.example/mainstay@sha256:00ff"`)
	require.Contains(t, text, `"package_lock_sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`)
	require.NotContains(t, release(Operations{}), "package_lock", "a worker without the frontend has none")
}
