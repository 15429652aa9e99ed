package api

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

// upload posts a form; what passes every check would need a storage, so these are refused.
func (c client) upload(fields map[string]string, file string) reply {
	c.h.t.Helper()
	return c.uploadAs("rows.csv", fields, file)
}

func (c client) uploadAs(filename string, fields map[string]string, file string) reply {
	c.h.t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	for name, value := range fields {
		require.NoError(c.h.t, writer.WriteField(name, value))
	}
	part, err := writer.CreateFormFile("file", filename)
	require.NoError(c.h.t, err)
	_, err = part.Write([]byte(file))
	require.NoError(c.h.t, err)
	require.NoError(c.h.t, writer.Close())
	request := httptest.NewRequestWithContext(c.h.t.Context(), http.MethodPost, "/v1/imports", &form)
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", writer.FormDataContentType())
	recorder := httptest.NewRecorder()
	c.h.server.ServeHTTP(recorder, request)
	out := reply{Status: recorder.Code, Header: recorder.Header()}
	require.NoError(c.h.t, json.Unmarshal(recorder.Body.Bytes(), &out.Body), recorder.Body.String())
	return out
}

func TestAnImportNeedsThePermissionOfItsKind(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	planner := h.as(h.plant, h.plant.Tech, models.RolePlanner)
	users := planner.upload(map[string]string{"kind": "users"}, "email,name,roles\na@b.example,A,admin\n")
	require.Equal(t, http.StatusForbidden, users.Status, users.Body)
	require.Contains(t, users.Body["detail"], "users.write")
	scoped := h.within(h.plant.Area, models.RoleAdmin).upload(map[string]string{"kind": "users"}, "email,name,roles\n")
	require.Equal(t, http.StatusForbidden, scoped.Status, scoped.Body)
	technician := h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	require.Equal(t, http.StatusForbidden, technician.upload(map[string]string{"kind": "assets"}, "code,name,category,location\n").Status)
}

func TestAnImportsFileHasALimitAndAName(t *testing.T) {
	t.Parallel()
	c := newHarness(t).admin()
	fields := map[string]string{"kind": "locations"}
	named := c.uploadAs("\xff.csv", fields, "code,name,kind\n")
	require.Equal(t, http.StatusUnprocessableEntity, named.Status, named.Body)
	require.Equal(t, "/file", named.Body["errors"].([]any)[0].(map[string]any)["pointer"])

	// A length that nobody announced.
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/imports", io.MultiReader(
		strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"), io.LimitReader(zeros{}, maxUpload)))
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	recorder := httptest.NewRecorder()
	c.h.server.ServeHTTP(recorder, request)
	require.Equal(t, http.StatusRequestEntityTooLarge, recorder.Code, recorder.Body)
	require.Contains(t, recorder.Body.String(), `"code":"too_large"`)
}

// zeros is a file without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestAnImportIsRefusedWhereTheHeaderShowsIt(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, c := range map[string]struct{ mapping, file, pointer, code string }{
		"no column":       {`{}`, "code,name\n", "/file", "missing"},
		"mapped nowhere":  {`{"columns":{"Code":"code","N":"name","C":"category","L":"location"}}`, "Code,N,C\n", "/mapping/columns/L", "missing"},
		"twice in JSON":   {`{"delimiter":";","delimiter":","}`, "code\n", "/mapping", "json"},
		"unknown key":     {`{"colour":"red"}`, "code\n", "/mapping", "json"},
		"other delimiter": {`{"delimiter":"\t"}`, "code,name,category,location\n", "/file", "missing"},
		"utf-16":          {`{}`, "\xff\xfec\x00", "/file", "encoding"},
		"empty":           {`{}`, "", "/file", "empty"},
	} {
		r := h.admin().upload(map[string]string{"kind": "assets", "mapping": c.mapping}, c.file)
		require.Equal(t, http.StatusUnprocessableEntity, r.Status, "%s: %v", name, r.Body)
		faults, _ := r.Body["errors"].([]any)
		require.NotEmpty(t, faults, name)
		first, _ := faults[0].(map[string]any)
		require.Equal(t, []any{c.pointer, c.code}, []any{first["pointer"], first["code"]}, name)
	}
	require.Empty(t, items(h.admin().must(http.StatusOK, http.MethodGet, "/v1/imports", nil)))
}

func TestAnUploadOverItsLimitIsRefusedUnread(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/imports", bytes.NewReader(nil))
	request.Header.Set("Authorization", "Bearer "+h.admin().token)
	request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	request.ContentLength = maxUpload + 1
	recorder := httptest.NewRecorder()
	h.server.ServeHTTP(recorder, request)
	require.Equal(t, http.StatusRequestEntityTooLarge, recorder.Code)
}

func TestAnotherTenantsImportAndExportAreNotFound(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	other := storetest.NewPlant(t, h.db, "two")
	row := models.Import{ID: models.NewID(), Kind: models.ImportAssets, Mapping: []byte("{}"), DryRun: true, ObjectKey: "key", FileSHA256: make([]byte, 32)}
	require.NoError(t, h.store.CreateImport(h.plant.Context(t.Context()), row))
	export := h.admin().must(http.StatusAccepted, http.MethodPost, "/v1/exports", map[string]any{"kind": "assets"}, "Idempotency-Key", "one")
	require.Equal(t, export["id"], h.admin().must(http.StatusAccepted, http.MethodPost, "/v1/exports", map[string]any{"kind": "assets"}, "Idempotency-Key", "one")["id"])
	h.admin().must(http.StatusUnprocessableEntity, http.MethodPost, "/v1/exports", map[string]any{"kind": "users"}, "Idempotency-Key", "one")
	stranger := h.as(other, other.Admin, models.RoleAdmin)
	for _, path := range []string{"/v1/imports/" + row.ID.String(), "/v1/exports/" + export["id"].(string)} {
		h.admin().must(http.StatusOK, http.MethodGet, path, nil)
		stranger.must(http.StatusNotFound, http.MethodGet, path, nil)
		stranger.must(http.StatusNotFound, http.MethodPost, path+"/cancel", nil)
		first := h.admin().must(http.StatusAccepted, http.MethodPost, path+"/cancel", nil, "Idempotency-Key", "two")
		require.Equal(t, first, h.admin().must(http.StatusAccepted, http.MethodPost, path+"/cancel", nil, "Idempotency-Key", "two"))
		require.Equal(t, "cancelled", first["status"])
		h.admin().must(http.StatusConflict, http.MethodPost, path+"/cancel", nil)
	}
	h.admin().must(http.StatusNotFound, http.MethodGet, "/v1/imports/"+row.ID.String()+"/errors", nil)
}

func TestAnExportNeedsThePermissionOfItsList(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	buyer := h.as(h.plant, h.plant.Tech, models.RoleBuyer)
	refused := buyer.must(http.StatusForbidden, http.MethodPost, "/v1/exports", map[string]any{"kind": "audit-events"})
	require.Contains(t, refused["detail"], "audit.read")
	made := h.admin().must(http.StatusCreated, http.MethodPost, "/v1/api-tokens", map[string]any{"name": "mover", "permissions": []string{"exports.run", "asset_transfers.read"}})
	mover := client{h: h, token: text(made, "secret")}
	mover.must(http.StatusAccepted, http.MethodPost, "/v1/exports", map[string]any{"kind": "asset-transfers"})
	refused = mover.must(http.StatusForbidden, http.MethodPost, "/v1/exports", map[string]any{"kind": "asset-disposals"})
	require.Contains(t, refused["detail"], "asset_disposals.read")
	h.admin().refused(http.StatusUnprocessableEntity, "/kind", http.MethodPost, "/v1/exports", map[string]any{"kind": "potatoes"})
	h.admin().refused(http.StatusUnprocessableEntity, "/filter/colour", http.MethodPost, "/v1/exports", map[string]any{"kind": "assets", "filter": map[string]any{"colour": []string{"red"}}})
}
