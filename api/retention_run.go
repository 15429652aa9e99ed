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

// RetentionRun is one run that deletes the backups which the policy lets go.
type RetentionRun struct {
	ID         uuid.UUID             `json:"id"`
	Status     string                `json:"status" enum:"queued,running,completed,failed"`
	DryRun     bool                  `json:"dry_run"`
	Plan       *models.RetentionPlan `json:"plan" doc:"stored before anything is deleted: why each backup stays, and the exact versions that go; null until then"`
	PlannedAt  *time.Time            `json:"planned_at"`
	Removed    int                   `json:"removed" doc:"backups that went"`
	FreedBytes int64                 `json:"freed_bytes"`
	Failure    string                `json:"failure,omitempty"`
	StartedAt  *time.Time            `json:"started_at"`
	FinishedAt *time.Time            `json:"finished_at"`
	Process    *Process              `json:"process,omitempty"`
	CreatedAt  time.Time             `json:"created_at"`
}

// RetentionRunBody asks for a run of retention.
type RetentionRunBody struct {
	DryRun bool `json:"dry_run,omitempty" doc:"plan and delete nothing"`
}

type retentionRunOutput struct {
	Location string `header:"Location"`
	Body     RetentionRun
}

type retentionRunListInput struct {
	PageQuery
	Sort string `query:"sort" default:"-created_at" enum:"created_at,-created_at"`
}

func (s *Server) retentionRunRoutes() {
	const tag, path = "Operations", "/v1/retention-runs"
	register(s, operation{
		method: http.MethodPost, path: path, id: "create-retention-run", tag: tag, status: http.StatusAccepted,
		summary: "Delete the backups that the retention policy lets go", permission: models.PermissionBackupsRun,
	}, s.createRetentionRun)
	register(s, operation{
		method: http.MethodGet, path: path, id: "list-retention-runs", tag: tag, summary: "List the runs of retention",
		permission: models.PermissionBackupsRead,
	}, s.listRetentionRuns)
	register(s, operation{
		method: http.MethodGet, path: path + "/{id}", id: "get-retention-run", tag: tag, summary: "Follow a run of retention",
		permission: models.PermissionBackupsRead,
	}, func(ctx context.Context, in *recordPath) (*retentionRunOutput, error) {
		return s.readRetentionRun(ctx, in.ID)
	})
}

func (s *Server) createRetentionRun(ctx context.Context, in *struct{ Body RetentionRunBody }) (*retentionRunOutput, error) {
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := s.store.AdmitRetentionRun(ctx, id, in.Body.DryRun)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, admitted, workflows.Command{
		Process: models.ProcessRetention, Name: string(models.RetentionCreate), SubjectID: id, Summary: "Retention of backups",
	}); err != nil {
		return nil, err
	}
	return s.readRetentionRun(ctx, id)
}

func (s *Server) readRetentionRun(ctx context.Context, id uuid.UUID) (*retentionRunOutput, error) {
	r, err := s.store.RetentionRun(ctx, id)
	if err != nil {
		return nil, err
	}
	body := retentionRunBody(r)
	body.Process = s.process(ctx, models.ProcessRetention, r.TenantID, r.ID)
	return &retentionRunOutput{Location: "/v1/retention-runs/" + id.String(), Body: body}, nil
}

func retentionRunBody(r models.RetentionRun) RetentionRun {
	body := RetentionRun{
		ID: r.ID, Status: string(r.Status), DryRun: r.DryRun, PlannedAt: r.PlannedAt, Removed: r.Removed, FreedBytes: r.FreedBytes, Failure: r.Failure,
		StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, CreatedAt: r.CreatedAt,
	}
	if r.PlannedAt != nil {
		body.Plan = &models.RetentionPlan{}
		_ = json.Unmarshal(r.Plan, body.Plan) // the store wrote it
	}
	return body
}

func (s *Server) listRetentionRuns(ctx context.Context, in *retentionRunListInput) (*listOutput[RetentionRun], error) {
	page, err := in.page(in.Sort)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.RetentionRuns(ctx, page)
	if err != nil {
		return nil, err
	}
	return &listOutput[RetentionRun]{Body: pageOf(rows, in.Sort, retentionRunBody)}, nil
}
