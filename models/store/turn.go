package store

import (
	"context"
	"sync"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"
)

// turnsAtOnce is how many of those who want one row go to the database at once: one that holds its lock, one that waits for it
// there, and one on its way.
const turnsAtOnce = 3

// turns lets those who want the same row wait for each other here, in order, instead of in the database, where every waiter keeps a
// connection and is woken again and again. It is for speed alone: the row's lock decides, and another process has turns of its own.
type turns struct {
	mu   sync.Mutex
	rows map[uuid.UUID]*turn
}

type turn struct {
	free   *semaphore.Weighted
	wanted int // by how many it is held or waited for
}

// take waits for a turn at a row and returns how to leave it; ctx.Err() where that comes first.
func (t *turns) take(ctx context.Context, row uuid.UUID) (leave func(), err error) {
	mine := t.queueFor(row)
	if err := mine.free.Acquire(ctx, 1); err != nil {
		t.forget(row, mine)
		return nil, err
	}
	return func() {
		mine.free.Release(1)
		t.forget(row, mine)
	}, nil
}

func (t *turns) queueFor(row uuid.UUID) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rows == nil {
		t.rows = map[uuid.UUID]*turn{}
	}
	if t.rows[row] == nil {
		t.rows[row] = &turn{free: semaphore.NewWeighted(turnsAtOnce)}
	}
	t.rows[row].wanted++
	return t.rows[row]
}

func (t *turns) forget(row uuid.UUID, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.wanted--; mine.wanted == 0 {
		delete(t.rows, row)
	}
}
