package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// MoveAsset takes an asset to another location, perhaps below another parent, and all assets below it with it; each gets its row
// in the history of moves, and its schedules and open work orders follow. Refused below itself, and to another site where a policy wants
// the transfer approved. A repeat with the same Idempotency-Key moves nothing.
func (s *Store) MoveAsset(ctx context.Context, id uuid.UUID, version *int, n models.NewAssetMove) error {
	_, err := s.editAsset(ctx, id, version, "move", n.Reason, func(tx *Tx, a *models.Asset) error {
		done, err := tx.once("asset.move", "asset", id)
		if err != nil {
			return err
		}
		if done {
			return errUnchanged
		}
		if err := n.Validate(tx.Now); err != nil {
			return err
		}
		before := *a
		if err := tx.placeAsset(a, before, n); err != nil {
			return err
		}
		if a.SiteID != before.SiteID {
			if err := tx.mustNotNeedApproval(models.ApprovalOfTransfer, before); err != nil {
				return err
			}
		}
		return tx.carryAlong(*a, before, n)
	})
	return err
}

// placeAsset puts the asset where the move leads, with its site, and judges that place and what else differs from before.
func (tx *Tx) placeAsset(a *models.Asset, before models.Asset, n models.NewAssetMove) error {
	if err := shapeTree[models.Asset](tx); err != nil {
		return err
	}
	a.LocationID = n.LocationID
	if n.SetParent {
		a.ParentID = n.ParentID
	}
	refs, err := tx.refs(a)
	if err != nil {
		return err
	}
	if err := refs.check(a, &models.Asset{
		CategoryID: a.CategoryID, ParentID: before.ParentID, TemplateID: a.TemplateID, DepartmentID: before.DepartmentID,
		CostCenterID: before.CostCenterID,
	}); err != nil {
		return err
	}
	a.SiteID = refs.SiteID
	return placeBelow[models.Asset](tx, a.ID, a.ParentID)
}

// carryAlong writes the history of the asset and of what is below it, and takes those, their schedules and open work orders to
// the new place.
func (tx *Tx) carryAlong(a, before models.Asset, n models.NewAssetMove) error {
	at := tx.Now
	if n.At != nil {
		at = n.At.UTC()
	}
	moved := []uuid.UUID{a.ID}
	below, err := txRead[models.Asset](tx, `SELECT id, location_id, parent_id FROM assets WHERE tenant_id = $1 AND id IN (
		WITH RECURSIVE below AS (SELECT c.id FROM assets c WHERE c.tenant_id = $1 AND c.parent_id = $2
			UNION ALL SELECT c.id FROM assets c JOIN below b ON c.parent_id = b.id WHERE c.tenant_id = $1) SELECT id FROM below)`,
		a.TenantID, a.ID)
	if err != nil {
		return err
	}
	tx.recordMove(before, a.LocationID, a.ParentID, at, n.Reason)
	for _, part := range below {
		tx.recordMove(part, a.LocationID, part.ParentID, at, n.Reason)
		moved = append(moved, part.ID)
	}
	tx.queue(`UPDATE assets SET location_id = $3, site_id = $4, version = version + 1, updated_at = $5
		WHERE tenant_id = $1 AND id = ANY($2::uuid[]) AND id <> $6`, a.TenantID, moved, a.LocationID, a.SiteID, tx.Now, a.ID)
	for _, follow := range []string{
		`UPDATE maintenance_schedules SET location_id = $3, site_id = $4 WHERE tenant_id = $1 AND asset_id = ANY($2::uuid[])`,
		`UPDATE work_orders SET location_id = $3, site_id = $4 WHERE tenant_id = $1 AND asset_id = ANY($2::uuid[])
			AND status NOT IN ('closed', 'cancelled')`,
	} {
		tx.queue(follow, a.TenantID, moved, a.LocationID, a.SiteID)
	}
	if a.SiteID == before.SiteID {
		return nil
	}
	return tx.siteChanged(a.SiteID)
}

func (tx *Tx) recordMove(from models.Asset, location uuid.UUID, parent *uuid.UUID, at time.Time, reason string) {
	tx.queue(`INSERT INTO asset_moves (tenant_id, id, asset_id, from_location_id, to_location_id, from_parent_id, to_parent_id,
		moved_at, reason, actor_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		tx.Actor.TenantID, models.NewID(), from.ID, from.LocationID, location, from.ParentID, parent, at, reason,
		tx.Actor.UserID, tx.Now)
}

// AssetMoveView is a move as people read it.
type AssetMoveView struct {
	models.AssetMove
	FromLocationCode string
	FromLocationName string
	ToLocationCode   string
	ToLocationName   string
	FromParentCode   *string
	FromParentName   *string
	ToParentCode     *string
	ToParentName     *string
	ActorName        *string
}

var assetMoveView = `SELECT ` + columns[models.AssetMove]("m") + `, f.code AS from_location_code, f.name AS from_location_name,
	t.code AS to_location_code, t.name AS to_location_name, fp.code AS from_parent_code, fp.name AS from_parent_name,
	tp.code AS to_parent_code, tp.name AS to_parent_name, u.name AS actor_name
	FROM asset_moves m
	JOIN assets a ON a.tenant_id = $1 AND a.id = m.asset_id
	JOIN locations f ON f.tenant_id = $1 AND f.id = m.from_location_id
	JOIN locations t ON t.tenant_id = $1 AND t.id = m.to_location_id
	LEFT JOIN assets fp ON fp.tenant_id = $1 AND fp.id = m.from_parent_id
	LEFT JOIN assets tp ON tp.tenant_id = $1 AND tp.id = m.to_parent_id
	LEFT JOIN users u ON u.tenant_id = $1 AND u.id = m.actor_id
	WHERE m.tenant_id = $1`

var assetMoveOrders = map[string]order[AssetMoveView]{
	"moved_at": byTime("m.moved_at", func(v AssetMoveView) time.Time { return v.MovedAt }),
}

// AssetMoves lists where an asset stood, by moved_at.
func (s *Store) AssetMoves(ctx context.Context, asset uuid.UUID, p Page) (Rows[AssetMoveView], error) {
	if _, err := s.Asset(ctx, asset); err != nil {
		return Rows[AssetMoveView]{}, err
	}
	l := newListing(ctx, assetMoveView, "m.id", func(v AssetMoveView) string { return v.ID.String() }, assetMoveOrders)
	l.and("m.asset_id = $%d", asset)
	return l.run(ctx, s, p)
}
