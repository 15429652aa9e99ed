package activities

import (
	"context"
	"encoding/json"
	"errors"

	"mainstay/internal/blob"
	"mainstay/internal/postgres"
	"mainstay/models"
)

// archive puts a copy of the newest dump that a drill has proven under lock, with an inventory of the files.
func (o *Operations) archive(ctx context.Context, b models.BackupRun, key postgres.RecoveryKey) (models.BackupRun, error) {
	if o.Archive == nil {
		return b, models.Conflict("There is no bucket for archives: set MAINSTAY_S3_ARCHIVE_BUCKET for the worker.")
	}
	if err := o.Archive.EnsureLockedBucket(ctx); err != nil {
		return b, err
	}
	source, err := o.Store.ProvenDump(ctx)
	if models.ErrorCode(err) == models.CodeNotFound {
		return b, models.Conflict("No stored dump is proven yet: a restore drill must pass before a dump is archived.")
	}
	if err != nil {
		return b, err
	}
	m, hash, err := postgres.ReadManifest(ctx, o.Blob, source.ID)
	if err != nil {
		return b, err
	}
	var promised models.BackupEvidence
	if err := json.Unmarshal(source.Evidence, &promised); err != nil {
		return b, err
	}
	if hash != promised.ManifestSHA256 {
		return b, models.Conflict("The manifest of the dump %s was changed since it was proven.", source.ID)
	}
	m, evidence, err := key.Archive(ctx, o.Blob, o.Archive, postgres.ArchiveOptions{
		ID: b.ID, Source: m, LockedUntil: b.CreatedAt.Add(o.ArchiveFor), Beside: o.beside(),
	})
	if errors.Is(err, blob.ErrNotLocked) {
		return b, models.Conflict("%s", blob.ErrNotLocked)
	}
	if err != nil {
		return b, err
	}
	return o.completeBackup(ctx, b, m, evidence)
}

// inventory lists the files of every tenant with the versions that lie in storage now.
func (o *Operations) inventory(ctx context.Context) ([]models.InventoryLine, error) {
	tenants, err := o.Store.TenantIDs(ctx)
	if err != nil {
		return nil, err
	}
	var all []models.InventoryLine
	for _, tenant := range tenants {
		files, err := o.Store.StoredFiles(models.WithActor(ctx, models.SystemActor(tenant)))
		if err != nil {
			return nil, err
		}
		versions, err := o.Blob.Versions(ctx, tenant, blob.Attachments)
		if err != nil {
			return nil, err
		}
		latest := map[string]string{}
		for _, v := range versions {
			if v.Latest && !v.Deleted {
				latest[v.Key.String()] = v.ID
			}
		}
		for _, f := range files {
			f.VersionID = latest[f.Key]
			all = append(all, f)
		}
	}
	return all, nil
}
