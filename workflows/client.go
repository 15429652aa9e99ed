package workflows

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"mainstay/activities"
	"mainstay/models"
)

// commandDeadline is above the 10 s workflow-task timeout, so that the crash of one worker makes a command slow, not failed.
const commandDeadline = 12 * time.Second

// Client starts processes, hands them commands and wakes them. It is the one way from the other layers to Temporal.
type Client struct{ temporal client.Client }

// NewClient wraps a connected Temporal client.
func NewClient(c client.Client) *Client { return &Client{temporal: c} }

// Command is a command on its way to a process.
type Command struct {
	Process    string // workflow type
	Name       string // update
	SubjectID  uuid.UUID
	CommandID  uuid.UUID // admitted in the ledger
	Running    bool      // the row says that a process runs: a plain update is tried first
	Attributes models.ProcessAttributes
	Summary    string // static summary of a start: a human number or a word, no personal data
}

// Do hands the command to its process, starting it where none runs, and returns what it did. A refusal of the process is a
// models.Error. CodeRetrySameKey means that the outcome is unknown: the same request with the same Idempotency-Key will tell.
func (c *Client) Do(ctx context.Context, command Command) (activities.CommandResult, error) {
	actor, _ := models.ActorFrom(ctx)
	in := activities.CommandInput{
		ProcessInput: activities.ProcessInput{TenantID: actor.TenantID, ID: command.SubjectID},
		CommandID:    command.CommandID, Name: command.Name, ActorID: actor.UserID, ActorKind: actor.Kind,
	}
	ctx, cancel := context.WithTimeout(ctx, commandDeadline)
	defer cancel()
	update := client.UpdateWorkflowOptions{
		UpdateID: command.CommandID.String(), UpdateName: command.Name, Args: []any{in},
		WorkflowID:   WorkflowID(command.Process, actor.TenantID, command.SubjectID),
		WaitForStage: client.WorkflowUpdateStageCompleted,
	}
	for {
		out, err := c.send(ctx, actor.TenantID, command, update, in)
		if !isNotReady(err) {
			return out, answer(err)
		}
		select {
		case <-ctx.Done():
			return out, answer(err)
		case <-time.After(notReadyPause):
		}
	}
}

// notReadyPause lets the server set up the task anew that failed under an update.
const notReadyPause = 50 * time.Millisecond

// isNotReady reports that a workflow task failed under the update: something else happened to the process while it ended. The same
// update is sent again, which acts once: the ledger knows the command.
func isNotReady(err error) bool {
	_, ok := errors.AsType[*serviceerror.WorkflowNotReady](err)
	return ok
}

func (c *Client) send(
	ctx context.Context, tenant uuid.UUID, command Command, update client.UpdateWorkflowOptions, in activities.CommandInput,
) (activities.CommandResult, error) {
	if command.Running {
		out, err := c.update(ctx, update)
		if !isNotRunning(err) {
			return out, err
		}
	}
	return c.updateWithStart(ctx, tenant, command, update, in)
}

func (c *Client) update(ctx context.Context, update client.UpdateWorkflowOptions) (activities.CommandResult, error) {
	var out activities.CommandResult
	handle, err := c.temporal.UpdateWorkflow(ctx, update)
	if err != nil {
		return out, err
	}
	return out, handle.Get(ctx, &out)
}

func (c *Client) updateWithStart(
	ctx context.Context, tenant uuid.UUID, command Command, update client.UpdateWorkflowOptions, in activities.CommandInput,
) (activities.CommandResult, error) {
	var out activities.CommandResult
	start := c.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID:                       update.WorkflowID,
		TaskQueue:                string(models.QueueOf(command.Process)),
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enums.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes:    searchAttributes(tenant, command.Attributes),
		StaticSummary:            command.Summary,
	}, command.Process, Input{ProcessInput: in.ProcessInput, AwaitCommand: true})
	handle, err := c.temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start, UpdateOptions: update,
	})
	if err != nil {
		return out, err
	}
	return out, handle.Get(ctx, &out)
}

// isNotRunning reports that a plain update met no open run: it ended, or Temporal forgot it.
func isNotRunning(err error) bool {
	_, ok := errors.AsType[*serviceerror.NotFound](err)
	return ok
}

// answer turns what Temporal says into the vocabulary of models.
func answer(err error) error {
	if err == nil {
		return nil
	}
	if app, ok := errors.AsType[*temporal.ApplicationError](err); ok && models.Code(app.Type()) != models.CodeInternal {
		known := &models.Error{Code: models.Code(app.Type()), Detail: app.Message()}
		var detail activities.Failure
		if app.HasDetails() && app.Details(&detail) == nil {
			known.Fields, known.AllowedCommands = detail.Fields, detail.AllowedCommands
		}
		return known
	}
	return errors.Join(&models.Error{
		Code:   models.CodeRetrySameKey,
		Detail: "It is not known yet whether this was done. Send the same request again with the same Idempotency-Key.",
	}, err)
}

// Deliver implements activities.Deliverer: a start is refused where the process ran already, a refresh or a decision starts it
// where it does not run.
func (c *Client) Deliver(ctx context.Context, messages ...models.Delivery) error {
	var faults []error
	for _, m := range messages {
		if err := c.deliver(ctx, m); err != nil {
			faults = append(faults, fmt.Errorf("deliver to %s %s: %w", m.Process, m.SubjectID, err))
		}
	}
	return errors.Join(faults...)
}

func (c *Client) deliver(ctx context.Context, m models.Delivery) error {
	options := client.StartWorkflowOptions{
		ID:                    WorkflowID(m.Process, m.TenantID, m.SubjectID),
		TaskQueue:             string(firstQueue(m)),
		TypedSearchAttributes: searchAttributes(m.TenantID, m.Attributes),
	}
	in := Input{ProcessInput: activities.ProcessInput{TenantID: m.TenantID, ID: m.SubjectID}}
	if m.Kind == models.DeliverRefresh {
		_, err := c.temporal.SignalWithStartWorkflow(ctx, options.ID, refreshSignal, nil, options, m.Process, in)
		return err
	}
	if m.Kind == models.DeliverDecision {
		decided := Decision{DecisionID: m.Attributes.DecisionID}
		_, err := c.temporal.SignalWithStartWorkflow(ctx, options.ID, decisionSignal, decided, options, m.Process, in)
		return err
	}
	options.WorkflowIDReusePolicy = enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
	options.WorkflowExecutionErrorWhenAlreadyStarted = true
	_, err := c.temporal.ExecuteWorkflow(ctx, options, m.Process, in)
	if _, ran := errors.AsType[*serviceerror.WorkflowExecutionAlreadyStarted](err); ran {
		return nil
	}
	return err
}

// firstQueue is where a process's first run stands. What the sweeper starts goes to the process's own queue.
func firstQueue(m models.Delivery) models.Queue {
	switch m.Process {
	case models.ProcessImport, models.ProcessExport:
		return models.QueueBulk
	case models.ProcessWorkOrder:
		if m.Queue == models.QueueBulkStart {
			return models.QueueBulkStart
		}
	}
	return models.QueueOf(m.Process)
}

// Check says whether Temporal answers.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

// RegisterSearchAttributes adds those that the namespace lacks and waits until Temporal accepts them, which it does a moment after it
// lists them; it tries until ctx is done.
func (c *Client) RegisterSearchAttributes(ctx context.Context, namespace string) error {
	for {
		missing, err := c.addSearchAttributes(ctx, namespace)
		if err == nil && missing == 0 {
			if err = c.probeSearchAttributes(ctx, namespace); err == nil {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// probeSearchAttributes asks for processes that do not exist: the answer is an error as long as the server that would start a process
// does not know an attribute.
func (c *Client) probeSearchAttributes(ctx context.Context, namespace string) error {
	var asked []string
	for name, kind := range SearchAttributes() {
		value := "none"
		if kind == enums.INDEXED_VALUE_TYPE_DATETIME {
			value = time.Unix(0, 0).UTC().Format(time.RFC3339)
		}
		asked = append(asked, fmt.Sprintf("%s = '%s'", name, value))
	}
	_, err := c.temporal.WorkflowService().CountWorkflowExecutions(ctx, &workflowservice.CountWorkflowExecutionsRequest{
		Namespace: namespace, Query: strings.Join(asked, " AND "),
	})
	return err
}

// addSearchAttributes returns how many were missing before it added them.
func (c *Client) addSearchAttributes(ctx context.Context, namespace string) (int, error) {
	operator := c.temporal.OperatorService()
	known, err := operator.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return 0, err
	}
	missing := map[string]enums.IndexedValueType{}
	for name, kind := range SearchAttributes() {
		if _, ok := known.GetCustomAttributes()[name]; !ok {
			missing[name] = kind
		}
	}
	if len(missing) == 0 {
		return 0, nil
	}
	_, err = operator.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{Namespace: namespace, SearchAttributes: missing})
	return len(missing), err
}
