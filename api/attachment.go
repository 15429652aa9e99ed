package api

import (
	"context"
	"encoding/hex"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/models"
	"mainstay/models/store"
)

// Attachment is a file of a record. Until uploaded_at is set it is announced only.
type Attachment struct {
	ID          uuid.UUID  `json:"id"`
	SubjectType string     `json:"subject_type"`
	SubjectID   uuid.UUID  `json:"subject_id"`
	Filename    string     `json:"filename"`
	ContentType string     `json:"content_type"`
	SizeBytes   int64      `json:"size_bytes"`
	SHA256      string     `json:"sha256"`
	UploadedAt  *time.Time `json:"uploaded_at"`
	CreatedAt   time.Time  `json:"created_at"`
}

// AttachmentBody announces a file; its content follows by PUT /v1/attachments/{id}/content.
type AttachmentBody struct {
	SubjectType string    `json:"subject_type" enum:"asset,asset_disposal,asset_template,asset_transfer,location,maintenance_schedule,purchase_order,work_order,work_request"`
	SubjectID   uuid.UUID `json:"subject_id"`
	Filename    string    `json:"filename" minLength:"1" maxLength:"255"`
	ContentType string    `json:"content_type,omitempty" maxLength:"200"`
	SizeBytes   int64     `json:"size_bytes" minimum:"0" maximum:"104857600"`
	SHA256      string    `json:"sha256" pattern:"^[0-9a-fA-F]{64}$" patternDescription:"SHA-256 in hexadecimal"`
}

type attachmentListInput struct {
	PageQuery
	SubjectType string    `query:"subject_type" required:"true" enum:"asset,asset_disposal,asset_template,asset_transfer,location,maintenance_schedule,purchase_order,work_order,work_request"`
	SubjectID   uuid.UUID `query:"subject_id" required:"true"`
	Sort        string    `query:"sort" enum:"created_at,-created_at,filename,-filename" default:"created_at"`
}

// attachmentUpload takes the body as a stream: no part of the file is held back here.
type attachmentUpload struct {
	ID      uuid.UUID `path:"id"`
	content io.Reader
}

// Resolve implements huma.Resolver.
func (in *attachmentUpload) Resolve(hc huma.Context) []error {
	in.content = hc.BodyReader()
	return nil
}

func (s *Server) attachmentRoutes() {
	n := recordNoun{
		path: "/v1/attachments", one: "attachment", many: "attachments",
		read: models.PermissionAttachmentsRead, write: models.PermissionAttachmentsWrite,
	}
	register(s, n.create(), s.createAttachment)
	register(s, n.list(), s.listAttachments)
	register(s, n.get(), s.getAttachment)
	remove := n.operation(http.MethodDelete, "/{id}", "delete", n.one, "Take a file from its record", n.write)
	remove.status = http.StatusNoContent
	register(s, remove, s.deleteAttachment)
	upload := n.operation(http.MethodPut, "/{id}/content", "upload", n.one, "Upload the content, as announced", n.write)
	upload.stream = true
	register(s, upload, s.uploadAttachment)
	register(s, n.operation(http.MethodGet, "/{id}/content", "download", n.one, "Download the content", n.read), s.downloadAttachment)
}

func (s *Server) createAttachment(ctx context.Context, in *struct{ Body AttachmentBody }) (*recordOutput[Attachment], error) {
	sum, err := hex.DecodeString(in.Body.SHA256)
	if err != nil {
		return nil, models.InvalidField("/sha256", "sha256", "The hash is no SHA-256 in hexadecimal.")
	}
	a, err := s.store.CreateAttachment(ctx, models.NewAttachment{
		SubjectType: in.Body.SubjectType, SubjectID: in.Body.SubjectID, Filename: in.Body.Filename, ContentType: in.Body.ContentType,
		SizeBytes: in.Body.SizeBytes, SHA256: sum,
	}, func(tenant, id uuid.UUID) string {
		return blob.Key{Tenant: tenant, Kind: blob.Attachments, ID: id}.String()
	})
	if err != nil {
		return nil, err
	}
	return attachmentAnswer(a), nil
}

func (s *Server) getAttachment(ctx context.Context, in *recordPath) (*recordOutput[Attachment], error) {
	a, err := s.store.Attachment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return attachmentAnswer(a), nil
}

func (s *Server) listAttachments(ctx context.Context, in *attachmentListInput) (*listOutput[Attachment], error) {
	return listPage(in.PageQuery, in.Sort, attachmentBody, func(page store.Page) (store.Rows[models.Attachment], error) {
		return s.store.Attachments(ctx, in.SubjectType, in.SubjectID, page)
	})
}

// uploadAttachment streams the body into the storage, which keeps it only where size and hash are as announced. Repeating it
// is harmless.
func (s *Server) uploadAttachment(ctx context.Context, in *attachmentUpload) (*recordOutput[Attachment], error) {
	a, err := s.store.Attachment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	key, err := blob.ParseKey(a.ObjectKey)
	if err != nil {
		return nil, err
	}
	stored, err := s.blob.Put(ctx, key, in.content, blob.Content{Size: a.SizeBytes, SHA256: hex.EncodeToString(a.SHA256), Type: a.ContentType})
	if err != nil {
		return nil, err
	}
	if a, err = s.store.AttachmentUploaded(ctx, in.ID, stored.VersionID); err != nil {
		return nil, err
	}
	return attachmentAnswer(a), nil
}

func (s *Server) downloadAttachment(ctx context.Context, in *filePath) (*huma.StreamResponse, error) {
	a, err := s.store.Attachment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if a.UploadedAt == nil {
		return nil, models.NotFound("content yet")
	}
	return s.download(ctx, in, a.ObjectKey, a.Filename, a.ContentType)
}

// deleteAttachment hides the file at once; the stored object goes too, or stays unseen where the storage is away.
func (s *Server) deleteAttachment(ctx context.Context, in *struct {
	ID uuid.UUID `path:"id"`
	IfMatch
},
) (*struct{}, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	a, err := s.store.DeleteAttachment(ctx, in.ID, version)
	if err != nil {
		return nil, err
	}
	key, err := blob.ParseKey(a.ObjectKey)
	if err == nil {
		err = s.blob.Delete(ctx, key)
	}
	if err != nil {
		s.telemetry.Logger.WarnContext(ctx, "a deleted file's object stays", "object", a.ObjectKey, "error", err)
	}
	return nil, nil //nolint:nilnil // 204 has no body
}

func attachmentAnswer(a models.Attachment) *recordOutput[Attachment] {
	return &recordOutput[Attachment]{Location: "/v1/attachments/" + a.ID.String(), ETag: etag(a.Version()), Body: attachmentBody(a)}
}

func attachmentBody(a models.Attachment) Attachment {
	return Attachment{
		ID: a.ID, SubjectType: a.SubjectType, SubjectID: a.SubjectID, Filename: a.Filename, ContentType: a.ContentType,
		SizeBytes: a.SizeBytes, SHA256: hex.EncodeToString(a.SHA256), UploadedAt: a.UploadedAt, CreatedAt: a.CreatedAt,
	}
}
