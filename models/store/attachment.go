package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// attachmentPlaces says where a subject ($2) stands, for the actor's scope; a row without a place is seen from everywhere.
var attachmentPlaces = map[string]string{
	"asset":                `SELECT location_id FROM assets WHERE tenant_id = $1 AND id = $2`,
	"asset_disposal":       `SELECT from_location_id FROM asset_requests WHERE kind = 'asset_disposal' AND tenant_id = $1 AND id = $2`,
	"asset_transfer":       `SELECT from_location_id FROM asset_requests WHERE kind = 'asset_transfer' AND tenant_id = $1 AND id = $2`,
	"asset_template":       `SELECT NULL::uuid FROM asset_templates WHERE tenant_id = $1 AND id = $2`,
	"location":             `SELECT id FROM locations WHERE tenant_id = $1 AND id = $2`,
	"maintenance_schedule": `SELECT location_id FROM maintenance_schedules WHERE tenant_id = $1 AND id = $2`,
	"purchase_order":       `SELECT NULL::uuid FROM purchase_orders WHERE tenant_id = $1 AND id = $2`,
	"work_order":           `SELECT location_id FROM work_orders WHERE tenant_id = $1 AND id = $2`,
	"work_request":         `SELECT location_id FROM work_requests WHERE tenant_id = $1 AND id = $2`,
}

// mustSeeSubject refuses a subject that is not there, not the actor's to read, or outside its locations.
func (s *Store) mustSeeSubject(ctx context.Context, subjectType string, id uuid.UUID) error {
	actor, _ := models.ActorFrom(ctx)
	if err := actor.MayReadFilesOf(subjectType); err != nil {
		return err
	}
	seen, err := readValues[bool](ctx, s, `SELECT p.place IS NULL OR `+scopeSQL("p.place", 3)+`
		FROM (`+attachmentPlaces[subjectType]+`) p (place)`, actor.TenantID, id, scopeOf(actor))
	if err != nil {
		return err
	}
	if len(seen) == 0 || !seen[0] {
		return models.InvalidField("/subject_id", "not_found", "There is no such %s.", words(subjectType))
	}
	return nil
}

// CreateAttachment announces a file of a record and returns its row, or, for a repeat, the row as it is now. keyOf names the
// stored object.
func (s *Store) CreateAttachment(ctx context.Context, n models.NewAttachment, keyOf func(tenant, id uuid.UUID) string) (models.Attachment, error) {
	if err := n.Validate(); err != nil {
		return models.Attachment{}, err
	}
	if err := s.mustSeeSubject(ctx, n.SubjectType, n.SubjectID); err != nil {
		return models.Attachment{}, err
	}
	var id uuid.UUID
	err := s.InTx(ctx, func(tx *Tx) error {
		id = models.SubjectID(tx.Command.ID)
		done, err := tx.once("attachment.create", "attachment", id)
		if done || err != nil {
			return err
		}
		a := models.Attachment{
			TenantID: tx.Actor.TenantID, ID: id, SubjectType: n.SubjectType, SubjectID: n.SubjectID, Filename: n.Filename,
			ContentType: n.ContentType, SizeBytes: n.SizeBytes, SHA256: n.SHA256, ObjectKey: keyOf(tx.Actor.TenantID, id),
			ActorID: tx.Actor.UserID, CreatedAt: tx.Now,
		}
		if a.ContentType == "" {
			a.ContentType = "application/octet-stream"
		}
		if err := create(tx, &a); err != nil {
			return err
		}
		return tx.Audit(Change{Action: "attachment.create", SubjectType: n.SubjectType, SubjectID: n.SubjectID, After: &a})
	})
	if err != nil {
		return models.Attachment{}, err
	}
	return s.Attachment(ctx, id)
}

var attachmentColumns = `SELECT ` + columns[models.Attachment]("f") + ` FROM attachments f WHERE f.tenant_id = $1 AND f.deleted_at IS NULL`

// Attachment reads one file's row; CodeNotFound where the actor may not see the record it belongs to.
func (s *Store) Attachment(ctx context.Context, id uuid.UUID) (models.Attachment, error) {
	actor, _ := models.ActorFrom(ctx)
	a, err := readOne[models.Attachment](ctx, s, "attachment", attachmentColumns+` AND f.id = $2`, actor.TenantID, id)
	if err != nil {
		return a, err
	}
	if err := s.mustSeeSubject(ctx, a.SubjectType, a.SubjectID); err != nil {
		if models.ErrorCode(err) == models.CodeInternal {
			return models.Attachment{}, err
		}
		return models.Attachment{}, models.NotFound("attachment")
	}
	return a, nil
}

// AttachmentUploaded notes that the content is stored, as this version, and right; twice is harmless.
func (s *Store) AttachmentUploaded(ctx context.Context, id uuid.UUID, versionID string) (models.Attachment, error) {
	return s.changeAttachment(ctx, id, "upload", func(tx *Tx, a *models.Attachment) bool {
		if a.UploadedAt != nil {
			return false
		}
		a.UploadedAt, a.VersionID = &tx.Now, versionID
		return true
	})
}

// DeleteAttachment takes the file from its record. version is the one that the client has seen.
func (s *Store) DeleteAttachment(ctx context.Context, id uuid.UUID, version int) (models.Attachment, error) {
	a, err := s.Attachment(ctx, id)
	if err != nil {
		return a, err
	}
	if a.Version() != version {
		return a, versionMismatch(a.Version())
	}
	return s.changeAttachment(ctx, id, "delete", func(tx *Tx, a *models.Attachment) bool {
		a.DeletedAt = &tx.Now
		return true
	})
}

func (s *Store) changeAttachment(ctx context.Context, id uuid.UUID, verb string, edit func(*Tx, *models.Attachment) bool) (models.Attachment, error) {
	var a models.Attachment
	err := s.InTx(ctx, func(tx *Tx) (err error) {
		if a, err = txReadOne[models.Attachment](tx, "attachment", attachmentColumns+` AND f.id = $2 FOR NO KEY UPDATE`, tx.Actor.TenantID, id); err != nil {
			return err
		}
		before := a
		if !edit(tx, &a) {
			return nil
		}
		tx.queue(`UPDATE attachments SET uploaded_at = $3, deleted_at = $4, version_id = $5 WHERE tenant_id = $1 AND id = $2`, a.TenantID, a.ID,
			a.UploadedAt, a.DeletedAt, a.VersionID)
		return tx.Audit(Change{Action: "attachment." + verb, SubjectType: a.SubjectType, SubjectID: a.SubjectID, Before: &before, After: &a})
	})
	return a, err
}

var attachmentOrders = map[string]order[models.Attachment]{
	"created_at": byTime("f.created_at", func(a models.Attachment) time.Time { return a.CreatedAt }),
	"filename":   {"f.filename", "text", func(a models.Attachment) string { return a.Filename }},
}

// Attachments lists the files of one record by created_at or filename.
func (s *Store) Attachments(ctx context.Context, subjectType string, subject uuid.UUID, p Page) (Rows[models.Attachment], error) {
	if err := s.mustSeeSubject(ctx, subjectType, subject); err != nil {
		return Rows[models.Attachment]{}, err
	}
	l := newListing(ctx, attachmentColumns, "f.id", func(a models.Attachment) string { return a.ID.String() }, attachmentOrders)
	l.and("f.subject_type = $%d AND f.subject_id = $%d", subjectType, subject)
	return l.run(ctx, s, p)
}

// StoredFiles lists the tenant's files that are stored and in use, as an inventory without versions.
func (s *Store) StoredFiles(ctx context.Context) ([]models.InventoryLine, error) {
	actor, _ := models.ActorFrom(ctx)
	return read[models.InventoryLine](ctx, s, `SELECT f.object_key AS key, f.size_bytes, encode(f.sha256, 'hex') AS sha256
		FROM attachments f WHERE f.tenant_id = $1 AND f.uploaded_at IS NOT NULL AND f.deleted_at IS NULL ORDER BY f.object_key`, actor.TenantID)
}

// keepDocument notes a file that a process has stored for its row; one with the same id is there already and stays.
func (tx *Tx) keepDocument(a models.Attachment) error {
	a.TenantID, a.CreatedAt = tx.Actor.TenantID, tx.Now
	return tx.auditInsert(Change{Action: "attachment.create", SubjectType: a.SubjectType, SubjectID: a.SubjectID, After: &a},
		`INSERT INTO attachments (tenant_id, id, subject_type, subject_id, filename, content_type, size_bytes, sha256, object_key,
			uploaded_at, actor_id, version_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $10) ON CONFLICT DO NOTHING`,
		[]any{
			a.TenantID, a.ID, a.SubjectType, a.SubjectID, a.Filename, a.ContentType, a.SizeBytes, a.SHA256, a.ObjectKey, tx.Now, tx.Actor.UserID,
			a.VersionID,
		})
}
