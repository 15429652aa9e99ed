package models

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// PurchaseOrderStatus is where a purchase order stands.
type PurchaseOrderStatus string

// States of a purchase order.
const (
	PurchaseOrderDraft             PurchaseOrderStatus = "draft"
	PurchaseOrderPendingApproval   PurchaseOrderStatus = "pending_approval"
	PurchaseOrderApproved          PurchaseOrderStatus = "approved"
	PurchaseOrderSent              PurchaseOrderStatus = "sent"
	PurchaseOrderPartiallyReceived PurchaseOrderStatus = "partially_received"
	PurchaseOrderReceived          PurchaseOrderStatus = "received"
	PurchaseOrderClosed            PurchaseOrderStatus = "closed"
	PurchaseOrderRejected          PurchaseOrderStatus = "rejected"
	PurchaseOrderCancelled         PurchaseOrderStatus = "cancelled"
)

// PurchaseOrderStatuses lists every state, in the order of buying.
func PurchaseOrderStatuses() []PurchaseOrderStatus {
	return []PurchaseOrderStatus{
		PurchaseOrderDraft, PurchaseOrderPendingApproval, PurchaseOrderApproved, PurchaseOrderSent, PurchaseOrderPartiallyReceived,
		PurchaseOrderReceived, PurchaseOrderClosed, PurchaseOrderRejected, PurchaseOrderCancelled,
	}
}

// Over reports whether nobody can do anything with the order any more.
func (s PurchaseOrderStatus) Over() bool {
	return s == PurchaseOrderClosed || s == PurchaseOrderCancelled
}

// PurchaseOrderCommandName is what a person may ask of a purchase order. Each is an update of the PurchaseOrder workflow and a
// route.
type PurchaseOrderCommandName string

// Commands of a purchase order.
const (
	PurchaseOrderCreate   PurchaseOrderCommandName = "create"
	PurchaseOrderSubmit   PurchaseOrderCommandName = "submit"
	PurchaseOrderWithdraw PurchaseOrderCommandName = "withdraw"
	PurchaseOrderSend     PurchaseOrderCommandName = "send"
	PurchaseOrderReceive  PurchaseOrderCommandName = "receive"
	PurchaseOrderReturn   PurchaseOrderCommandName = "return"
	PurchaseOrderCancel   PurchaseOrderCommandName = "cancel"
	PurchaseOrderClose    PurchaseOrderCommandName = "close"
)

// PurchaseOrderCommandNames lists every command but create, in the order of buying.
func PurchaseOrderCommandNames() []PurchaseOrderCommandName {
	return []PurchaseOrderCommandName{
		PurchaseOrderSubmit, PurchaseOrderWithdraw, PurchaseOrderSend, PurchaseOrderReceive, PurchaseOrderReturn, PurchaseOrderCancel,
		PurchaseOrderClose,
	}
}

type purchaseOrderEdge struct {
	from    PurchaseOrderStatus
	command PurchaseOrderCommandName
	to      PurchaseOrderStatus
}

// purchaseOrderEdges is the state table; what is not listed is refused. Where receive and return lead is what the quantities
// say: the table names the least. An edit of an order that was submitted or sent makes a new revision of it, a draft again.
//
//	stateDiagram-v2
//	    [*] --> draft: create
//	    draft --> pending_approval: submit, a policy matches
//	    draft --> approved: submit
//	    pending_approval --> draft: withdraw, or the case ended without a decision
//	    pending_approval --> approved: by itself, the case was approved
//	    pending_approval --> rejected: by itself, the case was rejected
//	    rejected --> draft: withdraw, or the content changed
//	    approved --> draft: withdraw, or the content changed
//	    approved --> sent: send
//	    sent --> approved: by itself, the supplier's mail server refused the order
//	    sent --> draft: the content changed
//	    sent --> partially_received: receive
//	    sent --> received: receive
//	    partially_received --> received: receive
//	    partially_received --> sent: return
//	    received --> partially_received: return
//	    draft --> cancelled: cancel
//	    pending_approval --> cancelled: cancel
//	    approved --> cancelled: cancel
//	    rejected --> cancelled: cancel
//	    sent --> cancelled: cancel
//	    sent --> closed: close
//	    partially_received --> closed: close
//	    received --> closed: close
//	    closed --> [*]
//	    cancelled --> [*]
var purchaseOrderEdges = []purchaseOrderEdge{
	{PurchaseOrderDraft, PurchaseOrderSubmit, PurchaseOrderPendingApproval},
	{PurchaseOrderDraft, PurchaseOrderCancel, PurchaseOrderCancelled},
	{PurchaseOrderPendingApproval, PurchaseOrderWithdraw, PurchaseOrderDraft},
	{PurchaseOrderPendingApproval, PurchaseOrderCancel, PurchaseOrderCancelled},
	{PurchaseOrderRejected, PurchaseOrderWithdraw, PurchaseOrderDraft},
	{PurchaseOrderRejected, PurchaseOrderCancel, PurchaseOrderCancelled},
	{PurchaseOrderApproved, PurchaseOrderWithdraw, PurchaseOrderDraft},
	{PurchaseOrderApproved, PurchaseOrderSend, PurchaseOrderSent},
	{PurchaseOrderApproved, PurchaseOrderCancel, PurchaseOrderCancelled},
	{PurchaseOrderSent, PurchaseOrderReceive, PurchaseOrderPartiallyReceived},
	{PurchaseOrderSent, PurchaseOrderCancel, PurchaseOrderCancelled},
	{PurchaseOrderSent, PurchaseOrderClose, PurchaseOrderClosed},
	{PurchaseOrderPartiallyReceived, PurchaseOrderReceive, PurchaseOrderPartiallyReceived},
	{PurchaseOrderPartiallyReceived, PurchaseOrderReturn, PurchaseOrderSent},
	{PurchaseOrderPartiallyReceived, PurchaseOrderClose, PurchaseOrderClosed},
	{PurchaseOrderReceived, PurchaseOrderReceive, PurchaseOrderReceived},
	{PurchaseOrderReceived, PurchaseOrderReturn, PurchaseOrderSent},
	{PurchaseOrderReceived, PurchaseOrderClose, PurchaseOrderClosed},
}

// AllowedCommands lists what the state allows, in the order of buying; empty when the order is over.
func (s PurchaseOrderStatus) AllowedCommands() []string {
	allowed := []string{}
	for _, name := range PurchaseOrderCommandNames() {
		if _, ok := s.after(name); ok {
			allowed = append(allowed, string(name))
		}
	}
	return allowed
}

func (s PurchaseOrderStatus) after(command PurchaseOrderCommandName) (PurchaseOrderStatus, bool) {
	for _, e := range purchaseOrderEdges {
		if e.from == s && e.command == command {
			return e.to, true
		}
	}
	return "", false
}

// Check refuses a command that the state forbids: a conflict with the allowed commands.
func (s PurchaseOrderStatus) Check(command PurchaseOrderCommandName) error {
	if _, ok := s.after(command); ok {
		return nil
	}
	err := Conflict("A purchase order that is %s cannot be asked to %s.", words(string(s)), command)
	err.AllowedCommands = s.AllowedCommands()
	return err
}

// PurchaseOrderOrigin says who wrote an order.
type PurchaseOrderOrigin string

// Origins of purchase orders.
const (
	OrderedByPerson        PurchaseOrderOrigin = "person"
	OrderedByRequisition   PurchaseOrderOrigin = "requisition"
	OrderedByReplenishment PurchaseOrderOrigin = "replenishment"
)

// PurchaseOrder is one order to one supplier, from its draft to close or cancellation. The row is the truth; the workflow
// purchase-order/<id> is only its engine. Prices are in Currency, the document's; what they are worth here is the document's
// amount times Rate, rounded to the base currency.
type PurchaseOrder struct {
	TenantID            uuid.UUID `gorm:"primaryKey"`
	ID                  uuid.UUID `gorm:"primaryKey"`
	Number              string    // PO-000123
	SupplierID          uuid.UUID
	Status              PurchaseOrderStatus
	Origin              PurchaseOrderOrigin
	Currency            string          // ISO 4217, of the document
	BaseCurrency        string          // of the tenant
	Rate                decimal.Decimal // base units for one of Currency; 1 where they are the same
	Amount              decimal.Decimal // sum of the lines, tax excluded
	BaseAmount          decimal.Decimal // Amount in the base currency: what approval bands compare
	DepartmentID        *uuid.UUID
	RequisitionID       *uuid.UUID
	Note                string          // for the supplier
	Revision            int             // 1, and one more with each edit after it was submitted
	ReceiptTolerancePct decimal.Decimal // how much more than ordered may be received
	PriceTolerancePct   decimal.Decimal // how far an invoice's price may be off
	ApprovalCaseID      *uuid.UUID      // of the last submission; nil: no policy matched
	PromisedOn          *Date           // the earliest promise of what has still to come
	DocumentID          *uuid.UUID      // attachment: the order of this revision as a PDF
	MailError           string          // why the supplier's mail server refused it
	CancelReason        string
	RejectReason        string
	RequestedBy         *uuid.UUID // nil: replenishment
	SubmittedAt         *time.Time
	ApprovedAt          *time.Time
	SentAt              *time.Time
	IssuedAt            *time.Time // the document is stored, and mailed where the supplier has an address
	MailedTo            string     // the address that it went to; empty: it was to be printed
	LateAt              *time.Time // its buyers were told that a promise has passed
	RevokedAt           *time.Time // the supplier was told that it is cancelled
	ReceivedAt          *time.Time
	ClosedAt            *time.Time
	CancelledAt         *time.Time
	NextActionAt        *time.Time
	ProcessStartedAt    *time.Time
	Version             int
	CreatedAt           time.Time
	UpdatedAt           time.Time
}

// PurchaseOrderCommand is the body of a command as the ledger keeps it; which fields count depends on the command.
type PurchaseOrderCommand struct {
	New       *NewPurchaseOrder `json:"new,omitempty"`        // create
	Receipt   *NewGoodsReceipt  `json:"receipt,omitempty"`    // receive, return
	Reason    string            `json:"reason,omitempty"`     // cancel, return
	IfVersion *int              `json:"if_version,omitempty"` // If-Match: refuse any other version
}

// NewPurchaseOrder is what a purchase order is created from.
type NewPurchaseOrder struct {
	SupplierID    uuid.UUID              `json:"supplier_id"`
	Currency      string                 `json:"currency"`
	Rate          *decimal.Decimal       `json:"rate,omitempty"` // nil: 1 for the tenant's currency, else the rate of the day
	DepartmentID  *uuid.UUID             `json:"department_id,omitempty"`
	RequisitionID *uuid.UUID             `json:"requisition_id,omitempty"`
	Note          string                 `json:"note,omitempty"`
	Lines         []NewPurchaseOrderLine `json:"lines"`
	Count         int64                  `json:"count,omitempty"` // makes the human number; drawn when the create is admitted
}

// MaxOrderLines bounds an order: it is received in one transaction.
const MaxOrderLines = 200

// maxRate bounds an exchange rate.
var maxRate = decimal.New(1, 9)

// rateDigits is how finely rates are kept.
const rateDigits = 8

// Validate checks what can be checked without the database.
func (n NewPurchaseOrder) Validate() error {
	var f Faults
	f.Add(n.SupplierID == uuid.Nil, "/supplier_id", "required", "A supplier is needed.")
	f = append(f, currencyFaults("/currency", n.Currency)...)
	if n.Rate != nil {
		f = append(f, rateFaults("/rate", *n.Rate)...)
	}
	f = append(f, lineFaults(n.Lines)...)
	return f.Err()
}

func currencyFaults(pointer, currency string) Faults {
	var f Faults
	bad := len(currency) != 3
	for _, letter := range currency {
		bad = bad || letter < 'A' || letter > 'Z'
	}
	f.Add(bad, pointer, "currency", "A currency is three capital letters (ISO 4217).")
	return f
}

func rateFaults(pointer string, rate decimal.Decimal) Faults {
	var f Faults
	f.Add(!rate.IsPositive() || rate.GreaterThan(maxRate), pointer, "range", "A rate is above 0 and at most %s.", maxRate)
	f.Add(!rate.Equal(rate.Round(rateDigits)), pointer, "precision", "A rate has at most %d digits after the point.", rateDigits)
	return f
}

// Validate checks that the command brings what it needs.
func (c PurchaseOrderCommand) Validate(name PurchaseOrderCommandName) error {
	switch name {
	case PurchaseOrderCreate:
		if c.New == nil {
			return InvalidField("", "required", "A purchase order is needed.")
		}
		return c.New.Validate()
	case PurchaseOrderReceive:
		return c.Receipt.Validate()
	case PurchaseOrderReturn:
		if c.Reason == "" {
			return InvalidField("/reason", "required", "A reason is needed.")
		}
		return c.Receipt.Validate()
	case PurchaseOrderCancel:
		if c.Reason == "" {
			return InvalidField("/reason", "required", "A reason is needed.")
		}
	case PurchaseOrderSubmit, PurchaseOrderWithdraw, PurchaseOrderSend, PurchaseOrderClose:
	}
	return nil
}

// PurchaseTerms is what an order takes over from its supplier and tenant when it is written.
type PurchaseTerms struct {
	BaseCurrency        string
	Rate                decimal.Decimal
	ReceiptTolerancePct decimal.Decimal
	PriceTolerancePct   decimal.Decimal
}

// CreatePurchaseOrder makes the row of a new draft with its lines at now. The number is given by the store.
func CreatePurchaseOrder(
	tenant, id uuid.UUID, n NewPurchaseOrder, terms PurchaseTerms, by *uuid.UUID, now time.Time,
) (PurchaseOrder, []PurchaseOrderLine) {
	o := PurchaseOrder{
		TenantID: tenant, ID: id, SupplierID: n.SupplierID, Status: PurchaseOrderDraft, Origin: OrderedByPerson, Currency: n.Currency,
		BaseCurrency: terms.BaseCurrency, Rate: terms.Rate, DepartmentID: n.DepartmentID, RequisitionID: n.RequisitionID, Note: n.Note,
		Revision: 1, ReceiptTolerancePct: terms.ReceiptTolerancePct, PriceTolerancePct: terms.PriceTolerancePct, RequestedBy: by,
		ProcessStartedAt: &now, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if n.RequisitionID != nil {
		o.Origin = OrderedByRequisition
	}
	lines := make([]PurchaseOrderLine, len(n.Lines))
	for i, line := range n.Lines {
		lines[i] = line.of(o, i+1)
	}
	o.Total(lines)
	o.schedule()
	return o, lines
}

// Late reports whether a promise of what has still to come has passed at now.
func (o PurchaseOrder) Late(now time.Time) bool {
	open := o.Status == PurchaseOrderSent || o.Status == PurchaseOrderPartiallyReceived
	return open && o.PromisedOn != nil && o.PromisedOn.Before(DateOf(now, time.UTC))
}

// Editable reports whether lines and terms may be changed: until something was received.
func (o PurchaseOrder) Editable() bool {
	switch o.Status {
	case PurchaseOrderDraft, PurchaseOrderPendingApproval, PurchaseOrderApproved, PurchaseOrderRejected, PurchaseOrderSent:
		return true
	case PurchaseOrderPartiallyReceived, PurchaseOrderReceived, PurchaseOrderClosed, PurchaseOrderCancelled:
	}
	return false
}

// Revise notes at now that the content is another one, lines. What was submitted becomes its next revision: an order that waits
// for its approval goes on waiting (for whoever has to decide about the new content); one that was decided about or sent becomes a
// draft again, unless the decision still counts.
func (o *PurchaseOrder) Revise(lines []PurchaseOrderLine, stillApproved bool, now time.Time) error {
	if !o.Editable() {
		err := Conflict("A purchase order that is %s cannot be changed.", words(string(o.Status)))
		err.AllowedCommands = o.Status.AllowedCommands()
		return err
	}
	if o.Status != PurchaseOrderDraft {
		o.Revision++
	}
	counts := o.Status == PurchaseOrderPendingApproval || (o.Status == PurchaseOrderApproved && stillApproved)
	if !counts {
		o.reopen()
	}
	o.Total(lines)
	o.touch(now)
	return nil
}

// reopen makes the order a draft that nobody has decided about; the case stays named, for what differs from it.
func (o *PurchaseOrder) reopen() {
	o.Status = PurchaseOrderDraft
	o.RejectReason, o.MailError = "", ""
	o.SubmittedAt, o.ApprovedAt, o.SentAt, o.IssuedAt, o.LateAt = nil, nil, nil, nil, nil
}

// AwaitApproval notes that the case has to be decided first.
func (o *PurchaseOrder) AwaitApproval(id uuid.UUID) {
	o.Status, o.ApprovalCaseID = PurchaseOrderPendingApproval, &id
	o.schedule()
}

// Apply carries out a command at now: the state table is asked, then the row and, for receive and return, its lines are changed.
// It judges only what order and lines say.
func (o *PurchaseOrder) Apply(name PurchaseOrderCommandName, c PurchaseOrderCommand, lines []PurchaseOrderLine, now time.Time) error {
	if err := o.Status.Check(name); err != nil {
		return err
	}
	to, _ := o.Status.after(name)
	switch name {
	case PurchaseOrderSubmit:
		o.Status, o.SubmittedAt = to, &now
	case PurchaseOrderWithdraw:
		o.reopen()
	case PurchaseOrderSend:
		o.Status, o.SentAt, o.IssuedAt, o.MailError = to, &now, nil, ""
	case PurchaseOrderReceive:
		if err := o.receive(lines, *c.Receipt, decimal.New(1, 0)); err != nil {
			return err
		}
		o.arrive(lines, now)
	case PurchaseOrderReturn:
		if err := o.receive(lines, *c.Receipt, decimal.New(-1, 0)); err != nil {
			return err
		}
		o.arrive(lines, now)
	case PurchaseOrderCancel:
		o.Status, o.CancelledAt, o.CancelReason = to, &now, c.Reason
	case PurchaseOrderClose:
		o.Status, o.ClosedAt = to, &now
	case PurchaseOrderCreate:
	}
	o.Total(lines)
	o.touch(now)
	return nil
}

// Approve notes at now that nobody has to decide, or that who had to has agreed.
func (o *PurchaseOrder) Approve(now time.Time) {
	o.Status, o.ApprovedAt = PurchaseOrderApproved, &now
	o.schedule()
}

// PurchaseOrderAction is what the process does by itself.
type PurchaseOrderAction string

// Automatic steps of a purchase order.
const (
	PurchaseOrderIssue  PurchaseOrderAction = "issue"  // store the document and mail it to the supplier
	PurchaseOrderLate   PurchaseOrderAction = "late"   // tell who ordered that a promise has passed
	PurchaseOrderRevoke PurchaseOrderAction = "revoke" // tell the supplier that it is cancelled
	PurchaseOrderAgree  PurchaseOrderAction = "agree"  // the case was approved
	PurchaseOrderReject PurchaseOrderAction = "reject" // the case was rejected
	PurchaseOrderReopen PurchaseOrderAction = "reopen" // the case ended without a decision
	PurchaseOrderLook   PurchaseOrderAction = "look"   // nothing but to look again
	PurchaseOrderEnd    PurchaseOrderAction = "end"    // the process is over
)

// Outside reports whether the step talks to something outside the database.
func (a PurchaseOrderAction) Outside() bool {
	return a == PurchaseOrderIssue || a == PurchaseOrderRevoke
}

// NextAction is what the process does next and when, decided from the row alone.
func (o PurchaseOrder) NextAction() (PurchaseOrderAction, time.Time) {
	open := o.Status == PurchaseOrderSent || o.Status == PurchaseOrderPartiallyReceived
	switch {
	case o.Status == PurchaseOrderCancelled && o.MailedTo != "" && o.RevokedAt == nil:
		return PurchaseOrderRevoke, o.UpdatedAt.UTC()
	case o.Status.Over():
		return PurchaseOrderEnd, time.Time{}
	case o.SentAt != nil && o.IssuedAt == nil:
		return PurchaseOrderIssue, o.SentAt.UTC()
	case open && o.PromisedOn != nil && o.LateAt == nil:
		return PurchaseOrderLate, o.PromisedOn.AddDays(1).In(time.UTC)
	}
	return PurchaseOrderLook, o.UpdatedAt.UTC().Add(lookAgain)
}

// ApprovalStep is the automatic step that follows from how the order's approval case ended; "" while it is open.
func (o PurchaseOrder) ApprovalStep(status ApprovalStatus) PurchaseOrderAction {
	if o.Status != PurchaseOrderPendingApproval {
		return ""
	}
	return stepAfter(status, PurchaseOrderAgree, PurchaseOrderReject, PurchaseOrderReopen)
}

// Done notes at now that the automatic step was carried out. A mere look makes no version. refusal is why the supplier's mail server refused the order for
// good: nothing reached the supplier, so an order of which nothing was received goes back to approved.
func (o *PurchaseOrder) Done(action PurchaseOrderAction, refusal string, now time.Time) {
	switch action {
	case PurchaseOrderIssue:
		o.IssuedAt, o.MailError = &now, refusal
		if refusal != "" && o.Status == PurchaseOrderSent {
			o.Status, o.SentAt, o.IssuedAt, o.MailedTo = PurchaseOrderApproved, nil, nil, ""
		}
	case PurchaseOrderRevoke:
		o.RevokedAt, o.MailError = &now, refusal
	case PurchaseOrderLate:
		o.LateAt = &now
	case PurchaseOrderAgree:
		o.Approve(now)
	case PurchaseOrderReject:
		o.Status = PurchaseOrderRejected
	case PurchaseOrderReopen:
		o.reopen()
	case PurchaseOrderLook, PurchaseOrderEnd: // nothing of it is another
		o.UpdatedAt = now
		o.schedule()
		return
	}
	o.touch(now)
}

// Total brings the sums over the lines into the order.
func (o *PurchaseOrder) Total(lines []PurchaseOrderLine) {
	o.Amount = decimal.Zero
	was := o.PromisedOn
	o.PromisedOn = nil
	for _, line := range lines {
		o.Amount = o.Amount.Add(line.Amount)
		if promised := line.PromisedOn; promised != nil && line.Open().IsPositive() && (o.PromisedOn == nil || promised.Before(*o.PromisedOn)) {
			o.PromisedOn = promised
		}
	}
	o.BaseAmount = RoundMoney(o.Amount.Mul(o.Rate), o.BaseCurrency)
	if !sameDate(was, o.PromisedOn) {
		o.LateAt = nil
	}
}

func (o *PurchaseOrder) touch(now time.Time) {
	o.UpdatedAt = now
	o.Version++
	o.schedule()
}

// schedule sets NextActionAt from NextAction.
func (o *PurchaseOrder) schedule() {
	action, at := o.NextAction()
	o.NextActionAt = nextActionAt(action == PurchaseOrderEnd, at)
}
