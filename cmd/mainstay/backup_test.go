package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"mainstay/internal/auth"
	"mainstay/internal/blob"
	"mainstay/internal/pgbackrest"
	"mainstay/models"
	"mainstay/models/store/storetest"
)

// operated gives the world what backups need and makes its requests those of a platform operator.
func (w *world) operated() *world {
	w.t.Helper()
	identity, err := age.GenerateX25519Identity()
	require.NoError(w.t, err)
	w.token, _, err = w.keys.Sign(auth.Claims{
		UserID: w.plant.Admin, TenantID: w.plant.Tenant, SessionID: models.NewID(), Roles: []models.Role{models.RoleAdmin, models.RolePlatformOperator},
	}, time.Now())
	require.NoError(w.t, err)
	// As the local stack makes it: a login that reads every row, no superuser.
	_, err = w.db.Owner.ExecContext(w.t.Context(), `DO $$ BEGIN
			CREATE ROLE backup_reader LOGIN BYPASSRLS PASSWORD 'reader';
		EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; GRANT pg_read_all_data TO backup_reader`)
	require.NoError(w.t, err)
	reader, err := url.Parse(w.db.URL)
	require.NoError(w.t, err)
	reader.User = url.UserPassword("backup_reader", "reader")
	manifests := w.t.TempDir()
	require.NoError(w.t, os.WriteFile(filepath.Join(manifests, "compose.yml"), []byte("image: mainstay:1"), 0o600))
	w.env = append(w.env, "MAINSTAY_BACKUP_PATHS="+manifests, "MAINSTAY_BACKUP_DATABASE_URL="+reader.String(), "MAINSTAY_RECOVERY_KEY="+identity.String(), "MAINSTAY_URL="+w.url,
		"MAINSTAY_TOKEN="+w.token, "MAINSTAY_BACKUP_DUMP_CRON=0 0 29 2 *", "MAINSTAY_BACKUP_DRILL_CRON=off", "MAINSTAY_BACKUP_FAULT_DRILL_CRON=0 0 29 2 *", "MAINSTAY_BACKUP_RETENTION_CRON=0 0 29 2 *",
		"MAINSTAY_BACKUP_ARCHIVE_CRON=off", "MAINSTAY_FILE_CHECK_CRON=0 0 29 2 *", "MAINSTAY_S3_ARCHIVE_BUCKET="+w.namespace+"-archive")
	return w
}

// fails runs a subcommand that must end with this exit code.
func (w *world) fails(code int, args ...string) string {
	w.t.Helper()
	program, err := os.Executable()
	require.NoError(w.t, err)
	cmd := exec.CommandContext(w.t.Context(), program, args...)
	cmd.Env = w.env
	out, _ := cmd.CombinedOutput()
	require.Equal(w.t, code, cmd.ProcessState.ExitCode(), string(out))
	return string(out)
}

// drilled runs a drill over the API to its end.
func (w *world) drilled() map[string]any {
	w.t.Helper()
	return w.drilledAs(map[string]any{})
}

func (w *world) drilledAs(request map[string]any) map[string]any {
	w.t.Helper()
	created := w.must(http.StatusAccepted, http.MethodPost, "/v1/restore-drills", request)
	var last map[string]any
	w.eventually(func() bool {
		last = w.must(http.StatusOK, http.MethodGet, "/v1/restore-drills/"+textOf(created, "id"), nil)
		return last["status"] == "completed"
	})
	return last
}

// tick lets a clock strike at once.
func (w *world) tick(schedule string) {
	w.t.Helper()
	require.NoError(w.t, w.temporal.ScheduleClient().GetHandle(w.t.Context(), schedule).Trigger(w.t.Context(), client.ScheduleTriggerOptions{}))
}

// red returns the one check that is no pass.
func red(t *testing.T, drill map[string]any) map[string]any {
	t.Helper()
	var found map[string]any
	checks, _ := drill["checks"].([]any)
	for _, c := range checks {
		if check, _ := c.(map[string]any); check["verdict"] != "pass" {
			require.Nil(t, found, "%v", checks)
			found = check
		}
	}
	require.NotNil(t, found, "%v", checks)
	return found
}

func TestBackupIsProvenByADrillAndDamageTurnsItRed(t *testing.T) {
	w := newWorld(t).operated().up()
	require.Contains(t, w.fails(exitFound, "backup", "--kind", "full"), pgbackrest.Install, "this world has no WAL archive")
	without := w.drilled()
	require.Equal(t, "inconclusive", without["verdict"], "nothing to restore is no pass")
	require.Equal(t, "backup", red(t, without)["name"])

	var b backupState
	require.NoError(t, json.Unmarshal([]byte(w.run("backup", "--output", "json")), &b))
	require.Equal(t, "completed", b.Status)
	require.Positive(t, b.Evidence.Rows)
	list := w.must(http.StatusOK, http.MethodGet, "/v1/backups", nil)
	require.Len(t, list["items"], 2, "the failed one too")
	require.Contains(t, w.run("backup", "prune"), "0 backups went", "the newest stays")
	runs, _ := w.must(http.StatusOK, http.MethodGet, "/v1/retention-runs", nil)["items"].([]any)
	require.Len(t, runs, 1)
	require.Regexp(t, `schedules +backup-dump \d{4}-02-29 00:00 UTC, backup-full off, backup-incremental off, restore-drill off, backup-retention \d{4}-02-29 00:00 UTC, file-check \d{4}-02-29 00:00 UTC, backup-archive off, wal-check off, restore-drill-missing-segment off, restore-drill-flipped-byte \d{4}-02-29 00:00 UTC, restore-drill-wrong-key \d{4}-02-29 00:00 UTC, restore-drill-truncated-dump \d{4}-02-29 00:00 UTC`, w.run("doctor"))
	w.tick("backup-retention")
	w.eventually(func() bool {
		runs, _ = w.must(http.StatusOK, http.MethodGet, "/v1/retention-runs?sort=created_at", nil)["items"].([]any)
		if len(runs) < 2 {
			return false
		}
		clocked, _ := runs[1].(map[string]any)
		return clocked["status"] == "completed"
	})

	said := w.run("drill")
	require.Contains(t, said, "verdict: pass")
	for _, check := range []string{
		"manifest", "object", "decrypt", "content", "restore", "amcheck", "row_counts", "foreign_keys", "files", "migrations", "stock_ledger", "audit_log", "queries", "api",
	} {
		require.Regexp(t, `(?m)^pass +`+check+` `, said)
	}

	files, err := blob.Open(blob.Config{
		Endpoint: os.Getenv("MAINSTAY_TEST_S3_ENDPOINT"), Region: "us-east-1", Bucket: w.namespace,
		AccessKey: os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"),
	})
	require.NoError(t, err)
	key := blob.Key{Kind: blob.Backups, ID: b.ID}
	sealed := contentOf(t, files, key)
	var email string
	require.NoError(t, w.db.Owner.QueryRowContext(t.Context(), `SELECT email FROM users WHERE id = $1`, w.plant.Admin).Scan(&email))
	w.sealed(files, email)
	taken := filepath.Join(t.TempDir(), "installation.tar")
	w.run("backup", "fetch", "--part", "installation", "-o", taken)
	installation, err := os.ReadFile(taken)
	require.NoError(t, err)
	for _, wanted := range []string{"files.json", "FileOrphanDays:30", b.Evidence.Installation.BinarySHA256, "github.com/minio/minio-go", "image: mainstay:1"} {
		require.Contains(t, string(installation), wanted)
	}
	for _, secret := range w.secrets() {
		require.NotContains(t, string(installation), secret, "sealed or not")
	}
	listed := filepath.Join(t.TempDir(), "files.jsonl")
	w.run("backup", "fetch", "--part", "inventory", "-o", listed)
	require.FileExists(t, listed)

	w.archived(b, sealed, email)
	attached := w.filesComeBack(files)
	drills, _ := w.must(http.StatusOK, http.MethodGet, "/v1/restore-drills", nil)["items"].([]any)
	require.Len(t, drills, 2)
	proof, _ := drills[0].(map[string]any)
	report := w.must(http.StatusOK, http.MethodGet, "/v1/restore-drills/"+textOf(proof, "id")+"/report", nil)
	stored, _ := report["backup"].(map[string]any)
	require.Equal(t, b.ID.String(), stored["id"])
	document := w.fetched("/v1/restore-drills/" + textOf(proof, "id") + "/report?format=pdf")
	require.True(t, bytes.HasPrefix(document, []byte("%PDF-")))

	put := func(content []byte) {
		_, err := files.Put(t.Context(), key, bytes.NewReader(content), blob.Content{Size: int64(len(content))})
		require.NoError(t, err)
	}
	flipped := bytes.Clone(sealed)
	flipped[len(flipped)/2] ^= 1
	put(flipped)
	drill := w.drilled()
	require.Equal(t, "fail", drill["verdict"])
	require.Equal(t, "object", red(t, drill)["name"])
	require.Contains(t, red(t, drill)["detail"], "Its SHA-256 is")
	require.Nil(t, drill["rto_seconds"], "nothing was restored")

	put(sealed[:len(sealed)-100])
	require.Contains(t, w.fails(exitFound, "drill"), "verdict: fail")
	drill = w.drilled()
	require.Equal(t, "object", red(t, drill)["name"])
	require.Contains(t, red(t, drill)["detail"], "bytes, the manifest says")

	put(sealed)
	file := filepath.Join(t.TempDir(), "rows.dump")
	right := w.env
	other, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	w.env = append(slices.Clone(right), "MAINSTAY_RECOVERY_KEY="+other.String())
	require.Contains(t, w.fails(exitFound, "backup", "fetch", "-o", file), "the recovery key does not open it")
	require.NoFileExists(t, file)
	w.env = right
	w.run("backup", "fetch", "-o", file)
	rows, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(rows, []byte("PGDMP")))
	require.Contains(t, string(rows), email, "the search above looks for what is really in the rows")

	w.findsWhatIsSpoiltOnPurpose()
	response, err := http.Get("http://" + w.operations["worker"] + "/metrics")
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	metrics, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Contains(t, string(metrics), "mainstay_drill_green_age_seconds")
	require.Contains(t, string(metrics), "mainstay_backup_verified_age_seconds")
	require.Contains(t, string(metrics), `mainstay_drill_fault_missed{fault="truncated_dump"} 0`)
	require.Contains(t, string(metrics), `mainstay_drill_fault_age_seconds{fault="flipped_byte"}`, "never tried, and a backup is there")
	require.NotContains(t, string(metrics), `fault="missing_segment"`, "no WAL is archived")

	// What the dump holds is whole as a dump, but an audit event is gone, a file is, there is stock that nobody received, and the API cannot answer
	// one of the questions.
	require.EqualValues(t, 1, storetest.Forget(t, w.db, `action = 'backup_run.create' AND subject_id = $1`, b.ID))
	_, err = w.db.Owner.ExecContext(t.Context(), `REVOKE SELECT ON notifications FROM mainstay_app`)
	require.NoError(t, err)
	item := w.must(http.StatusCreated, http.MethodPost, "/v1/items", map[string]any{"code": "BEARING", "name": "Bearing", "unit": "pc"})
	_, err = w.db.Owner.ExecContext(t.Context(), `INSERT INTO stock_balances (tenant_id, item_id, location_id, on_hand) VALUES ($1, $2, $3, 3)`,
		w.plant.Tenant, textOf(item, "id"), w.plant.Site)
	require.NoError(t, err)
	require.NoError(t, files.Delete(t.Context(), attached))
	w.run("backup")
	drill = w.drilled()
	require.Equal(t, "fail", drill["verdict"])
	reds := map[string]string{}
	checks, _ := drill["checks"].([]any)
	for _, c := range checks {
		if check, _ := c.(map[string]any); check["verdict"] != "pass" {
			reds[textOf(check, "name")] = textOf(check, "detail")
		}
	}
	require.Len(t, reds, 4, "%v", checks)
	require.Contains(t, reds["files"], attached.String()+" of an attachment is missing")
	require.Contains(t, reds["stock_ledger"], "balance is 3")
	require.Contains(t, reds["audit_log"], "backup_run "+b.ID.String()+" vouches for 3 events and has 2")
	require.Regexp(t, "GET /v1/[a-z]+ answers 500", reds["api"])
	require.Contains(t, w.fails(exitFound, "doctor", "--ledger"), "backup_run "+b.ID.String()+": it vouches for 3 events, the log has 2")
}

// findsWhatIsSpoiltOnPurpose drills faults by the operator's command and by the clock.
func (w *world) findsWhatIsSpoiltOnPurpose() {
	t := w.t
	said := w.run("drill", "--fault", "wrong_key")
	require.Regexp(t, `(?m)^fail +decrypt `, said)
	require.Contains(t, said, "fault wrong_key: found")
	require.Contains(t, w.fails(exitFound, "drill", "--fault", "missing_segment"), "fault missing_segment: NOT found", "this world has no WAL archive")
	w.tick("restore-drill-truncated-dump")
	var newest map[string]any
	w.eventually(func() bool {
		drills, _ := w.must(http.StatusOK, http.MethodGet, "/v1/restore-drills?limit=1", nil)["items"].([]any)
		newest, _ = drills[0].(map[string]any)
		return newest["fault"] == "truncated_dump" && newest["status"] == "completed"
	})
	require.Equal(t, true, newest["fault_found"], "%v", newest["checks"])
	require.Equal(t, "fail", newest["verdict"])
	document := w.fetched("/v1/restore-drills/" + textOf(newest, "id") + "/report?format=pdf")
	require.True(t, bytes.HasPrefix(document, []byte("%PDF-")))
}

// filesComeBack loses a file, brings it back by the operator's commands and returns where it lies.
func (w *world) filesComeBack(files *blob.Store) blob.Key {
	t := w.t
	content := []byte("manual")
	sum := sha256.Sum256(content)
	file := w.must(http.StatusCreated, http.MethodPost, "/v1/attachments", map[string]any{
		"subject_type": "asset", "subject_id": w.plant.Asset, "filename": "manual.txt", "size_bytes": len(content), "sha256": hex.EncodeToString(sum[:]),
	})
	path := "/v1/attachments/" + textOf(file, "id") + "/content"
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.url+path, bytes.NewReader(content))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+w.token)
	response, err := w.client.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, w.run("files", "check"), "1 files in use")
	at := time.Now().UTC().Format(time.RFC3339Nano)

	key := blob.Key{Tenant: w.plant.Tenant, Kind: blob.Attachments, ID: uuid.MustParse(textOf(file, "id"))}
	require.NoError(t, files.Delete(t.Context(), key))
	require.Contains(t, w.fails(exitFound, "files", "check"), key.String()+": The object is missing.")
	require.Contains(t, w.run("files", "restore", "--as-of", at), "1 restored")
	require.Equal(t, content, w.fetched(path))
	w.tick("file-check")
	w.eventually(func() bool {
		runs, _ := w.must(http.StatusOK, http.MethodGet, "/v1/file-runs", nil)["items"].([]any)
		newest, _ := runs[0].(map[string]any)
		evidence, _ := newest["evidence"].(map[string]any)
		return len(runs) == 4 && newest["status"] == "completed" && evidence["faults"] == 0.0
	})
	return key
}

// fetched reads a file of the API.
func (w *world) fetched(path string) []byte {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+path, http.NoBody)
	require.NoError(w.t, err)
	request.Header.Set("Authorization", "Bearer "+w.token)
	response, err := w.client.Do(request)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(w.t, http.StatusOK, response.StatusCode)
	content, err := io.ReadAll(response.Body)
	require.NoError(w.t, err)
	return content
}

// secrets are those of the world's settings.
func (w *world) secrets() []string {
	var all []string
	for _, setting := range w.env {
		name, value, _ := strings.Cut(setting, "=")
		switch {
		case value == "", strings.HasSuffix(name, "ACCESS_KEY"): // a name, no secret
		case strings.HasSuffix(name, "DATABASE_URL"):
			u, err := url.Parse(value)
			require.NoError(w.t, err)
			if password, ok := u.User.Password(); ok {
				all = append(all, ":"+password+"@")
			}
		case strings.HasSuffix(name, "_KEY"), strings.HasSuffix(name, "_TOKEN"):
			all = append(all, value)
		}
	}
	require.NotEmpty(w.t, all)
	return all
}

// sealed looks into every stored object of the installation for secrets and rows in clear.
func (w *world) sealed(files *blob.Store, email string) {
	w.t.Helper()
	for _, kind := range blob.InstallationKinds {
		versions, err := files.Versions(w.t.Context(), uuid.Nil, kind)
		require.NoError(w.t, err)
		if kind != blob.Canaries {
			require.NotEmpty(w.t, versions, "%s", kind)
		}
		for _, v := range versions {
			text := contentOf(w.t, files, v.Key)
			for _, plain := range append(w.secrets(), email, "PGDMP", "AGE-SECRET-KEY", "P-1", "FileOrphanDays", "manual.txt") {
				require.False(w.t, bytes.Contains(text, []byte(plain)), "%q stands in %s", plain, v.Key)
			}
		}
	}
}

// archived puts the proven backup under lock and looks at what lies there.
func (w *world) archived(b backupState, sealed []byte, email string) {
	t := w.t
	var kept backupState
	require.NoError(t, json.Unmarshal([]byte(w.run("backup", "--kind", "archive", "--output", "json")), &kept))
	require.Equal(t, "completed", kept.Status)
	require.Equal(t, b.ID, kept.Evidence.Archive.Source)
	require.NotEmpty(t, kept.Evidence.Archive.Canary)
	locked, err := blob.Open(blob.Config{
		Endpoint: os.Getenv("MAINSTAY_TEST_S3_ENDPOINT"), Region: "us-east-1", Bucket: w.namespace + "-archive",
		AccessKey: os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), SecretKey: os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY"),
	})
	require.NoError(t, err)
	require.Equal(t, sealed, contentOf(t, locked, blob.Key{Kind: blob.Backups, ID: kept.ID}))
	w.sealed(locked, email)
	for _, kind := range blob.InstallationKinds {
		key := blob.Key{Kind: kind, ID: kept.ID}
		versions, err := locked.Versions(t.Context(), uuid.Nil, kind)
		require.NoError(t, err)
		require.Len(t, versions, 1)
		require.Error(t, locked.DeleteVersion(t.Context(), key, versions[0].ID), "nobody deletes what is under lock")
	}
	right := w.env
	w.env = append(slices.Clone(right), "MAINSTAY_S3_BUCKET="+w.namespace+"-archive", "MAINSTAY_S3_ARCHIVE_BUCKET=")
	require.Contains(t, w.run("backup", "fetch", "-o", filepath.Join(t.TempDir(), "archive.dump")), "pass     content")
	w.env = right
}

func contentOf(t testing.TB, files *blob.Store, key blob.Key) []byte {
	t.Helper()
	body, _, err := files.Get(t.Context(), key)
	require.NoError(t, err)
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(body)
	require.NoError(t, err)
	return text
}

func TestBackupsAreThePlatformOperators(t *testing.T) {
	w := newWorld(t).up()
	w.must(http.StatusForbidden, http.MethodPost, "/v1/backups", map[string]any{"kind": "dump"})
	w.must(http.StatusForbidden, http.MethodPost, "/v1/restore-drills", map[string]any{})
	w.must(http.StatusForbidden, http.MethodGet, "/v1/backups/"+uuid.NewString(), nil)
	w.must(http.StatusForbidden, http.MethodPost, "/v1/retention-runs", map[string]any{"dry_run": true})
	w.must(http.StatusForbidden, http.MethodGet, "/v1/retention-runs", nil)
	w.must(http.StatusForbidden, http.MethodPost, "/v1/file-runs", map[string]any{"kind": "check"})
	w.must(http.StatusForbidden, http.MethodGet, "/v1/file-runs/"+uuid.NewString(), nil)
	w.must(http.StatusForbidden, http.MethodGet, "/v1/restore-drills", nil)
	w.must(http.StatusForbidden, http.MethodGet, "/v1/restore-drills/"+uuid.NewString()+"/report", nil)
}
