package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"mainstay/internal/stack"
	"mainstay/models"
)

// Tools is the folder of PostgreSQL's client and server programs.
type Tools struct{ Dir string }

// FindTools looks where the local stack finds PostgreSQL. A folder without pg_dump and pg_restore is CodeUnavailable, with the line that
// mends it.
func FindTools(ctx context.Context) (Tools, error) {
	dir, err := stack.FindPostgres(ctx, "", func(string) {})
	if err != nil {
		return Tools{}, err
	}
	t := Tools{Dir: dir}
	for _, name := range []string{"pg_dump", "pg_restore"} {
		if !t.has(name) {
			return Tools{}, &models.Error{Code: models.CodeUnavailable, Detail: fmt.Sprintf(
				"%s is not in %s: run `apt-get install postgresql-client`, or set MAINSTAY_PG_BINDIR to a whole PostgreSQL.", name, dir)}
		}
	}
	return t, nil
}

func (t Tools) has(name string) bool {
	_, err := os.Stat(filepath.Join(t.Dir, name))
	return err == nil
}

// killedWithin is how long a tool's pipes may stay open after its process group was killed.
const killedWithin = 5 * time.Second

// run runs a tool against a database and returns what it wrote to its standard error, in the error only. When ctx ends the whole process
// group is killed, so that no child of the tool works on.
func (t Tools) run(ctx context.Context, name string, args, env []string, stdout io.Writer) error {
	cmd := exec.CommandContext(ctx, filepath.Join(t.Dir, name), args...) //nolint:gosec // found by FindTools, arguments of this package
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "PGAPPNAME=mainstay " + name}, env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = killedWithin
	var said tail
	cmd.Stdout, cmd.Stderr = stdout, &said
	err := cmd.Run()
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(said.text))
}

// tail keeps the last of what is written.
type tail struct{ text []byte }

const tailBytes = 4 << 10

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if len(t.text) > tailBytes {
		t.text = t.text[len(t.text)-tailBytes:]
	}
	return len(p), nil
}

// connection is a database URL as tools take it: the password travels in the environment, where other users do not see it.
func connection(databaseURL string) (address string, env []string, err error) {
	u, err := url.Parse(databaseURL)
	if err != nil {
		return "", nil, errors.New("postgres: the database URL cannot be read")
	}
	password, _ := u.User.Password()
	u.User = url.User(u.User.Username())
	return u.String(), []string{"PGPASSWORD=" + password}, nil
}

// variables are connection as libpq's environment, for tools that take no URL.
func variables(databaseURL string) (database string, env []string, err error) {
	c, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return "", nil, errors.New("postgres: the database URL cannot be read")
	}
	return c.Database, []string{
		"PGHOST=" + c.Host, "PGPORT=" + strconv.Itoa(int(c.Port)), "PGUSER=" + c.User, "PGPASSWORD=" + c.Password,
	}, nil
}
