package main

import (
	"archive/zip"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// exported asks for an export and waits until it is at its end.
func (w *world) exported(body map[string]any) map[string]any {
	w.t.Helper()
	created := w.must(http.StatusAccepted, http.MethodPost, "/v1/exports", body)
	var last map[string]any
	w.eventually(func() bool {
		last = w.must(http.StatusOK, http.MethodGet, "/v1/exports/"+textOf(created, "id"), nil)
		return last["status"] != "running"
	})
	return last
}

func TestExportListsFormulaSafeAndBackIn(t *testing.T) {
	w := newWorld(t).up().ready()
	w.imported(w.upload("", "assets", "{}", "code,name,category,location\nN-1,=cmd(),PUMP,AREA\nN-2,Fan,PUMP,SITE\n", false))
	done := w.exported(map[string]any{"kind": "assets", "format": "csv", "filter": map[string]any{"location_id": w.plant.Area.String()}})
	require.Equal(t, "completed", done["status"])
	require.EqualValues(t, 2, done["rows_total"])
	text := w.text(textOf(done, "content_url"))
	require.Contains(t, text, "code,name,description,category,location,parent,")
	require.Contains(t, text, "N-1,'=cmd(),,PUMP,AREA,,")
	require.NotContains(t, text, "N-2")

	w.env = append(w.env, "MAINSTAY_URL="+w.url, "MAINSTAY_TOKEN="+w.token)
	file := filepath.Join(t.TempDir(), "assets.csv")
	w.run("export", "assets", "-o", file, "--filter", "code=P-1", "--filter", "code=N-2")
	require.Contains(t, w.run("import", file, "--kind", "assets"), "completed: 2 rows, 2 in order, 0 changed, 0 failed")
	book := filepath.Join(t.TempDir(), "assets.xlsx")
	w.run("export", "assets", "-o", book, "--format", "xlsx")
	opened, err := zip.OpenReader(book)
	require.NoError(t, err)
	require.NoError(t, opened.Close())
	_, err = os.Stat(book)
	require.NoError(t, err)
	refused := w.must(http.StatusUnprocessableEntity, http.MethodPost, "/v1/exports", map[string]any{"kind": "assets", "filter": map[string]any{"colour": "red"}})
	faults, _ := refused["errors"].([]any)
	first, _ := faults[0].(map[string]any)
	require.Equal(t, "/filter/colour", first["pointer"])
}
