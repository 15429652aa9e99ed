package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// recordNoun holds what the routes of a noun that people edit have in common.
type recordNoun struct {
	path  string // "/v1/cost-centers"
	one   string // "cost center"
	many  string
	read  models.Permission
	write models.Permission
}

func (n recordNoun) operation(method, path, verb, name, summary string, permission models.Permission) operation {
	return operation{
		method: method, path: n.path + path, id: verb + "-" + strings.ReplaceAll(name, " ", "-"), summary: summary,
		tag: strings.ToUpper(n.many[:1]) + n.many[1:], permission: permission,
	}
}

func (n recordNoun) create() operation {
	o := n.operation(http.MethodPost, "", "create", n.one, "Create: "+n.one, n.write)
	o.status = http.StatusCreated
	return o
}

func (n recordNoun) list() operation {
	return n.operation(http.MethodGet, "", "list", n.many, "List: "+n.many, n.read)
}

func (n recordNoun) get() operation {
	return n.operation(http.MethodGet, "/{id}", "get", n.one, "Read: "+n.one, n.read)
}

func (n recordNoun) change() operation {
	return n.operation(http.MethodPatch, "/{id}", "change", n.one, "Change by a JSON merge patch: "+n.one, n.write)
}

func (n recordNoun) archive() operation {
	return n.operation(http.MethodPost, "/{id}/archive", "archive", n.one, "Take out of use: "+n.one, n.write)
}

func (n recordNoun) restore() operation {
	return n.operation(http.MethodPost, "/{id}/restore", "restore", n.one, "Take into use again: "+n.one, n.write)
}

// recordOutput is one row with its address and its version.
type recordOutput[T any] struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     T
}

type recordPath struct {
	ID uuid.UUID `path:"id"`
}

// recordCommand is archive and restore: they take no body.
type recordCommand struct {
	ID uuid.UUID `path:"id"`
	MaybeIfMatch
}

// command runs archive or restore and answers with the row as it is then.
func command[T any](
	run func(context.Context, uuid.UUID, *int) error, read func(context.Context, uuid.UUID) (*recordOutput[T], error),
) func(context.Context, *recordCommand) (*recordOutput[T], error) {
	return func(ctx context.Context, in *recordCommand) (*recordOutput[T], error) {
		version, err := in.version()
		if err != nil {
			return nil, err
		}
		if err := run(ctx, in.ID, version); err != nil {
			return nil, err
		}
		return read(ctx, in.ID)
	}
}

// TreeQuery is what the lists of trees take beside PageQuery.
type TreeQuery struct {
	ParentID []string `query:"parent_id,explode" doc:"root: what stands at the top; else ids: what stands below them"`
	Depth    int      `query:"depth" minimum:"0" maximum:"100" doc:"with parent_id: how many levels down; 0 is all"`
}

func (q TreeQuery) tree() (store.Tree, error) {
	t := store.Tree{Depth: q.Depth}
	for _, text := range q.ParentID {
		if text == "root" {
			t.Roots = true
			continue
		}
		id, err := uuid.Parse(text)
		if err != nil {
			return t, models.InvalidField("parent_id", "uuid", "parent_id is root or the id of a row.")
		}
		t.Below = append(t.Below, id)
	}
	if t.Roots && len(t.Below) > 0 {
		return t, models.InvalidField("parent_id", "root", "root stands alone.")
	}
	return t, nil
}
