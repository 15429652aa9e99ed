package api

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/argon2"

	"mainstay/internal/auth"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

const goodPassword = "blue crane over quarry"

// setPassword lets a user of the plant sign in.
func (h *harness) setPassword(user uuid.UUID, password string) {
	h.t.Helper()
	hash, err := auth.NewPasswords(1).Hash(h.t.Context(), password)
	require.NoError(h.t, err)
	_, err = h.db.Owner.ExecContext(h.t.Context(), `UPDATE users SET password_hash = $2 WHERE id = $1`, user, hash)
	require.NoError(h.t, err)
}

// nobody sends no token.
func (h *harness) nobody() client { return client{h: h} }

func (h *harness) login(email, password string) map[string]any {
	h.t.Helper()
	return h.nobody().must(http.StatusOK, http.MethodPost, "/v1/auth/login", map[string]any{"email": email, "password": password})
}

func text(body map[string]any, name string) string {
	s, _ := body[name].(string)
	return s
}

func (h *harness) bearer(tokens map[string]any) client {
	return client{h: h, token: text(tokens, "access_token")}
}

func (h *harness) learn() {
	h.t.Helper()
	require.NoError(h.t, h.server.learnSessions(h.t.Context(), time.Now().Add(-time.Hour)))
}

func TestSignInShowsWhoIAm(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	tokens := h.login(" Tech@one.example ", goodPassword)
	require.Equal(t, "Bearer", tokens["token_type"])
	require.InDelta(t, auth.AccessTokenLifetime.Seconds(), tokens["expires_in"], 2)

	for _, browser := range []string{"\xff\xfe", strings.Repeat("a", maxUserAgent-1) + "é"} {
		h.nobody().must(http.StatusOK, http.MethodPost, "/v1/auth/login",
			map[string]any{"email": "tech@one.example", "password": goodPassword}, "User-Agent", browser)
	}

	me := h.bearer(tokens).must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	require.Equal(t, h.plant.Tech.String(), me["id"])
	require.Equal(t, "tech@one.example", me["email"])
	require.Equal(t, []any{"technician"}, me["roles"])
	require.Contains(t, me["permissions"], "work_orders.execute")
	require.NotContains(t, me["permissions"], "users.write")
	require.Equal(t, "Europe/Berlin", me["time_zone"])
	tenant, _ := me["tenant"].(map[string]any)
	require.Equal(t, h.plant.Tenant.String(), tenant["id"])
	require.Equal(t, "EUR", tenant["currency"])

	h.nobody().must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	keys := h.nobody().must(http.StatusOK, http.MethodGet, "/.well-known/jwks.json", nil)
	require.Len(t, keys["keys"], 1)
}

func TestSignInTellsNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	h.setPassword(h.plant.Admin, goodPassword)
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE users SET disabled_at = now() WHERE id = $1`, h.plant.Tech)
	require.NoError(t, err)
	answers := map[string]map[string]any{}
	for name, body := range map[string]map[string]any{
		"unknown":      {"email": "nobody@one.example", "password": goodPassword},
		"wrong":        {"email": "admin@one.example", "password": "something else"},
		"disabled":     {"email": "tech@one.example", "password": goodPassword},
		"other tenant": {"email": "admin@one.example", "password": goodPassword, "tenant": "two"},
	} {
		answers[name] = h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/login", body)
		delete(answers[name], "request_id")
	}
	for name, body := range answers {
		require.Equal(t, answers["unknown"], body, name)
	}
	h.nobody().refused(http.StatusUnprocessableEntity, "/password", http.MethodPost, "/v1/auth/login", map[string]any{"email": "x", "password": ""})
}

func TestSignInHashesAnOldPasswordAnew(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	text, salt := base64.RawStdEncoding.EncodeToString, []byte("a salt of its own")
	old := "$argon2id$v=19$m=64,t=1,p=1$" + text(salt) + "$" + text(argon2.IDKey([]byte(goodPassword), salt, 1, 64, 1, 32))
	stored := func() (hash string) {
		require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT password_hash FROM users WHERE id = $1`, h.plant.Tech).Scan(&hash))
		return hash
	}
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE users SET password_hash = $2 WHERE id = $1`, h.plant.Tech, old)
	require.NoError(t, err)
	before, err := h.server.store.LoginCandidates(t.Context(), "tech@one.example", "")
	require.NoError(t, err)

	h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/login", map[string]any{"email": "tech@one.example", "password": "something else"})
	require.Equal(t, old, stored())
	h.login("tech@one.example", goodPassword)
	renewed := stored()
	require.Contains(t, renewed, "$m=19456,t=2,p=1$")
	h.login("tech@one.example", goodPassword)
	require.Equal(t, renewed, stored())

	_, err = h.server.store.StartSession(t.Context(), before[0], store.NewSession{PasswordHash: renewed})
	require.NoError(t, err, "a sign-in at the same time read the old one")
	h.setPassword(h.plant.Tech, "another crane over quarry")
	_, err = h.server.store.StartSession(t.Context(), before[0], store.NewSession{PasswordHash: renewed})
	require.Equal(t, models.CodeUnauthenticated, models.ErrorCode(err))
}

func TestSignInIsThrottled(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	at := time.Now()
	stands := func() time.Time { return at } // a slow machine would wait a second less
	h.server.throttle = auth.NewThrottle(auth.Limit{Burst: 2, Every: time.Hour}, auth.AddressLimit, 100, stands)
	body := map[string]any{"email": "nobody@one.example", "password": "x"}
	for range 2 {
		h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/login", body)
	}
	r := h.nobody().do(http.MethodPost, "/v1/auth/login", body)
	require.Equal(t, http.StatusTooManyRequests, r.Status)
	require.Equal(t, "rate_limited", r.Body["code"])
	require.Equal(t, "3600", r.Header.Get("Retry-After"))
}

func TestSignInToOneOfSeveralTenants(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE users SET email = 'both@example.com' WHERE id IN ($1, $2)`, h.plant.Admin, two.Admin)
	require.NoError(t, err)
	h.setPassword(h.plant.Admin, goodPassword)
	h.setPassword(two.Admin, goodPassword)
	body := map[string]any{"email": "both@example.com", "password": goodPassword}
	h.nobody().refused(http.StatusUnprocessableEntity, "/tenant", http.MethodPost, "/v1/auth/login", body)
	body["tenant"] = "two"
	me := h.bearer(h.nobody().must(http.StatusOK, http.MethodPost, "/v1/auth/login", body)).must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	require.Equal(t, two.Admin.String(), me["id"])

	h.setPassword(two.Admin, "another long password")
	me = h.bearer(h.login("both@example.com", goodPassword)).must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	require.Equal(t, h.plant.Admin.String(), me["id"])
}

func TestRefreshRotatesAndReuseEndsTheSession(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	first := h.login("tech@one.example", goodPassword)
	second := h.nobody().must(http.StatusOK, http.MethodPost, "/v1/auth/refresh", map[string]any{"refresh_token": first["refresh_token"]})
	require.NotEqual(t, first["refresh_token"], second["refresh_token"])
	h.bearer(second).must(http.StatusOK, http.MethodGet, "/v1/me", nil)

	h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/refresh", map[string]any{"refresh_token": first["refresh_token"]})
	h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/refresh", map[string]any{"refresh_token": second["refresh_token"]})
	h.learn()
	h.bearer(second).must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	h.bearer(first).must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)

	for _, bad := range []string{"x", "msr_" + strings.Repeat("A", 43), text(second, "access_token")[:40]} {
		h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/refresh", map[string]any{"refresh_token": bad})
	}
}

func TestLogoutEndsTheSession(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	tokens, other := h.login("tech@one.example", goodPassword), h.login("tech@one.example", goodPassword)
	c := h.bearer(tokens)
	require.Equal(t, http.StatusNoContent, c.do(http.MethodPost, "/v1/auth/logout", nil).Status)
	c.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/refresh", map[string]any{"refresh_token": tokens["refresh_token"]})
	h.bearer(other).must(http.StatusOK, http.MethodGet, "/v1/me", nil)
}

func TestChangeMyPassword(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	mine, other := h.bearer(h.login("tech@one.example", goodPassword)), h.bearer(h.login("tech@one.example", goodPassword))
	change := func(current, next string) map[string]any {
		return map[string]any{"current_password": current, "new_password": next}
	}
	const path = "/v1/me/password"
	mine.refused(http.StatusUnprocessableEntity, "/current_password", http.MethodPost, path, change("not mine at all", "a new long password"))
	for _, weak := range []string{"short", "Password1234", "tech@one.example"} {
		mine.refused(http.StatusUnprocessableEntity, "/new_password", http.MethodPost, path, change(goodPassword, weak))
	}
	require.Equal(t, http.StatusNoContent, mine.do(http.MethodPost, path, change(goodPassword, "a new long password")).Status)
	h.learn()
	mine.must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	other.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	h.login("tech@one.example", "a new long password")
	h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/login", map[string]any{"email": "tech@one.example", "password": goodPassword})
}

func TestChangeMyPasswordTwiceUnderOneKey(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	mine := h.bearer(h.login("tech@one.example", goodPassword))
	const path = "/v1/me/password"
	body := map[string]any{"current_password": goodPassword, "new_password": "a new long password"}
	for range 2 {
		require.Equal(t, http.StatusNoContent, mine.do(http.MethodPost, path, body, "Idempotency-Key", "k").Status)
	}
	var changes int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_events WHERE action = 'user.set_password'`).Scan(&changes))
	require.Equal(t, 1, changes)
	other := map[string]any{"current_password": goodPassword, "new_password": "quite another password"}
	refused := mine.must(http.StatusUnprocessableEntity, http.MethodPost, path, other, "Idempotency-Key", "k")
	require.Equal(t, "key_reused", refused["code"])
	mine.refused(http.StatusUnprocessableEntity, "/current_password", http.MethodPost, path, body, "Idempotency-Key", "another")
	h.login("tech@one.example", "a new long password")
	var hash []byte
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT request_hash FROM commands WHERE name = 'user.set_password'`).Scan(&hash))
	bare := sha256.Sum256([]byte(`{"current_password":"","new_password":""}`))
	require.Equal(t, bare[:], hash, "a hash of a password that is quick to try is stored")
}

func TestChangeMyProfile(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	c.must(http.StatusPreconditionRequired, http.MethodPatch, "/v1/me", map[string]any{"locale": "de"})
	me := c.must(http.StatusOK, http.MethodPatch, "/v1/me", map[string]any{"locale": "de", "time_zone": "America/Lima"}, "If-Match", `"1"`)
	require.Equal(t, "de", me["locale"])
	require.Equal(t, "America/Lima", me["time_zone"])
	c.refused(http.StatusUnprocessableEntity, "/time_zone", http.MethodPatch, "/v1/me", map[string]any{"time_zone": "Mars/Olympus"}, "If-Match", `"2"`)
}

func TestRightsChangeWithinASession(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	tokens := h.login("tech@one.example", goodPassword)
	c := h.bearer(tokens)
	c.must(http.StatusForbidden, http.MethodGet, "/v1/users", nil)
	user := "/v1/users/" + h.plant.Tech.String()
	h.admin().patch(http.StatusOK, user, map[string]any{"roles": []string{"auditor"}})
	h.learn()
	c.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	tokens = h.nobody().must(http.StatusOK, http.MethodPost, "/v1/auth/refresh", map[string]any{"refresh_token": tokens["refresh_token"]})
	c = h.bearer(tokens)
	c.must(http.StatusOK, http.MethodGet, "/v1/users", nil)

	h.admin().must(http.StatusOK, http.MethodPost, user+"/disable", nil)
	h.learn()
	c.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/refresh", map[string]any{"refresh_token": tokens["refresh_token"]})
	h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/login", map[string]any{"email": "tech@one.example", "password": goodPassword})
	h.admin().must(http.StatusOK, http.MethodPost, user+"/enable", nil)
	h.login("tech@one.example", goodPassword)
}

func TestWatchSessionsEndsWithItsContext(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	c := h.bearer(h.login("tech@one.example", goodPassword))
	c.must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	require.NoError(t, h.store.DisableUser(h.plant.Context(t.Context()), h.plant.Tech, nil))
	watched := make(chan error, 1)
	go func() { watched <- h.server.WatchSessions(t.Context()) }()
	require.Eventually(t, func() bool { return c.do(http.MethodGet, "/v1/me", nil).Status == http.StatusUnauthorized }, time.Minute, 10*time.Millisecond)
	require.Empty(t, watched, "it goes on")
}
