// Package auth proves who is asking: passwords, short-lived access tokens, opaque secrets and the throttle of sign-ins.
// What somebody may do is decided by the permission matrix of package models.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// MaxPasswordBytes bounds what is hashed for a caller who is not yet known.
const MaxPasswordBytes = 1024

// ErrPassword says that a password cannot be hashed: it is empty or longer than [MaxPasswordBytes].
var ErrPassword = errors.New("auth: a password has 1 to 1024 bytes")

// cost is what one argon2id hash takes.
type cost struct {
	memory  uint32 // KiB
	time    uint32 // passes
	threads uint8
}

// current is the OWASP Password Storage Cheat Sheet's first choice for argon2id: 19 MiB, 2 passes, 1 thread.
var current = cost{memory: 19 * 1024, time: 2, threads: 1}

// work is what the cost comes to: the KiB that all passes go over.
func (c cost) work() uint32 { return c.memory * c.time }

// missing is the cost that c lacks of the current work.
func (c cost) missing() cost {
	rest := current
	rest.memory = (current.work() - min(c.work(), current.work())) / current.time
	return rest
}

// most bounds what a stored hash may ask for, so that no row can exhaust the memory.
var most = cost{memory: 256 * 1024, time: 10, threads: 16}

const (
	saltBytes = 16
	hashBytes = 32
)

// Passwords hashes and checks passwords with argon2id, a few at a time: each takes 19 MiB while it runs.
type Passwords struct{ gate chan struct{} }

// NewPasswords bounds the hashes that run at once; with limit 0 to one per processor.
func NewPasswords(limit int) *Passwords {
	if limit <= 0 {
		limit = runtime.GOMAXPROCS(0)
	}
	return &Passwords{gate: make(chan struct{}, limit)}
}

// Hash returns the PHC string of password under a new salt. It fails with [ErrPassword], or with ctx's error while it
// waits for its turn.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if password == "" || len(password) > MaxPasswordBytes {
		return "", ErrPassword
	}
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt)
	hash, err := p.run(ctx, password, salt, current, hashBytes)
	if err != nil {
		return "", err
	}
	return phc{current, salt, hash}.String(), nil
}

// Verify says whether password is the one that stored is the hash of. An error means that it could not be told: stored
// is no argon2id hash, or ctx ended. It works as hard as for a new hash where the stored one took less: the time of the answer does
// not tell that there is such an account.
func (p *Passwords) Verify(ctx context.Context, stored, password string) (bool, error) {
	want, err := parsePHC(stored)
	if err != nil {
		return false, err
	}
	if len(password) > MaxPasswordBytes {
		return false, nil
	}
	have, err := p.run(ctx, password, want.salt, want.cost, uint32(len(want.hash))) //nolint:gosec // parsePHC bounds the length
	if err != nil {
		return false, err
	}
	if rest := want.cost.missing(); rest.memory > 0 {
		if _, err := p.run(ctx, password, want.salt, rest, hashBytes); err != nil {
			return false, err
		}
	}
	return subtle.ConstantTimeCompare(have, want.hash) == 1, nil
}

// Renew hashes anew a password that was just verified, where its stored hash took less work than one takes today; else it returns the
// stored one. The salt stays, so that two sign-ins at once come to the same hash.
func (p *Passwords) Renew(ctx context.Context, stored, password string) (string, error) {
	h, err := parsePHC(stored)
	if err != nil || h.cost.work() >= current.work() {
		return stored, err
	}
	h.cost = current
	if h.hash, err = p.run(ctx, password, h.salt, h.cost, hashBytes); err != nil {
		return "", err
	}
	return h.String(), nil
}

// VerifyNobody takes the time of a [Passwords.Verify] for an account that does not exist, so that the time of the answer
// tells nothing. It fails only with ctx's error.
func (p *Passwords) VerifyNobody(ctx context.Context, password string) error {
	if len(password) > MaxPasswordBytes {
		return nil
	}
	_, err := p.run(ctx, password, make([]byte, saltBytes), current, hashBytes)
	return err
}

func (p *Passwords) run(ctx context.Context, password string, salt []byte, c cost, size uint32) ([]byte, error) {
	select {
	case p.gate <- struct{}{}:
		defer func() { <-p.gate }()
		return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, size), nil
	case <-ctx.Done():
		return nil, fmt.Errorf("auth: wait for a turn to hash: %w", ctx.Err())
	}
}

// phc is a hash in the PHC string format: $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
type phc struct {
	cost cost
	salt []byte
	hash []byte
}

func (h phc) String() string {
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.cost.memory, h.cost.time, h.cost.threads, text(h.salt), text(h.hash))
}

var errPHC = errors.New("auth: the stored password is no argon2id hash")

func parsePHC(stored string) (phc, error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errPHC
	}
	var h phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.cost.memory, &h.cost.time, &h.cost.threads); err != nil {
		return phc{}, errPHC
	}
	var saltErr, hashErr error
	h.salt, saltErr = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	h.hash, hashErr = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if saltErr != nil || hashErr != nil || !h.plausible() || h.String() != stored {
		return phc{}, errPHC
	}
	return h, nil
}

func (h phc) plausible() bool {
	c := h.cost
	return c.threads >= 1 && c.threads <= most.threads && c.time >= 1 && c.time <= most.time &&
		c.memory >= 8*uint32(c.threads) && c.memory <= most.memory &&
		len(h.salt) >= 8 && len(h.salt) <= 64 && len(h.hash) >= 16 && len(h.hash) <= 64
}
