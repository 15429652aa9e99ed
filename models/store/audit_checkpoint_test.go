package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"mainstay/models"
	"mainstay/models/store"
	"mainstay/models/store/storetest"
)

var auditKeys = models.NewAuditKeys(bytes.Repeat([]byte{3}, 32))

// sealed is a tenant with nine events of three hours ago in three checkpoints, and the heads of these.
type sealed struct {
	t      *testing.T
	store  *store.Store
	db     storetest.Database
	plant  storetest.Plant
	events []uuid.UUID
	heads  []models.AuditCheckpointHead
}

func newSealed(t *testing.T, s *store.Store, db storetest.Database, code string) *sealed {
	t.Helper()
	l := &sealed{t: t, store: s, db: db, plant: storetest.NewPlant(t, db, code)}
	for i := range 9 {
		l.events = append(l.events, l.event(time.Now().Add(-3*time.Hour+time.Duration(i)*time.Minute)))
		if i%3 == 2 {
			l.seal(3)
			head, err := s.AuditHead(l.ctx())
			require.NoError(t, err)
			l.heads = append(l.heads, head)
		}
	}
	return l
}

func (l *sealed) ctx() context.Context { return l.plant.Context(l.t.Context()) }

// eventAt is a UUIDv7 of a moment.
func eventAt(at time.Time) uuid.UUID {
	id, first := models.NewID(), models.FirstIDAt(at)
	copy(id[:6], first[:6])
	return id
}

const insertEvent = `INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id, after, reason)
	VALUES ($1, $2, $3, $1, 'system', 'asset.change', 'asset', $2, jsonb_build_object('name', $4::text, 'price', 1.50), $4)`

func (l *sealed) event(at time.Time) uuid.UUID {
	l.t.Helper()
	id := eventAt(at)
	_, err := l.db.Owner.ExecContext(l.t.Context(), insertEvent, l.plant.Tenant, id, at, "Pump "+id.String())
	require.NoError(l.t, err)
	return id
}

// seal seals what is due and wants that many events.
func (l *sealed) seal(want int) {
	l.t.Helper()
	n, more, err := l.store.SealAudit(l.ctx(), auditKeys, true)
	require.NoError(l.t, err)
	require.False(l.t, more)
	require.Equal(l.t, want, n)
}

func (l *sealed) verify() models.AuditVerification {
	l.t.Helper()
	found, err := l.store.VerifyAuditSeals(l.ctx(), auditKeys, store.AuditWalk{})
	require.NoError(l.t, err)
	return found
}

// anchors are heads as storage gives them: newest first.
func anchors(heads ...models.AuditCheckpointHead) iter.Seq2[models.AuditCheckpointHead, error] {
	return func(yield func(models.AuditCheckpointHead, error) bool) {
		for _, head := range slices.Backward(heads) {
			if !yield(head, nil) {
				return
			}
		}
	}
}

func (l *sealed) prove(heads ...models.AuditCheckpointHead) models.AuditProof {
	l.t.Helper()
	proof, err := l.store.VerifyAuditAnchors(l.ctx(), auditKeys, "bucket", anchors(heads...))
	require.NoError(l.t, err)
	return proof
}

// tamper writes as a superuser does who turned the triggers off.
func (l *sealed) tamper(statements ...string) {
	l.t.Helper()
	tx, err := l.db.Owner.BeginTx(l.t.Context(), nil)
	require.NoError(l.t, err)
	defer func() { _ = tx.Rollback() }()
	for _, s := range append([]string{`SET LOCAL session_replication_role = replica`}, statements...) {
		_, err = tx.ExecContext(l.t.Context(), s)
		require.NoError(l.t, err, s)
	}
	require.NoError(l.t, tx.Commit())
}

// TestWhatWasDoneToTheSealedLogIsNamed does one thing after another to a log of a tenant's own.
func TestWhatWasDoneToTheSealedLogIsNamed(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	untouched := newSealed(t, s, db, "untouched")
	cases := []struct {
		name       string
		do         func(l *sealed) []string
		kind       models.AuditFaultKind
		checkpoint int64
		event      int // of the nine; -1: none is named
	}{
		{"an event flipped", func(l *sealed) []string {
			return []string{fmt.Sprintf(`UPDATE audit_events SET reason = reason || '.' WHERE id = '%s'`, l.events[4])}
		}, models.AuditEventAltered, 2, 4},
		{"a number with another scale", func(l *sealed) []string {
			return []string{fmt.Sprintf(`UPDATE audit_events SET after = after || '{"price": 1.5}' WHERE id = '%s'`, l.events[4])}
		}, models.AuditEventAltered, 2, 4},
		{"null became empty", func(l *sealed) []string {
			return []string{fmt.Sprintf(`UPDATE audit_events SET before = '{}' WHERE id = '%s'`, l.events[0])}
		}, models.AuditEventAltered, 1, 0},
		{"an event deleted", func(l *sealed) []string {
			return []string{fmt.Sprintf(`DELETE FROM audit_events WHERE id = '%s'`, l.events[5])}
		}, models.AuditEventRemoved, 2, 5},
		{"two events exchanged", func(l *sealed) []string {
			return []string{
				fmt.Sprintf(`UPDATE audit_events SET id = '%s' WHERE id = '%s'`, l.plant.Tech, l.events[6]),
				fmt.Sprintf(`UPDATE audit_events SET id = '%s' WHERE id = '%s'`, l.events[6], l.events[7]),
				fmt.Sprintf(`UPDATE audit_events SET id = '%s' WHERE id = '%s'`, l.events[7], l.plant.Tech),
			}
		}, models.AuditEventsReordered, 3, 6},
		{"a checkpoint deleted", func(l *sealed) []string {
			return []string{fmt.Sprintf(`DELETE FROM audit_checkpoints WHERE tenant_id = '%s' AND sequence = 2`, l.plant.Tenant)}
		}, models.AuditCheckpointRemoved, 2, -1},
		{"the first checkpoint and its events deleted", func(l *sealed) []string {
			return []string{
				fmt.Sprintf(`DELETE FROM audit_checkpoints WHERE tenant_id = '%s' AND sequence = 1`, l.plant.Tenant),
				fmt.Sprintf(`DELETE FROM audit_events WHERE tenant_id = '%s' AND id <= '%s'`, l.plant.Tenant, l.events[2]),
			}
		}, models.AuditCheckpointRemoved, 1, -1},
		{"a checkpoint's hashes altered with its event", func(l *sealed) []string {
			return []string{
				fmt.Sprintf(`UPDATE audit_checkpoints SET leaves = set_byte(leaves, 40, 255 - get_byte(leaves, 40)) WHERE tenant_id = '%s' AND sequence = 2`, l.plant.Tenant),
				fmt.Sprintf(`UPDATE audit_events SET reason = '' WHERE id = '%s'`, l.events[4]),
			}
		}, models.AuditCheckpointAltered, 2, -1},
		{"a checkpoint's time altered", func(l *sealed) []string {
			return []string{fmt.Sprintf(`UPDATE audit_checkpoints SET made_at = made_at - interval '1 hour' WHERE tenant_id = '%s' AND sequence = 3`, l.plant.Tenant)}
		}, models.AuditCheckpointAltered, 3, -1},
		{"two checkpoints exchanged", func(l *sealed) []string {
			return []string{
				fmt.Sprintf(`UPDATE audit_checkpoints SET sequence = 9 WHERE tenant_id = '%s' AND sequence = 2`, l.plant.Tenant),
				fmt.Sprintf(`UPDATE audit_checkpoints SET sequence = 2 WHERE tenant_id = '%s' AND sequence = 3`, l.plant.Tenant),
				fmt.Sprintf(`UPDATE audit_checkpoints SET sequence = 3 WHERE tenant_id = '%s' AND sequence = 9`, l.plant.Tenant),
			}
		}, models.AuditCheckpointAltered, 2, -1},
		{"another key named", func(l *sealed) []string {
			return []string{fmt.Sprintf(`UPDATE audit_checkpoints SET key_id = '0011223344556677' WHERE tenant_id = '%s' AND sequence = 2`, l.plant.Tenant)}
		}, models.AuditKeyUnknown, 2, -1},
		{"a checkpoint of another tenant", func(l *sealed) []string {
			return []string{
				fmt.Sprintf(`DELETE FROM audit_checkpoints WHERE tenant_id = '%s' AND sequence = 3`, l.plant.Tenant),
				fmt.Sprintf(`INSERT INTO audit_checkpoints SELECT (jsonb_populate_record(c, jsonb_build_object('tenant_id', '%s'))).* FROM audit_checkpoints c
					WHERE tenant_id = '%s' AND sequence = 3`, l.plant.Tenant, untouched.plant.Tenant),
			}
		}, models.AuditCheckpointAltered, 3, -1},
	}
	for n, c := range cases {
		l := newSealed(t, s, db, fmt.Sprintf("case-%d", n))
		require.Nil(t, l.verify().Fault, c.name)
		l.tamper(c.do(l)...)
		found := l.verify()
		require.NotNil(t, found.Fault, c.name)
		require.Equal(t, c.kind, found.Fault.Kind, "%s: %s", c.name, found.Fault.Detail)
		require.Equal(t, c.checkpoint, found.Fault.Checkpoint, c.name)
		require.True(t, found.Complete)
		if c.event < 0 {
			require.Nil(t, found.Fault.EventID, c.name)
		} else {
			require.Equal(t, l.events[c.event], *found.Fault.EventID, c.name)
		}
		fault, err := s.ProveAuditSeals(t.Context(), auditKeys, []uuid.UUID{untouched.plant.Tenant, l.plant.Tenant})
		require.NoError(t, err)
		require.Contains(t, fault, l.plant.Tenant.String())
	}

	inserted := newSealed(t, s, db, "inserted")
	id := inserted.event(time.Now().Add(-3*time.Hour + 3*time.Minute + 30*time.Second))
	inserted.seal(0)
	fault := inserted.verify().Fault
	require.NotNil(t, fault)
	require.Equal(t, models.AuditFault{Kind: models.AuditEventInserted, Checkpoint: 2, EventID: &id, Detail: fault.Detail}, *fault)

	branched := newSealed(t, s, db, "branched")
	branched.tamper(`CREATE TABLE kept AS TABLE audit_checkpoints`,
		fmt.Sprintf(`DELETE FROM kept WHERE tenant_id <> '%s' OR sequence <> 3`, branched.plant.Tenant),
		fmt.Sprintf(`DELETE FROM audit_checkpoints WHERE tenant_id = '%s' AND sequence > 1`, branched.plant.Tenant))
	branched.seal(6)
	branched.tamper(`INSERT INTO audit_checkpoints TABLE kept`, `DROP TABLE kept`)
	fault = branched.verify().Fault
	require.NotNil(t, fault)
	require.Equal(t, models.AuditChainBroken, fault.Kind)
	require.EqualValues(t, 3, fault.Checkpoint)

	whole := untouched.verify()
	require.Nil(t, whole.Fault)
	require.EqualValues(t, 9, whole.Events)
	require.EqualValues(t, 3, whole.Checkpoints)
	strange := models.NewAuditKeys(bytes.Repeat([]byte{4}, 32))
	found, err := s.VerifyAuditSeals(untouched.ctx(), strange, store.AuditWalk{})
	require.NoError(t, err)
	require.Equal(t, models.AuditKeyUnknown, found.Fault.Kind, "the log of another installation")
	found, err = s.VerifyAuditSeals(untouched.ctx(), models.NewAuditKeys(nil, auditKeys.Public()), store.AuditWalk{})
	require.NoError(t, err)
	require.Nil(t, found.Fault, "the public half proves")
}

func TestAnchorsVouchForTheEndOfTheChain(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	l := newSealed(t, s, db, "one")
	proof := l.prove(l.heads...)
	require.Nil(t, proof.Fault)
	require.EqualValues(t, 3, proof.Sequence)
	require.Nil(t, l.prove().Fault, "nothing was anchored yet")
	require.NoError(t, s.RecordAuditAnchor(l.ctx(), models.AuditAnchor{Sequence: 3, Bucket: "bucket", Object: "a/b/c", VersionID: "1"}))
	require.Equal(t, models.AuditAnchorMissing, l.prove(l.heads[:2]...).Fault.Kind)
	forged := l.heads[2]
	forged.Events--
	require.Equal(t, models.AuditAnchorAltered, l.prove(l.heads[0], l.heads[1], forged).Fault.Kind)

	due, err := s.UnanchoredAudits(t.Context(), time.Now())
	require.NoError(t, err)
	require.Empty(t, due)

	// The last checkpoint and its events are cut off: the chain by itself cannot know.
	l.tamper(`DELETE FROM audit_anchors`, `DELETE FROM audit_checkpoints WHERE sequence = 3`, fmt.Sprintf(`DELETE FROM audit_events WHERE id > '%s'`, l.events[5]))
	require.Nil(t, l.verify().Fault)
	cut := l.prove(l.heads...).Fault
	require.NotNil(t, cut)
	require.Equal(t, models.AuditTailRemoved, cut.Kind)
	require.EqualValues(t, 3, cut.Checkpoint)

	// Another checkpoint in its place.
	l.event(time.Now().Add(-time.Minute))
	l.seal(1)
	replaced := l.prove(l.heads...).Fault
	require.Equal(t, models.AuditCheckpointAltered, replaced.Kind)

	// What a recovery took back is explained by a checkpoint that says so.
	l.tamper(`DELETE FROM audit_checkpoints WHERE sequence = 3`)
	require.NoError(t, s.RecordRecovery(t.Context(), models.Recovery{ID: "r1", BeganAt: time.Now().Add(-time.Millisecond), FinishedAt: time.Now(), Evidence: []byte(`{}`)}))
	l.seal(1)
	l.seal(0)
	found := l.verify()
	require.Nil(t, found.Fault)
	require.Len(t, found.Recoveries, 1)
	require.Equal(t, "r1", found.Recoveries[0].RecoveryID)
	require.EqualValues(t, 3, found.Recoveries[0].Checkpoint)
	proof = l.prove(l.heads...)
	require.Nil(t, proof.Fault)
	require.Equal(t, 1, proof.Abandoned)
	require.EqualValues(t, 2, proof.Sequence)
	l.tamper(`UPDATE audit_checkpoints SET made_at = made_at + interval '1 second' WHERE sequence = 2`)
	require.NotNil(t, l.verify().Fault, "a recovery excuses nothing before it")

	younger := newSealed(t, s, db, "two")
	require.Empty(t, younger.verify().Recoveries, "it was not there at the recovery")
}

func TestAnEventThatCommitsLateIsSealedOnceAndLate(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	l, other := newSealed(t, s, db, "one"), newSealed(t, s, db, "two")
	open, err := db.Owner.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = open.Rollback() }()
	late, next := eventAt(time.Now().Add(-20*time.Second)), l.event(time.Now().Add(-15*time.Second))
	_, err = open.ExecContext(t.Context(), insertEvent, l.plant.Tenant, late, time.Now(), "late")
	require.NoError(t, err)
	fresh := l.event(time.Now().Add(time.Minute))
	l.seal(1)
	require.NoError(t, open.Commit())

	found := l.verify()
	require.Nil(t, found.Fault, "it may still be sealed")
	require.EqualValues(t, 2, found.Open)
	_, seal, err := s.AuditEvent(l.ctx(), late)
	require.NoError(t, err)
	require.Nil(t, seal)
	n, _, err := s.SealAudit(l.ctx(), auditKeys, false)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	l.seal(0)
	found = l.verify()
	require.Nil(t, found.Fault)
	require.EqualValues(t, 11, found.Events)
	require.EqualValues(t, 1, found.Late)
	require.EqualValues(t, 1, found.Open)
	for id, sequence := range map[uuid.UUID]int64{l.events[0]: 1, l.events[8]: 3, next: 4, late: 5} {
		_, seal, err := s.AuditEvent(l.ctx(), id)
		require.NoError(t, err)
		require.Equal(t, sequence, seal.Sequence)
	}
	_, seal, err = s.AuditEvent(l.ctx(), fresh)
	require.NoError(t, err)
	require.Nil(t, seal)
	_, _, err = s.AuditEvent(other.ctx(), late)
	require.Equal(t, models.CodeNotFound, models.ErrorCode(err))
	l.tamper(fmt.Sprintf(`UPDATE audit_events SET reason = 'early' WHERE id = '%s'`, late))
	require.Equal(t, models.AuditFault{
		Kind: models.AuditEventAltered, Checkpoint: 5, EventID: &late, Detail: l.verify().Fault.Detail,
	}, *l.verify().Fault)
	require.Nil(t, other.verify().Fault, "each tenant has a chain of its own")

	// An id of no time that has come is sealed too, once.
	stray := uuid.New()
	stray[0] = 0xf0
	_, err = db.Owner.ExecContext(t.Context(), insertEvent, other.plant.Tenant, stray, time.Now(), "stray")
	require.NoError(t, err)
	other.seal(1)
	other.seal(0)
	other.event(time.Now().Add(-10 * time.Second))
	other.seal(1)
	found = other.verify()
	require.Nil(t, found.Fault)
	require.Zero(t, found.Open)
	require.EqualValues(t, 1, found.Late)

	unsealed, err := s.UnsealedAudits(t.Context())
	require.NoError(t, err)
	require.Len(t, unsealed, 2)
	for _, u := range unsealed {
		require.Equal(t, u.TenantID == l.plant.Tenant, u.Oldest != nil && u.Oldest.After(time.Now()), "only the one of the first tenant waits for its time")
	}
}

func TestTwoSequencersSealOnce(t *testing.T) {
	t.Parallel()
	s, db := storetest.New(t)
	l := newSealed(t, s, db, "one")
	_, err := db.Owner.ExecContext(t.Context(), `INSERT INTO audit_events (tenant_id, id, at, actor_id, actor_kind, action, subject_type, subject_id)
		SELECT tenant_id, (substr(id::text, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, at, actor_id, actor_kind, action, subject_type, subject_id
		FROM audit_events, generate_series(1, 2500) n WHERE id = $1`, l.event(time.Now().Add(-time.Minute)))
	require.NoError(t, err)
	var group errgroup.Group
	for range 4 {
		group.Go(func() error {
			for range 10 {
				if _, _, err := s.SealAudit(l.ctx(), auditKeys, true); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
	found := l.verify()
	require.Nil(t, found.Fault)
	require.EqualValues(t, 2510, found.Events)
	require.Zero(t, found.Open)
	require.EqualValues(t, 6, found.Checkpoints, "none is larger than a batch")

	// The walk in steps finds what the walk in one does.
	var whole models.AuditVerification
	for steps := 0; !whole.Complete; steps++ {
		step, err := s.VerifyAuditSeals(l.ctx(), auditKeys, store.AuditWalk{After: whole.Through, Limit: 500})
		require.NoError(t, err)
		require.Nil(t, step.Fault)
		step.Checkpoints, step.Events = step.Checkpoints+whole.Checkpoints, step.Events+whole.Events
		whole = step
		require.Less(t, steps, 9)
	}
	require.Equal(t, found, whole)

	holder, err := db.Owner.BeginTx(t.Context(), &sql.TxOptions{})
	require.NoError(t, err)
	defer func() { _ = holder.Rollback() }()
	_, err = holder.ExecContext(t.Context(), `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, l.plant.Tenant.String()+"audit_checkpoints")
	require.NoError(t, err)
	l.event(time.Now().Add(-30 * time.Second))
	l.seal(0)
	require.NoError(t, holder.Rollback())
	l.seal(1)

	_, err = db.Owner.ExecContext(t.Context(), `UPDATE audit_checkpoints SET late = true`)
	require.ErrorContains(t, err, "append-only")
	_, err = db.Owner.ExecContext(t.Context(), `DELETE FROM audit_anchors`)
	require.ErrorContains(t, err, "append-only")
	scoped := models.WithActor(t.Context(), models.Actor{TenantID: l.plant.Tenant, UserID: l.plant.Admin, Kind: models.ActorUser, LocationIDs: []uuid.UUID{l.plant.Area}})
	_, err = s.VerifyAuditSeals(scoped, auditKeys, store.AuditWalk{})
	require.Equal(t, models.CodeForbidden, models.ErrorCode(err))
}
