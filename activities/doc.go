// Package activities is what workers do to the world: one struct a domain, one file a noun. Every activity is idempotent:
// a natural key with ON CONFLICT, or the command ledger, makes a second run meet the first one's rows.
package activities
