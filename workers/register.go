package workers

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/workflows"
)

// Activities are the domains' activity structs, one each.
type Activities struct {
	Approvals   *activities.Approvals
	Assets      *activities.Assets
	Delivery    *activities.Delivery
	Exchange    *activities.Exchange
	Maintenance *activities.Maintenance
	Operations  *activities.Operations
	Purchasing  *activities.Purchasing
}

// register is the only list of what workers run.
func register(w worker.Worker, a Activities) {
	for _, process := range workflows.All() {
		w.RegisterWorkflowWithOptions(process, workflow.RegisterOptions{VersioningBehavior: workflows.VersioningBehavior(process)})
	}
	w.RegisterActivity(a.Approvals)
	w.RegisterActivity(a.Assets)
	w.RegisterActivity(a.Delivery)
	w.RegisterActivity(a.Exchange)
	w.RegisterActivity(a.Maintenance)
	w.RegisterActivity(a.Operations)
	w.RegisterActivity(a.Purchasing)
}
