package api

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

// asset is a valid body in the plant's area; pairs of name and value change it, a nil value removes the name.
func (h *harness) asset(code string, pairs ...any) map[string]any {
	body := map[string]any{"code": code, "name": "Asset " + code, "category_id": h.plant.Category.String(), "location_id": h.plant.Area.String()}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		body[name] = pairs[i+1]
		if pairs[i+1] == nil {
			delete(body, name)
		}
	}
	return body
}

func TestAssetCreateReadChange(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	body := h.asset("A-1", "parent_id", h.plant.Asset.String(), "serial_number", "SN1", "criticality", "A",
		"purchase_price", map[string]any{"amount": "1200.50", "currency": "USD"}, "replacement_price", "1500", "warranty_until", "2030-01-31",
		"fields", map[string]any{"kw": 5})
	first := c.do(http.MethodPost, "/v1/assets", body, "Idempotency-Key", "k")
	require.Equal(t, http.StatusCreated, first.Status, first.Body)
	require.Equal(t, `"1"`, first.Header.Get("ETag"))
	require.Equal(t, "/v1/assets/"+first.Body["id"].(string), first.Header.Get("Location"))
	require.Equal(t, first.Body, c.must(http.StatusOK, http.MethodGet, first.Header.Get("Location"), nil))
	require.Equal(t, map[string]any{"amount": "1200.50", "currency": "USD"}, first.Body["purchase_price"])
	require.Equal(t, map[string]any{"amount": "1500.00", "currency": "USD"}, first.Body["replacement_price"])
	require.Equal(t, "Pump 1", first.Body["parent"].(map[string]any)["name"])
	require.Equal(t, "PUMP", first.Body["category"].(map[string]any)["code"])
	require.Equal(t, h.plant.Site.String(), first.Body["site_id"])
	require.Equal(t, []any{"in_service", "up", "available"}, []any{first.Body["lifecycle_state"], first.Body["operating_state"], first.Body["custody"]})
	require.Equal(t, first.Body, c.must(http.StatusCreated, http.MethodPost, "/v1/assets", body, "Idempotency-Key", "k"))
	c.must(http.StatusUnprocessableEntity, http.MethodPost, "/v1/assets", h.asset("A-2"), "Idempotency-Key", "k")

	path := first.Header.Get("Location")
	c.must(http.StatusPreconditionRequired, http.MethodPatch, path, map[string]any{"name": "x"})
	c.must(http.StatusPreconditionFailed, http.MethodPatch, path, map[string]any{"name": "x"}, "If-Match", `"2"`)
	changed := c.do(http.MethodPatch, path, map[string]any{
		"name": "Renamed", "serial_number": nil, "fields": map[string]any{"kw": nil, "rpm": 900}, "purchase_price": nil,
	}, "If-Match", `"1"`)
	require.Equal(t, http.StatusOK, changed.Status, changed.Body)
	require.Equal(t, `"2"`, changed.Header.Get("ETag"))
	require.Equal(t, map[string]any{"rpm": 900.0}, changed.Body["fields"])
	require.Nil(t, changed.Body["serial_number"])
	require.Nil(t, changed.Body["purchase_price"])
	require.Equal(t, changed.Body, c.must(http.StatusOK, http.MethodGet, path, nil))
	cheap := c.patch(http.StatusOK, "/v1/assets/"+h.plant.Asset.String(), map[string]any{"purchase_price": "9.5"})
	require.Equal(t, map[string]any{"amount": "9.50", "currency": "EUR"}, cheap["purchase_price"])
	c.refused(http.StatusUnprocessableEntity, "/purchase_price/currency", http.MethodPatch, path,
		map[string]any{"purchase_price": map[string]any{"amount": "1", "currency": "JPY"}}, "If-Match", `"2"`)

	var events int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_events WHERE subject_id = $1`, first.Body["id"]).Scan(&events))
	require.Equal(t, 2, events)
}

func TestAssetInput(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	two := storetest.NewPlant(t, h.db, "two")
	for name, value := range map[string]any{
		"code": "", "name": nil, "category_id": two.Category.String(), "location_id": two.Area.String(), "parent_id": two.Asset.String(),
		"template_id": uuid.NewString(), "department_id": uuid.NewString(), "cost_center_id": uuid.NewString(), "criticality": "Z",
		"lifecycle_state": "gone", "operating_state": "asleep", "purchase_price": "-1", "warranty_until": "31.01.2030", "serial_number": "",
		"colour": "red", "fields": "x",
	} {
		r := c.do(http.MethodPost, "/v1/assets", h.asset("B", name, value))
		require.Equal(t, http.StatusUnprocessableEntity, r.Status, "%s: %v", name, r.Body)
		require.Contains(t, fmt.Sprint(r.Body["errors"]), name)
	}
	c.refused(http.StatusConflict, "/code", http.MethodPost, "/v1/assets", h.asset("P-1"))
	c.create("/v1/assets", h.asset("S", "serial_number", "1", "barcode", "2"))
	c.refused(http.StatusConflict, "/serial_number", http.MethodPost, "/v1/assets", h.asset("S2", "serial_number", "1"))
	c.refused(http.StatusConflict, "/barcode", http.MethodPost, "/v1/assets", h.asset("S2", "barcode", "2"))
	c.refused(http.StatusUnprocessableEntity, "/operating_state", http.MethodPost, "/v1/assets", h.asset("S2", "lifecycle_state", "planned", "operating_state", "up"))

	other := h.as(two, two.Admin, models.RoleAdmin)
	mine := "/v1/assets/" + h.plant.Asset.String()
	other.must(http.StatusNotFound, http.MethodGet, mine, nil)
	other.must(http.StatusNotFound, http.MethodPatch, mine, map[string]any{"name": "x"}, "If-Match", `"1"`)
	other.must(http.StatusNotFound, http.MethodPost, mine+"/move", map[string]any{"location_id": two.Area.String(), "reason": "r"})
	other.must(http.StatusNotFound, http.MethodGet, mine+"/moves", nil)
	other.must(http.StatusNotFound, http.MethodPost, mine+"/archive", nil)
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodPost, "/v1/assets", h.asset("X"))
}

func TestAssetStates(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	path := "/v1/assets/" + c.create("/v1/assets", h.asset("N", "lifecycle_state", "planned"))
	refuse := func(field, value string) {
		tag := c.do(http.MethodGet, path, nil).Header.Get("ETag")
		c.refused(http.StatusConflict, "/"+field, http.MethodPatch, path, map[string]any{field: value}, "If-Match", tag)
	}
	require.Equal(t, "disabled", c.must(http.StatusOK, http.MethodGet, path, nil)["operating_state"])
	refuse("lifecycle_state", "disposed")
	for _, next := range []string{"ordered", "received", "commissioning", "in_service"} {
		c.patch(http.StatusOK, path, map[string]any{"lifecycle_state": next})
	}
	require.Equal(t, "up", c.must(http.StatusOK, http.MethodGet, path, nil)["operating_state"])
	c.patch(http.StatusOK, path, map[string]any{"operating_state": "idle"})
	refuse("operating_state", "degraded")
	refuse("custody", "accepted")
	c.patch(http.StatusOK, path, map[string]any{"custody": "checked_out"})
	require.Equal(t, "disabled", c.patch(http.StatusOK, path, map[string]any{"lifecycle_state": "decommissioned"})["operating_state"])
	c.patch(http.StatusConflict, path, map[string]any{"lifecycle_state": "disposed"}) // it is lent
	c.patch(http.StatusOK, path, map[string]any{"custody": "available"})
	c.patch(http.StatusOK, path, map[string]any{"lifecycle_state": "disposed"})
	refuse("lifecycle_state", "in_service")

	h.order(h.plant, models.NewWorkOrder{Title: "Open"})
	c.must(http.StatusConflict, http.MethodPost, "/v1/assets/"+h.plant.Asset.String()+"/archive", nil)
	require.NotEmpty(t, c.must(http.StatusOK, http.MethodPost, path+"/archive", nil)["archived_at"])
	c.must(http.StatusOK, http.MethodPost, path+"/archive", nil)
	require.NotContains(t, c.must(http.StatusOK, http.MethodPost, path+"/restore", nil), "archived_at")
}

func TestListAssets(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	storetest.NewPlant(t, h.db, "two")
	c := h.admin()
	a := c.create("/v1/assets", h.asset("A", "name", "Mill", "serial_number", "X%1", "criticality", "A"))
	b := c.create("/v1/assets", h.asset("B", "name", "Gear", "parent_id", a, "location_id", h.plant.Site.String(), "criticality", "B"))
	c.create("/v1/assets", h.asset("C", "name", "Bolt", "parent_id", b, "barcode", "77", "operating_state", "down"))
	for query, want := range map[string][]any{
		"":                                         {"Bolt", "Gear", "Mill", "Pump 1"},
		"sort=-name":                               {"Pump 1", "Mill", "Gear", "Bolt"},
		"sort=code":                                {"Mill", "Gear", "Bolt", "Pump 1"},
		"sort=-created_at&limit=1":                 {"Bolt"},
		"parent_id=root":                           {"Mill", "Pump 1"},
		"parent_id=" + a:                           {"Bolt", "Gear"},
		"depth=1&parent_id=" + a:                   {"Gear"},
		"location_id=" + h.plant.Site.String():     {"Bolt", "Gear", "Mill", "Pump 1"},
		"location_id=" + h.plant.Area.String():     {"Bolt", "Mill", "Pump 1"},
		"criticality=A&criticality=B":              {"Gear", "Mill"},
		"operating_state=down":                     {"Bolt"},
		"lifecycle_state=planned":                  {},
		"code=A&code=C":                            {"Bolt", "Mill"},
		"barcode=77":                               {"Bolt"},
		"serial_number=" + url.QueryEscape("X%1"):  {"Mill"},
		"q=" + url.QueryEscape("x%"):               {"Mill"},
		"q=ump":                                    {"Pump 1"},
		"category_id=" + uuid.NewString():          {},
		"category_id=" + h.plant.Category.String(): {"Bolt", "Gear", "Mill", "Pump 1"},
		"archived=true":                            {},
	} {
		require.Equal(t, want, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/assets?"+query, nil)), "name"), query)
	}
	c.refused(http.StatusUnprocessableEntity, "location_id", http.MethodGet, "/v1/assets?location_id=here", nil)
	c.must(http.StatusUnprocessableEntity, http.MethodGet, "/v1/assets?size=3", nil)
	page := c.must(http.StatusOK, http.MethodGet, "/v1/assets?limit=3&count=capped", nil)
	require.Equal(t, map[string]any{"value": 4.0, "relation": "eq"}, page["total"])
	rest := c.must(http.StatusOK, http.MethodGet, "/v1/assets?limit=3&cursor="+page["next_cursor"].(string), nil)
	require.Equal(t, []any{"Pump 1"}, values(items(rest), "name"))
	require.NotContains(t, rest, "next_cursor")
}

func TestMoveAsset(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	far := c.create("/v1/locations", map[string]any{"code": "FAR", "name": "Far", "kind": "site", "time_zone": "Asia/Tokyo"})
	top := c.create("/v1/assets", h.asset("TOP"))
	mid := c.create("/v1/assets", h.asset("MID", "parent_id", top))
	low := c.create("/v1/assets", h.asset("LOW", "parent_id", mid))
	for _, below := range []string{top, mid, low} {
		c.refused(http.StatusUnprocessableEntity, "/parent_id", http.MethodPost, "/v1/assets/"+top+"/move",
			map[string]any{"location_id": far, "parent_id": below, "reason": "r"})
	}
	move := map[string]any{"location_id": far, "parent_id": nil, "reason": "Lent to Tokyo", "at": "2026-01-02T03:04:05Z"}
	for name, value := range map[string]any{"location_id": uuid.NewString(), "parent_id": uuid.NewString(), "reason": "", "at": "2999-01-01T00:00:00Z"} {
		bad := maps.Clone(move)
		bad[name] = value
		c.refused(http.StatusUnprocessableEntity, "/"+name, http.MethodPost, "/v1/assets/"+mid+"/move", bad)
	}
	order := h.order(h.plant, models.NewWorkOrder{Title: "Follows", AssetID: new(uuid.MustParse(low))})
	c.must(http.StatusPreconditionFailed, http.MethodPost, "/v1/assets/"+mid+"/move", move, "If-Match", `"9"`)
	moved := c.must(http.StatusOK, http.MethodPost, "/v1/assets/"+mid+"/move", move, "Idempotency-Key", "k")
	require.Equal(t, far, moved["location_id"])
	require.Nil(t, moved["parent_id"])
	require.Equal(t, moved, c.must(http.StatusOK, http.MethodPost, "/v1/assets/"+mid+"/move", move, "Idempotency-Key", "k"))
	part := c.must(http.StatusOK, http.MethodGet, "/v1/assets/"+low, nil)
	require.Equal(t, []any{far, far, mid}, []any{part["location_id"], part["site_id"], part["parent_id"]})
	require.Equal(t, far, c.must(http.StatusOK, http.MethodGet, "/v1/work-orders/"+order.String(), nil)["location_id"])

	history := items(c.must(http.StatusOK, http.MethodGet, "/v1/assets/"+mid+"/moves", nil))
	require.Len(t, history, 1)
	require.Equal(t, "2026-01-02T03:04:05Z", history[0]["moved_at"])
	require.Equal(t, "AREA", history[0]["from_location"].(map[string]any)["code"])
	require.Equal(t, "TOP", history[0]["from_parent"].(map[string]any)["code"])
	require.Equal(t, "Ada Admin", history[0]["actor"].(map[string]any)["name"])
	require.Len(t, items(c.must(http.StatusOK, http.MethodGet, "/v1/assets/"+low+"/moves", nil)), 1)

	scoped := h.within(h.plant.Area, models.RoleAssetManager)
	scoped.must(http.StatusNotFound, http.MethodGet, "/v1/assets/"+mid, nil)
	require.Equal(t, []any{"Asset TOP", "Pump 1"}, values(items(scoped.must(http.StatusOK, http.MethodGet, "/v1/assets", nil)), "name"))
	scoped.refused(http.StatusUnprocessableEntity, "/location_id", http.MethodPost, "/v1/assets", h.asset("Q", "location_id", far))
	scoped.refused(http.StatusUnprocessableEntity, "/parent_id", http.MethodPost, "/v1/assets", h.asset("Q", "parent_id", mid))
	scoped.refused(http.StatusUnprocessableEntity, "/location_id", http.MethodPost, "/v1/assets/"+top+"/move", map[string]any{"location_id": far, "reason": "r"})
}
