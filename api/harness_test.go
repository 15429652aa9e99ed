package api

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/auth"
	"mainstay/internal/telemetry"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// harness is the real router on a real database, without Temporal: what needs a process is tested end to end.
type harness struct {
	t      *testing.T
	server *Server
	keys   *auth.Keys
	store  *store.Store
	db     storetest.Database
	plant  storetest.Plant
}

func newHarness(t *testing.T) *harness {
	t.Helper()
	s, db := storetest.New(t)
	keys, err := auth.NewKeys(bytes.Repeat([]byte{7}, 32))
	require.NoError(t, err)
	tel, err := telemetry.Start(t.Context(), telemetry.Options{Process: "test", Log: t.Output()})
	require.NoError(t, err)
	server, err := New(Options{Store: s, Keys: keys, Telemetry: tel, Version: "test"})
	require.NoError(t, err)
	return &harness{t: t, server: server, keys: keys, store: s, db: db, plant: storetest.NewPlant(t, db, "one")}
}

// as signs in a person of a plant, past the password.
func (h *harness) as(p storetest.Plant, user uuid.UUID, roles ...models.Role) client {
	h.t.Helper()
	token, _, err := h.keys.Sign(auth.Claims{UserID: user, TenantID: p.Tenant, SessionID: models.NewID(), Roles: roles}, time.Now())
	require.NoError(h.t, err)
	return client{h: h, token: token}
}

func (h *harness) admin() client { return h.as(h.plant, h.plant.Admin, models.RoleAdmin) }

// within signs in a person who sees only that location and what is below it.
func (h *harness) within(location uuid.UUID, roles ...models.Role) client {
	h.t.Helper()
	token, _, err := h.keys.Sign(auth.Claims{
		UserID: h.plant.Tech, TenantID: h.plant.Tenant, SessionID: models.NewID(), Roles: roles, LocationIDs: []uuid.UUID{location},
	}, time.Now())
	require.NoError(h.t, err)
	return client{h: h, token: token}
}

type client struct {
	h     *harness
	token string
}

// reply is one answer; Body is nil where there is none.
type reply struct {
	Status int
	Header http.Header
	Body   map[string]any
}

// do sends one request; headers are name, value pairs. body is JSON text or a value to encode, nil for none.
func (c client) do(method, path string, body any, headers ...string) reply {
	c.h.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = bytes.NewReader([]byte(b))
	default:
		text, err := json.Marshal(b)
		require.NoError(c.h.t, err)
		reader = bytes.NewReader(text)
	}
	request := httptest.NewRequestWithContext(c.h.t.Context(), method, path, reader)
	request.Header.Set("Authorization", "Bearer "+c.token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	c.h.server.ServeHTTP(recorder, request)
	out := reply{Status: recorder.Code, Header: recorder.Header()}
	if recorder.Body.Len() > 0 {
		require.NoError(c.h.t, json.Unmarshal(recorder.Body.Bytes(), &out.Body), recorder.Body.String())
	}
	return out
}

// must wants this status and returns the body.
func (c client) must(status int, method, path string, body any, headers ...string) map[string]any {
	c.h.t.Helper()
	r := c.do(method, path, body, headers...)
	require.Equal(c.h.t, status, r.Status, "%s %s: %v", method, path, r.Body)
	return r.Body
}

// refused wants this status and a fault at the pointer.
func (c client) refused(status int, pointer, method, path string, body any, headers ...string) {
	c.h.t.Helper()
	faults, _ := c.must(status, method, path, body, headers...)["errors"].([]any)
	require.NotEmpty(c.h.t, faults, "%s %s", method, path)
	first, _ := faults[0].(map[string]any)
	require.Equal(c.h.t, pointer, first["pointer"], faults)
}

func items(body map[string]any) []map[string]any {
	list, _ := body["items"].([]any)
	out := make([]map[string]any, len(list))
	for i, one := range list {
		out[i], _ = one.(map[string]any)
	}
	return out
}

func values(list []map[string]any, name string) []any {
	out := make([]any, len(list))
	for i, one := range list {
		out[i] = one[name]
	}
	return out
}

// order makes a work order as its process would, and carries out the commands.
func (h *harness) order(p storetest.Plant, n models.NewWorkOrder, names ...models.WorkOrderCommandName) uuid.UUID {
	h.t.Helper()
	if n.AssetID == nil && n.LocationID == uuid.Nil {
		n.AssetID = &p.Asset
	}
	if n.Type == "" {
		n.Type, n.Priority = models.WorkCorrective, models.PriorityMedium
	}
	key := models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true}
	ctx := models.WithCommandKey(p.Context(h.t.Context()), key)
	id := models.SubjectID(key.ID)
	_, admitted, err := h.store.AdmitWorkOrder(ctx, id, n)
	require.NoError(h.t, err)
	_, err = h.store.RunWorkOrderCommand(ctx, id, admitted.ID, models.WorkOrderCreate)
	require.NoError(h.t, err)
	for _, name := range names {
		h.command(p, id, name, models.WorkOrderCommand{Reason: "because", Resolution: "done"})
	}
	return id
}

func (h *harness) command(p storetest.Plant, id uuid.UUID, name models.WorkOrderCommandName, c models.WorkOrderCommand) {
	h.t.Helper()
	ctx := models.WithCommandKey(p.Context(h.t.Context()), models.CommandKey{ID: models.NewID(), Hash: []byte{1}, Sent: true})
	_, admitted, err := h.store.AdmitWorkOrderCommand(ctx, id, name, c)
	require.NoError(h.t, err)
	_, err = h.store.RunWorkOrderCommand(ctx, id, admitted.ID, name)
	require.NoError(h.t, err)
}
