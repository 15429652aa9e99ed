package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/auth"
	"mainstay/internal/config"
	"mainstay/models"
	"mainstay/models/store"
)

// demoTenant is the demo company's id: loading twice meets the same company.
var demoTenant = models.DeriveID(uuid.NameSpaceDNS, "demo.mainstay.example")

// demoAsset is the machine of the demo company that newcomers are sent to: it has schedules, a history and the price of a new one.
const demoAsset = "KAL-CRU-036"

type demoLoadCommand struct{}

// Help implements kong.HelpProvider.
func (demoLoadCommand) Help() string {
	return "Loads one quarry company: 3 sites in 3 time zones, 1,200 assets, 400 maintenance schedules, work orders in every state, two weeks " +
		"planned for the crew of each site, seven months of meter readings and 18 months of costs, all relative to today, and one user a " +
		"role (planner@example.com, technician@example.com, ...) beside the crews. All sign in with the administrator's password. A company that is there already stays as it is."
}

// Run loads the company where it is not there yet.
func (c *demoLoadCommand) Run(ctx context.Context) error {
	cfg, err := config.Load(os.LookupEnv)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if err := cfg.Require("MAINSTAY_DATABASE_URL", "MAINSTAY_ADMIN_PASSWORD"); err != nil {
		return &exitError{exitUsage, err}
	}
	if cfg.Env == config.Production {
		return &exitError{exitUsage, fmt.Errorf("demo data has known sign-ins: not with MAINSTAY_ENV=production")}
	}
	s, err := store.Open(ctx, store.Options{URL: cfg.DatabaseURL.Reveal(), MaxConns: 2})
	if err != nil {
		return &exitError{exitDependency, err}
	}
	defer func() { _ = s.Close() }()
	hash, err := auth.NewPasswords(1).Hash(ctx, cfg.AdminPassword.Reveal())
	if err != nil {
		return err
	}
	company := newDemoCompany(demoTenant, time.Now().UTC(), cfg.AdminEmail, hash)
	loaded, err := s.LoadDemo(models.WithActor(ctx, models.SystemActor(demoTenant)), company.tables(), company.wake)
	if err != nil {
		return err
	}
	if !loaded {
		fmt.Println("the demo company is there already")
		return nil
	}
	fmt.Printf("demo company loaded: %d assets, %d schedules, %d work orders\n", len(company.assets), len(company.schedules), len(company.orders))
	return nil
}
