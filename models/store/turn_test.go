package store

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestTurnsAtOneRow(t *testing.T) {
	var row turns
	id := uuid.New()
	var inside, most atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			leave, err := row.take(t.Context(), id)
			if err != nil {
				return
			}
			defer leave()
			now := inside.Add(1)
			for was := most.Load(); now > was && !most.CompareAndSwap(was, now); was = most.Load() {
			}
			inside.Add(-1)
		})
	}
	all.Wait()
	require.LessOrEqual(t, most.Load(), int32(turnsAtOnce))
	require.Empty(t, row.rows, "nothing is kept of a row that nobody wants")
}

func TestTurnThatIsGivenUp(t *testing.T) {
	var row turns
	id := uuid.New()
	for range turnsAtOnce {
		_, err := row.take(t.Context(), id)
		require.NoError(t, err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := row.take(gone, id)
	require.ErrorIs(t, err, context.Canceled)
	leave, err := row.take(t.Context(), uuid.New())
	require.NoError(t, err, "another row is free")
	leave()
}
