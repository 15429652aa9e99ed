package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

type plannedOperation[N ~string] interface {
	Apply(name N, now time.Time) error
	Over() bool
	Head() *models.Operation
}

// plansOnce takes a queued operation along its table, with the steps that it forbids on the way.
func plansOnce[N ~string](t *testing.T, r plannedOperation[N], begin, plan, complete, fail N) {
	t.Helper()
	now := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	later := now.Add(time.Minute)
	refuses := func(name N, why string) {
		require.Equal(t, models.CodeConflict, models.ErrorCode(r.Apply(name, later)), why)
	}
	refuses(plan, "not before it begins")
	refuses(complete, "not before it begins")
	require.NoError(t, r.Apply(begin, now))
	require.NoError(t, r.Apply(plan, now))
	refuses(plan, "the plan stands")
	require.NoError(t, r.Apply(begin, later), "a worker died and another goes on")
	require.Equal(t, now, *r.Head().StartedAt)
	require.NoError(t, r.Apply(complete, later))
	require.True(t, r.Over())
	require.Equal(t, later, *r.Head().FinishedAt)
	require.Nil(t, r.Head().NextActionAt)
	refuses(fail, "it is over")
}
