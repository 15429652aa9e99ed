package activities_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/minio/minio-go/v7"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

// findsWhatItSpoils drills each fault on a repository and a bucket in order: the right check finds it, nothing that is stored is another
// afterwards, and a fault that the restore does not get to see is told as missed.
func (w *faultWorld) findsWhatItSpoils() {
	w.Helper()
	dump := w.newBackup(models.BackupDump)
	require.NoError(w, w.act(w.operations.CarryOutBackup, dump))
	before := w.stored()
	for _, c := range []struct {
		asked        models.DrillRequest
		source       models.DrillSource
		red, reasons string
	}{
		{models.DrillRequest{Fault: models.DrillMissingSegment}, models.DrillOfPhysical, "archive", "^1 WAL segments are missing between"},
		{models.DrillRequest{Fault: models.DrillFlippedByte}, models.DrillOfPhysical, "replay", "damaged in the repository|before configured recovery target|could not locate"},
		{models.DrillRequest{Fault: models.DrillWrongKey}, models.DrillOfPhysical, "repository", "(?i)crypt|key"},
		{models.DrillRequest{Fault: models.DrillTruncatedDump}, models.DrillOfDump, "object", "^It has [0-9]+ bytes, the manifest says"},
		{models.DrillRequest{Fault: models.DrillFlippedByte, Source: models.DrillOfDump}, models.DrillOfDump, "object", "^Its SHA-256 is"},
		{models.DrillRequest{Fault: models.DrillWrongKey, Source: models.DrillOfDump}, models.DrillOfDump, "decrypt", "the recovery key does not open it"},
	} {
		d, checks := w.drilled(c.asked)
		require.Equal(w, c.source, d.Source)
		require.Equal(w, models.DrillFail, d.Verdict, "%v", checks)
		require.NotNil(w, d.FaultFound, "%v", checks)
		require.True(w, *d.FaultFound, "%v", checks)
		last, red := checks[len(checks)-1], checks[len(checks)-2]
		require.Equal(w, c.red, red.Name, "%v", checks)
		require.Regexp(w, c.reasons, red.Detail)
		require.Equal(w, "fault", last.Name)
		require.Equal(w, models.DrillPass, last.Verdict)
		require.Regexp(w, "^Detected: .* and the check "+c.red+" went red for it", last.Detail)
		require.Contains(w, string(d.Evidence), `"red_check": "`+c.red+`"`)
		require.Nil(w, d.RTOSeconds, "nothing was restored")
	}
	after := w.stored()
	for object, tag := range before {
		require.Equal(w, tag, after[object], "%s is as it was", object)
	}
	w.saysWhatItDidNotFind()
}

// saysWhatItDidNotFind puts the byte back in the drill's copy before the server reads it.
func (w *faultWorld) saysWhatItDidNotFind() {
	w.Helper()
	var once sync.Once
	w.cut(func(r *http.Request) bool {
		if asks("GET", "/bundle/")(r) {
			once.Do(w.mendCopy)
		}
		return false
	})
	d, checks := w.drilled(models.DrillRequest{Fault: models.DrillFlippedByte})
	w.back()
	require.Equal(w, models.DrillFail, d.Verdict, "%v", checks)
	require.NotNil(w, d.FaultFound, "%v", checks)
	require.False(w, *d.FaultFound)
	last := checks[len(checks)-1]
	require.Equal(w, "fault", last.Name)
	require.Equal(w, models.DrillFail, last.Verdict)
	require.Regexp(w, "^Not detected: the byte [0-9]+ of the stored WAL segment [0-9A-F]{24} was another, and the check replay did not go red for it", last.Detail)
	require.Equal(w, models.DrillPass, models.DrillVerdictOf(checks[:len(checks)-1]), "all else was in order: %v", checks)
	figures, err := w.s.Figures(w.Context())
	require.NoError(w, err)
	require.Contains(w, figures, models.Figure{Name: "drill_fault_missed", Status: "flipped_byte", Value: 1})
	require.Contains(w, figures, models.Figure{Name: "drill_fault_missed", Status: "wrong_key", Value: 0})
	left, err := filepath.Glob(filepath.Join(w.operations.ScratchDir, "mainstay-drill-*"))
	require.NoError(w, err)
	require.Empty(w, left, "no copy stays")
}

func (w *faultWorld) drilled(r models.DrillRequest) (models.RestoreDrill, []models.DrillCheck) {
	w.Helper()
	id := w.newDrill(r)
	require.NoError(w, w.act(w.operations.CarryOutRestoreDrill, id))
	return w.drill(id)
}

// mendCopy writes the segment of a spoilt copy anew, as the repository has it.
func (w *faultWorld) mendCopy() {
	w.Helper()
	copies, err := filepath.Glob(filepath.Join(w.operations.ScratchDir, "mainstay-drill-*-spoilt", "repository", "archive", "*", "*", "*", "*.zst"))
	require.NoError(w, err)
	require.Len(w, copies, 1)
	storage, bucket := storageOfTests(w.T), w.operations.Blob.Bucket()
	for object := range w.stored() {
		if !strings.HasSuffix(object, "/"+filepath.Base(copies[0])) {
			continue
		}
		body, err := storage.GetObject(w.Context(), bucket, object, minio.GetObjectOptions{})
		require.NoError(w, err)
		content, err := io.ReadAll(body)
		require.NoError(w, err)
		spoilt, err := os.ReadFile(copies[0])
		require.NoError(w, err)
		require.Len(w, spoilt, len(content))
		require.False(w, bytes.Equal(spoilt, content))
		require.NoError(w, os.WriteFile(copies[0], content, 0o600))
	}
}

// stored are the objects of the bucket, of backups and of the repository, by what they hold.
func (w *faultWorld) stored() map[string]string {
	w.Helper()
	all := map[string]string{}
	for object := range storageOfTests(w.T).ListObjects(w.Context(), w.operations.Blob.Bucket(), minio.ListObjectsOptions{Recursive: true}) {
		require.NoError(w, object.Err)
		all[object.Key] = object.ETag + object.LastModified.String()
	}
	require.NotEmpty(w, all)
	return all
}
