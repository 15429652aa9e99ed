package stack

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"mainstay/internal/config"
)

// secretOf returns the secret kept in a file of mode 0600, made up by the first call: letters and digits.
func secretOf(file string) (string, error) { return kept(file, rand.Text) }

// keyOf is secretOf for a key in base64, as the settings take it.
func keyOf(file string) (string, error) {
	return kept(file, func() string {
		raw := make([]byte, config.KeyBytes)
		_, _ = rand.Read(raw) // never fails: it ends the process instead
		return base64.StdEncoding.EncodeToString(raw)
	})
}

// recoveryKeyOf is secretOf for the age identity that opens backups.
func recoveryKeyOf(file string) (string, error) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", err
	}
	return kept(file, identity.String)
}

func kept(file string, made func() string) (string, error) {
	text, err := os.ReadFile(file) //nolint:gosec // below the stack's own folder
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return "", err
	}
	secret := made()
	return secret, writeWhole(file, []byte(secret+"\n"))
}

// writeWhole writes a file of mode 0600 in one step, so that a crash leaves the old content or the new.
func writeWhole(file string, content []byte) error {
	if err := os.WriteFile(file+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
