package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// CommentView is a comment with its author's name.
type CommentView struct {
	models.Comment
	AuthorName string
}

const commentView = `SELECT c.tenant_id, c.id, c.subject_type, c.subject_id, c.author_id, c.text, c.created_at,
	coalesce(u.name, '') AS author_name
	FROM comments c LEFT JOIN users u ON u.tenant_id = c.tenant_id AND u.id = c.author_id WHERE c.tenant_id = $1`

// Comment reads one comment.
func (s *Store) Comment(ctx context.Context, id uuid.UUID) (CommentView, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[CommentView](ctx, s, "comment", commentView+` AND c.id = $2`, actor.TenantID, id)
}

var commentOrders = map[string]order[CommentView]{
	"created_at": byTime("c.created_at", func(v CommentView) time.Time { return v.CreatedAt }),
}

// Comments lists what was said about a subject; the caller has checked that the actor may read it.
func (s *Store) Comments(ctx context.Context, subjectType string, subject uuid.UUID, p Page) (Rows[CommentView], error) {
	l := newListing(ctx, commentView, "c.id", func(v CommentView) string { return v.ID.String() }, commentOrders)
	l.and("c.subject_type = $%d AND c.subject_id = $%d", subjectType, subject)
	return l.run(ctx, s, p)
}

// AddComment adds a comment with id to a subject that the actor may read. Repeated with the same key it adds nothing.
func (s *Store) AddComment(ctx context.Context, id uuid.UUID, subjectType string, subject uuid.UUID, text string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("comment.create", "comment", id); done || err != nil {
			return err
		}
		c := models.Comment{
			TenantID: tx.Actor.TenantID, ID: id, SubjectType: subjectType, SubjectID: subject, AuthorID: tx.Actor.UserID, Text: text,
			CreatedAt: tx.Now,
		}
		if err := create(tx, &c); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "comment.create", SubjectType: "comment", SubjectID: id, After: &c})
	})
}
