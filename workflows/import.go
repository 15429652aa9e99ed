package workflows

import (
	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
)

// exchange refers to the activities of the domain; workers register the struct itself.
var exchange *activities.Exchange

// cancelSignal ends an import or an export; what was written stays. The API changes the row instead, which says the same.
const cancelSignal = "cancel"

// Import is the process of one file: it checks its rows and, unless it is a dry run that waits for a person, writes them. Its
// truth is the row, which counts what is done: a run that is started again goes on there.
func Import(ctx workflow.Context, in Input) error {
	return exchangeSteps{load: exchange.LoadImport, run: exchange.RunImport, cancel: exchange.CancelImport}.work(ctx, in)
}

// exchangeSteps are the activities of a process that works through a long list and then is over.
type exchangeSteps struct{ load, run, cancel any }

// work goes on until the row says that nothing is to be done.
func (s exchangeSteps) work(cancellable workflow.Context, in Input) error {
	ctx, _ := workflow.NewDisconnectedContext(cancellable)
	workflow.Go(ctx, func(ctx workflow.Context) {
		cancelled := workflow.GetSignalChannel(ctx, cancelSignal)
		for cancelled.Receive(ctx, nil) {
			if err := call(ctx, s.cancel, in.ProcessInput, nil); err != nil {
				workflow.GetLogger(ctx).Error("cancel", "error", err)
			}
		}
	})
	pokes := workflow.GetSignalChannel(ctx, refreshSignal)
	for {
		drain(pokes)
		var state activities.ProcessState
		if err := call(ctx, s.load, in.ProcessInput, &state); err != nil {
			return err
		}
		switch {
		case pokes.Len() > 0:
		case !state.Exists:
			appeared, err := workflow.AwaitWithTimeout(ctx, rowMissing, func() bool { return pokes.Len() > 0 })
			if err != nil || !appeared {
				return err
			}
		case state.Over:
			return nil
		default:
			act := activities.ActionInput{ProcessInput: in.ProcessInput, Action: state.Action}
			if err := workflow.ExecuteActivity(bulk(ctx), s.run, act).Get(ctx, nil); err != nil {
				return err
			}
		}
	}
}
