package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

const (
	// auditBatch bounds what one checkpoint seals, and so what a verification holds in memory.
	auditBatch = 1000
	// auditSettles is how old an event must be before it is sealed: most transactions that began before it are over by then.
	auditSettles = 5 * time.Second
	// auditLate is how far behind the newest checkpoint an event may commit and still be sealed. What appears behind that was not written by
	// Mainstay, whose transactions take minutes at most: a verification names it.
	auditLate = time.Hour
	// auditLateSoon is how far a look goes that must be cheap.
	auditLateSoon = time.Minute
)

const auditEventColumns = `e.tenant_id, e.id, e.at, e.actor_id, e.actor_kind, e.action, e.subject_type, e.subject_id, e.before::text AS before,
	e.after::text AS after, e.reason, e.request_id, e.command_id`

const auditHeadColumns = `tenant_id, sequence, late, events, first_id, last_id, root, previous, recovery_id, recovered_at, made_at, key_id, signature`

// UnsealedAudit is what waits in a tenant's log to be sealed.
type UnsealedAudit struct {
	TenantID uuid.UUID
	Oldest   *time.Time // of the events behind the newest checkpoint; nil where there are none
	Active   bool       // it has events of the last minute, among which one may commit late
}

// UnsealedAudits looks at every tenant.
func (s *Store) UnsealedAudits(ctx context.Context) ([]UnsealedAudit, error) {
	return system[UnsealedAudit](ctx, s, `SELECT tenant_id, oldest, active FROM audit_unsealed($1)`, models.FirstIDAt(time.Now().Add(-auditLateSoon)))
}

// SealAudit makes the checkpoints that are due of the actor's tenant, at most one of each sort, and returns how many events they seal and
// whether more wait. wide looks for events that committed up to an hour behind their time, else up to a minute. While another seals the same
// tenant it does nothing.
//
// An event is sealed once it is seen committed; its writers take no lock for it. What commits behind its time is in no checkpoint of that time
// and goes into a later one, which says so.
func (s *Store) SealAudit(ctx context.Context, keys models.AuditKeys, wide bool) (sealed int, more bool, err error) {
	err = s.InTx(ctx, func(tx *Tx) error {
		sealed, more = 0, false
		mine, err := txValues[bool](tx, `SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))`, tx.Actor.TenantID.String()+"audit_checkpoints")
		if err != nil || !mine[0] {
			return err
		}
		chain, err := tx.auditChain(keys)
		if err != nil {
			return err
		}
		if err := chain.afterRecoveries(); err != nil {
			return err
		}
		late, err := chain.lateEvents(wide)
		if err != nil {
			return err
		}
		next, err := chain.nextEvents()
		if err != nil {
			return err
		}
		chain.seal(late, true)
		chain.seal(next, false)
		sealed, more = len(late)+len(next), len(late) == auditBatch || len(next) == auditBatch
		return nil
	})
	return sealed, more, err
}

// auditChain is a tenant's chain to which checkpoints are added.
type auditChain struct {
	tx       *Tx
	keys     models.AuditKeys
	last     models.AuditCheckpointHead // zero before the first
	sealedTo uuid.UUID                  // the last event that was sealed in its time
	ahead    uuid.UUID                  // ids behind it are of no time that has come: their makers' clock, or they are no UUIDv7
}

func (tx *Tx) auditChain(keys models.AuditKeys) (*auditChain, error) {
	c := &auditChain{tx: tx, keys: keys, ahead: models.FirstIDAt(tx.Now.Add(auditLate))}
	last, err := txRead[models.AuditCheckpointHead](tx, `SELECT `+auditHeadColumns+` FROM audit_checkpoints
		WHERE tenant_id = $1 ORDER BY sequence DESC LIMIT 1`, tx.Actor.TenantID)
	if err != nil {
		return nil, err
	}
	if len(last) > 0 {
		c.last = last[0]
	}
	to, err := txValues[uuid.UUID](tx, `SELECT last_id FROM audit_checkpoints WHERE tenant_id = $1 AND NOT late AND last_id IS NOT NULL
		ORDER BY last_id DESC LIMIT 1`, tx.Actor.TenantID)
	if len(to) > 0 {
		c.sealedTo = to[0]
	}
	return c, err
}

func (c *auditChain) seal(events []models.AuditEvent, late bool) {
	if len(events) == 0 {
		return
	}
	one := models.SealAuditEvents(events)
	one.Late = late
	c.add(one)
}

// add signs a checkpoint and lets it go out with the commit.
func (c *auditChain) add(one models.AuditCheckpoint) {
	one.TenantID, one.Sequence, one.MadeAt = c.tx.Actor.TenantID, c.last.Sequence+1, c.tx.Now
	one.Previous = make([]byte, models.LeafBytes)
	if c.last.Sequence > 0 {
		one.Previous = c.last.Hash()
	}
	c.keys.Sign(&one.AuditCheckpointHead)
	c.tx.queue(`INSERT INTO audit_checkpoints (tenant_id, sequence, late, events, first_id, last_id, event_ids, leaves, root, previous, recovery_id,
			recovered_at, made_at, key_id, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		one.TenantID, one.Sequence, one.Late, one.Events, one.FirstID, one.LastID, notNull(one.EventIDs), one.Leaves, one.Root, one.Previous,
		one.RecoveryID, one.RecoveredAt, one.MadeAt, one.KeyID, one.Signature)
	c.last = one.AuditCheckpointHead
}

// afterRecoveries says in the chain behind which recoveries of the database it goes on. A tenant that is younger has nothing that one took back.
func (c *auditChain) afterRecoveries() error {
	recoveries, err := txRead[models.Recovery](c.tx, `SELECT r.id, r.began_at FROM recoveries r JOIN tenants t ON t.id = $1 AND t.created_at < r.began_at
		WHERE NOT EXISTS (SELECT FROM audit_checkpoints c WHERE c.tenant_id = $1 AND c.recovery_id = r.id) ORDER BY r.began_at, r.id`, c.tx.Actor.TenantID)
	for _, r := range recoveries {
		one := models.SealAuditEvents(nil)
		one.RecoveryID, one.RecoveredAt = r.ID, &r.BeganAt
		c.add(one)
	}
	return err
}

// lateEvents are those that committed behind their time, and those of no time at all.
func (c *auditChain) lateEvents(wide bool) ([]models.AuditEvent, error) {
	back, ahead := auditLateSoon, uuid.Max
	if wide {
		back, ahead = auditLate, c.ahead
	}
	from := models.FirstIDAt(c.last.MadeAt.Add(-back))
	return txRead[models.AuditEvent](c.tx, `WITH sealed AS MATERIALIZED (
			SELECT unnest(event_ids) AS id FROM audit_checkpoints WHERE tenant_id = $1 AND NOT late AND last_id >= $2
			UNION ALL SELECT unnest(event_ids) FROM audit_checkpoints WHERE tenant_id = $1 AND late AND last_id >= $2)
		SELECT `+auditEventColumns+` FROM audit_events e WHERE e.tenant_id = $1 AND (e.id BETWEEN $2 AND $3 OR e.id > $4)
			AND NOT EXISTS (SELECT FROM sealed WHERE sealed.id = e.id) ORDER BY e.id LIMIT $5`,
		c.tx.Actor.TenantID, from, c.sealedTo, ahead, auditBatch)
}

// nextEvents are those behind what is sealed that have settled. Whose time had not come when it was sealed as late is not sealed again.
func (c *auditChain) nextEvents() ([]models.AuditEvent, error) {
	return txRead[models.AuditEvent](c.tx, `SELECT `+auditEventColumns+` FROM audit_events e WHERE e.tenant_id = $1 AND e.id > $2 AND e.id < $3
			AND NOT EXISTS (SELECT FROM audit_checkpoints c WHERE c.tenant_id = $1 AND c.late AND c.last_id >= e.id AND c.first_id <= e.id
				AND e.id = ANY (c.event_ids)) ORDER BY e.id LIMIT $4`, c.tx.Actor.TenantID, c.sealedTo, models.FirstIDAt(c.tx.Now.Add(-auditSettles)), auditBatch)
}

// UnanchoredAudits are the tenants whose newest checkpoints no anchor vouches for, and of which none was anchored since a time.
func (s *Store) UnanchoredAudits(ctx context.Context, since time.Time) ([]uuid.UUID, error) {
	found, err := system[struct{ TenantID uuid.UUID }](ctx, s, `SELECT tenant_id FROM audit_unanchored() WHERE anchored_at IS NULL OR anchored_at <= $1`, since)
	tenants := make([]uuid.UUID, len(found))
	for i, f := range found {
		tenants[i] = f.TenantID
	}
	return tenants, err
}

// AuditHead is the newest checkpoint of the actor's tenant; CodeNotFound where there is none.
func (s *Store) AuditHead(ctx context.Context) (models.AuditCheckpointHead, error) {
	actor, _ := models.ActorFrom(ctx)
	return readOne[models.AuditCheckpointHead](ctx, s, "audit checkpoint", `SELECT `+auditHeadColumns+` FROM audit_checkpoints
		WHERE tenant_id = $1 ORDER BY sequence DESC LIMIT 1`, actor.TenantID)
}

// RecordAuditAnchor notes where a checkpoint of the actor's tenant lies in storage. The first note of it stays.
func (s *Store) RecordAuditAnchor(ctx context.Context, a models.AuditAnchor) error {
	return s.InTx(ctx, func(tx *Tx) error {
		tx.queue(`INSERT INTO audit_anchors (tenant_id, sequence, bucket, object, version_id, locked_until, anchored_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
			tx.Actor.TenantID, a.Sequence, a.Bucket, a.Object, a.VersionID, a.LockedUntil, tx.Now)
		return nil
	})
}

// AuditSealOf says where an event of the actor's tenant is sealed; nil where it is not yet.
func (s *Store) AuditSealOf(ctx context.Context, event uuid.UUID) (*models.AuditSeal, error) {
	actor, _ := models.ActorFrom(ctx)
	found, err := read[models.AuditSeal](ctx, s, `SELECT c.sequence, c.made_at,
			EXISTS (SELECT FROM audit_anchors a WHERE a.tenant_id = $1 AND a.sequence >= c.sequence) AS anchored
		FROM ((SELECT sequence, made_at, event_ids FROM audit_checkpoints WHERE tenant_id = $1 AND NOT late AND last_id >= $2
				ORDER BY last_id LIMIT 1)
			UNION ALL SELECT sequence, made_at, event_ids FROM audit_checkpoints WHERE tenant_id = $1 AND late AND last_id >= $2 AND first_id <= $2) c
		WHERE $2 = ANY (c.event_ids) LIMIT 1`, actor.TenantID, event)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// AuditEvent reads one event of the actor's tenant, and where it is sealed: nil where it is not yet.
func (s *Store) AuditEvent(ctx context.Context, id uuid.UUID) (AuditEventView, *models.AuditSeal, error) {
	actor, _ := models.ActorFrom(ctx)
	if actor.Scoped() {
		return AuditEventView{}, nil, errScopedAudit
	}
	event, err := readOne[AuditEventView](ctx, s, "audit event", auditEventView+" AND e.id = $2", actor.TenantID, id)
	if err != nil {
		return AuditEventView{}, nil, err
	}
	seal, err := s.AuditSealOf(ctx, id)
	return event, seal, err
}

// auditReader reads in one snapshot of a tenant's rows, so that what is sealed meanwhile is no fault.
type auditReader struct {
	ctx context.Context //nolint:containedctx // it lives within one verification
	tx  pgx.Tx
}

func auditRows[T any](r *auditReader, query string, args ...any) ([]T, error) {
	rows, err := r.tx.Query(r.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByNameLax[T])
}

// readAudit runs use in one snapshot of the actor's tenant.
func (s *Store) readAudit(ctx context.Context, use func(*auditReader, uuid.UUID) error) error {
	actor, ok := models.ActorFrom(ctx)
	if !ok || actor.TenantID == uuid.Nil {
		return errNoScope
	}
	if actor.Scoped() {
		return errScopedAudit
	}
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return translate(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, setScope, actor.TenantID.String()); err != nil {
		return translate(err)
	}
	return translate(use(&auditReader{ctx, tx}, actor.TenantID))
}
