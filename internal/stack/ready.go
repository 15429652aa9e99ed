package stack

import (
	"context"
	"fmt"
	"time"
)

// readyWithin bounds the wait for a child: crash recovery of a big database is the slowest honest case.
const readyWithin = 2 * time.Minute

// awaitReady calls check until it succeeds. It gives up when the child ends, readyWithin has passed or ctx is done.
func (p *process) awaitReady(ctx context.Context, check func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		attempt, cancelAttempt := context.WithTimeout(ctx, 2*time.Second)
		err := check(attempt)
		cancelAttempt()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended before it was ready: %w", p.name, p.err)
		case <-ctx.Done():
			return fmt.Errorf("%s did not get ready: %w (last attempt: %w)", p.name, ctx.Err(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
