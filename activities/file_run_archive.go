package activities

import (
	"context"
	"encoding/json"

	"mainstay/internal/blob"
	"mainstay/models"
)

// checkArchives holds what lies under lock against the evidence of the archives: each object is there with its size and, on its archive's day
// of [models.FileReadDays], with its content. The lock keeps people from deleting a version; it keeps neither a disk nor the storage's owner
// from changing what is in it, and nobody from storing another version over it.
func (l *fileLook) checkArchives(ctx context.Context) error {
	archives, err := l.operations.Store.StoredArchives(ctx)
	if err != nil {
		return err
	}
	for _, b := range archives {
		var evidence models.BackupEvidence
		if err := json.Unmarshal(b.Evidence, &evidence); err != nil {
			return err
		}
		for _, object := range evidence.Objects() {
			fault, err := l.checkLocked(ctx, b, object)
			if err != nil {
				return err
			}
			l.evidence.Locked++
			l.evidence.LockedBytes += object.SizeBytes
			if fault != "" {
				l.evidence.Faults++
				l.plan.Faults = append(l.plan.Faults, models.FileFault{TenantID: b.TenantID, BackupID: &b.ID, Key: object.Key, Fault: fault})
			}
		}
	}
	return nil
}

// checkLocked says what is wrong with an object of an archive.
func (l *fileLook) checkLocked(ctx context.Context, b models.BackupRun, object models.StoredObject) (fault string, err error) {
	from := l.operations.Archive
	if from == nil {
		return "The worker cannot look at it: set MAINSTAY_S3_ARCHIVE_BUCKET.", nil
	}
	key, err := blob.ParseKey(object.Key)
	if err != nil {
		return "", err
	}
	if models.FileReadOn(b.ID, l.began) {
		fault, read, err := readAgain(ctx, from, key, "", object.SHA256)
		if read != nil {
			l.evidence.ReadLocked++
			l.evidence.ReadBytes += *read
		}
		return fault, err
	}
	is, err := from.Stat(ctx, key)
	switch {
	case models.ErrorCode(err) == models.CodeNotFound:
		return "The object is missing.", nil
	case err != nil:
		return "", err
	case object.SizeBytes > 0 && is.Size != object.SizeBytes, is.SHA256 != "" && is.SHA256 != object.SHA256:
		return "The object has another content than its row says.", nil
	}
	return "", nil
}
