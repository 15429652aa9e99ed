package api

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/gin-gonic/gin"

	"mainstay/internal/auth"
	"mainstay/internal/telemetry"
	"mainstay/models"
)

const (
	cspReportPath  = "/v1/csp-reports"
	maxCSPReport   = 32 << 10 // bytes of a body
	cspReportMost  = 10       // told of one body
	cspReportField = 200      // bytes told of a field
)

// The limits of reports, of the installation and of one address: anybody may send them, and a broken page sends many.
var (
	cspReportLimit        = auth.Limit{Burst: 200, Every: 200 * time.Millisecond}
	cspReportAddressLimit = auth.Limit{Burst: 20, Every: 5 * time.Second}
)

// cspReport is what is told of one violation of the frontend's policy.
type cspReport struct {
	Directive string
	Blocked   string
	Document  string
	Source    string
	Line      int
}

// cspReportRoutes is for browsers and therefore not in the OpenAPI document: they send two forms of their own.
func (s *Server) cspReportRoutes() {
	s.streams[http.MethodPost+" "+cspReportPath] = true // it has a bound of its own
	s.engine.POST(cspReportPath, s.receiveCSPReport)
}

// receiveCSPReport counts and logs violations; nothing is stored.
func (s *Server) receiveCSPReport(c *gin.Context) {
	ctx := c.Request.Context()
	refuse := func(e *models.Error) { writeProblem(c, problemOf(e, telemetry.RequestID(ctx))) }
	if wait := s.reports.Take("csp", c.ClientIP()); wait > 0 {
		refuse(&models.Error{Code: models.CodeRateLimited, Detail: "Too many reports: send the next ones later.", RetryAfter: wait})
		return
	}
	control := http.NewResponseController(c.Writer)
	_ = control.SetReadDeadline(time.Now().Add(bodyTimeout)) // as in readBody
	body, err := io.ReadAll(io.LimitReader(c.Request.Body, maxCSPReport+1))
	_ = control.SetReadDeadline(time.Time{})
	if len(body) > maxCSPReport {
		refuse(&models.Error{Code: models.CodeTooLarge, Detail: "The report is larger than 32 KiB."})
		return
	}
	reports := readCSPReports(body)
	if err != nil || len(reports) == 0 {
		refuse(&models.Error{Code: models.CodeInvalid, Detail: "This is no report of a violated content security policy."})
		return
	}
	s.telemetry.CSPReports.Add(float64(len(reports)))
	for _, r := range reports[:min(len(reports), cspReportMost)] {
		s.telemetry.Logger.WarnContext(ctx, "content security policy violated", "directive", r.Directive, "blocked", r.Blocked,
			"document", r.Document, "file", r.Source, "line", r.Line)
	}
	c.Status(http.StatusNoContent)
}

// readCSPReports reads the form of report-uri (application/csp-report, one report) and that of report-to
// (application/reports+json, a list); none where it is neither.
func readCSPReports(body []byte) []cspReport {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		var one struct {
			Report struct {
				Directive string `json:"effective-directive"`
				Violated  string `json:"violated-directive"`
				Blocked   string `json:"blocked-uri"`
				Document  string `json:"document-uri"`
				Source    string `json:"source-file"`
				Line      int    `json:"line-number"`
			} `json:"csp-report"`
		}
		if json.Unmarshal(body, &one) != nil || one.Report.Directive == "" && one.Report.Violated == "" {
			return nil
		}
		r := one.Report
		if r.Directive == "" {
			r.Directive = r.Violated
		}
		return []cspReport{newCSPReport(r.Directive, r.Blocked, r.Document, r.Source, r.Line)}
	}
	var list []struct {
		Type string `json:"type"`
		Body struct {
			Directive string `json:"effectiveDirective"`
			Blocked   string `json:"blockedURL"`
			Document  string `json:"documentURL"`
			Source    string `json:"sourceFile"`
			Line      int    `json:"lineNumber"`
		} `json:"body"`
	}
	if json.Unmarshal(body, &list) != nil {
		return nil
	}
	var reports []cspReport
	for _, r := range list {
		if r.Type == "csp-violation" {
			reports = append(reports, newCSPReport(r.Body.Directive, r.Body.Blocked, r.Body.Document, r.Body.Source, r.Body.Line))
		}
	}
	return reports
}

func newCSPReport(directive, blocked, document, source string, line int) cspReport {
	return cspReport{Directive: cut(directive), Blocked: withoutQuery(blocked), Document: withoutQuery(document), Source: withoutQuery(source), Line: line}
}

// withoutQuery leaves out what a person may have searched for.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.RawQuery, u.Fragment, u.User = "", "", nil
	return cut(u.String())
}

func cut(text string) string { return text[:min(len(text), cspReportField)] }
