package workers_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/internal/blob"
	"mainstay/internal/telemetry"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
	"mainstay/workers"
)

func TestTheAuditLogIsSealedWhileStorageIsAwayAndAnchoredWhenItIsBack(t *testing.T) {
	t.Parallel()
	endpoint := os.Getenv("MAINSTAY_TEST_S3_ENDPOINT")
	if endpoint == "" {
		t.Skip("MAINSTAY_TEST_S3_ENDPOINT is not set: run `make test`, which starts a stack for the tests")
	}
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	add := func(p storetest.Plant, at time.Time) {
		t.Helper()
		id, first := models.NewID(), models.FirstIDAt(at)
		copy(id[:6], first[:6])
		_, err := db.Owner.ExecContext(t.Context(), `INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id)
			VALUES ($1, $2, $3, $1, 'system', 'asset.change', 'asset', $2)`, p.Tenant, id, at)
		require.NoError(t, err)
	}
	figures := func() map[string]float64 {
		t.Helper()
		all, err := s.Figures(t.Context())
		require.NoError(t, err)
		by := map[string]float64{}
		for _, f := range all {
			by[f.Name] = f.Value
		}
		return by
	}
	tel, err := telemetry.Start(t.Context(), telemetry.Options{Process: "test", Log: t.Output()})
	require.NoError(t, err)
	config := blob.Config{Endpoint: "http://127.0.0.1:1", Region: "us-east-1", Bucket: "seal-" + uuid.NewString(), AccessKey: "a", SecretKey: "s"}
	away, err := blob.Open(config)
	require.NoError(t, err)
	sealer := &workers.AuditSealer{Store: s, Keys: models.NewAuditKeys(bytes.Repeat([]byte{3}, 32)), Anchors: away, LockFor: time.Hour, Log: tel.Logger}

	add(one, time.Now().Add(-20*time.Minute))
	require.NoError(t, sealer.Anchor(t.Context()), "there is nothing to anchor")
	require.Greater(t, figures()["audit_unsealed_seconds"], 1100.0)
	n, err := sealer.Seal(t.Context(), false)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Zero(t, figures()["audit_unsealed_seconds"])
	require.Equal(t, models.CodeUnavailable, models.ErrorCode(sealer.Anchor(t.Context())))
	require.Positive(t, figures()["audit_unanchored_seconds"])
	add(one, time.Now().Add(-10*time.Minute))
	add(two, time.Now().Add(-10*time.Minute))
	n, err = sealer.Seal(t.Context(), true)
	require.NoError(t, err)
	require.Equal(t, 2, n, "storage holds nothing up")

	if !strings.Contains(endpoint, "://") {
		endpoint = "http://" + endpoint
	}
	config.Endpoint, config.AccessKey, config.SecretKey = endpoint, os.Getenv("MAINSTAY_TEST_S3_ACCESS_KEY"), os.Getenv("MAINSTAY_TEST_S3_SECRET_KEY")
	sealer.Anchors, err = blob.Open(config)
	require.NoError(t, err)
	require.NoError(t, sealer.Anchor(t.Context()))
	require.Zero(t, figures()["audit_unanchored_seconds"])
	prove := func(p storetest.Plant) models.AuditProof {
		t.Helper()
		proof, err := s.VerifyAuditAnchors(p.Context(t.Context()), sealer.Keys, config.Bucket, sealer.Anchors.AuditAnchors(t.Context(), p.Tenant))
		require.NoError(t, err)
		return proof
	}
	require.EqualValues(t, 2, prove(one).Sequence)
	require.EqualValues(t, 1, prove(two).Sequence)
	versions, err := sealer.Anchors.Versions(t.Context(), one.Tenant, blob.AuditAnchors)
	require.NoError(t, err)
	require.Len(t, versions, 1)
	require.NoError(t, sealer.Anchors.ProveLock(t.Context(), versions[0].Key, versions[0].ID))

	// What is laid over an anchor, or hides it, changes nothing: the first version counts.
	_, err = sealer.Anchors.Put(t.Context(), versions[0].Key, strings.NewReader("{}"), blob.Content{Size: 2})
	require.NoError(t, err)
	require.NoError(t, sealer.Anchors.Delete(t.Context(), versions[0].Key))
	require.EqualValues(t, 2, prove(one).Sequence)
	require.Nil(t, prove(one).Fault)

	// Within the hour there is no second anchor.
	add(one, time.Now().Add(-time.Minute))
	_, err = sealer.Seal(t.Context(), false)
	require.NoError(t, err)
	require.NoError(t, sealer.Anchor(t.Context()))
	require.EqualValues(t, 2, prove(one).Sequence)
	head, err := s.AuditHead(one.Context(t.Context()))
	require.NoError(t, err)
	require.EqualValues(t, 3, head.Sequence)
	found, err := s.VerifyAuditSeals(one.Context(t.Context()), sealer.Keys, store.AuditWalk{})
	require.NoError(t, err)
	require.Nil(t, found.Fault)
}
