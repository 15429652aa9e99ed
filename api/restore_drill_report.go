package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"mainstay/internal/pdf"
	"mainstay/models"
)

// restoreDrillEvidence is a drill's report: what was found, and what was stored that it looked at.
type restoreDrillEvidence struct {
	Drill  RestoreDrill `json:"drill"`
	Backup *Backup      `json:"backup"` // null where there was none to restore
}

type restoreDrillReportInput struct {
	ID     uuid.UUID `path:"id"`
	Format string    `query:"format" default:"json" enum:"json,pdf"`
}

func (s *Server) restoreDrillReportRoute() {
	register(s, operation{
		method: http.MethodGet, path: s.restoreDrills().path() + "/{id}/report", id: "get-restore-drill-report", tag: operationsTag,
		summary: "The evidence of a completed drill, as a file", permission: models.PermissionBackupsRead,
	}, s.restoreDrillReport)
}

func (s *Server) restoreDrillReport(ctx context.Context, in *restoreDrillReportInput) (*huma.StreamResponse, error) {
	d, err := s.store.RestoreDrill(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !d.Over() {
		return nil, models.Conflict("The drill is not over yet: there is no evidence to report.")
	}
	report := restoreDrillEvidence{Drill: restoreDrillBody(d, nil)}
	if d.BackupRunID != nil {
		b, err := s.store.BackupRun(ctx, *d.BackupRunID)
		if err != nil {
			return nil, err
		}
		body := backupBody(b, nil)
		report.Backup = &body
	}
	content, contentType, err := report.file(ctx, s, in.Format)
	if err != nil {
		return nil, err
	}
	return s.sendDocument(ctx, fmt.Sprintf("restore-drill-%s.%s", in.ID, in.Format), contentType, content), nil
}

func (r restoreDrillEvidence) file(ctx context.Context, s *Server, format string) (content []byte, contentType string, err error) {
	if format == "pdf" {
		tenant, err := s.store.Tenant(ctx)
		if err != nil {
			return nil, "", err
		}
		content, err = r.document(tenant.Name).Bytes()
		return content, "application/pdf", err
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(r)
	return out.Bytes(), "application/json", err
}

// document is the report in print. Figures stand as they were measured, in seconds and bytes.
func (r restoreDrillEvidence) document(company string) pdf.RestoreDrill {
	d := r.Drill
	doc := pdf.RestoreDrill{Company: company, ID: d.ID.String(), Verdict: *d.Verdict, Date: *d.FinishedAt}
	if d.Fault != nil {
		doc.Verdict = "with a fault made on purpose: " + foundWords(d.FaultFound)
	}
	fact := func(name, format string, args ...any) {
		doc.Facts = append(doc.Facts, pdf.Fact{Name: name, Value: fmt.Sprintf(format, args...)})
	}
	fact("Drill", "%s", d.ID)
	if d.StartedAt != nil {
		fact("Began", "%s", d.StartedAt.UTC().Format(time.RFC3339))
	}
	fact("Ended", "%s", d.FinishedAt.UTC().Format(time.RFC3339))
	if f := d.Evidence.Fault; d.Fault != nil && f != nil {
		fact("Fault", "%s, %s", *d.Fault, foundWords(d.FaultFound))
		fact("Spoilt on purpose", "%s", cmp.Or(f.Spoilt, "nothing: it did not come to it"))
		fact("Has to go red", "%s", cmp.Or(f.Expected, "-"))
		fact("Went red first", "%s", cmp.Or(f.Red, "no check"))
	}
	if d.RPOSeconds != nil {
		fact("RPO", "%.1f s: what a disaster at its beginning would have lost", *d.RPOSeconds)
	}
	if d.RTOSeconds != nil {
		fact("RTO", "%.1f s: fetch %.1f, restore %.1f, validate %.1f", *d.RTOSeconds,
			d.Evidence.FetchSeconds, d.Evidence.RestoreSeconds, d.Evidence.ValidateSeconds)
	}
	if b := r.Backup; b != nil {
		fact("Backup", "%s, %s", b.ID, b.Kind)
		if b.SnapshotAt != nil {
			fact("Rows of", "%s", b.SnapshotAt.UTC().Format(time.RFC3339))
		}
		fact("Stored", "%d bytes, %s", b.SizeBytes, b.Evidence.Object)
		fact("SHA-256", "%s", b.Evidence.SHA256)
		fact("Manifest", "%s", b.Evidence.ManifestSHA256)
	}
	for _, c := range d.Checks {
		doc.Checks = append(doc.Checks, pdf.Check{Verdict: string(c.Verdict), Name: c.Name, Detail: c.Detail})
	}
	return doc
}

func foundWords(found *bool) string {
	switch {
	case found == nil:
		return "not known whether it is found"
	case *found:
		return "found"
	}
	return "NOT found"
}
