package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Export is a list on its way into a file.
type Export struct {
	ID         uuid.UUID           `json:"id"`
	Kind       string              `json:"kind"`
	Format     string              `json:"format" enum:"csv,xlsx"`
	Filter     models.ExportFilter `json:"filter"`
	Status     string              `json:"status" enum:"running,completed,failed,cancelled"`
	RowsTotal  int                 `json:"rows_total" doc:"rows written so far"`
	Failure    string              `json:"failure,omitempty"`
	ContentURL *string             `json:"content_url" doc:"the file; null until it is completed"`
	Process    *Process            `json:"process,omitempty"`
	CreatedAt  time.Time           `json:"created_at"`
	UpdatedAt  time.Time           `json:"updated_at"`
	FinishedAt *time.Time          `json:"finished_at"`
}

func (s *Server) exportRoutes() {
	const tag = "Imports and exports"
	register(s, operation{
		method: http.MethodPost, path: "/v1/exports", id: "create-export", tag: tag, status: http.StatusAccepted,
		summary: "Export a list as a file", permission: models.PermissionExportsRun,
	}, s.createExport)
	register(s, operation{
		method: http.MethodGet, path: "/v1/exports", id: "list-exports", tag: tag, summary: "List your exports", permission: models.PermissionExportsRun,
	}, s.listExports)
	register(s, operation{
		method: http.MethodGet, path: "/v1/exports/{id}", id: "get-export", tag: tag, summary: "Follow an export of yours",
		permission: models.PermissionExportsRun,
	}, func(ctx context.Context, in *recordPath) (*exportOutput, error) { return s.readExport(ctx, in.ID) })
	register(s, operation{
		method: http.MethodGet, path: "/v1/exports/{id}/content", id: "get-export-content", tag: tag, summary: "Download an export of yours",
		permission: models.PermissionExportsRun,
	}, s.exportContent)
	register(s, operation{
		method: http.MethodPost, path: "/v1/exports/{id}/cancel", id: "cancel-export", tag: tag, status: http.StatusAccepted,
		summary: "Stop an export", permission: models.PermissionExportsRun,
	}, s.cancelExport)
}

// ExportBody asks for a list. A filter's value is a word or id, or a list of them, as the list's own filters.
type ExportBody struct {
	Kind   string                  `json:"kind" example:"work-orders" maxLength:"50"`
	Format string                  `json:"format,omitempty" enum:"csv,xlsx" default:"csv"`
	Filter map[string]filterValues `json:"filter,omitempty"`
}

// filterValues is one value or several.
type filterValues []string

// UnmarshalJSON implements json.Unmarshaler.
func (v *filterValues) UnmarshalJSON(text []byte) error {
	var single string
	if json.Unmarshal(text, &single) == nil {
		*v = filterValues{single}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(v))
}

// Schema implements huma.SchemaProvider.
func (filterValues) Schema(huma.Registry) *huma.Schema {
	text := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString, MaxLength: new(200)} }
	list := &huma.Schema{Type: huma.TypeArray, Items: text(), MaxItems: new(1000)}
	one := text()
	one.PrecomputeMessages()
	list.PrecomputeMessages()
	return &huma.Schema{OneOf: []*huma.Schema{one, list}}
}

type exportOutput struct {
	Location string `header:"Location"`
	Body     Export
}

func (s *Server) createExport(ctx context.Context, in *struct{ Body ExportBody }) (*exportOutput, error) {
	kind := models.ExportKind(in.Body.Kind)
	permission := kind.Permission()
	if permission == "" {
		return nil, models.InvalidField("/kind", "enum", "There is no list called %q.", kind)
	}
	if actor, _ := models.ActorFrom(ctx); !actor.Can(permission) {
		return nil, models.Lacks(permission)
	}
	filter := models.ExportFilter{}
	for name, values := range in.Body.Filter {
		filter[name] = values
	}
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	if err := s.store.CreateExport(ctx, id, kind, models.ExportFormat(in.Body.Format), filter); err != nil {
		return nil, err
	}
	return s.readExport(ctx, id)
}

func (s *Server) readExport(ctx context.Context, id uuid.UUID) (*exportOutput, error) {
	x, err := s.store.Export(ctx, id)
	if err != nil {
		return nil, err
	}
	body := exportBody(x)
	body.Process = s.process(ctx, models.ProcessExport, x.TenantID, x.ID)
	return &exportOutput{Location: "/v1/exports/" + x.ID.String(), Body: body}, nil
}

func exportBody(x models.Export) Export {
	body := Export{
		ID: x.ID, Kind: string(x.Kind), Format: string(x.Format), Filter: models.ExportFilter{}, Status: string(x.Status),
		RowsTotal: x.RowsTotal, Failure: x.Failure, CreatedAt: x.CreatedAt, UpdatedAt: x.UpdatedAt, FinishedAt: x.FinishedAt,
	}
	_ = json.Unmarshal(x.Filter, &body.Filter) // the store wrote it
	if x.ObjectKey != "" {
		url := "/v1/exports/" + x.ID.String() + "/content"
		body.ContentURL = &url
	}
	return body
}

type exportListInput struct {
	PageQuery
	Sort string   `query:"sort" enum:"created_at,-created_at" default:"-created_at"`
	Kind []string `query:"kind,explode"`
}

func (s *Server) listExports(ctx context.Context, in *exportListInput) (*listOutput[Export], error) {
	return listPage(in.PageQuery, in.Sort, exportBody, func(page store.Page) (store.Rows[models.Export], error) {
		return s.store.Exports(ctx, in.Kind, page)
	})
}

func (s *Server) exportContent(ctx context.Context, in *filePath) (*huma.StreamResponse, error) {
	x, err := s.store.Export(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if x.ObjectKey == "" {
		return nil, models.Conflict("The export is %s: it has no file.", x.Status)
	}
	return s.download(ctx, in, x.ObjectKey, string(x.Kind)+"."+string(x.Format), x.Format.ContentType())
}

func (s *Server) cancelExport(ctx context.Context, in *recordPath) (*exportOutput, error) {
	if err := s.store.CancelExport(ctx, in.ID); err != nil {
		return nil, err
	}
	return s.readExport(ctx, in.ID)
}
