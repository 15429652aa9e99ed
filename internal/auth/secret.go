package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
)

// SecretKind is the prefix that tells what an opaque secret is for, to us and to secret scanners.
type SecretKind string

// The kinds of opaque secrets.
const (
	APIToken     SecretKind = "mst_"
	RefreshToken SecretKind = "msr_"
	Cookie       SecretKind = "msc_" // of a browser's session
)

const secretBytes = 32

// ErrSecret says that a text is no secret of the kind asked for.
var ErrSecret = errors.New("auth: malformed secret")

// NewSecret draws 256 random bits. The text, the kind followed by their base64url, is shown to its owner once; only the
// hash is kept.
func NewSecret(kind SecretKind) (text string, hash []byte) {
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw)
	text = string(kind) + base64.RawURLEncoding.EncodeToString(raw)
	return text, digest(text)
}

// HashSecret returns the SHA-256 under which the secret text of this kind is stored, or [ErrSecret] where its form is
// wrong: no stored hash can match such a text, so nothing need be looked up. A fast hash suffices, for 256 random bits
// cannot be guessed.
func HashSecret(kind SecretKind, text string) ([]byte, error) {
	encoded, found := strings.CutPrefix(text, string(kind))
	if !found || len(encoded) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return nil, ErrSecret
	}
	// The decoder skips line ends, so that the length has to be asked of both sides.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	if err != nil || len(raw) != secretBytes {
		return nil, ErrSecret
	}
	return digest(text), nil
}

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}
