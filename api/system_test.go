package api

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/internal/telemetry"
	"mainstay/models"
)

func TestSystemIsForOperators(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.server.options.Ready = map[string]telemetry.Check{
		"database": h.store.Ping, "temporal": func(context.Context) error { return errors.New("a secret") },
	}
	h.order(h.plant, models.NewWorkOrder{Title: "One"})
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodGet, "/v1/system", nil)
	body := h.as(h.plant, h.plant.Admin, models.RolePlatformOperator).must(http.StatusOK, http.MethodGet, "/v1/system", nil)
	require.Equal(t, "test", body["version"])
	dependencies := listOf(body, "dependencies")
	require.Equal(t, []any{"database", "temporal"}, values(dependencies, "name"))
	require.Equal(t, []any{"ok", "away"}, values(dependencies, "status"))
	require.Contains(t, values(listOf(body, "figures"), "name"), "outbox_oldest_seconds")
}
