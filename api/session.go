package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"mainstay/internal/auth"
	"mainstay/internal/telemetry"
	"mainstay/models"
	"mainstay/models/store"
)

// Tokens is what a sign-in or a refresh answers.
type Tokens struct {
	AccessToken  string `json:"access_token" doc:"send it as Authorization: Bearer"`
	TokenType    string `json:"token_type" enum:"Bearer"`
	ExpiresIn    int    `json:"expires_in" doc:"seconds"`
	RefreshToken string `json:"refresh_token" doc:"good once; the answer brings the next"`
}

// LoginBody is a sign-in. tenant is a tenant's code; it is needed only where the same person is known to several.
type LoginBody struct {
	Email    string `json:"email" minLength:"1" maxLength:"254"`
	Password string `json:"password" minLength:"1" maxLength:"1024"`
	Tenant   string `json:"tenant,omitempty" maxLength:"63"`
}

// RefreshBody spends a refresh token.
type RefreshBody struct {
	RefreshToken string `json:"refresh_token" minLength:"1" maxLength:"200"`
}

// origin is where a request comes from.
type origin struct {
	address, userAgent string
	request            *http.Request
}

// Resolve implements huma.Resolver.
func (o *origin) Resolve(hc huma.Context) []error {
	c := humagin.Unwrap(hc)
	o.address, o.userAgent, o.request = c.ClientIP(), hc.Header("User-Agent"), c.Request
	if len(o.userAgent) > maxUserAgent {
		o.userAgent = o.userAgent[:maxUserAgent]
	}
	o.userAgent = strings.ToValidUTF8(o.userAgent, "") // any bytes may come, and the cut may go through a letter
	return nil
}

const maxUserAgent = 300

type loginInput struct {
	origin
	Body LoginBody
}

type refreshInput struct{ Body RefreshBody }

type tokensOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         Tokens
}

type keysOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         auth.JWKS
}

func (s *Server) sessionRoutes() {
	const tag = "Sign-in"
	register(s, operation{
		method: http.MethodPost, path: "/v1/auth/login", id: "login", tag: tag, permission: public, summary: "Sign in",
	}, s.login)
	register(s, operation{
		method: http.MethodPost, path: "/v1/auth/refresh", id: "refresh", tag: tag, permission: public,
		summary: "Get a new access token; a refresh token that was spent before ends the session",
	}, s.refresh)
	register(s, operation{
		method: http.MethodPost, path: "/v1/auth/logout", id: "logout", tag: tag, permission: signedIn, status: http.StatusNoContent,
		summary: "Sign out: the session's tokens hold nowhere any more within five seconds",
	}, s.logout)
	register(s, operation{
		method: http.MethodGet, path: "/.well-known/jwks.json", id: "get-keys", tag: tag, permission: public,
		summary: "Public keys of the access tokens (RFC 7517)",
	}, func(context.Context, *struct{}) (*keysOutput, error) {
		return &keysOutput{CacheControl: "public, max-age=300", Body: s.keys.JWKS()}, nil
	})
}

var errLogin = &models.Error{Code: models.CodeUnauthenticated, Detail: "E-mail address or password is wrong."}

func (s *Server) login(ctx context.Context, in *loginInput) (*tokensOutput, error) {
	refresh, hash := auth.NewSecret(auth.RefreshToken)
	grant, err := s.signIn(ctx, in, store.NewSession{RefreshHash: hash})
	if err != nil {
		return nil, err
	}
	return s.tokens(grant, refresh)
}

// signIn answers alike whether the account is unknown, disabled or the password wrong, and takes the time of a hash in each case.
func (s *Server) signIn(ctx context.Context, in *loginInput, session store.NewSession) (store.SessionGrant, error) {
	email := models.NormalizeEmail(in.Body.Email)
	if wait := s.throttle.Take(email, in.address); wait > 0 {
		return store.SessionGrant{}, &models.Error{
			Code: models.CodeRateLimited, Detail: "Too many sign-ins failed: try again later.", RetryAfter: wait,
		}
	}
	accounts, err := s.store.LoginCandidates(ctx, email, in.Body.Tenant)
	if err != nil {
		return store.SessionGrant{}, err
	}
	account, err := s.verifyPassword(ctx, accounts, in.Body.Password)
	if err != nil {
		return store.SessionGrant{}, err
	}
	s.throttle.Succeeded(email, in.address)
	if session.PasswordHash, err = s.passwords.Renew(ctx, account.PasswordHash, in.Body.Password); err != nil {
		return store.SessionGrant{}, err
	}
	session.UserAgent, session.Address = in.userAgent, in.address
	ctx = models.WithActor(ctx, models.Actor{RequestID: telemetry.RequestID(ctx)})
	grant, err := s.store.StartSession(ctx, account, session)
	if models.ErrorCode(err) == models.CodeUnauthenticated {
		err = errLogin
	}
	return grant, err
}

// verifyPassword finds the one account whose password it is.
func (s *Server) verifyPassword(ctx context.Context, accounts []store.LoginCandidate, password string) (store.LoginCandidate, error) {
	var matching []store.LoginCandidate
	hashed := false
	for _, account := range accounts {
		match, err := s.passwords.Verify(ctx, account.PasswordHash, password)
		if ctx.Err() != nil {
			return account, err
		}
		hashed = hashed || err == nil
		if match && !account.Disabled {
			matching = append(matching, account)
		}
	}
	if !hashed {
		if err := s.passwords.VerifyNobody(ctx, password); err != nil {
			return store.LoginCandidate{}, err
		}
	}
	switch len(matching) {
	case 0:
		return store.LoginCandidate{}, errLogin
	case 1:
		return matching[0], nil
	}
	return store.LoginCandidate{}, models.InvalidField("/tenant", "required", "You belong to several tenants: name the code of one.")
}

func (s *Server) refresh(ctx context.Context, in *refreshInput) (*tokensOutput, error) {
	hash, err := auth.HashSecret(auth.RefreshToken, in.Body.RefreshToken)
	if err != nil {
		return nil, &models.Error{Code: models.CodeUnauthenticated, Detail: "This is no refresh token: sign in again."}
	}
	next, nextHash := auth.NewSecret(auth.RefreshToken)
	ctx = models.WithActor(ctx, models.Actor{RequestID: telemetry.RequestID(ctx)})
	grant, err := s.store.RefreshSession(ctx, hash, nextHash)
	if err != nil {
		if models.ErrorCode(err) == models.CodeUnauthenticated {
			s.verifier.Forget(grant.SessionID)
		}
		return nil, err
	}
	return s.tokens(grant, next)
}

func (s *Server) tokens(grant store.SessionGrant, refresh string) (*tokensOutput, error) {
	access, claims, err := s.keys.Sign(auth.Claims{
		UserID: grant.UserID, TenantID: grant.TenantID, SessionID: grant.SessionID, Roles: grant.Roles, LocationIDs: grant.LocationIDs,
	}, grant.IssuedAt)
	if err != nil {
		return nil, err
	}
	return &tokensOutput{CacheControl: "no-store", Body: Tokens{
		AccessToken: access, TokenType: "Bearer", ExpiresIn: int(claims.ExpiresAt.Sub(claims.IssuedAt) / time.Second), RefreshToken: refresh,
	}}, nil
}

func (s *Server) logout(ctx context.Context, _ *struct{}) (*struct{}, error) {
	actor, err := person(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.store.EndSession(ctx, actor.SessionID, models.SessionLogout); err != nil {
		return nil, err
	}
	s.verifier.Forget(actor.SessionID)
	return nil, nil //nolint:nilnil // 204
}

// person refuses API tokens where only somebody who signed in may act.
func person(ctx context.Context) (models.Actor, error) {
	actor, _ := models.ActorFrom(ctx)
	if actor.Kind != models.ActorUser {
		return actor, models.Forbidden("An API token cannot do this: sign in.")
	}
	return actor, nil
}

const (
	watchEvery = 2 * time.Second
	// watchOverlap covers transactions that were open, and clocks that differed, at the last look.
	watchOverlap = time.Minute
)

// WatchSessions learns, until ctx is done, which sessions and API tokens ended or changed at any process, so that a cached
// verdict outlives them by five seconds at most.
func (s *Server) WatchSessions(ctx context.Context) error {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	since := time.Now().Add(-auth.AccessTokenLifetime)
	for {
		began := time.Now()
		if err := s.learnSessions(ctx, since.Add(-watchOverlap)); err == nil {
			since = began
		} else if ctx.Err() == nil {
			s.telemetry.Logger.WarnContext(ctx, "ended sessions are not known", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

func (s *Server) learnSessions(ctx context.Context, since time.Time) error {
	changes, err := s.store.SessionChanges(ctx, since)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if c.Ended {
			s.verifier.Forget(c.SessionID)
		} else {
			s.verifier.Outdate(c.At, c.SessionID)
		}
	}
	return nil
}

// retryAfter is a wait in whole seconds, at least one.
func retryAfter(wait time.Duration) string {
	return strconv.Itoa(max(1, int((wait+time.Second-1)/time.Second)))
}
