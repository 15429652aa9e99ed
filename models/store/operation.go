package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// operation is a pointer to a model that embeds models.Operation and takes the steps N of a state table.
type operation[T any, N ~string] interface {
	*T
	Head() *models.Operation
	Apply(name N, now time.Time) error
}

// ActionCarryOut is the one automatic step of an operation: to do it.
const ActionCarryOut = "carry_out"

// operationQueued is where every operation begins.
const operationQueued = "queued"

// admitOperation writes the command row of a create, which asks for body.
func admitOperation[T any](ctx context.Context, s *Store, id uuid.UUID, body any) (models.Command, error) {
	noun := nounOf[T]()
	text, err := json.Marshal(body)
	if err != nil {
		return models.Command{}, err
	}
	return s.admit(ctx, insertCommand, models.Command{Name: noun + ".create", SubjectType: noun, SubjectID: id, Body: text}, func(*pgx.Batch) {})
}

// createOperation carries out an admitted create in one transaction: build makes the row of the command's body B, and its event shows what
// told says of it. A repeat returns the first outcome.
func createOperation[T, B any](
	ctx context.Context, s *Store, id, commandID uuid.UUID, build func(*Tx, B) T, told func(T) map[string]any,
) (CommandOutcome, error) {
	noun := nounOf[T]()
	return carryOut(ctx, s, commandID, readNothing, func(tx *Tx, body B) (CommandOutcome, error) {
		row := build(tx, body)
		if err := queueCreate(tx, &row); err != nil {
			return CommandOutcome{}, err
		}
		if err := tx.Audit(Change{Action: noun + ".create", SubjectType: noun, SubjectID: id, After: told(row)}); err != nil {
			return CommandOutcome{}, err
		}
		return CommandOutcome{ID: id, Status: operationQueued, Version: 1, At: tx.Now, Action: ActionCarryOut, NextAt: tx.Now}, nil
	})
}

// scheduleOperation makes a row that a clock asked for, once for its id.
func scheduleOperation[T any](ctx context.Context, s *Store, id uuid.UUID, build func(*Tx) T) error {
	noun := nounOf[T]()
	return s.InTx(ctx, func(tx *Tx) error {
		// Two tries of one tick wait for each other: the second finds the row.
		if _, err := tx.exec(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, id.String()); err != nil {
			return err
		}
		made, err := txValues[bool](tx, `SELECT EXISTS (SELECT FROM `+tableOf[T]()+` WHERE tenant_id = $1 AND id = $2)`, tx.Actor.TenantID, id)
		if err != nil || made[0] {
			return err
		}
		row := build(tx)
		if err := create(tx, &row); err != nil {
			return err
		}
		return tx.Audit(Change{Action: noun + ".schedule", SubjectType: noun, SubjectID: id, After: map[string]any{"status": operationQueued}})
	})
}

// loadOperation reads a row for its process and notes that the process runs. Nil when there is no such row.
func loadOperation[T any](ctx context.Context, s *Store, id uuid.UUID) (*T, error) {
	var found []T
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[T](tx, `UPDATE `+tableOf[T]()+` t SET process_started_at = coalesce(process_started_at, $3)
			WHERE t.tenant_id = $1 AND t.id = $2 RETURNING `+columns[T]("t"), tx.Actor.TenantID, id, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// stepOperation takes a step of the state table on the locked row; note adds what the step leaves. CodeConflict: the row is elsewhere by
// now.
func stepOperation[T any, N ~string, P operation[T, N]](ctx context.Context, s *Store, id uuid.UUID, name N, note func(*T)) (T, error) {
	var row T
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if row, err = lockRecord[T](tx, id); err != nil {
			return err
		}
		before := row
		if err := P(&row).Apply(name, tx.Now); err != nil {
			return err
		}
		note(&row)
		noun := nounOf[T]()
		c := Change{Action: noun + "." + string(name), SubjectType: noun, SubjectID: id}
		return updateChanged(tx, c, P(&before).Head().Version, &before, &row, models.Conflict("Another worker took it on meanwhile."))
	})
	return row, err
}

// operationLives keeps the sweeper from poking an operation that works.
func operationLives[T any](ctx context.Context, s *Store, id uuid.UUID) error {
	return s.InTx(ctx, func(tx *Tx) error {
		_, err := tx.exec(`UPDATE `+tableOf[T]()+` SET next_action_at = $3 WHERE tenant_id = $1 AND id = $2 AND finished_at IS NULL`,
			tx.Actor.TenantID, id, tx.Now)
		return err
	})
}

// everyOperation selects the operations T of the whole installation, as t: its function all_<table>() sees past the tenant.
func everyOperation[T any]() string {
	return `SELECT ` + columns[T]("t") + ` FROM all_` + tableOf[T]() + `() t WHERE true`
}

// listOperations lists the operations T of the installation, whoever asked for them.
func listOperations[T any, P interface {
	*T
	Head() *models.Operation
}](ctx context.Context, s *Store, p Page) (Rows[T], error) {
	l := &listing[T]{
		from: everyOperation[T](), id: "t.id", idOf: func(row T) string { return P(&row).Head().ID.String() },
		orders: map[string]order[T]{
			"created_at": byTime("t.created_at", func(row T) time.Time { return P(&row).Head().CreatedAt }),
		},
	}
	return l.run(ctx, s, p)
}

// findOperation reads the first operation T of the installation that fits the condition; CodeNotFound where none does.
func findOperation[T any](ctx context.Context, s *Store, condition string, args ...any) (T, error) {
	return systemOne[T](ctx, s, nounOf[T](), everyOperation[T]()+` AND `+condition, args...)
}
