package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/temporal"

	"mainstay/internal/blob"
	"mainstay/internal/stack/stacktest"
	"mainstay/models"
	"mainstay/workflows"
)

// gate stands between a world and its storage. It can hold one request, so that who made it is killed in the middle of it.
type gate struct {
	proxy   *httputil.ReverseProxy
	lock    sync.Mutex
	seen    int  // requests since it was set
	at      int  // which of them is held; 0: none
	unheard bool // the storage has carried out what is held
	held    chan struct{}
	open    chan struct{}
}

// newGate puts a gate before the storage of every world that the test makes from now on.
func newGate(t *testing.T) *gate {
	t.Helper()
	const setting = "MAINSTAY_TEST_S3_ENDPOINT"
	target, err := url.Parse(os.Getenv(setting))
	require.NoError(t, err)
	g := &gate{proxy: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host // the request is signed for it
	}}}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	t.Setenv(setting, server.URL)
	return g
}

// ServeHTTP implements [http.Handler].
func (g *gate) ServeHTTP(answer http.ResponseWriter, r *http.Request) {
	g.lock.Lock()
	g.seen++
	hold, unheard, held, open := g.seen == g.at, g.unheard, g.held, g.open
	g.lock.Unlock()
	if !hold {
		g.proxy.ServeHTTP(answer, r)
		return
	}
	if unheard {
		g.proxy.ServeHTTP(httptest.NewRecorder(), r)
	}
	close(held)
	<-open
	panic(http.ErrAbortHandler) // the connection breaks
}

// set counts anew and holds the request of that number, 0 for none: before the storage has it, or before its answer arrives.
func (g *gate) set(at int, unheard bool) (held <-chan struct{}) {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.seen, g.at, g.unheard, g.held, g.open = 0, at, unheard, make(chan struct{}), make(chan struct{})
	return g.held
}

// release lets go of what is held and returns how many requests came.
func (g *gate) release() int {
	g.lock.Lock()
	defer g.lock.Unlock()
	g.at = 0
	if g.open != nil {
		close(g.open)
		g.open = nil
	}
	return g.seen
}

// crashes kills the worker of a world in the middle of runs, each at a point of chance.
type crashes struct {
	*world
	cluster *stacktest.ArchivingCluster
	gate    *gate
	chance  *rand.Rand
}

// crashSeed repeats the points at which an earlier test struck.
const crashSeed = "MAINSTAY_TEST_CRASH_SEED"

func newCrashes(w *world, cluster *stacktest.ArchivingCluster, g *gate) *crashes {
	w.t.Helper()
	seed := rand.Uint64() //nolint:gosec // no secret
	if text := os.Getenv(crashSeed); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(w.t, err)
	}
	w.t.Logf("%s=%d strikes at the same points", crashSeed, seed)
	return &crashes{world: w, cluster: cluster, gate: g, chance: rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // no secret
}

// struck is a kind of run whose worker is killed in the middle of it.
type struck struct {
	name string
	// like is the path of a run of the kind that nothing disturbed. Where there is none, one is made now, and the other is struck at one of as
	// many requests to the storage; else at a moment within the time that it took.
	like string
	// undisturbed asks for that one; where it is nil, ask does.
	undisturbed func() string
	ask         func() string // asks for a run and returns its path
	before      func()        // makes what either of them finds
}

// strike disturbs a run and returns its path: it ends as the undisturbed one did.
func (c *crashes) strike(s struck) string {
	c.t.Helper()
	prepare := func() {
		if s.before != nil {
			s.before()
		}
	}
	requests := 0
	if s.like == "" {
		if s.undisturbed == nil {
			s.undisturbed = s.ask
		}
		prepare()
		c.gate.set(0, false)
		s.like = s.undisturbed()
		c.awaitRun(s.like)
		requests = c.gate.release()
		require.Positive(c.t, requests)
	}
	want := c.remains(s.like)
	require.Equal(c.t, "completed", want.Status, "%s: %v", s.name, want)
	took := time.Duration(c.figure(`SELECT extract(epoch FROM finished_at - started_at) FROM `+tableOf(s.like)+` WHERE id = $1`, path.Base(s.like)) * float64(time.Second))
	for tries := 1; ; tries++ {
		require.Less(c.t, tries, 6, "%s is always over before it is struck", s.name)
		prepare()
		run, inside := c.struck(s, requests, took)
		c.awaitRun(run)
		require.Equal(c.t, want, c.remains(run), s.name)
		if inside {
			return run
		}
		took /= 2
	}
}

// struck asks for a run, kills the worker in the middle and starts another. It may be over before.
func (c *crashes) struck(s struck, requests int, took time.Duration) (run string, inside bool) {
	c.t.Helper()
	if requests > 0 {
		at, unheard := 1+c.chance.IntN(requests), c.chance.IntN(2) == 0
		c.t.Logf("%s: struck at request %d of %d, which the storage has carried out: %t", s.name, at, requests, unheard)
		held := c.gate.set(at, unheard)
		run = s.ask()
		c.eventually(func() bool {
			select {
			case <-held:
				return true
			default:
				return c.over(run)
			}
		})
	} else {
		at := time.Duration(c.chance.Float64() * float64(took))
		c.t.Logf("%s: struck at %v of %v", s.name, at, took)
		run = s.ask()
		c.eventually(func() bool {
			return c.count(`SELECT count(*) FROM `+tableOf(run)+` WHERE id = $1 AND started_at IS NOT NULL`, path.Base(run)) > 0
		})
		<-time.After(at)
	}
	c.kill("worker")
	inside = !c.over(run)
	c.gate.release()
	c.workerIsGone(run)
	c.start("worker")
	return run, inside
}

// workerIsGone says to Temporal now what it would find out by a heartbeat that does not come.
func (c *crashes) workerIsGone(run string) {
	c.t.Helper()
	id := workflows.WorkflowID(operationTables[path.Dir(run)].process, c.plant.Tenant, uuid.MustParse(path.Base(run)))
	is, err := c.temporal.DescribeWorkflowExecution(c.t.Context(), id, "")
	require.NoError(c.t, err)
	for _, a := range is.GetPendingActivities() {
		if a.GetState() == enums.PENDING_ACTIVITY_STATE_STARTED {
			require.NoError(c.t, c.temporal.CompleteActivityByID(c.t.Context(), c.namespace, id, is.GetWorkflowExecutionInfo().GetExecution().GetRunId(), a.GetActivityId(),
				nil, temporal.NewApplicationError("Its worker is gone.", "crash")))
		}
	}
}

// operationTables are where runs stand, by where the API has them.
var operationTables = map[string]struct{ table, process string }{
	"/v1/backups":        {"backup_runs", models.ProcessBackup},
	"/v1/restore-drills": {"restore_drills", models.ProcessRestoreDrill},
	"/v1/retention-runs": {"retention_runs", models.ProcessRetention},
	"/v1/file-runs":      {"file_runs", models.ProcessFileRun},
}

func tableOf(run string) string { return operationTables[path.Dir(run)].table }

func (w *world) figure(query string, args ...any) (value float64) {
	w.t.Helper()
	require.NoError(w.t, w.db.Owner.QueryRowContext(w.t.Context(), query, args...).Scan(&value))
	return value
}

func (w *world) over(run string) bool {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM `+tableOf(run)+` WHERE id = $1 AND finished_at IS NOT NULL`, path.Base(run)) > 0
}

func (w *world) awaitRun(run string) {
	w.t.Helper()
	w.eventually(func() bool { return w.over(run) })
}

// asked asks the API for a run.
func (w *world) asked(collection string, body map[string]any) func() string {
	return func() string {
		w.t.Helper()
		return collection + "/" + textOf(w.must(http.StatusAccepted, http.MethodPost, collection, body), "id")
	}
}

// ticked lets a clock strike and waits for the run that it asks for.
func (w *world) ticked(schedule, collection string) func() string {
	return func() string {
		w.t.Helper()
		table := operationTables[collection].table
		w.eventually(func() bool { // while its last run works, a tick is skipped
			is, err := w.temporal.WorkflowService().DescribeSchedule(w.t.Context(), &workflowservice.DescribeScheduleRequest{Namespace: w.namespace, ScheduleId: schedule})
			require.NoError(w.t, err, schedule)
			return len(is.GetInfo().GetRunningWorkflows()) == 0
		})
		before := w.count(`SELECT count(*) FROM ` + table)
		w.tick(schedule)
		w.eventually(func() bool { return w.count(`SELECT count(*) FROM `+table) > before })
		id := w.newest(table)
		require.Equal(w.t, 1, w.count(`SELECT count(*) FROM audit_events WHERE subject_id = $1 AND action LIKE '%.schedule'`, id))
		return collection + "/" + id
	}
}

// newest is the id of the last run that was asked for.
func (w *world) newest(table string) (id string) {
	w.t.Helper()
	require.NoError(w.t, w.db.Owner.QueryRowContext(w.t.Context(), `SELECT id::text FROM `+table+` ORDER BY created_at DESC LIMIT 1`).Scan(&id))
	return id
}

// stored is a completed backup.
func (w *world) stored(run string) (b backupState) {
	w.t.Helper()
	text, err := json.Marshal(w.must(http.StatusOK, http.MethodGet, run, nil))
	require.NoError(w.t, err)
	require.NoError(w.t, json.Unmarshal(text, &b))
	return b
}

// remains is what a run leaves behind, without what differs from run to run.
type remains struct {
	Status, Failure, Verdict string
	Checks                   []string       // with their verdicts
	Evidence                 []string       // what it tells of
	Figures                  map[string]any // what the run did to files
	Steps                    []string       // in the audit log, each once
	Objects                  []string       // kinds of what lies in the buckets under the run's id
	InRepository             int            // backups of that id
}

func (c *crashes) remains(run string) remains {
	c.t.Helper()
	id := uuid.MustParse(path.Base(run))
	row := c.must(http.StatusOK, http.MethodGet, run, nil)
	r := remains{Status: textOf(row, "status"), Failure: textOf(row, "failure"), Verdict: textOf(row, "verdict"), Figures: map[string]any{}}
	checks, _ := row["checks"].([]any)
	for _, one := range checks {
		check, _ := one.(map[string]any)
		r.Checks = append(r.Checks, textOf(check, "name")+" "+textOf(check, "verdict"))
	}
	evidence, _ := row["evidence"].(map[string]any)
	r.Evidence = slices.Sorted(maps.Keys(evidence))
	for _, name := range []string{"faults", "orphans", "removed", "returns", "restored"} {
		if figure, ok := evidence[name]; ok {
			r.Figures[name] = figure
		}
	}
	rows, err := c.db.Owner.QueryContext(c.t.Context(), `SELECT DISTINCT action FROM audit_events WHERE subject_id = $1 AND action NOT LIKE '%.create'
		AND action NOT LIKE '%.schedule' ORDER BY 1`, id)
	require.NoError(c.t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var step string
		require.NoError(c.t, rows.Scan(&step))
		r.Steps = append(r.Steps, step)
	}
	require.NoError(c.t, rows.Err())
	require.Equal(c.t, 1, c.count(`SELECT count(*) FROM audit_events WHERE subject_id = $1 AND (action LIKE '%.create' OR action LIKE '%.schedule')`, id))
	require.Equal(c.t, 1, c.count(`SELECT count(*) FROM audit_events WHERE subject_id = $1 AND action LIKE '%.complete'`, id), "once")
	for _, bucket := range []string{"", "-archive"} {
		files := c.bucket(bucket)
		for _, kind := range blob.InstallationKinds {
			if _, err := files.Stat(c.t.Context(), blob.Key{Kind: kind, ID: id}); err == nil {
				r.Objects = append(r.Objects, string(kind)+bucket)
			}
		}
	}
	info, err := c.cluster.Client.Info(c.t.Context())
	require.NoError(c.t, err)
	for _, b := range info.Backups {
		if b.ID == id.String() {
			r.InRepository++
		}
	}
	c.leavesNothingHalf()
	return r
}

// bucket is the world's bucket, or with a suffix another of its.
func (w *world) bucket(suffix string) *blob.Store {
	w.t.Helper()
	files, err := blob.Open(blob.Config{
		Endpoint: os.Getenv("MAINSTAY_TEST_S3_ENDPOINT"), Region: "us-east-1", Bucket: w.namespace + suffix,
		AccessKey: os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"),
	})
	require.NoError(w.t, err)
	return files
}

// leavesNothingHalf looks for what a run that is over should not leave: servers and folders of drills, and backups in the repository that are
// not whole or that no row knows.
func (c *crashes) leavesNothingHalf() {
	c.t.Helper()
	drills, err := filepath.Glob(filepath.Join(c.cluster.Scratch(c.t), "mainstay-drill-*"))
	require.NoError(c.t, err)
	require.Empty(c.t, drills)
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	require.NoError(c.t, err)
	for _, file := range processes {
		line, _ := os.ReadFile(file) // it may just have ended
		require.NotContains(c.t, string(line), filepath.Join(c.cluster.Scratch(c.t), "mainstay-drill-"), "a drill's server works on")
	}
	info, err := c.cluster.Client.Info(c.t.Context())
	require.NoError(c.t, err)
	whole := []string{}
	for _, b := range info.Backups {
		whole = append(whole, b.Label)
		require.Equal(c.t, 1, c.count(`SELECT count(*) FROM backup_runs WHERE id = $1 AND status = 'completed' AND evidence -> 'physical' ->> 'label' = $2`, b.ID, b.Label), b.Label)
	}
	stored, err := filepath.Glob(filepath.Join(c.cluster.Repository(), "*", "backup", "main", "[0-9]*"))
	require.NoError(c.t, err)
	for i := range stored {
		stored[i] = filepath.Base(stored[i])
	}
	require.ElementsMatch(c.t, whole, stored, "the repository holds whole backups alone")
}

// strikeDumpsAndFiles disturbs each kind of run that works on the buckets, most of them as their clocks ask for them.
func (c *crashes) strikeDumpsAndFiles() {
	c.t.Helper()
	w := c.world
	c.strike(struck{
		name: "dump", undisturbed: w.asked("/v1/backups", map[string]any{"kind": "dump"}), ask: w.ticked("backup-dump", "/v1/backups"),
	})
	drilled := w.asked("/v1/restore-drills", map[string]any{"source": "dump"})
	proof := drilled()
	w.awaitRun(proof)
	c.strike(struck{name: "drill of a dump", like: proof, ask: drilled})
	c.strike(struck{
		name: "archive", undisturbed: w.asked("/v1/backups", map[string]any{"kind": "archive"}), ask: w.ticked("backup-archive", "/v1/backups"),
	})
	c.strike(struck{
		name: "check of the files", before: c.orphans, undisturbed: w.asked("/v1/file-runs", map[string]any{"kind": "check"}), ask: w.ticked("file-check", "/v1/file-runs"),
	})
	left, err := w.bucket("").Versions(w.t.Context(), w.plant.Tenant, blob.Exports)
	require.NoError(w.t, err)
	require.Empty(w.t, left, "no orphan")

	var lost []blob.Key
	c.strike(struck{
		name: "restore of files", before: func() { lost = append(lost, c.lostFiles()...) },
		ask: func() string {
			return w.asked("/v1/file-runs", map[string]any{"kind": "restore", "as_of": time.Now().UTC()})()
		},
	})
	for _, key := range lost {
		require.Equal(w.t, []byte("manual"), contentOf(w.t, w.bucket(""), key))
		versions, err := w.bucket("").VersionsOf(w.t.Context(), key)
		require.NoError(w.t, err)
		require.Len(w.t, versions, 3, "what was lost, the mark, and what is back, once")
		latest := slices.IndexFunc(versions, func(v blob.Version) bool { return v.Latest })
		require.GreaterOrEqual(w.t, latest, 0)
		var named string
		require.NoError(w.t, w.db.Owner.QueryRowContext(w.t.Context(), `SELECT version_id FROM attachments WHERE id = $1 AND deleted_at IS NULL`, key.ID).Scan(&named))
		require.Equal(w.t, versions[latest].ID, named, "the row names what is back: %v", versions)
	}
	require.Equal(w.t, len(lost), w.count(`SELECT count(*) FROM audit_events WHERE action = 'attachment.restore'`), "each once")
}

// orphans stores objects of which no row knows, long ago.
func (c *crashes) orphans() {
	c.t.Helper()
	for range 3 {
		key := blob.Key{Tenant: c.plant.Tenant, Kind: blob.Exports, ID: models.NewID()}
		_, err := c.bucket("").Put(c.t.Context(), key, strings.NewReader("rows"), blob.Content{Size: 4})
		require.NoError(c.t, err)
		long := time.Now().Add(-40 * 24 * time.Hour)
		require.NoError(c.t, os.Chtimes(filepath.Join(os.Getenv("MAINSTAY_TEST_S3_DIR"), "data", c.namespace, key.String()), long, long))
	}
}

// lostFiles are attachments whose objects somebody deleted.
func (c *crashes) lostFiles() (lost []blob.Key) {
	c.t.Helper()
	for range 3 {
		content := []byte("manual")
		sum := sha256.Sum256(content)
		file := c.must(http.StatusCreated, http.MethodPost, "/v1/attachments", map[string]any{
			"subject_type": "asset", "subject_id": c.plant.Asset, "filename": "manual.txt", "size_bytes": len(content), "sha256": hex.EncodeToString(sum[:]),
		})
		request, err := http.NewRequestWithContext(c.t.Context(), http.MethodPut, c.url+"/v1/attachments/"+textOf(file, "id")+"/content", bytes.NewReader(content))
		require.NoError(c.t, err)
		request.Header.Set("Authorization", "Bearer "+c.token)
		response, err := c.client.Do(request)
		require.NoError(c.t, err)
		require.NoError(c.t, response.Body.Close())
		require.Equal(c.t, http.StatusOK, response.StatusCode)
		key := blob.Key{Tenant: c.plant.Tenant, Kind: blob.Attachments, ID: uuid.MustParse(textOf(file, "id"))}
		require.NoError(c.t, c.bucket("").Delete(c.t.Context(), key))
		lost = append(lost, key)
	}
	return lost
}

// strikeRetention lets all physical backups but one go, and a dump. Of another of them an earlier run had noted that it goes, and ended before
// pgBackRest knew.
func (c *crashes) strikeRetention(stays, noted uuid.UUID) {
	c.t.Helper()
	w := c.world
	age := func(which string, args ...any) {
		c.t.Helper()
		_, err := c.db.Owner.ExecContext(c.t.Context(), `UPDATE backup_runs SET snapshot_at = snapshot_at - interval '400 days' WHERE status = 'completed' AND `+which, args...)
		require.NoError(c.t, err)
	}
	prepared := 0
	run := c.strike(struck{
		name: "retention", undisturbed: w.asked("/v1/retention-runs", map[string]any{}), ask: w.ticked("backup-retention", "/v1/retention-runs"),
		before: func() {
			c.t.Helper()
			dump := w.asked("/v1/backups", map[string]any{"kind": "dump"})()
			w.awaitRun(dump)
			age(`kind = 'dump' AND id <> $1`, path.Base(dump)) // the newest and the newest proven stay, the one between goes
			if prepared++; prepared == 2 {
				_, err := c.db.Owner.ExecContext(c.t.Context(), `UPDATE backup_runs SET expired_at = now() WHERE id = $1`, noted)
				require.NoError(c.t, err)
				age(`evidence ? 'physical' AND id <> $1`, stays)
			}
		},
	})
	went := w.count(`SELECT count(*) FROM audit_events WHERE action = 'backup_run.expire' AND at >= (SELECT started_at FROM retention_runs WHERE id = $1)`, path.Base(run))
	require.EqualValues(c.t, went, w.must(http.StatusOK, http.MethodGet, run, nil)["removed"])
	require.Equal(c.t, w.count(`SELECT count(*) FROM backup_runs WHERE evidence ? 'physical' AND id NOT IN ($1, $2)`, stays, noted)+1, went)
	files := w.bucket("")
	for _, kind := range blob.InstallationKinds {
		uploads, err := files.Uploads(c.t.Context(), uuid.Nil, kind)
		require.NoError(c.t, err)
		require.Empty(c.t, uploads, "no half object of a run that is over")
		versions, err := files.Versions(c.t.Context(), uuid.Nil, kind)
		require.NoError(c.t, err)
		for _, v := range versions {
			require.Equal(c.t, 1, w.count(`SELECT count(*) FROM backup_runs WHERE id = $1 AND expired_at IS NULL`, v.Key.ID), v.Key.String())
		}
	}
}
