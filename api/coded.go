package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Coded is a row of a code list (departments, cost centers, asset categories) as the API shows it.
type Coded struct {
	ID          uuid.UUID  `json:"id"`
	Code        string     `json:"code"`
	Name        string     `json:"name"`
	ParentID    *uuid.UUID `json:"parent_id"`
	Parent      *Ref       `json:"parent"`
	HasChildren bool       `json:"has_children"`
	ArchivedAt  *time.Time `json:"archived_at,omitempty"`
	Version     int        `json:"version"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
}

// CodedBody creates a row of a code list.
type CodedBody struct {
	Code     string     `json:"code" minLength:"1" maxLength:"64"`
	Name     string     `json:"name" minLength:"1" maxLength:"300"`
	ParentID *uuid.UUID `json:"parent_id,omitempty"`
}

// CodedPatch changes a row of a code list; parent_id null puts it at the top.
type CodedPatch struct {
	Code     Optional[string]    `json:"code,omitempty"`
	Name     Optional[string]    `json:"name,omitempty"`
	ParentID Optional[uuid.UUID] `json:"parent_id,omitempty"`
}

type codedPatchInput struct {
	ID uuid.UUID `path:"id"`
	IfMatch
	Body CodedPatch
}

type codedListInput struct {
	PageQuery
	TreeQuery
	Q        string `query:"q" maxLength:"200" doc:"text in code or name"`
	Sort     string `query:"sort" enum:"code,-code,name,-name,created_at,-created_at" default:"name"`
	Archived bool   `query:"archived" doc:"what is out of use instead of what is in use"`
}

// row is a pointer to a model that is a row of a code list.
type row[T any] interface {
	*T
	Head() *models.Record
	Entry() *models.Coded
}

// codedRoutes registers the routes of one code list.
func codedRoutes[T any, P row[T]](s *Server, n recordNoun) {
	read := func(ctx context.Context, id uuid.UUID) (*recordOutput[Coded], error) {
		v, err := store.ReadCoded[T](ctx, s.store, id)
		if err != nil {
			return nil, err
		}
		return &recordOutput[Coded]{Location: n.path + "/" + id.String(), ETag: etag(v.Version), Body: codedBody(v)}, nil
	}
	register(s, n.create(), func(ctx context.Context, in *struct{ Body CodedBody }) (*recordOutput[Coded], error) {
		id, err := store.CreateCoded[T, P](ctx, s.store, func(c *models.Coded) {
			c.Code, c.Name, c.ParentID = in.Body.Code, in.Body.Name, in.Body.ParentID
		})
		if err != nil {
			return nil, err
		}
		return read(ctx, id)
	})
	register(s, n.list(), func(ctx context.Context, in *codedListInput) (*listOutput[Coded], error) {
		tree, err := in.tree()
		if err != nil {
			return nil, err
		}
		filter := store.CodedFilter{Text: in.Q, Tree: tree, Archived: in.Archived}
		return listPage(in.PageQuery, in.Sort, codedBody, func(page store.Page) (store.Rows[store.CodedView], error) {
			return store.ListCoded[T](ctx, s.store, filter, page)
		})
	})
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[Coded], error) { return read(ctx, in.ID) })
	register(s, n.change(), func(ctx context.Context, in *codedPatchInput) (*recordOutput[Coded], error) {
		version, err := in.version()
		if err != nil {
			return nil, err
		}
		err = store.ChangeCoded[T, P](ctx, s.store, in.ID, version, func(c *models.Coded) {
			in.Body.Code.apply(&c.Code)
			in.Body.Name.apply(&c.Name)
			in.Body.ParentID.applyPointer(&c.ParentID)
		})
		if err != nil {
			return nil, err
		}
		return read(ctx, in.ID)
	})
	register(s, n.archive(), command(func(ctx context.Context, id uuid.UUID, version *int) error {
		return store.ArchiveCoded[T, P](ctx, s.store, id, version)
	}, read))
	register(s, n.restore(), command(func(ctx context.Context, id uuid.UUID, version *int) error {
		return store.RestoreCoded[T, P](ctx, s.store, id, version)
	}, read))
}

func codedBody(v store.CodedView) Coded {
	return Coded{
		ID: v.ID, Code: v.Code, Name: v.Name, ParentID: v.ParentID, Parent: refOf(v.ParentID, v.ParentCode, v.ParentName),
		HasChildren: v.HasChildren, ArchivedAt: v.ArchivedAt, Version: v.Version, CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
	}
}
