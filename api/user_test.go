package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func newUser(email string, pairs ...any) map[string]any {
	body := map[string]any{"email": email, "name": "Nora New", "password": goodPassword, "roles": []string{"technician"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		body[name] = pairs[i+1]
	}
	return body
}

func TestUserCreateReadChange(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	body := newUser("Nora@One.example", "labor_rate", "42.50", "location_ids", []uuid.UUID{h.plant.Area}, "time_zone", "Europe/Berlin")
	first := c.do(http.MethodPost, "/v1/users", body, "Idempotency-Key", "k")
	require.Equal(t, http.StatusCreated, first.Status, first.Body)
	require.Equal(t, "nora@one.example", first.Body["email"])
	require.Equal(t, map[string]any{"amount": "42.50", "currency": "EUR"}, first.Body["labor_rate"])
	require.NotContains(t, first.Body, "password")
	path := first.Header.Get("Location")
	require.Equal(t, first.Body, c.must(http.StatusOK, http.MethodGet, path, nil))
	require.Equal(t, first.Body, c.must(http.StatusCreated, http.MethodPost, "/v1/users", body, "Idempotency-Key", "k"))
	body["name"] = "Another"
	c.must(http.StatusUnprocessableEntity, http.MethodPost, "/v1/users", body, "Idempotency-Key", "k")
	h.login("nora@one.example", goodPassword)

	c.must(http.StatusPreconditionRequired, http.MethodPatch, path, map[string]any{"name": "N"})
	c.must(http.StatusPreconditionFailed, http.MethodPatch, path, map[string]any{"name": "N"}, "If-Match", `"7"`)
	changed := c.must(http.StatusOK, http.MethodPatch, path, map[string]any{"name": "Nora", "labor_rate": nil, "location_ids": []string{}}, "If-Match", `"1"`)
	require.Equal(t, "Nora", changed["name"])
	require.Nil(t, changed["labor_rate"])
	require.Equal(t, []any{}, changed["location_ids"])
	c.must(http.StatusOK, http.MethodPatch, path, map[string]any{"password": "the second password"}, "If-Match", `"2"`)
	h.login("nora@one.example", "the second password")

	require.Equal(t, []any{"8", "8", "8", "8", "8", "0", "0"}, changed["working_hours"])
	part := []string{"6", "6", "6", "6", "4.5", "0", "0"}
	require.Equal(t, []any{"6", "6", "6", "6", "4.5", "0", "0"}, c.patch(http.StatusOK, path, map[string]any{"working_hours": part})["working_hours"])
	for pointer, bad := range map[string][]string{
		"/working_hours": {"8"}, "/working_hours/1": {"8", "25", "8", "8", "8", "0", "0"}, "/working_hours/6": {"8", "8", "8", "8", "8", "0", "-1"},
	} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPatch, path, map[string]any{"working_hours": bad}, "If-Match", `"4"`)
	}
	require.Equal(t, changed["working_hours"], c.patch(http.StatusOK, path, map[string]any{"working_hours": nil})["working_hours"])

	var hashes, events int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FILTER (WHERE coalesce(before, '{}')::text || coalesce(after, '{}')::text LIKE '%argon2%'),
		count(*) FROM audit_events WHERE subject_id = $1`, first.Body["id"]).Scan(&hashes, &events))
	require.Zero(t, hashes)
	require.Equal(t, 6, events, "create, change, password and the change it came with, working hours twice")
}

func TestUserInput(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	two := storetest.NewPlant(t, h.db, "two")
	for _, bad := range []struct {
		pointer, field string
		value          any
	}{
		{"/email", "email", "nobody"},
		{"/name", "name", ""},
		{"/name", "name", "   "},
		{"/password", "password", "short"},
		{"/password", "password", "qwertyqwerty"},
		{"/password", "password", "nora@one.example"},
		{"/roles", "roles", []string{}},
		{"/roles/0", "roles", []string{"king"}},
		{"/department_id", "department_id", uuid.NewString()},
		{"/location_ids", "location_ids", []uuid.UUID{two.Site}},
		{"/labor_rate", "labor_rate", "-1"},
		{"/labor_rate/currency", "labor_rate", map[string]any{"amount": "1", "currency": "JPY"}},
		{"/time_zone", "time_zone", "Mars/Olympus"},
	} {
		c.refused(http.StatusUnprocessableEntity, bad.pointer, http.MethodPost, "/v1/users", newUser("nora@one.example", bad.field, bad.value))
	}
	c.refused(http.StatusConflict, "/email", http.MethodPost, "/v1/users", newUser("TECH@one.example"))
	c.must(http.StatusCreated, http.MethodPost, "/v1/users", newUser("tech@two.example"))
	require.Equal(t, []any{"Ada Admin", "Nora New", "Theo Tech"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/users", nil)), "name"))
}

func TestUsersStayInTheirTenant(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	other := h.as(two, two.Admin, models.RoleAdmin)
	path := "/v1/users/" + h.plant.Tech.String()
	other.must(http.StatusNotFound, http.MethodGet, path, nil)
	other.must(http.StatusNotFound, http.MethodPatch, path, map[string]any{"name": "x"}, "If-Match", `"1"`)
	other.must(http.StatusNotFound, http.MethodPost, path+"/disable", nil)
	list := items(other.must(http.StatusOK, http.MethodGet, "/v1/users", nil))
	require.Equal(t, []any{"admin@two.example", "tech@two.example"}, values(list, "email"))
	people := items(other.must(http.StatusOK, http.MethodGet, "/v1/people?q=theo", nil))
	require.Equal(t, []any{two.Tech.String()}, values(people, "id"))
	require.Empty(t, items(other.must(http.StatusOK, http.MethodGet, "/v1/people?q=%25", nil)), "a wildcard means itself")
	require.Empty(t, items(other.must(http.StatusOK, http.MethodGet, "/v1/people?id="+h.plant.Tech.String(), nil)))
}

func TestListUsersFilters(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	c.must(http.StatusOK, http.MethodPost, "/v1/users/"+h.plant.Tech.String()+"/disable", nil)
	names := func(query string) []any {
		return values(items(c.must(http.StatusOK, http.MethodGet, "/v1/users"+query, nil)), "name")
	}
	require.Equal(t, []any{"Theo Tech", "Ada Admin"}, names("?sort=-name"))
	require.Equal(t, []any{"Ada Admin"}, names("?status=enabled"))
	require.Equal(t, []any{"Theo Tech"}, names("?role=technician&role=buyer"))
	require.Equal(t, []any{"Ada Admin"}, names("?q=ADMIN@one"))
	first := c.must(http.StatusOK, http.MethodGet, "/v1/users?limit=1&sort=created_at&count=capped", nil)
	require.Equal(t, map[string]any{"value": 2.0, "relation": "eq"}, first["total"])
	second := names("?limit=1&sort=created_at&cursor=" + text(first, "next_cursor"))
	require.Len(t, second, 1)
	require.NotEqual(t, values(items(first), "name"), second)
	require.Equal(t, []any{"Ada Admin"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/people", nil)), "name"))
	named := "/v1/people?id=" + h.plant.Tech.String()
	require.Equal(t, []any{"Theo Tech"}, values(items(c.must(http.StatusOK, http.MethodGet, named, nil)), "name"), "who was disabled still has a name")
	c.refused(http.StatusUnprocessableEntity, "id", http.MethodGet, "/v1/people?id=x", nil)
	c.refused(http.StatusUnprocessableEntity, "department_id", http.MethodGet, "/v1/users?department_id=x", nil)
}

func TestAdministratorsKeepTheTenantGoverned(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	admin, tech := "/v1/users/"+h.plant.Admin.String(), "/v1/users/"+h.plant.Tech.String()
	c.must(http.StatusConflict, http.MethodPost, admin+"/disable", nil)
	c.must(http.StatusConflict, http.MethodPatch, admin, map[string]any{"roles": []string{"planner"}}, "If-Match", `"1"`)
	c.must(http.StatusConflict, http.MethodPatch, admin, map[string]any{"location_ids": []uuid.UUID{h.plant.Site}}, "If-Match", `"1"`)
	c.must(http.StatusForbidden, http.MethodPatch, tech, map[string]any{"roles": []string{"platform_operator"}}, "If-Match", `"1"`)
	c.must(http.StatusForbidden, http.MethodPost, "/v1/users", newUser("op@one.example", "roles", []string{"platform_operator"}))
	h.within(h.plant.Area, models.RoleAdmin).must(http.StatusForbidden, http.MethodPost, "/v1/users", newUser("x@one.example"))

	operator := h.as(h.plant, h.plant.Admin, models.RoleAdmin, models.RolePlatformOperator)
	operator.must(http.StatusOK, http.MethodPatch, tech, map[string]any{"roles": []string{"admin", "platform_operator"}}, "If-Match", `"1"`)
	c.must(http.StatusForbidden, http.MethodPatch, tech, map[string]any{"password": "taken over by force"}, "If-Match", `"2"`)
	c.must(http.StatusForbidden, http.MethodPost, tech+"/disable", nil)
	c.must(http.StatusOK, http.MethodPatch, admin, map[string]any{"roles": []string{"planner"}}, "If-Match", `"1"`)
}

func TestCreateTenant(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	operator := h.as(h.plant, h.plant.Admin, models.RolePlatformOperator)
	body := func(code string) map[string]any {
		return map[string]any{
			"name": "Three", "code": code, "currency": "CHF", "time_zone": "Europe/Zurich",
			"admin": map[string]any{"email": "root@three.example", "name": "Rita Root", "password": goodPassword},
		}
	}
	h.admin().must(http.StatusForbidden, http.MethodPost, "/v1/tenants", body("three"))
	made := operator.must(http.StatusCreated, http.MethodPost, "/v1/tenants", body("three"), "Idempotency-Key", "k")
	require.Equal(t, made, operator.must(http.StatusCreated, http.MethodPost, "/v1/tenants", body("three"), "Idempotency-Key", "k"))
	admin, _ := made["admin"].(map[string]any)
	me := h.bearer(h.login("root@three.example", goodPassword)).must(http.StatusOK, http.MethodGet, "/v1/me", nil)
	require.Equal(t, admin["id"], me["id"])
	tenant, _ := me["tenant"].(map[string]any)
	require.Equal(t, made["id"], tenant["id"])
	require.Equal(t, "CHF", tenant["currency"])
	require.Equal(t, []any{"admin"}, me["roles"])

	operator.refused(http.StatusConflict, "/code", http.MethodPost, "/v1/tenants", body("three"))
	operator.refused(http.StatusUnprocessableEntity, "/code", http.MethodPost, "/v1/tenants", body("Not A Code"))
	bad := body("four")
	bad["admin"] = map[string]any{"email": "root@three.example", "name": "Rita Root", "password": "short"}
	operator.refused(http.StatusUnprocessableEntity, "/admin/password", http.MethodPost, "/v1/tenants", bad)
	var tenants int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM tenants`).Scan(&tenants))
	require.Equal(t, 2, tenants)
}

func TestThePlatformOperatorListsTenants(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.admin().must(http.StatusForbidden, http.MethodGet, "/v1/tenants", nil)
	operator := h.as(h.plant, h.plant.Admin, models.RolePlatformOperator)
	for _, code := range []string{"abel", "zoe"} {
		operator.must(http.StatusCreated, http.MethodPost, "/v1/tenants", map[string]any{
			"name": "Org " + code, "code": code, "currency": "CHF", "time_zone": "Europe/Zurich",
			"admin": map[string]any{"email": "root@" + code + ".example", "name": "Rita Root", "password": goodPassword},
		})
	}
	page := operator.must(http.StatusOK, http.MethodGet, "/v1/tenants?sort=code&limit=2&count=capped", nil)
	require.Equal(t, []any{"abel", "one"}, values(items(page), "code"))
	require.Equal(t, map[string]any{"value": 3.0, "relation": "eq"}, page["total"])
	next := operator.must(http.StatusOK, http.MethodGet, "/v1/tenants?sort=code&limit=2&cursor="+page["next_cursor"].(string), nil)
	require.Equal(t, []any{"zoe"}, values(items(next), "code"))
	found := items(operator.must(http.StatusOK, http.MethodGet, "/v1/tenants?q=zo", nil))
	require.Len(t, found, 1)
	require.Equal(t, []any{"Org zoe", "CHF", "Europe/Zurich"}, []any{found[0]["name"], found[0]["currency"], found[0]["time_zone"]})
	operator.refused(http.StatusUnprocessableEntity, "sort", http.MethodGet, "/v1/tenants?sort=size", nil)
}

func TestAPITokens(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	c := h.admin()
	made := c.do(http.MethodPost, "/v1/api-tokens", map[string]any{"name": "CI", "permissions": []string{"work_orders.read"}}, "Idempotency-Key", "k")
	require.Equal(t, http.StatusCreated, made.Status, made.Body)
	secret := text(made.Body, "secret")
	require.NotEmpty(t, secret)
	path := made.Header.Get("Location")
	require.NotContains(t, c.must(http.StatusOK, http.MethodGet, path, nil), "secret")
	require.NotContains(t, c.must(http.StatusCreated, http.MethodPost, "/v1/api-tokens",
		map[string]any{"name": "CI", "permissions": []string{"work_orders.read"}}, "Idempotency-Key", "k"), "secret")
	token := client{h: h, token: secret}
	token.must(http.StatusOK, http.MethodGet, "/v1/work-orders", nil)
	token.must(http.StatusForbidden, http.MethodGet, "/v1/users", nil)
	require.NotNil(t, c.must(http.StatusOK, http.MethodGet, path, nil)["used_at"])

	all := client{h: h, token: text(c.must(http.StatusCreated, http.MethodPost, "/v1/api-tokens", map[string]any{"name": "all", "permissions": []string{}}), "secret")}
	all.must(http.StatusOK, http.MethodGet, "/v1/users", nil)
	all.must(http.StatusForbidden, http.MethodPost, "/v1/api-tokens", map[string]any{"name": "more"})
	all.must(http.StatusForbidden, http.MethodPost, "/v1/auth/logout", nil)

	tech := h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	tech.must(http.StatusNotFound, http.MethodGet, path, nil)
	tech.must(http.StatusNotFound, http.MethodDelete, path, nil)
	require.Empty(t, items(tech.must(http.StatusOK, http.MethodGet, "/v1/api-tokens", nil)))
	tech.refused(http.StatusUnprocessableEntity, "/permissions/0", http.MethodPost, "/v1/api-tokens", map[string]any{"name": "x", "permissions": []string{"users.write"}})
	tech.refused(http.StatusUnprocessableEntity, "/permissions/0", http.MethodPost, "/v1/api-tokens", map[string]any{"name": "x", "permissions": []string{"world.rule"}})
	tech.refused(http.StatusUnprocessableEntity, "/expires_at", http.MethodPost, "/v1/api-tokens", map[string]any{"name": "x", "expires_at": time.Now().Add(-time.Hour)})

	require.Equal(t, []any{"CI", "all"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/api-tokens?sort=created_at", nil)), "name"))
	require.Equal(t, http.StatusNoContent, c.do(http.MethodDelete, path, nil).Status)
	token.must(http.StatusUnauthorized, http.MethodGet, "/v1/work-orders", nil)
	require.Equal(t, []any{"all"}, values(items(c.must(http.StatusOK, http.MethodGet, "/v1/api-tokens", nil)), "name"))

	require.NoError(t, h.store.DisableUser(models.WithActor(t.Context(), models.SystemActor(h.plant.Tenant)), h.plant.Tech, nil))
	h.learn()
	client{h: h, token: "mst_nonsense"}.must(http.StatusUnauthorized, http.MethodGet, "/v1/me", nil)
}

func TestAPITokenFollowsItsOwnersRights(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	tech := h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	token := client{h: h, token: text(tech.must(http.StatusCreated, http.MethodPost, "/v1/api-tokens", map[string]any{"name": "phone"}), "secret")}
	token.must(http.StatusForbidden, http.MethodGet, "/v1/users", nil)
	user := "/v1/users/" + h.plant.Tech.String()
	h.admin().patch(http.StatusOK, user, map[string]any{"roles": []string{"auditor"}})
	h.learn()
	token.must(http.StatusOK, http.MethodGet, "/v1/users", nil)
	h.admin().must(http.StatusOK, http.MethodPost, user+"/disable", nil)
	h.learn()
	token.must(http.StatusUnauthorized, http.MethodGet, "/v1/users", nil)
}

func TestTenantSettings(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	c, other := h.admin(), h.as(two, two.Admin, models.RoleAdmin)
	const path = "/v1/tenant"
	before := c.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, []any{"one", "Plant one", "EUR", "en", "Europe/Berlin", "monday"},
		[]any{before["code"], before["name"], before["currency"], before["locale"], before["time_zone"], before["week_start"]})
	c.must(http.StatusPreconditionRequired, http.MethodPatch, path, map[string]any{"name": "x"})
	c.must(http.StatusPreconditionFailed, http.MethodPatch, path, map[string]any{"name": "x"}, "If-Match", `"9"`)
	for pointer, bad := range map[string]any{"/name": " ", "/locale": nil, "/time_zone": "Mars/Base", "/week_start": "friday", "/currency": "USD", "/code": "x"} {
		c.refused(http.StatusUnprocessableEntity, pointer, http.MethodPatch, path, map[string]any{pointer[1:]: bad}, "If-Match", `"1"`)
	}
	h.within(h.plant.Site, models.RoleAdmin).must(http.StatusForbidden, http.MethodPatch, path, map[string]any{"name": "x"}, "If-Match", `"1"`)
	h.as(h.plant, h.plant.Tech, models.RolePlanner).must(http.StatusForbidden, http.MethodPatch, path, map[string]any{"name": "x"}, "If-Match", `"1"`)
	changed := c.patch(http.StatusOK, path, map[string]any{"name": "Rabenau", "locale": "de-DE", "time_zone": "Europe/Vienna", "week_start": "sunday"})
	require.Equal(t, changed, c.patch(http.StatusOK, path, map[string]any{"name": "Rabenau"}), "nothing changed, nothing written")
	require.Equal(t, changed, h.as(h.plant, h.plant.Tech, models.RoleRequester).must(http.StatusOK, http.MethodGet, path, nil))
	require.InDelta(t, 2, changed["version"], 0)
	mine := c.must(http.StatusOK, http.MethodGet, "/v1/me", nil)["tenant"].(map[string]any)
	require.Equal(t, []any{"Rabenau", "de-DE", "Europe/Vienna", "sunday"}, []any{mine["name"], mine["locale"], mine["time_zone"], mine["week_start"]})
	require.Equal(t, "de-DE", c.must(http.StatusCreated, http.MethodPost, "/v1/users", newUser("nora@one.example"))["locale"])
	require.Equal(t, "fr", c.must(http.StatusCreated, http.MethodPost, "/v1/users", newUser("nico@one.example", "locale", "fr"))["locale"])
	require.Equal(t, "Plant two", other.must(http.StatusOK, http.MethodGet, path, nil)["name"])
	events := items(c.must(http.StatusOK, http.MethodGet, "/v1/audit-events?subject_type=tenant", nil))
	require.Equal(t, []any{"tenant.change"}, values(events, "action"))
}
