package auth

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"
)

func TestPasswordsHashAndVerify(t *testing.T) {
	p := NewPasswords(0)
	for _, password := range []string{"correct horse", "é漢字 \x00", strings.Repeat("x", MaxPasswordBytes)} {
		stored, err := p.Hash(t.Context(), password)
		require.NoError(t, err)
		require.Regexp(t, `^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`, stored)

		again, err := p.Hash(t.Context(), password)
		require.NoError(t, err)
		require.NotEqual(t, stored, again)

		ok, err := p.Verify(t.Context(), stored, password)
		require.NoError(t, err)
		require.True(t, ok)
		for _, wrong := range []string{"", password + " ", strings.ToUpper(password) + "!", strings.Repeat("y", MaxPasswordBytes+1)} {
			ok, err = p.Verify(t.Context(), stored, wrong)
			require.NoError(t, err)
			require.False(t, ok)
		}
	}
}

func TestPasswordsRefuseWhatIsNoPassword(t *testing.T) {
	p := NewPasswords(1)
	for _, password := range []string{"", strings.Repeat("x", MaxPasswordBytes+1)} {
		_, err := p.Hash(t.Context(), password)
		require.ErrorIs(t, err, ErrPassword)
	}
}

func TestVerifyAcceptsAHashOfAnotherImplementationAndCost(t *testing.T) {
	// The reference implementation: echo -n password | argon2 somesalt -t 2 -m 16 -p 1 -l 24 -id
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	ok, err := NewPasswords(1).Verify(t.Context(), reference, "password")
	require.NoError(t, err)
	require.True(t, ok)
}

func TestVerifyWorksAsHardForAWeakHash(t *testing.T) {
	for c, missing := range map[cost]cost{
		{memory: 4 * 1024, time: 1, threads: 1}:  {memory: 17 * 1024, time: 2, threads: 1},
		{memory: 19 * 1024, time: 1, threads: 4}: {memory: 19 * 512, time: 2, threads: 1},
		current:                                  {memory: 0, time: 2, threads: 1},
		most:                                     {memory: 0, time: 2, threads: 1},
	} {
		require.Equal(t, missing, c.missing(), c)
	}
}

func TestVerifyRefusesWhatIsNoHash(t *testing.T) {
	salt, hash := base64.RawStdEncoding.EncodeToString(make([]byte, 16)), base64.RawStdEncoding.EncodeToString(make([]byte, 32))
	good := "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + hash
	_, err := parsePHC(good)
	require.NoError(t, err)
	for _, stored := range []string{
		"", "plain", "$2a$10$abcdefghijklmnopqrstuv",
		strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=19456", "m=4194304", 1),
		strings.Replace(good, "m=19456", "m=1", 1),
		strings.Replace(good, "m=19456", "m=019456", 1),
		strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "t=2", "t=4000000000", 1),
		strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "p=1", "p=1,x=1", 1),
		strings.Replace(good, salt, "AAAA", 1),
		strings.Replace(good, hash, "AAAA", 1),
		strings.Replace(good, salt, salt+"=", 1),
		good + "$", good + "\n",
	} {
		_, err := NewPasswords(1).Verify(t.Context(), stored, "password")
		require.Error(t, err, stored)
	}
}

func TestPasswordsWaitForATurn(t *testing.T) {
	p := NewPasswords(1)
	p.gate <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.Hash(ctx, "password")
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, p.VerifyNobody(ctx, "password"), context.Canceled)
	<-p.gate
	require.NoError(t, p.VerifyNobody(t.Context(), "password"))
	require.Empty(t, p.gate)
}

func TestCurrentCostIsNotBelowTheRecommendation(t *testing.T) {
	require.GreaterOrEqual(t, current.memory, uint32(19*1024))
	require.GreaterOrEqual(t, current.time, uint32(2))
	require.Equal(t, 0x13, argon2.Version)
}

func BenchmarkPasswordVerify(b *testing.B) {
	p := NewPasswords(0)
	stored, err := p.Hash(b.Context(), "correct horse")
	require.NoError(b, err)
	for b.Loop() {
		_, _ = p.Verify(b.Context(), stored, "correct horse")
	}
}
