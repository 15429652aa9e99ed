package store

// costCenterUses finds what keeps a cost center ($2) in use.
var costCenterUses = []string{
	`SELECT FROM assets WHERE tenant_id = $1 AND cost_center_id = $2 AND archived_at IS NULL`,
}
