package workers

import (
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"mainstay/models"
)

const (
	stickyCache = 1_000            // workflows kept in memory by a process
	stopTimeout = 20 * time.Second // a pod's grace period less ten seconds
	minPollers  = 2
	maxPollers  = 16
	pollers     = 8 // at the start: with the SDK's 2, creates wait seconds behind transitions
)

// Workers are the workers of one process, one a task queue.
type Workers struct{ running []worker.Worker }

// deployment is the name under which all builds of the worker are versions.
const deployment = "mainstay"

// Start starts a worker on each queue. What was started is stopped again when one fails. A build id makes the workers a version
// of the deployment: they get no task until an operator makes that version the current one. An empty build id runs unversioned.
func Start(c client.Client, a Activities, queues []models.Queue, buildID string) (*Workers, error) {
	worker.SetStickyWorkflowCacheSize(stickyCache)
	w := &Workers{}
	for _, queue := range queues {
		options := Options()
		if buildID != "" {
			options.DeploymentOptions = worker.DeploymentOptions{
				UseVersioning: true, Version: worker.WorkerDeploymentVersion{DeploymentName: deployment, BuildID: buildID},
			}
		}
		one := worker.New(c, string(queue), options)
		register(one, a)
		if err := one.Start(); err != nil {
			w.Stop()
			return nil, err
		}
		w.running = append(w.running, one)
	}
	return w, nil
}

// Stop drains: no new tasks, running ones finish within the stop timeout.
func (w *Workers) Stop() {
	for _, one := range w.running {
		one.Stop()
	}
}

// Options are those of every worker.
func Options() worker.Options {
	scaled := worker.NewPollerBehaviorAutoscaling(worker.PollerBehaviorAutoscalingOptions{
		InitialNumberOfPollers: pollers, MinimumNumberOfPollers: minPollers, MaximumNumberOfPollers: maxPollers,
	})
	return worker.Options{
		WorkerStopTimeout:          stopTimeout,
		WorkflowTaskPollerBehavior: scaled,
		ActivityTaskPollerBehavior: scaled,
		WorkflowPanicPolicy:        worker.BlockWorkflow,
	}
}
