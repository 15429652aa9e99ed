package auth

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecrets(t *testing.T) {
	for _, kind := range []SecretKind{APIToken, RefreshToken, Cookie} {
		text, hash := NewSecret(kind)
		require.Regexp(t, "^"+string(kind)+"[A-Za-z0-9_-]{43}$", text)
		require.Len(t, hash, 32)
		require.NotContains(t, text, string(hash))

		have, err := HashSecret(kind, text)
		require.NoError(t, err)
		require.Equal(t, hash, have)

		other, otherHash := NewSecret(kind)
		require.NotEqual(t, text, other)
		require.NotEqual(t, hash, otherHash)
	}
}

func TestHashSecretRefusesOtherForms(t *testing.T) {
	text, _ := NewSecret(APIToken)
	refresh, _ := NewSecret(RefreshToken)
	for _, bad := range []string{
		"", "mst_", text + "A", text[:len(text)-1], strings.TrimPrefix(text, "mst_"), strings.ToUpper(text[:4]) + text[4:],
		refresh, "mst_" + strings.Repeat("A", 42) + "\n", text[:46] + "=", text[:46] + "\n", text[:20] + "+" + text[21:], " " + text[1:],
	} {
		_, err := HashSecret(APIToken, bad)
		require.ErrorIs(t, err, ErrSecret, bad)
	}
}
