package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/workflows"
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

type fileRunOutput struct {
	Location string `header:"Location"`
	Body     FileRun
}

type fileRunListInput struct {
	PageQuery
	Sort string `query:"sort" default:"-created_at" enum:"created_at,-created_at"`
}

func (s *Server) fileRunRoutes() {
	const tag, path = "Operations", "/v1/file-runs"
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-file-run", tag: tag, status: http.StatusAccepted,
		summary: "Check the stored files against the rows, or restore files", permission: models.PermissionBackupsRun,
	}, s.createFileRun)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-file-runs", tag: tag, summary: "List the runs over the files",
		permission: models.PermissionBackupsRead,
	}, s.listFileRuns)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-file-run", tag: tag, summary: "Follow a run over the files",
		permission: models.PermissionBackupsRead,
	}, func(ctx context.Context, in *recordPath) (*fileRunOutput, error) { return s.readFileRun(ctx, in.ID) })
}

func (s *Server) createFileRun(ctx context.Context, in *struct{ Body FileRunBody }) (*fileRunOutput, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := s.store.AdmitFileRun(ctx, id, models.NewFileRun{
		Kind: models.FileRunKind(in.Body.Kind), DryRun: in.Body.DryRun, AsOf: in.Body.AsOf, AttachmentID: in.Body.AttachmentID,
	})
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, admitted, workflows.Command{
		Process: models.ProcessFileRun, Name: string(models.FileRunCreate), SubjectID: id, Summary: "Files: " + in.Body.Kind,
	}); err != nil {
		return nil, err
	}
	return s.readFileRun(ctx, id)
}

func (s *Server) readFileRun(ctx context.Context, id uuid.UUID) (*fileRunOutput, error) {
	r, err := s.store.FileRun(ctx, id)
	if err != nil {
		return nil, err
	}
	body := fileRunBody(r)
	body.Process = s.process(ctx, models.ProcessFileRun, r.TenantID, r.ID)
	return &fileRunOutput{Location: "/v1/file-runs/" + id.String(), Body: body}, nil
}

func fileRunBody(r models.FileRun) FileRun {
	body := FileRun{
		ID: r.ID, Kind: string(r.Kind), Status: string(r.Status), DryRun: r.DryRun, AsOf: r.AsOf, AttachmentID: r.AttachmentID, PlannedAt: r.PlannedAt,
		Failure: r.Failure, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, CreatedAt: r.CreatedAt,
	}
	if r.PlannedAt != nil {
		body.Plan, body.Evidence = &models.FilePlan{}, &models.FileEvidence{}
		_ = json.Unmarshal(r.Plan, body.Plan)         // the store wrote it
		_ = json.Unmarshal(r.Evidence, body.Evidence) // the same
	}
	return body
}

func (s *Server) listFileRuns(ctx context.Context, in *fileRunListInput) (*listOutput[FileRun], error) {
	page, err := in.page(in.Sort)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.FileRuns(ctx, page)
	if err != nil {
		return nil, err
	}
	return &listOutput[FileRun]{Body: pageOf(rows, in.Sort, fileRunBody)}, nil
}
