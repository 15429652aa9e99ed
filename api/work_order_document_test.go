package api

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/pdf"
	"mainstay/models"
	"mainstay/models/store/storetest"
)

// printsWorkOrder reads an order, which has a description, as a sheet of paper.
func (h *harness) printsWorkOrder(id uuid.UUID, two storetest.Plant) {
	t, c, path := h.t, h.admin(), "/v1/work-orders/"+id.String()
	c.must(http.StatusCreated, http.MethodPost, path+"/comments", map[string]any{"text": "Der Dichtring fehlt."})
	tag := c.do(http.MethodGet, "/v1/me", nil).Header.Get("ETag")
	c.must(http.StatusOK, http.MethodPatch, "/v1/me", map[string]any{"locale": "de-DE"}, "If-Match", tag)
	answer := c.raw(http.MethodGet, path+"/document", "", nil)
	require.Equal(t, http.StatusOK, answer.Code)
	require.Equal(t, "application/pdf", answer.Header().Get("Content-Type"))
	require.Regexp(t, `^attachment; filename=WO-\d+\.pdf$`, answer.Header().Get("Content-Disposition"))
	h.as(two, two.Admin, models.RoleAdmin).must(http.StatusNotFound, http.MethodGet, path+"/document", nil)
	h.as(h.plant, h.plant.Tech, models.RolePlatformOperator).must(http.StatusForbidden, http.MethodGet, path+"/document", nil)

	sheet, err := h.server.readWorkOrderSheet(h.plant.Context(t.Context()), id)
	require.NoError(t, err)
	doc, err := sheet.document("https://mainstay.example")
	require.NoError(t, err)
	require.Equal(t, "Auftrag "+sheet.order.Number, doc.Heading)
	require.Equal(t, "https://mainstay.example"+"/work-orders/"+id.String(), doc.Link)
	require.Contains(t, doc.Facts, pdf.Fact{Name: "Priorität", Value: "Hoch"})
	require.Equal(t, []pdf.Fact{{Name: "Was zu tun ist", Value: sheet.order.Description}}, doc.Texts)
	require.Equal(t, []string{"Stunden", "Kommentare"}, []string{doc.Sections[0].Title, doc.Sections[1].Title})
	require.Equal(t, "Der Dichtring fehlt.", doc.Sections[1].Rows[0][2])
}
