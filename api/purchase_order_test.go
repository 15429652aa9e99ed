package api

import (
	"math"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

// purchase makes an order as its process would, and carries out the commands.
func (h *harness) purchase(p storetest.Plant, n models.NewPurchaseOrder, names ...models.PurchaseOrderCommandName) uuid.UUID {
	h.t.Helper()
	key := models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true}
	ctx := models.WithCommandKey(p.Context(h.t.Context()), key)
	id := models.SubjectID(key.ID)
	admitted, err := h.store.AdmitPurchaseOrder(ctx, id, n)
	require.NoError(h.t, err)
	_, err = h.store.RunPurchaseOrderCommand(ctx, id, admitted.ID, models.PurchaseOrderCreate)
	require.NoError(h.t, err)
	for _, name := range names {
		ctx := models.WithCommandKey(p.Context(h.t.Context()), models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true})
		_, admitted, err := h.store.AdmitPurchaseOrderCommand(ctx, id, name, models.PurchaseOrderCommand{Reason: "because"})
		require.NoError(h.t, err)
		_, err = h.store.RunPurchaseOrderCommand(ctx, id, admitted.ID, name)
		require.NoError(h.t, err)
	}
	return id
}

// bought is an order of ten units of an item at 2.50.
func (h *harness) bought(c client, names ...models.PurchaseOrderCommandName) (order, item, supplier string) {
	h.t.Helper()
	supplier = c.create("/v1/suppliers", map[string]any{"code": "SKF", "name": "Bearings", "receipt_tolerance_pct": "5"})
	item = c.create("/v1/items", map[string]any{"code": "BRG-1", "name": "Bearing", "unit": "pc"})
	thing, price := uuid.MustParse(item), decimal.RequireFromString("2.5")
	id := h.purchase(h.plant, models.NewPurchaseOrder{SupplierID: uuid.MustParse(supplier), Currency: "EUR", Lines: []models.NewPurchaseOrderLine{
		{ItemID: &thing, Quantity: decimal.RequireFromString("10"), UnitPrice: &price},
	}}, names...)
	return id.String(), item, supplier
}

func TestPurchaseOrderThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	id, item, supplier := h.bought(c, models.PurchaseOrderSubmit)
	path := "/v1/purchase-orders/" + id
	order := c.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, []any{"withdraw", "send", "cancel"}, order["allowed_commands"])
	require.Equal(t, map[string]any{"amount": "25.00", "currency": "EUR"}, order["base_amount"])
	line, _ := order["lines"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"10", "stock", "0"}, []any{line["open"], line["destination"], line["received"]})
	require.Equal(t, "purchase-order/"+id, order["process"].(map[string]any)["workflow_id"])

	for pointer, body := range map[string]map[string]any{
		"/lines/0/quantity":            {"supplier_id": supplier, "currency": "EUR", "lines": []map[string]any{{"item_id": item, "quantity": "0"}}},
		"/currency":                    {"supplier_id": supplier, "currency": "eur", "lines": []map[string]any{{"item_id": item, "quantity": "1"}}},
		"/lines/0/unit_price/currency": {"supplier_id": supplier, "currency": "EUR", "lines": []map[string]any{{"item_id": item, "quantity": "1", "unit_price": map[string]any{"amount": "1", "currency": "USD"}}}},
		"/lines/0/item_id":             {"supplier_id": supplier, "currency": "EUR", "lines": []map[string]any{{"quantity": "1"}}},
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPost, "/v1/purchase-orders", body)
	}
	c.refused(http.StatusUnprocessableEntity, "/reason", http.MethodPost, path+"/cancel", map[string]any{})
	conflict := c.must(http.StatusConflict, http.MethodPost, path+"/close", nil)
	require.Equal(t, []any{"withdraw", "send", "cancel"}, conflict["allowed_commands"])

	c.must(http.StatusPreconditionRequired, http.MethodPatch, path, map[string]any{"note": "Gate 3"})
	tag := c.do(http.MethodGet, path, nil).Header.Get("ETag")
	changed := c.must(http.StatusOK, http.MethodPatch, path, map[string]any{"note": "Gate 3", "lines": []map[string]any{
		{"id": line["id"], "item_id": item, "quantity": "12", "unit_price": "2.5"}, {"description": "Freight", "quantity": "1", "unit_price": "7.1234"},
	}}, "If-Match", tag)
	require.Equal(t, []any{"draft", float64(2), map[string]any{"amount": "37.12", "currency": "EUR"}},
		[]any{changed["status"], changed["revision"], changed["amount"]})
	second, _ := changed["lines"].([]any)[1].(map[string]any)
	require.Equal(t, map[string]any{"amount": "7.1234", "currency": "EUR"}, second["unit_price"], "a price is shown as it is")
	revisions := items(c.must(http.StatusOK, http.MethodGet, path+"/revisions", nil))
	require.Len(t, revisions, 1)
	require.Equal(t, "25", revisions[0]["amount"])
	require.Equal(t, "12", c.must(http.StatusOK, http.MethodGet, "/v1/items/"+item+"/stock", nil)["on_order"])

	list := items(c.must(http.StatusOK, http.MethodGet, "/v1/purchase-orders?status=draft&supplier_id="+supplier+"&q=freight", nil))
	require.Equal(t, []any{order["number"]}, values(list, "number"))
	require.NotContains(t, list[0], "lines")
	require.Empty(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/purchase-orders?late=true", nil)))
	c.must(http.StatusConflict, http.MethodPost, "/v1/suppliers/"+supplier+"/archive", nil)
	c.must(http.StatusConflict, http.MethodPost, "/v1/items/"+item+"/archive", nil)
}

func TestInvoicesThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	id, _, _ := h.bought(c, models.PurchaseOrderSubmit, models.PurchaseOrderSend)
	path := "/v1/purchase-orders/" + id
	order := c.must(http.StatusOK, http.MethodGet, path, nil)
	line, _ := order["lines"].([]any)[0].(map[string]any)
	body := map[string]any{"number": "R-1", "tax": "4.75", "lines": []map[string]any{{"line_id": line["id"], "quantity": "10", "unit_price": "2.5"}}}
	invoice := c.must(http.StatusCreated, http.MethodPost, path+"/invoices", body, "Idempotency-Key", "r-1")
	again := c.must(http.StatusCreated, http.MethodPost, path+"/invoices", body, "Idempotency-Key", "r-1")
	require.Equal(t, invoice["id"], again["id"])
	first, _ := invoice["lines"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"blocked", []any{"not_received"}, "10", "0"}, []any{first["status"], first["keys"], first["ordered"], first["received"]})
	require.Equal(t, map[string]any{"amount": "25.00", "currency": "EUR"}, invoice["amount"])
	c.refused(http.StatusConflict, "/number", http.MethodPost, path+"/invoices", body)
	c.refused(http.StatusUnprocessableEntity, "/lines/0/line_id", http.MethodPost, path+"/invoices", map[string]any{
		"number": "R-2", "lines": []map[string]any{{"line_id": models.NewID(), "quantity": "1", "unit_price": "1"}},
	})
	one := "/v1/supplier-invoices/" + invoice["id"].(string)
	require.InDelta(t, 1, c.must(http.StatusOK, http.MethodGet, path, nil)["blocked_lines"], 0)
	require.Len(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/purchase-orders?blocked=true", nil)), 1)
	c.must(http.StatusForbidden, http.MethodPost, one+"/release", map[string]any{"reason": "agreed"})
	boss := h.as(h.plant, h.plant.Tech, models.RoleApprover)
	for _, line := range []int{-1, 0, 2, math.MaxInt32 + 1, math.MaxInt64} {
		boss.must(http.StatusConflict, http.MethodPost, one+"/release", map[string]any{"reason": "agreed", "lines": []int{line}})
	}
	released := boss.must(http.StatusOK, http.MethodPost, one+"/release", map[string]any{"reason": "paid in advance"})
	require.Equal(t, "released", released["status"])
	require.Equal(t, []any{"R-1"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/supplier-invoices?status=released&purchase_order_id="+id, nil)), "number"))
	require.Equal(t, "void", c.must(http.StatusOK, http.MethodPost, one+"/void", map[string]any{"reason": "entered twice"})["status"])
}

func TestCatalogAndRatesThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	supplier := c.create("/v1/suppliers", map[string]any{"code": "SKF", "name": "Bearings", "price_tolerance_pct": "2.5"})
	c.refused(http.StatusUnprocessableEntity, "/receipt_tolerance_pct", http.MethodPost, "/v1/suppliers",
		map[string]any{"code": "X", "name": "X", "receipt_tolerance_pct": "101"})
	item := c.create("/v1/items", map[string]any{"code": "BRG-1", "name": "Bearing", "unit": "pc"})
	entry := c.create("/v1/catalog-entries", map[string]any{"supplier_id": supplier, "item_id": item, "price": map[string]any{"amount": "7.5", "currency": "USD"}, "lead_days": 4})
	c.must(http.StatusConflict, http.MethodPost, "/v1/catalog-entries", map[string]any{"supplier_id": supplier, "item_id": item, "price": "8"})
	c.refused(http.StatusUnprocessableEntity, "/item_id", http.MethodPost, "/v1/catalog-entries", map[string]any{"supplier_id": supplier, "item_id": models.NewID(), "price": "8"})
	path := "/v1/catalog-entries/" + entry
	changed := c.must(http.StatusOK, http.MethodPatch, path, map[string]any{"price": "6.9", "lead_days": nil}, "If-Match", `"1"`)
	require.Equal(t, map[string]any{"amount": "6.90", "currency": "EUR"}, changed["price"])
	require.NotContains(t, changed, "lead_days")
	require.Len(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/catalog-entries?q=bear&supplier_id="+supplier, nil)), 1)
	c.must(http.StatusOK, http.MethodPost, path+"/archive", nil)
	require.Empty(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/catalog-entries", nil)))

	rate := c.create("/v1/exchange-rates", map[string]any{"currency": "USD", "rate": "0.9137", "valid_from": "2030-01-01"})
	c.refused(http.StatusUnprocessableEntity, "/currency", http.MethodPost, "/v1/exchange-rates", map[string]any{"currency": "EUR", "rate": "1", "valid_from": "2030-01-01"})
	c.must(http.StatusConflict, http.MethodPost, "/v1/exchange-rates", map[string]any{"currency": "USD", "rate": "1", "valid_from": "2030-01-01"})
	require.Equal(t, "0.95", c.must(http.StatusOK, http.MethodPatch, "/v1/exchange-rates/"+rate, map[string]any{"rate": "0.95"}, "If-Match", `"1"`)["rate"])
	require.Len(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/exchange-rates?currency=USD", nil)), 1)
}

func TestRequisitionsThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	technician := h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	id := technician.create("/v1/requisitions", map[string]any{"note": "Spare", "needed_on": "2030-05-01", "lines": []map[string]any{{"description": "Hoist", "quantity": "1"}}})
	path := "/v1/requisitions/" + id
	require.Equal(t, []any{"order", "reject", "cancel"}, c.must(http.StatusOK, http.MethodGet, path, nil)["allowed_commands"])
	c.refused(http.StatusUnprocessableEntity, "/lines/0/item_id", http.MethodPost, "/v1/requisitions", map[string]any{"lines": []map[string]any{{"quantity": "1"}}})
	c.must(http.StatusForbidden, http.MethodPost, path+"/cancel", map[string]any{})
	technician.must(http.StatusForbidden, http.MethodPost, path+"/reject", map[string]any{"reason": "no"})
	technician.must(http.StatusForbidden, http.MethodPost, path+"/order", map[string]any{"supplier_id": models.NewID()})
	require.Equal(t, "rejected", c.must(http.StatusOK, http.MethodPost, path+"/reject", map[string]any{"reason": "we have one"})["status"])
	technician.must(http.StatusConflict, http.MethodPost, path+"/cancel", map[string]any{})
	require.Len(t, items(technician.must(http.StatusOK, http.MethodGet, "/v1/requisitions?status=rejected&requested_by=me&q=hoist", nil)), 1)
	require.Equal(t, "requisition.rejected", items(technician.must(http.StatusOK, http.MethodGet, "/v1/notifications", nil))[0]["kind"])
}

func TestPurchasingIsBehindTheWalls(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	id, item, supplier := h.bought(h.admin(), models.PurchaseOrderSubmit, models.PurchaseOrderSend)
	path := "/v1/purchase-orders/" + id
	body := map[string]any{"supplier_id": supplier, "currency": "EUR", "lines": []map[string]any{{"item_id": item, "quantity": "1"}}}
	keeper := h.as(h.plant, h.plant.Tech, models.RoleStorekeeper)
	keeper.must(http.StatusForbidden, http.MethodPost, "/v1/purchase-orders", body)
	keeper.must(http.StatusForbidden, http.MethodPost, path+"/cancel", map[string]any{"reason": "x"})
	buyer := h.as(h.plant, h.plant.Tech, models.RoleBuyer)
	buyer.must(http.StatusForbidden, http.MethodPost, path+"/receive", map[string]any{"lines": []map[string]any{}})
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodGet, path, nil)

	elsewhere := h.within(h.plant.Area, models.RoleStorekeeper)
	room := h.admin().create("/v1/locations", map[string]any{"code": "ST", "name": "Store", "kind": "storeroom", "parent_id": h.plant.Site.String()})
	line, _ := keeper.must(http.StatusOK, http.MethodGet, path, nil)["lines"].([]any)[0].(map[string]any)
	elsewhere.refused(http.StatusUnprocessableEntity, "/lines/0/location_id", http.MethodPost, path+"/receive", map[string]any{
		"lines": []map[string]any{{"line_id": line["id"], "quantity": "1", "location_id": room}},
	})

	other := storetest.NewPlant(t, h.db, "two")
	stranger := h.as(other, other.Admin, models.RoleAdmin)
	stranger.must(http.StatusNotFound, http.MethodGet, path, nil)
	stranger.must(http.StatusNotFound, http.MethodGet, path+"/revisions", nil)
	stranger.must(http.StatusNotFound, http.MethodPatch, path, map[string]any{"note": "x"}, "If-Match", `"1"`)
	stranger.must(http.StatusNotFound, http.MethodPost, path+"/cancel", map[string]any{"reason": "x"})
	stranger.must(http.StatusNotFound, http.MethodPost, path+"/invoices", map[string]any{
		"number": "1", "lines": []map[string]any{{"line_id": line["id"], "quantity": "1", "unit_price": "1"}},
	})
}
