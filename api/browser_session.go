package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/auth"
	"mainstay/internal/telemetry"
	"mainstay/models"
	"mainstay/models/store"
)

const (
	// sessionCookie has the prefix with which browsers take it from this host only, over a secure connection only.
	sessionCookie = "__Host-mainstay"
	// csrfHeader is one that no page of another origin can send without asking first.
	csrfHeader = "X-Mainstay-Csrf"
)

// Session is a sign-in that holds, as its owner sees it.
type Session struct {
	ID        uuid.UUID `json:"id"`
	Kind      string    `json:"kind" enum:"browser,token" doc:"browser: proved by a cookie; token: by tokens of /v1/auth/login"`
	Current   bool      `json:"current" doc:"it is the one that asks"`
	UserAgent string    `json:"user_agent"`
	Address   string    `json:"address"`
	CreatedAt time.Time `json:"created_at"`
	UsedAt    time.Time `json:"used_at" doc:"to about ten minutes"`
	ExpiresAt time.Time `json:"expires_at" doc:"unless it is used before"`
}

type browserSignInOutput struct {
	SetCookie    http.Cookie `header:"Set-Cookie"`
	CacheControl string      `header:"Cache-Control"`
	ETag         string      `header:"ETag"`
	Body         Me
}

type browserSignOutOutput struct {
	SetCookie     http.Cookie `header:"Set-Cookie"`
	CacheControl  string      `header:"Cache-Control"`
	ClearSiteData string      `header:"Clear-Site-Data"`
}

type sessionListInput struct {
	PageQuery
	Sort string `query:"sort" enum:"used_at,-used_at" default:"-used_at"`
}

func (s *Server) browserSessionRoutes() {
	const tag = "Sign-in"
	register(s, operation{
		method: http.MethodPost, path: "/v1/auth/session", id: "sign-in-browser", tag: tag, permission: public,
		summary: "Sign in from a browser: answers who I am and sets the session cookie; needs the header X-Mainstay-CSRF: 1",
	}, s.signInBrowser)
	register(s, operation{
		method: http.MethodDelete, path: "/v1/auth/session", id: "sign-out-browser", tag: tag, permission: public, status: http.StatusNoContent,
		summary: "Sign out: ends the session, if it still holds, and has the browser drop cookie, cache and storage",
	}, s.signOutBrowser)
	register(s, operation{
		method: http.MethodGet, path: "/v1/me/sessions", id: "list-my-sessions", tag: tag, permission: models.PermissionMeRead,
		summary: "List my sign-ins that hold",
	}, s.listSessions)
	register(s, operation{
		method: http.MethodDelete, path: "/v1/me/sessions/{id}", id: "end-my-session", tag: tag, permission: models.PermissionMeWrite,
		status: http.StatusNoContent, summary: "End one of my sign-ins: it holds nowhere any more within five seconds",
	}, s.endOwnSession)
}

// newCookie keeps the secret until the browser closes; age -1 drops it.
func newCookie(secret string, age int) http.Cookie {
	return http.Cookie{
		Name: sessionCookie, Value: secret, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

func (s *Server) signInBrowser(ctx context.Context, in *loginInput) (*browserSignInOutput, error) {
	if err := s.sameOrigin(in.request); err != nil {
		return nil, err
	}
	secret, hash := auth.NewSecret(auth.Cookie)
	grant, err := s.signIn(ctx, in, store.NewSession{SecretHash: hash})
	if err != nil {
		return nil, err
	}
	me, err := s.readMe(models.WithActor(ctx, models.Actor{
		TenantID: grant.TenantID, UserID: grant.UserID, Kind: models.ActorUser, Roles: grant.Roles, LocationIDs: grant.LocationIDs,
		SessionID: grant.SessionID, RequestID: telemetry.RequestID(ctx),
	}))
	if err != nil {
		return nil, err
	}
	return &browserSignInOutput{SetCookie: newCookie(secret, 0), CacheControl: "no-store", ETag: me.ETag, Body: me.Body}, nil
}

// signOutBrowser needs no session that holds: a browser whose session has ended must still get rid of what it keeps.
func (s *Server) signOutBrowser(ctx context.Context, in *struct{ origin }) (*browserSignOutOutput, error) {
	if err := s.sameOrigin(in.request); err != nil {
		return nil, err
	}
	actor, err := s.cookieActor(ctx, in.request)
	if err == nil {
		if err = s.store.EndSession(models.WithActor(ctx, actor), actor.SessionID, models.SessionLogout); err == nil {
			s.verifier.Forget(actor.SessionID)
		}
	}
	if err != nil && models.ErrorCode(err) != models.CodeUnauthenticated {
		return nil, err
	}
	return &browserSignOutOutput{SetCookie: newCookie("", -1), CacheControl: "no-store", ClearSiteData: `"cache", "storage"`}, nil
}

// sameOrigin refuses a request that changes something where a page of another origin may have made the browser send it.
func (s *Server) sameOrigin(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if r.Header.Get(csrfHeader) != "1" {
		return models.Forbidden("A request with the session cookie that changes something needs the header %s: 1.", csrfHeader)
	}
	if s.crossOrigin.Check(r) != nil {
		return models.Forbidden("The session cookie is good for requests of this site's own pages only.")
	}
	return nil
}

// cookieActor finds the actor that the session cookie stands for.
func (s *Server) cookieActor(ctx context.Context, r *http.Request) (models.Actor, error) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil || !strings.HasPrefix(cookie.Value, string(auth.Cookie)) {
		return models.Actor{}, errUnauthenticated
	}
	if err := s.sameOrigin(r); err != nil {
		return models.Actor{}, err
	}
	claims, err := s.browserSession(ctx, cookie.Value)
	if err != nil {
		return models.Actor{}, err
	}
	return actorOf(ctx, models.ActorUser, claims), nil
}

// browserSession finds what a cookie grants; the store is asked once in the lifetime of an access token at most.
func (s *Server) browserSession(ctx context.Context, secret string) (*auth.Claims, error) {
	if claims, ok := s.verifier.Recall(secret); ok {
		return claims, nil
	}
	hash, err := auth.HashSecret(auth.Cookie, secret)
	if err != nil {
		return nil, errUnauthenticated
	}
	issued := time.Now() // before the rows are read, as for API tokens
	session, err := s.store.UseBrowserSession(ctx, hash)
	if err != nil {
		return nil, err
	}
	claims := auth.Claims{
		TenantID: session.TenantID, UserID: session.UserID, SessionID: session.SessionID, TokenID: session.SessionID,
		Roles: session.Roles, LocationIDs: session.LocationIDs, IssuedAt: issued, ExpiresAt: session.ExpiresAt,
	}
	s.verifier.Remember(secret, claims)
	return &claims, nil
}

func (s *Server) listSessions(ctx context.Context, in *sessionListInput) (*listOutput[Session], error) {
	actor, err := person(ctx)
	if err != nil {
		return nil, err
	}
	body := func(v models.Session) Session {
		kind := "token"
		if v.Browser {
			kind = "browser"
		}
		return Session{
			ID: v.ID, Kind: kind, Current: v.ID == actor.SessionID, UserAgent: v.UserAgent, Address: v.Address,
			CreatedAt: v.CreatedAt, UsedAt: v.UsedAt, ExpiresAt: v.ExpiresAt,
		}
	}
	return listPage(in.PageQuery, in.Sort, body, func(page store.Page) (store.Rows[models.Session], error) {
		return s.store.Sessions(ctx, page)
	})
}

func (s *Server) endOwnSession(ctx context.Context, in *recordPath) (*struct{}, error) {
	if _, err := person(ctx); err != nil {
		return nil, err
	}
	if err := s.store.EndSession(ctx, in.ID, models.SessionRevoked); err != nil {
		return nil, err
	}
	s.verifier.Forget(in.ID)
	return nil, nil //nolint:nilnil // 204
}
