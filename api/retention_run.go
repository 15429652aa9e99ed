package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
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

func (s *Server) retentionRuns() installationRun[models.RetentionRun, RetentionRun, RetentionRunBody] {
	return installationRun[models.RetentionRun, RetentionRun, RetentionRunBody]{
		process: models.ProcessRetention, create: string(models.RetentionCreate), one: "retention-run",
		asks: "Delete the backups that the retention policy lets go", lists: "List the runs of retention", follows: "Follow a run of retention",
		admit: func(ctx context.Context, id uuid.UUID, asked RetentionRunBody) (models.Command, error) {
			return s.store.AdmitRetentionRun(ctx, id, asked.DryRun)
		},
		summary: func(RetentionRunBody) string { return "Retention of backups" },
		read:    s.store.RetentionRun, page: s.store.RetentionRuns, head: (*models.RetentionRun).Head, body: retentionRunBody,
	}
}

func retentionRunBody(r models.RetentionRun, p *Process) RetentionRun {
	body := RetentionRun{
		ID: r.ID, Status: string(r.Status), DryRun: r.DryRun, PlannedAt: r.PlannedAt, Removed: r.Removed, FreedBytes: r.FreedBytes, Failure: r.Failure,
		StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Process: p, CreatedAt: r.CreatedAt,
	}
	if r.PlannedAt != nil {
		body.Plan = &models.RetentionPlan{}
		_ = json.Unmarshal(r.Plan, body.Plan) // the store wrote it
	}
	return body
}
