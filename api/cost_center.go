package api

import "mainstay/models"

func (s *Server) costCenterRoutes() {
	codedRoutes[models.CostCenter](s, recordNoun{
		path: "/v1/cost-centers", one: "cost center", many: "cost centers",
		read: models.PermissionCostCentersRead, write: models.PermissionCostCentersWrite,
	})
}
