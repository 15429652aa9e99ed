package stack

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRunForegroundPassesTheExitCodeOn(t *testing.T) {
	for script, want := range map[string]int{"exit 0": 0, "exit 7": 7, "kill -KILL $$": 137} {
		code, err := runForeground(t.Context(), []string{"/bin/sh", "-c", script}, os.Environ())
		require.NoError(t, err)
		require.Equal(t, want, code, script)
	}
	_, err := runForeground(t.Context(), []string{"/nonexistent/command"}, nil)
	require.ErrorContains(t, err, `run "/nonexistent/command"`)
}

func TestRunForegroundInterruptsTheCommandAndLeavesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	started := filepath.Join(t.TempDir(), "started")
	go func() {
		for {
			if _, err := os.Stat(started); err == nil || ctx.Err() != nil {
				cancel()
				return
			}
		}
	}()
	// A shell's background job ignores the interrupt.
	code, err := runForeground(ctx, []string{"/bin/sh", "-c", "sleep 600 & trap 'exit 9' INT; echo $! >" + started + ".new; mv " + started + ".new " + started + "; wait"}, os.Environ())
	require.NoError(t, err)
	require.Equal(t, 9, code)
	pid, err := os.ReadFile(started)
	require.NoError(t, err)
	sleeper, err := strconv.Atoi(strings.TrimSpace(string(pid)))
	require.NoError(t, err)
	requireGone(t, sleeper)
}

func TestSecretsAreMadeOnceForTheOwnerOnly(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secrets", "one")
	first, err := secretOf(file)
	require.NoError(t, err)
	require.Len(t, first, 26)
	again, err := secretOf(file)
	require.NoError(t, err)
	require.Equal(t, first, again)
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	folder, err := os.Stat(filepath.Dir(file))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), folder.Mode().Perm())
}
