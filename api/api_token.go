package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/auth"
	"mainstay/models"
	"mainstay/models/store"
)

// APIToken is an API token as its owner sees it. secret is there once, in the answer that creates it.
type APIToken struct {
	ID          uuid.UUID           `json:"id"`
	Name        string              `json:"name"`
	Permissions []models.Permission `json:"permissions" doc:"empty: all that the owner's roles grant"`
	CreatedAt   time.Time           `json:"created_at"`
	ExpiresAt   *time.Time          `json:"expires_at"`
	UsedAt      *time.Time          `json:"used_at" doc:"to about ten minutes"`
	RevokedAt   *time.Time          `json:"revoked_at,omitempty"`
	Secret      string              `json:"secret,omitempty" doc:"send it as Authorization: Bearer; it cannot be shown again"`
}

// APITokenBody creates an API token. Without permissions it allows all that its owner's roles grant.
type APITokenBody struct {
	Name        string              `json:"name" minLength:"1" maxLength:"200"`
	ExpiresAt   *time.Time          `json:"expires_at,omitempty"`
	Permissions []models.Permission `json:"permissions,omitempty" maxItems:"100"`
}

type apiTokenListInput struct {
	PageQuery
	Sort string `query:"sort" enum:"name,-name,created_at,-created_at" default:"name"`
}

func (s *Server) apiTokenRoutes() {
	n := recordNoun{
		path: "/v1/api-tokens", one: "API token", many: "API tokens",
		read: models.PermissionAPITokensRead, write: models.PermissionAPITokensWrite,
	}
	register(s, n.create(), s.createAPIToken)
	register(s, n.list(), s.listAPITokens)
	register(s, n.get(), func(ctx context.Context, in *recordPath) (*recordOutput[APIToken], error) {
		return s.readAPIToken(ctx, in.ID, "")
	})
	o := n.operation(http.MethodDelete, "/{id}", "revoke", n.one, "Revoke: it holds nowhere any more within five seconds", n.write)
	o.status = http.StatusNoContent
	register(s, o, func(ctx context.Context, in *recordPath) (*struct{}, error) {
		if err := s.store.RevokeAPIToken(ctx, in.ID); err != nil {
			return nil, err
		}
		s.verifier.Forget(in.ID)
		return nil, nil //nolint:nilnil // 204
	})
}

// createAPIToken is for people: a token that makes tokens would outlive its own revocation.
func (s *Server) createAPIToken(ctx context.Context, in *struct{ Body APITokenBody }) (*recordOutput[APIToken], error) {
	if _, err := person(ctx); err != nil {
		return nil, err
	}
	secret, hash := auth.NewSecret(auth.APIToken)
	id, created, err := s.store.CreateAPIToken(ctx, models.NewAPIToken{
		Name: in.Body.Name, Permissions: in.Body.Permissions, ExpiresAt: in.Body.ExpiresAt, Hash: hash,
	})
	if err != nil {
		return nil, err
	}
	if !created {
		secret = ""
	}
	return s.readAPIToken(ctx, id, secret)
}

func (s *Server) readAPIToken(ctx context.Context, id uuid.UUID, secret string) (*recordOutput[APIToken], error) {
	token, err := s.store.APIToken(ctx, id)
	if err != nil {
		return nil, err
	}
	body := apiTokenBody(token)
	body.Secret = secret
	return &recordOutput[APIToken]{Location: "/v1/api-tokens/" + id.String(), ETag: etag(1), Body: body}, nil
}

func (s *Server) listAPITokens(ctx context.Context, in *apiTokenListInput) (*listOutput[APIToken], error) {
	return listPage(in.PageQuery, in.Sort, apiTokenBody, func(page store.Page) (store.Rows[models.APIToken], error) {
		return s.store.APITokens(ctx, page)
	})
}

func apiTokenBody(t models.APIToken) APIToken {
	return APIToken{
		ID: t.ID, Name: t.Name, Permissions: list(t.Permissions), CreatedAt: t.CreatedAt, ExpiresAt: t.ExpiresAt, UsedAt: t.UsedAt,
		RevokedAt: t.RevokedAt,
	}
}

// apiToken finds what an API token grants; the store is asked once in the lifetime of an access token at most.
func (s *Server) apiToken(ctx context.Context, token string) (*auth.Claims, error) {
	if claims, ok := s.verifier.Recall(token); ok {
		return claims, nil
	}
	hash, err := auth.HashSecret(auth.APIToken, token)
	if err != nil {
		return nil, errUnauthenticated
	}
	issued := time.Now() // before the rows are read: a change of rights after it makes what they say outdated
	bearer, err := s.store.APITokenBearer(ctx, hash)
	if err != nil {
		return nil, err
	}
	claims := auth.Claims{
		TenantID: bearer.TenantID, UserID: bearer.UserID, SessionID: bearer.TokenID, TokenID: bearer.TokenID,
		Roles: bearer.Roles, Permissions: bearer.Permissions, LocationIDs: bearer.LocationIDs,
		IssuedAt: issued,
	}
	if bearer.ExpiresAt != nil {
		claims.ExpiresAt = *bearer.ExpiresAt
	}
	s.verifier.Remember(token, claims)
	return &claims, nil
}
