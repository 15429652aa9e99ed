package stack

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConsoleJoinsWholeLines(t *testing.T) {
	var screen strings.Builder
	c := &console{out: &screen}
	api, worker := c.named("api"), c.named("worker")
	for _, w := range []struct {
		to   io.Writer
		text string
	}{{api, "one\ntw"}, {worker, "other\n"}, {api, "o\n\nthree"}} {
		_, err := io.WriteString(w.to, w.text)
		require.NoError(t, err)
	}
	c.say("ready")
	require.Equal(t, "     api | one\n  worker | other\n     api | two\n     api | \nmainstay | ready\n", screen.String())
}

func TestConsoleHidesChildrenOnceMuted(t *testing.T) {
	var screen strings.Builder
	c := &console{out: &screen}
	c.mute()
	_, err := io.WriteString(c.named("temporal"), "connection refused\n")
	require.NoError(t, err)
	c.say("stopped")
	require.Equal(t, "mainstay | stopped\n", screen.String())
}

func TestReadableTurnsOnlyLogRecordsIntoWords(t *testing.T) {
	require.Equal(t, "WARN  late count=2 duration=1.23ms part=relay", readable([]byte(`{"level":"WARN","msg":"late","part":"relay","count":2,"duration":1229000}`)))
	for _, line := range []string{`{"level":"WARN"`, `{"some":"thing"}`, "plain", "", "[1]"} {
		require.Equal(t, line, readable([]byte(line)))
	}
}

func TestLogFileStaysBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs", "api.log")
	first, err := openLogFile(path)
	require.NoError(t, err)
	_, err = first.Write(make([]byte, maxLogBytes-1))
	require.NoError(t, err)

	second, err := openLogFile(path) // the next start goes on with the same file
	require.NoError(t, err)
	_, err = io.WriteString(second, "new\n")
	require.NoError(t, err)
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "new\n", string(now))
	old, err := os.Stat(path + ".1")
	require.NoError(t, err)
	require.Equal(t, int64(maxLogBytes-1), old.Size())
}

func TestTailKeepsTheEnd(t *testing.T) {
	tail := &tailWriter{}
	for range 3 {
		_, err := io.WriteString(tail, strings.Repeat("x", tailBytes))
		require.NoError(t, err)
	}
	_, err := io.WriteString(tail, "the end\n")
	require.NoError(t, err)
	require.Less(t, len(tail.String()), tailBytes)
	require.True(t, strings.HasSuffix(tail.String(), "xthe end"))
}
