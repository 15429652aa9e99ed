package activities_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
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
	"mainstay/models/store/storetest"
)

// openBucket opens a bucket of the test's own through between, which sees each request behind the storage's answer.
func openBucket(t *testing.T, between func(*http.Request)) *blob.Store {
	t.Helper()
	return openBucketThrough(t, func(proxy *httputil.ReverseProxy) http.Handler {
		proxy.ModifyResponse = func(r *http.Response) error { between(r.Request); return nil }
		return proxy
	})
}

// openBucketThrough opens a bucket of the test's own through what wraps the way to the storage.
func openBucketThrough(t *testing.T, wrap func(*httputil.ReverseProxy) http.Handler) *blob.Store {
	t.Helper()
	target, err := url.Parse(endpointOfTests(t))
	require.NoError(t, err)
	server := httptest.NewServer(wrap(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // the request is signed for it
	}}))
	t.Cleanup(server.Close)
	files := bucketAt(t, server.URL, "ops-"+uuid.NewString())
	require.NoError(t, files.EnsureBucket(t.Context()))
	return files
}

func endpointOfTests(t *testing.T) string {
	t.Helper()
	endpoint := os.Getenv("MAINSTAY_TEST_S3_ENDPOINT")
	if endpoint == "" {
		t.Skip("MAINSTAY_TEST_S3_ENDPOINT is unset: run `make test`")
	}
	return "http://" + strings.TrimPrefix(endpoint, "http://")
}

func bucketAt(t *testing.T, endpoint, bucket string) *blob.Store {
	t.Helper()
	files, err := blob.Open(blob.Config{
		Endpoint: endpoint, Region: "us-east-1", Bucket: bucket,
		AccessKey: os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"),
	})
	require.NoError(t, err)
	return files
}

// TestRetentionGoesOnWithItsPlanHoweverOftenItIsKilled cancels the worker behind each deletion in turn: the end is that of one undisturbed run.
func TestRetentionGoesOnWithItsPlanHoweverOftenItIsKilled(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	kill := func() {}
	files := openBucket(t, func(r *http.Request) {
		if r.Method == http.MethodDelete {
			kill()
		}
	})
	names := map[uuid.UUID]string{}
	add := func(name string, tenant uuid.UUID, status models.BackupStatus, days int, expired bool) uuid.UUID {
		id, at := models.NewID(), time.Now().Add(-time.Duration(days)*24*time.Hour)
		names[id] = name
		size, evidence, failure := 3, `{"rows": 1}`, ""
		if status == models.BackupFailed {
			size, evidence, failure = 0, `{}`, "it broke off"
		}
		_, err := db.Owner.ExecContext(t.Context(), `INSERT INTO backup_runs (tenant_id, id, kind, status, size_bytes, snapshot_at, evidence, failure, actor_id,
			finished_at, expired_at, created_at, updated_at) VALUES ($1, $2, 'dump', $3, $4, $5, $6, $7, $8, $5, $9, $5, $5)`,
			tenant, id, string(status), size, at, evidence, failure, uuid.Nil, map[bool]any{true: at}[expired])
		require.NoError(t, err)
		for _, kind := range []blob.Kind{blob.Backups, blob.BackupManifests} {
			_, err := files.Put(t.Context(), blob.Key{Kind: kind, ID: id}, strings.NewReader("abc"), blob.Content{Size: 3})
			require.NoError(t, err)
		}
		return id
	}
	completed := models.BackupCompleted
	newest := add("newest", one.Tenant, completed, 0, false)
	add("young", two.Tenant, completed, 1, false)
	add("old", one.Tenant, completed, 60, false)
	add("another's old", two.Tenant, completed, 61, false)
	proven := add("proven", two.Tenant, completed, 90, false)
	add("left behind", one.Tenant, completed, 70, true)
	add("failed", one.Tenant, models.BackupFailed, 60, false)
	add("just failed", one.Tenant, models.BackupFailed, 0, false)
	nobodys := models.NewID()
	names[nobodys] = "of no row"
	_, err := files.Put(t.Context(), blob.Key{Kind: blob.Backups, ID: nobodys}, strings.NewReader("abc"), blob.Content{Size: 3})
	require.NoError(t, err)
	_, err = db.Owner.ExecContext(t.Context(), `INSERT INTO restore_drills (tenant_id, id, status, verdict, backup_run_id, rpo_seconds, rto_seconds, actor_id,
		finished_at, created_at, updated_at) VALUES ($1, $2, 'completed', 'pass', $3, 1, 1, $4, now(), now(), now())`, one.Tenant, models.NewID(), proven, uuid.Nil)
	require.NoError(t, err)

	// The worker that began the newest died while it stored it, and another completed it.
	storage := minio.Core{Client: storageOfTests(t)}
	_, err = storage.NewMultipartUpload(t.Context(), files.Bucket(), blob.Key{Kind: blob.Backups, ID: newest}.String(), minio.PutObjectOptions{})
	require.NoError(t, err)

	operations := &activities.Operations{Store: s, Blob: files, Retention: models.RetentionPolicy{AllHours: 48, Daily: 1}}
	in := activities.ProcessInput{TenantID: one.Tenant, ID: models.NewID()}
	for _, dry := range []bool{true, false} {
		in.ID = models.NewID()
		_, err = db.Owner.ExecContext(t.Context(), `INSERT INTO retention_runs (tenant_id, id, status, dry_run, actor_id, next_action_at, created_at, updated_at)
			VALUES ($1, $2, 'queued', $3, $4, now(), now(), now())`, one.Tenant, in.ID, dry, uuid.Nil)
		require.NoError(t, err)
		kills := -1
		var state activities.ProcessState
		for done := false; !done; kills++ {
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestActivityEnvironment()
			ctx, cancel := context.WithCancel(t.Context())
			env.SetWorkerOptions(worker.Options{BackgroundActivityContext: ctx})
			env.RegisterActivity(operations)
			left := kills + 2 // each try gets one deletion further
			kill = func() {
				if left--; left == 0 {
					cancel()
				}
			}
			value, err := env.ExecuteActivity(operations.CarryOutRetention, activities.ActionInput{ProcessInput: in, Action: "carry_out"})
			if done = err == nil; done {
				require.NoError(t, value.Get(&state))
			}
			cancel()
			require.Less(t, kills, 100)
		}
		require.Equal(t, string(models.RetentionCompleted), state.Status)
		run, err := s.RetentionRun(t.Context(), in.ID)
		require.NoError(t, err)
		var plan models.RetentionPlan
		require.NoError(t, json.Unmarshal(run.Plan, &plan))
		require.Len(t, plan.Objects, 9)
		require.Contains(t, plan.Objects[0].Key, string(blob.BackupManifests), "the manifest goes first")
		var stored []string
		for _, kind := range []blob.Kind{blob.Backups, blob.BackupManifests} {
			versions, err := files.Versions(t.Context(), uuid.Nil, kind)
			require.NoError(t, err)
			for _, v := range versions {
				stored = append(stored, fmt.Sprint(names[v.Key.ID], " ", kind))
			}
		}
		slices.Sort(stored)
		if dry {
			require.Len(t, stored, 17, "a dry run deletes nothing")
			require.Zero(t, run.Removed)
			require.Zero(t, kills)
			continue
		}
		require.Equal(t, 9, kills, "behind each deletion")
		uploads, err := files.Uploads(t.Context(), uuid.Nil, blob.Backups)
		require.NoError(t, err)
		require.Empty(t, uploads, "half of what is whole")
		require.Equal(t, 2, run.Removed)
		require.Equal(t, int64(24), run.FreedBytes)
		require.Equal(t, []string{
			"just failed backup-manifests", "just failed backups", "newest backup-manifests", "newest backups", "of no row backups",
			"proven backup-manifests", "proven backups", "young backup-manifests", "young backups",
		}, stored)
	}
	backups, err := s.StoredBackups(t.Context())
	require.NoError(t, err)
	for _, b := range backups {
		require.Equal(t, slices.Contains([]string{"old", "another's old", "left behind"}, names[b.ID]), b.ExpiredAt != nil, names[b.ID])
	}
	var audited int
	require.NoError(t, db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_events WHERE action = 'backup_run.expire'`).Scan(&audited))
	require.Equal(t, 2, audited, "once each")
}
