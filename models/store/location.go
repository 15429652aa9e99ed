package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// LocationView is a location as people read it.
type LocationView struct {
	models.Location
	ParentCode  *string
	ParentName  *string
	SiteCode    string
	SiteName    string
	HasChildren bool
}

var locationView = `SELECT ` + columns[models.Location]("l") + `, p.code AS parent_code, p.name AS parent_name,
	s.code AS site_code, s.name AS site_name,
	EXISTS (SELECT FROM locations c WHERE c.tenant_id = l.tenant_id AND c.parent_id = l.id AND c.archived_at IS NULL) AS has_children
	FROM locations l
	JOIN locations s ON s.tenant_id = l.tenant_id AND s.id = l.site_id
	LEFT JOIN locations p ON p.tenant_id = l.tenant_id AND p.id = l.parent_id
	WHERE l.tenant_id = $1`

// Location reads one location; CodeNotFound where the actor's tenant or locations do not have it.
func (s *Store) Location(ctx context.Context, id uuid.UUID) (LocationView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[LocationView](ctx, s, "location", locationView+` AND l.id = $2 AND `+scopeSQL("l.id", 3),
		actor.TenantID, id, scopeOf(actor))
}

// CreateLocation adds a location that fill describes (code, name, kind, parent, zone) and returns its id. Site and zone are
// those of the parent; a person who sees only some locations adds below them only.
func (s *Store) CreateLocation(ctx context.Context, fill func(*models.Location)) (uuid.UUID, error) {
	return createRecord(ctx, s, func(tx *Tx, l *models.Location) error {
		fill(l)
		if err := l.Validate(); err != nil {
			return err
		}
		if err := growTree[models.Location](tx); err != nil {
			return err
		}
		if err := tx.settleLocation(l); err != nil {
			return err
		}
		tx.queue(`INSERT INTO location_paths (tenant_id, ancestor_id, descendant_id, depth)
			SELECT $1::uuid, $2::uuid, $2::uuid, 0 UNION ALL
			SELECT $1::uuid, ancestor_id, $2::uuid, depth + 1 FROM location_paths WHERE tenant_id = $1 AND descendant_id = $3`,
			l.TenantID, l.ID, l.ParentID)
		return nil
	})
}

// settleLocation checks the parent and takes site and zone from it.
func (tx *Tx) settleLocation(l *models.Location) error {
	if l.ParentID == nil {
		if tx.Actor.Scoped() {
			return models.InvalidField("/parent_id", "required", "You add locations below your own only.")
		}
		l.SiteID = l.ID
		return nil
	}
	seen, err := tx.sees(*l.ParentID)
	if err != nil {
		return err
	}
	if !seen {
		return referable("location", "/parent_id", nil)
	}
	if err := placeBelow[models.Location](tx, l.ID, l.ParentID); err != nil {
		return err
	}
	parents, err := txRead[models.Location](tx, `SELECT site_id, time_zone FROM locations WHERE tenant_id = $1 AND id = $2`,
		l.TenantID, *l.ParentID)
	if err != nil {
		return err
	}
	l.SiteID = parents[0].SiteID
	if l.TimeZone == "" {
		l.TimeZone = parents[0].TimeZone
	}
	if l.TimeZone != parents[0].TimeZone {
		return models.InvalidField("/time_zone", "site", "The zone is the site's: %s.", parents[0].TimeZone)
	}
	return nil
}

// ChangeLocation edits a location; version is the one that the client has seen. A new parent moves the whole subtree: its
// paths, its site and zone, and those of the assets, schedules and open work orders in it. A site's new zone reaches all that is
// below it. CodeConflict: stock lies in it and may not lie in its new kind.
func (s *Store) ChangeLocation(ctx context.Context, id uuid.UUID, version int, edit func(*models.Location)) error {
	return changeRecord(ctx, s, "change", id, &version, func(tx *Tx, l *models.Location) error {
		if err := tx.mustSee("location", id); err != nil {
			return err
		}
		before := *l
		edit(l)
		moved := !sameID(before.ParentID, l.ParentID)
		if moved && l.TimeZone == before.TimeZone && l.ParentID != nil {
			l.TimeZone = "" // the new site's
		}
		if err := l.Validate(); err != nil {
			return err
		}
		if err := tx.keepsItsStock(before, *l); err != nil {
			return err
		}
		if !moved && l.TimeZone == before.TimeZone {
			return nil
		}
		if err := shapeTree[models.Location](tx); err != nil {
			return err
		}
		if err := tx.settleLocation(l); err != nil {
			return err
		}
		if moved {
			if err := tx.movePaths(*l); err != nil {
				return err
			}
		}
		return tx.spreadSite(*l)
	})
}

// keepsItsStock refuses to make a place another kind, in which no stock may lie, while some does.
func (tx *Tx) keepsItsStock(before, after models.Location) error {
	if !before.Kind.KeepsStock() || after.Kind.KeepsStock() {
		return nil
	}
	lies, err := txValues[bool](tx, `SELECT EXISTS (SELECT FROM stock_balances WHERE tenant_id = $1 AND location_id = $2 AND on_hand > 0)`,
		after.TenantID, after.ID)
	if err != nil || !lies[0] {
		return err
	}
	return models.InvalidConflict("/kind", "stock", "Stock lies there. Move it first.")
}

// movePaths cuts the subtree's paths from its old ancestors and joins them to the new ones.
func (tx *Tx) movePaths(l models.Location) error {
	if _, err := tx.exec(`DELETE FROM location_paths WHERE tenant_id = $1
		AND descendant_id IN (SELECT descendant_id FROM location_paths WHERE tenant_id = $1 AND ancestor_id = $2)
		AND ancestor_id IN (SELECT ancestor_id FROM location_paths WHERE tenant_id = $1 AND descendant_id = $2 AND depth > 0)`,
		l.TenantID, l.ID); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO location_paths (tenant_id, ancestor_id, descendant_id, depth)
		SELECT $1::uuid, up.ancestor_id, down.descendant_id, up.depth + 1 + down.depth
		FROM location_paths up, location_paths down
		WHERE up.tenant_id = $1 AND up.descendant_id = $3 AND down.tenant_id = $1 AND down.ancestor_id = $2`,
		l.TenantID, l.ID, l.ParentID)
	return err
}

// spreadSite gives the location and everything in its subtree its site and zone.
func (tx *Tx) spreadSite(l models.Location) error {
	const below = ` IN (SELECT descendant_id FROM location_paths WHERE tenant_id = $1 AND ancestor_id = $2)`
	// Its own row too, ahead of the rest of the edit: what follows asks the row for its zone.
	if _, err := tx.exec(`UPDATE locations SET parent_id = $3, kind = $4, site_id = $5, time_zone = $6 WHERE tenant_id = $1 AND id = $2`,
		l.TenantID, l.ID, l.ParentID, string(l.Kind), l.SiteID, l.TimeZone); err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE locations SET site_id = $3, time_zone = $4 WHERE tenant_id = $1 AND id <> $2 AND id`+below,
		l.TenantID, l.ID, l.SiteID, l.TimeZone); err != nil {
		return err
	}
	for _, table := range []string{"assets", "maintenance_schedules", "work_orders", "work_requests"} {
		if _, err := tx.exec(`UPDATE `+table+` SET site_id = $3 WHERE tenant_id = $1 AND site_id <> $3 AND location_id`+below,
			l.TenantID, l.ID, l.SiteID); err != nil {
			return err
		}
	}
	return tx.siteChanged(l.SiteID)
}

var locationUses = []string{
	`SELECT FROM locations WHERE tenant_id = $1 AND parent_id = $2 AND archived_at IS NULL AND kind <> 'transit'`,
	`SELECT FROM stock_balances WHERE tenant_id = $1 AND location_id = $2 AND on_hand > 0`,
	`SELECT FROM stock_transfers WHERE tenant_id = $1 AND $2 IN (location_id, to_location_id) AND closed_at IS NULL`,
	`SELECT FROM assets WHERE tenant_id = $1 AND location_id = $2 AND archived_at IS NULL`,
	`SELECT FROM maintenance_schedules WHERE tenant_id = $1 AND location_id = $2 AND status <> 'ended'`,
	`SELECT FROM work_orders WHERE tenant_id = $1 AND location_id = $2 AND status NOT IN ('closed', 'cancelled')`,
}

// ArchiveLocation takes a location out of use; refused while a location, asset, stock, schedule or open work
// order is in it, or stock on the way to or from it.
func (s *Store) ArchiveLocation(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(tx *Tx, _ *models.Location) error {
		if err := tx.mustSee("location", id); err != nil {
			return err
		}
		return shapeTree[models.Location](tx)
	}, locationUses...)
}

// RestoreLocation takes a location into use again; refused while its parent is out of use.
func (s *Store) RestoreLocation(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(tx *Tx, l *models.Location) error {
		if err := tx.mustSee("location", id); err != nil {
			return err
		}
		return placeBelow[models.Location](tx, id, l.ParentID)
	})
}

// LocationFilter narrows the list of locations.
type LocationFilter struct {
	Text     string // in code or name
	Kinds    []string
	SiteIDs  []uuid.UUID
	Tree     Tree
	Archived bool // what is out of use instead of what is in use
}

var locationOrders = map[string]order[LocationView]{
	"code":       {"l.code", "text", func(v LocationView) string { return v.Code }},
	"name":       {"l.name", "text", func(v LocationView) string { return v.Name }},
	"created_at": byTime("l.created_at", func(v LocationView) time.Time { return v.CreatedAt }),
}

// Locations lists locations by code, name or created_at.
func (s *Store) Locations(ctx context.Context, f LocationFilter, p Page) (Rows[LocationView], error) {
	l := newListing(ctx, locationView, "l.id", func(v LocationView) string { return v.ID.String() }, locationOrders)
	l.scope(ctx, "l.id")
	l.and(archivedSQL("l", f.Archived))
	in(l, "l.kind", "text[]", f.Kinds)
	in(l, "l.site_id", "uuid[]", f.SiteIDs)
	narrow[models.Location](l, "l", f.Tree)
	if f.Text != "" {
		l.and(`(l.code || ' ' || l.name) ILIKE $%d`, likeText(f.Text))
	}
	return l.run(ctx, s, p)
}
