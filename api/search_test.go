package api

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c, other := h.admin(), h.as(two, two.Admin, models.RoleAdmin)
	h.order(h.plant, models.NewWorkOrder{Title: "Seal of pump 100%"})
	c.create("/v1/assets", h.asset("PUMP-9", "name", "Zeta", "serial_number", "SN-5"))
	room := c.create("/v1/locations", map[string]any{"code": "PR", "name": "Pump room", "kind": "room", "parent_id": h.plant.Site.String()})
	find := func(as client, query string) []any {
		return values(items(as.must(http.StatusOK, http.MethodGet, "/v1/search?"+query, nil)), "name")
	}
	require.Equal(t, []any{"Zeta", "Pump 1", "Pump room", "Seal of pump 100%"}, find(c, "q=pump"))
	require.Equal(t, []any{"Pump room"}, find(c, "q=pump&kinds=location"))
	require.Equal(t, []any{"Zeta", "Pump room"}, find(c, "q=pump&kinds=location,asset&limit=1"))
	require.Equal(t, []any{"Seal of pump 100%"}, find(c, "q=0%25"))
	require.Equal(t, []any{"Zeta"}, find(c, "q=sn-5"))
	require.Equal(t, []any{"Pump 1"}, find(other, "q=pump"))
	require.Equal(t, []any{"Pump room"}, find(h.within(uuid.MustParse(room), models.RoleAssetManager), "q=pump"))
	require.Equal(t, []any{"Zeta", "Pump 1", "Pump room"}, find(h.as(h.plant, h.plant.Tech, models.RoleRequester), "q=pump"))
	c.create("/v1/items", map[string]any{"code": "PS", "name": "Pump seal", "unit": "pc"})
	require.Equal(t, []any{"Pump room", "Pump seal"}, find(c, "q=pump&location_id="+room), "an item stands nowhere")
	require.Equal(t, []any{"Zeta", "Pump 1", "Seal of pump 100%", "Pump seal"}, find(c, "q=pump&location_id="+h.plant.Area.String()))
	require.Equal(t, []any{"Pump seal"}, find(c, "q=pump&location_id="+two.Site.String()))
	require.Equal(t, []any{"Pump 1", "Zeta"}, find(h.within(h.plant.Area, models.RoleAssetManager), "q=p&kinds=asset&location_id="+h.plant.Site.String()))
	order, _, _ := h.bought(c)
	require.Equal(t, []any{order}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/search?q=bearings&kinds=purchase_order", nil)), "id"))
	require.Equal(t, []any{"Bearings"}, find(c, "q=PO-000001&location_id="+room), "an order to a supplier stands nowhere")
	require.Empty(t, find(other, "q=bearings&kinds=purchase_order"))
	require.Empty(t, find(h.as(h.plant, h.plant.Tech, models.RoleTechnician), "q=PO-000001"), "who may not read orders finds none")
	c.refused(http.StatusUnprocessableEntity, "location_id", http.MethodGet, "/v1/search?q=x&location_id=here", nil)
	c.refused(http.StatusUnprocessableEntity, "kinds", http.MethodGet, "/v1/search?q=x&kinds=people", nil)
	c.must(http.StatusUnprocessableEntity, http.MethodGet, "/v1/search", nil)
}

func TestLookup(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c := h.admin()
	h.order(h.plant, models.NewWorkOrder{Title: "An order"})
	id := c.create("/v1/assets", h.asset("X-1", "name", "By label", "barcode", "P-1", "serial_number", "S-1"))
	scan := func(code string) any {
		return c.must(http.StatusOK, http.MethodGet, "/v1/lookup?code="+code, nil)["name"]
	}
	require.Equal(t, "By label", scan("P-1"), "the label wins over another asset's code")
	require.Equal(t, "By label", scan("S-1"))
	require.Equal(t, "Area", scan("AREA"))
	require.Equal(t, "An order", scan("WO-000001"))
	found := c.must(http.StatusOK, http.MethodGet, "/v1/lookup?code=X-1", nil)
	require.Equal(t, map[string]any{"kind": "asset", "id": id, "code": "X-1", "name": "By label", "url": "/v1/assets/" + id}, found)
	c.must(http.StatusOK, http.MethodGet, found["url"].(string), nil)
	order, item, _ := h.bought(c)
	require.Equal(t, "/v1/purchase-orders/"+order, c.must(http.StatusOK, http.MethodGet, "/v1/lookup?code=PO-000001", nil)["url"])
	require.Equal(t, "/v1/items/"+item, c.must(http.StatusOK, http.MethodGet, "/v1/lookup?code=BRG-1", nil)["url"])
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusNotFound, http.MethodGet, "/v1/lookup?code=PO-000001", nil)
	c.must(http.StatusNotFound, http.MethodGet, "/v1/lookup?code=nothing", nil)
	h.as(two, two.Admin, models.RoleAdmin).must(http.StatusNotFound, http.MethodGet, "/v1/lookup?code=X-1", nil)
	h.as(h.plant, h.plant.Tech, models.RoleRequester).must(http.StatusNotFound, http.MethodGet, "/v1/lookup?code=WO-000001", nil)
}
