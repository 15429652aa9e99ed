// Package blob keeps files in S3-compatible storage.
package blob

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"mainstay/models"
)

// Kind is the sort of file a key belongs to.
type Kind string

// The kinds of files.
const (
	Attachments  Kind = "attachments"
	Imports      Kind = "imports"
	ImportErrors Kind = "import-errors"
	Exports      Kind = "exports"
	// Backups belong to the installation: their keys have no tenant, but uuid.Nil.
	Backups         Kind = "backups"
	BackupManifests Kind = "backup-manifests"
	Inventories     Kind = "inventories"   // of files, beside a backup
	Installations   Kind = "installations" // settings, release, manifests and logs, beside a backup
	Canaries        Kind = "canaries"      // what proves that the lock holds
	AuditAnchors    Kind = "audit-anchors" // heads of a tenant's audit log, which no row points at
)

// InstallationKinds are the kinds that belong to the installation; of a backup its manifest is the first.
var InstallationKinds = []Kind{BackupManifests, Backups, Inventories, Installations, Canaries}

// TenantKinds are the kinds of files that belong to tenants.
var TenantKinds = []Kind{Attachments, Imports, ImportErrors, Exports}

// Key names a file: `<tenant>/<kind>/<id>`. A key is written once; other content is another id.
type Key struct {
	Tenant uuid.UUID
	Kind   Kind
	ID     uuid.UUID
}

// String returns the name of the object in the bucket.
func (k Key) String() string { return k.Tenant.String() + "/" + string(k.Kind) + "/" + k.ID.String() }

// ParseKey reads what String wrote.
func ParseKey(text string) (Key, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return Key{}, fmt.Errorf("blob: %q is no key", text)
	}
	tenant, err := uuid.Parse(parts[0])
	if err != nil {
		return Key{}, fmt.Errorf("blob: %q is no key: %w", text, err)
	}
	id, err := uuid.Parse(parts[2])
	if err != nil {
		return Key{}, fmt.Errorf("blob: %q is no key: %w", text, err)
	}
	return Key{Tenant: tenant, Kind: Kind(parts[1]), ID: id}, nil
}

// Config says where the storage is.
type Config struct {
	Endpoint  string // http:// or https:// and the host
	PublicURL string // the same storage as browsers reach it; empty = they do not
	Region    string
	Bucket    string
	AccessKey string // empty = from the machine's role
	SecretKey string
}

// Store is one bucket.
type Store struct {
	client minio.Core
	public *minio.Client
	bucket string
	region string
}

// Open makes the client; it does not connect.
func Open(c Config) (*Store, error) {
	client, err := newClient(c.Endpoint, c)
	if err != nil {
		return nil, err
	}
	s := &Store{client: minio.Core{Client: client}, bucket: c.Bucket, region: c.Region}
	if c.PublicURL != "" {
		if s.public, err = newClient(c.PublicURL, c); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// newClient leaves trailing checksums off: not every storage takes them over plain HTTP, and [Store.Put] checks the
// content itself.
func newClient(endpoint string, c Config) (*minio.Client, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return nil, errors.New("blob: the endpoint is no URL of a host")
	}
	access := credentials.NewIAM("")
	if c.AccessKey != "" {
		access = credentials.NewStaticV4(c.AccessKey, c.SecretKey, "")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: access, Secure: u.Scheme == "https", Region: c.Region, MaxRetries: 3,
	})
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return client, nil
}

// EnsureBucket creates the bucket where there is none and turns versioning on, so that nothing is overwritten or deleted
// beyond recall. It may be repeated and run by several processes at once.
func (s *Store) EnsureBucket(ctx context.Context) error {
	err := s.client.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
	if err != nil && !isCode(err, "BucketAlreadyOwnedByYou", "BucketAlreadyExists") {
		return failure("create the bucket", err)
	}
	versioning, err := s.client.GetBucketVersioning(ctx, s.bucket)
	if err != nil {
		return failure("read the bucket's versioning", err)
	}
	if versioning.Enabled() {
		return nil
	}
	if err := s.client.EnableVersioning(ctx, s.bucket); err != nil {
		return failure("turn the bucket's versioning on", err)
	}
	return nil
}

// Ping says whether the bucket answers; for readiness.
func (s *Store) Ping(ctx context.Context) error {
	exists, err := s.client.BucketExists(ctx, s.bucket)
	if err != nil {
		return failure("look for the bucket", err)
	}
	if !exists {
		return fmt.Errorf("blob: bucket %q is missing", s.bucket)
	}
	return nil
}

// Object describes a stored file.
type Object struct {
	Size        int64
	SHA256      string // hex; empty where it was not known before the content
	ContentType string
	StoredAt    time.Time
	VersionID   string // of what was stored or described
}

// Unknown is the [Content.Size] of a stream whose end is not known beforehand.
const Unknown int64 = -1

// Content says what is to be stored.
type Content struct {
	Size   int64  // bytes, or Unknown
	SHA256 string // hex; empty = not known beforehand
	Type   string // MIME type; empty = application/octet-stream
	// LockedUntil is the day before which nobody, the storage's owner included, can delete the version; zero = no lock. The bucket needs
	// object lock.
	LockedUntil time.Time
}

// partBytes is the memory that a stream of unknown size takes.
const partBytes = 16 << 20

// Put streams body into the file key and returns what was stored, size and hash included. Where body has another size or
// hash than content says, nothing is stored and the error is [models.CodeInvalid]; its last bytes are held back until
// they are checked. Repeating a Put is harmless.
func (s *Store) Put(ctx context.Context, key Key, body io.Reader, content Content) (Object, error) {
	buffered := bufio.NewReader(body)
	if content.Size == Unknown && isEmpty(buffered) {
		content.Size = 0
	}
	options := minio.PutObjectOptions{ContentType: content.Type, DisableMultipart: true}
	if content.Size == Unknown {
		options.DisableMultipart, options.PartSize = false, partBytes
	}
	if content.SHA256 != "" {
		sum, err := hex.DecodeString(content.SHA256)
		if err != nil || len(sum) != 32 {
			return Object{}, models.InvalidField("/sha256", "sha256", "The hash is no SHA-256 in hexadecimal.")
		}
		options.UserMetadata = map[string]string{hashHeader: strings.ToLower(content.SHA256)}
	}
	if !content.LockedUntil.IsZero() {
		options.Mode, options.RetainUntilDate = minio.Compliance, content.LockedUntil.UTC()
		options.DisableMultipart, options.PartSize, options.SendContentMd5 = false, partBytes, true // S3 wants the MD5, and part by part is not the whole in memory
	}
	checked := newCheckedReader(buffered, content)
	if content.Size == 0 {
		// Over plain HTTP the signed stream of an empty file still has a last chunk. versitygw does not read it and takes it
		// for the connection's next request.
		options.DisableContentSha256 = true
		// The client does not read an empty body, so nobody else would notice content that should not be there.
		_, _ = checked.Read(nil)
	}
	if checked.fault != nil {
		return Object{}, checked.fault
	}
	info, err := s.client.Client.PutObject(ctx, s.bucket, key.String(), checked, content.Size, options)
	if checked.fault != nil {
		return Object{}, checked.fault
	}
	if err != nil {
		return Object{}, failure("store a file", err)
	}
	return Object{Size: checked.read, SHA256: checked.sum(), ContentType: content.Type, StoredAt: info.LastModified, VersionID: info.VersionID}, nil
}

func isEmpty(r *bufio.Reader) bool {
	_, err := r.Peek(1)
	return errors.Is(err, io.EOF)
}

// hashHeader keeps the hash beside the file, as x-amz-meta-sha256.
const hashHeader = "Sha256"

// Get opens the file key; the caller closes it. A missing file is [models.CodeNotFound].
func (s *Store) Get(ctx context.Context, key Key) (io.ReadCloser, Object, error) {
	body, info, _, err := s.client.GetObject(ctx, s.bucket, key.String(), minio.GetObjectOptions{})
	if err != nil {
		return nil, Object{}, failure("open a file", err)
	}
	return body, describe(info), nil
}

// Stat describes the file key. A missing file is [models.CodeNotFound].
func (s *Store) Stat(ctx context.Context, key Key) (Object, error) {
	info, err := s.client.StatObject(ctx, s.bucket, key.String(), minio.StatObjectOptions{})
	if err != nil {
		return Object{}, failure("look for a file", err)
	}
	return describe(info), nil
}

func describe(info minio.ObjectInfo) Object {
	return Object{
		Size: info.Size, SHA256: info.UserMetadata[hashHeader], ContentType: info.ContentType, StoredAt: info.LastModified.UTC(),
		VersionID: info.VersionID,
	}
}

// List names the files of one kind of a tenant, in no order that means something.
func (s *Store) List(ctx context.Context, tenant uuid.UUID, kind Kind) ([]Key, error) {
	var keys []Key
	prefix := tenant.String() + "/" + string(kind) + "/"
	for object := range s.client.Client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if object.Err != nil {
			return nil, failure("list files", object.Err)
		}
		key, err := ParseKey(object.Key)
		if err != nil {
			continue // not of our making
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// GetVersion opens one version of the file key; the caller closes it. A missing one is [models.CodeNotFound].
func (s *Store) GetVersion(ctx context.Context, key Key, version string) (io.ReadCloser, Object, error) {
	body, info, _, err := s.client.GetObject(ctx, s.bucket, key.String(), minio.GetObjectOptions{VersionID: version})
	if err != nil {
		return nil, Object{}, failure("open a version of a file", err)
	}
	return body, describe(info), nil
}

// Tenants names the tenants of which something is stored, whether or not there are such.
func (s *Store) Tenants(ctx context.Context) ([]uuid.UUID, error) {
	var tenants []uuid.UUID
	for folder := range s.client.Client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{}) {
		if folder.Err != nil {
			return nil, failure("list tenants", folder.Err)
		}
		if id, err := uuid.Parse(strings.TrimSuffix(folder.Key, "/")); err == nil && id != uuid.Nil {
			tenants = append(tenants, id)
		}
	}
	return tenants, nil
}

// Delete removes the file key; one that is missing counts as removed. The bucket keeps the version until its retention
// ends.
func (s *Store) Delete(ctx context.Context, key Key) error {
	if err := s.client.RemoveObject(ctx, s.bucket, key.String(), minio.RemoveObjectOptions{}); err != nil {
		return failure("delete a file", err)
	}
	return nil
}

// Version is one version of a stored file, or the mark that it was deleted.
type Version struct {
	Key      Key
	ID       string
	Size     int64
	Deleted  bool // a delete marker: it hides the versions before it
	Latest   bool
	StoredAt time.Time
}

// Versions lists every version of the files of one kind of a tenant, delete markers included: of each file the newest first.
func (s *Store) Versions(ctx context.Context, tenant uuid.UUID, kind Kind) ([]Version, error) {
	return s.versions(ctx, tenant.String()+"/"+string(kind)+"/")
}

// VersionsOf lists every version of one file, delete markers included, the newest first.
func (s *Store) VersionsOf(ctx context.Context, key Key) ([]Version, error) {
	return s.versions(ctx, key.String())
}

func (s *Store) versions(ctx context.Context, prefix string) ([]Version, error) {
	var versions []Version
	for object := range s.client.Client.ListObjects(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true, WithVersions: true}) {
		if object.Err != nil {
			return nil, failure("list versions of files", object.Err)
		}
		key, err := ParseKey(object.Key)
		if err != nil {
			continue // not of our making
		}
		versions = append(versions, Version{
			Key: key, ID: object.VersionID, Size: object.Size, Deleted: object.IsDeleteMarker, Latest: object.IsLatest, StoredAt: object.LastModified.UTC(),
		})
	}
	return versions, nil
}

// DeleteVersion removes exactly this version of the file key, beyond recall; one that is missing counts as removed.
func (s *Store) DeleteVersion(ctx context.Context, key Key, version string) error {
	err := s.client.RemoveObject(ctx, s.bucket, key.String(), minio.RemoveObjectOptions{VersionID: version})
	if isCode(err, "InvalidArgument") { // versitygw's word for a version that is missing beside others
		versions, listing := s.VersionsOf(ctx, key)
		if listing != nil {
			return listing
		}
		if !slices.ContainsFunc(versions, func(v Version) bool { return v.ID == version }) {
			return nil
		}
	}
	if err != nil && !isCode(err, "NoSuchVersion", "NoSuchKey") {
		return failure("delete a version of a file", err)
	}
	return nil
}

// Upload is a stream that was begun and not ended: its maker died, or the storage went away. The storage keeps its parts until it is dropped.
type Upload struct {
	Key     Key
	ID      string
	BegunAt time.Time
}

// Uploads lists the uploads of files of one kind of a tenant that are under way or were broken off.
func (s *Store) Uploads(ctx context.Context, tenant uuid.UUID, kind Kind) ([]Upload, error) {
	var uploads []Upload
	prefix := tenant.String() + "/" + string(kind) + "/"
	for keyMarker, idMarker := "", ""; ; {
		page, err := s.client.ListMultipartUploads(ctx, s.bucket, prefix, keyMarker, idMarker, "", 0)
		if err != nil {
			return nil, failure("list uploads", err)
		}
		for _, u := range page.Uploads {
			key, err := ParseKey(u.Key)
			if err != nil {
				continue // not of our making
			}
			uploads = append(uploads, Upload{Key: key, ID: u.UploadID, BegunAt: u.Initiated.UTC()})
		}
		if !page.IsTruncated {
			return uploads, nil
		}
		keyMarker, idMarker = page.NextKeyMarker, page.NextUploadIDMarker
	}
}

// DropUpload removes the parts of an upload beyond recall; one that is missing or was ended counts as removed.
func (s *Store) DropUpload(ctx context.Context, key Key, id string) error {
	err := s.client.AbortMultipartUpload(ctx, s.bucket, key.String(), id)
	if err != nil && !isCode(err, "NoSuchUpload", "NoSuchKey") {
		return failure("drop an upload", err)
	}
	return nil
}

// PresignGet returns a URL under which a browser downloads the file key as filename, good for lifetime (1 s to 7 days).
// It is false where browsers do not reach the storage: then the file goes through the API. It asks nobody whether the
// file exists.
func (s *Store) PresignGet(ctx context.Context, key Key, filename string, lifetime time.Duration) (string, bool, error) {
	if s.public == nil {
		return "", false, nil
	}
	u, err := s.public.PresignedGetObject(ctx, s.bucket, key.String(), lifetime, url.Values{
		"response-content-disposition": {Disposition(filename)},
		"response-content-type":        {"application/octet-stream"},
	})
	if err != nil {
		return "", false, failure("sign a link", err)
	}
	return u.String(), true, nil
}

// PublicOrigin is where browsers reach the storage, for a Content-Security-Policy; empty where they do not.
func (s *Store) PublicOrigin() string {
	if s.public == nil {
		return ""
	}
	u := s.public.EndpointURL()
	return u.Scheme + "://" + u.Host
}

// Disposition is the Content-Disposition under which a file is saved, never shown, whatever characters its name holds
// (RFC 6266).
func Disposition(filename string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": filename})
}

// failure gives err the code that callers tell apart: missing, passing, or a defect.
func failure(doing string, err error) error {
	switch response := minio.ToErrorResponse(err); {
	case isCode(err, "NoSuchKey", "NoSuchVersion", "NotFound"):
		return fmt.Errorf("blob: %s: %w: %w", doing, models.NotFound("file"), err)
	case isCode(err, "NoSuchBucket"), // a worker makes it when it starts
		response.StatusCode == 0 || response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500:
		return fmt.Errorf("blob: %s: %w: %w", doing, away, err)
	default:
		return fmt.Errorf("blob: %s: %w", doing, err)
	}
}

var away = &models.Error{Code: models.CodeUnavailable, Detail: "The file storage is away."}

func isCode(err error, codes ...string) bool {
	return slices.Contains(codes, minio.ToErrorResponse(err).Code)
}
