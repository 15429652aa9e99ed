package main

import (
	"database/sql"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestAssignmentIsMailedOnce(t *testing.T) {
	w := newWorld(t).up()
	order := w.must(http.StatusCreated, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": "Replace the seal", "asset_id": w.plant.Asset, "type": "corrective", "priority": "high",
	})
	path := "/v1/work-orders/" + textOf(order, "id")
	body := map[string]any{"assignee_ids": []uuid.UUID{w.plant.Tech, w.plant.Admin}}
	w.must(http.StatusOK, http.MethodPost, path+"/assign", body)
	w.must(http.StatusOK, http.MethodPost, path+"/assign", body)
	var mailed sql.NullTime
	w.eventually(func() bool {
		err := w.db.Owner.QueryRowContext(t.Context(), `SELECT mailed_at FROM notifications WHERE user_id = $1`, w.plant.Tech).Scan(&mailed)
		return err == nil && mailed.Valid
	})
	var all int
	require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM notifications`).Scan(&all))
	require.Equal(t, 1, all)

	refused := w.try(http.MethodPost, path+"/assign", "", map[string]any{"assignee_ids": []uuid.UUID{uuid.New()}})
	require.Equal(t, http.StatusUnprocessableEntity, refused.status)
	faults, _ := refused.body["errors"].([]any)
	require.Len(t, faults, 1)
	fault, _ := faults[0].(map[string]any)
	require.Equal(t, "/assignee_ids/0", fault["pointer"])
}
