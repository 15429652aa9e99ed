package api

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// JobPlan is how a job is done.
type JobPlan struct {
	ID           uuid.UUID        `json:"id"`
	Code         string           `json:"code"`
	Name         string           `json:"name"`
	Description  string           `json:"description"`
	PlannedHours *decimal.Decimal `json:"planned_hours,omitempty"`
	Steps        []models.JobStep `json:"steps"`
	ArchivedAt   *time.Time       `json:"archived_at,omitempty"`
	Version      int              `json:"version"`
	CreatedAt    time.Time        `json:"created_at"`
	UpdatedAt    time.Time        `json:"updated_at"`
}

// JobPlanBody creates a job plan.
type JobPlanBody struct {
	Code         string           `json:"code" minLength:"1" maxLength:"64"`
	Name         string           `json:"name" minLength:"1" maxLength:"300"`
	Description  string           `json:"description,omitempty" maxLength:"20000"`
	PlannedHours *decimal.Decimal `json:"planned_hours,omitempty"`
	Steps        []models.JobStep `json:"steps,omitempty" maxItems:"200" doc:"in the order of work"`
}

// JobPlanPatch changes a job plan; steps are replaced as a whole.
type JobPlanPatch struct {
	Code         Optional[string]           `json:"code,omitempty"`
	Name         Optional[string]           `json:"name,omitempty"`
	Description  Optional[string]           `json:"description,omitempty"`
	PlannedHours Optional[decimal.Decimal]  `json:"planned_hours,omitempty"`
	Steps        Optional[[]models.JobStep] `json:"steps,omitempty"`
}

func (b JobPlanPatch) edit(p *models.JobPlan) error {
	b.Code.apply(&p.Code)
	b.Name.apply(&p.Name)
	b.Description.apply(&p.Description)
	b.PlannedHours.applyPointer(&p.PlannedHours)
	if b.Steps.Set {
		return p.SetSteps(b.Steps.V)
	}
	return nil
}

type jobPlanPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body JobPlanPatch
}

type jobPlanListInput struct {
	PageQuery
	Q        string `query:"q" maxLength:"200" doc:"text in code or name"`
	Sort     string `query:"sort" enum:"code,-code,name,-name,created_at,-created_at" default:"name"`
	Archived bool   `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) jobPlanRoutes() {
	n := recordNoun{
		path: "/v1/job-plans", one: "job plan", many: "job plans",
		read: models.PermissionJobPlansRead, write: models.PermissionJobPlansWrite,
	}
	register(s, n.create(), s.createJobPlan)
	register(s, n.list(), s.listJobPlans)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[JobPlan], error) {
		return s.readJobPlan(ctx, in.ID)
	})
	register(s, n.change(), s.changeJobPlan)
	register(s, n.archive(), command(s.store.ArchiveJobPlan, s.readJobPlan))
	register(s, n.restore(), command(s.store.RestoreJobPlan, s.readJobPlan))
}

func (s *Server) createJobPlan(ctx context.Context, in *struct{ Body JobPlanBody }) (*recordOutput[JobPlan], error) {
	id, err := s.store.CreateJobPlan(ctx, func(p *models.JobPlan) error {
		p.Code, p.Name, p.Description, p.PlannedHours = in.Body.Code, in.Body.Name, in.Body.Description, in.Body.PlannedHours
		return p.SetSteps(in.Body.Steps)
	})
	if err != nil {
		return nil, err
	}
	return s.readJobPlan(ctx, id)
}

func (s *Server) listJobPlans(ctx context.Context, in *jobPlanListInput) (*listOutput[JobPlan], error) {
	return listPage(in.PageQuery, in.Sort, jobPlanBody, func(page store.Page) (store.Rows[models.JobPlan], error) {
		return s.store.JobPlans(ctx, in.Q, in.Archived, page)
	})
}

func (s *Server) changeJobPlan(ctx context.Context, in *jobPlanPatchInput) (*recordOutput[JobPlan], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.store.ChangeJobPlan(ctx, in.ID, version, in.Body.edit); err != nil {
		return nil, err
	}
	return s.readJobPlan(ctx, in.ID)
}

func (s *Server) readJobPlan(ctx context.Context, id uuid.UUID) (*recordOutput[JobPlan], error) {
	p, err := s.store.JobPlan(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[JobPlan]{Location: "/v1/job-plans/" + id.String(), ETag: etag(p.Version), Body: jobPlanBody(p)}, nil
}

func jobPlanBody(p models.JobPlan) JobPlan {
	steps, _ := p.StepList() // written by SetSteps
	return JobPlan{
		ID: p.ID, Code: p.Code, Name: p.Name, Description: p.Description, PlannedHours: p.PlannedHours, Steps: steps,
		ArchivedAt: p.ArchivedAt, Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}
