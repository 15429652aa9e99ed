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

func TestAssignmentNotifiesOnceAndNotOneself(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	two := storetest.NewPlant(t, h.db, "two")
	id := h.order(h.plant, models.NewWorkOrder{Title: "Seal"})
	both := models.WorkOrderCommand{AssigneeIDs: []uuid.UUID{h.plant.Tech, h.plant.Admin}}
	h.command(h.plant, id, models.WorkOrderAssign, both)
	h.command(h.plant, id, models.WorkOrderAssign, both) // nobody new
	admin, tech := h.admin(), h.as(h.plant, h.plant.Tech, models.RoleTechnician)

	mine := items(tech.must(http.StatusOK, http.MethodGet, "/v1/notifications?unread=true", nil))
	require.Equal(t, []any{"work_order.assigned"}, values(mine, "kind"))
	require.Equal(t, []any{id.String()}, values(mine, "subject_id"))
	require.Empty(t, items(admin.must(http.StatusOK, http.MethodGet, "/v1/notifications", nil)))
	var mails int
	require.NoError(t, h.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM outbox WHERE process = 'Notification'`).Scan(&mails))
	require.Equal(t, 1, mails)

	path := "/v1/notifications/" + mine[0]["id"].(string) + "/read"
	admin.must(http.StatusNotFound, http.MethodPost, path, nil)
	h.as(two, two.Admin, models.RoleAdmin).must(http.StatusNotFound, http.MethodPost, path, nil)
	read := tech.must(http.StatusOK, http.MethodPost, path, nil)
	require.NotEmpty(t, read["read_at"])
	require.Equal(t, read, tech.must(http.StatusOK, http.MethodPost, path, nil))
	require.Empty(t, items(tech.must(http.StatusOK, http.MethodGet, "/v1/notifications?unread=true", nil)))
	require.Len(t, items(tech.must(http.StatusOK, http.MethodGet, "/v1/notifications?unread=false", nil)), 1)

	h.command(h.plant, id, models.WorkOrderAssign, models.WorkOrderCommand{})
	h.command(h.plant, id, models.WorkOrderAssign, both) // taken away and given again
	require.InDelta(t, 1, tech.must(http.StatusOK, http.MethodPost, "/v1/notifications/read-all", nil)["read"], 0)
	require.InDelta(t, 0, tech.must(http.StatusOK, http.MethodPost, "/v1/notifications/read-all", nil)["read"], 0)
	tech.refused(http.StatusUnprocessableEntity, "unread", http.MethodGet, "/v1/notifications?unread=perhaps", nil)
}

func TestNotificationsSpeakTheReadersLanguage(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	tech := h.as(h.plant, h.plant.Tech, models.RoleTechnician)
	here := h.order(h.plant, models.NewWorkOrder{Title: "Seal", DueOn: new(models.NewDate(2090, time.May, 2))})
	there := h.order(h.plant, models.NewWorkOrder{Title: "Gate", LocationID: h.plant.Site})
	for _, id := range []uuid.UUID{here, there} {
		h.command(h.plant, id, models.WorkOrderAssign, models.WorkOrderCommand{AssigneeIDs: []uuid.UUID{h.plant.Tech}})
	}
	list := func(query string) []map[string]any {
		return items(tech.must(http.StatusOK, http.MethodGet, "/v1/notifications"+query, nil))
	}
	require.Equal(t, []any{"Work order WO-000002 (medium) is yours.", "Work order WO-000001 (medium) is yours. It is due on 2 May 2090."}, values(list(""), "body"))
	tech.must(http.StatusOK, http.MethodPatch, "/v1/me", map[string]any{"locale": "de-AT"}, "If-Match", `"1"`)
	german := list("?location_id=" + h.plant.Area.String())
	require.Equal(t, []any{"Arbeitsauftrag WO-000001 (Priorität mittel) ist Ihnen zugewiesen. Er ist am 02.05.2090 fällig."}, values(german, "body"))
	require.Equal(t, []any{"WO-000001 Seal"}, values(german, "title"))
	require.Equal(t, german[0]["body"], tech.must(http.StatusOK, http.MethodPost, "/v1/notifications/"+german[0]["id"].(string)+"/read", nil)["body"])

	require.Len(t, list("?location_id="+h.plant.Site.String()), 2)
	require.Empty(t, list("?location_id="+uuid.NewString()))
	_, err := h.db.Owner.ExecContext(t.Context(), `UPDATE notifications SET subject_type = 'approval_case', subject_id = gen_random_uuid() WHERE subject_id = $1`, there)
	require.NoError(t, err)
	require.Equal(t, []any{"WO-000002 Gate"}, values(list("?location_id="+uuid.NewString()), "title"), "what stands nowhere concerns every place")
	tech.refused(http.StatusUnprocessableEntity, "location_id", http.MethodGet, "/v1/notifications?location_id=here", nil)
}
