package store

import (
	"context"

	"github.com/google/uuid"

	"mainstay/models"
)

// TokenBearer is who an API token or a session stands for, as the rows say now.
type TokenBearer struct {
	TenantID    uuid.UUID
	UserID      uuid.UUID
	TokenID     uuid.UUID // the API token, or the session
	Roles       []models.Role
	Permissions []models.Permission // of an API token; empty: all that the roles grant
	LocationIDs []uuid.UUID
}

// APITokenBearer finds who the API token with this hash stands for; CodeUnauthenticated where it is unknown, expired or
// revoked, or its owner disabled.
func (s *Store) APITokenBearer(ctx context.Context, hash []byte) (TokenBearer, error) {
	none := &models.Error{Code: models.CodeUnauthenticated, Detail: "The API token is not valid."}
	owners, err := system[struct{ TenantID, TokenID uuid.UUID }](ctx, s, `SELECT tenant_id, token_id FROM api_token_owner($1)`, hash)
	if err != nil {
		return TokenBearer{}, err
	}
	if len(owners) == 0 {
		return TokenBearer{}, none
	}
	bearer, err := readOne[TokenBearer](models.WithActor(ctx, models.SystemActor(owners[0].TenantID)), s, "api_token",
		`SELECT t.tenant_id, t.user_id, t.id AS token_id, u.roles, t.permissions, u.location_ids
		FROM api_tokens t JOIN users u ON u.tenant_id = t.tenant_id AND u.id = t.user_id
		WHERE t.tenant_id = $1 AND t.id = $2 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
		AND u.disabled_at IS NULL`, owners[0].TenantID, owners[0].TokenID)
	if isNotFound(err) {
		return TokenBearer{}, none
	}
	return bearer, err
}
