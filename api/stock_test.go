package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestStockThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	supplier := c.create("/v1/suppliers", map[string]any{"code": "SKF", "name": "Bearings", "email": "orders@example.com"})
	c.refused(http.StatusUnprocessableEntity, "/email", http.MethodPost, "/v1/suppliers", map[string]any{"code": "X", "name": "X", "email": "nobody"})
	item := c.create("/v1/items", map[string]any{
		"code": "BRG-1", "name": "Bearing", "unit": "pc", "barcode": "4001", "reorder_point": "4", "supplier_id": supplier, "unit_cost": "12.50",
	})
	c.refused(http.StatusUnprocessableEntity, "/max_stock", http.MethodPost, "/v1/items",
		map[string]any{"code": "B", "name": "B", "unit": "pc", "reorder_point": "4", "max_stock": "3"})
	c.refused(http.StatusConflict, "/code", http.MethodPost, "/v1/items", map[string]any{"code": "BRG-1", "name": "Twin", "unit": "pc"})
	store := c.create("/v1/locations", map[string]any{"code": "ST", "name": "Store", "kind": "storeroom", "parent_id": h.plant.Site.String()})
	bin := c.create("/v1/locations", map[string]any{"code": "ST-1", "name": "Bin", "kind": "bin", "parent_id": store})

	receipt := map[string]any{"item_id": item, "location_id": store, "kind": "receipt", "quantity": "10"}
	posted := c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements", receipt, "Idempotency-Key", "delivery-7")
	again := c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements", receipt, "Idempotency-Key", "delivery-7")
	require.Equal(t, posted["id"], again["id"], "the same delivery sent twice is one movement")
	require.Equal(t, map[string]any{"amount": "125.00", "currency": "EUR"}, posted["value"])
	c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements",
		map[string]any{"item_id": item, "location_id": store, "to_location_id": bin, "kind": "transfer", "quantity": "3"})
	stock := c.must(http.StatusOK, http.MethodGet, "/v1/items/"+item+"/stock", nil)
	require.Equal(t, "10", stock["on_hand"])
	require.Equal(t, "10", stock["available"])
	require.Equal(t, map[string]any{"amount": "125.00", "currency": "EUR"}, stock["value"])
	require.Len(t, stock["by_location"], 2)

	for pointer, body := range map[string]map[string]any{
		"/quantity":       {"item_id": item, "location_id": bin, "kind": "receipt", "quantity": "-1"},
		"/reason":         {"item_id": item, "location_id": bin, "kind": "scrap", "quantity": "1"},
		"/to_location_id": {"item_id": item, "location_id": bin, "kind": "transfer", "quantity": "1"},
		"/work_order_id":  {"item_id": item, "location_id": bin, "kind": "issue", "quantity": "1"},
		"/serial":         {"item_id": item, "location_id": bin, "kind": "receipt", "quantity": "1", "serial": "S"},
		"/location_id":    {"item_id": item, "location_id": h.plant.Site.String(), "kind": "receipt", "quantity": "1"},
		"/item_id":        {"item_id": models.NewID().String(), "location_id": bin, "kind": "receipt", "quantity": "1"},
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPost, "/v1/stock-movements", body)
	}
	dock := c.create("/v1/locations", map[string]any{"code": "ST-IN", "name": "Dock", "kind": "receiving", "parent_id": store})
	c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements", map[string]any{"item_id": item, "location_id": dock, "kind": "receipt", "quantity": "1"})
	waiting := items(c.must(http.StatusOK, http.MethodGet, "/v1/put-aways?item_id="+item, nil))
	require.Equal(t, []any{"1"}, values(waiting, "quantity"))
	require.Equal(t, store, waiting[0]["to_location_id"], "most of it lies there")
	away := map[string]any{"item_id": item, "location_id": dock, "kind": "put_away", "quantity": "1"}
	c.refused(http.StatusUnprocessableEntity, "/to_location_id", http.MethodPost, "/v1/stock-movements", away)
	away["to_location_id"] = bin
	putAway := c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements", away)
	require.Empty(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/put-aways", nil)))
	for _, id := range []any{putAway["id"], items(c.must(http.StatusOK, http.MethodGet, "/v1/stock-movements?kind=receipt&limit=1", nil))[0]["id"]} {
		c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements/"+id.(string)+"/reverse", map[string]any{"reason": "a trial"})
	}
	c.refused(http.StatusConflict, "/quantity", http.MethodPost, "/v1/stock-movements",
		map[string]any{"item_id": item, "location_id": bin, "kind": "scrap", "quantity": "4", "reason": "wet"})

	oil := c.create("/v1/items", map[string]any{
		"code": "OIL", "name": "Oil", "unit": "l", "purchase_unit": "drum", "purchase_factor": "205", "issue_unit": "ml", "issue_factor": "0.001", "decimals": 3,
	})
	drum := c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements",
		map[string]any{"item_id": oil, "location_id": bin, "kind": "receipt", "quantity": "2", "unit": "drum", "unit_cost": "410.01"})
	require.Equal(t, "410", drum["quantity"])
	require.Equal(t, map[string]any{"quantity": "2", "unit": "drum"}, drum["entered"])
	require.Equal(t, map[string]any{"amount": "820.02", "currency": "EUR"}, drum["value"])
	c.refused(http.StatusUnprocessableEntity, "/quantity", http.MethodPost, "/v1/stock-movements",
		map[string]any{"item_id": oil, "location_id": bin, "kind": "scrap", "quantity": "0.5", "unit": "ml", "reason": "spilt"})
	c.refused(http.StatusUnprocessableEntity, "/purchase_factor", http.MethodPost, "/v1/items",
		map[string]any{"code": "B", "name": "B", "unit": "pc", "purchase_unit": "box"})
	require.Equal(t, "drum", c.must(http.StatusCreated, http.MethodPost, "/v1/catalog-entries",
		map[string]any{"supplier_id": supplier, "item_id": oil, "unit": "drum", "price": "400"})["unit"])

	ledger := c.must(http.StatusOK, http.MethodGet, "/v1/stock-movements?kind=transfer&kind=receipt&item_id="+item, nil)
	require.Equal(t, []any{"receipt", "transfer", "receipt"}, values(items(ledger), "kind"))
	reversed := c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements/"+items(ledger)[1]["id"].(string)+"/reverse", map[string]any{"reason": "wrong bin"})
	require.Equal(t, "reversal", reversed["kind"])
	require.Equal(t, item, c.must(http.StatusOK, http.MethodGet, "/v1/lookup?code=4001", nil)["id"])
	require.Equal(t, []any{"BRG-1"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/search?q=bearing&kinds=item", nil)), "code"))
	require.Empty(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/items?low=true", nil)))
	c.create("/v1/items", map[string]any{"code": "SEAL-1", "name": "Seal", "unit": "pc", "reorder_point": "0"})
	c.create("/v1/items", map[string]any{"code": "RAG-1", "name": "Rag", "unit": "pc"})
	require.Equal(t, []any{"SEAL-1"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/items?low=true", nil)), "code"))
	require.Equal(t, map[string]any{"low": 1.0, "watched": 2.0}, c.must(http.StatusOK, http.MethodGet, "/v1/dashboard", nil)["stock"])
	c.must(http.StatusConflict, http.MethodPost, "/v1/items/"+item+"/archive", nil)
	c.must(http.StatusConflict, http.MethodPost, "/v1/suppliers/"+supplier+"/archive", nil)
	tag := c.do(http.MethodGet, "/v1/items/"+item, nil).Header.Get("ETag")
	c.must(http.StatusConflict, http.MethodPatch, "/v1/items/"+item, map[string]any{"unit": "box"}, "If-Match", tag)
}

func TestStockIsBehindTheWalls(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	item := c.create("/v1/items", map[string]any{"code": "BRG-1", "name": "Bearing", "unit": "pc", "unit_cost": "12.50"})
	store := c.create("/v1/locations", map[string]any{"code": "ST", "name": "Store", "kind": "storeroom", "parent_id": h.plant.Site.String()})
	movement := map[string]any{"item_id": item, "location_id": store, "kind": "receipt", "quantity": "1"}
	posted, _ := c.must(http.StatusCreated, http.MethodPost, "/v1/stock-movements", movement)["id"].(string)

	technician := h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	require.NotContains(t, technician.must(http.StatusOK, http.MethodGet, "/v1/items/"+item, nil), "unit_cost", "costs are for who may read them")
	require.NotContains(t, technician.must(http.StatusOK, http.MethodGet, "/v1/items/"+item+"/stock", nil), "value")
	technician.must(http.StatusForbidden, http.MethodPost, "/v1/stock-movements", movement)
	requester := h.as(h.plant, h.plant.Tech, models.RoleRequester)
	for _, path := range []string{"/v1/items", "/v1/put-aways"} {
		requester.must(http.StatusForbidden, http.MethodGet, path, nil)
	}

	elsewhere := h.within(h.plant.Area, models.RoleStorekeeper)
	elsewhere.must(http.StatusNotFound, http.MethodGet, "/v1/stock-movements/"+posted, nil)
	elsewhere.refused(http.StatusUnprocessableEntity, "/location_id", http.MethodPost, "/v1/stock-movements", movement)

	other := storetest.NewPlant(t, h.db, "two")
	stranger := h.as(other, other.Admin, models.RoleAdmin)
	for _, path := range []string{"/v1/items/" + item, "/v1/items/" + item + "/stock", "/v1/stock-movements/" + posted} {
		stranger.must(http.StatusNotFound, http.MethodGet, path, nil)
	}
	stranger.refused(http.StatusUnprocessableEntity, "/location_id", http.MethodPost, "/v1/stock-movements",
		map[string]any{"item_id": stranger.create("/v1/items", map[string]any{"code": "A", "name": "A", "unit": "pc"}), "location_id": store, "kind": "receipt", "quantity": "1"})
}
