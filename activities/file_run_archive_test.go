package activities_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/activities"
	"mainstay/internal/blob"
	"mainstay/internal/config"
	"mainstay/models"
	"mainstay/models/store/storetest"
)

// archivedOn makes an archive out of the proven dump, whose content is read on the day of at, and returns where the storage keeps the dump in it.
func (w *faultWorld) archivedOn(at time.Time) (id uuid.UUID, file string) {
	w.Helper()
	id = models.NewID()
	id[15] = byte(at.Unix() / (24 * 60 * 60) % models.FileReadDays)
	require.NoError(w, w.s.ScheduleBackupRun(w.ctx(), id, models.BackupArchive))
	require.NoError(w, w.act(w.operations.CarryOutBackup, id))
	b := w.backup(id)
	require.Equal(w, models.BackupCompleted, b.Status, b.Failure)
	return id, filepath.Join(os.Getenv("MAINSTAY_TEST_S3_DIR"), "data", w.operations.Archive.Bucket(), blob.Key{Kind: blob.Backups, ID: id}.String())
}

// fileCheck makes a check of the files.
func (w *faultWorld) fileCheck() (models.FilePlan, models.FileEvidence) {
	w.Helper()
	id := models.NewID()
	require.NoError(w, w.s.ScheduleFileCheck(w.ctx(), id))
	require.NoError(w, w.act(w.operations.CarryOutFileRun, id))
	r, err := w.s.FileRun(w.Context(), id)
	require.NoError(w, err)
	require.Equal(w, models.FileRunCompleted, r.Status, r.Failure)
	var plan models.FilePlan
	var evidence models.FileEvidence
	require.NoError(w, errors.Join(json.Unmarshal(r.Plan, &plan), json.Unmarshal(r.Evidence, &evidence)))
	return plan, evidence
}

// TestArchivesUnderLockAreReadAgain changes an archived dump behind the storage's back, as a disk does, and over it, as a person can.
func TestArchivesUnderLockAreReadAgain(t *testing.T) {
	t.Parallel()
	files := openBucket(t, func(*http.Request) {})
	w := &faultWorld{T: t}
	w.s, w.db = storetest.New(t)
	w.p = storetest.NewPlant(t, w.db, "plant")
	key, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	locked := bucketAt(t, endpointOfTests(t), files.Bucket()+"-archive")
	w.operations = &activities.Operations{
		Store: w.s, Blob: files, DatabaseURL: config.Secret(w.db.URL), RecoveryKey: config.Secret(key.String()), Archive: locked, ArchiveFor: time.Hour,
		OrphansAfter: time.Hour,
	}
	dump := w.newBackup(models.BackupDump)
	require.NoError(t, w.act(w.operations.CarryOutBackup, dump))
	_, err = w.db.Owner.ExecContext(t.Context(), `INSERT INTO restore_drills (tenant_id, id, status, verdict, backup_run_id, rpo_seconds, rto_seconds, actor_id,
		finished_at, created_at, updated_at) VALUES ($1, $2, 'completed', 'pass', $3, 1, 1, $4, now(), now(), now())`, w.p.Tenant, models.NewID(), dump, uuid.Nil)
	require.NoError(t, err)

	read, file := w.archivedOn(time.Now())
	_, another := w.archivedOn(time.Now().Add(24 * time.Hour))
	plan, evidence := w.fileCheck()
	require.Empty(t, plan.Faults)
	require.Equal(t, 8, evidence.Locked, "manifest, dump, list of files and installation of two archives")
	require.Equal(t, 4, evidence.ReadLocked, "one archive's day is today")

	flip := func(file string) {
		t.Helper()
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		content[len(content)/2] ^= 1
		require.NoError(t, os.WriteFile(file, content, 0o600))
	}
	flip(file)
	flip(another) // its day comes
	plan, evidence = w.fileCheck()
	require.Equal(t, []models.FileFault{{
		TenantID: w.p.Tenant, BackupID: &read, Key: blob.Key{Kind: blob.Backups, ID: read}.String(), Fault: "The object has another content than its row says.",
	}}, plan.Faults)
	require.Equal(t, 1, evidence.Faults)
	figures, err := w.s.Figures(t.Context())
	require.NoError(t, err)
	require.Contains(t, figures, models.Figure{Name: "file_faults", Value: 1})
	flip(file)

	later, _ := w.archivedOn(time.Now().Add(48 * time.Hour))
	require.NotEqual(t, read, later, "what is damaged keeps no later archive from being made")
	for kind, fault := range map[blob.Kind]string{blob.Inventories: "missing", blob.BackupManifests: "another content"} {
		key := blob.Key{Kind: kind, ID: later}
		if kind == blob.Inventories {
			require.NoError(t, locked.Delete(t.Context(), key)) // a mark over it, which no lock forbids
		} else {
			empty := sha256.Sum256([]byte("{}"))
			_, err := locked.Put(t.Context(), key, strings.NewReader("{}"), blob.Content{Size: 2, SHA256: hex.EncodeToString(empty[:])})
			require.NoError(t, err)
		}
		plan, _ = w.fileCheck()
		found := slices.IndexFunc(plan.Faults, func(f models.FileFault) bool { return f.Key == key.String() })
		require.GreaterOrEqual(t, found, 0, "%s: %v", key, plan.Faults)
		require.Contains(t, plan.Faults[found].Fault, fault)
	}

	w.operations.Archive = nil
	plan, _ = w.fileCheck()
	require.Len(t, plan.Faults, 12, "what cannot be looked at is not well")
	require.Contains(t, plan.Faults[0].Fault, "MAINSTAY_S3_ARCHIVE_BUCKET")
}
