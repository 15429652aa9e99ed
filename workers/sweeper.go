package workers

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"mainstay/activities"
	"mainstay/models"
	"mainstay/models/store"
)

const (
	sweepEvery = 30 * time.Second
	sweepLate  = 2 * time.Minute // a row may be this late before it is poked
	sweepBatch = 500
)

// Sweeper pokes processes whose row is late. It heals a machine that died between two commits, a terminated run, a lost timer
// and an emptied Temporal.
type Sweeper struct {
	Store *store.Store
	Wake  activities.Deliverer
	Log   *slog.Logger
}

// Run sweeps until ctx is done.
func (s *Sweeper) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if n, err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "sweeper", "error", err)
		} else if n > 0 {
			s.Log.InfoContext(ctx, "sweeper poked late processes", "count", n)
		}
		select {
		case <-ctx.Done():
		case <-time.After(sweepEvery):
		}
	}
}

// Sweep pokes one batch of late processes and returns how many, and ends reservations whose day has passed.
func (s *Sweeper) Sweep(ctx context.Context) (int, error) {
	late, err := s.Store.LateProcesses(ctx, time.Now().Add(-sweepLate), sweepBatch)
	if err != nil {
		return 0, err
	}
	if err := s.Wake.Deliver(ctx, late...); err != nil {
		return 0, err
	}
	_, err = s.Store.ExpireReservations(ctx, sweepBatch)
	return len(late), err
}

// reconcileAtOnce bounds how many processes are poked at the same time.
const reconcileAtOnce = 16

// Reconcile pokes every process that is not over, late or not: after Temporal's state was lost each starts again from its row.
// It may run at any time, for a poke is harmless. progress is told how many were poked so far.
func (s *Sweeper) Reconcile(ctx context.Context, progress func(poked int)) (int, error) {
	var last models.Delivery
	poked := 0
	for {
		open, err := s.Store.OpenProcesses(ctx, last, sweepBatch)
		if err != nil || len(open) == 0 {
			return poked, err
		}
		group, batch := errgroup.WithContext(ctx)
		group.SetLimit(reconcileAtOnce)
		for _, process := range open {
			group.Go(func() error { return s.Wake.Deliver(batch, process) })
		}
		if err := group.Wait(); err != nil {
			return poked, err
		}
		poked += len(open)
		last = open[len(open)-1]
		progress(poked)
	}
}
