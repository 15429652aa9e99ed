package activities

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/models"
	"mainstay/models/store"
)

// LoadRetention reads where the run stands and notes that its process runs.
func (o *Operations) LoadRetention(ctx context.Context, in ProcessInput) (ProcessState, error) {
	r, err := o.Store.LoadRetentionRun(in.context(ctx), in.ID)
	return stateOf(r, err, retentionState)
}

// RunRetentionCommand carries out an admitted command in one transaction. A repeat answers the first outcome.
func (o *Operations) RunRetentionCommand(ctx context.Context, in CommandInput) (CommandResult, error) {
	return answered(o.Store.RunRetentionCommand(in.context(ctx), in.ID, in.CommandID))
}

func retentionState(r models.RetentionRun) ProcessState {
	return operationState(r.Head(), r.Over(), string(r.Status))
}

// CarryOutRetention plans under the cluster's mutex, stores the plan and does what it says. A run that is broken off goes on with the plan
// that is stored; what a run that failed leaves behind, the next one finds.
func (o *Operations) CarryOutRetention(ctx context.Context, in ActionInput) (ProcessState, error) {
	return carryOut(ctx, o, in, operationStep[models.RetentionRun]{
		load: o.Store.LoadRetentionRun, lives: o.Store.RetentionRunLives, state: retentionState,
		do: func(ctx context.Context, r models.RetentionRun) (models.RetentionRun, error) {
			return o.retain(ctx, r.ID)
		},
		fail: func(ctx context.Context, failure string) (models.RetentionRun, error) {
			return o.Store.StepRetentionRun(ctx, in.ID, models.RetentionFail, func(r *models.RetentionRun) { r.Failure = failure })
		},
	})
}

func (o *Operations) retain(ctx context.Context, id uuid.UUID) (models.RetentionRun, error) {
	r, err := o.Store.StepRetentionRun(ctx, id, models.RetentionBegin, func(*models.RetentionRun) {})
	if err != nil {
		return r, err
	}
	backups, err := o.Store.StoredBackups(ctx)
	if err != nil {
		return r, err
	}
	if r.PlannedAt == nil {
		plan, err := o.planRetention(ctx, backups, time.Now())
		if err != nil {
			return r, err
		}
		text, err := json.Marshal(plan)
		if err != nil {
			return r, err
		}
		if r, err = o.Store.StepRetentionRun(ctx, id, models.RetentionPlanned, func(r *models.RetentionRun) { r.Plan = text }); err != nil {
			return r, err
		}
	}
	var plan models.RetentionPlan
	if err := json.Unmarshal(r.Plan, &plan); err != nil {
		return r, err
	}
	removed, freed := 0, int64(0)
	if !r.DryRun {
		if removed, freed, err = o.remove(ctx, plan, backups); err != nil {
			return r, err
		}
	}
	return o.Store.StepRetentionRun(ctx, id, models.RetentionComplete, func(r *models.RetentionRun) { r.Removed, r.FreedBytes = removed, freed })
}

// planRetention decides about the completed backups and lists the versions of the objects that go: those of backups that the policy lets
// go, those that an earlier run left behind, and what failed backups left once they are as old as the policy keeps everything. An object of which
// no row knows stays: after a restore of older rows the newest backup is such a one.
func (o *Operations) planRetention(ctx context.Context, backups []store.StoredBackup, now time.Time) (models.RetentionPlan, error) {
	plan := models.RetentionPlan{Policy: o.Retention, Backups: []models.RetentionVerdict{}, Objects: []models.RetentionObject{}}
	stored, err := o.storedLabels(ctx, backups)
	if err != nil {
		return plan, err
	}
	candidates := physicalCandidates(backups, stored)
	goes, over := map[uuid.UUID]bool{}, map[uuid.UUID]bool{}
	for _, b := range backups {
		over[b.ID] = b.Status == models.BackupCompleted
		switch {
		case b.Status == models.BackupFailed:
			goes[b.ID] = now.Sub(b.FinishedAt) >= o.leftFor(b.Kind)
		case b.ExpiredAt != nil:
			goes[b.ID] = true
		case b.Kind == models.BackupDump, b.Kind == models.BackupArchive:
			candidates = append(candidates, models.RetentionBackup{
				ID: b.ID, Kind: b.Kind, SnapshotAt: *b.SnapshotAt, Verified: b.Verified, LockedUntil: b.LockedUntil,
			})
		}
	}
	plan.Backups = models.PlanRetention(o.Retention, candidates, now)
	for _, v := range plan.Backups {
		goes[v.BackupID] = len(v.Keep) == 0
	}
	planPhysical(&plan, backups, stored, goes)
	buckets := []*blob.Store{o.Blob}
	if o.Archive != nil && slices.ContainsFunc(backups, func(b store.StoredBackup) bool { return b.Kind == models.BackupArchive }) {
		buckets = append(buckets, o.Archive) // which the first archive makes
	}
	for _, bucket := range buckets {
		if err := o.planObjects(ctx, &plan, bucket, goes, over); err != nil {
			return plan, err
		}
	}
	return plan, nil
}

// planObjects lists the versions in a bucket that belong to backups that go, and uploads of theirs that were broken off: also of backups that are
// over, whose worker died while it stored them and which another completed. The kinds come with manifests first: without its manifest a backup
// does not exist.
func (o *Operations) planObjects(ctx context.Context, plan *models.RetentionPlan, bucket *blob.Store, goes, over map[uuid.UUID]bool) error {
	for _, kind := range blob.InstallationKinds {
		versions, err := bucket.Versions(ctx, uuid.Nil, kind)
		if err != nil {
			return err
		}
		for _, v := range versions {
			if goes[v.Key.ID] {
				plan.Objects = append(plan.Objects, models.RetentionObject{
					BackupID: v.Key.ID, Key: v.Key.String(), VersionID: v.ID, SizeBytes: v.Size, Archive: bucket == o.Archive,
				})
			}
		}
		uploads, err := bucket.Uploads(ctx, uuid.Nil, kind)
		if err != nil {
			return err
		}
		for _, u := range uploads {
			if goes[u.Key.ID] || over[u.Key.ID] {
				plan.Objects = append(plan.Objects, models.RetentionObject{
					BackupID: u.Key.ID, Key: u.Key.String(), UploadID: u.ID, Archive: bucket == o.Archive,
				})
			}
		}
	}
	return nil
}

// planPhysical says what pgBackRest lets go, what an earlier run had noted and did not get to among it, and since which backup all WAL stays.
func planPhysical(plan *models.RetentionPlan, backups []store.StoredBackup, stored map[string]bool, goes map[uuid.UUID]bool) {
	from := models.ReplayFrom(plan.Backups)
	for _, b := range backups {
		if stored[b.Label] && goes[b.ID] {
			plan.Physical = append(plan.Physical, models.RetentionPhysical{BackupID: b.ID, Label: b.Label, SizeBytes: b.SizeBytes})
		}
		if from != nil && b.ID == from.BackupID {
			plan.WALFrom = b.Label
		}
	}
}

// storedLabels are the physical backups that lie in the repository. Where the worker has none, nothing is decided about them.
func (o *Operations) storedLabels(ctx context.Context, backups []store.StoredBackup) (map[string]bool, error) {
	if o.PgBackRest == nil || !slices.ContainsFunc(backups, func(b store.StoredBackup) bool { return b.Label != "" }) {
		return nil, nil
	}
	info, err := o.PgBackRest.Info(ctx)
	if err != nil {
		return nil, err
	}
	stored := map[string]bool{}
	for _, b := range info.Backups {
		stored[b.Label] = true
	}
	return stored, nil
}

// physicalCandidates are the backups among them that retention has not decided about for good.
func physicalCandidates(backups []store.StoredBackup, stored map[string]bool) []models.RetentionBackup {
	ids := map[string]uuid.UUID{}
	for _, b := range backups {
		if stored[b.Label] && b.ExpiredAt == nil {
			ids[b.Label] = b.ID
		}
	}
	var candidates []models.RetentionBackup
	for _, b := range backups {
		if ids[b.Label] != b.ID {
			continue
		}
		c := models.RetentionBackup{ID: b.ID, Kind: b.Kind, SnapshotAt: *b.SnapshotAt, Verified: b.Verified}
		for _, label := range b.Needs {
			c.Needs = append(c.Needs, ids[label])
		}
		candidates = append(candidates, c)
	}
	return candidates
}

// leftFor is how long what a failed backup left stays: of an archive it is under lock.
func (o *Operations) leftFor(kind models.BackupKind) time.Duration {
	left := time.Duration(o.Retention.AllHours) * time.Hour
	if kind == models.BackupArchive {
		left += o.ArchiveFor
	}
	return left
}

// remove does what the plan says and returns how many backups went and how many bytes. Each step may be repeated.
func (o *Operations) remove(ctx context.Context, plan models.RetentionPlan, backups []store.StoredBackup) (removed int, freed int64, err error) {
	// Rows first: from then on nothing restores what is about to go.
	if removed, err = o.expireRows(ctx, plan, backups); err != nil {
		return 0, 0, err
	}
	physical, err := o.expirePhysical(ctx, plan)
	if err != nil {
		return 0, 0, err
	}
	objects, err := o.deleteObjects(ctx, plan)
	if err != nil {
		return 0, 0, err
	}
	return removed, physical + objects, nil
}

// expireRows notes of each backup without a reason to stay that it is no more, as the tenant that its row belongs to.
func (o *Operations) expireRows(ctx context.Context, plan models.RetentionPlan, backups []store.StoredBackup) (int, error) {
	tenants := map[uuid.UUID]uuid.UUID{}
	for _, b := range backups {
		tenants[b.ID] = b.TenantID
	}
	expired := 0
	for _, v := range plan.Backups {
		if len(v.Keep) > 0 {
			continue
		}
		owner := models.WithActor(ctx, models.SystemActor(tenants[v.BackupID]))
		if err := o.Store.ExpireBackupRun(owner, v.BackupID); err != nil {
			return 0, err
		}
		expired++
	}
	return expired, nil
}

// expirePhysical has pgBackRest let go of the plan's physical backups and of the WAL before the one it keeps.
func (o *Operations) expirePhysical(ctx context.Context, plan models.RetentionPlan) (freed int64, err error) {
	if plan.WALFrom == "" {
		return 0, nil
	}
	client, err := o.physical()
	if err != nil {
		return 0, err
	}
	var labels []string
	for _, b := range plan.Physical {
		labels = append(labels, b.Label)
		freed += b.SizeBytes
	}
	return freed, client.Expire(ctx, labels, plan.WALFrom)
}

// deleteObjects deletes the plan's versions in its order.
func (o *Operations) deleteObjects(ctx context.Context, plan models.RetentionPlan) (freed int64, err error) {
	for _, object := range plan.Objects {
		key, err := blob.ParseKey(object.Key)
		if err != nil {
			return 0, err
		}
		bucket := o.Blob
		if object.Archive {
			bucket = o.Archive
		}
		if bucket == nil {
			return 0, models.Conflict("The plan names archives, and there is no bucket for them any more: set MAINSTAY_S3_ARCHIVE_BUCKET for the worker.")
		}
		if object.UploadID != "" {
			err = bucket.DropUpload(ctx, key, object.UploadID)
		} else {
			err = bucket.DeleteVersion(ctx, key, object.VersionID)
		}
		if err != nil {
			return 0, err
		}
		freed += object.SizeBytes
	}
	return freed, nil
}
