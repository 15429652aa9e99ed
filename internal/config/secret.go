package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
)

// KeyBytes is the length of every [Key].
const KeyBytes = 32

const redacted = "[redacted]"

// Secret is a value that no log, error, dump or encoding shows: every way of printing it gives "[redacted]", or nothing
// where it is unset.
type Secret string

// Reveal returns the secret itself, for the one call that needs it.
func (s Secret) Reveal() string { return string(s) }

// Format implements [fmt.Formatter] for every verb, so that a wrong verb shows nothing either.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.shown()) }

// MarshalText redacts the secret in JSON and slog.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.shown()), nil }

func (s Secret) shown() string {
	if s == "" {
		return ""
	}
	return redacted
}

// Key is 32 bytes of key material, or nil where it is unset. It is printed as [Secret] is.
type Key []byte

// Format implements [fmt.Formatter] for every verb.
func (k Key) Format(f fmt.State, verb rune) { Secret(k).Format(f, verb) }

// MarshalText redacts the key in JSON and slog.
func (k Key) MarshalText() ([]byte, error) { return Secret(k).MarshalText() }

var errKey = errors.New("is not a key of 32 bytes; make one with `openssl rand -base64 32`")

// parseKey takes the base64 of 32 bytes in either alphabet, padded or not.
func parseKey(value string) (Key, error) {
	text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(strings.TrimSpace(value), "="))
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(raw) != KeyBytes {
		return nil, errKey
	}
	return raw, nil
}
