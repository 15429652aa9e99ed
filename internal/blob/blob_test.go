package blob

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

// openStore opens a bucket of its own in the storage that `mainstay stack exec` starts for tests.
func openStore(t *testing.T) *Store {
	t.Helper()
	endpoint := os.Getenv("MAINSTAY_TEST_S3_ENDPOINT")
	if endpoint == "" {
		t.Skip("MAINSTAY_TEST_S3_ENDPOINT is unset: NOTHING of the file storage is tested; run `make test`")
	}
	if !strings.Contains(endpoint, "://") {
		endpoint = "http://" + endpoint
	}
	store, err := Open(Config{
		Endpoint: endpoint, PublicURL: endpoint, Region: "us-east-1", Bucket: "blob-" + uuid.NewString(),
		AccessKey: os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"),
	})
	require.NoError(t, err)
	require.Error(t, store.Ping(t.Context()))
	require.NoError(t, store.EnsureBucket(t.Context()))
	require.NoError(t, store.EnsureBucket(t.Context()), "again")
	require.NoError(t, store.Ping(t.Context()))
	return store
}

func newKey() Key { return Key{Tenant: uuid.New(), Kind: Attachments, ID: uuid.New()} }

func read(t *testing.T, store *Store, key Key) (string, Object) {
	t.Helper()
	body, object, err := store.Get(t.Context(), key)
	require.NoError(t, err)
	content, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	return string(content), object
}

func randomText(size int) string {
	raw := make([]byte, size)
	_, _ = rand.Read(raw)
	return string(raw)
}

func TestStoreKeepsFiles(t *testing.T) {
	store := openStore(t)
	for name, text := range map[string]string{
		"empty": "", "small": "Schmierplan für Förderband 3", "larger than a buffer": randomText(1 << 20), "larger than a part": randomText(20 << 20),
	} {
		size := int64(len(text))
		for how, content := range map[string]Content{
			"announced":     {Size: size, SHA256: hexSum(text), Type: "text/plain; charset=utf-8"},
			"size known":    {Size: size, Type: "application/pdf"},
			"hash known":    {Size: Unknown, SHA256: hexSum(text), Type: "text/csv"},
			"nothing known": {Size: Unknown, Type: "application/octet-stream"},
		} {
			t.Run(name+", "+how, func(t *testing.T) {
				key := newKey()
				put, err := store.Put(t.Context(), key, io.MultiReader(strings.NewReader(text)), content)
				require.NoError(t, err)
				require.Equal(t, size, put.Size)
				require.Equal(t, hexSum(text), put.SHA256)

				have, object := read(t, store, key)
				require.Equal(t, hexSum(text), hexSum(have))
				require.Equal(t, size, object.Size)
				require.Equal(t, content.Type, object.ContentType)
				require.Equal(t, content.SHA256, object.SHA256)
				require.False(t, object.StoredAt.IsZero())

				stat, err := store.Stat(t.Context(), key)
				require.NoError(t, err)
				require.Equal(t, object, stat)
			})
		}
	}
}

func TestStoreRefusesWhatWasNotAnnounced(t *testing.T) {
	store := openStore(t)
	for name, text := range map[string]string{"small": "0123456789", "large": randomText(20 << 20)} {
		size := int64(len(text))
		for what, content := range map[string]Content{
			"longer":                     {Size: size - 1, SHA256: hexSum(text)},
			"shorter":                    {Size: size + 1, SHA256: hexSum(text)},
			"not empty":                  {Size: 0},
			"another hash":               {Size: size, SHA256: hexSum("x")},
			"another hash, unknown size": {Size: Unknown, SHA256: hexSum("x")},
			"no hash":                    {Size: size, SHA256: "abc"},
		} {
			t.Run(name+", "+what, func(t *testing.T) {
				key := newKey()
				_, err := store.Put(t.Context(), key, strings.NewReader(text), content)
				require.Equal(t, models.CodeInvalid, models.ErrorCode(err), "%v", err)
				_, err = store.Stat(t.Context(), key)
				require.Equal(t, models.CodeNotFound, models.ErrorCode(err), "%v", err)
			})
		}
	}
}

func TestStoreKeepsTheFileThatWasThereWhenItRefuses(t *testing.T) {
	store, key := openStore(t), newKey()
	_, err := store.Put(t.Context(), key, strings.NewReader("good"), Content{Size: 4})
	require.NoError(t, err)
	_, err = store.Put(t.Context(), key, strings.NewReader("evil"), Content{Size: 4, SHA256: hexSum("good")})
	require.Equal(t, models.CodeInvalid, models.ErrorCode(err))
	have, _ := read(t, store, key)
	require.Equal(t, "good", have)
}

func TestStoreDeletes(t *testing.T) {
	store, key := openStore(t), newKey()
	_, err := store.Put(t.Context(), key, strings.NewReader("x"), Content{Size: 1})
	require.NoError(t, err)
	for range 2 {
		require.NoError(t, store.Delete(t.Context(), key))
		_, err = store.Stat(t.Context(), key)
		require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
		_, _, err = store.Get(t.Context(), key)
		require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	}
}

func TestVersionsAreReadAndRemovedOneByOne(t *testing.T) {
	t.Parallel()
	store, key := openStore(t), newKey()
	var ids []string
	for _, text := range []string{"one", "three"} {
		stored, err := store.Put(t.Context(), key, strings.NewReader(text), Content{Size: int64(len(text))})
		require.NoError(t, err)
		ids = append(ids, stored.VersionID)
	}
	tenants, err := store.Tenants(t.Context())
	require.NoError(t, err)
	require.Contains(t, tenants, key.Tenant)
	body, object, err := store.GetVersion(t.Context(), key, ids[0])
	require.NoError(t, err)
	text, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	require.Equal(t, "one", string(text))
	require.Equal(t, int64(3), object.Size)
	for range 2 { // a version that is gone beside one that is there
		require.NoError(t, store.DeleteVersion(t.Context(), key, ids[1]))
	}
	versions, err := store.VersionsOf(t.Context(), key)
	require.NoError(t, err)
	require.Len(t, versions, 1)
	require.Equal(t, ids[0], versions[0].ID)
	for range 2 {
		require.NoError(t, store.DeleteVersion(t.Context(), key, ids[0]))
	}
	_, _, err = store.GetVersion(t.Context(), key, ids[0])
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
}

func TestPresignedLinksDownload(t *testing.T) {
	store, key := openStore(t), newKey()
	_, err := store.Put(t.Context(), key, strings.NewReader("<script>"), Content{Size: 8, Type: "text/html"})
	require.NoError(t, err)
	link, direct, err := store.PresignGet(t.Context(), key, `Plan "3" für Straße.pdf`, time.Minute)
	require.NoError(t, err)
	require.True(t, direct)

	status, header, content := fetch(t, link)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "application/octet-stream", header.Get("Content-Type"))
	require.Equal(t, Disposition(`Plan "3" für Straße.pdf`), header.Get("Content-Disposition"))
	require.Equal(t, "<script>", content)

	status, _, _ = fetch(t, strings.Replace(link, key.ID.String(), uuid.NewString(), 1))
	require.Equal(t, http.StatusForbidden, status)
}

func fetch(t *testing.T, link string) (int, http.Header, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header, string(content)
}

func TestPresignGetWithoutAPublicURL(t *testing.T) {
	store, err := Open(Config{Endpoint: "http://127.0.0.1:1", Region: "us-east-1", Bucket: "b", AccessKey: "a", SecretKey: "s"})
	require.NoError(t, err)
	link, direct, err := store.PresignGet(t.Context(), newKey(), "x", time.Minute)
	require.NoError(t, err)
	require.False(t, direct)
	require.Empty(t, link)
}

func TestDisposition(t *testing.T) {
	for name, want := range map[string]string{
		"plan.pdf":           `attachment; filename=plan.pdf`,
		`a "b" c.pdf`:        `attachment; filename="a \"b\" c.pdf"`,
		"Öl.pdf":             `attachment; filename*=utf-8''%C3%96l.pdf`,
		"a\r\nX-Evil: 1.pdf": `attachment; filename*=utf-8''a%0D%0AX-Evil%3A%201.pdf`,
	} {
		require.Equal(t, want, Disposition(name))
	}
}

func TestStorageThatIsAwayIsUnavailable(t *testing.T) {
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	t.Cleanup(broken.Close)
	for _, endpoint := range []string{"http://127.0.0.1:1", broken.URL} {
		store, err := Open(Config{Endpoint: endpoint, Region: "us-east-1", Bucket: "bucket", AccessKey: "a", SecretKey: "s"})
		require.NoError(t, err)
		_, err = store.Put(t.Context(), newKey(), io.MultiReader(strings.NewReader("x")), Content{Size: 1})
		require.Equal(t, models.CodeUnavailable, models.ErrorCode(err), "%v", err)
	}
}

func TestOpenRefusesWhatIsNoEndpoint(t *testing.T) {
	for _, endpoint := range []string{"", "127.0.0.1:9000", "http://", "http://host/path/\x00"} {
		_, err := Open(Config{Endpoint: endpoint, Bucket: "b"})
		require.Error(t, err, endpoint)
	}
}

func TestParseKeyReadsWhatStringWrites(t *testing.T) {
	t.Parallel()
	key := Key{Tenant: uuid.New(), Kind: Exports, ID: uuid.New()}
	parsed, err := ParseKey(key.String())
	require.NoError(t, err)
	require.Equal(t, key, parsed)
	for _, text := range []string{"", "a/b", "x/exports/" + key.ID.String(), key.Tenant.String() + "/exports/x", key.String() + "/more"} {
		_, err := ParseKey(text)
		require.Error(t, err, text)
	}
}
