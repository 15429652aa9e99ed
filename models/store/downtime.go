package store

import (
	"github.com/google/uuid"

	"mainstay/models"
)

func (tx *Tx) recordDowntime(asset uuid.UUID, workOrder *uuid.UUID, n models.NewDowntime) error {
	d := models.Downtime{
		TenantID: tx.Actor.TenantID, ID: models.NewID(), AssetID: asset, WorkOrderID: workOrder, StartedAt: n.StartedAt,
		EndedAt: n.EndedAt, Kind: n.Kind, Reason: n.Reason, ActorID: tx.Actor.UserID, CreatedAt: tx.Now,
	}
	if err := create(tx, &d); err != nil {
		return err
	}
	return tx.Audit(Change{Action: "asset.downtime", SubjectType: "asset", SubjectID: asset, After: &d, Reason: n.Reason})
}
