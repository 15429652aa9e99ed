package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"mainstay/models"
	"mainstay/models/store"
)

// MeterReading is one value of a meter.
type MeterReading struct {
	ID        uuid.UUID        `json:"id"`
	MeterID   uuid.UUID        `json:"meter_id"`
	Value     decimal.Decimal  `json:"value"`
	Total     *decimal.Decimal `json:"total" doc:"counted over all rollovers; null for a gauge"`
	ReadAt    time.Time        `json:"read_at"`
	CreatedAt time.Time        `json:"created_at"`
}

// MeterReadingBody takes a reading; readings may arrive in any order.
type MeterReadingBody struct {
	Value  decimal.Decimal `json:"value"`
	ReadAt time.Time       `json:"read_at"`
}

type meterReadingOutput struct {
	Location string `header:"Location"`
	Body     MeterReading
}

type meterReadingListInput struct {
	PageQuery
	ID   uuid.UUID `path:"id"`
	Sort string    `query:"sort" enum:"read_at,-read_at" default:"-read_at"`
	From time.Time `query:"from" doc:"inclusive"`
	To   time.Time `query:"to" doc:"exclusive"`
}

func (s *Server) meterReadingRoutes() {
	const tag = "Meters"
	register(s, operation{
		method: http.MethodPost, path: "/v1/meters/{id}/readings", id: "create-meter-reading", tag: tag, status: http.StatusCreated,
		summary: "Take a reading", permission: models.PermissionMeterReadingsWrite,
	}, s.createMeterReading)
	register(s, operation{
		method: http.MethodGet, path: "/v1/meters/{id}/readings", id: "list-meter-readings", tag: tag,
		summary: "List readings", permission: models.PermissionMetersRead,
	}, s.listMeterReadings)
}

func (s *Server) createMeterReading(ctx context.Context, in *struct {
	ID   uuid.UUID `path:"id"`
	Body MeterReadingBody
},
) (*meterReadingOutput, error) {
	r, err := s.store.ReadMeter(ctx, in.ID, in.Body.Value, in.Body.ReadAt)
	if err != nil {
		return nil, err
	}
	return &meterReadingOutput{Location: "/v1/meters/" + in.ID.String() + "/readings", Body: meterReadingBody(r)}, nil
}

func (s *Server) listMeterReadings(ctx context.Context, in *meterReadingListInput) (*listOutput[MeterReading], error) {
	return listPage(in.PageQuery, in.Sort, meterReadingBody, func(page store.Page) (store.Rows[models.MeterReading], error) {
		return s.store.MeterReadings(ctx, in.ID, given(in.From), given(in.To), page)
	})
}

// given is a query's time; nil where it was left out.
func given(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func meterReadingBody(r models.MeterReading) MeterReading {
	return MeterReading{ID: r.ID, MeterID: r.MeterID, Value: r.Value, Total: r.Total, ReadAt: r.ReadAt, CreatedAt: r.CreatedAt}
}
