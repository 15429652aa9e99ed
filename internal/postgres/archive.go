package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/models"
)

// canaryLocked is how long the object stays that proves the lock.
const canaryLocked = 24 * time.Hour

// ArchiveOptions say what is archived under which id.
type ArchiveOptions struct {
	ID          uuid.UUID
	Source      models.BackupManifest // of a dump
	LockedUntil time.Time
	Beside      Beside
}

// Archive copies a dump out of one bucket into one with object lock, with an inventory of the files and what belongs to the installation, the manifest last. It first proves that the storage
// refuses to delete what is under lock; [blob.ErrNotLocked] where it does not. What is stored already, whole, is not stored again.
func (k RecoveryKey) Archive(ctx context.Context, from, to *blob.Store, o ArchiveOptions) (models.BackupManifest, models.BackupEvidence, error) {
	began := time.Now()
	m := o.Source
	m.ID, m.Kind, m.Object, m.Source, m.LockedUntil = o.ID, models.BackupArchive, objectKey(o.ID).String(), &o.Source.ID, &o.LockedUntil
	if err := proveLock(ctx, to, o.ID); err != nil {
		return m, models.BackupEvidence{}, err
	}
	if err := copySealed(ctx, from, to, o); err != nil {
		return m, models.BackupEvidence{}, err
	}
	if err := k.putBeside(ctx, to, &m, o.Beside, o.LockedUntil); err != nil {
		return m, models.BackupEvidence{}, err
	}
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return m, models.BackupEvidence{}, err
	}
	hash := hashOf(text)
	if _, err := to.Put(ctx, manifestKey(o.ID), bytes.NewReader(text), blob.Content{
		Size: int64(len(text)), SHA256: hash, Type: "application/json", LockedUntil: o.LockedUntil,
	}); err != nil {
		return m, models.BackupEvidence{}, err
	}
	return m, models.BackupEvidence{
		Object: m.Object, SHA256: m.SHA256, SizeBytes: m.SizeBytes, PlainBytes: m.PlainBytes, Manifest: manifestKey(o.ID).String(),
		ManifestSHA256: hash, Recipient: m.Recipient, Tables: len(m.Tables), Rows: m.Rows(), Seconds: time.Since(began).Seconds(),
		Installation: m.Installation,
		Archive: &models.ArchiveEvidence{
			Bucket: to.Bucket(), Source: o.Source.ID, LockedUntil: o.LockedUntil, Inventory: *m.Inventory,
			Canary: "The storage refused to delete a version under lock.",
		},
	}, nil
}

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func proveLock(ctx context.Context, to *blob.Store, id uuid.UUID) error {
	key, text := blob.Key{Kind: blob.Canaries, ID: id}, []byte("canary")
	canary, err := to.Put(ctx, key, bytes.NewReader(text), blob.Content{
		Size: int64(len(text)), SHA256: hashOf(text), Type: "text/plain", LockedUntil: time.Now().Add(canaryLocked),
	})
	if err != nil {
		return err
	}
	return to.ProveLock(ctx, key, canary.VersionID)
}

// copySealed copies the dump as it is, sealed; it is hashed on its way, so that a damaged one is not archived.
func copySealed(ctx context.Context, from, to *blob.Store, o ArchiveOptions) error {
	is, err := to.Stat(ctx, objectKey(o.ID))
	if err == nil && is.Size == o.Source.SizeBytes && is.SHA256 == o.Source.SHA256 {
		return nil
	}
	if err != nil && models.ErrorCode(err) != models.CodeNotFound {
		return err
	}
	body, _, err := from.Get(ctx, objectKey(o.Source.ID))
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	_, err = to.Put(ctx, objectKey(o.ID), body, blob.Content{Size: o.Source.SizeBytes, SHA256: o.Source.SHA256, LockedUntil: o.LockedUntil})
	return err
}

// putInventory seals the list of the files beside the backup id.
func (k RecoveryKey) putInventory(
	ctx context.Context, to *blob.Store, id uuid.UUID, files []models.InventoryLine, lockedUntil time.Time,
) (models.BackupInventory, error) {
	key := blob.Key{Kind: blob.Inventories, ID: id}
	inventory := models.BackupInventory{Object: key.String(), Files: len(files)}
	for _, line := range files {
		inventory.FileBytes += line.SizeBytes
		if line.VersionID == "" {
			inventory.Missing++
		}
	}
	var sealed bytes.Buffer
	if _, err := k.seal(&sealed, func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		if err := encoder.Encode(map[string]any{"format": 1, "backup": id, "files": len(files)}); err != nil {
			return err
		}
		for _, line := range files {
			if err := encoder.Encode(line); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return inventory, err
	}
	inventory.SHA256, inventory.SizeBytes = hashOf(sealed.Bytes()), int64(sealed.Len())
	_, err := to.Put(ctx, key, &sealed, blob.Content{Size: inventory.SizeBytes, SHA256: inventory.SHA256, LockedUntil: lockedUntil})
	return inventory, err
}
