package models

import (
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// WorkOrderWords are the words of a work order on paper in one language.
type WorkOrderWords struct {
	WorkOrder string
	Asset     string
	Location  string
	Site      string
	Type      string
	Priority  string
	Status    string
	Due       string
	Planned   string
	People    string
	Estimate  string // planned hours
	Schedule  string
	Request   string

	Work      string // what is to be done
	Parts     string
	Part      string
	Name      string
	Quantity  string
	From      string // where a part lies
	Hours     string
	Day       string
	Person    string
	Comments  string
	When      string
	Comment   string
	Done      string // what was done
	DoneBy    string
	Date      string
	Signature string
	Page      string // whose, page, pages
	Printed   string // when
	Further   string // not all of them fit

	Types      map[WorkOrderType]string
	Priorities map[Priority]string
	Statuses   map[WorkOrderStatus]string
	dates      ApprovalWords
}

// Moment writes a local day and time.
func (w WorkOrderWords) Moment(at time.Time, zone *time.Location) string {
	return w.dates.Date(at, zone)
}

// DayOf writes a calendar day; nothing where there is none.
func (w WorkOrderWords) DayOf(d *Date) string {
	if d == nil {
		return ""
	}
	return w.dates.day(d.String())
}

// Figure writes a quantity with all its digits.
func (w WorkOrderWords) Figure(d decimal.Decimal) string {
	_, fraction, _ := strings.Cut(d.String(), ".")
	return w.dates.figure(d, int32(len(fraction))) //nolint:gosec // a handful of digits
}

// WordsOfWorkOrder chooses by a BCP 47 tag; English where there are no others.
func WordsOfWorkOrder(locale string) WorkOrderWords {
	switch language(locale) {
	case "de":
		return workOrderGerman
	case "fr":
		return workOrderFrench
	case "es":
		return workOrderSpanish
	}
	return workOrderEnglish
}

func workOrderTypes(corrective, preventive, inspection, improvement string) map[WorkOrderType]string {
	return map[WorkOrderType]string{
		WorkCorrective: corrective, WorkPreventive: preventive, WorkInspection: inspection, WorkImprovement: improvement,
	}
}

func workOrderPriorities(low, medium, high, critical string) map[Priority]string {
	return map[Priority]string{PriorityLow: low, PriorityMedium: medium, PriorityHigh: high, PriorityCritical: critical}
}

// workOrderStatuses takes the words in the order of WorkOrderStatuses.
func workOrderStatuses(words ...string) map[WorkOrderStatus]string {
	statuses := map[WorkOrderStatus]string{}
	for i, status := range WorkOrderStatuses() {
		statuses[status] = words[i]
	}
	return statuses
}

var workOrderEnglish = WorkOrderWords{
	WorkOrder: "Work order", Asset: "Asset", Location: "Location", Site: "Site", Type: "Kind of work", Priority: "Priority", Status: "Status",
	Due: "Due", Planned: "Planned for", People: "Assigned", Estimate: "Planned hours", Schedule: "Schedule", Request: "Request",
	Work: "What to do", Parts: "Parts", Part: "Part", Name: "Name", Quantity: "Quantity", From: "From", Hours: "Hours", Day: "Day",
	Person: "Person", Comments: "Comments", When: "When", Comment: "Comment", Done: "What was done", DoneBy: "Done by", Date: "Date",
	Signature: "Signature", Page: "%s, page %d of %d", Printed: "printed %s", Further: "There are more than fit here.",
	Types:      workOrderTypes("Repair", "Maintenance", "Inspection", "Improvement"),
	Priorities: workOrderPriorities("Low", "Medium", "High", "Critical"),
	Statuses: workOrderStatuses("Waiting for approval", "Ready", "Waiting for parts", "Planned", "In progress", "On hold", "Done", "Closed",
		"Cancelled"),
	dates: approvalEnglish,
}

var workOrderGerman = WorkOrderWords{
	WorkOrder: "Auftrag", Asset: "Anlage", Location: "Standort", Site: "Werk", Type: "Art der Arbeit", Priority: "Priorität", Status: "Status",
	Due: "Fällig", Planned: "Geplant für", People: "Zugewiesen", Estimate: "Geplante Stunden", Schedule: "Wartungsplan", Request: "Meldung",
	Work: "Was zu tun ist", Parts: "Teile", Part: "Teil", Name: "Name", Quantity: "Menge", From: "Von", Hours: "Stunden", Day: "Tag",
	Person: "Person", Comments: "Kommentare", When: "Wann", Comment: "Kommentar", Done: "Was getan wurde", DoneBy: "Ausgeführt von",
	Date: "Datum", Signature: "Unterschrift", Page: "%s, Seite %d von %d", Printed: "gedruckt %s", Further: "Es sind mehr, als hier Platz haben.",
	Types:      workOrderTypes("Reparatur", "Wartung", "Inspektion", "Verbesserung"), //nolint:misspell // German
	Priorities: workOrderPriorities("Niedrig", "Mittel", "Hoch", "Kritisch"),
	Statuses: workOrderStatuses("Wartet auf Freigabe", "Bereit", "Wartet auf Teile", "Geplant", "In Arbeit", "Angehalten", "Erledigt",
		"Abgeschlossen", "Storniert"),
	dates: approvalGerman,
}

var workOrderFrench = WorkOrderWords{
	WorkOrder: "Ordre de travail", Asset: "Équipement", Location: "Emplacement", Site: "Site", Type: "Type de travail", Priority: "Priorité",
	Status: "État", Due: "Échéance", Planned: "Prévu le", People: "Affecté à", Estimate: "Heures prévues", Schedule: "Plan d’entretien",
	Request: "Demande", Work: "À faire", Parts: "Pièces", Part: "Pièce", Name: "Nom", Quantity: "Quantité", From: "De", Hours: "Heures",
	Day: "Jour", Person: "Personne", Comments: "Commentaires", When: "Quand", Comment: "Commentaire", Done: "Ce qui a été fait",
	DoneBy: "Fait par", Date: "Date", Signature: "Signature", Page: "%s, page %d sur %d", Printed: "imprimé %s",
	Further:    "Il y en a plus qu’il n’en tient ici.",
	Types:      workOrderTypes("Réparation", "Entretien", "Inspection", "Amélioration"),
	Priorities: workOrderPriorities("Basse", "Moyenne", "Haute", "Critique"),
	Statuses: workOrderStatuses("En attente d’approbation", "Prêt", "En attente de pièces", "Planifié", "En cours", "Suspendu", "Terminé", "Clos",
		"Annulé"),
	dates: approvalFrench,
}

var workOrderSpanish = WorkOrderWords{
	WorkOrder: "Orden de trabajo", Asset: "Activo", Location: "Ubicación", Site: "Planta", Type: "Tipo de trabajo", Priority: "Prioridad",
	Status: "Estado", Due: "Vence", Planned: "Prevista para", People: "Asignado a", Estimate: "Horas previstas", Schedule: "Programa",
	Request: "Solicitud", Work: "Qué hacer", Parts: "Repuestos", Part: "Repuesto", Name: "Nombre", Quantity: "Cantidad", From: "De",
	Hours: "Horas", Day: "Día", Person: "Persona", Comments: "Comentarios", When: "Cuándo", Comment: "Comentario", Done: "Qué se hizo",
	DoneBy: "Hecho por", Date: "Fecha", Signature: "Firma", Page: "%s, página %d de %d", Printed: "impreso %s", Further: "Hay más de las que caben aquí.",
	Types:      workOrderTypes("Reparación", "Mantenimiento", "Inspección", "Mejora"),
	Priorities: workOrderPriorities("Baja", "Media", "Alta", "Crítica"),
	Statuses: workOrderStatuses("Pendiente de aprobación", "Lista", "Esperando piezas", "Planificada", "En curso", "En pausa", "Hecha", "Cerrada",
		"Cancelada"),
	dates: approvalSpanish,
}
