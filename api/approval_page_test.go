package api

import (
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
)

// mailed makes a link as the mail does, and returns its path.
func (h *harness) mailed(approval, user uuid.UUID, token string) string {
	h.t.Helper()
	hash := sha256.Sum256([]byte(token))
	ctx := models.WithActor(h.t.Context(), models.SystemActor(h.plant.Tenant))
	link, err := h.store.CreateApprovalLink(ctx, approval, user, hash[:], make([]byte, 32))
	require.NoError(h.t, err)
	require.NotNil(h.t, link)
	return "/approve/" + token
}

type page struct {
	status int
	header http.Header
	html   string
}

func (h *harness) page(method, path string, form url.Values, headers ...string) page {
	h.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	request := httptest.NewRequestWithContext(h.t.Context(), method, path, body)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	h.server.ServeHTTP(recorder, request)
	return page{recorder.Code, recorder.Header(), recorder.Body.String()}
}

var nonceField = regexp.MustCompile(`name="nonce" value="([^"]+)"`)

func (p page) nonce(t *testing.T) string {
	t.Helper()
	found := nonceField.FindStringSubmatch(p.html)
	require.NotNil(t, found, p.html)
	return found[1]
}

func (h *harness) status(approval uuid.UUID) models.ApprovalStatus {
	h.t.Helper()
	v, err := h.store.Approval(models.WithActor(h.t.Context(), models.SystemActor(h.plant.Tenant)), approval)
	require.NoError(h.t, err)
	return v.Status
}

// TestAScannerDecidesNothing does what link scanners of mail gateways do, and then what a person does.
func TestAScannerDecidesNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	one := h.person(h.plant, "Amir Approver", models.RoleApprover)
	h.costPolicy()
	_, approval := h.costly("600")
	path := h.mailed(approval, one, "secret")

	shown := h.page(http.MethodGet, path, nil)
	require.Equal(t, http.StatusOK, shown.status)
	require.Contains(t, shown.html, "Approve 600.00\u00a0€")
	require.Contains(t, shown.html, "New &lt;b&gt;liners&lt;/b&gt;", "what people write is text")
	require.NotContains(t, shown.html, "<script")
	require.Equal(t, "no-referrer", shown.header.Get("Referrer-Policy"))
	require.Equal(t, "no-store", shown.header.Get("Cache-Control"))
	require.Contains(t, shown.header.Get("Content-Security-Policy"), "default-src 'none'")
	require.NotContains(t, shown.header.Get("Content-Security-Policy"), "script-src")
	nonce := shown.nonce(t)

	for _, scan := range []page{
		h.page(http.MethodHead, path, nil),
		h.page(http.MethodGet, path, nil, "Sec-Purpose", "prefetch;prerender"),
		h.page(http.MethodGet, path+"?decision=approve&nonce="+url.QueryEscape(nonce), nil),
		h.page(http.MethodPost, path+"?decision=approve&nonce="+url.QueryEscape(nonce), url.Values{"comment": {""}}), // not in the body
		h.page(http.MethodPost, path, url.Values{}),
		h.page(http.MethodPost, path, url.Values{"nonce": {nonce}, "comment": {"scanned"}}),                                             // every field, no button
		h.page(http.MethodPost, path, url.Values{"nonce": {nonce}, "comment": {""}, "decision": {""}}),                                  // a button without its value
		h.page(http.MethodPost, path, url.Values{"nonce": {nonce}, "decision": {"yes"}}),                                                // another value
		h.page(http.MethodPost, path, url.Values{"decision": {"approve"}}),                                                              // no number
		h.page(http.MethodPost, path, url.Values{"nonce": {"AAAA" + nonce[4:]}, "decision": {"approve"}}),                               // a number of its own
		h.page(http.MethodPost, path, url.Values{"nonce": {nonce}, "decision": {"approve"}, "comment": {strings.Repeat("x", 100_000)}}), // too much
		h.page(http.MethodPut, path, url.Values{"nonce": {nonce}, "decision": {"approve"}}),
	} {
		require.Less(t, scan.status, http.StatusInternalServerError)
		require.Equal(t, models.ApprovalOpen, h.status(approval), scan.html)
	}
	for _, comment := range []string{" \r\n\t", "\u200b", "no\x00", "\xff", strings.Repeat("x", 2001)} {
		refused := h.page(http.MethodPost, path, url.Values{"nonce": {nonce}, "decision": {"reject"}, "comment": {comment}})
		require.Equal(t, http.StatusUnprocessableEntity, refused.status, "%q", comment)
		require.Equal(t, models.ApprovalOpen, h.status(approval))
	}
	reject := h.page(http.MethodPost, path, url.Values{"nonce": {nonce}, "decision": {"reject"}})
	require.Equal(t, http.StatusUnprocessableEntity, reject.status)
	require.Contains(t, reject.html, "A rejection needs a comment.")
	require.Equal(t, models.ApprovalOpen, h.status(approval))

	done := h.page(http.MethodPost, path, url.Values{"nonce": {reject.nonce(t)}, "decision": {"approve"}, "comment": {""}})
	require.Equal(t, http.StatusOK, done.status, done.html)
	require.Contains(t, done.html, "Approved by you")
	require.Equal(t, models.ApprovalApproved, h.status(approval))

	again := h.page(http.MethodPost, path, url.Values{"nonce": {reject.nonce(t)}, "decision": {"reject"}, "comment": {"no"}})
	require.Equal(t, http.StatusConflict, again.status)
	require.Contains(t, again.html, "Approved by you")
	require.Equal(t, models.ApprovalApproved, h.status(approval))
}

func TestALinkSaysWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	one, two := h.person(h.plant, "Amir Approver", models.RoleApprover), h.person(h.plant, "Berta Boss", models.RoleApprover)
	h.costPolicy()
	ctx := func(user uuid.UUID) (c client) { return h.as(h.plant, user, models.RoleApprover) }

	_, decided := h.costly("600")
	link := h.mailed(decided, one, "decided")
	ctx(two).must(http.StatusOK, http.MethodPost, "/v1/approvals/"+decided.String()+"/reject", map[string]any{"comment": "Agreed by phone"})
	shown := h.page(http.MethodGet, link, nil)
	require.Contains(t, shown.html, "Berta Boss rejected this.")
	require.Contains(t, shown.html, "Agreed by phone")

	order, void := h.costly("600")
	link = h.mailed(void, one, "void")
	nonce := h.page(http.MethodGet, link, nil).nonce(t)
	view, err := h.store.WorkOrder(h.plant.Context(t.Context()), order)
	require.NoError(t, err)
	require.NoError(t, h.store.ChangeWorkOrder(models.WithCommandKey(h.plant.Context(t.Context()), models.CommandKey{ID: models.NewID()}), order, view.Version,
		func(w *models.WorkOrder, _ string) error {
			w.EstimatedCost = new(decimal.RequireFromString("750"))
			return nil
		}, nil))
	stale := h.page(http.MethodPost, link, url.Values{"nonce": {nonce}, "decision": {"approve"}})
	require.Equal(t, http.StatusConflict, stale.status)
	for _, text := range []string{"It has changed", "600.00\u00a0€", "750.00\u00a0€"} {
		require.Contains(t, stale.html, text)
	}
	require.Equal(t, models.ApprovalVoid, h.status(void))

	_, expired := h.costly("600")
	link = h.mailed(expired, one, "expired")
	_, err = h.db.Owner.ExecContext(t.Context(), `UPDATE approval_tokens SET expires_at = now() - interval '1 minute' WHERE case_id = $1`, expired)
	require.NoError(t, err)
	require.Contains(t, h.page(http.MethodGet, link, nil).html, "This link has expired")

	_, handed := h.costly("600")
	link = h.mailed(handed, one, "handed")
	ctx(one).must(http.StatusOK, http.MethodPost, "/v1/approvals/"+handed.String()+"/delegate", map[string]any{"to": h.plant.Admin, "reason": "away"})
	require.Contains(t, h.page(http.MethodGet, link, nil).html, "Ada Admin is asked now.")

	unknown := h.page(http.MethodGet, "/approve/nothing", nil, "Accept-Language", "de-DE,de;q=0.9")
	require.Equal(t, http.StatusNotFound, unknown.status)
	require.Contains(t, unknown.html, "Diesen Link gibt es nicht")
}

func TestTheNumberOfAPage(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	link := &store.ApprovalLink{NonceKey: []byte("key"), TokenHash: []byte("token"), StepID: models.NewID(), ShownHash: []byte("content")}
	sent := newNonce(link, now)
	require.NotNil(t, checkNonce(link, sent, now.Add(nonceLife)))
	require.Nil(t, checkNonce(link, sent, now.Add(nonceLife+time.Second)), "too old")
	require.NotEqual(t, sent, newNonce(link, now))
	other := *link
	other.StepID = models.NewID()
	require.Nil(t, checkNonce(&other, sent, now), "of another question")
	other = *link
	other.ShownHash = []byte("another content")
	require.Nil(t, checkNonce(&other, sent, now))
	require.Nil(t, checkNonce(link, sent[:len(sent)-1], now))
}
