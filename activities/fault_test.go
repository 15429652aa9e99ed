package activities_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"

	"mainstay/activities"
	"mainstay/internal/config"
	"mainstay/internal/pgbackrest"
	"mainstay/internal/stack/stacktest"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
	"mainstay/workflows"
)

// faultWorld is an installation whose repository lies in a bucket behind TLS, which can go away.
type faultWorld struct {
	*testing.T
	cluster    *stacktest.ArchivingCluster
	s          *store.Store
	db         storetest.Database
	p          storetest.Plant
	operations *activities.Operations
	away       atomic.Pointer[func(*http.Request) bool]
}

func newFaultWorld(t *testing.T) *faultWorld {
	t.Helper()
	stacktest.NeedPgBackRest(t)
	files := openBucket(t, func(*http.Request) {})
	w := &faultWorld{T: t}
	w.back()
	authority := filepath.Join(stacktest.Dir(t), "authority.pem")
	server := w.storage(authority)
	w.cluster = stacktest.NewArchivingClusterAt(t, &pgbackrest.S3{
		Host: "localhost", Port: server.Port(), Region: "us-east-1", Bucket: files.Bucket(), CAFile: authority,
		AccessKey: os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"),
	})
	// A storage that is away is given up within moments.
	text, err := os.ReadFile(w.cluster.Client.Config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(w.cluster.Client.Config, []byte(strings.Replace(string(text), "[global]\n", "[global]\nio-timeout=1\njob-retry=0\n", 1)), 0o600))
	t.Setenv("MAINSTAY_TEST_DATABASE_URL", w.cluster.Postgres.URL("postgres"))
	w.s, w.db = storetest.New(t)
	w.p = storetest.NewPlant(t, w.db, "plant")
	w.p.Told(t, w.db)
	key, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	w.operations = &activities.Operations{
		Store: w.s, Blob: files, DatabaseURL: config.Secret(w.db.URL), RecoveryKey: config.Secret(key.String()), PgBackRest: w.cluster.Client,
		ScratchDir: w.cluster.Dir, API: func(*store.Store) (http.Handler, error) { return http.HandlerFunc(answerAll), nil },
	}
	return w
}

// storage serves the stack's storage over TLS, with a certificate whose authority it writes to a file.
func (w *faultWorld) storage(authority string) *url.URL {
	w.Helper()
	target, err := url.Parse(endpointOfTests(w.T))
	require.NoError(w, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // the request is signed for it
	}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(answer http.ResponseWriter, r *http.Request) {
		if (*w.away.Load())(r) {
			panic(http.ErrAbortHandler) // the connection breaks
		}
		proxy.ServeHTTP(answer, r)
	}))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(w, err)
	made, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, // pgBackRest knows no addresses in certificates
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, &x509.Certificate{}, key.Public(), key)
	require.NoError(w, err)
	require.NoError(w, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made}), 0o644)) //nolint:gosec // a certificate
	server.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{made}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	w.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	require.NoError(w, err)
	if other, err := (&net.ListenConfig{}).Listen(w.Context(), "tcp", "[::1]:"+u.Port()); err == nil { // what localhost may mean first
		go func() { _ = server.Config.Serve(tls.NewListener(other, server.TLS)) }()
	}
	return u
}

// cut lets the storage go away for good with the first request that meets the condition.
func (w *faultWorld) cut(with func(*http.Request) bool) {
	var gone atomic.Bool
	away := func(r *http.Request) bool {
		if with(r) {
			gone.Store(true)
		}
		return gone.Load()
	}
	w.away.Store(&away)
}

func (w *faultWorld) back() {
	here := func(*http.Request) bool { return false }
	w.away.Store(&here)
}

func answerAll(answer http.ResponseWriter, r *http.Request) {
	body := `{"access_token": "t", "items": []}`
	if r.URL.Path == "/v1/assets" {
		body = `{"items": [{}]}`
	}
	_, _ = answer.Write([]byte(body))
}

func (w *faultWorld) ctx() context.Context {
	return models.WithCommandKey(w.p.Context(w.Context()), models.CommandKey{ID: models.NewID(), Hash: []byte("ask"), Sent: true})
}

// act carries an operation out, once.
func (w *faultWorld) act(do any, id uuid.UUID) error {
	w.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetTestTimeout(5 * time.Minute)
	env.RegisterActivity(w.operations)
	_, err := env.ExecuteActivity(do, activities.ActionInput{
		ProcessInput: activities.ProcessInput{TenantID: w.p.Tenant, ID: id}, Action: store.ActionCarryOut,
	})
	return err
}

// carriedOut runs the process of an operation to its end and returns how often that tried to carry it out. No time passes between the tries.
func (w *faultWorld) carriedOut(process any, id uuid.UUID) (tries int) {
	w.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetTestTimeout(5 * time.Minute)
	env.RegisterActivity(w.operations)
	env.SetOnActivityStartedListener(func(*activity.Info, context.Context, converter.EncodedValues) { tries++ })
	env.ExecuteWorkflow(process, workflows.Input{ProcessInput: activities.ProcessInput{TenantID: w.p.Tenant, ID: id}})
	require.NoError(w, env.GetWorkflowError())
	return tries
}

func (w *faultWorld) newBackup(kind models.BackupKind) uuid.UUID {
	w.Helper()
	ctx := w.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := w.s.AdmitBackupRun(ctx, id, kind)
	require.NoError(w, err)
	_, err = w.s.RunBackupCommand(ctx, id, admitted.ID)
	require.NoError(w, err)
	return id
}

func (w *faultWorld) backup(id uuid.UUID) models.BackupRun {
	w.Helper()
	b, err := w.s.BackupRun(w.Context(), id)
	require.NoError(w, err)
	return b
}

func (w *faultWorld) newDrill(r models.DrillRequest) uuid.UUID {
	w.Helper()
	ctx := w.ctx()
	id := models.SubjectID(models.CommandKeyFrom(ctx).ID)
	admitted, err := w.s.AdmitRestoreDrill(ctx, id, r)
	require.NoError(w, err)
	_, err = w.s.RunRestoreDrillCommand(ctx, id, admitted.ID)
	require.NoError(w, err)
	return id
}

func (w *faultWorld) drill(id uuid.UUID) (models.RestoreDrill, []models.DrillCheck) {
	w.Helper()
	d, err := w.s.RestoreDrill(w.Context(), id)
	require.NoError(w, err)
	var checks []models.DrillCheck
	require.NoError(w, json.Unmarshal(d.Checks, &checks))
	return d, checks
}

func (w *faultWorld) check() string {
	w.Helper()
	found, err := w.operations.CheckWAL(w.Context())
	require.NoError(w, err)
	return found.Fault
}

// smallDisk is a file system of a few megabytes; "" where this host gives the test none.
func (w *faultWorld) smallDisk() string {
	w.Helper()
	dir := filepath.Join(stacktest.Dir(w.T), "small")
	require.NoError(w, os.Mkdir(dir, 0o711)) //nolint:gosec // the unprivileged server walks through it
	if out, err := exec.CommandContext(w.Context(), "mount", "-t", "tmpfs", "-o", "size=4m,mode=0711", "tmpfs", dir).CombinedOutput(); err != nil {
		w.Logf("NOT TESTED: a full disk: mount: %s", out)
		return ""
	}
	w.Cleanup(func() { require.NoError(w, exec.Command("umount", dir).Run()) })
	return dir
}

// asks reports whether a request has all of these in its method and path.
func asks(parts ...string) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(r.Method+" "+r.URL.Path, part) })
	}
}

// TestNoFaultOfStorageOrDiskCountsAsAPass takes the storage away in the middle of a backup, of a drill's fetch and of its replay, and fills the
// disk: what is tried again when all is well ends as if nothing had been, and what is tried in vain says that nothing is known.
func TestNoFaultOfStorageOrDiskCountsAsAPass(t *testing.T) {
	w := newFaultWorld(t)
	backup := w.newBackup(models.BackupFull)
	w.cut(asks("PUT", "/bundle/"))
	require.ErrorContains(t, w.act(w.operations.CarryOutBackup, backup), "pgbackrest backup")
	require.Regexp(t, "The WAL archive could not be looked at: .*cannot be read", w.check())
	w.back()
	require.Equal(t, models.BackupRunning, w.backup(backup).Status, "it is tried again")
	info, err := w.cluster.Client.Info(t.Context())
	require.NoError(t, err)
	require.Empty(t, info.Backups)
	require.NoError(t, w.act(w.operations.CarryOutBackup, backup))
	require.Equal(t, models.BackupCompleted, w.backup(backup).Status)

	id := w.newDrill(models.DrillRequest{})
	w.cut(asks("GET", "/bundle/"))
	require.ErrorContains(t, w.act(w.operations.CarryOutRestoreDrill, id), "pgbackrest restore")
	d, checks := w.drill(id)
	require.Equal(t, models.RestoreDrillRunning, d.Status, "it is tried again: %v", checks)
	w.back()
	if small := w.smallDisk(); small != "" {
		room := w.operations.ScratchDir
		w.operations.ScratchDir = small
		full := w.act(w.operations.CarryOutRestoreDrill, id)
		d, checks = w.drill(id)
		require.ErrorContains(t, full, "unable to write", "%v", checks)
		require.Equal(t, models.RestoreDrillRunning, d.Status, "a disk that is full says nothing about the backup: %v", checks)
		w.operations.ScratchDir = room
	}
	require.NoError(t, w.act(w.operations.CarryOutRestoreDrill, id))
	d, checks = w.drill(id)
	require.Equal(t, models.DrillPass, d.Verdict, "%v", checks)
	require.NotNil(t, d.RPOSeconds)
	left := filepath.Join(w.operations.ScratchDir, "mainstay-wal-of-one-that-was-killed")
	require.NoError(t, os.Mkdir(left, 0o700))
	long := time.Now().Add(-2 * time.Hour)
	require.NoError(t, os.Chtimes(left, long, long))
	require.Empty(t, w.check())
	require.NoDirExists(t, left, "what stands there is WAL in clear")
	var commit *time.Time
	require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), `SELECT commit_at FROM wal_heartbeats ORDER BY id DESC LIMIT 1`).Scan(&commit))
	require.NotNil(t, commit, "the last transaction of the archive")

	w.findsWhatItSpoils()
	w.refusesAZombie()
	w.endsWhenTheStorageStaysAway()
	w.namesTheSegmentThatIsGone()
}

// refusesAZombie starts an old copy of the cluster, which archives other content under the same names: nothing of it gets into the archive, and
// the copy's own check says so.
func (w *faultWorld) refusesAZombie() {
	w.Helper()
	zombie := w.cluster.Zombie(w.T)
	require.Eventually(w, func() bool { // the connections from before the restart are dead, which each says once
		_, err := w.s.TenantIDs(w.Context())
		return err == nil
	}, time.Minute, 10*time.Millisecond)
	switched := func(c *stacktest.ArchivingCluster, wrote string) (segment string) {
		w.Helper()
		conn, err := pgx.Connect(w.Context(), c.Postgres.URL("postgres"))
		require.NoError(w, err)
		defer func() { _ = conn.Close(context.WithoutCancel(w.Context())) }()
		_, err = conn.Exec(w.Context(), `SELECT pg_logical_emit_message(true, 'test', $1)`, wrote)
		require.NoError(w, err)
		require.NoError(w, conn.QueryRow(w.Context(), `SELECT pg_walfile_name(pg_switch_wal())`).Scan(&segment))
		return segment
	}
	archived := func(name string) (found []pgbackrest.Segment) {
		w.Helper()
		info, err := w.cluster.Client.Info(w.Context())
		require.NoError(w, err)
		segments, err := w.cluster.Client.Segments(w.Context(), info)
		require.NoError(w, err)
		return slices.DeleteFunc(segments, func(s pgbackrest.Segment) bool { return s.Name != name })
	}
	name := switched(w.cluster, "the cluster's")
	require.Eventually(w, func() bool { return len(archived(name)) == 1 }, time.Minute, 50*time.Millisecond)
	good := archived(name)
	require.Equal(w, name, switched(zombie, "the copy's"))
	u, err := url.Parse(w.db.URL)
	require.NoError(w, err)
	itself := zombie.Postgres.URL(strings.TrimPrefix(u.Path, "/"))
	s, err := store.Open(w.Context(), store.Options{URL: itself, MaxConns: 4})
	require.NoError(w, err)
	defer func() { _ = s.Close() }()
	copied := &activities.Operations{Store: s, DatabaseURL: config.Secret(itself), PgBackRest: zombie.Client, ScratchDir: w.cluster.Dir}
	require.Eventually(w, func() bool {
		found, err := copied.CheckWAL(w.Context())
		require.NoError(w, err)
		return strings.Contains(found.Fault, "PostgreSQL cannot archive the WAL segment "+name)
	}, time.Minute, 50*time.Millisecond)
	require.Equal(w, good, archived(name), "the segment stays that came first")
	require.NoError(w, w.cluster.Client.VerifySegment(w.Context(), good[0], w.cluster.Dir, func(string) error { return nil }))
	require.Empty(w, w.check(), "the cluster itself is well")
	require.NoError(w, zombie.Postgres.Stop())
}

// inReplay calls do with each request of a replay for a WAL segment, which come behind the fetch of the backup.
func inReplay(do func(*http.Request) bool) func(*http.Request) bool {
	var fetched atomic.Bool
	fetches, replays := asks("GET", "/bundle/"), asks("GET", "/archive/", ".zst")
	return func(r *http.Request) bool {
		if fetches(r) {
			fetched.Store(true)
		}
		return fetched.Load() && replays(r) && do(r)
	}
}

// endsWhenTheStorageStaysAway takes the storage away for good, from a drill while it replays and from a backup at once: each ends with its last
// try.
func (w *faultWorld) endsWhenTheStorageStaysAway() {
	w.Helper()
	id := w.newDrill(models.DrillRequest{})
	w.cut(inReplay(func(*http.Request) bool { return true }))
	require.Equal(w, 4, w.carriedOut(workflows.RestoreDrill, id))
	d, checks := w.drill(id)
	require.Equal(w, models.RestoreDrillCompleted, d.Status)
	require.Equal(w, models.DrillInconclusive, d.Verdict, "%v", checks)
	last := checks[len(checks)-1]
	require.Equal(w, "drill", last.Name)
	require.Equal(w, models.DrillInconclusive, last.Verdict)
	require.Regexp(w, "cannot be read: .*(Connect|Service|eof)", last.Detail)
	require.Nil(w, d.RTOSeconds)

	backup := w.newBackup(models.BackupIncremental)
	require.Equal(w, 4, w.carriedOut(workflows.Backup, backup))
	b := w.backup(backup)
	require.Equal(w, models.BackupFailed, b.Status)
	require.Regexp(w, "cannot be read: .*(Connect|Service|eof)", b.Failure)
	w.back()
}

// namesTheSegmentThatIsGone removes WAL from the repository while the server replays what came before it.
func (w *faultWorld) namesTheSegmentThatIsGone() {
	w.Helper()
	var once sync.Once
	var gone []string
	w.cut(inReplay(func(r *http.Request) bool {
		once.Do(func() { gone = w.loseSegments(path.Base(r.URL.Path)) })
		return false
	}))
	id := w.newDrill(models.DrillRequest{})
	require.NoError(w, w.act(w.operations.CarryOutRestoreDrill, id))
	w.back()
	d, checks := w.drill(id)
	require.Equal(w, models.DrillFail, d.Verdict, "%v", checks)
	last := checks[len(checks)-1]
	require.Equal(w, "replay", last.Name)
	require.Regexp(w, `^\d+ WAL segments went missing .* is the first`, last.Detail)
	require.Contains(w, last.Detail, gone[0])
}

// loseSegments removes every WAL segment behind one from the repository and returns their names.
func (w *faultWorld) loseSegments(behind string) (gone []string) {
	w.Helper()
	storage := storageOfTests(w.T)
	bucket := w.operations.Blob.Bucket()
	for object := range storage.ListObjects(w.Context(), bucket, minio.ListObjectsOptions{Prefix: "repository/", Recursive: true}) {
		require.NoError(w, object.Err)
		if name := path.Base(object.Key); strings.Contains(object.Key, "/archive/") && strings.HasSuffix(name, ".zst") && name > behind {
			require.NoError(w, storage.RemoveObject(w.Context(), bucket, object.Key, minio.RemoveObjectOptions{}))
			segment, _, _ := strings.Cut(name, "-")
			gone = append(gone, segment)
		}
	}
	require.NotEmpty(w, gone)
	return gone
}

// storageOfTests is the stack's storage itself.
func storageOfTests(t *testing.T) *minio.Client {
	t.Helper()
	storage, err := minio.New(strings.TrimPrefix(os.Getenv("MAINSTAY_TEST_S3_ENDPOINT"), "http://"), &minio.Options{
		Creds: credentials.NewStaticV4(os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"), ""), Region: "us-east-1",
	})
	require.NoError(t, err)
	return storage
}
