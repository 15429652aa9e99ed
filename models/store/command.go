package store

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"mainstay/models"
)

// once makes a record's POST repeatable: with an Idempotency-Key it claims the command's row in this transaction. true means
// that the same request was carried out before and fn has nothing to do: the answer is the subject as it is now. Another body
// under the same key is CodeKeyReused, a request that still runs CodeKeyInUse.
func (tx *Tx) once(name, subjectType string, subject uuid.UUID) (bool, error) {
	if !tx.Command.Sent {
		return false, nil
	}
	return tx.onceWith(name, subjectType, subject, func(*pgx.Batch) {})
}

// onceWith is once, together with the reads that queue adds: one round trip.
func (tx *Tx) onceWith(name, subjectType string, subject uuid.UUID, queue func(*pgx.Batch)) (bool, error) {
	batch := &pgx.Batch{}
	claimed := tx.queueClaim(batch, name, subjectType, subject)
	queue(batch)
	if err := tx.send(batch); err != nil || *claimed {
		return false, err
	}
	hashes, err := txValues[[]byte](tx, `SELECT request_hash FROM commands WHERE tenant_id = $1 AND id = $2`,
		tx.Actor.TenantID, tx.Command.ID)
	switch {
	case err != nil:
		return false, err
	case len(hashes) == 0:
		return false, &models.Error{Code: models.CodeKeyInUse, Detail: "A request with this Idempotency-Key still runs."}
	}
	return true, sameRequest(hashes[0], tx.Command.Hash)
}

// queueClaim claims the command's row, where a key was sent; what it returns says, after the batch, whether the request is the first
// with it.
func (tx *Tx) queueClaim(batch *pgx.Batch, name, subjectType string, subject uuid.UUID) *bool {
	claimed := !tx.Command.Sent
	if tx.Command.Sent {
		batch.Queue(claimCommand, tx.Actor.TenantID, tx.Command.ID, name, tx.Actor.UserID, subjectType, subject, tx.Command.Hash,
			tx.Actor.RequestID, tx.Now, tx.Command.ID.String()).Exec(func(done pgconn.CommandTag) error {
			claimed = done.RowsAffected() == 1
			return nil
		})
	}
	return &claimed
}

const claimCommand = `INSERT INTO commands
	(tenant_id, id, name, actor_id, subject_type, subject_id, request_hash, request_id, created_at, done_at)
	SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $9
	WHERE pg_try_advisory_xact_lock(hashtextextended($10, 0)) ON CONFLICT DO NOTHING`

func sameRequest(was, is []byte) error {
	if bytes.Equal(was, is) {
		return nil
	}
	return &models.Error{Code: models.CodeKeyReused, Detail: "This Idempotency-Key was used with another request."}
}

const insertCommand = `INSERT INTO commands
	(tenant_id, id, name, actor_id, subject_type, subject_id, request_hash, body, request_id)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`

// insertNumbered is insertCommand for a command that makes a row with a human number: it draws the number's count and puts it into the
// part of the body that says what is new. A command that is refused after that leaves a gap in the numbers: drawn in the transaction
// that carries the command out, they would make each one wait for the disk of the one before it.
func insertNumbered(prefix, part string) string {
	return `WITH drawn AS (INSERT INTO counters (tenant_id, name, value) VALUES ($1, '` + prefix + `', 1)
		ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + 1 RETURNING value)
	INSERT INTO commands (tenant_id, id, name, actor_id, subject_type, subject_id, request_hash, body, request_id)
	SELECT $1, $2, $3, $4, $5, $6, $7, jsonb_set($8::jsonb, '{` + part + `,count}', to_jsonb(value)), $9 FROM drawn ON CONFLICT DO NOTHING`
}

var (
	insertWorkOrderCreate     = insertNumbered("WO", "new")
	insertPurchaseOrderCreate = insertNumbered("PO", "new")
	insertGoodsReceipt        = insertNumbered("GR", "receipt")
)

const selectCommand = `SELECT tenant_id, id, name, actor_id, subject_type, subject_id, request_hash, body, request_id,
	created_at, done_at, outcome FROM commands WHERE tenant_id = $1 AND id = $2`

// setAdmission sets the scope and does not wait for the disk: the transaction that acts on the command flushes the log up to its
// own end, which lies behind; a command that is lost with the machine before that did nothing, and its repeat admits it again.
const setAdmission = "SELECT set_config('app.tenant_id', $1, true), set_config('synchronous_commit', 'off', true)"

// admit writes a process command's row (a claim check: what it asks for stays here, Temporal sees its id) together with the
// reads that queue adds: one round trip, one implicit transaction. insert writes the row. A repeat finds the row there and takes one
// trip more: the returned command has an outcome when it was carried out before; another body under the same key is CodeKeyReused.
func (s *Store) admit(ctx context.Context, insert string, c models.Command, queue func(*pgx.Batch)) (models.Command, error) {
	key := models.CommandKeyFrom(ctx)
	actor, _ := models.ActorFrom(ctx)
	admitted := false
	err := s.batch(ctx, setAdmission, func(b *pgx.Batch) {
		queue(b)
		b.Queue(insert, actor.TenantID, key.ID, c.Name, actor.UserID, c.SubjectType, c.SubjectID, key.Hash,
			string(c.Body), actor.RequestID).Exec(func(done pgconn.CommandTag) error {
			admitted = done.RowsAffected() == 1
			return nil
		})
	})
	c.TenantID, c.ID, c.ActorID, c.RequestHash, c.RequestID = actor.TenantID, key.ID, actor.UserID, key.Hash, actor.RequestID
	if err != nil || admitted {
		return c, err
	}
	was, err := readOne[models.Command](ctx, s, "command", selectCommand, actor.TenantID, key.ID)
	if err != nil {
		return c, err
	}
	return was, sameRequest(was.RequestHash, key.Hash)
}

// takeCommand locks an admitted command's row and puts its identity into the transaction; reads that queue adds travel with
// it. A command with an outcome was carried out before: nothing is left to do.
func (tx *Tx) takeCommand(id uuid.UUID, queue func(*pgx.Batch)) (models.Command, error) {
	var found []models.Command
	batch := &pgx.Batch{}
	batch.Queue(selectCommand+" FOR NO KEY UPDATE", tx.Actor.TenantID, id).Query(func(r pgx.Rows) (err error) {
		found, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[models.Command])
		return err
	})
	queue(batch)
	err := tx.send(batch)
	if err != nil {
		return models.Command{}, err
	}
	if len(found) == 0 {
		return models.Command{}, models.NotFound("command")
	}
	c := found[0]
	tx.Command = models.CommandKey{ID: c.ID, Hash: c.RequestHash, Sent: true}
	if c.RequestID != "" {
		tx.Actor.RequestID = c.RequestID
	}
	return c, nil
}

// carryOut carries out an admitted command in one transaction: its row is taken together with the reads that queue adds, act does what its
// body B asks for, and the outcome is kept. A command that was carried out before answers its first outcome.
func carryOut[B any](
	ctx context.Context, s *Store, commandID uuid.UUID, queue func(*Tx, *pgx.Batch), act func(*Tx, B) (CommandOutcome, error),
) (CommandOutcome, error) {
	var out CommandOutcome
	err := s.InTx(ctx, func(tx *Tx) error {
		command, err := tx.takeCommand(commandID, func(b *pgx.Batch) { queue(tx, b) })
		if err != nil {
			return err
		}
		if command.DoneAt != nil {
			return json.Unmarshal(command.Outcome, &out)
		}
		var body B
		if err := json.Unmarshal(command.Body, &body); err != nil {
			return err
		}
		if out, err = act(tx, body); err != nil {
			return err
		}
		out.CommandID, out.RequestHash = command.ID, command.RequestHash
		return tx.finishCommand(out)
	})
	return out, err
}

// readNothing is the queue of a command that needs no row beside its own.
func readNothing(*Tx, *pgx.Batch) {}

// noteProcess says in a row that its process works on it; at is the row's process_started_at.
func (tx *Tx) noteProcess(at **time.Time) {
	if *at == nil {
		*at = &tx.Now
	}
}

// finishCommand keeps the outcome for repeats.
func (tx *Tx) finishCommand(outcome any) error {
	text, err := json.Marshal(outcome)
	if err != nil {
		return err
	}
	tx.queue(`UPDATE commands SET done_at = $3, outcome = $4 WHERE tenant_id = $1 AND id = $2`,
		tx.Actor.TenantID, tx.Command.ID, tx.Now, string(text))
	return nil
}

// CommandOutcome is what a process's command leaves, kept in its row for repeats.
type CommandOutcome struct {
	ID          uuid.UUID `json:"id"`
	Number      string    `json:"number"`
	Status      string    `json:"status"`
	Version     int       `json:"version"`
	At          time.Time `json:"at"` // when it was carried out: updated_at of the row
	CommandID   uuid.UUID `json:"command_id"`
	RequestHash []byte    `json:"request_hash"`
	Over        bool      `json:"over,omitempty"`
	Action      string    `json:"action,omitempty"` // the process's next automatic step
	NextAt      time.Time `json:"next_at,omitzero"`
	// Priority is told by the commands that may change it.
	Priority string `json:"priority,omitempty"`
}
