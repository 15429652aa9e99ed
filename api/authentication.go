package api

import (
	"context"
	"crypto/sha256"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"mainstay/internal/auth"
	"mainstay/internal/telemetry"
	"mainstay/models"
)

var errUnauthenticated = &models.Error{Code: models.CodeUnauthenticated, Detail: "Sign in: a valid bearer token or session cookie is needed."}

// authenticate finds the actor that a bearer token stands for (an access token by its signature, an API token by the store) or,
// where no Authorization header is there, the session cookie.
func (s *Server) authenticate(hc huma.Context) (models.Actor, error) {
	ctx, header := hc.Context(), hc.Header("Authorization")
	if header == "" {
		return s.cookieActor(ctx, humagin.Unwrap(hc).Request)
	}
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || token == "" || strings.HasPrefix(token, string(auth.Cookie)) {
		return models.Actor{}, errUnauthenticated
	}
	var claims *auth.Claims
	var err error
	kind := models.ActorUser
	if strings.HasPrefix(token, string(auth.APIToken)) {
		kind = models.ActorAPIToken
		claims, err = s.apiToken(ctx, token)
	} else {
		claims, err = s.verifier.Verify(token)
	}
	if err != nil {
		if models.AsError(err) != nil {
			return models.Actor{}, err
		}
		return models.Actor{}, errUnauthenticated
	}
	return actorOf(ctx, kind, claims), nil
}

func actorOf(ctx context.Context, kind models.ActorKind, claims *auth.Claims) models.Actor {
	return models.Actor{
		TenantID: claims.TenantID, UserID: claims.UserID, Kind: kind, Roles: claims.Roles, Permissions: claims.Permissions,
		LocationIDs: claims.LocationIDs, SessionID: claims.SessionID, RequestID: telemetry.RequestID(ctx),
	}
}

// noBody is the hash of a request without a body.
var noBody = sha256.Sum256(nil)

// hashOf returns the body's hash that readBody kept.
func hashOf(hc huma.Context) []byte {
	hash, _ := humagin.Unwrap(hc).Get(bodyHash)
	if sum, ok := hash.([]byte); ok {
		return sum
	}
	return noBody[:]
}
