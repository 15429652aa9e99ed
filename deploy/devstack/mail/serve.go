// Package mail catches what the application sends: an SMTP server that delivers nothing, and the list of what came in,
// as a page for people and as JSON in Mailpit's shape for programs. Messages live in memory.
package mail

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Serve listens on both addresses until ctx ends.
func Serve(ctx context.Context, smtpAddr, pageAddr string) error {
	smtpListener, err := net.Listen("tcp", smtpAddr)
	if err != nil {
		return err
	}
	defer smtpListener.Close()
	pageListener, err := net.Listen("tcp", pageAddr)
	if err != nil {
		return err
	}
	defer pageListener.Close()

	b := &box{}
	mailServer := newSMTPServer(b)
	pageServer := &http.Server{Handler: newHandler(b), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 2)
	go func() { ended <- mailServer.Serve(smtpListener) }()
	go func() { ended <- pageServer.Serve(pageListener) }()
	select {
	case <-ctx.Done():
		return errors.Join(mailServer.Close(), pageServer.Close())
	case err := <-ended:
		return errors.Join(err, mailServer.Close(), pageServer.Close())
	}
}
