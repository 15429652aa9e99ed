// Command devstack is the heavy part of the embedded local stack: Temporal's server with its Web UI in one process.
//
// It is a Go module of its own, because Temporal's server and the application need versions of OpenTelemetry that
// exclude each other. The supervisor in internal/stack builds it once and runs it, and devstack-lite, as children.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	Temporal temporalCommand `cmd:"" help:"Run the Temporal server and its Web UI on PostgreSQL."`
	Server   struct {
		StartDev startDevCommand `cmd:"" help:"Run the Temporal server on SQLite, with the flags of the temporal CLI."`
	} `cmd:"" help:"Run the Temporal server as the temporal CLI does."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	command := kong.Parse(&c, kong.Name("devstack"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "devstack:", err)
		os.Exit(1) //nolint:gocritic // the process ends: nothing is left to give back
	}
}
