package api

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

// stream opens an event stream; next blocks until the next event of it has come.
func (c client) stream(server *httptest.Server, query, lastEventID string) (next func() Event, hangUp func()) {
	c.h.t.Helper()
	ctx, cancel := context.WithCancel(c.h.t.Context())
	c.h.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/v1/events"+query, nil)
	require.NoError(c.h.t, err)
	request.Header.Set("Authorization", "Bearer "+c.token)
	if lastEventID != "" {
		request.Header.Set("Last-Event-ID", lastEventID)
	}
	response, err := server.Client().Do(request)
	require.NoError(c.h.t, err)
	c.h.t.Cleanup(func() { _ = response.Body.Close() })
	require.Equal(c.h.t, http.StatusOK, response.StatusCode)
	require.Equal(c.h.t, "text/event-stream", response.Header.Get("Content-Type"))
	lines := bufio.NewScanner(response.Body)
	return func() Event {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var e Event
				require.NoError(c.h.t, json.Unmarshal([]byte(text), &e))
				return e
			}
		}
		require.FailNow(c.h.t, "the stream ended", "%v", lines.Err())
		return Event{}
	}, cancel
}

func TestEventsOfOnesOwnInbox(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	server := httptest.NewServer(h.server)
	t.Cleanup(server.Close)
	t.Cleanup(h.server.Drain) // before the server waits for open requests
	tech := h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	scoped := h.within(h.plant.Area, models.RoleTechnician)
	mine, _ := tech.stream(server, "?topics=notification", "")
	narrow, _ := scoped.stream(server, "?topics=notification", "")
	// The administrator's first event of either kind is a later order: what came into another's inbox is none of his.
	others, _ := h.admin().stream(server, "?topics=notification&topics=asset", "")

	order := h.order(h.plant, models.NewWorkOrder{Title: "Seal"})
	h.command(h.plant, order, models.WorkOrderAssign, models.WorkOrderCommand{AssigneeIDs: []uuid.UUID{h.plant.Tech}})
	came := mine()
	require.Equal(t, []string{"notification.create", "notification"}, []string{came.Action, came.SubjectType})
	require.Equal(t, came, narrow(), "an inbox stands nowhere")
	tech.must(http.StatusOK, http.MethodPost, "/v1/notifications/"+came.SubjectID.String()+"/read", nil)
	require.Equal(t, "notification.read", mine().Action)
	h.admin().must(http.StatusCreated, http.MethodPost, "/v1/assets", h.asset("NEXT"))
	require.Equal(t, "asset.create", others().Action)

	missed, _ := tech.stream(server, "?topics=notification", came.ID.String())
	require.Equal(t, "notification.read", missed().Action)
}

func TestEventsFollowWhatOneMayRead(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	server := httptest.NewServer(h.server)
	t.Cleanup(server.Close)
	t.Cleanup(h.server.Drain) // before the server waits for open requests
	c := h.admin()

	all, _ := c.stream(server, "", "")
	requests, _ := c.stream(server, "?topics=work_request", "")
	requester, _ := h.as(h.plant, h.plant.Tech, models.RoleRequester).stream(server, "", "")
	h.order(two, models.NewWorkOrder{Title: "Elsewhere"})
	order := h.order(h.plant, models.NewWorkOrder{Title: "Here"})
	c.must(http.StatusCreated, http.MethodPost, "/v1/work-requests", map[string]any{"title": "x", "asset_id": h.plant.Asset})

	first, second := all(), all()
	require.Equal(t, "work_order.create", first.Action)
	require.Equal(t, order, first.SubjectID)
	require.Equal(t, "work_request.create", second.Action)
	require.Equal(t, second, requests())
	require.Equal(t, second, requester(), "a requester reads no work orders")

	missed, hangUp := c.stream(server, "", first.ID.String())
	require.Equal(t, second, missed())
	hangUp()
	h.command(h.plant, order, models.WorkOrderStart, models.WorkOrderCommand{})
	third := all()
	require.Equal(t, "work_order.start", third.Action)
	fresh, _ := c.stream(server, "", second.ID.String())
	require.Equal(t, third, fresh())

	scoped, _ := h.within(h.plant.Site, models.RoleAdmin).stream(server, "", first.ID.String())
	require.Equal(t, second.ID, scoped().ID)
	within, err := h.store.WithinLocations(models.WithActor(t.Context(), models.Actor{
		TenantID: h.plant.Tenant, LocationIDs: []uuid.UUID{models.NewID()},
	}), []uuid.UUID{order, h.plant.Asset, h.plant.Site})
	require.NoError(t, err)
	require.Empty(t, within)

	narrow, _ := h.within(h.plant.Area, models.RoleStorekeeper).stream(server, "?topics=item&topics=stock_movement", "")
	room := c.create("/v1/locations", map[string]any{"code": "ST", "name": "Store", "kind": "storeroom", "parent_id": h.plant.Site.String()})
	item := c.create("/v1/items", map[string]any{"code": "SEAL", "name": "Seal", "unit": "pc"})
	require.Equal(t, "item.create", narrow().Action, "an item stands nowhere")
	c.create("/v1/stock-movements", map[string]any{"item_id": item, "location_id": room, "kind": "receipt", "quantity": "1"})
	c.create("/v1/items", map[string]any{"code": "OIL", "name": "Oil", "unit": "l"})
	require.Equal(t, "item.create", narrow().Action, "the storeroom lies elsewhere")

	c.refused(http.StatusUnprocessableEntity, "topics", http.MethodGet, "/v1/events?topics=weather", nil)
	c.refused(http.StatusUnprocessableEntity, "Last-Event-ID", http.MethodGet, "/v1/events", nil, "Last-Event-ID", "x")
}

func TestEventStreamsAreBounded(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	actor := models.Actor{TenantID: h.plant.Tenant, UserID: uuid.New()}
	leaves := make([]func(), streamsByUser)
	for i := range leaves {
		_, leave, err := h.server.events.follow(t.Context(), actor)
		require.NoError(t, err)
		leaves[i] = leave
	}
	_, _, err := h.server.events.follow(t.Context(), actor)
	require.Equal(t, models.CodeRateLimited, models.ErrorCode(err))
	for _, leave := range leaves {
		leave()
		leave() // again changes nothing
	}
	require.Empty(t, h.server.events.tenants, "nobody follows: nothing is read")
	require.Zero(t, h.server.events.open)
	require.Empty(t, h.server.events.byUser)
}
