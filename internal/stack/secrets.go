package stack

import (
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// secretOf returns the secret kept in a file of mode 0600, made up by the first call.
func secretOf(file string) (string, error) {
	kept, err := os.ReadFile(file) //nolint:gosec // below the stack's own folder
	if err == nil {
		return strings.TrimSpace(string(kept)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return "", err
	}
	secret := rand.Text()
	return secret, writeWhole(file, []byte(secret+"\n"))
}

// writeWhole writes a file of mode 0600 in one step, so that a crash leaves the old content or the new.
func writeWhole(file string, content []byte) error {
	if err := os.WriteFile(file+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
