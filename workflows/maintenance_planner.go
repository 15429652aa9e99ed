package workflows

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

// plannerPause is how long a planner rests after a set failed for good, before it tries again.
const plannerPause = time.Minute

// MaintenancePlanner is the clock of one site (ID is the site): it generates what is due in sets until nothing is, then sleeps to
// the earliest moment that its row names, or until it is woken. Its truth are the schedules' rows: a wake says only «look again».
func MaintenancePlanner(cancellable workflow.Context, in Input) error {
	ctx, _ := workflow.NewDisconnectedContext(cancellable)
	p := &planner{in: in.ProcessInput, pokes: workflow.GetSignalChannel(ctx, refreshSignal)}
	for {
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, workflow.GetInfo(ctx).WorkflowType.Name, Input{ProcessInput: in.ProcessInput})
		}
		drain(p.pokes)
		if err := p.generate(ctx); err != nil {
			return err
		}
		var state activities.PlannerState
		if err := call(ctx, maintenance.PlannerWaits, p.in, &state); err != nil {
			return err
		}
		if over, err := p.rest(ctx, state); over || err != nil {
			return err
		}
	}
}

type planner struct {
	in    activities.ProcessInput
	pokes workflow.ReceiveChannel
}

// generate works through everything that is due.
func (p *planner) generate(ctx workflow.Context) error {
	for !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		var result activities.GenerateResult
		err := workflow.ExecuteActivity(dbBatch(ctx), maintenance.GenerateDue, p.in).Get(ctx, &result)
		if refused(err) {
			workflow.GetLogger(ctx).Error("the set was refused", "error", err)
			return workflow.Sleep(ctx, plannerPause)
		}
		if err != nil {
			return err
		}
		if result.Claimed == 0 {
			return nil
		}
	}
	return nil
}

// rest sleeps, or checks the plan where that is next and due. It reports whether the run is at its end: the site has no planner.
func (p *planner) rest(ctx workflow.Context, state activities.PlannerState) (bool, error) {
	if !state.Exists {
		appeared, err := workflow.AwaitWithTimeout(ctx, rowMissing, p.poked)
		return !appeared, err
	}
	wait := state.NextAt.Sub(workflow.Now(ctx))
	if wait > 0 {
		workflow.SetCurrentDetails(ctx, plannerWaits(state))
		poked, err := workflow.AwaitWithTimeout(ctx, wait, p.poked)
		if err != nil || poked {
			return false, err
		}
	}
	if models.PlannerAction(state.Action) != models.PlannerCheck {
		return false, nil
	}
	var repaired int
	err := workflow.ExecuteActivity(dbBatch(ctx), maintenance.CheckPlan, p.in).Get(ctx, &repaired)
	if refused(err) {
		workflow.GetLogger(ctx).Error("the check was refused", "error", err)
		return false, workflow.Sleep(ctx, plannerPause)
	}
	return false, err
}

func (p *planner) poked() bool { return p.pokes.Len() > 0 }

func plannerWaits(state activities.PlannerState) string {
	text := fmt.Sprintf("Sleeps until %s.", state.NextAt.Format("2006-01-02 15:04:05 MST"))
	if len(state.Upcoming) == 0 {
		return text + " Nothing is planned."
	}
	return text + "\n\nNext due dates:\n\n- " + strings.Join(state.Upcoming, "\n- ")
}
