package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/jsonschema"
	"mainstay/models"
	"mainstay/models/store"
)

// AssetTemplate is a template as the API shows it.
type AssetTemplate struct {
	ID           uuid.UUID       `json:"id"`
	Code         string          `json:"code"`
	Name         string          `json:"name"`
	CategoryID   uuid.UUID       `json:"category_id"`
	Category     Ref             `json:"category"`
	Manufacturer string          `json:"manufacturer"`
	Model        string          `json:"model"`
	Criticality  string          `json:"criticality"`
	Fields       json.RawMessage `json:"fields" doc:"JSON Schema of the custom fields of its assets; null: any"`
	ArchivedAt   *time.Time      `json:"archived_at,omitempty"`
	Version      int             `json:"version"`
	CreatedAt    time.Time       `json:"created_at"`
	UpdatedAt    time.Time       `json:"updated_at"`
}

// AssetTemplateBody creates a template.
type AssetTemplateBody struct {
	Code         string         `json:"code" minLength:"1" maxLength:"64"`
	Name         string         `json:"name" minLength:"1" maxLength:"300"`
	CategoryID   uuid.UUID      `json:"category_id"`
	Manufacturer string         `json:"manufacturer,omitempty" maxLength:"300"`
	Model        string         `json:"model,omitempty" maxLength:"300"`
	Criticality  string         `json:"criticality,omitempty" enum:"A,B,C"`
	Fields       map[string]any `json:"fields,omitempty" doc:"JSON Schema (draft 2020-12) of the custom fields"`
}

// AssetTemplatePatch changes a template; fields is replaced as a whole.
type AssetTemplatePatch struct {
	Code         Optional[string]         `json:"code,omitempty"`
	Name         Optional[string]         `json:"name,omitempty"`
	CategoryID   Optional[uuid.UUID]      `json:"category_id,omitempty"`
	Manufacturer Optional[string]         `json:"manufacturer,omitempty"`
	Model        Optional[string]         `json:"model,omitempty"`
	Criticality  Optional[string]         `json:"criticality,omitempty"`
	Fields       Optional[map[string]any] `json:"fields,omitempty"`
}

type assetTemplatePatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body AssetTemplatePatch
}

type assetTemplateListInput struct {
	PageQuery
	Q          string   `query:"q" maxLength:"200" doc:"text in code, name, manufacturer or model"`
	Sort       string   `query:"sort" enum:"code,-code,name,-name,created_at,-created_at" default:"name"`
	CategoryID []string `query:"category_id,explode"`
	Archived   bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) assetTemplateRoutes() {
	n := recordNoun{
		path: "/v1/asset-templates", one: "asset template", many: "asset templates",
		read: models.PermissionAssetTemplatesRead, write: models.PermissionAssetTemplatesWrite,
	}
	register(s, n.create(), s.createAssetTemplate)
	register(s, n.list(), s.listAssetTemplates)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[AssetTemplate], error) {
		return s.readAssetTemplate(ctx, in.ID)
	})
	register(s, n.change(), s.changeAssetTemplate)
	register(s, n.archive(), command(s.store.ArchiveAssetTemplate, s.readAssetTemplate))
	register(s, n.restore(), command(s.store.RestoreAssetTemplate, s.readAssetTemplate))
}

func (s *Server) createAssetTemplate(ctx context.Context, in *struct{ Body AssetTemplateBody }) (*recordOutput[AssetTemplate], error) {
	b := in.Body
	id, err := s.store.CreateAssetTemplate(ctx, func(t *models.AssetTemplate) error {
		t.Code, t.Name, t.CategoryID = b.Code, b.Name, b.CategoryID
		t.Manufacturer, t.Model, t.Criticality = b.Manufacturer, b.Model, b.Criticality
		return setSchema(t, b.Fields)
	})
	if err != nil {
		return nil, err
	}
	return s.readAssetTemplate(ctx, id)
}

// setSchema keeps the schema of custom fields; nil means that any are welcome.
func setSchema(t *models.AssetTemplate, schema map[string]any) error {
	if schema == nil {
		t.Fields = nil
		return nil
	}
	text, err := json.Marshal(schema)
	if err != nil {
		return err
	}
	t.Fields = text
	return jsonschema.Check("/fields", text)
}

func (s *Server) readAssetTemplate(ctx context.Context, id uuid.UUID) (*recordOutput[AssetTemplate], error) {
	v, err := s.store.AssetTemplate(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[AssetTemplate]{
		Location: "/v1/asset-templates/" + id.String(), ETag: etag(v.Version), Body: assetTemplateBody(v),
	}, nil
}

func (s *Server) listAssetTemplates(ctx context.Context, in *assetTemplateListInput) (*listOutput[AssetTemplate], error) {
	var faults models.Faults
	filter := store.AssetTemplateFilter{Text: in.Q, CategoryIDs: queryIDs(&faults, "category_id", in.CategoryID), Archived: in.Archived}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, assetTemplateBody, func(page store.Page) (store.Rows[store.AssetTemplateView], error) {
		return s.store.AssetTemplates(ctx, filter, page)
	})
}

func (s *Server) changeAssetTemplate(ctx context.Context, in *assetTemplatePatchInput) (*recordOutput[AssetTemplate], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	p := in.Body
	err = s.store.ChangeAssetTemplate(ctx, in.ID, version, func(t *models.AssetTemplate) error {
		p.Code.apply(&t.Code)
		p.Name.apply(&t.Name)
		p.CategoryID.apply(&t.CategoryID)
		p.Manufacturer.apply(&t.Manufacturer)
		p.Model.apply(&t.Model)
		p.Criticality.apply(&t.Criticality)
		if !p.Fields.Set {
			return nil
		}
		return setSchema(t, p.Fields.V)
	})
	if err != nil {
		return nil, err
	}
	return s.readAssetTemplate(ctx, in.ID)
}

func assetTemplateBody(v store.AssetTemplateView) AssetTemplate {
	return AssetTemplate{
		ID: v.ID, Code: v.Code, Name: v.Name, CategoryID: v.CategoryID,
		Category: Ref{ID: v.CategoryID, Code: v.CategoryCode, Name: v.CategoryName}, Manufacturer: v.Manufacturer, Model: v.Model,
		Criticality: v.Criticality, Fields: v.Fields, ArchivedAt: v.ArchivedAt, Version: v.Version, CreatedAt: v.CreatedAt,
		UpdatedAt: v.UpdatedAt,
	}
}
