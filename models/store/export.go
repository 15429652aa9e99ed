package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

const exportSelect = `e.tenant_id, e.id, e.kind, e.format, e.filter, e.status, e.object_key, e.rows_total, e.failure, e.actor_id,
	e.actor_kind, e.location_ids, e.finished_at, e.next_action_at, e.process_started_at, e.created_at, e.updated_at`

const exportByID = `SELECT ` + exportSelect + ` FROM exports e WHERE e.tenant_id = $1 AND e.id = $2`

func isUUID(text string) bool {
	_, err := uuid.Parse(text)
	return err == nil
}

// CreateExport writes an export and wakes its process. The same request again changes nothing.
func (s *Store) CreateExport(ctx context.Context, id uuid.UUID, kind models.ExportKind, format models.ExportFormat, f models.ExportFilter) error {
	if err := CheckExport(kind, f); err != nil {
		return err
	}
	if f == nil {
		f = models.ExportFilter{}
	}
	filter, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		done, err := tx.once("export.create", "export", id)
		if done || err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO exports (tenant_id, id, kind, format, filter, status, actor_id, actor_kind, location_ids,
			next_action_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10)`,
			tx.Actor.TenantID, id, string(kind), string(format), string(filter), string(models.ExportRunning), tx.Actor.UserID,
			string(tx.Actor.Kind), scopeOf(tx.Actor), tx.Now); err != nil {
			return err
		}
		if err := tx.fact(models.Delivery{
			TenantID: tx.Actor.TenantID, Kind: models.DeliverRefresh, Process: models.ProcessExport, SubjectID: id, Queue: models.QueueBulk,
		}); err != nil {
			return err
		}
		return tx.Audit(Change{
			Action: "export.create", SubjectType: "export", SubjectID: id,
			After: map[string]any{"kind": kind, "format": format, "filter": f},
		})
	})
}

// Export reads one export of the actor: what a file holds depends on what its owner may see.
func (s *Store) Export(ctx context.Context, id uuid.UUID) (models.Export, error) {
	actor, _ := models.ActorFrom(ctx)
	e, err := readOne[models.Export](ctx, s, "export", exportByID, actor.TenantID, id)
	if err == nil && actor.Kind != models.ActorSystem && e.ActorID != actor.UserID {
		return models.Export{}, models.NotFound("export")
	}
	return e, err
}

var exportOrders = map[string]order[models.Export]{
	"created_at": byTime("e.created_at", func(e models.Export) time.Time { return e.CreatedAt }),
}

// Exports lists the actor's own exports of these kinds, all where there are none, by created_at.
func (s *Store) Exports(ctx context.Context, kinds []string, p Page) (Rows[models.Export], error) {
	actor, _ := models.ActorFrom(ctx)
	l := newListing(ctx, `SELECT `+exportSelect+` FROM exports e WHERE e.tenant_id = $1`, "e.id",
		func(e models.Export) string { return e.ID.String() }, exportOrders)
	l.and("e.actor_id = $%d", actor.UserID)
	in(l, "e.kind", "text[]", kinds)
	return l.run(ctx, s, p)
}

// LoadExport reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadExport(ctx context.Context, id uuid.UUID) (*models.Export, error) {
	var found []models.Export
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[models.Export](tx, `UPDATE exports e SET process_started_at = coalesce(process_started_at, $3)
			WHERE e.tenant_id = $1 AND e.id = $2 RETURNING `+exportSelect, tx.Actor.TenantID, id, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// ExportProgress notes how many rows are written and when to look again; false: the export is no longer running.
func (s *Store) ExportProgress(ctx context.Context, id uuid.UUID, rows int) (bool, error) {
	running := false
	err := s.InTx(ctx, func(tx *Tx) error {
		changed, err := tx.exec(`UPDATE exports SET rows_total = $3, next_action_at = $4, updated_at = $4
			WHERE tenant_id = $1 AND id = $2 AND status = 'running'`, tx.Actor.TenantID, id, rows, tx.Now)
		running = changed == 1
		return err
	})
	return running, err
}

// EndExport ends a running export: with the file's key, with a failure for its owner's eyes, or cancelled. false: it was not
// running.
func (s *Store) EndExport(ctx context.Context, id uuid.UUID, status models.ExportStatus, rows int, objectKey, failure string) (bool, error) {
	ended := false
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		ended, err = tx.endExport(id, status, rows, objectKey, failure)
		return err
	})
	return ended, err
}

// CancelExport ends a running export of the actor. The same request again changes nothing.
func (s *Store) CancelExport(ctx context.Context, id uuid.UUID) error {
	x, err := s.Export(ctx, id)
	if err != nil {
		return err
	}
	return s.InTx(ctx, func(tx *Tx) error {
		if done, err := tx.once("export.cancel", "export", id); done || err != nil {
			return err
		}
		ended, err := tx.endExport(id, models.ExportCancelled, 0, "", "")
		if err == nil && !ended {
			refused := models.Conflict("An export that is %s cannot be asked to cancel.", x.Status)
			refused.AllowedCommands = []string{}
			return refused
		}
		return err
	})
}

func (tx *Tx) endExport(id uuid.UUID, status models.ExportStatus, rows int, objectKey, failure string) (bool, error) {
	changed, err := tx.exec(`UPDATE exports SET status = $3, rows_total = greatest(rows_total, $4), object_key = $5, failure = $6,
		finished_at = $7, next_action_at = NULL, updated_at = $7 WHERE tenant_id = $1 AND id = $2 AND status = 'running'`,
		tx.Actor.TenantID, id, string(status), rows, objectKey, failure, tx.Now)
	if err != nil || changed == 0 {
		return false, err
	}
	return true, tx.Audit(Change{
		Action: "export." + string(status), SubjectType: "export", SubjectID: id,
		Before: map[string]any{"status": models.ExportRunning}, After: map[string]any{"status": status, "rows": rows, "failure": failure},
	})
}

// ExportRow is one row of a list as text.
type ExportRow struct {
	ID    uuid.UUID
	Cells []string
}

// ExportRows reads up to limit rows of the list behind the given id, in the order of ids: rows that come or go meanwhile
// neither repeat nor hide others. The actor in ctx is the export's owner.
func (s *Store) ExportRows(ctx context.Context, kind models.ExportKind, f models.ExportFilter, after uuid.UUID, limit int) ([]ExportRow, error) {
	actor, _ := models.ActorFrom(ctx)
	query, args := exportLists[kind].query(f, limit)
	return read[ExportRow](ctx, s, query, append([]any{actor.TenantID, after, scopeOf(actor)}, args...)...)
}
