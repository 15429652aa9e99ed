package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Downtime is a time in which an asset stood still. While ended_at is null it still does.
type Downtime struct {
	ID          uuid.UUID  `json:"id"`
	AssetID     uuid.UUID  `json:"asset_id"`
	Asset       Ref        `json:"asset"`
	WorkOrderID *uuid.UUID `json:"work_order_id"`
	WorkOrder   *Ref       `json:"work_order"`
	StartedAt   time.Time  `json:"started_at"`
	EndedAt     *time.Time `json:"ended_at"`
	Kind        string     `json:"kind"`
	Reason      string     `json:"reason"`
	CreatedAt   time.Time  `json:"created_at"`
}

// EndDowntimeBody ends a downtime; now where ended_at is left out.
type EndDowntimeBody struct {
	EndedAt *time.Time `json:"ended_at,omitempty"`
}

type downtimeOutput struct {
	Location string `header:"Location"`
	Body     Downtime
}

func (s *Server) downtimeRoutes() {
	const tag = "Assets"
	register(s, operation{
		method: http.MethodPost, path: "/v1/assets/{id}/downtimes", id: "create-downtime", tag: tag, status: http.StatusCreated,
		summary: "Record a downtime; an open one takes the asset down", permission: models.PermissionDowntimesWrite,
	}, s.createDowntime)
	register(s, operation{
		method: http.MethodGet, path: "/v1/assets/{id}/downtimes", id: "list-downtimes", tag: tag,
		summary: "List an asset's downtimes, the latest first", permission: models.PermissionAssetsRead,
	}, s.listDowntimes)
	register(s, operation{
		method: http.MethodPost, path: "/v1/downtimes/{id}/end", id: "end-downtime", tag: tag,
		summary: "End an open downtime; the asset is up again", permission: models.PermissionDowntimesWrite,
	}, s.endDowntime)
}

func (s *Server) createDowntime(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body DowntimeBody
},
) (*downtimeOutput, error) {
	id, err := s.store.CreateDowntime(ctx, in.ID, *in.Body.downtime())
	if err != nil {
		return nil, err
	}
	return s.readDowntime(ctx, id)
}

func (s *Server) endDowntime(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body *EndDowntimeBody
},
) (*downtimeOutput, error) {
	var at *time.Time
	if in.Body != nil {
		at = in.Body.EndedAt
	}
	if err := s.store.EndDowntime(ctx, in.ID, at); err != nil {
		return nil, err
	}
	return s.readDowntime(ctx, in.ID)
}

func (s *Server) readDowntime(ctx context.Context, id uuid.UUID) (*downtimeOutput, error) {
	v, err := s.store.Downtime(ctx, id)
	if err != nil {
		return nil, err
	}
	return &downtimeOutput{Location: "/v1/assets/" + v.AssetID.String() + "/downtimes", Body: downtimeBody(v)}, nil
}

func (s *Server) listDowntimes(ctx context.Context, in *assetPartList) (*listOutput[Downtime], error) {
	const latestFirst = "-started_at"
	return listPage(in.PageQuery, latestFirst, downtimeBody, func(page store.Page) (store.Rows[store.DowntimeView], error) {
		return s.store.Downtimes(ctx, in.ID, page)
	})
}

func downtimeBody(v store.DowntimeView) Downtime {
	d := Downtime{
		ID: v.ID, AssetID: v.AssetID, Asset: Ref{ID: v.AssetID, Code: v.AssetCode, Name: v.AssetName}, WorkOrderID: v.WorkOrderID,
		StartedAt: v.StartedAt, EndedAt: v.EndedAt, Kind: string(v.Kind), Reason: v.Reason, CreatedAt: v.CreatedAt,
	}
	if v.WorkOrderID != nil && v.WorkOrderNumber != nil && v.WorkOrderTitle != nil {
		d.WorkOrder = &Ref{ID: *v.WorkOrderID, Number: *v.WorkOrderNumber, Name: *v.WorkOrderTitle}
	}
	return d
}
