package api

import (
	"context"

	"mainstay/internal/auth"
)

// apiToken finds what an API token grants; the store is asked once in the lifetime of an access token at most.
func (s *Server) apiToken(ctx context.Context, token string) (*auth.Claims, error) {
	if claims, ok := s.verifier.Recall(token); ok {
		return claims, nil
	}
	hash, err := auth.HashSecret(auth.APIToken, token)
	if err != nil {
		return nil, errUnauthenticated
	}
	bearer, err := s.store.APITokenBearer(ctx, hash)
	if err != nil {
		return nil, err
	}
	claims := auth.Claims{
		TenantID: bearer.TenantID, UserID: bearer.UserID, SessionID: bearer.TokenID, TokenID: bearer.TokenID,
		Roles: bearer.Roles, Permissions: bearer.Permissions, LocationIDs: bearer.LocationIDs,
	}
	s.verifier.Remember(token, claims)
	return &claims, nil
}
