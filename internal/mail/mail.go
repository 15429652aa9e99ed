// Package mail hands messages to an SMTP server.
package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	gomail "github.com/wneessen/go-mail"

	"mainstay/models"
)

// timeout bounds every step of a conversation with the server.
const timeout = 15 * time.Second

// Sender sends mail through one server, a connection a message.
type Sender struct{ server server }

// Open reads the SMTP URL `smtp://user:password@host:port?tls=starttls|none` or `smtps://user:password@host:port`; it
// does not connect.
func Open(smtpURL string) (*Sender, error) {
	s, err := parseServer(smtpURL)
	if err != nil {
		return nil, err
	}
	return &Sender{server: s}, nil
}

// Send hands m to the server, which then answers for it. The error's code tells what to do:
// [models.CodeInvalid] is permanent, because the message is malformed or the server refused it or its recipient (5xx);
// [models.CodeUnavailable] is passing, because the server is away, asks to wait (4xx) or refuses us rather than the
// message (sign-in, TLS). A crash after the server's answer may send the same MessageID twice, never two of them.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg, err := m.compose()
	if err != nil {
		return err
	}
	client, err := s.client(ctx)
	if err != nil {
		return err
	}
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return passing(err)
	}
	// Once the message is accepted nothing that goes wrong while saying goodbye matters.
	defer func() { _ = client.CloseWithSMTPClient(conversation) }()
	if err := client.SendWithSMTPClient(conversation, msg); err != nil && !msg.IsDelivered() {
		return refusal(err)
	}
	return nil
}

// Ping says whether the server answers, for the operator's check; it does not sign in.
func (s *Sender) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.server.address())
	if err != nil {
		return passing(err)
	}
	return connection.Close()
}

func (s *Sender) client(ctx context.Context) (*gomail.Client, error) {
	wait := timeout
	if deadline, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(deadline))
	}
	if wait <= 0 {
		return nil, passing(context.DeadlineExceeded)
	}
	client, err := gomail.NewClient(s.server.host, append(s.server.options(), gomail.WithTimeout(wait))...)
	if err != nil {
		return nil, fmt.Errorf("mail: set the client up: %w", err)
	}
	return client, nil
}

// refusal tells the server's no to this message from everything that may be different next time. 500 to 504 and 530 to 538
// are about the conversation and the sign-in, which an operator can put right.
func refusal(err error) error {
	failed, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return passing(err)
	}
	switch code := failed.ErrorCode(); {
	case code < 510, code >= 530 && code < 540:
		return passing(err)
	default:
		refused := &models.Error{Code: models.CodeInvalid, Detail: fmt.Sprintf("The mail server refused the message (%d).", code)}
		return fmt.Errorf("mail: send: %w: %w", refused, err)
	}
}

func passing(err error) error {
	away := &models.Error{Code: models.CodeUnavailable, Detail: "The mail server does not take mail now."}
	return fmt.Errorf("mail: send: %w: %w", away, err)
}
