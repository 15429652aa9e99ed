package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHashSourceFollowsWhatIsCompiled(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
		hash, err := hashSource(dir)
		require.NoError(t, err)
		return hash
	}
	first := write("main.go", "package main")
	require.Len(t, first, 16)
	require.Equal(t, first, write("main_test.go", "package main"))
	require.NotEqual(t, first, write("main.go", "package main // changed"))
	require.Equal(t, first, write("main.go", "package main"))
	require.NotEqual(t, first, write("go.sum", ""))
}

func TestForgetUnusedKeepsWhatIsInUse(t *testing.T) {
	cache := t.TempDir()
	place := func(name string, age time.Duration) string {
		path := filepath.Join(cache, name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Chtimes(path, time.Now().Add(-age), time.Now().Add(-age)))
		return path
	}
	old := place("devstack-0123456789abcdef", unusedFor+time.Hour)
	recent := place("devstack-fedcba9876543210", unusedFor-time.Hour)
	other := place("devstack-lite-0123456789abcdef", unusedFor+time.Hour)
	touched := place("devstack-aaaaaaaaaaaaaaaa", unusedFor+time.Hour)
	require.True(t, inUse(touched))
	require.False(t, inUse(filepath.Join(cache, "devstack-bbbbbbbbbbbbbbbb")))

	forgetUnused(cache, "devstack")
	require.NoFileExists(t, old)
	require.FileExists(t, recent)
	require.FileExists(t, other)
	require.FileExists(t, touched)
}

func TestReportProgressSpeaksNowAndThen(t *testing.T) {
	var said []string
	var lines strings.Builder
	for i := range 100 {
		fmt.Fprintf(&lines, "example.com/package%d\n", i)
	}
	reportProgress(strings.NewReader(lines.String()), "devstack", 100, nowAndThen(func(line string) { said = append(said, line) }))
	require.Len(t, said, reportEvery-1)
	require.Equal(t, "building devstack: 5 of 100 packages, about a minute left", said[0])

	reportProgress(strings.NewReader("one\ntwo\n"), "devstack", 2, nowAndThen(func(line string) { require.Fail(t, line) }))
}

func TestMinutesRoundUp(t *testing.T) {
	require.Equal(t, "a minute", minutes(59*time.Second))
	require.Equal(t, "2 minutes", minutes(61*time.Second))
	require.Equal(t, "5 minutes", minutes(5*time.Minute))
}

func TestFindSourceFromInsideTheCheckout(t *testing.T) {
	source, err := findSource()
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(source, "main.go"))
}
