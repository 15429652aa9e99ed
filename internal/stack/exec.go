package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/mattn/go-isatty"
	"golang.org/x/sync/errgroup"
)

// ExecOptions says what [Exec] runs and on what.
type ExecOptions struct {
	// Command and its arguments; at least one.
	Command []string
	// Durable relaxes nothing and keeps Temporal in PostgreSQL, as `make run` does: for figures that mean something.
	Durable bool
	// Dir holds the stack's data while it runs and is removed afterwards; empty means the system's temporary folder.
	Dir string
}

// Exec starts a stack of its own on free ports, runs a command with the stack's addresses in its environment, stops the
// stack and returns the command's exit code. An error means that the stack or the command did not start.
//
// The environment: MAINSTAY_TEST_DATABASE_URL (superuser, database postgres), MAINSTAY_TEST_PG_BINDIR,
// MAINSTAY_TEST_TEMPORAL_ADDRESS (namespace default), MAINSTAY_TEST_S3_ENDPOINT (a URL), MAINSTAY_TEST_S3_ACCESS_KEY and
// _SECRET_KEY, MAINSTAY_TEST_S3_DIR (the storage's own folder), MAINSTAY_TEST_SMTP_ADDR, MAINSTAY_TEST_MAIL_URL (caught mail), MAINSTAY_TEST_DEVSTACK (the program that
// testsuite.StartDevServer takes as ExistingPath).
func Exec(ctx context.Context, o ExecOptions) (int, error) {
	if o.Dir == "" {
		o.Dir = os.TempDir()
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil { //nolint:gosec // the unprivileged server walks through it
		return 0, err
	}
	dir, err := os.MkdirTemp(o.Dir, "mainstay-stack-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // the unprivileged server walks through it
		return 0, err
	}
	s := &testStack{dir: dir, durable: o.Durable}
	defer s.stop()
	if err := s.start(ctx); err != nil {
		return 0, err
	}
	if o.Durable {
		if err := s.printSettings(ctx); err != nil {
			return 0, err
		}
	}
	return runForeground(ctx, o.Command, append(os.Environ(), s.env...))
}

// testStack is one stack for one command.
type testStack struct {
	dir     string
	durable bool

	postgres *Postgres
	env      []string
	stops    []func() error
}

// start runs the parts side by side, Temporal after PostgreSQL where it is durable.
func (s *testStack) start(ctx context.Context) error {
	heavy, err := heavyBinary.build(ctx, nowAndThen(printProgress))
	if err != nil {
		return err
	}
	light, err := lightBinary.build(ctx, nowAndThen(printProgress))
	if err != nil {
		return err
	}
	ports, err := FreePorts(5)
	if err != nil {
		return err
	}
	if err := s.startPostgres(ctx, ports[0]); err != nil {
		return err
	}
	s3Key, err := secretOf(filepath.Join(s.dir, "secrets", "s3"))
	if err != nil {
		return err
	}
	s3Addr, smtpAddr, mailAddr := loopback(ports[1]), loopback(ports[2]), loopback(ports[3])
	err = s.startParts(ctx,
		s3Part(light, s3Addr, filepath.Join(s.dir, "s3"), "us-east-1", superuser, s3Key),
		mailPart(light, smtpAddr, mailAddr),
		s.temporalPart(heavy, ports[4]),
	)
	if err != nil {
		return err
	}
	s.env = append(s.env,
		"MAINSTAY_TEST_S3_ENDPOINT=http://"+s3Addr, "MAINSTAY_TEST_S3_ACCESS_KEY="+superuser, "MAINSTAY_TEST_S3_SECRET_KEY="+s3Key,
		"MAINSTAY_TEST_S3_DIR="+filepath.Join(s.dir, "s3"),
		"MAINSTAY_TEST_SMTP_ADDR="+smtpAddr, "MAINSTAY_TEST_MAIL_URL=http://"+mailAddr,
		"MAINSTAY_TEST_TEMPORAL_ADDRESS="+loopback(ports[4]), "MAINSTAY_TEST_DEVSTACK="+heavy,
	)
	return nil
}

func (s *testStack) temporalPart(program string, port int) part {
	const namespace = "default"
	if s.durable {
		return temporalPart(program, loopback(port), "", namespace, s.postgres.options)
	}
	return memoryTemporalPart(program, port, namespace)
}

// startParts starts all parts at once and waits until each is ready or has failed.
func (s *testStack) startParts(ctx context.Context, parts ...part) error {
	children := make([]*process, len(parts))
	group, groupCtx := errgroup.WithContext(ctx)
	for i, p := range parts {
		group.Go(func() (err error) {
			children[i], err = p.start(groupCtx, io.Discard)
			return err
		})
	}
	err := group.Wait()
	for _, child := range children {
		if child != nil {
			s.stops = append(s.stops, func() error { // nothing of theirs is kept, so that there is no need to ask
				child.kill()
				return nil
			})
		}
	}
	return err
}

func (s *testStack) startPostgres(ctx context.Context, port int) error {
	dataDir := filepath.Join(s.dir, "postgres")
	binDir, err := FindPostgres(ctx, dataDir, printProgress)
	if err != nil {
		return err
	}
	password, err := secretOf(filepath.Join(s.dir, "secrets", "postgres"))
	if err != nil {
		return err
	}
	pg, err := StartPostgres(ctx, PostgresOptions{
		BinDir: binDir, DataDir: dataDir, Port: port, Password: password, Relaxed: !s.durable, Output: io.Discard,
	})
	if err != nil {
		return err
	}
	s.postgres = pg
	s.stops = append(s.stops, pg.Stop)
	s.env = append(s.env, "MAINSTAY_TEST_DATABASE_URL="+pg.URL("postgres"), "MAINSTAY_TEST_PG_BINDIR="+binDir)
	return nil
}

// printSettings says what the figures that follow were measured on.
func (s *testStack) printSettings(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, s.postgres.URL("postgres"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	const settings = `SELECT string_agg(name || ' ' || current_setting(name), ', ' ORDER BY name) FROM pg_settings
		WHERE name IN ('data_checksums', 'fsync', 'full_page_writes', 'max_connections', 'server_version', 'shared_buffers', 'synchronous_commit')`
	var line string
	if err := conn.QueryRow(ctx, settings).Scan(&line); err != nil {
		return err
	}
	printProgress("PostgreSQL with " + line + fmt.Sprintf("; %d CPUs; Temporal on the same server", runtime.NumCPU()))
	return nil
}

// stop ends the parts in reverse order of their start.
func (s *testStack) stop() {
	for _, stop := range slices.Backward(s.stops) {
		if err := stop(); err != nil {
			printProgress(err.Error())
		}
	}
}

func printProgress(line string) { fmt.Fprintln(os.Stderr, "mainstay:", line) }

// runForeground runs a command on the caller's standard streams and returns its exit code. When ctx ends, the command
// and what it started are interrupted, and killed if that does not help. Away from a terminal, nothing that the command
// started outlives it.
func runForeground(ctx context.Context, command, env []string) (int, error) {
	runtime.LockOSThread() // the parent-death signal hangs on the thread that forks
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the user's own command
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = env
	cmd.WaitDelay = stopWithin
	cmd.SysProcAttr = &syscall.SysProcAttr{}
	dieWithParent(cmd.SysProcAttr, syscall.SIGTERM)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if !isatty.IsTerminal(os.Stdin.Fd()) {
		// Away from a terminal nobody but us can interrupt the whole group; at one, Ctrl-C reaches it by itself.
		cmd.SysProcAttr.Setpgid = true
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGINT) }
	}
	err := cmd.Run()
	if cmd.SysProcAttr.Setpgid && cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the command left running
	}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return 128 + int(status.Signal()), nil
		}
		return exit.ExitCode(), nil
	}
	if errors.Is(err, context.Canceled) {
		return 128 + int(syscall.SIGINT), nil
	}
	if err != nil {
		return 0, fmt.Errorf("run %s: %w", strconv.Quote(command[0]), err)
	}
	return 0, nil
}
