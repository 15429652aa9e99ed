package store_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

func TestARecoveryHoldsBackWhatItsTenantWaitedToSend(t *testing.T) {
	t.Parallel()
	b := newBuyer(t)
	order := b.sent(b.orderOf("10", "2"))
	other := storetest.NewPlant(t, b.db, "other")
	one, two := models.WithActor(t.Context(), models.SystemActor(b.p.Tenant)), other.Context(t.Context())
	var at time.Time
	require.NoError(t, b.db.Owner.QueryRowContext(t.Context(), `SELECT clock_timestamp()`).Scan(&at))
	mail := func(tenant, user uuid.UUID, created time.Time, mailed bool) uuid.UUID {
		id := models.NewID()
		_, err := b.db.Owner.ExecContext(t.Context(), `INSERT INTO notifications (tenant_id, id, user_id, kind, subject_type, subject_id, title, created_at,
			next_action_at, mailed_at) VALUES ($1, $2, $3, 'work_order.due', 'work_order', $2, 'Due', $4::timestamptz,
			CASE WHEN NOT $5 THEN $4::timestamptz END, CASE WHEN $5 THEN $4::timestamptz END)`, tenant, id, user, created, mailed)
		require.NoError(t, err)
		return id
	}
	before, after := at.Add(-time.Minute), at.Add(time.Minute)
	waited := mail(b.p.Tenant, b.p.Admin, before, false)
	mail(b.p.Tenant, b.p.Admin, before, true)
	mail(b.p.Tenant, b.p.Admin, after, false)
	others := mail(other.Tenant, other.Admin, before, false)

	for range 2 { // a recovery that is killed holds back once more
		held, err := b.s.HoldDeliveries(one, "r1", at)
		require.NoError(t, err)
		require.Len(t, held, 2, "not what was sent, nor what came later, nor another tenant's")
		require.Equal(t, models.HeldDelivery{Kind: "mail", TenantID: b.p.Tenant, ID: waited, To: held[0].To, Subject: "Due"}, held[0])
		require.NotEmpty(t, held[0].To)
		require.Equal(t, models.HeldDelivery{Kind: "order", TenantID: b.p.Tenant, ID: order.ID, To: "Bearings", Subject: fmt.Sprint(order.Number)}, held[1])
	}
	require.Equal(t, models.PurchaseOrderApproved, b.read(order.ID).Status)
	require.Contains(t, b.read(order.ID).MailError, store.HeldBack+"r1")
	waiting := func() (n int) {
		require.NoError(t, b.db.Owner.QueryRowContext(t.Context(), `SELECT count(*) FROM notifications WHERE kind = 'work_order.due' AND next_action_at IS NOT NULL`).Scan(&n))
		return n
	}
	require.Equal(t, 2, waiting(), "the later one and the other tenant's")
	held, err := b.s.HoldDeliveries(two, "r1", at)
	require.NoError(t, err)
	require.Len(t, held, 1)
	require.Equal(t, others, held[0].ID)
	require.Equal(t, 1, waiting())
}

func TestARecoveryIsRecordedOnceAndOfNoTenant(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	one, two := storetest.NewPlant(t, db, "one"), storetest.NewPlant(t, db, "two")
	_, err := s.NewestRecovery(one.Context(t.Context()))
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	at := time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	record := func(id, evidence string, began time.Time) {
		require.NoError(t, s.RecordRecovery(one.Context(t.Context()), models.Recovery{
			ID: id, BeganAt: began, FinishedAt: began.Add(time.Minute), Evidence: json.RawMessage(evidence),
		}))
	}
	record("second", `{"epoch": 2}`, at)
	record("first", `{"epoch": 1}`, at.Add(-time.Hour))
	record("second", `{"epoch": 3}`, at.Add(time.Hour))
	newest, err := s.NewestRecovery(two.Context(t.Context()))
	require.NoError(t, err)
	require.Equal(t, "second", newest.ID)
	require.True(t, at.Equal(newest.BeganAt))
	require.JSONEq(t, `{"epoch": 2}`, string(newest.Evidence), "a repeat changes nothing")
}
