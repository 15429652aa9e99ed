// Package store keeps the nouns of models in PostgreSQL, one file a noun.
//
// Two doors lead to the database and no third. A read is one pgx batch: the tenant's scope and the query travel in one
// message and are one implicit transaction (read.go). A write is InTx: a GORM transaction whose BEGIN carries the scope
// (tx.go, connector.go). Row-level security is the second wall behind the tenant predicate that every query states itself:
// without a scope there are no rows, and no setting outlives its transaction.
//
// What holds of every method unless it says otherwise. The actor of the context is who asks; a row of another tenant, or outside the
// locations that the actor is limited to, is CodeNotFound. A list takes the orders that it names, "-" before one turns it round, and any
// other is CodeInvalid. A create is done once for its Idempotency-Key: a repeat returns the first id, another body under the key is
// CodeKeyReused. A version is the one that the client has seen, nil for any; another one is CodePreconditionFailed. A row is written with its
// audit event in one transaction. Taking a row out of use that is still needed is CodeConflict.
package store
