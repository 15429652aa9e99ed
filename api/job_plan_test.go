package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestJobPlansAndFailureCodes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c, stranger, tech := h.admin(), h.as(two, two.Admin, models.RoleAdmin), h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	for path, body := range map[string]map[string]any{
		"/v1/job-plans":     {"code": "JP-1", "name": "Grease", "planned_hours": "0.5", "steps": []any{map[string]any{"text": "Stop"}, map[string]any{"text": "Grease"}}},
		"/v1/failure-codes": {"code": "ELU", "name": "External leakage", "kind": "mode"},
	} {
		made := c.must(http.StatusCreated, http.MethodPost, path, body, "Idempotency-Key", "k")
		for name, value := range body {
			require.Equal(t, value, made[name], name)
		}
		require.Equal(t, made, c.must(http.StatusCreated, http.MethodPost, path, body, "Idempotency-Key", "k"))
		c.refused(http.StatusConflict, "/code", http.MethodPost, path, body)
		tech.must(http.StatusForbidden, http.MethodPost, path, body)
		one := path + "/" + made["id"].(string)
		require.Equal(t, made, tech.must(http.StatusOK, http.MethodGet, one, nil))
		stranger.must(http.StatusNotFound, http.MethodGet, one, nil)
		stranger.must(http.StatusNotFound, http.MethodPost, one+"/archive", nil)
		stranger.must(http.StatusCreated, http.MethodPost, path, body) // its own set
		changed := c.patch(http.StatusOK, one, map[string]any{"name": "Other"})
		require.Equal(t, "Other", changed["name"])
		c.must(http.StatusPreconditionFailed, http.MethodPatch, one, map[string]any{"name": "x"}, "If-Match", `"1"`)
		c.refused(http.StatusUnprocessableEntity, "/name", http.MethodPatch, one, map[string]any{"name": ""}, "If-Match", `"2"`)
		require.Len(t, items(c.must(http.StatusOK, http.MethodGet, path+"?q=oth", nil)), 1)
		c.must(http.StatusOK, http.MethodPost, one+"/archive", nil)
		require.Empty(t, items(c.must(http.StatusOK, http.MethodGet, path, nil)))
		require.Len(t, items(c.must(http.StatusOK, http.MethodGet, path+"?archived=true", nil)), 1)
		c.must(http.StatusOK, http.MethodPost, one+"/restore", nil)
		require.Len(t, items(c.must(http.StatusOK, http.MethodGet, path, nil)), 1)
	}
	require.Empty(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/failure-codes?kind=cause", nil)))
	c.refused(http.StatusUnprocessableEntity, "/kind", http.MethodPost, "/v1/failure-codes", map[string]any{"code": "x", "name": "x", "kind": "mood"})
	c.refused(http.StatusUnprocessableEntity, "/planned_hours", http.MethodPost, "/v1/job-plans", map[string]any{"code": "x", "name": "x", "planned_hours": "-1"})
	c.refused(http.StatusUnprocessableEntity, "/steps/0/text", http.MethodPost, "/v1/job-plans", map[string]any{"code": "x", "name": "x", "steps": []any{map[string]any{"text": ""}}})
}
