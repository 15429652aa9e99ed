package store

// assetCategoryUses finds what keeps an asset category ($2) in use.
var assetCategoryUses = []string{
	`SELECT FROM assets WHERE tenant_id = $1 AND category_id = $2 AND archived_at IS NULL`,
	`SELECT FROM asset_templates WHERE tenant_id = $1 AND category_id = $2 AND archived_at IS NULL`,
}
