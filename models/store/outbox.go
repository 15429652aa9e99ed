package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// fact asks that a process looks at its row again. It is written in the transaction of the change, so it cannot be lost;
// twice is harmless.
func (tx *Tx) fact(d models.Delivery) error {
	attributes, err := json.Marshal(d.Attributes)
	if err != nil {
		return err
	}
	if d.DueAt.IsZero() {
		d.DueAt = tx.Now
	}
	tx.queue(`INSERT INTO outbox (tenant_id, kind, process, subject_id, queue, attributes, due_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.Actor.TenantID, string(d.Kind), d.Process, d.SubjectID, string(d.Queue), string(attributes), d.DueAt, tx.Now)
	return nil
}

// ClaimOutbox takes up to limit waiting deliveries of a queue in due order and hides them from other relays for the hold
// time; what is not deleted by then comes again.
func (s *Store) ClaimOutbox(ctx context.Context, queue models.Queue, limit int, hold time.Duration) ([]models.Delivery, error) {
	return system[models.Delivery](ctx, s, `SELECT * FROM claim_outbox($1, $2, $3)`, string(queue), limit, hold.Seconds())
}

// DeleteOutbox removes deliveries of any tenant that Temporal has taken; an id that is gone is nothing.
func (s *Store) DeleteOutbox(ctx context.Context, ids []int64) error {
	_, err := system[struct{ Deleted int64 }](ctx, s, `SELECT delete_outbox($1) AS deleted`, ids)
	return err
}

// LateProcesses returns up to limit process rows whose next action was due before the given time, longest late first.
func (s *Store) LateProcesses(ctx context.Context, before time.Time, limit int) ([]models.Delivery, error) {
	return system[models.Delivery](ctx, s, `SELECT process, tenant_id, subject_id, next_action_at AS due_at,
		'refresh' AS kind, 'core' AS queue FROM late_processes($1, $2)`, before, limit)
}

// OpenProcesses returns up to limit processes that are not over, behind the given one in a fixed order; the zero Delivery
// stands before the first.
func (s *Store) OpenProcesses(ctx context.Context, after models.Delivery, limit int) ([]models.Delivery, error) {
	return system[models.Delivery](ctx, s, `SELECT process, tenant_id, subject_id, next_action_at AS due_at,
		'refresh' AS kind, 'core' AS queue FROM open_processes($1, $2, $3)`, after.Process, after.SubjectID, limit)
}

// OutboxNotices tells when rows were added: a value comes after each such commit, several may be one. It works until ctx is
// done; while the database is away nothing comes, so callers poll beside it.
func (s *Store) OutboxNotices(ctx context.Context) <-chan struct{} {
	notices := make(chan struct{}, 1)
	go func() {
		for ctx.Err() == nil {
			_ = s.listen(ctx, notices) // the poll beside it goes on; the next turn tries again
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}()
	return notices
}

func (s *Store) listen(ctx context.Context, notices chan<- struct{}) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "LISTEN mainstay_outbox"); err != nil {
		return err
	}
	for {
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
		select {
		case notices <- struct{}{}:
		default:
		}
	}
}
