package activities

import (
	"context"
	"fmt"

	"mainstay/internal/mail"
	"mainstay/models"
	"mainstay/models/store"
)

// Delivery hands messages to the outside: mail.
type Delivery struct {
	Store *store.Store
	Mail  *mail.Sender
	From  string // sender's address
	// PublicURL leads people back to the application; without a slash at its end.
	PublicURL string
}

// LoadNotification reads whether a mail has still to be sent.
func (d *Delivery) LoadNotification(ctx context.Context, in ProcessInput) (ProcessState, error) {
	n, err := d.Store.LoadNotification(in.context(ctx), in.ID)
	if err != nil || n == nil {
		return ProcessState{}, failed(err)
	}
	return ProcessState{Exists: true, Over: n.Notification.NextActionAt == nil}, nil
}

// MailNotification sends the notification's mail and notes that it is sent. A crash after the server took it may send it once
// more under the same Message-ID. What the server refuses for good is kept in the row, and the process is over.
func (d *Delivery) MailNotification(ctx context.Context, in ProcessInput) error {
	ctx = in.context(ctx)
	n, err := d.Store.LoadNotification(ctx, in.ID)
	if err != nil || n == nil || n.Notification.NextActionAt == nil {
		return failed(err)
	}
	message := d.message(*n)
	if n.SubjectType == "approval_case" {
		asked, err := d.approvalMessage(ctx, *n)
		switch {
		case err != nil:
			return failed(err)
		case asked == nil:
			return failed(d.Store.NotificationMailed(ctx, in.ID, "The question was answered before the mail went out."))
		}
		message = *asked
	}
	err = d.Mail.Send(ctx, message)
	refusal := ""
	if models.ErrorCode(err) == models.CodeInvalid {
		refusal, err = err.Error(), nil
	}
	if err != nil {
		return failed(err)
	}
	return failed(d.Store.NotificationMailed(ctx, in.ID, refusal))
}

func (d *Delivery) message(n store.NotificationView) mail.Message {
	link := fmt.Sprintf("%s/%s/%s", d.PublicURL, pathOf(n.SubjectType), n.SubjectID)
	return mail.Message{
		From: d.From, To: n.Email, Subject: n.Heading(n.Locale), Text: n.Text(n.Locale) + "\n\n" + link + "\n",
		MessageID: n.ID.String() + "@mainstay", Date: n.CreatedAt,
	}
}

func pathOf(subjectType string) string {
	switch subjectType {
	case "work_order":
		return "work-orders"
	case "work_request":
		return "work-requests"
	case "purchase_order":
		return "purchase-orders"
	case "approval_case":
		return "approvals"
	case "asset_disposal":
		return "asset-disposals"
	case "asset_transfer":
		return "asset-transfers"
	case "requisition":
		return "requisitions"
	}
	return subjectType
}
