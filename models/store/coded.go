package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// coded is a pointer to a model that embeds models.Coded.
type coded[T any] interface {
	record[T]
	Entry() *models.Coded
}

// CodedView is a row of a code list as people read it.
type CodedView struct {
	models.Coded
	ParentCode  *string
	ParentName  *string
	HasChildren bool
}

// CodedEdit is what people give a row of a code list.
type CodedEdit func(*models.Coded)

func codedView[T any]() string {
	table := tableOf[T]()
	return `SELECT ` + columns[T]("t") + `, p.code AS parent_code, p.name AS parent_name,
		EXISTS (SELECT FROM ` + table + ` c WHERE c.tenant_id = t.tenant_id AND c.parent_id = t.id AND c.archived_at IS NULL) AS has_children
		FROM ` + table + ` t LEFT JOIN ` + table + ` p ON p.tenant_id = t.tenant_id AND p.id = t.parent_id
		WHERE t.tenant_id = $1`
}

// CreateCoded adds a row to T's code list and returns its id. The code must be free; the parent must be in use.
func CreateCoded[T any, P coded[T]](ctx context.Context, s *Store, fill CodedEdit) (uuid.UUID, error) {
	return createRecord(ctx, s, func(tx *Tx, row P) error {
		fill(row.Entry())
		if err := row.Entry().Validate(); err != nil {
			return err
		}
		if err := growTree[T](tx); err != nil {
			return err
		}
		return placeBelow[T](tx, row.Head().ID, row.Entry().ParentID)
	})
}

// ReadCoded reads one row of T's code list.
func ReadCoded[T any](ctx context.Context, s *Store, id uuid.UUID) (CodedView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[CodedView](ctx, s, nounOf[T](), codedView[T]()+` AND t.id = $2`, actor.TenantID, id)
}

// ChangeCoded edits a row; version is the one that the client has seen. A parent below the row itself is refused.
func ChangeCoded[T any, P coded[T]](ctx context.Context, s *Store, id uuid.UUID, version int, edit CodedEdit) error {
	return changeRecord(ctx, s, "change", id, &version, func(tx *Tx, row P) error {
		was := row.Entry().ParentID
		edit(row.Entry())
		if err := row.Entry().Validate(); err != nil {
			return err
		}
		if sameID(was, row.Entry().ParentID) {
			return nil
		}
		if err := shapeTree[T](tx); err != nil {
			return err
		}
		return placeBelow[T](tx, id, row.Entry().ParentID)
	})
}

// ArchiveCoded takes a row out of use; refused while a row below it or one of another noun that is in use points to it.
func ArchiveCoded[T any, P coded[T]](ctx context.Context, s *Store, id uuid.UUID, version *int) error {
	inUse := append([]string{
		`SELECT FROM ` + tableOf[T]() + ` WHERE tenant_id = $1 AND parent_id = $2 AND archived_at IS NULL`,
	}, codedUses[nounOf[T]()]...)
	return archiveRecord(ctx, s, id, version, func(tx *Tx, _ P) error { return shapeTree[T](tx) }, inUse...)
}

// RestoreCoded takes a row into use again; refused while its parent is out of use.
func RestoreCoded[T any, P coded[T]](ctx context.Context, s *Store, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(tx *Tx, row P) error { return placeBelow[T](tx, id, row.Entry().ParentID) })
}

// codedUses finds, for each code list, what keeps a row ($2) in use.
var codedUses = map[string][]string{
	"department":     departmentUses,
	"cost_center":    costCenterUses,
	"asset_category": assetCategoryUses,
}

// CodedFilter narrows a code list.
type CodedFilter struct {
	Text     string // in code or name
	Tree     Tree
	Archived bool // what is out of use instead of what is in use
}

var codedOrders = map[string]order[CodedView]{
	"code":       {"t.code", "text", func(v CodedView) string { return v.Code }},
	"name":       {"t.name", "text", func(v CodedView) string { return v.Name }},
	"created_at": byTime("t.created_at", func(v CodedView) time.Time { return v.CreatedAt }),
}

// ListCoded lists T's code list by code, name or created_at.
func ListCoded[T any](ctx context.Context, s *Store, f CodedFilter, p Page) (Rows[CodedView], error) {
	l := newListing(ctx, codedView[T](), "t.id", func(v CodedView) string { return v.ID.String() }, codedOrders)
	l.and(archivedSQL("t", f.Archived))
	narrow[T](l, "t", f.Tree)
	if f.Text != "" {
		l.and(`(t.code || ' ' || t.name) ILIKE $%d`, likeText(f.Text))
	}
	return l.run(ctx, s, p)
}

func archivedSQL(alias string, archived bool) string {
	if archived {
		return alias + ".archived_at IS NOT NULL"
	}
	return alias + ".archived_at IS NULL"
}

func sameID(a, b *uuid.UUID) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
