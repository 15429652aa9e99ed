package main

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"mainstay/internal/telemetry"
	"mainstay/workflows"
)

type serveCommand struct{}

// Help implements kong.HelpProvider.
func (serveCommand) Help() string {
	return "Does what api and worker do, in one process with one pool of database connections: the leanest way to run on a single " +
		"machine. Where either half should fail, grow or be released alone, run the two. SIGTERM drains: first the requests, then " +
		"the workers that answer them."
}

// Run serves and works until ctx is done.
func (c *serveCommand) Run(ctx context.Context) error {
	collectLess()
	d, err := open(ctx, "serve")
	if err != nil {
		return err
	}
	defer d.close()
	var polling atomic.Bool
	group, ctx := errgroup.WithContext(ctx)
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	group.Go(func() error {
		defer stopWorking()
		return serveAPI(ctx, d, map[string]telemetry.Check{"workers": pollingCheck(&polling)})
	})
	group.Go(func() error { return work(working, d, workflows.NewClient(d.temporal), &polling) })
	return group.Wait()
}
