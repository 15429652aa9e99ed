package api

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// Meter is a meter as the API shows it, with its latest reading.
type Meter struct {
	ID                  uuid.UUID        `json:"id"`
	AssetID             uuid.UUID        `json:"asset_id"`
	Asset               Ref              `json:"asset"`
	LocationID          uuid.UUID        `json:"location_id" doc:"where the asset stands"`
	Location            Ref              `json:"location"`
	Name                string           `json:"name"`
	Unit                string           `json:"unit"`
	Kind                string           `json:"kind"`
	RolloverAt          *decimal.Decimal `json:"rollover_at"`
	LastValue           *decimal.Decimal `json:"last_value"`
	LastTotal           *decimal.Decimal `json:"last_total" doc:"counted over all rollovers; null for a gauge"`
	LastReadAt          *time.Time       `json:"last_read_at"`
	PerDay              *decimal.Decimal `json:"per_day" doc:"counted a day on average, from the first reading of the year before the last one to the last; null where the readings do not tell"`
	ReadingIntervalDays *int             `json:"reading_interval_days" doc:"how often it should be read"`
	ReadingDueAt        *time.Time       `json:"reading_due_at" doc:"null without an interval"`
	ReadingOverdue      bool             `json:"reading_overdue"`
	ArchivedAt          *time.Time       `json:"archived_at,omitempty"`
	Version             int              `json:"version"`
	CreatedAt           time.Time        `json:"created_at"`
	UpdatedAt           time.Time        `json:"updated_at"`
}

// MeterBody puts a meter on an asset.
type MeterBody struct {
	Name                string           `json:"name" minLength:"1" maxLength:"200"`
	Unit                string           `json:"unit" minLength:"1" maxLength:"40" example:"h"`
	Kind                string           `json:"kind" enum:"continuous,gauge"`
	RolloverAt          *decimal.Decimal `json:"rollover_at,omitempty" doc:"where a continuous meter starts again at zero"`
	ReadingIntervalDays *int             `json:"reading_interval_days,omitempty" minimum:"1" maximum:"3660"`
}

// MeterPatch changes a meter; its kind stays.
type MeterPatch struct {
	Name                Optional[string]          `json:"name,omitempty"`
	Unit                Optional[string]          `json:"unit,omitempty"`
	RolloverAt          Optional[decimal.Decimal] `json:"rollover_at,omitempty"`
	ReadingIntervalDays Optional[int]             `json:"reading_interval_days,omitempty"`
}

type meterPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body MeterPatch
}

type meterListInput struct {
	PageQuery
	Sort           string   `query:"sort" enum:"name,-name,last_read_at,-last_read_at,created_at,-created_at" default:"name"`
	Q              string   `query:"q" maxLength:"200" doc:"in its name, or in its asset's code or name"`
	AssetID        []string `query:"asset_id,explode"`
	LocationID     []string `query:"location_id,explode" doc:"where the asset stands; with what lies below"`
	Kind           []string `query:"kind,explode" enum:"continuous,gauge"`
	ReadingOverdue string   `query:"reading_overdue" enum:"true,false" doc:"past its reading interval"`
	Archived       bool     `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (in *meterListInput) filter() (store.MeterFilter, error) {
	f := store.MeterFilter{Text: strings.TrimSpace(in.Q), Kinds: in.Kind, Archived: in.Archived}
	var faults models.Faults
	f.AssetIDs = queryIDs(&faults, "asset_id", in.AssetID)
	f.LocationIDs = queryIDs(&faults, "location_id", in.LocationID)
	if in.ReadingOverdue != "" {
		f.ReadingOverdue = new(in.ReadingOverdue == "true")
	}
	return f, faults.Err()
}

type assetMeterListInput struct {
	PageQuery
	ID       uuid.UUID `path:"id"`
	Sort     string    `query:"sort" enum:"name,-name,last_read_at,-last_read_at,created_at,-created_at" default:"name"`
	Archived bool      `query:"archived" doc:"what is out of use instead of what is in use"`
}

func (s *Server) meterRoutes() {
	onAsset := recordNoun{
		path: "/v1/assets/{id}/meters", one: "meter", many: "meters", read: models.PermissionMetersRead, write: models.PermissionMetersWrite,
	}
	n := onAsset
	n.path = "/v1/meters"
	register(s, onAsset.create(), s.createMeter)
	listOnAsset := onAsset.list()
	listOnAsset.id, listOnAsset.summary = "list-asset-meters", "List the meters of an asset"
	register(s, listOnAsset, s.listAssetMeters)
	register(s, n.list(), s.listMeters)
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
		m.ReadingIntervalDays = in.Body.ReadingIntervalDays
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
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	return listPage(in.PageQuery, in.Sort, meterBody, func(page store.Page) (store.Rows[store.MeterView], error) {
		return s.store.Meters(ctx, filter, page)
	})
}

func (s *Server) listAssetMeters(ctx context.Context, in *assetMeterListInput) (*listOutput[Meter], error) {
	return listPage(in.PageQuery, in.Sort, meterBody, func(page store.Page) (store.Rows[store.MeterView], error) {
		return s.store.AssetMeters(ctx, in.ID, in.Archived, page)
	})
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
		in.Body.ReadingIntervalDays.applyPointer(&m.ReadingIntervalDays)
	})
	if err != nil {
		return nil, err
	}
	return s.readMeter(ctx, in.ID)
}

func meterBody(v store.MeterView) Meter {
	m := Meter{
		ID: v.ID, AssetID: v.AssetID, Asset: Ref{ID: v.AssetID, Code: v.AssetCode, Name: v.AssetName}, LocationID: v.LocationID,
		Location: Ref{ID: v.LocationID, Code: v.LocationCode, Name: v.LocationName}, Name: v.Name, Unit: v.Unit,
		Kind: string(v.Kind), RolloverAt: v.RolloverAt, LastValue: v.LastValue, LastTotal: v.LastTotal, LastReadAt: v.LastReadAt,
		ReadingIntervalDays: v.ReadingIntervalDays, ReadingDueAt: v.ReadingDueAt(), ArchivedAt: v.ArchivedAt, Version: v.Version,
		CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
	m.ReadingOverdue = m.ReadingDueAt != nil && m.ReadingDueAt.Before(time.Now())
	if v.Usage != nil {
		m.PerDay = new(v.Usage.PerDay().Round(perDayScale))
	}
	return m
}

// perDayScale is how many decimal places an average has.
const perDayScale = 2
