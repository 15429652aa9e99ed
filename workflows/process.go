package workflows

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

// Input starts a process. AwaitCommand says that the start came with a command, whose handler reads the row, so that the run
// need not read it first.
type Input struct {
	activities.ProcessInput
	AwaitCommand bool `json:"await_command,omitempty"`
}

const (
	rowMissing = time.Minute // a run that finds no row waits this long for a create
	noProgress = time.Minute // between two tries of a step that left its row as it was
)

// steps are the activities of one process; each field is a method reference.
type steps struct {
	load    any // func(ctx, activities.ProcessInput) (activities.ProcessState, error)
	command any // func(ctx, activities.CommandInput) (activities.CommandResult, error)
	act     any // func(ctx, activities.ActionInput) (activities.ProcessState, error)
	// outside is act for the steps that isOutside names: they talk to another system and may take long. Nil where there are none.
	outside   any
	isOutside func(action string) bool
	// options are those of outside; nil means external.
	options  func(workflow.Context) workflow.Context
	commands []string
	signals  []string                             // beside refresh; each says no more than that
	waits    func(activities.ProcessState) string // what the process waits for, in words, for operators
}

// process is the loop of every level-triggered process: state from the row, the next action that models decided from the row
// alone, then waiting for its time, a command, or the signal to look again.
type process struct {
	in      Input
	steps   steps
	state   activities.ProcessState
	loaded  bool
	running int // commands under way
	pokes   []workflow.ReceiveChannel
	timer   workflow.Future
	fires   time.Time
	cancel  workflow.CancelFunc
}

// run returns when the process is over, has no row, or continues as new. An operator's Cancel is ignored with a log line: a
// process ends by its row.
func (s steps) run(cancellable workflow.Context, in Input) error {
	ctx, _ := workflow.NewDisconnectedContext(cancellable)
	workflow.Go(ctx, func(ctx workflow.Context) {
		cancellable.Done().Receive(ctx, nil)
		workflow.GetLogger(ctx).Warn("cancellation ignored: a process ends by its row")
	})
	p := &process{in: in, steps: s, pokes: []workflow.ReceiveChannel{workflow.GetSignalChannel(ctx, refreshSignal)}}
	for _, name := range s.signals {
		p.pokes = append(p.pokes, workflow.GetSignalChannel(ctx, name))
	}
	// Before the first blocking call: a handler registered later does not exist for the update that came with the start.
	for _, name := range s.commands {
		if err := p.handle(ctx, name); err != nil {
			return err
		}
	}
	if in.AwaitCommand {
		if err := p.awaitCommand(ctx); err != nil {
			return err
		}
	}
	for {
		done, err := p.step(ctx)
		if done || err != nil {
			return err
		}
	}
}

// awaitCommand lets the command that came with the start read the row. The start may arrive without its command; then nobody
// runs here and the row is read as usual. Giving way once is enough to see which: the command is in the first task or in none.
func (p *process) awaitCommand(ctx workflow.Context) error {
	gaveWay := false
	workflow.Go(ctx, func(workflow.Context) { gaveWay = true })
	if err := workflow.Await(ctx, func() bool { return gaveWay }); err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return p.running == 0 })
}

// step does what is next and reports whether the run is at its end.
func (p *process) step(ctx workflow.Context) (bool, error) {
	switch {
	case p.drained() || !p.loaded:
		return false, p.load(ctx)
	case !p.state.Exists:
		appeared, err := workflow.AwaitWithTimeout(ctx, rowMissing, func() bool { return p.state.Exists || p.poked() })
		if err != nil || appeared {
			return false, err
		}
		return true, p.finish(ctx)
	case p.state.Over:
		return true, p.finish(ctx)
	case workflow.GetInfo(ctx).GetContinueAsNewSuggested():
		return true, p.continueAsNew(ctx)
	case p.due(ctx) || p.dueOutside():
		return false, p.act(ctx)
	}
	return false, p.wait(ctx)
}

// handle makes name an update: the admitted command runs as one local transaction, and its result is the new state.
func (p *process) handle(ctx workflow.Context, name string) error {
	run := func(ctx workflow.Context, c activities.CommandInput) (activities.CommandResult, error) {
		ctx, _ = workflow.NewDisconnectedContext(ctx) // Cancel is ignored in commands too
		p.running++
		defer func() { p.running-- }()
		var out activities.CommandResult
		if err := call(ctx, p.steps.command, c, &out); err != nil {
			return out, err
		}
		p.learn(out.State)
		out.State = activities.ProcessState{} // the history has it in the step's result; who sent the command has the row
		return out, nil
	}
	return workflow.SetUpdateHandlerWithOptions(ctx, name, run, workflow.UpdateHandlerOptions{
		Validator: func(_ workflow.Context, c activities.CommandInput) error {
			if c.ID != p.in.ID || c.TenantID != p.in.TenantID || c.Name != name {
				return temporal.NewNonRetryableApplicationError("the command names another process", string(models.CodeInvalid), nil)
			}
			return nil
		},
	})
}

// learn takes a state unless a newer one is known: answers of the database may overtake each other.
func (p *process) learn(s activities.ProcessState) {
	if !p.loaded || s.Version >= p.state.Version {
		p.state = s
	}
	p.loaded = true
}

func (p *process) load(ctx workflow.Context) error {
	var s activities.ProcessState
	if err := call(ctx, p.steps.load, p.in.ProcessInput, &s); err != nil {
		return err
	}
	p.learn(s)
	return nil
}

func (p *process) due(ctx workflow.Context) bool {
	return !p.state.NextAt.IsZero() && !workflow.Now(ctx).Before(p.state.NextAt)
}

// dueOutside reports whether a command made a step due that talks to another system: it is scheduled with the command's answer. A step
// of the database would hold that answer up, and waits for the next task. Histories of a build that did not say so hold no such state,
// and are replayed with their timer.
func (p *process) dueOutside() bool {
	return p.state.Due && p.steps.outside != nil && p.steps.isOutside(p.state.Action)
}

func (p *process) act(ctx workflow.Context) error {
	was := p.state
	var s activities.ProcessState
	in := activities.ActionInput{ProcessInput: p.in.ProcessInput, Action: was.Action}
	if p.steps.outside != nil && p.steps.isOutside(was.Action) {
		options := external
		if p.steps.options != nil {
			options = p.steps.options
		}
		if err := workflow.ExecuteActivity(options(ctx), p.steps.outside, in).Get(ctx, &s); err != nil {
			workflow.GetLogger(ctx).Warn("the system outside does not answer: it is tried again", "error", err)
			return p.pause(ctx, was)
		}
	} else if err := call(ctx, p.steps.act, in, &s); err != nil {
		return err
	}
	p.learn(s)
	if s.Action == was.Action && s.NextAt.Equal(was.NextAt) {
		return p.pause(ctx, s)
	}
	return nil
}

// pause waits before a step is tried that left its row as it was; another state or a poke ends it.
func (p *process) pause(ctx workflow.Context, was activities.ProcessState) error {
	_, err := workflow.AwaitWithTimeout(ctx, noProgress, func() bool { return p.state != was || p.poked() })
	return err
}

// wait sleeps until the state's time, a changed state or a poke. A timer that fires too early is harmless, the row is asked
// again; so it is replaced only by an earlier one.
func (p *process) wait(ctx workflow.Context) error {
	if err := p.show(ctx); err != nil {
		return err
	}
	p.arm(ctx)
	if p.steps.waits != nil {
		workflow.SetCurrentDetails(ctx, p.steps.waits(p.state))
	}
	was := p.state
	err := workflow.Await(ctx, func() bool {
		return p.state != was || p.poked() || (p.timer != nil && p.timer.IsReady()) ||
			workflow.GetInfo(ctx).GetContinueAsNewSuggested()
	})
	if p.timer != nil && p.timer.IsReady() {
		p.timer = nil
	}
	return err
}

// show brings the search attributes to what the row says, where they differ: a person moved the due date, or the sweeper started
// the run without them.
//
// It needs no workflow.GetVersion. Whether it writes follows from the states that the history holds: those of a build that did not
// show priorities have none, so its histories are replayed without a write, and what a later task reads is written at their end. Nor
// would a version help such a build when it meets a newer history, for it knows neither the version nor the write: it fails the
// workflow task, which is tried again until a newer worker takes it. Where workers are deployed by build id, the task goes to the
// current build at once.
func (p *process) show(ctx workflow.Context) error {
	if p.state.Priority == "" {
		return nil
	}
	shown := workflow.GetTypedSearchAttributes(ctx)
	var changes []temporal.SearchAttributeUpdate
	if is, _ := shown.GetKeyword(attributePriority); is != p.state.Priority {
		changes = append(changes, attributePriority.ValueSet(p.state.Priority))
	}
	switch is, ok := shown.GetTime(attributeDueAt); {
	case p.state.DueAt.IsZero() && ok:
		changes = append(changes, attributeDueAt.ValueUnset())
	case !p.state.DueAt.IsZero() && !is.Equal(p.state.DueAt):
		changes = append(changes, attributeDueAt.ValueSet(p.state.DueAt))
	}
	if len(changes) == 0 {
		return nil
	}
	return workflow.UpsertTypedSearchAttributes(ctx, changes...)
}

func (p *process) arm(ctx workflow.Context) {
	at := p.state.NextAt
	if at.IsZero() || (p.timer != nil && !at.Before(p.fires)) {
		return
	}
	if p.timer != nil {
		p.cancel()
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	p.timer, p.fires, p.cancel = workflow.NewTimer(timerCtx, at.Sub(workflow.Now(ctx))), at, cancel
}

// drained takes all pokes at once: each says the same.
func (p *process) drained() bool {
	poked := false
	for _, channel := range p.pokes {
		poked = drain(channel) || poked
	}
	return poked
}

// drain takes what waits in a channel and reports whether anything did.
func drain(channel workflow.ReceiveChannel) bool {
	taken := false
	for channel.ReceiveAsync(nil) {
		taken = true
	}
	return taken
}

func (p *process) poked() bool {
	return slices.ContainsFunc(p.pokes, func(channel workflow.ReceiveChannel) bool { return channel.Len() > 0 })
}

func (p *process) finish(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

func (p *process) continueAsNew(ctx workflow.Context) error {
	if err := p.finish(ctx); err != nil {
		return err
	}
	// A generated order leaves the bulk-start queue after its first run.
	kind := workflow.GetInfo(ctx).WorkflowType.Name
	next := workflow.WithWorkflowTaskQueue(ctx, string(models.QueueOf(kind)))
	return workflow.NewContinueAsNewError(next, kind, Input{ProcessInput: p.in.ProcessInput})
}

// call runs a short database activity within the workflow task and, where that fails for a passing reason, as an ordinary
// activity that is tried until it succeeds.
func call(ctx workflow.Context, activity, in, out any) error {
	err := workflow.ExecuteLocalActivity(dbCommand(ctx), activity, in).Get(ctx, out)
	if err == nil || refused(err) {
		return err
	}
	workflow.GetLogger(ctx).Warn("goes on as an ordinary activity", "error", err)
	if err := workflow.ExecuteActivity(dbCall(ctx), activity, in).Get(ctx, out); err != nil {
		if refused(err) {
			return err
		}
		return fmt.Errorf("workflows: %w", err)
	}
	return nil
}

// refused reports whether the failure is a permanent answer, not a passing fault.
func refused(err error) bool {
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.NonRetryable()
}
