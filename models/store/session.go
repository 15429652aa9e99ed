package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"mainstay/models"
)

// LoginCandidate is an account that a sign-in may mean; its password is still to be verified.
type LoginCandidate struct {
	TenantID     uuid.UUID
	UserID       uuid.UUID
	PasswordHash string
	Disabled     bool
}

// LoginCandidates finds the accounts with this e-mail address, of the tenant with this code or of all tenants where code is
// empty; at most five.
func (s *Store) LoginCandidates(ctx context.Context, email, code string) ([]LoginCandidate, error) {
	return system[LoginCandidate](ctx, s, `SELECT tenant_id, user_id, password_hash, disabled FROM login_candidates($1, $2)`, email, code)
}

// NewSession is what a sign-in leaves. It has one of the two hashes: of a refresh token, or of the secret in a browser's cookie.
type NewSession struct {
	RefreshHash  []byte
	SecretHash   []byte
	UserAgent    string
	Address      string
	PasswordHash string // of the same password, to be stored from now on
}

// SessionGrant is what an access token of a session may state now.
type SessionGrant struct {
	TenantID    uuid.UUID
	UserID      uuid.UUID
	SessionID   uuid.UUID
	Roles       []models.Role
	LocationIDs []uuid.UUID
	IssuedAt    time.Time // by the database's clock, after the user's row was locked: a change of rights is before or after it
}

var errSignIn = &models.Error{Code: models.CodeUnauthenticated, Detail: "The session has ended: sign in again."}

// StartSession signs in the account whose password was verified; CodeUnauthenticated where the account was disabled or its
// password changed meanwhile. A sign-in at the same time may have stored the new hash before.
func (s *Store) StartSession(ctx context.Context, account LoginCandidate, n NewSession) (SessionGrant, error) {
	var grant SessionGrant
	ctx = asUser(ctx, account.TenantID, account.UserID)
	err := s.InTx(ctx, func(tx *Tx) error {
		found, err := txRead[SessionGrant](tx, `UPDATE users SET last_login_at = $4, password_hash = $5
			WHERE tenant_id = $1 AND id = $2 AND password_hash IN ($3, $5) AND disabled_at IS NULL
			RETURNING tenant_id, id AS user_id, roles, location_ids, clock_timestamp() AS issued_at`,
			account.TenantID, account.UserID, account.PasswordHash, tx.Now, n.PasswordHash)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return errSignIn
		}
		grant = found[0]
		grant.SessionID = models.NewID()
		expires := models.SessionExpiry(tx.Now, tx.Now)
		if n.SecretHash != nil {
			expires = tx.Now.Add(models.BrowserSessionIdle)
		}
		if _, err := tx.exec(`INSERT INTO sessions (tenant_id, id, user_id, user_agent, address, created_at, used_at, expires_at, secret_hash)
			VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)`, grant.TenantID, grant.SessionID, grant.UserID, n.UserAgent, n.Address,
			tx.Now, expires, n.SecretHash); err != nil {
			return err
		}
		if n.RefreshHash != nil {
			tx.addRefreshToken(grant.SessionID, n.RefreshHash)
		}
		return tx.Audit(Change{
			Action: "session.start", SubjectType: "session", SubjectID: grant.SessionID,
			After: map[string]any{"user_id": grant.UserID, "address": n.Address, "user_agent": n.UserAgent},
		})
	})
	return grant, err
}

func (tx *Tx) addRefreshToken(session uuid.UUID, hash []byte) {
	tx.queue(`INSERT INTO refresh_tokens (tenant_id, hash, session_id, created_at) VALUES ($1, $2, $3, $4)`,
		tx.Actor.TenantID, hash, session, tx.Now)
}

// asUser acts as a user who is just proving who he is; the request's id is kept.
func asUser(ctx context.Context, tenant, user uuid.UUID) context.Context {
	asked, _ := models.ActorFrom(ctx)
	return models.WithActor(ctx, models.Actor{TenantID: tenant, UserID: user, Kind: models.ActorUser, RequestID: asked.RequestID})
}

// refreshed is a refresh token with its session and user.
type refreshed struct {
	SessionGrant
	CreatedAt   time.Time
	TokenUsedAt *time.Time
	RevokedAt   *time.Time
	ExpiresAt   time.Time
	DisabledAt  *time.Time
}

// RefreshSession spends the refresh token with this hash and puts the next in its place. A token that was spent before is in
// two hands: its session ends. CodeUnauthenticated where nothing can be refreshed.
func (s *Store) RefreshSession(ctx context.Context, hash, next []byte) (SessionGrant, error) {
	owners, err := system[struct{ TenantID, SessionID uuid.UUID }](ctx, s, `SELECT tenant_id, session_id FROM refresh_token_owner($1)`, hash)
	if err != nil {
		return SessionGrant{}, err
	}
	if len(owners) == 0 {
		return SessionGrant{}, errSignIn
	}
	var grant SessionGrant
	var refused error
	err = s.InTx(asUser(ctx, owners[0].TenantID, uuid.Nil), func(tx *Tx) error {
		found, err := txReadOne[refreshed](tx, "session", `SELECT u.tenant_id, u.id AS user_id, s.id AS session_id, u.roles,
			u.location_ids, clock_timestamp() AS issued_at, s.created_at, r.used_at AS token_used_at, s.revoked_at, s.expires_at, u.disabled_at
			FROM refresh_tokens r JOIN sessions s ON s.tenant_id = r.tenant_id AND s.id = r.session_id
			JOIN users u ON u.tenant_id = s.tenant_id AND u.id = s.user_id
			WHERE r.tenant_id = $1 AND r.hash = $2 FOR SHARE OF u FOR UPDATE OF s, r`, tx.Actor.TenantID, hash)
		if err != nil {
			return err
		}
		tx.Actor.UserID = found.UserID
		grant, refused = found.SessionGrant, nil
		switch {
		case found.RevokedAt != nil || found.DisabledAt != nil || !found.ExpiresAt.After(tx.Now):
			return errSignIn
		case found.TokenUsedAt != nil:
			refused = errSignIn // after the commit, for the end of the session must stand
			return tx.endSession(found.SessionID, models.SessionReuse)
		}
		tx.queue(`UPDATE refresh_tokens SET used_at = $3 WHERE tenant_id = $1 AND hash = $2`, grant.TenantID, hash, tx.Now)
		tx.queue(`UPDATE sessions SET used_at = $3, expires_at = $4 WHERE tenant_id = $1 AND id = $2`,
			grant.TenantID, grant.SessionID, tx.Now, models.SessionExpiry(found.CreatedAt, tx.Now))
		tx.addRefreshToken(grant.SessionID, next)
		return nil
	})
	if isNotFound(err) {
		return SessionGrant{}, errSignIn
	}
	return grant, errors.Join(err, refused)
}

// BrowserSession is what a browser's cookie stands for, and until when.
type BrowserSession struct {
	SessionGrant
	ExpiresAt time.Time
}

// UseBrowserSession finds what the cookie with this hash stands for and notes that it was seen, which puts its end off;
// CodeUnauthenticated where the session is unknown, expired or revoked, or its user disabled.
func (s *Store) UseBrowserSession(ctx context.Context, hash []byte) (BrowserSession, error) {
	owners, err := system[struct{ TenantID, SessionID uuid.UUID }](ctx, s, `SELECT tenant_id, session_id FROM session_owner($1)`, hash)
	if err != nil {
		return BrowserSession{}, err
	}
	if len(owners) == 0 {
		return BrowserSession{}, errSignIn
	}
	found, err := readOne[BrowserSession](models.WithActor(ctx, models.SystemActor(owners[0].TenantID)), s, "session",
		`UPDATE sessions s SET used_at = now(), expires_at = least(now() + $3::interval, s.created_at + $4::interval) FROM users u
		WHERE s.tenant_id = $1 AND s.id = $2 AND s.revoked_at IS NULL AND s.expires_at > now()
		AND u.tenant_id = s.tenant_id AND u.id = s.user_id AND u.disabled_at IS NULL
		RETURNING s.tenant_id, s.user_id, s.id AS session_id, u.roles, u.location_ids, s.expires_at`,
		owners[0].TenantID, owners[0].SessionID, models.BrowserSessionIdle, models.BrowserSessionLifetime)
	if isNotFound(err) {
		return BrowserSession{}, errSignIn
	}
	return found, err
}

// Sessions lists the actor's own sessions that hold, by used_at.
func (s *Store) Sessions(ctx context.Context, p Page) (Rows[models.Session], error) {
	l := newListing(ctx, `SELECT s.id, s.secret_hash IS NOT NULL AS browser, s.user_agent, s.address, s.created_at, s.used_at, s.expires_at
		FROM sessions s WHERE s.tenant_id = $1 AND s.revoked_at IS NULL AND s.expires_at > now()`, "s.id",
		func(v models.Session) string { return v.ID.String() }, map[string]order[models.Session]{
			"used_at": byTime("s.used_at", func(v models.Session) time.Time { return v.UsedAt }),
		})
	actor, _ := models.ActorFrom(ctx)
	l.and("s.user_id = $%d", actor.UserID)
	return l.run(ctx, s, p)
}

// EndSession signs one of the actor's own sessions out; ending one that ended is nothing, and one that is not his is not found.
func (s *Store) EndSession(ctx context.Context, session uuid.UUID, why models.SessionEnd) error {
	return s.InTx(ctx, func(tx *Tx) error {
		revoked, err := txValues[bool](tx, `SELECT revoked_at IS NOT NULL FROM sessions WHERE tenant_id = $1 AND id = $2 AND user_id = $3
			FOR UPDATE`, tx.Actor.TenantID, session, tx.Actor.UserID)
		switch {
		case err != nil:
			return err
		case len(revoked) == 0:
			return models.NotFound("session")
		case revoked[0]:
			return nil
		}
		return tx.endSession(session, why)
	})
}

func (tx *Tx) endSession(session uuid.UUID, why models.SessionEnd) error {
	tx.queue(`UPDATE sessions SET revoked_at = clock_timestamp(), revoked_for = $3 WHERE tenant_id = $1 AND id = $2`,
		tx.Actor.TenantID, session, string(why))
	return tx.Audit(Change{Action: "session.end", SubjectType: "session", SubjectID: session, Reason: string(why)})
}

// endSessions signs a user out everywhere but in the session except; uuid.Nil spares none.
func (tx *Tx) endSessions(user, except uuid.UUID, why models.SessionEnd) {
	tx.queue(`UPDATE sessions SET revoked_at = clock_timestamp(), revoked_for = $4
		WHERE tenant_id = $1 AND user_id = $2 AND id <> $3 AND revoked_at IS NULL`, tx.Actor.TenantID, user, except, string(why))
}

// outdateSessions makes every process ask again what a user's tokens grant. The user's row must be locked.
func (tx *Tx) outdateSessions(user uuid.UUID) {
	tx.queue(`UPDATE sessions SET changed_at = clock_timestamp() WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL`,
		tx.Actor.TenantID, user)
	tx.queue(`UPDATE api_tokens SET changed_at = clock_timestamp() WHERE tenant_id = $1 AND user_id = $2 AND revoked_at IS NULL`,
		tx.Actor.TenantID, user)
}

// SessionChange says that a session or an API token ended, or that what it grants changed at a moment.
type SessionChange struct {
	SessionID uuid.UUID
	Ended     bool
	At        time.Time
}

// SessionChanges lists which sessions changed or ended since a moment, of all tenants.
func (s *Store) SessionChanges(ctx context.Context, since time.Time) ([]SessionChange, error) {
	return system[SessionChange](ctx, s, `SELECT session_id, ended, at FROM session_changes($1)`, since)
}
