package activities_test

import (
	"io"
	"net/http"
	"net/http/httputil"
	"sync/atomic"
	"testing"

	"filippo.io/age"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/activities"
	"mainstay/internal/blob"
	"mainstay/internal/config"
	"mainstay/internal/postgres"
	"mainstay/models"
	"mainstay/models/store/storetest"
)

// TestADumpThatIsCutAtAnyRequestIsNoBackup lets the storage go away for good at each request of an upload in turn, before it has the request and
// before its answer arrives: there is no manifest without what it describes, no run is completed, and retention takes what is left.
func TestADumpThatIsCutAtAnyRequestIsNoBackup(t *testing.T) {
	t.Parallel()
	var requests, cutAt atomic.Int64
	var unheard atomic.Bool // the storage does what it is asked, and its answer is lost
	files := openBucketThrough(t, func(proxy *httputil.ReverseProxy) http.Handler {
		return http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
			n, at := requests.Add(1), cutAt.Load()
			if at == 0 || n < at {
				proxy.ServeHTTP(answer, r)
				return
			}
			if n == at && unheard.Load() {
				proxy.ServeHTTP(discarded{http.Header{}}, r)
			}
			panic(http.ErrAbortHandler) // the connection breaks
		})
	})
	w := &faultWorld{T: t}
	w.s, w.db = storetest.New(t)
	w.p = storetest.NewPlant(t, w.db, "plant")
	key, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	w.operations = &activities.Operations{
		Store: w.s, Blob: files, DatabaseURL: config.Secret(w.db.URL), RecoveryKey: config.Secret(key.String()), Retention: models.RetentionPolicy{AllHours: 1, Daily: 1},
	}
	whole := func(id uuid.UUID) {
		t.Helper()
		m, _, err := postgres.ReadManifest(t.Context(), files, id)
		require.NoError(t, err)
		for _, kind := range []blob.Kind{blob.Backups, blob.Inventories, blob.Installations} {
			_, err := files.Stat(t.Context(), blob.Key{Kind: kind, ID: id})
			require.NoError(t, err, kind)
		}
		opens, err := postgres.ParseRecoveryKey(key.String())
		require.NoError(t, err)
		checks, err := opens.Fetch(t.Context(), files, m, io.Discard)
		require.NoError(t, err)
		require.Equal(t, models.DrillPass, models.DrillVerdictOf(checks), "%v", checks)
	}
	undisturbed := w.newBackup(models.BackupDump)
	requests.Store(0)
	require.NoError(t, w.act(w.operations.CarryOutBackup, undisturbed))
	require.Equal(t, models.BackupCompleted, w.backup(undisturbed).Status)
	upload := requests.Load()
	require.GreaterOrEqual(t, upload, int64(6), "the dump in parts, what is beside it and the manifest")

	cut := []uuid.UUID{}
	for at := int64(1); at <= upload; at++ {
		unheard.Store(at%2 == 0 || at == upload)
		id := w.newBackup(models.BackupDump)
		cut = append(cut, id)
		requests.Store(0)
		cutAt.Store(at)
		require.Error(t, w.act(w.operations.CarryOutBackup, id), "request %d", at)
		cutAt.Store(0)
		require.Equal(t, models.BackupRunning, w.backup(id).Status, "request %d", at)
		if _, err := files.Stat(t.Context(), blob.Key{Kind: blob.BackupManifests, ID: id}); models.ErrorCode(err) != models.CodeNotFound {
			require.NoError(t, err)
			require.Equal(t, upload, at, "only what stored the manifest may leave one")
			whole(id)
		}
	}
	// The last one is tried again; of the others the row says that they failed, long ago.
	again := cut[len(cut)-1]
	cut = cut[:len(cut)-1]
	require.NoError(t, w.act(w.operations.CarryOutBackup, again))
	require.Equal(t, models.BackupCompleted, w.backup(again).Status)
	for _, id := range cut {
		_, err := w.s.StepBackupRun(w.ctx(), id, models.BackupFail, func(b *models.BackupRun) { b.Failure = "The storage is away." })
		require.NoError(t, err)
	}
	require.NotEmpty(t, w.leftOf(cut...))
	_, err = w.db.Owner.ExecContext(t.Context(), `UPDATE backup_runs SET finished_at = finished_at - interval '1 day' WHERE status = 'failed'`)
	require.NoError(t, err)
	id := models.NewID()
	_, err = w.db.Owner.ExecContext(t.Context(), `INSERT INTO retention_runs (tenant_id, id, status, dry_run, actor_id, next_action_at, created_at, updated_at)
		VALUES ($1, $2, 'queued', false, $3, now(), now(), now())`, w.p.Tenant, id, uuid.Nil)
	require.NoError(t, err)
	require.NoError(t, w.act(w.operations.CarryOutRetention, id))
	require.Empty(t, w.leftOf(cut...))
	whole(undisturbed)
	whole(again)

	// A drill reads the manifest and the dump; without either it is tried again. The key is another then.
	drill := w.newDrill(models.DrillRequest{Source: models.DrillOfDump})
	for at := range int64(2) {
		requests.Store(0)
		cutAt.Store(at + 1)
		require.Error(t, w.act(w.operations.CarryOutRestoreDrill, drill))
		cutAt.Store(0)
		d, checks := w.drill(drill)
		require.Equal(t, models.RestoreDrillRunning, d.Status, "%v", checks)
	}
	other, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	w.operations.RecoveryKey = config.Secret(other.String())
	require.NoError(t, w.act(w.operations.CarryOutRestoreDrill, drill))
	d, checks := w.drill(drill)
	require.Equal(t, models.DrillFail, d.Verdict, "%v", checks)
	require.Equal(t, "decrypt", checks[len(checks)-1].Name)
	require.Equal(t, models.DrillFail, checks[len(checks)-1].Verdict)
	require.Contains(t, checks[len(checks)-1].Detail, "the recovery key does not open it")
}

// discarded takes an answer that nobody gets.
type discarded struct{ header http.Header }

func (d discarded) Header() http.Header          { return d.header }
func (discarded) Write(text []byte) (int, error) { return len(text), nil }
func (discarded) WriteHeader(int)                {}

// leftOf names what lies in storage of backups, parts of uploads among it.
func (w *faultWorld) leftOf(ids ...uuid.UUID) (left []string) {
	w.Helper()
	of := map[uuid.UUID]bool{}
	for _, id := range ids {
		of[id] = true
	}
	for _, kind := range blob.InstallationKinds {
		versions, err := w.operations.Blob.Versions(w.Context(), uuid.Nil, kind)
		require.NoError(w, err)
		for _, v := range versions {
			if of[v.Key.ID] {
				left = append(left, v.Key.String())
			}
		}
		uploads, err := w.operations.Blob.Uploads(w.Context(), uuid.Nil, kind)
		require.NoError(w, err)
		for _, u := range uploads {
			if of[u.Key.ID] {
				left = append(left, "upload "+u.Key.String())
			}
		}
	}
	return left
}
