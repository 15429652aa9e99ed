package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"go.temporal.io/sdk/client"

	"mainstay/internal/config"
	"mainstay/internal/stack"
	"mainstay/models/store/migrations"
	"mainstay/workflows"
)

type migrateCommand struct {
	Temporal bool          `help:"Register the search attributes with Temporal too, and wait until it accepts them."`
	Wait     time.Duration `default:"2m" help:"How long to wait for Temporal."`
}

// Help implements kong.HelpProvider.
func (migrateCommand) Help() string {
	return "Brings the database's schema up to date, as the owner that MAINSTAY_MIGRATE_DATABASE_URL (else MAINSTAY_DATABASE_URL) names. " +
		"Safe to run at any time and from several places at once. Where MAINSTAY_ADMIN_PASSWORD is set, MAINSTAY_DEMO is false and there is " +
		"no tenant yet, it creates the tenant main with that administrator."
}

// Run migrates; what is up to date is left alone.
func (c *migrateCommand) Run(ctx context.Context) error {
	cfg, err := config.Load(stack.Lookup(os.LookupEnv))
	if err != nil {
		return &exitError{exitUsage, err}
	}
	address := cfg.MigrateDatabaseURL.Reveal()
	if address == "" {
		address = cfg.DatabaseURL.Reveal()
	}
	if address == "" {
		return &exitError{exitUsage, cfg.Require("MAINSTAY_MIGRATE_DATABASE_URL")}
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	defer func() { _ = db.Close() }()
	if err := db.PingContext(ctx); err != nil {
		return &exitError{exitDependency, fmt.Errorf("the database is away: %w", err)}
	}
	applied, err := migrations.Up(ctx, db)
	if err != nil {
		return err
	}
	fmt.Printf("database: %d migrations applied\n", applied)
	runtime := cfg.DatabaseURL
	if runtime == "" {
		runtime = cfg.MigrateDatabaseURL
	}
	if err := bootstrap(ctx, cfg, runtime); err != nil {
		return err
	}
	if c.Temporal {
		return c.registerAttributes(ctx, cfg)
	}
	return nil
}

func (c *migrateCommand) registerAttributes(ctx context.Context, cfg config.Config) error {
	options, err := temporalOptions(cfg, nil)
	if err != nil {
		return err
	}
	temporal, err := client.NewLazyClient(options)
	if err != nil {
		return &exitError{exitDependency, err}
	}
	defer temporal.Close()
	ctx, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	if err := workflows.NewClient(temporal).RegisterSearchAttributes(ctx, cfg.TemporalNamespace); err != nil {
		return &exitError{exitDependency, err}
	}
	fmt.Println("temporal: search attributes registered")
	return nil
}
