package activities

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// ProcessInput names a process's row.
type ProcessInput struct {
	TenantID uuid.UUID `json:"tenant_id"`
	ID       uuid.UUID `json:"id"`
}

func (in ProcessInput) context(ctx context.Context) context.Context {
	return models.WithActor(ctx, models.SystemActor(in.TenantID))
}

// ProcessState is what a process knows of its row: ids, states and times only, for it stands in histories.
type ProcessState struct {
	Exists  bool      `json:"exists"`
	Over    bool      `json:"over,omitempty"`
	Status  string    `json:"status,omitempty"`
	Version int       `json:"version,omitempty"`
	Action  string    `json:"action,omitempty"` // the next automatic step, decided by models from the row alone
	NextAt  time.Time `json:"next_at,omitzero"` // when; zero: only a message or the sweeper wakes it
	Due     bool      `json:"due,omitempty"`    // the command that leaves this state made the step due: no timer has to say so
	// Priority and DueAt are how operators find the process. Without a priority both are unknown: the answer of a work order's command
	// does not tell them, for no command changes them; the edit of a schedule does.
	Priority string    `json:"priority,omitempty"`
	DueAt    time.Time `json:"due_at,omitzero"` // with a priority: zero means that nothing falls due
}

// wakeAt is when a run has to wake by itself: never for a mere look, for which the sweeper pokes it, so that an idle process
// needs no timer. A look that is due is done at once.
func wakeAt(look bool, at time.Time) time.Time {
	if look && at.After(time.Now()) {
		return time.Time{}
	}
	return at
}

// ActionInput asks for the automatic step that was next when the row was read. The row is read again: a step that is no
// longer next is not done.
type ActionInput struct {
	ProcessInput
	Action string `json:"action"`
}

// CommandInput asks to carry out an admitted command. Its body stays in the command ledger.
type CommandInput struct {
	ProcessInput
	CommandID uuid.UUID        `json:"command_id"`
	Name      string           `json:"name"`
	ActorID   uuid.UUID        `json:"actor_id"`
	ActorKind models.ActorKind `json:"actor_kind"`
}

func (in CommandInput) context(ctx context.Context) context.Context {
	return models.WithActor(ctx, models.Actor{TenantID: in.TenantID, UserID: in.ActorID, Kind: in.ActorKind})
}

// CommandResult is what an update answers: never names, texts or money.
type CommandResult struct {
	ID          uuid.UUID    `json:"id"`
	Number      string       `json:"number"`
	Status      string       `json:"status"`
	Version     int          `json:"version"`
	At          time.Time    `json:"at"` // when the row was changed
	CommandID   uuid.UUID    `json:"command_id"`
	RequestHash []byte       `json:"request_hash"`
	State       ProcessState `json:"state,omitzero"` // for the process alone: its update's answer leaves it out
}

// stateOf tells a process of the row that a step left or found; there is none where row is nil.
func stateOf[T any](row *T, err error, state func(T) ProcessState) (ProcessState, error) {
	if err != nil || row == nil {
		return ProcessState{}, failed(err)
	}
	return state(*row), nil
}

// answered tells a process what became of an admitted command. All nouns call a mere look by the same word.
func answered(out store.CommandOutcome, err error) (CommandResult, error) {
	if err != nil {
		return CommandResult{}, failed(err)
	}
	return CommandResult{
		ID: out.ID, Number: out.Number, Status: out.Status, Version: out.Version, At: out.At,
		CommandID: out.CommandID, RequestHash: out.RequestHash,
		State: ProcessState{
			Exists: true, Over: out.Over, Status: out.Status, Version: out.Version, Action: out.Action,
			NextAt:   wakeAt(out.Action == string(models.WorkOrderLook), out.NextAt),
			Due:      !out.NextAt.IsZero() && !out.NextAt.After(out.At),
			Priority: out.Priority,
		},
	}, nil
}

// Deliverer wakes processes. workflows.Client implements it; it is the one arrow that points against the layers.
type Deliverer interface {
	// Deliver brings each message to its process, starting the process where it does not run. A message may come twice.
	Deliver(ctx context.Context, messages ...models.Delivery) error
}
