package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestAssetCostsSumByKindAndDay(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	path := "/v1/assets/" + h.plant.Asset.String() + "/costs"
	c := h.admin()
	require.Equal(t, map[string]any{"amount": "0.00", "currency": "EUR"}, c.must(http.StatusOK, http.MethodGet, path, nil)["total"])
	order := models.NewID()
	for _, statement := range []string{
		`INSERT INTO work_orders (tenant_id, id, number, title, type, priority, status, asset_id, location_id, site_id, created_at, updated_at)
			VALUES ($1, $2, 'WO-1', 'Seal', 'corrective', 'low', 'closed', $3, $4, $5, now(), now())`,
		`INSERT INTO work_order_costs (tenant_id, id, work_order_id, asset_id, kind, amount, currency, incurred_on, actor_id, created_at)
			SELECT $1, gen_random_uuid(), $2, $3, k, a, 'EUR', d::date, $4, now() FROM (VALUES ('services', 100.10, '2025-01-31'),
			('services', -0.10, '2025-02-01'), ('parts', 7, '2025-02-01'), ('other', 0.05, '2025-03-01')) v(k, a, d) WHERE $5::uuid IS NOT NULL`,
		`INSERT INTO labor_entries (tenant_id, id, work_order_id, asset_id, user_id, worked_on, hours, rate, amount, currency, kind, actor_id, created_at)
			SELECT $1, gen_random_uuid(), $2, $3, u.id, '2025-02-01', 2, 50, 100, 'EUR', 'regular', u.id, now() FROM users u
			WHERE u.tenant_id = $1 AND u.email LIKE 'tech%' AND $4::uuid IS NOT NULL AND $5::uuid IS NOT NULL`,
	} {
		_, err := h.db.Owner.ExecContext(t.Context(), statement, h.plant.Tenant, order, h.plant.Asset, h.plant.Area, h.plant.Site)
		require.NoError(t, err)
	}
	amounts := func(query string) []any {
		body := c.must(http.StatusOK, http.MethodGet, path+query, nil)
		var out []any
		for _, kind := range []string{"labor", "parts", "services", "other", "total"} {
			money, _ := body[kind].(map[string]any)
			out = append(out, money["amount"])
		}
		return out
	}
	require.Equal(t, []any{"100.00", "7.00", "100.00", "0.05", "207.05"}, amounts(""))
	require.Equal(t, []any{"100.00", "7.00", "-0.10", "0.00", "106.90"}, amounts("?from=2025-02-01&to=2025-02-28"))
	c.refused(http.StatusUnprocessableEntity, "from", http.MethodGet, path+"?from=2025-02-30", nil)
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodGet, path, nil)
	other := storetest.NewPlant(t, h.db, "two")
	h.as(other, other.Admin, models.RoleAdmin).must(http.StatusNotFound, http.MethodGet, path, nil)
}
