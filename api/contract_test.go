package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/auth"
	"mainstay/internal/telemetry"
	"mainstay/models"
	"mainstay/models/store/storetest"
)

// newRouter is the API without anything behind it, for what is decided before a handler runs.
func newRouter(t *testing.T) *Server {
	t.Helper()
	keys, err := auth.NewKeys(bytes.Repeat([]byte{7}, 32))
	require.NoError(t, err)
	tel, err := telemetry.Start(t.Context(), telemetry.Options{Process: "test", Log: t.Output()})
	require.NoError(t, err)
	s, err := New(Options{Keys: keys, Telemetry: tel, Version: "test"})
	require.NoError(t, err)
	return s
}

func eachOperation(s *Server, visit func(path string, o *huma.Operation)) {
	paths := s.OpenAPI().Paths
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for _, o := range operationsOf(paths[path]) {
			visit(path, o)
		}
	}
}

// pathParameter matches {id} in a path.
var pathParameter = regexp.MustCompile(`\{[a-z_]+\}`)

// TestOpenAPIDocumentIsCommitted keeps api/openapi.json in step with the handlers.
func TestOpenAPIDocumentIsCommitted(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(newRouter(t).OpenAPI())
	require.NoError(t, err)
	var document bytes.Buffer
	require.NoError(t, json.Indent(&document, text, "", "  "))
	document.WriteByte('\n')
	if os.Getenv("MAINSTAY_UPDATE_DOCS") != "" {
		require.NoError(t, os.WriteFile("openapi.json", document.Bytes(), 0o600))
	}
	committed, err := os.ReadFile("openapi.json")
	require.NoError(t, err)
	require.True(t, bytes.Equal(committed, document.Bytes()),
		"api/openapi.json is not what the handlers say: run `MAINSTAY_UPDATE_DOCS=1 go test ./api -run OpenAPIDocument` and look at the difference")
}

func TestEveryOperationDeclaresItsPermission(t *testing.T) {
	t.Parallel()
	open := []string{}
	seen := map[string]bool{}
	eachOperation(newRouter(t), func(path string, o *huma.Operation) {
		name, _ := o.Extensions[permissionExtension].(string)
		switch permission := models.Permission(name); permission {
		case public:
			open = append(open, o.Method+" "+path)
			require.Empty(t, o.Security, o.OperationID)
		case signedIn:
			require.NotEmpty(t, o.Security, o.OperationID)
		default:
			require.True(t, permission.Valid(), "%s %s: %q", o.Method, path, permission)
			require.NotEmpty(t, o.Security, o.OperationID)
		}
		require.False(t, seen[o.OperationID], "operation id %s twice", o.OperationID)
		seen[o.OperationID] = true
		require.NotEmpty(t, o.Summary, o.OperationID)
		require.NotEmpty(t, o.Tags, o.OperationID)
	})
	require.Equal(t, []string{
		"GET /.well-known/jwks.json", "POST /v1/auth/login", "POST /v1/auth/refresh", "POST /v1/auth/session", "DELETE /v1/auth/session",
		"GET /v1/start",
	}, open, "what anybody may ask")
}

// TestNothingWithoutASignIn asks every operation without a token, and with one that proves nothing.
func TestNothingWithoutASignIn(t *testing.T) {
	t.Parallel()
	s := newRouter(t)
	eachOperation(s, func(path string, o *huma.Operation) {
		if o.Extensions[permissionExtension] == string(public) {
			return
		}
		for _, header := range []string{"", "Bearer ", "Bearer x.y.z", "Basic YTpi"} {
			request := httptest.NewRequestWithContext(t.Context(), o.Method, pathParameter.ReplaceAllString(path, uuid.NewString()), nil)
			request.Header.Set("Authorization", header)
			recorder := httptest.NewRecorder()
			s.ServeHTTP(recorder, request)
			require.Equal(t, http.StatusUnauthorized, recorder.Code, "%s %s with %q: %s", o.Method, path, header, recorder.Body)
			require.Equal(t, "application/problem+json", recorder.Header().Get("Content-Type"))
			require.Equal(t, "Bearer", recorder.Header().Get("WWW-Authenticate"))
		}
	})
}

// TestNothingWithoutThePermission asks every operation as somebody who holds no role.
func TestNothingWithoutThePermission(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.as(h.plant, h.plant.Tech)
	eachOperation(h.server, func(path string, o *huma.Operation) {
		if name, _ := o.Extensions[permissionExtension].(string); models.Permission(name).Valid() {
			body := c.must(http.StatusForbidden, o.Method, pathParameter.ReplaceAllString(path, uuid.NewString()), nil)
			require.Contains(t, body["detail"], name)
		}
	})
}

func TestEveryCodeHasAStatus(t *testing.T) {
	t.Parallel()
	for _, code := range models.Codes() {
		p := problemOf(&models.Error{Code: code, Detail: "d"}, "r")
		require.GreaterOrEqual(t, p.Status, http.StatusBadRequest, code)
		require.NotEmpty(t, p.Title, code)
		require.Equal(t, string(code), p.Code)
	}
	require.Len(t, statusOf, len(models.Codes()))
	hidden := problemOf(fmt.Errorf("secret of the database"), "r")
	require.Equal(t, http.StatusInternalServerError, hidden.Status)
	require.NotContains(t, hidden.Detail, "secret")
	require.Equal(t, "r", hidden.RequestID)
}

func TestUnknownQueryParametersAreRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	eachOperation(h.server, func(path string, o *huma.Operation) {
		name, _ := o.Extensions[permissionExtension].(string)
		if o.Method != http.MethodGet || name == string(public) || path == "/v1/events" || !models.RolesGrant([]models.Role{models.RoleAdmin}, models.Permission(name)) {
			return
		}
		r := c.do(http.MethodGet, pathParameter.ReplaceAllString(path, uuid.NewString())+"?no_such_parameter=1", nil)
		require.Equal(t, http.StatusUnprocessableEntity, r.Status, "%s: %v", path, r.Body)
	})
}

func TestBodiesAreStrictJSON(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	const path = "/v1/cost-centers"
	for name, body := range map[string]string{
		"a name twice":   `{"code":"A","name":"x","name":"y"}`,
		"invalid UTF-8":  "{\"code\":\"A\",\"name\":\"\xff\"}",
		"lone surrogate": `{"code":"A","name":"\ud800"}`,
		"NUL":            `{"code":"A","name":"x\u0000y"}`,
		"unknown field":  `{"code":"A","name":"x","colour":"red"}`,
		"wrong type":     `{"code":"A","name":7}`,
		"two documents":  `{"code":"A","name":"x"}{}`,
		"cut off":        `{"code":"A","na`,
		"no object":      `[]`,
		"empty":          ``,
	} {
		r := c.do(http.MethodPost, path, body)
		require.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, r.Status, "%s: %v", name, r.Body)
		require.Equal(t, "application/problem+json", r.Header.Get("Content-Type"), name)
		require.Equal(t, "invalid", r.Body["code"], name)
		require.NotEmpty(t, r.Body["request_id"], name)
	}
	c.refused(http.StatusUnprocessableEntity, "/colour", http.MethodPost, path, `{"code":"A","name":"x","colour":"red"}`)
	c.refused(http.StatusUnprocessableEntity, "/name", http.MethodPost, path, `{"code":"A","name":"x\u0000y"}`)
	c.refused(http.StatusUnprocessableEntity, "/name", http.MethodPost, path, `{"code":"A","name":"x","name":"y"}`)
	for _, blank := range []string{" ", "\t\r\n", "\u00a0\u2003", "\u200b", "\ufeff \u202e"} {
		c.refused(http.StatusUnprocessableEntity, "/name", http.MethodPost, path, map[string]any{"code": "A", "name": blank})
	}
	require.Empty(t, items(c.must(http.StatusOK, http.MethodGet, path, nil)), "nothing was stored")
	for _, text := range []string{"%00", "a%00", "%ff%fe", "\xff"} {
		c.refused(http.StatusUnprocessableEntity, "q", http.MethodGet, "/v1/search?q="+text, nil)
		c.refused(http.StatusUnprocessableEntity, "code", http.MethodGet, "/v1/lookup?code="+text, nil)
	}
	c.refused(http.StatusUnprocessableEntity, "/unit_cost", http.MethodPost, "/v1/items", map[string]any{
		"code": "A", "name": "x", "unit": "pcs", "unit_cost": "99999999999999.9999999999",
	})

	pad := func(size int) string {
		body := `{"code":"A","name":"x"` + "}"
		return strings.Repeat(" ", size-len(body)) + body
	}
	tooLarge := c.must(http.StatusRequestEntityTooLarge, http.MethodPost, path, pad(maxBody+1))
	require.Equal(t, "too_large", tooLarge["code"])
	c.must(http.StatusCreated, http.MethodPost, path, pad(maxBody))

	r := c.do(http.MethodPost, path, `code=B&name=x`, "Content-Type", "application/x-www-form-urlencoded")
	require.Contains(t, []int{http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity, http.StatusBadRequest}, r.Status)
	require.Equal(t, "application/problem+json", r.Header.Get("Content-Type"))
}

func TestWhatIsNotThereIsAProblem(t *testing.T) {
	t.Parallel()
	s := newRouter(t)
	s.engine.GET("/panic", func(*gin.Context) { panic("a secret") })
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/v1/nothing", http.StatusNotFound},
		{http.MethodGet, "/nothing/../at/all", http.StatusNotFound},
		{http.MethodDelete, "/v1/auth/login", http.StatusMethodNotAllowed},
		{http.MethodGet, "/panic", http.StatusInternalServerError},
	} {
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), c.method, c.path, nil))
		require.Equal(t, c.status, recorder.Code, c.path)
		require.Equal(t, "application/problem+json", recorder.Header().Get("Content-Type"), c.path)
		var p Problem
		require.NoError(t, json.Unmarshal(recorder.Body.Bytes(), &p), c.path)
		require.Equal(t, c.status, p.Status)
		require.Equal(t, recorder.Header().Get("X-Request-ID"), p.RequestID)
		require.NotContains(t, recorder.Body.String(), "secret")
	}
}

// TestAnotherTenantsRecordsAreNotThere asks for the records of a plant as the administrator of another.
func TestAnotherTenantsRecordsAreNotThere(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	other := h.as(two, two.Admin, models.RoleAdmin)
	for path, id := range map[string]uuid.UUID{
		"/v1/users/": h.plant.Tech, "/v1/locations/": h.plant.Site, "/v1/asset-categories/": h.plant.Category, "/v1/assets/": h.plant.Asset,
	} {
		h.admin().must(http.StatusOK, http.MethodGet, path+id.String(), nil)
		theirs := other.must(http.StatusNotFound, http.MethodGet, path+id.String(), nil)
		nobodys := other.must(http.StatusNotFound, http.MethodGet, path+uuid.NewString(), nil)
		delete(theirs, "request_id")
		delete(nobodys, "request_id")
		require.Equal(t, nobodys, theirs, "the answer tells nothing")
	}
}

func TestReferencePageNeedsNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	s := newRouter(t)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/docs", nil))
	require.Equal(t, http.StatusOK, recorder.Code)
	page := recorder.Body.String()
	require.NotRegexp(t, `(src|href)="(https?:)?//`, page)
	require.NotContains(t, page, "<script")
	eachOperation(s, func(path string, o *huma.Operation) {
		require.Contains(t, page, `<details id="`+o.OperationID+`">`, path)
	})
	for _, link := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		require.Contains(t, page, `id="`+link[1]+`"`)
	}

	recorder = httptest.NewRecorder()
	s.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/openapi.json", nil))
	require.Equal(t, http.StatusOK, recorder.Code)
	require.Contains(t, recorder.Body.String(), `"openapi":"3.1.0"`)
}

func TestNotReadyIsNoError(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	tel, err := telemetry.Start(t.Context(), telemetry.Options{Process: "test", Log: &log})
	require.NoError(t, err)
	keys, err := auth.NewKeys(bytes.Repeat([]byte{7}, 32))
	require.NoError(t, err)
	away := func(context.Context) error { return errors.New("connection refused") }
	s, err := New(Options{Keys: keys, Telemetry: tel, Version: "test", Ready: map[string]telemetry.Check{"temporal": away}})
	require.NoError(t, err)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	require.Equal(t, http.StatusServiceUnavailable, recorder.Code)
	require.Contains(t, log.String(), `"route":"/readyz","status":503`)
	require.Contains(t, log.String(), `"level":"WARN","msg":"dependency away"`)
	require.NotContains(t, log.String(), `"level":"ERROR"`)
}
