package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// AssetMove is one step of an asset's history of places.
type AssetMove struct {
	ID             uuid.UUID     `json:"id"`
	AssetID        uuid.UUID     `json:"asset_id"`
	FromLocationID uuid.UUID     `json:"from_location_id"`
	FromLocation   Ref           `json:"from_location"`
	ToLocationID   uuid.UUID     `json:"to_location_id"`
	ToLocation     Ref           `json:"to_location"`
	FromParentID   *uuid.UUID    `json:"from_parent_id"`
	FromParent     *Ref          `json:"from_parent"`
	ToParentID     *uuid.UUID    `json:"to_parent_id"`
	ToParent       *Ref          `json:"to_parent"`
	MovedAt        time.Time     `json:"moved_at"`
	Reason         string        `json:"reason"`
	Actor          *store.Person `json:"actor"`
}

// AssetMoveBody moves an asset and what is below it. Without parent_id the parent stays; null detaches.
type AssetMoveBody struct {
	LocationID uuid.UUID           `json:"location_id"`
	ParentID   Optional[uuid.UUID] `json:"parent_id,omitempty"`
	At         *time.Time          `json:"at,omitempty" doc:"when it happened; now where it is left out"`
	Reason     string              `json:"reason" minLength:"1" maxLength:"2000"`
}

type assetMoveInput struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
	Body AssetMoveBody
}

type assetPartList struct {
	PageQuery
	ID uuid.UUID `path:"id"`
}

func (s *Server) assetMoveRoutes(n recordNoun) {
	register(s, n.operation(http.MethodPost, "/{id}/move", "move", n.one, "Move an asset and what is below it", models.PermissionAssetsMove), s.moveAsset)
	register(s, n.operation(http.MethodGet, "/{id}/moves", "list", "asset moves", "List where an asset stood", n.read), s.listAssetMoves)
}

func (s *Server) moveAsset(ctx context.Context, in *assetMoveInput) (*recordOutput[Asset], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	n := models.NewAssetMove{LocationID: in.Body.LocationID, SetParent: in.Body.ParentID.Set, At: in.Body.At, Reason: in.Body.Reason}
	in.Body.ParentID.applyPointer(&n.ParentID)
	if err := s.store.MoveAsset(ctx, in.ID, version, n); err != nil {
		return nil, err
	}
	return s.readAsset(ctx, in.ID)
}

func (s *Server) listAssetMoves(ctx context.Context, in *assetPartList) (*listOutput[AssetMove], error) {
	const newestFirst = "-moved_at"
	return listPage(in.PageQuery, newestFirst, assetMoveBody, func(page store.Page) (store.Rows[store.AssetMoveView], error) {
		return s.store.AssetMoves(ctx, in.ID, page)
	})
}

func assetMoveBody(v store.AssetMoveView) AssetMove {
	return AssetMove{
		ID: v.ID, AssetID: v.AssetID, FromLocationID: v.FromLocationID,
		FromLocation: Ref{ID: v.FromLocationID, Code: v.FromLocationCode, Name: v.FromLocationName}, ToLocationID: v.ToLocationID,
		ToLocation: Ref{ID: v.ToLocationID, Code: v.ToLocationCode, Name: v.ToLocationName}, FromParentID: v.FromParentID,
		FromParent: refOf(v.FromParentID, v.FromParentCode, v.FromParentName), ToParentID: v.ToParentID,
		ToParent: refOf(v.ToParentID, v.ToParentCode, v.ToParentName), MovedAt: v.MovedAt, Reason: v.Reason,
		Actor: personOf(v.ActorID, v.ActorName),
	}
}

// personOf names who acted; nil where it was the system.
func personOf(id uuid.UUID, name *string) *store.Person {
	if name == nil {
		return nil
	}
	return &store.Person{ID: id, Name: *name}
}
