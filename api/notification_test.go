package api

import (
	"net/http"
	"testing"

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
