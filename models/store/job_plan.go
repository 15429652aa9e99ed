package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// CreateJobPlan adds a job plan and returns its id.
func (s *Store) CreateJobPlan(ctx context.Context, fill func(*models.JobPlan) error) (uuid.UUID, error) {
	return createRecord(ctx, s, func(_ *Tx, p *models.JobPlan) error { return editedJobPlan(p, fill) })
}

// ChangeJobPlan edits a job plan; version is the one that the client has seen.
func (s *Store) ChangeJobPlan(ctx context.Context, id uuid.UUID, version int, edit func(*models.JobPlan) error) error {
	return changeRecord(ctx, s, "change", id, &version, func(_ *Tx, p *models.JobPlan) error { return editedJobPlan(p, edit) })
}

func editedJobPlan(p *models.JobPlan, edit func(*models.JobPlan) error) error {
	if err := edit(p); err != nil {
		return err
	}
	return p.Validate()
}

// ArchiveJobPlan takes a job plan out of use; refused while a schedule that has not ended follows it.
func (s *Store) ArchiveJobPlan(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(*Tx, *models.JobPlan) error { return nil },
		`SELECT FROM maintenance_schedules WHERE tenant_id = $1 AND job_plan_id = $2 AND status <> 'ended'`)
}

// RestoreJobPlan takes a job plan into use again.
func (s *Store) RestoreJobPlan(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(*Tx, *models.JobPlan) error { return nil })
}

func jobPlanColumns() string {
	return `SELECT ` + columns[models.JobPlan]("t") + ` FROM job_plans t WHERE t.tenant_id = $1`
}

// JobPlan reads one job plan.
func (s *Store) JobPlan(ctx context.Context, id uuid.UUID) (models.JobPlan, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.JobPlan](ctx, s, "job_plan", jobPlanColumns()+` AND t.id = $2`, actor.TenantID, id)
}

var jobPlanOrders = map[string]order[models.JobPlan]{
	"code":       {"t.code", "text", func(p models.JobPlan) string { return p.Code }},
	"name":       {"t.name", "text", func(p models.JobPlan) string { return p.Name }},
	"created_at": byTime("t.created_at", func(p models.JobPlan) time.Time { return p.CreatedAt }),
}

// JobPlans lists job plans by code, name or created_at; archived lists what is out of use instead.
func (s *Store) JobPlans(ctx context.Context, text string, archived bool, p Page) (Rows[models.JobPlan], error) {
	l := newListing(ctx, jobPlanColumns(), "t.id", func(p models.JobPlan) string { return p.ID.String() }, jobPlanOrders)
	l.and(archivedSQL("t", archived))
	if text != "" {
		l.and(`(t.code || ' ' || t.name) ILIKE $%d`, likeText(text))
	}
	return l.run(ctx, s, p)
}
