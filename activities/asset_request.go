package activities

import (
	"context"

	"mainstay/models"
)

// LoadAssetRequest reads where the transfer or disposal and its approval stand and notes that its process runs.
func (a *Assets) LoadAssetRequest(ctx context.Context, in ProcessInput) (ProcessState, error) {
	r, approval, err := a.Store.LoadAssetRequest(in.context(ctx), in.ID)
	if err != nil || r == nil {
		return ProcessState{}, failed(err)
	}
	state := assetRequestState(*r)
	if step := r.ApprovalStep(approval); step != "" {
		state.Action, state.NextAt = string(step), r.UpdatedAt
	}
	return state, nil
}

// RunAssetRequestCommand carries out an admitted command in one transaction. A repeat answers the first outcome.
func (a *Assets) RunAssetRequestCommand(ctx context.Context, in CommandInput) (CommandResult, error) {
	return answered(a.Store.RunAssetRequestCommand(in.context(ctx), in.ID, in.CommandID, models.AssetRequestCommandName(in.Name)))
}

// RunAssetRequestAction does the automatic step that is due. The rows decide; a step that was done meanwhile, or is no longer due, is
// not done again. What stands in the way of the step leaves the request blocked.
func (a *Assets) RunAssetRequestAction(ctx context.Context, in ActionInput) (ProcessState, error) {
	r, err := a.Store.RunAssetRequestAction(in.context(ctx), in.ID, models.AssetRequestAction(in.Action))
	return stateOf(r, err, assetRequestState)
}

func assetRequestState(r models.AssetRequest) ProcessState {
	action, at := r.NextAction()
	return ProcessState{
		Exists: true, Over: action == models.AssetRequestEnd, Status: string(r.Status), Version: r.Version, Action: string(action),
		NextAt: wakeAt(action == models.AssetRequestLook, at),
	}
}
