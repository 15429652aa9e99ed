package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

// assets refers to the activities of the domain; workers register the struct itself.
var assets *activities.Assets

// AssetTransfer is the process of handing one asset over to another place: it follows its approval, moves the asset on its day, and
// gives it free where it comes to nothing. Its truth is the row.
func AssetTransfer(ctx workflow.Context, in Input) error { return assetRequest(ctx, in) }

// AssetDisposal is the process of disposing of one asset: it follows its approval, takes the asset out of use on its day, and gives it
// free where it comes to nothing. Its truth is the row.
func AssetDisposal(ctx workflow.Context, in Input) error { return assetRequest(ctx, in) }

func assetRequest(ctx workflow.Context, in Input) error {
	commands := []string{string(models.AssetRequestCreate)}
	for _, name := range models.AssetRequestCommandNames() {
		commands = append(commands, string(name))
	}
	return steps{
		load: assets.LoadAssetRequest, command: assets.RunAssetRequestCommand, act: assets.RunAssetRequestAction, commands: commands,
		waits: assetRequestWaits,
	}.run(ctx, in)
}

func assetRequestWaits(s activities.ProcessState) string {
	switch models.AssetRequestAction(s.Action) {
	case models.AssetRequestCarryOut:
		return fmt.Sprintf("Status %s. Is carried out at %s.", s.Status, s.NextAt.Format("2006-01-02 15:04 MST"))
	case models.AssetRequestAgree, models.AssetRequestReject, models.AssetRequestLapse:
		return fmt.Sprintf("Status %s. Follows its approval.", s.Status)
	case models.AssetRequestLook, models.AssetRequestEnd:
	}
	return fmt.Sprintf("Status %s. Waits for a person.", s.Status)
}
