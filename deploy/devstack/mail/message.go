package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// snippetLength is how much of the text the list shows.
const snippetLength = 250

// Address is one mailbox of a header.
type Address struct {
	Name    string
	Address string
}

// Attachment is one part that is neither the text nor the HTML of its message.
type Attachment struct {
	PartID      string
	FileName    string
	ContentType string
	ContentID   string
	Size        int
}

// Message is a caught message in the shape of Mailpit's `GET /api/v1/message/{ID}`. Bcc holds the recipients of the
// envelope that no header names.
type Message struct {
	ID          string
	MessageID   string
	From        Address
	To          []Address
	Cc          []Address
	Bcc         []Address
	ReplyTo     []Address
	ReturnPath  string
	Subject     string
	Date        time.Time
	Tags        []string
	Text        string
	HTML        string
	Size        int
	Inline      []Attachment
	Attachments []Attachment

	created time.Time
	header  mail.Header
	raw     []byte
}

// Summary is a message in the shape of an item of Mailpit's `GET /api/v1/messages`.
type Summary struct {
	ID          string
	MessageID   string
	Read        bool
	From        Address
	To          []Address
	Cc          []Address
	Bcc         []Address
	ReplyTo     []Address
	Subject     string
	Created     time.Time
	Tags        []string
	Size        int
	Attachments int
	Snippet     string
}

func (m *Message) summary() Summary {
	return Summary{
		ID: m.ID, MessageID: m.MessageID, From: m.From, To: m.To, Cc: m.Cc, Bcc: m.Bcc, ReplyTo: m.ReplyTo,
		Subject: m.Subject, Created: m.created, Tags: m.Tags, Size: m.Size, Attachments: len(m.Attachments), Snippet: snippet(m.Text),
	}
}

func snippet(text string) string {
	words := []rune(strings.Join(strings.Fields(text), " "))
	if len(words) > snippetLength {
		return string(words[:snippetLength]) + "..."
	}
	return string(words)
}

// parse reads a message as it came in. A message whose headers cannot be read is an error; parts that cannot be read
// are left out, since a catcher shows what there is.
func parse(id, from string, recipients []string, raw []byte, now time.Time) (*Message, error) {
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	h := parsed.Header
	m := &Message{
		ID: id, MessageID: strings.Trim(h.Get("Message-ID"), "<>"), ReturnPath: from, Subject: decodeWords(h.Get("Subject")),
		To: addresses(h, "To"), Cc: addresses(h, "Cc"), ReplyTo: addresses(h, "Reply-To"),
		Tags: []string{}, Inline: []Attachment{}, Attachments: []Attachment{}, Size: len(raw),
		created: now, header: h, raw: raw,
	}
	if senders := addresses(h, "From"); len(senders) > 0 {
		m.From = senders[0]
	}
	m.Bcc = m.unnamed(recipients)
	if m.Date, err = h.Date(); err != nil {
		m.Date = now
	}
	m.addPart(textproto.MIMEHeader(h), parsed.Body, "1")
	return m, nil
}

// addPart files one part, or the parts inside it, under text, HTML, inline or attachment.
func (m *Message) addPart(h textproto.MIMEHeader, body io.Reader, partID string) {
	contentType, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		contentType = "text/plain"
	}
	if strings.HasPrefix(contentType, "multipart/") {
		m.addParts(multipart.NewReader(body, params["boundary"]), partID)
		return
	}
	content, err := io.ReadAll(decoded(h.Get("Content-Transfer-Encoding"), body))
	if err != nil {
		return
	}
	disposition, dispositionParams, _ := mime.ParseMediaType(h.Get("Content-Disposition")) //nolint:errcheck // none and a broken one are alike
	switch {
	case disposition != "attachment" && contentType == "text/plain" && m.Text == "":
		m.Text = string(content)
	case disposition != "attachment" && contentType == "text/html" && m.HTML == "":
		m.HTML = string(content)
	default:
		m.attach(disposition, Attachment{
			PartID: partID, FileName: decodeWords(dispositionParams["filename"]), ContentType: contentType,
			ContentID: strings.Trim(h.Get("Content-ID"), "<>"), Size: len(content),
		})
	}
}

func (m *Message) addParts(parts *multipart.Reader, partID string) {
	for n := 1; ; n++ {
		part, err := parts.NextRawPart()
		if err != nil {
			return
		}
		m.addPart(part.Header, part, partID+"."+strconv.Itoa(n))
	}
}

func (m *Message) attach(disposition string, a Attachment) {
	if disposition == "inline" || a.ContentID != "" {
		m.Inline = append(m.Inline, a)
		return
	}
	m.Attachments = append(m.Attachments, a)
}

// unnamed returns the recipients that stand in no To or Cc header.
func (m *Message) unnamed(recipients []string) []Address {
	named := map[string]bool{}
	for _, a := range append(append([]Address{}, m.To...), m.Cc...) {
		named[strings.ToLower(a.Address)] = true
	}
	hidden := []Address{}
	for _, r := range recipients {
		if !named[strings.ToLower(r)] {
			hidden = append(hidden, Address{Address: r})
		}
	}
	return hidden
}

func decoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	default:
		return body
	}
}

func addresses(h mail.Header, key string) []Address {
	list := []Address{}
	parsed, err := h.AddressList(key)
	if errors.Is(err, mail.ErrHeaderNotPresent) {
		return list
	}
	if err != nil {
		return append(list, Address{Address: h.Get(key)})
	}
	for _, a := range parsed {
		list = append(list, Address{Name: a.Name, Address: a.Address})
	}
	return list
}

func decodeWords(text string) string {
	if plain, err := new(mime.WordDecoder).DecodeHeader(text); err == nil {
		return plain
	}
	return text
}
