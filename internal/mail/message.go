package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"mainstay/models"
)

// Message is one mail to one person.
type Message struct {
	From    string // one RFC 5322 address, with a name if there is one
	To      string // one RFC 5322 address, with a name if there is one
	Subject string
	Text    string
	HTML    string // may be empty

	// MessageID is `local@domain` without angle brackets. Derived from the cause, it lets the receiver see that a mail
	// sent twice is one mail.
	MessageID string
	// Date is when the cause arose; the zero time means now.
	Date time.Time
	// Headers are further ones, like In-Reply-To; none that this package sets itself.
	Headers map[string]string
	// Attachments are files that go with it.
	Attachments []Attachment
}

// Attachment is a file of a mail.
type Attachment struct {
	Filename    string
	ContentType string
	Content     []byte
}

var (
	messageID  = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]+@[A-Za-z0-9.-]+$`)
	headerName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)
)

// taken are the headers a message may not set, beside Content-*, List-* excepted.
var taken = map[string]bool{
	"from": true, "to": true, "cc": true, "bcc": true, "sender": true, "reply-to": true, "return-path": true, "received": true,
	"subject": true, "date": true, "message-id": true, "mime-version": true, "auto-submitted": true, "dkim-signature": true,
}

// validate names every field that would break the mail apart, which is how headers are smuggled in.
func (m Message) validate() error {
	var faults []models.FieldError
	fault := func(pointer, detail string) {
		faults = append(faults, models.FieldError{Pointer: pointer, Code: "format", Detail: detail})
	}
	for pointer, address := range map[string]string{"/from": m.From, "/to": m.To} {
		if _, err := netmail.ParseAddress(address); err != nil || !printable(address) {
			fault(pointer, "This is not one mail address.")
		}
	}
	if m.Subject == "" || !printable(m.Subject) {
		fault("/subject", "A subject is one line of text.")
	}
	if m.Text == "" || !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML) {
		fault("/text", "A mail has a text in UTF-8.")
	}
	if !messageID.MatchString(m.MessageID) {
		fault("/message_id", "A message id is like local@domain.")
	}
	for _, a := range m.Attachments {
		if a.Filename == "" || !printable(a.Filename) || !printable(a.ContentType) {
			fault("/attachments", "A file has a name of one line.")
		}
	}
	for name, value := range m.Headers {
		low := strings.ToLower(name)
		if !headerName.MatchString(name) || taken[low] || strings.HasPrefix(low, "content-") || !printable(value) {
			fault("/headers", "A header has a name that is free and a value of one line.")
		}
	}
	if len(faults) > 0 {
		return models.Invalid(faults...)
	}
	return nil
}

// printable says whether text is UTF-8 of one line without control characters.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// compose makes the mail. It says that a program sent it, so that no holiday answer comes back (RFC 3834).
func (m Message) compose() (*gomail.Msg, error) {
	if err := m.validate(); err != nil {
		return nil, err
	}
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := msg.From(m.From); err != nil {
		return nil, models.InvalidField("/from", "format", "This is not one mail address.")
	}
	if err := msg.To(m.To); err != nil {
		return nil, models.InvalidField("/to", "format", "This is not one mail address.")
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(m.MessageID)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Date.IsZero() {
		msg.SetDate()
	} else {
		msg.SetDateWithValue(m.Date.UTC())
	}
	for name, value := range m.Headers {
		msg.SetGenHeader(gomail.Header(name), value)
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	for _, a := range m.Attachments {
		if err := msg.AttachReader(a.Filename, bytes.NewReader(a.Content), gomail.WithFileContentType(gomail.ContentType(a.ContentType))); err != nil {
			return nil, fmt.Errorf("mail: attach a file: %w", err)
		}
	}
	return msg, nil
}
