package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// AssetTemplateView is a template as people read it.
type AssetTemplateView struct {
	models.AssetTemplate
	CategoryCode string
	CategoryName string
}

var assetTemplateView = `SELECT ` + columns[models.AssetTemplate]("t") + `, c.code AS category_code, c.name AS category_name
	FROM asset_templates t JOIN asset_categories c ON c.tenant_id = $1 AND c.id = t.category_id WHERE t.tenant_id = $1`

// AssetTemplate reads one template.
func (s *Store) AssetTemplate(ctx context.Context, id uuid.UUID) (AssetTemplateView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[AssetTemplateView](ctx, s, "asset_template", assetTemplateView+` AND t.id = $2`, actor.TenantID, id)
}

// CreateAssetTemplate adds the template that fill describes and returns its id.
func (s *Store) CreateAssetTemplate(ctx context.Context, fill func(*models.AssetTemplate) error) (uuid.UUID, error) {
	return createRecord(ctx, s, func(tx *Tx, t *models.AssetTemplate) error {
		if err := fill(t); err != nil {
			return err
		}
		if err := t.Validate(); err != nil {
			return err
		}
		return live[models.AssetCategory](tx, "/category_id", &t.CategoryID)
	})
}

// ChangeAssetTemplate edits a template; version is the one that the client has seen. Assets made from it keep their fields until
// these are edited: then the new schema judges.
func (s *Store) ChangeAssetTemplate(ctx context.Context, id uuid.UUID, version int, edit func(*models.AssetTemplate) error) error {
	return changeRecord(ctx, s, "change", id, &version, func(tx *Tx, t *models.AssetTemplate) error {
		was := t.CategoryID
		if err := edit(t); err != nil {
			return err
		}
		if err := t.Validate(); err != nil {
			return err
		}
		if t.CategoryID == was {
			return nil
		}
		return live[models.AssetCategory](tx, "/category_id", &t.CategoryID)
	})
}

// ArchiveAssetTemplate takes a template out of use: no new asset is made from it, those that are stay.
func (s *Store) ArchiveAssetTemplate(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(*Tx, *models.AssetTemplate) error { return nil })
}

// RestoreAssetTemplate takes a template into use again; refused while its category is out of use.
func (s *Store) RestoreAssetTemplate(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(tx *Tx, t *models.AssetTemplate) error {
		return live[models.AssetCategory](tx, "/category_id", &t.CategoryID)
	})
}

// AssetTemplateFilter narrows the list of templates.
type AssetTemplateFilter struct {
	Text        string // in code, name, manufacturer or model
	CategoryIDs []uuid.UUID
	Archived    bool // what is out of use instead of what is in use
}

var assetTemplateOrders = map[string]order[AssetTemplateView]{
	"code":       {"t.code", "text", func(v AssetTemplateView) string { return v.Code }},
	"name":       {"t.name", "text", func(v AssetTemplateView) string { return v.Name }},
	"created_at": byTime("t.created_at", func(v AssetTemplateView) time.Time { return v.CreatedAt }),
}

// AssetTemplates lists templates by code, name or created_at.
func (s *Store) AssetTemplates(ctx context.Context, f AssetTemplateFilter, p Page) (Rows[AssetTemplateView], error) {
	l := newListing(ctx, assetTemplateView, "t.id", func(v AssetTemplateView) string { return v.ID.String() }, assetTemplateOrders)
	l.and(archivedSQL("t", f.Archived))
	in(l, "t.category_id", "uuid[]", f.CategoryIDs)
	if f.Text != "" {
		l.and(`(t.code || ' ' || t.name || ' ' || t.manufacturer || ' ' || t.model) ILIKE $%d`, likeText(f.Text))
	}
	return l.run(ctx, s, p)
}
