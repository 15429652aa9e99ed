package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestPermissionMatrix(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	m := h.as(h.plant, h.plant.Tech, models.RoleRequester).must(http.StatusOK, http.MethodGet, "/v1/permissions", nil)
	require.Len(t, m["roles"], len(models.Roles()))
	require.Len(t, m["permissions"], len(models.Permissions()))
	for _, p := range listOf(m, "permissions") {
		holders, _ := p["roles"].([]any)
		for _, r := range listOf(m, "roles") {
			if held, _ := r["permissions"].([]any); !slices.Contains(held, p["permission"]) {
				require.NotContains(t, holders, r["role"])
				continue
			}
			require.Contains(t, holders, r["role"])
		}
		require.True(t, strings.HasPrefix(text(p, "permission"), text(p, "resource")+"."))
	}
	refusal := h.as(h.plant, h.plant.Tech, models.RoleRequester).must(http.StatusForbidden, http.MethodGet, "/v1/audit-events", nil)
	require.Equal(t, string(models.PermissionAuditRead), refusal["permission"])
}
