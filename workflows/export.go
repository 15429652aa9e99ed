package workflows

import "go.temporal.io/sdk/workflow"

// Export is the process of one list on its way into a file. Its truth is the row: a run that is broken off begins the file anew.
func Export(ctx workflow.Context, in Input) error {
	return exchangeSteps{load: exchange.LoadExport, run: exchange.RunExport, cancel: exchange.CancelExport}.work(ctx, in)
}
