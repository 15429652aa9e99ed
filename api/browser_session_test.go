package api

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/internal/auth"
	"mainstay/models/store/storetest"
)

var csrf = []string{csrfHeader, "1"}

// browser is a client with the cookie of a sign-in and no token.
type browser struct {
	h      *harness
	cookie *http.Cookie
}

// signInBrowser posts a sign-in as the web frontend does and returns the cookie and the answer.
func (h *harness) signInBrowser(body map[string]any) (browser, reply) {
	h.t.Helper()
	r := h.nobody().do(http.MethodPost, "/v1/auth/session", body, csrf...)
	require.Equal(h.t, http.StatusOK, r.Status, r.Body)
	cookies := (&http.Response{Header: r.Header}).Cookies()
	require.Len(h.t, cookies, 1)
	return browser{h: h, cookie: cookies[0]}, r
}

func (b browser) do(method, path string, body any, headers ...string) reply {
	b.h.t.Helper()
	return b.h.nobody().do(method, path, body, append([]string{"Cookie", b.cookie.Name + "=" + b.cookie.Value, "Authorization", ""}, headers...)...)
}

func (b browser) must(status int, method, path string, body any, headers ...string) map[string]any {
	b.h.t.Helper()
	r := b.do(method, path, body, headers...)
	require.Equal(b.h.t, status, r.Status, "%s %s: %v", method, path, r.Body)
	return r.Body
}

func techSignsIn(t *testing.T) (*harness, browser, reply) {
	t.Helper()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	b, r := h.signInBrowser(map[string]any{"email": "tech@one.example", "password": goodPassword})
	return h, b, r
}

func TestBrowserSignsInWithACookie(t *testing.T) {
	t.Parallel()
	h, b, r := techSignsIn(t)
	require.Equal(t, "__Host-mainstay", b.cookie.Name)
	require.Regexp(t, `^msc_[A-Za-z0-9_-]{43}$`, b.cookie.Value)
	require.Equal(t, b.cookie.Name+"="+b.cookie.Value+"; Path=/; HttpOnly; Secure; SameSite=Strict", r.Header.Get("Set-Cookie"))
	require.Equal(t, "no-store", r.Header.Get("Cache-Control"))
	require.NotContains(t, r.Body, "access_token")
	require.Equal(t, r.Body, b.must(http.StatusOK, http.MethodGet, "/v1/me", nil))

	var stored int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(),
		`SELECT count(*) FROM sessions WHERE secret_hash = sha256(convert_to($1, 'UTF8'))`, b.cookie.Value).Scan(&stored))
	require.Equal(t, 1, stored, "its SHA-256 is kept")
	events := items(h.admin().must(http.StatusOK, http.MethodGet, "/v1/audit-events?actor_id="+h.plant.Tech.String(), nil))
	require.Equal(t, []any{"session.start"}, values(events, "action"))

	h.nobody().must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil, "Authorization", "Bearer "+b.cookie.Value)
	for _, bad := range []string{"", "x", "msc_", b.cookie.Value + "A", unknownCookie()} {
		browser{h: h, cookie: &http.Cookie{Name: sessionCookie, Value: bad}}.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	}
}

func TestBrowserSignInTellsNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.setPassword(h.plant.Tech, goodPassword)
	h.server.throttle = auth.NewThrottle(auth.Limit{Burst: 2, Every: time.Hour}, auth.AddressLimit, 100, time.Now)
	const path = "/v1/auth/session"
	wrong := map[string]any{"email": "tech@one.example", "password": "something else"}
	unknown := map[string]any{"email": "nobody@one.example", "password": goodPassword}
	first := h.nobody().do(http.MethodPost, path, wrong, csrf...)
	second := h.nobody().do(http.MethodPost, path, unknown, csrf...)
	require.Equal(t, http.StatusUnauthorized, first.Status)
	require.Empty(t, first.Header.Values("Set-Cookie"))
	delete(first.Body, "request_id")
	delete(second.Body, "request_id")
	require.Equal(t, first.Body, second.Body)
	h.nobody().must(http.StatusUnauthorized, http.MethodPost, "/v1/auth/login", wrong)
	r := h.nobody().do(http.MethodPost, path, wrong, csrf...)
	require.Equal(t, http.StatusTooManyRequests, r.Status, "both ways in share the throttle")
	h.nobody().refused(http.StatusUnprocessableEntity, "/password", http.MethodPost, path, map[string]any{"email": "x", "password": ""}, csrf...)
}

func TestCookieIsGoodForOwnPagesOnly(t *testing.T) {
	t.Parallel()
	h, b, _ := techSignsIn(t)
	change := map[string]any{"locale": "de"}
	for name, headers := range map[string][]string{
		"no header":    {},
		"wrong header": {csrfHeader, "yes"},
		"other site":   {csrfHeader, "1", "Sec-Fetch-Site", "cross-site"},
		"sibling host": {csrfHeader, "1", "Sec-Fetch-Site", "same-site"},
		"other origin": {csrfHeader, "1", "Origin", "https://evil.example"},
		"null origin":  {csrfHeader, "1", "Origin", "null"},
		"other port":   {csrfHeader, "1", "Origin", "http://example.com:8081"},
	} {
		body := b.must(http.StatusForbidden, http.MethodPatch, "/v1/me", change, append(headers, "If-Match", `"1"`)...)
		require.Equal(t, "forbidden", body["code"], name)
		require.Contains(t, body["detail"], "session cookie", name)
		h.nobody().must(http.StatusForbidden, http.MethodPost, "/v1/auth/session", map[string]any{"email": "tech@one.example", "password": goodPassword}, headers...)
		b.must(http.StatusForbidden, http.MethodDelete, "/v1/auth/session", nil, headers...)
	}
	b.must(http.StatusOK, http.MethodPatch, "/v1/me", change, csrfHeader, "1", "Sec-Fetch-Site", "same-origin", "Origin", "http://example.com", "If-Match", `"1"`)
	b.must(http.StatusOK, http.MethodPatch, "/v1/me", change, csrfHeader, "1", "Origin", "http://example.com", "If-Match", `"2"`)
	b.must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	bearer := h.bearer(h.login("tech@one.example", goodPassword))
	bearer.must(http.StatusOK, http.MethodPatch, "/v1/me", change, "Origin", "https://other.example", "If-Match", `"3"`)
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil, "Authorization", "Bearer x.y.z")
}

func TestBrowserSignsOut(t *testing.T) {
	t.Parallel()
	h, b, _ := techSignsIn(t)
	for range 2 { // the second time there is no session any more
		r := b.do(http.MethodDelete, "/v1/auth/session", nil, csrf...)
		require.Equal(t, http.StatusNoContent, r.Status, r.Body)
		require.Equal(t, "__Host-mainstay=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict", r.Header.Get("Set-Cookie"))
		require.Equal(t, `"cache", "storage"`, r.Header.Get("Clear-Site-Data"))
		b.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	}
	h.nobody().must(http.StatusNoContent, http.MethodDelete, "/v1/auth/session", nil, csrf...)
	events := items(h.admin().must(http.StatusOK, http.MethodGet, "/v1/audit-events?actor_id="+h.plant.Tech.String(), nil))
	require.ElementsMatch(t, []any{"session.start", "session.end"}, values(events, "action"))
}

func TestBrowserSessionExpires(t *testing.T) {
	t.Parallel()
	h, b, _ := techSignsIn(t)
	age := func(created, used time.Duration) {
		_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE sessions SET created_at = now() - $1::interval, used_at = now() - $2::interval,
			expires_at = least(now() - $2::interval + interval '12 hours', now() - $1::interval + interval '30 days')`,
			created.String(), used.String())
		require.NoError(t, err)
		h.server.verifier = auth.NewVerifier(h.keys, 10, time.Now) // another process
	}
	expiry := func() time.Time {
		var at time.Time
		require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT expires_at FROM sessions`).Scan(&at))
		return at
	}
	age(20*time.Hour, 11*time.Hour)
	b.must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	require.Greater(t, time.Until(expiry()), 11*time.Hour, "being used puts the end off")
	age(30*24*time.Hour-time.Hour, time.Hour)
	b.must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	require.Less(t, time.Until(expiry()), 2*time.Hour, "but not beyond thirty days")
	age(13*time.Hour, 12*time.Hour+time.Second)
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	age(30*24*time.Hour+time.Second, time.Minute)
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
}

func TestRightsChangeWithinABrowserSession(t *testing.T) {
	t.Parallel()
	h, b, _ := techSignsIn(t)
	b.must(http.StatusForbidden, http.MethodGet, "/v1/users", nil)
	user := "/v1/users/" + h.plant.Tech.String()
	h.admin().patch(http.StatusOK, user, map[string]any{"roles": []string{"auditor"}})
	h.learn()
	b.must(http.StatusOK, http.MethodGet, "/v1/users", nil)
	h.admin().must(http.StatusOK, http.MethodPost, user+"/disable", nil)
	h.learn()
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/users", nil)
}

func TestMySessions(t *testing.T) {
	t.Parallel()
	h, b, _ := techSignsIn(t)
	two := storetest.NewPlant(t, h.db, "two")
	h.setPassword(two.Tech, goodPassword)
	stranger, _ := h.signInBrowser(map[string]any{"email": "tech@two.example", "password": goodPassword})
	tokens := h.login("tech@one.example", goodPassword)
	list := items(b.must(http.StatusOK, http.MethodGet, "/v1/me/sessions", nil))
	require.Len(t, list, 2, "not those of others")
	require.Equal(t, []any{"browser", "token"}, values(list, "kind"), "the one that asks was seen last")
	require.Equal(t, []any{true, false}, values(list, "current"))

	path := "/v1/me/sessions/" + text(list[1], "id")
	stranger.must(http.StatusNotFound, http.MethodDelete, path, nil, csrf...)
	h.admin().must(http.StatusNotFound, http.MethodDelete, path, nil)
	h.bearer(tokens).must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	for range 2 {
		b.must(http.StatusNoContent, http.MethodDelete, path, nil, csrf...)
	}
	h.bearer(tokens).must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	require.Len(t, items(b.must(http.StatusOK, http.MethodGet, "/v1/me/sessions", nil)), 1)

	other := h.bearer(h.login("tech@one.example", goodPassword))
	other.must(http.StatusNoContent, http.MethodDelete, "/v1/me/sessions/"+text(list[0], "id"), nil)
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
	stranger.must(http.StatusOK, http.MethodGet, "/v1/me", nil)
}

func TestRevokedCookieEndsAtOtherProcesses(t *testing.T) {
	t.Parallel()
	h, b, _ := techSignsIn(t)
	b.must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE sessions SET revoked_at = clock_timestamp()`)
	require.NoError(t, err)
	b.must(http.StatusOK, http.MethodGet, "/v1/me", nil) // the verdict is cached
	h.learn()
	b.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
}

func TestEventsTakeTheCookie(t *testing.T) {
	t.Parallel()
	h, b, _ := techSignsIn(t)
	server := httptest.NewServer(h.server)
	t.Cleanup(server.Close)
	t.Cleanup(h.server.Drain)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/v1/events", nil)
	require.NoError(t, err)
	request.AddCookie(b.cookie)
	answer, err := server.Client().Do(request)
	require.NoError(t, err)
	t.Cleanup(func() { _ = answer.Body.Close() })
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, "text/event-stream", answer.Header.Get("Content-Type"))
}

// unknownCookie is a secret of the right form that nobody was given.
func unknownCookie() string {
	secret, _ := auth.NewSecret(auth.Cookie)
	return secret
}
