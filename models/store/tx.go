package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"mainstay/models"
)

// txAttempts is how often InTx runs a transaction that lost a race (serialisation failure, deadlock).
const txAttempts = 3

// Tx is one transaction of one tenant. Now is its single timestamp: everything written in it happened at that moment.
type Tx struct {
	ctx  context.Context //nolint:containedctx // a Tx lives within one call of InTx
	conn *sql.Conn
	db   *gorm.DB
	last *pgx.Batch // statements whose results nobody waits for; they go out together before the commit

	Now     time.Time // UTC, microseconds
	Actor   models.Actor
	Command models.CommandKey
}

// InTx runs fn in a transaction under the actor's tenant and commits it when fn returns nil. Audit events noted with
// Tx.Audit are written with it; a transaction that lost a race is run again, so fn must have no effect but through tx.
func (s *Store) InTx(ctx context.Context, fn func(tx *Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := s.inTx(ctx, fn)
		if err == nil || attempt == txAttempts || !mayRetry(err) {
			return translate(err)
		}
	}
}

func (s *Store) inTx(ctx context.Context, fn func(tx *Tx) error) (err error) {
	actor, ok := models.ActorFrom(ctx)
	if !ok || actor.TenantID == uuid.Nil {
		return errNoScope
	}
	conn, err := s.sql.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	sqlTx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = sqlTx.Rollback() }() // does nothing after a commit
	db := s.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	db.Statement.ConnPool = sqlTx
	tx := &Tx{
		ctx: ctx, conn: conn, db: db, last: &pgx.Batch{},
		Now: time.Now().UTC().Truncate(time.Microsecond), Actor: actor, Command: models.CommandKeyFrom(ctx),
	}
	if err := fn(tx); err != nil {
		return err
	}
	// COMMIT travels with the queued statements; the driver's own Commit then finds the transaction ended.
	if err := tx.lend(func(c *tenantConn) error { return c.commit(ctx, tx.last) }); err != nil {
		return err
	}
	return sqlTx.Commit()
}

// as is the same transaction, in which what is written from now on is another request's of the same tenant.
func (tx *Tx) as(actor models.Actor, command models.CommandKey) *Tx {
	other := *tx
	other.Actor, other.Command = actor, command
	return &other
}

// queue adds a statement that is sent with others just before the commit: audit, ledger and outbox rows, on which nothing in
// the transaction depends.
func (tx *Tx) queue(query string, args ...any) *pgx.QueuedQuery { return tx.last.Queue(query, args...) }

// flush sends what queue collected before the commit: for a savepoint that has to judge it.
func (tx *Tx) flush() error {
	if tx.last.Len() == 0 {
		return nil
	}
	batch := *tx.last
	*tx.last = pgx.Batch{}
	return tx.send(&batch)
}

// exec runs one statement ($1, $2, ... are args) and returns how many rows it changed.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	result, err := tx.db.Statement.ConnPool.ExecContext(tx.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// send runs a batch inside the transaction, in one round trip; its rows meet fields by name just as in the read door.
func (tx *Tx) send(batch *pgx.Batch) error {
	return tx.lend(func(c *tenantConn) error { return c.send(tx.ctx, batch) })
}

// lend gives the transaction's own connection.
func (tx *Tx) lend(use func(*tenantConn) error) error {
	return tx.conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*tenantConn)
		if !ok {
			return fmt.Errorf("store: unexpected connection %T", driverConn)
		}
		return use(c)
	})
}

// txRead runs one query inside the transaction and returns its rows.
func txRead[T any](tx *Tx, query string, args ...any) ([]T, error) {
	var found []T
	batch := &pgx.Batch{}
	batch.Queue(query, args...).Query(func(r pgx.Rows) (err error) {
		found, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[T])
		return err
	})
	err := tx.send(batch)
	return found, err
}

// txReadOne is txRead for a single row; a models.NotFound error naming noun when there is none.
func txReadOne[T any](tx *Tx, noun, query string, args ...any) (T, error) {
	rows, err := txRead[T](tx, query, args...)
	return first(noun, rows, err)
}

// txValues is txRead for queries with one column.
func txValues[T any](tx *Tx, query string, args ...any) ([]T, error) {
	var values []T
	batch := &pgx.Batch{}
	batch.Queue(query, args...).Query(func(r pgx.Rows) (err error) {
		values, err = pgx.CollectRows(r, pgx.RowTo[T])
		return err
	})
	err := tx.send(batch)
	return values, err
}

// create inserts row with GORM; T's columns are the fields of the model.
func create[T any](tx *Tx, row *T) error { return gorm.G[T](tx.db).Create(tx.ctx, row) }

// queueCreate is create for a row on which nothing else in the transaction waits: GORM builds the statement, and it goes out with
// the last message.
func queueCreate[T any](tx *Tx, row *T) error {
	built := tx.db.Session(&gorm.Session{DryRun: true, NewDB: true, Context: tx.ctx}).Create(row)
	if built.Error != nil {
		return built.Error
	}
	tx.queue(built.Statement.SQL.String(), built.Statement.Vars...)
	return nil
}

// nextNumber takes the next human number of a kind, such as WO-000123. The counter's row stays locked until the commit: take it
// late.
func (tx *Tx) nextNumber(prefix string) (string, error) {
	values, err := txValues[int64](tx, `INSERT INTO counters (tenant_id, name, value) VALUES ($1, $2, 1)
		ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + 1 RETURNING value`, tx.Actor.TenantID, prefix)
	if err != nil {
		return "", err
	}
	return numbered(prefix, values[0]), nil
}

// drawnNumber is the number of a count that was drawn when a command was admitted. A command that was admitted by a version that did not
// draw one has 0 and takes the next.
func (tx *Tx) drawnNumber(prefix string, count int64) (string, error) {
	if count == 0 {
		return tx.nextNumber(prefix)
	}
	return numbered(prefix, count), nil
}

func numbered(prefix string, count int64) string { return fmt.Sprintf("%s-%06d", prefix, count) }

// nextNumbers takes n numbers of a kind at once, in order.
func (tx *Tx) nextNumbers(prefix string, n int) ([]string, error) {
	values, err := txValues[int64](tx, `INSERT INTO counters (tenant_id, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + $3 RETURNING value`, tx.Actor.TenantID, prefix, n)
	if err != nil {
		return nil, err
	}
	numbers := make([]string, n)
	for i := range numbers {
		numbers[i] = numbered(prefix, values[0]-int64(n)+int64(i)+1)
	}
	return numbers, nil
}
