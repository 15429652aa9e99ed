//go:build bench

package main

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"mainstay/workers"
)

const lifecycleClients = 32

// TestBenchWorkOrderLifecycle: create and three transitions, ours through HTTP with sign-in, against update-with-start and
// updates from a Go client, whose local activity runs one SQL statement; same server, same run. The bare shape is one process,
// and so is ours.
func TestBenchWorkOrderLifecycle(t *testing.T) {
	benchLifecycle(t, "wo_lifecycle_ratio_vs_bare_temporal", "serve")
}

// TestBenchWorkOrderLifecycleOfTwo is the same with API and worker as two processes, as `make run` starts them.
func TestBenchWorkOrderLifecycleOfTwo(t *testing.T) {
	benchLifecycle(t, "wo_lifecycle_two_processes_ratio_vs_bare_temporal", "api", "worker")
}

func benchLifecycle(t *testing.T, figure string, processes ...string) {
	t.Helper()
	w := newWorld(t).upAs(processes...)
	bare := newBareTemporal(t, w)
	printDurability(t, w)
	ours := w.posting(lifecycleClients, func(call *caller, _ int) error {
		var created struct {
			ID string `json:"id"`
		}
		if err := call.post(http.StatusCreated, "/v1/work-orders", map[string]any{
			"title": "Replace the seal", "asset_id": w.plant.Asset, "type": "corrective", "priority": "high", "due_on": "2030-01-31",
		}, &created); err != nil {
			return err
		}
		path := "/v1/work-orders/" + created.ID
		for _, step := range []struct {
			name string
			body any
		}{{"start", nil}, {"complete", map[string]any{"resolution": "New seal"}}, {"close", nil}} {
			if err := call.post(http.StatusOK, path+"/"+step.name, step.body, nil); err != nil {
				return err
			}
		}
		return nil
	})
	w.paired(figure, lifecycleClients, ours, func(int, int) error {
		return bare.lifecycle(t.Context(), "start", "complete", "close")
	})
}

func printDurability(t *testing.T, w *world) {
	t.Helper()
	for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes", "data_checksums", "shared_buffers"} {
		var value string
		require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), "SELECT current_setting($1)", name).Scan(&value))
		fmt.Printf("# postgresql %s = %s\n", name, value)
	}
}

// bareTemporal is the fastest bare shape: one workflow whose updates run one SQL statement in a local activity. What goes to another
// system, the command send, is an activity besides, on a queue of its own, which runs that statement once more.
type bareTemporal struct {
	client client.Client
	pool   *pgxpool.Pool
}

const (
	bareQueue        = "bare"
	bareOutsideQueue = "bare-outside"
)

func newBareTemporal(t *testing.T, w *world) *bareTemporal {
	t.Helper()
	_, err := w.db.Owner.ExecContext(t.Context(), `CREATE TABLE bare (id uuid PRIMARY KEY, status text NOT NULL, version integer NOT NULL)`)
	require.NoError(t, err)
	pool, err := pgxpool.New(t.Context(), w.db.URL)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	b := &bareTemporal{client: w.temporal, pool: pool}
	for _, queue := range []string{bareQueue, bareOutsideQueue} {
		one := worker.New(w.temporal, queue, workers.Options())
		one.RegisterWorkflowWithOptions(b.workflow, workflow.RegisterOptions{Name: "Bare"})
		one.RegisterActivity(b.Set)
		require.NoError(t, one.Start())
		t.Cleanup(one.Stop)
	}
	return b
}

type bareCommand struct {
	ID     string
	Status string
}

func (b *bareTemporal) Set(ctx context.Context, c bareCommand) (int, error) {
	var version int
	err := b.pool.QueryRow(ctx, `INSERT INTO bare VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE SET status = excluded.status,
		version = bare.version + 1 RETURNING version`, c.ID, c.Status).Scan(&version)
	return version, err
}

func (b *bareTemporal) workflow(ctx workflow.Context, _ string) error {
	closed, outsideNow, sent := false, false, workflow.NewBufferedChannel(ctx, 1)
	outside := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{TaskQueue: bareOutsideQueue, StartToCloseTimeout: time.Minute})
	workflow.Go(ctx, func(ctx workflow.Context) {
		var c bareCommand
		for sent.Receive(ctx, &c) {
			_ = workflow.ExecuteActivity(outside, b.Set, c).Get(ctx, nil)
			outsideNow = false
		}
	})
	err := workflow.SetUpdateHandler(ctx, "set", func(ctx workflow.Context, c bareCommand) (int, error) {
		var version int
		ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{ScheduleToCloseTimeout: 3_000_000_000})
		err := workflow.ExecuteLocalActivity(ctx, b.Set, c).Get(ctx, &version)
		closed = c.Status == "close"
		if c.Status == "send" {
			outsideNow = true
			sent.Send(ctx, c)
		}
		return version, err
	})
	if err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return closed && !outsideNow && workflow.AllHandlersFinished(ctx) })
}

// lifecycle creates and carries out the commands, the last of which is close.
func (b *bareTemporal) lifecycle(ctx context.Context, commands ...string) error {
	id := uuid.NewString()
	update := func(status string) client.UpdateWorkflowOptions {
		return client.UpdateWorkflowOptions{
			WorkflowID: "bare/" + id, UpdateID: uuid.NewString(), UpdateName: "set", Args: []any{bareCommand{id, status}},
			WaitForStage: client.WorkflowUpdateStageCompleted,
		}
	}
	start := b.client.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: "bare/" + id, TaskQueue: bareQueue, WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, "Bare", id)
	handle, err := b.client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{StartWorkflowOperation: start, UpdateOptions: update("create")})
	if err != nil {
		return err
	}
	var version int
	if err := handle.Get(ctx, &version); err != nil {
		return err
	}
	for _, status := range commands {
		handle, err := b.client.UpdateWorkflow(ctx, update(status))
		if err != nil {
			return err
		}
		if err := handle.Get(ctx, &version); err != nil {
			return err
		}
	}
	return nil
}
