package store

// departmentUses finds what keeps a department ($2) in use.
var departmentUses = []string{
	`SELECT FROM assets WHERE tenant_id = $1 AND department_id = $2 AND archived_at IS NULL`,
	`SELECT FROM users WHERE tenant_id = $1 AND department_id = $2 AND disabled_at IS NULL`,
}
