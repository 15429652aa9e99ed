package activities

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"mainstay/internal/mail"
	"mainstay/models"
	"mainstay/models/store"
)

//go:embed approval_mail.html
var approvalMailText string

var approvalMail = template.Must(template.New("approval mail").Parse(approvalMailText))

const (
	approvalTokenBytes = 32 // 256 bits: nobody guesses one
	approvalLines      = 20 // shown in a mail
)

// approvalMailView is what the mail says, in the reader's language.
type approvalMailView struct {
	Words    models.ApprovalWords
	Head     string
	AnswerBy string
	Facts    []models.ApprovalFact
	Changes  []models.ApprovalChange
	Lines    []approvalMailLine
	Link     string
	LinkSays string
	Approve  string
	Reject   string
}

type approvalMailLine struct{ Text, Total string }

// approvalMessage makes the mail that asks for a decision, with a link of its own: the token is in the mail and nowhere else. Nil
// where the question does not wait for the reader any more.
func (d *Delivery) approvalMessage(ctx context.Context, n store.NotificationView) (*mail.Message, error) {
	token, nonceKey := make([]byte, approvalTokenBytes), make([]byte, approvalTokenBytes)
	_, _ = rand.Read(token) // never fails
	_, _ = rand.Read(nonceKey)
	text := base64.RawURLEncoding.EncodeToString(token)
	hash := sha256.Sum256([]byte(text))
	link, err := d.Store.CreateApprovalLink(ctx, n.SubjectID, n.UserID, hash[:], nonceKey)
	if err != nil || link == nil {
		return nil, err
	}
	view, err := approvalView(link, d.PublicURL+"/approve/"+text)
	if err != nil {
		return nil, err
	}
	var html bytes.Buffer
	if err := approvalMail.Execute(&html, view); err != nil {
		return nil, fmt.Errorf("activities: approval mail: %w", err)
	}
	c := link.Content
	subject := fmt.Sprintf(view.Words.Subject, view.Words.Money(c.Amount), c.Number, c.Title)
	if n.Kind == models.NotifyApprovalReminder {
		subject = view.Words.Reminder + subject
	}
	return &mail.Message{
		From: d.From, To: n.Email, Subject: oneLine(subject), Text: view.text(), HTML: html.String(),
		MessageID: n.ID.String() + "@mainstay", Date: n.CreatedAt,
	}, nil
}

// oneLine keeps what people wrote from breaking a header.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
}

func approvalView(link *store.ApprovalLink, address string) (approvalMailView, error) {
	zone, err := models.Zone(link.TimeZone)
	if err != nil {
		return approvalMailView{}, fmt.Errorf("activities: zone of an approver: %w", err)
	}
	words := models.WordsOfApproval(link.Locale)
	v := approvalMailView{
		Words: words, Link: address, LinkSays: fmt.Sprintf(words.NotByLink, words.Date(link.LinkExpiresAt, zone)),
		Head:    fmt.Sprintf(words.SystemAsks, words.Money(link.Content.Amount)),
		Approve: words.Approves[link.SubjectType], Reject: words.Rejects[link.SubjectType], Changes: link.Changes(),
		Facts: []models.ApprovalFact{{Label: words.What, Text: link.Content.Number + ", " + link.Content.Title}},
	}
	if link.RequesterName != nil {
		v.Head = fmt.Sprintf(words.AsksYou, *link.RequesterName, words.Money(link.Content.Amount))
	}
	if step := link.Step(); step != nil {
		v.AnswerBy = fmt.Sprintf(words.AnswerBy, words.Date(step.EscalateAt, zone))
	}
	for _, f := range link.Content.Facts {
		v.Facts = append(v.Facts, words.Fact(f))
	}
	for i, l := range link.Content.Lines {
		if i == approvalLines {
			v.Lines = append(v.Lines, approvalMailLine{Text: fmt.Sprintf(words.AllLines, len(link.Content.Lines))})
			break
		}
		text, total := words.Line(l, link.Content.Amount.Currency)
		v.Lines = append(v.Lines, approvalMailLine{Text: text, Total: total})
	}
	for i, c := range v.Changes {
		v.Changes[i] = words.Change(c, link.Content.Amount.Currency)
	}
	return v, nil
}

// text is the same mail for who reads no HTML.
func (v approvalMailView) text() string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\n") }
	line(v.Head)
	line(v.AnswerBy)
	line()
	for _, f := range v.Facts {
		line(f.Label, ": ", f.Text)
	}
	for _, l := range v.Lines {
		line("- ", l.Text, "  ", l.Total)
	}
	if len(v.Changes) > 0 {
		line()
		line(v.Words.ChangedHead, ":")
		for _, c := range v.Changes {
			line("- ", c.Label, ": ", c.Before, " -> ", c.After)
		}
	}
	line()
	line(v.Words.Button, ":")
	line(v.Link)
	line(v.LinkSays)
	line()
	line(v.Words.NextTitle)
	line(v.Words.Approve, ": ", v.Approve)
	line(v.Words.Reject, ": ", v.Reject)
	line(v.Words.Changes, ": ", v.Words.ChangesThen)
	line()
	line(v.Words.YouGetThis)
	return b.String()
}
