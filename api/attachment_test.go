package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/blob"
	"mainstay/models"
	"mainstay/models/store/storetest"
)

// withStorage gives the harness a bucket of its own.
func (h *harness) withStorage() *harness {
	h.t.Helper()
	return h.withStorageAt("")
}

// withStorageAt is withStorage that browsers reach under a URL.
func (h *harness) withStorageAt(publicURL string) *harness {
	h.t.Helper()
	endpoint := os.Getenv("MAINSTAY_TEST_S3_ENDPOINT")
	if endpoint == "" {
		h.t.Skip("MAINSTAY_TEST_S3_ENDPOINT is not set: run `make test`, which starts a storage for the tests")
	}
	files, err := blob.Open(blob.Config{
		Endpoint: endpoint, PublicURL: publicURL, Region: "us-east-1", Bucket: "api-" + uuid.NewString(),
		AccessKey: os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"),
	})
	require.NoError(h.t, err)
	require.NoError(h.t, files.EnsureBucket(h.t.Context()))
	h.server.blob = files
	return h
}

// raw sends a body as it is and returns the answer as it is.
func (c client) raw(method, path, contentType string, body io.Reader) *httptest.ResponseRecorder {
	request := httptest.NewRequestWithContext(c.h.t.Context(), method, path, body)
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", contentType)
	recorder := httptest.NewRecorder()
	c.h.server.ServeHTTP(recorder, request)
	return recorder
}

func (h *harness) announce(content []byte) map[string]any {
	sum := sha256.Sum256(content)
	return map[string]any{
		"subject_type": "asset", "subject_id": h.plant.Asset.String(), "filename": "Prüfbericht 1.json", "content_type": "application/json",
		"size_bytes": len(content), "sha256": hex.EncodeToString(sum[:]),
	}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	h := newHarness(t).withStorage()
	two := storetest.NewPlant(t, h.db, "two")
	c, other := h.admin(), h.as(two, two.Admin, models.RoleAdmin)
	content := bytes.Repeat([]byte("0123456789abcdef"), 200_000) // larger than a JSON body may be
	body := h.announce(content)
	first := c.must(http.StatusCreated, http.MethodPost, "/v1/attachments", body, "Idempotency-Key", "k")
	require.Equal(t, first, c.must(http.StatusCreated, http.MethodPost, "/v1/attachments", body, "Idempotency-Key", "k"))
	require.Nil(t, first["uploaded_at"])
	path := "/v1/attachments/" + first["id"].(string)
	c.must(http.StatusNotFound, http.MethodGet, path+"/content", nil)

	wrong := bytes.Clone(content)
	wrong[len(wrong)-1] ^= 1
	for pointer, bad := range map[string][]byte{"/sha256": wrong, "/size_bytes": content[1:]} {
		r := c.raw(http.MethodPut, path+"/content", "application/json", bytes.NewReader(bad))
		require.Equal(t, http.StatusUnprocessableEntity, r.Code, r.Body.String())
		require.Contains(t, r.Body.String(), pointer)
	}
	long := c.raw(http.MethodPut, path+"/content", "text/plain", io.MultiReader(bytes.NewReader(content), strings.NewReader("x")))
	require.Equal(t, http.StatusUnprocessableEntity, long.Code, long.Body.String())
	c.must(http.StatusNotFound, http.MethodGet, path+"/content", nil)

	require.Equal(t, http.StatusNotFound, other.raw(http.MethodPut, path+"/content", "text/plain", bytes.NewReader(content)).Code)
	for range 2 {
		r := c.raw(http.MethodPut, path+"/content", "application/json", bytes.NewReader(content))
		require.Equal(t, http.StatusOK, r.Code, r.Body.String())
		require.Equal(t, `"2"`, r.Header().Get("ETag"))
	}
	got := c.raw(http.MethodGet, path+"/content", "", nil)
	require.Equal(t, http.StatusOK, got.Code)
	require.True(t, bytes.Equal(content, got.Body.Bytes()))
	require.Equal(t, fmt.Sprint(len(content)), got.Header().Get("Content-Length"))
	require.Contains(t, got.Header().Get("Content-Disposition"), "attachment")
	require.Equal(t, http.StatusNotFound, other.raw(http.MethodGet, path+"/content", "", nil).Code)

	of := "/v1/attachments?subject_type=asset&subject_id="
	require.Equal(t, []any{"Prüfbericht 1.json"}, values(items(c.must(http.StatusOK, http.MethodGet, of+h.plant.Asset.String(), nil)), "filename"))
	other.refused(http.StatusUnprocessableEntity, "/subject_id", http.MethodGet, of+h.plant.Asset.String(), nil)
	c.must(http.StatusUnprocessableEntity, http.MethodGet, "/v1/attachments", nil)
	other.must(http.StatusNotFound, http.MethodDelete, path, nil, "If-Match", `"2"`)
	c.must(http.StatusPreconditionRequired, http.MethodDelete, path, nil)
	c.must(http.StatusPreconditionFailed, http.MethodDelete, path, nil, "If-Match", `"1"`)
	require.Equal(t, http.StatusNoContent, c.do(http.MethodDelete, path, nil, "If-Match", `"2"`).Status)
	c.must(http.StatusNotFound, http.MethodGet, path, nil)
	c.must(http.StatusNotFound, http.MethodGet, path+"/content", nil)
}

func TestDownloadLeadsABrowserToTheStorage(t *testing.T) {
	t.Parallel()
	h := newHarness(t).withStorageAt(os.Getenv("MAINSTAY_TEST_S3_ENDPOINT"))
	c := h.admin()
	body := h.announce([]byte("a picture"))
	path := "/v1/attachments/" + c.create("/v1/attachments", body) + "/content"
	require.Equal(t, http.StatusOK, c.raw(http.MethodPut, path, "text/plain", strings.NewReader("a picture")).Code)
	require.Equal(t, "a picture", c.raw(http.MethodGet, path, "", nil).Body.String(), "who sends a token gets the file itself")

	h.setPassword(h.plant.Tech, goodPassword)
	b, _ := h.signInBrowser(map[string]any{"email": "tech@one.example", "password": goodPassword})
	r := b.do(http.MethodGet, path, nil)
	require.Equal(t, http.StatusSeeOther, r.Status)
	require.Equal(t, "no-store", r.Header.Get("Cache-Control"))
	link, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.Header.Get("Location"), http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(link)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, "a picture", string(content))
	require.Contains(t, response.Header.Get("Content-Disposition"), "attachment")
}

func TestEveryNounWithFilesIsTaken(t *testing.T) {
	t.Parallel()
	c := newHarness(t).admin()
	for _, noun := range []string{
		"asset", "asset_disposal", "asset_template", "asset_transfer", "location", "maintenance_schedule", "purchase_order", "work_order", "work_request",
	} {
		c.refused(http.StatusUnprocessableEntity, "/subject_id", http.MethodGet, "/v1/attachments?subject_type="+noun+"&subject_id="+uuid.NewString(), nil)
	}
}

func TestAttachmentInput(t *testing.T) {
	t.Parallel()
	h := newHarness(t).withStorage()
	two := storetest.NewPlant(t, h.db, "two")
	c := h.admin()
	for name, value := range map[string]any{
		"subject_type": "person", "subject_id": two.Asset.String(), "filename": "", "size_bytes": 104857601, "sha256": "abc",
	} {
		body := h.announce([]byte("x"))
		body[name] = value
		c.refused(http.StatusUnprocessableEntity, "/"+name, http.MethodPost, "/v1/attachments", body)
	}
	order := h.order(h.plant, models.NewWorkOrder{Title: "Files"})
	body := h.announce([]byte("x"))
	body["subject_type"], body["subject_id"] = "work_order", order.String()
	id := c.create("/v1/attachments", body)
	requester := h.as(h.plant, h.plant.Tech, models.RoleRequester) // may not read work orders
	requester.must(http.StatusForbidden, http.MethodPost, "/v1/attachments", body)
	requester.must(http.StatusNotFound, http.MethodGet, "/v1/attachments/"+id, nil)
	elsewhere := c.create("/v1/locations", map[string]any{"code": "B", "name": "B", "kind": "area", "parent_id": h.plant.Site.String()})
	h.within(uuid.MustParse(elsewhere), models.RoleAssetManager).must(http.StatusNotFound, http.MethodGet, "/v1/attachments/"+id, nil)
}

func TestAttachmentWhileStorageIsAway(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	gone, err := blob.Open(blob.Config{Endpoint: "http://127.0.0.1:1", Region: "us-east-1", Bucket: "none", AccessKey: "a", SecretKey: "b"})
	require.NoError(t, err)
	h.server.blob = gone
	c := h.admin()
	id := c.create("/v1/attachments", h.announce([]byte("x")))
	r := c.raw(http.MethodPut, "/v1/attachments/"+id+"/content", "text/plain", strings.NewReader("x"))
	require.Equal(t, http.StatusServiceUnavailable, r.Code, r.Body.String())
	require.Contains(t, r.Body.String(), string(models.CodeUnavailable))
}
