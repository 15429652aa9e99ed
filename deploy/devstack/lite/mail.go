package main

import (
	"context"

	"mainstay/deploy/devstack/mail"
)

// mailCommand runs the mail catcher, which keeps the newest messages in memory.
type mailCommand struct {
	SMTPAddr string `name:"smtp-addr" default:"127.0.0.1:1025" help:"Address of the SMTP server."`
	UIAddr   string `name:"ui-addr" default:"127.0.0.1:8025" help:"Address of the page and the JSON list."`
}

func (c *mailCommand) Run(ctx context.Context) error { return mail.Serve(ctx, c.SMTPAddr, c.UIAddr) }
