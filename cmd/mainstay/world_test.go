package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/durationpb"

	"mainstay/internal/auth"
	"mainstay/internal/stack"
	"mainstay/models"
	"mainstay/models/store/storetest"
)

// asProgram makes the test binary the program itself, so that tests start real processes and may kill them.
const asProgram = "MAINSTAY_TEST_AS_PROGRAM"

// programs are what the test binary can be, by the variable's value.
var programs = map[string]func(){"1": main, newerBuild: func() { version = newerBuild; main() }}

// newerBuild is the version of a program that differs from the others in nothing else.
const newerBuild = "newer"

func TestMain(m *testing.M) {
	if program, ok := programs[os.Getenv(asProgram)]; ok {
		program()
		return
	}
	os.Exit(m.Run())
}

// world is a whole system of its own: database, Temporal namespace, and the program's processes.
type world struct {
	t               testing.TB
	db              storetest.Database
	plant           storetest.Plant
	temporal        client.Client
	namespace       string
	operations      map[string]string // process -> its operations address
	temporalAddress string
	env             []string
	url             string
	token           string
	keys            *auth.Keys
	lock            sync.Mutex
	processes       map[string]*exec.Cmd
	server          *temporalServer // nil: the one of all tests, which none may kill
	client          *http.Client
}

// newWorld prepares everything but starts no process.
func newWorld(t testing.TB) *world {
	t.Helper()
	address := os.Getenv("MAINSTAY_TEST_TEMPORAL_ADDRESS")
	if address == "" {
		t.Skip("MAINSTAY_TEST_TEMPORAL_ADDRESS is not set: run `make test`, which starts a stack for the tests")
	}
	return newWorldOn(t, address)
}

// newWorldOn is newWorld on another Temporal server.
func newWorldOn(t testing.TB, address string) *world {
	t.Helper()
	db := storetest.NewDatabase(t)
	w := &world{
		t: t, db: db, plant: storetest.NewPlant(t, db, "plant"), namespace: "e2e-" + uuid.NewString(), temporalAddress: address, processes: map[string]*exec.Cmd{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	w.plant.Told(t, db)
	w.temporal = newNamespace(t, address, w.namespace)
	seed := make([]byte, 32)
	_, err := rand.Read(seed)
	require.NoError(t, err)
	keys, err := auth.NewKeys(seed)
	require.NoError(t, err)
	w.keys = keys
	w.token, _, err = keys.Sign(auth.Claims{
		UserID: w.plant.Admin, TenantID: w.plant.Tenant, SessionID: models.NewID(), Roles: []models.Role{models.RoleAdmin},
	}, time.Now())
	require.NoError(t, err)
	httpAddr, apiOps, workerOps := freeAddresses(t)
	w.operations = map[string]string{"api": apiOps, "serve": apiOps, "worker": workerOps}
	w.url = "http://" + httpAddr
	payloadKey := sha256.Sum256(seed)
	w.env = append(os.Environ(),
		asProgram+"=1", "MAINSTAY_HTTP_ADDR="+httpAddr, "MAINSTAY_DATABASE_URL="+db.URL,
		"MAINSTAY_MIGRATE_DATABASE_URL="+db.URL, "MAINSTAY_TEMPORAL_ADDRESS="+address, "MAINSTAY_TEMPORAL_NAMESPACE="+w.namespace,
		"MAINSTAY_PAYLOAD_KEY="+base64.StdEncoding.EncodeToString(payloadKey[:]),
		"MAINSTAY_AUTH_KEY="+base64.StdEncoding.EncodeToString(seed), "MAINSTAY_S3_ENDPOINT="+os.Getenv("MAINSTAY_TEST_S3_ENDPOINT"),
		"MAINSTAY_S3_ACCESS_KEY="+os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), "MAINSTAY_S3_SECRET_KEY="+os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"),
		"MAINSTAY_S3_BUCKET="+w.namespace, "MAINSTAY_SMTP_URL=smtp://"+os.Getenv("MAINSTAY_TEST_SMTP_ADDR"), "MAINSTAY_START_RATE=200",
	)
	w.run("migrate", "--temporal")
	return w
}

// newNamespace registers a namespace and returns a client on it.
func newNamespace(t testing.TB, address, namespace string) client.Client {
	t.Helper()
	ns, err := client.NewNamespaceClient(client.Options{HostPort: address, Logger: quiet{}})
	require.NoError(t, err)
	require.NoError(t, ns.Register(t.Context(), &workflowservice.RegisterNamespaceRequest{
		Namespace: namespace, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	}))
	ns.Close()
	c, err := client.NewLazyClient(client.Options{
		HostPort: address, Namespace: namespace, Logger: quiet{},
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}}, // as ours
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// run runs a subcommand to its end.
func (w *world) run(args ...string) string {
	w.t.Helper()
	program, err := os.Executable()
	require.NoError(w.t, err)
	cmd := exec.CommandContext(w.t.Context(), program, args...)
	cmd.Env = w.env
	out, err := cmd.CombinedOutput()
	require.NoError(w.t, err, string(out))
	return string(out)
}

// start starts a subcommand as a process of its own; it is stopped when the test ends.
func (w *world) start(name string, args ...string) {
	w.t.Helper()
	program, err := os.Executable()
	require.NoError(w.t, err)
	cmd := exec.CommandContext(context.WithoutCancel(w.t.Context()), program, append([]string{name}, args...)...)
	cmd.Env = append(slices.Clone(w.env), "MAINSTAY_OPS_ADDR="+w.operations[name])
	w.launch(name, cmd)
}

// launch starts a program as one of the world's processes.
func (w *world) launch(name string, cmd *exec.Cmd) {
	w.t.Helper()
	launched := launch(w.t, name, cmd)
	w.lock.Lock()
	w.processes[name] = launched
	w.lock.Unlock()
}

func launch(t testing.TB, name string, cmd *exec.Cmd) *exec.Cmd {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	log, err := os.CreateTemp(t.TempDir(), name) // a file: a pipe would take the test's time to empty
	require.NoError(t, err)
	cmd.Stdout, cmd.Stderr = log, log
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s: %s", name, faultsOf(string(text)))
		}
	})
	return cmd
}

// faultsOf keeps of a process's log what went wrong, and its last lines.
func faultsOf(log string) string {
	var kept []string
	lines := strings.Split(log, "\n")
	for i, line := range lines {
		if len(lines)-i < 10 || (strings.Contains(line, `"request failed"`) && !strings.Contains(line, `"error":"context canceled"`)) || !strings.HasPrefix(line, "{") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept[max(0, len(kept)-40):], "\n")
}

// kill ends a process at once, as a crash would.
func (w *world) kill(name string) {
	w.t.Helper()
	w.lock.Lock()
	cmd := w.processes[name]
	w.lock.Unlock()
	require.NoError(w.t, cmd.Process.Signal(syscall.SIGKILL))
	_, _ = cmd.Process.Wait()
}

// up starts api and worker and waits until a read is answered.
func (w *world) up() *world { return w.upAs("api", "worker") }

// upAs is up with these processes.
func (w *world) upAs(processes ...string) *world {
	w.t.Helper()
	for _, name := range processes {
		w.start(name)
	}
	w.eventually(func() bool {
		return w.try(http.MethodGet, "/v1/work-orders/"+uuid.NewString(), "", nil).status == http.StatusNotFound
	})
	return w
}

// answer is what the API said.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	err    error
}

// try sends one request; a connection that fails has status 0.
func (w *world) try(method, path, key string, body any) answer {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return answer{err: err}
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, reader)
	if err != nil {
		return answer{err: err}
	}
	request.Header.Set("Authorization", "Bearer "+w.token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := w.client.Do(request)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	out := answer{status: response.StatusCode, header: response.Header}
	text, err := io.ReadAll(response.Body) // to its end, so that the connection is used again
	if err == nil && len(text) > 0 {
		err = json.Unmarshal(text, &out.body)
	}
	out.err = err
	return out
}

// must sends one request and wants this status.
func (w *world) must(status int, method, path string, body any) map[string]any {
	w.t.Helper()
	a := w.try(method, path, uuid.NewString(), body)
	require.Equal(w.t, status, a.status, "%s %s: %v %v", method, path, a.body, a.err)
	return a.body
}

// persist sends a command with one key until its outcome is known, as a client should on 503 or a lost connection.
func (w *world) persist(method, path string, body any) answer {
	key := uuid.NewString()
	var last answer
	w.eventually(func() bool {
		last = w.try(method, path, key, body)
		return last.status != 0 && last.status != http.StatusServiceUnavailable
	})
	return last
}

// eventually waits for a condition without a verdict on how long it took, but for a bound that ends a broken test.
func (w *world) eventually(condition func() bool) {
	w.t.Helper()
	require.Eventually(w.t, condition, 2*time.Minute, 50*time.Millisecond)
}

// freeAddresses finds three at once.
func freeAddresses(t testing.TB) (string, string, string) {
	t.Helper()
	ports, err := stack.FreePorts(3)
	require.NoError(t, err)
	var found [3]string
	for i, port := range ports {
		found[i] = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	}
	return found[0], found[1], found[2]
}

// quiet keeps the SDK's client from logging into the test's output.
type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}

func textOf(body map[string]any, name string) string {
	text, _ := body[name].(string)
	return strings.TrimSpace(text)
}
