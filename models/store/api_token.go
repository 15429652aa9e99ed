package store

import (
	"context"
	"time"

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
	ExpiresAt   *time.Time // of an API token, nil where it has no end
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
		`UPDATE api_tokens t SET used_at = now() FROM users u
		WHERE t.tenant_id = $1 AND t.id = $2 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
		AND u.tenant_id = t.tenant_id AND u.id = t.user_id AND u.disabled_at IS NULL
		RETURNING t.tenant_id, t.user_id, t.id AS token_id, u.roles, t.permissions, u.location_ids, t.expires_at`,
		owners[0].TenantID, owners[0].TokenID)
	if isNotFound(err) {
		return TokenBearer{}, none
	}
	return bearer, err
}

const apiTokenColumns = `a.tenant_id, a.id, a.user_id, a.name, a.permissions, a.created_at, a.expires_at, a.used_at, a.revoked_at` //nolint:gosec // names of columns

// APIToken reads one of the actor's own API tokens.
func (s *Store) APIToken(ctx context.Context, id uuid.UUID) (models.APIToken, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.APIToken](ctx, s, "api_token", `SELECT `+apiTokenColumns+` FROM api_tokens a
		WHERE a.tenant_id = $1 AND a.id = $2 AND a.user_id = $3`, actor.TenantID, id, actor.UserID)
}

// APITokens lists the actor's own API tokens that were not revoked, by name or created_at.
func (s *Store) APITokens(ctx context.Context, p Page) (Rows[models.APIToken], error) {
	l := newListing(ctx, `SELECT `+apiTokenColumns+` FROM api_tokens a WHERE a.tenant_id = $1 AND a.revoked_at IS NULL`, "a.id",
		func(t models.APIToken) string { return t.ID.String() }, map[string]order[models.APIToken]{
			"name":       {expr: "a.name", cast: "text", key: func(t models.APIToken) string { return t.Name }},
			"created_at": byTime("a.created_at", func(t models.APIToken) time.Time { return t.CreatedAt }),
		})
	actor, _ := models.ActorFrom(ctx)
	l.and("a.user_id = $%d", actor.UserID)
	return l.run(ctx, s, p)
}

// CreateAPIToken adds an API token of the actor's. created is false where the same request was carried out before: the secret
// that was shown then cannot be shown again.
func (s *Store) CreateAPIToken(ctx context.Context, n models.NewAPIToken) (id uuid.UUID, created bool, err error) {
	id = models.SubjectID(models.CommandKeyFrom(ctx).ID)
	err = s.InTx(ctx, func(tx *Tx) error {
		created = false
		if done, err := tx.once("api_token.create", "api_token", id); done || err != nil {
			return err
		}
		if err := n.Validate(tx.Actor, tx.Now); err != nil {
			return err
		}
		permissions := n.Permissions
		if permissions == nil {
			permissions = []models.Permission{}
		}
		if _, err := tx.exec(`INSERT INTO api_tokens (tenant_id, id, user_id, name, hash, permissions, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, tx.Actor.TenantID, id, tx.Actor.UserID, n.Name, n.Hash, permissions, tx.Now,
			n.ExpiresAt); err != nil {
			return err
		}
		created = true
		return tx.Audit(Change{Action: "api_token.create", SubjectType: "api_token", SubjectID: id, After: map[string]any{
			"user_id": tx.Actor.UserID, "name": n.Name, "permissions": permissions, "expires_at": n.ExpiresAt,
		}})
	})
	return id, created, err
}

// RevokeAPIToken ends one of the actor's own API tokens; it holds nowhere any more within five seconds. Revoking twice is
// nothing.
func (s *Store) RevokeAPIToken(ctx context.Context, id uuid.UUID) error {
	return s.InTx(ctx, func(tx *Tx) error {
		token, err := txReadOne[models.APIToken](tx, "api_token", `SELECT `+apiTokenColumns+` FROM api_tokens a
			WHERE a.tenant_id = $1 AND a.id = $2 AND a.user_id = $3 FOR UPDATE`, tx.Actor.TenantID, id, tx.Actor.UserID)
		if err != nil || token.RevokedAt != nil {
			return err
		}
		tx.queue(`UPDATE api_tokens SET revoked_at = clock_timestamp() WHERE tenant_id = $1 AND id = $2`, tx.Actor.TenantID, id)
		return tx.Audit(Change{Action: "api_token.revoke", SubjectType: "api_token", SubjectID: id})
	})
}
