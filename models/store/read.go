package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

const setScope = "SELECT set_config('app.tenant_id', $1, true)"

// read runs one query under the actor's tenant and returns its rows; columns meet fields by name (without underscores), and a
// column that the struct lacks is an error. Scope and query are one message and one implicit transaction.
func read[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	var rows []T
	err := s.readBatch(ctx, func(b *pgx.Batch) {
		b.Queue(query, args...).Query(func(r pgx.Rows) (err error) {
			rows, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[T])
			return err
		})
	})
	return rows, err
}

// readOne is read for a single row; a models.NotFound error naming noun when there is none.
func readOne[T any](ctx context.Context, s *Store, noun, query string, args ...any) (T, error) {
	rows, err := read[T](ctx, s, query, args...)
	return first(noun, rows, err)
}

// first is the first row of what a query found; a models.NotFound error naming noun when there is none.
func first[T any](noun string, rows []T, err error) (T, error) {
	if err == nil && len(rows) == 0 {
		err = models.NotFound(noun)
	}
	if err != nil {
		var none T
		return none, err
	}
	return rows[0], nil
}

// readValues is read for queries with one column.
func readValues[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	var values []T
	err := s.readBatch(ctx, func(b *pgx.Batch) {
		b.Queue(query, args...).Query(func(r pgx.Rows) (err error) {
			values, err = pgx.CollectRows(r, pgx.RowTo[T])
			return err
		})
	})
	return values, err
}

// readBatch runs all statements that queue adds under the actor's tenant, in one round trip and one implicit transaction.
func (s *Store) readBatch(ctx context.Context, queue func(*pgx.Batch)) error {
	return s.batch(ctx, setScope, queue)
}

func (s *Store) batch(ctx context.Context, scope string, queue func(*pgx.Batch)) error {
	actor, ok := models.ActorFrom(ctx)
	if !ok || actor.TenantID == uuid.Nil {
		return errNoScope
	}
	batch := &pgx.Batch{}
	batch.Queue(scope, actor.TenantID.String())
	queue(batch)
	return translate(s.pool.SendBatch(ctx, batch).Close())
}

// system calls one of the cross-tenant functions that the migrations grant (sign-in, relay, sweeper, metrics): they decide
// themselves what they show, so no tenant is set.
func system[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	rows, err := s.pool.Query(ctx, query, args...)
	if err != nil {
		return nil, translate(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
	return found, translate(err)
}

// systemOne is system for a single row; a models.NotFound error naming noun when there is none.
func systemOne[T any](ctx context.Context, s *Store, noun, query string, args ...any) (T, error) {
	rows, err := system[T](ctx, s, query, args...)
	return first(noun, rows, err)
}

// scopeSQL is the condition that keeps a location-scoped actor to its locations and what is below them. column is the
// location column; the argument is actor.LocationIDs, an empty array for an actor that sees everything.
func scopeSQL(column string, arg int) string {
	return fmt.Sprintf(`(cardinality($%[2]d::uuid[]) = 0 OR EXISTS (SELECT FROM location_paths lp
		WHERE lp.tenant_id = $1 AND lp.descendant_id = %[1]s AND lp.ancestor_id = ANY($%[2]d::uuid[])))`, column, arg)
}

func isNotFound(err error) bool {
	e, ok := errors.AsType[*models.Error](err)
	return ok && e.Code == models.CodeNotFound
}

// within adds an actor's location scope to a query whose arguments are $1 to $n. Most actors have none, and a condition that is
// always true still costs a tenth of a read.
func within(actor models.Actor, query, column string, args ...any) (string, []any) {
	if !actor.Scoped() {
		return query, args
	}
	return query + " AND " + scopeSQL(column, len(args)+1), append(args, scopeOf(actor))
}

// scopeOf gives the argument for scopeSQL.
func scopeOf(actor models.Actor) []uuid.UUID { return notNull(actor.LocationIDs) }

// notNull keeps an empty list from becoming SQL NULL, which ANY and ALL never match.
func notNull(ids []uuid.UUID) []uuid.UUID {
	if ids == nil {
		return []uuid.UUID{}
	}
	return ids
}

// versionMismatch answers an If-Match that names another version.
func versionMismatch(is int) error {
	return &models.Error{Code: models.CodePreconditionFailed, Detail: fmt.Sprintf("It was changed meanwhile: its version is %d now.", is)}
}
