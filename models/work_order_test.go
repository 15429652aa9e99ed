package models

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// workOrderTable is the state table as people read it: what is not in it is refused.
var workOrderTable = map[WorkOrderStatus]map[WorkOrderCommandName]WorkOrderStatus{
	WorkOrderWaitingApproval: {WorkOrderApprove: WorkOrderApproved, WorkOrderCancel: WorkOrderCancelled},
	WorkOrderApproved: {
		WorkOrderSchedule: WorkOrderScheduled, WorkOrderAssign: WorkOrderApproved, WorkOrderStart: WorkOrderInProgress,
		WorkOrderCancel: WorkOrderCancelled,
	},
	WorkOrderWaitingMaterial: {
		WorkOrderSchedule: WorkOrderScheduled, WorkOrderAssign: WorkOrderWaitingMaterial, WorkOrderStart: WorkOrderInProgress,
		WorkOrderCancel: WorkOrderCancelled,
	},
	WorkOrderScheduled: {
		WorkOrderSchedule: WorkOrderScheduled, WorkOrderAssign: WorkOrderScheduled, WorkOrderStart: WorkOrderInProgress,
		WorkOrderCancel: WorkOrderCancelled,
	},
	WorkOrderInProgress: {
		WorkOrderAssign: WorkOrderInProgress, WorkOrderHold: WorkOrderOnHold, WorkOrderComplete: WorkOrderCompleted,
	},
	WorkOrderOnHold:    {WorkOrderAssign: WorkOrderOnHold, WorkOrderResume: WorkOrderInProgress},
	WorkOrderCompleted: {WorkOrderClose: WorkOrderClosed, WorkOrderReopen: WorkOrderInProgress},
	WorkOrderClosed:    {},
	WorkOrderCancelled: {},
}

var workOrderNow = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func TestEveryStateMeetsEveryCommand(t *testing.T) {
	t.Parallel()
	require.Len(t, workOrderTable, len(WorkOrderStatuses()))
	for _, status := range WorkOrderStatuses() {
		allowed := status.AllowedCommands()
		require.Len(t, allowed, len(workOrderTable[status]), status)
		for _, name := range WorkOrderCommandNames() {
			w := WorkOrder{Status: status, Version: 3}
			err := w.Apply(name, WorkOrderCommand{Reason: "why"}, workOrderNow)
			to, ok := workOrderTable[status][name]
			if !ok {
				require.Equal(t, CodeConflict, ErrorCode(err), "%s %s", status, name)
				require.Equal(t, allowed, AsError(err).AllowedCommands)
				require.Equal(t, WorkOrder{Status: status, Version: 3}, w, "a refused command changes nothing")
				continue
			}
			require.NoError(t, err)
			require.Contains(t, allowed, string(name))
			require.Equal(t, to, w.Status)
			require.Equal(t, 4, w.Version)
			require.Equal(t, to.Over(), w.NextActionAt == nil, "only what is over has nothing to look at")
		}
	}
}

func TestNextActionComesFromTheRowAlone(t *testing.T) {
	t.Parallel()
	for _, priority := range Priorities() {
		w := WorkOrder{Status: WorkOrderApproved, Priority: priority, UpdatedAt: workOrderNow}
		require.NoError(t, w.SetDue(new(NewDate(2026, time.March, 10)), "Europe/Berlin"))
		var done []WorkOrderAction
		last := time.Time{}
		for {
			action, at := w.NextAction()
			again, same := w.NextAction()
			require.Equal(t, action, again)
			require.Equal(t, at, same)
			if action == WorkOrderLook {
				break
			}
			require.True(t, at.After(last), "steps come in time's order")
			last = at
			done = append(done, action)
			w.Done(action, at)
		}
		require.Equal(t, []WorkOrderAction{WorkOrderRemind, WorkOrderOverdue, WorkOrderEscalate}, done)
		require.Equal(t, w.DueAt.Add(priority.EscalateAfter()), last)
	}
}

func TestDueDayEndsAtTheSite(t *testing.T) {
	t.Parallel()
	w := WorkOrder{Status: WorkOrderApproved}
	require.NoError(t, w.SetDue(new(NewDate(2026, time.March, 29)), "Europe/Berlin")) // clocks go forward that day
	require.Equal(t, time.Date(2026, 3, 29, 22, 0, 0, 0, time.UTC), *w.DueAt)
	require.False(t, w.Overdue(w.DueAt.Add(-time.Second)))
	require.True(t, w.Overdue(*w.DueAt))
	w.Status = WorkOrderCompleted
	require.False(t, w.Overdue(*w.DueAt))
	require.Equal(t, CodeInvalid, ErrorCode(w.SetDue(new(NewDate(2026, time.March, 29)), "Mars/Olympus")))
}

func TestChangeArmsTheProcessAnew(t *testing.T) {
	t.Parallel()
	keep := func(*WorkOrder) error { return nil }
	w := WorkOrder{ID: uuid.New(), Title: "x", Status: WorkOrderApproved, Priority: PriorityLow, RemindedAt: &workOrderNow, Version: 1}
	due := new(NewDate(2026, time.April, 1))
	look, err := w.Change(keep, &due, "UTC", workOrderNow)
	require.NoError(t, err)
	require.True(t, look)
	require.Nil(t, w.RemindedAt)
	require.Equal(t, 2, w.Version)

	look, err = w.Change(keep, &due, "UTC", workOrderNow)
	require.NoError(t, err)
	require.False(t, look, "the same date again")

	look, err = w.Change(func(w *WorkOrder) error { w.Priority = PriorityHigh; return nil }, nil, "UTC", workOrderNow)
	require.NoError(t, err)
	require.True(t, look)

	_, err = w.Change(func(w *WorkOrder) error { w.Priority = "soon"; return nil }, nil, "UTC", workOrderNow)
	require.Equal(t, "/priority", AsError(err).Fields[0].Pointer)

	over := WorkOrder{Title: "x", Status: WorkOrderClosed}
	_, err = over.Change(keep, nil, "UTC", workOrderNow)
	require.Equal(t, CodeConflict, ErrorCode(err))
	require.Empty(t, AsError(err).AllowedCommands)
}

func TestALookMakesNoVersion(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	w, o, r := WorkOrder{Version: 3}, PurchaseOrder{Version: 3}, AssetRequest{Version: 3}
	w.Done(WorkOrderLook, now)
	o.Done(PurchaseOrderLook, "", now)
	r.Done(AssetRequestLook, "", now)
	require.Equal(t, []int{3, 3, 3}, []int{w.Version, o.Version, r.Version}, "nobody's edit is refused for it, and no event tells of it")
	w.Done(WorkOrderOverdue, now)
	require.Equal(t, 4, w.Version)
}
