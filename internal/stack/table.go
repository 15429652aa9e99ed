package stack

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"mainstay/internal/config"
	"mainstay/internal/lan"
)

// devServerURL is where Vite serves the web frontend during development.
const devServerURL = "http://localhost:5173"

// printTable says where everything is and how to sign in.
func (s *supervisor) printTable() error {
	var text strings.Builder
	fmt.Fprintf(&text, "\nMainstay is ready after %.1f s.\n\n", time.Since(s.began).Seconds())
	rows := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	for _, row := range s.tableRows() {
		fmt.Fprintf(rows, "  %s\t%s\t%s\n", row[0], row[1], row[2])
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	if err := s.writeLAN(&text); err != nil {
		return err
	}
	text.WriteString("\nCtrl-C stops all of it and keeps the data.\n\n")
	return s.console.printPlain(text.String())
}

// writeLAN says how a phone comes in, where the local network is served.
func (s *supervisor) writeLAN(text *strings.Builder) error {
	if s.config.LANAddr == "" {
		return nil
	}
	authority, err := lan.Open(s.layout.lan(), time.Now())
	if err != nil {
		return err
	}
	address := "https://" + s.config.LANAddr
	code, err := lan.QRCode(address)
	if err != nil {
		return err
	}
	fmt.Fprintf(text, "\nOn the local network: %s\n\n%s\n", address, code)
	fmt.Fprintf(text, "Each device trusts it once the certificate %s\nis installed there as an authority: send the file, or open %s/lan-ca.crt\n", authority.File(), address)
	fmt.Fprintf(text, "and compare its SHA-256:\n  %s\n", authority.Fingerprint())
	return nil
}

func (s *supervisor) tableRows() [][3]string {
	c := s.config
	name, address := "Mainstay", localURL(c.HTTPAddr)
	if s.options.Web {
		name = "Web frontend"
	}
	rows := [][3]string{{name, address, "sign in as " + c.AdminEmail + " with " + s.secrets.admin}}
	if s.options.Beside["web"] != "" {
		rows = append(rows, [3]string{"Web frontend", devServerURL, "hot reload"})
	}
	rows = append(rows, [3]string{"API reference", address + "/docs", ""}, [3]string{"Metrics", localURL(c.OpsAddr) + "/metrics", ""})
	rows = appendUnless(rows, c.TemporalAddress, "Temporal Web UI", localURL(c.TemporalUIAddr), "server on "+c.TemporalAddr)
	rows = appendUnless(rows, c.SMTPURL, "Caught mail", localURL(c.MailUIAddr), "SMTP on "+c.SMTPAddr)
	rows = appendUnless(rows, config.Secret(c.S3Endpoint), "S3 storage", localURL(c.S3Addr), "key "+superuser+", secret in "+s.layout.secret("s3"))
	rows = appendUnless(rows, c.DatabaseURL, "PostgreSQL", fmt.Sprintf("postgres://%s@localhost:%d/%s", superuser, c.PostgresPort, database),
		"password in "+s.layout.secret("postgres"))
	if s.settings["MAINSTAY_PGBACKREST_CONFIG"] != "" {
		where := c.Repository
		if where == "" {
			where = s.layout.repository()
		}
		rows = append(rows, [3]string{"Backups and WAL", where, "keep a copy of " + filepath.Join(s.layout.dir, "secrets")})
	}
	return append(rows, [3]string{"Data and logs", s.layout.dir, ""})
}

// appendUnless adds the row of a part that the stack runs itself, which is one without an address from outside.
func appendUnless[T ~string](rows [][3]string, outside T, row ...string) [][3]string {
	if outside != "" {
		return rows
	}
	return append(rows, [3]string(row))
}

func localURL(addr string) string {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "http://" + addr
	}
	return "http://localhost:" + port
}
