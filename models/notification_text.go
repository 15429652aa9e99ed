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
}

// Text says what happened in the language of a locale, such as de-AT; in English where the product does not speak it. A notification
// of a kind that has no words here, and one without details, says what it said when it was made.
func (n *Notification) Text(locale string) string {
	words, ok := notificationWords[language(locale)]
	if !ok {
		words = notificationWords[defaultLanguage]
	}
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
		"{reason}", n.Details.Reason).Replace(text)
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
	day        string // layout of a date
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
		},
		priorities: map[Priority]string{PriorityLow: "low", PriorityMedium: "medium", PriorityHigh: "high", PriorityCritical: "critical"},
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
		},
		priorities: map[Priority]string{PriorityLow: "niedrig", PriorityMedium: "mittel", PriorityHigh: "hoch", PriorityCritical: "kritisch"},
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
		},
		priorities: map[Priority]string{PriorityLow: "basse", PriorityMedium: "moyenne", PriorityHigh: "haute", PriorityCritical: "critique"},
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
		},
		priorities: map[Priority]string{PriorityLow: "baja", PriorityMedium: "media", PriorityHigh: "alta", PriorityCritical: "crítica"},
		day:        "02/01/2006",
	},
}
