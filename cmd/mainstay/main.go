// Command mainstay is the one binary of the asset management system: API, worker, local stack and operator tools.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit codes every subcommand keeps to.
const (
	exitDone       = 0 // the command did what it was asked
	exitFound      = 1 // a check found something wrong, or the command failed
	exitUsage      = 2 // the command line is off
	exitDependency = 3 // a dependency (database, Temporal, storage) is away
)

// cli is the command line: one field a subcommand, each declared in the file that bears its name.
type cli struct {
	API       apiCommand       `cmd:"" help:"Serve the REST API."`
	Worker    workerCommand    `cmd:"" help:"Run the processes: workers, relay and sweeper."`
	Serve     serveCommand     `cmd:"" help:"Run API and worker in one process, on a single machine."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database's schema up to date."`
	Stack     stackCommand     `cmd:"" help:"Run the local stack, or a command against a stack of its own."`
	Reconcile reconcileCommand `cmd:"" help:"Start again every process that is not over, from its row."`
	Demo      demoCommand      `cmd:"" help:"Load demo data, or show what a crash, a lost database or a link scanner does."`
	Import    importCommand    `cmd:"" help:"Import a CSV file into a running installation."`
	Export    exportCommand    `cmd:"" help:"Write a list of a running installation into a file."`
	Audit     auditCommand     `cmd:"" help:"Prove that the audit log is what was sealed."`
	Backup    backupCommand    `cmd:"" help:"Back up a running installation, or fetch a backup without one."`
	Drill     drillCommand     `cmd:"" help:"Prove that the newest backup can be restored."`
	Files     filesCommand     `cmd:"" help:"Hold the stored files against the rows, or restore files."`
	Recover   recoverCommand   `cmd:"" help:"Bring the local stack's database back after a disaster."`
	Doctor    doctorCommand    `cmd:"" help:"Check each dependency and say what to do."`
	User      userCommand      `cmd:"" help:"Manage the users of this installation past the API."`
	Loadtest  loadtestCommand  `cmd:"" help:"Carry work orders through their states and measure."`
	Version   versionCommand   `cmd:"" help:"Print the version of this binary."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run parses args, runs the subcommand they name and returns its exit code.
func run(ctx context.Context, args []string) int {
	var c cli
	parser, err := kong.New(&c,
		kong.Name("mainstay"),
		kong.Description("Asset management whose long-running work is durable."),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mainstay:", err)
		return exitUsage
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mainstay:", err)
		return exitUsage
	}
	if err := command.Run(); err != nil {
		if text := err.Error(); text != "" {
			fmt.Fprintln(os.Stderr, "mainstay:", text)
		}
		return exitCode(err)
	}
	return exitDone
}

// exitError carries the exit code a subcommand ends with. Without err the subcommand has said everything itself.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func exitCode(err error) int {
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	return exitFound
}
