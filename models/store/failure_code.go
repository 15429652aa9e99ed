package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// CreateFailureCode adds a code to one of the sets and returns its id.
func (s *Store) CreateFailureCode(ctx context.Context, fill func(*models.FailureCode)) (uuid.UUID, error) {
	return createRecord(ctx, s, func(_ *Tx, c *models.FailureCode) error {
		fill(c)
		return c.Validate()
	})
}

// ChangeFailureCode edits a code; version is the one that the client has seen. Work orders keep the code they were given.
func (s *Store) ChangeFailureCode(ctx context.Context, id uuid.UUID, version int, edit func(*models.FailureCode)) error {
	return changeRecord(ctx, s, "change", id, &version, func(_ *Tx, c *models.FailureCode) error {
		edit(c)
		return c.Validate()
	})
}

// ArchiveFailureCode takes a code out of use.
func (s *Store) ArchiveFailureCode(ctx context.Context, id uuid.UUID, version *int) error {
	return archiveRecord(ctx, s, id, version, func(*Tx, *models.FailureCode) error { return nil })
}

// RestoreFailureCode takes a code into use again.
func (s *Store) RestoreFailureCode(ctx context.Context, id uuid.UUID, version *int) error {
	return restoreRecord(ctx, s, id, version, func(*Tx, *models.FailureCode) error { return nil })
}

func failureCodeColumns() string {
	return `SELECT ` + columns[models.FailureCode]("t") + ` FROM failure_codes t WHERE t.tenant_id = $1`
}

// FailureCode reads one code.
func (s *Store) FailureCode(ctx context.Context, id uuid.UUID) (models.FailureCode, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.FailureCode](ctx, s, "failure_code", failureCodeColumns()+` AND t.id = $2`, actor.TenantID, id)
}

var failureCodeOrders = map[string]order[models.FailureCode]{
	"code":       {"t.code", "text", func(c models.FailureCode) string { return c.Code }},
	"name":       {"t.name", "text", func(c models.FailureCode) string { return c.Name }},
	"created_at": byTime("t.created_at", func(c models.FailureCode) time.Time { return c.CreatedAt }),
}

// FailureCodes lists codes of the given kinds, all where there are none, by code, name or created_at; archived lists what is out
// of use instead.
func (s *Store) FailureCodes(ctx context.Context, kinds []string, text string, archived bool, p Page) (Rows[models.FailureCode], error) {
	l := newListing(ctx, failureCodeColumns(), "t.id", func(c models.FailureCode) string { return c.ID.String() }, failureCodeOrders)
	l.and(archivedSQL("t", archived))
	in(l, "t.kind", "text[]", kinds)
	if text != "" {
		l.and(`(t.code || ' ' || t.name) ILIKE $%d`, likeText(text))
	}
	return l.run(ctx, s, p)
}
