package auth

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

var (
	seedA = bytes.Repeat([]byte("A"), 32)
	seedB = bytes.Repeat([]byte("B"), 32)
	noon  = time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC)
)

func sample() Claims {
	return Claims{
		UserID: uuid.MustParse("00000000-0000-0000-0000-000000000001"), TenantID: uuid.MustParse("00000000-0000-0000-0000-000000000002"),
		SessionID: uuid.MustParse("00000000-0000-0000-0000-000000000003"), Roles: []models.Role{models.RolePlanner, models.RoleApprover},
	}
}

func newKeys(t testing.TB, seed []byte, previous ...[]byte) *Keys {
	t.Helper()
	keys, err := NewKeys(seed, previous...)
	require.NoError(t, err)
	return keys
}

func TestSignAndParse(t *testing.T) {
	keys := newKeys(t, seedA)
	token, stated, err := keys.Sign(sample(), noon)
	require.NoError(t, err)
	require.Equal(t, noon.Truncate(time.Millisecond), stated.IssuedAt)
	require.Equal(t, noon.Add(10*time.Minute).Truncate(time.Second), stated.ExpiresAt)

	claims, err := keys.parse(token, noon)
	require.NoError(t, err)
	require.Equal(t, &stated, claims)

	body, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	require.NoError(t, err)
	require.JSONEq(t, `{"iss":"mainstay","aud":["mainstay"],"sub":"00000000-0000-0000-0000-000000000001",
		"tid":"00000000-0000-0000-0000-000000000002","sid":"00000000-0000-0000-0000-000000000003","roles":["planner","approver"],
		"jti":"`+stated.TokenID.String()+`","iat":1772366400,"exp":1772367000,"issued_ms":1772366400123}`, string(body))
}

func TestTokensExpire(t *testing.T) {
	keys := newKeys(t, seedA)
	token, stated, err := keys.Sign(sample(), noon)
	require.NoError(t, err)
	_, err = keys.parse(token, stated.ExpiresAt.Add(-time.Millisecond))
	require.NoError(t, err)
	_, err = keys.parse(token, stated.ExpiresAt)
	require.ErrorIs(t, err, ErrToken)
	require.ErrorIs(t, err, jwt.ErrTokenExpired)
}

func TestKeysRotate(t *testing.T) {
	before, during, after := newKeys(t, seedA), newKeys(t, seedB, seedA), newKeys(t, seedB)
	token, _, err := before.Sign(sample(), noon)
	require.NoError(t, err)
	_, err = during.parse(token, noon)
	require.NoError(t, err)
	_, err = after.parse(token, noon)
	require.ErrorIs(t, err, ErrToken)

	token, _, err = during.Sign(sample(), noon)
	require.NoError(t, err)
	_, err = after.parse(token, noon)
	require.NoError(t, err)
	require.Len(t, newKeys(t, seedA, seedA, seedB).JWKS().Keys, 2)
}

func TestNewKeysRefusesOtherLengths(t *testing.T) {
	for _, seed := range [][]byte{nil, seedA[:31], append(bytes.Clone(seedA), 0)} {
		_, err := NewKeys(seed)
		require.Error(t, err)
		_, err = NewKeys(seedA, seed)
		require.Error(t, err)
	}
}

func TestJWKS(t *testing.T) {
	// The key, and its thumbprint, of RFC 8037 appendix A.
	seed, err := base64.RawURLEncoding.DecodeString("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
	require.NoError(t, err)
	document, err := json.Marshal(newKeys(t, seed).JWKS())
	require.NoError(t, err)
	require.JSONEq(t, `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
		"kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","use":"sig","alg":"EdDSA"}]}`, string(document))
}

func TestParseRefusesForgedTokens(t *testing.T) {
	keys := newKeys(t, seedA)
	good, stated, err := keys.Sign(sample(), noon)
	require.NoError(t, err)
	parts := strings.Split(good, ".")
	header := map[string]any{"alg": "EdDSA", "typ": "at+jwt", "kid": keys.id}
	claims := map[string]any{
		"iss": "mainstay", "aud": "mainstay", "sub": stated.UserID, "tid": stated.TenantID, "sid": stated.SessionID, "jti": stated.TokenID,
		"roles": stated.Roles, "iat": noon.Unix(), "exp": noon.Add(time.Minute).Unix(), "issued_ms": noon.UnixMilli(),
	}
	text := func(v any) string {
		raw, err := json.Marshal(v)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	with := func(m map[string]any, name string, value any) map[string]any {
		m = maps.Clone(m)
		m[name] = value
		if value == nil {
			delete(m, name)
		}
		return m
	}
	sign := func(key ed25519.PrivateKey, header, claims map[string]any) string {
		signed := text(header) + "." + text(claims)
		return signed + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(signed)))
	}
	own, other := ed25519.NewKeyFromSeed(seedA), ed25519.NewKeyFromSeed(seedB)
	_, err = keys.parse(sign(own, header, claims), noon)
	require.NoError(t, err)

	hs := func(key []byte) string {
		forged := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims(claims))
		forged.Header["typ"], forged.Header["kid"] = "at+jwt", keys.id
		signed, err := forged.SignedString(key)
		require.NoError(t, err)
		return signed
	}
	es := func() string {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		forged := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims(claims))
		forged.Header["typ"], forged.Header["kid"] = "at+jwt", keys.id
		signed, err := forged.SignedString(key)
		require.NoError(t, err)
		return signed
	}
	for name, token := range map[string]string{
		"empty":                     "",
		"no token":                  "hello",
		"dots":                      "..",
		"no signature":              parts[0] + "." + parts[1] + ".",
		"two parts":                 parts[0] + "." + parts[1],
		"four parts":                good + ".x",
		"another signature":         parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])),
		"changed claims":            parts[0] + "." + text(with(claims, "sub", uuid.New())) + "." + parts[2],
		"padded":                    good + "=",
		"trailing space":            good + " ",
		"algorithm none":            text(with(header, "alg", "none")) + "." + parts[1] + ".",
		"algorithm None":            text(with(header, "alg", "None")) + "." + parts[1] + "." + parts[2],
		"algorithm missing":         sign(own, with(header, "alg", nil), claims),
		"HMAC with the public key":  hs(own.Public().(ed25519.PublicKey)),
		"HMAC with the JWK's x":     hs([]byte(keys.set.Keys[0].X)),
		"ECDSA":                     es(),
		"a stranger's key":          sign(other, header, claims),
		"a stranger's key and kid":  sign(other, with(header, "kid", newKeys(t, seedB).id), claims),
		"kid missing":               sign(own, with(header, "kid", nil), claims),
		"kid of another type":       sign(own, with(header, "kid", 7), claims),
		"kid as a path":             sign(own, with(header, "kid", "../../dev/null"), claims),
		"key in the header":         sign(other, with(with(header, "jwk", newJWK(other.Public().(ed25519.PublicKey))), "kid", nil), claims),
		"another type":              sign(own, with(header, "typ", "JWT"), claims),
		"type missing":              sign(own, with(header, "typ", nil), claims),
		"another issuer":            sign(own, header, with(claims, "iss", "elsewhere")),
		"issuer missing":            sign(own, header, with(claims, "iss", nil)),
		"another audience":          sign(own, header, with(claims, "aud", []string{"elsewhere"})),
		"audience missing":          sign(own, header, with(claims, "aud", nil)),
		"expired":                   sign(own, header, with(claims, "exp", noon.Unix()-1)),
		"expiry missing":            sign(own, header, with(claims, "exp", nil)),
		"expiry as text":            sign(own, header, with(claims, "exp", "tomorrow")),
		"not yet valid":             sign(own, header, with(claims, "nbf", noon.Unix()+60)),
		"subject missing":           sign(own, header, with(claims, "sub", nil)),
		"subject no id":             sign(own, header, with(claims, "sub", "admin")),
		"subject zero":              sign(own, header, with(claims, "sub", uuid.Nil)),
		"tenant missing":            sign(own, header, with(claims, "tid", nil)),
		"tenant zero":               sign(own, header, with(claims, "tid", uuid.Nil)),
		"session missing":           sign(own, header, with(claims, "sid", nil)),
		"token id missing":          sign(own, header, with(claims, "jti", nil)),
		"issue time missing":        sign(own, header, with(claims, "issued_ms", nil)),
		"roles of another type":     sign(own, header, with(claims, "roles", "admin")),
		"claims that are no object": parts[0] + "." + text([]string{"x"}) + "." + parts[2],
	} {
		t.Run(name, func(t *testing.T) {
			_, err := keys.parse(token, noon)
			require.ErrorIs(t, err, ErrToken)
		})
	}
}

func TestClaimsGrant(t *testing.T) {
	c := sample()
	require.True(t, c.Grants(models.PermissionWorkOrdersPlan))
	require.False(t, c.Grants(models.PermissionUsersWrite))
	c.Permissions = []models.Permission{models.PermissionAssetsRead, models.PermissionUsersWrite}
	require.True(t, c.Grants(models.PermissionAssetsRead))
	require.False(t, c.Grants(models.PermissionWorkOrdersPlan))
	require.False(t, c.Grants(models.PermissionUsersWrite))
	c.Permissions = []models.Permission{}
	require.True(t, c.Grants(models.PermissionWorkOrdersPlan), "an empty list limits nothing, as for the store and the actor")
}
