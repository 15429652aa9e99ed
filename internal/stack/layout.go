package stack

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
)

// layout says where a stack keeps what it keeps.
type layout struct {
	dir      string // MAINSTAY_DATA_DIR, absolute
	postgres string // the cluster; outside dir where the unprivileged server could not reach it there
}

func newLayout(dataDir string) (layout, error) {
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		return layout{}, err
	}
	l := layout{dir: dir, postgres: filepath.Join(dir, "postgres")}
	if err := os.MkdirAll(l.runDir(), 0o755); err != nil { //nolint:gosec // the unprivileged server walks through it; secrets have a folder of mode 0700
		return layout{}, err
	}
	if !reachable(l.postgres, unprivileged()) {
		name := sha256.Sum256([]byte(dir))
		l.postgres = filepath.Join(rootDir, hex.EncodeToString(name[:])[:16], "postgres")
	}
	return l, nil
}

func (l layout) runDir() string             { return filepath.Join(l.dir, "run") }
func (l layout) lock() string               { return filepath.Join(l.runDir(), "lock") }
func (l layout) pidFile(name string) string { return filepath.Join(l.runDir(), name+".pid") }
func (l layout) settings() string           { return filepath.Join(l.runDir(), "settings.json") }
func (l layout) state() string              { return filepath.Join(l.runDir(), "state.json") }
func (l layout) log(name string) string     { return filepath.Join(l.dir, "logs", name+".log") }
func (l layout) secret(name string) string  { return filepath.Join(l.dir, "secrets", name) }
func (l layout) adminPassword() string      { return filepath.Join(l.dir, "admin-password") }
func (l layout) lan() string                { return filepath.Join(l.dir, "lan") }
func (l layout) objects() string            { return filepath.Join(l.dir, "s3") }
func (l layout) repository() string         { return filepath.Join(filepath.Dir(l.postgres), "repository") }
func (l layout) temporalFile() string       { return filepath.Join(l.dir, "temporal.db") }
func (l layout) epoch() string              { return filepath.Join(l.dir, "epoch") }
func (l layout) journal() string            { return filepath.Join(l.dir, "recovery.jsonl") }

// recovering is where a recovery works, beside the cluster; it belongs to the cluster's user.
func (l layout) recovering() string { return filepath.Join(filepath.Dir(l.postgres), "recovering") }

// pgbackrest is the file of pgBackRest's settings, beside the cluster: what runs as the cluster's user reads it.
func (l layout) pgbackrest() string {
	return filepath.Join(filepath.Dir(l.postgres), "pgbackrest", "pgbackrest.conf")
}
