package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/workers"
	"mainstay/workflows"
)

type workerCommand struct{}

// Help implements kong.HelpProvider.
func (workerCommand) Help() string {
	return "Runs the processes: workers on every task queue, the relay of the outbox and the sweeper, until SIGTERM, which drains."
}

// Run works until ctx is done. While Temporal is away it waits for it.
func (c *workerCommand) Run(ctx context.Context) error {
	d, err := open(ctx, "worker")
	if err != nil {
		return err
	}
	defer d.close()
	processes := workflows.NewClient(d.temporal)
	if err := untilTemporal(ctx, d, processes); err != nil {
		return nil // asked to stop before Temporal came
	}
	running, err := workers.Start(d.temporal, workers.Activities{
		Maintenance: &activities.Maintenance{Store: d.store, Wake: processes},
	}, models.Queues())
	if err != nil {
		return &exitError{exitDependency, err}
	}
	defer running.Stop()
	relay := &workers.Relay{Store: d.store, Wake: processes, StartRate: d.config.StartRate, Log: d.telemetry.Logger}
	sweeper := &workers.Sweeper{Store: d.store, Wake: processes, Log: d.telemetry.Logger}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { relay.Run(ctx); return nil })
	group.Go(func() error { sweeper.Run(ctx); return nil })
	group.Go(func() error { <-ctx.Done(); return nil })
	return group.Wait()
}

// untilTemporal waits until the namespace answers.
func untilTemporal(ctx context.Context, d *dependencies, processes *workflows.Client) error {
	for {
		err := processes.Check(ctx)
		if err == nil {
			return nil
		}
		d.telemetry.Logger.InfoContext(ctx, "waiting for Temporal", "error", err)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}
