package auth

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"mainstay/models"
)

// AccessTokenLifetime is how long an access token is good for; a session outlives it by its refresh token.
const AccessTokenLifetime = 10 * time.Minute

const (
	issuer    = "mainstay"
	audience  = "mainstay"
	tokenType = "at+jwt" // RFC 9068
)

// ErrToken says that a token proves nothing: forged, expired, revoked, or none of ours. The reason is wrapped for the
// log; the caller is told only this.
var ErrToken = errors.New("auth: invalid token")

// Claims are what a token says of its bearer. They are shared by all requests of the token: never change them.
type Claims struct {
	UserID    uuid.UUID
	TenantID  uuid.UUID
	SessionID uuid.UUID // the session, or the API token's own id
	TokenID   uuid.UUID
	Roles     []models.Role

	// LocationIDs are the locations the bearer is limited to, with what is below them; none limits nothing.
	LocationIDs []uuid.UUID

	// Permissions limits an API token to some of what its owner's roles grant; an empty list limits nothing. It stands
	// in no access token.
	Permissions []models.Permission

	IssuedAt  time.Time // to the millisecond
	ExpiresAt time.Time // to the second
}

// Grants says whether the bearer may do p.
func (c *Claims) Grants(p models.Permission) bool {
	return models.RolesGrant(c.Roles, p) && (len(c.Permissions) == 0 || slices.Contains(c.Permissions, p))
}

// Keys are the Ed25519 keys of the installation: one signs, all verify.
type Keys struct {
	signing ed25519.PrivateKey
	id      string
	public  map[string]ed25519.PublicKey
	set     JWKS
}

// NewKeys derives the keys from seeds of 32 bytes: the first signs, the previous ones are still accepted, so that a key
// can be replaced without signing anybody out.
func NewKeys(seed []byte, previous ...[]byte) (*Keys, error) {
	k := &Keys{public: map[string]ed25519.PublicKey{}}
	for i, s := range slices.Concat([][]byte{seed}, previous) {
		if len(s) != ed25519.SeedSize {
			return nil, fmt.Errorf("auth: key %d has %d bytes instead of %d", i, len(s), ed25519.SeedSize)
		}
		private := ed25519.NewKeyFromSeed(s)
		public := private.Public().(ed25519.PublicKey) //nolint:forcetypeassert // the type its documentation promises
		jwk := newJWK(public)
		if k.signing == nil {
			k.signing, k.id = private, jwk.KeyID
		}
		if _, known := k.public[jwk.KeyID]; known {
			continue
		}
		k.public[jwk.KeyID] = public
		k.set.Keys = append(k.set.Keys, jwk)
	}
	return k, nil
}

// JWKS is the JSON Web Key Set (RFC 7517) under which others verify our tokens.
type JWKS struct {
	Keys []JWK `json:"keys"`
}

// JWK is one public Ed25519 key (RFC 8037).
type JWK struct {
	Type      string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	KeyID     string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
}

// newJWK names the key by its thumbprint (RFC 7638).
func newJWK(public ed25519.PublicKey) JWK {
	text := base64.RawURLEncoding.EncodeToString
	x := text(public)
	thumbprint := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + x + `"}`))
	return JWK{Type: "OKP", Curve: "Ed25519", X: x, KeyID: text(thumbprint[:]), Use: "sig", Algorithm: "EdDSA"}
}

// JWKS returns the public keys, the signing one first.
func (k *Keys) JWKS() JWKS { return k.set }

// payload is the JSON of an access token. issued_ms tells tokens of one second apart, which iat cannot.
type payload struct {
	jwt.RegisteredClaims
	TenantID  uuid.UUID     `json:"tid"`
	SessionID uuid.UUID     `json:"sid"`
	Roles     []models.Role `json:"roles"`
	Locations []uuid.UUID   `json:"locs,omitempty"`
	IssuedMS  int64         `json:"issued_ms"`
}

// Sign makes the access token of c, issued now and good for [AccessTokenLifetime]; it draws the token's id. It returns
// the claims as the token states them.
func (k *Keys) Sign(c Claims, now time.Time) (string, Claims, error) {
	c.TokenID = uuid.New()
	c.IssuedAt = now.UTC().Truncate(time.Millisecond)
	c.ExpiresAt = now.UTC().Add(AccessTokenLifetime).Truncate(time.Second)
	c.Permissions = nil
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, payload{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: c.UserID.String(), ID: c.TokenID.String(),
			IssuedAt: jwt.NewNumericDate(c.IssuedAt), ExpiresAt: jwt.NewNumericDate(c.ExpiresAt),
		},
		TenantID: c.TenantID, SessionID: c.SessionID, Roles: c.Roles, Locations: c.LocationIDs, IssuedMS: c.IssuedAt.UnixMilli(),
	})
	token.Header["typ"] = tokenType
	token.Header["kid"] = k.id
	text, err := token.SignedString(k.signing)
	if err != nil {
		return "", Claims{}, fmt.Errorf("auth: sign a token: %w", err)
	}
	return text, c, nil
}

// parse checks signature, algorithm, type, issuer, audience and times of an access token.
func (k *Keys) parse(token string, now time.Time) (*Claims, error) {
	var p payload
	_, err := jwt.ParseWithClaims(token, &p, k.find,
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}), jwt.WithIssuer(issuer), jwt.WithAudience(audience),
		jwt.WithExpirationRequired(), jwt.WithStrictDecoding(), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	user, userErr := uuid.Parse(p.Subject)
	id, idErr := uuid.Parse(p.ID)
	if err := errors.Join(userErr, idErr); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	if user == uuid.Nil || p.TenantID == uuid.Nil || p.SessionID == uuid.Nil || p.IssuedMS <= 0 {
		return nil, fmt.Errorf("%w: a claim is missing", ErrToken)
	}
	return &Claims{
		UserID: user, TenantID: p.TenantID, SessionID: p.SessionID, TokenID: id, Roles: p.Roles, LocationIDs: p.Locations,
		IssuedAt: time.UnixMilli(p.IssuedMS).UTC(), ExpiresAt: p.ExpiresAt.UTC(),
	}, nil
}

func (k *Keys) find(token *jwt.Token) (any, error) {
	if token.Header["typ"] != tokenType {
		return nil, errors.New("not an access token")
	}
	id, _ := token.Header["kid"].(string)
	key, known := k.public[id]
	if !known {
		return nil, errors.New("unknown key")
	}
	return key, nil
}
