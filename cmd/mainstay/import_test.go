package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// upload posts an import until the storage is there, and returns the answer.
func (w *world) upload(key, kind, mapping, file string, dryRun bool) answer {
	w.t.Helper()
	var last answer
	w.eventually(func() bool {
		last = w.uploadOnce(key, kind, mapping, file, dryRun)
		return last.status != http.StatusServiceUnavailable
	})
	return last
}

func (w *world) uploadOnce(key, kind, mapping, file string, dryRun bool) answer {
	w.t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part, err := writer.CreateFormFile("file", "rows.csv")
	require.NoError(w.t, err)
	_, err = part.Write([]byte(file))
	require.NoError(w.t, err)
	for name, value := range map[string]string{"kind": kind, "mapping": mapping, "dry_run": strconv.FormatBool(dryRun)} {
		require.NoError(w.t, writer.WriteField(name, value))
	}
	require.NoError(w.t, writer.Close())
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.url+"/v1/imports", &form)
	require.NoError(w.t, err)
	request.Header.Set("Authorization", "Bearer "+w.token)
	request.Header.Set("Content-Type", writer.FormDataContentType())
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := w.client.Do(request)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	out := answer{status: response.StatusCode, header: response.Header}
	require.NoError(w.t, json.NewDecoder(response.Body).Decode(&out.body))
	return out
}

// imported waits until an import is at its end.
func (w *world) imported(created answer) map[string]any {
	w.t.Helper()
	require.Equal(w.t, http.StatusAccepted, created.status, created.body)
	var last map[string]any
	w.eventually(func() bool {
		last = w.must(http.StatusOK, http.MethodGet, "/v1/imports/"+textOf(created.body, "id"), nil)
		return last["status"] != "validating" && last["status"] != "running"
	})
	return last
}

// text downloads a file.
func (w *world) text(path string) string {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, nil)
	require.NoError(w.t, err)
	request.Header.Set("Authorization", "Bearer "+w.token)
	response, err := w.client.Do(request)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	require.Equal(w.t, http.StatusOK, response.StatusCode, string(text))
	return string(text)
}

func TestImportDryRunErrorsCommit(t *testing.T) {
	w := newWorld(t).up()
	file := "code,name,category,location\nN-1,New,PUMP,AREA\nN-2,=cmd(),FAN,AREA\n\"N-3,open\n"
	key := uuid.NewString()
	first := w.upload(key, "assets", "{}", file, true)
	require.Equal(t, first.body["id"], w.upload(key, "assets", "{}", file, true).body["id"])
	require.Equal(t, "key_reused", w.upload(key, "assets", "{}", file+"N-4,x,PUMP,AREA\n", true).body["code"])
	dry := w.imported(first)
	require.Equal(t, "validated", dry["status"])
	require.EqualValues(t, 3, dry["rows_total"])
	require.EqualValues(t, 2, dry["rows_failed"])
	require.Equal(t, "row,column,code,detail\n3,category,not_found,There is no category FAN.\n4,,csv,A quote opened here is never closed.\n",
		w.text(textOf(dry, "errors_url")))
	w.must(http.StatusAccepted, http.MethodPost, "/v1/imports/"+textOf(dry, "id")+"/commit", nil)
	done := w.imported(first)
	require.Equal(t, "completed", done["status"])
	require.EqualValues(t, 1, done["rows_changed"])
	refused := w.must(http.StatusConflict, http.MethodPost, "/v1/imports/"+textOf(dry, "id")+"/cancel", nil)
	require.Equal(t, []any{}, refused["allowed_commands"])
}

func TestImportRefusesWhatCannotBeRead(t *testing.T) {
	w := newWorld(t).up()
	for name, c := range map[string]struct{ kind, mapping, file, pointer string }{
		"kind":      {"potatoes", "{}", "code\n", "/kind"},
		"mapping":   {"assets", "{", "code,name,category,location\n", "/mapping"},
		"unknown":   {"assets", `{"colour":1}`, "code,name,category,location\n", "/mapping"},
		"field":     {"assets", `{"constants":{"colour":"red"}}`, "code,name,category,location\n", "/mapping/constants/colour"},
		"column":    {"assets", "{}", "code,name\n", "/file"},
		"encoding":  {"assets", "{}", "code,name,category,loc\xf6tion\n", "/file"},
		"delimiter": {"assets", `{"delimiter":";"}`, "code,name,category,location\n", "/file"},
		"empty":     {"assets", "{}", "", "/file"},
	} {
		a := w.upload("", c.kind, c.mapping, c.file, true)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%s: %v", name, a.body)
		faults, ok := a.body["errors"].([]any)
		require.True(t, ok, "%s: %v", name, a.body)
		first, _ := faults[0].(map[string]any)
		require.Equal(t, c.pointer, textOf(first, "pointer"), name)
	}
	require.Empty(t, w.must(http.StatusOK, http.MethodGet, "/v1/imports", nil)["items"])
}

// TestImportGoesOnWhereItsWorkerWasKilled kills the worker between two chunks: nothing is lost and nothing is written twice.
func TestImportGoesOnWhereItsWorkerWasKilled(t *testing.T) {
	w := newWorld(t).up().ready()
	const rows = 8_000
	var file strings.Builder
	file.WriteString("import_key,asset,title,closed_on,cost\n")
	for n := range rows {
		fmt.Fprintf(&file, "k%d,P-1,Job %d,2020-01-01,1.25\n", n, n)
	}
	created := w.upload("", "work-orders", "{}", file.String(), false)
	path := "/v1/imports/" + textOf(created.body, "id")
	w.eventually(func() bool {
		state := w.must(http.StatusOK, http.MethodGet, path, nil)
		done, _ := state["rows_done"].(float64)
		return state["status"] == "running" && done > 0
	})
	w.kill("worker")
	broken := w.must(http.StatusOK, http.MethodGet, path, nil)
	require.Equal(t, "running", broken["status"], "the import was over before its worker was killed: take more rows")
	w.start("worker")
	after := w.imported(created)
	require.Equal(t, "completed", after["status"])
	for _, name := range []string{"rows_total", "rows_done", "rows_ok", "rows_changed"} {
		require.EqualValues(t, rows, after[name], name)
	}
	for query, want := range map[string]int{
		`SELECT count(*) FROM work_orders WHERE tenant_id = $1`:                                        rows,
		`SELECT (sum(amount) * 100)::int FROM work_order_costs WHERE tenant_id = $1`:                   rows * 125,
		`SELECT value FROM counters WHERE tenant_id = $1 AND name = 'WO'`:                              rows,
		`SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND action = 'work_order.import'`:      rows,
		`SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND action = 'work_order.import_cost'`: rows,
	} {
		var is int
		require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), query, w.plant.Tenant).Scan(&is))
		require.Equal(t, want, is, query)
	}
}

func TestImportCommandSaysByItsExitCodeWhatBecameOfTheFile(t *testing.T) {
	w := newWorld(t).up().ready()
	w.env = append(w.env, "MAINSTAY_URL="+w.url, "MAINSTAY_TOKEN="+w.token)
	folder := t.TempDir()
	file := func(text string) string {
		path := filepath.Join(folder, uuid.NewString()+".csv")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	header := "code,name,category,location\n"
	for name, c := range map[string]struct {
		args []string
		env  string
		code int
	}{
		"in order":     {[]string{"import", file(header + "N-1,New,PUMP,AREA\n"), "--kind", "assets", "--output", "json"}, "", exitDone},
		"a dry run":    {[]string{"import", file(header + "N-9,New,PUMP,AREA\n"), "--kind", "assets", "--dry-run"}, "", exitDone},
		"a row failed": {[]string{"import", file(header + "N-2,New,PUMP,MOON\n"), "--kind", "assets"}, "", exitFound},
		"refused":      {[]string{"import", file("code\n"), "--kind", "assets"}, "", exitFound},
		"no kind":      {[]string{"import", file(header)}, "", exitUsage},
		"no file":      {[]string{"import", filepath.Join(folder, "none.csv"), "--kind", "assets"}, "", exitUsage},
		"signed out":   {[]string{"import", file(header), "--kind", "assets"}, "MAINSTAY_TOKEN=nonsense", exitFound},
		"no API":       {[]string{"export", "assets", "-o", "-"}, "MAINSTAY_URL=http://127.0.0.1:1", exitDependency},
		"no list":      {[]string{"export", "potatoes", "-o", "-"}, "", exitFound},
	} {
		program, err := os.Executable()
		require.NoError(t, err)
		cmd := exec.CommandContext(t.Context(), program, c.args...)
		cmd.Env = append(slices.Clone(w.env), c.env)
		out, err := cmd.CombinedOutput()
		code := 0
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			code = exit.ExitCode()
		}
		require.Equal(t, c.code, code, "%s: %s", name, out)
	}
	found, _ := w.must(http.StatusOK, http.MethodGet, "/v1/assets?code=N-1&code=N-2&code=N-9", nil)["items"].([]any)
	require.Len(t, found, 1)
}
