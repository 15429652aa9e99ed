// Command devstack-lite holds the light parts of the embedded local stack: S3 storage and a mail catcher.
//
// They are no subcommands of devstack because Temporal's server takes minutes to compile and 120 MB in every process
// that merely links it.
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
	S3   s3Command   `cmd:"" name:"s3" help:"Run S3 storage on a folder."`
	Mail mailCommand `cmd:"" help:"Catch mail: SMTP on one address, a page and a JSON list on another."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	command := kong.Parse(&c, kong.Name("devstack-lite"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "devstack-lite:", err)
		os.Exit(1) //nolint:gocritic // the process ends: nothing is left to give back
	}
}
