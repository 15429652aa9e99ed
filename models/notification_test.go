package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestNotificationText(t *testing.T) {
	t.Parallel()
	due := models.NewDate(2026, time.March, 9)
	n := models.Notification{
		Kind: models.NotifyWorkOrderAssigned, Body: "As it was made.",
		Details: models.NotificationDetails{Number: "WO-000007", Priority: models.PriorityHigh, DueOn: &due},
	}
	for locale, want := range map[string]string{
		"en":    "Work order WO-000007 (high) is yours. It is due on 9 March 2026.",
		"de-AT": "Arbeitsauftrag WO-000007 (Priorität hoch) ist Ihnen zugewiesen. Er ist am 09.03.2026 fällig.",
		"FR":    "L’ordre de travail WO-000007 (priorité haute) vous est attribué. Il est à terminer le 09/03/2026.",
		"es-MX": "La orden de trabajo WO-000007 (prioridad alta) es suya. Vence el 09/03/2026.",
		"pt":    "Work order WO-000007 (high) is yours. It is due on 9 March 2026.",
	} {
		require.Equal(t, want, n.Text(locale), locale)
	}
	n.Details.DueOn = nil
	require.Equal(t, "Work order WO-000007 (high) is yours.", n.Text("en-GB"))
	n.Details = models.NotificationDetails{}
	require.Equal(t, "As it was made.", n.Text("de"), "made before there were details")
	n.Kind, n.Details.Number = "robot.danced", "R-1"
	require.Equal(t, "As it was made.", n.Text("de"), "a kind without words")

	whole := models.NotificationDetails{Number: "7", Priority: models.PriorityLow, DueOn: &due, Reason: "{due}"}
	for _, kind := range []string{
		models.NotifyWorkOrderAssigned, models.NotifyWorkOrderRemind, models.NotifyWorkOrderOverdue, models.NotifyWorkOrderEscalate,
		models.NotifyWorkRequestAccepted, models.NotifyWorkRequestRejected, models.NotifyWorkRequestDuplicated,
		models.NotifyApprovalRequested, models.NotifyApprovalReminder, models.NotifyApprovalEscalated, models.NotifyApprovalApproved,
		models.NotifyApprovalRejected, models.NotifyApprovalExpired, models.NotifyApprovalVoid, models.NotifyApprovalWithdrawn,
		models.NotifyRequisitionOrdered, models.NotifyRequisitionRejected, models.NotifyRequisitionReopened, models.NotifyPurchaseOrderLate, models.NotifyPurchaseOrderRefused,
		models.NotifyPurchaseOrderProposed,
	} {
		seen := map[string]bool{}
		for _, locale := range []string{"en", "de", "fr", "es"} {
			n := models.Notification{Kind: kind, Details: whole}
			text := n.Text(locale)
			require.NotEmpty(t, text, "%s in %s", kind, locale)
			require.NotContains(t, text, "{number}")
			require.NotContains(t, text, "{priority}")
			require.False(t, seen[text], "%s in %s is said in another language", kind, locale)
			seen[text] = true
		}
	}
	rejected := models.Notification{Kind: models.NotifyWorkRequestRejected, Details: whole}
	require.Equal(t, "Your request was rejected: {due}", rejected.Text("en"), "a reason is nobody's template")

	asked := models.Notification{
		Kind: models.NotifyApprovalRequested, SubjectType: "approval_case", Title: "PO-1 Belts",
		Details: models.NotificationDetails{Number: "PO-1", Title: "Belts", Amount: "1200.50 EUR"},
	}
	require.Equal(t, "PO-1 wartet auf Ihre Freigabe: Belts, 1200,50 EUR.", asked.Text("de"))
	require.Equal(t, "PO-1 Belts", asked.Heading("de"))
	asked.SubjectType = "purchase_order"
	require.Equal(t, []string{"Bestellung PO-1", "Purchase order PO-1"}, []string{asked.Heading("de-CH"), asked.Heading("pt")})
}
