package workers

import (
	"context"
	"log/slog"
	"time"

	"mainstay/activities"
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

// Sweep pokes one batch of late processes and returns how many.
func (s *Sweeper) Sweep(ctx context.Context) (int, error) {
	late, err := s.Store.LateProcesses(ctx, time.Now().Add(-sweepLate), sweepBatch)
	if err != nil {
		return 0, err
	}
	return len(late), s.Wake.Deliver(ctx, late...)
}
