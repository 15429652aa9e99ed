package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/internal/stack"
	"mainstay/models"
)

// stateOf keeps the state of a stack as the stack itself does.
func stateOf(t *testing.T, parts ...stack.PartState) string {
	t.Helper()
	text, err := json.Marshal(stack.State{URL: "http://localhost:8080", PasswordFile: ".mainstay/admin-password", Parts: parts})
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

// askFrom asks as a browser at this address does.
func askFrom(t *testing.T, s *Server, address, path string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	request.RemoteAddr = address
	request.Header.Set("Accept", asBrowser)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder
}

const (
	thisMachine = "127.0.0.1:4711"
	another     = "192.168.1.7:4711"
)

func TestStartIsForThisMachineAlone(t *testing.T) {
	t.Parallel()
	s, _ := newWebRouter(t)
	require.Equal(t, http.StatusNotFound, askFrom(t, s, thisMachine, "/v1/start").Code, "no stack started it")
	require.Contains(t, askFrom(t, s, thisMachine, "/").Body.String(), `content="elsewhere"`)

	s.options.StackState = stateOf(t, stack.PartState{Name: "temporal", Status: stack.PartBuilding, Done: 30, Total: 120, SecondsLeft: 90})
	for _, local := range []string{thisMachine, "[::1]:4711"} {
		answer := askFrom(t, s, local, "/v1/start")
		require.Equal(t, http.StatusOK, answer.Code)
		require.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
		require.JSONEq(t, `{"version":"test","url":"http://localhost:8080","parts":[{"name":"temporal","status":"building","done":30,"total":120,"seconds_left":90}]}`,
			answer.Body.String())
		require.Contains(t, askFrom(t, s, local, "/").Body.String(), `content="here"`)
	}
	require.Equal(t, http.StatusNotFound, askFrom(t, s, another, "/v1/start").Code)
	require.Contains(t, askFrom(t, s, another, "/").Body.String(), `content="elsewhere"`)
}

func TestStartSaysWhatTheDemoCompanyHas(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.order(h.plant, models.NewWorkOrder{Title: "One"})
	h.server.options.DemoEmail, h.server.options.DemoAsset = "admin@example.com", "CR-301"
	start := func(status stack.PartStatus) map[string]any {
		h.server.options.StackState = stateOf(t, stack.PartState{Name: "demo", Status: status}, stack.PartState{Name: "api", Status: stack.PartReady})
		var body map[string]any
		require.NoError(t, json.Unmarshal(askFrom(t, h.server, thisMachine, "/v1/start").Body.Bytes(), &body))
		return body
	}
	require.NotContains(t, start(stack.PartStarting), "demo")
	body := start(stack.PartReady)
	require.Equal(t, map[string]any{"asset_code": "CR-301", "assets": 1.0, "work_orders": 1.0}, body["demo"])
	require.Equal(t, "admin@example.com", body["admin_email"])
	require.Equal(t, ".mainstay/admin-password", body["password_file"])
	require.Equal(t, "/docs", listOf(body, "parts")[1]["url"])
}

func TestTheStartPageSaysHowFarTheStackIs(t *testing.T) {
	t.Parallel()
	s := newRouter(t)
	s.options.StackState = stateOf(t,
		stack.PartState{Name: "postgres", Status: stack.PartReady, Version: "17", Address: "127.0.0.1:5433", Path: ".mainstay/postgres", Seconds: 1.92},
		stack.PartState{Name: "mail", Status: stack.PartReady, URL: "http://localhost:8025", Seconds: 0.3},
		stack.PartState{Name: "s3", Status: stack.PartReady, Address: "127.0.0.1:9000", Seconds: 0.04},
		stack.PartState{Name: "temporal", Status: stack.PartBuilding, Address: "127.0.0.1:7233", Done: 30, Total: 120, SecondsLeft: 230},
		stack.PartState{Name: "worker", Status: stack.PartWaiting},
		stack.PartState{Name: "demo", Status: stack.PartFailed, Path: ".mainstay/logs/demo.log"},
		stack.PartState{Name: "web", Status: stack.PartLeftOut},
	)
	page := askFrom(t, s, thisMachine, "/").Body.String()
	for _, text := range []string{
		"Nearly there. 3 of 6 parts run.", "The process server is being built, about 4 min more.", `<rect width="3.25"`, "PostgreSQL 17, port 5433", "Ready, 1.9 s",
		".mainstay/postgres", `<a href="http://localhost:8025">Open caught mail</a>`, "30 of 120 packages built", "about 4 min", "Waiting", "Not there",
		".mainstay/logs/demo.log", "not built, Node.js 20.19 or newer is missing", "sudo apt install nodejs npm", `http-equiv="refresh"`,
	} {
		require.Contains(t, page, text)
	}
	require.NotContains(t, page, "Ready, 0.0 s")
	require.NotContains(t, askFrom(t, s, another, "/").Body.String(), ".mainstay")

	s.options.StackState = filepath.Join(t.TempDir(), "gone")
	require.Contains(t, askFrom(t, s, thisMachine, "/").Body.String(), "All 1 parts run.")
}
