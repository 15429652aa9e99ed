package activities

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"mainstay/internal/blob"
	"mainstay/internal/mail"
	"mainstay/internal/pdf"
	"mainstay/models"
	"mainstay/models/store"
)

// LoadPurchaseOrder reads where the order and its approval stand and notes that its process runs.
func (p *Purchasing) LoadPurchaseOrder(ctx context.Context, in ProcessInput) (ProcessState, error) {
	o, approval, err := p.Store.LoadPurchaseOrder(in.context(ctx), in.ID)
	if err != nil || o == nil {
		return ProcessState{}, failed(err)
	}
	state := purchaseOrderState(*o)
	if step := o.ApprovalStep(approval); step != "" {
		state.Action, state.NextAt = string(step), o.UpdatedAt
	}
	return state, nil
}

// RunPurchaseOrderCommand carries out an admitted command in one transaction. A repeat answers the first outcome.
func (p *Purchasing) RunPurchaseOrderCommand(ctx context.Context, in CommandInput) (CommandResult, error) {
	return answered(p.Store.RunPurchaseOrderCommand(in.context(ctx), in.ID, in.CommandID, models.PurchaseOrderCommandName(in.Name)))
}

// RunPurchaseOrderAction does the automatic step that is due and needs nothing but the database. The row decides; a step that was
// done meanwhile, or is no longer due, is not done again.
func (p *Purchasing) RunPurchaseOrderAction(ctx context.Context, in ActionInput) (ProcessState, error) {
	return p.runPurchaseOrderAction(in.context(ctx), in, store.PurchaseOrderStep{})
}

func (p *Purchasing) runPurchaseOrderAction(ctx context.Context, in ActionInput, step store.PurchaseOrderStep) (ProcessState, error) {
	o, err := p.Store.RunPurchaseOrderAction(ctx, in.ID, models.PurchaseOrderAction(in.Action), step)
	return stateOf(o, err, purchaseOrderState)
}

func purchaseOrderState(o models.PurchaseOrder) ProcessState {
	action, at := o.NextAction()
	return ProcessState{
		Exists: true, Over: action == models.PurchaseOrderEnd, Status: string(o.Status), Version: o.Version, Action: string(action),
		NextAt: wakeAt(action == models.PurchaseOrderLook, at),
	}
}

// MailPurchaseOrder does the automatic step that reaches the supplier: the order's document is stored and mailed, or the supplier
// is told that the order is cancelled. A crash after the server took the mail may send it once more under the same Message-ID, and
// store the same document again. What the server refuses for good is noted in the row, which takes the step back.
func (p *Purchasing) MailPurchaseOrder(ctx context.Context, in ActionInput) (ProcessState, error) {
	ctx = in.context(ctx)
	o, err := p.Store.PurchaseOrderDocument(ctx, in.ID)
	if err != nil {
		if models.ErrorCode(err) == models.CodeNotFound {
			return ProcessState{}, nil
		}
		return ProcessState{}, failed(err)
	}
	action, _ := o.NextAction()
	if string(action) != in.Action {
		return purchaseOrderState(o.PurchaseOrder), nil
	}
	step := store.PurchaseOrderStep{MailedTo: o.SupplierEmail}
	message := p.revocation(o.PurchaseOrderView)
	if action == models.PurchaseOrderIssue {
		document, err := purchaseOrderForm(o).Bytes()
		if err != nil {
			return ProcessState{}, failed(err)
		}
		if step.Document, err = p.keep(ctx, o.PurchaseOrderView, document); err != nil {
			return ProcessState{}, failed(err)
		}
		message = p.letter(o.PurchaseOrderView, document)
	}
	if message.To != "" {
		err = p.Mail.Send(ctx, message)
		if models.ErrorCode(err) == models.CodeInvalid {
			step.Refusal, err = models.AsError(err).Detail, nil
		}
		if err != nil {
			return ProcessState{}, failed(err)
		}
	}
	return p.runPurchaseOrderAction(ctx, in, step)
}

// purchaseOrderForm is the order as it is printed.
func purchaseOrderForm(o store.PurchaseOrderDocument) pdf.PurchaseOrder {
	digits := models.MinorDigits(o.Currency)
	form := pdf.PurchaseOrder{
		Company: o.Company, Number: o.Number, Revision: o.Revision, Supplier: []string{o.SupplierName}, Date: *o.SentAt, Note: o.Note,
		Currency: o.Currency, Total: o.Amount.StringFixed(digits),
	}
	if o.SupplierEmail != "" {
		form.Supplier = append(form.Supplier, o.SupplierEmail)
	}
	if o.RequesterName != nil {
		form.Contact = *o.RequesterName
	}
	for _, l := range o.Lines {
		line := pdf.PurchaseOrderLine{
			Line: l.Line, Text: l.Description, Quantity: l.Quantity.String(), Unit: l.Unit, Price: priceText(l.UnitPrice, digits),
			Amount: l.Amount.StringFixed(digits),
		}
		if l.ItemID != nil {
			line.Code = o.Codes[*l.ItemID]
		}
		if l.PromisedOn != nil {
			line.Promised = l.PromisedOn.String()
		}
		form.Lines = append(form.Lines, line)
	}
	return form
}

// priceText shows a price with the currency's digits, or with more where it has more.
func priceText(price decimal.Decimal, digits int32) string {
	return price.StringFixed(max(digits, -price.Exponent()))
}

// keep stores the document of this revision. The step that is noted afterwards names it beside the order.
func (p *Purchasing) keep(ctx context.Context, o store.PurchaseOrderView, document []byte) (*models.Attachment, error) {
	sum := sha256.Sum256(document)
	id := models.DeriveID(o.ID, "document\n"+hex.EncodeToString(sum[:]))
	key := blob.Key{Tenant: o.TenantID, Kind: blob.Attachments, ID: id}
	stored, err := p.Blob.Put(ctx, key, bytes.NewReader(document), blob.Content{
		Size: int64(len(document)), SHA256: hex.EncodeToString(sum[:]), Type: "application/pdf",
	})
	if err != nil {
		return nil, err
	}
	return &models.Attachment{
		ID: id, SubjectType: "purchase_order", SubjectID: o.ID, Filename: documentName(o), ContentType: "application/pdf",
		SizeBytes: int64(len(document)), SHA256: sum[:], ObjectKey: key.String(), VersionID: stored.VersionID,
	}, nil
}

func documentName(o store.PurchaseOrderView) string {
	if o.Revision > 1 {
		return fmt.Sprintf("%s-r%d.pdf", o.Number, o.Revision)
	}
	return o.Number + ".pdf"
}

// letter is the mail that brings the order.
func (p *Purchasing) letter(o store.PurchaseOrderView, document []byte) mail.Message {
	text := fmt.Sprintf("Please deliver what purchase order %s asks for. The order is attached.\n", o.Number)
	if o.Revision > 1 {
		text = fmt.Sprintf("Purchase order %s was changed: revision %d takes the place of the one before. It is attached.\n", o.Number, o.Revision)
	}
	return mail.Message{
		From: p.From, To: o.SupplierEmail, Subject: "Purchase order " + o.Number, Text: text, MessageID: mailID(o, "issue"), Date: sentAt(o),
		Attachments: []mail.Attachment{{Filename: documentName(o), ContentType: "application/pdf", Content: document}},
	}
}

// revocation is the mail that takes the order back.
func (p *Purchasing) revocation(o store.PurchaseOrderView) mail.Message {
	return mail.Message{
		From: p.From, To: o.MailedTo, Subject: "Purchase order " + o.Number + " is cancelled",
		Text:      fmt.Sprintf("Purchase order %s is cancelled. Please deliver nothing on it.\n", o.Number),
		MessageID: mailID(o, "revoke"), Date: sentAt(o),
	}
}

// mailID is one for each time that a revision is sent or taken back.
func mailID(o store.PurchaseOrderView, cause string) string {
	return models.DeriveID(o.ID, fmt.Sprintf("mail\n%s\n%d\n%s", cause, o.Revision, sentAt(o).Format(time.RFC3339Nano))).String() + "@mainstay"
}

func sentAt(o store.PurchaseOrderView) time.Time {
	if o.SentAt == nil {
		return o.UpdatedAt
	}
	return *o.SentAt
}
