package auth

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// maxTokenBytes bounds what is hashed for a caller who is not yet known; our tokens have less than 1 KiB.
const maxTokenBytes = 4096

// Verifier verifies tokens and remembers those that passed, because verifying one costs more than a whole read. A token
// is remembered by its SHA-256, until it expires or its session is forgotten, whichever is first.
//
// A signature cannot be withdrawn. So every process asks the store at least every five seconds which sessions ended or
// changed during the last [AccessTokenLifetime], at its start for all of that time, and hands them to
// [Verifier.Forget] and [Verifier.Outdate].
type Verifier struct {
	keys  *Keys
	now   func() time.Time
	cache cache

	forgetting sync.Mutex
	forgotten  atomic.Pointer[map[uuid.UUID]cutoff]
}

// cutoff refuses the tokens of a session issued before an instant.
type cutoff struct {
	before time.Time
	noted  time.Time
}

// forever lies after every token's issue.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// NewVerifier remembers at most size tokens, at the clock now.
func NewVerifier(keys *Keys, size int, now func() time.Time) *Verifier {
	v := &Verifier{keys: keys, now: now}
	v.cache.capacity = max(size/2, 1)
	v.forgotten.Store(&map[uuid.UUID]cutoff{})
	return v
}

// Verify returns what the access token states, or [ErrToken].
func (v *Verifier) Verify(token string) (*Claims, error) {
	if claims, ok := v.Recall(token); ok {
		return claims, nil
	}
	if len(token) > maxTokenBytes {
		return nil, fmt.Errorf("%w: %d bytes long", ErrToken, len(token))
	}
	claims, err := v.keys.parse(token, v.now())
	if err != nil {
		return nil, err
	}
	if v.refuses(claims) {
		return nil, fmt.Errorf("%w: its session ended or changed", ErrToken)
	}
	v.cache.put(keyOf(token), claims)
	return claims, nil
}

// Remember lets [Verifier.Recall] answer for an API token or a cookie that the store has vouched for, for at most
// [AccessTokenLifetime], whatever the claims say.
func (v *Verifier) Remember(token string, claims Claims) {
	if latest := v.now().Add(AccessTokenLifetime); claims.ExpiresAt.IsZero() || claims.ExpiresAt.After(latest) {
		claims.ExpiresAt = latest
	}
	if !v.refuses(&claims) {
		v.cache.put(keyOf(token), &claims)
	}
}

// Recall returns the claims of a token that passed before and still holds.
func (v *Verifier) Recall(token string) (*Claims, bool) {
	if len(token) > maxTokenBytes {
		return nil, false
	}
	key := keyOf(token)
	claims, ok := v.cache.get(key)
	if !ok {
		return nil, false
	}
	if !v.now().Before(claims.ExpiresAt) || v.refuses(claims) {
		v.cache.drop(key)
		return nil, false
	}
	return claims, true
}

// Forget refuses every token of these sessions (or API tokens) from now on: they ended.
func (v *Verifier) Forget(sessionIDs ...uuid.UUID) { v.Outdate(forever, sessionIDs...) }

// Outdate refuses the tokens of these sessions that were issued before the instant at: what the token states, like the
// roles, changed then, and a refresh gets a new one.
func (v *Verifier) Outdate(at time.Time, sessionIDs ...uuid.UUID) {
	if len(sessionIDs) == 0 {
		return
	}
	v.forgetting.Lock()
	defer v.forgetting.Unlock()
	now := v.now()
	next := maps.Clone(*v.forgotten.Load())
	maps.DeleteFunc(next, func(_ uuid.UUID, c cutoff) bool { return now.Sub(c.noted) > AccessTokenLifetime })
	for _, id := range sessionIDs {
		if at.After(next[id].before) {
			next[id] = cutoff{before: at, noted: now}
		}
	}
	v.forgotten.Store(&next)
}

// Holds says whether what a session granted at the instant issued still stands, as far as this process knows; for answers
// that outlive the request, of sessions no older than [AccessTokenLifetime] or asked about more often than that.
func (v *Verifier) Holds(session uuid.UUID, issued time.Time) bool {
	return !v.refuses(&Claims{SessionID: session, IssuedAt: issued})
}

func (v *Verifier) refuses(c *Claims) bool {
	cut, found := (*v.forgotten.Load())[c.SessionID]
	return found && c.IssuedAt.Before(cut.before)
}

// cache keeps two generations of entries: a full young one becomes the old one, whose entries come back when they are
// used. So it holds at most twice its capacity and drops what was not used lately, without a list to maintain.
type cache struct {
	capacity int
	lock     sync.RWMutex
	young    map[cacheKey]*Claims
	old      map[cacheKey]*Claims
}

type cacheKey [sha256.Size]byte

// keyOf hashes on the stack: a token of the usual length costs no allocation.
func keyOf(token string) cacheKey {
	var buffer [1024]byte
	return sha256.Sum256(append(buffer[:0], token...))
}

func (c *cache) get(key cacheKey) (*Claims, bool) {
	c.lock.RLock()
	claims, young := c.young[key]
	if !young {
		claims = c.old[key]
	}
	c.lock.RUnlock()
	if claims != nil && !young {
		c.put(key, claims)
	}
	return claims, claims != nil
}

func (c *cache) put(key cacheKey, claims *Claims) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.young == nil || len(c.young) >= c.capacity {
		c.old, c.young = c.young, make(map[cacheKey]*Claims)
	}
	c.young[key] = claims
}

func (c *cache) drop(key cacheKey) {
	c.lock.Lock()
	defer c.lock.Unlock()
	delete(c.young, key)
	delete(c.old, key)
}
