package api

import "mainstay/models"

func (s *Server) assetCategoryRoutes() {
	codedRoutes[models.AssetCategory](s, recordNoun{
		path: "/v1/asset-categories", one: "asset category", many: "asset categories",
		read: models.PermissionAssetCategoriesRead, write: models.PermissionAssetCategoriesWrite,
	})
}
