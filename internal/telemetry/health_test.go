package telemetry

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadyNamesWhatIsAwayAndNotWhy(t *testing.T) {
	te, err := Start(t.Context(), Options{Process: "test", Log: io.Discard})
	require.NoError(t, err)
	up := func(context.Context) error { return nil }
	away := func(context.Context) error { return errors.New("password=hunter2 refused") }
	get := func(dependencies map[string]Check, path string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		te.Operations(dependencies).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return answer
	}

	ready := get(map[string]Check{"database": up}, "/readyz")
	require.Equal(t, http.StatusOK, ready.Code)
	require.JSONEq(t, `{"ready":true,"dependencies":{"database":"ok"}}`, ready.Body.String())

	red := get(map[string]Check{"database": away, "storage": up}, "/readyz")
	require.Equal(t, http.StatusServiceUnavailable, red.Code)
	require.JSONEq(t, `{"ready":false,"dependencies":{"database":"away","storage":"ok"}}`, red.Body.String())

	require.Equal(t, http.StatusOK, get(map[string]Check{"database": away}, "/livez").Code)
	require.Equal(t, http.StatusOK, get(nil, "/metrics").Code)
}

func TestReadyLogsAnOutageOnce(t *testing.T) {
	var log bytes.Buffer
	te, err := Start(t.Context(), Options{Process: "test", Log: &log})
	require.NoError(t, err)
	var outage error
	h := te.Ready(map[string]Check{"database": func(context.Context) error { return outage }})
	ask := func() {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	}
	for _, outage = range []error{errors.New("first"), errors.New("first"), nil, errors.New("second")} {
		ask()
	}
	require.Equal(t, 2, strings.Count(log.String(), "dependency away"))
	require.Contains(t, log.String(), "second")
}
