package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/require"

	"mainstay/internal/auth"
	"mainstay/internal/telemetry"
)

// newWebRouter is the API with a small frontend; the log is what it logs.
func newWebRouter(t *testing.T) (*Server, *bytes.Buffer) {
	t.Helper()
	keys, err := auth.NewKeys(bytes.Repeat([]byte{7}, 32))
	require.NoError(t, err)
	log := &bytes.Buffer{}
	tel, err := telemetry.Start(t.Context(), telemetry.Options{Process: "test", Log: log})
	require.NoError(t, err)
	s, err := New(Options{Keys: keys, Telemetry: tel, Version: "test", Web: fstest.MapFS{
		"index.html":           {Data: []byte(`<meta name="mainstay-stack" content="__STACK__"><meta name="csp-nonce" content="__CSP_NONCE__"><script nonce="__CSP_NONCE__" src="/_static/a-1.js">`)},
		"mark.svg":             {Data: []byte("<svg/>")},
		"manifest.webmanifest": {Data: []byte("{}")},
		"_static/a-1.js":       {Data: []byte("plain")},
		"_static/a-1.js.br":    {Data: []byte("brotli")},
		"_static/a-1.js.gz":    {Data: []byte("gzip")},
		"_static/b-2.css":      {Data: []byte("css")},
	}})
	require.NoError(t, err)
	return s, log
}

func ask(t *testing.T, s *Server, method, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder
}

const asBrowser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestWebAnswersItsPages(t *testing.T) {
	t.Parallel()
	s, _ := newWebRouter(t)
	nonces := map[string]bool{}
	for _, path := range []string{"/", "/work-orders/0198", "/a/PUMP-1", "/assets?q=x", "/v2/nothing"} {
		r := ask(t, s, http.MethodGet, path, "Accept", asBrowser, "If-None-Match", "*")
		require.Equal(t, http.StatusOK, r.Code, path)
		require.Equal(t, "text/html; charset=utf-8", r.Header().Get("Content-Type"), path)
		require.Equal(t, "no-cache", r.Header().Get("Cache-Control"))
		require.Empty(t, r.Header().Get("ETag"))
		require.Empty(t, r.Header().Get("Last-Modified"))
		require.Equal(t, "same-origin", r.Header().Get("Referrer-Policy"))
		require.Equal(t, "same-origin", r.Header().Get("Cross-Origin-Opener-Policy"))
		require.Equal(t, "same-origin", r.Header().Get("Cross-Origin-Resource-Policy"))
		require.Equal(t, "nosniff", r.Header().Get("X-Content-Type-Options"))
		require.Contains(t, r.Header().Get("Permissions-Policy"), "camera=(self)")
		require.Equal(t, `csp="/v1/csp-reports"`, r.Header().Get("Reporting-Endpoints"))
		policy := r.Header().Get("Content-Security-Policy")
		nonce := regexp.MustCompile(`script-src 'self' 'nonce-([A-Z2-7]{26})';`).FindStringSubmatch(policy)
		require.Len(t, nonce, 2, policy)
		require.Contains(t, policy, "default-src 'none'")
		require.Contains(t, policy, "style-src 'self' 'nonce-"+nonce[1]+"'")
		require.NotContains(t, policy, "script-src 'self' 'unsafe-inline'")
		require.Equal(t, 2, strings.Count(r.Body.String(), nonce[1]), "it stands wherever the placeholder did")
		require.NotContains(t, r.Body.String(), webNonce)
		require.False(t, nonces[nonce[1]], "a nonce is good once")
		nonces[nonce[1]] = true
	}
	require.Equal(t, http.StatusOK, ask(t, s, http.MethodHead, "/", "Accept", asBrowser).Code)
	require.Equal(t, http.StatusOK, ask(t, s, http.MethodGet, "/").Code, "whatever a client accepts")
}

func TestWebShowsPicturesOfTheStorage(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"index.html": {Data: []byte("<html></html>")}}
	for storage, want := range map[string]string{"": "img-src 'self' data: blob:;", "https://files.example": "img-src 'self' data: blob: https://files.example;"} {
		w, err := newWebFiles(files, storage)
		require.NoError(t, err)
		recorder := httptest.NewRecorder()
		c, _ := gin.CreateTestContext(recorder)
		w.sendIndex(c, false)
		require.Contains(t, recorder.Header().Get("Content-Security-Policy"), want)
	}
}

func TestWebLeavesTheServersPathsAlone(t *testing.T) {
	t.Parallel()
	s, _ := newWebRouter(t)
	for path, accept := range map[string]string{
		"/v1/nothing": asBrowser, "/v1": asBrowser, "/approve/x/y": asBrowser, "/.well-known/x": asBrowser, "/docs/x": asBrowser,
		"/metrics": asBrowser, "/livez/x": asBrowser, "/_static/gone-3.js": asBrowser, "/_static/": asBrowser,
		"/work-orders": "application/json", "/assets": "", "/index.html": "application/json", "/_static/a-1.js.br": "*/*",
	} {
		r := ask(t, s, http.MethodGet, path, "Accept", accept)
		require.Equal(t, http.StatusNotFound, r.Code, path)
		require.Equal(t, "application/problem+json", r.Header().Get("Content-Type"), path)
	}
	require.Equal(t, http.StatusNotFound, ask(t, s, http.MethodPost, "/assets", "Accept", asBrowser).Code)
	require.Equal(t, http.StatusOK, ask(t, s, http.MethodGet, "/docs", "Accept", asBrowser).Code)
	require.Equal(t, http.StatusUnauthorized, ask(t, s, http.MethodGet, "/v1/me", "Accept", asBrowser).Code)
}

func TestWebSendsFiles(t *testing.T) {
	t.Parallel()
	s, _ := newWebRouter(t)
	for accepted, want := range map[string]struct{ encoding, body string }{
		"gzip, deflate, br, zstd": {"br", "brotli"}, "br;q=0, gzip": {"gzip", "gzip"}, "gzip;q=0.5": {"gzip", "gzip"},
		"": {"", "plain"}, "identity": {"", "plain"}, "br;q=0.0,gzip; q=0": {"", "plain"},
	} {
		r := ask(t, s, http.MethodGet, "/_static/a-1.js", "Accept-Encoding", accepted)
		require.Equal(t, http.StatusOK, r.Code)
		require.Equal(t, want.encoding, r.Header().Get("Content-Encoding"), accepted)
		require.Equal(t, want.body, r.Body.String(), accepted)
		require.Equal(t, "public, max-age=31536000, immutable", r.Header().Get("Cache-Control"))
		require.Equal(t, "text/javascript; charset=utf-8", r.Header().Get("Content-Type"))
		require.Equal(t, "Accept-Encoding", r.Header().Get("Vary"))
	}
	require.Equal(t, "text/css; charset=utf-8", ask(t, s, http.MethodGet, "/_static/b-2.css", "Accept-Encoding", "br").Header().Get("Content-Type"))
	require.Equal(t, "application/manifest+json", ask(t, s, http.MethodGet, "/manifest.webmanifest").Header().Get("Content-Type"))

	mark := ask(t, s, http.MethodGet, "/mark.svg")
	require.Equal(t, "image/svg+xml", mark.Header().Get("Content-Type"))
	require.Equal(t, "no-cache", mark.Header().Get("Cache-Control"))
	again := ask(t, s, http.MethodGet, "/mark.svg", "If-None-Match", mark.Header().Get("ETag"))
	require.Equal(t, http.StatusNotModified, again.Code)
	require.Empty(t, again.Body.String())
}

func TestWithoutAFrontendThereIsAStartPage(t *testing.T) {
	t.Parallel()
	s := newRouter(t)
	page := ask(t, s, http.MethodGet, "/", "Accept", asBrowser).Body.String()
	require.Contains(t, page, "API reference")
	require.Contains(t, page, "All 1 parts run.")
	s.options.Ready = map[string]telemetry.Check{"temporal": func(context.Context) error { return errors.New("connection refused") }}
	page = ask(t, s, http.MethodGet, "/", "Accept", asBrowser).Body.String()
	require.Contains(t, page, "Nearly there. 1 of 2 parts run.")
	require.Contains(t, page, `<b>Processes</b>`)
	require.Equal(t, http.StatusNotFound, ask(t, s, http.MethodGet, "/assets", "Accept", asBrowser).Code)

	_, err := New(Options{Keys: s.keys, Telemetry: s.telemetry, Web: fstest.MapFS{"mark.svg": {}}})
	require.ErrorContains(t, err, "no index")
}

func report(t *testing.T, s *Server, body string) int {
	t.Helper()
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodPost, cspReportPath, strings.NewReader(body)))
	return recorder.Code
}

func metrics(t *testing.T, s *Server) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	s.telemetry.Metrics().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	return recorder.Body.String()
}

func TestCSPReportsAreCountedAndLogged(t *testing.T) {
	t.Parallel()
	s, log := newWebRouter(t)
	require.Equal(t, http.StatusNoContent, report(t, s, `{"csp-report":{"document-uri":"https://m.example/assets?q=secret","violated-directive":"img-src",
		"blocked-uri":"https://evil.example/x.png?session=secret","source-file":"https://m.example/_static/a.js","line-number":7}}`))
	require.Equal(t, http.StatusNoContent, report(t, s, `[{"type":"csp-violation","body":{"effectiveDirective":"script-src-elem","blockedURL":"inline",
		"documentURL":"https://m.example/"}},{"type":"deprecation","body":{}},{"type":"csp-violation","body":{"effectiveDirective":"font-src"}}]`))
	require.Contains(t, metrics(t, s), "\nmainstay_csp_reports_total 3\n")
	for _, told := range []string{`"level":"WARN"`, "img-src", "https://evil.example/x.png", "https://m.example/assets", "script-src-elem", "font-src"} {
		require.Contains(t, log.String(), told)
	}
	require.NotContains(t, log.String(), "secret")

	for _, bad := range []string{"", "[]", "{}", "[1]", "null", `{"csp-report":{}}`, `[{"type":"deprecation","body":{}}]`} {
		require.Equal(t, http.StatusUnprocessableEntity, report(t, s, bad), bad)
	}
	require.Equal(t, http.StatusRequestEntityTooLarge, report(t, s, strings.Repeat(" ", maxCSPReport+1)))
	status := 0
	for range cspReportAddressLimit.Burst {
		status = report(t, s, "[]")
	}
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Contains(t, metrics(t, s), "\nmainstay_csp_reports_total 3\n")
}
