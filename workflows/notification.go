package workflows

import (
	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
)

var delivery *activities.Delivery

// Notification brings one notification's mail to its reader. It ends when the server took the mail or refused it for good;
// while the server is away it tries on, a day at a time, and the sweeper starts it again after that.
func Notification(ctx workflow.Context, in Input) error {
	// The sweeper's poke says no more than the start that comes with it, but a signal that nobody takes is a warning in the log.
	defer drain(workflow.GetSignalChannel(ctx, refreshSignal))
	var s activities.ProcessState
	if err := call(ctx, delivery.LoadNotification, in.ProcessInput, &s); err != nil || !s.Exists || s.Over {
		return err
	}
	return workflow.ExecuteActivity(external(ctx), delivery.MailNotification, in.ProcessInput).Get(ctx, nil)
}
