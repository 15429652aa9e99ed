package main

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// temporalServer is a Temporal server of one test, on databases of its own in the tests' PostgreSQL: it can be killed, and what it
// had committed is there when it comes again.
type temporalServer struct {
	program  string
	address  string
	database *url.URL
	prefix   string
}

func newTemporalServer(t testing.TB) *temporalServer {
	t.Helper()
	program := os.Getenv("MAINSTAY_TEST_DEVSTACK")
	if program == "" {
		t.Skip("MAINSTAY_TEST_DEVSTACK is not set: run `make test`, which starts a stack for the tests")
	}
	database, err := url.Parse(os.Getenv("MAINSTAY_TEST_DATABASE_URL"))
	require.NoError(t, err)
	address, _, _ := freeAddresses(t)
	return &temporalServer{
		program: program, address: address, database: database, prefix: "t" + strings.ReplaceAll(uuid.NewString(), "-", ""),
	}
}

func (s *temporalServer) command(ctx context.Context) *exec.Cmd {
	password, _ := s.database.User.Password()
	cmd := exec.CommandContext(context.WithoutCancel(ctx), s.program, "temporal", "--addr", s.address, "--ui-addr", "", //nolint:gosec // the tests' own program
		"--db-addr", s.database.Host, "--db-user", s.database.User.Username(), "--db-prefix", s.prefix)
	cmd.Env = append(os.Environ(), "DEVSTACK_DB_PASSWORD="+password)
	return cmd
}

// answers reports whether the server takes requests.
func (s *temporalServer) answers(ctx context.Context) bool {
	c, err := client.NewLazyClient(client.Options{HostPort: s.address, Namespace: "default", Logger: quiet{}})
	if err != nil {
		return false
	}
	defer c.Close()
	_, err = c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: "default"})
	return err == nil
}

// newMortalWorld is a world whose Temporal server can be killed too, under the name temporal.
func newMortalWorld(t *testing.T) *world {
	t.Helper()
	server := newTemporalServer(t)
	first := launch(t, "temporal", server.command(t.Context()))
	require.Eventually(t, func() bool { return server.answers(t.Context()) }, 2*time.Minute, 200*time.Millisecond)
	w := newWorldOn(t, server.address)
	w.server, w.processes["temporal"] = server, first
	return w
}

// restart starts a killed process again; it waits for Temporal, which needs longer than the time between two kills.
func (w *world) restart(name string, done <-chan struct{}) {
	if name != "temporal" {
		w.start(name)
		return
	}
	w.launch(name, w.server.command(w.t.Context()))
	for !w.server.answers(w.t.Context()) {
		select {
		case <-done:
			return
		case <-time.After(200 * time.Millisecond):
		}
	}
}
