package api

import (
	"bytes"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestAuditEvents(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	two := storetest.NewPlant(t, h.db, "two")
	began := time.Now().UTC()
	id := c.create("/v1/cost-centers", map[string]any{"code": "CC-1", "name": "Crushing"})
	c.patch(http.StatusOK, "/v1/cost-centers/"+id, map[string]any{"name": "Screening"})
	h.as(two, two.Admin, models.RoleAdmin).create("/v1/cost-centers", map[string]any{"code": "CC-1", "name": "Other"})

	list := func(query string) []map[string]any {
		return items(c.must(http.StatusOK, http.MethodGet, "/v1/audit-events"+query, nil))
	}
	events := list("?subject_type=cost_center&subject_id=" + id)
	require.Equal(t, []any{"cost_center.change", "cost_center.create"}, values(events, "action"))
	change := events[0]
	require.Equal(t, map[string]any{"name": "Crushing"}, change["before"])
	require.Equal(t, map[string]any{"name": "Screening"}, change["after"])
	require.Nil(t, events[1]["before"])
	require.Equal(t, map[string]any{"id": h.plant.Admin.String(), "name": "Ada Admin"}, change["actor"])
	require.Equal(t, "user", change["actor_kind"])
	require.NotEmpty(t, change["request_id"])

	require.Len(t, list(""), 2, "another tenant's events are not seen")
	require.Len(t, list("?actor_id="+h.plant.Admin.String()), 2)
	require.Empty(t, list("?actor_id="+h.plant.Tech.String()))
	require.Equal(t, []any{"cost_center.create"}, values(list("?action=cost_center.create"), "action"))
	require.Len(t, list("?from="+url.QueryEscape(began.Format(time.RFC3339Nano))), 2)
	require.Empty(t, list("?to="+url.QueryEscape(began.Add(-time.Minute).Format(time.RFC3339Nano))))
	require.Len(t, list("?from="+began.Format(time.DateOnly)+"&to="+time.Now().UTC().Format(time.DateOnly)), 2)
	require.Empty(t, list("?from="+began.Add(48*time.Hour).Format(time.DateOnly)))

	first := c.must(http.StatusOK, http.MethodGet, "/v1/audit-events?limit=1&sort=at", nil)
	second := list("?limit=1&sort=at&cursor=" + text(first, "next_cursor"))
	require.Equal(t, []any{"cost_center.create", "cost_center.change"}, append(values(items(first), "action"), values(second, "action")...))

	c.refused(http.StatusUnprocessableEntity, "from", http.MethodGet, "/v1/audit-events?from=yesterday", nil)
	c.refused(http.StatusUnprocessableEntity, "subject_id", http.MethodGet, "/v1/audit-events?subject_id=1", nil)
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodGet, "/v1/audit-events", nil)
	h.within(h.plant.Area, models.RoleAuditor).must(http.StatusForbidden, http.MethodGet, "/v1/audit-events", nil)
}

func TestAnAuditEventKnowsItsSealAndTheLogIsProvenStepByStep(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	h.server.options.AuditKeys = models.NewAuditKeys(bytes.Repeat([]byte{3}, 32))
	at := time.Now().Add(-time.Minute)
	id, first := models.NewID(), models.FirstIDAt(at)
	copy(id[:6], first[:6])
	_, err := h.db.Owner.ExecContext(t.Context(), `INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id)
		VALUES ($1, $2, $3, $1, 'system', 'asset.change', 'asset', $2)`, h.plant.Tenant, id, at)
	require.NoError(t, err)
	c.create("/v1/cost-centers", map[string]any{"code": "CC-1", "name": "Crushing"})
	path := "/v1/audit-events/" + id.String()
	require.Equal(t, map[string]any{"status": "open", "checkpoint": nil, "sealed_at": nil, "anchored": false}, c.must(http.StatusOK, http.MethodGet, path, nil)["seal"])
	n, _, err := h.store.SealAudit(h.plant.Context(t.Context()), h.server.options.AuditKeys, true)
	require.NoError(t, err)
	require.Equal(t, 1, n)

	event := c.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, "asset.change", event["action"])
	seal, _ := event["seal"].(map[string]any)
	require.Equal(t, "sealed", seal["status"])
	require.EqualValues(t, 1, seal["checkpoint"])
	found := c.must(http.StatusOK, http.MethodGet, "/v1/audit-log/verification", nil)
	require.Equal(t, "intact", found["status"], found)
	require.EqualValues(t, 1, found["events"])
	require.EqualValues(t, 1, found["open_events"], "what was written a moment ago")
	require.Equal(t, map[string]any{"status": "none", "checkpoint": 0.0, "made_at": nil}, found["anchor"])
	require.EqualValues(t, 0, c.must(http.StatusOK, http.MethodGet, "/v1/audit-log/verification?after=1", nil)["events"])
	c.must(http.StatusNotFound, http.MethodGet, "/v1/audit-log/verification?after=2", nil)

	two := storetest.NewPlant(t, h.db, "two")
	other := h.as(two, two.Admin, models.RoleAdmin)
	other.must(http.StatusNotFound, http.MethodGet, path, nil)
	require.EqualValues(t, 0, other.must(http.StatusOK, http.MethodGet, "/v1/audit-log/verification", nil)["checkpoints"])
	require.EqualValues(t, 1, storetest.Forget(t, h.db, `id = $1`, id))
	found = c.must(http.StatusOK, http.MethodGet, "/v1/audit-log/verification", nil)
	require.Equal(t, "broken", found["status"])
	fault, _ := found["fault"].(map[string]any)
	require.Equal(t, "event_removed", fault["kind"])
	require.Equal(t, id.String(), fault["event_id"])
	h.server.options.AuditKeys = models.AuditKeys{}
	require.Equal(t, "off", c.must(http.StatusOK, http.MethodGet, "/v1/audit-log/verification", nil)["status"])

	for _, p := range []string{path, "/v1/audit-log/verification"} {
		h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodGet, p, nil)
	}
	h.server.options.AuditKeys = models.NewAuditKeys(bytes.Repeat([]byte{3}, 32))
	for _, p := range []string{path, "/v1/audit-log/verification"} {
		h.within(h.plant.Area, models.RoleAuditor).must(http.StatusForbidden, http.MethodGet, p, nil)
	}
}
