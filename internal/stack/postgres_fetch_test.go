package stack

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func tarball(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	for name, content := range files {
		require.NoError(t, archive.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg}))
		_, err := archive.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, zipped.Close())
	return out.Bytes()
}

func TestUnpackLinksWhatTheTarballCannotCarry(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "postgres")
	require.NoError(t, unpackWhole(tarball(t, map[string]string{
		"package/native/lib/libpq.so.5.18": "library",
		"package/native/bin/postgres":      "server",
		"package/native/pg-symlinks.json":  `[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]`,
		"package/package.json":             "not wanted",
	}), dir))
	library, err := os.ReadFile(filepath.Join(dir, "native", "lib", "libpq.so.5"))
	require.NoError(t, err)
	require.Equal(t, "library", string(library))
	require.NoFileExists(t, filepath.Join(dir, "package.json"))
}

func TestUnpackStaysInsideItsFolder(t *testing.T) {
	parent := t.TempDir()
	err := unpackWhole(tarball(t, map[string]string{
		"package/native/../../outside":    "x",
		"package/native/pg-symlinks.json": "[]",
	}), filepath.Join(parent, "postgres"))
	require.Error(t, err)
	require.NoFileExists(t, filepath.Join(parent, "outside"))
	require.NoDirExists(t, filepath.Join(parent, "postgres"))
}

func TestUnpackRefusesATruncatedTarball(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "postgres")
	whole := tarball(t, map[string]string{"package/native/bin/postgres": "server", "package/native/pg-symlinks.json": "[]"})
	require.Error(t, unpackWhole(whole[:len(whole)/2], dir))
	require.NoDirExists(t, dir)
	require.NoError(t, unpackWhole(whole, dir))
	require.NoDirExists(t, dir+".part")
	info, err := os.Stat(filepath.Join(dir, "native", "bin", "postgres"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o755), info.Mode().Perm())
}
