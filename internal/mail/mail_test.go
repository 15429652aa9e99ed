package mail

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

// catcher is an SMTP server that keeps what it is given and refuses what it is told to.
type catcher struct {
	password string // asked for where set
	refuse   map[string]*smtp.SMTPError

	lock   sync.Mutex
	caught []caught
}

type caught struct{ from, to, data string }

func (c *catcher) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{server: c}, nil }

type session struct {
	server *catcher
	mail   caught
	known  bool
}

func (s *session) refused(step string) error {
	if err, ok := s.server.refuse[step]; ok {
		return err
	}
	return nil
}

func (s *session) AuthMechanisms() []string {
	if s.server.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		s.known = user == "mainstay" && password == s.server.password
		if !s.known {
			return &smtp.SMTPError{Code: 535, Message: "authentication failed"}
		}
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail.from = from
	if s.server.password != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	return s.refused("MAIL")
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	return s.refused("RCPT")
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.refused("DATA"); err != nil {
		return err
	}
	s.mail.data = string(data)
	s.server.lock.Lock()
	defer s.server.lock.Unlock()
	s.server.caught = append(s.server.caught, s.mail)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// start serves c on a free port and returns its address.
func (c *catcher) start(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := smtp.NewServer(c)
	server.Domain = "localhost"
	server.AllowInsecureAuth = true
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		// Close does not know a listener that Serve has not yet taken over.
		_ = listener.Close()
		require.NoError(t, <-done)
	})
	return listener.Addr().String()
}

func (c *catcher) open(t *testing.T, prefix string) *Sender {
	t.Helper()
	sender, err := Open("smtp://" + prefix + c.start(t))
	require.NoError(t, err)
	return sender
}

func sample() Message {
	return Message{
		From: `"Mainstay" <mainstay@example.com>`, To: "Jörg Müller <joerg@example.com>", Subject: "Wartung fällig: Förderband 3",
		Text: "Due on 1 June.\n.\nA dot on its own line, and one in front:\n.hidden\n", HTML: "<p>Due on <b>1 June</b> – Förderband</p>",
		MessageID: "0190-due@mainstay.example.com", Date: time.Date(2026, 6, 1, 4, 0, 0, 0, time.UTC),
		Headers: map[string]string{"In-Reply-To": "<0189@mainstay.example.com>", "X-Mainstay-Cause": "Fälligkeit"},
	}
}

func TestSend(t *testing.T) {
	server := &catcher{}
	sender := server.open(t, "")
	require.NoError(t, sender.Ping(t.Context()))
	require.NoError(t, sender.Send(t.Context(), sample()))
	require.NoError(t, sender.Send(t.Context(), sample()))
	require.Len(t, server.caught, 2)
	require.Equal(t, "mainstay@example.com", server.caught[0].from)
	require.Equal(t, "joerg@example.com", server.caught[0].to)

	mail, err := netmail.ReadMessage(strings.NewReader(server.caught[0].data))
	require.NoError(t, err)
	decode := func(name string) string {
		text, err := new(mime.WordDecoder).DecodeHeader(mail.Header.Get(name))
		require.NoError(t, err)
		return text
	}
	require.Equal(t, "Wartung fällig: Förderband 3", decode("Subject"))
	to, err := mail.Header.AddressList("To")
	require.NoError(t, err)
	require.Equal(t, []*netmail.Address{{Name: "Jörg Müller", Address: "joerg@example.com"}}, to)
	require.Equal(t, "<0190-due@mainstay.example.com>", mail.Header.Get("Message-Id"))
	require.Equal(t, "<0189@mainstay.example.com>", mail.Header.Get("In-Reply-To"))
	require.Equal(t, "Fälligkeit", decode("X-Mainstay-Cause"))
	require.Equal(t, "auto-generated", mail.Header.Get("Auto-Submitted"))
	date, err := mail.Header.Date()
	require.NoError(t, err)
	require.True(t, date.Equal(sample().Date))
	require.Empty(t, mail.Header.Get("User-Agent"))

	kind, params, err := mime.ParseMediaType(mail.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", kind)
	parts := multipart.NewReader(mail.Body, params["boundary"])
	for _, want := range []struct{ kind, text string }{{"text/plain", sample().Text}, {"text/html", sample().HTML}} {
		part, err := parts.NextRawPart()
		require.NoError(t, err)
		require.Contains(t, part.Header.Get("Content-Type"), want.kind)
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		require.NoError(t, err)
		require.Equal(t, strings.TrimSpace(want.text), strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
	}
	_, err = parts.NextRawPart()
	require.ErrorIs(t, err, io.EOF)
}

func TestSendTextOnlyWithADateOfItsOwn(t *testing.T) {
	server := &catcher{}
	m := sample()
	m.HTML, m.Headers, m.Date = "", nil, time.Time{}
	require.NoError(t, server.open(t, "").Send(t.Context(), m))
	mail, err := netmail.ReadMessage(strings.NewReader(server.caught[0].data))
	require.NoError(t, err)
	require.Contains(t, mail.Header.Get("Content-Type"), "text/plain")
	_, err = mail.Header.Date()
	require.NoError(t, err)
}

func TestSendLetsNothingOutOfItsField(t *testing.T) {
	server := &catcher{}
	sender := server.open(t, "")
	for name, change := range map[string]func(*Message){
		"subject with a header":   func(m *Message) { m.Subject = "x\r\nBcc: victim@example.com" },
		"subject with a newline":  func(m *Message) { m.Subject = "x\ny" },
		"subject empty":           func(m *Message) { m.Subject = "" },
		"subject no UTF-8":        func(m *Message) { m.Subject = "\xff" },
		"recipient with a header": func(m *Message) { m.To = "a@example.com\r\nBcc: victim@example.com" },
		"recipient's name broken": func(m *Message) { m.To = "\"a\r\nBcc: v@example.com\" <a@example.com>" },
		"two recipients":          func(m *Message) { m.To = "a@example.com, b@example.com" },
		"no recipient":            func(m *Message) { m.To = "" },
		"recipient with commands": func(m *Message) { m.To = "<a@example.com>\r\nRCPT TO:<b@example.com>" },
		"sender with a header":    func(m *Message) { m.From = "a@example.com\nX: y" },
		"no text":                 func(m *Message) { m.Text = "" },
		"text no UTF-8":           func(m *Message) { m.Text = "\xff" },
		"HTML no UTF-8":           func(m *Message) { m.HTML = "\xff" },
		"message id missing":      func(m *Message) { m.MessageID = "" },
		"message id in brackets":  func(m *Message) { m.MessageID = "<a@b>" },
		"message id with a line":  func(m *Message) { m.MessageID = "a@b\r\nX: y" },
		"header with a line":      func(m *Message) { m.Headers = map[string]string{"X-A": "b\r\nBcc: v@example.com"} },
		"header's name broken":    func(m *Message) { m.Headers = map[string]string{"X-A: b\r\nBcc": "v@example.com"} },
		"header that is taken":    func(m *Message) { m.Headers = map[string]string{"BCC": "v@example.com"} },
		"content header":          func(m *Message) { m.Headers = map[string]string{"Content-Type": "text/html"} },
	} {
		t.Run(name, func(t *testing.T) {
			m := sample()
			change(&m)
			err := sender.Send(t.Context(), m)
			require.Equal(t, models.CodeInvalid, models.ErrorCode(err), "%v", err)
		})
	}
	require.Empty(t, server.caught)
}

func TestSendCarriesTextThatLooksLikeCommands(t *testing.T) {
	server := &catcher{}
	m := sample()
	m.Text = "x\r\n.\r\nMAIL FROM:<evil@example.com>\r\n\n.\r\nRCPT TO:<victim@example.com>\r\n\r.\r"
	require.NoError(t, server.open(t, "").Send(t.Context(), m))
	require.Len(t, server.caught, 1)
	require.Contains(t, server.caught[0].data, "RCPT TO:<victim@example.com>")
}

func TestSendTellsPermanentFromPassing(t *testing.T) {
	answer := func(code int) *smtp.SMTPError { return &smtp.SMTPError{Code: code, Message: "no"} }
	for _, c := range []struct {
		step string
		code int
		want models.Code
	}{
		{"MAIL", 421, models.CodeUnavailable},
		{"MAIL", 451, models.CodeUnavailable},
		{"MAIL", 530, models.CodeUnavailable},
		{"MAIL", 503, models.CodeUnavailable},
		{"MAIL", 521, models.CodeInvalid},
		{"MAIL", 553, models.CodeInvalid},
		{"RCPT", 450, models.CodeUnavailable},
		{"RCPT", 550, models.CodeInvalid},
		{"DATA", 452, models.CodeUnavailable},
		{"DATA", 554, models.CodeInvalid},
	} {
		server := &catcher{refuse: map[string]*smtp.SMTPError{c.step: answer(c.code)}}
		err := server.open(t, "").Send(t.Context(), sample())
		require.Equal(t, c.want, models.ErrorCode(err), "%s %d: %v", c.step, c.code, err)
		require.Equal(t, c.want == models.CodeUnavailable, models.ErrorCode(err).Passing())
		require.Empty(t, server.caught)
	}
}

func TestSendToAServerThatIsAwayIsPassing(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	sender, err := Open("smtp://" + address)
	require.NoError(t, err)
	require.Equal(t, models.CodeUnavailable, models.ErrorCode(sender.Send(t.Context(), sample())))
	require.Equal(t, models.CodeUnavailable, models.ErrorCode(sender.Ping(t.Context())))

	late, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	err = sender.Send(late, sample())
	require.Equal(t, models.CodeUnavailable, models.ErrorCode(err))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestSendToAServerThatHangsUpIsPassing(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(connection, "220 hello\r\n")
			_ = connection.Close()
		}
	}()
	t.Cleanup(func() { <-done })
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	sender, err := Open("smtp://" + listener.Addr().String())
	require.NoError(t, err)
	require.Equal(t, models.CodeUnavailable, models.ErrorCode(sender.Send(t.Context(), sample())))
}

func TestSendSignsIn(t *testing.T) {
	server := &catcher{password: "p@ss/word"}
	require.NoError(t, server.open(t, "mainstay:p%40ss%2Fword@").Send(t.Context(), sample()))
	require.Len(t, server.caught, 1)

	for _, user := range []string{"mainstay:wrong@", ""} {
		err := (&catcher{password: "p@ss/word"}).open(t, user).Send(t.Context(), sample())
		require.Equal(t, models.CodeUnavailable, models.ErrorCode(err), "%v", err)
		require.NotContains(t, err.Error(), "p@ss/word")
	}
}

func TestSendInsistsOnTLSWhereItIsAskedFor(t *testing.T) {
	server := &catcher{}
	sender, err := Open("smtp://" + server.start(t) + "?tls=starttls")
	require.NoError(t, err)
	require.Equal(t, models.CodeUnavailable, models.ErrorCode(sender.Send(t.Context(), sample())))
	require.Empty(t, server.caught)
}
