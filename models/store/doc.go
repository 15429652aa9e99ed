// Package store keeps the nouns of models in PostgreSQL, one file a noun.
//
// Two doors lead to the database and no third. A read is one pgx batch: the tenant's scope and the query travel in one
// message and are one implicit transaction (read.go). A write is InTx: a GORM transaction whose BEGIN carries the scope
// (tx.go, connector.go). Row-level security is the second wall behind the tenant predicate that every query states itself:
// without a scope there are no rows, and no setting outlives its transaction.
package store
