package models

import (
	"time"

	"github.com/google/uuid"
)

// AttachmentMaxBytes is the largest file.
const AttachmentMaxBytes = 100 << 20

// Attachment is a file of another row: announced first with its size and hash, then uploaded. It never changes after that.
type Attachment struct {
	TenantID    uuid.UUID `gorm:"primaryKey"`
	ID          uuid.UUID `gorm:"primaryKey"`
	SubjectType string    // noun of the row it belongs to
	SubjectID   uuid.UUID
	Filename    string
	ContentType string // as the client said; files are always saved, never shown, by the browser
	SizeBytes   int64
	SHA256      []byte `gorm:"column:sha256"`
	ObjectKey   string
	VersionID   string     // of the stored object
	UploadedAt  *time.Time // nil until the content is there and right
	DeletedAt   *time.Time
	ActorID     uuid.UUID
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
}

// NewAttachment announces a file.
type NewAttachment struct {
	SubjectType string
	SubjectID   uuid.UUID
	Filename    string
	ContentType string // empty: application/octet-stream
	SizeBytes   int64
	SHA256      []byte // of the content
}

// attachmentSubjects are the nouns that have files, with what a person must be allowed to read to see them.
var attachmentSubjects = map[string]Permission{
	"asset":                PermissionAssetsRead,
	"asset_disposal":       PermissionAssetDisposalsRead,
	"asset_template":       PermissionAssetTemplatesRead,
	"asset_transfer":       PermissionAssetTransfersRead,
	"location":             PermissionLocationsRead,
	"maintenance_schedule": PermissionMaintenanceSchedulesRead,
	"purchase_order":       PermissionPurchaseOrdersRead,
	"work_order":           PermissionWorkOrdersRead,
	"work_request":         PermissionWorkRequestsRead,
}

// MayReadFilesOf says whether the actor may see the files of that noun: CodeInvalid for a noun without files, CodeForbidden
// where the noun itself is hidden from the actor.
func (a Actor) MayReadFilesOf(subjectType string) error {
	permission, ok := attachmentSubjects[subjectType]
	if !ok {
		return InvalidField("/subject_type", "enum", "There are no files of this kind of record.")
	}
	if !a.Can(permission) {
		return Lacks(permission)
	}
	return nil
}

// Validate checks what can be checked without the database.
func (n NewAttachment) Validate() error {
	var f Faults
	f.Add(n.SubjectID == uuid.Nil, "/subject_id", "required", "A record is needed.")
	f.Add(n.Filename == "", "/filename", "required", "A name is needed.")
	f.Add(n.SizeBytes < 0, "/size_bytes", "minimum", "A size is not negative.")
	f.Add(n.SizeBytes > AttachmentMaxBytes, "/size_bytes", "maximum", "A file has at most 100 MiB.")
	f.Add(len(n.SHA256) != 32, "/sha256", "sha256", "The hash is no SHA-256 in hexadecimal.")
	return f.Err()
}

// Version is 1 for an announced file and 2 for one that is there.
func (a Attachment) Version() int {
	if a.UploadedAt == nil {
		return 1
	}
	return 2
}
