package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// ended waits until nothing can be asked of a process any more, and returns what became of it.
func (w *world) ended(path string) map[string]any {
	w.t.Helper()
	var is map[string]any
	w.eventually(func() bool {
		is = w.must(http.StatusOK, http.MethodGet, path, nil)
		commands, _ := is["allowed_commands"].([]any)
		return len(commands) == 0
	})
	return is
}

// pump adds an asset to the plant and returns its id.
func (w *world) pump(code string) string {
	w.t.Helper()
	return textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/assets", map[string]any{
		"code": code, "name": "Pump", "category_id": w.plant.Category, "location_id": w.plant.Area,
	}), "id")
}

// handOver takes a new asset to another site, approved by somebody else, disposes of it there, and returns its id.
func handOver(w *world) string {
	w.t.Helper()
	pump := w.pump("P-7")
	_, token := w.approver()
	w.must(http.StatusCreated, http.MethodPost, "/v1/approval-policies", map[string]any{
		"subject": "asset_transfer", "rules": []any{map[string]any{"levels": []any{map[string]any{"mode": "any", "roles": []string{"approver"}}}}},
	})
	site := textOf(w.must(http.StatusCreated, http.MethodPost, "/v1/locations", map[string]any{
		"code": "SUR", "name": "Sur", "kind": "site", "time_zone": "Europe/Madrid",
	}), "id")
	made := w.must(http.StatusCreated, http.MethodPost, "/v1/asset-transfers", map[string]any{
		"asset_id": pump, "to_location_id": site, "reason": "They need it.",
	})
	require.Equal(w.t, "pending_approval", made["status"])
	require.Equal(w.t, []any{"cancel"}, made["allowed_commands"])
	back := w.as(token)
	w.must(http.StatusOK, http.MethodPost, "/v1/approvals/"+textOf(made, "approval_case_id")+"/approve", map[string]any{})
	back()
	require.Equal(w.t, "completed", w.ended("/v1/asset-transfers/" + textOf(made, "id"))["status"])
	asset := w.must(http.StatusOK, http.MethodGet, "/v1/assets/"+pump, nil)
	require.Equal(w.t, []any{site, "available"}, []any{asset["location_id"], asset["custody"]})
	made = w.must(http.StatusCreated, http.MethodPost, "/v1/asset-disposals", map[string]any{
		"asset_id": pump, "method": "sold", "proceeds": map[string]any{"amount": "120.00", "currency": "EUR"}, "reason": "Worn out.",
	})
	done := w.ended("/v1/asset-disposals/" + textOf(made, "id"))
	require.Equal(w.t, []any{"completed", map[string]any{"amount": "120.00", "currency": "EUR"}}, []any{done["status"], done["proceeds"]})
	return pump
}

func TestAssetIsHandedOverAndDisposedOf(t *testing.T) {
	w := newWorld(t).up()
	disposed := w.must(http.StatusOK, http.MethodGet, "/v1/assets/"+handOver(w), nil)
	require.Equal(t, []any{"disposed", "disabled"}, []any{disposed["lifecycle_state"], disposed["operating_state"]})

	pump := w.pump("P-8")
	path := "/v1/asset-disposals"
	body := map[string]any{"asset_id": pump, "method": "scrapped", "proceeds": "0", "reason": "Broken.", "on": "2999-12-31"}
	one := w.try(http.MethodPost, path, "once", body)
	require.Equal(t, http.StatusCreated, one.status, one.body)
	require.Equal(t, one.body["id"], w.try(http.MethodPost, path, "once", body).body["id"])
	require.Equal(t, "approved", one.body["status"])
	refused := w.must(http.StatusConflict, http.MethodPost, path, body)
	require.Contains(t, refused["detail"], "reserved")
	path += "/" + textOf(one.body, "id")
	refused = w.must(http.StatusConflict, http.MethodPost, path+"/retry", nil)
	require.Equal(t, []any{"cancel"}, refused["allowed_commands"])
	w.must(http.StatusUnprocessableEntity, http.MethodPost, path+"/cancel", nil)
	require.Equal(t, "cancelled", w.must(http.StatusOK, http.MethodPost, path+"/cancel", map[string]any{"reason": "It was repaired."})["status"])
	kept := w.must(http.StatusOK, http.MethodGet, "/v1/assets/"+pump, nil)
	require.Equal(t, []any{"in_service", "available"}, []any{kept["lifecycle_state"], kept["custody"]})
	list := w.must(http.StatusOK, http.MethodGet, "/v1/asset-disposals?status=cancelled&q=P-8", nil)
	require.Len(t, list["items"], 1)
}
