package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"mainstay/activities"
	"mainstay/models"
)

var approvals *activities.Approvals

// Decision is what the signal of the same name carries: which decision woke the process. The rows know it already, so twice or
// never is harmless.
type Decision struct {
	DecisionID string `json:"decision_id"`
}

// Approval is the process of one approval case, from its opening to its end: it reminds who was asked, asks others where nobody
// answers and ends what nobody decides. Decisions are written by who takes them; the signals only wake it. Its truth is the rows.
func Approval(ctx workflow.Context, in Input) error {
	return steps{
		load: approvals.LoadApproval, act: approvals.RunApprovalAction, signals: []string{decisionSignal}, waits: approvalWaits,
	}.run(ctx, in)
}

func approvalWaits(s activities.ProcessState) string {
	at := s.NextAt.Format("2006-01-02 15:04 MST")
	switch models.ApprovalAction(s.Action) {
	case models.ApprovalRemind:
		return fmt.Sprintf("Waits for a decision. Reminds at %s.", at)
	case models.ApprovalEscalate:
		return fmt.Sprintf("Waits for a decision. Asks somebody else at %s.", at)
	case models.ApprovalExpire:
		return fmt.Sprintf("Waits for a decision. Ends without one at %s.", at)
	case models.ApprovalEnd:
	}
	return "Status " + s.Status + "."
}
