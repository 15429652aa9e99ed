package auth

import (
	"crypto/sha256"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Limit is a token bucket: Burst attempts at once, then one each Every.
type Limit struct {
	Burst int
	Every time.Duration
}

// The limits of sign-ins that fail. They slow guessing down and never lock an account for good.
var (
	AccountLimit = Limit{Burst: 20, Every: 30 * time.Second}
	AddressLimit = Limit{Burst: 100, Every: time.Second}
)

// Throttle limits sign-ins per account and per address. It never asks whether an account exists, so its answer cannot
// tell.
type Throttle struct {
	account, address Limit
	capacity         int
	now              func() time.Time

	lock sync.Mutex
	// The instant at which all that was taken has flowed back.
	young, old map[bucketKey]time.Time
}

type bucketKey [sha256.Size]byte

// NewThrottle remembers at most size accounts and addresses, those not seen for longest being dropped first.
func NewThrottle(account, address Limit, size int, now func() time.Time) *Throttle {
	return &Throttle{account: account, address: address, capacity: max(size/2, 2), now: now, young: map[bucketKey]time.Time{}}
}

// Take asks for one attempt at account from address, before the password is looked at. Where one of the two has none
// left it takes nothing and returns the time after which another has flowed back to both; else it returns 0.
func (t *Throttle) Take(account, address string) (retryAfter time.Duration) {
	t.lock.Lock()
	defer t.lock.Unlock()
	now := t.now()
	a, b := accountKey(account), addressKey(address)
	full, fullToo := t.after(a, now).Add(t.account.Every), t.after(b, now).Add(t.address.Every)
	if wait := max(t.account.over(full.Sub(now)), t.address.over(fullToo.Sub(now))); wait > 0 {
		return wait
	}
	t.put(a, full)
	t.put(b, fullToo)
	return 0
}

// Succeeded forgives the failures of account and gives the attempt back to address, so that only failures count.
func (t *Throttle) Succeeded(account, address string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	now := t.now()
	t.put(accountKey(account), now)
	b := addressKey(address)
	t.put(b, t.after(b, now).Add(-t.address.Every))
}

// after returns the instant at which the bucket is full again: now, where it is.
func (t *Throttle) after(key bucketKey, now time.Time) time.Time {
	full, found := t.young[key]
	if !found {
		full = t.old[key]
	}
	if full.Before(now) {
		return now
	}
	return full
}

// over returns by how much a bucket that is full after d has been overdrawn.
func (l Limit) over(d time.Duration) time.Duration {
	return max(d-time.Duration(l.Burst)*l.Every, 0)
}

// put keeps two generations, as the cache of tokens does.
func (t *Throttle) put(key bucketKey, full time.Time) {
	if _, found := t.young[key]; !found && len(t.young) >= t.capacity {
		t.old, t.young = t.young, make(map[bucketKey]time.Time)
	}
	t.young[key] = full
}

// Keys are hashed so that a long name takes no more memory than a short one.
func accountKey(account string) bucketKey {
	return sha256.Sum256([]byte("account\x00" + strings.ToLower(strings.TrimSpace(account))))
}

// addressKey counts an IPv6 network of 64 bits as one address, for whoever has one of its addresses has them all.
func addressKey(address string) bucketKey {
	if ip, err := netip.ParseAddr(address); err == nil {
		ip = ip.Unmap().WithZone("")
		if ip.Is6() {
			network, _ := ip.Prefix(64)
			ip = network.Addr()
		}
		address = ip.String()
	}
	return sha256.Sum256([]byte("address\x00" + address))
}
