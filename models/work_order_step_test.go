package models

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNextStepsFollowTheStateTable(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	due := DateOf(now, time.UTC).AddDays(3)
	for _, status := range WorkOrderStatuses() {
		for _, assigned := range []bool{false, true} {
			w := WorkOrder{Status: status, Priority: PriorityHigh}
			require.NoError(t, w.SetDue(&due, "Europe/Berlin"))
			steps := w.NextSteps(assigned)
			require.LessOrEqual(t, len(steps), 3)
			if status.Over() {
				require.Empty(t, steps)
				continue
			}
			at := status
			for _, s := range steps {
				if s.Command == "" {
					require.Equal(t, WorkOrderRemind, s.Action)
					require.Equal(t, w.DueAt.Add(-remindBefore), *s.At)
					continue
				}
				next, allowed := at.after(s.Command)
				require.True(t, allowed, "%s, then %s", at, s.Command)
				at = next
			}
			require.NotEqual(t, status, at)
		}
	}
}

func TestNextStepsNameDays(t *testing.T) {
	day := DateOf(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), time.UTC)
	w := WorkOrder{Status: WorkOrderScheduled, StartOn: &day, DueOn: new(day.AddDays(2))}
	steps := w.NextSteps(true)
	require.Len(t, steps, 2, "without a due time the process only looks")
	require.Equal(t, WorkOrderStep{Command: WorkOrderStart, Assigned: true, On: &day}, steps[0])
	require.Equal(t, WorkOrderStep{Command: WorkOrderComplete, Assigned: true, On: w.DueOn}, steps[1])
	require.Equal(t, []WorkOrderStep{{Command: WorkOrderClose}}, WorkOrder{Status: WorkOrderCompleted, DueOn: &day}.NextSteps(true))
}
