package activities_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"mainstay/activities"
	"mainstay/internal/blob"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// filesWorld is two tenants with files in a bucket of the test's own.
type filesWorld struct {
	*testing.T
	s          *store.Store
	db         storetest.Database
	files      *blob.Store
	operations *activities.Operations
	one, two   storetest.Plant
	changed    func() // behind each request that changes the bucket
}

func newFilesWorld(t *testing.T) *filesWorld {
	t.Helper()
	w := &filesWorld{T: t, changed: func() {}}
	w.s, w.db = storetest.New(t)
	w.one, w.two = storetest.NewPlant(t, w.db, "one"), storetest.NewPlant(t, w.db, "two")
	w.files = openBucket(t, func(r *http.Request) {
		if r.Method == http.MethodDelete || r.Method == http.MethodPut {
			w.changed()
		}
	})
	w.operations = &activities.Operations{Store: w.s, Blob: w.files}
	return w
}

// attach makes a file that is in use.
func (w *filesWorld) attach(p storetest.Plant, text string) models.Attachment {
	w.Helper()
	sum := sha256.Sum256([]byte(text))
	ctx := models.WithCommandKey(p.Context(w.Context()), models.CommandKey{ID: models.NewID(), Hash: []byte(text), Sent: true})
	a, err := w.s.CreateAttachment(ctx, models.NewAttachment{
		SubjectType: "asset", SubjectID: p.Asset, Filename: "a.txt", ContentType: "text/plain", SizeBytes: int64(len(text)), SHA256: sum[:],
	}, func(tenant, id uuid.UUID) string {
		return blob.Key{Tenant: tenant, Kind: blob.Attachments, ID: id}.String()
	})
	require.NoError(w, err)
	a, err = w.s.AttachmentUploaded(ctx, a.ID, w.put(a.ObjectKey, text))
	require.NoError(w, err)
	return a
}

func (w *filesWorld) put(key, text string) (version string) {
	w.Helper()
	parsed, err := blob.ParseKey(key)
	require.NoError(w, err)
	sum := sha256.Sum256([]byte(text))
	stored, err := w.files.Put(w.Context(), parsed, strings.NewReader(text), blob.Content{
		Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:]), Type: "text/plain",
	})
	require.NoError(w, err)
	return stored.VersionID
}

func (w *filesWorld) remove(key string) {
	w.Helper()
	parsed, err := blob.ParseKey(key)
	require.NoError(w, err)
	require.NoError(w, w.files.Delete(w.Context(), parsed))
}

// content is what lies there now; "" where nothing does.
func (w *filesWorld) content(key string) string {
	w.Helper()
	parsed, err := blob.ParseKey(key)
	require.NoError(w, err)
	body, _, err := w.files.Get(w.Context(), parsed)
	if models.ErrorCode(err) == models.CodeNotFound {
		return ""
	}
	require.NoError(w, err)
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(body)
	require.NoError(w, err)
	return string(text)
}

// run carries a run out, cancelled behind each change of the bucket in turn, and returns how often.
func (w *filesWorld) run(n models.NewFileRun) (models.FileRun, models.FilePlan, models.FileEvidence, int) {
	w.Helper()
	ctx := w.one.Context(w.Context())
	key := models.WithCommandKey(ctx, models.CommandKey{ID: models.NewID(), Hash: []byte("run"), Sent: true})
	id := models.SubjectID(models.CommandKeyFrom(key).ID)
	admitted, err := w.s.AdmitFileRun(key, id, n)
	require.NoError(w, err)
	_, err = w.s.RunFileRunCommand(key, id, admitted.ID)
	require.NoError(w, err)
	kills := -1
	for done := false; !done; kills++ {
		var suite testsuite.WorkflowTestSuite
		env := suite.NewTestActivityEnvironment()
		ctx, cancel := context.WithCancel(w.Context())
		env.SetWorkerOptions(worker.Options{BackgroundActivityContext: ctx})
		env.RegisterActivity(w.operations)
		left := kills + 2 // what is deleted already is deleted again
		if n.Kind == models.FileRestore {
			left = 1 // what is back already is not stored again
		}
		w.changed = func() {
			if left--; left == 0 {
				cancel()
			}
		}
		_, err := env.ExecuteActivity(w.operations.CarryOutFileRun, activities.ActionInput{
			ProcessInput: activities.ProcessInput{TenantID: w.one.Tenant, ID: id}, Action: store.ActionCarryOut,
		})
		done = err == nil
		cancel()
		require.Less(w, kills, 50)
	}
	w.changed = func() {}
	r, err := w.s.FileRun(w.Context(), id)
	require.NoError(w, err)
	var plan models.FilePlan
	var evidence models.FileEvidence
	require.NoError(w, json.Unmarshal(r.Plan, &plan))
	require.NoError(w, json.Unmarshal(r.Evidence, &evidence))
	return r, plan, evidence, kills
}

func (w *filesWorld) figure(name string) float64 {
	w.Helper()
	figures, err := w.s.Figures(w.Context())
	require.NoError(w, err)
	for _, f := range figures {
		if f.Name == name {
			return f.Value
		}
	}
	w.Fatalf("no figure %s", name)
	return 0
}

// TestFileCheckFindsFaultsAndRemovesOrphansHoweverOftenItIsKilled cancels the worker behind each deletion in turn.
func TestFileCheckFindsFaultsAndRemovesOrphansHoweverOftenItIsKilled(t *testing.T) {
	t.Parallel()
	w := newFilesWorld(t)
	good, missing, other := w.attach(w.one, "good"), w.attach(w.two, "missing"), w.attach(w.one, "right")
	read := other.ID
	read[15] = byte(time.Now().Unix() / (24 * 60 * 60) % models.FileReadDays) // its content is read today
	_, err := w.db.Owner.ExecContext(t.Context(), `UPDATE attachments SET id = $2 WHERE id = $1`, other.ID, read)
	require.NoError(t, err)
	w.remove(missing.ObjectKey)
	w.put(other.ObjectKey, "wrong")
	lost := blob.Key{Tenant: w.two.Tenant, Kind: blob.Exports, ID: models.NewID()}.String()
	nobodys := blob.Key{Tenant: models.NewID(), Kind: blob.Attachments, ID: models.NewID()}.String()
	for _, key := range []string{lost, nobodys} {
		w.put(key, "one")
		w.put(key, "three")
	}

	storage := minio.Core{Client: storageOfTests(t)}
	_, err = storage.NewMultipartUpload(t.Context(), w.files.Bucket(), lost, minio.PutObjectOptions{})
	require.NoError(t, err)
	uploads := func() int {
		found, err := w.files.Uploads(t.Context(), w.two.Tenant, blob.Exports)
		require.NoError(t, err)
		return len(found)
	}
	require.Equal(t, 1, uploads())

	w.operations.OrphansAfter = time.Hour
	_, plan, evidence, _ := w.run(models.NewFileRun{Kind: models.FileCheck})
	require.Empty(t, plan.Orphans, "what may be of a row to come stays")
	require.Empty(t, plan.Uploads, "what may be under way")
	require.Zero(t, evidence.Orphans)
	require.Equal(t, 3, evidence.Files)
	require.Equal(t, 2, evidence.Faults)
	faults := map[uuid.UUID]string{}
	for _, f := range plan.Faults {
		faults[*f.AttachmentID] = f.Fault
	}
	require.Equal(t, map[uuid.UUID]string{
		missing.ID: "The object is missing.", read: "The object has another content than its row says.",
	}, faults)
	require.InDelta(t, 2, w.figure("file_faults"), 0)

	w.operations.OrphansAfter = -time.Hour // a clock that is off by less makes nothing young
	_, plan, evidence, kills := w.run(models.NewFileRun{Kind: models.FileCheck, DryRun: true})
	require.Len(t, plan.Orphans, 2)
	require.Zero(t, evidence.Removed)
	require.Zero(t, kills)
	require.Equal(t, "three", w.content(lost), "a dry run removes nothing")
	require.Len(t, plan.Uploads, 1)
	require.Equal(t, 1, uploads())
	require.InDelta(t, 2, w.figure("file_orphans"), 0)

	_, _, evidence, kills = w.run(models.NewFileRun{Kind: models.FileCheck})
	require.Equal(t, 5, kills, "behind each deletion")
	require.Equal(t, 2, evidence.Removed)
	require.Empty(t, w.content(lost))
	require.Empty(t, w.content(nobodys))
	require.Zero(t, uploads(), "the parts of an upload that was broken off")
	require.Equal(t, "good", w.content(good.ObjectKey))
	require.Zero(t, w.figure("file_orphans"))

	w.put(lost, "again")
	_, err = w.db.Owner.ExecContext(t.Context(), `INSERT INTO recoveries (id, began_at, finished_at, evidence) VALUES ('r', now(), now() + interval '2 hours', '{}')`)
	require.NoError(t, err)
	_, plan, evidence, _ = w.run(models.NewFileRun{Kind: models.FileCheck})
	require.Zero(t, evidence.Removed)
	require.Empty(t, plan.Orphans, "after a recovery the newest files are of no row any more: they stay the whole time")
}

// TestFilesComeBackAsOfATimeHoweverOftenThatIsKilled cancels the worker behind each file that is stored in turn.
func TestFilesComeBackAsOfATimeHoweverOftenThatIsKilled(t *testing.T) {
	t.Parallel()
	w := newFilesWorld(t)
	deleted, missing, damaged, good := w.attach(w.one, "deleted"), w.attach(w.two, "missing"), w.attach(w.one, "damaged"), w.attach(w.one, "good")
	var at time.Time
	require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), `SELECT now()`).Scan(&at))
	_, err := w.s.DeleteAttachment(w.one.Context(t.Context()), deleted.ID, deleted.Version())
	require.NoError(t, err)
	w.remove(deleted.ObjectKey)
	w.remove(missing.ObjectKey)
	w.put(damaged.ObjectKey, "DAMAGED")

	_, plan, evidence, kills := w.run(models.NewFileRun{Kind: models.FileRestore, AsOf: &at, DryRun: true})
	require.Len(t, plan.Returns, 2)
	require.Zero(t, evidence.Restored)
	require.Zero(t, kills)
	require.Equal(t, "DAMAGED", w.content(damaged.ObjectKey))

	_, plan, evidence, kills = w.run(models.NewFileRun{Kind: models.FileRestore, AsOf: &at})
	require.Equal(t, 2, kills)
	require.Empty(t, plan.Faults)
	require.Equal(t, 3, evidence.Files)
	require.Equal(t, 2, evidence.Restored)
	require.Equal(t, "missing", w.content(missing.ObjectKey))
	require.Equal(t, "damaged", w.content(damaged.ObjectKey))
	require.Equal(t, "good", w.content(good.ObjectKey))
	require.Empty(t, w.content(deleted.ObjectKey), "a file that a person deleted comes back by itself alone")

	_, _, evidence, kills = w.run(models.NewFileRun{Kind: models.FileRestore, AsOf: &at, AttachmentID: &deleted.ID})
	require.Equal(t, 1, kills)
	require.Equal(t, 1, evidence.Restored)
	require.Equal(t, "deleted", w.content(deleted.ObjectKey))
	again, err := w.s.Attachment(w.one.Context(t.Context()), deleted.ID)
	require.NoError(t, err)
	require.NotEqual(t, deleted.VersionID, again.VersionID, "the row names the version that is back")
	var audited int
	require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_events WHERE action = 'attachment.restore'`).Scan(&audited))
	require.Equal(t, 3, audited, "once each")

	nobodys := models.NewID()
	r, plan, _, _ := w.run(models.NewFileRun{Kind: models.FileRestore, AsOf: &at, AttachmentID: &nobodys})
	require.Empty(t, plan.Returns)
	require.Contains(t, r.Failure, "There was no file")
}
