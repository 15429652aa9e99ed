package stack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Apart is a whole stack in a folder of its own and on free ports, run as a process of its own, which a show or a test may strike dead. The
// settings of the caller's environment do not reach it, and of its clocks only the look at the WAL strikes.
type Apart struct {
	layout  layout
	program string
	env     []string
	up      *process // nil while it is down
}

// NewApart prepares the stack of a folder that the unprivileged database server can walk through. program is the application's binary, env
// what its processes find in their environment besides.
func NewApart(program, dir string, env ...string) (*Apart, error) {
	l, err := newLayout(dir)
	if err != nil {
		return nil, err
	}
	a := &Apart{layout: l, program: program}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if name == "MAINSTAY_PG_BINDIR" || !strings.HasPrefix(name, "MAINSTAY_") && name != "DATABASE_URL" {
			a.env = append(a.env, variable)
		}
	}
	addresses := []string{
		"MAINSTAY_HTTP_ADDR", "MAINSTAY_OPS_ADDR", "MAINSTAY_TEMPORAL_ADDR", "MAINSTAY_TEMPORAL_UI_ADDR", "MAINSTAY_S3_ADDR", "MAINSTAY_SMTP_ADDR",
		"MAINSTAY_MAIL_UI_ADDR",
	}
	ports, err := FreePorts(len(addresses) + 1)
	if err != nil {
		return nil, err
	}
	for i, name := range addresses {
		a.env = append(a.env, name+"="+loopback(ports[i]))
	}
	a.env = append(a.env, "MAINSTAY_POSTGRES_PORT="+strconv.Itoa(ports[len(addresses)]), "MAINSTAY_DATA_DIR="+l.dir, "MAINSTAY_DEMO=false")
	for _, clock := range []string{"DUMP", "FULL", "INCREMENTAL", "DRILL", "FAULT_DRILL", "RETENTION", "ARCHIVE"} {
		a.env = append(a.env, "MAINSTAY_BACKUP_"+clock+"_CRON=off")
	}
	a.env = append(a.env, env...)
	return a, nil
}

// Dir is the stack's data directory.
func (a *Apart) Dir() string { return a.layout.dir }

// Setting is a variable of the stack's environment.
func (a *Apart) Setting(name string) string {
	value := ""
	for _, variable := range a.env {
		if key, v, _ := strings.Cut(variable, "="); key == name {
			value = v
		}
	}
	return value
}

// Command is a subcommand of the application in the stack's environment.
func (a *Apart) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, a.program, args...) //nolint:gosec // the application itself
	cmd.Env = a.env
	return cmd
}

// Start starts the stack and returns its settings, as [Running] does, when its worker is ready.
func (a *Apart) Start(ctx context.Context, output io.Writer) (map[string]string, error) {
	tail := &tailWriter{}
	up, err := command{name: "stack", path: a.program, args: []string{"stack", "up"}, env: a.env, output: io.MultiWriter(output, tail)}.start()
	if err != nil {
		return nil, err
	}
	a.up = up
	for {
		if livingPID(a.layout.pidFile("worker")) != 0 {
			return Running(a.layout.dir)
		}
		select {
		case <-up.done:
			a.up = nil
			return nil, fmt.Errorf("the stack ended while it was starting:\n%s", tail)
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), a.Stop())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Stop ends the stack in good order, where it runs.
func (a *Apart) Stop() error {
	if a.up == nil {
		return nil
	}
	up := a.up
	a.up = nil
	return up.stop()
}

// Strike is the disaster: PostgreSQL, Temporal and their supervisor are killed at once, and the database's folder is removed, its WAL with it.
// It returns the moment.
func (a *Apart) Strike(ctx context.Context) (time.Time, error) {
	database, temporal := livingPID(filepath.Join(a.layout.postgres, "postmaster.pid")), livingPID(a.layout.pidFile("temporal"))
	if a.up == nil || database == 0 || temporal == 0 {
		return time.Time{}, errors.New("the stack does not run")
	}
	at := time.Now()
	err := errors.Join(syscall.Kill(database, syscall.SIGKILL), syscall.Kill(temporal, syscall.SIGKILL))
	a.up.kill()
	a.up = nil
	if err != nil {
		return at, err
	}
	for os.RemoveAll(a.layout.postgres) != nil { // what the dead server left behind may write for a moment
		select {
		case <-ctx.Done():
			return at, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return at, nil
}

// Segment is the file of a WAL segment in the stack's repository, by the segment's name. [os.ErrNotExist]: it is not there.
func (a *Apart) Segment(name string) (string, error) {
	repository := cmp.Or(a.Setting("MAINSTAY_REPOSITORY"), a.layout.repository())
	files, err := filepath.Glob(filepath.Join(repository, "*", "archive", "*", "*", "*", name+"-*"))
	if err != nil {
		return "", err
	}
	if len(files) != 1 {
		return "", fmt.Errorf("the WAL segment %s: %w", name, os.ErrNotExist)
	}
	return files[0], nil
}
