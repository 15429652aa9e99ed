package api

import (
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
