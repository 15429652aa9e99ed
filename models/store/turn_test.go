package store

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestTurnsAtOneRow(t *testing.T) {
	var row turns
	id := uuid.New()
	var lock sync.Mutex
	inside, most := 0, 0
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			leave, err := row.take(t.Context(), id)
			if err != nil {
				return
			}
			defer leave()
			lock.Lock()
			defer lock.Unlock()
			inside++
			most = max(most, inside)
			lock.Unlock()
			runtime.Gosched()
			lock.Lock()
			inside--
		})
	}
	all.Wait()
	require.LessOrEqual(t, most, turnsAtOnce)
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
