package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"
)

// RecoveryKey opens backups, and names the recipient whom they are sealed for.
type RecoveryKey struct{ identity *age.X25519Identity }

// ParseRecoveryKey reads an age identity, AGE-SECRET-KEY-1 and what follows.
func ParseRecoveryKey(text string) (RecoveryKey, error) {
	identity, err := age.ParseX25519Identity(text)
	if err != nil {
		return RecoveryKey{}, errors.New("postgres: the recovery key is no age identity; make one with `age-keygen`")
	}
	return RecoveryKey{identity}, nil
}

// NewRecoveryKey makes a key that opens nothing yet.
func NewRecoveryKey() (RecoveryKey, error) {
	identity, err := age.GenerateX25519Identity()
	return RecoveryKey{identity}, err
}

// Recipient is the public half, which stands in manifests.
func (k RecoveryKey) Recipient() string { return k.identity.Recipient().String() }

// Sum is how much was streamed, and its SHA-256 in hexadecimal.
type Sum struct {
	Bytes  int64
	SHA256 string
}

// counter hashes and counts what is written to it.
type counter struct {
	hash  hash.Hash
	bytes int64
}

func newCounter() *counter { return &counter{hash: sha256.New()} }

// Write implements io.Writer.
func (c *counter) Write(p []byte) (int, error) {
	c.bytes += int64(len(p))
	return c.hash.Write(p)
}

func (c *counter) sum() Sum { return Sum{Bytes: c.bytes, SHA256: hex.EncodeToString(c.hash.Sum(nil))} }

// seal gives write a writer whose bytes reach `to` compressed and encrypted, and returns what went in. Where write fails, what reached `to`
// has no proper end: it cannot be opened.
func (k RecoveryKey) seal(to io.Writer, write func(io.Writer) error) (Sum, error) {
	encrypted, err := age.Encrypt(to, k.identity.Recipient())
	if err != nil {
		return Sum{}, err
	}
	compressed, err := zstd.NewWriter(encrypted)
	if err != nil {
		return Sum{}, err
	}
	plain := newCounter()
	if err := write(io.MultiWriter(plain, compressed)); err != nil {
		return Sum{}, err // neither is closed: the end of the age stream is what says that it is whole
	}
	return plain.sum(), errors.Join(compressed.Close(), encrypted.Close())
}

// Faults of a sealed stream, which callers tell apart.
var (
	ErrWrongKey = errors.New("the recovery key does not open it")
	ErrBroken   = errors.New("it is truncated or was changed")
)

func isFault(err error) bool { return errors.Is(err, ErrWrongKey) || errors.Is(err, ErrBroken) }

// Open decrypts and decompresses what seal wrote into `to` and returns what came out. ErrWrongKey: it was sealed for another key. ErrBroken:
// it has another content or an earlier end than it was sealed with; then `to` holds a part that means nothing.
func (k RecoveryKey) Open(from io.Reader, to io.Writer) (Sum, error) {
	opened, err := age.Decrypt(from, k.identity)
	if err != nil {
		if _, wrong := errors.AsType[*age.NoIdentityMatchError](err); wrong {
			return Sum{}, fmt.Errorf("%w: it was sealed for another", ErrWrongKey)
		}
		return Sum{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	source := &keptReadError{from: opened}
	decompressed, err := zstd.NewReader(source)
	if err != nil {
		return Sum{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	defer decompressed.Close()
	plain := newCounter()
	target := &keptError{to: to}
	if _, err := io.Copy(io.MultiWriter(target, plain), decompressed); err != nil {
		if target.err != nil {
			return Sum{}, target.err
		}
		return Sum{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	// zstd takes a stream that breaks off before its first frame for an empty one.
	if source.err != nil {
		return Sum{}, fmt.Errorf("%w: %w", ErrBroken, source.err)
	}
	if plain.bytes == 0 {
		return Sum{}, fmt.Errorf("%w: nothing is in it", ErrBroken)
	}
	return plain.sum(), nil
}

// keptReadError remembers an error that is no proper end.
type keptReadError struct {
	from io.Reader
	err  error
}

// Read implements io.Reader.
func (k *keptReadError) Read(p []byte) (int, error) {
	n, err := k.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		k.err = err
	}
	return n, err
}

// keptError remembers that it was the writer that failed, not the stream.
type keptError struct {
	to  io.Writer
	err error
}

// Write implements io.Writer.
func (k *keptError) Write(p []byte) (int, error) {
	n, err := k.to.Write(p)
	k.err = err
	return n, err
}
