package blob

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/minio/minio-go/v7"
)

// EnsureLockedBucket creates the bucket with object lock where there is none. A bucket without object lock is an error: it cannot be turned on
// everywhere later.
func (s *Store) EnsureLockedBucket(ctx context.Context) error {
	err := s.client.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region, ObjectLocking: true})
	if err != nil && !isCode(err, "BucketAlreadyOwnedByYou", "BucketAlreadyExists") {
		return failure("create the bucket", err)
	}
	enabled, _, _, _, err := s.client.GetObjectLockConfig(ctx, s.bucket) //nolint:dogsled // the default retention is not ours
	if err != nil && !isCode(err, "ObjectLockConfigurationNotFoundError") {
		return failure("read the bucket's object lock", err)
	}
	if enabled != "Enabled" {
		return fmt.Errorf("blob: the bucket %q has no object lock: make another with it", s.bucket)
	}
	return nil
}

// ErrNotLocked says that the storage deleted what stood under lock.
var ErrNotLocked = errors.New("the storage deleted an object that is under lock: it does not keep what it promises")

// ProveLock tries to delete a version under lock, past governance too, and is nil where the storage refuses and still has it. ErrNotLocked: it
// does not.
func (s *Store) ProveLock(ctx context.Context, key Key, version string) error {
	for _, bypass := range []bool{false, true} {
		err := s.client.RemoveObject(ctx, s.bucket, key.String(), minio.RemoveObjectOptions{VersionID: version, GovernanceBypass: bypass})
		if err == nil {
			return ErrNotLocked
		}
		if status := minio.ToErrorResponse(err).StatusCode; status != http.StatusForbidden && status != http.StatusBadRequest {
			return failure("try to delete what is under lock", err)
		}
	}
	_, err := s.client.StatObject(ctx, s.bucket, key.String(), minio.StatObjectOptions{VersionID: version})
	switch {
	case err == nil:
		return nil
	case isCode(err, "NoSuchKey", "NoSuchVersion", "NotFound"):
		return ErrNotLocked
	}
	return failure("look for what is under lock", err)
}

// Bucket is the bucket's name.
func (s *Store) Bucket() string { return s.bucket }
