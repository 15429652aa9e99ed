package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

type loadtestCommand struct {
	remote
	Asset   string        `required:"" help:"Id of the asset that the work orders are made on."`
	Clients int           `default:"8" help:"People at once (at most 64)."`
	For     time.Duration `default:"30s" help:"How long (at most 10m)."`
	MinRate float64       `help:"Fail below so many work orders a second, each created, started, completed and closed."`
	MaxP99  time.Duration `name:"max-p99" help:"Fail when one command of a hundred takes longer."`
	Output  string        `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (loadtestCommand) Help() string {
	return "Carries work orders from create to close, as many people at once as --clients says, and then reads every one of them again " +
		"to prove that each accepted command is visible. Exits 1 when one is not, or a bound is broken. The orders stay: use an asset " +
		"that is there for this."
}

const (
	maxLoadClients = 64
	maxLoadTime    = 10 * time.Minute
)

// loadResult is what a load test found.
type loadResult struct {
	Orders     int     `json:"orders"`
	PerSecond  float64 `json:"orders_per_s"`
	CommandP50 float64 `json:"command_p50_ms"`
	CommandP99 float64 `json:"command_p99_ms"`
	NotClosed  int     `json:"not_closed"`
}

// Run runs the load and checks what came of it.
func (c *loadtestCommand) Run(ctx context.Context) error {
	if c.Clients < 1 || c.Clients > maxLoadClients || c.For <= 0 || c.For > maxLoadTime {
		return &exitError{exitUsage, fmt.Errorf("--clients is 1 to %d, --for at most %s", maxLoadClients, maxLoadTime)}
	}
	if _, err := uuid.Parse(c.Asset); err != nil {
		return &exitError{exitUsage, errors.New("--asset is an asset's id")}
	}
	orders, took, err := c.load(ctx)
	if err != nil {
		return err
	}
	result := loadResult{Orders: len(orders), PerSecond: float64(len(orders)) / c.For.Seconds()}
	if len(took) > 0 {
		slices.Sort(took)
		result.CommandP50 = float64(took[len(took)/2].Microseconds()) / 1000
		result.CommandP99 = float64(took[len(took)*99/100].Microseconds()) / 1000
	}
	if result.NotClosed, err = c.notClosed(ctx, orders); err != nil {
		return err
	}
	return c.report(result)
}

// load carries orders to their end until the time is over; it returns their ids and how long each command took.
func (c *loadtestCommand) load(ctx context.Context) ([]string, []time.Duration, error) {
	var lock sync.Mutex
	var all sync.WaitGroup
	var orders []string
	var took []time.Duration
	var fault error
	end := time.Now().Add(c.For)
	for range c.Clients {
		all.Go(func() {
			for time.Now().Before(end) && ctx.Err() == nil {
				id, times, err := c.lifecycle(ctx)
				lock.Lock()
				took = append(took, times...)
				if err != nil {
					fault = errors.Join(fault, err)
					lock.Unlock()
					return
				}
				orders = append(orders, id)
				lock.Unlock()
			}
		})
	}
	all.Wait()
	return orders, took, fault
}

func (c *loadtestCommand) lifecycle(ctx context.Context) (string, []time.Duration, error) {
	var took []time.Duration
	var order struct {
		ID string `json:"id"`
	}
	timed := func(path string, body, out any) error {
		began := time.Now()
		err := c.call(ctx, http.MethodPost, path, body, out)
		took = append(took, time.Since(began))
		return err
	}
	if err := timed("/v1/work-orders", map[string]any{
		"title": "Load test", "asset_id": c.Asset, "type": "inspection", "priority": "low",
	}, &order); err != nil {
		return "", took, err
	}
	path := "/v1/work-orders/" + order.ID
	for _, step := range []struct {
		name string
		body any
	}{{"start", struct{}{}}, {"complete", map[string]any{"resolution": "Load test"}}, {"close", struct{}{}}} {
		if err := timed(path+"/"+step.name, step.body, &order); err != nil {
			return order.ID, took, err
		}
	}
	return order.ID, took, nil
}

// notClosed reads every order again and counts those that are not closed.
func (c *loadtestCommand) notClosed(ctx context.Context, orders []string) (int, error) {
	open := 0
	for _, id := range orders {
		var order struct {
			Status string `json:"status"`
		}
		if err := c.call(ctx, http.MethodGet, "/v1/work-orders/"+id, nil, &order); err != nil {
			return open, err
		}
		if order.Status != "closed" {
			open++
		}
	}
	return open, nil
}

func (c *loadtestCommand) report(r loadResult) error {
	var err error
	if c.Output == "json" {
		err = json.NewEncoder(os.Stdout).Encode(r)
	} else {
		_, err = fmt.Printf("%d work orders, %.1f a second; a command takes %.0f ms (median), %.0f ms (p99); %d not closed\n",
			r.Orders, r.PerSecond, r.CommandP50, r.CommandP99, r.NotClosed)
	}
	switch {
	case err != nil:
		return err
	case r.NotClosed > 0:
		return &exitError{exitFound, errors.New("accepted commands are not visible")}
	case r.PerSecond < c.MinRate:
		return &exitError{exitFound, fmt.Errorf("slower than %.1f a second", c.MinRate)}
	case c.MaxP99 > 0 && r.CommandP99 > float64(c.MaxP99.Milliseconds()):
		return &exitError{exitFound, fmt.Errorf("one command of a hundred takes longer than %s", c.MaxP99)}
	}
	return nil
}
