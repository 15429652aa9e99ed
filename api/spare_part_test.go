package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestSparePartsThroughTheAPI(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	item := c.create("/v1/items", map[string]any{"code": "BRG-1", "name": "Bearing", "unit": "pc"})
	template := c.create("/v1/asset-templates", map[string]any{"code": "KSB", "name": "KSB pump", "category_id": h.plant.Category.String()})
	list := "/v1/assets/" + h.plant.Asset.String() + "/spare-parts"
	line := map[string]any{"item_id": item, "quantity": "2", "note": "drive end"}
	c.must(http.StatusPreconditionRequired, http.MethodPut, list, map[string]any{"items": []any{line}})
	set := c.must(http.StatusOK, http.MethodPut, list, map[string]any{"items": []any{line}}, "If-Match", `"0"`)
	require.Equal(t, `"1"`, c.do(http.MethodGet, list, nil).Header.Get("ETag"))
	c.must(http.StatusPreconditionFailed, http.MethodPut, list, map[string]any{"items": []any{}}, "If-Match", `"0"`)
	require.Equal(t, set, c.must(http.StatusOK, http.MethodGet, list, nil))
	only := items(set)[0]
	require.Equal(t, []any{"BRG-1", "2", "pc", "asset", "0"},
		[]any{only["item"].(map[string]any)["code"], only["quantity"], only["unit"], only["source"], only["available"]})
	c.must(http.StatusOK, http.MethodPut, "/v1/asset-templates/"+template+"/spare-parts", map[string]any{"items": []any{line}}, "If-Match", `"0"`)
	used := c.must(http.StatusOK, http.MethodGet, "/v1/items/"+item+"/where-used", nil)
	require.Equal(t, []any{"asset_template", "asset"}, values(items(used), "kind"))
	c.refused(http.StatusUnprocessableEntity, "/items/1/item_id", http.MethodPut, list, map[string]any{"items": []any{line, line}}, "If-Match", `"1"`)
	c.refused(http.StatusUnprocessableEntity, "/items/0/quantity", http.MethodPut, list, map[string]any{"items": []any{map[string]any{"item_id": item, "quantity": "0"}}}, "If-Match", `"1"`)
	c.must(http.StatusNotFound, http.MethodGet, "/v1/items/"+models.NewID().String()+"/where-used", nil)
	require.Empty(t, items(c.must(http.StatusOK, http.MethodPut, list, map[string]any{"items": []any{}}, "If-Match", `"1"`)))
}
