package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// recordDowntime adds a downtime. One that has begun and not ended takes the asset down.
func (tx *Tx) recordDowntime(asset uuid.UUID, workOrder *uuid.UUID, n models.NewDowntime) error {
	return tx.addDowntime(models.NewID(), asset, workOrder, n)
}

func (tx *Tx) addDowntime(id, asset uuid.UUID, workOrder *uuid.UUID, n models.NewDowntime) error {
	d := models.Downtime{
		TenantID: tx.Actor.TenantID, ID: id, AssetID: asset, WorkOrderID: workOrder, StartedAt: n.StartedAt,
		EndedAt: n.EndedAt, Kind: n.Kind, Reason: n.Reason, ActorID: tx.Actor.UserID, CreatedAt: tx.Now,
	}
	if err := create(tx, &d); err != nil {
		return err
	}
	if d.EndedAt == nil && !d.StartedAt.After(tx.Now) {
		if err := tx.operate(asset, models.AssetDown, `operating_state <> 'down' AND lifecycle_state IN ('in_service', 'commissioning')`); err != nil {
			return err
		}
	}
	return tx.Audit(Change{Action: "asset.downtime", SubjectType: "asset", SubjectID: asset, After: &d, Reason: n.Reason})
}

// operate sets the asset's operating state where the condition holds.
func (tx *Tx) operate(asset uuid.UUID, state models.OperatingState, where string) error {
	_, err := tx.exec(`UPDATE assets SET operating_state = $3, version = version + 1, updated_at = $4
		WHERE tenant_id = $1 AND id = $2 AND `+where, tx.Actor.TenantID, asset, string(state), tx.Now)
	return err
}

// CreateDowntime records that an asset stood still and returns the row's id. An open one takes the asset down; a second open one
// is a conflict.
func (s *Store) CreateDowntime(ctx context.Context, asset uuid.UUID, n models.NewDowntime) (uuid.UUID, error) {
	var id uuid.UUID
	err := s.InTx(ctx, func(tx *Tx) error {
		id = models.SubjectID(tx.Command.ID)
		done, err := tx.once("downtime.create", "downtime", id)
		if done || err != nil {
			return err
		}
		if err := n.Validate(); err != nil {
			return err
		}
		if err := tx.mustSeeAsset(asset); err != nil {
			return err
		}
		if _, err := lockRecord[models.Asset](tx, asset); err != nil {
			return err
		}
		open, err := tx.openDowntimes(asset)
		if err != nil {
			return err
		}
		if n.EndedAt == nil && len(open) > 0 {
			return models.InvalidConflict("/ended_at", "open", "The asset is down since %s: end that first.", open[0].StartedAt.Format(time.RFC3339))
		}
		return tx.addDowntime(id, asset, nil, n)
	})
	return id, err
}

func (tx *Tx) openDowntimes(asset uuid.UUID) ([]models.Downtime, error) {
	return txRead[models.Downtime](tx, `SELECT `+columns[models.Downtime]("d")+` FROM downtimes d
		WHERE d.tenant_id = $1 AND d.asset_id = $2 AND d.ended_at IS NULL ORDER BY d.started_at`, tx.Actor.TenantID, asset)
}

// EndDowntime ends an open downtime at that moment (nil: now). The asset is up again where it was down and no other downtime is
// open. One that has ended already is a conflict.
func (s *Store) EndDowntime(ctx context.Context, id uuid.UUID, at *time.Time) error {
	return s.InTx(ctx, func(tx *Tx) error {
		done, err := tx.once("downtime.end", "downtime", id)
		if done || err != nil {
			return err
		}
		d, err := txReadOne[models.Downtime](tx, "downtime", `SELECT `+columns[models.Downtime]("d")+` FROM downtimes d
			JOIN assets a ON a.tenant_id = $1 AND a.id = d.asset_id
			WHERE d.tenant_id = $1 AND d.id = $2 AND `+scopeSQL("a.location_id", 3)+` FOR UPDATE OF d`,
			tx.Actor.TenantID, id, scopeOf(tx.Actor))
		if err != nil {
			return err
		}
		before := d
		if err := d.End(at, tx.Now); err != nil {
			return err
		}
		if err := tx.closeDowntime(before, d); err != nil {
			return err
		}
		return tx.operate(d.AssetID, models.AssetUp, `operating_state = 'down'
			AND NOT EXISTS (SELECT FROM downtimes d WHERE d.tenant_id = $1 AND d.asset_id = $2 AND d.ended_at IS NULL)`)
	})
}

func (tx *Tx) closeDowntime(before, d models.Downtime) error {
	if _, err := tx.exec(`UPDATE downtimes SET ended_at = $3 WHERE tenant_id = $1 AND id = $2`, d.TenantID, d.ID, d.EndedAt); err != nil {
		return err
	}
	return tx.Audit(Change{Action: "asset.downtime_end", SubjectType: "asset", SubjectID: d.AssetID, Before: &before, After: &d})
}

// closeDowntimes ends what is open when a person says that the asset runs again.
func (tx *Tx) closeDowntimes(asset uuid.UUID) error {
	open, err := tx.openDowntimes(asset)
	if err != nil {
		return err
	}
	for _, d := range open {
		before := d
		if err := d.End(nil, tx.Now); err != nil {
			continue // it begins later: planned, and not meant by this
		}
		if err := tx.closeDowntime(before, d); err != nil {
			return err
		}
	}
	return nil
}

// DowntimeView is a downtime as people read it.
type DowntimeView struct {
	models.Downtime
	AssetCode       string
	AssetName       string
	WorkOrderNumber *string
	WorkOrderTitle  *string
}

var downtimeView = `SELECT ` + columns[models.Downtime]("d") + `, a.code AS asset_code, a.name AS asset_name,
	w.number AS work_order_number, w.title AS work_order_title
	FROM downtimes d
	JOIN assets a ON a.tenant_id = $1 AND a.id = d.asset_id
	LEFT JOIN work_orders w ON w.tenant_id = $1 AND w.id = d.work_order_id
	WHERE d.tenant_id = $1`

// Downtime reads one downtime.
func (s *Store) Downtime(ctx context.Context, id uuid.UUID) (DowntimeView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[DowntimeView](ctx, s, "downtime", downtimeView+` AND d.id = $2 AND `+scopeSQL("a.location_id", 3),
		actor.TenantID, id, scopeOf(actor))
}

var downtimeOrders = map[string]order[DowntimeView]{
	"started_at": byTime("d.started_at", func(v DowntimeView) time.Time { return v.StartedAt }),
}

// Downtimes lists the downtimes of an asset by started_at.
func (s *Store) Downtimes(ctx context.Context, asset uuid.UUID, p Page) (Rows[DowntimeView], error) {
	if _, err := s.Asset(ctx, asset); err != nil {
		return Rows[DowntimeView]{}, err
	}
	l := newListing(ctx, downtimeView, "d.id", func(v DowntimeView) string { return v.ID.String() }, downtimeOrders)
	l.and("d.asset_id = $%d", asset)
	return l.run(ctx, s, p)
}
