package mail

import (
	"io"
	"time"

	"github.com/emersion/go-smtp"
)

// maxMessageBytes bounds one message, as mail servers do.
const maxMessageBytes = 25 << 20

// newSMTPServer returns a server that accepts mail from anybody for anybody into the box.
func newSMTPServer(b *box) *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: b}, nil }))
	s.Domain = "localhost"
	s.MaxMessageBytes = maxMessageBytes
	s.MaxRecipients = 100
	s.EnableSMTPUTF8 = true
	s.ReadTimeout = time.Minute
	s.WriteTimeout = time.Minute
	return s
}

// session is one SMTP connection; it may carry several messages.
type session struct {
	box        *box
	from       string
	recipients []string
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.recipients = append(s.recipients, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.box.catch(s.from, s.recipients, raw); err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "not a mail message: " + err.Error()}
	}
	return nil
}

func (s *session) Reset() { s.from, s.recipients = "", nil }

func (s *session) Logout() error { return nil }
