package stack

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// rootDir holds what an unprivileged child of a root supervisor must reach where the home of root is closed to it.
const rootDir = "/var/lib/mainstay-dev"

// unprivileged returns the user PostgreSQL runs as under a root supervisor, since it refuses to run as root: the
// user postgres where there is one, else nobody. It returns nil for an ordinary user.
func unprivileged() *syscall.Credential {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if c, err := credentialOf(name); err == nil {
			return c
		}
	}
	return &syscall.Credential{Uid: 65534, Gid: 65534}
}

func credentialOf(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("uid of %s: %w", name, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("gid of %s: %w", name, err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// reachable tells whether the user may walk through every folder above path. Folders that do not exist yet count as
// open, since the stack creates them so.
func reachable(path string, as *syscall.Credential) bool {
	if as == nil {
		return true
	}
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && !mayEnter(info, as) { //nolint:gosec // the stack's own folder or the user's choice
			return false
		}
		if dir == filepath.Dir(dir) {
			return true
		}
	}
}

func mayEnter(dir os.FileInfo, as *syscall.Credential) bool {
	perm := dir.Mode().Perm()
	if owner, ok := dir.Sys().(*syscall.Stat_t); ok && owner.Uid == as.Uid {
		return perm&0o100 != 0
	}
	return perm&0o001 != 0
}
