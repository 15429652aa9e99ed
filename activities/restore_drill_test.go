package activities

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

// TestADrillNamesTheQuestionThatTheAPIDoesNotAnswer refuses the sign-in and each golden query in turn.
func TestADrillNamesTheQuestionThatTheAPIDoesNotAnswer(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	p := storetest.NewPlant(t, db, "plant")
	ask := func(broken, answer string) models.DrillCheck {
		t.Helper()
		o := &Operations{API: func(*store.Store) (http.Handler, error) {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body := `{"access_token": "t", "items": []}`
				if strings.HasPrefix(r.URL.Path, "/v1/assets") {
					body = `{"items": [{}]}` // the plant's
				}
				if r.URL.RequestURI() == broken {
					if body = answer; body == "" {
						w.WriteHeader(http.StatusInternalServerError)
					}
				}
				_, _ = w.Write([]byte(body))
			}), nil
		}}
		d := drill{operations: o}
		require.NoError(t, d.signIn(t.Context(), s, []uuid.UUID{p.Tenant}))
		require.Len(t, d.checks, 1)
		require.Equal(t, "api", d.checks[0].Name)
		return d.checks[0]
	}
	require.Equal(t, models.DrillPass, ask("", "").Verdict, "it answers all")
	for _, question := range append([]string{"/v1/auth/login"}, goldenQueries...) {
		check := ask(question, "")
		require.Equal(t, models.DrillFail, check.Verdict, question)
		require.Contains(t, check.Detail, question+" answers 500")
	}
	check := ask("/v1/suppliers", "{}")
	require.Equal(t, models.DrillFail, check.Verdict)
	require.Contains(t, check.Detail, "/v1/suppliers has an empty answer")
	check = ask("/v1/assets?limit=20", `{"items": []}`)
	require.Equal(t, models.DrillFail, check.Verdict)
	require.Contains(t, check.Detail, "has 0 rows, the database has 1")
	nobody := drill{operations: &Operations{}}
	require.NoError(t, nobody.signIn(t.Context(), s, []uuid.UUID{p.Tenant}))
	require.Equal(t, models.DrillInconclusive, nobody.checks[0].Verdict, "there is nobody to ask")
}

// TestADrillWhoseClocksDisagreeHasNoRPO: what could be lost cannot be told, and so nothing passes.
func TestADrillWhoseClocksDisagreeHasNoRPO(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	after := func(ahead time.Duration) (models.RestoreDrill, []models.DrillCheck) {
		d := drill{operations: &Operations{}, began: began, rpoAt: began.Add(ahead), backup: &models.BackupRun{}}
		d.note("restore", models.DrillPass, "")
		d.compareClocks()
		var row models.RestoreDrill
		d.fill(&row)
		return row, d.checks
	}
	row, _ := after(-90 * time.Second)
	require.Equal(t, models.DrillPass, row.Verdict)
	require.InDelta(t, 90, *row.RPOSeconds, 0)
	row, _ = after(time.Second)
	require.Zero(t, *row.RPOSeconds, "two machines are a moment apart")
	row, checks := after(time.Hour)
	require.Equal(t, models.DrillInconclusive, row.Verdict)
	require.Nil(t, row.RPOSeconds)
	require.Contains(t, checks[1].Detail, "2026-03-02T09:00:00Z, which is ahead of this worker's clock: 2026-03-02T08:00:00Z")
}

// TestAReplayThatEndsTooEarlyOrTooLateFails: the wanted heartbeat has to be there, and the next one must not.
func TestAReplayThatEndsTooEarlyOrTooLateFails(t *testing.T) {
	t.Parallel()
	target := models.WALTarget{Wanted: models.WALHeartbeat{ID: 7, At: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}, Next: models.WALHeartbeat{ID: 8}}
	judge := func(wanted, next bool) models.DrillCheck {
		d := drill{}
		d.judgeHeartbeats(wanted, next, target)
		require.Len(t, d.checks, 1)
		require.Equal(t, "heartbeat", d.checks[0].Name)
		return d.checks[0]
	}
	require.Equal(t, models.DrillPass, judge(true, false).Verdict)
	early, late := judge(false, false), judge(true, true)
	require.Equal(t, models.DrillFail, early.Verdict)
	require.Contains(t, early.Detail, "The heartbeat 7 of 2026-03-02T08:00:00Z is missing")
	require.Equal(t, models.DrillFail, late.Verdict)
	require.Contains(t, late.Detail, "The heartbeat 8 is there")
}
