package mail

import (
	"testing"

	"github.com/stretchr/testify/require"
	gomail "github.com/wneessen/go-mail"
)

func TestParseServer(t *testing.T) {
	for text, want := range map[string]server{
		"smtp://mail:1025":                     {host: "mail", port: 1025, policy: gomail.TLSOpportunistic},
		"smtp://mail/":                         {host: "mail", port: 25, policy: gomail.TLSOpportunistic},
		"smtp://[::1]:1025?tls=none":           {host: "::1", port: 1025, policy: gomail.NoTLS},
		"smtp://u:p%40@mail.example.com":       {host: "mail.example.com", port: 587, user: "u", password: "p@", policy: gomail.TLSMandatory},
		"smtp://u:p@mail:26?tls=none":          {host: "mail", port: 26, user: "u", password: "p", policy: gomail.NoTLS},
		"smtp://mail?tls=starttls":             {host: "mail", port: 25, policy: gomail.TLSMandatory},
		"smtp://u:p@127.0.0.1:1025":            {host: "127.0.0.1", port: 1025, user: "u", password: "p", policy: gomail.TLSOpportunistic},
		"smtps://u:p@mail.example.com":         {host: "mail.example.com", port: 465, user: "u", password: "p", implicit: true},
		"smtps://mail.example.com:4465?tls=no": {host: "mail.example.com", port: 4465, implicit: true},
	} {
		have, err := parseServer(text)
		require.NoError(t, err, text)
		require.Equal(t, want, have, text)
	}
}

func TestParseServerRefusesOtherURLs(t *testing.T) {
	for _, text := range []string{
		"", "mail:25", "http://u:hunter2@mail", "smtp://", "smtp://u:hunter2@mail:0", "smtp://u:hunter2@mail:65536",
		"smtp://u:hunter2@mail/path", "smtp://u:hunter2@mail?tls=maybe", "smtp://u:hunter2@[mail", "smtp://u:hunter2@mail:smtp",
	} {
		_, err := Open(text)
		require.Error(t, err, text)
		require.NotContains(t, err.Error(), "hunter2")
	}
}
