package api

import (
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func (c client) create(path string, body map[string]any) string {
	c.h.t.Helper()
	id, _ := c.must(http.StatusCreated, http.MethodPost, path, body)["id"].(string)
	return id
}

// patch sends a merge patch on the row's present version.
func (c client) patch(status int, path string, body map[string]any) map[string]any {
	c.h.t.Helper()
	tag := c.do(http.MethodGet, path, nil).Header.Get("ETag")
	return c.must(status, http.MethodPatch, path, body, "If-Match", tag)
}

func TestLocationTree(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	site := c.create("/v1/locations", map[string]any{"code": "S2", "name": "Second", "kind": "site", "time_zone": "Australia/Perth"})
	parent := site
	chain := make([]string, 0, 5)
	for i := range 5 {
		parent = c.create("/v1/locations", map[string]any{"code": fmt.Sprint("L", i), "name": fmt.Sprint("Level ", i), "kind": "area", "parent_id": parent})
		chain = append(chain, parent)
	}
	asset := c.must(http.StatusOK, http.MethodGet, "/v1/locations/"+chain[4], nil)
	require.Equal(t, "Australia/Perth", asset["time_zone"])
	require.Equal(t, site, asset["site_id"])
	require.Equal(t, "Level 3", asset["parent"].(map[string]any)["name"])

	list := func(query string) []any {
		return values(items(c.must(http.StatusOK, http.MethodGet, "/v1/locations?"+query, nil)), "code")
	}
	require.Equal(t, []any{"S2", "SITE"}, list("parent_id=root"))
	require.Equal(t, []any{"L0"}, list("depth=1&parent_id="+site))
	require.Equal(t, []any{"L1", "L2", "L3", "L4"}, list("parent_id="+chain[0]))
	require.Equal(t, []any{true, false}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/locations?depth=2&sort=code&parent_id="+chain[2], nil)), "has_children"))
	require.Equal(t, []any{"S2"}, list("q=econd"))
	c.refused(http.StatusUnprocessableEntity, "parent_id", http.MethodGet, "/v1/locations?parent_id=x", nil)

	for _, below := range []string{chain[0], chain[1], chain[4]} {
		tag := c.do(http.MethodGet, "/v1/locations/"+chain[0], nil).Header.Get("ETag")
		c.refused(http.StatusUnprocessableEntity, "/parent_id", http.MethodPatch, "/v1/locations/"+chain[0],
			map[string]any{"parent_id": below}, "If-Match", tag)
	}
	// The subtree from L1 goes to the plant in Berlin, an asset in it too.
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE assets SET location_id = $1, site_id = $2 WHERE id = $3`, chain[3], site, h.plant.Asset)
	require.NoError(t, err)
	moved := c.patch(http.StatusOK, "/v1/locations/"+chain[1], map[string]any{"parent_id": h.plant.Area.String()})
	require.Equal(t, "Europe/Berlin", moved["time_zone"])
	deep := c.must(http.StatusOK, http.MethodGet, "/v1/locations/"+chain[4], nil)
	require.Equal(t, h.plant.Site.String(), deep["site_id"])
	require.Equal(t, "Europe/Berlin", deep["time_zone"])
	var now, paths, strange string
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT site_id::text FROM assets WHERE id = $1`, h.plant.Asset).Scan(&now))
	require.Equal(t, h.plant.Site.String(), now)
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT string_agg(l.code || p.depth, ' ' ORDER BY p.depth)
		FROM location_paths p JOIN locations l ON l.id = p.ancestor_id WHERE p.descendant_id = $1`, chain[4]).Scan(&paths))
	require.Equal(t, "L40 L31 L22 L13 AREA4 SITE5", paths)
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT count(*)::text FROM location_paths WHERE ancestor_id = $1`, chain[0]).Scan(&strange))
	require.Equal(t, "1", strange)
	// A subtree that becomes a site needs a zone of its own, or keeps the one it has.
	top := c.patch(http.StatusOK, "/v1/locations/"+chain[2], map[string]any{"parent_id": nil, "kind": "site"})
	require.Equal(t, chain[2], top["site_id"])
	require.Equal(t, chain[2], c.must(http.StatusOK, http.MethodGet, "/v1/locations/"+chain[4], nil)["site_id"])
}

func TestLocationInput(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	two := storetest.NewPlant(t, h.db, "two")
	good := map[string]any{"code": "S2", "name": "Second", "kind": "site", "time_zone": "Australia/Perth"}
	with := func(name string, value any) map[string]any {
		body := maps.Clone(good)
		body[name] = value
		if value == nil {
			delete(body, name)
		}
		return body
	}
	for pointer, body := range map[string]map[string]any{
		"/time_zone": with("time_zone", "Mars/Olympus"), "/kind": with("kind", "galaxy"), "/code": with("code", ""), "/parent_id": with("parent_id", two.Site.String()),
		"/colour": with("colour", "red"),
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPost, "/v1/locations", body)
	}
	c.refused(http.StatusUnprocessableEntity, "/time_zone", http.MethodPost, "/v1/locations", with("time_zone", nil))
	c.refused(http.StatusUnprocessableEntity, "/time_zone", http.MethodPost, "/v1/locations", with("time_zone", "Local"))
	c.refused(http.StatusUnprocessableEntity, "/kind", http.MethodPost, "/v1/locations", with("kind", "room"))
	c.refused(http.StatusUnprocessableEntity, "/time_zone", http.MethodPost, "/v1/locations", with("parent_id", h.plant.Site.String()))

	first := c.must(http.StatusCreated, http.MethodPost, "/v1/locations", good, "Idempotency-Key", "k")
	again := c.must(http.StatusCreated, http.MethodPost, "/v1/locations", good, "Idempotency-Key", "k")
	require.Equal(t, first, again)
	c.must(http.StatusUnprocessableEntity, http.MethodPost, "/v1/locations", with("name", "Other"), "Idempotency-Key", "k")
	c.refused(http.StatusConflict, "/code", http.MethodPost, "/v1/locations", good)

	path := "/v1/locations/" + first["id"].(string)
	c.must(http.StatusPreconditionRequired, http.MethodPatch, path, map[string]any{"name": "x"})
	c.must(http.StatusPreconditionFailed, http.MethodPatch, path, map[string]any{"name": "x"}, "If-Match", `"7"`)
	changed := c.do(http.MethodPatch, path, map[string]any{"name": "Renamed"}, "If-Match", `"1"`)
	require.Equal(t, http.StatusOK, changed.Status, changed.Body)
	require.Equal(t, `"2"`, changed.Header.Get("ETag"))
	other := h.as(two, two.Admin, models.RoleAdmin)
	other.must(http.StatusNotFound, http.MethodGet, path, nil)
	other.must(http.StatusNotFound, http.MethodPatch, path, map[string]any{"name": "x"}, "If-Match", `"2"`)
	other.must(http.StatusNotFound, http.MethodPost, path+"/archive", nil)
	h.as(h.plant, h.plant.Tech, models.RoleTechnician).must(http.StatusForbidden, http.MethodPost, "/v1/locations", good)

	var events int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_events WHERE subject_id = $1`, first["id"]).Scan(&events))
	require.Equal(t, 2, events)
}

func TestLocationOutOfUse(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	area := "/v1/locations/" + h.plant.Area.String()
	c.must(http.StatusConflict, http.MethodPost, area+"/archive", nil) // an asset stands there
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE assets SET archived_at = now()`)
	require.NoError(t, err)
	c.must(http.StatusConflict, http.MethodPost, "/v1/locations/"+h.plant.Site.String()+"/archive", nil)
	require.NotEmpty(t, c.must(http.StatusOK, http.MethodPost, area+"/archive", nil)["archived_at"])
	c.must(http.StatusOK, http.MethodPost, "/v1/locations/"+h.plant.Site.String()+"/archive", nil)
	c.refused(http.StatusUnprocessableEntity, "/parent_id", http.MethodPost, area+"/restore", nil)
	c.must(http.StatusOK, http.MethodPost, "/v1/locations/"+h.plant.Site.String()+"/restore", nil)
	require.NotContains(t, c.must(http.StatusOK, http.MethodPost, area+"/restore", nil), "archived_at")
}

func TestLocationScope(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	other := c.create("/v1/locations", map[string]any{"code": "B", "name": "B", "kind": "area", "parent_id": h.plant.Site.String()})
	mine := h.within(h.plant.Area, models.RoleAssetManager)
	require.Equal(t, []any{"AREA"}, values(items(mine.must(http.StatusOK, http.MethodGet, "/v1/locations", nil)), "code"))
	mine.must(http.StatusNotFound, http.MethodGet, "/v1/locations/"+other, nil)
	mine.must(http.StatusNotFound, http.MethodPatch, "/v1/locations/"+other, map[string]any{"name": "x"}, "If-Match", `"1"`)
	mine.refused(http.StatusUnprocessableEntity, "/parent_id", http.MethodPost, "/v1/locations", map[string]any{"code": "C", "name": "C", "kind": "room", "parent_id": other})
	mine.refused(http.StatusUnprocessableEntity, "/parent_id", http.MethodPost, "/v1/locations", map[string]any{"code": "C", "name": "C", "kind": "site", "time_zone": "UTC"})
	mine.create("/v1/locations", map[string]any{"code": "C", "name": "C", "kind": "room", "parent_id": h.plant.Area.String()})
}

func TestCodeLists(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	two := storetest.NewPlant(t, h.db, "two")
	other := h.as(two, two.Admin, models.RoleAdmin)
	for _, path := range []string{"/v1/departments", "/v1/cost-centers", "/v1/asset-categories"} {
		top := c.create(path, map[string]any{"code": "T", "name": "Top"})
		mid := c.create(path, map[string]any{"code": "M", "name": "Mid", "parent_id": top})
		low := c.create(path, map[string]any{"code": "L", "name": "Low", "parent_id": mid})
		for _, below := range []string{top, mid, low} {
			c.refused(http.StatusUnprocessableEntity, "/parent_id", http.MethodPatch, path+"/"+top, map[string]any{"parent_id": below}, "If-Match", `"1"`)
		}
		require.Equal(t, []any{"Low", "Mid"}, values(items(c.must(http.StatusOK, http.MethodGet, path+"?parent_id="+top, nil)), "name"))
		require.Equal(t, []any{"Mid"}, values(items(c.must(http.StatusOK, http.MethodGet, path+"?depth=1&parent_id="+top, nil)), "name"))
		c.refused(http.StatusConflict, "/code", http.MethodPost, path, map[string]any{"code": "T", "name": "Again"})
		c.refused(http.StatusUnprocessableEntity, "/name", http.MethodPost, path, map[string]any{"code": "X", "name": ""})
		other.must(http.StatusNotFound, http.MethodGet, path+"/"+top, nil)
		other.refused(http.StatusUnprocessableEntity, "/parent_id", http.MethodPost, path, map[string]any{"code": "X", "name": "X", "parent_id": top})
		c.must(http.StatusConflict, http.MethodPost, path+"/"+mid+"/archive", nil)
		c.must(http.StatusOK, http.MethodPost, path+"/"+low+"/archive", nil)
		require.Equal(t, []any{"Low"}, values(items(c.must(http.StatusOK, http.MethodGet, path+"?archived=true", nil)), "name"))
		moved := c.patch(http.StatusOK, path+"/"+mid, map[string]any{"parent_id": nil, "name": "Alone"})
		require.Equal(t, "Alone", moved["name"])
		require.Nil(t, moved["parent_id"])
		c.must(http.StatusNotFound, http.MethodGet, path+"/"+uuid.NewString(), nil)
	}
	c.must(http.StatusConflict, http.MethodPost, "/v1/asset-categories/"+h.plant.Category.String()+"/archive", nil)
}
