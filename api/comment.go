package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
	"mainstay/models/store"
)

// Comment is what a person said.
type Comment struct {
	ID        uuid.UUID    `json:"id"`
	Author    store.Person `json:"author"`
	Text      string       `json:"text"`
	CreatedAt time.Time    `json:"created_at"`
}

// commented is a noun that takes comments: its path, its name in the rows, who may write and read, and the read that proves
// that the actor sees it.
type commented struct {
	path        string
	subjectType string
	tag         string
	write, read models.Permission
	visible     func(ctx context.Context, id uuid.UUID) error
}

func (s *Server) commentRoutes() {
	s.commentRoutesOf(commented{
		path: "/v1/work-orders/{id}/comments", subjectType: "work_order", tag: "Work orders",
		write: models.PermissionWorkOrdersComment, read: models.PermissionWorkOrdersRead,
		visible: func(ctx context.Context, id uuid.UUID) error { _, err := s.store.WorkOrder(ctx, id); return err },
	})
	s.commentRoutesOf(commented{
		path: "/v1/work-requests/{id}/comments", subjectType: "work_request", tag: "Work requests",
		write: models.PermissionWorkRequestsCreate, read: models.PermissionWorkRequestsRead,
		visible: func(ctx context.Context, id uuid.UUID) error { _, err := s.store.WorkRequest(ctx, id); return err },
	})
}

// CommentBody is a comment to be added.
type CommentBody struct {
	Text string `json:"text" minLength:"1" maxLength:"20000"`
}

type addCommentInput struct {
	ID   uuid.UUID `path:"id"`
	Body CommentBody
}

type commentOutput struct{ Body Comment }

type listCommentsInput struct {
	ID uuid.UUID `path:"id"`
	PageQuery
	Sort string `query:"sort" default:"created_at" enum:"created_at,-created_at"`
}

func (s *Server) commentRoutesOf(noun commented) {
	register(s, operation{
		method: http.MethodPost, path: noun.path, id: "comment-" + noun.subjectType, tag: noun.tag, status: http.StatusCreated,
		summary: "Add a comment", permission: noun.write,
	}, func(ctx context.Context, in *addCommentInput) (*commentOutput, error) {
		if err := noun.visible(ctx, in.ID); err != nil {
			return nil, err
		}
		id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
		if err := s.store.AddComment(ctx, id, noun.subjectType, in.ID, in.Body.Text); err != nil {
			return nil, err
		}
		view, err := s.store.Comment(ctx, id)
		return &commentOutput{Body: commentBody(view)}, err
	})
	register(s, operation{
		method: http.MethodGet, path: noun.path, id: "list-comments-of-" + noun.subjectType, tag: noun.tag,
		summary: "List comments", permission: noun.read,
	}, func(ctx context.Context, in *listCommentsInput) (*listOutput[Comment], error) {
		if err := noun.visible(ctx, in.ID); err != nil {
			return nil, err
		}
		return listPage(in.PageQuery, in.Sort, commentBody, func(page store.Page) (store.Rows[store.CommentView], error) {
			return s.store.Comments(ctx, noun.subjectType, in.ID, page)
		})
	})
}

func commentBody(v store.CommentView) Comment {
	return Comment{ID: v.ID, Author: store.Person{ID: v.AuthorID, Name: v.AuthorName}, Text: v.Text, CreatedAt: v.CreatedAt}
}
