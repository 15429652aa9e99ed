package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"mainstay/internal/config"
)

// roleVariable makes the test program play a part of the stack instead of running tests.
const roleVariable = "MAINSTAY_STACK_TEST_ROLE"

// brokenVariable names the subcommand that fails.
const brokenVariable = "MAINSTAY_STACK_TEST_BROKEN"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "":
		os.Exit(m.Run())
	case "application":
		if err := playApplication(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "application:", err)
			os.Exit(1)
		}
	case "supervisor":
		if err := playSupervisor(); err != nil {
			fmt.Fprintln(os.Stderr, "supervisor:", err)
			os.Exit(1)
		}
	}
}

// playApplication stands for the application's binary: it touches what its settings name and serves its health.
func playApplication(args []string) error {
	subcommand := strings.Join(args, " ")
	if subcommand == os.Getenv(brokenVariable) {
		return errors.New(subcommand + " is broken")
	}
	switch subcommand {
	case "migrate":
		return execOn(os.Getenv("MAINSTAY_MIGRATE_DATABASE_URL"), "CREATE TABLE IF NOT EXISTS starts (n int); GRANT ALL ON starts TO mainstay_app")
	case "migrate --temporal":
		return nil
	case "demo load":
		return execOn(os.Getenv("MAINSTAY_MIGRATE_DATABASE_URL"), "CREATE TABLE people (); GRANT ALL ON people TO mainstay_app")
	case "api", "worker":
		if os.Getenv("MAINSTAY_DEMO") == "true" && os.Getenv(brokenVariable) == "" {
			if err := execOn(os.Getenv("MAINSTAY_DATABASE_URL"), "TABLE people"); err != nil {
				return fmt.Errorf("nobody can sign in yet: %w", err)
			}
		}
		if os.Getenv("MAINSTAY_MIGRATE_DATABASE_URL") != "" {
			return errors.New("the owner's login reached " + args[0])
		}
		return serveHealth(args[0])
	}
	return fmt.Errorf("unknown command %q", args)
}

func serveHealth(name string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := execOn(os.Getenv("MAINSTAY_DATABASE_URL"), "INSERT INTO starts VALUES (1)"); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", os.Getenv("MAINSTAY_OPS_ADDR"))
	if err != nil {
		return err
	}
	go http.Serve(listener, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) //nolint:errcheck // ends with the process
	slog.New(slog.NewJSONHandler(os.Stdout, nil)).Info("serving", "part", name)
	<-ctx.Done()
	return nil
}

func execOn(url, sql string) error {
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(context.Background(), sql)
	return errors.Join(err, conn.Close(context.Background()))
}

// playSupervisor runs a stack whose only own part is PostgreSQL, in a process that can be killed.
func playSupervisor() error {
	settings, err := config.Load(os.LookupEnv)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Up(ctx, UpOptions{Config: settings, Program: os.Getenv("MAINSTAY_STACK_TEST_PROGRAM"), Output: os.Stdout})
}

// lines collects output and lets a test wait for a text in it.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// program returns a script that runs the test program as the application.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	script := filepath.Join(t.TempDir(), "mainstay")
	text := "#!/bin/sh\n" + roleVariable + "=application exec '" + self + "' \"$@\"\n"
	require.NoError(t, os.WriteFile(script, []byte(text), 0o700))
	return script
}

// stackEnvironment returns the settings of a stack on free ports whose Temporal, S3 and mail are said to run elsewhere.
func stackEnvironment(t *testing.T, dataDir string) map[string]string {
	t.Helper()
	ports, err := FreePorts(3)
	require.NoError(t, err)
	return map[string]string{
		"MAINSTAY_DATA_DIR": dataDir, "MAINSTAY_DEMO": "false",
		"MAINSTAY_HTTP_ADDR": loopback(ports[0]), "MAINSTAY_OPS_ADDR": loopback(ports[1]), "MAINSTAY_POSTGRES_PORT": strconv.Itoa(ports[2]),
		"MAINSTAY_TEMPORAL_ADDRESS": "127.0.0.1:1", "MAINSTAY_S3_ENDPOINT": "http://127.0.0.1:1", "MAINSTAY_SMTP_URL": "smtp://127.0.0.1:1?tls=none",
	}
}

// runningStack is a supervisor in a process of its own.
type runningStack struct {
	cmd    *exec.Cmd
	output *lines
	done   chan struct{}
	err    error // valid once done is closed
}

// end returns how the supervisor ended.
func (s *runningStack) end() error {
	<-s.done
	return s.err
}

// kill ends the supervisor alone, as a crash does.
func (s *runningStack) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, s.cmd.Process.Kill())
	require.Error(t, s.end())
}

func startStack(t *testing.T, env map[string]string) *runningStack {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	// The test's context ends before the cleanup and would kill the supervisor, whose servers then still write while their folder goes.
	s := &runningStack{cmd: exec.CommandContext(context.WithoutCancel(t.Context()), self), output: &lines{}, done: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), roleVariable+"=supervisor", "MAINSTAY_STACK_TEST_PROGRAM="+program(t))
	for name, value := range env {
		s.cmd.Env = append(s.cmd.Env, name+"="+value)
	}
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	require.NoError(t, s.cmd.Start())
	go func() { s.err = s.cmd.Wait(); close(s.done) }()
	t.Cleanup(func() {
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		<-s.done
	})
	ready := func() bool { return strings.Contains(s.output.String(), "Mainstay is ready") }
	ended := func() bool {
		select {
		case <-s.done:
			return true
		default:
			return false
		}
	}
	require.Eventually(t, func() bool { return ready() || ended() }, time.Minute, 20*time.Millisecond, "%s", s.output)
	require.True(t, ready(), "%s", s.output)
	return s
}

func pidOf(t *testing.T, dataDir, name string) int {
	t.Helper()
	return livingPID(filepath.Join(dataDir, "run", name+".pid"))
}

func requireGone(t *testing.T, pids ...int) {
	t.Helper()
	for _, pid := range pids {
		require.Positive(t, pid)
		require.Eventually(t, func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }, time.Minute, 20*time.Millisecond)
	}
}

func TestUpStopsEverythingAndKeepsTheData(t *testing.T) {
	dataDir := filepath.Dir(clusterDir(t))
	env := stackEnvironment(t, dataDir)
	first := startStack(t, env)
	require.Contains(t, first.output.String(), "http://localhost:"+strings.TrimPrefix(env["MAINSTAY_HTTP_ADDR"], "127.0.0.1:"))
	require.Contains(t, first.output.String(), "INFO  serving part=api")
	pids := []int{pidOf(t, dataDir, "postgres"), pidOf(t, dataDir, "api"), pidOf(t, dataDir, "worker")}
	state := filepath.Join(dataDir, "run", "state.json")
	for _, name := range []string{"postgres", "api", "worker"} {
		part := partOf(t, state, name)
		require.Equal(t, PartReady, part.Status, name)
		require.Positive(t, part.Seconds, name)
	}
	require.NotEmpty(t, partOf(t, state, "postgres").Version)
	require.NoError(t, first.cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, first.end(), first.output)
	requireGone(t, pids...)
	require.NoFileExists(t, state)
	password, err := os.ReadFile(filepath.Join(dataDir, "admin-password"))
	require.NoError(t, err)
	require.Contains(t, first.output.String(), strings.TrimSpace(string(password)))

	second := startStack(t, env)
	settings, err := Running(dataDir)
	require.NoError(t, err)
	require.Equal(t, "4", query(t, settings["MAINSTAY_MIGRATE_DATABASE_URL"], "SELECT count(*)::text FROM starts"))
	require.Contains(t, second.output.String(), strings.TrimSpace(string(password)))
}

func TestUpLeavesNothingBehindWhenItIsKilled(t *testing.T) {
	dataDir := filepath.Dir(clusterDir(t))
	env := stackEnvironment(t, dataDir)
	first := startStack(t, env)
	pids := []int{pidOf(t, dataDir, "postgres"), pidOf(t, dataDir, "api"), pidOf(t, dataDir, "worker")}
	first.kill(t)
	startStack(t, env) // at once: it waits for what the killed one left
	requireGone(t, pids...)
}

func TestUpStartsAKilledChildAgain(t *testing.T) {
	dataDir := filepath.Dir(clusterDir(t))
	s := startStack(t, stackEnvironment(t, dataDir))
	for _, name := range []string{"api", "worker", "postgres"} {
		killed := pidOf(t, dataDir, name)
		require.NoError(t, syscall.Kill(killed, syscall.SIGKILL))
		require.Eventually(t, func() bool {
			pid := pidOf(t, dataDir, name)
			return pid != 0 && pid != killed
		}, time.Minute, 20*time.Millisecond, "%s", s.output)
	}
}

func TestTwoStacksRunSideBySide(t *testing.T) {
	one, two := filepath.Dir(clusterDir(t)), filepath.Dir(clusterDir(t))
	startStack(t, stackEnvironment(t, one))
	startStack(t, stackEnvironment(t, two))
	require.NotZero(t, pidOf(t, one, "api"))
	require.NotZero(t, pidOf(t, two, "api"))
}

func upOnce(t *testing.T, env map[string]string) error {
	t.Helper()
	for name, value := range env {
		t.Setenv(name, value)
	}
	settings, err := config.Load(os.LookupEnv)
	require.NoError(t, err)
	return Up(t.Context(), UpOptions{Config: settings, Program: program(t), Output: io.Discard})
}

func TestUpRefusesADataDirectoryThatIsInUse(t *testing.T) {
	dataDir := filepath.Dir(clusterDir(t))
	startStack(t, stackEnvironment(t, dataDir))
	require.ErrorContains(t, upOnce(t, stackEnvironment(t, dataDir)), "a stack already runs on "+dataDir)
}

func TestUpNamesEveryBusyPort(t *testing.T) {
	env := stackEnvironment(t, filepath.Dir(clusterDir(t)))
	for _, name := range []string{"MAINSTAY_HTTP_ADDR", "MAINSTAY_OPS_ADDR"} {
		taken, err := net.Listen("tcp", env[name])
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, taken.Close()) })
	}
	err := upOnce(t, env)
	require.ErrorContains(t, err, "set MAINSTAY_HTTP_ADDR to another address")
	require.ErrorContains(t, err, "set MAINSTAY_OPS_ADDR to another address")
}

func TestUpQuotesWhyASubcommandFailed(t *testing.T) {
	env := stackEnvironment(t, filepath.Dir(clusterDir(t)))
	env[brokenVariable] = "migrate"
	err := upOnce(t, env)
	require.ErrorContains(t, err, "mainstay migrate: exit status 1")
	require.ErrorContains(t, err, "migrate is broken")
}

func TestUpServesWithoutDemoData(t *testing.T) {
	dataDir := filepath.Dir(clusterDir(t))
	env := stackEnvironment(t, dataDir)
	env["MAINSTAY_DEMO"] = "true"
	require.NotContains(t, startStack(t, env).output.String(), "not loaded")

	dataDir = filepath.Dir(clusterDir(t))
	env = stackEnvironment(t, dataDir)
	env["MAINSTAY_DEMO"], env[brokenVariable] = "true", "demo load"
	require.Contains(t, startStack(t, env).output.String(), "the demo data was not loaded: mainstay demo load: exit status 1")
}

func TestLookupFindsTheRunningStack(t *testing.T) {
	dataDir := filepath.Dir(clusterDir(t))
	env := map[string]string{"MAINSTAY_DATA_DIR": dataDir, "OTHER": "kept"}
	lookup := func(name string) (string, bool) { v, ok := env[name]; return v, ok }
	_, found := Lookup(lookup)("MAINSTAY_DATABASE_URL")
	require.False(t, found)

	s := startStack(t, stackEnvironment(t, dataDir))
	url, found := Lookup(lookup)("MAINSTAY_DATABASE_URL")
	require.True(t, found)
	require.Equal(t, appLogin, query(t, url, "SELECT current_user::text"))
	other, _ := Lookup(lookup)("OTHER")
	require.Equal(t, "kept", other)

	env["DATABASE_URL"] = "postgres://elsewhere/mainstay"
	_, found = Lookup(lookup)("MAINSTAY_DATABASE_URL")
	require.False(t, found)
	delete(env, "DATABASE_URL")

	pids := []int{pidOf(t, dataDir, "postgres"), pidOf(t, dataDir, "api"), pidOf(t, dataDir, "worker")}
	s.kill(t)
	_, found = Lookup(lookup)("MAINSTAY_DATABASE_URL")
	require.False(t, found)
	requireGone(t, pids...) // before the folder they write to is removed
}

func TestRunningSaysThatNoneRuns(t *testing.T) {
	_, err := Running(t.TempDir())
	require.ErrorIs(t, err, os.ErrNotExist)
}
