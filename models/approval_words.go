package models

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// ApprovalWords are the words of approval mails and pages in one language. Those with a verb take what their comment says.
type ApprovalWords struct {
	Language string // of the HTML document

	Subject     string // of a mail; amount, number, title
	Reminder    string // before the subject of a reminder
	AsksYou     string // who asks, amount
	SystemAsks  string // amount
	AnswerBy    string // when
	Button      string
	NotByLink   string // until when the link works
	NextTitle   string
	Approve     string
	Reject      string
	Changes     string // the subject changes
	ChangesThen string
	YouGetThis  string
	For         string // reader
	AskedBy     string
	BeforeYou   string
	ChangedHead string
	AllLines    string // how many
	Comment     string
	ForReject   string
	NoDecision  string
	MadeFor     string // address
	SignIn      string
	What        string
	When        string
	Next        string
	Wrong       string
	CallThem    string // who asked
	YouSaw      string
	Now         string
	Open        string

	Waiting        string
	ApprovedByYou  string
	RejectedByYou  string
	ClosePage      string
	HasChanged     string
	OlderVersion   string
	NewMail        string
	Decided        string
	ApprovedBy     string // who
	RejectedBy     string // who
	InYourPlace    string // who
	HandedOver     string
	HandedOverTo   string // to whom
	NobodyDecided  string
	WithdrawnHead  string
	LinkExpired    string
	LinkExpiredSay string
	Unknown        string
	UnknownSay     string
	CommentMissing string
	PressAgain     string

	Labels   map[string]string // of facts, where they differ from English
	Approves map[ApprovalSubjectType]string
	Rejects  map[ApprovalSubjectType]string

	days   [7]string // from Sunday
	months [12]string
	date   string // day of the week, day, month, year
	money  string // thousands and decimal separator
}

// Date writes a local day and time of a moment.
func (w ApprovalWords) Date(at time.Time, zone *time.Location) string {
	at = at.In(zone)
	return fmt.Sprintf(w.date, w.days[at.Weekday()], at.Day(), w.months[at.Month()-1], at.Year()) + ", " + at.Format("15:04")
}

// day writes a calendar day, YYYY-MM-DD, without a time; any other text stays as it is.
func (w ApprovalWords) day(text string) string {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return fmt.Sprintf(w.date, w.days[at.Weekday()], at.Day(), w.months[at.Month()-1], at.Year())
}

// Money writes an amount: 18,640.00 €.
func (w ApprovalWords) Money(m Money) string {
	currency := m.Currency
	if symbol, ok := map[string]string{"EUR": "€", "GBP": "£", "USD": "$"}[currency]; ok {
		currency = symbol
	}
	return w.figure(m.Amount, MinorDigits(m.Currency)) + "\u00a0" + currency
}

// price writes an amount without its currency, in cents or, where it has them, parts of cents.
func (w ApprovalWords) price(d decimal.Decimal, currency string) string {
	_, fraction, _ := strings.Cut(d.String(), ".")
	return w.figure(d, max(MinorDigits(currency), int32(len(fraction)))) //nolint:gosec // a handful of digits
}

// figure writes a number with so many digits behind its separator.
func (w ApprovalWords) figure(d decimal.Decimal, digits int32) string {
	text := d.StringFixed(digits)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	separators := []rune(w.money)
	var grouped strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			grouped.WriteRune(separators[0])
		}
		grouped.WriteRune(digit)
	}
	if fraction != "" {
		grouped.WriteRune(separators[1])
		grouped.WriteString(fraction)
	}
	return sign + grouped.String()
}

// Label is the name of a fact, or what of a line has changed: "Bowl liner, price".
func (w ApprovalWords) Label(label string) string {
	if word, ok := w.Labels[label]; ok {
		return word
	}
	if at := strings.LastIndex(label, ", "); at >= 0 {
		if word, ok := w.Labels[label[at+2:]]; ok {
			return label[:at+2] + word
		}
	}
	return label
}

// Fact is a fact with its name and days in words.
func (w ApprovalWords) Fact(f ApprovalFact) ApprovalFact {
	return ApprovalFact{Label: w.Label(f.Label), Text: w.day(f.Text)}
}

// Line is a position with its quantity and price, and its total; empty where it has none.
func (w ApprovalWords) Line(l ApprovalLine, currency string) (text, total string) {
	text = l.Text
	if quantity := quantityText(l); quantity != "" {
		text += ", " + quantity
	}
	if l.UnitPrice != nil {
		text += " × " + w.price(*l.UnitPrice, currency)
	}
	if l.Total != nil {
		total = w.price(*l.Total, currency)
	}
	return text, total
}

// Change is a difference with its name, amounts and days in words.
func (w ApprovalWords) Change(c ApprovalChange, currency string) ApprovalChange {
	c.Label = w.Label(c.Label)
	for _, text := range []*string{&c.Before, &c.After} {
		amount, of, _ := strings.Cut(*text, " ")
		figure, err := decimal.NewFromString(amount)
		switch {
		case c.Key == "amount" && err == nil:
			*text = w.Money(Money{Amount: figure, Currency: of})
		case strings.HasPrefix(c.Key, "line:") && of == "" && err == nil && !strings.HasSuffix(c.Key, ":quantity") && !strings.HasSuffix(c.Key, ":text"):
			*text = w.price(figure, currency)
		default:
			*text = w.day(*text)
		}
	}
	return c
}

// Consequence says in a sentence what follows from a decision.
func (w ApprovalWords) Consequence(t ApprovalSubjectType, decision ApprovalDecision) string {
	if decision == DecideReject {
		return sentence(w.Rejects[t])
	}
	return sentence(w.Approves[t])
}

// WordsOfApproval chooses by a BCP 47 tag; English where there are no others.
func WordsOfApproval(locale string) ApprovalWords {
	switch language(locale) {
	case "de":
		return approvalGerman
	case "fr":
		return approvalFrench
	case "es":
		return approvalSpanish
	}
	return approvalEnglish
}

var approvalEnglish = ApprovalWords{
	Language: "en", Subject: "Approve %s? %s %s", Reminder: "Reminder: ", AsksYou: "%s asks you to approve %s",
	SystemAsks: "You are asked to approve %s", AnswerBy: "An answer is wanted by %s. After that somebody else is asked too.",
	Button:    "Approve or reject",
	NotByLink: "Opening the page decides nothing. Its two buttons do. The link is for you alone and works until %s.",
	NextTitle: "What happens next", Approve: "Approve", Reject: "Reject", Changes: "It changes",
	ChangesThen: "this link stops, you get a new one.", YouGetThis: "You get this because an approval policy names you or your role.",
	For: "for %s", AskedBy: "Asked by", BeforeYou: "Before you", ChangedHead: "Changed since it was submitted", AllLines: "All %d lines",
	Comment: "Comment", ForReject: "needed to reject", NoDecision: "Nothing is decided until you press a button.",
	MadeFor: "Made for %s. Not you? Close this page, nothing has happened.", SignIn: "Sign in to Mainstay", What: "What", When: "When",
	Next: "Next", Wrong: "Wrong?", CallThem: "Call %s.", YouSaw: "You saw", Now: "Now", Open: "Open in Mainstay",
	Waiting: "Waiting for approval", ApprovedByYou: "Approved by you", RejectedByYou: "Rejected by you", ClosePage: "You can close this page.",
	HasChanged: "It has changed", OlderVersion: "This link is for an older version and decides nothing any more.",
	NewMail: "Who has to decide now gets a new mail", Decided: "Already decided", ApprovedBy: "%s approved this.", RejectedBy: "%s rejected this.",
	InYourPlace: "%s decided in your place.", HandedOver: "You handed this over", HandedOverTo: "%s is asked now.",
	NobodyDecided: "Nobody decided in time", WithdrawnHead: "It was withdrawn", LinkExpired: "This link has expired",
	LinkExpiredSay: "The approval still waits for you: sign in to decide.", Unknown: "There is no such link",
	UnknownSay: "Perhaps a part of it was lost in the mail. Nothing has happened.", CommentMissing: "A rejection needs a comment.",
	PressAgain: "This page was open for long. Nothing was decided: read it once more and press again.",
	Approves: map[ApprovalSubjectType]string{
		ApprovalOfPurchaseOrder: "the order can be sent to the supplier.", ApprovalOfWorkOrder: "the work can be planned and begun.",
		ApprovalOfDisposal: "the asset is disposed of.", ApprovalOfTransfer: "the asset is handed over.",
	},
	Rejects: map[ApprovalSubjectType]string{
		ApprovalOfPurchaseOrder: "who asked gets your comment and can change the order.",
		ApprovalOfWorkOrder:     "the work order is cancelled, and who asked gets your comment.",
		ApprovalOfDisposal:      "the asset stays, and who asked gets your comment.",
		ApprovalOfTransfer:      "the asset stays where it is, and who asked gets your comment.",
	},
	days:   [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	months: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	date:   "%s %d %s %d", money: ",.",
}

var approvalGerman = ApprovalWords{
	Language: "de", Subject: "%s genehmigen? %s %s", Reminder: "Erinnerung: ", AsksYou: "%s bittet um Ihre Genehmigung von %s",
	SystemAsks: "Sie werden um die Genehmigung von %s gebeten", AnswerBy: "Eine Antwort wird bis %s erwartet. Danach wird auch jemand anderes gefragt.",
	Button:    "Genehmigen oder ablehnen",
	NotByLink: "Das Öffnen der Seite entscheidet nichts. Ihre zwei Knöpfe tun es. Der Link ist nur für Sie und gilt bis %s.",
	NextTitle: "Wie es weitergeht", Approve: "Genehmigen", Reject: "Ablehnen", Changes: "Es ändert sich",
	ChangesThen: "dieser Link gilt nicht mehr, Sie bekommen einen neuen.",
	YouGetThis:  "Sie bekommen dies, weil eine Genehmigungsregel Sie oder Ihre Rolle nennt.",
	For:         "für %s", AskedBy: "Angefragt von", BeforeYou: "Vor Ihnen", ChangedHead: "Geändert seit der Einreichung", AllLines: "Alle %d Positionen",
	Comment: "Kommentar", ForReject: "zum Ablehnen nötig", NoDecision: "Nichts ist entschieden, bis Sie einen Knopf drücken.",
	MadeFor: "Für %s. Nicht Sie? Schließen Sie die Seite, es ist nichts geschehen.", SignIn: "Bei Mainstay anmelden", What: "Was", When: "Wann",
	Next: "Weiter", Wrong: "Falsch?", CallThem: "Rufen Sie %s an.", YouSaw: "Sie sahen", Now: "Jetzt", Open: "In Mainstay öffnen",
	Waiting: "Wartet auf Genehmigung", ApprovedByYou: "Von Ihnen genehmigt", RejectedByYou: "Von Ihnen abgelehnt",
	ClosePage:  "Sie können die Seite schließen.",
	HasChanged: "Es hat sich geändert", OlderVersion: "Dieser Link gehört zu einer älteren Fassung und entscheidet nichts mehr.",
	NewMail: "Wer jetzt entscheidet, bekommt eine neue Mail", Decided: "Schon entschieden", ApprovedBy: "%s hat es genehmigt.",
	RejectedBy: "%s hat es abgelehnt.", InYourPlace: "%s hat an Ihrer Stelle entschieden.", HandedOver: "Sie haben es übergeben",
	HandedOverTo: "%s wird jetzt gefragt.", NobodyDecided: "Niemand hat rechtzeitig entschieden", WithdrawnHead: "Es wurde zurückgezogen",
	LinkExpired: "Dieser Link ist abgelaufen", LinkExpiredSay: "Die Genehmigung wartet noch auf Sie: melden Sie sich an, um zu entscheiden.",
	Unknown: "Diesen Link gibt es nicht", UnknownSay: "Vielleicht ging ein Teil davon in der Mail verloren. Es ist nichts geschehen.",
	CommentMissing: "Eine Ablehnung braucht einen Kommentar.",
	PressAgain:     "Die Seite war lange offen. Nichts wurde entschieden: lesen Sie sie noch einmal und drücken Sie erneut.",
	Labels: map[string]string{
		"Asset": "Anlage", "Location": "Ort", "Why": "Warum", "Kind of work": "Art der Arbeit", "Priority": "Priorität", "Needed by": "Gebraucht bis",
		"Planned hours": "Geplante Stunden", "Supplier": "Lieferant", "Department": "Abteilung", "Order amount": "Bestellwert", "Requisition": "Anforderung",
		"Note": "Bemerkung", "First delivery": "Erste Lieferung", "From": "Von", "What": "Was",
		"To": "Nach", "Part of": "Teil von", "Parts below it": "Teile darunter", "Cost center": "Kostenstelle", "Method": "Art", "Proceeds": "Erlös",
		"Not before": "Nicht vor", "Title": "Titel", "Amount": "Betrag", "quantity": "Menge", "price": "Preis", "total": "Summe", "new": "neu",
		"removed": "entfernt",
	},
	Approves: map[ApprovalSubjectType]string{
		ApprovalOfPurchaseOrder: "die Bestellung kann an den Lieferanten gehen.", ApprovalOfWorkOrder: "die Arbeit kann geplant und begonnen werden.",
		ApprovalOfDisposal: "die Anlage wird ausgemustert.", ApprovalOfTransfer: "die Anlage wird übergeben.",
	},
	Rejects: map[ApprovalSubjectType]string{
		ApprovalOfPurchaseOrder: "wer angefragt hat, bekommt Ihren Kommentar und kann die Bestellung ändern.",
		ApprovalOfWorkOrder:     "der Arbeitsauftrag wird storniert, und wer angefragt hat, bekommt Ihren Kommentar.",
		ApprovalOfDisposal:      "die Anlage bleibt, und wer angefragt hat, bekommt Ihren Kommentar.",
		ApprovalOfTransfer:      "die Anlage bleibt, wo sie ist, und wer angefragt hat, bekommt Ihren Kommentar.",
	},
	days:   [7]string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"},
	months: [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
	date:   "%s %d. %s %d", money: ".,",
}

var approvalFrench = ApprovalWords{
	Language: "fr", Subject: "Approuver %s\u00a0? %s %s", Reminder: "Rappel\u00a0: ", AsksYou: "%s vous demande d’approuver %s",
	SystemAsks: "Votre approbation est demandée pour %s", AnswerBy: "Une réponse est attendue avant le %s. Ensuite, une autre personne sera aussi consultée.",
	Button:    "Approuver ou refuser",
	NotByLink: "Ouvrir la page ne décide rien. Ses deux boutons le font. Le lien est pour vous seul et valable jusqu’au %s.",
	NextTitle: "Et ensuite", Approve: "Approuver", Reject: "Refuser", Changes: "Si cela change",
	ChangesThen: "ce lien ne vaut plus, vous en recevrez un autre.",
	YouGetThis:  "Vous recevez ce message parce qu’une règle d’approbation vous nomme, vous ou votre rôle.",
	For:         "pour %s", AskedBy: "Demandé par", BeforeYou: "Avant vous", ChangedHead: "Modifié depuis la demande", AllLines: "Les %d lignes",
	Comment: "Commentaire", ForReject: "nécessaire pour refuser", NoDecision: "Rien n’est décidé tant que vous n’appuyez pas sur un bouton.",
	MadeFor: "Pour %s. Ce n’est pas vous\u00a0? Fermez cette page, rien ne s’est passé.", SignIn: "Se connecter à Mainstay", What: "Quoi",
	When: "Quand", Next: "Ensuite", Wrong: "Erreur\u00a0?", CallThem: "Appelez %s.", YouSaw: "Vous avez vu", Now: "Maintenant",
	Open: "Ouvrir dans Mainstay", Waiting: "En attente d’approbation", ApprovedByYou: "Approuvé par vous", RejectedByYou: "Refusé par vous",
	ClosePage: "Vous pouvez fermer cette page.", HasChanged: "Cela a changé", OlderVersion: "Ce lien concerne une ancienne version et ne décide plus rien.",
	NewMail: "Un nouveau message part à qui doit décider", Decided: "Déjà décidé", ApprovedBy: "%s l’a approuvé.", RejectedBy: "%s l’a refusé.",
	InYourPlace: "%s a décidé à votre place.", HandedOver: "Vous l’avez transmis", HandedOverTo: "%s est consulté maintenant.",
	NobodyDecided: "Personne n’a décidé à temps", WithdrawnHead: "La demande a été retirée", LinkExpired: "Ce lien a expiré",
	LinkExpiredSay: "La demande vous attend toujours\u00a0: connectez-vous pour décider.", Unknown: "Ce lien n’existe pas",
	UnknownSay: "Une partie s’est peut-être perdue dans le message. Rien ne s’est passé.", CommentMissing: "Un refus exige un commentaire.",
	PressAgain: "Cette page était ouverte depuis longtemps. Rien n’a été décidé\u00a0: relisez-la et appuyez de nouveau.",
	Labels: map[string]string{
		"Asset": "Équipement", "Location": "Lieu", "Why": "Pourquoi", "Kind of work": "Type de travail", "Priority": "Priorité",
		"Needed by": "Nécessaire le", "Planned hours": "Heures prévues", "Supplier": "Fournisseur", "Department": "Service",
		"Order amount": "Montant de la commande", "Requisition": "Demande d’achat", "Note": "Remarque", "First delivery": "Première livraison", "From": "De", "What": "Quoi",
		"To": "Vers", "Part of": "Partie de", "Parts below it": "Pièces en dessous", "Cost center": "Centre de coûts", "Method": "Mode",
		"Proceeds": "Produit", "Not before": "Pas avant le", "Title": "Titre", "Amount": "Montant", "quantity": "quantité", "price": "prix",
		"new": "nouveau", "removed": "supprimé",
	},
	Approves: map[ApprovalSubjectType]string{
		ApprovalOfPurchaseOrder: "la commande peut partir chez le fournisseur.", ApprovalOfWorkOrder: "le travail peut être planifié et commencé.",
		ApprovalOfDisposal: "l’équipement est mis au rebut.", ApprovalOfTransfer: "l’équipement est transféré.",
	},
	Rejects: map[ApprovalSubjectType]string{
		ApprovalOfPurchaseOrder: "le demandeur reçoit votre commentaire et peut modifier la commande.",
		ApprovalOfWorkOrder:     "l’ordre de travail est annulé, et le demandeur reçoit votre commentaire.",
		ApprovalOfDisposal:      "l’équipement reste, et le demandeur reçoit votre commentaire.",
		ApprovalOfTransfer:      "l’équipement reste où il est, et le demandeur reçoit votre commentaire.",
	},
	days:   [7]string{"dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."},
	months: [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
	date:   "%s %d %s %d", money: "\u202f,",
}

var approvalSpanish = ApprovalWords{
	Language: "es", Subject: "¿Aprobar %s? %s %s", Reminder: "Recordatorio: ", AsksYou: "%s le pide que apruebe %s",
	SystemAsks: "Se pide su aprobación de %s", AnswerBy: "Se espera una respuesta antes del %s. Después se preguntará también a otra persona.",
	Button:    "Aprobar o rechazar",
	NotByLink: "Abrir la página no decide nada. Sus dos botones sí. El enlace es solo para usted y vale hasta el %s.",
	NextTitle: "Qué pasa después", Approve: "Aprobar", Reject: "Rechazar", Changes: "Si cambia",
	ChangesThen: "este enlace deja de valer y recibirá otro.",
	YouGetThis:  "Recibe esto porque una regla de aprobación le nombra a usted o a su función.",
	For:         "para %s", AskedBy: "Pedido por", BeforeYou: "Antes de usted", ChangedHead: "Cambiado desde que se envió", AllLines: "Las %d líneas",
	Comment: "Comentario", ForReject: "necesario para rechazar", NoDecision: "Nada se decide hasta que pulse un botón.",
	MadeFor: "Para %s. ¿No es usted? Cierre esta página, no ha pasado nada.", SignIn: "Entrar en Mainstay", What: "Qué", When: "Cuándo",
	Next: "Después", Wrong: "¿Un error?", CallThem: "Llame a %s.", YouSaw: "Usted vio", Now: "Ahora", Open: "Abrir en Mainstay",
	Waiting: "Pendiente de aprobación", ApprovedByYou: "Aprobado por usted", RejectedByYou: "Rechazado por usted",
	ClosePage: "Puede cerrar esta página.", HasChanged: "Ha cambiado", OlderVersion: "Este enlace es de una versión anterior y ya no decide nada.",
	NewMail: "Quien decide ahora recibe un correo nuevo", Decided: "Ya está decidido", ApprovedBy: "%s lo aprobó.", RejectedBy: "%s lo rechazó.",
	InYourPlace: "%s decidió en su lugar.", HandedOver: "Usted lo traspasó", HandedOverTo: "Ahora se pregunta a %s.",
	NobodyDecided: "Nadie decidió a tiempo", WithdrawnHead: "Se retiró", LinkExpired: "Este enlace ha caducado",
	LinkExpiredSay: "La aprobación aún le espera: entre para decidir.", Unknown: "Este enlace no existe",
	UnknownSay: "Quizá una parte se perdió en el correo. No ha pasado nada.", CommentMissing: "Un rechazo necesita un comentario.",
	PressAgain: "La página estuvo abierta mucho tiempo. No se decidió nada: léala otra vez y vuelva a pulsar.",
	Labels: map[string]string{
		"Asset": "Equipo", "Location": "Lugar", "Why": "Por qué", "Kind of work": "Tipo de trabajo", "Priority": "Prioridad",
		"Needed by": "Necesario para", "Planned hours": "Horas previstas", "Supplier": "Proveedor", "Department": "Departamento",
		"Order amount": "Importe del pedido", "Requisition": "Solicitud", "Note": "Nota", "First delivery": "Primera entrega", "From": "De", "What": "Qué",
		"To": "A", "Part of": "Parte de", "Parts below it": "Piezas por debajo", "Cost center": "Centro de coste", "Method": "Modo",
		"Proceeds": "Ingreso", "Not before": "No antes del", "Title": "Título", "Amount": "Importe", "quantity": "cantidad", "price": "precio",
		"new": "nuevo", "removed": "quitado",
	},
	Approves: map[ApprovalSubjectType]string{
		ApprovalOfPurchaseOrder: "el pedido puede enviarse al proveedor.", ApprovalOfWorkOrder: "el trabajo puede planificarse y empezar.",
		ApprovalOfDisposal: "el equipo se da de baja.", ApprovalOfTransfer: "el equipo se entrega.",
	},
	Rejects: map[ApprovalSubjectType]string{
		ApprovalOfPurchaseOrder: "quien lo pidió recibe su comentario y puede cambiar el pedido.",
		ApprovalOfWorkOrder:     "la orden de trabajo se cancela, y quien la pidió recibe su comentario.",
		ApprovalOfDisposal:      "el equipo se queda, y quien lo pidió recibe su comentario.",
		ApprovalOfTransfer:      "el equipo se queda donde está, y quien lo pidió recibe su comentario.",
	},
	days:   [7]string{"dom.", "lun.", "mar.", "mié.", "jue.", "vie.", "sáb."},
	months: [12]string{"ene.", "feb.", "mar.", "abr.", "may.", "jun.", "jul.", "ago.", "sept.", "oct.", "nov.", "dic."},
	date:   "%s %d %s %d", money: ".,",
}
