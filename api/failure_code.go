package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// FailureCode is one code of the tenant's own sets.
type FailureCode struct {
	ID         uuid.UUID  `json:"id"`
	Kind       string     `json:"kind"`
	Code       string     `json:"code"`
	Name       string     `json:"name"`
	ArchivedAt *time.Time `json:"archived_at,omitempty"`
	Version    int        `json:"version"`
	CreatedAt  time.Time  `json:"created_at"`
	UpdatedAt  time.Time  `json:"updated_at"`
}

// FailureCodeBody creates a failure code.
type FailureCodeBody struct {
	Kind string `json:"kind" enum:"mode,mechanism,cause,remedy"`
	Code string `json:"code" minLength:"1" maxLength:"64"`
	Name string `json:"name" minLength:"1" maxLength:"300"`
}

// FailureCodePatch changes a failure code; it stays in its set.
type FailureCodePatch struct {
	Code Optional[string] `json:"code,omitempty"`
	Name Optional[string] `json:"name,omitempty"`
}

type failureCodePatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body FailureCodePatch
}

type failureCodeListInput struct {
	PageQuery
	Kind     []string `query:"kind,explode" enum:"mode,mechanism,cause,remedy"`
	Q        string   `query:"q" maxLength:"200" doc:"text in code or name"`
	Sort     string   `query:"sort" enum:"code,-code,name,-name,created_at,-created_at" default:"code"`
	Archived bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) failureCodeRoutes() {
	n := recordNoun{
		path: "/v1/failure-codes", one: "failure code", many: "failure codes",
		read: models.PermissionFailureCodesRead, write: models.PermissionFailureCodesWrite,
	}
	register(s, n.create(), s.createFailureCode)
	register(s, n.list(), s.listFailureCodes)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[FailureCode], error) {
		return s.readFailureCode(ctx, in.ID)
	})
	register(s, n.change(), s.changeFailureCode)
	register(s, n.archive(), command(s.store.ArchiveFailureCode, s.readFailureCode))
	register(s, n.restore(), command(s.store.RestoreFailureCode, s.readFailureCode))
}

func (s *Server) createFailureCode(ctx context.Context, in *struct{ Body FailureCodeBody }) (*recordOutput[FailureCode], error) {
	id, err := s.store.CreateFailureCode(ctx, func(c *models.FailureCode) {
		c.Kind, c.Code, c.Name = models.FailureCodeKind(in.Body.Kind), in.Body.Code, in.Body.Name
	})
	if err != nil {
		return nil, err
	}
	return s.readFailureCode(ctx, id)
}

func (s *Server) listFailureCodes(ctx context.Context, in *failureCodeListInput) (*listOutput[FailureCode], error) {
	return listPage(in.PageQuery, in.Sort, failureCodeBody, func(page store.Page) (store.Rows[models.FailureCode], error) {
		return s.store.FailureCodes(ctx, in.Kind, in.Q, in.Archived, page)
	})
}

func (s *Server) changeFailureCode(ctx context.Context, in *failureCodePatchInput) (*recordOutput[FailureCode], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	if err := s.store.ChangeFailureCode(ctx, in.ID, version, func(c *models.FailureCode) {
		in.Body.Code.apply(&c.Code)
		in.Body.Name.apply(&c.Name)
	}); err != nil {
		return nil, err
	}
	return s.readFailureCode(ctx, in.ID)
}

func (s *Server) readFailureCode(ctx context.Context, id uuid.UUID) (*recordOutput[FailureCode], error) {
	c, err := s.store.FailureCode(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[FailureCode]{Location: "/v1/failure-codes/" + id.String(), ETag: etag(c.Version), Body: failureCodeBody(c)}, nil
}

func failureCodeBody(c models.FailureCode) FailureCode {
	return FailureCode{
		ID: c.ID, Kind: string(c.Kind), Code: c.Code, Name: c.Name, ArchivedAt: c.ArchivedAt, Version: c.Version,
		CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
	}
}
