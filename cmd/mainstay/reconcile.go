package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"mainstay/models/store"
	"mainstay/workers"
	"mainstay/workflows"
)

type reconcileCommand struct {
	Output string `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (reconcileCommand) Help() string {
	return "Pokes every process that is not over; one that Temporal has forgotten starts again from its row. Run it when Temporal's " +
		"database was lost or emptied. It changes no row and may run at any time, also twice."
}

// Run pokes them all.
func (c *reconcileCommand) Run(ctx context.Context) error {
	d, err := open(ctx, "reconcile")
	if err != nil {
		return err
	}
	defer d.close()
	poked, err := reconcile(ctx, workflows.NewClient(d.temporal), d.config.TemporalNamespace, d.store, func(n int) {
		if c.Output == "text" {
			fmt.Fprintf(os.Stderr, "\r%d processes poked", n)
		}
	})
	if err != nil {
		return &exitError{exitDependency, err}
	}
	if c.Output == "json" {
		return json.NewEncoder(os.Stdout).Encode(map[string]int{"poked": poked})
	}
	fmt.Fprintln(os.Stderr)
	_, err = fmt.Printf("%d open processes run\n", poked)
	return err
}

// reconcile pokes every process that is not over and counts them. The search attributes come first: a new Temporal does not know them.
func reconcile(ctx context.Context, processes *workflows.Client, namespace string, s *store.Store, progress func(poked int)) (int, error) {
	if err := processes.RegisterSearchAttributes(ctx, namespace); err != nil {
		return 0, fmt.Errorf("temporal is away: %w", err)
	}
	return (&workers.Sweeper{Store: s, Wake: processes}).Reconcile(ctx, progress)
}
