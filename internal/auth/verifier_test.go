package auth

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// clock is a clock that only the test moves.
type clock struct {
	lock sync.Mutex
	at   time.Time
}

func (c *clock) now() time.Time {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.at = c.at.Add(d)
}

func sign(t testing.TB, keys *Keys, c Claims, at time.Time) string {
	t.Helper()
	token, _, err := keys.Sign(c, at)
	require.NoError(t, err)
	return token
}

func TestVerifierRemembersUntilExpiry(t *testing.T) {
	keys, at := newKeys(t, seedA), &clock{at: noon}
	v := NewVerifier(keys, 10, at.now)
	token := sign(t, keys, sample(), noon)

	_, known := v.Recall(token)
	require.False(t, known)
	first, err := v.Verify(token)
	require.NoError(t, err)
	second, err := v.Verify(token)
	require.NoError(t, err)
	require.Same(t, first, second)

	at.advance(AccessTokenLifetime)
	_, err = v.Verify(token)
	require.ErrorIs(t, err, ErrToken)
	require.Empty(t, v.cache.young)
}

func TestVerifierRefusesForgottenSessions(t *testing.T) {
	keys, at := newKeys(t, seedA), &clock{at: noon}
	v := NewVerifier(keys, 10, at.now)
	other := sample()
	other.SessionID = uuid.New()
	cached, fresh, kept := sign(t, keys, sample(), noon), sign(t, keys, sample(), noon.Add(time.Second)), sign(t, keys, other, noon)
	for _, token := range []string{cached, kept} {
		_, err := v.Verify(token)
		require.NoError(t, err)
	}

	v.Forget(sample().SessionID)
	for _, token := range []string{cached, fresh} {
		_, err := v.Verify(token)
		require.ErrorIs(t, err, ErrToken)
		_, known := v.Recall(token)
		require.False(t, known)
	}
	_, err := v.Verify(kept)
	require.NoError(t, err)
	v.Forget()
	require.Len(t, *v.forgotten.Load(), 1)
}

func TestVerifierOutdatesOnlyEarlierTokens(t *testing.T) {
	keys, at := newKeys(t, seedA), &clock{at: noon}
	v := NewVerifier(keys, 10, at.now)
	changed := noon.Add(time.Millisecond)
	before, after := sign(t, keys, sample(), noon), sign(t, keys, sample(), changed)
	v.Outdate(changed.Truncate(time.Millisecond), sample().SessionID)
	_, err := v.Verify(before)
	require.ErrorIs(t, err, ErrToken)
	_, err = v.Verify(after)
	require.NoError(t, err)

	v.Forget(sample().SessionID)
	v.Outdate(changed, sample().SessionID)
	_, err = v.Verify(after)
	require.ErrorIs(t, err, ErrToken, "an ended session must not come back")
}

func TestVerifierForgetsWhatItForgotOnceTheTokensExpired(t *testing.T) {
	keys, at := newKeys(t, seedA), &clock{at: noon}
	v := NewVerifier(keys, 10, at.now)
	token := sign(t, keys, sample(), noon)
	v.Forget(sample().SessionID)
	at.advance(AccessTokenLifetime)
	v.Forget(uuid.New())
	require.Len(t, *v.forgotten.Load(), 2)
	at.advance(time.Second)
	v.Forget(uuid.New())
	require.Len(t, *v.forgotten.Load(), 2)
	_, err := v.Verify(token)
	require.ErrorIs(t, err, ErrToken)
}

func TestVerifierRemembersAPITokens(t *testing.T) {
	at := &clock{at: noon}
	v := NewVerifier(newKeys(t, seedA), 10, at.now)
	token, _ := NewSecret(APIToken)
	_, known := v.Recall(token)
	require.False(t, known)

	claims := sample()
	claims.IssuedAt, claims.ExpiresAt = noon, noon.Add(365*24*time.Hour)
	v.Remember(token, claims)
	have, known := v.Recall(token)
	require.True(t, known)
	require.Equal(t, noon.Add(AccessTokenLifetime), have.ExpiresAt)
	at.advance(AccessTokenLifetime)
	_, known = v.Recall(token)
	require.False(t, known)

	claims.ExpiresAt = at.now().Add(time.Minute)
	v.Remember(token, claims)
	at.advance(time.Minute)
	_, known = v.Recall(token)
	require.False(t, known)

	claims.ExpiresAt = time.Time{}
	v.Forget(claims.SessionID)
	v.Remember(token, claims)
	_, known = v.Recall(token)
	require.False(t, known)
}

func TestVerifierIsBounded(t *testing.T) {
	keys, at := newKeys(t, seedA), &clock{at: noon}
	const size = 8
	v := NewVerifier(keys, size, at.now)
	used := sign(t, keys, sample(), noon)
	first, err := v.Verify(used)
	require.NoError(t, err)
	for range 10 * size {
		_, err := v.Verify(sign(t, keys, sample(), noon))
		require.NoError(t, err)
		require.LessOrEqual(t, len(v.cache.young)+len(v.cache.old), size)
		again, err := v.Verify(used)
		require.NoError(t, err)
		require.Same(t, first, again, "a token in use stays")
	}
}

func TestVerifierRefusesLongTokens(t *testing.T) {
	v := NewVerifier(newKeys(t, seedA), 10, time.Now)
	_, err := v.Verify(strings.Repeat("a", maxTokenBytes+1))
	require.ErrorIs(t, err, ErrToken)
	require.ErrorContains(t, err, "4097 bytes long")
}

func TestVerifierIsSafeForConcurrentUse(t *testing.T) {
	keys, at := newKeys(t, seedA), &clock{at: noon}
	v := NewVerifier(keys, 16, at.now)
	tokens := make([]string, 32)
	for i := range tokens {
		tokens[i] = sign(t, keys, sample(), noon)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, token := range tokens {
				_, _ = v.Verify(token)
				v.Forget(uuid.New())
			}
		})
	}
	all.Wait()
	v.Forget(sample().SessionID)
	for _, token := range tokens {
		_, err := v.Verify(token)
		require.ErrorIs(t, err, ErrToken)
	}
}

func BenchmarkVerify(b *testing.B) {
	keys, at := newKeys(b, seedA), &clock{at: noon}
	token := sign(b, keys, sample(), noon)
	b.Run("cached", func(b *testing.B) {
		v := NewVerifier(keys, 1000, at.now)
		for b.Loop() {
			if _, err := v.Verify(token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("uncached", func(b *testing.B) {
		for b.Loop() {
			if _, err := keys.parse(token, noon); err != nil {
				b.Fatal(err)
			}
		}
	})
}
