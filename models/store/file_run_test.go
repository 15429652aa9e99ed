package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store/storetest"
)

func TestFileRunsAreOneTenantsToWriteAndEveryOperatorsToRead(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ctx := one.Context(t.Context())
	key := models.WithCommandKey(ctx, models.CommandKey{ID: models.NewID(), Hash: []byte("same"), Sent: true})
	_, err := s.AdmitFileRun(key, models.NewID(), models.NewFileRun{Kind: models.FileRestore})
	require.Equal(t, models.CodeInvalid, models.ErrorCode(err))
	at := time.Now().Add(-time.Minute).UTC().Truncate(time.Second)
	runs := fileRuns(s, models.NewFileRun{Kind: models.FileRestore, AsOf: &at})
	id := runs.isOneTenantsToWrite(t, s, one, two, models.FileRunBegin)
	seen, err := s.FileRun(two.Context(t.Context()), id)
	require.NoError(t, err)
	require.True(t, at.Equal(*seen.AsOf))
	runs.take(ctx, t, id, models.FileRunBegin)
	runs.refuses(ctx, t, id, models.FileRunComplete, models.CodeInvalid, "nothing is done without a plan")
	_, err = s.StepFileRun(ctx, id, models.FileRunPlanned, func(r *models.FileRun) {
		r.Plan, r.Evidence = json.RawMessage(`{"returns": []}`), json.RawMessage(`{"files": 0}`)
	})
	require.NoError(t, err)
	runs.take(ctx, t, id, models.FileRunComplete)
}

func TestKnownFilesAreOfEveryNounAndOneTenant(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	ids := map[string]uuid.UUID{}
	for name, p := range map[string]storetest.Plant{"mine": one, "another's": two} {
		ctx := models.WithCommandKey(p.Context(t.Context()), models.CommandKey{ID: models.NewID(), Hash: []byte(name), Sent: true})
		a, err := s.CreateAttachment(ctx, models.NewAttachment{
			SubjectType: "asset", SubjectID: p.Asset, Filename: name, SizeBytes: 3, SHA256: make([]byte, 32),
		}, func(tenant, id uuid.UUID) string { return tenant.String() + "/attachments/" + id.String() })
		require.NoError(t, err)
		_, err = s.AttachmentUploaded(ctx, a.ID, "v1")
		require.NoError(t, err)
		ids[name] = a.ID
	}
	require.Equal(t, models.CodeNotFound, models.ErrorCode(s.AttachmentRestored(two.Context(t.Context()), ids["mine"], "v2")), "the tenant wall")
	ctx := one.Context(t.Context())
	known, err := s.KnownFiles(ctx)
	require.NoError(t, err)
	require.Len(t, known, 1)
	require.Equal(t, ids["mine"], known[0].ID)
	require.Equal(t, int64(3), known[0].SizeBytes)
	require.Len(t, known[0].SHA256, 64)
	require.True(t, known[0].InUse())

	_, err = s.DeleteAttachment(ctx, ids["mine"], 2)
	require.NoError(t, err)
	known, err = s.KnownFiles(ctx)
	require.NoError(t, err)
	require.False(t, known[0].InUse(), "a deleted file is known")
	require.True(t, known[0].InUseAt(*known[0].UploadedAt))
	for range 2 {
		require.NoError(t, s.AttachmentRestored(ctx, ids["mine"], "v2"))
	}
	a, err := s.Attachment(ctx, ids["mine"])
	require.NoError(t, err)
	require.Equal(t, "v2", a.VersionID)
	known, err = s.KnownFiles(ctx)
	require.NoError(t, err)
	require.True(t, known[0].InUse())
}
