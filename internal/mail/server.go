package mail

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"

	gomail "github.com/wneessen/go-mail"
)

// server is what an SMTP URL says.
type server struct {
	host     string
	port     int
	user     string
	password string
	implicit bool // TLS from the first byte
	policy   gomail.TLSPolicy
}

var errURL = errors.New("mail: the SMTP URL is not like smtp://user:password@host:587?tls=starttls")

// parseServer reads `smtp://` and `smtps://` URLs and never repeats one in an error, for it holds a password. Without
// `tls=`, a server that is given a password must offer STARTTLS; one on this machine, or without a password, may.
func parseServer(text string) (server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return server{}, errURL
	}
	s := server{host: u.Hostname(), user: u.User.Username()}
	s.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtps":
		s.implicit = true
	case "smtp":
		if s.policy, err = policy(u.Query().Get("tls"), s.user != "" && !loopback(s.host)); err != nil {
			return server{}, err
		}
	default:
		return server{}, errURL
	}
	if s.port, err = port(u, s); err != nil {
		return server{}, err
	}
	return s, nil
}

func policy(name string, secret bool) (gomail.TLSPolicy, error) {
	switch {
	case name == "starttls", name == "" && secret:
		return gomail.TLSMandatory, nil
	case name == "":
		return gomail.TLSOpportunistic, nil
	case name == "none":
		return gomail.NoTLS, nil
	default:
		return 0, fmt.Errorf("mail: tls=%s in the SMTP URL is neither starttls nor none", name)
	}
}

// port is the URL's, else the one of submission (RFC 8314) where there is a password, else that of plain SMTP.
func port(u *url.URL, s server) (int, error) {
	switch {
	case u.Port() != "":
		n, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || n == 0 {
			return 0, errURL
		}
		return int(n), nil
	case s.implicit:
		return 465, nil
	case s.user != "":
		return 587, nil
	default:
		return 25, nil
	}
}

func (s server) address() string { return net.JoinHostPort(s.host, strconv.Itoa(s.port)) }

func (s server) options() []gomail.Option {
	options := []gomail.Option{gomail.WithPort(s.port), gomail.WithoutRset()}
	if s.implicit {
		options = append(options, gomail.WithSSL())
	} else {
		options = append(options, gomail.WithTLSPolicy(s.policy))
	}
	if s.user == "" {
		return options
	}
	auth := gomail.SMTPAuthAutoDiscover
	if s.policy == gomail.NoTLS && !s.implicit || loopback(s.host) {
		auth = gomail.SMTPAuthPlainNoEnc
	}
	return append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(s.user), gomail.WithPassword(s.password))
}

func loopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}
