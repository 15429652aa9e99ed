package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"mainstay/models"
)

// AssetCosts is what an asset has cost, by kind.
type AssetCosts struct {
	Labor    Money `json:"labor"`
	Parts    Money `json:"parts"`
	Services Money `json:"services"`
	Other    Money `json:"other"`
	Total    Money `json:"total"`
}

type assetCostsInput struct {
	ID   uuid.UUID `path:"id"`
	From string    `query:"from" format:"date" doc:"first day"`
	To   string    `query:"to" format:"date" doc:"last day"`
}

type assetCostsOutput struct{ Body AssetCosts }

func (s *Server) assetCostRoutes() {
	register(s, operation{
		method: http.MethodGet, path: "/v1/assets/{id}/costs", id: "get-asset-costs", tag: "Assets",
		summary: "Sum what an asset has cost", permission: models.PermissionCostsRead,
	}, s.assetCosts)
}

func (s *Server) assetCosts(ctx context.Context, in *assetCostsInput) (*assetCostsOutput, error) {
	var faults models.Faults
	from, to := queryDate(&faults, "from", in.From), queryDate(&faults, "to", in.To)
	if err := faults.Err(); err != nil {
		return nil, err
	}
	c, err := s.store.AssetCosts(ctx, in.ID, from, to)
	if err != nil {
		return nil, err
	}
	return &assetCostsOutput{Body: AssetCosts{
		Labor: moneyOf(c.Labor, c.Currency), Parts: moneyOf(c.Parts, c.Currency), Services: moneyOf(c.Services, c.Currency),
		Other: moneyOf(c.Other, c.Currency), Total: moneyOf(c.Total(), c.Currency),
	}}, nil
}
