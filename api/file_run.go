package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// FileRun is one check of the stored files against the rows, or one restore of files.
type FileRun struct {
	ID           uuid.UUID            `json:"id"`
	Kind         string               `json:"kind" enum:"check,restore"`
	Status       string               `json:"status" enum:"queued,running,completed,failed"`
	DryRun       bool                 `json:"dry_run"`
	AsOf         *time.Time           `json:"as_of" doc:"of a restore: the moment that files are brought back to"`
	AttachmentID *uuid.UUID           `json:"attachment_id" doc:"of a restore: the one file; null for all"`
	Plan         *models.FilePlan     `json:"plan" doc:"stored before anything is changed: what goes, what is wrong, what comes back; null until then"`
	PlannedAt    *time.Time           `json:"planned_at"`
	Evidence     *models.FileEvidence `json:"evidence" doc:"what was found and done, in numbers"`
	Failure      string               `json:"failure,omitempty"`
	StartedAt    *time.Time           `json:"started_at"`
	FinishedAt   *time.Time           `json:"finished_at"`
	Process      *Process             `json:"process,omitempty"`
	CreatedAt    time.Time            `json:"created_at"`
}

// FileRunBody asks for a check of the files, or for a restore.
type FileRunBody struct {
	Kind         string     `json:"kind" enum:"check,restore" doc:"check: compare rows and storage and remove what no row knows; restore: bring files back as they were at a time"`
	DryRun       bool       `json:"dry_run,omitempty" doc:"plan and change nothing"`
	AsOf         *time.Time `json:"as_of,omitempty" doc:"of a restore, which needs it"`
	AttachmentID *uuid.UUID `json:"attachment_id,omitempty" doc:"of a restore: this file, also when it was deleted since; without it all files in use whose object is missing or damaged"`
}

func (s *Server) fileRuns() installationRun[models.FileRun, FileRun, FileRunBody] {
	return installationRun[models.FileRun, FileRun, FileRunBody]{
		process: models.ProcessFileRun, create: string(models.FileRunCreate), one: "file-run",
		asks: "Check the stored files against the rows, or restore files", lists: "List the runs over the files", follows: "Follow a run over the files",
		admit: func(ctx context.Context, id uuid.UUID, asked FileRunBody) (models.Command, error) {
			return s.store.AdmitFileRun(ctx, id, models.NewFileRun{
				Kind: models.FileRunKind(asked.Kind), DryRun: asked.DryRun, AsOf: asked.AsOf, AttachmentID: asked.AttachmentID,
			})
		},
		summary: func(asked FileRunBody) string { return "Files: " + asked.Kind },
		read:    s.store.FileRun, page: s.store.FileRuns, head: (*models.FileRun).Head, body: fileRunBody,
	}
}

func fileRunBody(r models.FileRun, p *Process) FileRun {
	body := FileRun{
		ID: r.ID, Kind: string(r.Kind), Status: string(r.Status), DryRun: r.DryRun, AsOf: r.AsOf, AttachmentID: r.AttachmentID, PlannedAt: r.PlannedAt,
		Failure: r.Failure, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Process: p, CreatedAt: r.CreatedAt,
	}
	if r.PlannedAt != nil {
		body.Plan, body.Evidence = &models.FilePlan{}, &models.FileEvidence{}
		_ = json.Unmarshal(r.Plan, body.Plan)         // the store wrote it
		_ = json.Unmarshal(r.Evidence, body.Evidence) // the same
	}
	return body
}
