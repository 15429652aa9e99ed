package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/models"
)

// LoadFileRun reads where the run stands and notes that its process runs.
func (o *Operations) LoadFileRun(ctx context.Context, in ProcessInput) (ProcessState, error) {
	r, err := o.Store.LoadFileRun(in.context(ctx), in.ID)
	return stateOf(r, err, fileRunState)
}

// RunFileRunCommand carries out an admitted command in one transaction. A repeat answers the first outcome.
func (o *Operations) RunFileRunCommand(ctx context.Context, in CommandInput) (CommandResult, error) {
	return answered(o.Store.RunFileRunCommand(in.context(ctx), in.ID, in.CommandID))
}

func fileRunState(r models.FileRun) ProcessState {
	return operationState(r.Head(), r.Over(), string(r.Status))
}

// CarryOutFileRun looks at the files under the cluster's mutex, stores what it will change and changes it. A run that is broken off goes on
// with the plan that is stored.
func (o *Operations) CarryOutFileRun(ctx context.Context, in ActionInput) (ProcessState, error) {
	return carryOut(ctx, o, in, operationStep[models.FileRun]{
		load: o.Store.LoadFileRun, lives: o.Store.FileRunLives, state: fileRunState,
		do: func(ctx context.Context, r models.FileRun) (models.FileRun, error) { return o.overFiles(ctx, r.ID) },
		fail: func(ctx context.Context, failure string) (models.FileRun, error) {
			return o.Store.StepFileRun(ctx, in.ID, models.FileRunFail, func(r *models.FileRun) { r.Failure = failure })
		},
	})
}

// overFiles takes a run from its beginning to its end; one whose plan stands goes on with it.
func (o *Operations) overFiles(ctx context.Context, id uuid.UUID) (models.FileRun, error) {
	r, err := o.Store.StepFileRun(ctx, id, models.FileRunBegin, func(*models.FileRun) {})
	if err != nil {
		return r, err
	}
	if r.PlannedAt == nil {
		if r, err = o.planFileRun(ctx, r); err != nil {
			return r, err
		}
	}
	var plan models.FilePlan
	var evidence models.FileEvidence
	if err := errors.Join(json.Unmarshal(r.Plan, &plan), json.Unmarshal(r.Evidence, &evidence)); err != nil {
		return r, err
	}
	if !r.DryRun {
		if evidence.Removed, evidence.FreedBytes, err = o.removeOrphans(ctx, plan.Orphans); err != nil {
			return r, err
		}
		if err = o.dropUploads(ctx, plan.Uploads); err != nil {
			return r, err
		}
		if evidence.Restored, err = o.returnFiles(ctx, plan.Returns); err != nil {
			return r, err
		}
	}
	text, err := json.Marshal(evidence)
	if err != nil {
		return r, err
	}
	return o.Store.StepFileRun(ctx, id, models.FileRunComplete, func(r *models.FileRun) { r.Evidence = text })
}

// planFileRun looks at the files and stores what it found and what the run will change.
func (o *Operations) planFileRun(ctx context.Context, r models.FileRun) (models.FileRun, error) {
	look := fileLook{operations: o, began: time.Now()}
	var err error
	if r.Kind == models.FileRestore {
		err = look.restore(ctx, *r.AsOf, r.AttachmentID)
	} else {
		err = look.check(ctx)
	}
	if err != nil {
		return r, err
	}
	plan, evidence, err := look.found()
	if err != nil {
		return r, err
	}
	return o.Store.StepFileRun(ctx, r.ID, models.FileRunPlanned, func(r *models.FileRun) { r.Plan, r.Evidence = plan, evidence })
}

// fileLook gathers what a run finds before it changes anything.
type fileLook struct {
	operations *Operations
	began      time.Time
	plan       models.FilePlan
	evidence   models.FileEvidence
}

// found is the plan and the evidence as they are stored.
func (l *fileLook) found() (plan, evidence json.RawMessage, err error) {
	l.plan.Orphans, l.plan.Faults, l.plan.Returns = bounded(l.plan.Orphans), bounded(l.plan.Faults), bounded(l.plan.Returns)
	l.plan.Uploads = bounded(l.plan.Uploads)
	l.evidence.Seconds = time.Since(l.began).Seconds()
	if plan, err = json.Marshal(l.plan); err != nil {
		return nil, nil, err
	}
	evidence, err = json.Marshal(l.evidence)
	return plan, evidence, err
}

func bounded[T any](list []T) []T {
	return append([]T{}, list[:min(len(list), models.FilePlanMax)]...)
}

func (l *fileLook) fault(tenant uuid.UUID, f models.KnownFile, fault string) {
	l.evidence.Faults++
	l.plan.Faults = append(l.plan.Faults, models.FileFault{TenantID: tenant, AttachmentID: &f.ID, Key: f.Key, Fault: fault})
}

// check holds the files of every tenant, what lies under tenants that there are not, and the archives under lock against the rows.
func (l *fileLook) check(ctx context.Context) error {
	o := l.operations
	tenants, err := o.Store.TenantIDs(ctx)
	if err != nil {
		return err
	}
	stored, err := o.Blob.Tenants(ctx)
	if err != nil {
		return err
	}
	for _, id := range stored {
		if !slices.Contains(tenants, id) {
			tenants = append(tenants, id)
		}
	}
	young, err := l.young(ctx)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		if err := l.checkTenant(ctx, tenant, young); err != nil {
			return err
		}
	}
	return l.checkArchives(ctx)
}

// young is since when an object must be there to be spared. After a recovery the newest files are such of which no row knows any more: it
// gives all of them the whole time again.
func (l *fileLook) young(ctx context.Context) (time.Time, error) {
	young := l.began.Add(-l.operations.OrphansAfter)
	recovery, err := l.operations.Store.NewestRecovery(ctx)
	switch {
	case models.ErrorCode(err) == models.CodeNotFound:
		return young, nil
	case err != nil:
		return young, err
	case !recovery.FinishedAt.Before(young):
		return time.Time{}, nil
	}
	return young, nil
}

// checkTenant reads the rows before the storage, so that what a row knows then must be there, and again before it says that something is
// not: a file may have been deleted meanwhile.
func (l *fileLook) checkTenant(ctx context.Context, tenant uuid.UUID, young time.Time) error {
	o, scoped := l.operations, models.WithActor(ctx, models.SystemActor(tenant))
	known, err := o.Store.KnownFiles(scoped)
	if err != nil {
		return err
	}
	versions, err := o.versions(ctx, tenant)
	if err != nil {
		return err
	}
	orphans, faults := models.CompareFiles(known, versions, young)
	if len(faults) > 0 || len(orphans) > 0 {
		if known, err = o.Store.KnownFiles(scoped); err != nil {
			return err
		}
	}
	for _, f := range known {
		orphans = slices.DeleteFunc(orphans, func(x models.FileOrphan) bool { return x.Key == f.Key })
		if !f.InUse() {
			continue
		}
		l.evidence.Files++
		l.evidence.FileBytes += f.SizeBytes
		fault := faults[f.Key]
		if fault == "" && models.FileReadOn(f.ID, l.began) {
			if fault, err = l.read(ctx, f, ""); err != nil {
				return err
			}
		}
		if fault != "" {
			l.fault(tenant, f, fault)
		}
	}
	for _, x := range orphans {
		l.evidence.Orphans++
		l.evidence.OrphanBytes += x.SizeBytes
	}
	l.plan.Orphans = append(l.plan.Orphans, orphans...)
	return l.checkUploads(ctx, tenant)
}

// checkUploads plans the end of uploads that were broken off: what was begun so long ago nobody goes on with, and no recovery needs it.
func (l *fileLook) checkUploads(ctx context.Context, tenant uuid.UUID) error {
	old := l.began.Add(-l.operations.OrphansAfter)
	for _, kind := range blob.TenantKinds {
		uploads, err := l.operations.Blob.Uploads(ctx, tenant, kind)
		if err != nil {
			return err
		}
		for _, u := range uploads {
			if u.BegunAt.Before(old) {
				l.plan.Uploads = append(l.plan.Uploads, models.FileUpload{Key: u.Key.String(), UploadID: u.ID, BegunAt: u.BegunAt})
			}
		}
	}
	return nil
}

// read hashes the content of a file, of a version or, without one, of the newest, and says what is wrong with it.
func (l *fileLook) read(ctx context.Context, f models.KnownFile, version string) (fault string, err error) {
	key, err := blob.ParseKey(f.Key)
	if err != nil {
		return "", err
	}
	fault, read, err := readAgain(ctx, l.operations.Blob, key, version, f.SHA256)
	if err != nil {
		return "", err
	}
	if read != nil {
		l.evidence.ReadFiles++
		l.evidence.ReadBytes += *read
	}
	return fault, nil
}

// readAgain hashes the content of an object, of a version or, without one, of the newest, and says what is wrong with it. read is how many
// bytes that were, nil where there was nothing to read.
func readAgain(ctx context.Context, from *blob.Store, key blob.Key, version, sha string) (fault string, read *int64, err error) {
	body, _, err := from.GetVersion(ctx, key, version)
	if models.ErrorCode(err) == models.CodeNotFound {
		return "The object is missing.", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = body.Close() }()
	hash := sha256.New()
	n, err := io.Copy(hash, body)
	if err != nil {
		return "", nil, err
	}
	if hex.EncodeToString(hash.Sum(nil)) != sha {
		fault = "The object has another content than its row says."
	}
	return fault, &n, nil
}

func (o *Operations) versions(ctx context.Context, tenant uuid.UUID) ([]models.FileVersion, error) {
	var all []models.FileVersion
	for _, kind := range blob.TenantKinds {
		versions, err := o.Blob.Versions(ctx, tenant, kind)
		if err != nil {
			return nil, err
		}
		all = append(all, fileVersions(versions)...)
	}
	return all, nil
}

func fileVersions(versions []blob.Version) []models.FileVersion {
	var all []models.FileVersion
	for _, v := range versions {
		all = append(all, models.FileVersion{
			Key: v.Key.String(), VersionID: v.ID, SizeBytes: v.Size, Deleted: v.Deleted, Latest: v.Latest, StoredAt: v.StoredAt,
		})
	}
	return all
}

// removeOrphans removes the versions of the plan beyond recall, except of what a row knows by now.
func (o *Operations) removeOrphans(ctx context.Context, orphans []models.FileOrphan) (removed int, freed int64, err error) {
	known := map[uuid.UUID]map[string]bool{}
	for _, x := range orphans {
		key, err := blob.ParseKey(x.Key)
		if err != nil {
			return 0, 0, err
		}
		if known[key.Tenant] == nil {
			files, err := o.Store.KnownFiles(models.WithActor(ctx, models.SystemActor(key.Tenant)))
			if err != nil {
				return 0, 0, err
			}
			known[key.Tenant] = map[string]bool{}
			for _, f := range files {
				known[key.Tenant][f.Key] = true
			}
		}
		if known[key.Tenant][x.Key] {
			continue
		}
		for _, version := range x.Versions {
			if err := o.Blob.DeleteVersion(ctx, key, version); err != nil {
				return 0, 0, err
			}
		}
		removed++
		freed += x.SizeBytes
	}
	return removed, freed, nil
}

// dropUploads removes the parts of the plan's uploads.
func (o *Operations) dropUploads(ctx context.Context, uploads []models.FileUpload) error {
	for _, u := range uploads {
		key, err := blob.ParseKey(u.Key)
		if err != nil {
			return err
		}
		if err := o.Blob.DropUpload(ctx, key, u.UploadID); err != nil {
			return err
		}
	}
	return nil
}

// restore finds the version that each file had at a moment: of one file, or of all that are in use and whose object is not what the row says.
func (l *fileLook) restore(ctx context.Context, at time.Time, only *uuid.UUID) error {
	tenants, err := l.operations.Store.TenantIDs(ctx)
	if err != nil {
		return err
	}
	found := false
	for _, tenant := range tenants {
		known, err := l.operations.Store.KnownFiles(models.WithActor(ctx, models.SystemActor(tenant)))
		if err != nil {
			return err
		}
		for _, f := range known {
			switch {
			case only != nil && f.ID == *only && f.InUseAt(at):
				found = true
				err = l.restoreOne(ctx, tenant, f, at)
			case only == nil && f.InUse() && f.InUseAt(at):
				l.evidence.Files++
				l.evidence.FileBytes += f.SizeBytes
				err = l.restoreDamaged(ctx, tenant, f, at)
			}
			if err != nil {
				return err
			}
		}
	}
	if only != nil && !found {
		return models.Conflict("There was no file %s at that time.", *only)
	}
	return nil
}

// restoreOne plans the return of a file that is out of use, or whose content is not what the row says: it is read.
func (l *fileLook) restoreOne(ctx context.Context, tenant uuid.UUID, f models.KnownFile, at time.Time) error {
	l.evidence.Files, l.evidence.FileBytes = 1, f.SizeBytes
	if f.InUse() {
		fault, err := l.read(ctx, f, "")
		if err != nil || fault == "" {
			return err
		}
	}
	return l.planReturn(ctx, tenant, f, at)
}

// restoreDamaged plans the return of a file that storage does not describe as the row does.
func (l *fileLook) restoreDamaged(ctx context.Context, tenant uuid.UUID, f models.KnownFile, at time.Time) error {
	key, err := blob.ParseKey(f.Key)
	if err != nil {
		return err
	}
	is, err := l.operations.Blob.Stat(ctx, key)
	if err != nil && models.ErrorCode(err) != models.CodeNotFound {
		return err
	}
	if err == nil && is.Size == f.SizeBytes {
		if is.SHA256 == f.SHA256 {
			return nil
		}
		fault, err := l.read(ctx, f, "")
		if err != nil || fault == "" {
			return err
		}
	}
	return l.planReturn(ctx, tenant, f, at)
}

// planReturn takes the newest version of then whose content is what the row says.
func (l *fileLook) planReturn(ctx context.Context, tenant uuid.UUID, f models.KnownFile, at time.Time) error {
	key, err := blob.ParseKey(f.Key)
	if err != nil {
		return err
	}
	versions, err := l.operations.Blob.VersionsOf(ctx, key)
	if err != nil {
		return err
	}
	replaces := ""
	for _, v := range versions {
		if v.Latest && !v.Deleted {
			replaces = v.ID
		}
	}
	for _, v := range models.VersionsAsOf(f, fileVersions(versions), at) {
		fault, err := l.read(ctx, f, v.VersionID)
		if err != nil {
			return err
		}
		if fault == "" {
			l.evidence.Returns++
			l.plan.Returns = append(l.plan.Returns, models.FileReturn{
				TenantID: tenant, AttachmentID: f.ID, Key: f.Key, VersionID: v.VersionID, Replaces: replaces, StoredAt: v.StoredAt,
				SizeBytes: f.SizeBytes, SHA256: f.SHA256,
			})
			return nil
		}
	}
	l.fault(tenant, f, "Storage has no version of then with the content that its row says.")
	return nil
}

// returnFiles stores each version of the plan once more, as the newest; storage keeps it only where it still has the planned hash.
func (o *Operations) returnFiles(ctx context.Context, returns []models.FileReturn) (restored int, err error) {
	for _, r := range returns {
		if err := o.returnFile(ctx, r); err != nil {
			return 0, err
		}
		restored++
	}
	return restored, nil
}

// returnFile stores no second copy where an earlier try has stored one.
func (o *Operations) returnFile(ctx context.Context, r models.FileReturn) error {
	key, err := blob.ParseKey(r.Key)
	if err != nil {
		return err
	}
	is, err := o.Blob.Stat(ctx, key)
	if err != nil && models.ErrorCode(err) != models.CodeNotFound {
		return err
	}
	if err != nil || is.VersionID == r.Replaces || is.SHA256 != r.SHA256 {
		body, was, err := o.Blob.GetVersion(ctx, key, r.VersionID)
		if err != nil {
			return err
		}
		defer func() { _ = body.Close() }()
		if is, err = o.Blob.Put(ctx, key, body, blob.Content{Size: r.SizeBytes, SHA256: r.SHA256, Type: was.ContentType}); err != nil {
			return err
		}
	}
	return o.Store.AttachmentRestored(models.WithActor(ctx, models.SystemActor(r.TenantID)), r.AttachmentID, is.VersionID)
}
