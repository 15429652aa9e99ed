package models_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
)

func TestCompareFilesTellsOrphansFromFaults(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	old, young := now.Add(-48*time.Hour), now.Add(-time.Hour)
	file := func(key string, size int64) models.KnownFile {
		return models.KnownFile{ID: models.NewID(), Key: key, SizeBytes: size, UploadedAt: &old}
	}
	deleted, announced := file("deleted", 3), file("announced", 3)
	deleted.DeletedAt, announced.UploadedAt = &young, nil
	known := []models.KnownFile{file("good", 3), file("missing", 3), file("marked", 3), file("short", 3), deleted, announced}
	versions := []models.FileVersion{
		{Key: "good", VersionID: "2", SizeBytes: 3, Latest: true, StoredAt: old},
		{Key: "good", VersionID: "1", SizeBytes: 9, StoredAt: old},
		{Key: "marked", VersionID: "2", Deleted: true, Latest: true, StoredAt: young},
		{Key: "marked", VersionID: "1", SizeBytes: 3, StoredAt: old},
		{Key: "short", VersionID: "1", SizeBytes: 2, Latest: true, StoredAt: old},
		{Key: "deleted", VersionID: "1", SizeBytes: 3, StoredAt: old},
		{Key: "announced", VersionID: "1", SizeBytes: 3, Latest: true, StoredAt: old},
		{Key: "orphan", VersionID: "2", SizeBytes: 4, Latest: true, StoredAt: old},
		{Key: "orphan", VersionID: "1", SizeBytes: 5, StoredAt: old.Add(-time.Hour)},
		{Key: "begun", VersionID: "2", SizeBytes: 4, Latest: true, StoredAt: young},
		{Key: "begun", VersionID: "1", SizeBytes: 5, StoredAt: old},
	}
	orphans, faults := models.CompareFiles(known, versions, now.Add(-24*time.Hour))
	require.Equal(t, []models.FileOrphan{{Key: "orphan", SizeBytes: 9, StoredAt: old, Versions: []string{"2", "1"}}}, orphans, "not one that is being written")
	require.Equal(t, map[string]string{
		"missing": "The object is missing.", "marked": "The object is missing.", "short": "The object has another size than its row says.",
	}, faults)
}

func TestVersionsAsOfAreTheNewestThatTheMomentHad(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	versions := []models.FileVersion{
		{Key: "a", VersionID: "later", SizeBytes: 3, StoredAt: at.Add(time.Second)},
		{Key: "a", VersionID: "old", SizeBytes: 3, StoredAt: at.Add(-time.Hour)},
		{Key: "a", VersionID: "then", SizeBytes: 3, StoredAt: at},
		{Key: "a", VersionID: "other", SizeBytes: 4, StoredAt: at},
		{Key: "a", VersionID: "marker", SizeBytes: 3, Deleted: true, StoredAt: at},
		{Key: "b", VersionID: "another's", SizeBytes: 3, StoredAt: at},
	}
	var ids []string
	for _, v := range models.VersionsAsOf(models.KnownFile{Key: "a", SizeBytes: 3}, versions, at) {
		ids = append(ids, v.VersionID)
	}
	require.Equal(t, []string{"then", "old"}, ids)
}

func TestEveryFileIsReadOnOneOfTheDays(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 5, 10, 4, 0, 0, 0, time.UTC)
	for range 200 {
		id, read := models.NewID(), 0
		for d := range models.FileReadDays {
			if models.FileReadOn(id, day.AddDate(0, 0, d)) {
				read++
			}
		}
		require.Equal(t, 1, read)
	}
}

func TestFileRunValidates(t *testing.T) {
	t.Parallel()
	now, id := time.Date(2026, 5, 10, 4, 0, 0, 0, time.UTC), uuid.New()
	later := now.Add(time.Minute)
	require.NoError(t, models.NewFileRun{Kind: models.FileCheck}.Validate(now))
	require.NoError(t, models.NewFileRun{Kind: models.FileRestore, AsOf: &now, AttachmentID: &id}.Validate(now))
	for _, n := range []models.NewFileRun{
		{}, {Kind: models.FileRestore}, {Kind: models.FileRestore, AsOf: &later}, {Kind: models.FileCheck, AsOf: &now}, {Kind: models.FileCheck, AttachmentID: &id},
	} {
		require.Equal(t, models.CodeInvalid, models.ErrorCode(n.Validate(now)), "%+v", n)
	}
}

func TestFileRunPlansOnceAndGoesOnlyAlongItsTable(t *testing.T) {
	t.Parallel()
	r := models.NewFileRun{Kind: models.FileCheck}.Run(uuid.New(), uuid.New(), uuid.New(), time.Now())
	plansOnce(t, &r, models.FileRunBegin, models.FileRunPlanned, models.FileRunComplete, models.FileRunFail)
}
