package workers

import (
	"context"
	"log/slog"
	"time"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/models/store"
)

const (
	relayPoll  = time.Second      // below the database's notice, which wakes the relay at once
	relayBatch = 50               //
	relayHold  = 30 * time.Second // how long a claimed delivery is hidden from other relays
)

// Relay brings outbox rows to their processes. Several may run: each claims rows that no other has.
type Relay struct {
	Store     *store.Store
	Wake      activities.Deliverer
	StartRate int // generated work orders started a second
	Log       *slog.Logger
}

// Run works until ctx is done: messages to processes at once, starts of generated work orders in due order at StartRate.
func (r *Relay) Run(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.loop(ctx, models.QueueBulkStart, r.startBatch)
	}()
	for _, queue := range []models.Queue{models.QueueIntegrations, models.QueueBulk} {
		go r.loop(ctx, queue, r.deliverBatch)
	}
	r.loop(ctx, models.QueueCore, r.deliverBatch)
	<-done
}

// loop runs step again at once while it finds work, else waits for the database's notice or the poll.
func (r *Relay) loop(ctx context.Context, queue models.Queue, step func(context.Context, models.Queue) (int, error)) {
	woken := r.Store.OutboxNotices(ctx)
	for ctx.Err() == nil {
		n, err := step(ctx, queue)
		if err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "relay", "queue", string(queue), "error", err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-woken:
		case <-time.After(relayPoll):
		}
	}
}

func (r *Relay) deliverBatch(ctx context.Context, queue models.Queue) (int, error) {
	return r.deliver(ctx, queue, relayBatch)
}

// startBatch starts what a second allows and then lets the rest of that second pass.
func (r *Relay) startBatch(ctx context.Context, queue models.Queue) (int, error) {
	began := time.Now()
	n, err := r.deliver(ctx, queue, r.StartRate)
	if n == 0 || err != nil {
		return n, err
	}
	pause := time.Duration(n)*time.Second/time.Duration(r.StartRate) - time.Since(began)
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
	return n, nil
}

// deliver claims up to limit rows, delivers each and deletes those that Temporal took. A row whose delivery failed comes
// again after the hold.
func (r *Relay) deliver(ctx context.Context, queue models.Queue, limit int) (int, error) {
	claimed, err := r.Store.ClaimOutbox(ctx, queue, limit, relayHold)
	if err != nil || len(claimed) == 0 {
		return 0, err
	}
	var taken []int64
	var fault error
	for _, d := range claimed {
		if err := r.Wake.Deliver(ctx, d); err != nil {
			fault = err
			continue
		}
		taken = append(taken, d.OutboxID)
	}
	if len(taken) == 0 {
		return 0, fault
	}
	if err := r.Store.DeleteOutbox(ctx, taken); err != nil {
		return len(taken), err
	}
	return len(taken), fault
}
