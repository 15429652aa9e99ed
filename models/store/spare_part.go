package store

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
)

// SparePartView is a line of a list of spare parts: with its item, and what lies of it over all places.
type SparePartView struct {
	models.SparePart
	ItemCode     string
	ItemName     string
	Unit         string
	ItemArchived bool
	OnHand       decimal.Decimal
	Reserved     decimal.Decimal
}

var sparePartView = `SELECT ` + columns[models.SparePart]("p") + `, i.code AS item_code, i.name AS item_name, i.unit,
	i.archived_at IS NOT NULL AS item_archived, coalesce(b.on_hand, 0) AS on_hand, coalesce(b.reserved, 0) AS reserved
	FROM spare_parts p JOIN items i ON i.tenant_id = p.tenant_id AND i.id = p.item_id
	LEFT JOIN LATERAL (SELECT sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM stock_balances b
		JOIN locations l ON l.tenant_id = b.tenant_id AND l.id = b.location_id AND l.kind <> 'transit'
		WHERE b.tenant_id = p.tenant_id AND b.item_id = p.item_id) b ON true
	WHERE p.tenant_id = $1`

// AssetSpareParts lists, by code, what belongs into an asset that the actor sees: its own list, and what its template says of the
// other items.
func (s *Store) AssetSpareParts(ctx context.Context, asset uuid.UUID) ([]SparePartView, error) {
	actor, _ := models.ActorFrom(ctx)
	a, err := s.Asset(ctx, asset)
	if err != nil {
		return nil, err
	}
	return read[SparePartView](ctx, s, sparePartView+` AND (p.asset_id = $2 OR (p.asset_template_id = $3 AND NOT EXISTS (SELECT FROM spare_parts o
		WHERE o.tenant_id = p.tenant_id AND o.asset_id = $2 AND o.item_id = p.item_id))) ORDER BY i.code, p.id`, actor.TenantID, asset, a.TemplateID)
}

// AssetTemplateSpareParts lists, by code, what belongs into every asset of a template.
func (s *Store) AssetTemplateSpareParts(ctx context.Context, template uuid.UUID) ([]SparePartView, error) {
	actor, _ := models.ActorFrom(ctx)
	if _, err := s.AssetTemplate(ctx, template); err != nil {
		return nil, err
	}
	return read[SparePartView](ctx, s, sparePartView+` AND p.asset_template_id = $2 ORDER BY i.code, p.id`, actor.TenantID, template)
}

// SparePartsVersion is the version of the list of an asset or a template that was read before.
func (s *Store) SparePartsVersion(ctx context.Context, noun string, subject uuid.UUID) (int, error) {
	actor, _ := models.ActorFrom(ctx)
	found, err := readValues[int](ctx, s, `SELECT spare_parts_version FROM `+noun+`s WHERE tenant_id = $1 AND id = $2`, actor.TenantID, subject)
	if err == nil && len(found) == 0 {
		err = models.NotFound(noun)
	}
	if err != nil {
		return 0, err
	}
	return found[0], nil
}

// SetAssetSpareParts makes an asset's own list this one; version is the one that the client has seen.
func (s *Store) SetAssetSpareParts(ctx context.Context, asset uuid.UUID, version int, list []models.NewSparePart) error {
	return s.setSpareParts(ctx, "asset", asset, version, list, func(tx *Tx) error {
		query, args := within(tx.Actor, assetRow, "a.location_id", tx.Actor.TenantID, asset)
		_, err := txReadOne[models.Asset](tx, "asset", query+` FOR NO KEY UPDATE OF a`, args...)
		return err
	})
}

// SetAssetTemplateSpareParts makes the list of a template this one; version is the one that the client has seen.
func (s *Store) SetAssetTemplateSpareParts(ctx context.Context, template uuid.UUID, version int, list []models.NewSparePart) error {
	return s.setSpareParts(ctx, "asset_template", template, version, list, func(tx *Tx) error {
		_, err := lockRecord[models.AssetTemplate](tx, template)
		return err
	})
}

// auditedPart is a line as the audit log keeps it.
type auditedPart struct {
	Item     string          `json:"item"`
	Quantity decimal.Decimal `json:"quantity"`
	Entered  string          `json:"entered,omitempty"`
	Note     string          `json:"note,omitempty"`
}

func auditedPartOf(code string, p models.SparePart) auditedPart {
	a := auditedPart{Item: code, Quantity: p.Quantity, Note: p.Note}
	if p.EnteredQuantity != nil {
		a.Entered = p.EnteredQuantity.String() + " " + textOf(p.EnteredUnit)
	}
	return a
}

// setSpareParts replaces the list of a subject that lock has locked. Items that were in the list may stay though they are out of use.
func (s *Store) setSpareParts(ctx context.Context, noun string, subject uuid.UUID, version int, list []models.NewSparePart, lock func(*Tx) error) error {
	if err := models.ValidateSpareParts(list); err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		if err := lock(tx); err != nil {
			return err
		}
		versions, err := txValues[int](tx, `UPDATE `+noun+`s SET spare_parts_version = spare_parts_version + 1 WHERE tenant_id = $1 AND id = $2
			RETURNING spare_parts_version - 1`, tx.Actor.TenantID, subject)
		if err != nil {
			return err
		}
		if versions[0] != version {
			return versionMismatch(versions[0])
		}
		was, err := txRead[SparePartView](tx, sparePartView+` AND p.`+noun+`_id = $2 ORDER BY i.code`, tx.Actor.TenantID, subject)
		if err != nil {
			return err
		}
		before, known := make([]auditedPart, len(was)), make(map[uuid.UUID]*models.SparePart, len(was))
		for i, p := range was {
			before[i], known[p.ItemID] = auditedPartOf(p.ItemCode, p.SparePart), &was[i].SparePart
		}
		parts, codes, err := tx.sparePartItems(list, known)
		if err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM spare_parts WHERE tenant_id = $1 AND `+noun+`_id = $2`, tx.Actor.TenantID, subject); err != nil {
			return err
		}
		after := make([]auditedPart, len(parts))
		for i, p := range parts {
			after[i] = auditedPartOf(codes[i], p)
			tx.queue(`INSERT INTO spare_parts (tenant_id, id, `+noun+`_id, item_id, quantity, note, created_at, entered_quantity, entered_unit)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
				tx.Actor.TenantID, models.NewID(), subject, p.ItemID, p.Quantity, p.Note, tx.Now, p.EnteredQuantity, p.EnteredUnit)
		}
		return tx.Audit(Change{
			Action: noun + ".spare_parts", SubjectType: noun, SubjectID: subject,
			Before: map[string]any{"spare_parts": before}, After: map[string]any{"spare_parts": after},
		})
	})
}

// sparePartItems makes the lines of a list, with the codes of their items, in the items' own units. It refuses items that are not there, or out
// of use where they were not in the list before.
func (tx *Tx) sparePartItems(list []models.NewSparePart, was map[uuid.UUID]*models.SparePart) ([]models.SparePart, []string, error) {
	type item struct {
		models.ItemUnits

		ID       uuid.UUID
		Code     string
		Archived bool
	}
	ids := make([]uuid.UUID, len(list))
	for i, p := range list {
		ids[i] = p.ItemID
	}
	found, err := txRead[item](tx, `SELECT i.id, i.code, `+columns[models.ItemUnits]("i")+`, i.archived_at IS NOT NULL AS archived FROM items i
		WHERE i.tenant_id = $1 AND i.id = ANY ($2)`, tx.Actor.TenantID, ids)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[uuid.UUID]item, len(found))
	for _, i := range found {
		byID[i.ID] = i
	}
	var f models.Faults
	parts, codes := make([]models.SparePart, len(list)), make([]string, len(list))
	for n, p := range list {
		at := fmt.Sprintf("/items/%d", n)
		i, ok := byID[p.ItemID]
		f.Add(!ok, at+"/item_id", "not_found", "There is no such item.")
		f.Add(i.Archived && was[p.ItemID] == nil, at+"/item_id", "archived", "This item is out of use.")
		if !ok {
			continue
		}
		var faults models.Faults
		codes[n] = i.Code
		parts[n], faults = p.Of(i.ItemUnits, was[p.ItemID], at)
		f = append(f, faults...)
	}
	return parts, codes, f.Err()
}

// WhereUsedView is one asset or template into which an item belongs.
type WhereUsedView struct {
	Kind       string // "asset" or "asset_template"
	ID         uuid.UUID
	Code       string
	Name       string
	Quantity   decimal.Decimal
	Note       string
	AssetCount int // of a template: its assets in use, as far as the actor sees them; 1 of an asset
}

var whereUsedOrders = map[string]order[WhereUsedView]{
	"code": {"w.code", "text", func(v WhereUsedView) string { return v.Code }},
}

// WhereUsed lists by code the templates and the assets in use, as far as the actor sees them, into which an item belongs.
func (s *Store) WhereUsed(ctx context.Context, item uuid.UUID, p Page) (Rows[WhereUsedView], error) {
	if _, err := s.Item(ctx, item); err != nil {
		return Rows[WhereUsedView]{}, err
	}
	actor, _ := models.ActorFrom(ctx)
	seen := ""
	if actor.Scoped() {
		seen = " AND " + scopeSQL("a.location_id", 3)
	}
	from := `SELECT w.kind, w.id, w.code, w.name, w.quantity, w.note, w.asset_count FROM (
		SELECT 'asset' AS kind, a.id, a.code, a.name, p.quantity, p.note, 1 AS asset_count FROM spare_parts p
			JOIN assets a ON a.tenant_id = p.tenant_id AND a.id = p.asset_id AND a.archived_at IS NULL AND a.lifecycle_state <> 'disposed'` + seen + `
			WHERE p.tenant_id = $1 AND p.item_id = $2
		UNION ALL
		SELECT 'asset_template', t.id, t.code, t.name, p.quantity, p.note, (SELECT count(*) FROM assets a WHERE a.tenant_id = p.tenant_id
				AND a.template_id = t.id AND a.archived_at IS NULL AND a.lifecycle_state <> 'disposed'` + seen + `) FROM spare_parts p
			JOIN asset_templates t ON t.tenant_id = p.tenant_id AND t.id = p.asset_template_id AND t.archived_at IS NULL
			WHERE p.tenant_id = $1 AND p.item_id = $2) w WHERE true`
	l := newListing(ctx, from, "w.id", func(v WhereUsedView) string { return v.ID.String() }, whereUsedOrders)
	l.args = append(l.args, item)
	if actor.Scoped() {
		l.args = append(l.args, scopeOf(actor))
	}
	return l.run(ctx, s, p)
}
