// Package migrations holds the goose SQL migrations of the application database. Forward only: expand first, contract in a
// later release, because the previous version still runs while a new one migrates.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var files embed.FS

// Up applies every migration that the database lacks and returns how many it applied. A session lock lets two processes call
// it at once. db must be the owner's login: the application's role may not change the schema.
func Up(ctx context.Context, db *sql.DB) (int, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return 0, fmt.Errorf("migrations: %w", err)
	}
	results, err := provider.Up(ctx)
	if err != nil {
		return len(results), fmt.Errorf("migrations: %w", err)
	}
	return len(results), nil
}

// Pending returns how many migrations the database lacks.
func Pending(ctx context.Context, db *sql.DB) (int, error) {
	sources, has, err := compared(ctx, db)
	if err != nil {
		return 0, err
	}
	pending := 0
	for _, source := range sources {
		if source.Version > has {
			pending++
		}
	}
	return pending, nil
}

// Unknown returns the newest migration that the database has and this build does not know, 0 where there is none: the schema is then that of a
// newer release, or not ours.
func Unknown(ctx context.Context, db *sql.DB) (int64, error) {
	sources, has, err := compared(ctx, db)
	if err != nil || slices.ContainsFunc(sources, func(source *goose.Source) bool { return source.Version >= has }) {
		return 0, err
	}
	return has, nil
}

// compared returns the migrations of this build and the version that the database has.
func compared(ctx context.Context, db *sql.DB) (sources []*goose.Source, has int64, err error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files)
	if err == nil {
		sources = provider.ListSources()
		has, err = provider.GetDBVersion(ctx)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("migrations: %w", err)
	}
	return sources, has, nil
}
