package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
	"mainstay/workers"
)

// TestAuditVerify runs the command on a log that is whole and on one that is not, beside a tenant of which nothing is sealed.
func TestAuditVerify(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seed := bytes.Repeat([]byte("seal"), 8)
	keys := models.NewAuditKeys(seed)
	s, err := store.Open(t.Context(), store.Options{URL: w.db.URL, MaxConns: 2})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	storetest.NewPlant(t, w.db, "empty")
	id, first := models.NewID(), models.FirstIDAt(time.Now().Add(-time.Minute))
	copy(id[:6], first[:6])
	_, err = w.db.Owner.ExecContext(t.Context(), `INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id)
		VALUES ($1, $2, now(), $1, 'system', 'asset.change', 'asset', $2)`, w.plant.Tenant, id)
	require.NoError(t, err)
	program, err := os.Executable()
	require.NoError(t, err)
	run := func(env []string, args ...string) (string, int) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), program, append([]string{"audit"}, args...)...)
		cmd.Env = slices.Concat(w.env, env)
		out, err := cmd.Output()
		if exit := (&exec.ExitError{}); err != nil {
			require.ErrorAs(t, err, &exit)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	private := []string{"MAINSTAY_AUDIT_KEY=" + base64.StdEncoding.EncodeToString(seed)}
	public := []string{"MAINSTAY_AUDIT_PUBLIC_KEYS=" + base64.StdEncoding.EncodeToString(keys.Public())}

	sealed, err := (&workers.AuditSealer{Store: s, Keys: keys}).Seal(t.Context(), true)
	require.NoError(t, err)
	require.Positive(t, sealed)
	out, code := run(private, "verify")
	require.Equal(t, exitDone, code, out)
	require.Contains(t, out, "plant: intact: ")
	require.Contains(t, out, "empty: intact: 0 events")
	require.Contains(t, out, "plant: storage has no anchor of it yet")
	out, code = run(private, "key")
	require.Equal(t, exitDone, code)
	require.Contains(t, out, base64.StdEncoding.EncodeToString(keys.Public()))
	_, code = run(nil, "key")
	require.Equal(t, exitUsage, code)
	_, code = run(nil, "verify")
	require.Equal(t, exitUsage, code, "no key counts")
	_, code = run(private, "verify", "--tenant", "nobody")
	require.Equal(t, exitUsage, code)

	require.EqualValues(t, 1, storetest.Forget(t, w.db, `id = $1`, id))
	out, code = run(public, "verify", "--tenant", "plant", "--without-anchors", "--output", "json")
	require.Equal(t, exitFound, code, out)
	var found struct {
		Intact  bool
		Tenants []tenantAudit
	}
	require.NoError(t, json.Unmarshal([]byte(out), &found))
	require.False(t, found.Intact)
	require.Len(t, found.Tenants, 1)
	require.Equal(t, models.AuditEventRemoved, found.Tenants[0].Chain.Fault.Kind)
	require.Equal(t, id, *found.Tenants[0].Chain.Fault.EventID)
	_, code = run(append(public, "MAINSTAY_DATABASE_URL=postgres://nobody@127.0.0.1:1/none"), "verify")
	require.Equal(t, exitDependency, code)
}
