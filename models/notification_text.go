package models

import (
	"strings"
	"time"
)

// NotificationDetails is what a notification's words are made of; what a kind does not say stays empty.
type NotificationDetails struct {
	Number   string   `json:"number,omitempty"`
	Priority Priority `json:"priority,omitempty"`
	DueOn    *Date    `json:"due_on,omitempty"`
	Reason   string   `json:"reason,omitempty"` // in the words of whoever gave it
	Title    string   `json:"title,omitempty"`
	Amount   string   `json:"amount,omitempty"` // with a point and its currency: 12.30 EUR
}

// Heading names what the notification is about: by number and title, or by a word of the reader's language and the number.
func (n *Notification) Heading(locale string) string {
	noun, ok := wordsOf(locale).nouns[n.SubjectType]
	if !ok || n.Details.Number == "" {
		return n.Title
	}
	return noun + " " + n.Details.Number
}

func wordsOf(locale string) notificationLanguage {
	words, ok := notificationWords[language(locale)]
	if !ok {
		words = notificationWords[defaultLanguage]
	}
	return words
}

// Text says what happened in the language of a locale, such as de-AT; in English where the product does not speak it. A notification
// of a kind that has no words here, and one without details, says what it said when it was made.
func (n *Notification) Text(locale string) string {
	words := wordsOf(locale)
	text, ok := words.sentences[n.Kind]
	if !ok || n.Details == (NotificationDetails{}) {
		return n.Body
	}
	due := ""
	if n.Details.DueOn != nil {
		text += words.sentences[n.Kind+" due"]
		due = n.Details.DueOn.In(time.UTC).Format(words.day)
	}
	return strings.NewReplacer("{number}", n.Details.Number, "{priority}", words.priorities[n.Details.Priority], "{due}", due,
		"{reason}", n.Details.Reason, "{title}", n.Details.Title, "{amount}", strings.Replace(n.Details.Amount, ".", words.point, 1)).Replace(text)
}

const defaultLanguage = "en"

// language is the first part of a BCP 47 tag.
func language(locale string) string {
	first, _, _ := strings.Cut(locale, "-")
	return strings.ToLower(first)
}

// notificationLanguage holds the sentences of the kinds; "<kind> due" goes on where there is a due day.
type notificationLanguage struct {
	sentences  map[string]string
	priorities map[Priority]string
	nouns      map[string]string // of subjects that have no title of their own
	day        string            // layout of a date
	point      string            // of a decimal number
}

// Kinds of notifications that have words in every language.
const (
	NotifyWorkOrderAssigned     = "work_order.assigned"
	NotifyWorkOrderRemind       = "work_order.remind"
	NotifyWorkOrderOverdue      = "work_order.overdue"
	NotifyWorkOrderEscalate     = "work_order.escalate"
	NotifyWorkRequestAccepted   = "work_request.accepted"
	NotifyWorkRequestRejected   = "work_request.rejected"
	NotifyWorkRequestDuplicated = "work_request.duplicate"
	NotifyApprovalRequested     = "approval.requested"
	NotifyApprovalReminder      = "approval.reminder"
	NotifyApprovalEscalated     = "approval.escalated"
	NotifyApprovalApproved      = "approval.approved"
	NotifyApprovalRejected      = "approval.rejected"
	NotifyApprovalExpired       = "approval.expired"
	NotifyApprovalVoid          = "approval.void"
	NotifyApprovalWithdrawn     = "approval.withdrawn"
	NotifyRequisitionOrdered    = "requisition.ordered"
	NotifyRequisitionRejected   = "requisition.rejected"
	NotifyRequisitionReopened   = "requisition.reopened"
	NotifyPurchaseOrderLate     = "purchase_order.late"
	NotifyPurchaseOrderRefused  = "purchase_order.refused"
	NotifyPurchaseOrderProposed = "purchase_order.proposed"
	NotifyAssetRequestBlocked   = "asset_request.blocked"
)

var notificationWords = map[string]notificationLanguage{
	"en": {
		sentences: map[string]string{
			NotifyWorkOrderAssigned:          "Work order {number} ({priority}) is yours.",
			NotifyWorkOrderAssigned + " due": " It is due on {due}.",
			NotifyWorkOrderRemind:            "Work order {number} is due on {due}.",
			NotifyWorkOrderOverdue:           "Work order {number} was due on {due} and is not done.",
			NotifyWorkOrderEscalate:          "Work order {number} ({priority}) was due on {due} and is still not done. A planner has to decide.",
			NotifyWorkRequestAccepted:        "Your request was accepted and will be carried out as a work order.",
			NotifyWorkRequestRejected:        "Your request was rejected: {reason}",
			NotifyWorkRequestDuplicated:      "Your request was reported before; the earlier one goes on.",
			NotifyApprovalRequested:          "{number} waits for your approval: {title}, {amount}.",
			NotifyApprovalReminder:           "{number} waits for your approval: {title}, {amount}.",
			NotifyApprovalEscalated:          "{number} waits for your approval: {title}, {amount}.",
			NotifyApprovalApproved:           "{number} was approved: {amount}.",
			NotifyApprovalRejected:           "{number} was rejected: {reason}",
			NotifyApprovalExpired:            "Nobody decided on {number} in time.",
			NotifyApprovalVoid:               "{number} changed after it was submitted. What was approved of it counts no more.",
			NotifyApprovalWithdrawn:          "{number} was withdrawn.",
			NotifyRequisitionOrdered:         "What you asked for is being bought.",
			NotifyRequisitionRejected:        "What you asked for was rejected: {reason}",
			NotifyRequisitionReopened:        "The order for what you asked for brought nothing; a buyer decides anew. {reason}",
			NotifyPurchaseOrderLate:          "What was promised for {due} has not come.",
			NotifyPurchaseOrderRefused:       "The supplier’s mail server did not take it: {reason}",
			NotifyPurchaseOrderProposed:      "What runs short stands in a draft order: look at it and submit it.",
			NotifyAssetRequestBlocked:        "It could not be carried out: {reason} Clear the way and try again, or cancel it.",
		},
		priorities: map[Priority]string{PriorityLow: "low", PriorityMedium: "medium", PriorityHigh: "high", PriorityCritical: "critical"},
		nouns:      map[string]string{"purchase_order": "Purchase order", "requisition": "Requisition", "asset_transfer": "Asset transfer", "asset_disposal": "Asset disposal"},
		point:      ".",
		day:        "2 January 2006",
	},
	"de": {
		sentences: map[string]string{
			NotifyWorkOrderAssigned:          "Arbeitsauftrag {number} (Priorität {priority}) ist Ihnen zugewiesen.",
			NotifyWorkOrderAssigned + " due": " Er ist am {due} fällig.",
			NotifyWorkOrderRemind:            "Arbeitsauftrag {number} ist am {due} fällig.",
			NotifyWorkOrderOverdue:           "Arbeitsauftrag {number} war am {due} fällig und ist nicht erledigt.",
			NotifyWorkOrderEscalate:          "Arbeitsauftrag {number} (Priorität {priority}) war am {due} fällig und ist noch nicht erledigt. Die Planung muss entscheiden.",
			NotifyWorkRequestAccepted:        "Ihre Meldung wurde angenommen und wird als Arbeitsauftrag ausgeführt.",
			NotifyWorkRequestRejected:        "Ihre Meldung wurde abgelehnt: {reason}",
			NotifyWorkRequestDuplicated:      "Ihre Meldung war schon bekannt; die frühere Meldung läuft weiter.",
			NotifyApprovalRequested:          "{number} wartet auf Ihre Freigabe: {title}, {amount}.",
			NotifyApprovalReminder:           "{number} wartet auf Ihre Freigabe: {title}, {amount}.",
			NotifyApprovalEscalated:          "{number} wartet auf Ihre Freigabe: {title}, {amount}.",
			NotifyApprovalApproved:           "{number} wurde freigegeben: {amount}.",
			NotifyApprovalRejected:           "{number} wurde abgelehnt: {reason}",
			NotifyApprovalExpired:            "Über {number} hat niemand rechtzeitig entschieden.",
			NotifyApprovalVoid:               "{number} wurde nach der Vorlage geändert. Die bisherigen Freigaben gelten nicht mehr.",
			NotifyApprovalWithdrawn:          "{number} wurde zurückgezogen.",
			NotifyRequisitionOrdered:         "Ihr Bedarf wird beschafft.",
			NotifyRequisitionRejected:        "Ihr Bedarf wurde abgelehnt: {reason}",
			NotifyRequisitionReopened:        "Die Bestellung für Ihren Bedarf hat nichts gebracht; der Einkauf entscheidet neu. {reason}",
			NotifyPurchaseOrderLate:          "Was für den {due} zugesagt war, ist nicht gekommen.",
			NotifyPurchaseOrderRefused:       "Der Mailserver des Lieferanten hat sie nicht angenommen: {reason}",
			NotifyPurchaseOrderProposed:      "Was knapp wird, steht in einem Bestellentwurf: bitte ansehen und vorlegen.",
			NotifyAssetRequestBlocked:        "Das war nicht ausführbar: {reason} Räumen Sie das Hindernis aus und versuchen Sie es erneut, oder brechen Sie ab.",
		},
		priorities: map[Priority]string{PriorityLow: "niedrig", PriorityMedium: "mittel", PriorityHigh: "hoch", PriorityCritical: "kritisch"},
		nouns:      map[string]string{"purchase_order": "Bestellung", "requisition": "Bedarfsanforderung", "asset_transfer": "Anlagenübergabe", "asset_disposal": "Ausmusterung"},
		point:      ",",
		day:        "02.01.2006",
	},
	"fr": {
		sentences: map[string]string{
			NotifyWorkOrderAssigned:          "L’ordre de travail {number} (priorité {priority}) vous est attribué.",
			NotifyWorkOrderAssigned + " due": " Il est à terminer le {due}.",
			NotifyWorkOrderRemind:            "L’ordre de travail {number} est à terminer le {due}.",
			NotifyWorkOrderOverdue:           "L’ordre de travail {number} était à terminer le {due} et ne l’est pas.",
			NotifyWorkOrderEscalate:          "L’ordre de travail {number} (priorité {priority}) était à terminer le {due} et ne l’est toujours pas. La planification doit décider.",
			NotifyWorkRequestAccepted:        "Votre demande a été acceptée et sera exécutée comme ordre de travail.",
			NotifyWorkRequestRejected:        "Votre demande a été refusée : {reason}",
			NotifyWorkRequestDuplicated:      "Votre demande était déjà connue ; la demande d’origine suit son cours.",
			NotifyApprovalRequested:          "{number} attend votre approbation : {title}, {amount}.",
			NotifyApprovalReminder:           "{number} attend votre approbation : {title}, {amount}.",
			NotifyApprovalEscalated:          "{number} attend votre approbation : {title}, {amount}.",
			NotifyApprovalApproved:           "{number} a été approuvé : {amount}.",
			NotifyApprovalRejected:           "{number} a été refusé : {reason}",
			NotifyApprovalExpired:            "Personne n’a décidé à temps de {number}.",
			NotifyApprovalVoid:               "{number} a changé après sa soumission. Ce qui en était approuvé ne compte plus.",
			NotifyApprovalWithdrawn:          "{number} a été retiré.",
			NotifyRequisitionOrdered:         "Votre demande d’achat est en cours.",
			NotifyRequisitionRejected:        "Votre demande d’achat a été refusée : {reason}",
			NotifyRequisitionReopened:        "La commande de ce que vous avez demandé n’a rien apporté ; un acheteur décide de nouveau. {reason}",
			NotifyPurchaseOrderLate:          "Ce qui était promis pour le {due} n’est pas arrivé.",
			NotifyPurchaseOrderRefused:       "Le serveur de messagerie du fournisseur ne l’a pas accepté : {reason}",
			NotifyPurchaseOrderProposed:      "Ce qui vient à manquer figure dans un projet de commande : à vérifier et à soumettre.",
			NotifyAssetRequestBlocked:        "Cela n’a pas pu être exécuté : {reason} Levez l’obstacle et réessayez, ou annulez.",
		},
		priorities: map[Priority]string{PriorityLow: "basse", PriorityMedium: "moyenne", PriorityHigh: "haute", PriorityCritical: "critique"},
		nouns:      map[string]string{"purchase_order": "Commande", "requisition": "Demande d’achat", "asset_transfer": "Transfert d’équipement", "asset_disposal": "Mise au rebut"},
		point:      ",",
		day:        "02/01/2006",
	},
	"es": {
		sentences: map[string]string{
			NotifyWorkOrderAssigned:          "La orden de trabajo {number} (prioridad {priority}) es suya.",
			NotifyWorkOrderAssigned + " due": " Vence el {due}.",
			NotifyWorkOrderRemind:            "La orden de trabajo {number} vence el {due}.",
			NotifyWorkOrderOverdue:           "La orden de trabajo {number} venció el {due} y no está hecha.",
			NotifyWorkOrderEscalate:          "La orden de trabajo {number} (prioridad {priority}) venció el {due} y sigue sin hacerse. Planificación debe decidir.",
			NotifyWorkRequestAccepted:        "Su solicitud fue aceptada y se realizará como orden de trabajo.",
			NotifyWorkRequestRejected:        "Su solicitud fue rechazada: {reason}",
			NotifyWorkRequestDuplicated:      "Su solicitud ya se conocía; la anterior sigue su curso.",
			NotifyApprovalRequested:          "{number} espera su aprobación: {title}, {amount}.",
			NotifyApprovalReminder:           "{number} espera su aprobación: {title}, {amount}.",
			NotifyApprovalEscalated:          "{number} espera su aprobación: {title}, {amount}.",
			NotifyApprovalApproved:           "{number} fue aprobado: {amount}.",
			NotifyApprovalRejected:           "{number} fue rechazado: {reason}",
			NotifyApprovalExpired:            "Nadie decidió a tiempo sobre {number}.",
			NotifyApprovalVoid:               "{number} cambió después de presentarse. Lo aprobado ya no cuenta.",
			NotifyApprovalWithdrawn:          "{number} fue retirado.",
			NotifyRequisitionOrdered:         "Lo que pidió se está comprando.",
			NotifyRequisitionRejected:        "Lo que pidió fue rechazado: {reason}",
			NotifyRequisitionReopened:        "El pedido de lo que solicitó no trajo nada; un comprador decide de nuevo. {reason}",
			NotifyPurchaseOrderLate:          "Lo prometido para el {due} no ha llegado.",
			NotifyPurchaseOrderRefused:       "El servidor de correo del proveedor no lo aceptó: {reason}",
			NotifyPurchaseOrderProposed:      "Lo que escasea está en un borrador de pedido: revíselo y preséntelo.",
			NotifyAssetRequestBlocked:        "No se pudo llevar a cabo: {reason} Quite el obstáculo y vuelva a intentarlo, o cancele.",
		},
		priorities: map[Priority]string{PriorityLow: "baja", PriorityMedium: "media", PriorityHigh: "alta", PriorityCritical: "crítica"},
		nouns:      map[string]string{"purchase_order": "Pedido", "requisition": "Solicitud de compra", "asset_transfer": "Traslado de equipo", "asset_disposal": "Baja de equipo"},
		point:      ",",
		day:        "02/01/2006",
	},
}
