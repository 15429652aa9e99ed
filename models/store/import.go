package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

const importColumns = `i.tenant_id, i.id, i.kind, i.status, i.mapping, i.dry_run, i.object_key, i.errors_key, i.file_name,
	i.file_sha256, i.rows_total, i.rows_ok, i.rows_failed, i.rows_changed, i.rows_done, i.failure, i.actor_id, i.actor_kind,
	i.location_ids, i.finished_at, i.next_action_at, i.process_started_at, i.created_at, i.updated_at`

const importByID = `SELECT ` + importColumns + ` FROM imports i WHERE i.tenant_id = $1 AND i.id = $2`

// CreateImport writes an import whose file is stored and wakes its process. The same request again changes nothing.
func (s *Store) CreateImport(ctx context.Context, i models.Import) error {
	return s.InTx(ctx, func(tx *Tx) error {
		done, err := tx.once("import.create", "import", i.ID)
		if done || err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO imports (tenant_id, id, kind, status, mapping, dry_run, object_key, file_name, file_sha256,
			actor_id, actor_kind, location_ids, next_action_at, created_at, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13)`,
			tx.Actor.TenantID, i.ID, string(i.Kind), string(models.ImportValidating), string(i.Mapping), i.DryRun, i.ObjectKey, i.FileName,
			i.FileSHA256, tx.Actor.UserID, string(tx.Actor.Kind), scopeOf(tx.Actor), tx.Now); err != nil {
			return err
		}
		if err := tx.wakeImport(i.ID); err != nil {
			return err
		}
		return tx.Audit(Change{
			Action: "import.create", SubjectType: "import", SubjectID: i.ID,
			After: map[string]any{"kind": i.Kind, "file_name": i.FileName, "dry_run": i.DryRun},
		})
	})
}

func (tx *Tx) wakeImport(id uuid.UUID) error {
	return tx.fact(models.Delivery{
		TenantID: tx.Actor.TenantID, Kind: models.DeliverRefresh, Process: models.ProcessImport, SubjectID: id, Queue: models.QueueBulk,
	})
}

// Import reads one import.
func (s *Store) Import(ctx context.Context, id uuid.UUID) (models.Import, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.Import](ctx, s, "import", importByID, actor.TenantID, id)
}

// ImportQuery filters a list of imports.
type ImportQuery struct {
	Page
	Kinds    []string
	Statuses []string
}

var importOrders = map[string]order[models.Import]{
	"created_at": byTime("i.created_at", func(i models.Import) time.Time { return i.CreatedAt }),
}

// Imports lists the imports of the tenant, whoever asked for them, by created_at.
func (s *Store) Imports(ctx context.Context, q ImportQuery) (Rows[models.Import], error) {
	l := newListing(ctx, `SELECT `+importColumns+` FROM imports i WHERE i.tenant_id = $1`, "i.id",
		func(i models.Import) string { return i.ID.String() }, importOrders)
	in(l, "i.kind", "text[]", q.Kinds)
	in(l, "i.status", "text[]", q.Statuses)
	return l.run(ctx, s, q.Page)
}

// CommandImport commits a validated import, or cancels one that is not at its end: chunks already committed stay.
func (s *Store) CommandImport(ctx context.Context, id uuid.UUID, command string) (models.Import, error) {
	var after models.Import
	err := s.InTx(ctx, func(tx *Tx) error {
		done, err := tx.once("import."+command, "import", id)
		if err != nil {
			return err
		}
		before, err := tx.lockImport(id)
		if err != nil || done {
			after = before
			return err
		}
		if err := before.Status.Check(command); err != nil {
			return err
		}
		after = before
		if command == "commit" {
			after, err = tx.runImport(before)
		} else {
			after, err = tx.endImport(before, models.ImportCancelled, "", before.ErrorsKey)
		}
		if err != nil {
			return err
		}
		return tx.Audit(Change{
			Action: "import." + command, SubjectType: "import", SubjectID: id,
			Before: map[string]any{"status": before.Status}, After: map[string]any{"status": after.Status},
		})
	})
	return after, err
}

func (tx *Tx) lockImport(id uuid.UUID) (models.Import, error) {
	return txReadOne[models.Import](tx, "import", importByID+" FOR NO KEY UPDATE", tx.Actor.TenantID, id)
}

// runImport begins the phase that writes: counts and faults start anew.
func (tx *Tx) runImport(i models.Import) (models.Import, error) {
	if _, err := tx.exec(`DELETE FROM import_faults WHERE tenant_id = $1 AND import_id = $2`, i.TenantID, i.ID); err != nil {
		return i, err
	}
	i.Status, i.NextActionAt, i.UpdatedAt = models.ImportRunning, &tx.Now, tx.Now
	i.RowsOK, i.RowsFailed, i.RowsChanged, i.RowsDone = 0, 0, 0, 0
	if err := tx.saveImport(i); err != nil {
		return i, err
	}
	return i, tx.wakeImport(i.ID)
}

func (tx *Tx) endImport(i models.Import, status models.ImportStatus, failure, errorsKey string) (models.Import, error) {
	i.Status, i.Failure, i.ErrorsKey, i.NextActionAt, i.UpdatedAt = status, failure, errorsKey, nil, tx.Now
	if status != models.ImportValidated {
		i.FinishedAt = &tx.Now
	}
	return i, tx.saveImport(i)
}

func (tx *Tx) saveImport(i models.Import) error {
	_, err := tx.exec(`UPDATE imports SET status = $3, errors_key = $4, rows_total = $5, rows_ok = $6, rows_failed = $7,
		rows_changed = $8, rows_done = $9, failure = $10, finished_at = $11, next_action_at = $12, updated_at = $13
		WHERE tenant_id = $1 AND id = $2`, i.TenantID, i.ID, string(i.Status), i.ErrorsKey, i.RowsTotal, i.RowsOK, i.RowsFailed,
		i.RowsChanged, i.RowsDone, i.Failure, i.FinishedAt, i.NextActionAt, i.UpdatedAt)
	return err
}

// LoadImport reads the row for its process and notes that the process runs. Nil when there is no such row.
func (s *Store) LoadImport(ctx context.Context, id uuid.UUID) (*models.Import, error) {
	var found []models.Import
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		found, err = txRead[models.Import](tx, `UPDATE imports i SET process_started_at = coalesce(process_started_at, $3)
			WHERE i.tenant_id = $1 AND i.id = $2 RETURNING `+importColumns, tx.Actor.TenantID, id, tx.Now)
		return err
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// EndImportPhase is called when all rows were gone through: a dry run is validated, any other goes on to write, and what has
// written is completed. errorsKey names the file of row errors, empty where there are none. A repeat changes nothing.
func (s *Store) EndImportPhase(ctx context.Context, id uuid.UUID, phase models.ImportStatus, errorsKey string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		i, err := tx.lockImport(id)
		if err != nil || i.Status != phase {
			return err
		}
		before := i.Status
		switch {
		case phase == models.ImportRunning:
			i, err = tx.endImport(i, models.ImportCompleted, "", errorsKey)
		case i.DryRun:
			i, err = tx.endImport(i, models.ImportValidated, "", errorsKey)
		default:
			i, err = tx.runImport(i)
		}
		if err != nil {
			return err
		}
		return tx.Audit(Change{
			Action: "import." + string(i.Status), SubjectType: "import", SubjectID: id, Before: map[string]any{"status": before},
			After: map[string]any{"status": i.Status, "rows_ok": i.RowsOK, "rows_failed": i.RowsFailed, "rows_changed": i.RowsChanged},
		})
	})
}

// FailImport ends an import whose file cannot be read on. failure is for its owner's eyes. What was committed stays.
func (s *Store) FailImport(ctx context.Context, id uuid.UUID, failure string) error {
	return s.InTx(ctx, func(tx *Tx) error {
		i, err := tx.lockImport(id)
		if err != nil || !i.Status.Working() {
			return err
		}
		if _, err := tx.endImport(i, models.ImportFailed, failure, i.ErrorsKey); err != nil {
			return err
		}
		return tx.Audit(Change{
			Action: "import.failed", SubjectType: "import", SubjectID: id,
			Before: map[string]any{"status": i.Status}, After: map[string]any{"status": models.ImportFailed, "failure": failure},
		})
	})
}

// ImportFaults reads up to limit faults of the running phase, after the one with the given id, in the order in which they were found.
func (s *Store) ImportFaults(ctx context.Context, id uuid.UUID, after int64, limit int) ([]ImportFault, error) {
	actor, _ := models.ActorFrom(ctx)
	return read[ImportFault](ctx, s, `SELECT id, line, column_name AS "column", code, detail FROM import_faults
		WHERE tenant_id = $1 AND import_id = $2 AND id > $3 ORDER BY id LIMIT $4`, actor.TenantID, id, after, limit)
}

// ImportFault is a kept fault.
type ImportFault struct {
	ID int64
	models.RowFault
}

// TenantCurrency returns the currency of the actor's tenant.
func (s *Store) TenantCurrency(ctx context.Context) (string, error) {
	actor, _ := models.ActorFrom(ctx)
	found, err := readValues[string](ctx, s, `SELECT currency FROM tenants WHERE id = $1`, actor.TenantID)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}
