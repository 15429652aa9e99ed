package store

const delegationColumns = `d.tenant_id, d.id, d.user_id, d.to_id, d.starts_at, d.ends_at, d.reason, d.revoked_at, d.created_at`
