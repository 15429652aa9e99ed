package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestPreferencesAreOnesOwn(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c, tech, other := h.admin(), h.as(h.plant, h.plant.Tech, models.RoleTechnician), h.as(two, two.Admin, models.RoleAdmin)
	const path = "/v1/me/preferences"
	none := map[string]any{"saved_views": []any{}}
	first := c.do(http.MethodGet, path, nil)
	require.Equal(t, none, first.Body)
	require.Equal(t, `"0"`, first.Header.Get("ETag"))

	view := map[string]any{"area": "work-orders", "name": "Late", "search": "overdue=true&sort=due_on"}
	mine := map[string]any{"theme": "dark", "density": "compact", "letters": false, "saved_views": []any{view}}
	require.Equal(t, mine, c.must(http.StatusOK, http.MethodPut, path, mine, "If-Match", `"0"`))
	require.Equal(t, mine, c.must(http.StatusOK, http.MethodGet, path, nil))
	require.Equal(t, none, tech.must(http.StatusOK, http.MethodGet, path, nil))
	require.Equal(t, none, other.must(http.StatusOK, http.MethodGet, path, nil))
	c.must(http.StatusPreconditionFailed, http.MethodPut, path, none, "If-Match", `"0"`)
	require.Equal(t, none, c.must(http.StatusOK, http.MethodPut, path, none))
	require.Equal(t, `"2"`, c.do(http.MethodGet, path, nil).Header.Get("ETag"))

	for pointer, body := range map[string]map[string]any{
		"/theme":                {"theme": "pink", "saved_views": []any{}},
		"/density":              {"density": "huge", "saved_views": []any{}},
		"/saved_views/1/name":   {"saved_views": []any{view, view}},
		"/saved_views/0/search": {"saved_views": []any{map[string]any{"area": "a", "name": "b", "search": strings.Repeat("x", 2001)}}},
		"/colour":               {"colour": "red", "saved_views": []any{}},
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPut, path, body)
	}
	changes := items(c.must(http.StatusOK, http.MethodGet, "/v1/audit-events?subject_type=preferences", nil))
	require.Len(t, changes, 2)
}
