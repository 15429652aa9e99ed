package store

import (
	"github.com/google/uuid"

	"mainstay/models"
)

// shapeTree keeps the table's tree still until the commit: two moves at once could close a circle that neither sees alone.
func shapeTree[T any](tx *Tx) error {
	_, err := tx.exec(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, tx.Actor.TenantID.String()+tableOf[T]())
	return err
}

// growTree lets others add to the tree too, but nobody move in it, until the commit.
func growTree[T any](tx *Tx) error {
	_, err := tx.exec(`SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))`, tx.Actor.TenantID.String()+tableOf[T]())
	return err
}

// placeBelow checks that the row may stand below parent: it exists, is in use, and is neither the row itself nor below it. The
// caller holds the tree's lock.
func placeBelow[T any](tx *Tx, id uuid.UUID, parent *uuid.UUID) error {
	if parent == nil {
		return nil
	}
	type step struct {
		ID       uuid.UUID
		Archived bool
	}
	table := tableOf[T]()
	way, err := txRead[step](tx, `WITH RECURSIVE up AS (
			SELECT id, parent_id, archived_at, 0 AS depth FROM `+table+` WHERE tenant_id = $1 AND id = $2
			UNION ALL SELECT t.id, t.parent_id, t.archived_at, up.depth + 1 FROM `+table+` t JOIN up ON t.id = up.parent_id
			WHERE t.tenant_id = $1
		) SELECT id, archived_at IS NOT NULL AS archived FROM up ORDER BY depth`, tx.Actor.TenantID, *parent)
	if err != nil {
		return err
	}
	for _, s := range way {
		if s.ID == id {
			return models.InvalidField("/parent_id", "cycle", "It cannot stand below itself.")
		}
	}
	var archived []bool
	if len(way) > 0 {
		archived = []bool{way[0].Archived}
	}
	return referable(nounOf[T](), "/parent_id", archived)
}

// belowSQL gives the ids below those of the argument's array, down to the next argument's depth (0: all the way).
func belowSQL(table string) string {
	return `(WITH RECURSIVE below AS (
		SELECT c.id, 1 AS depth FROM ` + table + ` c WHERE c.tenant_id = $1 AND c.parent_id = ANY($%d::uuid[])
		UNION ALL SELECT c.id, b.depth + 1 FROM ` + table + ` c JOIN below b ON c.parent_id = b.id
		WHERE c.tenant_id = $1 AND b.depth <> $%d
	) SELECT id FROM below)`
}

// Tree narrows a list to a part of its tree: Roots to what has no parent, Below to what stands below these rows, Depth levels
// down (0: all).
type Tree struct {
	Roots bool
	Below []uuid.UUID
	Depth int
}

// narrow adds the condition; alias is the list's table, whose parent column is parent_id.
func narrow[T, V any](l *listing[V], alias string, t Tree) {
	switch {
	case t.Roots:
		l.and(alias + ".parent_id IS NULL")
	case len(t.Below) > 0:
		l.and(alias+".id IN "+belowSQL(tableOf[T]()), t.Below, t.Depth)
	}
}
