package api

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// Meter is a meter as the API shows it, with its latest reading.
type Meter struct {
	ID         uuid.UUID        `json:"id"`
	AssetID    uuid.UUID        `json:"asset_id"`
	Asset      Ref              `json:"asset"`
	Name       string           `json:"name"`
	Unit       string           `json:"unit"`
	Kind       string           `json:"kind"`
	RolloverAt *decimal.Decimal `json:"rollover_at"`
	LastValue  *decimal.Decimal `json:"last_value"`
	LastTotal  *decimal.Decimal `json:"last_total" doc:"counted over all rollovers; null for a gauge"`
	LastReadAt *time.Time       `json:"last_read_at"`
	ArchivedAt *time.Time       `json:"archived_at,omitempty"`
	Version    int              `json:"version"`
	CreatedAt  time.Time        `json:"created_at"`
	UpdatedAt  time.Time        `json:"updated_at"`
}

// MeterBody puts a meter on an asset.
type MeterBody struct {
	Name       string           `json:"name" minLength:"1" maxLength:"200"`
	Unit       string           `json:"unit" minLength:"1" maxLength:"40" example:"h"`
	Kind       string           `json:"kind" enum:"continuous,gauge"`
	RolloverAt *decimal.Decimal `json:"rollover_at,omitempty" doc:"where a continuous meter starts again at zero"`
}

// MeterPatch changes a meter; its kind stays.
type MeterPatch struct {
	Name       Optional[string]          `json:"name,omitempty"`
	Unit       Optional[string]          `json:"unit,omitempty"`
	RolloverAt Optional[decimal.Decimal] `json:"rollover_at,omitempty"`
}

type meterPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body MeterPatch
}

type meterListInput struct {
	PageQuery
	ID       uuid.UUID `path:"id"`
	Sort     string    `query:"sort" enum:"name,-name,created_at,-created_at" default:"name"`
	Archived bool      `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) meterRoutes() {
	onAsset := recordNoun{
		path: "/v1/assets/{id}/meters", one: "meter", many: "meters", read: models.PermissionMetersRead, write: models.PermissionMetersWrite,
	}
	n := onAsset
	n.path = "/v1/meters"
	register(s, onAsset.create(), s.createMeter)
	register(s, onAsset.list(), s.listMeters)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[Meter], error) {
		return s.readMeter(ctx, in.ID)
	})
	register(s, n.change(), s.changeMeter)
	register(s, n.archive(), command(s.store.ArchiveMeter, s.readMeter))
	register(s, n.restore(), command(s.store.RestoreMeter, s.readMeter))
	s.meterReadingRoutes()
}

func (s *Server) createMeter(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body MeterBody
},
) (*recordOutput[Meter], error) {
	id, err := s.store.CreateMeter(ctx, in.ID, func(m *models.Meter) {
		m.Name, m.Unit, m.Kind, m.RolloverAt = in.Body.Name, in.Body.Unit, models.MeterKind(in.Body.Kind), in.Body.RolloverAt
	})
	if err != nil {
		return nil, err
	}
	return s.readMeter(ctx, id)
}

func (s *Server) readMeter(ctx context.Context, id uuid.UUID) (*recordOutput[Meter], error) {
	v, err := s.store.Meter(ctx, id)
	if err != nil {
		return nil, err
	}
	return &recordOutput[Meter]{Location: "/v1/meters/" + id.String(), ETag: etag(v.Version), Body: meterBody(v)}, nil
}

func (s *Server) listMeters(ctx context.Context, in *meterListInput) (*listOutput[Meter], error) {
	page, err := in.page(in.Sort)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Meters(ctx, in.ID, in.Archived, page)
	if err != nil {
		return nil, err
	}
	return &listOutput[Meter]{Body: pageOf(rows, in.Sort, meterBody)}, nil
}

func (s *Server) changeMeter(ctx context.Context, in *meterPatchInput) (*recordOutput[Meter], error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	err = s.store.ChangeMeter(ctx, in.ID, version, func(m *models.Meter) {
		in.Body.Name.apply(&m.Name)
		in.Body.Unit.apply(&m.Unit)
		in.Body.RolloverAt.applyPointer(&m.RolloverAt)
	})
	if err != nil {
		return nil, err
	}
	return s.readMeter(ctx, in.ID)
}

func meterBody(v store.MeterView) Meter {
	return Meter{
		ID: v.ID, AssetID: v.AssetID, Asset: Ref{ID: v.AssetID, Code: v.AssetCode, Name: v.AssetName}, Name: v.Name, Unit: v.Unit,
		Kind: string(v.Kind), RolloverAt: v.RolloverAt, LastValue: v.LastValue, LastTotal: v.LastTotal, LastReadAt: v.LastReadAt,
		ArchivedAt: v.ArchivedAt, Version: v.Version, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
}
